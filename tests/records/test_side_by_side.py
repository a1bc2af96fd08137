"""What an author shares about one pair, for a reader who looks across its sessions."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from cascade_tools.errors import NotFound
from cascade_tools.model.entry import Outline
from cascade_tools.model.people import Held, Role, Session
from cascade_tools.model.seen import CoachSeen
from cascade_tools.records import Reader
from tests.records.full import full_caseload
from tests.records.small import EVERYTHING, WHAT, Small

DRAFTED = Outline((("what", "What happened", ("what-happened",)),))


def across(small: Small, who: str = "sue", author: str = "amina", pair: str = "") -> list[object]:
    desk = small.records.desk(small.people[who], "page")
    return [a.value for a in desk.side_by_side(small.id(author), pair or small.pair)]


def second(small: Small, words: str) -> str:
    """A sheet about Amina's second session with Leo, shared with Sue; the share's snapshot."""
    day = small.clock.at.date()
    session = small.records.people.add_session(small.pair, Session("", 2, day, Held.HELD))
    entry = small.records.entries.start(
        small.id("amina"), "coach/after-i-coach", pair_id=small.pair, session_id=session
    )
    small.write(entry, words)
    return small.share(entry)


class TestLookingAcross:
    def test_the_newest_copy_of_each_sheet(self, small: Small) -> None:
        """Each sheet gives what its author shared last, although the copy before it can still be
        read; what they wrote since, and what they did not share, is not there."""
        entry, _ = small.shared()
        small.clock.later(minutes=1)
        small.write(entry, "We met, and more", base=1, counter=2)
        sharing, until = small.records.sharing, small.clock.at + timedelta(days=30)
        sharing.share(
            small.id("amina"),
            entry.id,
            sharing.compose(small.id("amina"), entry.id, EVERYTHING),
            Reader(small.id("sue"), "Sue", "supervisor"),
            purpose="",
            ends_at=until,
            rounds=True,
        )
        second(small, "We met again")
        small.write(entry, "A draft since", base=2, counter=3)
        other = small.entry(workbook="coach/before-i-coach")
        small.write(other, "Not shared")
        assert across(small) == ["We met, and more", "We met again"]
        assert len(small.records.read_log.of(small.id("amina"))) == 2

    def test_each_copy_is_in_the_log_before_its_words_leave(self, small: Small) -> None:
        """Its author reads who looked at which copy, in which way; it still waits to be read as
        a whole."""
        small.shared()
        across(small)
        (line,) = small.records.read_log.of(small.id("amina"))
        assert (line.reader, line.way) == (small.people["sue"].name, "side-by-side")
        (coach,) = small.records.desk(small.people["sue"], "page").caseload()
        assert len(coach.unread) == 1

    @pytest.mark.parametrize("who", ["tom", "leo", "beth", "pat", "amina"])
    def test_nobody_but_a_reader(self, small: Small, who: str) -> None:
        """For whoever holds no share there is nothing, and no line is written."""
        small.shared()
        with pytest.raises(NotFound):
            across(small, who)
        assert small.records.read_log.of(small.id("amina")) == []

    def test_another_pair_or_author_is_like_none(self, small: Small) -> None:
        """A share about one pair opens nothing under another pair's id or another author's."""
        small.shared()
        pair = small.records.people.pair(
            small.id("amina"), None, "the choir", small.clock.at.date()
        )
        for author, asked in (("amina", pair), ("beth", small.pair), ("amina", "0" * 32)):
            with pytest.raises(NotFound):
                across(small, author=author, pair=asked)

    def test_what_is_over_is_gone_at_once(self, small: Small) -> None:
        """A share that was stopped or has ended, and a supervisor of before, see nothing."""
        entry, _ = small.shared()
        second(small, "We met again")
        (share,) = [s for s in small.records.sharing.of(small.id("amina"), entry.id) if s.live]
        small.records.sharing.stop(small.id("amina"), share.id)
        assert across(small) == ["We met again"]
        small.records.people.supervise(small.id("tom"), small.id("amina"))
        for who in ("sue", "tom"):
            with pytest.raises(NotFound):
                across(small, who)

    def test_sheets_that_stand_in_no_row_are_not_opened(self, small: Small) -> None:
        """A shared sheet without a question that is looked at across sessions opens nothing."""
        entry = small.records.entries.start(
            small.id("amina"), "coach/what-i-am-learning", pair_id=small.pair
        )
        small.write(entry, "A habit", WHAT)
        small.share(entry, outline=DRAFTED)
        with pytest.raises(NotFound):
            across(small)


class TestStanding:
    def test_it_names_coaches_and_what_they_share(self, small: Small) -> None:
        """The ids of the coaches held and of every live share, and nothing that is over."""
        _, snapshot = small.shared()
        desk = small.records.desk(small.people["sue"], "page")
        assert desk.standing() == {small.id("amina"), snapshot}
        small.clock.later(days=31)
        assert desk.standing() == {small.id("amina")}
        small.records.people.supervise(small.id("tom"), small.id("amina"))
        assert desk.standing() == frozenset()
        assert small.records.read_log.of(small.id("amina")) == []


def caseload(small: Small, coaches: int, sheets: int) -> tuple[list[CoachSeen], int]:
    """The caseload of a supervisor with so many coaches, and how many statements it took."""
    name = f"Una {coaches} Field"
    una = small.records.people.add(name, [Role.SUPERVISOR], "01632 960111")
    full_caseload(small.records, una, coaches, sheets)
    engine, count = small.records.store.database.engine, []

    def counted(*statement: object) -> None:
        count.append(statement[2])

    event.listen(engine, "before_cursor_execute", counted)
    try:
        found = small.records.desk(una, "page").caseload()
    finally:
        event.remove(engine, "before_cursor_execute", counted)
    return found, len(count)


def test_a_larger_caseload_takes_no_more_statements(small: Small) -> None:
    """However many coaches are held and sheets shared, the records are asked the same few times,
    and each coach has their own facts."""
    small.clock.later(days=200)
    _, few = caseload(small, 1, 1)
    coaches, many = caseload(small, 6, 3)
    assert few == many
    assert [len(c.unread) for c in coaches] == [3] * 6
    assert [c.held for c in coaches] == [2] * 6
    today = small.clock.at.date()
    assert [c.last_talked for c in coaches] == [today - timedelta(weeks=n) for n in range(6)]
    assert [c.asked for c in coaches] == ["today", *[None] * 5]
    for coach in coaches:
        assert [(p.label, p.last_session) for p in coach.pairs] == [
            ("the hospice", 1),
            ("the choir", 1),
        ]
        assert [p.shared for p in coach.pairs] == [2, 1]
