"""What a programme says it will look at first, and the report of what changed."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cascade_tools.errors import NotPossible
from cascade_tools.model.group_results import MainOutcomes
from cascade_tools.model.journey import OUTCOMES
from cascade_tools.model.prompts import Kind, Who
from cascade_tools.programme.desks import Shown, identify
from cascade_tools.programme.folders import open_folder
from cascade_tools.shelf import did_you_mean, open_shelf

if TYPE_CHECKING:
    import pandas as pd


def choose_main_outcomes(
    folder: Path | str,
    by: str,
    keys: Sequence[str],
    *,
    passphrase: str | None = None,
    code: str | None = None,
    ticket: str | None = None,
) -> MainOutcomes:
    """Say, before anything is released, which lines of *Where I am now* will be looked at first.

    ``keys`` are one to three short names, such as ``"o9"`` and ``"o7"``; ``by`` is the programme
    lead who chooses.  The choice keeps its date.  Raises ``NotPossible`` for a name that is no
    such line, and once anything was released, besides what ``open_programme`` raises.
    """
    settings, records = open_folder(folder)
    try:
        lead = records.people.get(by)
        identify(settings, records, lead, Shown(passphrase, code, ticket))
        known = {
            prompt.key
            for prompt in open_shelf(local=Path(folder) / "local").get(OUTCOMES).prompts
            if prompt.kind in (Kind.TEN, Kind.SCALE) and prompt.who is Who.GROUP_RESULTS
        }
        for key in keys:
            if key not in known:
                raise NotPossible(
                    f"“Where I am now” has no line with this name.{did_you_mean(key, known)} "
                    f"The names are: {', '.join(sorted(known))}."
                )
        return records.outcomes.choose(lead.id, OUTCOMES, keys)
    finally:
        records.close()


def what_changed(
    folder: Path | str,
    as_: str,
    *,
    passphrase: str | None = None,
    code: str | None = None,
    ticket: str | None = None,
) -> "pd.DataFrame":
    """Everything that was released of change, as a table, for a programme lead or an evaluator.

    One row for each line of each group; ``dictionary("what_changed")`` explains the columns.
    Raises ``NotFound`` for anybody else, and what ``open_programme`` raises.
    """
    from cascade_tools import collect

    settings, records = open_folder(folder)
    try:
        reader = records.people.get(as_)
        identify(settings, records, reader, Shown(passphrase, code, ticket))
        return collect.what_changed(records.releases.all(reader.id))
    finally:
        records.close()


def report(
    folder: Path | str,
    as_: str,
    out: Path | str,
    *,
    passphrase: str | None = None,
    code: str | None = None,
    ticket: str | None = None,
) -> list[Path]:
    """Write the report of what changed into ``out``: a page, a PDF, and the same as a table.

    For a programme lead or an evaluator.  Raises ``NotPossible`` where nothing is released yet,
    ``NotFound`` for anybody else, and what ``open_programme`` raises.
    """
    from cascade_tools.collect.report import write_report

    settings, records = open_folder(folder)
    try:
        reader = records.people.get(as_)
        identify(settings, records, reader, Shown(passphrase, code, ticket))
        releases = records.releases.all(reader.id)
    finally:
        records.close()
    return write_report(releases, out, programme=settings.programme_name)


def practice_report(pairs: int, out: Path | str) -> list[Path]:
    """Write the report of an invented programme of 15, 60 or 200 pairs into ``out``."""
    from cascade_tools.collect.practice import NAME, practice_releases
    from cascade_tools.collect.report import write_report

    return write_report(practice_releases(pairs), out, programme=NAME, practice=True)
