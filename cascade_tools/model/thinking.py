"""Who is doing the thinking?  What one coach's ten answers say, in the order a page says it.

The reading is for the person who answered.  The overall average and its band are never shared.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from cascade_tools.model.items import Item, ItemSet
from cascade_tools.model.picture import Sitting
from cascade_tools.model.readings import counted, mean, up_to_now

ENOUGH_FOR_OVERALL = 8
ENOUGH_TO_READ = 5
ENOUGH_IN_COMMON = 6
SITTINGS_TO_MOVE = 3
EARLY_SESSIONS = 2
TWICE_RUNNING = frozenset({"D3", "D5"})
HARD_TO_DISAGREE = "D9"

BANDS = (
    (Fraction(2), "Worth talking through"),
    (Fraction(1), "Something to notice"),
    (Fraction(0), "Not much here this time"),
)


class Why(StrEnum):
    """Why one answer stands out, whatever the average."""

    FURTHEST = "furthest"
    TWICE = "twice"
    DISAGREE = "disagree"


class Direction(StrEnum):
    LOWER = "lower"
    HIGHER = "higher"
    SAME = "about the same"


@dataclass(frozen=True, slots=True)
class Chosen:
    """One item with the point (0 to 4) that was chosen."""

    item: Item
    value: int


@dataclass(frozen=True, slots=True)
class StandsOut:
    chosen: Chosen
    why: Why


@dataclass(frozen=True, slots=True)
class Overall:
    """The sum of the answers that count, how many there are, and the band their mean is in."""

    values: tuple[int, ...]
    average: Fraction
    band: str


@dataclass(frozen=True, slots=True)
class Moment:
    """One session on the movement line.  ``overall`` is None where too few were answered."""

    session: int | None
    answered: int
    overall: Overall | None


@dataclass(frozen=True, slots=True)
class Movement:
    """The latest answers against the first, on the items answered in both.

    ``direction`` is None where fewer than six items are in both.  ``change`` is the difference of
    the two means on those items, latest less first.
    """

    moments: tuple[Moment, ...]
    in_common: int
    change: Fraction | None
    direction: Direction | None


@dataclass(frozen=True, slots=True)
class Reading:
    """``to_look_at`` holds two answers or none.

    ``thanks`` is true when so few were answered that the page says thank you and no more.
    """

    answered: tuple[Chosen, ...]
    thanks: bool
    to_look_at: tuple[Chosen, ...]
    stands_out: tuple[StandsOut, ...]
    overall: Overall | None
    early: bool
    same_as_last: bool
    movement: Movement | None


def read(item_set: ItemSet, sittings: Sequence[Sitting]) -> Reading:
    """The reading of the sitting being written (or the last), in the light of those before it.

    All sittings must have answered the same version of the item set.
    """
    seen = up_to_now(sittings)
    now = seen[-1] if seen else Sitting(None, 0, {})
    values = counted(item_set.items, now.answers)
    answered = tuple(Chosen(i, values[i.id]) for i in item_set.items if i.id in values)
    thanks = len(answered) < ENOUGH_TO_READ
    return Reading(
        answered=answered,
        thanks=thanks,
        to_look_at=() if thanks else two_to_look_at(answered),
        stands_out=_standing_out(item_set, answered, seen),
        overall=overall(values),
        early=now.session is not None and now.session <= EARLY_SESSIONS,
        same_as_last=_same_as_last(item_set, seen),
        movement=_movement(item_set, seen),
    )


def two_to_look_at(answered: Sequence[Chosen]) -> tuple[Chosen, ...]:
    """The two highest answers, ties in the order given; none when all are 0 or 1."""
    if all(c.value <= 1 for c in answered):
        return ()
    return tuple(sorted(answered, key=lambda c: -c.value)[:2])


def overall(values: Mapping[str, int]) -> Overall | None:
    """Sum, mean and band, from at least eight answers that count; otherwise None."""
    average = mean(values.values())
    if average is None or len(values) < ENOUGH_FOR_OVERALL:
        return None
    band = next(words for least, words in BANDS if average >= least)
    return Overall(tuple(values.values()), average, band)


def _standing_out(
    item_set: ItemSet, answered: Sequence[Chosen], seen: Sequence[Sitting]
) -> tuple[StandsOut, ...]:
    before = _session_before(seen)
    earlier = counted(item_set.items, before.answers) if before else {}
    found = []
    for chosen in answered:
        high = chosen.value >= 3
        if chosen.item.id in TWICE_RUNNING and high and earlier.get(chosen.item.id, 0) >= 3:
            found.append(StandsOut(chosen, Why.TWICE))
        elif chosen.value == 4:
            found.append(StandsOut(chosen, Why.FURTHEST))
        elif chosen.item.id == HARD_TO_DISAGREE and high:
            found.append(StandsOut(chosen, Why.DISAGREE))
    return tuple(found)


def _session_before(seen: Sequence[Sitting]) -> Sitting | None:
    """The sitting of the session just before this one; a session without a sheet breaks a run."""
    if len(seen) < 2:
        return None
    now = seen[-1]
    if now.session is None:
        return seen[-2]
    return next((s for s in reversed(seen[:-1]) if s.session == now.session - 1), None)


def _same_as_last(item_set: ItemSet, seen: Sequence[Sitting]) -> bool:
    """Whether to ask "Still true?": said at the first repeat, not at every one that follows."""
    if not seen or len(counted(item_set.items, seen[-1].answers)) < ENOUGH_TO_READ:
        return False
    every = [values for s in seen if (values := counted(item_set.items, s.answers))]
    repeats = [a == b for a, b in pairwise(every)]
    return repeats[-1:] == [True] and repeats[-2:-1] != [True]


def _movement(item_set: ItemSet, seen: Sequence[Sitting]) -> Movement | None:
    """From three sittings with answers; until then there is nothing to compare."""
    every = [(s, values) for s in seen if (values := counted(item_set.items, s.answers))]
    if len(every) < SITTINGS_TO_MOVE:
        return None
    moments = tuple(Moment(s.session, len(values), overall(values)) for s, values in every)
    first, latest = every[0][1], every[-1][1]
    both = [item_id for item_id in first if item_id in latest]
    if len(both) < ENOUGH_IN_COMMON:
        return Movement(moments, len(both), None, None)
    change = Fraction(sum(latest[i] - first[i] for i in both), len(both))
    if abs(change) < Fraction(1, 2):
        direction = Direction.SAME
    else:
        direction = Direction.LOWER if change < 0 else Direction.HIGHER
    return Movement(moments, len(both), change, direction)
