"""Frozen copies: made, addressed to one reader, taken back."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cascade_tools.errors import NotPossible
from cascade_tools.model.entry import Document
from cascade_tools.model.sharing import State
from cascade_tools.records.consents import check_kept
from cascade_tools.records.policy import SHARED_COPY
from cascade_tools.records.store import Store
from cascade_tools.records.tables import EntryRow, ShareRow, SnapshotRow, new_id

SHARED = SHARED_COPY
SEALED = "sealed"
AGREEMENT = "agreement"


def check_worth(document: Document, until: datetime, now: datetime) -> None:
    """Raises ``NotPossible`` when there is nothing in it, or the end is not in the future."""
    if not document.body["pages"]:
        raise NotPossible("There is nothing to share yet. Answer something first.")
    if until <= now:
        raise NotPossible("Choose an end date after today.")


def freeze(
    store: Store,
    s: Session,
    entry: EntryRow,
    document: Document,
    now: datetime,
    *,
    kind: str = SHARED,
    state: State = State.OPENED,
) -> SnapshotRow:
    """A copy of what the author of this entry chose; so far it is addressed to nobody."""
    check_kept(s, entry.person_id)
    snapshot_id = new_id()
    sealed = store.seal_document(document.body, snapshot_id)
    snapshot = SnapshotRow(
        id=snapshot_id,
        entry_id=entry.id,
        author_id=entry.person_id,
        state=state,
        made_at=now,
        hash=document.hash,
        key_id=sealed.key_id,
        sealed=sealed.body,
        kind=kind,
    )
    s.add(snapshot)
    s.flush()
    return snapshot


def address(
    store: Store,
    s: Session,
    snapshot: SnapshotRow,
    reader_id: str,
    as_role: str,
    *,
    purpose: str,
    ends_at: datetime,
) -> None:
    """One reader may read this copy, once its state allows, until ``ends_at``."""
    share_id = new_id()
    sealed = store.seal_purpose(purpose.strip()[:200], share_id)
    s.add(
        ShareRow(
            id=share_id,
            snapshot_id=snapshot.id,
            reader_id=reader_id,
            as_role=as_role,
            made_at=snapshot.made_at,
            ends_at=ends_at,
            key_id=sealed.key_id,
            sealed=sealed.body,
        )
    )
    s.flush()


def withdraw(s: Session, snapshot: SnapshotRow, now: datetime) -> None:
    """From now on this copy is its author's alone, for good."""
    snapshot.state, snapshot.opened_with = State.WITHDRAWN, None
    for share in s.scalars(
        select(ShareRow).where(ShareRow.snapshot_id == snapshot.id, ShareRow.stopped_at.is_(None))
    ):
        share.stopped_at = now


def live_rounds(s: Session, entry_id: str, reader_id: str) -> list[ShareRow]:
    """The shares of every copy of this sheet that have not been stopped for this reader."""
    found = s.scalars(
        select(ShareRow)
        .join(SnapshotRow, SnapshotRow.id == ShareRow.snapshot_id)
        .where(
            SnapshotRow.entry_id == entry_id,
            SnapshotRow.kind == SHARED,
            ShareRow.reader_id == reader_id,
            ShareRow.stopped_at.is_(None),
        )
    )
    return list(found)


def stop_rounds(s: Session, entry: EntryRow, reader_id: str, now: datetime) -> None:
    """Every copy of this sheet is over for this reader, and so is what its author said back about
    any of them, which may repeat it."""
    copies = select(SnapshotRow.id).where(SnapshotRow.entry_id == entry.id)
    back = s.scalars(
        select(ShareRow)
        .join(SnapshotRow, SnapshotRow.id == ShareRow.snapshot_id)
        .join(EntryRow, EntryRow.id == SnapshotRow.entry_id)
        .where(
            EntryRow.person_id == entry.person_id,
            EntryRow.about_id.in_(copies),
            ShareRow.reader_id == reader_id,
            ShareRow.stopped_at.is_(None),
        )
    )
    for share in (*live_rounds(s, entry.id, reader_id), *back):
        share.stopped_at = now
