"""Every word is sealed to its place, with a key that can be changed."""

import base64
import json
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from cascade_tools.errors import SettingsFault
from cascade_tools.records import make_key_file, open_records
from cascade_tools.records.tables import AnswerRow, SnapshotRow
from cascade_tools.records.vault import Vault, open_vault
from tests.records.small import SECRET, TOGETHER, WHAT, Small

VAULT = Vault("k1", {"k1": b"1" * 32})


class TestSealing:
    @given(plain=st.binary(max_size=200), places=st.lists(st.text(max_size=5), max_size=4))
    def test_what_is_sealed_opens_in_its_place(self, plain: bytes, places: list[str]) -> None:
        """Any bytes come back as they were."""
        sealed = VAULT.seal(plain, *places)
        assert VAULT.open(sealed.key_id, sealed.body, *places) == plain

    @given(plain=st.binary(max_size=40), place=st.integers(0), bit=st.integers(0, 7))
    def test_a_changed_bit_does_not_open(self, plain: bytes, place: int, bit: int) -> None:
        """Damage of a single bit anywhere is noticed, never shown as somebody's words."""
        sealed = VAULT.seal(plain, "answer", "e", "k", "1")
        body = bytearray(sealed.body)
        body[place % len(body)] ^= 1 << bit
        with pytest.raises(SettingsFault, match="damaged or moved"):
            VAULT.open(sealed.key_id, bytes(body), "answer", "e", "k", "1")

    @given(length=st.integers(0, 33))
    def test_a_value_cut_short_does_not_open(self, length: int) -> None:
        """A value of which a part is missing is noticed, down to nothing at all."""
        sealed = VAULT.seal(b"words", "answer")
        with pytest.raises(SettingsFault, match="damaged or moved"):
            VAULT.open(sealed.key_id, sealed.body[: min(length, len(sealed.body) - 1)], "answer")

    def test_the_same_words_never_look_the_same(self) -> None:
        """Two equal answers cannot be told to be equal without the key, nor by their hash."""
        assert VAULT.seal(b"0", "a").body != VAULT.seal(b"0", "a").body
        assert VAULT.keyed_hash(b"0") != Vault("k1", {"k1": b"2" * 32}).keyed_hash(b"0")


class TestMoved:
    @pytest.mark.parametrize("other", ["another entry", "another question", "another revision"])
    def test_a_value_in_another_row_does_not_open(self, small: Small, other: str) -> None:
        """Copying a sealed answer under another person, question or version gives nobody words."""
        entry = small.entry()
        small.write(entry, "in confidence", SECRET)
        match other:
            case "another entry":
                small.write(small.entry("beth"), "hers", SECRET)
            case "another question":
                small.write(entry, "open", WHAT)
            case "another revision":
                small.write(entry, "newer", SECRET, counter=2)
        with small.records.store.database.writing() as s:
            rows = s.scalars(select(AnswerRow)).all()
            secret = min(rows, key=lambda r: (r.key != "not-said", r.saved_at, r.revision))
            target = next(r for r in rows if r.id != secret.id)
            target.sealed, target.key_id = secret.sealed, secret.key_id
            found = (target.entry_id, target.key)
        reader = "beth" if other == "another entry" else "amina"
        with pytest.raises(SettingsFault, match="damaged or moved"):
            small.records.entries.answers(small.id(reader), found[0])

    def test_a_snapshot_in_another_row_does_not_open(self, small: Small) -> None:
        """One share's content cannot be read through another share."""
        _, one = small.shared()
        other_entry = small.entry(workbook="coach/another")
        small.write(other_entry, "for Leo")
        two = small.share(other_entry, "leo", "leader")
        with small.records.store.database.writing() as s:
            target = s.get_one(SnapshotRow, two)
            target.sealed = s.get_one(SnapshotRow, one).sealed
        with pytest.raises(SettingsFault, match="damaged or moved"):
            small.records.sharing.read(small.id("leo"), two)

    def test_a_changed_byte_in_the_database_is_named(self, small: Small) -> None:
        """A damaged record is an error that says what to do, and holds no words."""
        entry = small.entry()
        small.write(entry, "marker-words")
        with small.records.store.database.writing() as s:
            row = s.scalars(select(AnswerRow)).one()
            row.sealed = row.sealed[:-1] + bytes([row.sealed[-1] ^ 1])
        with pytest.raises(SettingsFault) as error:
            small.read(entry)
        assert "Restore the last backup" in str(error.value)
        assert "marker" not in str(error.value)


