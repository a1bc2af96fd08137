"""What the daily run leaves alone, whom it tells, and holds."""

from datetime import UTC, date, datetime, time

import pytest
from sqlalchemy import select

from cascade_tools.errors import NotFound, NotPossible
from cascade_tools.model.due import Due
from cascade_tools.model.people import Role
from cascade_tools.records.erasing import LEFT
from cascade_tools.records.tables import AnswerRow, EntryRow, PersonRow, SnapshotRow
from cascade_tools.records.trust_tables import TombstoneRow, WarningRow
from tests.records.small import NOTICE, TOGETHER, WHAT, Small

ENDED = date(2026, 11, 4)


def run_on(small: Small, day: date) -> list[Due]:
    small.clock.at = datetime.combine(day, time(9), UTC)
    return small.records.retention.run(small.clock())


def end_pair(small: Small) -> None:
    small.records.pairs.end_as_planned(small.id("amina"), small.pair, ENDED)


def there(small: Small, table: type, thing_id: str) -> bool:
    with small.records.store.database.reading() as s:
        return s.get(table, thing_id) is not None


def test_an_empty_sheet_goes_without_a_word(small: Small) -> None:
    """Nobody is told about a sheet on which nothing was ever written."""
    empty = small.entry("beth")
    steps = run_on(small, date(2027, 11, 4))
    assert [(s.step, s.id) for s in steps if s.thing == "entry"] == [("erase", empty.id)]
    with small.records.store.database.reading() as s:
        assert s.scalar(select(WarningRow)) is None


def test_what_somebody_asked_a_copy_of_waits_for_the_answer(small: Small) -> None:
    """A sheet about somebody who asked for it stays until its writer has answered."""
    sheet = small.entry("amina")
    small.write(sheet, "About Leo")
    records = small.records
    request = records.requests.ask(small.id("leo"), "copy")
    assert records.others_words.ask(small.id("pat"), request, small.id("amina")) == 1
    days = (date(2029, 1, 1), date(2029, 3, 1), date(2029, 4, 1))
    assert [s for day in days for s in run_on(small, day) if s.id == sheet.id] == []
    assert there(small, EntryRow, sheet.id)


def test_both_halves_are_told_of_what_they_keep_together(small: Small) -> None:
    """What a pair keeps together is announced to both, though one of them began it; neither can
    put it off, and one is enough to tell."""
    both = small.both()
    small.write(both, "We said", TOGETHER)
    mine = small.entry("amina")
    small.write(mine, "Mine")
    end_pair(small)
    run_on(small, date(2027, 10, 5))
    for who, is_mine in (("amina", True), ("leo", False)):
        (told,) = [
            w for w in small.records.retention.warned(small.id(who)) if w.entry_id == both.id
        ]
        assert (told.on, told.mine) == (date(2027, 11, 4), is_mine)
        with pytest.raises(NotFound):
            small.records.retention.keep(small.id(who), both.id)
    assert small.records.retention.warned(small.id("sue")) == []


def test_a_copy_that_was_taken_back_goes_without_a_word(small: Small) -> None:
    """Nobody could read it any more, so nobody is told; what it was made of stays."""
    mine = small.sealed("amina")
    small.commit(mine, "Half-way")
    small.records.together.take_back(small.id("amina"), mine.id)
    end_pair(small)
    steps = [s for s in run_on(small, date(2027, 5, 4)) if s.thing == "snapshot"]
    assert [(s.step, s.owner_id) for s in steps] == [("erase", small.id("amina"))]
    assert small.read(mine) == {"what-happened": "Half-way"}


def test_what_goes_leaves_a_tombstone_and_nothing_else(small: Small) -> None:
    """The copy and its share are gone, its author's own sheet stays, and a tombstone says that a
    reader had it and that its time was up."""
    entry, copy = small.shared()
    end_pair(small)
    run_on(small, date(2027, 4, 4))
    run_on(small, date(2027, 5, 4))
    assert not there(small, SnapshotRow, copy)
    assert small.read(entry) == {"what-happened": "We met"}
    with small.records.store.database.reading() as s:
        stone = s.scalars(select(TombstoneRow)).one()
        assert (stone.thing, stone.thing_id, stone.why) == ("snapshot", copy, "retention")
        assert list(stone.readers) == [small.id("sue")]


