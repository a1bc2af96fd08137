"""Decisions, signing in, requests and what was erased.  Each function is one section."""

from sqlalchemy import select

from cascade_tools.records.knowledge_rows import unseal
from cascade_tools.records.knowledge_tables import KnowledgeEventRow
from cascade_tools.records.mine import Facts, Mine, iso
from cascade_tools.records.tables import (
    EntryRow,
    InvitationRow,
    SignInRow,
    TicketRow,
)
from cascade_tools.records.trust_tables import (
    ConsentRow,
    HoldRow,
    RecoveryCodeRow,
    ReleaseRow,
    RequestedRow,
    RequestRow,
    SecondStepRow,
    TombstoneRow,
    WarningRow,
)


def consents(m: Mine) -> list[Facts]:
    """What you said yes or no to, and under which version of the notice."""
    rows = m.s.scalars(
        select(ConsentRow).where(ConsentRow.person_id == m.me.id).order_by(ConsentRow.at)
    )
    return [
        {
            "choice": row.choice,
            "given": row.given,
            "version": row.version,
            "at": iso(row.at),
            **m.kept(row.id),
        }
        for row in rows
    ]


def sign_ins(m: Mine) -> list[Facts]:
    """Where and when you signed in."""
    rows = m.s.scalars(
        select(SignInRow).where(SignInRow.person_id == m.me.id).order_by(SignInRow.started_at)
    )
    return [
        {
            "started_at": iso(row.started_at),
            "last_used_at": iso(row.seen_at),
            "ended_at": iso(row.ended_at),
            "shared_computer": row.shared,
            "waiting_for": row.waiting or None,
            **m.kept(row.id),
        }
        for row in rows
    ]


def links(m: Mine) -> list[Facts]:
    """Links made for you to choose a passphrase."""
    rows = m.s.scalars(
        select(InvitationRow)
        .where(InvitationRow.person_id == m.me.id)
        .order_by(InvitationRow.made_at)
    )
    return [
        {
            "made_by": row.made_by,
            "made_at": iso(row.made_at),
            "ends_at": iso(row.ends_at),
            "used_at": iso(row.used_at),
            "for_a_new_passphrase": row.renews,
            **m.kept(row.id),
        }
        for row in rows
    ]


def tickets(m: Mine) -> list[Facts]:
    """Tickets to read what you may see: for pictures on a page, or for one table."""
    rows = m.s.execute(
        select(TicketRow, EntryRow.workbook)
        .outerjoin(EntryRow, EntryRow.id == TicketRow.entry_id)
        .where(TicketRow.person_id == m.me.id)
        .order_by(TicketRow.made_at)
    )
    return [
        {
            "for": "a table" if row.sign_in_id is None else "a page",
            "workbook": workbook,
            **m.kept(row.id),
            "made_at": iso(row.made_at),
            "ends_at": iso(row.ends_at),
            "ended_at": iso(row.ended_at),
        }
        for row, workbook in rows
    ]


def authenticator(m: Mine) -> Facts:
    """Your authenticator app and the codes on paper, without any secret."""
    step = m.s.get(SecondStepRow, m.me.id)
    codes = m.s.scalars(
        select(RecoveryCodeRow)
        .where(RecoveryCodeRow.person_id == m.me.id)
        .order_by(RecoveryCodeRow.made_at)
    )
    return {
        "begun_at": iso(step.made_at) if step else None,
        "confirmed_at": iso(step.confirmed_at) if step else None,
        "codes": [{"made_at": iso(c.made_at), "used_at": iso(c.used_at)} for c in codes],
    }


def requests(m: Mine) -> list[Facts]:
    """What you asked or complained about: kind and dates."""
    rows = m.s.scalars(
        select(RequestRow)
        .where(RequestRow.person_id == m.me.id)
        .order_by(RequestRow.received_on, RequestRow.made_at)
    )
    return [
        {
            "kind": row.kind,
            "received_on": iso(row.received_on),
            "acknowledged_on": iso(row.acknowledged_on),
            "answered_on": iso(row.answered_on),
            "noted_by": m.name(row.made_by),
            "noted_at": iso(row.made_at),
            **m.kept(row.id),
        }
        for row in rows
    ]


def asked_of_you(m: Mine) -> list[Facts]:
    """Sheets of yours that somebody asked a copy of."""
    rows = m.s.scalars(
        select(RequestedRow)
        .where(RequestedRow.writer_id == m.me.id, RequestedRow.asked_at.is_not(None))
        .order_by(RequestedRow.asked_at)
    )
    return [
        {
            **m.workbook(row.workbook),
            "written_at": iso(row.written_at),
            "state": row.state,
            "why": row.why,
            "asked_at": iso(row.asked_at),
            "answered_at": iso(row.answered_at),
        }
        for row in rows
    ]


def warnings(m: Mine) -> list[Facts]:
    """What you were told will be erased because its time is up."""
    rows = m.s.scalars(
        select(WarningRow).where(WarningRow.person_id == m.me.id).order_by(WarningRow.first_at)
    )
    return [
        {
            "thing": row.thing,
            "id": row.thing_id,
            "first_at": iso(row.first_at),
            "second_at": iso(row.second_at),
        }
        for row in rows
    ]


def holds(m: Mine) -> list[Facts]:
    """Why something of yours has to be kept."""
    rows = m.s.scalars(
        select(HoldRow).where(HoldRow.person_id == m.me.id).order_by(HoldRow.made_at)
    )
    return [
        {
            "reason": row.reason,
            "made_by": row.made_by,
            "made_at": iso(row.made_at),
            "looked_at_again_on": iso(row.review_on),
            "ended_at": iso(row.ended_at),
            **m.kept(row.id),
        }
        for row in rows
    ]


def erased(m: Mine) -> list[Facts]:
    """What was erased: kind and dates, and who could read it."""
    rows = m.s.scalars(
        select(TombstoneRow)
        .where(TombstoneRow.person_id == m.me.id)
        .order_by(TombstoneRow.erased_at)
    )
    return [
        {
            "thing": row.thing,
            "id": row.thing_id,
            "workbook": row.workbook or None,
            "made_at": iso(row.made_at),
            "erased_at": iso(row.erased_at),
            "why": row.why,
            "readers": [m.names[i] for i in row.readers],
            **m.kept(row.id),
        }
        for row in rows
    ]


def releases(m: Mine) -> list[Facts]:
    """Group results that you released.  Nobody's own answers are in them."""
    rows = m.s.scalars(
        select(ReleaseRow).where(ReleaseRow.made_by == m.me.id).order_by(ReleaseRow.made_at)
    )
    return [{"moment": row.moment, "made_at": iso(row.made_at)} for row in rows]


def learning_events(m: Mine) -> list[Facts]:
    """Learning events that you began, by name and day. Nothing says whose their cards are."""
    rows = m.s.scalars(
        select(KnowledgeEventRow)
        .where(KnowledgeEventRow.made_by == m.me.id)
        .order_by(KnowledgeEventRow.on, KnowledgeEventRow.id)
    )
    return [
        {
            "title": unseal(m.store, row)["title"],
            "begun_by": m.name(row.made_by),
            "on": iso(row.on),
            "closed_on": iso(row.closed_on),
            "released_on": iso(row.released_on),
            **m.kept(row.id),
        }
        for row in rows
    ]
