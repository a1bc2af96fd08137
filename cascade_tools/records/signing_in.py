"""The door: names and passphrases, one-time links, and how many wrong tries it takes.

**Limits.**  Wrong tries are counted for a quarter of an hour: ten for one name from one place, a
hundred from one place whatever the name.  Nobody elsewhere can use them up for somebody here.  A
browser that still holds a session of that very person, which only fell asleep or grew too old, has
ten tries of its own, so that nobody in the same room can keep the person behind a covered page
from coming back.  Codes of an authenticator app: see ``second_step``.

What remains possible: somebody on the same network can keep a person from signing in *anew* from
there by trying on and on, until they stop; from another network (a phone's own), with a new link,
or on a page that is only covered, that person gets in.  Whoever sits at the covered page itself can
use up its ten tries.

One-time links hold 144 random bits, so wrong ones need no limit; they are looked up before anything
slow is done.  They end after fourteen days, when they are used, and when a newer one is made.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from cascade_tools.errors import NotFound, WrongPassphrase
from cascade_tools.model.people import Person
from cascade_tools.records import attempts, passphrases
from cascade_tools.records.attempts import Limit
from cascade_tools.records.person import person_of, sign_in_name
from cascade_tools.records.sessions import ABSOLUTE_HOURS, SignedIn, digest, end_all
from cascade_tools.records.tables import InvitationRow, PersonRow
from cascade_tools.records.tickets import Tickets
from cascade_tools.records.trust_tables import RecoveryCodeRow, SecondStepRow

__all__ = ["ABSOLUTE_HOURS", "Invitation", "SignedIn", "SigningIn"]

INVITATION_DAYS = 14
ATTEMPTS = 10
PLACE_ATTEMPTS = 100
ATTEMPT_MINUTES = 15


@dataclass(frozen=True, slots=True)
class Invitation:
    """What an open link says: for whom, made by whom and when, and whether it renews."""

    person: Person
    made_by: str
    made_at: datetime
    renews: bool


class SigningIn(Tickets):
    """Who may come in."""

    # Invitations

    def invite(self, person_id: str, made_by: str) -> str:
        """A one-time code for this person to choose a passphrase; earlier codes stop working."""
        code = secrets.token_urlsafe(18)
        now = self._store.now()
        with self._store.database.writing() as s:
            person = s.get(PersonRow, person_id)
            if person is None or person.left_at is not None:
                raise NotFound("There is nobody here by that name.")
            s.execute(
                update(InvitationRow)
                .where(InvitationRow.person_id == person_id, InvitationRow.used_at.is_(None))
                .values(ends_at=now)
            )
            s.add(
                InvitationRow(
                    code_hash=digest(code),
                    person_id=person_id,
                    made_by=made_by,
                    renews=person.passphrase is not None,
                    made_at=now,
                    ends_at=now + timedelta(days=INVITATION_DAYS),
                )
            )
        return code

    def invitation(self, code: str) -> Invitation:
        with self._store.database.reading() as s:
            row = self._open_invitation(s, code)
            person = person_of(s, s.get_one(PersonRow, row.person_id))
            return Invitation(person, row.made_by, row.made_at, row.renews)

    def _open_invitation(self, s: Session, code: str) -> InvitationRow:
        row = s.scalar(
            select(InvitationRow).where(
                InvitationRow.code_hash == digest(code.strip()),
                InvitationRow.used_at.is_(None),
                InvitationRow.ends_at > self._store.now(),
            )
        )
        if row is None:
            raise WrongPassphrase("This link has been used or has run out. Ask for a new one.")
        return row

    def accept(self, code: str, passphrase: str, *near: str) -> Person:
        """Choose a passphrase with a code.

        Ends every earlier session of this person, and takes their authenticator app off: who has
        lost it asks for a link.  ``near`` are words that a guesser would try first, besides the
        person's name.
        """
        invited = self.invitation(code).person
        hashed = passphrases.hashed(passphrase, (invited.name, *near))
        now = self._store.now()
        with self._store.database.writing() as s:
            row = self._open_invitation(s, code)
            person = s.get_one(PersonRow, row.person_id)
            row.used_at = now
            person.passphrase = hashed
            for table in (SecondStepRow, RecoveryCodeRow):
                s.execute(delete(table).where(table.person_id == person.id))
            end_all(s, person.id, now)
            return person_of(s, person)

    def change(self, person_id: str, passphrase: str, *near: str) -> None:
        """Replace a passphrase.  Ends every session of this person, this one too."""
        with self._store.database.reading() as s:
            name = s.get_one(PersonRow, person_id).name
        hashed = passphrases.hashed(passphrase, (name, *near))
        with self._store.database.writing() as s:
            s.get_one(PersonRow, person_id).passphrase = hashed
            end_all(s, person_id, self._store.now())

    def renewals(self, person_id: str) -> list[Invitation]:
        """The newest link that replaced a passphrase, so that the person is told, for two weeks."""
        with self._store.database.reading() as s:
            rows = s.scalars(
                select(InvitationRow)
                .where(
                    InvitationRow.person_id == person_id,
                    InvitationRow.renews,
                    InvitationRow.used_at > self._store.now() - timedelta(days=INVITATION_DAYS),
                )
                .order_by(InvitationRow.made_at.desc())
                .limit(1)
            ).all()
            if not rows:
                return []
            person = person_of(s, s.get_one(PersonRow, person_id))
            return [Invitation(person, r.made_by, r.made_at, r.renews) for r in rows]

    # Name and passphrase

    def verify(self, name: str, passphrase: str, client: str = "", held: str = "") -> Person:
        """The person, if name and passphrase belong together.  Takes the same time if not.

        ``held`` is the cookie the browser brings along.  Raises ``WrongPassphrase``; after too
        many wrong tries, without looking.
        """
        now = self._store.now()
        with self._store.database.reading() as s:
            row = s.scalar(
                select(PersonRow).where(
                    PersonRow.sign_in_name == sign_in_name(name), PersonRow.left_at.is_(None)
                )
            )
            limits = self._limits(s, name, client, held, row.id if row else "")
            attempts.check(s, limits, now)
            person = None if row is None else person_of(s, row)
            hashed = row.passphrase if row is not None else None
        right = passphrases.fits(hashed, passphrase)
        if not right or person is None:
            with self._store.database.writing() as s:
                for limit in limits:
                    attempts.note(s, limit.who, now)
            raise WrongPassphrase("That name and passphrase do not go together. Try again.")
        return person

    def _limits(
        self, s: Session, name: str, client: str, held: str, person_id: str
    ) -> tuple[Limit, ...]:
        """What a try for this name counts against: see the top of this file."""
        vault = self._store.vault
        own = self._row(s, held) if held and person_id else None
        if own and own.id == person_id and not own.waiting and own.ended_at is None:
            held_by = attempts.counted(vault, "held", own.sign_in_id)
            return (Limit(held_by, ATTEMPTS, ATTEMPT_MINUTES),)
        place = attempts.place(client)
        both = attempts.counted(vault, "name", f"{sign_in_name(name)}|{place}")
        return (
            Limit(both, ATTEMPTS, ATTEMPT_MINUTES),
            Limit(attempts.counted(vault, "place", place), PLACE_ATTEMPTS, ATTEMPT_MINUTES),
        )

    def allow(self, what: str, client: str, most: int) -> bool:
        """Whether somebody without an account may do this once more from here within the hour.

        What is allowed is counted, under a keyed hash of the address.
        """
        who = attempts.counted(self._store.vault, what, attempts.place(client))
        now = self._store.now()
        with self._store.database.writing() as s:
            if attempts.count(s, who, now - attempts.KEPT) >= most:
                return False
            attempts.note(s, who, now)
        return True
