"""A wide table: one row per entry or snapshot of one workbook, one column per question."""

from typing import Any

import numpy as np
import pandas as pd

from cascade_tools.collect.tables import TEXT, answers_table
from cascade_tools.model.prompts import ELEVEN, FIVE, NOT_UP, SKIPPED, Kind
from cascade_tools.model.seen import Desk

LEADING = ("person", "pair", "session", "entry", "snapshot", "way", "saved_at", "until")
POINTS = (*FIVE, NOT_UP, SKIPPED)
TO_TEN = (*ELEVEN, SKIPPED)


def wide(desk: Desk, workbook: str) -> pd.DataFrame:
    """What the reader may see of one workbook (``"coach/after-i-coach"``), a sheet to a row.

    First who, for whom and when (``saved_at`` is the latest answer's), then one column per key,
    in the order the keys first appear.  A scale is a category of the points "0" to "4",
    "did-not-come-up" and "skipped", so that no answer becomes a missing number, and 0 to 10
    likewise; a date is a date; several choices are a JSON list of codes, a goal or actions are
    JSON with their parts by name, and an order or a classification is a JSON object by code.  A
    workbook nobody has shared gives no rows.
    """
    return wide_table(answers_table(a for a in desk.answers() if a.workbook == workbook), workbook)


def wide_table(answers: pd.DataFrame, workbook: str) -> pd.DataFrame:
    """The wide table of one workbook, from an ``answers`` table."""
    rows = answers[answers["workbook"] == workbook].reset_index(drop=True)
    sheet = pd.DataFrame({name: rows[name].cat.codes for name in ("entry", "snapshot", "way")})
    number = sheet.groupby(["entry", "snapshot", "way"], sort=False).ngroup().to_numpy()
    count = int(number.max()) + 1 if len(number) else 0
    newest_last = np.argsort(rows["saved_at"].to_numpy(), kind="stable")
    last = np.empty(count, np.int64)
    last[number[newest_last]] = newest_last
    leading = rows.iloc[last].reset_index(drop=True)
    columns: dict[str, Any] = {}
    for name in LEADING:
        column = leading[name]
        is_category = isinstance(column.dtype, pd.CategoricalDtype)
        columns[name] = column.cat.remove_unused_categories() if is_category else column
    asked: dict[str, dict[str, str]] = {}
    codes = rows["key"].cat.codes.to_numpy()
    by_key = newest_last[np.argsort(codes[newest_last], kind="stable")]
    for code in pd.unique(codes):
        first, end = np.searchsorted(codes[by_key], [code, code + 1])
        at = by_key[first:end]
        name = column_of(str(rows["key"].cat.categories[int(code)]))
        where = np.full(count, -1)
        where[number[at]] = at
        kinds = set(rows["kind"].iloc[at])
        value = rows["value"].array.take(where, allow_fill=True)
        columns[name] = _typed(pd.Series(value, dtype=TEXT), kinds.pop() if len(kinds) == 1 else "")
        asked[name] = {
            "question": str(rows["question"].iloc[at[-1]]),
            "kind": str(rows["kind"].iloc[at[-1]]),
            "who": str(rows["who"].iloc[at[-1]]),
        }
    frame = pd.DataFrame(columns)
    frame.attrs.update(table="wide", workbook=workbook, asked=asked)
    return frame


def column_of(key: str) -> str:
    """The column of a key: its own name, unless a leading column already has it."""
    return f"answer_{key}" if key in LEADING else key


def _typed(text: "pd.Series[Any]", kind: str) -> "pd.Series[Any]":
    """The type that suits a question.  An emptied choice, scale or date is a missing one."""
    chosen = text.where(text != "")
    match kind:
        case Kind.SCALE if chosen.dropna().isin(POINTS).all():
            return chosen.astype(pd.CategoricalDtype(pd.Index(POINTS, dtype=str)))
        case Kind.TEN if chosen.dropna().isin(TO_TEN).all():
            return chosen.astype(pd.CategoricalDtype(pd.Index(TO_TEN, dtype=str)))
        case Kind.CHOICE | Kind.YES_NO_SKIP:
            return chosen.astype("category")
        case Kind.DATE:
            dates = pd.to_datetime(chosen, format="%Y-%m-%d", errors="coerce")
            if dates.isna().equals(chosen.isna()):
                return dates.astype("datetime64[ns]")
    return text
