"""Entries and answers: what a person writes, kept revision by revision."""

from collections.abc import Collection, Iterable

from sqlalchemy import ColumnElement, Select, func, or_, select

from cascade_tools.errors import NotFound, NotPossible
from cascade_tools.model.entry import Conflict, Entry, Kept, Saved
from cascade_tools.model.journey import TIMES
from cascade_tools.model.picture import Sitting
from cascade_tools.model.prompts import Answer, Prompt, given
from cascade_tools.model.sharing import Action, State
from cascade_tools.records import read_log
from cascade_tools.records.engine import leave_no_remains
from cascade_tools.records.entry_rows import NAMED, entries_beside, entry_of, find_entry, named
from cascade_tools.records.policy import SHARED_ENTRY, entry_for, is_shared_with
from cascade_tools.records.revisions import (
    forget,
    newest_answers,
    newest_under,
)
from cascade_tools.records.saving import keep_answer, keep_sheet
from cascade_tools.records.snapshots import SEALED
from cascade_tools.records.starting import start_entry
from cascade_tools.records.store import Store, remember_asked
from cascade_tools.records.tables import AnswerRow, AskedRow, EntryRow


def _own_or_shared(person_id: str) -> ColumnElement[bool]:
    return or_(EntryRow.person_id == person_id, is_shared_with(person_id))


def _last_first(which: ColumnElement[bool]) -> Select[EntryRow, int, str]:
    return NAMED.where(which).order_by(func.coalesce(EntryRow.saved_at, EntryRow.made_at).desc())


