"""Files for a reader to keep: each appears whole or not at all, and only its owner may open it."""

import os
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

import pandas as pd

from cascade_tools.collect.meanings import dictionary
from cascade_tools.collect.tables import answers_table
from cascade_tools.collect.wide import wide_table
from cascade_tools.errors import NotNow
from cascade_tools.model.seen import Desk

# What a spreadsheet may take for a formula, after spaces or apostrophes it would skip; the last
# four are the wide forms East Asian keyboards give.  A text that already begins with apostrophes
# gets one more, so that taking one away always gives the text back.
_FORMULA = re.compile("'*(?:\\s*[=+\\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n\0])")
_OURS = re.compile(r"wide-[a-z0-9-]+\.csv")
_FIRST_LINE = "Collected with Cascade"


def write(desk: Desk, folder: Path | str) -> list[Path]:
    """Write everything the reader may see now into ``folder``, and say which files.

    answers.csv and answers.parquet (a row per answer), wide-<workbook>.csv (a row per sheet),
    dictionary.csv and READ-ME.txt.  The desk is asked once.  All files are made aside and then
    put in place, each whole, readable by their owner only; wide tables of an earlier collection
    that have no rows any more are taken away.  Raises ``NotNow`` if the folder cannot be written.
    """
    folder = Path(folder)
    answers = answers_table(desk.answers())
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".collecting-", dir=folder) as aside:
            names = _make(answers, desk, Path(aside))
            # What may no longer be seen goes first, while the old READ-ME.txt still names it.
            for name in _earlier(folder) - set(names):
                (folder / name).unlink(missing_ok=True)
            for name in names:
                (Path(aside) / name).replace(folder / name)
    except OSError as fault:
        raise NotNow(
            f"The files cannot be written in {folder} ({fault.strerror or 'no reason given'}). "
            "Every file there is whole, but some may be from an earlier collection. Make room, "
            "close the files if they are open, and collect again."
        ) from fault
    return [folder / name for name in names]


def write_table(frame: pd.DataFrame, path: Path | str) -> None:
    """Write one table as a CSV file, whole or not at all, readable by its owner only.

    Raises ``NotNow`` if it cannot be written.
    """
    path = Path(path)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".writing-", dir=path.parent) as aside:
            whole = Path(aside) / "whole.csv"
            _put(whole, lambda file: _csv(frame, file))
            whole.replace(path)
    except OSError as fault:
        raise NotNow(
            f"{path} cannot be written ({fault.strerror or 'no reason given'}). "
            "Name another file, or make room."
        ) from fault


def defused(text: str) -> str:
    """A text as a CSV cell: with a leading apostrophe if a spreadsheet might calculate it."""
    return f"'{text}" if _FORMULA.match(text) else text


def _make(answers: pd.DataFrame, desk: Desk, aside: Path) -> list[str]:
    """Make every file in the folder ``aside``; their names, READ-ME.txt last."""
    explained = {"answers.csv and answers.parquet": dictionary(answers)}
    _put(aside / "answers.csv", lambda file: _csv(answers, file))
    _put(aside / "answers.parquet", lambda file: answers.to_parquet(file, index=False))
    names = ["answers.csv", "answers.parquet"]
    workbooks = answers["workbook"].cat.remove_unused_categories().cat.categories
    for workbook in sorted(map(str, workbooks)):
        name = _wide_name(workbook, names)
        table = wide_table(answers, workbook)
        _put(aside / name, lambda file, table=table: _csv(table, file))  # type: ignore[misc]
        explained[name] = dictionary(table)
        names.append(name)
    meanings = pd.concat([d.assign(file=name) for name, d in explained.items()], ignore_index=True)
    meanings = meanings[["file", *meanings.columns.drop("file")]]
    _put(aside / "dictionary.csv", lambda file: _csv(meanings, file))
    names += ["dictionary.csv", "READ-ME.txt"]
    _put(aside / "READ-ME.txt", lambda file: file.write(_read_me(answers, desk, names).encode()))
    return names


