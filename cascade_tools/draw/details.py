"""Personal details, marked where they stand in somebody's own words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup, escape

from cascade_tools.model.details import Found, find_details
from cascade_tools.model.names import Known
from cascade_tools.model.prompts import Kind

OWN_WORDS = frozenset({Kind.TEXT, Kind.LONG, Kind.PERSON, Kind.ACTION, Kind.GOAL})


@dataclass(frozen=True, slots=True)
class Marked:
    """The same words with what was found marked, and where they can be changed."""

    words: Markup
    place: str


@dataclass(frozen=True, slots=True)
class Look:
    """A look for personal details in one person's sheet.  Nothing is kept of what it finds.

    ``places`` gives, by key, the address of the question.
    """

    known: Known
    today: date
    places: Mapping[str, str]

    def at(self, key: str, kind: str, words: str) -> Marked | None:
        """One answer with its details marked; None where there are none."""
        if kind not in OWN_WORDS or key not in self.places:
            return None
        return self.over(words, self.places[key])

    def over(self, words: str, place: str) -> Marked | None:
        """Any words of the author's, which can be changed at ``place``."""
        finds = find_details(words, self.known, self.today)
        return Marked(marked(words, finds), place) if finds else None


def marked(words: str, finds: list[Found]) -> Markup:
    """The words as HTML; each mark says, to those who cannot see it, what it looks like."""
    mark = Markup('<mark>{}</mark><span class="unseen"> (looks like {})</span>')
    parts, last = [], 0
    for find in finds:
        parts += [
            escape(words[last : find.start]),
            mark.format(words[find.start : find.end], find.kind.words),
        ]
        last = find.end
    return Markup("").join([*parts, escape(words[last:])])
