"""Disks that are full, read-only or busy, and power cuts."""

import contextlib
import os
import resource
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.faults.nursery import QuickHouse
from tests.faults.pages import KEY, eventually, fresh_entry, kept, open_entry, sound, state
from tests.faults.visitor import Visitor
from tests.living import House

Trouble = contextlib.AbstractContextManager[None]
LONG = "A long answer. " * 2000


@contextlib.contextmanager
def locked(house: QuickHouse) -> Iterator[None]:
    """Somebody else holds the database's writing lock."""
    other = sqlite3.connect(house.folder.database, isolation_level=None)
    other.execute("begin exclusive")
    try:
        yield
    finally:
        other.execute("rollback")
        other.close()


@contextlib.contextmanager
def no_room(house: QuickHouse) -> Iterator[None]:
    """The server's files cannot grow any more, nor be written beyond their first byte."""
    assert house.process is not None
    pid = house.process.pid
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (1, before[1]))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, before)


@contextlib.contextmanager
def full(house: QuickHouse) -> Iterator[None]:
    """The disk has no free block left."""
    filler = house.folder.path / "filler"
    with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(4096))
    try:
        yield
    finally:
        filler.unlink()


@contextlib.contextmanager
def read_only(house: QuickHouse) -> Iterator[None]:
    """The database's files refuse to be written, by anybody."""
    database = house.folder.database
    files = [str(p) for p in (database, Path(f"{database}-wal")) if p.exists()]
    subprocess.run(["chattr", "+i", *files], check=True)
    try:
        yield
    finally:
        subprocess.run(["chattr", "-i", *files], check=True)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own, of a few megabytes, for an account that may mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(place)], check=True)
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def _is_refused_and_then_kept(
    house: QuickHouse,
    page: Page,
    trouble: Callable[[QuickHouse], contextlib.AbstractContextManager[None]],
) -> None:
    entry = fresh_entry(house)
    amina = Visitor(house, "amina")
    box = open_entry(page, house, entry)
    box.fill("Before the trouble.")
    state(page, "saved")
    with trouble(house):
        reply = amina.save(entry, "not-said", LONG)
        assert reply.status == 503, reply.body
        assert int(reply.headers["Retry-After"]) > 0
        assert "Your words are still on the page" in reply.json()["problem"]
        box.press("End")
        page.keyboard.type(" During it.")
        state(page, "waiting")
        expect(page.locator(".waiting-line")).to_be_visible()
        expect(box).to_have_value("Before the trouble. During it.")
        # What was saved can still be read, in another window too.
        assert "Before the trouble." in amina.get(f"/entries/{entry}").body
        formed = amina.post(f"/workbooks/{'coach/after-i-coach'}", {"session": f"{house.pair}/new"})
        assert formed.status == 503
        assert "cannot be saved right now" in formed.body
    state(page, "saved", seconds=60)
    assert kept(house, entry) == {KEY: "Before the trouble. During it."}
    assert amina.save(entry, "not-said", LONG).status == 200
    assert sound(house)
    house.kill()
    assert sound(house)
    assert kept(house, entry) == {KEY: "Before the trouble. During it.", "not-said": LONG}


def test_a_locked_database_costs_no_word(own_house: QuickHouse, visit: Callable[..., Page]) -> None:
    """While something else holds the database, saving answers 503 in plain words and says when to
    try again; the words stay on the page and are saved when the lock is gone."""
    own_house.start()
    _is_refused_and_then_kept(own_house, visit(own_house, "amina"), locked)


def test_files_that_cannot_grow_cost_no_word(
    own_house: QuickHouse, visit: Callable[..., Page]
) -> None:
    """A quota that is used up: the same, and the database is sound afterwards."""
    own_house.start()
    _is_refused_and_then_kept(own_house, visit(own_house, "amina"), no_room)


root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a disk or freeze a file")


@root
def test_a_full_disk_costs_no_word(
    build: Callable[..., QuickHouse], visit: Callable[..., Page], small_disk: Path
) -> None:
    """A disk without one free block: the same."""
    house = build(small_disk / "house")
    house.log = small_disk.parent / "house.log"
    house.start()
    _is_refused_and_then_kept(house, visit(house, "amina"), full)
    house.stop()


@root
def test_a_read_only_disk_costs_no_word(own_house: QuickHouse, visit: Callable[..., Page]) -> None:
    """Files that turn read-only under a running server: the same."""
    own_house.start()
    _is_refused_and_then_kept(own_house, visit(own_house, "amina"), read_only)


def test_an_acknowledged_answer_survives_a_power_cut_before_the_checkpoint(
    own_house: QuickHouse, tmp_path: Path
) -> None:
    """The files as they are right after an acknowledged save, with the server still running,
    hold that answer: nothing waits in memory.  The server asks the disk for every commit."""
    own_house.start()
    entry, amina = fresh_entry(own_house), Visitor(own_house, "amina")
    for number in range(1, 11):
        reply = amina.save(entry, KEY, f"Acknowledged {number}. {LONG}")
        assert reply.status == 200
        after = tmp_path / f"after{number}"
        after.mkdir()
        for name in ("cascade.db", "cascade.db-wal"):
            shutil.copy(own_house.folder.path / name, after / name)
        with contextlib.closing(sqlite3.connect(after / "cascade.db")) as copy:
            assert copy.execute("pragma integrity_check").fetchone()[0] == "ok"
        rest = House.__new__(House)
        rest.folder = type(own_house.folder)(after)
        rest.people = own_house.people
        shutil.copy(own_house.folder.key, rest.folder.key)
        assert str(kept(rest, entry)[KEY]).startswith(f"Acknowledged {number}. ")
    with own_house.records() as records, records.store.database.reading() as s:
        connection = s.connection()
        assert connection.exec_driver_sql("pragma synchronous").scalar() == 2
        assert connection.exec_driver_sql("pragma journal_mode").scalar() == "wal"
    own_house.kill()
    assert str(kept(own_house, entry)[KEY]).startswith("Acknowledged 10. ")
    eventually(lambda: sound(own_house))
