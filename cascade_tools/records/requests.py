"""Complaints and requests about data, with their dates.  No word of them is kept."""

from datetime import date

from sqlalchemy import Select, literal, select
from sqlalchemy.orm import Session

from cascade_tools.errors import NotFound, NotPossible
from cascade_tools.model.requests import KINDS, Request
from cascade_tools.records.policy import leads
from cascade_tools.records.store import Store
from cascade_tools.records.tables import PersonRow
from cascade_tools.records.trust_tables import RequestRow


class Requests:
    """The programme's log of them: anybody asks for themselves, leads keep the dates."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def ask(self, person_id: str, kind: str) -> str:
        """Somebody asks for themselves; received today.  Asking twice is asking once; its id."""
        with self._store.database.writing() as s:
            waiting = s.scalar(
                select(RequestRow.id).where(
                    RequestRow.person_id == person_id,
                    RequestRow.kind == _kind(kind),
                    RequestRow.answered_on.is_(None),
                )
            )
            return waiting or self._add(s, kind, person_id, self._store.now().date(), person_id)

    def add(self, lead_id: str, kind: str, received_on: date, person_id: str | None = None) -> str:
        """A lead notes what came in some other way; its id.  Raises ``NotFound``."""
        with self._store.database.writing() as s:
            check_lead(s, lead_id)
            if received_on > self._store.now().date():
                raise NotPossible("This day is still to come. Write the day it was.")
            if person_id is not None and s.get(PersonRow, person_id) is None:
                raise NotFound("There is nobody here by that name.")
            return self._add(s, _kind(kind), person_id, received_on, lead_id)

    def _add(
        self, s: Session, kind: str, person_id: str | None, received_on: date, made_by: str
    ) -> str:
        row = RequestRow(
            kind=kind,
            person_id=person_id,
            received_on=received_on,
            made_by=made_by,
            made_at=self._store.now(),
        )
        s.add(row)
        s.flush()
        return row.id

    def acknowledge(self, lead_id: str, request_id: str) -> None:
        """Whoever asked has been told today that it has come in."""
        with self._store.database.writing() as s:
            row = request_for(s, lead_id, request_id)
            row.acknowledged_on = row.acknowledged_on or self._store.now().date()

    def answer(self, lead_id: str, request_id: str) -> None:
        """Whoever asked has been answered today, and so has been told that it came in."""
        with self._store.database.writing() as s:
            row = request_for(s, lead_id, request_id)
            row.answered_on = row.answered_on or self._store.now().date()
            row.acknowledged_on = row.acknowledged_on or row.answered_on

    def all(self, lead_id: str) -> list[Request]:
        """Every one, the unanswered first, then the newest.  Raises ``NotFound``."""
        with self._store.database.reading() as s:
            check_lead(s, lead_id)
            found = _requests(s, select(RequestRow))
            return sorted(found, key=lambda r: r.answered_on is not None)

    def of(self, person_id: str) -> list[Request]:
        """What this person has asked, newest first."""
        with self._store.database.reading() as s:
            return _requests(s, select(RequestRow).where(RequestRow.person_id == person_id))


def _requests(s: Session, query: Select[RequestRow]) -> list[Request]:
    rows = s.scalars(query.order_by(RequestRow.received_on.desc(), RequestRow.made_at.desc())).all()
    ids = {row.person_id for row in rows if row.person_id}
    names = {p.id: p.name for p in s.scalars(select(PersonRow).where(PersonRow.id.in_(ids)))}
    return [
        Request(
            id=row.id,
            kind=row.kind,
            person_id=row.person_id,
            person=names.get(row.person_id or ""),
            received_on=row.received_on,
            acknowledged_on=row.acknowledged_on,
            answered_on=row.answered_on,
        )
        for row in rows
    ]


def request_for(s: Session, lead_id: str, request_id: str) -> RequestRow:
    """The request, for a lead; to anybody else it is not there."""
    check_lead(s, lead_id)
    row = s.get(RequestRow, request_id)
    if row is None:
        raise NotFound("There is nothing here for you.")
    return row


def check_lead(s: Session, person_id: str) -> None:
    """Raises ``NotFound`` for anybody but a programme lead who is here."""
    if not s.scalar(select(leads(literal(person_id)))):
        raise NotFound("There is nothing here for you.")


def _kind(kind: str) -> str:
    if kind not in KINDS:
        raise NotPossible("Choose what it is about.")
    return kind
