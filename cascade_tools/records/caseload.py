"""A supervisor's caseload: facts about each coach, no words."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cascade_tools.model.people import Held
from cascade_tools.model.seen import CoachSeen, PairSeen, SharedSeen
from cascade_tools.records.tables import (
    PairRow,
    PersonRow,
    SessionRow,
    SupervisesRow,
    SupervisionCoachRow,
    SupervisionRow,
    TalkRow,
)


def coaches_seen(
    s: Session,
    supervisor_id: str,
    shares: Mapping[str, list[SharedSeen]],
    planned: int,
    now: datetime,
) -> list[CoachSeen]:
    """The coaches this supervisor holds now, by name.

    ``shares`` are what the supervisor may read, by the author's id; ``planned`` is how many
    sessions a pair has.
    """
    rows = s.execute(
        select(PersonRow, SupervisesRow.since)
        .join(SupervisesRow, SupervisesRow.coach_id == PersonRow.id)
        .where(
            SupervisesRow.supervisor_id == supervisor_id,
            SupervisesRow.until.is_(None),
            PersonRow.left_at.is_(None),
        )
        .order_by(PersonRow.name)
    )
    return [
        _coach(s, supervisor_id, coach, since, shares.get(coach.id, []), planned, now)
        for coach, since in rows.all()
    ]


def _coach(
    s: Session,
    supervisor_id: str,
    coach: PersonRow,
    since: datetime,
    shares: list[SharedSeen],
    planned: int,
    now: datetime,
) -> CoachSeen:
    meetings = list(
        s.scalars(
            select(SupervisionRow)
            .join(SupervisionCoachRow, SupervisionCoachRow.supervision_id == SupervisionRow.id)
            .where(
                SupervisionCoachRow.coach_id == coach.id,
                SupervisionRow.supervisor_id == supervisor_id,
                SupervisionRow.recorded_at.is_not(None),
            )
            .order_by(SupervisionRow.on)
        )
    )
    held = [m for m in meetings if m.state == Held.HELD]
    cancelled: dict[str, int] = {}
    for m in meetings:
        if m.state == Held.CANCELLED:
            by = m.changed_by or "not recorded"
            cancelled[by] = cancelled.get(by, 0) + 1
    today = now.date()
    ahead = [m.on for m in meetings if m.state == Held.PLANNED and m.on >= today]
    ahead += [m.next_on for m in meetings if m.next_on and m.next_on >= today]
    talk = s.scalar(
        select(TalkRow)
        .where(TalkRow.coach_id == coach.id, TalkRow.ended_at.is_(None))
        .order_by(TalkRow.asked_at.desc())
        .limit(1)
    )
    return CoachSeen(
        id=coach.id,
        name=coach.name,
        phone=coach.phone,
        since=since.date(),
        pairs=_pairs(s, coach.id, planned, today),
        asked=talk.when if talk else None,
        asked_at=talk.asked_at if talk else None,
        last_talked=held[-1].on if held else None,
        next_talk=min(ahead) if ahead else None,
        held=len(held),
        cancelled=cancelled,
        unread=tuple(x for x in shares if x.opened_at is None),
        shared=len(shares),
    )


def _pairs(s: Session, coach_id: str, planned: int, today: date) -> tuple[PairSeen, ...]:
    found = []
    for pair in s.scalars(
        select(PairRow).where(PairRow.coach_id == coach_id).order_by(PairRow.started)
    ):
        sessions = list(s.scalars(select(SessionRow).where(SessionRow.pair_id == pair.id)))
        held = [x.number for x in sessions if x.state == Held.HELD]
        ahead = [x.on for x in sessions if x.state == Held.PLANNED and x.on and x.on >= today]
        found.append(
            PairSeen(
                label=pair.label,
                last_session=max(held, default=0),
                planned=planned,
                next_session=min(ahead) if ahead and pair.ended is None else None,
                ended=pair.ended,
            )
        )
    return tuple(found)
