"""Secrets to read with: a kernel's, for one page, and a person's, for one collect."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, select

from cascade_tools.errors import NotFound, WrongPassphrase
from cascade_tools.model.people import Person
from cascade_tools.records.person import person_of
from cascade_tools.records.sessions import (
    ABSOLUTE_HOURS,
    LOOKED_AT,
    Sessions,
    digest,
    end_tickets,
    looked_at,
)
from cascade_tools.records.tables import PersonRow, TicketRow

_ticket, _sign_in, _person = (
    TicketRow.metadata.tables[name] for name in ("ticket", "sign_in", "person")
)
# Built once, because every picture asks it.
_HELD = (
    select(*LOOKED_AT, _ticket.c.entry_id, _ticket.c.sign_in_id.label("made_in"))
    .join_from(_ticket, _person, _ticket.c.person_id == _person.c.id)
    .outerjoin(_sign_in, _ticket.c.sign_in_id == _sign_in.c.id)
    .where(
        _ticket.c.token_hash == bindparam("token"),
        _ticket.c.ended_at.is_(None),
        _ticket.c.ends_at > bindparam("now"),
    )
)


@dataclass(frozen=True, slots=True)
class TicketHolder:
    person: Person
    entry_id: str | None


class Tickets(Sessions):
    """A ticket lives as long as the session it was made in; every use looks at both again."""

    def ticket(
        self,
        person_id: str,
        sign_in_id: str | None,
        entry_id: str | None,
        hours: int = ABSOLUTE_HOURS,
    ) -> str:
        """A secret to read with: one person, one page, as long as the sign-in lives."""
        token = secrets.token_urlsafe(32)
        now = self._store.now()
        with self._store.database.writing() as s:
            s.add(
                TicketRow(
                    token_hash=digest(token),
                    person_id=person_id,
                    sign_in_id=sign_in_id,
                    entry_id=entry_id,
                    made_at=now,
                    ends_at=now + timedelta(hours=hours),
                )
            )
        return token

    def holder(self, token: str) -> TicketHolder:
        """Whose ticket this is, if it still holds.  Raises ``NotFound``."""
        said = {"token": digest(token), "now": self._store.now()}
        with self._store.database.asking() as s:
            row: Any = s.execute(_HELD, said).first()
            if row is None or row.left_at is not None:
                raise NotFound("There is nothing here for you.")
            if row.made_in is not None and (row.sign_in_id is None or not self._live(row)):
                raise NotFound("There is nothing here for you.")
            return TicketHolder(looked_at(row), row.entry_id)

    def use_ticket(self, token: str) -> Person:
        """Use up a ticket made for one collect.  Raises ``WrongPassphrase``."""
        now = self._store.now()
        with self._store.database.writing() as s:
            row = s.scalar(
                select(TicketRow).where(
                    TicketRow.token_hash == digest(token),
                    TicketRow.sign_in_id.is_(None),
                    TicketRow.ended_at.is_(None),
                    TicketRow.ends_at > now,
                )
            )
            if row is None:
                raise WrongPassphrase("This ticket has been used or has run out. Make a new one.")
            row.ended_at = now
            person = s.get_one(PersonRow, row.person_id)
            if person.left_at is not None:
                raise WrongPassphrase("This ticket was made by somebody who has left.")
            return person_of(s, person)

    def end_ticket(self, token: str) -> None:
        with self._store.database.writing() as s:
            end_tickets(s, self._store.now(), TicketRow.token_hash == digest(token))
