"""An entry as the rest of the kit knows it: with the number of its session and its label."""

from typing import Any

from sqlalchemy import Connection, String, bindparam, select
from sqlalchemy.orm import Session

from cascade_tools.errors import NotFound
from cascade_tools.model.entry import Entry
from cascade_tools.model.sharing import Action, Relation, State
from cascade_tools.records.policy import is_partner, may_any
from cascade_tools.records.tables import EntryRow, PairRow, SessionRow

# Rows of an entry, the number of its session and the label of its pair.
NAMED = (
    select(EntryRow, SessionRow.number, PairRow.label)
    .outerjoin(SessionRow, SessionRow.id == EntryRow.session_id)
    .outerjoin(PairRow, PairRow.id == EntryRow.pair_id)
)
# One entry with what somebody is to it.  Built once: every save and every page asks it.
_FOUND = (
    select(
        *EntryRow.__table__.c,
        SessionRow.number,
        PairRow.label,
        is_partner(bindparam("viewer", type_=String())).label("partner"),
    )
    .outerjoin(SessionRow, SessionRow.id == EntryRow.session_id)
    .outerjoin(PairRow, PairRow.id == EntryRow.pair_id)
    .where(EntryRow.id == bindparam("entry"))
)

# Somebody's entries in the same workbook and with the same pair, or none: oldest first.
_BESIDE = (
    select(*EntryRow.__table__.c, SessionRow.number, PairRow.label)
    .outerjoin(SessionRow, SessionRow.id == EntryRow.session_id)
    .outerjoin(PairRow, PairRow.id == EntryRow.pair_id)
    .where(
        EntryRow.person_id == bindparam("person"),
        EntryRow.workbook == bindparam("workbook"),
        EntryRow.pair_id.is_not_distinct_from(bindparam("pair", type_=String())),
    )
    .order_by(SessionRow.number, EntryRow.made_at)
)


def named(row: Any, number: int | None, label: str | None) -> Entry:
    """One of ``NAMED``; ``row`` has the columns of an ``EntryRow``."""
    return Entry(
        row.id,
        row.person_id,
        row.workbook,
        row.pair_id,
        row.session_id,
        number,
        label or "",
        row.about_id,
        State(row.state),
        row.made_at,
        row.saved_at,
        row.committed_at,
        row.together,
    )


def entry_of(session: Session, row: EntryRow) -> Entry:
    number, label = None, ""
    if row.session_id is not None:
        number = session.get_one(SessionRow, row.session_id).number
    if row.pair_id is not None:
        label = session.get_one(PairRow, row.pair_id).label
    return named(row, number, label)


def find_entry(
    session: Session | Connection, viewer_id: str, entry_id: str, action: Action
) -> Entry:
    """The entry, if this person may do this to anything in it; else the same as not there."""
    row = session.execute(_FOUND, {"viewer": viewer_id, "entry": entry_id}).first()
    if row is not None:
        relation = Relation.PARTNER if row.partner else Relation.NOBODY
        if row.person_id == viewer_id:
            relation = Relation.AUTHOR
        if may_any(relation, action, row.state):
            return named(row, row.number, row.label)
    raise NotFound("There is nothing here for you.")


def entries_beside(session: Session | Connection, entry: Entry) -> list[Entry]:
    """This entry among all its author's in the same workbook and with the same pair."""
    like = {"person": entry.person_id, "workbook": entry.workbook, "pair": entry.pair_id}
    return [named(row, row.number, row.label) for row in session.execute(_BESIDE, like)]
