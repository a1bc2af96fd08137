"""What a backup cannot know: who has come and gone since, and what has been erased."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cascade_tools.model.sharing import State
from cascade_tools.records.erasing import erase_entry, erase_person, erase_snapshot
from cascade_tools.records.knowledge_rows import carry_over
from cascade_tools.records.snapshots import withdraw
from cascade_tools.records.store import Store
from cascade_tools.records.tables import (
    EntryRow,
    InvitationRow,
    PersonRow,
    ShareRow,
    SignInRow,
    SnapshotRow,
    TicketRow,
)
from cascade_tools.records.trust_tables import ConsentRow, TombstoneRow


class Restoring:
    """Brings records from a backup as close to today as can be."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def end_ways_in(self) -> None:
        """Sessions, tickets and one-time links of the backup's day open nothing any more."""
        now = self._store.now()
        with self._store.database.writing() as s:
            s.execute(update(SignInRow).where(SignInRow.ended_at.is_(None)).values(ended_at=now))
            s.execute(update(TicketRow).where(TicketRow.ended_at.is_(None)).values(ended_at=now))
            s.execute(
                update(InvitationRow)
                .where(InvitationRow.used_at.is_(None), InvitationRow.ends_at > now)
                .values(ends_at=now)
            )

    def carry_over(self, later: Store) -> int:
        """What people have taken back since, by ``later`` records of the same programme.

        Erased is erased again, stopped is stopped, withdrawn is withdrawn, gone is gone.  Returns
        how many things were erased again.
        """
        with later.database.reading() as old, self._store.database.writing() as s:
            self._consents(old, s)
            for stopped in old.scalars(select(ShareRow).where(ShareRow.stopped_at.is_not(None))):
                share = s.get(ShareRow, stopped.id)
                if share is not None:
                    share.stopped_at = share.stopped_at or stopped.stopped_at
            withdrawn = select(SnapshotRow).where(SnapshotRow.state == State.WITHDRAWN)
            for taken_back in old.scalars(withdrawn):
                snapshot = s.get(SnapshotRow, taken_back.id)
                if snapshot is not None and snapshot.state != State.WITHDRAWN:
                    withdraw(s, snapshot, self._store.now())
            for gone in old.scalars(select(PersonRow).where(PersonRow.left_at.is_not(None))):
                person = s.get(PersonRow, gone.id)
                if person is not None and person.left_at is None:
                    person.left_at, person.sign_in_name = gone.left_at, gone.sign_in_name
            s.flush()
            gone_too = carry_over(old, s)
            stones = old.scalars(select(TombstoneRow).order_by(TombstoneRow.erased_at)).all()
            return gone_too + sum(self._erase(s, stone) for stone in stones)

    def _consents(self, old: Session, s: Session) -> None:
        for row in old.scalars(select(ConsentRow)):
            if s.get(ConsentRow, row.id) is None and s.get(PersonRow, row.person_id) is not None:
                values = {c.name: getattr(row, c.name) for c in ConsentRow.__table__.columns}
                s.add(ConsentRow(**values))
        s.flush()

    def _erase(self, s: Session, stone: TombstoneRow) -> bool:
        if stone.thing == "person":
            person = s.get(PersonRow, stone.thing_id)
            if person is None or _is_erased(s, stone):
                return False
            erase_person(self._store, s, person, stone.why)
        elif stone.thing == "snapshot":
            snapshot = s.get(SnapshotRow, stone.thing_id)
            if snapshot is None:
                return False
            erase_snapshot(self._store, s, snapshot, stone.why)
        else:
            entry = s.get(EntryRow, stone.thing_id)
            if entry is None:
                return False
            erase_entry(self._store, s, entry, stone.why)
        return True


def _is_erased(s: Session, stone: TombstoneRow) -> bool:
    same = select(TombstoneRow.id).where(
        TombstoneRow.thing == stone.thing, TombstoneRow.thing_id == stone.thing_id
    )
    return s.scalar(same) is not None
