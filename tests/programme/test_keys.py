"""The key: on paper, typed back, changed for a new one; and who else could open the folder."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascade_tools import programme
from cascade_tools.errors import CascadeError, NotPossible, SettingsFault
from cascade_tools.programme.spelling import GROUPS, SYMBOLS, read_group, spell, unspell
from cascade_tools.records import Keys, read_keys
from cascade_tools.records.resealing import BATCH
from tests.living import ROOT, House
from tests.programme.test_programme import MARKER, PROMPT, written

KILLED = """
import os, signal, sys
from cascade_tools import programme
def stop(done, whole):
    if whole - done == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
programme.rotate(sys.argv[1], stop)
"""
KEYS = Keys.of("00c0ffee", bytes(range(32)))


def reads(folder: Path, house: House, entry_id: str) -> str:
    """What Amina finds in her sheet."""
    with programme.records_of(folder) as records:
        found = records.entries.answers(house.people["amina"].id, entry_id)
        return str(found["what-happened"].value)


class TestSpelling:
    @given(key_id=st.binary(min_size=4, max_size=4), key=st.binary(min_size=32, max_size=32))
    def test_a_key_comes_back_from_paper(self, key_id: bytes, key: bytes) -> None:
        """Any key, in small letters, with spaces or hyphens, O for 0 and I or L for 1."""
        keys = Keys.of(key_id.hex(), key)
        groups = spell(keys)
        assert len(groups) == GROUPS
        assert {len(group) for group in groups} == {5}
        assert not set("".join(groups)) & set("ILOU")
        assert unspell(groups) == keys
        assert unspell("-".join(groups)) == keys
        assert unspell(" ".join(groups).lower().replace("0", "o").replace("1", "l")) == keys

    def test_every_single_slip_is_found_in_its_group(self) -> None:
        """Each symbol at each place, changed to each other one."""
        groups = spell(KEYS)
        for at, group in enumerate(groups):
            for place in range(len(group)):
                for symbol in set(SYMBOLS) - {group[place]}:
                    typed = group[:place] + symbol + group[place + 1 :]
                    with pytest.raises(NotPossible, match=rf"^Group {at + 1} "):
                        read_group(typed, at)

    def test_a_group_in_anothers_place_is_found(self) -> None:
        """Whichever two."""
        groups = spell(KEYS)
        for at in range(GROUPS):
            for other in set(range(GROUPS)) - {at}:
                with pytest.raises(NotPossible):
                    read_group(groups[other], at)

    @given(typed=st.text(max_size=90))
    def test_whatever_is_typed_is_a_key_or_a_sentence(self, typed: str) -> None:
        """Never a crash, and never a key that was not printed."""
        with pytest.raises(NotPossible):
            unspell(typed)

    def test_possible_groups_of_two_keys_do_not_mix(self) -> None:
        """Groups of one sheet among those of another are noticed in the end."""
        other = Keys.of("00c0ffee", bytes(range(1, 33)))
        mixed = [*spell(KEYS)[:8], *spell(other)[8:]]
        for at, group in enumerate(mixed):
            read_group(group, at)
        with pytest.raises(NotPossible, match="Begin again"):
            unspell(mixed)


# On paper


def groups_on(page: Path) -> list[str]:
    """What somebody reads from the first sheet."""
    return re.findall(r"</span>([0-9A-Z]{5})</li>", page.read_text("utf-8"))[:GROUPS]


def test_the_key_is_printed_on_two_sheets(house: House) -> None:
    """Each says what it is for and what to do, with a drawing; the file is its owner's alone."""
    path = programme.print_key(house.folder.path)
    page = path.read_text("utf-8")
    assert path.stat().st_mode & 0o077 == 0
    assert unspell(groups_on(path)) == read_keys(house.folder.key)
    assert page.count("The key of Testfield") == page.count("<svg") == 2
    for words in ("delete the file", "cascade restore", "two places", "envelope"):
        assert words in page, words
    assert not re.search(r"<script|<img|<link|@import|url\(|src=", page)
    with pytest.raises(SettingsFault, match="there already"):
        programme.print_key(house.folder.path, path)


def test_a_lost_key_file_is_typed_back(house: House) -> None:
    """From the sheet; the key of another programme, or a second one, is refused."""
    entry_id = written(house)
    groups = groups_on(programme.print_key(house.folder.path))
    with pytest.raises(SettingsFault, match="never overwritten"):
        programme.type_key(house.folder.path, unspell(groups))
    house.folder.key.unlink()
    with pytest.raises(SettingsFault, match="key 00c0ffee, and nothing here"):
        programme.type_key(house.folder.path, KEYS)
    assert not house.folder.key.exists()
    assert programme.type_key(house.folder.path, unspell(groups)) == []
    assert house.folder.key.stat().st_mode & 0o077 == 0
    assert reads(house.folder.path, house, entry_id) == MARKER


