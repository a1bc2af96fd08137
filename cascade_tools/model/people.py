"""Who takes part, and how they are joined."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Role(StrEnum):
    """What a person does in a programme.  One person may have several roles."""

    LEADER = "leader"
    COACH = "coach"
    SUPERVISOR = "supervisor"
    LEAD = "lead"
    EVALUATOR = "evaluator"
    AUTHOR = "author"

    @property
    def words(self) -> str:
        """The role as pages name it, unless ``programme.toml`` has other words."""
        return "programme lead" if self is Role.LEAD else self.value


class Held(StrEnum):
    """What became of a session or a supervision."""

    PLANNED = "planned"
    HELD = "held"
    MOVED = "moved"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Person:
    """``room`` is how many more leaders a coach could take now, and None where nobody said."""

    id: str
    name: str
    phone: str
    roles: frozenset[Role]
    has_passphrase: bool = False
    room: int | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """One coaching session of a pair.  ``number`` counts from 1; ``minutes`` is its length.

    A session that was moved is planned for its new day; ``moved_from`` is the day before that.
    A cancelled session gives its number up and stands after the others.
    """

    id: str
    number: int
    on: date | None
    state: Held
    cancelled_by: str | None = None
    minutes: int | None = None
    mode: str | None = None
    moved_from: date | None = None
    moved_by: str | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """A coach and a leader.  ``leader`` is None when the leader wants no account.

    ``label`` is what the coach's supervisor sees ("the carers' charity"), chosen by the pair.
    """

    id: str
    coach: Person
    leader: Person | None
    label: str
    sessions: tuple[Session, ...]
    started: date
    ends: date | None
    ended: date | None
    ended_early: bool = False
    ended_by: str | None = None

    def other(self, person_id: str) -> Person | None:
        """The other half of this pair; None where the leader has no account."""
        return self.leader if person_id == self.coach.id else self.coach


@dataclass(frozen=True, slots=True)
class Agreement:
    """How a pair will work, as one half proposed it and, once ``accepted_at``, as both agreed.

    ``proposed_by`` and ``accepted_by`` are names; ``accepted_by`` is None where it was agreed
    aloud.  ``version`` counts what was accepted, and is 0 for what is only proposed.
    """

    id: str
    pair_id: str
    version: int
    snapshot_id: str | None
    proposed_by: str
    mine: bool
    proposed_at: datetime
    accepted_by: str | None
    accepted_at: datetime | None
    ends: date | None
    label: str


def in_force(agreements: Iterable[Agreement]) -> Agreement | None:
    """What both agreed last."""
    agreed = [a for a in agreements if a.accepted_at is not None]
    return max(agreed, key=lambda a: a.version, default=None)


@dataclass(frozen=True, slots=True)
class Supervision:
    """A meeting of a supervisor with one or more coaches: facts only, no words."""

    id: str
    supervisor: Person
    coaches: tuple[Person, ...]
    on: date
    state: Held
    changed_by: str | None
    minutes: int | None
    how: str | None
    next_on: date | None
    entry_id: str | None
    made_at: datetime
