"""The read log: who opened whose words.  A line is written before the content is returned.

There is no way to read without it and no setting that turns it off: whoever returns words adds
the line in the same transaction, first, and if it cannot be written nothing is returned.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, or_, select
from sqlalchemy.orm import Session

from cascade_tools.model.entry import Entry, Opening
from cascade_tools.records.policy import SHARED_ENTRY
from cascade_tools.records.store import Store
from cascade_tools.records.tables import (
    EntryRow,
    OpeningRow,
    PairRow,
    PersonRow,
    ShareRow,
    SnapshotRow,
)

PAGE = "page"
OPERATOR = "The person who runs the computer"
BREAK_GLASS = "break-glass"
REFUSED = "refused"
TOLD_FOR = timedelta(days=14)


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

    def broken(self, author_id: str) -> list[Opening]:
        """Each time the glass was broken that this person has been told of for less than two
        weeks, once each, newest first."""
        now = self._store.now()
        since = now - TOLD_FOR
        with self._store.database.reading() as s:
            lines = _lines(
                s,
                OpeningRow.author_id == author_id,
                OpeningRow.way == BREAK_GLASS,
                told(now),
                or_(OpeningRow.at > since, OpeningRow.told_from > since.date()),
                newest_first=True,
            )
        return list({(o.at, o.reader): o for o in lines}.values())


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


def add_opening(s: Session, snapshot: SnapshotRow, reader_id: str, way: str, at: datetime) -> None:
    """A line for the author of this copy; raises when it cannot be written."""
    s.add(
        OpeningRow(
            author_id=snapshot.author_id,
            snapshot_id=snapshot.id,
            reader_id=reader_id,
            way=way,
            at=at,
            version_at=snapshot.made_at,
        )
    )
    s.flush()


def add_opening_today(
    s: Session, snapshot: SnapshotRow, reader_id: str, way: str, at: datetime
) -> None:
    """The same, once a day: for what stands in a list that is shown on many pages."""
    if not _told_today(s, OpeningRow.snapshot_id == snapshot.id, reader_id, way, at):
        add_opening(s, snapshot, reader_id, way, at)


def add_refused(s: Session, snapshot_id: str, reader_id: str, at: datetime) -> None:
    """Somebody asks again for a copy they could read once: its author is told, once a day.

    Whoever never had a share of it knocks without leaving a line.
    """
    had = select(ShareRow.id).where(
        ShareRow.snapshot_id == snapshot_id, ShareRow.reader_id == reader_id
    )
    if s.scalar(had.limit(1)) is None:
        return
    if not _told_today(s, OpeningRow.snapshot_id == snapshot_id, reader_id, REFUSED, at):
        add_opening(s, s.get_one(SnapshotRow, snapshot_id), reader_id, REFUSED, at)


def openings_together(
    s: Session | Connection, reader_id: str, entries: Iterable[EntryRow | Entry], at: datetime
) -> list[OpeningRow]:
    """The lines still to be written before this reader is given these entries.

    Of what is kept together: one for each other person whose words are in it, once a day.
    """
    return [
        OpeningRow(
            author_id=author_id,
            entry_id=entry.id,
            reader_id=reader_id,
            way=PAGE,
            at=at,
            version_at=entry.saved_at,
        )
        for entry in entries
        if entry.saved_at is not None
        for author_id in sorted(authors_of(s, entry) - {reader_id})
        if not _told_today(
            s,
            (OpeningRow.entry_id == entry.id) & (OpeningRow.author_id == author_id),
            reader_id,
            PAGE,
            at,
        )
    ]


def write(store: Store, lines: list[OpeningRow]) -> None:
    """Commit these lines; until then nothing they speak of may be returned."""
    if lines:
        with store.database.writing() as s:
            s.add_all(lines)


def authors_of(s: Session | Connection, entry: EntryRow | Entry) -> set[str]:
    """Whose words are in it: in what a pair shares, both people's."""
    found = {entry.person_id}
    if entry.together == SHARED_ENTRY and entry.pair_id is not None:
        pair = select(PairRow.coach_id, PairRow.leader_id).where(PairRow.id == entry.pair_id)
        found |= {half for half in s.execute(pair).one() if half is not None}
    return found


def _told_today(
    s: Session | Connection, about: ColumnElement[bool], reader_id: str, way: str, at: datetime
) -> bool:
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    line = select(OpeningRow.id).where(
        about,
        OpeningRow.reader_id == reader_id,
        OpeningRow.way == way,
        OpeningRow.at >= midnight,
    )
    return s.scalar(line.limit(1)) is not None


def _lines(s: Session, *which: ColumnElement[bool], newest_first: bool = False) -> list[Opening]:
    rows = s.execute(
        select(OpeningRow, PersonRow.name, SnapshotRow.entry_id)
        .outerjoin(PersonRow, PersonRow.id == OpeningRow.reader_id)
        .outerjoin(SnapshotRow, SnapshotRow.id == OpeningRow.snapshot_id)
        .where(*which)
        .order_by(OpeningRow.at.desc() if newest_first else OpeningRow.at)
    ).all()
    both = {i for o, *_ in rows for i in (o.first_id, o.second_id) if i}
    people = s.scalars(select(PersonRow).where(PersonRow.id.in_(both))) if both else ()
    names = {p.id: p.name for p in people}
    return [
        Opening(
            reader=name or _names(names, o) or OPERATOR,
            at=o.at,
            way=o.way,
            reason=o.reason,
            entry_id=entry_id or o.entry_id,
            version_at=o.version_at,
        )
        for o, name, entry_id in rows
    ]


def _names(names: dict[str, str], opening: OpeningRow) -> str:
    """Both who broke the glass."""
    both = (opening.first_id, opening.second_id)
    return " and ".join(names.get(i, OPERATOR) for i in both if i)