class TestKeys:
    def test_a_new_key_is_its_owners_alone(self, tmp_path: Path) -> None:
        """The key file is made readable by nobody else, and is never overwritten."""
        path = tmp_path / "secret.key"
        make_key_file(path)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        before = path.read_bytes()
        with pytest.raises(SettingsFault, match="never overwritten"):
            make_key_file(path)
        assert path.read_bytes() == before

    @pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX")
    @pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
    def test_a_key_others_can_read_is_refused(self, tmp_path: Path, mode: int) -> None:
        """A key that other accounts can read is not used; the error names the command."""
        path = tmp_path / "secret.key"
        make_key_file(path)
        path.chmod(mode)
        with pytest.raises(SettingsFault, match=r"chmod 600 secret\.key"):
            open_vault(path)

    def test_a_missing_key_names_the_fix(self, tmp_path: Path) -> None:
        """Without its key nothing opens, and nobody is told to make a new one."""
        with pytest.raises(SettingsFault, match="do not make a new one"):
            open_vault(tmp_path / "secret.key")

    @pytest.mark.parametrize(
        "content",
        ["", "{", "[]", '"k"', "7", "{}", '{"current": "a", "keys": {}}',
         '{"current": "a", "keys": []}', '{"current": "a", "keys": {"a": "c2hvcnQ="}}',
         '{"current": "a", "keys": {"a": 7}}', '{"current": ["a"], "keys": {"a": ""}}'],
    )  # fmt: skip
    def test_a_damaged_key_names_the_fix(self, tmp_path: Path, content: str) -> None:
        """Whatever has become of the file, the error says to put the right one back."""
        path = tmp_path / "secret.key"
        path.touch(0o600)
        path.write_text(content)
        with pytest.raises(SettingsFault, match="Put the programme's own file back"):
            open_vault(path)

    def test_the_wrong_key_names_the_fix(self, small: Small, tmp_path: Path) -> None:
        """With another programme's key nothing opens, and the error says which file to put back."""
        entry = small.entry()
        small.write(entry, "words")
        make_key_file(tmp_path / "other.key")
        url = str(small.records.store.database.engine.url)
        records = open_records(url, tmp_path / "other.key", now=small.clock)
        with pytest.raises(SettingsFault, match=r"own secret\.key back"):
            records.entries.answers(entry.person_id, entry.id)
        records.close()

    def test_after_a_new_key_the_old_words_still_open(self, small: Small, tmp_path: Path) -> None:
        """With the old and a new key in the file, old words open and new ones use the new key."""
        entry, snapshot = small.shared()
        path = tmp_path / "secret.key"
        doc = json.loads(path.read_text())
        old = doc["current"]
        doc["current"] = "new"
        doc["keys"]["new"] = base64.b64encode(b"n" * 32).decode()
        path.write_text(json.dumps(doc))
        url = str(small.records.store.database.engine.url)
        records = open_records(url, path, now=small.clock)
        args = {"base": 0, "writer": "new", "counter": 1}
        records.entries.save(entry.person_id, entry.id, TOGETHER, "under the new key", **args)
        saved = records.entries.answers(entry.person_id, entry.id)
        assert {k: v.value for k, v in saved.items()} == {
            "what-happened": "We met",
            "worked-on": "under the new key",
        }
        read = records.sharing.read(small.id("sue"), snapshot)
        assert read.document.body["pages"][0]["answers"][0]["value"] == "We met"
        with records.store.database.reading() as s:
            used = dict(s.execute(select(AnswerRow.key, AnswerRow.key_id)).all())
        assert used == {"what-happened": old, "worked-on": "new"}
        records.close()
