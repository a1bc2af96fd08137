"""Damage is found and named, and a new key takes over from an old one, record by record."""

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import inspect, select, text, update

from cascade_tools.errors import SettingsFault
from cascade_tools.records import database_url, make_key_file, verify
from cascade_tools.records.places import PLACES
from cascade_tools.records.resealing import Resealing
from cascade_tools.records.store import Store
from cascade_tools.records.tables import AnswerRow, AttemptRow, Row, SnapshotRow
from cascade_tools.records.vault import Vault, change_key_file, open_vault, read_keys
from cascade_tools.records.verifying import Verifying
from tests.records.everything import fill_everything, opened, read, same_in
from tests.records.small import Small, open_small

SEALED = sorted(PLACES, key=lambda table: table.__tablename__)


@pytest.fixture
def full(tmp_path: Path) -> Iterator[Small]:
    """Something sealed of every kind."""
    small = open_small(database_url(tmp_path / "cascade.db"), tmp_path)
    fill_everything(small)
    yield small
    small.records.close()


def damage(small: Small) -> list[tuple[str, str]]:
    """Table and id of each record that is not as it was."""
    return [(d.table, d.id) for d in Verifying(small.records.store).all()]


def test_every_sealed_column_has_its_place() -> None:
    """A table with something sealed in it is verified and gets new keys like every other."""
    sealed = {m.class_ for m in Row.registry.mappers if "sealed" in m.columns}
    assert sealed == set(PLACES)


def test_whole_records_have_no_damage(full: Small) -> None:
    """Something of every kind is there, opens, and is what it was."""
    with full.records.store.database.reading() as s:
        for table in SEALED:
            assert s.scalar(select(table).limit(1)) is not None, table
    assert damage(full) == []


def test_one_changed_byte_names_its_record(full: Small) -> None:
    """Wherever in a sealed value of whichever kind: table and id are said, and no others."""
    choose = random.Random(20261122)  # noqa: S311 - the same places each time
    database = full.records.store.database
    for table in SEALED:
        (first,) = inspect(table).primary_key
        for _ in range(3):
            with database.writing() as s:
                row = choose.choice(s.scalars(select(table)).all())
                before, found = row.sealed, getattr(row, first.name)  # type: ignore[attr-defined]
                body = bytearray(before)
                body[choose.randrange(len(body))] ^= 1 << choose.randrange(8)
                s.execute(update(table).where(first == found).values(sealed=bytes(body)))
            assert damage(full) == [(table.__tablename__, found)]
            with database.writing() as s:
                s.execute(update(table).where(first == found).values(sealed=before))
    assert damage(full) == []


@pytest.mark.parametrize("column", ["hash", "key_id", "id"])
def test_a_copy_that_is_not_what_was_shared_is_named(full: Small, column: str) -> None:
    """Its hash, its key and its own id belong to it as much as its content."""
    with full.records.store.database.writing() as s:
        s.execute(text("PRAGMA defer_foreign_keys=ON"))
        snapshot = s.scalars(select(SnapshotRow).where(SnapshotRow.kind == "sealed")).first()
        assert snapshot is not None
        changed = "0" + str(getattr(snapshot, column))[1:]
        if changed == getattr(snapshot, column):
            changed = "1" + changed[1:]
        if column == "id":
            for link in ("share.snapshot_id", "opening.snapshot_id", "agreement.snapshot_id"):
                name, link = link.split(".")
                s.execute(
                    text(f"UPDATE {name} SET {link} = :new WHERE {link} = :old"),  # noqa: S608
                    {"new": changed, "old": snapshot.id},
                )
        was = snapshot.id
        s.execute(update(SnapshotRow).where(SnapshotRow.id == was).values({column: changed}))
    assert damage(full) == [("snapshot", changed if column == "id" else was)]


def test_a_link_that_leads_nowhere_is_named(full: Small, tmp_path: Path) -> None:
    """A record whose owner has vanished is found, though it opens."""
    with closing(sqlite3.connect(tmp_path / "cascade.db")) as db, db:
        (row,) = db.execute("SELECT id FROM opening LIMIT 1").fetchone()
        db.execute("UPDATE opening SET reader_id = 'gone' WHERE id = ?", (row,))
    assert ("opening", row) in damage(full)


def test_a_database_that_is_none_is_damage_not_a_crash(tmp_path: Path, full: Small) -> None:
    """Whatever lies in its place, the answer is a sentence."""
    vault = full.records.store.vault
    broken = tmp_path / "broken.db"
    with closing(sqlite3.connect(tmp_path / "cascade.db")) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    whole = (tmp_path / "cascade.db").read_bytes()
    for content in (b"", b"no database at all" * 999, whole[:40_000], whole[:-9000] + b"x" * 9000):
        broken.write_bytes(content)
        assert verify(database_url(broken), vault), content[:9]


