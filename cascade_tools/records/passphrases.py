"""Passphrases, of which only a slow hash is ever kept."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from cascade_tools.errors import NotPossible

SHORTEST_PASSPHRASE = 12

# OWASP's minimum for argon2id: 19 MiB, two passes, one lane.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
_DUMMY = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$" + "A" * 43


def hashed(passphrase: str) -> str:
    """The argon2id hash.  Raises ``NotPossible`` when it is too short or too long."""
    if len(passphrase.strip()) < SHORTEST_PASSPHRASE:
        raise NotPossible(
            f"Choose a longer passphrase: at least {SHORTEST_PASSPHRASE} characters. "
            "Four or five plain words work well."
        )
    if len(passphrase) > 1000:
        raise NotPossible("Choose a shorter passphrase: 1,000 characters at most.")
    return _HASHER.hash(passphrase)


def fits(kept: str | None, passphrase: str) -> bool:
    """Whether this is the passphrase.  Where none is kept it takes the same time to say no."""
    try:
        return _HASHER.verify(kept or _DUMMY, passphrase) and bool(kept)
    except (VerificationError, InvalidHashError):
        return False
