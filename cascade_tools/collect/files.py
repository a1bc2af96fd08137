"""Everything a reader may see now, as a folder of files to keep."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Any

import pandas as pd

from cascade_tools.collect import formats
from cascade_tools.collect.disk import aside, put, told_in_words
from cascade_tools.collect.earlier import FIRST_LINE, Earlier, Gone, earlier, in_words
from cascade_tools.collect.exports import csv_at, readable
from cascade_tools.collect.meanings import dictionary
from cascade_tools.collect.notes import (
    Section,
    as_text,
    made_on,
    one_line,
    reader_only,
    until_when,
)
from cascade_tools.collect.schema import package, resource
from cascade_tools.collect.tables import answers_table
from cascade_tools.collect.wide import wide_table
from cascade_tools.errors import NotPossible
from cascade_tools.model.seen import AnswerSeen, Desk

ALSO = ("xlsx", "json")
READING, WRITING = "Reading answers", "Writing rows"
_EVERY = 1000
# What is being done, how much of it is done, and of how much; 0 where nobody can know.
Told = Callable[[str, int, int], object]


@dataclass(frozen=True, slots=True)
class Collected:
    """``files`` are what was written, READ-ME.txt last; ``gone`` the sheets that were in the same
    folder after the last collection and may no longer be seen."""

    files: list[Path]
    gone: list[Gone]


def write(
    desk: Desk, folder: Path | str, *, also: Sequence[str] = (), told: Told | None = None
) -> Collected:
    """Write everything the reader may see now into ``folder``.

    answers.csv and answers.parquet (a row per answer), wide-<workbook>.csv (a row per sheet),
    dictionary.csv, datapackage.json (the same dictionary, for programs) and READ-ME.txt; with
    ``also`` "xlsx" or "json" everything once more in collected.xlsx or collected.json.  The desk is
    asked once.  All files are made aside and then put in place, each whole, readable by their
    owner only.  Collected again into the same folder, what may no longer be seen is taken away and
    named, and a wide table keeps its columns where they were.  ``told`` hears how far it is.
    Raises ``NotNow`` if the folder cannot be written, ``NotPossible`` for what Excel cannot hold.
    """
    if unknown := set(also) - set(ALSO):
        raise NotPossible(f"{min(unknown)!r} is not among these: {', '.join(ALSO)}.")
    folder, hear = Path(folder), told or _nobody
    before = earlier(folder, desk.name)
    answers = answers_table(_counted(desk.answers(), hear), desk.name)
    gone = before.gone(answers)
    what_then = (
        "Every file there is whole, but some may be from an earlier collection. Make room, "
        "close the files if they are open, and collect again."
    )
    with told_in_words(folder, what_then), aside(folder) as place:
        names = _Making(answers, before, gone, place, hear).all(also)
        # What may no longer be seen goes first, while the old READ-ME.txt still names it.
        for name in before.names - set(names):
            (folder / name).unlink(missing_ok=True)
        for name in names:
            (place / name).replace(folder / name)
    return Collected([folder / name for name in names], gone)


class _Making:
    """The files of one collection, made in the folder ``place``."""

    def __init__(
        self, answers: pd.DataFrame, before: Earlier, gone: list[Gone], place: Path, hear: Told
    ) -> None:
        self._answers, self._before, self._gone = answers, before, gone
        self._place, self._hear = place, hear
        self._rows = 0
        self._wide = _names(answers["workbook"].cat.remove_unused_categories().cat.categories)

    def all(self, also: Sequence[str]) -> list[str]:
        """Make every file; their names, READ-ME.txt last."""
        names = ["answers.csv", "answers.parquet", *self._wide.values(), "dictionary.csv"]
        names += [f"collected.{kind}" for kind in ALSO if kind in also]
        names += ["datapackage.json", "READ-ME.txt"]
        said = self._read_me(names)
        explained, resources = [], []
        for name, table in self._tables():
            file = f"{name}.csv"
            self._put(file, partial(formats.csv, table, ticked=self._ticked))
            both = f"{file} and answers.parquet" if name == "answers" else file
            explained.append(dictionary(table).assign(file=both))
            resources.append(resource(table, name, **csv_at(file)))
        meanings = pd.concat(explained, ignore_index=True)
        meanings = meanings[["file", *meanings.columns.drop("file")]]
        about, where = package("collected", said.strip(), resources), str(self._place)
        self._put("dictionary.csv", lambda f: formats.csv(meanings, f))
        self._put("answers.parquet", lambda f: formats.parquet(self._answers, f, said.strip()))
        if "xlsx" in also:
            self._put("collected.xlsx", lambda f: formats.excel(self._tables(), f, said, where))
        if "json" in also:
            top = package("collected", said.strip(), [])
            self._put("collected.json", lambda f: formats.as_json(self._tables(), f, top))
        self._put("datapackage.json", lambda f: f.write(readable(about)))
        self._put("READ-ME.txt", lambda f: f.write(said.encode()))
        return names

    def _tables(self) -> Iterator[tuple[str, pd.DataFrame]]:
        """Each table with its name, the answers first; one at a time, for they may be large."""
        yield "answers", self._answers
        for workbook, file in self._wide.items():
            table = wide_table(self._answers, workbook, self._before.columns(file))
            yield file.removesuffix(".csv"), table

    def _put(self, name: str, fill: Callable[[IO[bytes]], Any]) -> None:
        put(self._place / name, fill)

    def _ticked(self, rows: int) -> None:
        self._rows += rows
        self._hear(WRITING, self._rows, 0)

    def _read_me(self, names: Sequence[str]) -> str:
        reader = one_line(self._answers.attrs["reader"])
        first = f"{FIRST_LINE} on {made_on()}, for {reader}"
        return f"{first}\n\n{as_text(self._sections(reader, names))}\n"

    def _sections(self, reader: str, names: Sequence[str]) -> Iterator[Section]:
        answers = self._answers
        own, shared, together = (
            int((answers["way"] == way).sum()) for way in ("own", "shared", "together")
        )
        yield (
            "WHAT IS IN THESE FILES",
            [
                f"{len(answers):,} answers by {answers['person'].nunique():,} people: {own:,} of "
                f"your own, {shared:,} shared with you, {together:,} that you keep with somebody.",
                *(f"  {name}" for name in names),
                "answers: one row for each answer. wide: one row for each sheet, one column for "
                "each question. dictionary.csv says what each column means, and datapackage.json "
                "says it to programs.",
            ],
        )
        if self._gone:
            yield (
                "NO LONGER HERE",
                [
                    f"Since you last collected into this folder, {_sheets(len(self._gone))} went: "
                    "somebody stopped sharing, a share ended, or the words were erased. Delete "
                    "every copy you made.",
                    *(f"  {line}" for line in in_words(self._gone)),
                ],
            )
        yield "WHO MAY SEE THEM", [reader_only(reader)]
        yield "UNTIL WHEN", until_when(answers)
        yield (
            "OPENING THE CSV FILES",
            [
                "They are UTF-8, separated by commas. A text that begins like a formula (= + - @, "
                "a tab or a new line) has one apostrophe put in front, so that a spreadsheet shows "
                "it and does not run it. Take that one apostrophe away to have the text as it was "
                "written. Numbers are as they are. answers.parquet has every text exactly as it "
                "was written."
            ],
        )


def _counted(rows: Iterator[AnswerSeen], hear: Told) -> Iterator[AnswerSeen]:
    for number, row in enumerate(rows, 1):
        if not number % _EVERY:
            hear(READING, number, 0)
        yield row


def _nobody(what: str, done: int, of: int) -> None:
    """Nobody asked how far it is."""


def _names(workbooks: Iterable[str]) -> dict[str, str]:
    """A plain file name for each workbook's table, whatever its id holds; no two the same."""
    found: dict[str, str] = {}
    for workbook in sorted(map(str, workbooks)):
        plain = re.sub(r"[^a-z0-9]+", "-", workbook.lower()).strip("-") or "workbook"
        name, more = f"wide-{plain}.csv", 2
        while name in found.values():
            name, more = f"wide-{plain}-{more}.csv", more + 1
        found[workbook] = name
    return found


def _sheets(number: int) -> str:
    return "1 sheet" if number == 1 else f"{number:,} sheets"
