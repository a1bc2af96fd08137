"""Databases of every version of the kit: made, upgraded, refused, copied."""

import json
import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from cascade_tools.errors import NotNow, SettingsFault
from cascade_tools.model.consent import KEEP
from cascade_tools.records import copy_database, database_url, open_records
from cascade_tools.records.tables import Row
from cascade_tools.records.upgrade import MIGRATIONS
from tests.records.dump import ASSETS, LATER, load, seen
from tests.records.small import SECRET, TOGETHER, WHAT, Clock, Small, open_small

RELEASED = sorted(path.stem for path in ASSETS.glob("*.sql"))


def test_a_fresh_database_gets_every_table(small: Small) -> None:
    """The first opening makes the tables; opening again changes nothing."""
    engine = small.records.store.database.engine
    made = set(inspect(engine).get_table_names())
    assert made == {t.name for t in Row.metadata.sorted_tables} | {"alembic_version"}


def test_the_migrations_make_what_the_code_expects(small: Small) -> None:
    """Tables made step by step by the migrations are those the code is written for."""
    with small.records.store.database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Row.metadata) == []


def test_a_database_of_a_newer_version_is_refused(url: str, tmp_path: Path) -> None:
    """An old kit does not touch a newer kit's records; it says what to run."""
    small = open_small(url, tmp_path)
    with small.records.store.database.writing() as s:
        s.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    small.records.close()
    with pytest.raises(SettingsFault, match="pip install --upgrade cascade-tools"):
        open_records(url, tmp_path / "secret.key")


def test_every_released_schema_has_an_asset() -> None:
    """For each migration there is a dump of what it left behind, so that nothing is only hoped."""
    script = ScriptDirectory(str(MIGRATIONS))
    assert {r.revision for r in script.walk_revisions()} == set(RELEASED)


@pytest.mark.parametrize("name", RELEASED)
def test_an_old_database_reads_as_it_did(name: str, tmp_path: Path) -> None:
    """A database left by an earlier version opens, upgraded, and everything in it reads the same
    for everybody."""
    database, key = load(name, tmp_path)
    records = open_records(database_url(database), key, now=Clock(LATER))
    found = json.loads(json.dumps(seen(records)))
    with records.store.database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Row.metadata) == []
    records.close()
    assert found == json.loads((ASSETS / f"{name}.json").read_text(encoding="utf-8"))
    assert "Nur für mich – 🙂" in json.dumps(found["amina Field"], ensure_ascii=False)


@pytest.mark.parametrize("name", RELEASED)
def test_an_old_database_can_be_written(name: str, tmp_path: Path) -> None:
    """After the upgrade its people go on writing where they stopped, once they have said yes."""
    database, key = load(name, tmp_path)
    records = open_records(database_url(database), key, now=Clock(LATER))
    amina = records.people.get("amina Field")
    records.consents.decide(amina.id, KEEP, True, "1")
    entry = records.entries.of(amina.id)[0]
    before = records.entries.answers(amina.id, entry.id)["talk"]
    kept = records.entries.save(
        amina.id, entry.id, before.prompt, "today", base=before.revision, writer="new", counter=1
    )
    assert kept.revision > before.revision
    assert records.entries.answers(amina.id, entry.id)["talk"].value == "today"
    records.close()


def test_an_older_database_has_nothing_together_yet(tmp_path: Path) -> None:
    """What was written before workbooks were done together is ordinary: a share stays a share, a
    sheet is nobody's but its author's; and the pair may begin."""
    database, key = load("0001", tmp_path)
    records = open_records(database_url(database), key, now=Clock(LATER))
    amina, leo = (records.people.get(f"{name} Field") for name in ("amina", "leo"))
    assert {e.together for e, _ in records.entries.everything(amina.id)} == {""}
    assert [(s.live, s.kind) for s in records.sharing.of(amina.id)] == [(True, "shared")]
    (pair,) = records.people.pairs_of(leo.id)
    assert (pair.ended_by, [s.moved_from for s in pair.sessions]) == (None, [None])
    assert records.agreements.of(leo.id, pair.id) == []
    assert records.together.done(leo.id, pair.id) == set()
    records.consents.decide(leo.id, KEEP, True, "1")
    start = records.entries.start
    entry = start(leo.id, "pair/half-way-review", pair_id=pair.id, together="sealed")
    assert records.together.status(leo.id, entry.id).partner == amina
    shared = start(leo.id, "pair/actions", pair_id=pair.id, together="shared")
    assert records.entries.get(amina.id, shared.id) == shared
    records.pairs.plan(leo.id, pair.id, LATER.date())
    records.close()


