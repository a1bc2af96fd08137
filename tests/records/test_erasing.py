"""Erasing takes the words with every copy and leaves a tombstone, and only where it may."""

from sqlalchemy import select

from cascade_tools.records.erasing import erase_entry, erase_person, erase_snapshot
from cascade_tools.records.tables import AnswerRow, EntryRow, OpeningRow, PersonRow, SnapshotRow
from cascade_tools.records.trust_tables import TombstoneRow
from tests.records.small import TOGETHER, Small


def test_an_erased_entry_leaves_a_tombstone_and_its_read_log(small: Small) -> None:
    """Answers, copies, shares and the review of a copy go; what kind it was, from when, who could
    read it and when it went stay, and so does the line that says who opened it and when."""
    entry, snapshot = small.shared()
    small.records.sharing.read(small.id("sue"), snapshot)
    review = small.records.entries.start(small.id("sue"), "supervisor/review", about_id=snapshot)
    small.write(review, "You wrote: we met")
    with small.records.store.database.writing() as s:
        stone = erase_entry(small.records.store, s, s.get_one(EntryRow, entry.id), "author")
    with small.records.store.database.reading() as s:
        assert s.scalars(select(AnswerRow)).all() == []
        assert s.scalars(select(EntryRow)).all() == []
        assert s.scalars(select(SnapshotRow)).all() == []
        opening = s.scalars(select(OpeningRow)).one()
        assert (opening.snapshot_id, opening.tombstone_id) == (None, stone.id)
        assert opening.reader_id == small.id("sue")
        stones = {t.thing: t for t in s.scalars(select(TombstoneRow))}
        assert set(stones) == {"entry", "review"}
        assert stones["entry"].readers == {small.id("sue"): "supervisor"}
        assert (stones["review"].why, stones["review"].person_id) == ("about", small.id("sue"))


def test_what_waits_to_be_opened_together_closes_for_both(small: Small) -> None:
    """Whoever erases their half of what was opened closes both: the other's waits, as it did."""
    mine, theirs = small.sealed("amina"), small.sealed("leo")
    small.commit(mine, "From Amina")
    assert small.commit(theirs, "From Leo")
    with small.records.store.database.writing() as s:
        erase_entry(small.records.store, s, s.get_one(EntryRow, mine.id), "author")
    assert not small.stands(theirs).opened
    assert small.read(theirs)


def test_a_copy_goes_alone_when_its_time_is_up(small: Small) -> None:
    """Retention takes the copy; the entry it was made of and a review of it stay."""
    entry, snapshot = small.shared()
    review = small.records.entries.start(small.id("sue"), "supervisor/review", about_id=snapshot)
    small.write(review, "Well done")
    with small.records.store.database.writing() as s:
        erase_snapshot(small.records.store, s, s.get_one(SnapshotRow, snapshot), "retention")
    assert small.read(entry) == {"what-happened": "We met"}
    assert small.read(review) == {"what-happened": "Well done"}


def test_a_person_goes_and_what_belongs_to_two_stays(small: Small) -> None:
    """Everything of one's own goes with name, phone and sign-in name; what a pair keeps together
    stays, by somebody who has left."""
    small.shared()
    both = small.both("amina")
    small.write(both, "We will meet", TOGETHER, by="amina")
    with small.records.store.database.writing() as s:
        erase_person(small.records.store, s, s.get_one(PersonRow, small.id("amina")), "author")
    with small.records.store.database.reading() as s:
        row = s.get_one(PersonRow, small.id("amina"))
        assert (row.name, row.phone, row.passphrase) == ("Somebody who has left", "", None)
        assert "amina" not in row.sign_in_name
        assert [e.id for e in s.scalars(select(EntryRow))] == [both.id]
    assert small.read(both, by="leo") == {"worked-on": "We will meet"}
    assert small.records.people.find("amina Field") is None
