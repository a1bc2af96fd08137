"""Entries and answers: what a person writes, kept revision by revision."""

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cascade_tools.errors import NotFound, NotPossible
from cascade_tools.model.entry import Conflict, Entry, Kept, Saved
from cascade_tools.model.picture import Sitting
from cascade_tools.model.prompts import Answer, Prompt, Who
from cascade_tools.model.sharing import Action, State, Thing, may
from cascade_tools.records.policy import entry_for, relation_to
from cascade_tools.records.revisions import (
    forget,
    newest_answers,
    newest_row,
    next_revision,
    thin,
)
from cascade_tools.records.store import Store, remember_asked
from cascade_tools.records.tables import AnswerRow, AskedRow, EntryRow, PairRow, SessionRow


def entry_of(session: Session, row: EntryRow) -> Entry:
    number = None
    if row.session_id is not None:
        number = session.get_one(SessionRow, row.session_id).number
    label = session.get_one(PairRow, row.pair_id).label if row.pair_id else ""
    return Entry(
        row.id,
        row.person_id,
        row.workbook,
        row.pair_id,
        row.session_id,
        number,
        label,
        row.about_id,
        State(row.state),
        row.made_at,
        row.saved_at,
        row.committed_at,
    )


class Entries:
    """One person's copies of workbooks.  Every call names who is asking."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def start(
        self,
        person_id: str,
        workbook: str,
        *,
        pair_id: str | None = None,
        session_id: str | None = None,
        about_id: str | None = None,
        again: bool = False,
    ) -> Entry:
        """The open entry for this workbook and session, or (or with ``again``) a new one."""
        with self._store.database.writing() as s:
            if pair_id is not None:
                pair = s.get(PairRow, pair_id)
                if pair is None or person_id not in (pair.coach_id, pair.leader_id):
                    raise NotFound("There is nothing here for you.")
            if session_id is not None:
                session = s.get(SessionRow, session_id)
                if session is None or session.pair_id != pair_id:
                    raise NotFound("There is nothing here for you.")
            present = s.scalar(
                select(EntryRow)
                .where(
                    EntryRow.person_id == person_id,
                    EntryRow.workbook == workbook,
                    EntryRow.pair_id.is_(pair_id)
                    if pair_id is None
                    else EntryRow.pair_id == pair_id,
                    EntryRow.session_id.is_(None)
                    if session_id is None
                    else EntryRow.session_id == session_id,
                    EntryRow.about_id.is_(None)
                    if about_id is None
                    else EntryRow.about_id == about_id,
                    EntryRow.state != State.WITHDRAWN,
                )
                .order_by(EntryRow.made_at.desc())
                .limit(1)
            )
            if present is None or again:
                present = EntryRow(
                    person_id=person_id,
                    workbook=workbook,
                    pair_id=pair_id,
                    session_id=session_id,
                    about_id=about_id,
                    state=State.DRAFT,
                    made_at=self._store.now(),
                )
                s.add(present)
                s.flush()
            return entry_of(s, present)

    def get(self, viewer_id: str, entry_id: str) -> Entry:
        """The entry, if this person may read anything in it.  Raises ``NotFound``."""
        with self._store.database.reading() as s:
            return entry_of(s, entry_for(s, viewer_id, entry_id, Action.READ))

    def of(self, person_id: str) -> list[Entry]:
        """A person's own entries, last saved first."""
        with self._store.database.reading() as s:
            rows = s.scalars(
                select(EntryRow)
                .where(EntryRow.person_id == person_id)
                .order_by(func.coalesce(EntryRow.saved_at, EntryRow.made_at).desc())
            )
            return [entry_of(s, row) for row in rows]

    def answers(self, viewer_id: str, entry_id: str) -> dict[str, Saved]:
        """The newest revision of every answer this person may read, by key."""
        now = self._store.now()
        with self._store.database.reading() as s:
            entry_for(s, viewer_id, entry_id, Action.READ)
            return newest_answers(self._store, s, viewer_id, now, [entry_id])[entry_id]

    def sittings(self, person_id: str, entry_id: str, planned: int) -> list[Sitting]:
        """This person's answers to the same workbook with the same pair, oldest session first.

        ``Sitting.answers`` maps prompt keys to values; the entry asked for is ``current``.
        """
        now = self._store.now()
        with self._store.database.reading() as s:
            entry = entry_for(s, person_id, entry_id, Action.READ)
            if entry.person_id != person_id:
                raise NotFound("There is nothing here for you.")
            rows = [entry]
            if entry.pair_id is not None:
                rows = list(
                    s.scalars(
                        select(EntryRow)
                        .outerjoin(SessionRow, SessionRow.id == EntryRow.session_id)
                        .where(
                            EntryRow.person_id == person_id,
                            EntryRow.workbook == entry.workbook,
                            EntryRow.pair_id == entry.pair_id,
                        )
                        .order_by(SessionRow.number, EntryRow.made_at)
                    )
                )
            answers = newest_answers(self._store, s, person_id, now, [r.id for r in rows])
            return [
                Sitting(
                    session=entry_of(s, row).session_number,
                    planned=planned,
                    answers={k: saved.value for k, saved in answers[row.id].items()},
                    current=row.id == entry_id,
                )
                for row in rows
            ]

    def asked(self, asked_id: str) -> Prompt | None:
        """The question of this wording, if it was ever asked here."""
        with self._store.database.reading() as s:
            row = s.get(AskedRow, asked_id)
            return None if row is None else Prompt.from_asked(row.prompt)

    def remember(self, workbook: str, prompts: list[Prompt]) -> None:
        """Keep the wording of questions about to be asked, so that a page open for hours can save
        under its own words even if the workbook changes meanwhile."""
        with self._store.database.reading() as s:
            known = set(
                s.scalars(select(AskedRow.id).where(AskedRow.id.in_([p.asked for p in prompts])))
            )
        if missing := [p for p in prompts if p.asked not in known]:
            with self._store.database.writing() as s:
                for prompt in missing:
                    remember_asked(s, workbook, prompt)

    def save(
        self,
        person_id: str,
        entry_id: str,
        prompt: Prompt,
        value: Answer,
        *,
        base: int,
        writer: str,
        counter: int,
    ) -> Kept | Conflict:
        """Keep one answer.  Returns when the database has committed it.

        ``base`` is the revision the writer saw, ``writer`` a random name of one open page and
        ``counter`` its own count of saves.  Repeating a save is harmless; a later text of the
        newest writer is never a conflict; a conflict between writers keeps both texts.
        Raises ``NotFound``, ``NotPossible`` (the question does not store) or ``NotNow``.
        """
        if not prompt.keep:
            raise NotPossible("This answer is not kept.")
        now = self._store.now()
        with self._store.database.writing() as s:
            entry = s.get(EntryRow, entry_id)
            if entry is None:
                raise NotFound("There is nothing here for you.")
            relation = relation_to(s, person_id, entry)
            if not may(relation, Action.WRITE, Thing.ANSWER, prompt.who, State(entry.state)):
                raise NotFound("There is nothing here for you.")
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
                    return self._conflict(repeat, newest)
                return Kept(repeat.revision, repeat.saved_at)
            revision = next_revision(s, entry_id, prompt.key)
            same_writer = newest is not None and newest.writer == writer
            beside = newest is not None and not same_writer and base < newest.revision
            if beside and newest is not None and self._store.open_answer(newest) == value:
                return Kept(newest.revision, newest.saved_at)
            sealed = self._store.seal_answer(value, entry_id, prompt.key, revision)
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
                return self._conflict(row, newest)
            return Kept(revision, now)

    def save_sheet(
        self, person_id: str, entry_id: str, answers: Iterable[tuple[Prompt, Answer]], writer: str
    ) -> int:
        """Keep a whole sheet at once, all or nothing; returns how many answers.

        Only where nothing has been answered yet, so that it can be in nobody's way.
        Raises ``NotFound`` or ``NotPossible``.
        """
        now = self._store.now()
        with self._store.database.writing() as s:
            entry = s.get(EntryRow, entry_id)
            if entry is None:
                raise NotFound("There is nothing here for you.")
            relation = relation_to(s, person_id, entry)
            sheet = list(answers)
            state = State(entry.state)
            if not all(may(relation, Action.WRITE, Thing.ANSWER, p.who, state) for p, _ in sheet):
                raise NotFound("There is nothing here for you.")
            if not all(prompt.keep for prompt, _ in sheet):
                raise NotPossible("This answer is not kept.")
            if s.scalar(select(AnswerRow.id).where(AnswerRow.entry_id == entry_id).limit(1)):
                raise NotPossible("Something is written here already. Save one answer at a time.")
            asked = {prompt.asked: prompt for prompt, _ in sheet}
            known = set(s.scalars(select(AskedRow.id).where(AskedRow.id.in_(asked))))
            for asked_id in asked.keys() - known:
                remember_asked(s, entry.workbook, asked[asked_id])
            for counter, (prompt, value) in enumerate(sheet, start=1):
                sealed = self._store.seal_answer(value, entry_id, prompt.key, 1)
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

    def _conflict(self, yours: AnswerRow, theirs: AnswerRow) -> Conflict:
        return Conflict(
            yours=self._store.open_answer(yours),
            theirs=self._store.open_answer(theirs),
            revision=theirs.revision,
            saved_at=theirs.saved_at,
        )

    def forget_earlier(self, person_id: str, entry_id: str) -> int:
        """Erase every earlier version in this entry; returns how many went."""
        with self._store.database.writing() as s:
            entry = entry_for(s, person_id, entry_id, Action.ERASE)
            return forget(s, entry.id)

    def commit(self, person_id: str, entry_id: str) -> Entry:
        """The author says: this is recorded.  What is kept together opens to the other person."""
        with self._store.database.writing() as s:
            entry = s.get(EntryRow, entry_id)
            if entry is None or entry.person_id != person_id:
                raise NotFound("There is nothing here for you.")
            if entry.state == State.DRAFT:
                entry.state = State.COMMITTED
                entry.committed_at = self._store.now()
            return entry_of(s, entry)
