"""A coach moves to another supervisor: the old one reads no more, the new one nothing yet."""

import pytest

from cascade_tools.errors import NotFound
from tests.records.small import Small


@pytest.fixture
def shared(small: Small) -> str:
    """A reflection of Amina's that Sue has read; its snapshot."""
    _, snapshot = small.shared()
    small.records.sharing.read(small.id("sue"), snapshot)
    return snapshot


def _reads(small: Small, who: str, snapshot: str) -> bool:
    """Whether this person gets anything of it: the copy, a list, a table."""
    desk = small.records.desk(small.people[who], "test")
    found = {row.snapshot for row in desk.answers()} | {one.id for one in desk.shared()}
    try:
        small.records.sharing.read(small.id(who), snapshot)
    except NotFound:
        assert snapshot not in found
        return False
    assert snapshot in found
    return True


def test_the_old_one_loses_it_and_the_new_one_gets_nothing(small: Small, shared: str) -> None:
    """From the moment of the change Sue is refused; nothing is carried over to Tom, and going back
    to Sue later does not bring the old copy back."""
    assert _reads(small, "sue", shared)
    small.clock.later(hours=1)
    small.records.people.supervise(small.id("tom"), small.id("amina"))
    assert not _reads(small, "sue", shared)
    assert not _reads(small, "tom", shared)
    small.clock.later(days=1)
    small.records.people.supervise(small.id("sue"), small.id("amina"))
    assert not _reads(small, "sue", shared)


def test_the_new_one_reads_only_what_the_author_shares_anew(small: Small, shared: str) -> None:
    """Tom sees a new copy once Amina gives him one, and still not the one Sue had."""
    small.records.people.supervise(small.id("tom"), small.id("amina"))
    entry = small.entry()
    readers = small.records.sharing.readers(small.id("amina"), entry.id, ("supervisor",))
    assert [reader.id for reader in readers] == [small.id("tom")]
    new = small.share(entry, "tom")
    assert _reads(small, "tom", new)
    assert not _reads(small, "tom", shared)
    assert not _reads(small, "sue", new)


def test_the_author_is_told_that_it_is_over(small: Small, shared: str) -> None:
    """On the author's pages the old share is no longer live, and they keep their own copy."""
    amina = small.id("amina")
    assert [s.live for s in small.records.sharing.of(amina)] == [True]
    small.records.people.supervise(small.id("tom"), small.id("amina"))
    assert [s.live for s in small.records.sharing.of(amina)] == [False]
    assert small.records.sharing.read(amina, shared).author_id == amina


def test_an_answer_of_the_old_one_stays_with_its_author(small: Small, shared: str) -> None:
    """A private draft of Sue's about it is still hers, and shows nothing of what it was about."""
    draft = small.records.entries.start(
        small.id("sue"), "supervisor/reviewing-a-reflection", about_id=shared
    )
    small.records.people.supervise(small.id("tom"), small.id("amina"))
    assert small.records.entries.get(small.id("sue"), draft.id).id == draft.id
    assert small.records.sharing.find(small.id("sue"), shared) is None
    with pytest.raises(NotFound):
        small.records.sharing.may_read(small.id("sue"), shared)
