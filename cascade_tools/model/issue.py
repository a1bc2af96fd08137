"""How the issue of one pair looks, session by session, in its author's own words.

What one person wrote about one pair stands side by side: what was brought, how deep it went, and
the items they chose to show.  What changed from one session to the next is said in words.  There
is no average, no count of answers, no better or worse: deeper is not better, and a change is only
something to ask about.  Source: the layers and the depth record of the iceberg, the ten items and
the balance items of the model.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from cascade_tools.model.prompts import Kind, given
from cascade_tools.model.seen import AnswerSeen

BROUGHT, BELOW, THINKING, BALANCE = "brought", "below", "thinking", "balance"
PARTS = MappingProxyType(
    {
        BROUGHT: "What was brought",
        BELOW: "Below the surface",
        THINKING: "Who is doing the thinking?",
        BALANCE: "Practical help and thinking for yourself",
    }
)
"""The parts of the page in their order, and how people read them."""

# The presenting issue (layer 0) and what lies below it, in the order they are read.  This is the
# one place that says which questions of which sheets belong here.
MARKED: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "coach/before-i-coach": {"bringing": BROUGHT},
        "coach/after-i-coach": {
            "moment-they-said": BROUGHT,
            "what-happened": BROUGHT,
            "not-said": BELOW,
            "who-else-was-there": BELOW,
            "deepest-layer": BELOW,
            "came-back-up": BELOW,
        },
        "leader/before-our-session": {"want": BROUGHT, "lenses": BELOW, "other-side": BELOW},
        "leader/after-our-session": {
            "happened": BROUGHT,
            "felt": BELOW,
            "make-of-it": BELOW,
            "lens-organisation": BELOW,
            "lens-me": BELOW,
            "lens-world": BELOW,
            "take-from-it": BELOW,
        },
    }
)
SHEETS = frozenset(MARKED)
"""The workbooks whose copies can stand side by side."""

_SETS = {"thinking": THINKING, "view": THINKING, "axes": BALANCE}
_WRITTEN = (Kind.LONG, Kind.TEXT, Kind.PERSON)
_IN_ORDER = {
    place: number
    for number, place in enumerate((book, key) for book, keys in MARKED.items() for key in keys)
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One answer.  ``otherwise`` is its question where it was asked in other words; ``change``
    says in words how it differs from the last one before it."""

    answer: AnswerSeen
    otherwise: str
    change: str

    @property
    def words(self) -> str:
        return self.answer.words


@dataclass(frozen=True, slots=True)
class Row:
    """One question across the sessions; None where there is nothing from one."""

    question: str
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the page, with the questions that have an answer."""

    id: str
    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Issue:
    """The sessions, oldest first (None is a sheet about no session), and the parts with answers."""

    sessions: tuple[int | None, ...]
    parts: tuple[Part, ...]


def issue_of(answers: Iterable[AnswerSeen]) -> Issue:
    """One author's answers about one pair, side by side; what is not marked here is left out."""
    found = _newest(answers)
    sessions = tuple(sorted({session for session, _ in found}, key=_last_without))
    parts = []
    for part, title in PARTS.items():
        places = sorted(
            {place for (_, place), one in found.items() if part_of(one) == part},
            key=lambda place: _rank(place, found, sessions),
        )
        if places:
            rows = tuple(_row(place, found, sessions) for place in places)
            parts.append(Part(part, title, rows))
    return Issue(sessions, tuple(parts))


def part_of(answer: AnswerSeen) -> str:
    """The part an answer belongs to; empty for one that is not looked at here."""
    if answer.workbook not in MARKED or answer.way == "together" or not given(answer.value):
        return ""
    marked = MARKED[answer.workbook].get(answer.key, "")
    return marked or _SETS.get(answer.words_from.partition("/")[0], "")


def session_words(session: int | None) -> str:
    return "a sheet about no session" if session is None else f"session {session}"


Place = tuple[str, str]
Found = Mapping[tuple[int | None, Place], AnswerSeen]


def _newest(answers: Iterable[AnswerSeen]) -> Found:
    """Of several answers to one question about one session, the one saved last."""
    found: dict[tuple[int | None, Place], AnswerSeen] = {}
    for one in answers:
        if part_of(one):
            at = (one.session, (one.workbook, one.key))
            if at not in found or found[at].saved_at <= one.saved_at:
                found[at] = one
    return found


def _last_without(session: int | None) -> tuple[bool, int]:
    return session is None, session or 0


def _rank(
    place: Place, found: Found, sessions: Sequence[int | None]
) -> tuple[int, str, int, Place]:
    """Marked questions as listed above; items by their set and number."""
    if place in _IN_ORDER:
        return _IN_ORDER[place], "", 0, place
    one = next(found[s, place] for s in sessions if (s, place) in found)
    item = re.fullmatch(r"(.*?)(\d*)", one.words_from)
    letters, number = item.groups() if item else (one.words_from, "")
    return len(_IN_ORDER), letters, int(number or 0), place


def _row(place: Place, found: Found, sessions: Sequence[int | None]) -> Row:
    answers = [one for session in sessions if (one := found.get((session, place)))]
    latest = answers[-1]
    cells: list[Cell | None] = []
    before: AnswerSeen | None = None
    for at, session in enumerate(sessions):
        one = found.get((session, place))
        if one is None:
            cells.append(None)
            continue
        otherwise = one.question if one.question != latest.question else ""
        cells.append(Cell(one, otherwise, _change(one, before) if at else ""))
        before = one
    return Row(latest.question, tuple(cells))


def _change(now: AnswerSeen, before: AnswerSeen | None) -> str:
    """How an answer differs from the last one before it.  It says what was, and judges nothing."""
    if before is None:
        return "New here."
    there = session_words(before.session)
    if before.question != now.question:
        return f"Asked in other words than in {there}, so the two are not compared."
    if now.kind in _WRITTEN:
        # What somebody wrote anew speaks for itself; that nothing is new does not.
        return f"The same words as in {there}." if before.words == now.words else ""
    return (
        f"As in {there}." if before.words == now.words else f"It was “{before.words}” in {there}."
    )
