"""What an earlier collection left in a folder, and what of it may no longer be seen."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from cascade_tools.collect.asked import title
from cascade_tools.collect.notes import day, one_line

FIRST_LINE = "Collected with Cascade"
_OURS = re.compile(r"wide-[a-z0-9-]+\.csv|collected\.(?:xlsx|json)")
_COLUMN = re.compile(r"[a-z][a-z0-9_-]*")
_SHEET = ["person", "workbook", "entry", "snapshot", "way"]


@dataclass(frozen=True, slots=True)
class Gone:
    """A sheet that was here after the last collection.  ``newer``: another copy of it is here."""

    person: str
    workbook: str
    saved_on: str
    newer: bool

    @property
    def words(self) -> str:
        """``“After I coach” by Ann Coach, last saved 3 May 2027``, without a word of it."""
        said = f"{title(self.workbook)} by {one_line(self.person)}, last saved {self.saved_on}"
        return f"{said} (a newer copy is here)" if self.newer else said


@dataclass(frozen=True, slots=True)
class Earlier:
    """``names`` are files of ours that a new collection may take away; ``sheets`` has a row for
    each sheet the same reader could see then."""

    folder: Path
    names: frozenset[str]
    sheets: pd.DataFrame

    def columns(self, name: str) -> Sequence[str]:
        """The columns a wide table had here, in its order."""
        if name not in self.names:
            return ()
        try:
            there = pd.read_csv(self.folder / name, nrows=0, encoding="utf-8-sig")
        except (OSError, ValueError):
            return ()
        return [str(column) for column in there if _COLUMN.fullmatch(str(column))]

    def gone(self, answers: pd.DataFrame) -> list[Gone]:
        """The sheets that were here and are no longer among these answers."""
        now = sheets_of(answers)
        there = {tuple(sheet) for *sheet, _ in rows_of(now)}
        entries = set(now["entry"])
        return [
            Gone(person, workbook, day(saved_at), entry in entries)
            for person, workbook, entry, snapshot, way, saved_at in rows_of(self.sheets)
            if (person, workbook, entry, snapshot, way) not in there
        ]


def earlier(folder: Path, reader: str) -> Earlier:
    """What was collected into this folder before; nothing where it was not us.

    What another reader collected is taken away like all else, but nobody is told of it.
    """
    nothing = Earlier(folder, frozenset(), pd.DataFrame(columns=[*_SHEET, "saved_at"]))
    try:
        lines = (folder / "READ-ME.txt").read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return nothing
    if not lines or not lines[0].startswith(FIRST_LINE):
        return nothing
    names = frozenset(line.strip() for line in lines if _OURS.fullmatch(line.strip()))
    sheets = nothing.sheets
    if lines[0].endswith(f"for {one_line(reader)}"):
        try:
            columns = [*_SHEET, "saved_at"]
            sheets = sheets_of(pd.read_parquet(folder / "answers.parquet", columns=columns))
        except (OSError, ValueError, KeyError):
            pass
    return Earlier(folder, names, sheets)


def sheets_of(answers: pd.DataFrame) -> pd.DataFrame:
    """One row for each sheet, with when it was last saved."""
    rows = answers.groupby(_SHEET, sort=False, observed=True, dropna=False)["saved_at"].max()
    found: pd.DataFrame = rows.reset_index()
    found[_SHEET] = found[_SHEET].astype(object).where(found[_SHEET].notna(), "")
    return found.sort_values(["person", "workbook", "saved_at"], kind="stable")


def rows_of(sheets: pd.DataFrame) -> Iterator[Any]:
    """Each sheet's person, workbook, entry, snapshot, way and time."""
    return sheets[[*_SHEET, "saved_at"]].itertuples(index=False, name=None)


def in_words(gone: Sequence[Gone]) -> Iterator[str]:
    """What is no longer here, a line for each; the same line said once with its count."""
    for words, times in Counter(one.words for one in gone).items():
        yield words if times == 1 else f"{words}: {times} sheets"
