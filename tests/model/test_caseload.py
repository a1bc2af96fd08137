"""Which coaches come first, and which of them a way to look shows."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings

from cascade_tools.model.caseload import SHOWS, asked, in_order, shown, weeks
from tests.collect.paper_desk import TODAY, caseloads, coach, share


def ago(n: int) -> date:
    return TODAY - timedelta(weeks=n)


def test_order_by_example() -> None:
    """Today, before then, then never talked and longest first; "at our next" has not asked."""
    coaches = [
        coach("one", last_talked=ago(1)),
        coach("nine", last_talked=ago(9), asked="next"),
        coach("before", last_talked=ago(2), asked="before"),
        coach("never", last_talked=None),
        coach("today", last_talked=ago(1), asked="today"),
    ]
    ordered = [c.id for c in in_order(coaches, TODAY)]
    assert ordered == ["today", "before", "never", "nine", "one"]


@settings(deadline=None)  # the machine may be busy; time is not what is tested
@given(caseloads())
def test_whoever_asked_is_shown_and_leads_whatever_the_way_to_look(coaches) -> None:
    """No way to look hides or moves down somebody who asked to talk, an unknown one included."""
    asking = [c.id for c in in_order(coaches, TODAY) if asked(c)]
    for show in (*SHOWS, "anything", ""):
        seen = [c.id for c in in_order(coaches, TODAY) if shown(c, show, TODAY)]
        assert seen[: len(asking)] == asking


@pytest.mark.parametrize(
    ("show", "ids"),
    [
        ("everyone", ["never", "nine", "new"]),
        ("no such code", ["never", "nine", "new"]),
        ("asked", []),
        ("unread", ["new"]),
        ("long-ago", ["never", "nine"]),
    ],
)
def test_a_way_to_look_shows_whom_it_says(show: str, ids: list[str]) -> None:
    """Unread shows who has shared something unread; long ago, four weeks or more, or never."""
    coaches = [
        coach("new", last_talked=ago(3), unread=(share("s"),)),
        coach("nine", last_talked=ago(9)),
        coach("never", last_talked=None),
    ]
    assert [c.id for c in in_order(coaches, TODAY) if shown(c, show, TODAY)] == ids


def test_never_talked_is_not_nought_weeks() -> None:
    """Without a supervision there is no number; whole weeks are counted, and a day to come is
    this week."""
    assert weeks(coach("a", last_talked=None), TODAY) is None
    assert weeks(coach("a", last_talked=TODAY - timedelta(days=13)), TODAY) == 1
    assert weeks(coach("a", last_talked=TODAY + timedelta(days=9)), TODAY) == 0
