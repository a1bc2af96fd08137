"""What others wrote about somebody who asks for a copy.  Each sheet is its writer's to look at.

A lead sees of what kind it is, from when and whose, and asks the writer.  The writer gives a copy,
which is shared like any other, or keeps it back.  Nobody else sees a word before it is given.
What a pair keeps together the person has already; what both seal opens in its own way.
"""

from datetime import datetime
from functools import cache

from sqlalchemy import ColumnElement, Select, String, and_, bindparam, exists, or_, select
from sqlalchemy.orm import Session

from cascade_tools.errors import NotFound, NotPossible
from cascade_tools.model.entry import Document
from cascade_tools.model.requests import KEPT_BACK, Asked, Sheet
from cascade_tools.model.sharing import State
from cascade_tools.records.policy import live_share
from cascade_tools.records.readers import check_reader
from cascade_tools.records.requests import request_for
from cascade_tools.records.snapshots import address, check_worth, freeze
from cascade_tools.records.store import Store
from cascade_tools.records.tables import (
    EntryRow,
    OpeningRow,
    PairRow,
    PersonRow,
    ShareRow,
    SnapshotRow,
    SupervisionCoachRow,
    Utc,
)
from cascade_tools.records.trust_tables import RequestedRow, RequestRow

COPY = "copy"
ASKED = "asked"
PURPOSE = "You asked for a copy"


