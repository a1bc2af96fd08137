"""Path and file tricks: only names of our own are used, and only our own folders are touched."""

import stat
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascade_tools import content, shelf
from cascade_tools.errors import (
    CascadeError,
    ContentFault,
    NotFound,
    NotNow,
    SettingsFault,
    WorkbookFault,
)
from cascade_tools.model.people import Role
from cascade_tools.programme import backup, collect_to, invite, restore, write_slips
from cascade_tools.programme.copies import unpack
from cascade_tools.records import Vault, read_keys, sealing
from cascade_tools.shelf.files import WORKBOOK_ID
from tests.living import House

NAMES = (
    "../../../outside",
    "..\\..\\outside",
    "/etc/outside",
    "C:\\outside",
    "~/outside",
    "out\0side",
    "CON",
    "nul.txt",
    ".",
    "..",
    ".hidden",
    "a/b/c",
    "%2e%2e%2foutside",
    "‥∕outside",
    "out\u202eedis",
    "x" * 300,
    "$(touch outside)",
    "; touch outside",
    "outside\nname",
)


@pytest.fixture(scope="module")
def quiet_house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A programme without a server."""
    return House(tmp_path_factory.mktemp("programme") / "house")


def everything(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with what it holds; links as where they lead."""
    return {
        str(p.relative_to(folder)): str(p.readlink()).encode() if p.is_symlink() else p.read_bytes()
        for p in folder.rglob("*")
        if p.is_symlink() or p.is_file()
    }


# Names that people and files give


@pytest.mark.parametrize("name", NAMES)
def test_a_workbook_is_never_looked_for_or_made_outside_its_folder(
    tmp_path: Path, name: str
) -> None:
    """An id that is no plain ``place/name`` finds nothing, makes nothing and touches no file."""
    folder = tmp_path / "workbooks"
    (tmp_path / "outside.ipynb").write_text("{}")
    folder.mkdir()
    before = everything(tmp_path)
    for id in (name, f"coach/{name}", f"{name}/after-i-coach", f"../{name}"):
        assert not WORKBOOK_ID.match(id)
        local = shelf.Shelf([folder])
        assert local.find(id) is None
        with pytest.raises(NotFound):
            local.path(id)
        with pytest.raises(WorkbookFault):
            shelf.new(folder, id)
    assert everything(tmp_path) == before


@pytest.mark.parametrize("name", NAMES)
def test_a_list_or_item_set_is_never_looked_for_outside_the_kit(name: str) -> None:
    """What a workbook names finds the kit's own data or nothing."""
    for find in (content.item_set, content.framework, content.choices):
        for named in (name, f"frameworks/{name}", f"../{name}"):
            with pytest.raises(ContentFault):
                find(named)


def test_names_of_people_never_become_names_of_files(tmp_path: Path, quiet_house: House) -> None:
    """Whatever people and places are called, slips and collected files have names of our own and
    lie where the operator said."""
    with quiet_house.records() as records:
        for name in NAMES:
            if not name.isprintable():
                continue
            person = records.people.add(f"{name} One", [Role.COACH], "01632 960111")
            records.people.pair(person.id, None, name, datetime.now(UTC).date())
        ticket = records.signing_in.ticket(quiet_house.people["sue"].id, None, None)
    before = everything(tmp_path)
    folder = quiet_house.folder.path
    kept = {p for p in everything(folder) if not p.startswith("cascade.db")}
    slips = write_slips(folder, invite(folder, "https://kit.example.org/"))
    assert slips.parent == folder
    made = {p for p in everything(folder) if not p.startswith("cascade.db")} - kept
    assert made == {slips.name}
    files = collect_to(folder, "Sue Superfield", tmp_path / "out", ticket=ticket).files
    ours = {"answers.csv", "answers.parquet", "dictionary.csv", "datapackage.json", "READ-ME.txt"}
    assert {f.name for f in files} == ours
    assert set(everything(tmp_path)) - set(before) == {f"out/{name}" for name in ours}


def test_a_link_in_the_folder_to_fill_is_replaced_and_never_written_through(
    tmp_path: Path, quiet_house: House
) -> None:
    """Somebody left links where files will be made: what they lead to stays as it was."""
    precious = tmp_path / "precious"
    precious.write_text("as it was")
    out = tmp_path / "out"
    out.mkdir()
    for name in ("answers.csv", "READ-ME.txt", "dictionary.csv"):
        (out / name).symlink_to(precious)
    with quiet_house.records() as records:
        ticket = records.signing_in.ticket(quiet_house.people["sue"].id, None, None)
    collect_to(quiet_house.folder.path, "Sue Superfield", out, ticket=ticket)
    assert precious.read_text() == "as it was"
    assert not any((out / name).is_symlink() for name in ("answers.csv", "READ-ME.txt"))
    slips = tmp_path / "slips.html"
    slips.symlink_to(tmp_path / "nowhere")
    write_slips(quiet_house.folder.path, [], slips)
    assert not (tmp_path / "nowhere").exists()


# Backups


