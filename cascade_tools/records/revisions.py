"""The versions of an answer: which is the newest, which are kept, which are let go."""

from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    ScalarSelect,
    Select,
    String,
    bindparam,
    delete,
    func,
    select,
)
from sqlalchemy.orm import Session, aliased

from cascade_tools.model.entry import Saved
from cascade_tools.model.sharing import Action, Thing
from cascade_tools.records.policy import allowed
from cascade_tools.records.store import Store
from cascade_tools.records.tables import AnswerRow, AskedRow, EntryRow, Utc

SITTING = timedelta(minutes=10)


def _newest() -> ScalarSelect[int]:
    """The newest revision of the answer in the row beside it; conflict sides do not count."""
    newer = aliased(AnswerRow)
    return (
        select(func.max(newer.revision))
        .where(
            newer.entry_id == AnswerRow.entry_id,
            newer.key == AnswerRow.key,
            newer.beside.is_(False),
        )
        .correlate(AnswerRow)
        .scalar_subquery()
    )


def newest_under(
    viewer_id: str, now: datetime, workbook: str, key: str
) -> Select[AnswerRow, AskedRow]:
    """The newest revision, in every entry of one workbook, of one answer this viewer may read."""
    return (
        select(AnswerRow, AskedRow)
        .join(AskedRow, AskedRow.id == AnswerRow.asked_id)
        .join(EntryRow, EntryRow.id == AnswerRow.entry_id)
        .where(
            EntryRow.workbook == workbook,
            AnswerRow.key == key,
            AnswerRow.beside.is_(False),
            AnswerRow.revision == _newest(),
            allowed(viewer_id, Action.READ, Thing.ANSWER, now, AnswerRow.who, EntryRow.state),
        )
    )


@cache
def _newest_readable() -> Select[Any]:
    """The statement, built once: building it took longer than asking it.  Its rows have the
    columns of an ``AnswerRow``, and the question."""
    viewer, now = bindparam("viewer", type_=String()), bindparam("now", type_=Utc())
    return (
        select(*AnswerRow.__table__.c, AskedRow.prompt)
        .join(AskedRow, AskedRow.id == AnswerRow.asked_id)
        .join(EntryRow, EntryRow.id == AnswerRow.entry_id)
        .where(
            AnswerRow.entry_id.in_(bindparam("entries", expanding=True)),
            AnswerRow.beside.is_(False),
            AnswerRow.revision == _newest(),
            allowed(viewer, Action.READ, Thing.ANSWER, now, AnswerRow.who, EntryRow.state),
        )
    )


def newest_answers(
    store: Store,
    s: Session | Connection,
    viewer_id: str,
    now: datetime,
    entry_ids: list[str],
) -> dict[str, dict[str, Saved]]:
    """By entry and key: the newest revision of every answer this viewer may read."""
    rows = s.execute(_newest_readable(), {"entries": entry_ids, "viewer": viewer_id, "now": now})
    found: dict[str, dict[str, Saved]] = {entry_id: {} for entry_id in entry_ids}
    for row in rows:
        found[row.entry_id][row.key] = store.saved(row, row)
    return found


_answer = AnswerRow.__table__
_same = (_answer.c.entry_id == bindparam("entry"), _answer.c.key == bindparam("key"))
_kept = (*_same, _answer.c.beside.is_(False))
_NEWEST = select(_answer).where(*_kept).order_by(_answer.c.revision.desc()).limit(1)
_REPEAT = (
    select(_answer)
    .where(
        *_same,
        _answer.c.writer == bindparam("writer"),
        _answer.c.counter >= bindparam("counter"),
    )
    .order_by(_answer.c.counter.desc())
    .limit(1)
)
_HIGHEST = select(func.max(_answer.c.revision)).where(*_same)
_SETTLED = select(func.max(_answer.c.revision)).where(
    *_kept,
    _answer.c.writer == bindparam("writer"),
    _answer.c.saved_at <= bindparam("before", type_=Utc()),
)


def newest_row(s: Session, entry_id: str, key: str) -> Row[Any] | None:
    """The newest revision, with the columns of an ``AnswerRow``."""
    return s.execute(_NEWEST, {"entry": entry_id, "key": key}).first()


def repeated(s: Session, entry_id: str, key: str, writer: str, counter: int) -> Row[Any] | None:
    """What this writer has saved here by this or a later save of theirs."""
    said = {"entry": entry_id, "key": key, "writer": writer, "counter": counter}
    return s.execute(_REPEAT, said).first()


def next_revision(s: Session, entry_id: str, key: str) -> int:
    highest: int | None = s.execute(_HIGHEST, {"entry": entry_id, "key": key}).scalar()
    return (highest or 0) + 1


def thin(
    s: Session, entry_id: str, key: str, writer: str, now: datetime, recorded_at: datetime | None
) -> None:
    """Nobody keeps every sentence somebody deleted: of one writer's sitting the last stays,
    once a newer one is committed and ten minutes old.  What was recorded stays, too."""
    said = {"entry": entry_id, "key": key, "writer": writer, "before": now - SITTING}
    settled = s.execute(_SETTLED, said).scalar()
    if settled is None:
        return
    same = (AnswerRow.entry_id == entry_id, AnswerRow.key == key, AnswerRow.beside.is_(False))
    recorded = None
    if recorded_at is not None:
        recorded = s.scalar(
            select(func.max(AnswerRow.revision)).where(*same, AnswerRow.saved_at <= recorded_at)
        )
    s.execute(
        delete(AnswerRow).where(
            *same,
            AnswerRow.writer == writer,
            AnswerRow.revision < settled,
            AnswerRow.revision != (recorded or 0),
        )
    )


def forget(s: Session, entry_id: str) -> int:
    """Erase every version but the newest of every answer in an entry; returns how many went."""
    old = select(AnswerRow.id).where(
        AnswerRow.entry_id == entry_id, AnswerRow.revision != _newest()
    )
    ids = list(s.scalars(old))
    s.execute(delete(AnswerRow).where(AnswerRow.id.in_(ids)))
    return len(ids)
