"""How long things are kept, and when people are told: dates only, no records."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascade_tools.errors import SettingsFault
from cascade_tools.model.due import BEFORE, ERASE, NOTICE, WARN, goes_on, next_step, tells_on
from cascade_tools.model.retention import (
    ATTENDANCE,
    OWN_WRITING,
    RULES,
    SHARED_COPIES,
    fault_in,
    keep_until,
    later,
)
from cascade_tools.settings import read_settings, settings_text

DAY = timedelta(days=1)
DAYS = st.dates(date(2026, 1, 1), date(2040, 1, 1))


def test_every_rule_says_what_how_long_from_when_and_why() -> None:
    """No kind of record is kept without a reason that can be read."""
    for rule in RULES.values():
        assert all((rule.covers, rule.since, rule.why))
        assert rule.months is None or rule.after is None
        assert rule.warnings in (0, 1, 2)


@given(since=DAYS, rule=st.sampled_from(sorted(RULES)), more=st.integers(0, 60))
def test_a_later_beginning_never_ends_sooner(since: date, rule: str, more: int) -> None:
    """What something counts from may move, and its end moves the same way."""
    ends = keep_until(rule, since), keep_until(rule, since + more * DAY)
    if RULES[rule].months is None and RULES[rule].after is None:
        assert ends == (None, None)
    else:
        assert ends[0] is not None
        assert ends[1] is not None
        assert since <= ends[0] <= ends[1]


def test_without_a_beginning_there_is_no_end() -> None:
    """What has not ended yet is kept, and so is whatever waits for it."""
    assert keep_until(SHARED_COPIES, None) is None
    assert later(date(2026, 5, 4), None) is None
    assert later() is None
    assert later(date(2026, 5, 4), date(2026, 5, 5)) == date(2026, 5, 5)


@given(
    until=DAYS,
    warnings=st.sampled_from([0, 1, 2]),
    runs=st.lists(st.integers(-400, 400), max_size=60, unique=True),
)
def test_however_often_it_runs_nobody_is_surprised(
    until: date, warnings: int, runs: list[int]
) -> None:
    """On whatever days a run happens: nothing goes before its day, without each of its warnings,
    or sooner than four weeks after the last; and the day that was told is the day it goes."""
    told: list[date] = []
    for day in (until + n * DAY for n in sorted(runs)):
        step = next_step(until, told, warnings, day)
        if step is None:
            assert day < goes_on(until, told, warnings, day)
            continue
        assert step[1] <= day
        if step[0] != ERASE:
            assert not told or day - told[-1] >= NOTICE
            told.append(day)
            continue
        assert day >= until
        assert len(told) == warnings
        assert not told or day - told[-1] >= NOTICE
        assert step[1] == goes_on(until, told, warnings, day)
        return


@given(until=DAYS, warnings=st.sampled_from([0, 1, 2]))
def test_with_a_run_every_day_it_goes_on_its_day(until: date, warnings: int) -> None:
    """Warnings come in time, so that they put nothing off."""
    told: list[date] = []
    first = min((*tells_on(until, warnings), until))
    for n in range((until - first).days + 1):
        step = next_step(until, told, warnings, first + n * DAY)
        if step is not None and step[0] == ERASE:
            assert first + n * DAY == until
            return
        if step is not None:
            told.append(first + n * DAY)
    pytest.fail("It never went.")


def test_a_warning_about_another_day_counts_for_nothing() -> None:
    """Somebody who wrote after a warning, or whose pair ends later, is told anew."""
    until = date(2027, 11, 4)
    assert next_step(until, [until - BEFORE - DAY], 1, until) == (WARN, until - BEFORE)
    assert next_step(until, [until - BEFORE], 1, until) == (ERASE, until)


@pytest.mark.parametrize(
    "months",
    [
        {"own-writing": 24},
        {"reviews": 3, "kept-together": 36},
        {"attendance": 12},
    ],
)
def test_a_programme_may_settle_its_months(months: dict[str, int], tmp_path: Path) -> None:
    """Months by rule are read from programme.toml, and replace the proposal."""
    path = tmp_path / "programme.toml"
    path.write_text(settings_text(retention=months), encoding="utf-8")
    settings = read_settings(path)
    assert settings.retention == months
    for rule, count in months.items():
        assert keep_until(rule, date(2026, 1, 31), settings.retention) == keep_until(
            rule, date(2026, 1, 31), {rule: count}
        )


@pytest.mark.parametrize(
    ("months", "named"),
    [
        ({"own-writing": 6}, "own-writing"),
        ({"reviews": 0}, "reviews"),
        ({"reviews": 12.5}, "reviews"),
        ({"reviews": True}, "reviews"),
        ({"reviews": 10_000}, "reviews"),
        ({"backups": 3}, "backups"),
        ({"Zebra": 3}, "Zebra"),
        ({"attendance": 6}, "attendance"),
    ],
)
def test_months_that_cannot_be_are_refused(
    months: dict[str, int], named: str, tmp_path: Path
) -> None:
    """A programme that settles something impossible is told which, and what may be."""
    path = tmp_path / "programme.toml"
    path.write_text(settings_text(retention=months), encoding="utf-8")
    with pytest.raises(SettingsFault, match=named):
        read_settings(path)


@given(
    st.dictionaries(
        st.one_of(st.sampled_from(sorted(RULES)), st.text(max_size=12)),
        st.one_of(st.integers(), st.floats(), st.text(max_size=5), st.booleans(), st.none()),
        max_size=4,
    )
)
def test_whatever_stands_there_is_judged(months: dict[str, int]) -> None:
    """Months are accepted or named as a fault, never met with a crash; what is accepted counts."""
    if not fault_in(months):
        for rule in (OWN_WRITING, ATTENDANCE, *months):
            assert keep_until(rule, date(2026, 1, 31), months) is not None
