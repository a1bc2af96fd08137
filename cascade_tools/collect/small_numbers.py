"""What may be said of a group without saying anything of one person.

These rules are applied where numbers are counted, before any table leaves:

- nothing about fewer than ten people;
- no count under five, zero included, and with each a second one, so that no hidden count can be
  worked out from the totals, even by somebody who knows these rules;
- where all but a few are in one place, "almost all" and "almost none";
- no smallest and no largest value.

Source: the suppression rules of the programme's evaluation, after those of public statistics.
Which counts are hidden with a small one is a matter of where they stand, never of how large they
are: a choice by size would tell something about the sizes.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

LEAST_IN_A_GROUP = 10
LEAST_IN_A_CELL = 5
# A statistic about leaders must not be one coach's record, nor one about coaches a few leaders'.
LEAST_BEHIND = {"leaders": 3, "coaches": 5}

ALMOST_ALL = "almost all"
ALMOST_NONE = "almost none"
NOT_SHOWN = "not shown"

Cell = tuple[int, int]
Node = tuple[str, int]


@dataclass(frozen=True, slots=True)
class SafeTable:
    """Counts by group (rows) and answer (columns).  None is a count that is not shown.

    ``people`` counts each row, which is at least ten; ``totals`` adds up each column.
    """

    rows: tuple[tuple[int | None, ...], ...]
    people: tuple[int, ...]
    totals: tuple[int | None, ...]


def enough_behind(group: str, others: Collection[str]) -> bool:
    """Whether enough of the other halves stand behind a group: coaches behind leaders, leaders
    behind coaches."""
    return len(set(others)) >= LEAST_BEHIND[group]


def safe_counts(counts: Sequence[int]) -> tuple[int | str, ...] | None:
    """How many people gave each answer, as it may be shown with their number; None if not at all.

    ``counts`` has at least two answers.
    """
    people = sum(counts)
    if people < LEAST_IN_A_GROUP:
        return None
    for place, count in enumerate(counts):
        if people - count < LEAST_IN_A_CELL:
            return tuple(ALMOST_ALL if p == place else ALMOST_NONE for p in range(len(counts)))
    table = safe_table([counts])
    return tuple(NOT_SHOWN if c is None else c for c in table.rows[0]) if table else None


def safe_table(rows: Sequence[Sequence[int]]) -> SafeTable | None:
    """A table with both its margins, as it may be shown; None when a group is under ten.

    ``rows`` are groups that do not overlap, with at least two answers each.
    """
    people = tuple(map(sum, rows))
    if not people or min(people) < LEAST_IN_A_GROUP:
        return None
    counts = [*rows, [sum(column) for column in zip(*rows, strict=True)]]
    hidden = _hidden(counts)
    *shown, totals = (
        tuple(None if (r, c) in hidden else count for c, count in enumerate(row))
        for r, row in enumerate(counts)
    )
    return SafeTable(tuple(shown), people, totals)


def _hidden(counts: Sequence[Sequence[int]]) -> set[Cell]:
    """Which cells are not shown.  The last row of ``counts`` holds the totals of the columns."""
    every = {(r, c) for r, row in enumerate(counts) for c in range(len(row))}
    hidden = {(r, c) for r, c in every if counts[r][c] < LEAST_IN_A_CELL}
    while more := _missing(counts, hidden):
        hidden.add(more)
    return every if any(_fixed(counts, hidden)) else hidden


def _missing(counts: Sequence[Sequence[int]], hidden: set[Cell]) -> Cell | None:
    """The next cell to hide, because a line with hidden cells gives them away by its total."""
    totals, answers = len(counts) - 1, range(len(counts[0]))
    for r, row in enumerate(counts):
        places = [c for c in answers if (r, c) in hidden]
        if places and len(places) < len(row) and _too_plain([row[c] for c in places]):
            return r, _after(places, len(row))
    for c in answers:
        places = [r for r in range(totals) if (r, c) in hidden]
        if (totals, c) in hidden:
            # Its total is hidden too: one more is enough, so that nobody adds up the others.
            plain = not places
        else:
            plain = bool(places) and _too_plain([counts[r][c] for r in places])
        if plain and len(places) < totals:
            return _after(places, totals), c
    return None


def _too_plain(values: Sequence[int]) -> bool:
    """Whether the sum of these hidden counts, which a reader has, says too much about them."""
    return len(values) < 2 or sum(values) < LEAST_IN_A_CELL


def _after(places: Sequence[int], length: int) -> int:
    """The first free place after these, round the corner if need be."""
    start = places[-1] if places else -1
    return next(p for n in range(1, length + 1) if (p := (start + n) % length) not in places)


def _fixed(counts: Sequence[Sequence[int]], hidden: set[Cell]) -> Iterator[Cell]:
    """The hidden cells that can have one value only, for a reader who knows which are small.

    One person more in a cell means one less elsewhere in its row and in its column.  Such moves
    are a walk from rows to columns (one more) and back (one less); a cell can change just when
    some walk through it comes round again.  This is exact, because the sums of a table make a
    network.
    """
    totals = len(counts) - 1
    steps: dict[Node, list[tuple[Node, Cell]]] = defaultdict(list)
    for r, c in hidden:
        count = counts[r][c]
        more = count != LEAST_IN_A_CELL - 1
        less = count not in (0, LEAST_IN_A_CELL)
        if r == totals:  # stands on the other side of its column's sum
            more, less = less, more
        if more:
            steps["row", r].append((("column", c), (r, c)))
        if less:
            steps["column", c].append((("row", r), (r, c)))
    for cell in hidden:
        r, c = cell
        if not (
            _comes_round(steps, ("row", r), ("column", c), cell)
            or _comes_round(steps, ("column", c), ("row", r), cell)
        ):
            yield cell


def _comes_round(
    steps: dict[Node, list[tuple[Node, Cell]]], start: Node, end: Node, cell: Cell
) -> bool:
    """Whether the step from ``start`` to ``end`` through this cell can be made up for elsewhere."""
    if (end, cell) not in steps[start]:
        return False
    seen, ahead = {end}, [end]
    while ahead:
        for node, through in steps[ahead.pop()]:
            if through == cell:
                continue
            if node == start:
                return True
            if node not in seen:
                seen.add(node)
                ahead.append(node)
    return False
