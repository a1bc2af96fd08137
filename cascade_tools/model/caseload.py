"""The order of a supervisor's coaches, and which of them a way to look shows.

Facts alone decide: who asked to talk, and how long ago the two last talked.  Nothing here is a
score, and nobody is put before anybody for what they wrote.
"""

from collections.abc import Iterable
from datetime import date
from types import MappingProxyType

from cascade_tools.model.seen import CoachSeen

ASKED = MappingProxyType({"today": "today", "before": "before then"})
"""The codes of asking to talk, the most pressing first, and how people say them."""

EVERYONE, WHO_ASKED, UNREAD, LONG_AGO = "everyone", "asked", "unread", "long-ago"
SHOWS = MappingProxyType(
    {
        EVERYONE: "Everyone",
        WHO_ASKED: "Asked to talk",
        UNREAD: "Not yet read",
        LONG_AGO: "Not talked for 4 weeks or more",
    }
)
"""The ways to look: the code that stands in an address, and how people say it."""

LONG_AGO_WEEKS = 4


def weeks(coach: CoachSeen, day: date) -> int | None:
    """Whole weeks since supervisor and coach last talked; None when they never have."""
    return None if coach.last_talked is None else max(0, (day - coach.last_talked).days // 7)


def asked(coach: CoachSeen) -> str:
    """``"today"`` or ``"before"`` while they ask to talk; empty when they do not.

    Asking to talk at the next supervision presses nobody, and counts as not asking.
    """
    return coach.asked if coach.asked and coach.asked in ASKED else ""


def in_order(coaches: Iterable[CoachSeen], today: date) -> list[CoachSeen]:
    """Asked to talk today; asked to talk before then; then weeks since the two talked, longest
    first.  Never having talked counts as longest."""
    return sorted(coaches, key=lambda coach: _place(coach, today))


def _place(coach: CoachSeen, today: date) -> tuple[int, float, date, str, str]:
    rank = list(ASKED).index(asked(coach)) if asked(coach) else len(ASKED)
    ago = weeks(coach, today)
    return (
        rank,
        float("-inf") if ago is None else -ago,
        coach.last_talked or coach.since,
        coach.name.casefold(),
        coach.id,
    )


def fits(coach: CoachSeen, show: str, today: date) -> bool:
    """Whether a way to look is about this coach; an unknown code is about everyone."""
    if show == WHO_ASKED:
        return bool(asked(coach))
    if show == UNREAD:
        return bool(coach.unread)
    if show == LONG_AGO:
        ago = weeks(coach, today)
        return ago is None or ago >= LONG_AGO_WEEKS
    return True


def shown(coach: CoachSeen, show: str, today: date) -> bool:
    """Whether a way to look shows this coach.  Whoever asked to talk stays, whatever it is."""
    return bool(asked(coach)) or fits(coach, show, today)


def meetings(coach: CoachSeen) -> str:
    """How many supervisions were held and how many cancelled, and by whom: a sentence's worth."""
    by = "; ".join(f"{n} {_by(who)}" for who, n in sorted(coach.cancelled.items()) if n)
    cancelled = sum(coach.cancelled.values())
    return f"{coach.held} held, {cancelled} cancelled" + (f" ({by})" if by else "")


def _by(who: str) -> str:
    return "where nobody said by whom" if who == "not recorded" else f"by {who}"
