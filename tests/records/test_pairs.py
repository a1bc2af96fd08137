"""A pair's sessions, by its two halves: planned, held, moved, cancelled; and an early end."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from cascade_tools.errors import NotFound, NotPossible
from cascade_tools.model.people import Held, Session
from tests.records.small import Small


def sessions(small: Small) -> list[Session]:
    return list(small.records.pairs.get(small.id("leo"), small.pair).sessions)


def numbers(small: Small) -> list[tuple[int, str]]:
    return [(s.number, s.state) for s in sessions(small)]


@pytest.fixture
def today(small: Small) -> date:
    return small.clock.at.date()


class TestSessions:
    def test_either_half_plans_the_next(self, small: Small, today: date) -> None:
        """A planned session has the next number, and both see it."""
        for who, number in (("leo", 2), ("amina", 3)):
            made = small.records.pairs.plan(small.id(who), small.pair, today)
            assert sessions(small)[-1] == Session(made, number, today, Held.PLANNED)
        assert small.records.pairs.get(small.id("amina"), small.pair).sessions == tuple(
            sessions(small)
        )

    def test_held_says_when_how_long_and_how(self, small: Small, today: date) -> None:
        """A planned session took place; saying so again corrects it."""
        made = small.records.pairs.plan(small.id("leo"), small.pair, today)
        held = small.records.pairs.held
        held(small.id("amina"), made, today - timedelta(days=1), 55, "video")
        held(small.id("leo"), made, today, 60, None)
        assert sessions(small)[-1] == Session(made, 2, today, Held.HELD, minutes=60)

    def test_moving_keeps_the_day_before(self, small: Small, today: date) -> None:
        """A moved session is planned for its new day, and says from which day, and by whom."""
        made = small.records.pairs.plan(small.id("leo"), small.pair, today)
        move, later = small.records.pairs.move, today + timedelta(days=7)
        move(small.id("amina"), made, later, "leader")
        expected = Session(made, 2, later, Held.PLANNED, moved_from=today, moved_by="leader")
        assert sessions(small)[-1] == expected
        move(small.id("amina"), made, later, "programme")
        assert sessions(small)[-1] == expected
        small.records.pairs.held(small.id("leo"), made, later, None, None)
        assert sessions(small)[-1].moved_from == today

    def test_a_held_session_does_not_move(self, small: Small, today: date) -> None:
        """What took place is corrected, not planned again."""
        with pytest.raises(NotPossible):
            small.records.pairs.move(small.id("leo"), small.session, today, "coach")

    def test_a_cancelled_session_gives_its_number_up(self, small: Small, today: date) -> None:
        """The next session planned is the second, whoever cancelled one before; those planned
        after it move up, and nothing that was cancelled is lost."""
        pairs, leo = small.records.pairs, small.id("leo")
        second, third = (pairs.plan(leo, small.pair, today) for _ in range(2))
        pairs.cancel(leo, second, "coach")
        assert numbers(small) == [(1, "held"), (2, "planned"), (3, "cancelled")]
        assert [s.id for s in sessions(small)] == [small.session, third, second]
        pairs.plan(leo, small.pair, today)
        pairs.cancel(leo, third, "leader")
        pairs.plan(leo, small.pair, today)
        assert numbers(small) == [
            (1, "held"),
            (2, "planned"),
            (3, "planned"),
            (4, "cancelled"),
            (5, "cancelled"),
        ]
        assert [s.cancelled_by for s in sessions(small)] == [None, None, None, "leader", "coach"]

    def test_a_session_of_now_takes_the_next_number_too(self, small: Small, today: date) -> None:
        """A session noted as it is written about counts like a planned one."""
        made = small.records.pairs.plan(small.id("leo"), small.pair, today)
        small.records.pairs.cancel(small.id("leo"), made, None)
        small.records.people.add_session(small.pair, Session("", 0, today, Held.HELD))
        assert numbers(small) == [(1, "held"), (2, "held"), (3, "cancelled")]

    def test_a_cancelled_session_may_come_back(self, small: Small, today: date) -> None:
        """Planned again or held after all, it is the next one, and nobody cancelled it."""
        pairs, leo = small.records.pairs, small.id("leo")
        for again in (
            lambda made: pairs.move(leo, made, today, "leader"),
            lambda made: pairs.held(leo, made, today, None, None),
        ):
            made = pairs.plan(leo, small.pair, today)
            pairs.cancel(leo, made, "programme")
            pairs.plan(leo, small.pair, today)
            again(made)
            found = next(s for s in sessions(small) if s.id == made)
            assert (found.state, found.cancelled_by) != (Held.CANCELLED, "programme")
            assert found.cancelled_by is None
        assert [s.number for s in sessions(small)] == [1, 2, 3, 4, 5]

    def test_the_later_of_two_cancelled_may_come_back(self, small: Small, today: date) -> None:
        """Held after all, it is the second session, though another was cancelled before it."""
        pairs, leo = small.records.pairs, small.id("leo")
        dropped = [pairs.plan(leo, small.pair, today) for _ in range(2)]
        for made in dropped:
            pairs.cancel(leo, made, "leader")
        pairs.held(leo, sessions(small)[-1].id, today, None, None)
        assert numbers(small) == [(1, "held"), (2, "held"), (3, "cancelled")]

    def test_a_sheet_follows_its_session(self, small: Small, today: date) -> None:
        """What was written about a session shows the number the session has now."""
        pairs, amina = small.records.pairs, small.id("amina")
        second, third = (pairs.plan(amina, small.pair, today) for _ in range(2))
        entry = small.records.entries.start(
            amina, "coach/before-i-coach", pair_id=small.pair, session_id=third
        )
        assert entry.session_number == 3
        pairs.cancel(amina, second, "leader")
        assert small.records.entries.get(amina, entry.id).session_number == 2

    def test_who_is_one_of_three_or_not_recorded(self, small: Small, today: date) -> None:
        """Leader, coach, programme, or nobody said; never a name."""
        pairs, leo = small.records.pairs, small.id("leo")
        made = pairs.plan(leo, small.pair, today)
        for refused in ("supervisor", "amina Field", ""):
            with pytest.raises(NotPossible):
                pairs.cancel(leo, made, refused)
            with pytest.raises(NotPossible):
                pairs.move(leo, made, today, refused)
            with pytest.raises(NotPossible):
                pairs.end_early(leo, small.pair, refused, today)
        pairs.cancel(leo, made, None)
        assert sessions(small)[-1].cancelled_by is None


class TestEnding:
    def test_ending_early_asks_for_no_reason(self, small: Small, today: date) -> None:
        """Either half ends it on a day; the pair says so, and who."""
        small.records.pairs.end_early(small.id("leo"), small.pair, "leader", today)
        pair = small.records.pairs.get(small.id("amina"), small.pair)
        assert (pair.ended, pair.ended_early, pair.ended_by) == (today, True, "leader")

    def test_nothing_is_planned_in_a_pair_that_ended(self, small: Small, today: date) -> None:
        """No session is planned, moved, or ended again; one that took place is still noted."""
        pairs, leo = small.records.pairs, small.id("leo")
        made = pairs.plan(leo, small.pair, today + timedelta(days=5))
        pairs.end_early(leo, small.pair, "programme", today)
        with pytest.raises(NotPossible):
            pairs.plan(leo, small.pair, today)
        with pytest.raises(NotPossible):
            pairs.move(leo, made, today, "leader")
        with pytest.raises(NotPossible):
            pairs.end_early(leo, small.pair, "coach", today)
        pairs.held(leo, made, today, 30, "phone")
        assert sessions(small)[-1].state is Held.HELD

    def test_a_supervisor_sees_no_session_ahead_of_it(self, small: Small, today: date) -> None:
        """What was still planned when a pair ended is not the coach's next session."""
        small.records.pairs.plan(small.id("leo"), small.pair, today + timedelta(days=5))
        caseload = small.records.desk(small.people["sue"], "page").caseload
        assert caseload()[0].pairs[0].next_session == today + timedelta(days=5)
        small.records.pairs.end_early(small.id("leo"), small.pair, None, today)
        assert caseload()[0].pairs[0].next_session is None


