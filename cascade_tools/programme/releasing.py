"""Group results: made at a moment by a programme lead, and read by leads and evaluators."""

from pathlib import Path
from typing import TYPE_CHECKING

from cascade_tools.model.group_results import Release
from cascade_tools.programme.desks import Shown, identify
from cascade_tools.programme.folders import open_folder

if TYPE_CHECKING:
    import pandas as pd


def release(
    folder: Path | str,
    moment: str,
    by: str,
    *,
    passphrase: str | None = None,
    code: str | None = None,
    ticket: str | None = None,
) -> Release:
    """Count group results at a moment (``"mid"``, ``"end"`` or ``"six-months"``), and freeze them.

    ``by`` is the programme lead who does it; see ``open_programme`` for how they show it.
    Raises ``NotPossible`` when nothing may be shown or counted anew, besides what that raises.
    """
    from cascade_tools.collect import count_safely  # pandas, which nothing else here needs

    settings, records = open_folder(folder)
    try:
        lead = records.people.get(by)
        identify(settings, records, lead, Shown(passphrase, code, ticket))
        return records.releases.make(lead.id, moment, count_safely, then_test=settings.then_test)
    finally:
        records.close()


def group_results(
    folder: Path | str,
    as_: str,
    *,
    out: Path | str | None = None,
    passphrase: str | None = None,
    code: str | None = None,
    ticket: str | None = None,
) -> "pd.DataFrame":
    """Everything that was released, as a table, for a programme lead or an evaluator.

    With ``out`` it is also written there as a CSV file.  Raises ``NotFound`` for anybody else,
    ``NotNow`` when the file cannot be written, and what ``open_programme`` raises.
    """
    from cascade_tools import collect

    settings, records = open_folder(folder)
    try:
        reader = records.people.get(as_)
        identify(settings, records, reader, Shown(passphrase, code, ticket))
        table = collect.group_results(records.releases.all(reader.id))
    finally:
        records.close()
    if out is not None:
        collect.write_table(table, out)
    return table
