"""When something is due: its author is told first, and it goes when they had time to act.

Source: the kit's rules of confidentiality.  One's own writing is asked about twice, what was shared
once; nothing goes sooner than four weeks after the last warning.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cascade_tools.model.journey import months_after
from cascade_tools.model.retention import NUDGE_MONTHS

WARN, WARN_AGAIN, ERASE = "warn", "warn-again", "erase"
# A warned author has at least this long between the last warning and the end.
NOTICE = timedelta(days=28)
BEFORE = timedelta(days=30)


def tells_on(until: date, warnings: int) -> tuple[date, ...]:
    """The days on which an author is told that something of theirs may go on ``until``."""
    last = until - BEFORE
    return {0: (), 1: (last,)}.get(warnings, (months_after(until, -NUDGE_MONTHS), last))


def heard(told: Sequence[date | None], until: date, warnings: int) -> tuple[date, ...]:
    """Those of the days ``told`` that were about this ``until``: earlier ones were about another,
    before something was written or a pair ended later, and do not count."""
    found: list[date] = []
    for day, due in zip(told, tells_on(until, warnings), strict=False):
        if day is None or day < due:
            break
        found.append(day)
    return tuple(found)


def goes_on(until: date, told: Sequence[date | None], warnings: int, today: date) -> date:
    """The day on which something really goes: never without its warnings, nor sooner than
    ``NOTICE`` after the last, however long nothing ran that could have warned before ``today``."""
    days = heard(told, until, warnings)
    last: date | None = None
    for place, due in enumerate(tells_on(until, warnings)):
        soonest = max(due, today) if last is None else max(due, last + NOTICE, today)
        last = days[place] if place < len(days) else soonest
    return until if last is None else max(until, last + NOTICE)


def next_step(
    until: date, told: Sequence[date | None], warnings: int, today: date
) -> tuple[str, date] | None:
    """What is to be done today (a step of ``Due``), and since which day; None: nothing."""
    days = heard(told, until, warnings)
    if len(days) == warnings:
        step, on = ERASE, goes_on(until, told, warnings, today)
    elif days:
        step, on = WARN_AGAIN, max(tells_on(until, warnings)[len(days)], days[-1] + NOTICE)
    else:
        step, on = WARN, tells_on(until, warnings)[0]
    return (step, on) if on <= today else None


@dataclass(frozen=True, slots=True)
class Due:
    """One step of a run with one thing of one owner, which was due ``on`` a day.

    ``step`` is ``"warn"``, ``"warn-again"`` or ``"erase"``; ``thing`` is the table's name, ``rule``
    a key of ``RULES``; ``owner_id`` is empty where a thing is nobody's own.
    """

    step: str
    thing: str
    id: str
    owner_id: str
    rule: str
    on: date


@dataclass(frozen=True, slots=True)
class Warned:
    """Something that will go ``on`` a day, as its author was ``told`` last on another.

    ``mine`` is False where another is its author.
    """

    thing: str
    thing_id: str
    entry_id: str
    workbook: str
    rule: str
    on: date
    told: date
    mine: bool


@dataclass(frozen=True, slots=True)
class Hold:
    """What ``person`` wrote is kept because ``reason``; looked at again on ``review_on``."""

    person: str
    reason: str
    made_by: str
    made_at: datetime
    review_on: date
    ended_at: datetime | None
