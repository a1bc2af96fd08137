"""Keeping answers: one as it is written, or a whole sheet at once."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from cascade_tools.errors import NotFound, NotPossible
from cascade_tools.model.entry import Conflict, Kept
from cascade_tools.model.prompts import Answer, Prompt, Who
from cascade_tools.model.sharing import Action, State, Thing, may
from cascade_tools.records.consents import check_kept
from cascade_tools.records.policy import relation_to
from cascade_tools.records.revisions import newest_row, next_revision, thin
from cascade_tools.records.store import Store, remember_asked
from cascade_tools.records.tables import AnswerRow, AskedRow, EntryRow


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
    entry = s.get(EntryRow, entry_id)
    if entry is None:
        raise NotFound("There is nothing here for you.")
    relation = relation_to(s, person_id, entry)
    if not may(relation, Action.WRITE, Thing.ANSWER, prompt.who, State(entry.state)):
        raise NotFound("There is nothing here for you.")
    check_kept(s, person_id)
    repeat = s.scalar(
        select(AnswerRow)
        .where(
            AnswerRow.entry_id == entry_id,
            AnswerRow.key == prompt.key,
            AnswerRow.writer == writer,
            AnswerRow.counter >= counter,
        )
        .order_by(AnswerRow.counter.desc())
        .limit(1)
    )
    newest = newest_row(s, entry_id, prompt.key)
    if newest is not None and not may(
        relation, Action.READ, Thing.ANSWER, Who(newest.who), State(entry.state)
    ):
        # The question was once kept together and is now its author's alone.
        raise NotFound("There is nothing here for you.")
    if repeat is not None:
        if repeat.beside and newest is not None:
            return _conflict(store, repeat, newest)
        return Kept(repeat.revision, repeat.saved_at)
    revision = next_revision(s, entry_id, prompt.key)
    same_writer = newest is not None and newest.writer == writer
    beside = newest is not None and not same_writer and base < newest.revision
    if beside and newest is not None and store.open_answer(newest) == value:
        return Kept(newest.revision, newest.saved_at)
    sealed = store.seal_answer(value, entry_id, prompt.key, revision)
    row = AnswerRow(
        entry_id=entry_id,
        key=prompt.key,
        revision=revision,
        beside=beside,
        by_id=person_id,
        writer=writer,
        counter=counter,
        who=prompt.who,
        asked_id=remember_asked(s, entry.workbook, prompt),
        saved_at=now,
        key_id=sealed.key_id,
        sealed=sealed.body,
    )
    s.add(row)
    entry.saved_at = now
    s.flush()
    thin(s, entry, row, now)
    if beside and newest is not None:
        return _conflict(store, row, newest)
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


def _conflict(store: Store, yours: AnswerRow, theirs: AnswerRow) -> Conflict:
    return Conflict(
        yours=store.open_answer(yours),
        theirs=store.open_answer(theirs),
        revision=theirs.revision,
        saved_at=theirs.saved_at,
    )
