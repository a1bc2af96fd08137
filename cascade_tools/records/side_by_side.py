"""The copies one author shares about one pair, for a reader who looks across its sessions."""

from datetime import datetime

from sqlalchemy import select

from cascade_tools.errors import NotFound
from cascade_tools.model.issue import SHEETS
from cascade_tools.model.seen import AnswerSeen
from cascade_tools.model.sharing import State
from cascade_tools.records.policy import live_share
from cascade_tools.records.read_log import add_opening
from cascade_tools.records.snapshots import SHARED
from cascade_tools.records.store import Store
from cascade_tools.records.tables import EntryRow, PersonRow, ShareRow, SnapshotRow

# Looked at beside others, a copy has not been read as a whole: it still waits to be.
SIDE_BY_SIDE = "side-by-side"


def copies_of_pair(store: Store, reader_id: str, author_id: str, pair_id: str) -> list[AnswerSeen]:
    """The answers in the newest live copy of each sheet, oldest sheet first.

    A line in the author's log for each copy, in the same transaction.  Raises ``NotFound``.
    """
    now = store.now()
    with store.database.writing() as s:
        rows = s.execute(
            select(SnapshotRow, ShareRow, PersonRow.name)
            .join(ShareRow, ShareRow.snapshot_id == SnapshotRow.id)
            .join(EntryRow, EntryRow.id == SnapshotRow.entry_id)
            .join(PersonRow, PersonRow.id == SnapshotRow.author_id)
            .where(
                EntryRow.pair_id == pair_id,
                EntryRow.workbook.in_(SHEETS),
                SnapshotRow.author_id == author_id,
                SnapshotRow.kind == SHARED,
                SnapshotRow.state == State.OPENED,
                live_share(reader_id, now),
            )
            .order_by(SnapshotRow.made_at)
        )
        # Of several copies of one sheet only the last is opened, and so only that one is logged.
        newest = {snapshot.entry_id: (snapshot, share, name) for snapshot, share, name in rows}
        if not newest:
            raise NotFound("There is nothing here for you.")
        found: list[AnswerSeen] = []
        for snapshot, share, name in newest.values():
            add_opening(s, snapshot, reader_id, SIDE_BY_SIDE, now)
            found += answers_in(store, snapshot, share, name)
        return found


def answers_in(
    store: Store, snapshot: SnapshotRow, share: ShareRow, author: str
) -> list[AnswerSeen]:
    """What a copy holds, for its reader.  Whoever asks has written the line in the log."""
    body = store.open_document(snapshot.key_id, snapshot.sealed, snapshot.id)
    return [
        AnswerSeen(
            person=author,
            workbook=body["workbook"],
            entry=snapshot.entry_id,
            snapshot=snapshot.id,
            pair=body["label"] or None,
            session=body["session"],
            key=answer["key"],
            question=answer["question"],
            kind=answer["kind"],
            who=answer["who"],
            words_from=answer["words_from"],
            value=answer["value"],
            words=answer["words"],
            saved_at=datetime.fromisoformat(answer["saved_at"]),
            way="shared",
            until=share.ends_at,
        )
        for page in body["pages"]
        for answer in page["answers"]
    ]
