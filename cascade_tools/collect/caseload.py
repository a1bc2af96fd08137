"""The supervisor's overview as a table: facts only, no score, no trend, no leader's name."""

from datetime import UTC, date, datetime

import pandas as pd

from cascade_tools.collect.tables import TEXT
from cascade_tools.model.caseload import ASKED, asked, in_order, meetings, weeks
from cascade_tools.model.seen import CoachSeen, Desk, PairSeen

OVERVIEW = (
    "coach",
    "their_leaders",
    "asked_to_talk",
    "weeks_since_we_talked",
    "next_date",
    "held_and_cancelled",
    "last_session",
    "shared_not_yet_read",
)


def overview(desk: Desk, *, today: date | None = None) -> pd.DataFrame:
    """One row per coach this supervisor holds; the index is the coach's id.

    Order: asked to talk today; asked to talk before then; then weeks since the two talked,
    longest first.  Never having talked counts as longest, and its number of weeks is missing.
    """
    day = today or datetime.now(UTC).astimezone().date()
    coaches = in_order(desk.caseload(), day)
    frame = pd.DataFrame(
        {
            "coach": pd.array([c.name for c in coaches], dtype=TEXT),
            "their_leaders": pd.array(
                ["; ".join(map(_leader, c.pairs)) for c in coaches], dtype=TEXT
            ),
            "asked_to_talk": pd.Categorical(
                [ASKED.get(asked(c)) for c in coaches], list(ASKED.values()), ordered=True
            ),
            "weeks_since_we_talked": pd.array([weeks(c, day) for c in coaches], dtype="Int64"),
            "next_date": pd.Series([c.next_talk for c in coaches], dtype="datetime64[ns]"),
            "held_and_cancelled": pd.array([meetings(c) for c in coaches], dtype=TEXT),
            "last_session": pd.array([_sessions(c) for c in coaches], dtype=TEXT),
            "shared_not_yet_read": pd.array([len(c.unread) for c in coaches], dtype="Int64"),
        },
        columns=list(OVERVIEW),
    )
    frame.index = pd.Index([c.id for c in coaches], dtype=str, name="id")
    frame.attrs.update(table="overview", reader=desk.name)
    return frame


def _leader(pair: PairSeen) -> str:
    return f"{pair.label} (ended)" if pair.ended else pair.label


def _sessions(coach: CoachSeen) -> str:
    return "; ".join(f"{p.label}: {p.last_session} of {p.planned}" for p in coach.pairs)
