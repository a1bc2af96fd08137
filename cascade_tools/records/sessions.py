"""Signed-in browsers: how they start, how long they last, and how they end."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select, update
from sqlalchemy.orm import Session

from cascade_tools.errors import NotFound, SignedOut
from cascade_tools.model.people import Person
from cascade_tools.records.person import person_with
from cascade_tools.records.store import Store
from cascade_tools.records.tables import PersonRow, SignInRow, TicketRow

ABSOLUTE_HOURS = 12
SHARED_MINUTES = 10
WAITING_MINUTES = 10
TOUCH_SECONDS = 30

# What a session may still wait for.  See ``SignInRow.waiting``.
CODE = "code"
SET_UP = "set-up"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """One signed-in browser.

    ``idle`` is how long ago somebody last did something there, ``left`` how long it lasts at
    most from now; ``shared`` says that other people use this computer, too.
    """

    id: str
    person: Person
    idle: timedelta
    left: timedelta
    shared: bool
    started_at: datetime

    @property
    def due(self) -> bool:
        """Whether it should be written down that somebody is there: twice a minute at most."""
        return self.idle >= timedelta(seconds=TOUCH_SECONDS)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody gave the right passphrase, and ``what`` is still missing: nobody is signed in."""

    id: str
    person: Person
    what: str
    shared: bool


@dataclass(frozen=True, slots=True)
class Browser:
    """A signed-in browser as its person sees it in their list."""

    id: str
    started_at: datetime
    seen_at: datetime
    shared: bool


def digest(token: str) -> str:
    """What is kept of a random secret of 144 bits or more."""
    return hashlib.sha256(token.encode()).hexdigest()


def end_sessions(s: Session, now: datetime, *which: object) -> None:
    """End these sessions that are open."""
    s.execute(
        update(SignInRow).where(*which, SignInRow.ended_at.is_(None)).values(ended_at=now)  # type: ignore[arg-type]
    )


def end_tickets(s: Session, now: datetime, *which: object) -> None:
    """End these tickets that still hold."""
    s.execute(
        update(TicketRow).where(*which, TicketRow.ended_at.is_(None)).values(ended_at=now)  # type: ignore[arg-type]
    )


def end_all(s: Session, person_id: str, now: datetime) -> None:
    """End every session and every ticket of this person."""
    end_sessions(s, now, SignInRow.person_id == person_id)
    end_tickets(s, now, TicketRow.person_id == person_id)


_sign_in, _person, _role = (
    SignInRow.metadata.tables[name] for name in ("sign_in", "person", "role")
)
# What is asked of a session, its person and their roles.
LOOKED_AT: tuple[Any, ...] = (
    _person,
    _sign_in.c.id.label("sign_in_id"),
    *(_sign_in.c[name] for name in ("started_at", "seen_at", "ended_at", "shared", "waiting")),
    select(func.aggregate_strings(_role.c.role, " "))
    .where(_role.c.person_id == _person.c.id)
    .scalar_subquery()
    .label("roles"),
)
# Built once, because every request asks it.
_HOLDER = (
    select(*LOOKED_AT)
    .join_from(_sign_in, _person)
    .where(_sign_in.c.token_hash == bindparam("token"))
)

_SEEN = (
    update(_sign_in).where(_sign_in.c.id == bindparam("sign_in")).values(seen_at=bindparam("now"))
)


def looked_at(row: Row[Any]) -> Person:
    return person_with(row, (row.roles or "").split())


