"""Where a pair stands in a programme, and what somebody might do next.

The order of stages is the programme's: before, the sessions, half-way, ending, and a last look
back months later.  Source of the half-way mark: after session 3 of 5.
"""

import calendar
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from cascade_tools.model.people import Held, Pair, Role

AGREEING = "pair/agreeing-how-we-will-work"
HALF_WAY = "pair/half-way-review"
ENDING = "pair/ending-well"
KEEPING_GOING = "leader/ending-and-keeping-going"
# In a sheet that each half of a pair writes alone: which of the two this is, "coach" or "leader".
MY_PART = "my-part"
OUTCOMES = "leader/where-i-am-now"
LOOKING_BACK = "leader/looking-back"

SOON = timedelta(days=3)
LATELY = timedelta(days=14)
AT_THE_END = timedelta(weeks=4)
NO_MEETING = timedelta(weeks=10)


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage.  ``code`` is ``before``, ``session-1`` …, ``half-way``, ``ending`` or
    ``six-months``; ``state`` is ``done``, ``next`` or ``ahead``; ``words`` says it plainly."""

    name: str
    code: str
    state: str
    on: date | None
    words: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One thing somebody might do: which workbook, for which pair and session, or at which time."""

    workbook: str
    words: str
    pair_id: str = ""
    session: str = ""
    time: str = ""


def used(pair: Pair) -> int:
    """How many sessions this pair has held."""
    return sum(s.state is Held.HELD for s in pair.sessions)


def half(planned: int) -> int:
    """The session after which a pair is half-way: 3 of 5."""
    return (planned + 1) // 2


def months_after(day: date, months: int) -> date:
    """The same day of the month so many months later, or that month's last day."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def stages(
    pair: Pair,
    planned: int,
    followup_months: int,
    ends: date | None,
    today: date,
    done: Collection[str] = (),
) -> tuple[Stage, ...]:
    """Every stage of this pair, in order; at most one is ``next``.

    ``ends`` is the day both agreed to end, ``done`` the workbooks this pair has finished together.
    """
    held = [s for s in pair.sessions if s.state is Held.HELD]
    ahead = sorted(s.on for s in pair.sessions if s.state is Held.PLANNED and s.on is not None)
    found: list[Stage] = []

    def add(name: str, code: str, past: bool, on: date | None, words: str) -> None:
        first = not past and pair.ended is None and all(s.state != "next" for s in found)
        state = "done" if past else "next" if first else "ahead"
        found.append(Stage(name, code, state, on, words))

    started = bool(held) or AGREEING in done or pair.ended is not None
    add("Before", "before", started, pair.started, "Agree how you will work.")
    for number in range(1, max(planned, len(held)) + 1):
        if number <= len(held):
            add(f"Session {number}", f"session-{number}", True, held[number - 1].on, "Held.")
        elif pair.ended is None:
            place = number - len(held) - 1
            on = ahead[place] if place < len(ahead) else None
            words = "Planned." if on else "No date yet."
            add(f"Session {number}", f"session-{number}", False, on, words)
        if number == half(planned) and (pair.ended is None or HALF_WAY in done):
            past = HALF_WAY in done or len(held) > number
            reviewed = "Looked at together." if HALF_WAY in done else ""
            add("Half-way", "half-way", past, None, reviewed if past else "See how it is going.")
    over = pair.ended is not None
    looked_back = "Looked back together." if ENDING in done else "End well."
    ending = "Ended early." if pair.ended_early else "Ended." if over else looked_back
    add("Ending", "ending", over or ENDING in done, pair.ended or ends, ending)
    last = pair.ended or (held[-1].on if held and len(held) >= planned else None)
    later = months_after(last, followup_months) if last else None
    look_back = bool(later and later <= today)
    name = "Six months later" if followup_months == 6 else "Looking back"
    add(name, "six-months", look_back, later, "A last look back.")
    return tuple(found)


def suggestions(
    pair: Pair, role: Role, planned: int, followup_months: int, today: date, done: Collection[str]
) -> tuple[Suggestion, ...]:
    """What one half of a pair might do now, most pressing first.

    ``done`` names what this person has already written: a workbook's id and, after a space, the
    id of the pair or session, or the time, that it is about.
    """
    found = _suggested(pair, role is Role.LEADER, planned, followup_months, today)
    return tuple(s for s in found if f"{s.workbook} {s.session or s.time or s.pair_id}" not in done)


def _suggested(
    pair: Pair, leader: bool, planned: int, followup_months: int, today: date
) -> Iterator[Suggestion]:
    held = [s for s in pair.sessions if s.state is Held.HELD]
    if pair.ended is None:
        yield from _around_sessions(pair, leader, today)
        if not held:
            yield Suggestion(AGREEING, "Agree how we will work", pair.id)
        if len(held) == half(planned):
            yield Suggestion(HALF_WAY, "Look at how it is going, half-way", pair.id)
    last = pair.ended or (held[-1].on if len(held) >= planned else None)
    if last is not None and today - last <= AT_THE_END:
        yield Suggestion(ENDING, "End well", pair.id)
        if leader:
            yield Suggestion(KEEPING_GOING, "Think about ending and keeping going", pair.id)
    if time := outcome_time(pair, planned, followup_months, today):
        words = f"Say where I am now: {TIMES[time].lower()}"
        yield Suggestion(OUTCOMES, words, time=time)


def _around_sessions(pair: Pair, leader: bool, today: date) -> Iterator[Suggestion]:
    """Before a session in the next days, after one of the last two weeks."""
    for s in pair.sessions:
        if s.on is None:
            continue
        if s.state is Held.HELD and timedelta(0) <= today - s.on <= LATELY:
            after = "leader/after-our-session" if leader else "coach/after-i-coach"
            yield Suggestion(after, f"Look back on session {s.number}", pair.id, s.id)
        elif s.state is Held.PLANNED and timedelta(0) <= s.on - today <= SOON:
            before = "leader/before-our-session" if leader else "coach/before-i-coach"
            yield Suggestion(before, f"Get ready for session {s.number}", pair.id, s.id)


TIMES = {
    "start": "At the start",
    "half-way": "Half-way",
    "end": "At the end",
    "six-months": "Six months later",
}
# When somebody can look back at the start.
AFTERWARDS = ("end", "six-months")


def times_of(workbook_id: str) -> dict[str, str]:
    """The moments at which a workbook about a time can be written, by code, with their words."""
    if workbook_id == LOOKING_BACK:
        return {time: TIMES[time] for time in AFTERWARDS}
    return TIMES


def outcome_time(pair: Pair, planned: int, followup_months: int, today: date) -> str:
    """At which time outcomes are asked now, or nothing.

    Source: before the first session, at half of the sessions planned, within four weeks of the
    last session however many there were, and again months later.
    """
    held = [s.on for s in pair.sessions if s.state is Held.HELD and s.on is not None]
    last = pair.ended or (max(held) if len(held) >= planned else None)
    if last is not None:
        if today >= months_after(last, followup_months):
            return "six-months"
        return "end" if today - last <= AT_THE_END else ""
    if not held:
        return "start"
    return "half-way" if len(held) == half(planned) else ""


def has_not_met(pair: Pair, today: date) -> bool:
    """Whether ten weeks have passed without a session, so that the coach is asked about it."""
    if pair.ended is not None:
        return False
    held = [s.on for s in pair.sessions if s.state is Held.HELD and s.on is not None]
    ahead = any(s.state is Held.PLANNED and s.on and s.on >= today for s in pair.sessions)
    return not ahead and today - max(held, default=pair.started) >= NO_MEETING
