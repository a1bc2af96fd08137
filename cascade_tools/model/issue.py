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
    """One answer.  ``otherwise`` is its question where it was asked in other words."""

    words: str
    otherwise: str
    workbook: str
    entry: str
    snapshot: str | None


@dataclass(frozen=True, slots=True)
class Row:
    """One question across the sessions; None where there is nothing from one."""

    question: str
    written: bool
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What changed in one session; ``question`` is empty where it is about all of the part."""

    question: str
    words: str


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the page; ``changes`` holds, for each session, what changed in it."""

    id: str
    title: str
    rows: tuple[Row, ...]
    changes: tuple[tuple[Change, ...], ...]


@dataclass(frozen=True, slots=True)
class Issue:
    """The sessions, oldest first (None is a sheet about no session), and the parts with answers."""

    sessions: tuple[int | None, ...]
    parts: tuple[Part, ...]

    @property
    def copies(self) -> frozenset[str]:
        """The ids of the copies that the words come from; empty for one's own sheets."""
        cells = (c for part in self.parts for row in part.rows for c in row.cells if c)
        return frozenset(c.snapshot for c in cells if c.snapshot is not None)


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
            parts.append(Part(part, title, rows, _changes(rows, sessions)))
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
    answers = [found.get((session, place)) for session in sessions]
    latest = next(one for one in reversed(answers) if one is not None)
    return Row(
        question=latest.question,
        written=latest.kind in _WRITTEN,
        cells=tuple(
            Cell(
                words=one.words,
                otherwise=one.question if one.question != latest.question else "",
                workbook=one.workbook,
                entry=one.entry,
                snapshot=one.snapshot,
            )
            if one is not None
            else None
            for one in answers
        ),
    )


def _changes(rows: Sequence[Row], sessions: Sequence[int | None]) -> tuple[tuple[Change, ...], ...]:
    return tuple(tuple(_changed(rows, sessions, at)) for at in range(len(sessions)))


def _changed(rows: Sequence[Row], sessions: Sequence[int | None], at: int) -> Iterable[Change]:
    """What changed in one session, against the last before it that has an answer."""
    earlier = any(cell for row in rows for cell in row.cells[:at])
    if not any(row.cells[at] for row in rows):
        if earlier:
            yield Change("", f"Nothing here from {session_words(sessions[at])}.")
        return
    if not earlier:
        return
    same = 0
    changes = []
    for row in rows:
        words = _said(row, sessions, at)
        if words:
            changes.append(Change(row.question, words))
        same += words is None
    yield from changes
    if same:
        yield Change("", "The rest is as it was." if changes else "All of it is as it was.")


def _said(row: Row, sessions: Sequence[int | None], at: int) -> str | None:
    """How one answer changed; None where it did not, empty where there is nothing to compare."""
    now = row.cells[at]
    before = next((n for n in range(at - 1, -1, -1) if row.cells[n]), None)
    here = session_words(sessions[at])
    if now is None:
        return f"Nothing here from {here}." if at and row.cells[at - 1] else ""
    if before is None:
        return f"New in {here}."
    then, there = row.cells[before], session_words(sessions[before])
    assert then is not None  # it was looked for
    if then.otherwise != now.otherwise:
        return f"Asked in other words than in {there}, so the two are not compared."
    if then.words == now.words:
        return None
    if row.written:
        return f"Put in other words than in {there}."
    return f"“{then.words}” in {there}, “{now.words}” in {here}."
