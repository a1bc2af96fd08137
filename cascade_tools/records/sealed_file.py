"""A whole file as ciphertext: what a backup is.

The file begins with one line for whoever finds it, and one line of JSON that names the format, the
key and a salt.  Chunks follow, each sealed by AES-GCM with a key made for this file alone (HKDF).
A chunk's number and whether it is the last are bound to it, and so are the two lines: no chunk can
be changed, left out, added, put elsewhere or taken from another file unnoticed.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cascade_tools.errors import SettingsFault
from cascade_tools.records.vault import NONCE, Vault

FIRST_LINE = (
    b"A Cascade backup, encrypted. With its key: cascade restore THIS-FILE NEW-FOLDER --key FILE\n"
)
FORMAT = 1
USE = b"cascade backup 1"
CHUNK = 1 << 20
TAG = 16
HEADER_MOST = 1000

DAMAGED = "This backup is damaged: it was changed, or a part is missing. Use another one."
NO_BACKUP = "This file is no Cascade backup. Backups end in .cascade and lie in backups."


class _Sealer:
    """Takes bytes as they come and writes sealed chunks."""

    def __init__(self, vault: Vault, target: BinaryIO, about: dict[str, Any]) -> None:
        salt = os.urandom(32)
        header = {"format": FORMAT, "key": vault.current, "salt": salt.hex(), **about}
        lines = FIRST_LINE + json.dumps(header).encode() + b"\n"
        target.write(lines)
        self._target = target
        self._cipher = AESGCM(vault.derived(vault.current, USE, salt))
        self._about = hashlib.sha256(lines).digest()
        self._held = bytearray()
        self._number = 0

    def write(self, plain: bytes) -> int:
        self._held += plain
        # The newest chunk is held back: only the end shows which is the last.
        while len(self._held) > CHUNK:
            self._seal(bytes(self._held[:CHUNK]), last=False)
            del self._held[:CHUNK]
        return len(plain)

    def flush(self) -> None:
        """Nothing to do: what is held back is written at the end."""

    def close(self) -> None:
        """The last chunk."""
        self._seal(bytes(self._held), last=True)

    def _seal(self, plain: bytes, last: bool) -> None:
        nonce = _nonce(self._number, last)
        self._target.write(self._cipher.encrypt(nonce, plain, self._about + nonce))
        self._number += 1


def _nonce(number: int, last: bool) -> bytes:
    """Counting is safe: each file has a key of its own."""
    return number.to_bytes(NONCE - 1, "big") + bytes([last])


@contextmanager
def sealing(vault: Vault, target: BinaryIO, **about: Any) -> Iterator[_Sealer]:
    """Something to write to; what is written ends up sealed in ``target``.

    ``about`` stands readable in the header.  Without an error the file is complete at the end.
    """
    sealer = _Sealer(vault, target, about)
    yield sealer
    sealer.close()


def read_header(source: BinaryIO) -> tuple[dict[str, Any], bytes]:
    """What the header says, and its bytes.  Raises ``SettingsFault`` for anything else."""
    first = source.readline(HEADER_MOST)
    second = source.readline(HEADER_MOST)
    try:
        header = json.loads(second)
        if first != FIRST_LINE or header["format"] < FORMAT:
            raise ValueError
        bytes.fromhex(header["salt"])
        str(header["key"])
    except (ValueError, KeyError, TypeError, RecursionError):
        raise SettingsFault(NO_BACKUP) from None
    if header["format"] > FORMAT:
        raise SettingsFault(
            "This backup was made by a newer version of Cascade. "
            "Run: python -m pip install --upgrade cascade-tools"
        )
    return header, first + second


def unseal(vault: Vault, source: BinaryIO, target: BinaryIO) -> None:
    """Write what a sealed file holds into ``target``.

    Raises ``SettingsFault`` for another key, and at the first chunk that is not as it was made;
    what stands in ``target`` then is not to be used.
    """
    header, lines = read_header(source)
    key = vault.derived(str(header["key"]), USE, bytes.fromhex(header["salt"]))
    cipher, about = AESGCM(key), hashlib.sha256(lines).digest()
    number, chunk = 0, source.read(CHUNK + TAG)
    while True:
        following = source.read(CHUNK + TAG)
        nonce = _nonce(number, last=not following)
        try:
            target.write(cipher.decrypt(nonce, chunk, about + nonce))
        except (InvalidTag, ValueError):
            raise SettingsFault(DAMAGED) from None
        if not following:
            return
        number, chunk = number + 1, following
