"""How the programme is running and what a funder is told, for programme leads and evaluators."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from cascade_tools.draw.running import funder_pdf
from cascade_tools.errors import NotNow
from cascade_tools.model.funder import funder as sheet
from cascade_tools.model.people import Person
from cascade_tools.model.running import Shown as Bands
from cascade_tools.programme.desks import Shown, identify
from cascade_tools.programme.folders import open_folder
from cascade_tools.records import Records
from cascade_tools.settings import Settings

if TYPE_CHECKING:
    import pandas as pd


def running(
    folder: Path | str,
    as_: str,
    *,
    out: Path | str | None = None,
    passphrase: str | None = None,
    code: str | None = None,
    ticket: str | None = None,
) -> "pd.DataFrame":
    """How the programme is running, as a table in bands of five; see ``collect.running``.

    With ``out`` it is also saved there, as its ending says (.csv, .parquet, .xlsx or .json).
    Raises ``NotFound`` for anybody but programme leads and evaluators, and what
    ``open_programme`` and ``collect.save`` raise.
    """
    from cascade_tools import collect  # pandas, which nothing else here needs

    with _reading(folder, as_, Shown(passphrase, code, ticket)) as (settings, records, reader):
        table = collect.running(_safe(settings, records, reader))
    if out is not None:
        collect.save(table, out)
    return table


def funder(
    folder: Path | str,
    as_: str,
    out: Path | str,
    *,
    passphrase: str | None = None,
    code: str | None = None,
    ticket: str | None = None,
) -> Path:
    """Write what can be told a funder as one sheet of PDF; returns the file.

    Raises ``NotFound`` for anybody but programme leads and evaluators, ``NotNow`` when it cannot be
    written, ``NotPossible`` when the PDF cannot be made, and what ``open_programme`` raises.
    """
    with _reading(folder, as_, Shown(passphrase, code, ticket)) as (settings, records, reader):
        page = sheet(
            _safe(settings, records, reader),
            settings.plan.places,
            records.knowledge.notes(reader.id),
        )
    made = funder_pdf(page, settings.programme_name)
    try:
        Path(out).write_bytes(made)
    except OSError as fault:
        raise NotNow(
            f"{Path(out).name} cannot be written ({fault.strerror or 'no reason given'}). Name "
            "another with --out."
        ) from None
    return Path(out)


@contextmanager
def _reading(
    folder: Path | str, as_: str, shown: Shown
) -> Iterator[tuple[Settings, Records, Person]]:
    """The records as one person, who shows that they agree."""
    settings, records = open_folder(folder)
    try:
        reader = records.people.get(as_)
        identify(settings, records, reader, shown)
        yield settings, records, reader
    finally:
        records.close()


def _safe(settings: Settings, records: Records, reader: Person) -> Bands:
    today = records.store.now().astimezone(settings.zone).date()
    return records.running.shown(reader.id, settings.plan, today)
