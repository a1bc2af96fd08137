"""Passphrases, of which only a slow hash is ever kept, and none that is soon guessed."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from cascade_tools.errors import NotPossible

SHORTEST_PASSPHRASE = 12
LONGEST_PASSPHRASE = 1000
# zxcvbn's five steps, 0 to 4: from 3 on ("safely unguessable") a passphrase is taken.
LEAST_SCORE = 3
# Looking at more takes seconds for some words, and what is good so far only gets better.
LOOKED_AT = 40
# Letters and digits besides one's own name and the programme's.
LEAST_OF_ONES_OWN = 6

# OWASP's minimum for argon2id: 19 MiB, two passes, one lane.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
_DUMMY = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$" + "A" * 43
# A thread that has hashed once keeps those 19 MiB for good, so it is always the same few that do.
_FEW = ThreadPoolExecutor(2, thread_name_prefix="passphrases")


def hashed(passphrase: str, near: Iterable[str] = ()) -> str:
    """The argon2id hash.

    Raises ``NotPossible`` when it is too short, too long or soon guessed: common words and
    passwords (zxcvbn and its lists), keys in a row, or what is ``near`` to this person, such as
    their name.
    """
    if len(passphrase.strip()) < SHORTEST_PASSPHRASE:
        raise NotPossible(
            f"Choose a longer passphrase: at least {SHORTEST_PASSPHRASE} characters. "
            "Four or five plain words work well."
        )
    if len(passphrase) > LONGEST_PASSPHRASE:
        raise NotPossible("Choose a shorter passphrase: 1,000 characters at most.")
    if guessable(passphrase, near):
        raise NotPossible(
            "Many people choose words like these. Choose four or five plain words that do not "
            "belong together, and not your name."
        )
    return _FEW.submit(_HASHER.hash, passphrase).result()


def guessable(passphrase: str, near: Iterable[str] = ()) -> bool:
    """Whether somebody who tries what people often choose would soon find it.

    Words that are near to the person count for nothing, however often they are repeated.
    """
    from zxcvbn import zxcvbn  # its lists are long, and most runs never need them

    looked_at = passphrase.strip()[:LOOKED_AT]
    known = {form for text in near for form in (text, *text.split(), "".join(text.split()))}
    rest = looked_at.casefold()
    for word in sorted((w.casefold() for w in known if len(w) > 2), key=len, reverse=True):
        rest = rest.replace(word, " ")
    if sum(letter.isalnum() for letter in rest) < LEAST_OF_ONES_OWN:
        return True
    return int(zxcvbn(looked_at, user_inputs=sorted(known - {""}))["score"]) < LEAST_SCORE


def fits(kept: str | None, passphrase: str) -> bool:
    """Whether this is the passphrase.  Where none is kept it takes the same time to say no."""
    try:
        return _FEW.submit(_HASHER.verify, kept or _DUMMY, passphrase).result() and bool(kept)
    except (VerificationError, InvalidHashError):
        return False
