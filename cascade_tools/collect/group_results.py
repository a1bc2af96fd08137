"""Group results: one count made safe, and what was released as a table."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

import pandas as pd

from cascade_tools.collect.change import alike, looking_back, paired_change, rounded, step_for
from cascade_tools.collect.small_numbers import (
    LEAST_IN_A_CELL,
    LEAST_IN_A_GROUP,
    enough_behind,
    safe_counts,
)
from cascade_tools.collect.tables import TEXT
from cascade_tools.model.change import Change, LookingBack
from cascade_tools.model.composites import GOAL
from cascade_tools.model.group_results import (
    LEADERS,
    LEVELS,
    T_SCORE,
    Coded,
    Count,
    Counted,
    Question,
    Release,
)
from cascade_tools.model.journey import TIMES

GROUP_RESULTS = (
    *("release", "month", "group", "workbook", "key", "question", "from", "to"),
    *("people", "answer", "count", "shown"),
)
# Eleven points are too many for a group of this size, so neighbours are counted together.  The
# ranges are those in which the Office for National Statistics reports its questions from 0 to 10.
BANDS = {
    "ten": ((0, 4), (5, 6), (7, 8), (9, 10)),
    "scale": ((0, 1), (2, 2), (3, 4)),
    LEVELS: tuple((level, level) for level in range(-2, 3)),
}
LEVEL_WORDS = tuple(words for _, words in GOAL.part("now").choices)
# T has one step of a goal for about ten points.
T_STEP = 5.0
ANXIOUS, ANXIOUS_BANDS = "ons4-anxious", ((0, 1), (2, 3), (4, 5), (6, 10))
CHANGES = ("went up", "stayed the same", "went down")


def count_safely(count: Count, people: Sequence[Coded]) -> Counted | None:
    """How many of these people gave each answer, or changed which way, as it may be shown.

    None where they are too few, or too few pairs stand behind them.  Up and down are as the
    numbers go, also where a lower one is the better one.
    """
    others = frozenset[str]().union(*(one.behind[count.group] for one in people))
    if not enough_behind(count.group, others):
        return None
    counted = Counted(
        group=count.group,
        workbook=count.question.workbook,
        key=count.question.key,
        question=count.question.words,
        times=count.times,
        people=len(people),
        cells=(),
        without=count.without,
    )
    if count.without or count.question.points == T_SCORE:
        mean = _mean(count, people)
        return None if mean is None else replace(counted, mean=mean)
    if count.beside:
        back = _looking_back(count, people)
        return None if back is None else replace(counted, back=back)
    labels, numbers = _spans(count, people) if len(count.times) == 1 else _changes(count, people)
    shown = safe_counts(numbers)
    if shown is None:
        return None
    cells = tuple(zip(labels, shown, strict=True))
    change = _change(count, people) if len(count.times) > 1 else None
    return replace(counted, cells=cells, change=change)


def _change(count: Count, people: Sequence[Coded]) -> Change | None:
    """What changed, in means; by coach where they are leaders, who may share one."""
    before, after = (_values(count, people, time) for time in count.times)
    bands = _bands(count.question)
    means = count.means and not any(_in_one(values, bands) for values in (before, after))
    return paired_change(before, after, _coaches(count, people), means=means)


def _looking_back(count: Count, people: Sequence[Coded]) -> LookingBack | None:
    """What those who looked back said of their start, then and now."""
    start, looking, last = (_values(count, people, time) for time in count.needed)
    bands = _bands(count.question)
    if any(_in_one(values, bands) for values in (start, looking, last)):
        return None
    return looking_back(start, looking, last, _coaches(count, people))


def _coaches(count: Count, people: Sequence[Coded]) -> list[frozenset[str]]:
    """Who coaches each of them, where they are leaders, who may share one."""
    return [one.behind[LEADERS] for one in people] if count.group == LEADERS else []


def _mean(count: Count, people: Sequence[Coded]) -> float | None:
    """The mean answer of people who did not come back, or of T; None where it may not be shown."""
    values = _values(count, people, count.times[0])
    if len(values) < LEAST_IN_A_GROUP or alike(values):
        return None
    if count.question.points == T_SCORE:
        return rounded(sum(values) / len(values), T_STEP)
    if _in_one(values, _bands(count.question)):
        return None
    return rounded(sum(values) / len(values), step_for(len(values)))


def _values(count: Count, people: Sequence[Coded], time: str) -> list[int]:
    return [one.answers[count.question, time] for one in people]


def _in_one(values: Sequence[int], bands: Iterable[tuple[int, int]]) -> bool:
    """Whether all but a few lie in one range: then its ends are nearly everybody's answers."""
    within = (sum(low <= value <= high for value in values) for low, high in bands)
    return len(values) - max(within) < LEAST_IN_A_CELL


def group_results(releases: Iterable[Release]) -> pd.DataFrame:
    """What was released: one row for each answer of each count, oldest release first.

    ``from`` and ``to`` are times; ``from`` is missing where one time is counted.  ``people`` is
    how many the count is about.  ``count`` is missing where the number is not shown; ``shown``
    has it in words.  What is about too few people is not there at all.
    """
    rows = [
        (
            *(one.moment, one.month, counted.group, counted.workbook, counted.key),
            counted.question,
            TIMES[counted.times[0]] if len(counted.times) > 1 else None,
            *(TIMES[counted.times[-1]], counted.people, answer),
            number if isinstance(number, int) else None,
            str(number),
        )
        for one in releases
        for counted in one.counted
        for answer, number in counted.cells
    ]
    frame = pd.DataFrame(rows, columns=list(GROUP_RESULTS))
    whole = ("people", "count")
    frame = frame.astype({name: "Int64" if name in whole else TEXT for name in GROUP_RESULTS})
    frame.attrs["table"] = "group_results"
    return frame


def _spans(count: Count, people: Sequence[Coded]) -> tuple[list[str], list[int]]:
    (time,) = count.times
    bands = _bands(count.question)
    values = _values(count, people, time)
    if count.question.points == LEVELS:
        return list(LEVEL_WORDS), [values.count(low) for low, _ in bands]
    return (
        [f"{low} to {high}" if low < high else str(low) for low, high in bands],
        [sum(low <= value <= high for value in values) for low, high in bands],
    )


def _bands(question: Question) -> tuple[tuple[int, int], ...]:
    return ANXIOUS_BANDS if question.key == ANXIOUS else BANDS[question.points]


def _changes(count: Count, people: Sequence[Coded]) -> tuple[list[str], list[int]]:
    first, last = count.times
    ways = Counter(
        (then < now) - (then > now)
        for one in people
        for then, now in [(one.answers[count.question, first], one.answers[count.question, last])]
    )
    return list(CHANGES), [ways[1], ways[0], ways[-1]]
