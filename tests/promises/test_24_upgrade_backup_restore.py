"""What was written stays, as it was: through upgrades, a lost laptop, a changed byte."""

import json
import random
import re
import shutil
import sqlite3
import stat
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from cascade_tools import programme
from cascade_tools.cli import answer, cli
from cascade_tools.errors import SettingsFault
from cascade_tools.records import database_url, open_records, read_keys
from cascade_tools.records.places import PLACES
from cascade_tools.settings import settings_text
from tests.faults.nursery import QuickHouse
from tests.faults.pages import KEY, fresh_entry
from tests.faults.visitor import Visitor
from tests.living import House, contacts
from tests.records.dump import ASSETS, LATER, load, seen
from tests.records.everything import fill_everything, opened, read, same_in
from tests.records.small import Clock, Small, open_small

RELEASED = sorted(path.stem for path in ASSETS.glob("*.sql"))
CHOOSE = random.Random(20261122)  # noqa: S311 - the same places each time
GONE = {"sign_in", "ticket", "invitation", "alembic_version"}
Capture = pytest.CaptureFixture[str]


def programme_in(folder: Path) -> Path:
    """Records that lie in ``folder`` become a programme."""
    (folder / "programme.toml").write_text(settings_text(programme_name="Ours", **contacts()))
    return folder


@pytest.fixture
def full(tmp_path: Path) -> Iterator[tuple[Path, Small]]:
    """A programme with something of every kind in it; nobody has it open."""
    folder = tmp_path / "laptop"
    folder.mkdir(mode=0o700)
    small = open_small(database_url(folder / "cascade.db"), folder)
    fill_everything(small)
    yield programme_in(folder), small
    small.records.close()


