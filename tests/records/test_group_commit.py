"""Saves that come at the same moment share one commit, and each is told only after it."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event, text
from sqlalchemy.orm import Session

from cascade_tools.errors import NotFound, NotNow
from cascade_tools.records import group_commit
from cascade_tools.records.engine import Database, database_url, make_engine

MANY = 20


class Shelf:
    """A real database with one table, its commits counted."""

    def __init__(self, path: Path) -> None:
        self.database = Database(make_engine(database_url(path)))
        with self.database.writing() as s:
            s.execute(
                text(
                    "CREATE TABLE word (id INTEGER PRIMARY KEY, word TEXT NOT NULL,"
                    " after INTEGER REFERENCES word (id) DEFERRABLE INITIALLY DEFERRED)"
                )
            )
        self.commits = 0
        event.listen(self.database.engine, "commit", self._count)

    def _count(self, connection: Connection) -> None:
        self.commits += bool(connection.get_execution_options().get("writes"))

    def put(self, word: str) -> Callable[[Session], str]:
        def call(s: Session) -> str:
            s.execute(text("INSERT INTO word (word) VALUES (:word)"), {"word": word})
            return word

        return call

    def words(self) -> list[str]:
        with self.database.reading() as s:
            return list(s.scalars(text("SELECT word FROM word ORDER BY id")))

    def all_at_once(self, calls: list[Callable[[Session], Any]]) -> list[Future[Any]]:
        """Each call from a thread of its own, in this order; none is made before all wait."""
        done: list[Future[Any]] = []
        with ThreadPoolExecutor(len(calls)) as threads, self.database.writing():
            for call in calls:
                done.append(threads.submit(self.database.saves.do, call))
                _until(lambda: self.database.saves.waiting == len(done))
            self.commits = -1  # the one that keeps them waiting is not theirs
        return done


def _until(holds: Callable[[], bool]) -> None:
    waiting = threading.Event()
    for _ in range(2000):
        if holds():
            return
        waiting.wait(0.005)
    raise AssertionError("It never came true.")


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    made = Shelf(tmp_path / "words.db")
    yield made
    made.database.engine.dispose()


def test_what_waits_together_is_committed_together_in_the_order_in_which_it_came(
    shelf: Shelf,
) -> None:
    words = [f"word {number}" for number in range(MANY)]
    done = shelf.all_at_once([shelf.put(word) for word in words])
    assert [one.result() for one in done] == words == shelf.words()
    assert shelf.commits == 1
    assert shelf.database.saves.waiting == 0


def test_nobody_is_told_before_the_commit(shelf: Shelf) -> None:
    """Whoever hears that it is saved finds it there by another connection, however many write."""

    def save(number: int) -> bool:
        word = f"word {number}"
        shelf.database.saves.do(shelf.put(word))
        return word in shelf.words()

    with ThreadPoolExecutor(16) as threads:
        assert all(threads.map(save, range(300)))
    assert shelf.commits <= 300


def test_one_that_is_refused_leaves_nothing_and_is_in_nobodys_way(shelf: Shelf) -> None:
    def refused(s: Session) -> None:
        shelf.put("half a word")(s)
        raise NotFound("There is nothing here for you.")

    def impossible(s: Session) -> None:
        shelf.put("another half")(s)
        s.execute(text("INSERT INTO word (word) VALUES (NULL)"))

    first, no, broken, last = shelf.all_at_once(
        [shelf.put("first"), refused, impossible, shelf.put("last")]
    )
    assert (first.result(), last.result()) == ("first", "last")
    assert isinstance(no.exception(), NotFound)
    assert broken.exception() is not None and not isinstance(broken.exception(), NotNow)
    assert shelf.words() == ["first", "last"] and shelf.commits == 1


def test_when_the_commit_fails_everybody_is_told_and_nothing_is_there(shelf: Shelf) -> None:
    """None is told that it is saved; and what comes next is saved again."""

    def fails_when_it_is_committed(s: Session) -> None:
        s.execute(text("INSERT INTO word (word, after) VALUES ('orphan', 99)"))

    calls = [shelf.put("first"), fails_when_it_is_committed, shelf.put("last")]
    assert [one.exception() is None for one in shelf.all_at_once(calls)] == [False] * 3
    assert shelf.words() == []
    assert shelf.database.saves.do(shelf.put("again")) == "again"
    assert shelf.words() == ["again"]


def test_a_database_that_cannot_be_written_turns_nobody_into_a_prisoner(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While somebody else holds it for too long, each hears so and may come again."""
    monkeypatch.setattr("cascade_tools.records.engine.BUSY_SECONDS", 0.2)
    with ThreadPoolExecutor(5) as threads, shelf.database.writing():
        done = [threads.submit(shelf.database.saves.do, shelf.put("word")) for _ in range(5)]
        assert all(isinstance(one.exception(), NotNow) for one in done)
    assert shelf.words() == []
    assert shelf.database.saves.do(shelf.put("again")) == "again"


def test_a_commit_holds_only_so_many(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever comes late does not keep waiting those who came first."""
    monkeypatch.setattr(group_commit, "MOST_TOGETHER", 8)
    done = shelf.all_at_once([shelf.put(str(number)) for number in range(MANY)])
    assert [one.result() for one in done] == shelf.words()
    assert shelf.commits == 3
