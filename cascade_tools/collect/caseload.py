"""The supervisor's overview as a table: facts only, no score, no trend, no leader's name."""

from datetime import UTC, date, datetime

import pandas as pd

from cascade_tools.collect.tables import TEXT
from cascade_tools.model.seen import CoachSeen, Desk, PairSeen

ASKED = {"today": "today", "before": "before then"}  # an asked code and how the table says it
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
    coaches = sorted(desk.caseload(), key=lambda coach: _place(coach, day))
    frame = pd.DataFrame(
        {
            "coach": pd.array([c.name for c in coaches], dtype=TEXT),
            "their_leaders": pd.array(
                ["; ".join(map(_leader, c.pairs)) for c in coaches], dtype=TEXT
            ),
            "asked_to_talk": pd.Categorical(
                [ASKED.get(c.asked or "") for c in coaches], list(ASKED.values()), ordered=True
            ),
            "weeks_since_we_talked": pd.array([weeks(c, day) for c in coaches], dtype="Int64"),
            "next_date": pd.Series([c.next_talk for c in coaches], dtype="datetime64[ns]"),
            "held_and_cancelled": pd.array([_meetings(c) for c in coaches], dtype=TEXT),
            "last_session": pd.array([_sessions(c) for c in coaches], dtype=TEXT),
            "shared_not_yet_read": pd.array([len(c.unread) for c in coaches], dtype="Int64"),
        },
        columns=list(OVERVIEW),
    )
    frame.index = pd.Index([c.id for c in coaches], dtype=str, name="id")
    frame.attrs["table"] = "overview"
    return frame


def weeks(coach: CoachSeen, day: date) -> int | None:
    """Whole weeks since supervisor and coach last talked; None when they never have."""
    return None if coach.last_talked is None else max(0, (day - coach.last_talked).days // 7)


def _place(coach: CoachSeen, day: date) -> tuple[int, float, date, str, str]:
    rank = list(ASKED).index(coach.asked) if coach.asked in ASKED else len(ASKED)
    ago = weeks(coach, day)
    return (
        rank,
        float("-inf") if ago is None else -ago,
        coach.last_talked or coach.since,
        coach.name.casefold(),
        coach.id,
    )


def _leader(pair: PairSeen) -> str:
    return f"{pair.label} (ended)" if pair.ended else pair.label


def _meetings(coach: CoachSeen) -> str:
    by = "; ".join(f"{n} {_by(who)}" for who, n in sorted(coach.cancelled.items()) if n)
    cancelled = sum(coach.cancelled.values())
    return f"{coach.held} held, {cancelled} cancelled" + (f" ({by})" if by else "")


def _by(who: str) -> str:
    return "where nobody said by whom" if who == "not recorded" else f"by {who}"


def _sessions(coach: CoachSeen) -> str:
    return "; ".join(f"{p.label}: {p.last_session} of {p.planned}" for p in coach.pairs)
