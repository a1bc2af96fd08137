"""Answers about several things at once: lines put in order by numbers, statements in their bins.

Both are a mapping by code, in the order of the page.  What somebody left out is not in it, and
where everything is left out there is no answer: ``None``.  An order is complete when it holds each
number from 1 once.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

UNREADABLE = "Choose one of the answers on the page."
MOST_DIGITS = 4

Codes = Sequence[str]


def check_order(codes: Codes, raw: Any) -> tuple[dict[str, int] | None, str]:
    """The number of each line, or the sentence of the problem.  Some lines may be left out."""
    if not isinstance(raw, dict) or not set(raw) <= set(codes):
        return None, UNREADABLE
    numbers = _numbers(codes, raw)
    if None in numbers.values():
        return None, f"Use whole numbers from 1 to {len(codes)}. You can leave a box empty."
    found = {code: number for code, number in numbers.items() if number is not None}
    twice = _twice(numbers)
    if twice:
        return None, (
            f"The number {min(twice)} stands on more than one line. "
            "Give each line a number of its own."
        )
    return found or None, ""


def to_mend(codes: Codes, raw: Any) -> frozenset[str]:
    """The lines whose number cannot stay as it was typed, to be marked beside their boxes."""
    if not isinstance(raw, dict):
        return frozenset()
    numbers = _numbers(codes, raw)
    twice = _twice(numbers)
    return frozenset(code for code, n in numbers.items() if n is None or n in twice)


def check_classes(statements: Codes, bins: Codes, raw: Any) -> tuple[dict[str, str] | None, str]:
    """The bin of each statement, or the sentence of the problem.  Some may be left out."""
    if not isinstance(raw, dict) or not set(raw) <= set(statements):
        return None, UNREADABLE
    found = {code: raw[code] for code in statements if not _empty(raw.get(code))}
    if not all(isinstance(chosen, str) and chosen in bins for chosen in found.values()):
        return None, UNREADABLE
    return found or None, ""


def order_in_words(words: Mapping[str, str], value: Mapping[str, Any]) -> str:
    """``1. First thing;`` and the next on a line below, in the order of the numbers."""
    found = sorted((n, code) for code, n in value.items() if isinstance(n, int))
    return ";\n".join(f"{n}. {_said(words.get(code, code))}" for n, code in found)


def classes_in_words(
    bins: Mapping[str, str], statements: Mapping[str, str], value: Mapping[str, Any]
) -> str:
    """``Leading: one statement; another``: a line for each bin that holds something."""
    held: dict[str, list[str]] = {code: [] for code in bins}
    for code in dict.fromkeys((*statements, *value)):
        if code in value:
            held.setdefault(str(value[code]), []).append(_said(statements.get(code, code)))
    return "\n".join(f"{bins.get(b, b)}: {'; '.join(said)}" for b, said in held.items() if said)


def _said(words: str) -> str:
    """A statement within a list: without the full stop of a sentence that stands alone."""
    return words.removesuffix(".")


def _empty(typed: Any) -> bool:
    return typed is None or (isinstance(typed, str) and not typed.strip())


def _numbers(codes: Codes, raw: Mapping[str, Any]) -> dict[str, int | None]:
    """What stands beside each line that is not left out; None where it is no number of one."""
    return {code: _number(raw[code], len(codes)) for code in codes if not _empty(raw.get(code))}


def _number(typed: Any, most: int) -> int | None:
    """``3``, ``"3"`` or ``" 3."``: a whole number from 1 to ``most``."""
    if isinstance(typed, str):
        text = typed.strip().removesuffix(".")
        typed = int(text) if text.isdecimal() and len(text) <= MOST_DIGITS else None
    if not isinstance(typed, int) or isinstance(typed, bool) or not 1 <= typed <= most:
        return None
    return typed


def _twice(numbers: Mapping[str, int | None]) -> frozenset[int]:
    counted = Counter(n for n in numbers.values() if n is not None)
    return frozenset(n for n, times in counted.items() if times > 1)
