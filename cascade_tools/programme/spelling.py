"""A key as groups of letters and digits: to print, to type back, each group checked by itself.

A group is five symbols: four of the key and a check.  The symbols are Crockford's base 32, which
has no I, L, O and U; typed, the first three count as 1, 1 and 0.  The check is Luhn's, modulo 32,
over the group's number and its four symbols: it finds every single slip, nearly every swap of
neighbours, and a group in another's place.  Sixty symbols hold the key's id (32 bits), the key
(256) and twelve bits of their hash.
"""

import hashlib
from collections.abc import Sequence

from cascade_tools.errors import NotPossible
from cascade_tools.records import Keys

SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
MEANT = str.maketrans("ILO", "110", " -\t")
GROUPS, LETTERS = 15, 4
HASH_BITS = 12
KEY_BYTES = 36


def spell(keys: Keys) -> list[str]:
    """The present key as fifteen groups."""
    plain = bytes.fromhex(keys.current) + keys.all[keys.current]
    number = (int.from_bytes(plain, "big") << HASH_BITS) | _hash(plain)
    symbols = "".join(
        SYMBOLS[(number >> (5 * place)) & 31] for place in reversed(range(GROUPS * LETTERS))
    )
    groups = [symbols[i : i + LETTERS] for i in range(0, len(symbols), LETTERS)]
    return [group + _check(at, group) for at, group in enumerate(groups)]


def read_group(typed: str, at: int) -> str:
    """One group as it is meant; ``at`` counts from 0.  Raises ``NotPossible`` for a slip."""
    group = typed.upper().translate(MEANT)
    if len(group) != LETTERS + 1 or not set(group) <= set(SYMBOLS):
        raise NotPossible(f"Group {at + 1} has five letters and digits. Look at it again.")
    if _check(at, group[:LETTERS]) != group[LETTERS]:
        raise NotPossible(f"Group {at + 1} is not as it was printed. Look at it again.")
    return group


def unspell(typed: str | Sequence[str]) -> Keys:
    """The key, from its groups or from all of them in one line.

    Raises ``NotPossible`` naming the group where something is not as it was printed.
    """
    if isinstance(typed, str):
        line = typed.upper().translate(MEANT)
        typed = [line[i : i + LETTERS + 1] for i in range(0, len(line), LETTERS + 1)]
    if len(typed) != GROUPS:
        raise NotPossible(f"A key has {GROUPS} groups. These are {len(typed)}.")
    groups = [read_group(group, at) for at, group in enumerate(typed)]
    number = 0
    for symbol in "".join(group[:LETTERS] for group in groups):
        number = number << 5 | SYMBOLS.index(symbol)
    plain = (number >> HASH_BITS).to_bytes(KEY_BYTES, "big")
    if _hash(plain) != number & ((1 << HASH_BITS) - 1):
        raise NotPossible("Each group is possible, but not all of them together. Begin again.")
    return Keys.of(plain[:4].hex(), plain[4:])


def _hash(plain: bytes) -> int:
    return int.from_bytes(hashlib.sha256(plain).digest()[:2], "big") >> (16 - HASH_BITS)


def _check(at: int, group: str) -> str:
    total = 0
    for place, value in enumerate((at, *(SYMBOLS.index(symbol) for symbol in group))):
        weighed = value * (1 + place % 2)
        total += weighed // 32 + weighed % 32
    return SYMBOLS[-total % 32]
