"""How the programme is running, for those who lead or evaluate it: facts and counts.

No name leaves but in the list of pairs before their first session, and that is for leads alone.
Sealed things are opened for two counts, in memory, and only the count goes on: how an interested
leader might pay (which they sent to the programme), and how many actions stand in the lists that
pairs keep (of which *What I said I would do* says that the programme sees how many there are).
None of it is anybody's reading of anybody's words, so it stands outside the policy of who may see
which words, as group results do.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, literal, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from cascade_tools.errors import NotFound
from cascade_tools.model.composites import agreed
from cascade_tools.model.eligibility import PAYING
from cascade_tools.model.journey import AGREEING, OUTCOMES, TIMES
from cascade_tools.model.people import Held, Role
from cascade_tools.model.programme_facts import ActionFacts, Facts, PairFacts, Plan, running
from cascade_tools.model.running import Ready, Running, Shown, ready, suppressed
from cascade_tools.model.sharing import State
from cascade_tools.model.typed import day_of
from cascade_tools.records.policy import SHARED_ENTRY, evaluates, leads
from cascade_tools.records.store import Store
from cascade_tools.records.tables import (
    AgreementRow,
    AnswerRow,
    EntryRow,
    FeedbackRow,
    PairRow,
    PersonRow,
    RoleRow,
    SessionRow,
    SubmissionRow,
    SupervisesRow,
    SupervisionRow,
    TogetherRow,
)

INTEREST = "leader/is-this-for-me"
ACTIONS = "pair/what-i-said-i-would-do"
BURSARY = "bursary"
NOT_YET = ("", "planned")


class HowItRuns:
    """The programme's own counts.  To everybody else they are not there."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def exact(self, lead_id: str, plan: Plan, today: date) -> Running:
        """Every count, exact.  Raises ``NotFound`` for anybody who does not lead."""
        with self._store.database.reading() as s:
            _check(s, leads(literal(lead_id)))
            return running(_facts(self._store, s, today), plan)

    def shown(self, viewer_id: str, plan: Plan, today: date) -> Shown:
        """The same in bands, as it may leave the kit.  Raises ``NotFound`` for anybody who neither
        leads nor evaluates."""
        with self._store.database.reading() as s:
            _check(s, or_(leads(literal(viewer_id)), evaluates(literal(viewer_id))))
            return suppressed(running(_facts(self._store, s, today), plan))

    def ready(self, lead_id: str) -> list[Ready]:
        """The pairs before their first session, and what is still missing.  Raises ``NotFound``
        for anybody who does not lead."""
        with self._store.database.reading() as s:
            _check(s, leads(literal(lead_id)))
            return ready(_before_the_first(s))


def _check(s: Session, condition: ColumnElement[bool]) -> None:
    if not s.scalar(select(condition)):
        raise NotFound("There is nothing here for you.")


def _facts(store: Store, s: Session, today: date) -> Facts:
    submitted = list(s.scalars(select(SubmissionRow).where(SubmissionRow.workbook == INTEREST)))
    room = _room(s)
    return Facts(
        today=today,
        pairs=tuple(_pairs(s)),
        coaches=frozenset(room),
        room={coach: leaders for coach, leaders in room.items() if leaders is not None},
        supervised=frozenset(
            s.scalars(select(SupervisesRow.coach_id).where(SupervisesRow.until.is_(None)))
        ),
        interest=len(submitted),
        asked_for_bursary=sum(_asks_for_bursary(store, row) for row in submitted),
        meetings=_by(s, SupervisionRow.state, SupervisionRow.recorded_at.is_not(None)),
        cancelled_by=_by(
            s,
            SupervisionRow.changed_by,
            SupervisionRow.recorded_at.is_not(None),
            SupervisionRow.state == Held.CANCELLED,
        ),
        actions=_actions(store, s, today),
        finished=_finished(s),
        useful=_by(s, FeedbackRow.useful),
    )


def _by(
    s: Session, column: InstrumentedAttribute[Any], *where: ColumnElement[bool]
) -> dict[str, int]:
    rows = s.execute(select(column, func.count()).where(*where).group_by(column))
    return {str(code): count for code, count in rows.all() if code}


def _room(s: Session) -> dict[str, int | None]:
    """Every coach who is here, and how many more leaders they could take, if somebody said so."""
    rows = s.execute(
        select(PersonRow.id, PersonRow.room)
        .join(RoleRow, RoleRow.person_id == PersonRow.id)
        .where(RoleRow.role == Role.COACH, PersonRow.left_at.is_(None))
    )
    return {row.id: row.room for row in rows}


def _pairs(s: Session) -> Iterator[PairFacts]:
    held: dict[str, list[date | None]] = defaultdict(list)
    for pair_id, on in s.execute(
        select(SessionRow.pair_id, SessionRow.on)
        .where(SessionRow.state == Held.HELD)
        .order_by(SessionRow.number)
    ):
        held[pair_id].append(on)
    for row in s.scalars(select(PairRow)):
        yield PairFacts(
            coach=row.coach_id,
            leader=row.leader_id,
            started=row.started,
            held=tuple(held[row.id]),
            ended=row.ended,
            ended_early=row.ended_early,
            asked_on=row.asked_on,
            reason_kept=row.reason_kept,
        )


