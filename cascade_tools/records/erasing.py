"""Erasing: the words go, with every copy; a tombstone says that something was there.

``erase_entry``, ``erase_snapshot`` and ``erase_person`` work inside a session that writes; what
they leave in the database's own files is cleared once that session is committed.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from cascade_tools.model.sharing import State
from cascade_tools.records import knowledge_rows, together
from cascade_tools.records.engine import leave_no_remains
from cascade_tools.records.holds import held
from cascade_tools.records.pairs import other_half
from cascade_tools.records.policy import SHARED_ENTRY
from cascade_tools.records.snapshots import SEALED
from cascade_tools.records.store import Store
from cascade_tools.records.tables import (
    AgreementRow,
    AnswerRow,
    EntryRow,
    InvitationRow,
    OpeningRow,
    PairRow,
    PersonRow,
    RoleRow,
    ShareRow,
    SignInRow,
    SnapshotRow,
    SupervisesRow,
    SupervisionCoachRow,
    SupervisionRow,
    TalkRow,
    TicketRow,
)
from cascade_tools.records.trust_tables import (
    HoldRow,
    OwnNamesRow,
    RecoveryCodeRow,
    RequestedRow,
    SecondStepRow,
    TombstoneRow,
    WarningRow,
)

AUTHOR = "author"
RETENTION = "retention"
ABOUT = "about"
LEFT = "Somebody who has left"


# One entry, one copy


def erase_entry(store: Store, s: Session, entry: EntryRow, why: str) -> TombstoneRow:
    """Erase an entry with every version, copy and share of it; returns its tombstone.

    ``why`` is ``"author"`` or ``"retention"``.  Who opened it and when stays in the read log,
    without a link to anything.  When its author erases it, reviews of its copies go, too, and
    leave a tombstone of their own; when its time is up they stay until theirs is.
    It asks nobody: whether it may go is the caller's to know (see ``why_kept`` and holds).
    """
    now = store.now()
    readers = readers_ever(s, entry)
    if entry.together == SEALED:
        together.take_back(s, entry, now)
    snapshots = list(s.scalars(select(SnapshotRow).where(SnapshotRow.entry_id == entry.id)))
    thing = "review" if _is_review(s, entry) else "entry"
    stone = _stone(
        s, entry.person_id, thing, entry.id, entry.workbook, entry.made_at, now, why, readers
    )
    for snapshot in snapshots:
        _remove_copy(store, s, snapshot, why, stone)
    _unlink(s, OpeningRow.entry_id == entry.id, stone)
    s.execute(delete(AnswerRow).where(AnswerRow.entry_id == entry.id))
    s.execute(delete(TicketRow).where(TicketRow.entry_id == entry.id))
    _forget_warnings(s, [entry.id])
    _forget_unrecorded(s, entry)
    s.delete(entry)
    s.flush()
    leave_no_remains(s)
    return stone


def erase_snapshot(store: Store, s: Session, snapshot: SnapshotRow, why: str) -> TombstoneRow:
    """Erase one frozen copy and its shares, not the entry it was made of; returns its tombstone."""
    entry = s.get_one(EntryRow, snapshot.entry_id)
    readers = readers_ever(s, entry, snapshot)
    stone = _stone(
        s,
        snapshot.author_id,
        "snapshot",
        snapshot.id,
        entry.workbook,
        snapshot.made_at,
        store.now(),
        why,
        readers,
    )
    _remove_copy(store, s, snapshot, why, stone)
    s.flush()
    leave_no_remains(s)
    return stone


def _remove_copy(
    store: Store, s: Session, snapshot: SnapshotRow, why: str, stone: TombstoneRow
) -> None:
    if why != RETENTION:
        about = select(EntryRow).where(EntryRow.about_id == snapshot.id)
        for review in s.scalars(about).all():
            # What the law wants kept stays, whoever erases what it is about.
            if held(s, review.person_id) is None:
                erase_entry(store, s, review, ABOUT)
    s.execute(
        update(SnapshotRow).where(SnapshotRow.opened_with == snapshot.id).values(opened_with=None)
    )
    s.execute(
        delete(AgreementRow).where(
            AgreementRow.snapshot_id == snapshot.id, AgreementRow.accepted_at.is_(None)
        )
    )
    s.execute(
        update(AgreementRow)
        .where(AgreementRow.snapshot_id == snapshot.id)
        .values(snapshot_id=None, label="")
    )
    s.execute(delete(ShareRow).where(ShareRow.snapshot_id == snapshot.id))
    _unlink(s, OpeningRow.snapshot_id == snapshot.id, stone)
    _forget_warnings(s, [snapshot.id])
    s.delete(snapshot)


def _stone(
    s: Session,
    person_id: str,
    thing: str,
    thing_id: str,
    workbook: str,
    made_at: datetime,
    erased_at: datetime,
    why: str,
    readers: dict[str, str],
) -> TombstoneRow:
    stone = TombstoneRow(
        person_id=person_id,
        thing=thing,
        thing_id=thing_id,
        workbook=workbook,
        made_at=made_at,
        erased_at=erased_at,
        why=why,
        readers=readers,
    )
    s.add(stone)
    s.flush()
    return stone


def readers_ever(
    s: Session, entry: EntryRow, snapshot: SnapshotRow | None = None
) -> dict[str, str]:
    """Who could read this, at any time: what each was to its author, by id."""
    shares = (
        select(ShareRow, SnapshotRow)
        .join(SnapshotRow, SnapshotRow.id == ShareRow.snapshot_id)
        .where(SnapshotRow.entry_id == entry.id)
        .order_by(ShareRow.made_at)
    )
    if snapshot is not None:
        shares = shares.where(SnapshotRow.id == snapshot.id)
    found: dict[str, str] = {}
    for share, copy in s.execute(shares):
        # What is sealed could not be read by anybody before both halves were open.
        if copy.kind != SEALED or copy.state == State.OPENED or _opened(s, share):
            found[share.reader_id] = share.as_role
    if snapshot is None and entry.state != State.DRAFT:
        found |= dict.fromkeys(_partners(s, entry), "partner")
    return found


def _opened(s: Session, share: ShareRow) -> bool:
    opening = select(OpeningRow.id).where(
        OpeningRow.snapshot_id == share.snapshot_id, OpeningRow.reader_id == share.reader_id
    )
    return s.scalar(opening.limit(1)) is not None


def _partners(s: Session, entry: EntryRow) -> list[str]:
    """Whose record this is besides its author's."""
    if entry.together == SHARED_ENTRY and entry.pair_id is not None:
        other = other_half(s, s.get_one(PairRow, entry.pair_id), entry.person_id)
        return [] if other is None else [other.id]
    met = select(SupervisionCoachRow.coach_id).where(
        SupervisionCoachRow.supervision_id == entry.about_id
    )
    return list(s.scalars(met))


