"""A supervisor's caseload: facts about each coach, no words.

Each kind of fact is asked for once for all coaches, however many there are.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
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
    side_by_side: Mapping[str, int],
    planned: int,
    now: datetime,
) -> list[CoachSeen]:
    """The coaches this supervisor holds now, by name.

    ``shares`` are what the supervisor may read, by the author's id; ``side_by_side`` how many of
    them can stand beside each other, by the pair's id; ``planned`` is how many sessions a pair
    has.
    """
    coaches = s.execute(
        select(PersonRow, SupervisesRow.since)
        .join(SupervisesRow, SupervisesRow.coach_id == PersonRow.id)
        .where(
            SupervisesRow.supervisor_id == supervisor_id,
            SupervisesRow.until.is_(None),
            PersonRow.left_at.is_(None),
        )
        .order_by(PersonRow.name)
    ).all()
    ids = [coach.id for coach, _ in coaches]
    meetings = _meetings(s, supervisor_id, ids)
    talks = _talks(s, ids)
    pairs = _pairs(s, ids, side_by_side, planned, now.date())
    return [
        _coach(
            coach,
            since,
            meetings[coach.id],
            talks.get(coach.id),
            tuple(pairs[coach.id]),
            shares.get(coach.id, []),
            now.date(),
        )
        for coach, since in coaches
    ]


def _meetings(
    s: Session, supervisor_id: str, coaches: Sequence[str]
) -> defaultdict[str, list[SupervisionRow]]:
    """The recorded meetings with this supervisor, by coach, oldest first."""
    found: defaultdict[str, list[SupervisionRow]] = defaultdict(list)
    for coach_id, meeting in s.execute(
        select(SupervisionCoachRow.coach_id, SupervisionRow)
        .join(SupervisionRow, SupervisionCoachRow.supervision_id == SupervisionRow.id)
        .where(
            SupervisionCoachRow.coach_id.in_(coaches),
            SupervisionRow.supervisor_id == supervisor_id,
            SupervisionRow.recorded_at.is_not(None),
        )
        .order_by(SupervisionRow.on)
    ):
        found[coach_id].append(meeting)
    return found


def _talks(s: Session, coaches: Sequence[str]) -> dict[str, TalkRow]:
    """The newest open asking to talk of each coach who asks."""
    rows = s.scalars(
        select(TalkRow)
        .where(TalkRow.coach_id.in_(coaches), TalkRow.ended_at.is_(None))
        .order_by(TalkRow.asked_at)
    )
    return {talk.coach_id: talk for talk in rows}


def _pairs(
    s: Session,
    coaches: Sequence[str],
    side_by_side: Mapping[str, int],
    planned: int,
    today: date,
) -> defaultdict[str, list[PairSeen]]:
    """Every pair of these coaches, by coach, in the order they started."""
    pairs = s.scalars(
        select(PairRow).where(PairRow.coach_id.in_(coaches)).order_by(PairRow.started)
    ).all()
    sessions: defaultdict[str, list[SessionRow]] = defaultdict(list)
    for session in s.scalars(
        select(SessionRow)
        .join(PairRow, PairRow.id == SessionRow.pair_id)
        .where(PairRow.coach_id.in_(coaches))
    ):
        sessions[session.pair_id].append(session)
    found: defaultdict[str, list[PairSeen]] = defaultdict(list)
    for pair in pairs:
        of_pair = sessions[pair.id]
        found[pair.coach_id].append(
            PairSeen(
                label=pair.label,
                last_session=max((x.number for x in of_pair if x.state == Held.HELD), default=0),
                planned=planned,
                next_session=_next_session(pair, of_pair, today),
                ended=pair.ended,
                id=pair.id,
                shared=side_by_side.get(pair.id, 0),
            )
        )
    return found


def _next_session(pair: PairRow, sessions: Iterable[SessionRow], today: date) -> date | None:
    if pair.ended is not None:
        return None
    ahead = [x.on for x in sessions if x.state == Held.PLANNED and x.on and x.on >= today]
    return min(ahead, default=None)


def _coach(
    coach: PersonRow,
    since: datetime,
    meetings: Sequence[SupervisionRow],
    talk: TalkRow | None,
    pairs: tuple[PairSeen, ...],
    shares: Sequence[SharedSeen],
    today: date,
) -> CoachSeen:
    held = [m for m in meetings if m.state == Held.HELD]
    cancelled: dict[str, int] = {}
    for m in meetings:
        if m.state == Held.CANCELLED:
            by = m.changed_by or "not recorded"
            cancelled[by] = cancelled.get(by, 0) + 1
    ahead = [m.on for m in meetings if m.state == Held.PLANNED and m.on >= today]
    ahead += [m.next_on for m in meetings if m.next_on and m.next_on >= today]
    return CoachSeen(
        id=coach.id,
        name=coach.name,
        phone=coach.phone,
        since=since.date(),
        pairs=pairs,
        asked=talk.when if talk else None,
        asked_at=talk.asked_at if talk else None,
        last_talked=held[-1].on if held else None,
        next_talk=min(ahead, default=None),
        held=len(held),
        cancelled=cancelled,
        unread=tuple(x for x in shares if x.opened_at is None),
        shared=len(shares),
    )
