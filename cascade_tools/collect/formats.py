"""A table as CSV, Parquet, Excel or JSON.  No text in any of them can become a formula.

Rows are written a slice at a time, so that a large table is never held twice.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import IO, Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from cascade_tools.collect.meanings import dictionary
from cascade_tools.collect.schema import Json, package, resource, type_of
from cascade_tools.errors import NotPossible

# What a spreadsheet may take for a formula, after spaces or apostrophes it would skip; the last
# four are the wide forms East Asian keyboards give.  A text that already begins with apostrophes
# gets one more, so that taking one away always gives the text back.
_FORMULA = re.compile("'*(?:\\s*[=+\\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n\0])")
_SLICE = 20_000
_EXCEL_ROWS, _EXCEL_LETTERS, _EXCEL_NAME = 1_048_575, 32_767, 31
_NARROW, _BROAD = 18, 48


def defused(text: str) -> str:
    """A text as a CSV cell: with a leading apostrophe if a spreadsheet might calculate it."""
    return f"'{text}" if _FORMULA.match(text) else text


def csv(
    frame: pd.DataFrame, file: IO[bytes], ticked: Callable[[int], object] | None = None
) -> None:
    """UTF-8 with commas; times in ISO 8601; a text that begins like a formula has an apostrophe.

    ``ticked`` hears how many more rows are written.
    """
    frame = frame.rename(columns={name: defused(str(name)) for name in frame})
    for name in frame:
        if isinstance(frame[name].dtype, pd.CategoricalDtype):
            known = [defused(str(word)) for word in frame[name].cat.categories]
            frame[name] = frame[name].cat.rename_categories(known)
    # The mark at the start tells a spreadsheet that this is UTF-8: without it, Welsh goes wrong.
    for start, piece in _slices(frame):
        encoding = "utf-8" if start else "utf-8-sig"
        safe = pd.DataFrame({name: _cells(piece[name]) for name in piece})
        safe.to_csv(file, index=False, header=not start, encoding=encoding, lineterminator="\r\n")
        if ticked:
            ticked(len(piece))


def parquet(frame: pd.DataFrame, file: IO[bytes], note: str) -> None:
    """Typed columns, every text as it was written.

    The note is in the metadata of the file's schema as ``note``, the dictionary as
    ``datapackage``.
    """
    table = pa.Table.from_pandas(frame, preserve_index=False)
    about = {"note": note, "datapackage": json.dumps(package("table", note, [described(frame)]))}
    table = table.replace_schema_metadata({**(table.schema.metadata or {}), **about})
    pq.write_table(table, file)


def as_json(tables: Iterable[tuple[str, pd.DataFrame]], file: IO[bytes], top: Json) -> None:
    """A Data Package that holds its own rows: ``top`` without them, then the tables by name.

    Missing is ``null``; several choices and the like stay JSON in a text.
    """
    file.write(json.dumps(top, ensure_ascii=False)[:-2].encode())
    for place, (title, frame) in enumerate(tables):
        about = json.dumps(resource(frame, title, data=[]), ensure_ascii=False)
        before, after = about.split('"data": []', 1)
        file.write((", " if place else "").encode() + f'{before}"data": ['.encode())
        first = True
        for _, piece in _slices(frame):
            plain = pd.DataFrame({column: _plain(piece[column]) for column in piece})
            for row in plain.to_dict("records"):
                text = json.dumps(row, ensure_ascii=False)
                file.write(f"{'' if first else ','}\n{text}".encode())
                first = False
        file.write(f"]{after}".encode())
    file.write(b"]}\n")


def excel(
    tables: Iterable[tuple[str, pd.DataFrame]], file: IO[bytes], note: str, aside: str
) -> None:
    """A workbook: first what it is, then a sheet for each table, then the dictionary.

    Every text is a text, never a formula or a link.  ``aside`` is a folder for what is on its way
    into the file.  Raises ``NotPossible`` where Excel would cut something off.
    """
    import xlsxwriter

    options = {
        "constant_memory": True,
        "tmpdir": aside,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "remove_timezone": True,
    }
    with xlsxwriter.Workbook(file, options) as book:
        bold = book.add_format({"bold": True, "valign": "top"})
        text = book.add_format({"text_wrap": True, "valign": "top"})
        times = {
            "datetime": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss", "valign": "top"}),
            "date": book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"}),
        }
        first = book.add_worksheet("Read me")
        first.set_column(0, 0, 100)
        for row, line in enumerate(note.splitlines()):
            first.write_string(row, 0, line, bold if line.isupper() else text)
        explained = []
        taken = {"read me", "dictionary"}
        for title, frame in tables:
            name = _sheet_name(title, taken)
            _sheet(book.add_worksheet(name), frame, bold, text, times)
            explained.append(dictionary(frame).assign(sheet=name))
        meanings = pd.concat(explained, ignore_index=True)
        meanings = meanings[["sheet", *meanings.columns.drop("sheet")]]
        _sheet(book.add_worksheet("Dictionary"), meanings, bold, text, times)


def described(frame: pd.DataFrame) -> Json:
    """A table's dictionary without its rows."""
    return resource(frame, str(frame.attrs.get("table") or "table"))


