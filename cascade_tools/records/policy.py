"""The gate's one rule: the policy table, compiled to SQL and to a predicate from the same rows."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, exists, false, literal, not_, or_, select
from sqlalchemy.orm import Session, aliased

from cascade_tools.errors import NotFound
from cascade_tools.model.people import Role
from cascade_tools.model.prompts import Who
from cascade_tools.model.sharing import POLICY, Action, Relation, State, Thing, may
from cascade_tools.records.tables import (
    EntryRow,
    PairRow,
    PersonRow,
    RoleRow,
    ShareRow,
    SnapshotRow,
    SupervisesRow,
    SupervisionCoachRow,
)

SHARED_ENTRY = "shared"
SHARED_COPY = "shared"

# The tables of the conditions below, under names of their own, so that a condition can stand in
# any statement.  Named once: naming them anew for every request took longer than asking.
_part, _pair, _held = aliased(SupervisionCoachRow), aliased(PairRow), aliased(SupervisesRow)
_person, _role = aliased(PersonRow), aliased(RoleRow)
_later, _newer = aliased(ShareRow), aliased(SnapshotRow)

# A value, or the place of one in a statement that is built once.
Viewer = str | ColumnElement[str]
Moment = datetime | ColumnElement[datetime]


def is_partner(viewer_id: Viewer) -> ColumnElement[bool]:
    """The entry is a record kept together with this viewer: a meeting they were part of, or the
    one copy of a pair of which they are half."""
    met = exists().where(_part.supervision_id == EntryRow.about_id, _part.coach_id == viewer_id)
    return or_(met, is_shared_with(viewer_id))


def is_shared_with(viewer_id: Viewer) -> ColumnElement[bool]:
    """The entry is the one copy of both halves of a pair, and this viewer is one of them."""
    half = exists().where(
        _pair.id == EntryRow.pair_id,
        or_(_pair.coach_id == viewer_id, _pair.leader_id == viewer_id),
    )
    return and_(EntryRow.together == SHARED_ENTRY, half)


def leads(viewer_id: Viewer) -> ColumnElement[bool]:
    """This viewer leads the programme, and has not left."""
    return _is_here_as(Role.LEAD, viewer_id)


def evaluates(viewer_id: Viewer) -> ColumnElement[bool]:
    """This viewer evaluates the programme, and has not left."""
    return _is_here_as(Role.EVALUATOR, viewer_id)


def _is_here_as(role: Role, viewer_id: Viewer) -> ColumnElement[bool]:
    return exists().where(
        _role.person_id == viewer_id,
        _role.role == role.value,
        _person.id == _role.person_id,
        _person.left_at.is_(None),
    )


def live_share(viewer_id: Viewer, now: Moment) -> ColumnElement[bool]:
    """The share is addressed to this viewer and has begun, not ended and not been stopped.

    A share with a supervisor also ends, for good, when they stop being the author's supervisor.
    """
    still = exists().where(
        _held.supervisor_id == ShareRow.reader_id,
        _held.coach_id == SnapshotRow.author_id,
        _held.since <= ShareRow.made_at,
        or_(_held.until.is_(None), _held.until > now),
    )
    return and_(
        ShareRow.reader_id == viewer_id,
        ShareRow.made_at <= now,
        ShareRow.stopped_at.is_(None),
        ShareRow.ends_at > now,
        or_(ShareRow.as_role != "supervisor", still),
        exists().where(_person.id == ShareRow.reader_id, _person.left_at.is_(None)),
    )


def newest_round() -> ColumnElement[bool]:
    """No later copy of the same sheet is shared with the same reader.  Of agreements each version
    stays: an earlier one is no draft of the next.

    It decides nothing about who may read: an author may leave earlier copies open, so that what
    changed can be seen, and a list still has one line for each sheet.
    """
    after = or_(
        _later.made_at > ShareRow.made_at,
        and_(_later.made_at == ShareRow.made_at, _later.id > ShareRow.id),
    )
    return not_(
        exists().where(
            _newer.id == _later.snapshot_id,
            _newer.entry_id == SnapshotRow.entry_id,
            _newer.kind == SHARED_COPY,
            SnapshotRow.kind == SHARED_COPY,
            _later.reader_id == ShareRow.reader_id,
            _later.stopped_at.is_(None),
            after,
        )
    )


def related(relation: Relation, viewer_id: Viewer, now: Moment) -> ColumnElement[bool]:
    """Whether the viewer stands in this relation to the row."""
    match relation:
        case Relation.AUTHOR:
            return EntryRow.person_id == viewer_id
        case Relation.PARTNER:
            return and_(EntryRow.person_id != viewer_id, is_partner(viewer_id))
        case Relation.READER:
            return live_share(viewer_id, now)
        case Relation.PROGRAMME:
            return leads(viewer_id)
        case Relation.EVALUATOR:
            return evaluates(viewer_id)
        case Relation.NOBODY:
            return false()


def allowed(
    viewer_id: Viewer, action: Action, thing: Thing, now: Moment, who: Any, state: Any
) -> ColumnElement[bool]:
    """The policy table as one SQL condition over the columns ``who`` and ``state``."""
    grouped: dict[tuple[Relation, State], set[str]] = defaultdict(set)
    for rule in POLICY:
        if rule.thing is thing and rule.action is action:
            grouped[rule.relation, rule.state].add(rule.who)
    return or_(
        false(),
        *(
            and_(related(relation, viewer_id, now), state == at, who.in_(sorted(audience)))
            for (relation, at), audience in sorted(grouped.items())
        ),
    )


def relation_to(session: Session, viewer_id: str, entry: EntryRow | Row[Any]) -> Relation:
    """What this person is to this entry, asked of the database."""
    if entry.person_id == viewer_id:
        return Relation.AUTHOR
    partner = session.scalar(
        select(EntryRow.id).where(EntryRow.id == entry.id, is_partner(viewer_id))
    )
    return Relation.PARTNER if partner else Relation.NOBODY


def check_in_programme(session: Session, viewer_id: str, action: Action, thing: Thing) -> None:
    """Raises ``NotFound`` unless this person may do this to what belongs to the programme."""
    for relation, holds in ((Relation.PROGRAMME, leads), (Relation.EVALUATOR, evaluates)):
        listed = may(relation, action, thing, Who.SUBMITTED, State.OPENED)
        if listed and session.scalar(select(holds(literal(viewer_id)))):
            return
    raise NotFound("There is nothing here for you.")


def entry_for(session: Session, viewer_id: str, entry_id: str, action: Action) -> EntryRow:
    """The entry, if this person may do this to anything in it; else the same as not there."""
    entry = session.get(EntryRow, entry_id)
    if entry is not None and may_any(relation_to(session, viewer_id, entry), action, entry.state):
        return entry
    raise NotFound("There is nothing here for you.")


def may_any(relation: Relation, action: Action, state: str) -> bool:
    """Whether somebody who is this to an entry may do this to any answer in it."""
    return any(may(relation, action, Thing.ANSWER, who, State(state)) for who in Who)
