"""What a supervision brief is made of: one coach's live shares, opened as they are needed.

Only what stands in the brief is opened, and each copy's author finds a line in their log, which is
committed before a word leaves.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from sqlalchemy import select

from cascade_tools.errors import NotFound
from cascade_tools.model.brief import Brief, brief, last_held, opened_for
from cascade_tools.model.people import Person, Supervision
from cascade_tools.model.prompts import in_words
from cascade_tools.model.seen import AnswerSeen
from cascade_tools.model.sharing import State
from cascade_tools.records.policy import live_share, newest_round
from cascade_tools.records.read_log import add_opening
from cascade_tools.records.reading import Reading
from cascade_tools.records.revisions import newest_answers
from cascade_tools.records.shares_held import shares_held
from cascade_tools.records.side_by_side import answers_in
from cascade_tools.records.snapshots import SHARED
from cascade_tools.records.store import Store
from cascade_tools.records.supervisions import recorded_with
from cascade_tools.records.tables import EntryRow, PersonRow, ShareRow, SnapshotRow

# In a brief a copy has not been read as a whole: it still waits to be.
BRIEF = "brief"


class Briefs:
    """Supervision briefs, for whoever supervises the coach now."""

    def __init__(self, store: Store, planned: int) -> None:
        self._store = store
        self._planned = planned

    def of(self, supervisor: Person, coach_id: str, title_of: Callable[[str], str] = str) -> Brief:
        """One coach since the last supervision that was held.

        ``title_of`` gives a workbook's title by its id.  Raises ``NotFound`` unless this person
        supervises that coach now.
        """
        now = self._store.now()
        desk = Reading(self._store, supervisor, BRIEF, self._planned, title_of)
        coach = next((c for c in desk.caseload() if c.id == coach_id), None)
        if coach is None:
            raise NotFound("There is nothing here for you.")
        with self._store.database.reading() as s:
            shared = [
                one.seen
                for one in shares_held(self._store, s, supervisor.id, now, title_of)
                if one.author_id == coach_id
            ]
            meetings = [
                m
                for m in recorded_with(s, supervisor.id)
                if m.supervisor.id == supervisor.id and coach_id in {c.id for c in m.coaches}
            ]
        wanted = opened_for(shared, last_held(meetings, now.date()))
        answers = [
            *self._met(supervisor, meetings, now),
            *self._released(supervisor, coach_id, now),
            *self._opened(supervisor, [one.id for one in wanted], now),
        ]
        return brief(coach, answers, shared, meetings, now.date())

    def _opened(
        self, supervisor: Person, snapshot_ids: Iterable[str], now: datetime
    ) -> list[AnswerSeen]:
        """What these copies hold, newest first; they are asked for again as they are opened."""
        with self._store.database.writing() as s:
            rows = s.execute(
                select(SnapshotRow, ShareRow, PersonRow.name)
                .join(ShareRow, ShareRow.snapshot_id == SnapshotRow.id)
                .join(PersonRow, PersonRow.id == SnapshotRow.author_id)
                .where(
                    SnapshotRow.id.in_(snapshot_ids),
                    SnapshotRow.kind == SHARED,
                    SnapshotRow.state == State.OPENED,
                    live_share(supervisor.id, now),
                )
                .order_by(SnapshotRow.made_at.desc(), SnapshotRow.id)
            ).all()
            for snapshot, _, _ in rows:
                add_opening(s, snapshot, supervisor.id, BRIEF, now)
            return [a for row in rows for a in answers_in(self._store, *row)]

    def _released(self, supervisor: Person, coach_id: str, now: datetime) -> list[AnswerSeen]:
        """This supervisor's own answers, as they were released to that coach."""
        with self._store.database.reading() as s:
            rows = s.execute(
                select(SnapshotRow, ShareRow)
                .join(ShareRow, ShareRow.snapshot_id == SnapshotRow.id)
                .where(
                    SnapshotRow.author_id == supervisor.id,
                    SnapshotRow.kind == SHARED,
                    SnapshotRow.state == State.OPENED,
                    live_share(coach_id, now),
                    newest_round(),
                )
                .order_by(SnapshotRow.made_at, SnapshotRow.id)
            )
            return [
                a
                for snapshot, share in rows
                for a in answers_in(self._store, snapshot, share, supervisor.name)
            ]

    def _met(
        self, supervisor: Person, meetings: list[Supervision], now: datetime
    ) -> list[AnswerSeen]:
        """What stands in the records of these meetings, which both keep."""
        entries = [m.entry_id for m in meetings if m.entry_id is not None]
        with self._store.database.reading() as s:
            workbooks = dict(
                s.execute(
                    select(EntryRow.id, EntryRow.workbook).where(EntryRow.id.in_(entries))
                ).all()
            )
            kept = newest_answers(self._store, s, supervisor.id, now, list(workbooks))
        return [
            AnswerSeen(
                person=supervisor.name,
                workbook=workbooks[entry],
                entry=entry,
                snapshot=None,
                pair=None,
                session=None,
                key=key,
                question=saved.prompt.question,
                kind=str(saved.prompt.kind),
                who=str(saved.prompt.who),
                words_from=saved.prompt.words_from,
                value=saved.value,
                words=in_words(saved.prompt, saved.value),
                saved_at=saved.saved_at,
                way="together",
                until=None,
            )
            for entry, answers in kept.items()
            for key, saved in answers.items()
        ]