def _put(path: Path, fill: Callable[[IO[bytes]], Any]) -> None:
    """Make one new file, for its owner only, and wait until the disk has it."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        fill(file)
        file.flush()
        os.fsync(file.fileno())


def _csv(frame: pd.DataFrame, file: IO[bytes]) -> None:
    safe = pd.DataFrame({name: _safe(frame[name]) for name in frame}, copy=False)
    safe.columns = pd.Index([defused(str(name)) for name in safe.columns])
    # The mark at the start tells a spreadsheet that this is UTF-8: without it, Welsh goes wrong.
    safe.to_csv(file, index=False, encoding="utf-8-sig", lineterminator="\r\n")


def _safe(column: "pd.Series[Any]") -> "pd.Series[Any]":
    if isinstance(column.dtype, pd.CategoricalDtype):
        return column.cat.rename_categories([defused(str(w)) for w in column.cat.categories])
    if isinstance(column.dtype, pd.StringDtype):
        return column.map(defused, na_action="ignore").astype(column.dtype)
    return column


def _wide_name(workbook: str, taken: list[str]) -> str:
    """A plain file name for a workbook's table, whatever its id holds."""
    plain = re.sub(r"[^a-z0-9]+", "-", workbook.lower()).strip("-") or "workbook"
    name, more = f"wide-{plain}.csv", 2
    while name in taken:
        name, more = f"wide-{plain}-{more}.csv", more + 1
    return name


def _earlier(folder: Path) -> set[str]:
    """The wide tables an earlier collection says it wrote here."""
    try:
        lines = (folder / "READ-ME.txt").read_text(encoding="utf-8").splitlines()
    except (FileNotFoundError, UnicodeDecodeError):
        return set()
    if not lines or not lines[0].startswith(_FIRST_LINE):
        return set()
    return {line.strip() for line in lines if _OURS.fullmatch(line.strip())}


def _read_me(answers: pd.DataFrame, desk: Desk, names: list[str]) -> str:
    now = datetime.now(UTC)
    shared = answers[answers["way"] == "shared"]
    ends = shared[["until", "person", "workbook"]].drop_duplicates().dropna().sort_values("until")
    lines = [
        f"{_FIRST_LINE} on {_day(now)} at {now:%H:%M} UTC, for {_line(desk.name)}",
        "",
        "WHAT IS IN THESE FILES",
        f"{len(answers):,} answers by {answers['person'].nunique():,} people: "
        f"{(answers['way'] == 'own').sum():,} of your own, {len(shared):,} shared with you, "
        f"{(answers['way'] == 'together').sum():,} that you keep with somebody.",
        *(f"  {name}" for name in names),
        "answers: one row for each answer. wide: one row for each sheet, one column for each "
        "question. dictionary.csv says what each column means.",
        "",
        "WHO MAY SEE THEM",
        f"{_line(desk.name)}, and nobody else. What others wrote was shared with you by name; "
        "it is not yours to pass on. They can see that you collected it.",
        "",
        "UNTIL WHEN",
    ]
    if len(ends):
        lines += [
            "Delete a person's words on the day their share ends, or collect again into this "
            "folder. If somebody stops sharing sooner, the same holds from that moment.",
            *(
                f"  {_day(end)}: {_line(who)}, {_line(book)}"
                for end, who, book in ends.itertuples(index=False)
            ),
        ]
    else:
        lines.append("Nothing here was shared with you by others. Keep it as long as you need it.")
    lines += [
        "",
        "OPENING THE CSV FILES",
        "They are UTF-8, separated by commas. A text that begins like a formula (= + - @, a tab "
        "or a new line) has one apostrophe put in front, so that a spreadsheet shows it and does "
        "not run it. Take that one apostrophe away to have the text as it was written. Numbers "
        "are as they are. answers.parquet has every text exactly as it was written.",
        "",
    ]
    return "\n".join(lines)


def _day(when: datetime) -> str:
    return f"{when.day} {when:%B %Y}"


def _line(text: object) -> str:
    """A name on one line, so that it cannot pass for a line of ours."""
    return " ".join(str(text).split())
