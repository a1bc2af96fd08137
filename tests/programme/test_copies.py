"""Backups, restoring and verifying, as an operator does them."""

import io
import random
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cascade_tools import programme
from cascade_tools.errors import CascadeError, NotNow, SettingsFault
from cascade_tools.model.consent import KEEP
from cascade_tools.programme.copies import unpack
from cascade_tools.records import Vault, make_key_file, read_keys, sealed_file, sealing
from tests.living import House
from tests.programme.test_programme import MARKER, PROMPT, shared_with_sue, written

BITS = random.Random(20261122)  # noqa: S311 - the same places each time


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of a programme with something written, for tests that only look."""
    house = House(tmp_path_factory.mktemp("made") / "house")
    written(house)
    return programme.backup(house.folder.path).path


def vault_of(folder: Path) -> Vault:
    keys = read_keys(folder / "secret.key")
    return Vault(keys.current, keys.all)


# Making them


def test_a_backup_is_noise_without_the_key(house: House) -> None:
    """No word, no name, no phone number, no file name stands in it; it is its owner's alone."""
    written(house)
    (house.folder.local / "our-own-notes.txt").write_text("ours")
    made = programme.backup(house.folder.path)
    assert made.path.stat().st_mode & 0o077 == 0
    assert made.key == house.folder.key
    content = made.path.read_bytes()
    assert content.startswith(b"A Cascade backup, encrypted.")
    for clear in (MARKER, "Coachfield", "01632 960101", "Testfield", "our-own-notes", "SQLite"):
        assert clear.encode() not in content, clear


def test_a_backup_holds_everything_but_the_key(house: House, tmp_path: Path) -> None:
    """Restored with its key it reads as before; links are left out, because they lead anywhere."""
    entry_id = written(house)
    own = house.folder.local / "workbooks" / "coach: ours.txt"
    own.write_text("ours")
    (house.folder.local / "link").symlink_to("/etc/hostname")
    made = programme.backup(house.folder.path)
    aside = tmp_path / "aside"
    aside.mkdir()
    unpack(made.path, vault_of(house.folder.path), aside)
    names = {str(p.relative_to(aside)) for p in aside.rglob("*") if p.is_file()}
    assert names == {"cascade.db", "programme.toml", "local/workbooks/coach: ours.txt"}
    done = programme.restore(made.path, tmp_path / "elsewhere", key=house.folder.key)
    assert (done.damage, done.erased) == ([], 0)
    assert abs(datetime.now(UTC) - done.made) < timedelta(minutes=5)
    with programme.records_of(done.path) as records:
        saved = records.entries.answers(house.people["amina"].id, entry_id)
        assert saved["what-happened"].value == MARKER


