"""The tables.  Who, which prompt, audience and when stand in clear; every answer is sealed."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from cascade_tools.records.rows import Row as Row
from cascade_tools.records.rows import Utc as Utc
from cascade_tools.records.rows import new_id as new_id


class PersonRow(Row):
    __tablename__ = "person"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str]
    sign_in_name: Mapped[str] = mapped_column(unique=True)
    phone: Mapped[str] = mapped_column(default="")
    passphrase: Mapped[str | None]
    made_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    # How many more leaders a coach could take now; None where nobody said.
    room: Mapped[int | None]


class RoleRow(Row):
    __tablename__ = "role"
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)


class PairRow(Row):
    __tablename__ = "pair"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    coach_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    leader_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"), index=True)
    label: Mapped[str]
    started: Mapped[date]
    ends: Mapped[date | None]
    ended: Mapped[date | None]
    ended_early: Mapped[bool] = mapped_column(default=False)
    ended_by: Mapped[str | None]
    # When the leader asked for a coach; whether why they were matched is written down somewhere.
    asked_on: Mapped[date | None]
    reason_kept: Mapped[bool] = mapped_column(default=False, server_default=false())


class SessionRow(Row):
    __tablename__ = "session"
    __table_args__ = (UniqueConstraint("pair_id", "number"),)
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    pair_id: Mapped[str] = mapped_column(ForeignKey("pair.id"), index=True)
    number: Mapped[int]
    on: Mapped[date | None]
    state: Mapped[str]
    cancelled_by: Mapped[str | None]
    minutes: Mapped[int | None]
    mode: Mapped[str | None]
    moved_from: Mapped[date | None]
    moved_by: Mapped[str | None]


class SupervisesRow(Row):
    """Who supervises whom, from when until when."""

    __tablename__ = "supervises"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    supervisor_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    coach_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    since: Mapped[datetime]
    until: Mapped[datetime | None]


class SupervisionRow(Row):
    """The facts of one meeting.  ``recorded_at`` is None while it is only being written."""

    __tablename__ = "supervision"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    supervisor_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    on: Mapped[date]
    state: Mapped[str]
    changed_by: Mapped[str | None]
    minutes: Mapped[int | None]
    how: Mapped[str | None]
    next_on: Mapped[date | None]
    made_at: Mapped[datetime]
    recorded_at: Mapped[datetime | None]


class SupervisionCoachRow(Row):
    __tablename__ = "supervision_coach"
    supervision_id: Mapped[str] = mapped_column(ForeignKey("supervision.id"), primary_key=True)
    coach_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)


class TalkRow(Row):
    """A coach asks to talk: no details, no reason."""

    __tablename__ = "talk"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    coach_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    when: Mapped[str]
    asked_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class SignInRow(Row):
    """One signed-in browser.  The cookie's hash, never the cookie.

    ``waiting`` says what is still missing: nothing, ``"code"`` (of the authenticator app) or
    ``"set-up"`` (of one).  Nobody is signed in while anything is.
    """

    __tablename__ = "sign_in"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    token_hash: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    shared: Mapped[bool] = mapped_column(default=False, server_default=false())
    waiting: Mapped[str] = mapped_column(default="", server_default="")


class InvitationRow(Row):
    """A one-time link to choose a passphrase."""

    __tablename__ = "invitation"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    code_hash: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    made_by: Mapped[str]
    renews: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class AttemptRow(Row):
    """A sign-in that did not succeed, or something sent without an account.

    Name and address only as keyed hashes.
    """

    __tablename__ = "attempt"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    who: Mapped[str] = mapped_column(index=True)
    at: Mapped[datetime]


class TicketRow(Row):
    """What a kernel (or, with ``sign_in_id`` None, one collect) may read with, and as whom."""

    __tablename__ = "ticket"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    token_hash: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    sign_in_id: Mapped[str | None] = mapped_column(ForeignKey("sign_in.id"), index=True)
    entry_id: Mapped[str | None] = mapped_column(ForeignKey("entry.id"))
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class EntryRow(Row):
    """One person's copy of one workbook.  ``about_id`` is a snapshot's or a supervision's id.

    ``together`` is empty; ``"sealed"``: the other half of the pair writes a copy of their own, and
    the two open at once; or ``"shared"``: this is the one copy of both halves.
    """

    __tablename__ = "entry"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    workbook: Mapped[str]
    pair_id: Mapped[str | None] = mapped_column(ForeignKey("pair.id"))
    session_id: Mapped[str | None] = mapped_column(ForeignKey("session.id"))
    about_id: Mapped[str | None] = mapped_column(index=True)
    state: Mapped[str]
    made_at: Mapped[datetime]
    saved_at: Mapped[datetime | None]
    committed_at: Mapped[datetime | None]
    together: Mapped[str] = mapped_column(default="", server_default="")


class AskedRow(Row):
    """A question exactly as it was asked, so that an answer is never shown under another."""

    __tablename__ = "asked"
    id: Mapped[str] = mapped_column(primary_key=True)
    workbook: Mapped[str]
    prompt: Mapped[dict[str, Any]]


class AnswerRow(Row):
    """One revision of one answer.  ``beside`` marks the other side of a conflict."""

    __tablename__ = "answer"
    __table_args__ = (
        UniqueConstraint("entry_id", "key", "revision"),
        UniqueConstraint("entry_id", "key", "writer", "counter"),
        Index("answer_newest", "entry_id", "key", "beside", "revision"),
    )
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    entry_id: Mapped[str] = mapped_column(ForeignKey("entry.id"))
    key: Mapped[str]
    revision: Mapped[int]
    beside: Mapped[bool] = mapped_column(default=False)
    by_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    writer: Mapped[str]
    counter: Mapped[int]
    who: Mapped[str]
    asked_id: Mapped[str] = mapped_column(ForeignKey("asked.id"))
    saved_at: Mapped[datetime]
    key_id: Mapped[str]
    sealed: Mapped[bytes]


class SnapshotRow(Row):
    """What was shared, frozen: one sealed document and its keyed hash.

    ``kind`` says what it was frozen for: ``"shared"``, ``"sealed"`` (it waits for the other half's)
    or ``"agreement"``.  ``opened_with`` is the other half's snapshot while the two are open.
    """

    __tablename__ = "snapshot"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    entry_id: Mapped[str] = mapped_column(ForeignKey("entry.id"), index=True)
    author_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    state: Mapped[str]
    made_at: Mapped[datetime]
    hash: Mapped[str]
    key_id: Mapped[str]
    sealed: Mapped[bytes]
    kind: Mapped[str] = mapped_column(default="shared", server_default="shared")
    opened_with: Mapped[str | None]


class ShareRow(Row):
    """A snapshot addressed to one reader.

    ``as_role`` is their role towards the author; ``sealed`` is what it is for, in the author's
    words.
    """

    __tablename__ = "share"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    snapshot_id: Mapped[str] = mapped_column(ForeignKey("snapshot.id"), index=True)
    reader_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    as_role: Mapped[str]
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    stopped_at: Mapped[datetime | None]
    key_id: Mapped[str]
    sealed: Mapped[bytes]


class OpeningRow(Row):
    """One line of the read log, written before the content is returned.

    ``version_at`` is when the copy that was read had been made.  What has been erased leaves its
    ``tombstone_id``.  ``first_id`` and ``second_id`` are the two who broke the glass, and
    ``told_from`` the day before which a stated legal reason forbids telling the author.
    """

    __tablename__ = "opening"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    author_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    snapshot_id: Mapped[str | None] = mapped_column(ForeignKey("snapshot.id"), index=True)
    entry_id: Mapped[str | None] = mapped_column(ForeignKey("entry.id"))
    reader_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    way: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
    version_at: Mapped[datetime | None]
    tombstone_id: Mapped[str | None]
    first_id: Mapped[str | None]
    second_id: Mapped[str | None]
    told_from: Mapped[date | None]


class TogetherRow(Row):
    """A pair has done a workbook: ``both`` opened theirs, ``without`` the other, or ``aloud``."""

    __tablename__ = "together"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    pair_id: Mapped[str] = mapped_column(ForeignKey("pair.id"), index=True)
    workbook: Mapped[str]
    way: Mapped[str]
    on: Mapped[date]
    by_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]


class AgreementRow(Row):
    """A proposal of one half of a pair, and, once ``accepted_at``, what both agreed.

    ``version`` counts what was accepted; it is 0 until then.  ``accepted_by`` stays empty where
    the other half has no account and agreed aloud.
    """

    __tablename__ = "agreement"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    pair_id: Mapped[str] = mapped_column(ForeignKey("pair.id"), index=True)
    version: Mapped[int] = mapped_column(default=0)
    snapshot_id: Mapped[str | None] = mapped_column(ForeignKey("snapshot.id"))
    proposed_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime]
    accepted_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    accepted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    ends: Mapped[date | None]
    label: Mapped[str]


class SubmissionRow(Row):
    """What somebody sent to the programme, from a page that needs no account."""

    __tablename__ = "submission"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    workbook: Mapped[str]
    reference: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    key_id: Mapped[str]
    sealed: Mapped[bytes]


class FeedbackRow(Row):
    """What somebody thought of a workbook.  Nothing says who; the day is all there is of when."""

    __tablename__ = "feedback"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    workbook: Mapped[str]
    useful: Mapped[str]
    on: Mapped[date]
    key_id: Mapped[str]
    sealed: Mapped[bytes]
