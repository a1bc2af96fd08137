"""Statistics: SciPy's and statsmodels' figures, as published elsewhere and as we say them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from cascade_tools import content
from cascade_tools.collect.change import (
    alike,
    d_av,
    interval_of,
    outwards,
    paired_change,
    precision,
    rounded,
    share_interval,
    step_for,
)
from cascade_tools.model.change import PRECISION, Interval, direction, how_sure, in_spreads
from cascade_tools.model.group_results import LOWER_IS_BETTER

# Student's sleep data, as R ships them (``datasets::sleep``), times 10: answers are whole points.
DRUG_1 = (7, -16, -2, -12, -1, 34, 37, 8, 0, 20)
DRUG_2 = (19, 8, 11, 1, -1, 44, 55, 16, 46, 34)
CHANGES = np.subtract(DRUG_2, DRUG_1)


def test_the_interval_is_what_r_prints_for_sleep() -> None:
    """R: mean of the differences 1.58, 95 percent interval 0.7001142 to 2.4598858."""
    assert CHANGES.mean() == pytest.approx(15.8)
    found = interval_of(CHANGES)
    assert (found.low, found.high) == pytest.approx((7.001142, 24.598858), abs=1e-6)


def test_the_effect_is_the_published_formula() -> None:
    """d_av: 15.8 / ((17.89010 + 20.02249) / 2), times 1 - 3 / 35; d_z: 15.8 / 12.29995."""
    first, last = np.array(DRUG_1, float), np.array(DRUG_2, float)
    assert float(d_av(first, last)) == pytest.approx(0.83350 * (1 - 3 / 35), abs=1e-4)
    change = paired_change(DRUG_1, DRUG_2)
    assert change is not None
    assert change.spreads == pytest.approx(0.8)
    assert change.spreads_of_change == pytest.approx(15.8 / 12.29995, abs=0.05)
    around = change.spreads_interval
    assert around is not None
    assert around.low < 0.8 < around.high


def test_an_interval_for_groups_is_the_sandwich_of_the_textbook() -> None:
    """Of four groups of three: the mean, with the clustered variance G/(G-1) (n-1)/(n-1) times
    the sum of squared group sums of residuals over n squared (Liang and Zeger; R: sandwich's vcovCL
    with type HC1), and t with three degrees of freedom."""
    changes = np.array([3, 2, 3, 0, -1, 0, 4, 5, 3, 1, 1, 2], float)
    groups = np.repeat(np.arange(4), 3)
    sums = np.bincount(groups, changes - changes.mean())
    error = np.sqrt((sums**2).sum() / 12**2 * 4 / 3)
    half = stats.t.ppf(0.975, 3) * error
    found = interval_of(changes, groups)
    assert (found.low, found.high) == pytest.approx((changes.mean() - half, changes.mean() + half))


@pytest.mark.parametrize(
    ("count", "people", "method", "low", "high"),
    [
        (30, 30, "exact", 88, 100),
        (15, 15, "exact", 78, 100),
        (87, 92, "wilson", 88, 98),
        (5, 6, "wilson", 44, 97),
    ],
)
def test_published_figures_have_these_intervals(
    count: int, people: int, method: str, low: int, high: int
) -> None:
    """The worked examples of *What changed* say these whole percents (R: binom.test, and
    prop.test without correction)."""
    found = share_interval(count, people, method)  # type: ignore[arg-type]
    assert (round(found.low * 100), round(found.high * 100)) == (low, high)


def test_94_percent_of_92_are_86_or_87_people() -> None:
    """The only counts that round to the published share."""
    assert [n for n in range(93) if round(n / 92 * 100) in (93, 94, 95)][:3] == [86, 87]


def test_what_precision_to_expect() -> None:
    """The table that the sentence is read from is SciPy's, and the row is the one below."""
    assert {n: round(precision(n), 2) for n, _ in PRECISION} == dict(PRECISION)
    assert "about half of the usual spread of changes (0.55)" in how_sure(15)
    assert "(0.37)" in how_sure(59)
    assert "(0.14)" in how_sure(2000)


def test_people_of_one_coach_make_us_less_sure() -> None:
    """Where a coach had more than two and their leaders changed alike, the interval is wider;
    with two or fewer to a coach it is the plain one."""
    before = [5] * 8 + [4] * 4
    after = [8, 8, 7, 8, 5, 5, 4, 5, 9, 9, 8, 9]
    plain, grouped = paired_change(before, after), paired_change(before, after, [*"aaaabbbbcccc"])
    assert plain is not None
    assert grouped is not None
    assert grouped.widened
    assert grouped.by_coach
    assert not plain.widened
    assert grouped.interval.high - grouped.interval.low > plain.interval.high - plain.interval.low
    assert paired_change(before, after, [*"aabbccddeeff"]) == plain


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10), st.integers(0, 10)), min_size=10, max_size=70))
def test_as_scipy_says_rounded_and_the_same_each_time(pairs: list[tuple[int, int]]) -> None:
    """The mean change is within half a step of the true one, the interval holds SciPy's, and
    nothing depends on the order of people.  Where all but a few changed alike, nothing is said."""
    before, after = zip(*pairs, strict=True)
    change = paired_change(before, after)
    changes = np.subtract(after, before)
    assert (change is None) == alike(changes.tolist())
    if change is None:
        return
    assert change == paired_change(before[::-1], after[::-1])
    step = step_for(len(pairs))
    assert abs(change.difference - changes.mean()) <= step / 2 + 1e-9
    exact = stats.ttest_rel(after, before).confidence_interval()
    assert change.interval.low <= exact.low + 1e-6
    assert change.interval.high >= exact.high - 1e-6
    assert change.interval.high - change.interval.low <= exact.high - exact.low + 2 * step


@given(st.integers(10, 400), st.data())
def test_no_mean_gives_the_sum_away(people: int, data: st.DataObject) -> None:
    """Whatever the answers add up to, at least four other sums in a row give the same mean: no
    answer follows from a mean even for somebody who knows all the others."""
    total = data.draw(st.integers(5, people * 10 - 5))
    step = step_for(people)
    shown = rounded(total / people, step)
    same = [s for s in range(people * 10 + 1) if rounded(s / people, step) == shown]
    assert len(same) >= 4


def test_an_interval_is_never_made_narrower() -> None:
    """Rounding goes outwards, and a bound on a step stays there."""
    assert outwards(Interval(0.1, 1.9), 0.5) == Interval(0.0, 2.0)
    assert outwards(Interval(-0.3, 0.4), 0.2) == Interval(-0.4, 0.4)


def test_words_never_say_small_or_large() -> None:
    """A difference is told by the typical spread, and which way it went stays as the numbers go."""
    told = [in_spreads(size / 100) for size in range(-200, 200)]
    assert not any(word in said for said in told for word in ("small", "medium", "large"))
    assert in_spreads(0.5) == "about half of a typical spread" == in_spreads(-0.5)
    assert direction(-1.2, lower_is_better=True) == "went down (here lower is better)"
    assert direction(0.4, lower_is_better=False) == "went up"


def test_where_lower_is_better_is_what_the_kit_says_elsewhere() -> None:
    """The same lines as in the kit's own data, and the one on feeling anxious."""
    ours = {i.id.lower() for i in content.framework("outcomes_v1").items if i.lower_is_better}
    assert ours | {"ons4-anxious"} == LOWER_IS_BETTER