class OthersWords:
    """From the lead who asks, to the writer who decides, to the person who gets it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    # The lead's side: kind, day and writer

    def sheets(self, lead_id: str, request_id: str) -> list[Sheet]:
        """What others wrote about the person who asked, by writer.  Raises ``NotFound``."""
        now = self._store.now()
        with self._store.database.reading() as s:
            request = request_for(s, lead_id, request_id)
            asked = {
                row.entry_id: row
                for row in s.scalars(
                    select(RequestedRow).where(RequestedRow.request_id == request_id)
                )
            }
            entries = self._about(s, request, now, list(asked))
            people = {
                p.id: p
                for p in s.scalars(
                    select(PersonRow).where(PersonRow.id.in_({e.person_id for e in entries}))
                )
            }
            return [
                Sheet(
                    entry_id=entry.id,
                    workbook=entry.workbook,
                    writer_id=entry.person_id,
                    writer=people[entry.person_id].name,
                    here=people[entry.person_id].left_at is None,
                    written_on=entry.made_at.date(),
                    state=asked[entry.id].state if entry.id in asked else "",
                    why=asked[entry.id].why if entry.id in asked else "",
                )
                for entry in entries
            ]

    def _about(
        self, s: Session, request: RequestRow, now: datetime, asked: list[str]
    ) -> list[EntryRow]:
        if request.kind != COPY or request.person_id is None:
            return []
        new = and_(about(request.person_id), ~_has_it(request.person_id, now))
        return list(
            s.scalars(
                select(EntryRow)
                .where(or_(new, EntryRow.id.in_(asked)))
                .order_by(EntryRow.person_id, EntryRow.made_at)
            )
        )

    def ask(self, lead_id: str, request_id: str, writer_id: str) -> int:
        """Ask one writer about every sheet not asked about yet; returns how many."""
        now = self._store.now()
        with self._store.database.writing() as s:
            request = request_for(s, lead_id, request_id)
            asked = set(
                s.scalars(
                    select(RequestedRow.entry_id).where(RequestedRow.request_id == request_id)
                )
            )
            new = [
                entry
                for entry in self._about(s, request, now, [])
                if entry.person_id == writer_id and entry.id not in asked
            ]
            for entry in new:
                s.add(
                    RequestedRow(
                        request_id=request_id,
                        entry_id=entry.id,
                        writer_id=writer_id,
                        workbook=entry.workbook,
                        written_at=entry.made_at,
                        state=ASKED,
                        asked_at=now,
                    )
                )
            return len(new)

    # The writer's side: their own sheet

    def asked_of(self, writer_id: str) -> list[Asked]:
        """What this writer has not answered yet, the longest waiting first."""
        with self._store.database.reading() as s:
            rows = s.execute(
                _with_request().where(
                    RequestedRow.writer_id == writer_id, RequestedRow.state == ASKED
                )
            )
            return [_asked(*row) for row in rows]

    def asked(self, writer_id: str, requested_id: str) -> Asked:
        """One of them, answered or not.  Raises ``NotFound`` for anybody but its writer."""
        with self._store.database.reading() as s:
            return _asked(*_get(s, writer_id, requested_id))

    def give(self, writer_id: str, requested_id: str, document: Document, until: datetime) -> None:
        """A frozen copy for the person who asked, like any share; the sheet itself stays a draft
        if it was one.  Raises ``NotFound``, ``NotAccepted`` or ``NotPossible``."""
        now = self._store.now()
        with self._store.database.writing() as s:
            row, person = _get(s, writer_id, requested_id)
            _still_open(row)
            check_worth(document, until, now)
            entry = s.get_one(EntryRow, row.entry_id)
            check_reader(s, entry, person.id)
            snapshot = freeze(self._store, s, entry, document, now)
            address(self._store, s, snapshot, person.id, ASKED, purpose=PURPOSE, ends_at=until)
            row.state, row.answered_at = "given", now

    def keep_back(self, writer_id: str, requested_id: str, why: str) -> None:
        """The writer keeps it, for one of the reasons in ``KEPT_BACK``."""
        if why not in KEPT_BACK:
            raise NotPossible("Choose why you keep it back.")
        with self._store.database.writing() as s:
            row, _ = _get(s, writer_id, requested_id)
            _still_open(row)
            row.state, row.why, row.answered_at = "kept", why, self._store.now()

    # The side of whoever asked

    def given_to(self, person_id: str) -> list[tuple[str, str]]:
        """Copies this person asked for and has not opened: snapshot and writer, oldest first."""
        asked = {"reader": person_id, "now": self._store.now()}
        with self._store.database.asking() as s:
            return [(snapshot_id, name) for snapshot_id, name in s.execute(_given(), asked)]


@cache
def _given() -> Select[str, str]:
    """The statement, built once: building it took longer than asking it."""
    reader, now = bindparam("reader", type_=String()), bindparam("now", type_=Utc())
    opened = exists().where(
        OpeningRow.snapshot_id == SnapshotRow.id, OpeningRow.reader_id == reader
    )
    return (
        select(SnapshotRow.id, PersonRow.name)
        .join(ShareRow, ShareRow.snapshot_id == SnapshotRow.id)
        .join(PersonRow, PersonRow.id == SnapshotRow.author_id)
        .where(
            ShareRow.as_role == ASKED,
            live_share(reader, now),
            SnapshotRow.state == State.OPENED,
            ~opened,
        )
        .order_by(SnapshotRow.made_at)
    )


def about(person_id: str) -> ColumnElement[bool]:
    """The entry has words in it that somebody else wrote about this person.

    A coach's or leader's own sheets about the pair, what answers a copy this person shared, and
    the sheet of a meeting with them that is not recorded.
    """
    pairs = select(PairRow.id).where(
        or_(PairRow.coach_id == person_id, PairRow.leader_id == person_id)
    )
    copies = select(SnapshotRow.id).where(SnapshotRow.author_id == person_id)
    met = select(SupervisionCoachRow.supervision_id).where(
        SupervisionCoachRow.coach_id == person_id
    )
    return and_(
        EntryRow.person_id != person_id,
        EntryRow.saved_at.is_not(None),
        EntryRow.together == "",
        or_(
            EntryRow.pair_id.in_(pairs),
            EntryRow.about_id.in_(copies),
            and_(EntryRow.about_id.in_(met), EntryRow.state == State.DRAFT),
        ),
    )


def _has_it(person_id: str, now: datetime) -> ColumnElement[bool]:
    """This person can read a copy of the entry as it was last saved."""
    return exists().where(
        SnapshotRow.entry_id == EntryRow.id,
        SnapshotRow.made_at >= EntryRow.saved_at,
        SnapshotRow.state == State.OPENED,
        ShareRow.snapshot_id == SnapshotRow.id,
        live_share(person_id, now),
    )


def _with_request() -> Select[RequestedRow, PersonRow]:
    return (
        select(RequestedRow, PersonRow)
        .join(RequestRow, RequestRow.id == RequestedRow.request_id)
        .join(PersonRow, PersonRow.id == RequestRow.person_id)
        # What has been erased since is nobody's to give.
        .join(EntryRow, EntryRow.id == RequestedRow.entry_id)
        .order_by(RequestedRow.asked_at, RequestedRow.written_at)
    )


def _get(s: Session, writer_id: str, requested_id: str) -> tuple[RequestedRow, PersonRow]:
    found = s.execute(
        _with_request().where(RequestedRow.id == requested_id, RequestedRow.writer_id == writer_id)
    ).one_or_none()
    if found is None:
        raise NotFound("There is nothing here for you.")
    row, person = found
    return row, person


def _still_open(row: RequestedRow) -> None:
    if row.state != ASKED:
        raise NotPossible("You have answered this already.")


def _asked(row: RequestedRow, person: PersonRow) -> Asked:
    return Asked(
        id=row.id,
        entry_id=row.entry_id,
        workbook=row.workbook,
        person_id=person.id,
        person=person.name,
        asked_at=row.asked_at or row.written_at,
        state=row.state,
        why=row.why,
    )
