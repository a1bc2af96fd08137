"""Backups: one encrypted file each, and what is in it again.

Names and phone numbers stand in clear in the database, so a backup is ciphertext as a whole.  Only
the programme's key opens it, and the key is never in it.
"""

import os
import re
import secrets
import shutil
import stat
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath

from cascade_tools.errors import NotNow, SettingsFault
from cascade_tools.programme.folders import find_folder
from cascade_tools.records import Vault, copy_database, read_header, read_keys, sealing, unseal
from cascade_tools.settings import Folder

BACKUP_DAYS = 35
SUFFIX = ".cascade"
NAMED = re.compile(r"cascade-(\d{4}-\d\d-\d\dT\d{6})(-[0-9a-f]{4})?\.(cascade|zip)")
ASIDE = ".making-"
# More than any programme holds; a backup that claims more is not one of ours.
MOST_FILES = 100_000
PIECE = 1 << 20
IN_NO_NAME = "\0" if os.name == "posix" else '\0\\:<>"|?*'
NOT_OURS = "This backup holds what no backup of Cascade holds, so nothing of it was unpacked."


@dataclass(frozen=True, slots=True)
class Backup:
    """``path`` is the whole copy; ``key`` is what it lacks, and what must be kept elsewhere."""

    path: Path
    key: Path


def backup(folder: Path | str) -> Backup:
    """A copy of everything but the key, in ``backups``, while the programme may be in use.

    One encrypted file, readable by its owner only, which appears whole or not at all.
    Raises ``NotNow`` when it cannot be written or the copy is not sound.
    """
    place, settings = find_folder(folder)
    keys = read_keys(place.key)
    made = datetime.now(settings.zone)
    try:
        place.backups.mkdir(mode=0o700, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=ASIDE, dir=place.backups) as aside:
            copy, whole = Path(aside) / "cascade.db", Path(aside) / "whole"
            copy_database(place.database, copy)
            _pack(place, copy, whole, Vault(keys.current, keys.all), made)
            path = _free(place.backups / f"cascade-{made:%Y-%m-%dT%H%M%S}{SUFFIX}")
            whole.rename(path)
    except OSError as fault:
        raise NotNow(
            f"The backup cannot be written ({fault.strerror or 'no reason given'}). "
            "Make room, then run it again. Earlier backups are as they were."
        ) from None
    return Backup(path, place.key)


def _free(path: Path) -> Path:
    return path if not path.exists() else path.with_stem(f"{path.stem}-{secrets.token_hex(2)}")


