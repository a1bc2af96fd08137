"""Who takes part, and how they are joined."""

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
    id: str
    name: str
    phone: str
    roles: frozenset[Role]
    has_passphrase: bool = False


@dataclass(frozen=True, slots=True)
class Session:
    """One coaching session of a pair.  ``number`` counts from 1; ``minutes`` is its length."""

    id: str
    number: int
    on: date | None
    state: Held
    cancelled_by: str | None = None
    minutes: int | None = None
    mode: str | None = None


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
