"""What the fictional programme is told with: a clock, a calendar, and acts in order of time."""

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from cascade_tools.errors import ContentFault
from cascade_tools.model.entry import Outline
from cascade_tools.model.prompts import Answer, Problem, Prompt, check_answer
from cascade_tools.model.workbook import Workbook
from cascade_tools.records import Records
from cascade_tools.shelf import Shelf

Doc = Mapping[str, Any]

# What one person does with one sheet in a day happens within two hours.
SITTING = timedelta(hours=2)
OPENED_AFTER = timedelta(minutes=50)


class Clock:
    """A clock that stands where it is put."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


@dataclass(frozen=True)
class Calendar:
    """Days counted from today, in the programme's zone, as moments that are never ahead."""

    now: datetime
    zone: ZoneInfo

    def day(self, days: int) -> date:
        return self.now.astimezone(self.zone).date() + timedelta(days=days)

    def dated(self, value: Any) -> Any:
        """An answer in which every ``{"day": 9}`` is the date that lies so many days ahead."""
        if isinstance(value, list):
            return [self.dated(one) for one in value]
        if isinstance(value, dict):
            if value.keys() == {"day"}:
                return self.day(value["day"]).isoformat()
            return {name: self.dated(one) for name, one in value.items()}
        return value

    def moment(self, days_ago: int, what: str) -> datetime:
        """When somebody sat down that day: some time from eight to six, the same for ``what``.

        The two hours after it are over by now, too.
        """
        minutes = zlib.crc32(what.encode()) % (10 * 60)
        start = datetime.combine(self.day(-days_ago), time(8), self.zone)
        return min(start.astimezone(UTC) + timedelta(minutes=minutes), self.now - SITTING)


@dataclass
class Story:
    """What happens, when; and who and what came of it, by the names in ``data/demo``."""

    records: Records
    shelf: Shelf
    clock: Clock
    calendar: Calendar
    people: dict[str, str] = field(default_factory=dict)
    pairs: dict[str, str] = field(default_factory=dict)
    halves: dict[str, tuple[str, str]] = field(default_factory=dict)
    sessions: dict[tuple[str, int], str] = field(default_factory=dict)
    snapshots: dict[str, str] = field(default_factory=dict)
    ends: dict[str, datetime] = field(default_factory=dict)
    acts: list[tuple[datetime, int, Callable[[], None]]] = field(default_factory=list)

    def at(self, when: datetime, act: Callable[[], None]) -> None:
        self.acts.append((when, len(self.acts), act))

    def live(self) -> None:
        """Do everything, earliest first."""
        for when, _, act in sorted(self.acts, key=lambda a: a[:2]):
            self.clock.at = when
            act()

    def write(
        self, person: str, entry_id: str, workbook: Workbook, answers: Mapping[str, Any]
    ) -> None:
        """Answer what there is to answer, as a page would.  Raises ``ContentFault``."""
        checked = self._checked(workbook, answers)
        self.records.entries.save_sheet(self.people[person], entry_id, checked, "demo")

    def add(
        self, person: str, entry_id: str, workbook: Workbook, answers: Mapping[str, Any]
    ) -> None:
        """Answer some more in a sheet that was begun before.  Raises ``ContentFault``."""
        for count, (prompt, value) in enumerate(self._checked(workbook, answers), start=1):
            self.records.entries.save(
                self.people[person], entry_id, prompt, value, base=0, writer="later", counter=count
            )

    def _checked(
        self, workbook: Workbook, answers: Mapping[str, Any]
    ) -> list[tuple[Prompt, Answer]]:
        checked: list[tuple[Prompt, Answer]] = []
        for key, raw in self.calendar.dated(dict(answers)).items():
            prompt = workbook.prompt(key)
            if prompt is None:
                raise ContentFault(f"data/demo: {workbook.id} has no question {key!r}; remove it.")
            value = check_answer(prompt, raw)
            if isinstance(value, Problem):
                raise ContentFault(
                    f"data/demo: {workbook.id} does not take an answer to {key!r}; correct it."
                )
            checked.append((prompt, value))
        return checked

    def share(
        self, author: str, entry_id: str, workbook: Workbook, sharing: "Giving", answers: Doc
    ) -> str:
        """Freeze and give it, as the author does after seeing the preview; the snapshot's id."""
        gate, author_id = self.records.sharing, self.people[author]
        outline = Outline(
            tuple(
                (
                    page.id,
                    page.title,
                    tuple(p.key for p in page.prompts if sharing.takes(p.own_tick)),
                )
                for page in workbook.open_pages(answers)
            )
        )
        reader = gate.readers(author_id, entry_id, (sharing.role,))[0]
        document = gate.compose(author_id, entry_id, outline)
        return gate.share(
            author_id, entry_id, document, reader, purpose=sharing.purpose, ends_at=sharing.ends_at
        )


@dataclass(frozen=True)
class Giving:
    """One share: with which role, for what, until when, and with the boxes of their own or not."""

    role: str
    purpose: str
    ends_at: datetime
    ticked: bool = False

    def takes(self, own_tick: str) -> bool:
        return self.ticked or not own_tick
