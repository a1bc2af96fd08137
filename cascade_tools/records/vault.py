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
from dataclasses import dataclass, replace
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from cascade_tools.errors import SettingsFault

NONCE = 12
KEY = 32


@dataclass(frozen=True, slots=True)
class Sealed:
    """``key_id`` names the key; ``body`` is the nonce and the ciphertext."""

    key_id: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Keys:
    """What ``secret.key`` holds: the keys by id, and which of them seals.

    There is more than one only while a new key takes over from an old one.
    """

    current: str
    all: dict[str, bytes]

    def __repr__(self) -> str:
        return f"Keys({self.current!r})"

    @classmethod
    def of(cls, key_id: str, key: bytes) -> "Keys":
        return cls(key_id, {key_id: key})

    def with_new(self) -> "Keys":
        """A fresh key that seals from now on; the present ones still open."""
        key_id = secrets.token_hex(4)
        return Keys(key_id, {**self.all, key_id: AESGCM.generate_key(KEY * 8)})

    def without_old(self) -> "Keys":
        return replace(self, all={self.current: self.all[self.current]})


class Vault:
    """Seals and opens with the keys of one programme."""

    def __init__(self, current: str, keys: dict[str, bytes]) -> None:
        self.current = current
        self._keys = keys
        self._ciphers = {key_id: AESGCM(key) for key_id, key in keys.items()}
        self._hash_keys = {
            key_id: hashlib.sha256(b"cascade keyed hash" + key).digest()
            for key_id, key in keys.items()
        }
        _ = self._ciphers[current]

    def seal(self, plain: bytes, *place: str) -> Sealed:
        """Encrypt ``plain`` for exactly this place."""
        nonce = os.urandom(NONCE)
        body = self._ciphers[self.current].encrypt(nonce, plain, "|".join(place).encode())
        return Sealed(self.current, nonce + body)

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

    def keyed_hash(self, plain: bytes, key_id: str = "") -> str:
        """A short name for ``plain`` that gives nothing away without the key.

        ``key_id`` asks for the name an older key gave it.  Raises ``SettingsFault`` without it.
        """
        hash_key = self._hash_keys.get(key_id or self.current)
        if hash_key is None:
            raise SettingsFault("secret.key does not hold the key this was named with.")
        return hmac.new(hash_key, plain, hashlib.sha256).hexdigest()

    def derived(self, key_id: str, use: bytes, salt: bytes) -> bytes:
        """A key of its own for one use, from the key of that id (HKDF, RFC 5869).

        Raises ``SettingsFault`` when ``secret.key`` does not hold it.
        """
        key = self._keys.get(key_id)
        if key is None:
            raise SettingsFault(f"This was made with another key (key {key_id}).")
        return HKDF(SHA256(), KEY, salt, use).derive(key)


def make_key_file(path: Path) -> None:
    """Write a fresh key, readable by its owner alone.  Never overwrites."""
    add_key_file(path, Keys("", {}).with_new())


def add_key_file(path: Path, keys: Keys) -> None:
    """Write these keys where there are none.  Never overwrites."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise SettingsFault(f"{path.name} exists already. It is never overwritten.") from None
    _write(handle, keys)


def change_key_file(path: Path, keys: Keys) -> None:
    """Put these keys in place of the present ones: whatever happens, one or the other is there."""
    aside = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    try:
        _write(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), keys)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
    if os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _write(handle: int, keys: Keys) -> None:
    spelled = {key_id: base64.b64encode(key).decode() for key_id, key in keys.all.items()}
    with os.fdopen(handle, "w") as file:
        file.write(json.dumps({"current": keys.current, "keys": spelled}, indent=1) + "\n")
        file.flush()
        os.fsync(file.fileno())


def read_keys(path: Path) -> Keys:
    """The keys in a key file.  Raises ``SettingsFault`` with what to run."""
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
        Vault(doc["current"], keys)
        return Keys(doc["current"], keys)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise SettingsFault(
            f"{path.name} is damaged. Put the programme's own file back from where it is kept."
        ) from None


def open_vault(path: Path) -> Vault:
    """The vault of a programme folder.  Raises ``SettingsFault`` with what to run."""
    keys = read_keys(path)
    return Vault(keys.current, keys.all)
