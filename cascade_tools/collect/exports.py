"""One table as a file of the kind its name asks for, with its dictionary and its note."""

import json
from pathlib import Path

import pandas as pd

from cascade_tools.collect import formats
from cascade_tools.collect.disk import aside, put, told_in_words
from cascade_tools.collect.notes import note
from cascade_tools.collect.schema import package, resource
from cascade_tools.errors import NotPossible

ENDINGS = (".csv", ".parquet", ".xlsx", ".json")


def save(frame: pd.DataFrame, path: Path | str) -> list[Path]:
    """Write a table made here as ``.csv``, ``.parquet``, ``.xlsx`` or ``.json``; say which files.

    Whatever the kind, it says what is in it, who may see it, until when, and what each column
    means: Excel on its first and last sheet, Parquet in the metadata of its schema, JSON at its
    top (it is a Data Package that holds its rows), and CSV in two files beside it
    (``name.READ-ME.txt`` and ``name.datapackage.json``).  Rows may have been left out and columns
    added since the table was made.  Each file appears whole or not at all, for its owner only.
    Raises ``NotPossible`` for another ending or what Excel cannot hold, ``NotFound`` for a table
    that was not made here, and ``NotNow`` if it cannot be written.
    """
    path = Path(path)
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise NotPossible(f"A table is saved as {', '.join(ENDINGS)}. Give one of these endings.")
    said = note(frame)
    with told_in_words(path, "Name another file, or make room."), aside(path.parent) as place:
        made = _make(frame, path, ending, said, place)
        for file in made:
            file.replace(path.parent / file.name)
    return [path.parent / file.name for file in made]


def write_table(frame: pd.DataFrame, path: Path | str) -> None:
    """Write one table as a CSV file and nothing beside it, whole or not at all.

    Raises ``NotNow`` if it cannot be written.
    """
    path = Path(path)
    with told_in_words(path, "Name another file, or make room."), aside(path.parent) as place:
        put(place / "whole.csv", lambda file: formats.csv(frame, file))
        (place / "whole.csv").replace(path)


def _make(frame: pd.DataFrame, path: Path, ending: str, said: str, place: Path) -> list[Path]:
    name, whole = path.stem, place / path.name
    match ending:
        case ".csv":
            put(whole, lambda file: formats.csv(frame, file))
            about = package(name, said, [resource(csv_frame(frame), name, **csv_at(path.name))])
            text, dictionary = place / f"{name}.READ-ME.txt", place / f"{name}.datapackage.json"
            put(text, lambda file: file.write(f"{said}\n".encode()))
            put(dictionary, lambda file: file.write(readable(about)))
            return [whole, text, dictionary]
        case ".parquet":
            put(whole, lambda file: formats.parquet(frame, file, said))
        case ".xlsx":
            put(whole, lambda file: formats.excel([("table", frame)], file, said, str(place)))
        case _:
            top = package(name, said, [])
            put(whole, lambda file: formats.as_json([(name, frame)], file, top))
    return [whole]


def csv_frame(frame: pd.DataFrame) -> pd.DataFrame:
    """The table with the names its columns have in a CSV file."""
    return frame.rename(columns={name: formats.defused(str(name)) for name in frame})


def csv_at(name: str) -> dict[str, str]:
    """Where a CSV file lies in a package, and how it is written."""
    return {"path": name, "format": "csv", "mediatype": "text/csv", "encoding": "utf-8-sig"}


def readable(about: object) -> bytes:
    """JSON that people can read, too."""
    return (json.dumps(about, ensure_ascii=False, indent=2) + "\n").encode()