def content(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table but those that say who has come in."""
    with closing(sqlite3.connect(folder / "cascade.db")) as db:
        names = {
            name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type='table'")
        }
        return {
            name: sorted(db.execute(f"SELECT * FROM {name}"), key=repr)  # noqa: S608
            for name in sorted(names - GONE)
        }


@pytest.mark.parametrize("name", RELEASED)
def test_a_backup_of_every_version_reads_the_same_elsewhere(name: str, tmp_path: Path) -> None:
    """Made from the tables of an earlier version, restored by this one: everybody reads what they
    read then."""
    old = tmp_path / "old"
    old.mkdir(mode=0o700)
    load(name, old)
    made = programme.backup(programme_in(old))
    done = programme.restore(made.path, tmp_path / "new")
    assert done.damage == []
    records = open_records(
        database_url(done.path / "cascade.db"), done.path / "secret.key", now=Clock(LATER)
    )
    found = json.loads(json.dumps(seen(records)))
    records.close()
    assert found == json.loads((ASSETS / f"{name}.json").read_text(encoding="utf-8"))


def test_a_backup_made_in_use_loses_nothing_that_showed_saved(
    own_house: QuickHouse, tmp_path: Path
) -> None:
    """While two people save on and on: what showed Saved before is in it, and nothing by halves."""
    own_house.start()
    people = {who: fresh_entry(own_house, who) for who in ("amina", "beth")}
    shown = dict.fromkeys(people, 0)
    stop, saved_one = threading.Event(), threading.Condition()

    def write(who: str) -> None:
        visitor, number = Visitor(own_house, who), 0
        while not stop.is_set():
            number += 1
            reply = visitor.save(people[who], KEY, f"{who} {number}")
            if reply.status == 200:
                with saved_one:
                    shown[who] = number
                    saved_one.notify()

    writers = [threading.Thread(target=write, args=(who,)) for who in people]
    for writer in writers:
        writer.start()
    copies = []
    try:
        for wanted in (3, 6):
            with saved_one:
                assert saved_one.wait_for(lambda: min(shown.values()) >= wanted, 60)  # noqa: B023
                before = dict(shown)
            copies.append((before, programme.backup(own_house.folder.path)))
    finally:
        stop.set()
        for writer in writers:
            writer.join(30)
    for number, (before, made) in enumerate(copies):
        done = programme.restore(made.path, tmp_path / f"copy-{number}")
        assert done.damage == []
        with programme.records_of(done.path) as records:
            for who, entry in people.items():
                saved = records.entries.answers(own_house.people[who].id, entry)[KEY].value
                name, said = str(saved).split()
                assert name == who
                assert before[who] <= int(said) <= shown[who]


def test_a_lost_laptop_loses_nothing(
    full: tuple[Path, Small], tmp_path: Path, capsys: Capture
) -> None:
    """A backup elsewhere and one sheet of paper from one envelope are enough: every row is there,
    everybody reads what they read before, and no one but the new folder's owner can look in."""
    laptop, small = full
    before, also = read(small.records), opened(small)
    small.records.close()
    assert answer(["key", "print", str(laptop), "--out", str(tmp_path / "sheet.html")]) == 0
    assert answer(["backup", str(laptop), "--json"]) == 0
    said = capsys.readouterr().out.splitlines()[-1]
    shutil.copy(json.loads(said)["backup"], tmp_path / "elsewhere.cascade")
    rows = content(laptop)
    shutil.rmtree(laptop)
    # All there is now: the file, and what somebody reads from the sheet, with a slip of the pen.
    sheet = re.findall(r"</span>([0-9A-Z]{5})</li>", (tmp_path / "sheet.html").read_text("utf-8"))
    typed = [group.lower() for group in sheet[:15]]
    typed.insert(3, "aaaaa")
    new = tmp_path / "new-laptop"
    arguments = ["restore", str(tmp_path / "elsewhere.cascade"), str(new), "--typed"]
    done = CliRunner().invoke(cli, arguments, input="\n".join(typed) + "\n")
    assert done.exit_code == 0, done.output
    assert "Group 4 is not as it was printed" in done.output
    assert content(new) == rows
    assert programme.verify(new) == []
    again = same_in(new, small)
    assert (read(again.records), opened(again)) == (before, also)
    again.records.close()
    modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in (new, *new.iterdir())}
    assert modes.pop("new-laptop") == modes.pop("local") == 0o700
    assert set(modes) >= {"cascade.db", "programme.toml", "secret.key"}
    assert set(modes.values()) == {0o600}


def test_one_flipped_byte_is_found_and_its_record_named(
    full: tuple[Path, Small], capsys: Capture
) -> None:
    """In a sealed value of each kind, wherever in it: ``cascade verify`` names table and record,
    says no word of what stands there, and ends with 1."""
    folder, small = full
    small.records.close()
    assert answer(["verify", str(folder)]) == 0
    for table in PLACES:
        name = table.__tablename__
        with closing(sqlite3.connect(folder / "cascade.db")) as db, db:
            rows = db.execute(f"SELECT * FROM {name}").fetchall()  # noqa: S608
            columns = [c[1] for c in db.execute(f"PRAGMA table_info({name})")]
            first = next(c for c in columns if c in ("id", "person_id"))
            row = CHOOSE.choice(rows)
            before, named = row[columns.index("sealed")], row[columns.index(first)]
            body = bytearray(before)
            body[CHOOSE.randrange(len(body))] ^= 1 << CHOOSE.randrange(8)
            change = f"UPDATE {name} SET sealed = ? WHERE sealed = ?"  # noqa: S608
            db.execute(change, (bytes(body), before))
        capsys.readouterr()
        assert answer(["verify", str(folder), "--json"]) == 1
        (found,) = json.loads(capsys.readouterr().out)
        assert (found["table"], found["id"]) == (name, named)
        with closing(sqlite3.connect(folder / "cascade.db")) as db, db:
            db.execute(change, (before, bytes(body)))
    assert answer(["verify", str(folder)]) == 0


