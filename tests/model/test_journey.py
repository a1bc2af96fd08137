"""Where a pair stands, and what each half of it might do next."""

from datetime import date, timedelta

import pytest

from cascade_tools.model.journey import (
    ENDING,
    Stage,
    half,
    has_not_met,
    months_after,
    outcome_time,
    stages,
    suggestions,
    used,
)
from cascade_tools.model.people import Held, Pair, Person, Role, Session

TODAY = date(2026, 6, 1)
COACH = Person("c", "Amina Coachfield", "", frozenset({Role.COACH}))
LEADER = Person("l", "Leo Leaderfield", "", frozenset({Role.LEADER}))


def session(number: int, days: int, state: Held = Held.HELD) -> Session:
    return Session(f"s{number}", number, TODAY + timedelta(days=days), state)


def pair(*sessions: Session, ended: date | None = None, early: bool = False) -> Pair:
    started = TODAY - timedelta(days=60)
    return Pair("p", COACH, LEADER, "the larder", sessions, started, None, ended, early)


def stood(*sessions: Session, **more: object) -> dict[str, Stage]:
    found = stages(pair(*sessions), 5, 6, None, TODAY, **more)  # type: ignore[arg-type]
    return {s.code: s for s in found}


def suggested(
    *sessions: Session, role: Role = Role.LEADER, done: tuple[str, ...] = ()
) -> list[str]:
    return [s.workbook for s in suggestions(pair(*sessions), role, 5, 6, TODAY, done)]


def test_a_programme_has_its_stages_in_order() -> None:
    """Before, five sessions with half-way after the third, ending, and six months later."""
    assert list(stood()) == [
        *("before", "session-1", "session-2", "session-3", "half-way"),
        *("session-4", "session-5", "ending", "six-months"),
    ]


@pytest.mark.parametrize(("planned", "after"), [(1, 1), (2, 1), (4, 2), (5, 3), (6, 3), (8, 4)])
def test_half_way_follows_the_numbers_of_the_programme(planned: int, after: int) -> None:
    """Half of five is after the third session, whatever the programme plans."""
    assert half(planned) == after


@pytest.mark.parametrize("count", range(6))
def test_one_stage_at_most_is_next(count: int) -> None:
    """Nobody is told to do two things next."""
    held = [session(n, -60 + 10 * n) for n in range(1, count + 1)]
    assert [s.state for s in stood(*held).values()].count("next") == 1


def test_a_session_that_was_held_is_done_and_the_next_has_its_date() -> None:
    """Held sessions count; a planned one shows its day; a cancelled one uses nothing up."""
    ours = (session(1, -20), session(2, -10, Held.CANCELLED), session(3, 9, Held.PLANNED))
    found = stood(*ours)
    assert used(pair(*ours)) == 1
    assert found["session-1"].state == "done"
    assert found["session-2"].state == "next"
    assert found["session-2"].on == TODAY + timedelta(days=9)


def test_an_ended_pair_has_nothing_next() -> None:
    """Ending early is an ending: no session is shown as missing."""
    found = stages(pair(session(1, -50), ended=TODAY, early=True), 5, 6, None, TODAY)
    assert [s.code for s in found] == ["before", "session-1", "ending", "six-months"]
    assert all(s.state != "next" for s in found)
    assert found[-1].on == months_after(TODAY, 6)


def test_looking_back_together_is_an_ending() -> None:
    """A pair that has done *Ending well* has ended, and what it let pass says nothing more."""
    held = [session(number, -60 + number) for number in range(1, 6)]
    found = {s.code: s for s in stages(pair(*held), 5, 6, None, TODAY, {ENDING})}
    assert (found["ending"].state, found["ending"].words) == ("done", "Looked back together.")
    assert (found["half-way"].state, found["half-way"].words) == ("done", "")
    assert found["six-months"].state == "next"


def test_months_end_on_a_day_that_exists() -> None:
    """Six months after 31 August is the last of February."""
    assert months_after(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert months_after(date(2026, 12, 1), 1) == date(2027, 1, 1)


def test_before_the_first_session_a_pair_agrees_and_says_where_it_is() -> None:
    """The first things to do: agree how we will work, and the first outcomes."""
    assert suggested() == ["pair/agreeing-how-we-will-work", "leader/where-i-am-now"]


def test_only_the_days_around_a_session_suggest_its_sheets() -> None:
    """Getting ready is suggested three days before, looking back for two weeks after."""
    near = suggested(session(1, -40), session(2, 2, Held.PLANNED))
    assert near == ["leader/before-our-session"]
    assert suggested(session(1, -40), session(2, 9, Held.PLANNED)) == []
    assert suggested(session(1, -3), role=Role.COACH) == ["coach/after-i-coach"]
    assert suggested(session(1, -15), role=Role.COACH) == []


def test_what_is_written_is_not_suggested_again() -> None:
    """A sheet that was begun for this session stands under what is unfinished, not here."""
    assert suggested(session(1, -3), done=("leader/after-our-session s1",)) == []


def test_half_way_and_the_ending_bring_their_sheets() -> None:
    """After the third of five: the review and outcomes.  After the last: ending well."""
    three = [session(n, -100 + 25 * n) for n in (1, 2, 3)]
    assert suggested(*three) == ["pair/half-way-review", "leader/where-i-am-now"]
    five = [session(n, -110 + 20 * n) for n in range(1, 6)]
    last = suggested(*five)
    assert last[:3] == [
        "leader/after-our-session",
        "pair/ending-well",
        "leader/ending-and-keeping-going",
    ]


@pytest.mark.parametrize(
    ("sessions", "ended", "time"),
    [
        ((), None, "start"),
        (((1, -30),), None, ""),
        (((1, -90), (2, -60), (3, -30)), None, "half-way"),
        (((1, -30),), -10, "end"),
        (((1, -300),), -200, "six-months"),
        (((1, -100),), -60, ""),
    ],
)
def test_outcomes_are_asked_at_their_times(
    sessions: tuple[tuple[int, int], ...], ended: int | None, time: str
) -> None:
    """Start, half-way, within four weeks of the last session however many, and months later."""
    over = TODAY + timedelta(days=ended) if ended is not None else None
    ours = pair(*(session(*s) for s in sessions), ended=over)
    assert outcome_time(ours, 5, 6, TODAY) == time


def test_ten_weeks_without_a_meeting_are_noticed() -> None:
    """Only when nothing is planned, and never after an ending."""
    assert has_not_met(pair(session(1, -75)), TODAY)
    assert not has_not_met(pair(session(1, -75), session(2, 4, Held.PLANNED)), TODAY)
    assert not has_not_met(pair(session(1, -75), ended=TODAY), TODAY)
    assert not has_not_met(pair(session(1, -60)), TODAY)
