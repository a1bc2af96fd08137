"""How the programme is running, for programme leads and evaluators: what may leave the kit."""

from pathlib import Path
from typing import TYPE_CHECKING

from cascade_tools.programme.desks import Shown, identify
from cascade_tools.programme.folders import open_folder

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

    settings, records = open_folder(folder)
    try:
        reader = records.people.get(as_)
        identify(settings, records, reader, Shown(passphrase, code, ticket))
        today = records.store.now().astimezone(settings.zone).date()
        table = collect.running(records.running.shown(reader.id, settings.plan, today))
    finally:
        records.close()
    if out is not None:
        collect.save(table, out)
    return table
