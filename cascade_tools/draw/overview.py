"""The supervisor's overview: who asked to talk, when you last did, what waits to be read.

Facts alone, in the order of ``model.caseload``: no words, no score, no trend.  One set of rows
stands behind the page and the text of the command line.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from markupsafe import Markup

from cascade_tools.draw.templates import render
from cascade_tools.model.caseload import (
    EVERYONE,
    SHOWS,
    asked,
    fits,
    in_order,
    meetings,
    shown,
    weeks,
)
from cascade_tools.model.seen import CoachSeen, PairSeen, SharedSeen
from cascade_tools.model.typed import day_in_words

OPEN_LINKS = 3  # more than these fold away, so that one coach does not fill the screen
ASKED = {"today": "Today", "before": "Before then"}


@dataclass(frozen=True, slots=True)
class Link:
    """``id`` is what stands behind it, so that an open page can tell when it is over."""

    id: str
    href: str
    words: str


@dataclass(frozen=True, slots=True)
class Leader:
    """A pair as its coach's supervisor reads it; ``href`` looks across its sessions, if it can."""

    label: str
    session: str
    href: str


@dataclass(frozen=True, slots=True)
class Row:
    """One coach, in words; nothing is escaped yet.  ``asked`` is a code, or empty."""

    id: str
    name: str
    asked: str
    asked_on: str
    phone: str
    dialled: str
    talked: str
    next_talk: str
    meetings: str
    leaders: tuple[Leader, ...]
    unread: tuple[Link, ...]
    nothing: str


@dataclass(frozen=True, slots=True)
class Glance:
    """What one look tells: who asked, whom not talked with for longest, how much is new."""

    asked: tuple[tuple[str, str, str], ...]
    longest: tuple[str, str, str] | None
    unread: int
    coaches: int


def overview_html(
    coaches: Sequence[CoachSeen],
    show: str,
    today: date,
    day: Callable[[datetime], str],
    to: Callable[[str], str],
    here: Callable[[str], str],
) -> Markup:
    """The whole overview.

    ``show`` is a code of ``SHOWS``, anything else is everyone; ``day`` says a moment as a day,
    ``to`` makes the address of a page, ``here`` the address of this one with another ``show``.
    """
    show = show if show in SHOWS else EVERYONE
    held = in_order(coaches, today)
    rows = [_row(c, today, day, to) for c in held if shown(c, show, today)]
    return render(
        "parts/overview.html",
        rows=rows,
        glance=_glance(held, today),
        shows=[
            (code, words, sum(fits(c, code, today) for c in held), here(code))
            for code, words in SHOWS.items()
        ],
        show=show,
        chosen=SHOWS[show] if show != EVERYONE else "",
        held=len(held),
        pairs=sum(not pair.ended for c in held for pair in c.pairs),
        still=to("coaches/still"),
        asked_words=ASKED,
        open_links=OPEN_LINKS,
    )


def overview_text(
    coaches: Sequence[CoachSeen], show: str, today: date, day: Callable[[datetime], str]
) -> str:
    """The same rows as plain text, one paragraph for each coach."""
    held = in_order(coaches, today)
    rows = [_row(c, today, day, lambda path: path) for c in held if shown(c, show, today)]
    if not rows:
        return "Nobody here at the moment." if held else "You hold no coaches yet."
    return "\n\n".join("\n".join(map(_printable, _lines(row))) for row in rows)


def _printable(line: str) -> str:
    """Without what a terminal would take for an order."""
    return "".join(c if c.isprintable() else " " for c in line)


def _lines(row: Row) -> list[str]:
    lines = [row.name]
    if row.asked:
        asked_on = f", on {row.asked_on}" if row.asked_on else ""
        ring = f". Ring {row.phone}" if row.asked == "today" and row.phone else ""
        lines.append(f"  Asked to talk: {ASKED[row.asked].lower()}{asked_on}{ring}")
    lines.append(f"  You last talked: {row.talked}")
    lines.append(f"  Next date: {row.next_talk or 'none yet'}")
    lines.append(f"  Supervisions: {row.meetings}")
    lines += [f"  Leader: {x.label}, {x.session}" for x in row.leaders] or ["  No leader yet"]
    lines += [f"  Not yet read: {x.words}" for x in row.unread] or [f"  {row.nothing}"]
    return lines


def _glance(held: Sequence[CoachSeen], today: date) -> Glance:
    longest = max(held, key=lambda c: _since(c, today), default=None)
    return Glance(
        asked=tuple((c.id, c.name, ASKED[asked(c)].lower()) for c in held if asked(c)),
        longest=(longest.id, longest.name, _talked(longest, today)) if longest else None,
        unread=sum(len(c.unread) for c in held),
        coaches=sum(bool(c.unread) for c in held),
    )


def _since(coach: CoachSeen, today: date) -> tuple[bool, int]:
    """Never having talked counts as longest."""
    last = coach.last_talked
    return last is None, (today - (last or coach.since)).days


def _row(
    coach: CoachSeen, today: date, day: Callable[[datetime], str], to: Callable[[str], str]
) -> Row:
    return Row(
        id=coach.id,
        name=coach.name,
        asked=asked(coach),
        asked_on=day(coach.asked_at) if coach.asked_at else "",
        phone=coach.phone,
        dialled="".join(c for c in coach.phone if c in "+0123456789"),
        talked=_talked(coach, today),
        next_talk=day_in_words(coach.next_talk) if coach.next_talk else "",
        meetings=meetings(coach),
        leaders=tuple(_leader(coach, pair, to) for pair in coach.pairs),
        unread=tuple(Link(x.id, to(f"shared/{x.id}"), _share(x, day)) for x in coach.unread),
        nothing=_nothing(coach, today),
    )


def _leader(coach: CoachSeen, pair: PairSeen, to: Callable[[str], str]) -> Leader:
    known = f"session {pair.last_session} of {pair.planned}"
    if not pair.last_session:
        known = f"none of {pair.planned} sessions that we know of"
    return Leader(
        label=pair.label,
        session=f"{known}, ended" if pair.ended else known,
        href=to(f"coaches/{coach.id}/pairs/{pair.id}") if pair.shared else "",
    )


def _share(share: SharedSeen, day: Callable[[datetime], str]) -> str:
    about = [share.label] if share.label else []
    about += [f"session {share.session}"] if share.session is not None else []
    return ", ".join([share.title, *about, f"shared on {day(share.shared_at)}"])


def _nothing(coach: CoachSeen, today: date) -> str:
    """What stands where nothing is to be read: never only a blank."""
    if coach.shared:
        return "You have read everything they share with you."
    ago = _talked(coach, today)
    talked = f"You last talked {ago.lower()}." if coach.last_talked else "You have not talked yet."
    return f"Nothing shared yet. That may be fine: sharing is theirs to choose. {talked}"


def _talked(coach: CoachSeen, today: date) -> str:
    ago = weeks(coach, today)
    if ago is None:
        return f"Not yet. With you since {day_in_words(coach.since)}"
    if ago == 0:
        return "Less than a week ago"
    return "1 week ago" if ago == 1 else f"{ago} weeks ago"