# A new one


def test_a_new_key_takes_over_and_the_old_one_goes(house: House, tmp_path: Path) -> None:
    """Everything reads as before; the fresh backup opens with the new key and not with the old."""
    entry_id = written(house)
    old = read_keys(house.folder.key)
    before = programme.backup(house.folder.path)
    done = programme.rotate(house.folder.path)
    new = read_keys(house.folder.key)
    assert new.current == done.key_id != old.current
    assert set(new.all) == {done.key_id}
    assert done.count == 1
    assert house.folder.key.stat().st_mode & 0o077 == 0
    assert reads(house.folder.path, house, entry_id) == MARKER
    assert programme.verify(house.folder.path) == []
    programme.restore(done.backup, tmp_path / "with-new", keys=new)
    programme.restore(before.path, tmp_path / "with-old", keys=old)
    for backup, keys in ((done.backup, old), (before.path, new)):
        with pytest.raises(SettingsFault, match="another key"):
            programme.restore(backup, tmp_path / "none", keys=keys)
    for folder in ("with-new", "with-old"):
        assert reads(tmp_path / folder, house, entry_id) == MARKER


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is POSIX")
def test_a_change_of_key_killed_half_way_goes_on_later(house: House) -> None:
    """Killed after the first batch and again after the last: everything reads, and the next run
    finishes."""
    amina = house.people["amina"].id
    with house.records(durable=False) as records:
        entry = records.entries.start(amina, "coach/after-i-coach", pair_id=house.pair).id
        for number in range(1, BATCH + 20):
            words = f"{MARKER} {number}"
            records.entries.save(
                amina, entry, PROMPT, words, base=number - 1, writer="w", counter=number
            )
    keys = read_keys(house.folder.key)
    for values_left in (19, 0):
        killed = subprocess.run(
            [sys.executable, "-c", KILLED, str(house.folder.path), str(values_left)], cwd=ROOT
        )
        assert killed.returncode == -signal.SIGKILL
        found = read_keys(house.folder.key)
        assert set(found.all) == {keys.current, found.current}
        assert programme.verify(house.folder.path) == []
        assert reads(house.folder.path, house, entry) == words
        with pytest.raises(SettingsFault, match="cascade key rotate"):
            programme.print_key(house.folder.path)
    done = programme.rotate(house.folder.path)
    assert set(read_keys(house.folder.key).all) == {done.key_id}
    assert programme.verify(house.folder.path) == []
    assert reads(house.folder.path, house, entry) == words


def test_no_new_key_while_a_record_is_damaged(house: House) -> None:
    """The old key may be what an older backup needs; the record is named."""
    written(house)
    with house.records() as records, records.store.database.writing() as s:
        s.connection().exec_driver_sql("UPDATE answer SET sealed = zeroblob(40)")
    before = house.folder.key.read_bytes()
    with pytest.raises(SettingsFault, match=r"answer \w{32}.*The old key is kept"):
        programme.rotate(house.folder.path)
    assert house.folder.key.read_bytes() == before


# Who else could open it


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX")
def test_what_other_accounts_could_open_is_shut(house: House) -> None:
    """Folder, records, settings and backups; each is named by ``check`` with the command."""
    programme.backup(house.folder.path)
    (backup,) = house.folder.backups.iterdir()
    programme.shut(house.folder)
    place = house.folder
    for path, mode in (
        (place.path, 0o755), (place.toml, 0o644), (place.database, 0o660),
        (place.backups, 0o750), (backup, 0o604),
    ):  # fmt: skip
        path.chmod(mode)
        said = [f.sentence for f in programme.check(place.path) if "chmod" in f.sentence]
        wanted = 700 if path.is_dir() else 600
        assert said == [f"Other accounts can open it. Run: chmod {wanted} {path}"]
        assert programme.shut(place) == [path]
        assert programme.shut(place) == []
        assert path.stat().st_mode & 0o077 == 0


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX")
def test_a_key_others_can_read_opens_nothing(house: House, tmp_path: Path) -> None:
    """It is refused wherever it is used, with the command; nobody changes it quietly."""
    made = programme.backup(house.folder.path)
    house.folder.key.chmod(0o640)
    for act in (
        lambda: programme.backup(house.folder.path),
        lambda: programme.verify(house.folder.path),
        lambda: programme.restore(made.path, tmp_path / "new"),
        lambda: programme.rotate(house.folder.path),
        lambda: programme.print_key(house.folder.path),
    ):
        with pytest.raises(CascadeError, match=r"chmod 600 secret\.key"):
            act()
    assert house.folder.key.stat().st_mode & 0o077 == 0o040