class Entries:
    """One person's copies of workbooks.  Every call names who is asking."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._remembered: set[str] = set()

    def start(
        self,
        person_id: str,
        workbook: str,
        *,
        pair_id: str | None = None,
        session_id: str | None = None,
        about_id: str | None = None,
        again: bool = False,
        together: str = "",
    ) -> Entry:
        """The open entry for this workbook and session, or (or with ``again``) a new one.

        ``together`` is what the workbook says.  What is ``"shared"`` is one entry, whichever half
        of the pair asks, and both read it from the start.
        """
        with self._store.database.writing() as s:
            row = start_entry(
                s,
                person_id,
                workbook,
                self._store.now(),
                pair_id=pair_id,
                session_id=session_id,
                about_id=about_id,
                again=again,
                together=together,
            )
            return entry_of(s, row)

    def get(self, viewer_id: str, entry_id: str) -> Entry:
        """The entry, if this person may read anything in it.  Raises ``NotFound``."""
        with self._store.database.asking() as s:
            return find_entry(s, viewer_id, entry_id, Action.READ)

    def of(self, person_id: str) -> list[Entry]:
        """A person's own entries, last saved first."""
        with self._store.database.reading() as s:
            return [named(*row) for row in s.execute(_last_first(EntryRow.person_id == person_id))]

    def everything(
        self, person_id: str, workbooks: Collection[str] = ()
    ) -> list[tuple[Entry, dict[str, Saved]]]:
        """A person's own entries and those they share with the other half of a pair, last saved
        first, each with the answers they may read: of these workbooks, or of all."""
        now = self._store.now()
        query = _last_first(_own_or_shared(person_id))
        if workbooks:
            query = query.where(EntryRow.workbook.in_(workbooks))
        with self._store.database.reading() as s:
            rows = s.execute(query).all()
            ids = [row.id for row, *_ in rows]
            answers = newest_answers(self._store, s, person_id, now, ids)
            found = [(named(*row), answers[row[0].id]) for row in rows]
            lines = read_log.openings_together(s, person_id, [row for row, *_ in rows], now)
        read_log.write(self._store, lines)
        return found

    def mine_and_ours(self, person_id: str) -> list[Entry]:
        """The same entries, without a word of what is in them."""
        with self._store.database.reading() as s:
            return [named(*row) for row in s.execute(_last_first(_own_or_shared(person_id)))]

    def latest(
        self,
        person_id: str,
        workbook: str,
        key: str,
        pair_id: str | None = None,
        session_id: str | None = None,
    ) -> Saved | None:
        """What this person last answered here, in any entry of theirs; with this pair first.

        Where a session is named, only what was written about that one.
        """
        now = self._store.now()
        of_session = () if session_id is None else (EntryRow.session_id == session_id,)
        with self._store.database.reading() as s:
            rows = s.execute(
                newest_under(person_id, now, workbook, key)
                .where(_own_or_shared(person_id), *of_session)
                .order_by(EntryRow.pair_id.is_distinct_from(pair_id), AnswerRow.saved_at.desc())
            )
            for row, asked in rows:
                saved = self._store.saved(row, asked)
                if given(saved.value):
                    entry = s.get_one(EntryRow, row.entry_id)
                    lines = read_log.openings_together(s, person_id, [entry], now)
                    break
            else:
                return None
        read_log.write(self._store, lines)
        return saved

    def answers(self, viewer_id: str, entry_id: str) -> dict[str, Saved]:
        """The newest revision of every answer this person may read, by key."""
        now = self._store.now()
        with self._store.database.asking() as s:
            entry = find_entry(s, viewer_id, entry_id, Action.READ)
            found = newest_answers(self._store, s, viewer_id, now, [entry_id])[entry_id]
            lines = read_log.openings_together(s, viewer_id, [entry], now)
        read_log.write(self._store, lines)
        return found

    def sittings(self, person_id: str, entry_id: str, planned: int) -> list[Sitting]:
        """This person's answers to the same workbook, with the same pair or at each moment of the
        programme, oldest first.

        ``Sitting.answers`` maps prompt keys to values; the entry asked for is ``current``.
        What the other half of a pair began for both stands alone.
        """
        return self.opened(person_id, entry_id, planned)[1]

    def opened(
        self, person_id: str, entry_id: str, planned: int
    ) -> tuple[dict[str, Saved], list[Sitting]]:
        """``answers`` and ``sittings`` of one entry, for a page with pictures: read once."""
        now = self._store.now()
        with self._store.database.asking() as s:
            entry = find_entry(s, person_id, entry_id, Action.READ)
            mine = entry.person_id == person_id
            if not mine and entry.together != SHARED_ENTRY:
                raise NotFound("There is nothing here for you.")
            entries = [entry]
            if mine and (entry.pair_id is not None or entry.about_id in TIMES):
                entries = entries_beside(s, entry)
            answers = newest_answers(self._store, s, person_id, now, [e.id for e in entries])
            lines = read_log.openings_together(s, person_id, entries, now)
        read_log.write(self._store, lines)
        return answers[entry_id], [
            Sitting(
                session=one.session_number,
                planned=planned,
                answers={key: saved.value for key, saved in answers[one.id].items()},
                current=one.id == entry_id,
                time=one.about_id if one.about_id in TIMES else "",
            )
            for one in entries
        ]

    def asked(self, asked_id: str) -> Prompt | None:
        """The question of this wording, if it was ever asked here."""
        with self._store.database.reading() as s:
            row = s.get(AskedRow, asked_id)
            return None if row is None else Prompt.from_asked(row.prompt)

    def remember(self, workbook: str, prompts: list[Prompt]) -> None:
        """Keep the wording of questions about to be asked, so that a page open for hours can save
        under its own words even if the workbook changes meanwhile."""
        asked = {p.asked: p for p in prompts}
        # A question is never forgotten again, so what this process has seen kept stays kept.
        wanted = {asked_id for asked_id in asked if asked_id not in self._remembered}
        if not wanted:
            return
        with self._store.database.reading() as s:
            known = set(s.scalars(select(AskedRow.id).where(AskedRow.id.in_(wanted))))
        if missing := wanted - known:
            with self._store.database.writing() as s:
                for asked_id in missing:
                    remember_asked(s, workbook, asked[asked_id])
        self._remembered |= wanted

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
        """Keep one answer.  Returns when the database has committed it, with others' or alone.

        ``base`` is the revision the writer saw, ``writer`` a random name of one open page and
        ``counter`` its own count of saves.  Repeating a save is harmless; a later text of the
        newest writer is never a conflict; a conflict between writers keeps both texts.
        Raises ``NotFound``, ``NotPossible`` (the question does not store) or ``NotNow``.
        """
        return self._store.database.saves.do(
            lambda s: keep_answer(
                self._store,
                s,
                person_id,
                entry_id,
                prompt,
                value,
                base=base,
                writer=writer,
                counter=counter,
            )
        )

    def save_sheet(
        self, person_id: str, entry_id: str, answers: Iterable[tuple[Prompt, Answer]], writer: str
    ) -> int:
        """Keep a whole sheet at once, all or nothing; returns how many answers.

        Only where nothing has been answered yet, so that it can be in nobody's way.
        Raises ``NotFound`` or ``NotPossible``.
        """
        with self._store.database.writing() as s:
            return keep_sheet(self._store, s, person_id, entry_id, list(answers), writer)

    def forget_earlier(self, person_id: str, entry_id: str) -> int:
        """Erase every earlier version in this entry; returns how many went."""
        with self._store.database.writing() as s:
            entry = entry_for(s, person_id, entry_id, Action.ERASE)
            leave_no_remains(s)
            return forget(s, entry.id)

    def commit(self, person_id: str, entry_id: str) -> Entry:
        """The author says: this is recorded.  What is kept together opens to the other person."""
        with self._store.database.writing() as s:
            entry = s.get(EntryRow, entry_id)
            if entry is None or entry.person_id != person_id:
                raise NotFound("There is nothing here for you.")
            if entry.together == SEALED:
                raise NotPossible("What both of you write alone is committed on its own page.")
            if entry.state == State.DRAFT:
                entry.state = State.COMMITTED
                entry.committed_at = self._store.now()
            return entry_of(s, entry)