def _finished(s: Session) -> dict[str, frozenset[str]]:
    """By time: who finished *Where I am now* and is still here."""
    found: dict[str, set[str]] = defaultdict(set)
    for time, person_id in s.execute(
        select(EntryRow.about_id, EntryRow.person_id)
        .join(PersonRow, PersonRow.id == EntryRow.person_id)
        .where(
            EntryRow.workbook == OUTCOMES,
            EntryRow.about_id.in_(TIMES),
            EntryRow.state.in_((State.COMMITTED, State.OPENED)),
            PersonRow.left_at.is_(None),
        )
    ):
        found[str(time)].add(person_id)
    return {time: frozenset(people) for time, people in found.items()}


def _asks_for_bursary(store: Store, row: SubmissionRow) -> bool:
    body = json.loads(store.vault.open(row.key_id, row.sealed, "submission", row.id))
    answers = (answer for page in body.get("pages", ()) for answer in page["answers"])
    return any(a["key"] == PAYING and a["value"] == BURSARY for a in answers)


def _actions(store: Store, s: Session, today: date) -> ActionFacts:
    """Counts from the newest version of each pair's list; no word of an action goes on."""
    newest = (
        select(AnswerRow.entry_id, func.max(AnswerRow.revision).label("revision"))
        .join(EntryRow, EntryRow.id == AnswerRow.entry_id)
        .where(
            EntryRow.workbook == ACTIONS,
            EntryRow.together == SHARED_ENTRY,
            EntryRow.state.in_((State.COMMITTED, State.OPENED)),
            AnswerRow.key == "actions",
            AnswerRow.beside.is_(False),
        )
        .group_by(AnswerRow.entry_id)
        .subquery()
    )
    rows = s.scalars(
        select(AnswerRow)
        .join(newest, newest.c.entry_id == AnswerRow.entry_id)
        .where(AnswerRow.revision == newest.c.revision, AnswerRow.key == "actions")
    )
    counts: Counter[str] = Counter()
    for row in rows:
        value = store.open_answer(row)
        for action in value if isinstance(value, list) else ():
            if not isinstance(action, dict):
                continue
            counts["all"] += 1
            counts["agreed"] += agreed(action)
            look = day_of(str(action.get("first_review") or ""))
            if look is not None and look <= today:
                counts["due"] += 1
                counts["looked"] += _says_how_it_stands(action)
    return ActionFacts(counts["all"], counts["agreed"], counts["due"], counts["looked"])


def _says_how_it_stands(action: dict[str, object]) -> bool:
    return str(action.get("status") or "") not in NOT_YET or bool(action.get("note"))


def _before_the_first(s: Session) -> Iterator[Ready]:
    """Each pair that goes on and has not met: constant work, however many there are."""
    coach, leader = aliased(PersonRow), aliased(PersonRow)
    agreed_on = _agreed_on(s)
    supervisor: dict[str, str] = {}
    for coach_id, name in s.execute(
        select(SupervisesRow.coach_id, PersonRow.name)
        .join(PersonRow, PersonRow.id == SupervisesRow.supervisor_id)
        .where(SupervisesRow.until.is_(None), PersonRow.left_at.is_(None))
    ):
        supervisor[coach_id] = name
    first: dict[str, date | None] = {}
    for pair_id, on in s.execute(
        select(SessionRow.pair_id, func.min(SessionRow.on))
        .where(SessionRow.state == Held.PLANNED)
        .group_by(SessionRow.pair_id)
    ):
        first[pair_id] = on
    met = select(SessionRow.pair_id).where(SessionRow.state == Held.HELD)
    for pair, coach_name, leader_name in s.execute(
        select(PairRow, coach.name, leader.name)
        .join(coach, coach.id == PairRow.coach_id)
        .outerjoin(leader, leader.id == PairRow.leader_id)
        .where(PairRow.ended.is_(None), PairRow.id.not_in(met))
    ):
        yield Ready(
            label=pair.label,
            coach=coach_name,
            leader=leader_name or "",
            agreed=agreed_on.get(pair.id),
            supervisor=supervisor.get(pair.coach_id, ""),
            first=first.get(pair.id),
        )


def _agreed_on(s: Session) -> dict[str, date]:
    """When each pair agreed how to work: as both accepted it, or as they said they did it aloud."""
    days: dict[str, date] = {}
    for pair_id, at in s.execute(
        select(AgreementRow.pair_id, AgreementRow.accepted_at)
        .where(AgreementRow.accepted_at.is_not(None), AgreementRow.withdrawn_at.is_(None))
        .order_by(AgreementRow.accepted_at.desc())
    ):
        if at is not None:
            days[pair_id] = at.date()
    for pair_id, on in s.execute(
        select(TogetherRow.pair_id, TogetherRow.on)
        .where(TogetherRow.workbook == AGREEING, TogetherRow.way == "aloud")
        .order_by(TogetherRow.on.desc())
    ):
        days[pair_id] = min(on, days.get(pair_id, on))
    return days
