"""The programme's key: on paper, typed back, and changed for a new one."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cascade_tools.draw.qr import qr
from cascade_tools.draw.templates import render
from cascade_tools.errors import SettingsFault
from cascade_tools.programme.alone import alone
from cascade_tools.programme.copies import backup
from cascade_tools.programme.folders import find_folder, records_of
from cascade_tools.programme.printing import write_page
from cascade_tools.programme.spelling import spell
from cascade_tools.records import (
    Damage,
    Keys,
    Progress,
    Vault,
    add_key_file,
    change_key_file,
    database_url,
    read_keys,
    verify,
)
from cascade_tools.settings import Folder


def print_key(folder: Path | str, file: Path | str | None = None) -> Path:
    """A page with the key on two sheets, for two envelopes, which only its owner can open.

    Without ``file`` it is made in the programme folder.  Raises ``NotNow`` or ``SettingsFault``.
    """
    place, settings = find_folder(folder)
    keys = _one_key(place)
    made = datetime.now(settings.zone)
    groups = spell(keys)
    path = Path(file) if file else place.path / f"key-{made:%Y-%m-%dT%H%M%S}.html"
    values = {"settings": settings, "made": made, "groups": groups, "key_id": keys.current}
    return write_page(path, render("pages/key.html", qr=qr("-".join(groups)), **values))


def type_key(folder: Path | str, keys: Keys) -> list[Damage]:
    """Put a key somebody typed where ``secret.key`` is missing; returns what it does not open.

    Raises ``SettingsFault`` when there is a key already, or when it is not this programme's.
    """
    place, _ = find_folder(folder)
    if place.key.exists():
        raise SettingsFault(f"{place.key} is there already. It is never overwritten.")
    with alone(folder):
        add_key_file(place.key, keys)
        try:
            _check_belongs(place, keys)
        except BaseException:
            place.key.unlink(missing_ok=True)
            raise
    return verify(database_url(place.database), Vault(keys.current, keys.all))


def _check_belongs(place: Folder, keys: Keys) -> None:
    with records_of(place.path) as records:
        sealed = records.resealing.by_key()
    if sealed and keys.current not in sealed:
        raise SettingsFault(
            f"This is key {keys.current}, and nothing here was written with it. "
            "Look for the sheet of this programme."
        )


@dataclass(frozen=True, slots=True)
class Rotated:
    """The new key, how many values it sealed anew, and a fresh backup that opens with it."""

    key_id: str
    count: int
    backup: Path


def rotate(folder: Path | str, progress: Progress | None = None) -> Rotated:
    """A new key for everything, while nobody serves the programme.

    The old key goes only once nothing needs it.  Stopped at any moment nothing is lost: run it
    again and it goes on.  Earlier backups still need the old key, so a fresh one is made.  Raises
    ``SettingsFault`` naming a record that does not open; then the old key is kept.
    """
    place, _ = find_folder(folder)
    with alone(folder):
        keys = read_keys(place.key)
        if len(keys.all) == 1:
            _check_whole(place, keys)
            keys = keys.with_new()
            change_key_file(place.key, keys)
        with records_of(folder) as records:
            count = records.resealing.all(progress)
        keys = keys.without_old()
        _check_whole(place, keys)
        change_key_file(place.key, keys)
        return Rotated(keys.current, count, backup(folder).path)


def _check_whole(place: Folder, keys: Keys) -> None:
    for damage in verify(database_url(place.database), Vault(keys.current, keys.all)):
        raise SettingsFault(
            f"{damage}. The old key is kept until all is well. Run: cascade verify {place.path}"
        )


def _one_key(place: Folder) -> Keys:
    keys = read_keys(place.key)
    if len(keys.all) > 1:
        raise SettingsFault(
            "A new key is taking over and is not done yet. Run first: "
            f"cascade key rotate {place.path}"
        )
    return keys
