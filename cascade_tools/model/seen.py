"""What a reader is given, after the gate has decided: flat, frozen, ready for a table."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from typing import Any, Protocol, TypeVar

from cascade_tools.errors import NotPossible
from cascade_tools.model.people import Person, Role
from cascade_tools.model.prompts import Answer

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class AnswerSeen:
    """One answer somebody may read.

    ``way`` is ``"own"`` (the author reading), ``"shared"`` (from a snapshot) or ``"together"``
    (a record two people keep).  ``value`` is as stored, ``words`` as people read it.  ``time`` is
    the code of the time a sheet of one's own is about (``journey.TIMES``), where it is about one.
    """

    person: str
    workbook: str
    entry: str
    snapshot: str | None
    pair: str | None
    session: int | None
    key: str
    question: str
    kind: str
    who: str
    words_from: str
    value: Answer
    words: str
    saved_at: datetime
    way: str
    until: datetime | None
    time: str | None = None


@dataclass(frozen=True, slots=True)
class SharedSeen:
    """One live share to the reader.  ``opened_at`` is None until it has been read."""

    id: str
    author: str
    workbook: str
    title: str
    label: str
    session: int | None
    purpose: str
    shared_at: datetime
    ends_at: datetime
    opened_at: datetime | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class PairSeen:
    """A pair as the coach's supervisor sees it: the label, never the leader's name.

    ``shared`` is how many sheets about it this supervisor may read side by side now.
    """

    label: str
    last_session: int
    planned: int
    next_session: date | None
    ended: date | None
    id: str = ""
    shared: int = 0


@dataclass(frozen=True, slots=True)
class CoachSeen:
    """One row of a supervisor's caseload: facts, no words, no score."""

    id: str
    name: str
    phone: str
    since: date
    pairs: tuple[PairSeen, ...]
    asked: str | None
    asked_at: datetime | None
    last_talked: date | None
    next_talk: date | None
    held: int
    cancelled: dict[str, int]
    unread: tuple[SharedSeen, ...]
    shared: int


def to_json(seen: Any) -> dict[str, Any]:
    """A seen value as JSON types; dates and times as ISO text."""

    def plain(value: Any) -> Any:
        if isinstance(value, date | datetime):
            return value.isoformat()
        if isinstance(value, dict):
            return {k: plain(v) for k, v in value.items()}
        if isinstance(value, list | tuple):
            return [plain(v) for v in value]
        return value

    return {k: plain(v) for k, v in asdict(seen).items()}


_DATETIMES = {"saved_at", "until", "shared_at", "ends_at", "opened_at", "answered_at", "asked_at"}
_DATES = {"since", "next_session", "ended", "last_talked", "next_talk"}


def from_json(cls: type[T], doc: dict[str, Any]) -> T:
    """The inverse of ``to_json``."""
    values: dict[str, Any] = {}
    for f in fields(cls):  # type: ignore[arg-type]
        value = doc[f.name]
        if value is not None and f.name in _DATETIMES:
            value = datetime.fromisoformat(value)
        elif value is not None and f.name in _DATES:
            value = date.fromisoformat(value)
        elif f.name == "pairs":
            value = tuple(from_json(PairSeen, v) for v in value)
        elif f.name == "unread":
            value = tuple(from_json(SharedSeen, v) for v in value)
        values[f.name] = value
    return cls(**values)


@dataclass(frozen=True, slots=True)
class Glass:
    """Two programme leads read as somebody without asking them, and this is why.

    Whoever is read finds both names and the reason in their log: at once, or, where
    ``legal_reason`` forbids it until then, from the day ``told_from``.
    Raises ``NotPossible`` unless there are two leads, a reason, and both or neither of the last.
    """

    first: Person
    second: Person
    reason: str
    told_from: date | None = None
    legal_reason: str = ""

    def __post_init__(self) -> None:
        leads = all(Role.LEAD in p.roles for p in (self.first, self.second))
        if not leads or self.first.id == self.second.id:
            raise NotPossible(
                "Breaking the glass takes two programme leads. Name both: --by NAME --by NAME."
            )
        if not self.reason.strip():
            raise NotPossible("Breaking the glass needs a reason. Write it after --reason.")
        if (self.told_from is None) == bool(self.legal_reason.strip()):
            raise NotPossible(
                "People are told at once unless the law forbids it. To tell them later, give both: "
                "--not-told-until DATE --legal-reason TEXT."
            )

    @property
    def stated(self) -> str:
        """The reason as it stands in the log."""
        if self.told_from is None:
            return self.reason.strip()
        until = f"{self.told_from.day} {self.told_from:%B %Y}"
        return f"{self.reason.strip()} (Not told before {until}: {self.legal_reason.strip()})"


class Desk(Protocol):
    """One reader's view through the gate: the operator's door and a kernel's ticket both give one.

    Every call asks the gate again, so a share that has been stopped is gone from the next call.
    """

    name: str
    roles: frozenset[str]

    def answers(self) -> Iterator[AnswerSeen]:
        """Every answer this reader may read now: own, shared with them, kept together."""
        ...

    def shared(self) -> list[SharedSeen]:
        """Every live share to this reader, newest first."""
        ...

    def caseload(self) -> list[CoachSeen]:
        """The coaches this supervisor holds; empty for anybody else."""
        ...
