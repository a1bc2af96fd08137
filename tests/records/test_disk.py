"""A disk that cannot be written for a while: the first save after it is kept."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from cascade_tools.errors import NotNow
from cascade_tools.records import Records
from tests.records.small import Small


@pytest.fixture(autouse=True)
def only_sqlite(small: Small) -> None:
    if small.records.store.database.engine.dialect.name != "sqlite":
        pytest.skip("a file that can be read only is SQLite's trouble")


@contextmanager
def opened_read_only(records: Records) -> Iterator[None]:
    """Every connection opened meanwhile is one that can only read, for as long as it lives."""
    engine = records.store.database.engine

    def connect(*_: Any) -> sqlite3.Connection:
        return sqlite3.connect(
            f"file:{engine.url.database}?mode=ro", uri=True, check_same_thread=False
        )

    event.listen(engine, "do_connect", connect)
    try:
        yield
    finally:
        event.remove(engine, "do_connect", connect)


def test_a_save_meanwhile_says_so_and_the_next_is_kept(small: Small) -> None:
    """Whoever saves while the disk is read-only is told; the first save afterwards is kept."""
    entry = small.entry()
    small.records.store.database.engine.dispose()
    with opened_read_only(small.records):
        for _ in range(2):
            with pytest.raises(NotNow, match="SQLITE_READONLY"):
                small.write(entry, "during")
        assert small.read(entry) == {}
    small.write(entry, "after")
    assert small.read(entry) == {"what-happened": "after"}


def test_a_connection_opened_meanwhile_only_to_read_costs_no_save(small: Small) -> None:
    """Somebody read while the disk was read-only and nobody wrote: the first save is kept."""
    entry = small.entry()
    small.records.store.database.engine.dispose()
    with opened_read_only(small.records):
        assert small.read(entry) == {}
    small.write(entry, "after")
    assert small.read(entry) == {"what-happened": "after"}


def test_a_connection_that_turned_read_only_costs_no_save(small: Small) -> None:
    """A connection that could write, and since then cannot, is opened afresh in time."""
    entry = small.entry()
    small.write(entry, "before")
    with small.records.store.database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA query_only=ON")
    small.write(entry, "after", counter=2)
    assert small.read(entry) == {"what-happened": "after"}


def test_a_connection_that_fails_half_way_is_asked_again(small: Small) -> None:
    """When the disk turns read-only within a save, that save says so and keeps nothing; what was
    saved can be read meanwhile, and the first save afterwards is kept."""
    entry = small.entry()
    small.write(entry, "before")
    engine = small.records.store.database.engine

    def turn(_c: Any, cursor: sqlite3.Cursor, statement: str, *_: Any) -> None:
        if statement.startswith("INSERT INTO answer"):
            cursor.execute("PRAGMA query_only=ON")

    event.listen(engine, "before_cursor_execute", turn)
    with pytest.raises(NotNow, match="SQLITE_READONLY"):
        small.write(entry, "during", counter=2)
    event.remove(engine, "before_cursor_execute", turn)
    assert small.read(entry) == {"what-happened": "before"}
    small.write(entry, "after", counter=3)
    assert small.read(entry) == {"what-happened": "after"}


def test_an_ordinary_save_asks_the_disk_nothing_more(small: Small) -> None:
    """Once a connection has shown that it can write, a save writes its own rows and no header."""
    entry = small.entry()
    small.write(entry, "first")
    asked: list[str] = []
    engine = small.records.store.database.engine

    def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    small.write(entry, "second", counter=2)
    event.remove(engine, "before_cursor_execute", note)
    assert asked
    assert not [s for s in asked if "PRAGMA" in s.upper()]


def test_a_refused_row_gives_no_connection_up(small: Small) -> None:
    """What the database refuses for other reasons is no trouble of the disk."""
    engine = small.records.store.database.engine
    before = engine.pool
    with pytest.raises(Exception, match="UNIQUE"), small.records.store.database.writing() as s:
        for _ in range(2):
            s.connection().exec_driver_sql(
                "INSERT INTO asked (id, workbook, prompt) VALUES ('one', 'w', '{}')"
            )
    assert engine.pool is before
