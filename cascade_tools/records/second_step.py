"""Signing in by authenticator app: six digits that change every half minute (TOTP, RFC 6238), and
codes on paper for the day the phone is lost.

The secret is sealed by the vault.  A code counts for one step before and after its own, because
clocks differ, and no step counts twice.  Of a recovery code, 80 random bits, a hash is kept that
needs no key, so that codes on paper outlive a change of keys.

**Limits.**  A session has ten wrong codes in a quarter of an hour; one that waits for a code
exists only after the right passphrase.  One person's six digits may be tried wrongly thirty times
an hour by all sessions together, so that somebody who knows the passphrase is not helped by making
many.  They can use those up: a code on paper is taken all the same.
"""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlencode

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from cascade_tools.errors import NotPossible, WrongPassphrase
from cascade_tools.model.people import Person, Role
from cascade_tools.records import attempts
from cascade_tools.records.attempts import Limit
from cascade_tools.records.store import Store
from cascade_tools.records.trust_tables import RecoveryCodeRow, SecondStepRow

PLACE = "second_step"
# What every authenticator app understands: SHA-1, six digits, thirty seconds.
DIGITS, STEP_SECONDS, WINDOW = 6, 30, 1
SECRET_BYTES, RECOVERY_CODES, RECOVERY_BYTES = 20, 10, 10
SESSION_TRIES, SESSION_MINUTES = 10, 15
PERSON_TRIES, PERSON_MINUTES = 30, 60
# What these roles read was written by others in confidence.
REQUIRED_OF = frozenset({Role.SUPERVISOR, Role.LEAD})

WRONG_CODE = "That code does not fit. Look again at your app, and type the digits it shows now."


@dataclass(frozen=True, slots=True)
class Authenticator:
    """Somebody's app as it stands: since when, and how many codes on paper are left."""

    since: datetime
    codes_left: int


@dataclass(frozen=True, slots=True)
class Secret:
    """What an app has to be told, by drawing or by hand."""

    base32: str

    @property
    def spelled(self) -> str:
        """In groups of four, to be typed."""
        return " ".join(self.base32[i : i + 4] for i in range(0, len(self.base32), 4))

    def address(self, programme: str, name: str) -> str:
        """The address apps read from a QR code."""
        label = quote(f"{programme}:{name}", safe="")
        return f"otpauth://totp/{label}?" + urlencode(
            {"secret": self.base32, "issuer": programme}, quote_via=quote
        )


def code_at(secret: bytes, step: int) -> str:
    """The six digits of one step of time."""
    from cryptography.hazmat.primitives.hashes import SHA1
    from cryptography.hazmat.primitives.twofactor.totp import TOTP

    return TOTP(secret, DIGITS, SHA1(), STEP_SECONDS).generate(step * STEP_SECONDS).decode()  # noqa: S303


