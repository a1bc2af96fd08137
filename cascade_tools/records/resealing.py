"""Everything sealed anew with the current key, in batches: stopped anywhere, it goes on later."""

from collections import Counter

from sqlalchemy import delete, func, inspect, select, update
from sqlalchemy.orm import Session

from cascade_tools.errors import SettingsFault
from cascade_tools.records.engine import leave_no_remains
from cascade_tools.records.places import PLACES, place_of
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
            while changed := self._batch(table):
                done += changed
                if progress is not None:
                    progress(done, whole)
        with self._store.database.writing() as s:
            # They count for an hour, and their hashes cannot be made again.
            s.execute(delete(AttemptRow))
            leave_no_remains(s)
        return done

    def _batch(self, table: type[Row]) -> int:
        with self._store.database.writing() as s:
            key_id = inspect(table).columns["key_id"]
            old = select(table).where(key_id != self._store.vault.current).limit(BATCH)
            rows = s.scalars(old).all()
            for row in rows:
                self._again(s, table, row)
            return len(rows)

    def _again(self, s: Session, table: type[Row], row: Row) -> None:
        vault, place = self._store.vault, place_of(table, row)
        (first,) = inspect(table).primary_key
        try:
            plain = vault.open(row.key_id, row.sealed, *place)  # type: ignore[attr-defined]
            if table is SnapshotRow and vault.keyed_hash(plain, row.key_id) != row.hash:  # type: ignore[attr-defined]
                raise SettingsFault("")
        except SettingsFault:
            raise SettingsFault(
                f"{table.__tablename__} {getattr(row, first.name)} does not open, so the old key "
                "is kept. Run: cascade verify FOLDER"
            ) from None
        sealed = vault.seal(plain, *place)
        values = {"key_id": sealed.key_id, "sealed": sealed.body}
        if table is SnapshotRow:
            values["hash"] = vault.keyed_hash(plain)
        s.execute(update(table).where(first == getattr(row, first.name)).values(**values))
