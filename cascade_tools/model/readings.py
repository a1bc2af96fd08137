"""What every reading of a set of answers shares: which answers count, and how a mean is written."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from cascade_tools.model.items import Item
from cascade_tools.model.picture import Sitting


def counted(items: Iterable[Item], answers: Mapping[str, object]) -> dict[str, int]:
    """The answers that count, by item id, in the order of the items.

    Only a whole number from 0 to 4 counts.  *Did not come up*, *skipped* and *not reached* are
    left out: none of them is a zero.
    """
    found = {}
    for item in items:
        value = answers.get(item.id)
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 4:
            found[item.id] = value
    return found


def mean(values: Iterable[int]) -> Fraction | None:
    """The exact mean, or None where nothing was answered."""
    known = tuple(values)
    return Fraction(sum(known), len(known)) if known else None


def one_decimal(value: Fraction) -> str:
    """A mean as people write it: one decimal, halves upwards (2.25 is "2.3")."""
    tenths = (20 * value.numerator + value.denominator) // (2 * value.denominator)
    return f"{tenths // 10}.{tenths % 10}"


def up_to_now(sittings: Sequence[Sitting]) -> tuple[Sitting, ...]:
    """The sittings a sheet may look back on, oldest first: the one being written comes last.

    Where none is marked as being written, that is all of them.
    """
    for place in range(len(sittings) - 1, -1, -1):
        if sittings[place].current:
            return tuple(sittings[: place + 1])
    return tuple(sittings)
