"""A backup becomes a programme again; and whether everything in one is as it was."""

import secrets
import shutil
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cascade_tools.errors import NotNow, SettingsFault
from cascade_tools.programme.alone import alone
from cascade_tools.programme.copies import made_at, unpack
from cascade_tools.programme.folders import find_folder
from cascade_tools.records import (
    Damage,
    Keys,
    Progress,
    Vault,
    add_key_file,
    database_url,
    open_records,
    read_keys,
)
from cascade_tools.records import verify as verify_records
from cascade_tools.settings import Folder, read_settings


@dataclass(frozen=True, slots=True)
class Restored:
    """A programme as it was at ``made``.

    ``erased`` counts what was erased again.  ``damage`` is what was damaged before the backup was
    made: all the rest is there.
    """

    path: Path
    made: datetime
    erased: int
    damage: list[Damage]


def restore(
    backup: Path | str,
    folder: Path | str,
    *,
    key: Path | str | None = None,
    keys: Keys | None = None,
    instead_of: Path | str | None = None,
    progress: Progress | None = None,
) -> Restored:
    """Make ``folder``, new or empty, from a backup; everything in it is verified.

    The key comes from the file ``key``, or from what somebody typed (``keys``), or lies where the
    backup was made.  ``instead_of`` names the programme that this one replaces: what people have
    erased there, stopped sharing or withdrawn since is so here, too.  Everybody signs in anew, and
    one-time links have to be made anew.  Raises ``SettingsFault`` or ``NotNow``, and leaves
    nothing behind then.
    """
    backup, target = Path(backup), Folder(Path(folder))
    if target.path.exists() and (not target.path.is_dir() or any(target.path.iterdir())):
        raise SettingsFault(f"{folder} is not empty. Name a new folder.")
    made = made_at(backup)
    known = keys or read_keys(_key_of(backup, key))
    home = next(parent for parent in target.path.absolute().parents if parent.is_dir())
    stage = home / f".restoring-{secrets.token_hex(4)}"
    try:
        with ExitStack() as stack:
            if instead_of is not None:
                stack.enter_context(alone(instead_of))
            stage.mkdir(mode=0o700)
            aside = Folder(stage)
            damage = _unpacked(backup, known, aside, progress)
            add_key_file(aside.key, known)
            erased = _brought_up_to_date(aside, instead_of)
            if target.path.exists():
                target.path.rmdir()
            target.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            stage.rename(target.path)
    except OSError as fault:
        raise NotNow(
            f"{folder} cannot be made ({fault.strerror or 'no reason given'}). "
            "Name another folder, or make room."
        ) from None
    finally:
        shutil.rmtree(stage, ignore_errors=True)
    return Restored(target.path, made, erased, damage)


def verify(
    path: Path | str,
    key: Path | str | None = None,
    progress: Progress | None = None,
    *,
    keys: Keys | None = None,
) -> list[Damage]:
    """What is damaged in a programme's folder or in a backup; nothing if all is well.

    Every sealed value is opened, every keyed hash made again, every link followed.  The key is
    found as by ``restore``.  Raises ``SettingsFault`` for a backup that was changed, or when the
    key is another one.
    """
    path = Path(path)
    if path.is_dir():
        place, _ = find_folder(path)
        known = keys or read_keys(Path(key) if key else place.key)
        vault = Vault(known.current, known.all)
        return verify_records(database_url(place.database), vault, progress)
    made_at(path)
    known = keys or read_keys(_key_of(path, key))
    with tempfile.TemporaryDirectory(prefix="cascade-verifying-") as aside:
        return _unpacked(path, known, Folder(Path(aside)), progress)


def _key_of(backup: Path, key: Path | str | None) -> Path:
    """The key file to open a backup with; without one named, that of the folder it lies in."""
    if key:
        return Path(key)
    beside = Folder(backup.absolute().parent.parent).key
    if not beside.is_file():
        raise SettingsFault(
            "The key is not where the backup lies. Add --key FILE, or --typed to type it from "
            "its sheet of paper."
        )
    return beside


def _unpacked(backup: Path, keys: Keys, aside: Folder, progress: Progress | None) -> list[Damage]:
    """Unpack into a folder of our own, and say what is damaged in it."""
    vault = Vault(keys.current, keys.all)
    unpack(backup, vault, aside.path)
    read_settings(aside.toml)
    return verify_records(database_url(aside.database), vault, progress)


def _brought_up_to_date(aside: Folder, instead_of: Path | str | None) -> int:
    aside.local.mkdir(mode=0o700, exist_ok=True)
    records = open_records(database_url(aside.database), aside.key)
    try:
        records.restoring.end_ways_in()
        if instead_of is None:
            return 0
        before, _ = find_folder(instead_of)
        key = before.key if before.key.is_file() else aside.key
        later = open_records(database_url(before.database), key)
        try:
            return records.restoring.carry_over(later.store)
        finally:
            later.close()
    finally:
        records.close()
