"""Passphrases, invitations, signed-in browsers and tickets.

Only hashes are stored: argon2id for passphrases, SHA-256 for random tokens of 256 bits.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cascade_tools.errors import NotFound, SignedOut, WrongPassphrase
from cascade_tools.model.people import Person
from cascade_tools.records import attempts, passphrases
from cascade_tools.records.person import person_of, sign_in_name
from cascade_tools.records.store import Store
from cascade_tools.records.tables import (
    InvitationRow,
    PersonRow,
    SignInRow,
    TicketRow,
)

INVITATION_DAYS = 14
ATTEMPTS = 10
ATTEMPT_MINUTES = 15
ABSOLUTE_HOURS = 12
TOUCH_SECONDS = 30


@dataclass(frozen=True, slots=True)
class SignedIn:
    """One signed-in browser.  ``idle`` is how long ago somebody last did something there."""

    id: str
    person: Person
    idle: timedelta


@dataclass(frozen=True, slots=True)
class Invitation:
    """What an open link says: for whom, made by whom and when, and whether it renews."""

    person: Person
    made_by: str
    made_at: datetime
    renews: bool


@dataclass(frozen=True, slots=True)
class TicketHolder:
    person: Person
    entry_id: str | None


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class SigningIn:
    """Who is there.  Every answer comes from the database, never from memory."""

    def __init__(self, store: Store, idle: timedelta) -> None:
        self._store = store
        self._idle = idle

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
                    code_hash=_hash(code),
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
                InvitationRow.code_hash == _hash(code),
                InvitationRow.used_at.is_(None),
                InvitationRow.ends_at > self._store.now(),
            )
        )
        if row is None:
            raise WrongPassphrase("This link has been used or has run out. Ask for a new one.")
        return row

    def accept(self, code: str, passphrase: str) -> Person:
        """Choose a passphrase with a code.  Ends every earlier session of this person."""
        hashed = passphrases.hashed(passphrase)
        now = self._store.now()
        with self._store.database.writing() as s:
            row = self._open_invitation(s, code)
            person = s.get_one(PersonRow, row.person_id)
            row.used_at = now
            person.passphrase = hashed
            self._end_all(s, person.id, now)
            return person_of(s, person)

    def change(self, person_id: str, passphrase: str) -> None:
        """Replace a passphrase.  Ends every session of this person, this one too."""
        hashed = passphrases.hashed(passphrase)
        with self._store.database.writing() as s:
            s.get_one(PersonRow, person_id).passphrase = hashed
            self._end_all(s, person_id, self._store.now())

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
            )
            person = person_of(s, s.get_one(PersonRow, person_id))
            return [Invitation(person, r.made_by, r.made_at, r.renews) for r in rows]

    # Signing in and out

    def verify(self, name: str, passphrase: str, client: str = "") -> Person:
        """The person, if name and passphrase belong together.  Takes the same time if not.

        Raises ``WrongPassphrase``; after many wrong tries from one place, without looking.
        """
        now = self._store.now()
        place = self._store.vault.keyed_hash(f"{sign_in_name(name)}|{client}".encode())
        with self._store.database.reading() as s:
            tries = attempts.count(s, place, now - timedelta(minutes=ATTEMPT_MINUTES))
            row = s.scalar(
                select(PersonRow).where(
                    PersonRow.sign_in_name == sign_in_name(name), PersonRow.left_at.is_(None)
                )
            )
            person = None if row is None else person_of(s, row)
            hashed = row.passphrase if row is not None else None
        if tries >= ATTEMPTS:
            raise WrongPassphrase(
                f"Too many tries. Wait {ATTEMPT_MINUTES} minutes, or ask for a new link."
            )
        right = passphrases.fits(hashed, passphrase)
        if not right or person is None:
            with self._store.database.writing() as s:
                attempts.note(s, place, now)
            raise WrongPassphrase("That name and passphrase do not go together. Try again.")
        return person

    def allow(self, what: str, client: str, most: int) -> bool:
        """Whether somebody without an account may do this once more from here within the hour.

        What is allowed is counted, under a keyed hash of the address.
        """
        place = self._store.vault.keyed_hash(f"\n{what}|{client}".encode())
        now = self._store.now()
        with self._store.database.writing() as s:
            if attempts.count(s, place, now - attempts.KEPT) >= most:
                return False
            attempts.note(s, place, now)
        return True

    def sign_in(self, person_id: str) -> str:
        """Start a session; returns the cookie's secret, which is not stored."""
        token = secrets.token_urlsafe(32)
        now = self._store.now()
        with self._store.database.writing() as s:
            person = s.get(PersonRow, person_id)
            if person is None or person.left_at is not None:
                raise NotFound("There is nobody here by that name.")
            s.add(
                SignInRow(token_hash=_hash(token), person_id=person_id, started_at=now, seen_at=now)
            )
        return token

    def who(self, token: str) -> SignedIn:
        """Who holds this cookie now.  Raises ``SignedOut``."""
        with self._store.database.reading() as s:
            row = s.scalar(select(SignInRow).where(SignInRow.token_hash == _hash(token)))
            if row is None or not self._live(row):
                raise SignedOut("Nobody is signed in.")
            person = person_of(s, s.get_one(PersonRow, row.person_id))
            return SignedIn(row.id, person, self._store.now() - row.seen_at)

    def _live(self, row: SignInRow) -> bool:
        now = self._store.now()
        return (
            row.ended_at is None
            and now - row.seen_at < self._idle
            and now - row.started_at < timedelta(hours=ABSOLUTE_HOURS)
        )

    def touch(self, signed_in: SignedIn) -> None:
        """Somebody did something: the idle clock starts again.  Written twice a minute at most."""
        if signed_in.idle < timedelta(seconds=TOUCH_SECONDS):
            return
        now = self._store.now()
        with self._store.database.writing() as s:
            s.execute(update(SignInRow).where(SignInRow.id == signed_in.id).values(seen_at=now))

    def sign_out(self, sign_in_id: str) -> None:
        now = self._store.now()
        with self._store.database.writing() as s:
            s.execute(update(SignInRow).where(SignInRow.id == sign_in_id).values(ended_at=now))
            self._end_tickets(s, now, TicketRow.sign_in_id == sign_in_id)

    def sign_out_everywhere(self, person_id: str) -> None:
        with self._store.database.writing() as s:
            self._end_all(s, person_id, self._store.now())

    def _end_all(self, s: Session, person_id: str, now: datetime) -> None:
        s.execute(
            update(SignInRow)
            .where(SignInRow.person_id == person_id, SignInRow.ended_at.is_(None))
            .values(ended_at=now)
        )
        self._end_tickets(s, now, TicketRow.person_id == person_id)

    def sign_ins(self, person_id: str) -> list[tuple[datetime, datetime]]:
        """Open sessions of this person: when they started and were last used."""
        with self._store.database.reading() as s:
            rows = s.scalars(
                select(SignInRow)
                .where(SignInRow.person_id == person_id, SignInRow.ended_at.is_(None))
                .order_by(SignInRow.seen_at.desc())
            )
            return [(r.started_at, r.seen_at) for r in rows if self._live(r)]

    # Tickets

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
                    token_hash=_hash(token),
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
        now = self._store.now()
        with self._store.database.reading() as s:
            row = s.scalar(
                select(TicketRow).where(
                    TicketRow.token_hash == _hash(token),
                    TicketRow.ended_at.is_(None),
                    TicketRow.ends_at > now,
                )
            )
            if row is None:
                raise NotFound("There is nothing here for you.")
            if row.sign_in_id is not None:
                sign_in = s.get(SignInRow, row.sign_in_id)
                if sign_in is None or not self._live(sign_in):
                    raise NotFound("There is nothing here for you.")
            person = s.get_one(PersonRow, row.person_id)
            if person.left_at is not None:
                raise NotFound("There is nothing here for you.")
            return TicketHolder(person_of(s, person), row.entry_id)

    def use_ticket(self, token: str) -> Person:
        """Use up a ticket made for one collect.  Raises ``WrongPassphrase``."""
        now = self._store.now()
        with self._store.database.writing() as s:
            row = s.scalar(
                select(TicketRow).where(
                    TicketRow.token_hash == _hash(token),
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
            self._end_tickets(s, self._store.now(), TicketRow.token_hash == _hash(token))

    def _end_tickets(self, s: Session, now: datetime, which: object) -> None:
        s.execute(
            update(TicketRow).where(which, TicketRow.ended_at.is_(None)).values(ended_at=now)  # type: ignore[arg-type]
        )