def test_an_upgrade_that_fails_leaves_the_database_as_it_was(tmp_path: Path) -> None:
    """Half an upgrade is none: whatever stops it, the next attempt starts from the old tables."""
    database, key = load("0001", tmp_path)

    def schema() -> str:
        with closing(sqlite3.connect(database)) as connection:
            return "\n".join(connection.iterdump())

    with closing(sqlite3.connect(database)) as connection:
        connection.execute("CREATE TABLE feedback (in_the_way INTEGER)")
    before = schema()
    with pytest.raises(Exception, match="feedback"):
        open_records(database_url(database), key)
    assert schema() == before
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("DROP TABLE feedback")
    records = open_records(database_url(database), key, now=Clock(LATER))
    assert records.people.get("amina Field")
    records.close()


class TestOnDisk:
    """What only a database in a file can show."""

    @pytest.fixture
    def house(self, tmp_path: Path) -> Small:
        return open_small(database_url(tmp_path / "cascade.db"), tmp_path)

    def test_a_copy_of_a_database_in_use_is_whole(self, house: Small, tmp_path: Path) -> None:
        """A backup taken while pages save reads as the original did, and is its owner's alone."""
        entry, _ = house.shared()
        copy = tmp_path / "copy.db"
        copy_database(tmp_path / "cascade.db", copy)
        house.write(entry, "after the copy", counter=2)
        assert stat.S_IMODE(copy.stat().st_mode) == 0o600
        records = open_records(database_url(copy), tmp_path / "secret.key", now=house.clock)
        saved = records.entries.answers(entry.person_id, entry.id)["what-happened"]
        assert saved.value == "We met"
        records.close()
        house.records.close()

    def test_a_backup_overwrites_nothing(self, house: Small, tmp_path: Path) -> None:
        """A copy onto a file that is there is refused, and the file stays as it was."""
        target = tmp_path / "copy.db"
        target.write_text("mine")
        with pytest.raises(FileExistsError):
            copy_database(tmp_path / "cascade.db", target)
        assert target.read_text() == "mine"
        house.records.close()

    def test_a_locked_database_is_not_now(self, house: Small, tmp_path: Path) -> None:
        """While somebody else holds the database a save says so, and keeps nothing by halves."""
        entry = house.entry()
        other = sqlite3.connect(tmp_path / "cascade.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(NotNow) as error:
            house.write(entry, "marker-words")
        other.execute("ROLLBACK")
        other.close()
        assert "marker-words" not in str(error.value)
        assert house.read(entry) == {}
        house.write(entry, "marker-words")
        assert house.read(entry) == {"what-happened": "marker-words"}
        house.records.close()

    def test_commits_survive_a_power_cut(self, house: Small) -> None:
        """Every connection of a real programme waits for the disk, and erases what it deletes."""
        records = open_records(
            str(house.records.store.database.engine.url),
            Path(str(house.records.store.database.engine.url.database)).parent / "secret.key",
        )
        with records.store.database.reading() as s:
            found = {
                name: s.connection().exec_driver_sql(f"PRAGMA {name}").scalar_one()
                for name in ("journal_mode", "synchronous", "secure_delete", "foreign_keys")
            }
        assert found == {
            "journal_mode": "wal",
            "synchronous": 2,
            "secure_delete": 1,
            "foreign_keys": 1,
        }
        records.close()
        house.records.close()

    def test_no_words_stand_in_the_files(self, house: Small, tmp_path: Path) -> None:
        """A marker written, shared, asked for and revised is in no byte of the database's files."""
        marker = "marker-5b0e"
        entry, snapshot = house.shared(dict.fromkeys((WHAT, SECRET, TOGETHER), marker))
        house.write(entry, f"{marker} again", WHAT, counter=9)
        house.records.sharing.read(house.id("sue"), snapshot)
        files = [p for p in tmp_path.iterdir() if p.name.startswith("cascade.db")]
        assert any(p.name.endswith("-wal") for p in files)
        for path in files:
            assert marker.encode() not in path.read_bytes(), path.name
        assert marker in str(house.read(entry))
        house.records.close()

    def test_a_forgotten_version_leaves_no_trace(self, house: Small, tmp_path: Path) -> None:
        """What was forgotten is gone from the file as ciphertext, too."""
        entry = house.entry()
        house.write(entry, "first")
        with house.records.store.database.reading() as s:
            sealed = s.connection().exec_driver_sql("SELECT sealed FROM answer").scalar_one()
        house.write(entry, "second", counter=2)
        house.records.entries.forget_earlier(entry.person_id, entry.id)
        house.records.close()
        for path in tmp_path.glob("cascade.db*"):
            assert sealed not in path.read_bytes()


def test_the_assets_key_is_no_real_key() -> None:
    """The key beside a dump opens that dump and is readable by all: it never was a programme's."""
    for name in RELEASED:
        mode = stat.S_IMODE((ASSETS / f"{name}.key").stat().st_mode)
        assert os.name != "posix" or mode & 0o044