class SecondStep:
    """Authenticator apps and the codes on paper that stand in for them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def on(self, person_id: str) -> Authenticator | None:
        """This person's app, or None."""
        with self._store.database.reading() as s:
            row = s.get(SecondStepRow, person_id)
            if row is None or row.confirmed_at is None:
                return None
            left = s.scalar(
                select(func.count()).where(
                    RecoveryCodeRow.person_id == person_id, RecoveryCodeRow.used_at.is_(None)
                )
            )
            return Authenticator(row.confirmed_at, left or 0)

    def begin(self, person_id: str) -> None:
        """A new secret for this person; it counts once a code has shown that an app has it.

        Raises ``NotPossible`` while an app is set up.
        """
        with self._store.database.writing() as s:
            row = s.get(SecondStepRow, person_id)
            if row is not None and row.confirmed_at is not None:
                raise NotPossible("Your app is set up already. Turn it off first to change it.")
            sealed = self._store.vault.seal(secrets.token_bytes(SECRET_BYTES), PLACE, person_id)
            s.merge(
                SecondStepRow(
                    person_id=person_id,
                    key_id=sealed.key_id,
                    sealed=sealed.body,
                    made_at=self._store.now(),
                    confirmed_at=None,
                    last_step=0,
                )
            )

    def begun(self, person_id: str) -> Secret | None:
        """What the app has to be told, while it has not shown yet that it was."""
        with self._store.database.reading() as s:
            row = s.get(SecondStepRow, person_id)
            if row is None or row.confirmed_at is not None:
                return None
            return Secret(base64.b32encode(self._secret(row)).decode())

    def confirm(self, person_id: str, sign_in_id: str, code: str) -> list[str]:
        """Set the app up with a code it shows; returns the codes for paper, never shown again.

        Raises ``WrongPassphrase`` when the code does not fit.
        """
        with self._store.database.writing() as s:
            row = s.get(SecondStepRow, person_id)
            if row is None or row.confirmed_at is not None:
                raise NotPossible("Begin again, please: there is nothing to finish here.")
            right = self._try(s, row, sign_in_id, code)
            if right:
                row.confirmed_at = self._store.now()
                codes = self._new_codes(s, person_id)
        if not right:
            raise WrongPassphrase(WRONG_CODE)
        return codes

    def check(self, person_id: str, sign_in_id: str, code: str) -> None:
        """Take a code of the app, or one from paper, which is then used up.

        ``sign_in_id`` is the session it is typed in.  Raises ``WrongPassphrase``.
        """
        with self._store.database.writing() as s:
            row = s.get(SecondStepRow, person_id)
            right = bool(row and row.confirmed_at) and self._try(s, row, sign_in_id, code)
        if not right:
            raise WrongPassphrase(WRONG_CODE)

    def new_codes(self, person_id: str) -> list[str]:
        """New codes for paper; the old ones end."""
        with self._store.database.writing() as s:
            return self._new_codes(s, person_id)

    def turn_off(self, person_id: str) -> None:
        """No app and no codes any more."""
        with self._store.database.writing() as s:
            for table in (SecondStepRow, RecoveryCodeRow):
                s.execute(delete(table).where(table.person_id == person_id))

    def missing(self, person: Person) -> bool:
        """Whether this person has to have an app and has none."""
        return bool(person.roles & REQUIRED_OF) and self.on(person.id) is None

    # How a code is tried

    def _try(self, s: Session, row: SecondStepRow | None, sign_in_id: str, code: str) -> bool:
        """Whether it fits.  Looking and counting are one: tries at once are counted one by one."""
        assert row is not None
        now, vault = self._store.now(), self._store.vault
        typed = "".join(c for c in code.casefold() if c.isalnum())
        digits = typed.isascii() and typed.isdecimal()
        here = Limit(attempts.counted(vault, "code", sign_in_id), SESSION_TRIES, SESSION_MINUTES)
        everywhere = Limit(
            attempts.counted(vault, "digits", row.person_id), PERSON_TRIES, PERSON_MINUTES
        )
        limits = (here, everywhere) if digits else (here,)
        attempts.check(s, limits, now)
        if self._fits(s, row, typed) if digits else self._on_paper(s, row, typed):
            return True
        for limit in limits:
            attempts.note(s, limit.who, now)
        return False

    def _fits(self, s: Session, row: SecondStepRow, typed: str) -> bool:
        secret = self._secret(row)
        now = int(self._store.now().timestamp()) // STEP_SECONDS
        for step in range(now - WINDOW, now + WINDOW + 1):
            if step > row.last_step and hmac.compare_digest(code_at(secret, step), typed):
                row.last_step = step
                return True
        return False

    def _on_paper(self, s: Session, row: SecondStepRow, typed: str) -> bool:
        if row.confirmed_at is None:
            return False
        used = s.execute(
            update(RecoveryCodeRow)
            .where(
                RecoveryCodeRow.person_id == row.person_id,
                RecoveryCodeRow.code_hash == _hash_of(row.person_id, typed),
                RecoveryCodeRow.used_at.is_(None),
            )
            .values(used_at=self._store.now())
        )
        return bool(used.rowcount)  # type: ignore[attr-defined]

    def _secret(self, row: SecondStepRow) -> bytes:
        return self._store.vault.open(row.key_id, row.sealed, PLACE, row.person_id)

    def _new_codes(self, s: Session, person_id: str) -> list[str]:
        s.execute(delete(RecoveryCodeRow).where(RecoveryCodeRow.person_id == person_id))
        codes = [
            base64.b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode().lower()
            for _ in range(RECOVERY_CODES)
        ]
        for code in codes:
            s.add(
                RecoveryCodeRow(
                    person_id=person_id,
                    code_hash=_hash_of(person_id, code),
                    made_at=self._store.now(),
                )
            )
        return ["-".join(code[i : i + 4] for i in range(0, len(code), 4)) for code in codes]


def _hash_of(person_id: str, code: str) -> str:
    # What paper makes of letters: these digits are in no code.
    read = code.translate(str.maketrans("018", "olb"))
    return hashlib.sha256(f"{person_id}|{read}".encode()).hexdigest()
