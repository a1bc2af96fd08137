"""The live shares to one reader: what they are called and from when, nothing that is in them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, String, bindparam, func, select
from sqlalchemy.orm import Session

from cascade_tools.model.seen import SharedSeen
from cascade_tools.model.sharing import State
from cascade_tools.records.policy import live_share, newest_round
from cascade_tools.records.read_log import PAGE
from cascade_tools.records.store import Store
from cascade_tools.records.tables import (
    EntryRow,
    OpeningRow,
    PairRow,
    PersonRow,
    SessionRow,
    ShareRow,
    SnapshotRow,
    SupervisesRow,
    Utc,
)


@dataclass(frozen=True, slots=True)
class Held:
    """A live share with the ids of its author, because of two people of one name one may have
    left, and of the pair it is about."""

    author_id: str
    pair_id: str | None
    seen: SharedSeen


@cache
def _live() -> Select[Any]:
    """The statement, built once: building it took longer than asking it."""
    reader_id, now = bindparam("reader", type_=String()), bindparam("now", type_=Utc())
    opened = (
        select(func.min(OpeningRow.at))
        .where(
            OpeningRow.snapshot_id == SnapshotRow.id,
            OpeningRow.reader_id == reader_id,
            OpeningRow.way == PAGE,
        )
        .scalar_subquery()
    )
    review = EntryRow.__table__.alias("review")
    answer = SnapshotRow.__table__.alias("answer")
    answered = (
        select(func.min(answer.c.made_at))
        .join(review, review.c.id == answer.c.entry_id)
        .where(review.c.about_id == SnapshotRow.id, review.c.person_id == reader_id)
        .correlate(SnapshotRow)
        .scalar_subquery()
    )
    return (
        select(
            SnapshotRow.author_id,
            EntryRow.pair_id,
            PersonRow.name,
            EntryRow.workbook,
            PairRow.label,
            SessionRow.number,
            ShareRow,
            opened,
            answered,
        )
        .join(ShareRow, ShareRow.snapshot_id == SnapshotRow.id)
        .join(PersonRow, PersonRow.id == SnapshotRow.author_id)
        .join(EntryRow, EntryRow.id == SnapshotRow.entry_id)
        .outerjoin(SessionRow, SessionRow.id == EntryRow.session_id)
        .outerjoin(PairRow, PairRow.id == EntryRow.pair_id)
        .where(live_share(reader_id, now), SnapshotRow.state == State.OPENED, newest_round())
        .order_by(ShareRow.made_at.desc())
    )


def shares_held(
    store: Store, s: Session, reader_id: str, now: datetime, title_of: Callable[[str], str]
) -> list[Held]:
    """Every live share to this reader, newest first: of a sheet, the newest copy alone."""
    return [
        Held(
            author_id,
            pair_id,
            SharedSeen(
                id=share.snapshot_id,
                author=name,
                workbook=workbook,
                title=title_of(workbook),
                label=label or "",
                session=number,
                purpose=store.open_purpose(share),
                shared_at=share.made_at,
                ends_at=share.ends_at,
                opened_at=opened_at,
                answered_at=answered_at,
            ),
        )
        for (
            author_id,
            pair_id,
            name,
            workbook,
            label,
            number,
            share,
            opened_at,
            answered_at,
        ) in s.execute(_live(), {"reader": reader_id, "now": now})
    ]


def ids_standing(s: Session, reader_id: str, now: datetime) -> frozenset[str]:
    """The ids of the coaches this reader supervises and of the live shares to them."""
    coaches = select(SupervisesRow.coach_id).where(
        SupervisesRow.supervisor_id == reader_id, SupervisesRow.until.is_(None)
    )
    snapshots = (
        select(ShareRow.snapshot_id)
        .join(SnapshotRow, SnapshotRow.id == ShareRow.snapshot_id)
        .where(live_share(reader_id, now), SnapshotRow.state == State.OPENED)
    )
    return frozenset(s.scalars(coaches.union(snapshots)))
