"""Everything sealed anew with the current key, in batches: stopped anywhere, it goes on later."""

from collections import Counter
from typing import Any

from sqlalchemy import bindparam, delete, func, inspect, select, update

from cascade_tools.errors import SettingsFault
from cascade_tools.records.engine import leave_no_remains
from cascade_tools.records.places import PLACES, place_of, sealed_columns
from cascade_tools.records.store import Store
from cascade_tools.records.tables import AttemptRow, Row, SnapshotRow
from cascade_tools.records.verifying import Progress

BATCH = 200


class Resealing:
    """The vault needs the old keys and the new one; both open until the end."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def by_key(self) -> dict[str, int]:
        """How many values each key seals, by its id."""
        found: Counter[str] = Counter()
        with self._store.database.reading() as s:
            for table in PLACES:
                key_id = inspect(table).columns["key_id"]
                for name, count in s.execute(select(key_id, func.count()).group_by(key_id)):
                    found[name] += count
        return dict(found)

    def all(self, progress: Progress | None = None) -> int:
        """Seal every value and make every keyed hash with the current key; returns how many.

        Raises ``SettingsFault`` naming the record that does not open; what was done stays done.
        """
        current = self._store.vault.current
        whole, done = sum(n for key_id, n in self.by_key().items() if key_id != current), 0
        for table in PLACES:
            after = ""
            while changed := self._batch(table, after):
                done, after = done + len(changed), changed[-1]
                if progress is not None:
                    progress(done, whole)
        with self._store.database.writing() as s:
            # They count for an hour, and their hashes cannot be made again.
            s.execute(delete(AttemptRow))
            leave_no_remains(s)
        return done

    def _batch(self, table: type[Row], after: str) -> list[str]:
        """Seal the next values, in one transaction and the order of ids; the ids of their rows."""
        (first,) = inspect(table).primary_key
        key_id = inspect(table).columns["key_id"]
        old = (
            select(*sealed_columns(table))
            .where(first > after, key_id != self._store.vault.current)
            .order_by(first)
            .limit(BATCH)
        )
        with self._store.database.writing() as s:
            again = [self._again(table, row, getattr(row, first.name)) for row in s.execute(old)]
            if again:
                names = [name for name in again[0] if name != "row"]
                new: dict[str, Any] = {n.removeprefix("new_"): bindparam(n) for n in names}
                renewed = update(table).where(first == bindparam("row")).values(**new)
                s.connection().execute(renewed, again)
            return [row["row"] for row in again]

    def _again(self, table: type[Row], row: Any, row_id: str) -> dict[str, Any]:
        """What changes in one row."""
        vault, place = self._store.vault, place_of(table, row)
        try:
            plain = vault.open(row.key_id, row.sealed, *place)
            if table is SnapshotRow and vault.keyed_hash(plain, row.key_id) != row.hash:
                raise SettingsFault("")
        except SettingsFault:
            raise SettingsFault(
                f"{table.__tablename__} {row_id} does not open, so the old key is kept. "
                "Run: cascade verify FOLDER"
            ) from None
        sealed = vault.seal(plain, *place)
        changed = {"row": row_id, "new_key_id": sealed.key_id, "new_sealed": sealed.body}
        return changed | ({"new_hash": vault.keyed_hash(plain)} if table is SnapshotRow else {})
