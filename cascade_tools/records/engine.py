"""The database engine.  Every SQLite word of the kit stands in this file."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from cascade_tools.errors import NotNow
from cascade_tools.records.group_commit import GroupCommit

BUSY_SECONDS = 5
CONNECTIONS = 16
CAN_WRITE = "can-write"
REMAINS = "remains"
# For tables whose rows must not say in which order they came: SQLite numbers the rows of others.
UNORDERED = {"sqlite_with_rowid": False}


def make_engine(url: str, durable: bool = True) -> Engine:
    """An engine whose commits survive a power cut and whose deletions leave no trace.

    ``durable=False`` does not wait for the disk: only for records that are being made up in a
    folder nobody uses yet.
    """
    if not url.startswith("sqlite"):
        return create_engine(url)
    engine = create_engine(
        url,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
        # Those above it are closed after each use, and opening one takes longer than reading; each
        # remembers pages of its own, so the last used is used again.
        pool_size=CONNECTIONS,
        max_overflow=2 * CONNECTIONS,
        pool_use_lifo=True,
    )

    @event.listens_for(engine, "connect")
    def _settings(connection: Any, _record: Any) -> None:
        # SQLAlchemy, not the driver, opens transactions: see _begin.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            f"synchronous={'FULL' if durable else 'OFF'}",
            "secure_delete=ON",
            "foreign_keys=ON",
            "temp_store=MEMORY",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "checkin")
    def _left_open(connection: Any, _record: Any) -> None:
        # A commit that the database refused ends nothing, and SQLAlchemy takes it to be over.
        if connection is not None and connection.in_transaction:
            connection.rollback()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        # A writer takes its lock at once, so that it never has to give up half-way.
        immediate = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    return engine


def database_url(path: Path) -> str:
    return f"sqlite:///{path}"


class Database:
    """Opens transactions.  Leaving one without an error commits it; with one, rolls it back.

    ``saves`` is for what many people do at once and each waits for: see ``GroupCommit``.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        # SQLite's own waiting is not a queue: under load somebody would wait for ever.
        self._one_writer = threading.Lock()
        self._remains = False
        self._writing = engine.execution_options(writes=True)
        self.saves = GroupCommit(self.writing)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with _not_now(), Session(self.engine) as session, session.begin():
            yield session

    @contextmanager
    def asking(self) -> Iterator[Connection]:
        """For a question or two that every request asks: the same without objects, in half the
        time."""
        with _not_now(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Session]:
        if not self._one_writer.acquire(timeout=BUSY_SECONDS):
            raise NotNow("The records cannot be written right now (too many at once).")
        try:
            with _not_now(), self._begun() as session:
                info = session.connection().info
                try:
                    yield session
                    session.commit()
                except DatabaseError:
                    # Asked again before it writes next.  It is not closed now: with the last
                    # connection goes what others need to read while the disk is in trouble.
                    info.pop(CAN_WRITE, None)
                    raise
            erased = session.info.pop(REMAINS, False)
        finally:
            self._one_writer.release()
        if erased or self._remains:
            self._remains = not self._clear_remains()

    def _clear_remains(self) -> bool:
        """Empty the log of pages as they were before; whether nobody stood in the way.

        Deleting overwrites what is deleted in the database, but the log beside it still holds it
        until it is taken in.  Somebody who reads for long is not waited for: the next write tries
        again, and closing the database clears it in any case.
        """
        if self.engine.dialect.name != "sqlite":
            return True
        with (
            suppress(sqlite3.OperationalError, PoolTimeout),
            closing(self.engine.raw_connection()) as connection,
        ):
            cursor = connection.cursor()
            try:
                cursor.execute("PRAGMA busy_timeout=1000")
                return not cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            finally:
                cursor.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
                cursor.close()
        return False

    def _begun(self) -> Session:
        """A session that holds the write lock."""
        try:
            return self._begin()
        except DatabaseError as error:
            if not _disk_refuses(error):
                raise
            self.engine.dispose()
            return self._begin()

    def _begin(self) -> Session:
        session = Session(self._writing, expire_on_commit=False)
        try:
            connection = session.connection()
            if connection.dialect.name == "sqlite" and not connection.info.get(CAN_WRITE):
                # The lock alone does not show a read-only file; asking to write a header does.
                # Once for each connection, and again after a write that failed.
                version = connection.exec_driver_sql("PRAGMA user_version").scalar()
                connection.exec_driver_sql(f"PRAGMA user_version={int(version or 0)}")
                connection.info[CAN_WRITE] = True
        except BaseException:
            session.close()
            raise
        return session


def leave_no_remains(session: Session) -> None:
    """Once this session is committed, nothing of what it erased stays in the database's files."""
    session.info[REMAINS] = True


def structural_faults(session: Session) -> list[tuple[str, str]]:
    """What the database itself finds damaged: table (empty: in its own order) and row."""
    if session.get_bind().dialect.name != "sqlite":
        return []
    connection = session.connection()
    found = []
    if connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar() != "ok":
        found.append(("", ""))
    for table, row, *_ in connection.exec_driver_sql("PRAGMA foreign_key_check").all():
        if row is None:
            found.append((table, ""))
            continue
        where = f'SELECT * FROM "{table}" WHERE rowid = ?'  # noqa: S608 - the database's own name
        first = connection.exec_driver_sql(where, (row,)).first()
        found.append((table, str(first[0]) if first else str(row)))
    return found


def _disk_refuses(error: BaseException) -> bool:
    """A connection that was open while the disk was read-only may stay so for ever."""
    return _code(error).startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_IOERR"))


def _code(error: BaseException) -> str:
    return str(getattr(getattr(error, "orig", None), "sqlite_errorname", ""))


@contextmanager
def _not_now() -> Iterator[None]:
    try:
        yield
    except (OperationalError, PoolTimeout) as error:
        # The driver's text may quote a statement; only its kind is repeated.
        code = _code(error) or "no answer"
        raise NotNow(f"The records cannot be used right now ({code}).") from None
    except DatabaseError as error:
        code = _code(error)
        if code.startswith(("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_BUSY")):
            raise NotNow(f"The records cannot be written right now ({code}).") from None
        raise


def copy_database(source: Path, target: Path) -> None:
    """A consistent copy of a database in use, checked, readable by its owner alone."""
    target.touch(0o600, exist_ok=False)
    try:
        with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(target)) as copy:
            live.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
            verdict = copy.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.OperationalError as error:
        target.unlink()
        raise NotNow(f"The database cannot be copied now ({error.sqlite_errorname}).") from None
    except sqlite3.DatabaseError:
        verdict = "damaged"
    if verdict != "ok":
        target.unlink()
        raise NotNow(
            "The database is damaged, so no copy of it was kept. Stop the server and put back "
            "cascade.db from the newest file in backups."
        )
