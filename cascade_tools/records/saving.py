"""Keeping answers: one as it is written, or a whole sheet at once."""

from typing import Any

from sqlalchemy import Row, bindparam, insert, select, update
from sqlalchemy.orm import Session

from cascade_tools.errors import NotFound, NotPossible
from cascade_tools.model.entry import Conflict, Kept
from cascade_tools.model.prompts import Answer, Prompt, Who
from cascade_tools.model.sharing import Action, State, Thing, may
from cascade_tools.records.consents import check_kept
from cascade_tools.records.policy import relation_to
from cascade_tools.records.revisions import newest_row, next_revision, repeated, thin
from cascade_tools.records.store import Store, remember_asked
from cascade_tools.records.tables import AnswerRow, AskedRow, EntryRow

# Built once: building a statement takes longer than carrying it out, and people type all the time.
_entry, _answer = (EntryRow.metadata.tables[name] for name in ("entry", "answer"))
_ENTRY = select(_entry).where(_entry.c.id == bindparam("entry"))
_KEEP = insert(_answer)
_SAVED = update(_entry).where(_entry.c.id == bindparam("entry")).values(saved_at=bindparam("now"))


def keep_answer(
    store: Store,
    s: Session,
    person_id: str,
    entry_id: str,
    prompt: Prompt,
    value: Answer,
    *,
    base: int,
    writer: str,
    counter: int,
) -> Kept | Conflict:
    """Keep one answer, or both sides of a conflict: see ``Entries.save``."""
    if not prompt.keep:
        raise NotPossible("This answer is not kept.")
    now = store.now()
    entry = s.execute(_ENTRY, {"entry": entry_id}).first()
    if entry is None:
        raise NotFound("There is nothing here for you.")
    relation, state = relation_to(s, person_id, entry), State(entry.state)
    if not may(relation, Action.WRITE, Thing.ANSWER, prompt.who, state):
        raise NotFound("There is nothing here for you.")
    check_kept(s, person_id)
    newest = newest_row(s, entry_id, prompt.key)
    if newest is not None:
        if not may(relation, Action.READ, Thing.ANSWER, Who(newest.who), state):
            # The question was once kept together and is now its author's alone.
            raise NotFound("There is nothing here for you.")
        repeat = repeated(s, entry_id, prompt.key, writer, counter)
        if repeat is not None and repeat.beside:
            return _conflict(store.open_answer(repeat), store, newest)
        if repeat is not None:
            return Kept(repeat.revision, repeat.saved_at)
    same_writer = newest is not None and newest.writer == writer
    beside = newest is not None and not same_writer and base < newest.revision
    if beside and newest is not None and store.open_answer(newest) == value:
        return Kept(newest.revision, newest.saved_at)
    revision = next_revision(s, entry_id, prompt.key)
    sealed = store.seal_answer(value, entry_id, prompt.key, revision)
    s.execute(
        _KEEP,
        {
            "entry_id": entry_id,
            "key": prompt.key,
            "revision": revision,
            "beside": beside,
            "by_id": person_id,
            "writer": writer,
            "counter": counter,
            "who": prompt.who,
            "asked_id": remember_asked(s, entry.workbook, prompt),
            "saved_at": now,
            "key_id": sealed.key_id,
            "sealed": sealed.body,
        },
    )
    s.execute(_SAVED, {"entry": entry_id, "now": now})
    thin(s, entry_id, prompt.key, writer, now, entry.committed_at)
    if beside and newest is not None:
        return _conflict(value, store, newest)
    return Kept(revision, now)


def keep_sheet(
    store: Store,
    s: Session,
    person_id: str,
    entry_id: str,
    sheet: list[tuple[Prompt, Answer]],
    writer: str,
) -> int:
    """Keep a whole sheet where nothing is written yet: see ``Entries.save_sheet``."""
    now = store.now()
    entry = s.get(EntryRow, entry_id)
    if entry is None:
        raise NotFound("There is nothing here for you.")
    relation = relation_to(s, person_id, entry)
    state = State(entry.state)
    if not all(may(relation, Action.WRITE, Thing.ANSWER, p.who, state) for p, _ in sheet):
        raise NotFound("There is nothing here for you.")
    check_kept(s, person_id)
    if not all(prompt.keep for prompt, _ in sheet):
        raise NotPossible("This answer is not kept.")
    if s.scalar(select(AnswerRow.id).where(AnswerRow.entry_id == entry_id).limit(1)):
        raise NotPossible("Something is written here already. Save one answer at a time.")
    asked = {prompt.asked: prompt for prompt, _ in sheet}
    known = set(s.scalars(select(AskedRow.id).where(AskedRow.id.in_(asked))))
    for asked_id in asked.keys() - known:
        remember_asked(s, entry.workbook, asked[asked_id])
    for counter, (prompt, value) in enumerate(sheet, start=1):
        sealed = store.seal_answer(value, entry_id, prompt.key, 1)
        s.add(
            AnswerRow(
                entry_id=entry_id,
                key=prompt.key,
                revision=1,
                beside=False,
                by_id=person_id,
                writer=writer,
                counter=counter,
                who=prompt.who,
                asked_id=prompt.asked,
                saved_at=now,
                key_id=sealed.key_id,
                sealed=sealed.body,
            )
        )
    entry.saved_at = now if sheet else entry.saved_at
    return len(sheet)


def _conflict(yours: Answer, store: Store, theirs: Row[Any]) -> Conflict:
    return Conflict(
        yours=yours,
        theirs=store.open_answer(theirs),
        revision=theirs.revision,
        saved_at=theirs.saved_at,
    )