def test_the_name_of_somebody_who_left_goes_after_what_they_wrote(small: Small) -> None:
    """Three years after leaving, name and phone go, and not before what they wrote has gone."""
    una = small.records.people.add("Una Field", [Role.COACH], "01632 960109")
    small.records.consents.decide(una.id, "keep-my-answers", True, NOTICE)
    own = small.records.entries.start(una.id, "coach/any")
    small.records.entries.save(una.id, own.id, WHAT, "Mine", base=0, writer="t", counter=1)
    small.records.people.remove(una.id)
    for day in (date(2027, 5, 4), date(2027, 10, 5)):
        run_on(small, day)
    assert there(small, EntryRow, own.id)
    run_on(small, date(2027, 11, 4))
    assert not there(small, EntryRow, own.id)
    run_on(small, date(2029, 5, 3))
    assert small.records.holds.whom("una field") == una.id
    run_on(small, date(2029, 5, 4))
    with small.records.store.database.reading() as s:
        person = s.get_one(PersonRow, una.id)
        assert (person.name, person.phone) == (LEFT, "")


def test_a_name_waits_for_words_that_are_still_to_be_announced(small: Small) -> None:
    """However late a run comes, nothing goes with a name that has warnings of its own to wait
    for."""
    una = small.records.people.add("Una Field", [Role.COACH])
    small.records.consents.decide(una.id, "keep-my-answers", True, NOTICE)
    own = small.records.entries.start(una.id, "coach/any")
    small.records.entries.save(una.id, own.id, WHAT, "Mine", base=0, writer="t", counter=1)
    small.records.people.remove(una.id)
    steps = run_on(small, date(2031, 5, 4))
    assert [(s.step, s.thing) for s in steps if s.owner_id == una.id] == [("warn", "entry")]
    assert there(small, EntryRow, own.id)


def test_own_writing_outlives_its_pair(small: Small) -> None:
    """When the facts of a pair go, somebody's own writing about it stays theirs as long as they
    keep it."""
    sheet = small.entry()
    small.write(sheet, "We met")
    end_pair(small)
    for year in (2027, 2028, 2029):
        small.clock.at = datetime(year, 10, 1, tzinfo=UTC)
        small.records.retention.keep(small.id("amina"), sheet.id)
    steps = run_on(small, date(2029, 11, 4))
    assert [s.thing for s in steps if s.id == small.pair] == ["pair"]
    assert small.read(sheet) == {"what-happened": "We met"}
    assert small.records.entries.get(small.id("amina"), sheet.id).label == ""
    assert small.records.people.pairs_of(small.id("amina")) == []


def test_many_go_in_one_run(small: Small) -> None:
    """A run that has more to do than one turn at the database does all of it."""
    for number in range(120):
        small.records.entries.start(small.id("beth"), f"coach/any-{number}")
    steps = run_on(small, date(2027, 11, 4))
    assert len([s for s in steps if s.thing == "entry"]) == 120
    with small.records.store.database.reading() as s:
        assert s.scalar(select(EntryRow)) is None
        assert s.scalar(select(AnswerRow)) is None


def test_a_hold_needs_a_reason_a_name_and_a_day(small: Small) -> None:
    """Somebody who keeps another's words says why, who decided it and when it is looked at."""
    holds, amina = small.records.holds, small.id("amina")
    later, today = date(2031, 1, 1), small.clock().date()
    for reason, by, day in (("", "Pat", later), ("a claim", " ", later), ("a claim", "Pat", today)):
        with pytest.raises(NotPossible):
            holds.add(amina, reason, by, day)
    holds.add(amina, "  a claim is\nopen. ", "Pat", later)
    with pytest.raises(NotPossible):
        holds.add(amina, "another", "Pat", later)
    found = holds.of(amina)
    assert found is not None
    assert (found.reason, found.made_by, found.review_on) == ("a claim is open", "Pat", later)
    holds.end(amina)
    assert holds.of(amina) is None
    assert [h.ended_at for h in holds.all()] == [small.clock()]
    with pytest.raises(NotFound):
        holds.end(amina)
    with pytest.raises(NotFound):
        holds.whom("Nobody Field")
