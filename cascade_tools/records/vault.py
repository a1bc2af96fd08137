"""Encryption of everything a person writes: AES-GCM, one key per programme, keys rotatable.

Each sealed value is tied to its place (table, entry, prompt, revision), so a value copied into
another row does not open.  The key lives in ``secret.key`` beside the database, readable by its
owner alone; a database or a backup without it is noise.
"""

import base64
import hashlib
import hmac
import json
import os
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cascade_tools.errors import SettingsFault

NONCE = 12


@dataclass(frozen=True, slots=True)
class Sealed:
    """``key_id`` names the key; ``body`` is the nonce and the ciphertext."""

    key_id: str
    body: bytes


class Vault:
    """Seals and opens with the keys of one programme."""

    def __init__(self, current: str, keys: dict[str, bytes]) -> None:
        self._current = current
        self._ciphers = {key_id: AESGCM(key) for key_id, key in keys.items()}
        self._hash_key = hashlib.sha256(b"cascade keyed hash" + keys[current]).digest()

    def seal(self, plain: bytes, *place: str) -> Sealed:
        """Encrypt ``plain`` for exactly this place."""
        nonce = os.urandom(NONCE)
        body = self._ciphers[self._current].encrypt(nonce, plain, "|".join(place).encode())
        return Sealed(self._current, nonce + body)

    def open(self, key_id: str, body: bytes, *place: str) -> bytes:
        """Decrypt.  Raises ``SettingsFault`` when the key is missing or the value was changed."""
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise SettingsFault(
                "secret.key does not hold the key these records were written with. "
                "Put the programme's own secret.key back beside cascade.db."
            )
        try:
            return cipher.decrypt(body[:NONCE], body[NONCE:], "|".join(place).encode())
        except (InvalidTag, ValueError):
            raise SettingsFault(
                "A record does not open with this key: it was damaged or moved. "
                "Restore the last backup beside its own secret.key."
            ) from None

    def keyed_hash(self, plain: bytes) -> str:
        """A short name for ``plain`` that gives nothing away without the key."""
        return hmac.new(self._hash_key, plain, hashlib.sha256).hexdigest()


def make_key_file(path: Path) -> None:
    """Write a fresh key, readable by its owner alone.  Never overwrites."""
    key_id = secrets.token_hex(4)
    key = base64.b64encode(AESGCM.generate_key(256)).decode()
    text = json.dumps({"current": key_id, "keys": {key_id: key}}, indent=1) + "\n"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise SettingsFault(f"{path.name} exists already. It is never overwritten.") from None
    with os.fdopen(handle, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def open_vault(path: Path) -> Vault:
    """The vault of a programme folder.  Raises ``SettingsFault`` with what to run."""
    if not path.is_file():
        raise SettingsFault(
            f"{path.name} is missing. Without it nothing that was written can be read. "
            "Put the programme's own file back; do not make a new one."
        )
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise SettingsFault(f"Other accounts can read {path.name}. Run: chmod 600 {path.name}")
    try:
        doc = json.loads(path.read_text())
        keys = {key_id: base64.b64decode(key) for key_id, key in doc["keys"].items()}
        return Vault(doc["current"], keys)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise SettingsFault(
            f"{path.name} is damaged. Put the programme's own file back from where it is kept."
        ) from None
