"""What can be told a funder: one page about a programme of any size, and about no person.

Nothing here is exact but the places, which hold nobody.  Words are those of cards whose writers
said that they may be published, as a learning note released them; feedback on workbooks was given
to the programme alone, so it is counted and never quoted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cascade_tools.model.knowledge import ReleasedNote
from cascade_tools.model.running import Said, Shown

# As many as stand on one sheet of paper, at their longest.
MOST_QUOTES, MOST_THEMES = 4, 8
LEAST_ANSWERS = 10


@dataclass(frozen=True, slots=True)
class Funder:
    """The page.  ``places`` is 0 where nobody said how many are offered; ``useful`` is empty while
    there are too few answers; ``note`` is None until one is released."""

    on: date
    places: int
    counts: tuple[Said, ...]
    useful: tuple[Said, ...]
    quotes: tuple[str, ...]
    themes: tuple[str, ...]
    note: ReleasedNote | None


def funder(shown: Shown, places: int, notes: Sequence[ReleasedNote]) -> Funder:
    """The page from what may leave the kit, and from the released notes, newest first."""
    note = notes[0] if notes else None
    useful = tuple(shown.line(f"useful-{code}") for code in ("yes", "partly", "no"))
    enough = sum(one.at_least or 0 for one in useful) >= LEAST_ANSWERS
    return Funder(
        on=shown.on,
        places=places,
        counts=tuple(shown.line(code) for code in ("matched", "sessions", "supervision-held")),
        useful=useful if enough else (),
        quotes=tuple(q for t in (note.themes if note else ()) for q in t.quotes)[:MOST_QUOTES],
        themes=tuple(t.name for t in (note.themes if note else ()))[:MOST_THEMES],
        note=note,
    )
