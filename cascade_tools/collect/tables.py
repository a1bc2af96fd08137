"""Tidy tables: one row per answer, typed, with the same columns when there is nothing.

A million answers pass through here in one go, so rows are turned into columns a slice at a time
and never held twice: repeated words as codes, writing as Arrow text, times as whole numbers.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from operator import attrgetter
from typing import Any, TypeVar

import numpy as np
import pandas as pd
import pyarrow as pa

from cascade_tools.model.prompts import NOT_UP, SKIPPED, Answer, Kind, Who, given
from cascade_tools.model.seen import AnswerSeen, Desk

T = TypeVar("T")

# Whose word it is, who asked what, and where it stands: few different values, many rows.
# Some have a fixed list, so that two tables of different people have the same categories.
CATEGORIES: dict[str, tuple[str, ...]] = {
    "person": (),
    "workbook": (),
    "entry": (),
    "snapshot": (),
    "pair": (),
    "key": (),
    "question": (),
    "kind": tuple(str(k) for k in Kind),
    "who": tuple(str(w) for w in Who),
    "words_from": (),
    "way": ("own", "shared", "together"),
}
ANSWERS = (
    *("person", "workbook", "entry", "snapshot", "pair", "session", "key", "question"),
    *("kind", "who", "words_from", "value", "number", "words", "saved_at", "way", "until"),
)
TEXTS, NUMBERS, TIMES = ("value", "words"), ("session", "number"), ("saved_at", "until")
ITEMS = ("person", "pair", "session", "item", "value", "state")
STATES = ("answered", NOT_UP, SKIPPED, "not-reached")
# The same in pandas 2 and 3, and as small as the words are.  ``Any``: the stubs do not know that
# it takes Arrow's arrays over as they stand.
TEXT: Any = pd.StringDtype("pyarrow")
_MISSING = np.iinfo(np.int64).min  # what pandas itself keeps for a time that is not there

_SLICE = 10_000


def answers(desk: Desk) -> pd.DataFrame:
    """Every answer this reader may see now: one row each, in the order the desk gives them.

    ``value`` is what is stored, as text (a scale point ``"3"``, the code of a choice, several
    codes as a JSON list, a goal or actions as JSON, an order or a classification as a JSON object
    by code); missing when the question was not reached.
    ``number`` is the point of a scale, 0 to 4, or of 0 to 10, and nothing else.  Times are UTC.
    """
    return answers_table(desk.answers())


def answers_table(rows: Iterable[AnswerSeen]) -> pd.DataFrame:
    """The table of ``answers`` from rows that a desk has given already."""
    codes = {name: _Codes({None: -1}) for name in CATEGORIES}
    for name, known in CATEGORIES.items():
        for word in known:
            codes[name][word]
    parts: dict[str, list[Any]] = {name: [] for name in (*CATEGORIES, *TEXTS)}
    numbers = {name: bytearray() for name in (*NUMBERS, *TIMES)}
    columns = [name for name in ANSWERS if name != "number"]
    pick = attrgetter(*columns)
    for piece in _slices(rows, _SLICE):
        for name, column in zip(columns, zip(*map(pick, piece), strict=True), strict=True):
            if name in CATEGORIES:
                parts[name].append(codes[name].of(column))
            elif name in TIMES:
                numbers[name] += _nanoseconds(column).data
            elif name in NUMBERS:
                numbers[name] += _whole(column).data
            else:
                parts[name].append(_text(column))
                if name == "value":
                    numbers["number"] += _whole(map(_point, column)).data
    made: dict[str, Any] = {}
    for name in ANSWERS:
        if name in CATEGORIES:
            made[name] = _category(parts.pop(name), codes.pop(name))
        elif name in TIMES:
            made[name] = _times(numbers.pop(name))
        elif name in NUMBERS:
            made[name] = _integers(numbers.pop(name))
        else:
            found = pa.chunked_array(parts.pop(name), pa.large_string())
            made[name] = TEXT.__from_arrow__(found)
    frame = pd.DataFrame(made, columns=list(ANSWERS), copy=False)
    frame.attrs["table"] = "answers"
    return frame


def thinking(desk: Desk) -> pd.DataFrame:
    """The ten items of "Who is doing the thinking?", one row per item answered or passed over.

    Columns: person, pair, session, item ("D1" to "D10"), value (0 to 4, or missing) and state,
    which says why a value is missing.  Only the reader's own answers and those shared with them;
    of two versions of one sheet, the newer answer.  No total and no average is ever made here.
    """
    return _items(desk, "thinking")


def balance(desk: Desk) -> pd.DataFrame:
    """The balance items, in the same columns and by the same rules as ``thinking``."""
    return _items(desk, "axes")


def _items(desk: Desk, item_set: str) -> pd.DataFrame:
    """One row per person, entry and item of a set, oldest answer first."""
    newest: dict[tuple[str, str], AnswerSeen] = {}
    for row in desk.answers():
        source, _, item = row.words_from.partition("/")
        if source != item_set or row.kind != Kind.SCALE or row.way not in ("own", "shared"):
            continue
        before = newest.get((row.entry, item))
        if before is None or before.saved_at <= row.saved_at:
            newest[row.entry, item] = row
    rows = sorted(newest.items(), key=lambda found: found[1].saved_at)
    frame = pd.DataFrame(
        {
            "person": pd.Categorical([row.person for _, row in rows]),
            "pair": pd.Categorical([row.pair for _, row in rows]),
            "session": pd.array([row.session for _, row in rows], dtype="Int64"),
            "item": pd.Categorical([item for (_, item), _ in rows]),
            "value": pd.array([_point(row.value) for _, row in rows], dtype="Int64"),
            "state": pd.Categorical([_state(row.value) for _, row in rows], categories=STATES),
        },
        columns=list(ITEMS),
    )
    frame.attrs["table"] = "thinking" if item_set == "thinking" else "balance"
    return frame


def _point(value: Answer) -> int | None:
    return value if type(value) is int else None


def _state(value: Answer) -> str:
    if value in (NOT_UP, SKIPPED):
        return str(value)
    return "answered" if given(value) else "not-reached"


def _as_text(value: Answer) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) else json.dumps(value, ensure_ascii=False)


class _Codes(dict[str | None, int]):
    """Each new word gets the next number.  Missing is minus one, as in a pandas category."""

    def __missing__(self, word: str | None) -> int:
        self[word] = code = len(self) - 1
        return code

    def of(self, column: Sequence[str | None]) -> Any:
        """The numbers of a slice, in the fewest bytes that hold those so far."""
        numbers = np.fromiter(map(self.__getitem__, column), np.int32, len(column))
        return numbers.astype(np.min_scalar_type(-len(self)))


def _slices(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    left = iter(rows)
    while piece := list(islice(left, size)):
        yield piece


def _text(column: Sequence[Answer]) -> Any:
    # Arrow's own way from a list reserves up to twice the room and keeps it; this takes what the
    # words need, which is most of the table.
    texts = [_as_text(value) for value in column]
    words = [b"" if text is None else text.encode() for text in texts]
    ends = np.zeros(len(words) + 1, np.int64)
    np.cumsum(np.fromiter(map(len, words), np.int64, len(words)), out=ends[1:])
    there = np.fromiter((text is not None for text in texts), np.bool_, len(texts))
    buffers = [np.packbits(there, bitorder="little"), ends, b"".join(words)]
    return pa.Array.from_buffers(pa.large_string(), len(words), list(map(pa.py_buffer, buffers)))


def _whole(column: Iterable[int | None]) -> Any:
    return np.fromiter((_MISSING if n is None else n for n in column), np.int64)


def _nanoseconds(column: Sequence[datetime | None]) -> Any:
    # Arrow brings every aware time to UTC.
    times = pa.array(column, pa.timestamp("us", tz="UTC")).cast(pa.timestamp("ns", tz="UTC"))
    return times.cast(pa.int64()).fill_null(_MISSING).to_numpy(zero_copy_only=False)


def _category(parts: list[Any], codes: _Codes) -> Any:
    words = pd.Index([word for word in codes if word is not None], dtype=str)
    numbers = np.concatenate([np.empty(0, np.int8), *parts])
    return pd.Categorical.from_codes(numbers, categories=words)


def _integers(raw: bytearray) -> Any:
    numbers = np.frombuffer(raw, np.int64)
    missing = numbers == _MISSING
    numbers[missing] = 0
    return pd.arrays.IntegerArray(numbers, missing)


def _times(raw: bytearray) -> Any:
    times = np.frombuffer(raw, np.int64).view("M8[ns]")
    return pd.Series(times, copy=False).dt.tz_localize("UTC").array
