"""What may be said of a group without saying anything of one person.

These rules are applied where numbers are counted, before any table leaves:

- nothing about fewer than ten people;
- no count under five, zero included, and with each a second one, so that no hidden count can be
  worked out from the total, even by somebody who knows these rules;
- where a count of one group is hidden, no totals over several groups;
- where all but a few are in one place, "almost all" and "almost none";
- no smallest and no largest value.

Source: the suppression rules of the programme's evaluation, after those of public statistics.
Which counts are hidden with a small one is a matter of where they stand, never of how large they
are: a choice by size would tell something about the sizes.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

LEAST_IN_A_GROUP = 10
LEAST_IN_A_CELL = 5
# A statistic about leaders must not be one coach's record, nor one about coaches a few leaders'.
LEAST_BEHIND = {"leaders": 3, "coaches": 5}

ALMOST_ALL = "almost all"
ALMOST_NONE = "almost none"
NOT_SHOWN = "not shown"


@dataclass(frozen=True, slots=True)
class SafeTable:
    """Counts by group (rows) and answer (columns).  None is a count that is not shown.

    ``people`` counts each row, which is at least ten; ``totals`` adds up each column, and is None
    where anything is hidden.
    """

    rows: tuple[tuple[int | None, ...], ...]
    people: tuple[int, ...]
    totals: tuple[int, ...] | None


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
    hidden = _hidden(counts)
    return tuple(NOT_SHOWN if p in hidden else count for p, count in enumerate(counts))


def safe_table(rows: Sequence[Sequence[int]]) -> SafeTable | None:
    """A table with both its margins, as it may be shown; None when a group is under ten.

    ``rows`` are groups that do not overlap, with at least two answers each.
    """
    people = tuple(map(sum, rows))
    if not people or min(people) < LEAST_IN_A_GROUP:
        return None
    hidden = [_hidden(row) for row in rows]
    return SafeTable(
        tuple(
            tuple(None if p in places else count for p, count in enumerate(row))
            for row, places in zip(rows, hidden, strict=True)
        ),
        people,
        None if any(hidden) else tuple(sum(column) for column in zip(*rows, strict=True)),
    )


def _hidden(counts: Sequence[int]) -> set[int]:
    """The places of the counts of one group that are not shown, while their total is known."""
    hidden = {place for place, count in enumerate(counts) if count < LEAST_IN_A_CELL}
    # What is left for them is known too: alone, a small one would be exactly that.
    while hidden and sum(counts[place] for place in hidden) < LEAST_IN_A_CELL:
        hidden.add(_after(hidden, len(counts)))
    every = set(range(len(counts)))
    return every if hidden and _fixed([counts[p] for p in hidden]) else hidden


def _after(places: Collection[int], length: int) -> int:
    """The first free place after these, round the corner if need be."""
    around = ((max(places) + step) % length for step in range(1, length))
    return next(place for place in around if place not in places)


def _fixed(values: Sequence[int]) -> bool:
    """Whether one of these hidden counts can have one value only, for a reader who has their sum
    and knows which of them are small: one person more in it means one less in another."""
    more = [value != LEAST_IN_A_CELL - 1 for value in values]
    less = [value not in (0, LEAST_IN_A_CELL) for value in values]
    return not all(
        (more[p] and any(less[:p] + less[p + 1 :])) or (less[p] and any(more[:p] + more[p + 1 :]))
        for p in range(len(values))
    )
