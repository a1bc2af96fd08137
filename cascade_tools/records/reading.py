"""A desk: everything one reader may read now, for tables.  Logs before the first row leaves."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from cascade_tools.model.issue import SHEETS
from cascade_tools.model.people import Person
from cascade_tools.model.seen import AnswerSeen, CoachSeen, Glass, SharedSeen
from cascade_tools.model.sharing import State
from cascade_tools.records.caseload import coaches_seen
from cascade_tools.records.collecting import kept_answers, shared_answers
from cascade_tools.records.policy import SHARED_ENTRY, is_partner, live_share, newest_round
from cascade_tools.records.read_log import BREAK_GLASS
from cascade_tools.records.shares_held import Held, ids_standing, shares_held
from cascade_tools.records.side_by_side import copies_of_pair
from cascade_tools.records.store import Store
from cascade_tools.records.tables import (
    EntryRow,
    OpeningRow,
    PairRow,
    ShareRow,
    SnapshotRow,
)


class Reading:
    """One reader's view through the gate.  ``way`` stands in the authors' logs.

    ``way`` is ``"collect"`` (tables made by the person: in a page's kernel, or with passphrase or
    ticket) or ``"page"`` (facts for a page; no words are opened).  With ``glass`` two leads read
    as this person, who is told like every author.
    """

    def __init__(
        self,
        store: Store,
        person: Person,
        way: str,
        planned: int = 5,
        title_of: Callable[[str], str] = str,
        glass: Glass | None = None,
    ) -> None:
        self._store = store
        self._person = person
        self._way = way
        self._glass = glass
        self._planned = planned
        self._title_of = title_of
        self.name = person.name
        self.roles = frozenset(str(r) for r in person.roles)

    # Words

    def answers(self) -> Iterator[AnswerSeen]:
        """Every answer this reader may read now, of a sheet shared more than once the newest copy.
        The log is committed before the first row."""
        now = self._store.now()
        self._log(now)
        yield from kept_answers(self._store, self._person.id, now)
        yield from shared_answers(self._store, self._person.id, now)

    def _log(self, now: datetime) -> None:
        reader = None if self._glass else self._person.id
        with self._store.database.writing() as s:
            for snapshot_id, author_id, made_at in s.execute(
                select(SnapshotRow.id, SnapshotRow.author_id, SnapshotRow.made_at)
                .join(ShareRow, ShareRow.snapshot_id == SnapshotRow.id)
                .where(
                    live_share(self._person.id, now),
                    SnapshotRow.state == State.OPENED,
                    newest_round(),
                )
                .distinct()
            ):
                s.add(self._opening(now, author_id, reader, made_at, snapshot_id=snapshot_id))
            for entry_id, saved_at, *authors in s.execute(
                select(
                    EntryRow.id,
                    EntryRow.saved_at,
                    EntryRow.person_id,
                    PairRow.coach_id,
                    PairRow.leader_id,
                )
                .outerjoin(
                    PairRow,
                    # In what a pair shares are both people's words, so both are told.
                    and_(PairRow.id == EntryRow.pair_id, EntryRow.together == SHARED_ENTRY),
                )
                .where(or_(EntryRow.person_id == self._person.id, self._together()))
                .where(EntryRow.saved_at.is_not(None))
            ):
                for author_id in {a for a in authors if a is not None}:
                    if author_id != self._person.id or self._glass:
                        s.add(self._opening(now, author_id, reader, saved_at, entry_id=entry_id))

    def _opening(
        self,
        now: datetime,
        author_id: str,
        reader_id: str | None,
        version_at: datetime | None,
        *,
        snapshot_id: str | None = None,
        entry_id: str | None = None,
    ) -> OpeningRow:
        opening = OpeningRow(
            author_id=author_id,
            snapshot_id=snapshot_id,
            entry_id=entry_id,
            reader_id=reader_id,
            way=self._way,
            at=now,
            version_at=version_at,
        )
        if glass := self._glass:
            opening.way, opening.reason = BREAK_GLASS, glass.stated
            opening.first_id, opening.second_id = glass.first.id, glass.second.id
            opening.told_from = glass.told_from
        return opening

    def _together(self) -> ColumnElement[bool]:
        return and_(is_partner(self._person.id), EntryRow.state != State.DRAFT)

    # Facts

    def shared(self) -> list[SharedSeen]:
        """Every live share to this reader, newest first.  Titles only; nothing is opened."""
        now = self._store.now()
        with self._store.database.reading() as s:
            return [one.seen for one in self._shares(s, now)]

    def caseload(self) -> list[CoachSeen]:
        """The coaches this supervisor holds now, by name: facts, no words."""
        now = self._store.now()
        with self._store.database.reading() as s:
            shares: dict[str, list[SharedSeen]] = {}
            beside: Counter[str] = Counter()
            for one in self._shares(s, now):
                shares.setdefault(one.author_id, []).append(one.seen)
                if one.pair_id is not None and one.seen.workbook in SHEETS:
                    beside[one.pair_id] += 1
            return coaches_seen(s, self._person.id, shares, beside, self._planned, now)

    def _shares(self, s: Session, now: datetime) -> list[Held]:
        return shares_held(self._store, s, self._person.id, now, self._title_of)

    def standing(self) -> frozenset[str]:
        """The ids of the coaches this supervisor holds and of every live share to them, now.

        For a page that is open already: whatever is not in here any more has to go from it.
        """
        now = self._store.now()
        with self._store.database.reading() as s:
            return ids_standing(s, self._person.id, now)

    def side_by_side(self, author_id: str, pair_id: str) -> list[AnswerSeen]:
        """What one author shares with this reader about one pair, for looking across sessions.

        Each copy opened is in the author's log before its words are returned.  Raises
        ``NotFound`` when none of it is shared, or there is no such pair.
        """
        return copies_of_pair(self._store, self._person.id, author_id, pair_id)
