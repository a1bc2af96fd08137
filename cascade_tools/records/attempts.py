"""What was tried from one place, counted under a keyed hash and forgotten within the hour."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from cascade_tools.records.tables import AttemptRow

KEPT = timedelta(minutes=60)


def count(s: Session, place: str, since: datetime) -> int:
    """How often since then."""
    found = select(func.count()).where(AttemptRow.who == place, AttemptRow.at > since)
    return s.scalar(found) or 0


def note(s: Session, place: str, now: datetime) -> None:
    """Once more; whatever is older than an hour goes, whoever it was."""
    s.execute(delete(AttemptRow).where(AttemptRow.at <= now - KEPT))
    s.add(AttemptRow(who=place, at=now))
