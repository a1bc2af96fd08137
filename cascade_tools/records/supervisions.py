"""Meetings of a supervisor with coaches: which were recorded, and what a meeting settles."""

from datetime import datetime

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from cascade_tools.model.people import Held, Supervision
from cascade_tools.records.person import person_of
from cascade_tools.records.tables import (
    EntryRow,
    PersonRow,
    SupervisionCoachRow,
    SupervisionRow,
    TalkRow,
)

# When a coach asked to talk, while nobody has answered.  Built once: many pages ask it.
LAST_TALK = (
    select(TalkRow.when)
    .where(TalkRow.coach_id == bindparam("coach"), TalkRow.ended_at.is_(None))
    .order_by(TalkRow.asked_at.desc())
    .limit(1)
)


def recorded_with(s: Session, person_id: str) -> list[Supervision]:
    """Recorded meetings this person was part of, newest first."""
    rows = s.scalars(
        select(SupervisionRow)
        .outerjoin(SupervisionCoachRow, SupervisionCoachRow.supervision_id == SupervisionRow.id)
        .where(
            SupervisionRow.recorded_at.is_not(None),
            or_(
                SupervisionRow.supervisor_id == person_id,
                SupervisionCoachRow.coach_id == person_id,
            ),
        )
        .distinct()
        .order_by(SupervisionRow.on.desc(), SupervisionRow.id)
    )
    return [_supervision(s, row) for row in rows]


def _supervision(s: Session, row: SupervisionRow) -> Supervision:
    coaches = s.scalars(
        select(PersonRow)
        .join(SupervisionCoachRow, SupervisionCoachRow.coach_id == PersonRow.id)
        .where(SupervisionCoachRow.supervision_id == row.id)
        .order_by(PersonRow.name)
    )
    entry = s.scalar(select(EntryRow.id).where(EntryRow.about_id == row.id))
    return Supervision(
        id=row.id,
        supervisor=person_of(s, s.get_one(PersonRow, row.supervisor_id)),
        coaches=tuple(person_of(s, c) for c in coaches),
        on=row.on,
        state=Held(row.state),
        changed_by=row.changed_by,
        minutes=row.minutes,
        how=row.how,
        next_on=row.next_on,
        entry_id=entry,
        made_at=row.made_at,
    )


def answer_talks(s: Session, meeting: SupervisionRow, now: datetime) -> None:
    """A meeting that was held answers whoever had asked to talk by then."""
    with_them = select(SupervisionCoachRow.coach_id).where(
        SupervisionCoachRow.supervision_id == meeting.id
    )
    for talk in s.scalars(
        select(TalkRow).where(TalkRow.ended_at.is_(None), TalkRow.coach_id.in_(with_them))
    ):
        if talk.asked_at.date() <= meeting.on:
            talk.ended_at = now