def _pack(place: Folder, database: Path, whole: Path, vault: Vault, made: datetime) -> None:
    """Everything that belongs in a backup.  Links are left out: they may lead anywhere."""
    handle = os.open(whole, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        with (
            sealing(vault, file, made=made.isoformat(timespec="seconds")) as sealed,
            # A date before 1980 is no reason to make no backup.
            zipfile.ZipFile(sealed, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as pack,
        ):
            pack.write(database, "cascade.db")
            pack.write(place.toml, "programme.toml")
            for path in sorted(place.local.rglob("*")):
                if path.is_file() and not path.is_symlink():
                    pack.write(path, path.relative_to(place.path))
        file.flush()
        os.fsync(file.fileno())


# Old ones


def old_backups(folder: Path | str, now: datetime) -> list[Path]:
    """Backups made more than 35 days ago, oldest first: words that were erased live on in them.

    The day is the one in the file's name; files with other names are somebody's own.
    """
    place, settings = find_folder(folder)
    found = []
    for path in sorted(place.backups.glob("cascade-*")):
        if named := NAMED.fullmatch(path.name):
            made = datetime.strptime(named[1], "%Y-%m-%dT%H%M%S").replace(tzinfo=settings.zone)
            if now - made > timedelta(days=BACKUP_DAYS) and path.is_file():
                found.append(path)
    return found


def forget_old_backups(folder: Path | str, now: datetime) -> list[Path]:
    """Delete ``old_backups``, and what a backup that was killed left behind; returns the backups.

    Raises ``NotNow`` when one cannot be deleted.
    """
    old = old_backups(folder, now)
    try:
        for path in old:
            path.unlink(missing_ok=True)
        for aside in Folder(Path(folder)).backups.glob(f"{ASIDE}*"):
            if now.timestamp() - aside.stat().st_mtime > timedelta(days=1).total_seconds():
                shutil.rmtree(aside, ignore_errors=True)
    except OSError as fault:
        raise NotNow(
            f"An old backup cannot be deleted ({fault.strerror or 'no reason given'}). "
            "See whose file it is."
        ) from None
    return old


# Opening one


def made_at(backup: Path) -> datetime:
    """When a backup was made, by its own account.  Raises ``SettingsFault`` when it is none."""
    if not backup.is_file():
        raise SettingsFault(f"There is no file {backup}. Name a backup: they lie in backups.")
    with backup.open("rb") as file:
        if file.read(4) == b"PK\x03\x04":
            raise SettingsFault(
                f"{backup.name} was made by an earlier version, which packed without encrypting. "
                "Unpack it into a new folder, and put secret.key beside it."
            )
        file.seek(0)
        header, _ = read_header(file)
    try:
        return datetime.fromisoformat(str(header["made"]))
    except (KeyError, ValueError):
        raise SettingsFault(f"{backup.name} does not say when it was made.") from None


def unpack(backup: Path, vault: Vault, folder: Path) -> None:
    """Put what a backup holds into ``folder``, which is new and its owner's alone.

    Nothing is unpacked before the whole file has proved to be as it was made.  Raises
    ``SettingsFault`` for another key, a damaged file, or anything that is no backup of ours.
    """
    made_at(backup)
    packed = folder / ".packed"
    try:
        with backup.open("rb") as source, packed.open("xb") as target:
            packed.chmod(0o600)
            unseal(vault, source, target)
        with zipfile.ZipFile(packed) as pack:
            for member, path in _members(pack, folder):
                path = folder / path
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                with pack.open(member) as source, path.open("xb") as target:
                    shutil.copyfileobj(source, target, PIECE)
                path.chmod(0o600)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError):
        raise SettingsFault(NOT_OURS) from None
    except OSError as fault:
        raise NotNow(
            f"The backup cannot be unpacked ({fault.strerror or 'no reason given'}). Make room, "
            "then run it again."
        ) from None
    finally:
        packed.unlink(missing_ok=True)
    if not (folder / "cascade.db").is_file() or not (folder / "programme.toml").is_file():
        raise SettingsFault(NOT_OURS)


def _members(pack: zipfile.ZipFile, folder: Path) -> Iterator[tuple[zipfile.ZipInfo, Path]]:
    """Each file and where it goes; everything is looked at before the first is unpacked.

    No more is ever written than the sizes stated here.
    """
    members = pack.infolist()
    if len(members) > MOST_FILES:
        raise SettingsFault(NOT_OURS)
    if sum(member.file_size for member in members) > shutil.disk_usage(folder).free:
        raise NotNow("The backup cannot be unpacked: the disk has no room for it. Make room.")
    places = [_place(member) for member in members]
    if len(set(places)) < len(places):
        raise SettingsFault(NOT_OURS)
    yield from zip(members, places, strict=True)


def _place(member: zipfile.ZipInfo) -> Path:
    """Where this file goes.  Only the two files and ``local`` are ever written, and no links."""
    parts = PurePosixPath(member.filename).parts
    plain = all(part not in ("..", "/") and not set(part) & set(IN_NO_NAME) for part in parts)
    ours = member.filename in ("cascade.db", "programme.toml") or (
        parts[:1] == ("local",) and len(parts) > 1
    )
    kind = stat.S_IFMT(member.external_attr >> 16)
    if not (ours and plain and kind in (0, stat.S_IFREG)) or member.is_dir():
        raise SettingsFault(NOT_OURS)
    return Path(*parts)
