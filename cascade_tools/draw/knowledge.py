"""The learning note of a knowledge capture event, on two pages of A4.

It says nothing exact about how many: only what ``model.knowledge.check`` let through comes here.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from cascade_tools.draw.templates import render
from cascade_tools.model.knowledge import MIN_PEOPLE, PrintedTheme, ReleasedNote
from cascade_tools.model.typed import day_in_words

# How much stands on a page in letters of each size, counted in letters of ordinary width.  The
# smallest are for what nobody writes: capitals only, everywhere.
SIZES = ((2200, "roomy"), (3600, "full"), (4700, "fullest"), (6300, "utmost"))
WIDE, BROAD, CAPITAL = 2.0, 1.8, 1.5
WIDEST = "mwMW"


@dataclass(frozen=True, slots=True)
class Answered:
    """One round: its question, what leads wrote, its themes, and the cards that are quoted."""

    number: int
    words: str
    summary: str
    themes: tuple[PrintedTheme, ...]

    @property
    def quotes(self) -> list[tuple[str, str]]:
        """Each quoted card, with its theme."""
        return [(quote, theme.name) for theme in self.themes for quote in theme.quotes]

    @property
    def weight(self) -> float:
        """How much room it takes, in letters."""
        themes = sum(width(t.name) + width(t.count) + 6 for t in self.themes)
        quotes = sum(width(quote) + width(name) + 60 for quote, name in self.quotes)
        return width(self.words) + width(self.summary) + themes + quotes


@dataclass(frozen=True, slots=True)
class Side:
    """One page; ``size`` is how large its letters can be."""

    rounds: tuple[Answered, ...]

    @property
    def size(self) -> str:
        weight = sum(one.weight for one in self.rounds)
        return next((size for most, size in SIZES if weight <= most), "least")


def learning_note(
    note: ReleasedNote,
    questions: Sequence[tuple[str, str]],
    programme: str,
    *,
    draft: bool = False,
) -> Markup:
    """The note as HTML for a page of ours.  ``questions`` are the rounds' ids and words.

    A draft does not say when it was released.
    """
    rounds = [
        Answered(
            number,
            words,
            note.summaries.get(id, ""),
            tuple(theme for theme in note.themes if theme.round == id),
        )
        for number, (id, words) in enumerate(questions, start=1)
    ]
    return render(
        "parts/knowledge-paper.html",
        note=note,
        sides=[Side(tuple(rounds[:2])), Side(tuple(rounds[2:]))],
        quoted=any(one.quotes for one in rounds),
        # What a quotation says already; any other number of people would be one too many.
        people=MIN_PEOPLE,
        on=day_in_words(note.on),
        released_on="" if draft else day_in_words(note.released_on),
        programme=programme,
    )


def width(words: str) -> float:
    """How wide words are, in letters of ordinary width."""
    return sum(_width(c) for c in words)


def _width(letter: str) -> float:
    if unicodedata.east_asian_width(letter) in "WF":
        return WIDE
    if letter in WIDEST:
        return BROAD
    return CAPITAL if letter.isupper() else 1.0