def test_a_backup_follows_no_link(tmp_path: Path, quiet_house: House) -> None:
    """A link among a programme's own files is left out, and so is what it leads to."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "diary.txt").write_text("marker-diary")
    local = quiet_house.folder.local
    links = (local / "diary.txt", local / "outside")
    links[0].symlink_to(outside / "diary.txt")
    links[1].symlink_to(outside)
    (local / "ours.txt").write_text("ours")
    try:
        made = backup(quiet_house.folder.path)
        back = restore(made.path, tmp_path / "back", key=quiet_house.folder.key).path
    finally:
        for link in links:
            link.unlink()
    found = everything(back)
    assert found["local/ours.txt"] == b"ours"
    assert not [p for p, held in found.items() if b"marker-diary" in held or "outside" in p]


Fill = Callable[[zipfile.ZipFile], None]


def _file(name: str, held: bytes = b"x") -> Fill:
    return lambda pack: pack.writestr(zipfile.ZipInfo(name), held)


def _link(name: str, to: str) -> Fill:
    def fill(pack: zipfile.ZipFile) -> None:
        member = zipfile.ZipInfo(name)
        member.external_attr = (stat.S_IFLNK | 0o777) << 16
        pack.writestr(member, to)

    return fill


def _bomb(pack: zipfile.ZipFile) -> None:
    """A member that says it is larger than any disk."""
    pack.writestr(zipfile.ZipInfo("local/big"), b"x")
    pack.infolist()[-1].file_size = 1 << 50


def _twice(pack: zipfile.ZipFile) -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        _file("local/a")(pack)
        _file("local/a")(pack)


TRICKS: dict[str, Fill] = {
    **{f"named {name!r}": _file(name) for name in NAMES if "\0" not in name},
    "climbs out of local": _file("local/../../outside"),
    "climbs and comes back": _file("local/../cascade.db"),
    "a key of its own": _file("secret.key"),
    "its own backups": _file("backups/x"),
    "a link": _link("local/link", "/etc/passwd"),
    "a link for the database": _link("cascade.db", "/etc/passwd"),
    "a folder": _file("local/folder/"),
    "the same twice": _twice,
    "larger than any disk": _bomb,
}


def _pack(path: Path, vault: Vault, fill: Fill, *, whole: bool = True) -> Path:
    """A backup sealed with the programme's own key, with something in it that does not belong."""
    with (
        path.open("xb") as file,
        sealing(vault, file, made=datetime.now(UTC).isoformat()) as sealed,
        zipfile.ZipFile(sealed, "w") as pack,
    ):
        fill(pack)
        if whole:
            for name in ("programme.toml", "cascade.db"):
                if name not in pack.namelist():
                    pack.writestr(name, b"x")
    return path


@pytest.fixture(scope="module")
def vault(quiet_house: House) -> Vault:
    keys = read_keys(quiet_house.folder.key)
    return Vault(keys.current, keys.all)


def test_a_backup_with_our_own_names_is_unpacked(tmp_path: Path, vault: Vault) -> None:
    """The tricks below are refused for what they are: without one, the same file is taken."""
    aside = tmp_path / "aside"
    aside.mkdir()
    unpack(_pack(tmp_path / "packed", vault, _file("local/sub/a.txt")), vault, aside)
    assert set(everything(aside)) == {"cascade.db", "programme.toml", "local/sub/a.txt"}


@pytest.mark.parametrize("trick", TRICKS)
def test_a_backup_that_holds_what_it_should_not_is_refused_whole(
    tmp_path: Path, vault: Vault, trick: str
) -> None:
    """Even sealed with the right key: nothing of it is unpacked, and nothing lies anywhere
    afterwards."""
    packed, aside = _pack(tmp_path / "packed", vault, TRICKS[trick]), tmp_path / "aside"
    aside.mkdir()
    before = everything(tmp_path)
    with pytest.raises((SettingsFault, NotNow)) as refused:
        unpack(packed, vault, aside)
    assert "outside" not in str(refused.value)
    assert everything(tmp_path) == before


def test_a_backup_of_endless_files_is_refused(tmp_path: Path, vault: Vault) -> None:
    """A hundred thousand files are more than any programme holds; none is unpacked."""

    def many(pack: zipfile.ZipFile) -> None:
        for number in range(100_001):
            pack.writestr(zipfile.ZipInfo(f"local/{number}"), b"")

    packed = _pack(tmp_path / "packed", vault, many, whole=False)
    aside = tmp_path / "aside"
    aside.mkdir()
    with pytest.raises(SettingsFault):
        unpack(packed, vault, aside)
    assert everything(aside) == {}


@given(st.binary(max_size=400))
def test_what_is_no_backup_is_refused_in_words(
    tmp_path_factory: pytest.TempPathFactory, held: bytes
) -> None:
    """Whatever bytes a file holds, restoring it says that it is no backup, and makes nothing."""
    folder = tmp_path_factory.mktemp("restoring")
    (folder / "file").write_bytes(held)
    (folder / "key").write_text("{}")
    with pytest.raises(CascadeError):
        restore(folder / "file", folder / "back", key=folder / "key")
    assert sorted(p.name for p in folder.iterdir()) == ["file", "key"]