def test_a_backup_can_be_made_while_somebody_writes(house: House, tmp_path: Path) -> None:
    """It does not wait for an open transaction, and holds what was saved before."""
    written(house)
    writer = sqlite3.connect(house.folder.database, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("UPDATE person SET phone = 'half'")
    made = programme.backup(house.folder.path)
    writer.execute("ROLLBACK")
    writer.close()
    done = programme.restore(made.path, tmp_path / "elsewhere")
    with closing(sqlite3.connect(done.path / "cascade.db")) as db:
        assert db.execute("SELECT count(*) FROM person WHERE phone = 'half'").fetchone() == (0,)
        assert db.execute("SELECT count(*) FROM answer").fetchone() == (1,)


def test_two_backups_in_one_second_are_two_files(house: House) -> None:
    """None replaces another, and nothing half-made stays behind."""
    names = {programme.backup(house.folder.path).path.name for _ in range(3)}
    assert len(names) == 3
    assert {p.name for p in house.folder.backups.iterdir()} == names


def test_a_damaged_database_makes_no_backup(house: House) -> None:
    """What cannot be restored is not kept as if it could."""
    written(house)
    with sqlite3.connect(house.folder.database) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    whole = house.folder.database.read_bytes()
    house.folder.database.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(NotNow, match=r"damaged|not sound"):
        programme.backup(house.folder.path)
    assert list(house.folder.backups.iterdir()) == []


def test_backups_go_after_thirty_five_days_and_nothing_else_does(house: House) -> None:
    """To the day; what lies beside them under another name is somebody's own."""
    made = programme.backup(house.folder.path).path
    now = datetime.now(house.settings.zone)
    place = house.folder.backups
    old = place / f"cascade-{now - timedelta(days=35, minutes=1):%Y-%m-%dT%H%M%S}.cascade"
    older = place / "cascade-2020-01-31T040506-0f0f.zip"
    young = place / f"cascade-{now - timedelta(days=34, hours=23):%Y-%m-%dT%H%M%S}.cascade"
    own = place / "before the move.cascade"
    for path in (old, older, young, own):
        path.write_bytes(b"x")
    assert programme.old_backups(house.folder.path, now) == [older, old]
    assert programme.forget_old_backups(house.folder.path, now) == [older, old]
    assert {*place.iterdir()} == {made, young, own}
    assert programme.forget_old_backups(house.folder.path, now) == []


# Restoring them


def test_whatever_goes_wrong_leaves_nothing_behind(made: Path, tmp_path: Path) -> None:
    """Another key, no key, a folder in use, a file that is none: one sentence, and no trace."""
    another = tmp_path / "another.key"
    make_key_file(another)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("Dear")
    (tmp_path / "old.zip").write_bytes(b"PK\x03\x04" + b"x" * 99)
    (tmp_path / "photo.cascade").write_bytes(b"\x89PNG" * 99)
    copy = tmp_path / "copy.cascade"
    shutil.copy(made, copy)
    right = made.parent.parent / "secret.key"
    before = {*tmp_path.rglob("*")}
    for backup, folder, key, part in (
        (copy, "new", another, "another key"),
        (copy, "new/and/deep", another, "another key"),
        (copy, "new", None, r"--key FILE.*--typed"),
        (copy, "full", right, "not empty"),
        (copy, "copy.cascade", right, "not empty"),
        (tmp_path / "old.zip", "new", right, "earlier version"),
        (tmp_path / "photo.cascade", "new", right, "no Cascade backup"),
        (tmp_path / "none.cascade", "new", right, "no file"),
        (tmp_path / "full", "new", right, "no file"),
    ):
        with pytest.raises(SettingsFault, match=part):
            programme.restore(backup, tmp_path / folder, key=key)
        assert {*tmp_path.rglob("*")} == before, part


@pytest.mark.parametrize("what", ["flip", "cut", "add", "swap", "leave out", "another file's"])
def test_a_backup_that_was_changed_is_never_restored(
    made: Path, tmp_path: Path, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bit anywhere, a piece less, more, elsewhere or from another backup: it does not open."""
    monkeypatch.setattr(sealed_file, "CHUNK", 512)
    vault, chunk = vault_of(made.parent.parent), 512 + sealed_file.TAG
    plain = bytes(range(256)) * 10

    def sealed() -> bytes:
        file = io.BytesIO()
        with sealing(vault, file, made="2026-11-22T07:00:00+00:00") as out:
            out.write(plain)
        return file.getvalue()

    whole = sealed()
    start = len(whole) - 5 * chunk
    pieces = [whole[start + i * chunk : start + (i + 1) * chunk] for i in range(5)]
    head = whole[:start]
    kept = io.BytesIO()
    sealed_file.unseal(vault, io.BytesIO(whole), kept)
    assert kept.getvalue() == plain
    match what:
        case "flip":
            changed = []
            for at in [*range(0, start, 7), *BITS.sample(range(start, len(whole)), 60)]:
                body = bytearray(whole)
                body[at] ^= 1 << BITS.randrange(8)
                changed.append(bytes(body))
        case "cut":
            changed = [whole[:-1], whole[:-chunk], whole[: -2 * chunk], head, whole[:60], b""]
        case "add":
            changed = [whole + b"x", whole + pieces[-1], head + pieces[0] + whole[start:]]
        case "swap":
            changed = [b"".join((head, pieces[1], pieces[0], *pieces[2:]))]
        case "leave out":
            changed = [b"".join((head, *pieces[:2], *pieces[3:])), head + b"".join(pieces[1:])]
        case _:
            other = sealed()
            changed = [head + other[start:], other[:start] + whole[start:]]
    path = tmp_path / "changed.cascade"
    for content in changed:
        path.write_bytes(content)
        with pytest.raises(SettingsFault):
            sealed_file.unseal(vault, io.BytesIO(content), io.BytesIO())
        with pytest.raises(CascadeError):
            programme.restore(path, tmp_path / "new", key=made.parent.parent / "secret.key")
    assert [p.name for p in tmp_path.iterdir()] == ["changed.cascade"]


def test_nobody_is_signed_in_where_a_backup_is_restored(house: House, tmp_path: Path) -> None:
    """Sessions, tickets and links that lived when it was made may have been ended since."""
    amina = house.people["amina"].id
    with house.records() as records:
        cookie = records.signing_in.sign_in(amina)
        ticket = records.signing_in.ticket(amina, None, None)
        code = records.signing_in.invite(amina, "the programme")
        made = programme.backup(house.folder.path)
    done = programme.restore(made.path, tmp_path / "elsewhere")
    with programme.records_of(done.path) as records:
        for use, secret in (
            (records.signing_in.who, cookie),
            (records.signing_in.use_ticket, ticket),
            (records.signing_in.invitation, code),
        ):
            with pytest.raises(CascadeError):
                use(secret)  # type: ignore[operator]


def test_what_people_took_back_since_does_not_come_back(house: House, tmp_path: Path) -> None:
    """With the old folder named: erased, no longer shared, withdrawn and left stay so."""
    kept, gone = written(house), written(house, "beth", f"{MARKER} of Beth")
    shared_with_sue(house, kept)
    made = programme.backup(house.folder.path)
    people = house.people
    with house.records() as records:
        records.erasing.entry(people["beth"].id, gone)
        records.sharing.stop(people["amina"].id, records.sharing.of(people["amina"].id)[0].id)
        records.consents.decide(people["leo"].id, KEEP, False, house.notice)
        records.people.remove(people["tom"].id)
    back = programme.restore(made.path, tmp_path / "all")
    with programme.records_of(back.path) as records:
        assert records.entries.answers(people["beth"].id, gone)
        assert records.sharing.of(people["amina"].id)[0].live
    done = programme.restore(made.path, tmp_path / "less", instead_of=house.folder.path)
    assert done.erased == 1
    with programme.records_of(done.path) as records:
        with pytest.raises(CascadeError):
            records.entries.answers(people["beth"].id, gone)
        assert len(records.erasing.tombstones(people["beth"].id)) == 1
        assert records.entries.answers(people["amina"].id, kept)
        assert not records.sharing.of(people["amina"].id)[0].live
        assert not records.consents.of(people["leo"].id)[KEEP].given
        assert records.people.find("Tom Superfield") is None
    assert programme.verify(done.path) == []


def test_damage_from_before_the_backup_is_named_and_the_rest_is_there(
    house: House, tmp_path: Path
) -> None:
    """One record that no longer opens takes nobody else's words with it."""
    entry_id, other = written(house), written(house, "beth")
    with closing(sqlite3.connect(house.folder.database)) as db, db:
        db.execute("UPDATE answer SET sealed = zeroblob(40) WHERE entry_id = ?", (other,))
        (damaged,) = db.execute("SELECT id FROM answer WHERE entry_id = ?", (other,)).fetchone()
    made = programme.backup(house.folder.path)
    assert [(d.table, d.id) for d in programme.verify(made.path)] == [("answer", damaged)]
    done = programme.restore(made.path, tmp_path / "new")
    assert [(d.table, d.id) for d in done.damage] == [("answer", damaged)]
    with programme.records_of(done.path) as records:
        saved = records.entries.answers(house.people["amina"].id, entry_id)
        assert saved[PROMPT.key].value == MARKER


# One at a time


def test_two_repairs_keep_out_of_each_others_way(house: House, tmp_path: Path) -> None:
    """While somebody serves it, no key is changed and nothing is put in its place."""
    made = programme.backup(house.folder.path)
    with programme.alone(house.folder.path):
        for act in (
            lambda: programme.rotate(house.folder.path),
            lambda: programme.restore(made.path, tmp_path / "n", instead_of=house.folder.path),
        ):
            with pytest.raises(NotNow, match="Stop the server first"):
                act()
        assert programme.verify(house.folder.path) == []
        programme.backup(house.folder.path)
    assert not (tmp_path / "n").exists()
    with programme.alone(house.folder.path):
        pass