@pytest.mark.parametrize("who", ["beth", "sue", "tom", "pat"])
def test_a_pair_is_there_for_its_halves_alone(small: Small, today: date, who: str) -> None:
    """Another's pair and sessions answer like none, and nothing in them changes."""
    pairs, stranger = small.records.pairs, small.id(who)
    before = pairs.get(small.id("leo"), small.pair)
    for pair, session in ((small.pair, small.session), ("0" * 32, "0" * 32)):
        knocks: list[Callable[[], object]] = [
            lambda p=pair: pairs.get(stranger, p),
            lambda p=pair: pairs.plan(stranger, p, today),
            lambda p=pair: pairs.end_early(stranger, p, "coach", today),
            lambda s=session: pairs.held(stranger, s, today, None, None),
            lambda s=session: pairs.move(stranger, s, today, "coach"),
            lambda s=session: pairs.cancel(stranger, s, "coach"),
        ]
        for knock in knocks:
            with pytest.raises(NotFound, match="There is nothing here for you"):
                knock()
    assert pairs.get(small.id("leo"), small.pair) == before


def test_the_other_half(small: Small) -> None:
    """Each half's other is the other; where the leader has no account there is none."""
    pair = small.records.pairs.get(small.id("leo"), small.pair)
    assert pair.other(small.id("leo")) == small.people["amina"]
    assert pair.other(small.id("amina")) == small.people["leo"]
    alone = small.records.people.pair(small.id("amina"), None, "library", small.clock.at.date())
    assert small.records.pairs.get(small.id("amina"), alone).other(small.id("amina")) is None
