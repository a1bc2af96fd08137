"""What changed between two copies of one sheet, answer by answer and word by word."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from cascade_tools.model.prompts import Kind

Piece = tuple[Literal["same", "out", "in"], str]
_WORDS = re.compile(r"\S+|\s+")
_LINES = re.compile(r"[^\n]*\n+|[^\n]+")
# Beyond this many pairs of words, comparing takes seconds: then it goes line by line.
_MOST = 4_000_000
_WRITTEN = (Kind.TEXT, Kind.LONG, Kind.PERSON)


@dataclass(frozen=True, slots=True)
class Change:
    """One answer of the newer copy that is not as it was, or that is there no more.

    ``how`` is ``"changed"``, ``"new"`` or ``"gone"``; ``pieces`` are the words of both, in order.
    """

    key: str
    question: str
    page: str
    how: Literal["changed", "new", "gone"]
    pieces: tuple[Piece, ...]


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[list[Change], int]:
    """What changed from one body of a copy to the next, in the order of the sheet, and how many
    answers stayed as they were.  What is there no more comes last."""
    old, new = dict(_answers(before)), dict(_answers(after))
    found: list[Change] = []
    for key, (page, answer) in new.items():
        was = old.pop(key, None)
        if was is None:
            pieces: tuple[Piece, ...] = (("in", answer["words"]),)
            found.append(Change(key, answer["question"], page, "new", pieces))
        elif was[1]["words"] != answer["words"]:
            pieces = _compared(was[1], answer)
            found.append(Change(key, answer["question"], page, "changed", pieces))
    same = len(new) - len(found)
    for key, (page, answer) in old.items():
        found.append(Change(key, answer["question"], page, "gone", (("out", answer["words"]),)))
    return found, same


def _answers(body: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, Mapping[str, Any]]]]:
    for page in body["pages"]:
        for answer in page["answers"]:
            yield answer["key"], (page["title"], answer)


def _compared(was: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[Piece, ...]:
    """A choice or a date is another one; only what somebody wrote is compared word by word."""
    if was["kind"] not in _WRITTEN or now["kind"] not in _WRITTEN:
        return (("out", was["words"]), ("in", now["words"]))
    return in_pieces(was["words"], now["words"])


def in_pieces(was: str, now: str) -> tuple[Piece, ...]:
    """Two texts as one: what stayed, what was taken out and what came in, in reading order.

    Without what came in it is the first text, without what was taken out the second.
    """
    a, b = _WORDS.findall(was), _WORDS.findall(now)
    if len(a) * len(b) > _MOST:
        a, b = _LINES.findall(was), _LINES.findall(now)
    matched = SequenceMatcher(None, a, b, autojunk=False).get_opcodes()
    found: list[Piece] = []
    out = into = ""
    for at, (how, a1, a2, b1, b2) in enumerate(matched):
        was, now = "".join(a[a1:a2]), "".join(b[b1:b2])
        # A space between two changed words is part of the change, which then reads as one.
        if how != "equal" or (0 < at < len(matched) - 1 and not now.strip()):
            out, into = out + was, into + now
            continue
        found += [*_changed(out, into), ("same", now)]
        out = into = ""
    return (*found, *_changed(out, into))


def _changed(out: str, into: str) -> list[Piece]:
    pieces: list[Piece] = [("out", out), ("in", into)]
    return [piece for piece in pieces if piece[1]]
