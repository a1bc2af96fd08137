"""A small programme in the records, with a clock that a test sets."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from cascade_tools.model.consent import KEEP
from cascade_tools.model.entry import Conflict, Document, Entry, Kept, Outline, Together
from cascade_tools.model.people import Held, Person, Role, Session
from cascade_tools.model.prompts import Answer, Choice, Kind, Prompt, Who
from cascade_tools.model.seen import Glass
from cascade_tools.records import Reader, Records, make_key_file, open_records
from cascade_tools.records.tables import new_id

WHAT = Prompt("what-happened", Kind.LONG, "What happened, in five lines?")
SECRET = Prompt("not-said", Kind.LONG, "What did you not say?", who=Who.ONLY_ME)
TOGETHER = Prompt("worked-on", Kind.LONG, "What did you work on?", who=Who.PAIR)
NEXT = Prompt("what-next", Kind.LONG, "What will you do?", who=Who.PAIR)
TALK = Prompt("talk", Kind.CHOICE, "Talk?", (Choice("next", "Next time"), Choice("today", "Today")))
PASSING = Prompt("safety", Kind.CHOICE, "Safe?", (Choice("no", "No"),), keep=False)

NOTICE = "1"
OVER_EVERYTHING = 9999
HALF_WAY = "pair/half-way-review"
AGREEING = "pair/agreeing-how-we-will-work"
ACTIONS = "pair/what-i-said-i-would-do"
EVERYTHING = Outline(
    (("all", "All of it", ("what-happened", "not-said", "worked-on", "what-next", "talk")),)
)


@dataclass
class Clock:
    """The time is what the test says it is."""

    at: datetime = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def later(self, **time: float) -> datetime:
        self.at += timedelta(**time)
        return self.at


@dataclass
class Small:
    """Amina coaches Leo, Sue supervises Amina; Tom supervises Beth.  One session is held."""

    records: Records
    clock: Clock
    people: dict[str, Person] = field(default_factory=dict)
    pair: str = ""
    session: str = ""

    def __post_init__(self) -> None:
        for name, role in (
            ("amina", Role.COACH),
            ("beth", Role.COACH),
            ("leo", Role.LEADER),
            ("sue", Role.SUPERVISOR),
            ("tom", Role.SUPERVISOR),
            ("pat", Role.LEAD),
        ):
            self.people[name] = self.records.people.add(f"{name} Field", [role], "01632 960100")
            self.records.consents.decide(self.id(name), KEEP, True, NOTICE)
        self.records.people.supervise(self.id("sue"), self.id("amina"))
        self.records.people.supervise(self.id("tom"), self.id("beth"))
        day = self.clock.at.date()
        self.pair = self.records.people.pair(
            self.id("amina"), self.id("leo"), "the carers’ charity", day
        )
        self.session = self.records.people.add_session(self.pair, Session("", 1, day, Held.HELD))

    def id(self, name: str) -> str:
        return self.people[name].id

    def entry(self, who: str = "amina", workbook: str = "coach/after-i-coach") -> Entry:
        """This person's copy of a workbook; Amina's is about her session with Leo."""
        if who == "amina":
            return self.records.entries.start(
                self.id(who), workbook, pair_id=self.pair, session_id=self.session
            )
        return self.records.entries.start(self.id(who), workbook)

    def meeting(self, recorded: bool = False) -> Entry:
        """Sue's sheet of a meeting with Amina."""
        about = self.records.people.start_supervision(
            self.id("sue"), [self.id("amina")], self.clock.at.date()
        )
        entry = self.records.entries.start(
            self.id("sue"), "supervisor/our-supervision", about_id=about
        )
        return self.records.entries.commit(self.id("sue"), entry.id) if recorded else entry

    def write(
        self,
        entry: Entry,
        value: Answer,
        prompt: Prompt = WHAT,
        *,
        by: str = "",
        base: int = 0,
        writer: str = "page-1",
        counter: int = 1,
    ) -> Kept | Conflict:
        return self.records.entries.save(
            self.id(by) if by else entry.person_id,
            entry.id,
            prompt,
            value,
            base=base,
            writer=writer,
            counter=counter,
        )

    def read(self, entry: Entry, by: str = "") -> dict[str, Answer]:
        """What this person (the author, unless another is named) reads in the entry."""
        viewer = self.id(by) if by else entry.person_id
        return {k: v.value for k, v in self.records.entries.answers(viewer, entry.id).items()}

    def share(
        self,
        entry: Entry,
        reader: str = "sue",
        as_role: str = "supervisor",
        *,
        days: float = 30,
        outline: Outline = EVERYTHING,
    ) -> str:
        """Share an entry; returns the snapshot's id."""
        sharing = self.records.sharing
        return sharing.share(
            entry.person_id,
            entry.id,
            sharing.compose(entry.person_id, entry.id, outline),
            Reader(self.id(reader), self.people[reader].name, as_role),
            purpose="To talk about in supervision",
            ends_at=self.clock.at + timedelta(days=days),
        )

    def sealed(self, who: str, workbook: str = HALF_WAY, *, again: bool = False) -> Entry:
        """This half's own copy of a workbook that both write alone."""
        return self.records.entries.start(
            self.id(who), workbook, pair_id=self.pair, together="sealed", again=again
        )

    def both(self, who: str = "amina", workbook: str = ACTIONS) -> Entry:
        """The one copy of both halves, as this half finds it."""
        return self.records.entries.start(
            self.id(who), workbook, pair_id=self.pair, together="shared"
        )

    def document(self, entry: Entry) -> Document:
        return self.records.sharing.compose(entry.person_id, entry.id, EVERYTHING)

    def commit(self, entry: Entry, words: str = "", *, days: float = 180) -> bool:
        """Commit a sealed entry, after writing ``words`` in it; whether both are open now."""
        if words:
            self.write(entry, words, WHAT, writer=new_id(), base=OVER_EVERYTHING)
        until = self.clock.at + timedelta(days=days)
        return self.records.together.commit(entry.person_id, entry.id, self.document(entry), until)

    def stands(self, entry: Entry) -> Together:
        return self.records.together.status(entry.person_id, entry.id)

    def propose(self, who: str, label: str, ends: date | None = None, *, days: float = 180) -> str:
        """An agreement this half proposes, written on a sheet of their own; its id."""
        entry = self.records.entries.start(self.id(who), AGREEING, pair_id=self.pair)
        self.write(
            entry, f"{who} proposes {label}", TOGETHER, writer=new_id(), base=OVER_EVERYTHING
        )
        return self.records.agreements.propose(
            self.id(who),
            entry.id,
            self.document(entry),
            ends=ends,
            label=label,
            until=self.clock.at + timedelta(days=days),
        )

    def glass(self, reason: str) -> Glass:
        """Pat and a second lead break it."""
        second = self.records.people.add("quinn Field", [Role.LEAD])
        return Glass(self.people["pat"], second, reason)

    def shared(self, texts: Mapping[Prompt, Answer] | None = None) -> tuple[Entry, str]:
        """Amina's entry with something in it, and the snapshot of it that Sue may read."""
        entry = self.entry()
        for counter, (prompt, value) in enumerate((texts or {WHAT: "We met"}).items(), start=1):
            self.write(entry, value, prompt, counter=counter)
        return entry, self.share(entry)


def open_small(url: str, folder: Path, clock: Clock | None = None) -> Small:
    clock = clock or Clock()
    key = folder / "secret.key"
    if not key.exists():
        make_key_file(key)
    return Small(open_records(url, key, now=clock, durable=False), clock)