class Sessions:
    """Who is there.  Every answer comes from the database, never from memory."""

    def __init__(self, store: Store, idle: timedelta) -> None:
        self._store = store
        self._idle = idle

    def sign_in(self, person_id: str, *, shared: bool = False, waiting: str = "") -> str:
        """Start a session; returns the cookie's secret, which is not stored.

        ``shared``: other people use this computer, too.  ``waiting``: what is still missing;
        nobody is signed in until ``sign_in`` is called again without.
        """
        token = secrets.token_urlsafe(32)
        now = self._store.now()
        with self._store.database.writing() as s:
            person = s.get(PersonRow, person_id)
            if person is None or person.left_at is not None:
                raise NotFound("There is nobody here by that name.")
            s.add(
                SignInRow(
                    token_hash=digest(token),
                    person_id=person_id,
                    started_at=now,
                    seen_at=now,
                    shared=shared,
                    waiting=waiting,
                )
            )
        return token

    def who(self, token: str) -> SignedIn:
        """Who holds this cookie now.  Raises ``SignedOut``."""
        with self._store.database.asking() as s:
            row = self._row(s, token)
            if row is None or row.waiting or not self._live(row):
                raise SignedOut("Nobody is signed in.")
            now = self._store.now()
            return SignedIn(
                id=row.sign_in_id,
                person=looked_at(row),
                idle=now - row.seen_at,
                left=row.started_at + timedelta(hours=ABSOLUTE_HOURS) - now,
                shared=row.shared,
                started_at=row.started_at,
            )

    def waiting(self, token: str) -> Waiting:
        """Who holds this cookie and is not signed in yet.  Raises ``SignedOut``."""
        with self._store.database.reading() as s:
            row = self._row(s, token)
            if row is None or not row.waiting or not self._live(row):
                raise SignedOut("Nobody is signed in.")
            return Waiting(row.sign_in_id, looked_at(row), row.waiting, row.shared)

    def _row(self, s: Session | Connection, token: str) -> Row[Any] | None:
        return s.execute(_HOLDER, {"token": digest(token)}).first()

    def _live(self, row: Row[Any] | SignInRow) -> bool:
        now = self._store.now()
        if row.ended_at is not None:
            return False
        if row.waiting:
            return now - row.started_at < timedelta(minutes=WAITING_MINUTES)
        return now - row.seen_at < self.idle(row.shared) and now - row.started_at < timedelta(
            hours=ABSOLUTE_HOURS
        )

    def idle(self, shared: bool) -> timedelta:
        """After how long without a key or a click a session ends; sooner where others sit, too."""
        return min(self._idle, timedelta(minutes=SHARED_MINUTES)) if shared else self._idle

    def touch(self, signed_in: SignedIn) -> None:
        """Somebody did something: the idle clock starts again, if that is due to be written."""
        if not signed_in.due:
            return
        said = {"sign_in": signed_in.id, "now": self._store.now()}
        self._store.database.saves.do(lambda s: s.execute(_SEEN, said))

    def sign_out(self, sign_in_id: str) -> None:
        """End one session and its tickets."""
        now = self._store.now()
        with self._store.database.writing() as s:
            end_sessions(s, now, SignInRow.id == sign_in_id)
            end_tickets(s, now, TicketRow.sign_in_id == sign_in_id)

    def leave(self, token: str) -> None:
        """End whatever session this cookie holds, asleep, waiting or live."""
        with self._store.database.reading() as s:
            row = self._row(s, token)
            found = row.sign_in_id if row is not None else ""
        if found:
            self.sign_out(found)

    def sign_out_one(self, person_id: str, sign_in_id: str) -> None:
        """End one session of this person's own.  Raises ``NotFound`` when it is not theirs."""
        with self._store.database.reading() as s:
            row = s.get(SignInRow, sign_in_id)
            if row is None or row.person_id != person_id:
                raise NotFound("There is nothing here for you.")
        self.sign_out(sign_in_id)

    def sign_out_everywhere(self, person_id: str) -> None:
        with self._store.database.writing() as s:
            end_all(s, person_id, self._store.now())

    def sign_ins(self, person_id: str) -> list[Browser]:
        """The browsers this person is signed in on, the last used first."""
        with self._store.database.reading() as s:
            rows = s.scalars(
                select(SignInRow)
                .where(
                    SignInRow.person_id == person_id,
                    SignInRow.ended_at.is_(None),
                    SignInRow.waiting == "",
                )
                .order_by(SignInRow.seen_at.desc())
            )
            return [Browser(r.id, r.started_at, r.seen_at, r.shared) for r in rows if self._live(r)]
