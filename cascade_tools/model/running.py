"""How a programme is running: its own counts, exact for those who lead it, in bands for others.

Administrative facts only: dates, meetings, how many.  What leaves the kit (a page on paper, a
file) and what evaluators see is ``suppressed``: every count stands in a band of five, "fewer than
5" among them, so no small count is told and none can be worked out from the counts around it.

Source: the programme's sheet of what it looks at monthly, and its rules for small numbers, which
allow rounding every count to fives.  A number of fives is the same whatever stands beside it, so
which counts are rounded tells nothing either.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

STEP = 5
NOT_THERE = "Not kept"
NOT_KEPT = "The kit does not keep this."


@dataclass(frozen=True, slots=True)
class Line:
    """One count.  ``count`` is None where nobody keeps it; ``of`` is what it is a part of.

    ``inside`` lines are a part of the page inside the kit only.  ``of_inside``: what it is a part
    of would give another count away, so that goes no further either.
    """

    code: str
    words: str
    count: int | None
    of: int | None = None
    note: str = ""
    inside: bool = False
    of_inside: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    lines: tuple[Line, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Running:
    """Every count, exact: for those who lead the programme, inside the kit."""

    on: date
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """One count as somebody may read it.  ``at_least`` and ``at_most`` are the same number where
    it is exact, and None where there is none."""

    code: str
    words: str
    shown: str
    note: str = ""
    at_least: int | None = None
    at_most: int | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """How a programme is running, as it may be read; by title, each section's lines and note."""

    on: date
    exact: bool
    sections: tuple[tuple[str, tuple[Said, ...], str], ...]

    def line(self, code: str) -> Said:
        return next(one for _, lines, _ in self.sections for one in lines if one.code == code)


@dataclass(frozen=True, slots=True)
class Ready:
    """A pair before its first session, and what of three things is there: the day they agreed how
    to work, who supervises the coach, the day of the first session."""

    label: str
    coach: str
    leader: str
    agreed: date | None
    supervisor: str
    first: date | None

    @property
    def missing(self) -> tuple[str, ...]:
        parts = (
            ("an agreement with a date", self.agreed),
            ("a supervisor", self.supervisor),
            ("a date for the first session", self.first),
        )
        return tuple(words for words, there in parts if not there)


def exact(running: Running) -> Shown:
    """The counts as those who lead see them on their own screen."""
    return Shown(
        running.on,
        True,
        tuple((one.title, tuple(map(_exactly, one.lines)), one.note) for one in running.sections),
    )


def suppressed(running: Running) -> Shown:
    """The counts as they may leave: each in its band of five, with no part that tells another."""
    return Shown(
        running.on,
        False,
        tuple(
            (one.title, tuple(_in_bands(line) for line in one.lines if not line.inside), one.note)
            for one in running.sections
        ),
    )


def band(count: int) -> tuple[int, int]:
    """The fives between which a count lies: 12 is from 10 to 14."""
    low = count - count % STEP
    return low, low + STEP - 1


def in_words(count: int) -> str:
    low, high = band(count)
    return f"{low} to {high}" if low else f"fewer than {STEP}"


def up_to(said: Said, most: int) -> str:
    """A band in words where everybody knows that there can be no more than ``most``."""
    low, high = said.at_least or 0, min(said.at_most or 0, most)
    return said.shown if not low or low > most else str(most) if low == most else f"{low} to {high}"


def _exactly(line: Line) -> Said:
    if line.count is None:
        return Said(line.code, line.words, NOT_THERE, line.note or NOT_KEPT)
    shown = str(line.count)
    if line.of:
        shown += f" of {line.of} ({round(100 * line.count / line.of)}%)"
    return Said(line.code, line.words, shown, line.note, line.count, line.count)


def _in_bands(line: Line) -> Said:
    if line.count is None:
        return Said(line.code, line.words, NOT_THERE, line.note or NOT_KEPT)
    shown = in_words(line.count)
    if line.of is not None and line.of >= STEP and not line.of_inside:
        shown += f", of {in_words(line.of)}"
    return Said(line.code, line.words, shown, line.note, *band(line.count))


def ready(pairs: Iterable[Ready]) -> list[Ready]:
    """Those with the most still missing first, then by their coach."""
    return sorted(pairs, key=lambda one: (-len(one.missing), one.coach, one.label))
