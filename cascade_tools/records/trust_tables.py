"""Tables of what protects people: consent, signing in, erasing, keeping no longer than needed."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cascade_tools.records.tables import Row, new_id


class ConsentRow(Row):
    """One decision about one choice, under one version of the notice.  The newest one holds."""

    __tablename__ = "consent"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    choice: Mapped[str]
    given: Mapped[bool]
    version: Mapped[str]
    at: Mapped[datetime]


class SecondStepRow(Row):
    """Somebody's authenticator app: the sealed secret, and the last step of time that was used.

    Without ``confirmed_at`` it was begun and does not count.
    """

    __tablename__ = "second_step"
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    key_id: Mapped[str]
    sealed: Mapped[bytes]
    made_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(default=0)


class RecoveryCodeRow(Row):
    """A code on paper that stands in for the authenticator app once.  Only its hash is kept."""

    __tablename__ = "recovery_code"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    code_hash: Mapped[str]
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class OwnNamesRow(Row):
    """Names somebody wants to be reminded of before sharing: one sealed list of their own."""

    __tablename__ = "own_names"
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    key_id: Mapped[str]
    sealed: Mapped[bytes]
    saved_at: Mapped[datetime]


class TombstoneRow(Row):
    """Something was erased: what kind, from when, who had access, when and why it went.  No word
    of it.

    ``thing`` is ``"entry"``, ``"snapshot"``, ``"review"`` or ``"person"``; ``why`` is
    ``"author"``, ``"retention"`` or ``"about"`` (what it was about was erased).  ``readers`` are
    the ids of those who could read it.
    """

    __tablename__ = "tombstone"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    thing: Mapped[str]
    thing_id: Mapped[str] = mapped_column(index=True)
    workbook: Mapped[str]
    made_at: Mapped[datetime]
    erased_at: Mapped[datetime]
    why: Mapped[str]
    readers: Mapped[dict[str, Any]]


class HoldRow(Row):
    """The law wants what one person wrote to be kept: nothing of it goes before ``ended_at``."""

    __tablename__ = "hold"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    reason: Mapped[str]
    made_by: Mapped[str]
    made_at: Mapped[datetime]
    review_on: Mapped[date]
    ended_at: Mapped[datetime | None]


class WarningRow(Row):
    """Something will be erased because its time is up, and its author has been told, twice."""

    __tablename__ = "warning"
    __table_args__ = (UniqueConstraint("thing", "thing_id"),)
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    thing: Mapped[str]
    thing_id: Mapped[str]
    first_at: Mapped[datetime]
    second_at: Mapped[datetime | None]


class RequestRow(Row):
    """A complaint, or something asked about one's data: only what kind and when.

    ``kind`` is ``"complaint"``, ``"copy"``, ``"correct"``, ``"erase"`` or ``"other"``.
    """

    __tablename__ = "request"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str]
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"), index=True)
    received_on: Mapped[date]
    acknowledged_on: Mapped[date | None]
    answered_on: Mapped[date | None]
    made_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]


class RequestedRow(Row):
    """One sheet that somebody else wrote about the person who asked for a copy.

    Its writer looks at it first: ``"asked"``, ``"given"`` or ``"kept"`` (``why`` is a code).
    """

    __tablename__ = "requested"
    __table_args__ = (UniqueConstraint("request_id", "entry_id"),)
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    request_id: Mapped[str] = mapped_column(ForeignKey("request.id"), index=True)
    entry_id: Mapped[str] = mapped_column(index=True)
    writer_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    workbook: Mapped[str]
    written_at: Mapped[datetime]
    state: Mapped[str]
    why: Mapped[str] = mapped_column(default="")
    asked_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]


class ReleaseRow(Row):
    """Group results of one moment, frozen: already counted and made safe, nobody's own answers."""

    __tablename__ = "release"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    moment: Mapped[str]
    made_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    key_id: Mapped[str]
    sealed: Mapped[bytes]
