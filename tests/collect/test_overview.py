"""The supervisor's overview as a table."""

from datetime import UTC, date, datetime, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings

from cascade_tools import collect
from cascade_tools.model.seen import PairSeen
from tests.collect.paper_desk import TODAY, PaperDesk, caseloads, coach, share

COLUMNS = {
    "coach": "string",
    "their_leaders": "string",
    "asked_to_talk": "category",
    "weeks_since_we_talked": "Int64",
    "next_date": "datetime64[ns]",
    "held_and_cancelled": "string",
    "last_session": "string",
    "shared_not_yet_read": "Int64",
}


def overview(*coaches):
    return collect.overview(PaperDesk(coaches=coaches), today=TODAY)


@pytest.mark.parametrize("coaches", [[], [coach("c1")], [coach("c1", next_talk=None)]])
def test_columns_and_types_are_stable(coaches):
    """The columns, their order and types are the same for any caseload, an empty one included."""
    frame = overview(*coaches)
    assert {name: str(kind) for name, kind in frame.dtypes.items()} == COLUMNS
    assert list(frame) == list(COLUMNS)


def test_a_row_says_facts_in_words():
    """A row holds labels, dates and counts, and says by whom supervisions were cancelled."""
    pairs = (
        PairSeen("the carers’ charity", 3, 5, None, None),
        PairSeen("the hospice", 5, 5, None, date(2027, 5, 1)),
    )
    row = overview(coach("c1", pairs=pairs, unread=(share("s1"), share("s2")))).loc["c1"]
    assert row["coach"] == "Coach c1"
    assert row["their_leaders"] == "the carers’ charity; the hospice (ended)"
    assert row["weeks_since_we_talked"] == 3
    assert row["next_date"] == pd.Timestamp(2027, 6, 8)
    assert row["held_and_cancelled"] == "4 held, 3 cancelled (1 by coach; 2 by programme)"
    assert row["last_session"] == "the carers’ charity: 3 of 5; the hospice: 5 of 5"
    assert row["shared_not_yet_read"] == 2


@pytest.mark.parametrize(
    ("cancelled", "words"),
    [
        ({}, "4 held, 0 cancelled"),
        ({"coach": 0, "supervisor": 2}, "4 held, 2 cancelled (2 by supervisor)"),
        ({"not recorded": 1}, "4 held, 1 cancelled (1 where nobody said by whom)"),
    ],
)
def test_cancelled_says_by_whom(cancelled, words):
    """Cancelled supervisions are counted by who cancelled them, where that was recorded."""
    assert overview(coach("c1", cancelled=cancelled))["held_and_cancelled"]["c1"] == words


def test_weeks_count_to_today():
    """Unless another day is given, weeks are counted to the day it is."""
    today = datetime.now(UTC).astimezone().date()
    coaches = [coach("c1", last_talked=today - timedelta(days=17))]
    frame = collect.overview(PaperDesk(coaches=coaches))
    assert frame["weeks_since_we_talked"]["c1"] == 2


def test_never_talked_is_not_nought_weeks():
    """Without a supervision there is no number of weeks; in the first week it is 0."""
    frame = overview(coach("never", last_talked=None), coach("new", last_talked=TODAY))
    assert frame.loc["never", "weeks_since_we_talked"] is pd.NA
    assert frame.loc["new", "weeks_since_we_talked"] == 0


def test_order_by_example():
    """Today, before then, then never talked and longest first; "at our next" has not asked."""
    ago = {n: TODAY - timedelta(weeks=n) for n in (1, 2, 9)}
    frame = overview(
        coach("one", last_talked=ago[1]),
        coach("nine", last_talked=ago[9], asked="next"),
        coach("before", last_talked=ago[2], asked="before"),
        coach("never", last_talked=None),
        coach("today", last_talked=ago[1], asked="today"),
    )
    assert frame.index.tolist() == ["today", "before", "never", "nine", "one"]
    assert frame["asked_to_talk"].dropna().tolist() == ["today", "before then"]


@settings(deadline=None)  # the machine may be busy; time is not what is tested
@given(caseloads())
def test_order_holds_for_any_caseload(coaches):
    """No row stands above one that asked more urgently or, alike, was talked with longer ago."""
    frame = overview(*coaches)
    asked = frame["asked_to_talk"].cat.codes.replace(-1, 2).tolist()
    weeks = frame["weeks_since_we_talked"].fillna(10_000).tolist()
    places = [(a, -w) for a, w in zip(asked, weeks, strict=True)]
    assert places == sorted(places)
    assert sorted(frame.index) == sorted(c.id for c in coaches)


def test_no_score_and_no_trend():
    """Nothing in the table is a score, a trend or a leader's name: eight columns, and no more."""
    assert len(overview(coach("c1")).columns) == 8
