"""People, pairs, sessions and supervisions: the facts, without anybody's words."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from cascade_tools.errors import NotFound, NotPossible
from cascade_tools.model.people import Held, Pair, Person, Role, Supervision
from cascade_tools.model.people import Session as CoachingSession
from cascade_tools.records.pairs import next_number, pair_of
from cascade_tools.records.person import SUPERVISORS, person_of, sign_in_name
from cascade_tools.records.store import Store
from cascade_tools.records.supervisions import answer_talks, recorded_with
from cascade_tools.records.tables import (
    InvitationRow,
    PairRow,
    PersonRow,
    RoleRow,
    SessionRow,
    SignInRow,
    SupervisesRow,
    SupervisionCoachRow,
    SupervisionRow,
)

MOST_ROOM = 99


class People:
    """Who takes part.  Operators write here; pages read."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, name: str, roles: Iterable[Role], phone: str = "") -> Person:
        """Add a person.  Raises ``NotPossible`` for an empty or taken name, or a supervisor
        without a phone number: somebody who needs to talk today must be able to ring."""
        wanted = frozenset(roles)
        shown = re.sub(r"\s+", " ", name).strip()
        if not shown:
            raise NotPossible("A person needs a name.")
        if not wanted:
            raise NotPossible("A person needs at least one role. Add --role coach, for example.")
        if Role.SUPERVISOR in wanted and not phone.strip():
            raise NotPossible("A supervisor needs a phone number. Add --phone NUMBER.")
        with self._store.database.writing() as s:
            if s.scalar(select(PersonRow.id).where(PersonRow.sign_in_name == sign_in_name(shown))):
                raise NotPossible(
                    "Somebody has this name already. Add a middle name or the organisation, "
                    "because people sign in with it."
                )
            row = PersonRow(
                name=shown,
                sign_in_name=sign_in_name(shown),
                phone=phone.strip(),
                made_at=self._store.now(),
            )
            s.add(row)
            s.flush()
            s.add_all(RoleRow(person_id=row.id, role=role) for role in wanted)
            s.flush()
            return person_of(s, row)

    def all(self) -> list[Person]:
        with self._store.database.reading() as s:
            rows = s.scalars(
                select(PersonRow).where(PersonRow.left_at.is_(None)).order_by(PersonRow.name)
            )
            return [person_of(s, row) for row in rows]

    def find(self, name: str) -> Person | None:
        """The person with this name, whatever the case and spaces."""
        with self._store.database.reading() as s:
            row = s.scalar(
                select(PersonRow).where(
                    PersonRow.sign_in_name == sign_in_name(name), PersonRow.left_at.is_(None)
                )
            )
            return None if row is None else person_of(s, row)

    def get(self, name: str) -> Person:
        person = self.find(name)
        if person is None:
            raise NotFound(f"Nobody here is called {name!r}. Run: cascade people list FOLDER")
        return person

    def by_id(self, person_id: str) -> Person:
        with self._store.database.reading() as s:
            row = s.get(PersonRow, person_id)
            if row is None or row.left_at is not None:
                raise NotFound("There is nobody here by that name.")
            return person_of(s, row)

    def remove(self, person_id: str) -> None:
        """A person leaves: they can no longer sign in or read; what they wrote stays theirs."""
        now = self._store.now()
        with self._store.database.writing() as s:
            row = s.get(PersonRow, person_id)
            if row is None or row.left_at is not None:
                raise NotFound("There is nobody here by that name.")
            row.left_at = now
            row.sign_in_name = f"{row.sign_in_name} (left {row.id})"
            for sign_in in s.scalars(
                select(SignInRow).where(
                    SignInRow.person_id == person_id, SignInRow.ended_at.is_(None)
                )
            ):
                sign_in.ended_at = now
            for invitation in s.scalars(
                select(InvitationRow).where(
                    InvitationRow.person_id == person_id, InvitationRow.used_at.is_(None)
                )
            ):
                invitation.ends_at = now

    def pair(
        self,
        coach_id: str,
        leader_id: str | None,
        label: str,
        started: date,
        ends: date | None = None,
        *,
        asked_on: date | None = None,
        reason_kept: bool = False,
    ) -> str:
        """Join a coach and a leader (None: a leader without an account).  Returns the pair's id.

        ``asked_on`` and ``reason_kept`` as in ``matched``.  If it is known how many more leaders
        the coach could take, it is one fewer from now on.
        """
        if not label.strip():
            raise NotPossible(
                'A pair needs a label that gives nobody away, such as "the carers\' charity". '
                "Add --label."
            )
        if leader_id == coach_id:
            raise NotPossible("A coach and a leader are two people.")
        with self._store.database.writing() as s:
            coach = self._need(s, coach_id, Role.COACH)
            if leader_id is not None:
                self._need(s, leader_id, Role.LEADER)
            if coach.room:
                coach.room -= 1
            row = PairRow(
                coach_id=coach_id,
                leader_id=leader_id,
                label=label.strip(),
                started=started,
                ends=ends,
            )
            _matched(row, asked_on, reason_kept)
            s.add(row)
            s.flush()
            return row.id

    def matched(
        self, pair_id: str, asked_on: date | None = None, reason_kept: bool | None = None
    ) -> None:
        """Say of a pair when its leader asked for a coach, and whether the reason for the match is
        written down somewhere.  The reason itself is not kept here; None leaves what was said.

        Raises ``NotPossible`` for a day after the pair began."""
        with self._store.database.writing() as s:
            _matched(s.get_one(PairRow, pair_id), asked_on, reason_kept)

    def room(self, coach_id: str, leaders: int) -> Person:
        """Say how many more leaders this coach could take now.  Raises ``NotPossible`` for
        somebody who is no coach, and for a number that cannot be."""
        if not 0 <= leaders <= MOST_ROOM:
            raise NotPossible(f"A coach has room for 0 to {MOST_ROOM} leaders. Change the number.")
        with self._store.database.writing() as s:
            row = self._need(s, coach_id, Role.COACH)
            row.room = leaders
            return person_of(s, row)

    def _need(self, session: Session, person_id: str, role: Role) -> PersonRow:
        row = session.get(PersonRow, person_id)
        if row is None or row.left_at is not None:
            raise NotFound("There is nobody here by that name.")
        if session.get(RoleRow, (person_id, role.value)) is None:
            raise NotPossible(f"{row.name} is not a {role.words} in this programme.")
        return row

    def end_pair(self, pair_id: str, on: date, early: bool) -> None:
        with self._store.database.writing() as s:
            row = s.get_one(PairRow, pair_id)
            row.ended, row.ended_early = on, early

    def add_session(self, pair_id: str, session: CoachingSession) -> str:
        """Record one session of a pair.  ``session.id`` is ignored; a new one is returned.

        With number 0 it becomes the pair's next session.
        """
        with self._store.database.writing() as s:
            row = SessionRow(
                pair_id=pair_id,
                number=session.number or next_number(s, pair_id),
                on=session.on,
                state=session.state,
                cancelled_by=session.cancelled_by,
                minutes=session.minutes,
                mode=session.mode,
                moved_from=session.moved_from,
                moved_by=session.moved_by,
            )
            s.add(row)
            s.flush()
            return row.id

    def pairs_of(self, person_id: str) -> list[Pair]:
        """The pairs this person is half of, newest last."""
        with self._store.database.reading() as s:
            rows = s.scalars(
                select(PairRow)
                .where(or_(PairRow.coach_id == person_id, PairRow.leader_id == person_id))
                .order_by(PairRow.started, PairRow.id)
            )
            return [pair_of(s, row) for row in rows]

    def all_pairs(self) -> list[Pair]:
        with self._store.database.reading() as s:
            rows = s.scalars(select(PairRow).order_by(PairRow.started, PairRow.id))
            return [pair_of(s, row) for row in rows]

    def supervise(self, supervisor_id: str, coach_id: str) -> None:
        """From now on this supervisor holds this coach; whoever did before no longer does.

        Saying so again changes nothing.
        """
        now = self._store.now()
        if supervisor_id == coach_id:
            raise NotPossible("Nobody supervises themselves.")
        with self._store.database.writing() as s:
            row = self._need(s, supervisor_id, Role.SUPERVISOR)
            if not row.phone:
                raise NotPossible(f"{row.name} needs a phone number before supervising.")
            self._need(s, coach_id, Role.COACH)
            present = list(
                s.scalars(
                    select(SupervisesRow).where(
                        SupervisesRow.coach_id == coach_id, SupervisesRow.until.is_(None)
                    )
                )
            )
            if any(held.supervisor_id == supervisor_id for held in present):
                return
            for before in present:
                before.until = now
            s.add(SupervisesRow(supervisor_id=supervisor_id, coach_id=coach_id, since=now))

    def supervisor_of(self, coach_id: str) -> Person | None:
        with self._store.database.asking() as s:
            row = s.execute(SUPERVISORS, {"coach": coach_id}).first()
            return None if row is None else person_of(s, row)

    def coaches_of(self, supervisor_id: str) -> list[Person]:
        with self._store.database.reading() as s:
            rows = s.scalars(
                select(PersonRow)
                .join(SupervisesRow, SupervisesRow.coach_id == PersonRow.id)
                .where(
                    SupervisesRow.supervisor_id == supervisor_id,
                    SupervisesRow.until.is_(None),
                    PersonRow.left_at.is_(None),
                )
                .order_by(PersonRow.name)
            )
            return [person_of(s, row) for row in rows]

    def start_supervision(self, supervisor_id: str, coach_ids: Iterable[str], on: date) -> str:
        """A meeting to be written up; it counts only once it is recorded."""
        wanted = tuple(dict.fromkeys(coach_ids))
        mine = {c.id for c in self.coaches_of(supervisor_id)}
        if not wanted or not set(wanted) <= mine:
            raise NotPossible("Choose at least one coach you supervise.")
        with self._store.database.writing() as s:
            row = SupervisionRow(
                supervisor_id=supervisor_id, on=on, state=Held.PLANNED, made_at=self._store.now()
            )
            s.add(row)
            s.flush()
            s.add_all(SupervisionCoachRow(supervision_id=row.id, coach_id=c) for c in wanted)
            return row.id

    def record_supervision(self, supervision_id: str, **facts: Any) -> None:
        """Write the facts of a meeting: ``on, state, changed_by, minutes, how, next_on``.

        A meeting that was held answers whoever had asked to talk by then.
        """
        with self._store.database.writing() as s:
            row = s.get_one(SupervisionRow, supervision_id)
            for name, value in facts.items():
                setattr(row, name, value)
            row.recorded_at = row.recorded_at or self._store.now()
            if row.state == Held.HELD:
                answer_talks(s, row, self._store.now())

    def supervisions_of(self, person_id: str) -> list[Supervision]:
        """Recorded meetings this person was part of, newest first."""
        with self._store.database.reading() as s:
            return recorded_with(s, person_id)


def _matched(row: PairRow, asked_on: date | None, reason_kept: bool | None) -> None:
    if asked_on is not None:
        if asked_on > row.started:
            raise NotPossible(
                "The leader would have asked after they were matched. Change --asked-on."
            )
        row.asked_on = asked_on
    if reason_kept is not None:
        row.reason_kept = reason_kept
