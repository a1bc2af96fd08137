"""What erasing takes and what it leaves, as a person is told."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Tombstone:
    """Something was erased.  ``readers`` are the names of those who could read it.

    ``thing`` is ``"entry"``, ``"snapshot"``, ``"review"`` or ``"person"``; ``why`` is ``"author"``,
    ``"retention"`` or ``"about"`` (what it was about was erased).
    """

    thing: str
    workbook: str
    made_at: datetime
    erased_at: datetime
    why: str
    readers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Goes:
    """What would go if this entry were erased, or why it is kept.

    ``kept`` is empty or one sentence; ``until`` and ``look_again`` are dates where there are some.
    """

    answers: int
    versions: int
    copies: int
    reviews: int
    readers: tuple[str, ...]
    kept: str = ""
    until: date | None = None
    look_again: date | None = None


@dataclass(frozen=True, slots=True)
class Leaving:
    """What would go with everything of one person; ``stays`` counts sheets that are not theirs
    alone.  ``kept`` is empty, or one sentence that says why nothing may go."""

    entries: int
    copies: int
    reviews: int
    stays: int = 0
    kept: str = ""
    look_again: date | None = None
