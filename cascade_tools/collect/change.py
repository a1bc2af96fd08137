"""Paired change, by SciPy and statsmodels.

Answers are whole points; everybody is in all lists at the same place.  What may be shown is
decided here too: rounding, and leaving out what is said of people who are nearly all alike.
Whether a group is large enough is decided before (see ``small_numbers``).
"""

import math
from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from typing import Any, Literal

import numpy as np

from cascade_tools.collect.small_numbers import LEAST_IN_A_CELL
from cascade_tools.model.change import Change, Interval, LookingBack

RESAMPLES, SEED = 2_000, 2026
# Above this many leaders to a coach, the coach is part of the answer.
MOST_TO_A_COACH = 2.0
# A mean is rounded so that the sum of all answers stays unknown to at least four points.
STEPS = ((20, 0.5), (50, 0.2))
FINEST = 0.1
WORTH_COUNTING = 2


def step_for(people: int) -> float:
    """To what a mean of so many people is rounded: 0.5 below 20, 0.2 below 50, and 0.1."""
    return next((step for limit, step in STEPS if people < limit), FINEST)


def rounded(value: float, step: float) -> float:
    """The nearest multiple of a step."""
    return _tidy(math.floor(value / step + 0.5 + 1e-9) * step)


def outwards(interval: Interval, step: float) -> Interval:
    """The narrowest interval of whole steps that holds this one."""
    low, high = math.floor(interval.low / step + 1e-9), math.ceil(interval.high / step - 1e-9)
    return Interval(_tidy(low * step), _tidy(high * step))


def alike(values: Sequence[float]) -> bool:
    """Whether all but a few have the same value, so that a mean of them is nearly that value."""
    return len(values) - max(Counter(values).values()) < LEAST_IN_A_CELL


def paired_change(
    before: Sequence[int],
    after: Sequence[int],
    coaches: Sequence[object] = (),
    *,
    means: bool = True,
) -> Change | None:
    """The mean change of the same people with its 95% interval (t, n-1), as it may be shown.

    None where all but a few changed alike.  ``coaches`` says for each person who coached them;
    where a coach has more than two of them on average, the interval is the wider of the plain one
    and that of statsmodels for groups (cluster-robust, t, groups-1).  The interval of ``spreads``
    is a percentile bootstrap of 2,000 with a fixed seed, of people, or of coaches where they have
    several.  ``means`` says whether the means of both times may be shown.
    """
    first, last = np.asarray(before, float), np.asarray(after, float)
    changes, people, step = last - first, len(first), step_for(len(first))
    if alike(changes.tolist()):
        return None
    groups, by_coach = _groups(people, coaches)
    plain = interval_of(changes)
    interval = _wider(plain, changes, groups) if by_coach else plain
    differ = not (alike(before) or alike(after))
    spreads = float(d_av(first, last)) if differ else None
    fine = 1 if people < STEPS[-1][0] else 2
    far_up, far_down = (changes >= WORTH_COUNTING).sum(), (changes <= -WORTH_COUNTING).sum()
    near_up, near_down = (changes > 0).sum() - far_up, (changes < 0).sum() - far_down
    five = (far_up, near_up, (changes == 0).sum(), near_down, far_down)
    return Change(
        difference=rounded(float(changes.mean()), step),
        interval=outwards(interval, step),
        median=float(np.median(changes)),
        step=step,
        before=rounded(float(first.mean()), step) if means and differ else None,
        after=rounded(float(last.mean()), step) if means and differ else None,
        spreads=None if spreads is None else round(spreads, fine),
        spreads_interval=_around(first, last, groups, fine) if differ else None,
        spreads_of_change=round(float(changes.mean() / changes.std(ddof=1)), fine),
        far=(int(far_up), int(far_down)) if min(five) >= LEAST_IN_A_CELL else None,
        by_coach=by_coach,
        widened=interval != plain,
    )


def looking_back(
    start: Sequence[int], looking: Sequence[int], last: Sequence[int], coaches: Sequence[object]
) -> LookingBack | None:
    """The start as it was said then, as the same people see it later, and the mean difference of
    their later answers to that, with its interval as in ``paired_change``.

    None where all but a few answered alike at a time, or changed alike between any two.
    """
    times = [np.asarray(values, float) for values in (start, looking, last)]
    apart = [one - other for one, other in combinations(times, 2)]
    if any(alike(values.tolist()) for values in (*times, *apart)):
        return None
    changes, people = times[2] - times[1], len(times[0])
    step, (groups, by_coach) = step_for(people), _groups(people, coaches)
    interval = interval_of(changes)
    return LookingBack(
        start=rounded(float(times[0].mean()), step),
        looking=rounded(float(times[1].mean()), step),
        difference=rounded(float(changes.mean()), step),
        interval=outwards(_wider(interval, changes, groups) if by_coach else interval, step),
        step=step,
        by_coach=by_coach,
    )


