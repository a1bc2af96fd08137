"""The programme gets another lead."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from cascade_tools.errors import NotFound, NotPossible
from cascade_tools.model.people import Role
from cascade_tools.records.sessions import end_all
from cascade_tools.records.store import Store
from cascade_tools.records.tables import InvitationRow, PersonRow, RoleRow


class HandingOver:
    """From one lead to the next, in one step."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def lead(self, to_id: str, from_id: str | None = None) -> None:
        """One person leads from now on; the other, if one is named, no longer does.

        All sessions, tickets and unused links of the one who led end, so that nothing stays open on
        a computer they leave behind.  Raises ``NotPossible`` when that person does not lead.
        """
        now = self._store.now()
        with self._store.database.writing() as s:
            if from_id is not None:
                self._take(s, from_id, now)
            if s.get(PersonRow, to_id) is None:
                raise NotFound("There is nobody here by that name.")
            if s.get(RoleRow, (to_id, Role.LEAD)) is None:
                s.add(RoleRow(person_id=to_id, role=Role.LEAD))

    def _take(self, s: Session, from_id: str, now: datetime) -> None:
        role = s.get(RoleRow, (from_id, Role.LEAD))
        if role is None:
            raise NotPossible("Whoever hands over has to lead the programme. Name them in --from.")
        s.delete(role)
        end_all(s, from_id, now)
        s.execute(
            update(InvitationRow)
            .where(
                InvitationRow.person_id == from_id,
                InvitationRow.used_at.is_(None),
                InvitationRow.ends_at > now,
            )
            .values(ends_at=now)
        )
