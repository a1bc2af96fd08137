"""What was shared stays as it was shared, however much its author goes on writing."""

import re

import pytest

from cascade_tools.records.tables import SnapshotRow
from tests.faults.nursery import QuickHouse
from tests.faults.pages import fresh_entry, put
from tests.server.visitor import Visitor

PREVIEW = re.compile(r'<div class="preview"[^>]*>(.*?)</article></div>', re.DOTALL)
EDITS = 10


@pytest.fixture(scope="module")
def shared(house: QuickHouse, amina: Visitor) -> tuple[str, str]:
    """An entry of Amina's and the snapshot that Sue has of it."""
    entry = fresh_entry(house, what_happened="the first words", not_said="nothing at all")
    return entry, amina.share(entry, "what-happened", "what-was-not-said")


def _words(visitor: Visitor, snapshot: str) -> str:
    found = PREVIEW.search(visitor.get(f"shared/{snapshot}").text)
    assert found is not None
    return found[1]


def test_ten_edits_change_nothing_for_its_reader(
    house: QuickHouse, sue: Visitor, shared: tuple[str, str]
) -> None:
    """The original is edited ten times: the reader gets the same bytes, the kept hash is that of
    what they get, and the sealed copy itself is not written again."""
    entry, snapshot = shared
    with house.records() as records:
        sue_id = house.people["sue"].id
        before = records.sharing.read(sue_id, snapshot).document
        with records.store.database.reading() as s:
            row = s.get_one(SnapshotRow, snapshot)
            stored = (row.hash, row.sealed, row.made_at)
    page = _words(sue, snapshot)
    for number in range(EDITS):
        put(house, entry, "amina", what_happened=f"edit number {number}", not_said=f"more {number}")
        assert _words(sue, snapshot) == page
    assert "the first words" in page
    with house.records() as records:
        after = records.sharing.read(sue_id, snapshot).document
        assert (after.body, after.hash) == (before.body, before.hash)
        with records.store.database.reading() as s:
            row = s.get_one(SnapshotRow, snapshot)
            assert (row.hash, row.sealed, row.made_at) == stored


def test_both_are_told_that_there_is_a_newer_one(
    house: QuickHouse, amina: Visitor, sue: Visitor, shared: tuple[str, str]
) -> None:
    """The reader is told that this is the version they were given; the author is told which
    version the reader still has, and can share the new one."""
    entry, snapshot = shared
    put(house, entry, "amina", what_happened="written since")
    assert "Amina Coachfield has written since" in sue.get(f"shared/{snapshot}").text
    check = amina.get(f"entries/{entry}/check").text
    assert "Sue Superfield still has the version of" in check
    newer = amina.share(entry, "what-happened")
    assert "written since" in _words(sue, newer)
    assert sue.get(f"shared/{snapshot}").status == 404


def test_nobody_can_write_in_a_copy(sue: Visitor, amina: Visitor, shared: tuple[str, str]) -> None:
    """There is no way to change a copy: not for its reader, not for its author."""
    _, snapshot = shared
    for visitor in (sue, amina):
        assert visitor.post(f"shared/{snapshot}", {"what-happened": "changed"}).status == 405
        kept = visitor.put(f"api/entries/{snapshot}/answers/what-happened", {"value": "changed"})
        assert kept.status in (404, 422)
