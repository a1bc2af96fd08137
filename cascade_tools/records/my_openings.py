"""Who opened what: of this person's words by others, and the other way round."""

from sqlalchemy import func, or_, select

from cascade_tools.model.sharing import State
from cascade_tools.records.mine import OPERATOR, Facts, Mine, iso
from cascade_tools.records.others_words import about
from cascade_tools.records.read_log import told
from cascade_tools.records.snapshots import SEALED
from cascade_tools.records.tables import (
    EntryRow,
    OpeningRow,
    ShareRow,
    SnapshotRow,
)
from cascade_tools.records.trust_tables import (
    TombstoneRow,
)


def opened_by_others(m: Mine) -> list[Facts]:
    """Who opened what you wrote, or tried to."""
    return _openings(m, OpeningRow.author_id == m.me.id, told(m.now))


def opened_by_you(m: Mine) -> list[Facts]:
    """What you opened of others, also where you were one of two who broke the glass."""
    mine = (OpeningRow.reader_id, OpeningRow.first_id, OpeningRow.second_id)
    return _openings(m, or_(*(column == m.me.id for column in mine)))


def _openings(m: Mine, *which: object) -> list[Facts]:
    rows = m.s.execute(
        select(
            OpeningRow,
            func.coalesce(EntryRow.workbook, TombstoneRow.workbook),
        )
        .outerjoin(SnapshotRow, SnapshotRow.id == OpeningRow.snapshot_id)
        .outerjoin(
            EntryRow, EntryRow.id == func.coalesce(SnapshotRow.entry_id, OpeningRow.entry_id)
        )
        .outerjoin(TombstoneRow, TombstoneRow.id == OpeningRow.tombstone_id)
        .where(*which)  # type: ignore[arg-type]
        .order_by(OpeningRow.at)
    )
    return [
        {
            "reader": m.name(row.reader_id, OPERATOR),
            "writer": m.name(row.author_id),
            "at": iso(row.at),
            "version_at": iso(row.version_at),
            "way": row.way,
            "reason": row.reason,
            "decided_by": [m.names[i] for i in (row.first_id, row.second_id) if i],
            "told_from": iso(row.told_from),
            **(m.workbook(workbook) if workbook else {"workbook": None, "title": None}),
            "erased_since": row.tombstone_id is not None,
            **m.kept(row.id),
        }
        for row, workbook in rows
    ]


def shared_with_you(m: Mine) -> list[Facts]:
    """What others shared with you: from whom and until when, not their words."""
    rows = m.s.execute(
        select(ShareRow, SnapshotRow.author_id, EntryRow.workbook)
        .join(SnapshotRow, SnapshotRow.id == ShareRow.snapshot_id)
        .join(EntryRow, EntryRow.id == SnapshotRow.entry_id)
        # Before both are open, nothing tells the other half.
        .where(
            ShareRow.reader_id == m.me.id,
            or_(SnapshotRow.kind != SEALED, SnapshotRow.state == State.OPENED),
        )
        .order_by(ShareRow.made_at)
    )
    return [
        {
            "writer": m.name(author_id),
            **m.workbook(workbook),
            "you_are": row.as_role,
            "shared_at": iso(row.made_at),
            "ends_at": iso(row.ends_at),
            "stopped_at": iso(row.stopped_at),
        }
        for row, author_id, workbook in rows
    ]


def written_by_others(m: Mine) -> list[Facts]:
    """What others wrote about you or your work: kind, day and writer.  Ask, and each is looked at
    by its writer first."""
    rows = m.s.scalars(select(EntryRow).where(about(m.me.id)).order_by(EntryRow.made_at))
    return [
        {
            **m.workbook(row.workbook),
            "writer": m.name(row.person_id),
            "on": iso(row.made_at.date()),
        }
        for row in rows
    ]