def test_one_flipped_byte_in_a_backup_is_found_before_anything_is_restored(
    full: tuple[Path, Small], tmp_path: Path
) -> None:
    """Anywhere in it, names and phone numbers too: refused, and nothing is left behind."""
    folder, small = full
    small.records.close()
    whole = programme.backup(folder).path.read_bytes()
    key, path = folder / "secret.key", tmp_path / "changed.cascade"
    for at in [*CHOOSE.sample(range(400), 10), *CHOOSE.sample(range(400, len(whole)), 15)]:
        body = bytearray(whole)
        body[at] ^= 1 << CHOOSE.randrange(8)
        path.write_bytes(bytes(body))
        with pytest.raises(SettingsFault):
            programme.verify(path, key)
        with pytest.raises(SettingsFault):
            programme.restore(path, tmp_path / "new", key=key)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["changed.cascade", "laptop"]


def test_serving_shuts_what_others_could_open_and_refuses_an_open_key(
    own_house: QuickHouse,
) -> None:
    """Folder 0700, files 0600; a line says what was shut.  With a key that others can read nothing
    is served."""
    own_house.folder.path.chmod(0o755)
    own_house.folder.toml.chmod(0o644)
    own_house.start()
    place = own_house.folder.path
    assert stat.S_IMODE(place.stat().st_mode) == 0o700
    files = [p for p in place.iterdir() if p.is_file()]
    assert {"cascade.db-wal", "cascade.db-shm"} <= {p.name for p in files}
    assert {stat.S_IMODE(p.stat().st_mode) for p in files} == {0o600}
    assert "Other accounts could open" in own_house.log.read_text()
    # Nobody changes the key, or puts other records in place, under a running server.
    assert answer(["key", "rotate", str(place)]) == 1
    assert len(read_keys(own_house.folder.key).all) == 1
    own_house.stop()
    own_house.folder.key.chmod(0o644)
    with pytest.raises(AssertionError, match=r"chmod 600 secret\.key"):
        own_house.start()
    own_house.folder.key.chmod(0o600)


def test_a_new_lead_takes_over_and_the_old_one_is_out(tmp_path: Path, capsys: Capture) -> None:
    """Old sessions and tickets have ended, the key and a slip are printed, a restore was tried, and
    everybody is asked again under the name of who runs the computer now."""
    house = House(tmp_path / "house")
    with house.records() as records:
        cookie = records.signing_in.sign_in(house.people["pat"].id)
        ticket = records.signing_in.ticket(house.people["pat"].id, None, None)
    folder = str(house.folder.path)
    capsys.readouterr()
    arguments = ["--to", "Nadia Newfield", "--from", "Pat Leadfield", "--contacts-checked"]
    arguments += ["--computer", "Nadia Newfield, Testfield Trust", "--json"]
    assert answer(["handover", folder, *arguments]) == 0
    done = json.loads(capsys.readouterr().out)
    with house.records() as records:
        assert records.people.get("Nadia Newfield").roles == {"lead"}
        assert records.people.get("Pat Leadfield").roles == frozenset()
        for use, secret in ((records.signing_in.who, cookie), (records.signing_in.holder, ticket)):
            with pytest.raises(Exception, match=r"signed in|nothing here"):
                use(secret)  # type: ignore[operator]
    code = re.findall(r'class="code">([^<]+)<', Path(done["slip"]).read_text("utf-8"))
    assert len(code) == 1
    assert "Sheet 2 of 2" in Path(done["key"]).read_text("utf-8")
    assert programme.verify(done["backup"]) == []
    toml = house.folder.toml.read_text("utf-8")
    assert 'computer = "Nadia Newfield, Testfield Trust"' in toml
    assert not re.search(r'checked_on = ""', toml)
    assert any("Print the key" in line for line in done["todo"])
    assert [p.name for p in house.folder.path.iterdir() if p.name.startswith(".")] == []
    assert answer(["handover", folder, "--to", "Beth Coachfield", "--from", "Nobody"]) == 1
    assert answer(["handover", folder, "--to", "Beth Coachfield", "--from", "Sue Superfield"]) == 1
