"""What a set of answers becomes on the page: a drawing that also stands in words."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Table:
    caption: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """``svg`` is decorative markup without scripts or styles; ``sentence`` says the same in words.

    ``blocks`` are short sections under the sentence (a heading and its lines); ``folded`` are
    the same behind a summary line; ``more`` are further pictures, each behind its own title;
    ``notes`` stand small at the end.
    """

    name: str
    title: str
    sentence: str
    svg: str = ""
    table: Table | None = None
    blocks: tuple[tuple[str, tuple[str, ...]], ...] = ()
    folded: tuple[tuple[str, tuple[str, ...]], ...] = ()
    notes: tuple[str, ...] = ()
    more: tuple["Picture", ...] = ()


@dataclass(frozen=True, slots=True)
class Sitting:
    """One person's answers to one workbook for one session, oldest first in a list of them.

    ``session`` counts from 1 (None where there is no session); ``planned`` is how many sessions
    the programme plans.  ``answers`` maps item ids or keys to stored values.  ``time`` is the
    moment of a workbook that comes back (``"start"``, as in ``journey.TIMES``), empty elsewhere.
    """

    session: int | None
    planned: int
    answers: dict[str, object]
    current: bool = False
    time: str = ""
