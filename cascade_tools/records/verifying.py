"""Whether everything in the records still opens, is what it was, and hangs together."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, inspect, select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from cascade_tools.errors import SettingsFault
from cascade_tools.records.engine import Database, make_engine, structural_faults
from cascade_tools.records.places import PLACES, place_of, sealed_columns
from cascade_tools.records.store import Store
from cascade_tools.records.tables import Row, SnapshotRow
from cascade_tools.records.upgrade import upgrade
from cascade_tools.records.vault import Vault

Progress = Callable[[int, int], None]
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Damage:
    """One record that is not as it was: its table, its id and what is the matter.  No words."""

    table: str
    id: str
    what: str

    def __str__(self) -> str:
        where = " ".join(part for part in (self.table, self.id) if part)
        return f"{where or 'cascade.db'}: {self.what}"


class Verifying:
    """Opens every sealed value, makes every keyed hash again, follows every link."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def all(self, progress: Progress | None = None) -> list[Damage]:
        """What is damaged, by table; nothing if all is well.  Nothing is written.

        ``progress`` is told how many sealed values were looked at, of how many.
        """
        with self._store.database.reading() as s:
            found = [
                Damage(table, row, "points to a record that is not there")
                if table
                else Damage("", "", "the database does not hang together")
                for table, row in structural_faults(s)
            ]
            whole = sum(s.scalar(select(func.count()).select_from(t)) or 0 for t in PLACES)
            done = 0
            for table in PLACES:
                for fault in self._table(s, table):
                    done += 1
                    if fault is not None:
                        found.append(fault)
                    if progress is not None and done % AT_ONCE == 0:
                        progress(done, whole)
        return found

    def _table(self, s: Session, table: type[Row]) -> Iterator[Damage | None]:
        """For each row its fault, or None."""
        name = table.__tablename__
        rows = s.execute(select(*sealed_columns(table)).execution_options(yield_per=AT_ONCE))
        (first,) = inspect(table).primary_key
        try:
            for row in rows:
                what = self._fault(table, row)
                yield None if what is None else Damage(name, getattr(row, first.name), what)
        except DatabaseError:
            yield Damage(name, "", "a part of this table cannot be read")

    def _fault(self, table: type[Row], row: Any) -> str | None:
        vault = self._store.vault
        try:
            plain = vault.open(row.key_id, row.sealed, *place_of(table, row))
        except SettingsFault:
            return "does not open: it was damaged or moved, or belongs to another key"
        if table is SnapshotRow and vault.keyed_hash(plain, row.key_id) != row.hash:
            return "is not what was shared"
        return None


def verify(url: str, vault: Vault, progress: Progress | None = None) -> list[Damage]:
    """What is damaged in the records at ``url``, however badly.

    Older tables are brought up to date first, as by every opening.
    """
    engine = make_engine(url)
    try:
        if not inspect(engine).has_table("alembic_version"):
            return [Damage("", "", "the database holds no records")]
        upgrade(engine)
        return Verifying(Store(Database(engine), vault)).all(progress)
    except DatabaseError:
        return [Damage("", "", "the database cannot be read")]
    finally:
        engine.dispose()
