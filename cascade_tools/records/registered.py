"""How the registry says of a stored field what it is, what for, and how it is told and erased."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a field is."""

    WORDS = "somebody’s own words, sealed"
    FACT = "a fact about somebody"
    SECRET = "what somebody signs in with, as a hash or sealed"  # noqa: S105 - says what it is
    TECHNICAL = "what the records need to work"


class Erased(StrEnum):
    """What erasing everything of a person does with a field of theirs."""

    GOES = "the row is erased"
    EMPTIED = "the row stays for others, without this"
    STAYS = "stays"


GOES, EMPTIED, STAYS = Erased.GOES, Erased.EMPTIED, Erased.STAYS
WITH = "It belongs to others, too; nobody’s name is on it any more."


@dataclass(frozen=True, slots=True)
class Field:
    """One field.  What is None is said for all fields of its table.

    ``told`` names a section of ``MyData.gather``; where it is empty, ``not_told`` says why.
    ``stays`` says why a field stays when its person erases everything.
    """

    kind: Kind
    purpose: str
    told: str | None = None
    not_told: str = ""
    erased: Erased | None = None
    stays: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """What holds for all fields of a table.

    ``rules`` are keys of the retention rules: the first, unless the row is of a kind that has a
    rule of its own.
    """

    rules: tuple[str, ...]
    told: str
    erased: Erased
    fields: Mapping[str, Field]
    stays: str = ""


def fact(purpose: str, erased: Erased | None = None, stays: str = "") -> Field:
    return Field(Kind.FACT, purpose, erased=erased, stays=stays)


def words(purpose: str) -> Field:
    return Field(Kind.WORDS, purpose)


def secret(purpose: str) -> Field:
    return Field(Kind.SECRET, purpose, told="")


def part(purpose: str) -> Field:
    return Field(Kind.TECHNICAL, purpose, told="")


ID = part("Names the row: 128 random bits")
KEY = part("Names the key it is sealed with")
WHOSE = part("Whose it is")