def _is_review(s: Session, entry: EntryRow) -> bool:
    """Also where the copy it is about has gone before it."""
    if entry.about_id is None:
        return False
    gone = select(TombstoneRow.id).where(
        TombstoneRow.thing == "snapshot", TombstoneRow.thing_id == entry.about_id
    )
    return s.get(SnapshotRow, entry.about_id) is not None or s.scalar(gone) is not None


def _unlink(s: Session, which: object, stone: TombstoneRow) -> None:
    s.execute(
        update(OpeningRow)
        .where(which)  # type: ignore[arg-type]
        .values(snapshot_id=None, entry_id=None, tombstone_id=stone.id)
    )


def _forget_warnings(s: Session, ids: Iterable[str]) -> None:
    s.execute(delete(WarningRow).where(WarningRow.thing_id.in_(list(ids))))


def _forget_unrecorded(s: Session, entry: EntryRow) -> None:
    """A meeting that was only being written up goes with its sheet; what took place is a fact."""
    meeting = None if entry.about_id is None else s.get(SupervisionRow, entry.about_id)
    if meeting is not None and meeting.recorded_at is None:
        s.execute(
            delete(SupervisionCoachRow).where(SupervisionCoachRow.supervision_id == meeting.id)
        )
        s.delete(meeting)


# A whole person


def erase_person(store: Store, s: Session, person: PersonRow, why: str) -> TombstoneRow:
    """Erase everything that is this person's alone, and who they are; returns the tombstone.

    The row stays without name, phone and passphrase, for what others keep: what both halves of a
    pair keep together, meetings that took place, and what others wrote.  Decisions about consent
    stay, because they may have to be shown.  Nobody can sign in with it again.
    """
    now = store.now()
    for entry_id in list(s.scalars(select(EntryRow.id).where(EntryRow.person_id == person.id))):
        # Erasing one may have taken another with it.
        entry = s.get(EntryRow, entry_id)
        if entry is not None and why_kept(s, entry) is None:
            erase_entry(store, s, entry, why)
    s.execute(delete(TicketRow).where(TicketRow.person_id == person.id))
    for row in (
        OwnNamesRow,
        SecondStepRow,
        RecoveryCodeRow,
        WarningRow,
        SignInRow,
        InvitationRow,
        RoleRow,
    ):
        s.execute(delete(row).where(row.person_id == person.id))
    s.execute(delete(TalkRow).where(TalkRow.coach_id == person.id))
    knowledge_rows.leave(s, person.id)
    s.execute(
        update(SupervisesRow)
        .where(
            or_(SupervisesRow.supervisor_id == person.id, SupervisesRow.coach_id == person.id),
            SupervisesRow.until.is_(None),
        )
        .values(until=now)
    )
    for made in (InvitationRow, HoldRow):
        s.execute(update(made).where(made.made_by == person.name).values(made_by=LEFT))
    stone = _stone(s, person.id, "person", person.id, "", person.made_at, now, why, {})
    person.name, person.sign_in_name = LEFT, f"(left {person.id})"
    person.phone, person.passphrase = "", None
    person.left_at = person.left_at or now
    s.flush()
    leave_no_remains(s)
    return stone


# What may not go


def why_kept(s: Session, entry: EntryRow) -> str | None:
    """Why this is not one person's to erase; None where it is.

    ``"pair"`` belongs to both halves, ``"meeting"`` was recorded, ``"agreement"`` was accepted,
    and of ``"asked"`` somebody has asked for a copy, which has not been answered yet.
    """
    if entry.together == SHARED_ENTRY:
        return "pair"
    meeting = None if entry.about_id is None else s.get(SupervisionRow, entry.about_id)
    if meeting is not None and meeting.recorded_at is not None:
        return "meeting"
    agreed = (
        select(AgreementRow.id)
        .join(SnapshotRow, SnapshotRow.id == AgreementRow.snapshot_id)
        .where(SnapshotRow.entry_id == entry.id, AgreementRow.accepted_at.is_not(None))
    )
    if s.scalar(agreed.limit(1)) is not None:
        return "agreement"
    asked = select(RequestedRow.id).where(
        RequestedRow.entry_id == entry.id, RequestedRow.state == "asked"
    )
    return "asked" if s.scalar(asked.limit(1)) is not None else None


SENTENCES = {
    "pair": "This belongs to both of you, so neither of you can erase it alone.",
    "meeting": "This is the record of a meeting, so neither of you can erase it alone.",
    "agreement": "You have both agreed to this, so neither of you can erase it alone.",
    "asked": "Somebody has asked for a copy of this. Answer that first.",
}
