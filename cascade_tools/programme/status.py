"""How a programme's server stands, asked by whoever looks after the computer.

While it serves, a small file in the programme's folder says where it listens on this computer, and
holds a secret made for this run alone: whoever can read it can open the folder, and nobody else is
told how many people are there.
"""

import http.client
import ipaddress
import json
import os
import secrets
import shutil
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from cascade_tools.errors import NotNow
from cascade_tools.model.load import LITTLE_DISK_MEGABYTES, Load, troubles
from cascade_tools.programme.folders import find_folder
from cascade_tools.programme.listening import Listening
from cascade_tools.settings import Folder

SECONDS = 15
MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Door:
    """Where a server is asked from its own computer, and the secret that is shown there."""

    host: str
    port: int
    https: bool
    base: str
    secret: str


@dataclass(frozen=True, slots=True)
class Status:
    """How it stands now: ``load`` is None where no server answers; ``troubles`` say what helps."""

    load: Load | None
    disk_left: int
    troubles: list[str]


class OperatorsDoor:
    """``secret`` is what the server is told; ``listens`` writes where it is asked."""

    def __init__(self, path: Path, where: Listening) -> None:
        self.secret = secrets.token_urlsafe(32)
        self._path, self._where = path, where

    def listens(self, port: int) -> None:
        """The server answers at this port from now on.  Raises ``NotNow``."""
        where = self._where
        door = Door(where.host, port, where.tls is not None, where.base, self.secret)
        aside = self._path.with_name(f".{self._path.name}-{secrets.token_hex(4)}")
        try:
            handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w") as file:
                json.dump(asdict(door), file)
            aside.replace(self._path)
        except OSError as fault:
            raise NotNow(
                f"{self._path} cannot be written ({fault.strerror or 'no reason given'}), so "
                "cascade status will not find this server. Make room on its disk."
            ) from None
        finally:
            aside.unlink(missing_ok=True)


@contextmanager
def operators_door(folder: Path | str, where: Listening) -> Iterator[OperatorsDoor]:
    """For one run of the server, which is alone in this folder; shut at the end."""
    path = Folder(Path(folder)).door
    try:
        yield OperatorsDoor(path, where)
    finally:
        with suppress(OSError):
            path.unlink(missing_ok=True)


def status(folder: Path | str) -> Status:
    """Ask the server of this programme how it stands.  Raises ``SettingsFault``, or ``NotNow`` when
    one is there and does not answer in time."""
    place, _ = find_folder(folder)
    left = shutil.disk_usage(place.path).free // MEGABYTE
    door = _door(place)
    load = None if door is None else _asked(door)
    found = [f"No server is running here. Run: cascade serve {folder}"] if load is None else []
    if left < LITTLE_DISK_MEGABYTES:
        found.append(f"Only {left} MB are left on the disk of {folder}. Make room on it.")
    return Status(load, left, found + (troubles(load) if load else []))


def _door(place: Folder) -> Door | None:
    """What the last server wrote, which may have ended without taking it away."""
    try:
        return Door(**json.loads(place.door.read_text()))
    except (OSError, ValueError, TypeError):
        return None


def _asked(door: Door) -> Load | None:
    """What is said there; None where nobody listens, or somebody else does."""
    connection = _connection(door)
    shown = {"Authorization": f"Bearer {door.secret}"}
    try:
        connection.request("GET", f"{door.base}health", headers=shown)
        said = json.loads(connection.getresponse().read())
        said.pop("ready")
        return Load(**{**said, "since": datetime.fromisoformat(said["since"])})
    except TimeoutError:
        raise NotNow(
            f"The server is there, and has not answered within {SECONDS} seconds. It has too much "
            "to do, or hangs. If this stays so, stop it and start it again: what showed “Saved” "
            "is safe."
        ) from None
    except (OSError, http.client.HTTPException, ValueError, TypeError, LookupError, AttributeError):
        return None
    finally:
        connection.close()


def _connection(door: Door) -> http.client.HTTPConnection:
    """To this computer.  Its certificate has the name that people type, so it is not looked at; a
    stranger who came to listen there after the server ended would learn a secret that opens
    nothing any more."""
    host = _here(door.host)
    if not door.https:
        return http.client.HTTPConnection(host, door.port, timeout=SECONDS)
    anybody = ssl.create_default_context()
    anybody.check_hostname, anybody.verify_mode = False, ssl.CERT_NONE
    return http.client.HTTPSConnection(host, door.port, timeout=SECONDS, context=anybody)


def _here(host: str) -> str:
    """An address to ask at: a server that listens everywhere listens on this computer, too."""
    with suppress(ValueError):
        address = ipaddress.ip_address(host)
        if address.is_unspecified:
            return "127.0.0.1" if address.version == 4 else "::1"
    return host
