"""Keeping no longer than needed: the daily run by hand or in dry run, and what the law holds."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from cascade_tools.model.due import Due, Hold
from cascade_tools.programme.copies import forget_old_backups, old_backups
from cascade_tools.programme.folders import records_of
from cascade_tools.records import Records


@dataclass(frozen=True, slots=True)
class Ran:
    """The steps of a run in their order, and the backups that were too old."""

    steps: list[Due]
    backups: list[Path]


def retention(folder: Path | str, dry_run: bool = False) -> Ran:
    """Warn and erase what is due today; with ``dry_run`` only say what that would be.

    The server does the same once a day.  Raises ``NotNow`` when the records cannot be written.
    """
    with records_of(folder) as records:
        now = records.store.now()
        if dry_run:
            return Ran(records.retention.due(now), old_backups(folder, now))
        return run_retention(records, folder, now)


def run_retention(records: Records, folder: Path | str, now: datetime) -> Ran:
    """A run with records that are open already."""
    return Ran(records.retention.run(now), forget_old_backups(folder, now))


def hold(folder: Path | str, name: str, reason: str, by: str, review_on: date) -> None:
    """Nothing of this person goes from now on.  They read the reason, and when it is looked at."""
    with records_of(folder) as records:
        records.holds.add(records.holds.whom(name), reason, by, review_on)


def end_hold(folder: Path | str, name: str) -> None:
    """What this person wrote is kept no longer than anybody's."""
    with records_of(folder) as records:
        records.holds.end(records.holds.whom(name))


def holds(folder: Path | str) -> list[Hold]:
    """Every hold there has been, the newest first."""
    with records_of(folder) as records:
        return records.holds.all()
