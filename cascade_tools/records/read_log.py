"""The read log: who opened whose words.  A line is written before the content is returned.

There is no way to read without it and no setting that turns it off: whoever returns words adds
the line in the same transaction, first, and if it cannot be written nothing is returned.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from cascade_tools.model.entry import Opening
from cascade_tools.records.store import Store
from cascade_tools.records.tables import OpeningRow, PersonRow, SnapshotRow

OPERATOR = "The person who runs the computer"
BREAK_GLASS = "break-glass"
REFUSED = "refused"


class ReadLog:
    """Every line about one person's words, for that person."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def of(self, author_id: str) -> list[Opening]:
        """Who opened this person's words, or tried after it was over; newest first."""
        with self._store.database.reading() as s:
            return _lines(
                s,
                OpeningRow.author_id == author_id,
                told(self._store.now()),
                newest_first=True,
            )


def openings_of(s: Session, snapshot_id: str, now: datetime) -> tuple[Opening, ...]:
    """Who opened this copy, oldest first; nobody who only tried."""
    return tuple(
        _lines(
            s,
            OpeningRow.snapshot_id == snapshot_id,
            OpeningRow.way != REFUSED,
            told(now),
        )
    )


def told(now: datetime) -> ColumnElement[bool]:
    """The lines an author may be told now: all, but one that the law forbids to tell yet."""
    return or_(OpeningRow.told_from.is_(None), OpeningRow.told_from <= now.date())


def _lines(s: Session, *which: ColumnElement[bool], newest_first: bool = False) -> list[Opening]:
    rows = s.execute(
        select(OpeningRow, PersonRow.name, SnapshotRow.entry_id)
        .outerjoin(PersonRow, PersonRow.id == OpeningRow.reader_id)
        .outerjoin(SnapshotRow, SnapshotRow.id == OpeningRow.snapshot_id)
        .where(*which)
        .order_by(OpeningRow.at.desc() if newest_first else OpeningRow.at)
    ).all()
    both = {i for o, *_ in rows for i in (o.first_id, o.second_id) if i}
    names = {p.id: p.name for p in s.scalars(select(PersonRow).where(PersonRow.id.in_(both)))}
    return [
        Opening(
            reader=name or OPERATOR,
            at=o.at,
            way=o.way,
            reason=o.reason,
            entry_id=entry_id or o.entry_id,
            version_at=o.version_at,
            by=tuple(names[i] for i in (o.first_id, o.second_id) if i),
        )
        for o, name, entry_id in rows
    ]
