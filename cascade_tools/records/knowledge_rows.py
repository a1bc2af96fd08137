"""Rows of knowledge capture: sealed, opened, erased, and written anew in no order of time."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from cascade_tools.model.journey import months_after
from cascade_tools.model.knowledge import (
    Event,
    KnowledgeCard,
    Note,
    PrintedTheme,
    ReleasedNote,
    Theme,
)
from cascade_tools.model.retention import KNOWLEDGE, keep_until
from cascade_tools.records.engine import leave_no_remains
from cascade_tools.records.knowledge_tables import (
    KnowledgeCardRow,
    KnowledgeEventRow,
    KnowledgeNoteRow,
    KnowledgeThemeRow,
)
from cascade_tools.records.places import place_of
from cascade_tools.records.store import Store, encode

# An event that nobody closed counts as closed so many months after it was begun.
FORGOTTEN_MONTHS = 6

Doc = dict[str, Any]
Sealing = KnowledgeEventRow | KnowledgeThemeRow | KnowledgeCardRow | KnowledgeNoteRow


def seal(store: Store, row: Sealing, doc: Doc) -> None:
    """Put this document into a row whose place is known already."""
    sealed = store.vault.seal(encode(doc), *place_of(type(row), row))
    row.key_id, row.sealed = sealed.key_id, sealed.body


def unseal(store: Store, row: Sealing) -> Doc:
    doc: Doc = json.loads(store.vault.open(row.key_id, row.sealed, *place_of(type(row), row)))
    return doc


def closes(row: KnowledgeEventRow) -> date:
    """The day its time is counted from."""
    return row.closed_on or months_after(row.on, FORGOTTEN_MONTHS)


def event_of(
    store: Store,
    row: KnowledgeEventRow,
    months: Mapping[str, int],
    cards: tuple[KnowledgeCard, ...] = (),
    themes: tuple[Theme, ...] = (),
) -> Event:
    doc = unseal(store, row)
    return Event(
        id=row.id,
        title=doc["title"],
        where=doc["where"],
        on=row.on,
        code=doc["code"],
        round=row.round,
        people=doc["people"],
        closed=row.closed_on is not None,
        released=row.released_on is not None,
        note=Note(doc["summaries"], tuple(doc["quotes"])),
        cards=cards,
        themes=themes,
        goes=keep_until(KNOWLEDGE, closes(row), months),
    )


def cards_of(store: Store, s: Session, event_id: str) -> tuple[KnowledgeCard, ...]:
    """The cards of an event by their ids, which are random: in no order at all."""
    rows = s.scalars(
        select(KnowledgeCardRow)
        .where(KnowledgeCardRow.event_id == event_id)
        .order_by(KnowledgeCardRow.id)
    )
    return tuple(_card(row, unseal(store, row)) for row in rows)


def _card(row: KnowledgeCardRow, doc: Doc) -> KnowledgeCard:
    return KnowledgeCard(
        row.id, row.round, doc["words"], doc["publish"], row.theme_id, row.aside, row.kept_in
    )


def themes_of(store: Store, s: Session, event_id: str) -> tuple[Theme, ...]:
    rows = s.scalars(
        select(KnowledgeThemeRow)
        .where(KnowledgeThemeRow.event_id == event_id)
        .order_by(KnowledgeThemeRow.id)
    )
    return tuple(Theme(row.id, row.round, unseal(store, row)["name"]) for row in rows)


def note_row(store: Store, note: ReleasedNote) -> KnowledgeNoteRow:
    row = KnowledgeNoteRow(id=note.event_id, released_on=note.released_on)
    doc = asdict(note) | {"on": note.on.isoformat()}
    del doc["event_id"], doc["released_on"]
    seal(store, row, doc)
    return row


def note_of(store: Store, row: KnowledgeNoteRow) -> ReleasedNote:
    doc = unseal(store, row)
    themes = tuple(PrintedTheme(**{**t, "quotes": tuple(t["quotes"])}) for t in doc.pop("themes"))
    on = date.fromisoformat(doc.pop("on"))
    return ReleasedNote(row.id, on=on, themes=themes, released_on=row.released_on, **doc)


def forget_order(s: Session) -> None:
    """Write every card anew in the order of ids, and empty the log of what was there before.

    A page of the database holds its rows as they came.  While an event is open that can be read
    by whoever has the files; after each round and at the end it cannot.
    """
    table = KnowledgeCardRow.__table__
    rows = [dict(row._mapping) for row in s.execute(select(table).order_by(table.c.id))]
    s.execute(delete(KnowledgeCardRow))
    if rows:
        s.execute(insert(KnowledgeCardRow), rows)
    leave_no_remains(s)


def erase_event(s: Session, event_id: str) -> None:
    """Cards, themes and the event itself; what was released is a record of its own."""
    for table, column in OF_EVENT:
        s.execute(delete(table).where(column == event_id))
    s.execute(delete(KnowledgeEventRow).where(KnowledgeEventRow.id == event_id))
    leave_no_remains(s)


# What goes with an event, in this order: cards point to themes.
OF_EVENT = (
    (KnowledgeCardRow, KnowledgeCardRow.event_id),
    (KnowledgeThemeRow, KnowledgeThemeRow.event_id),
)


def carry_over(old: Session, s: Session) -> int:
    """Bring what a backup holds as close to ``old``, the later records, as can be.

    Erased and taken back is so again, and what was closed is closed.  Returns how many went.
    """
    later = {row.id: row for row in old.scalars(select(KnowledgeEventRow))}
    gone = 0
    for event in s.scalars(select(KnowledgeEventRow)).all():
        if event.id not in later:
            erase_event(s, event.id)
            gone += 1
        elif event.closed_on is None and later[event.id].closed_on is not None:
            event.closed_on = later[event.id].closed_on
    for table in (KnowledgeCardRow, KnowledgeNoteRow):
        gone += _missing(old, s, table)
    return gone


def _missing(old: Session, s: Session, table: type[KnowledgeCardRow | KnowledgeNoteRow]) -> int:
    """Erase the rows that the later records do not have any more."""
    gone = set(s.scalars(select(table.id))) - set(old.scalars(select(table.id)))
    for row_id in gone:
        s.execute(delete(table).where(table.id == row_id))
    if gone:
        leave_no_remains(s)
    return len(gone)


def leave(s: Session, person_id: str) -> None:
    """The events of somebody who is erased stay the programme's, without a maker."""
    made = KnowledgeEventRow.made_by == person_id
    s.execute(update(KnowledgeEventRow).where(made).values(made_by=None))
