"""Who else on this computer could open what belongs to a programme."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from cascade_tools.errors import SettingsFault
from cascade_tools.settings import Folder

OTHERS = 0o077


def open_to_others(place: Folder) -> list[Path]:
    """The folders and files of a programme that other accounts can reach.

    The key is not among them: one that others could read is refused wherever it is used.
    """
    if os.name != "posix":
        return []
    return [path for path in _ours(place) if stat.S_IMODE(path.stat().st_mode) & OTHERS]


def shut(place: Folder) -> list[Path]:
    """Take other accounts' access away; returns what had been open to them.

    Raises ``SettingsFault`` when it belongs to somebody else.
    """
    found = open_to_others(place)
    for path in found:
        try:
            path.chmod(0o700 if path.is_dir() else 0o600)
        except OSError:
            raise SettingsFault(
                f"Other accounts can open {path}, and this one may not change that. "
                f"As its owner, run: {shutting(path)}"
            ) from None
    return found


def shutting(path: Path) -> str:
    """The command that does so for one of them."""
    return f"chmod {700 if path.is_dir() else 600} {path}"


def _ours(place: Folder) -> Iterator[Path]:
    yield place.path
    yield from (path for path in (place.toml, place.database) if path.exists())
    yield from place.path.glob("cascade.db-*")
    if place.backups.is_dir():
        yield place.backups
        yield from (path for path in place.backups.iterdir() if path.is_file())