def test_damage_says_no_words(full: Small) -> None:
    """Only the table, the id and what is the matter."""
    with full.records.store.database.writing() as s:
        s.execute(update(AnswerRow).values(sealed=b"x" * 40))
    said = [str(d) for d in Verifying(full.records.store).all()]
    assert said
    for sentence in said:
        assert sentence.startswith("answer ")
        assert "does not open" in sentence


class TestNewKey:
    """From an old key to a new one."""

    def vaults(self, folder: Path) -> tuple[Vault, Vault, Vault]:
        """The old key alone, both, and the new one alone; the file holds both."""
        old = read_keys(folder / "secret.key")
        both = old.with_new()
        change_key_file(folder / "secret.key", both)
        new = both.without_old()
        return (*(Vault(keys.current, keys.all) for keys in (old, both, new)),)  # type: ignore[return-value]

    def test_everything_opens_with_the_new_key_alone(self, full: Small, tmp_path: Path) -> None:
        """And reads the same for everybody; hashes of what was shared are made anew, too."""
        before, also = read(full.records), opened(full)
        old, both, new = self.vaults(tmp_path)
        database = full.records.store.database
        full.records.signing_in.allow("x", "client", 9)
        with database.reading() as s:
            hashes = set(s.scalars(select(SnapshotRow.hash)))
        done = Resealing(Store(database, both)).all()
        counts = Resealing(Store(database, new)).by_key()
        assert counts == {new.current: done}
        assert Verifying(Store(database, new)).all() == []
        assert len(Verifying(Store(database, old)).all()) == done
        with database.reading() as s:
            assert not hashes & set(s.scalars(select(SnapshotRow.hash)))
            assert s.scalar(select(AttemptRow)) is None
        change_key_file(tmp_path / "secret.key", read_keys(tmp_path / "secret.key").without_old())
        full.records.close()
        now = same_in(tmp_path, full)
        assert (read(now.records), opened(now)) == (before, also)
        now.records.close()

    def test_nothing_sealed_with_the_old_key_stays_in_the_files(
        self, full: Small, tmp_path: Path
    ) -> None:
        """Whoever has the old key finds nothing to open, not even in what was overwritten."""
        _, both, _ = self.vaults(tmp_path)
        with full.records.store.database.reading() as s:
            sealed = list(s.scalars(select(AnswerRow.sealed)))
        Resealing(Store(full.records.store.database, both)).all()
        for path in tmp_path.glob("cascade.db*"):
            content = path.read_bytes()
            assert not [body for body in sealed if body in content], path.name

    def test_half_way_everybody_reads_and_writes(self, full: Small, tmp_path: Path) -> None:
        """Broken off between two batches, both keys open what is theirs, and it goes on later."""
        before = read(full.records)
        _, both, new = self.vaults(tmp_path)
        store = Store(full.records.store.database, both, full.clock)

        def stop(done: int, whole: int) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            Resealing(store).all(stop)
        assert len(Resealing(store).by_key()) == 2
        now = same_in(tmp_path, full)
        assert read(now.records) == before
        entry = now.records.entries.of(now.id("amina"))[0]
        now.write(entry, "while both hold", writer="new", base=99)
        now.records.close()
        Resealing(store).all()
        assert Verifying(Store(store.database, new)).all() == []

    def test_a_damaged_record_is_never_sealed_anew(self, full: Small, tmp_path: Path) -> None:
        """It would look whole then.  It is named, and the old key stays needed."""
        _, both, _ = self.vaults(tmp_path)
        with full.records.store.database.writing() as s:
            row = s.scalars(select(SnapshotRow)).first()
            assert row is not None
            row.hash = "0" * 64
        with pytest.raises(SettingsFault, match=f"snapshot {row.id}.*cascade verify"):
            Resealing(Store(full.records.store.database, both)).all()
        found = Verifying(Store(full.records.store.database, both)).all()
        assert [(d.table, d.id) for d in found] == [("snapshot", row.id)]


def test_a_key_file_is_changed_whole_or_not_at_all(tmp_path: Path) -> None:
    """Nothing half-written lies about, and nobody else can read it."""
    path = tmp_path / "secret.key"
    make_key_file(path)
    both = read_keys(path).with_new()
    change_key_file(path, both)
    assert read_keys(path) == both
    assert path.stat().st_mode & 0o077 == 0
    assert [p.name for p in tmp_path.iterdir()] == ["secret.key"]
    sealed = open_vault(path).seal(b"words", "place")
    assert sealed.key_id == both.current
    assert not any(key.hex() in repr(both) for key in both.all.values())
