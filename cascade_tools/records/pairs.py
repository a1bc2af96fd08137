"""A pair and its sessions, for its two halves: planned, held, moved, cancelled, ended early."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cascade_tools.errors import NotFound, NotPossible
from cascade_tools.model.people import Held, Pair
from cascade_tools.model.people import Session as CoachingSession
from cascade_tools.records.person import person_of
from cascade_tools.records.store import Store
from cascade_tools.records.tables import PairRow, PersonRow, SessionRow

BY = ("leader", "coach", "programme")


def half_of(s: Session, person_id: str, pair_id: str) -> PairRow:
    """The pair, if this person is half of it; else the same as not there."""
    row = s.get(PairRow, pair_id)
    if row is None or person_id not in (row.coach_id, row.leader_id):
        raise NotFound("There is nothing here for you.")
    return row


def other_half(s: Session, pair: PairRow, person_id: str) -> PersonRow | None:
    """The other person of this pair, if they have an account and have not left."""
    other_id = pair.leader_id if person_id == pair.coach_id else pair.coach_id
    other = None if other_id is None else s.get_one(PersonRow, other_id)
    return other if other is not None and other.left_at is None else None


def role_in(pair: PairRow, person_id: str) -> str:
    return "coach" if person_id == pair.coach_id else "leader"


def pair_of(s: Session, row: PairRow) -> Pair:
    sessions = s.scalars(
        select(SessionRow).where(SessionRow.pair_id == row.id).order_by(SessionRow.number)
    )
    leader = None if row.leader_id is None else person_of(s, s.get_one(PersonRow, row.leader_id))
    return Pair(
        id=row.id,
        coach=person_of(s, s.get_one(PersonRow, row.coach_id)),
        leader=leader,
        label=row.label,
        sessions=tuple(
            CoachingSession(
                n.id,
                n.number,
                n.on,
                Held(n.state),
                n.cancelled_by,
                n.minutes,
                n.mode,
                n.moved_from,
                n.moved_by,
            )
            for n in sessions
        ),
        started=row.started,
        ends=row.ends,
        ended=row.ended,
        ended_early=row.ended_early,
        ended_by=row.ended_by,
    )


def next_number(s: Session, pair_id: str) -> int:
    """The number of this pair's next session; cancelled sessions make room for it."""
    _count_afresh(s, pair_id, room=1)
    live = s.scalar(
        select(func.count()).where(
            SessionRow.pair_id == pair_id, SessionRow.state != Held.CANCELLED
        )
    )
    return (live or 0) + 1


def _count_afresh(s: Session, pair_id: str, room: int = 0) -> None:
    """Sessions count from 1 in the order they had; cancelled ones come after, leaving ``room``."""
    s.flush()
    rows = list(
        s.scalars(
            select(SessionRow).where(SessionRow.pair_id == pair_id).order_by(SessionRow.number)
        )
    )
    live = [r for r in rows if r.state != Held.CANCELLED]
    cancelled = [r for r in rows if r.state == Held.CANCELLED]
    wanted = {r.id: n for n, r in enumerate(live, start=1)}
    wanted |= {r.id: n for n, r in enumerate(cancelled, start=len(live) + 1 + room)}
    changed = [r for r in rows if r.number != wanted[r.id]]
    for row in changed:
        # No two of a pair ever have the same number, not for a moment either.
        row.number = -wanted[row.id]
    s.flush()
    for row in changed:
        row.number = wanted[row.id]
    s.flush()


class Pairs:
    """What the two halves of a pair may see and change of it.  To anybody else it is not there."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def get(self, person_id: str, pair_id: str) -> Pair:
        with self._store.database.reading() as s:
            return pair_of(s, half_of(s, person_id, pair_id))

    def plan(self, person_id: str, pair_id: str, on: date) -> str:
        """Plan this pair's next session; returns its id."""
        with self._store.database.writing() as s:
            _not_ended(half_of(s, person_id, pair_id))
            row = SessionRow(
                pair_id=pair_id, number=next_number(s, pair_id), on=on, state=Held.PLANNED
            )
            s.add(row)
            s.flush()
            return row.id

    def held(
        self, person_id: str, session_id: str, on: date, minutes: int | None, mode: str | None
    ) -> None:
        """This session took place.  Saying so again corrects the day, the length and the mode."""
        with self._store.database.writing() as s:
            row = self._session(s, person_id, session_id)
            row.state, row.cancelled_by = Held.HELD, None
            row.on, row.minutes, row.mode = on, minutes, mode
            _count_afresh(s, row.pair_id)

    def move(self, person_id: str, session_id: str, to: date, by: str | None) -> None:
        """Plan this session for another day; the day it had is kept."""
        _need_by(by)
        with self._store.database.writing() as s:
            row = self._session(s, person_id, session_id)
            _not_ended(half_of(s, person_id, row.pair_id))
            if row.state == Held.HELD:
                raise NotPossible("This session was held. Correct its day there instead.")
            if row.on is not None and row.on != to:
                row.moved_from, row.moved_by = row.on, by
            row.state, row.on, row.cancelled_by = Held.PLANNED, to, None
            _count_afresh(s, row.pair_id)

    def cancel(self, person_id: str, session_id: str, by: str | None) -> None:
        """This session does not take place; its number goes to the next one."""
        _need_by(by)
        with self._store.database.writing() as s:
            row = self._session(s, person_id, session_id)
            row.state, row.cancelled_by = Held.CANCELLED, by
            _count_afresh(s, row.pair_id)

    def end_early(self, person_id: str, pair_id: str, by: str | None, on: date) -> None:
        """Stop here.  No reason is asked for."""
        self._end(person_id, pair_id, by, on, early=True)

    def end_as_planned(self, person_id: str, pair_id: str, on: date) -> None:
        """All that was planned is done; either half says so."""
        self._end(person_id, pair_id, None, on, early=False)

    def _end(self, person_id: str, pair_id: str, by: str | None, on: date, *, early: bool) -> None:
        _need_by(by)
        with self._store.database.writing() as s:
            row = half_of(s, person_id, pair_id)
            _not_ended(row)
            row.ended, row.ended_early, row.ended_by = on, early, by

    def _session(self, s: Session, person_id: str, session_id: str) -> SessionRow:
        row = s.get(SessionRow, session_id)
        if row is None:
            raise NotFound("There is nothing here for you.")
        half_of(s, person_id, row.pair_id)
        return row


def _need_by(by: str | None) -> None:
    """None stands for not recorded."""
    if by is not None and by not in BY:
        raise NotPossible("Choose who: the leader, the coach or the programme.")


def _not_ended(pair: PairRow) -> None:
    if pair.ended is not None:
        raise NotPossible("This pair has ended, so nothing more is planned in it.")
