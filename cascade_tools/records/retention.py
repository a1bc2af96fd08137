"""Retention: what has had its time goes by itself, after its author was told.

``due`` says what a run would do now, ``run`` does exactly that.  Each step is looked at again in
the transaction that takes it, so that somebody who asks at that moment to keep what they wrote
keeps it.  Nothing of anybody whose records are held goes, and nobody is told that it will.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from cascade_tools.errors import NotFound
from cascade_tools.model.due import ERASE, WARN_AGAIN, Due, Warned, heard, next_step
from cascade_tools.model.prompts import Who
from cascade_tools.model.retention import OWN_WRITING
from cascade_tools.records import erasing
from cascade_tools.records.counting import Counting, Facts
from cascade_tools.records.engine import leave_no_remains
from cascade_tools.records.facts_terms import of_erased, of_pairs_and_meetings, of_the_rest
from cascade_tools.records.knowledge_rows import OF_EVENT
from cascade_tools.records.policy import is_partner
from cascade_tools.records.store import Store
from cascade_tools.records.tables import (
    AgreementRow,
    AnswerRow,
    EntryRow,
    PersonRow,
    Row,
    SessionRow,
    SnapshotRow,
    SupervisionCoachRow,
    TicketRow,
    TogetherRow,
)
from cascade_tools.records.terms import ASKED_TO_KEEP, Term, Words
from cascade_tools.records.trust_tables import HoldRow, RequestedRow, WarningRow

# So many at once, so that whoever is writing never waits long.
BATCH = 50


class Retention:
    """The daily run, and what authors are told of it."""

    def __init__(self, store: Store, months: Mapping[str, int], followup_months: int) -> None:
        self._store = store
        self._months, self._followup_months = months, followup_months

    def due(self, now: datetime) -> list[Due]:
        """What a run at this moment would do, in its order.  Nothing is changed."""
        with self._store.database.reading() as s:
            return list(self._due(s, now))

    def run(self, now: datetime) -> list[Due]:
        """Warn and erase what is due; returns what was done."""
        waiting, done = self.due(now), list[Due]()
        while waiting:
            batch, waiting = waiting[:BATCH], waiting[BATCH:]
            with self._store.database.writing() as s:
                # What it is due on may have moved, because something before it has gone.
                still = {(d.step, d.thing, d.id) for d in self._due(s, now)}
                for one in batch:
                    if (one.step, one.thing, one.id) in still:
                        self._take(s, one, now)
                        done.append(one)
        return done

    def until(self, person_id: str) -> dict[str, tuple[str, date | None]]:
        """How long each thing of this person is kept: rule and day, by the id of an entry, a copy
        or anything else that is theirs.  None where no day is known."""
        now = self._store.now()
        with self._store.database.reading() as s:
            found = {t.id: (t.rule, t.goes) for t in self._terms(s, now) if person_id in t.people}
            if _held(s) & {person_id}:
                return {thing_id: (rule, None) for thing_id, (rule, _) in found.items()}
            return found

    # What an author is told

    def warned(self, person_id: str) -> list[Warned]:
        """What this person was told will go, the soonest first: their own, and what others keep
        together with them."""
        with self._store.database.reading() as s:
            told = self._told(s, person_id)
            if not told or _held(s) & {person_id}:
                return []
            words = Words(self._facts(s, self._store.now()), set(told.values()))
            found = [
                Warned(
                    thing=t.thing,
                    thing_id=t.id,
                    entry_id=t.entry_id,
                    workbook=t.workbook,
                    rule=t.rule,
                    on=t.goes or t.until,
                    told=days[-1],
                    mine=t.owner_id == person_id,
                )
                for t in words.all()
                if (t.thing, t.id) in told
                and t.until is not None
                and (days := heard(t.told, t.until, t.warnings))
            ]
            return sorted(found, key=lambda w: (w.on, w.thing_id))

    def _told(self, s: Session, person_id: str) -> dict[tuple[str, str], str]:
        """What this person was ever told about, and the entry each belongs to."""
        mine = or_(EntryRow.person_id == person_id, is_partner(person_id))
        sheets = (
            select(WarningRow.thing_id, EntryRow.id)
            .join(EntryRow, EntryRow.id == WarningRow.thing_id)
            .where(WarningRow.thing == "entry", mine)
        )
        copies = (
            select(WarningRow.thing_id, SnapshotRow.entry_id)
            .join(SnapshotRow, SnapshotRow.id == WarningRow.thing_id)
            .where(WarningRow.thing == "snapshot", SnapshotRow.author_id == person_id)
        )
        return {("entry", thing): entry for thing, entry in s.execute(sheets)} | {
            ("snapshot", thing): entry for thing, entry in s.execute(copies)
        }

    def keep(self, person_id: str, entry_id: str) -> None:
        """The author asks to keep their own writing: its time begins anew today.

        Raises ``NotFound`` for anything else: what was shared or is kept together has its day.
        """
        now = self._store.now()
        with self._store.database.writing() as s:
            entry = s.get(EntryRow, entry_id)
            mine = entry is not None and entry.person_id == person_id
            found = Words(self._facts(s, now), {entry_id}).all() if mine else []
            if not any(t.thing == "entry" and t.rule == OWN_WRITING for t in found):
                raise NotFound("There is nothing here for you.")
            s.execute(delete(WarningRow).where(WarningRow.thing_id == entry_id))
            s.add(
                WarningRow(
                    person_id=person_id, thing=ASKED_TO_KEEP, thing_id=entry_id, first_at=now
                )
            )

    def _facts(self, s: Session, now: datetime) -> Facts:
        return Facts(s, Counting(self._months, self._followup_months, now.date()))

    # One run

    def _terms(self, s: Session, now: datetime) -> Iterator[Term]:
        facts = self._facts(s, now)
        words = list(Words(facts).all())
        yield from words
        yield from of_pairs_and_meetings(facts, words)
        yield from of_erased(facts)
        yield from of_the_rest(facts, words, now)

    def _due(self, s: Session, now: datetime) -> Iterator[Due]:
        held = _held(s)
        for term in self._terms(s, now):
            if term.until is None or term.people & held:
                continue
            step = next_step(term.until, term.told, term.warnings, now.date())
            if step is not None:
                yield Due(step[0], term.thing, term.id, term.owner_id, term.rule, step[1])

    def _take(self, s: Session, due: Due, now: datetime) -> None:
        if due.step == ERASE:
            _erase(self._store, s, due)
            leave_no_remains(s)
        else:
            _warn(s, due, now)


def _held(s: Session) -> set[str]:
    return set(s.scalars(select(HoldRow.person_id).where(HoldRow.ended_at.is_(None))))


def _warn(s: Session, due: Due, now: datetime) -> None:
    same = select(WarningRow).where(WarningRow.thing == due.thing, WarningRow.thing_id == due.id)
    row = s.scalar(same)
    if row is not None and due.step == WARN_AGAIN:
        row.second_at = now
    elif row is not None:
        # What was told before was about another day.
        row.first_at, row.second_at = now, None
    else:
        s.add(WarningRow(person_id=due.owner_id, thing=due.thing, thing_id=due.id, first_at=now))


def _erase(store: Store, s: Session, due: Due) -> None:
    """Erase one thing with what hangs on it.  What went with something else is no matter."""
    match due.thing:
        case "entry":
            if entry := s.get(EntryRow, due.id):
                erasing.erase_entry(store, s, entry, erasing.RETENTION)
        case "snapshot":
            if snapshot := s.get(SnapshotRow, due.id):
                erasing.erase_snapshot(store, s, snapshot, erasing.RETENTION)
        case "person":
            erasing.erase_person(store, s, s.get_one(PersonRow, due.id), erasing.RETENTION)
        case "answer":
            s.execute(
                delete(AnswerRow).where(
                    AnswerRow.entry_id == due.id, AnswerRow.who == Who.GROUP_RESULTS
                )
            )
        case _:
            for table, column in HANGING.get(due.thing, ()):
                s.execute(delete(table).where(column == due.id))
            if due.thing == "pair":
                _unpair(s, due.id)
            table = TABLES[due.thing]
            s.execute(delete(table).where(table.__table__.c.id == due.id))


TABLES = {mapper.class_.__tablename__: mapper.class_ for mapper in Row.registry.mappers}
# What has no meaning without it.
HANGING = {
    "pair": (
        (TogetherRow, TogetherRow.pair_id),
        (AgreementRow, AgreementRow.pair_id),
    ),
    "supervision": ((SupervisionCoachRow, SupervisionCoachRow.supervision_id),),
    "sign_in": ((TicketRow, TicketRow.sign_in_id),),
    "request": ((RequestedRow, RequestedRow.request_id),),
    "knowledge_event": OF_EVENT,
}


def _unpair(s: Session, pair_id: str) -> None:
    """What somebody still keeps of their own writing is theirs, without the pair."""
    s.execute(
        update(EntryRow).where(EntryRow.pair_id == pair_id).values(pair_id=None, session_id=None)
    )
    s.execute(delete(SessionRow).where(SessionRow.pair_id == pair_id))