def d_av(first: Any, last: Any) -> Any:
    """The mean difference over the mean of both standard deviations, with the correction of
    Hedges for few people, 1 - 3 / (4 (n - 1) - 1)."""
    return _d_av(len(first), first.sum(), (first**2).sum(), last.sum(), (last**2).sum())


def _d_av(people: Any, first: Any, first_2: Any, last: Any, last_2: Any) -> Any:
    """The same from sums, so that a bootstrap draws many at once."""
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = (_deviation(people, first, first_2) + _deviation(people, last, last_2)) / 2
        return (last - first) / people / spread * (1 - 3 / (4 * (people - 1) - 1))


def _deviation(people: Any, total: Any, squares: Any) -> Any:
    return np.sqrt(np.maximum(squares - total**2 / people, 0) / (people - 1))


def _around(first: Any, last: Any, groups: Any, fine: int) -> Interval | None:
    """The interval of d_av: whole groups are drawn, each person alone where nobody shares one."""
    from scipy import stats

    columns = (np.ones(len(first)), first, first**2, last, last**2)
    sums = np.stack([np.bincount(groups, column) for column in columns])
    # In an order that does not depend on who stands where.
    sums = sums[:, np.lexsort(sums)]
    with np.errstate(invalid="ignore"):  # a draw of people who all answered alike has no spread
        found = stats.bootstrap(
            (np.arange(sums.shape[1]),),
            lambda drawn, axis=-1: _d_av(*sums[:, drawn].sum(axis=-1)),
            n_resamples=RESAMPLES,
            method="percentile",
            rng=np.random.default_rng(SEED),
        ).confidence_interval
    low, high = float(found.low), float(found.high)
    return Interval(round(low, fine), round(high, fine)) if np.isfinite([low, high]).all() else None


def _groups(people: int, coaches: Sequence[object]) -> tuple[Any, bool]:
    """Which people belong together, and whether they do so by coach.

    That is each coach (or set of coaches) as a number from 0, where coaches have more than two of
    them on average; else everybody is alone.
    """
    if not coaches or people / len(set(coaches)) <= MOST_TO_A_COACH:
        return np.arange(people), False
    places = {coach: place for place, coach in enumerate(dict.fromkeys(coaches))}
    return np.array([places[coach] for coach in coaches]), True


def _wider(plain: Interval, changes: Any, groups: Any) -> Interval:
    """The wider of a plain interval and that of groups."""
    return max(plain, interval_of(changes, groups), key=lambda one: one.high - one.low)


def interval_of(changes: Any, groups: Any = None) -> Interval:
    """The 95% interval of a mean change, not rounded: t with n-1, or where ``groups`` says who
    belongs together, cluster-robust, t with groups-1."""
    if groups is None:
        from scipy import stats

        plain = stats.ttest_1samp(changes, 0).confidence_interval(0.95)
        return Interval(float(plain.low), float(plain.high))
    from statsmodels.regression.linear_model import OLS

    fitted = OLS(changes, np.ones((len(changes), 1))).fit(
        cov_type="cluster", cov_kwds={"groups": groups}, use_t=True
    )
    ((low, high),) = fitted.conf_int(0.05)
    return Interval(float(low), float(high))


def share_interval(
    count: int, people: int, method: Literal["exact", "wilson"] = "wilson"
) -> Interval:
    """The 95% interval of a share: Wilson's, or the exact one of Clopper and Pearson."""
    from statsmodels.stats.proportion import proportion_confint

    name = {"exact": "beta", "wilson": "wilson"}[method]
    low, high = proportion_confint(count, people, alpha=0.05, method=name)
    return Interval(float(low), float(high))


def precision(people: int) -> float:
    """Half the width of the 95% interval, in spreads of the change, for so many people."""
    from scipy import stats

    return float(stats.t.ppf(0.975, people - 1) / np.sqrt(people))


def _tidy(value: float) -> float:
    """Without the dust of floating point, and never minus zero."""
    return round(value, 6) + 0.0
