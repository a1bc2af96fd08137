"""The supervisor's overview on a page: who asked to talk, when you last did, what waits to be read.

The table of facts comes ready made and in order; names, phone numbers and links come from the
caseload, which is asked again at every change of the filter, so that a share that has been
stopped is gone from an open page too.  Everything people wrote is escaped by the template.
"""

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol
from urllib.parse import quote

import ipywidgets

from cascade_tools.draw.templates import environment
from cascade_tools.errors import CascadeError
from cascade_tools.model.seen import CoachSeen, PairSeen, SharedSeen

EVERYONE, ASKED, UNREAD, LONG_AGO = "everyone", "asked", "unread", "long-ago"
SHOW = (
    ("Everyone", EVERYONE),
    ("Asked to talk", ASKED),
    ("Not yet read", UNREAD),
    ("Not talked for 4 weeks or more", LONG_AGO),
)
LONG_AGO_WEEKS = 4
ON_TOP = ("today", "before")  # these rows lead the table whatever the filter

_OPEN_LINKS = 3  # more than these fold away, so that one coach does not fill the screen


class Rows(Protocol):
    """What is needed of ``collect.overview``'s table: rows by name, with the coach's id first."""

    def itertuples(self) -> Iterable[Any]: ...


@dataclass(frozen=True, slots=True)
class _Link:
    href: str
    words: str


@dataclass(frozen=True, slots=True)
class _Row:
    """One coach as the template says it: words as they are, nothing escaped yet."""

    name: str
    leaders: tuple[str, ...]
    asked: str
    asked_on: str
    phone: str
    dialled: str
    talked: str
    next_talk: str
    meetings: str
    sessions: tuple[str, ...]
    unread: tuple[_Link, ...]
    folded: tuple[_Link, ...]
    nothing: str


def overview_view(
    rows: Rows, caseload: Callable[[], Sequence[CoachSeen]], *, base: str | None = None
) -> Any:
    """The overview: its head, the filter "Show", and the table.

    ``rows`` is the table of ``collect.overview(desk)``, ``caseload`` is ``desk.caseload``.
    ``base`` is the address the links start from, the environment's CASCADE_BASE_URL if not given.
    """
    start = base_address(os.environ.get("CASCADE_BASE_URL", "") if base is None else base)
    facts = {row.Index: row for row in rows.itertuples()}
    head, table = ipywidgets.HTML(), ipywidgets.HTML()
    chosen = ipywidgets.Dropdown(
        options=SHOW, value=EVERYONE, description="Show", style={"description_width": "initial"}
    )
    chosen.add_class("overview-filter")

    def redraw(_change: object = None) -> None:
        try:
            coaches = in_order(facts, caseload())
        except CascadeError as fault:
            # Whether it is over or only out of reach, nobody can say that these rows still hold.
            head.value, table.value = _part("gone", sentence=str(fault)), ""
            return
        shown = [c for c in coaches if _shows(c, facts[c.id], chosen.value)]
        pairs = sum(not pair.ended for c in coaches for pair in c.pairs)
        head.value = _part("head", coaches=len(coaches), pairs=pairs)
        table.value = _part(
            "table",
            rows=[_row(c, facts[c.id], start) for c in shown],
            held=len(coaches),
            chosen=chosen.label if chosen.value != EVERYONE else "",
        )

    chosen.observe(redraw, names="value")
    redraw()
    return ipywidgets.VBox([head, chosen, table])


def in_order(facts: dict[str, Any], coaches: Iterable[CoachSeen]) -> list[CoachSeen]:
    """The coaches who are in the table and still held: those who have asked by now, then as it is.

    A coach who joined after the table was made appears when the page is next opened.
    """
    place = {coach_id: at for at, coach_id in enumerate(facts)}
    held = [coach for coach in coaches if coach.id in place]
    return sorted(held, key=lambda coach: (_rank(coach), place[coach.id]))


def base_address(base: str) -> str:
    """An address on this server that links can be put behind; "/" for anything else."""
    if not base.startswith("/") or base.startswith("//") or "\\" in base:
        return "/"
    return quote(base.rstrip("/"), safe="/%~") + "/"


def _rank(coach: CoachSeen) -> int:
    return ON_TOP.index(coach.asked) if coach.asked in ON_TOP else len(ON_TOP)


def _shows(coach: CoachSeen, fact: Any, chosen: str) -> bool:
    if coach.asked in ON_TOP or chosen == EVERYONE:
        return True
    if chosen == UNREAD:
        return bool(coach.unread)
    if chosen == LONG_AGO:
        weeks = _weeks(fact)
        return weeks is None or weeks >= LONG_AGO_WEEKS
    return False


def _weeks(fact: Any) -> int | None:
    # Where pandas has no number there is something that is not a whole one.
    weeks = fact.weeks_since_we_talked
    return int(weeks) if hasattr(weeks, "__index__") else None


def _row(coach: CoachSeen, fact: Any, base: str) -> _Row:
    links = [_Link(f"{base}shared/{quote(s.id, safe='')}", _share(s)) for s in coach.unread]
    weeks = _weeks(fact)
    return _Row(
        name=coach.name,
        leaders=tuple(f"{p.label} (ended)" if p.ended else p.label for p in coach.pairs),
        asked=coach.asked if coach.asked in ON_TOP else "",
        asked_on=_day(coach.asked_at.astimezone()) if coach.asked_at else "",
        phone=coach.phone,
        dialled="".join(c for c in coach.phone if c in "+0123456789"),
        talked=_ago(weeks) if weeks is not None else f"Not yet. With you since {_day(coach.since)}",
        next_talk=_day(coach.next_talk) if coach.next_talk else "",
        meetings=str(fact.held_and_cancelled),
        sessions=tuple(map(_session, coach.pairs)),
        unread=tuple(links[:_OPEN_LINKS]),
        folded=tuple(links[_OPEN_LINKS:]),
        nothing=_nothing(coach, weeks),
    )


def _session(pair: PairSeen) -> str:
    last = f"{pair.last_session} of" if pair.last_session else "none that we know of, of"
    return f"{pair.label}: {last} {pair.planned}"


def _share(share: SharedSeen) -> str:
    about = [f"session {share.session}"] if share.session is not None else []
    about += [share.label] if share.label else []
    return ", ".join([share.title, *about, f"shared on {_day(share.shared_at.astimezone())}"])


def _nothing(coach: CoachSeen, weeks: int | None) -> str:
    """What a cell without anything to read says: never only a blank."""
    if coach.shared:
        return "You have read everything they share with you."
    ago = "have not talked yet" if weeks is None else f"last talked {_ago(weeks).lower()}"
    return f"Nothing shared yet. That may be fine: sharing is theirs to choose. You {ago}."


def _ago(weeks: int) -> str:
    if weeks == 0:
        return "Less than a week ago"
    return "1 week ago" if weeks == 1 else f"{weeks} weeks ago"


def _day(day: date | datetime) -> str:
    return f"{day.day} {day:%B %Y}"


def _part(part: str, **values: Any) -> str:
    return environment().get_template("parts/overview.html").render(part=part, **values)
