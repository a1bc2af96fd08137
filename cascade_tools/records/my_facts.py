"""Who one person is here: pairs, meetings, agreements.  Each function is one section."""

from sqlalchemy import or_, select

from cascade_tools.records.mine import Facts, Mine, iso
from cascade_tools.records.tables import (
    AgreementRow,
    PairRow,
    RoleRow,
    SessionRow,
    SupervisesRow,
    SupervisionCoachRow,
    SupervisionRow,
    TalkRow,
    TogetherRow,
)


def you(m: Mine) -> Facts:
    """Who you are here."""
    roles = m.s.scalars(select(RoleRow.role).where(RoleRow.person_id == m.me.id))
    return {
        "name": m.me.name,
        "sign_in_name": m.me.sign_in_name,
        "phone": m.me.phone,
        "roles": sorted(roles),
        "has_passphrase": m.me.passphrase is not None,
        "added_at": iso(m.me.made_at),
        "left_at": iso(m.me.left_at),
        "room": m.me.room,
    }


def pairs(m: Mine) -> list[Facts]:
    """The pairs you are half of, with their sessions."""
    rows = m.s.scalars(
        select(PairRow)
        .where(or_(PairRow.coach_id == m.me.id, PairRow.leader_id == m.me.id))
        .order_by(PairRow.started, PairRow.id)
    )
    return [
        {
            "label": row.label,
            "coach": m.name(row.coach_id),
            "leader": m.name(row.leader_id),
            "started": iso(row.started),
            "ends": iso(row.ends),
            "ended": iso(row.ended),
            "ended_early": row.ended_early,
            "ended_by": row.ended_by,
            "asked_on": iso(row.asked_on),
            "reason_kept": row.reason_kept,
            **m.kept(row.id),
            "sessions": [
                {
                    "number": one.number,
                    "on": iso(one.on),
                    "state": one.state,
                    "minutes": one.minutes,
                    "mode": one.mode,
                    "moved_from": iso(one.moved_from),
                    "moved_by": one.moved_by,
                    "cancelled_by": one.cancelled_by,
                }
                for one in m.s.scalars(
                    select(SessionRow)
                    .where(SessionRow.pair_id == row.id)
                    .order_by(SessionRow.number)
                )
            ],
        }
        for row in rows
    ]


def halves(m: Mine) -> dict[str, str]:
    """The labels of the pairs this person is half of, by id."""
    rows = m.s.execute(
        select(PairRow.id, PairRow.label).where(
            or_(PairRow.coach_id == m.me.id, PairRow.leader_id == m.me.id)
        )
    )
    return {row.id: row.label for row in rows}


def agreements(m: Mine) -> list[Facts]:
    """What you proposed or agreed in a pair.  A proposal that was taken back is its writer's."""
    labels = halves(m)
    rows = m.s.scalars(
        select(AgreementRow)
        .where(
            AgreementRow.pair_id.in_(labels),
            or_(AgreementRow.withdrawn_at.is_(None), AgreementRow.proposed_by == m.me.id),
        )
        .order_by(AgreementRow.proposed_at)
    )
    return [
        {
            "pair": labels[row.pair_id],
            "version": row.version,
            "proposed_by": m.name(row.proposed_by),
            "proposed_at": iso(row.proposed_at),
            "accepted_by": m.name(row.accepted_by),
            "accepted_at": iso(row.accepted_at),
            "withdrawn_at": iso(row.withdrawn_at),
            "ends": iso(row.ends),
            "label": row.label,
            **m.kept(row.id),
        }
        for row in rows
    ]


def done_together(m: Mine) -> list[Facts]:
    """Workbooks your pair has done, and how."""
    labels = halves(m)
    rows = m.s.scalars(
        select(TogetherRow).where(TogetherRow.pair_id.in_(labels)).order_by(TogetherRow.made_at)
    )
    return [
        {
            "pair": labels[row.pair_id],
            **m.workbook(row.workbook),
            "way": row.way,
            "on": iso(row.on),
            "said_by": m.name(row.by_id),
            "said_at": iso(row.made_at),
            **m.kept(row.id),
        }
        for row in rows
    ]


def supervision(m: Mine) -> list[Facts]:
    """Who supervises whom, where one of the two is you."""
    rows = m.s.scalars(
        select(SupervisesRow)
        .where(or_(SupervisesRow.supervisor_id == m.me.id, SupervisesRow.coach_id == m.me.id))
        .order_by(SupervisesRow.since)
    )
    return [
        {
            "supervisor": m.name(row.supervisor_id),
            "coach": m.name(row.coach_id),
            "since": iso(row.since),
            "until": iso(row.until),
            **m.kept(row.id),
        }
        for row in rows
    ]


def meetings(m: Mine) -> list[Facts]:
    """Supervision that you were part of: facts.  One that is only being written is its writer's."""
    with_me = select(SupervisionCoachRow.supervision_id).where(
        SupervisionCoachRow.coach_id == m.me.id
    )
    rows = m.s.scalars(
        select(SupervisionRow)
        .where(
            or_(
                SupervisionRow.supervisor_id == m.me.id,
                SupervisionRow.id.in_(with_me) & SupervisionRow.recorded_at.is_not(None),
            )
        )
        .order_by(SupervisionRow.on, SupervisionRow.id)
    )
    return [
        {
            "supervisor": m.name(row.supervisor_id),
            "coaches": sorted(
                m.names[coach_id]
                for coach_id in m.s.scalars(
                    select(SupervisionCoachRow.coach_id).where(
                        SupervisionCoachRow.supervision_id == row.id
                    )
                )
            ),
            "on": iso(row.on),
            "state": row.state,
            "changed_by": row.changed_by,
            "minutes": row.minutes,
            "how": row.how,
            "next_on": iso(row.next_on),
            "begun_at": iso(row.made_at),
            "recorded_at": iso(row.recorded_at),
            **m.kept(row.id),
        }
        for row in rows
    ]


def talks(m: Mine) -> list[Facts]:
    """When you asked to talk."""
    rows = m.s.scalars(
        select(TalkRow).where(TalkRow.coach_id == m.me.id).order_by(TalkRow.asked_at)
    )
    return [
        {
            "when": row.when,
            "asked_at": iso(row.asked_at),
            "ended_at": iso(row.ended_at),
            **m.kept(row.id),
        }
        for row in rows
    ]
