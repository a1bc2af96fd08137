"""Finding or making the entry somebody writes in."""

from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from cascade_tools.errors import NotFound, NotPossible
from cascade_tools.model.sharing import State
from cascade_tools.records.consents import check_kept
from cascade_tools.records.pairs import half_of
from cascade_tools.records.policy import SHARED_ENTRY, is_shared_with
from cascade_tools.records.snapshots import SEALED
from cascade_tools.records.tables import EntryRow, SessionRow


def start_entry(
    s: Session,
    person_id: str,
    workbook: str,
    now: datetime,
    *,
    pair_id: str | None,
    session_id: str | None,
    about_id: str | None,
    again: bool,
    together: str,
) -> EntryRow:
    """The open entry for exactly this, or (or with ``again``) a new one."""
    if together not in ("", SEALED, SHARED_ENTRY):
        raise NotPossible("A workbook is done together sealed, shared, or not at all.")
    if together and pair_id is None:
        raise NotPossible("This is done by a pair. Choose which.")
    if pair_id is not None:
        half_of(s, person_id, pair_id)
    if session_id is not None:
        session = s.get(SessionRow, session_id)
        if session is None or session.pair_id != pair_id:
            raise NotFound("There is nothing here for you.")
    shared = together == SHARED_ENTRY
    present = s.scalar(
        select(EntryRow)
        .where(
            is_shared_with(person_id) if shared else EntryRow.person_id == person_id,
            EntryRow.workbook == workbook,
            EntryRow.together == together,
            same(EntryRow.pair_id, pair_id),
            same(EntryRow.session_id, session_id),
            same(EntryRow.about_id, about_id),
            EntryRow.state != State.WITHDRAWN,
        )
        .order_by(EntryRow.made_at.desc())
        .limit(1)
    )
    if present is None or again:
        check_kept(s, person_id)
        # What both share is nobody's draft: it is both people's from its first word.
        present = EntryRow(
            person_id=person_id,
            workbook=workbook,
            pair_id=pair_id,
            session_id=session_id,
            about_id=about_id,
            state=State.COMMITTED if shared else State.DRAFT,
            made_at=now,
            committed_at=now if shared else None,
            together=together,
        )
        s.add(present)
        s.flush()
    return present


def same(column: InstrumentedAttribute[str | None], value: str | None) -> ColumnElement[bool]:
    return column.is_(None) if value is None else column == value