def _sheet(sheet: Any, frame: pd.DataFrame, bold: Any, text: Any, times: Mapping[str, Any]) -> None:
    if len(frame) > _EXCEL_ROWS:
        raise NotPossible(
            f"Excel holds {_EXCEL_ROWS:,} rows, and this table has {len(frame):,}. "
            "Save it as .csv or .parquet."
        )
    formats = []
    for place, column in enumerate(frame):
        kind = type_of(frame[column].dtype)
        formats.append(times.get(kind, text))
        long = isinstance(frame[column].dtype, pd.StringDtype)
        sheet.set_column(place, place, _BROAD if long else _NARROW)
    sheet.freeze_panes(1, 0)
    if len(frame.columns):
        sheet.autofilter(0, 0, len(frame), len(frame.columns) - 1)
    for place, column in enumerate(frame):
        sheet.write_string(0, place, str(column), bold)
    for start, piece in _slices(frame):
        columns = [piece[column].astype(object).where(piece[column].notna()) for column in piece]
        for row, values in enumerate(zip(*columns, strict=True), start + 1):
            for place, value in enumerate(values):
                _cell(sheet, row, place, value, formats[place])


def _cell(sheet: Any, row: int, place: int, value: Any, look: Any) -> None:
    if value is None or value is pd.NaT or value != value:
        return
    if not isinstance(value, str):
        sheet.write(row, place, value, look)
    elif len(value) > _EXCEL_LETTERS:
        raise NotPossible(
            f"A text in this table is longer than the {_EXCEL_LETTERS:,} letters Excel holds in "
            "one place. Save it as .csv, .parquet or .json."
        )
    else:
        sheet.write_string(row, place, value, look)


def _sheet_name(title: str, taken: set[str]) -> str:
    """A name for a sheet as Excel allows it, unlike those taken whatever its letters."""
    plain = re.sub(r"[^A-Za-z0-9 .-]+", "-", title).strip("-' ") or "table"
    name, more = plain[:_EXCEL_NAME], 2
    while name.lower() in taken:
        name, more = f"{plain[: _EXCEL_NAME - 4]}-{more}", more + 1
    taken.add(name.lower())
    return name


def _slices(frame: pd.DataFrame) -> Iterator[tuple[int, pd.DataFrame]]:
    """The rows piece by piece; one empty piece where there are none."""
    for start in range(0, max(len(frame), 1), _SLICE):
        yield start, frame.iloc[start : start + _SLICE]


def _cells(column: "pd.Series[Any]") -> "pd.Series[Any]":
    """A slice of a column for a CSV file."""
    if isinstance(column.dtype, pd.StringDtype) or column.dtype == object:
        return column.map(lambda t: defused(str(t)), na_action="ignore")
    return _in_iso(column)


def _plain(column: "pd.Series[Any]") -> "pd.Series[Any]":
    """A slice of a column as JSON has it: None where it is missing."""
    plain = _in_iso(column).astype(object)
    return plain.where(plain.notna(), None)


def _in_iso(column: "pd.Series[Any]") -> "pd.Series[Any]":
    """Times as ``2027-05-03T12:30:15.250000Z`` and days as ``2027-05-03``; the rest as it is."""
    kind = type_of(column.dtype)
    if kind not in ("datetime", "date"):
        return column
    there = pa.Array.from_pandas(column)
    if kind == "date":
        text = pc.cast(pc.cast(there, pa.date32()), pa.string())
    else:
        text = pc.replace_substring(
            pc.cast(pc.cast(there, pa.timestamp("us", "UTC"), safe=False), pa.string()), " ", "T"
        )
    return pd.Series(pd.array(text, dtype="string[pyarrow]"), index=column.index)
