"""What people wrote, each with the rule it is kept by and the day it may go.

The days come from facts as they are now: a pair that ends later keeps what hangs on it longer.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cascade_tools.model.due import goes_on
from cascade_tools.model.journey import months_after
from cascade_tools.model.prompts import Who
from cascade_tools.model.retention import (
    ATTENDANCE,
    GROUP_ANSWERS,
    KEPT_TOGETHER,
    OWN_WRITING,
    REVIEWS,
    RULES,
    SHARED_COPIES,
    SUPERVISION_SHEETS,
    later,
    months_of,
)
from cascade_tools.model.sharing import State
from cascade_tools.records.counting import Facts
from cascade_tools.records.policy import SHARED_ENTRY
from cascade_tools.records.tables import (
    AgreementRow,
    AnswerRow,
    EntryRow,
    ShareRow,
    SnapshotRow,
)
from cascade_tools.records.trust_tables import RequestedRow, TombstoneRow, WarningRow

# A warning of this thing is none: its author asked on that day to keep what they wrote.
ASKED_TO_KEEP = "kept"

Told = tuple[date, date | None]


@dataclass(frozen=True, slots=True)
class Term:
    """One thing and the first day it may go; None while that is not known.

    A hold on any of ``people`` keeps it.  ``warnings`` is how often its author is told before, and
    ``told`` when they were.
    """

    thing: str
    id: str
    owner_id: str
    rule: str
    until: date | None
    people: frozenset[str] = frozenset()
    entry_id: str = ""
    workbook: str = ""
    pair_id: str | None = None
    about_id: str | None = None
    warnings: int = 0
    told: tuple[date | None, ...] = ()
    today: date = date.min

    @property
    def goes(self) -> date | None:
        """The day it really goes, after its author was told."""
        if self.until is None:
            return None
        return goes_on(self.until, self.told, self.warnings, self.today)


class Words:
    """Everything written.  ``only`` narrows it to these entries and the copies of them."""

    def __init__(self, facts: Facts, only: set[str] | None = None) -> None:
        self._facts, self._counting = facts, facts.counting
        s = facts.s
        self._pair_of = {
            row.id: row.pair_id for row in s.execute(select(EntryRow.id, EntryRow.pair_id))
        }
        self._rows = self._entries(s, only)
        self._copies = {
            row.id: row
            for row in s.execute(
                select(
                    SnapshotRow.id,
                    SnapshotRow.entry_id,
                    SnapshotRow.author_id,
                    SnapshotRow.made_at,
                    SnapshotRow.state,
                )
            )
        }
        self._shared_until: dict[str, date] = {}
        for copy_id, ends, stopped in s.execute(
            select(ShareRow.snapshot_id, ShareRow.ends_at, ShareRow.stopped_at)
        ):
            ended = min(ends, stopped or ends).date()
            self._shared_until[copy_id] = max(ended, self._shared_until.get(copy_id, ended))
        self._gone = {
            row.thing_id: row
            for row in s.scalars(select(TombstoneRow).where(TombstoneRow.thing == "snapshot"))
        }
        asked = select(RequestedRow.entry_id).where(RequestedRow.state == "asked")
        self._asked = set(s.scalars(asked))
        self._told: dict[tuple[str, str], Told] = {
            (row.thing, row.thing_id): (
                row.first_at.date(),
                row.second_at.date() if row.second_at else None,
            )
            for row in s.scalars(select(WarningRow))
        }
        agreed = select(AgreementRow.snapshot_id).where(AgreementRow.accepted_at.is_not(None))
        self._agreed = set(s.scalars(agreed))
        self._counted = self._group_answers(s)

    def _entries(self, s: Session, only: set[str] | None) -> list[Any]:
        query = select(
            EntryRow.id,
            EntryRow.person_id,
            EntryRow.workbook,
            EntryRow.pair_id,
            EntryRow.about_id,
            EntryRow.made_at,
            EntryRow.saved_at,
            EntryRow.together,
        ).order_by(EntryRow.made_at, EntryRow.id)
        return list(s.execute(query if only is None else query.where(EntryRow.id.in_(only))))

    def _group_answers(self, s: Session) -> dict[str, bool]:
        """The entries with answers for group results, and whether they hold anything else."""
        counted = AnswerRow.who == Who.GROUP_RESULTS
        query = (
            select(AnswerRow.entry_id, func.count().filter(~counted))
            .where(AnswerRow.entry_id.in_(select(AnswerRow.entry_id).where(counted)))
            .group_by(AnswerRow.entry_id)
        )
        return {entry_id: rest > 0 for entry_id, rest in s.execute(query)}

    def all(self) -> Iterator[Term]:
        """In the order it goes: what is dated by a copy, copies, the sheets they were made of."""
        own: list[tuple[Any, date]] = []
        for row in self._rows:
            rule, since, people = self._rule(row)
            if rule == OWN_WRITING:
                own.append((row, since))
            else:
                yield self._term("entry", row, rule, self._until(row, rule, since), people)
        copies = self._copies_of({row.id: row for row, _ in own})
        for found in copies.values():
            yield from found
        for row, since in own:
            yield self._own(row, since, copies.get(row.id, []))
            if self._counted.get(row.id):
                yield self._term("answer", row, GROUP_ANSWERS, self._after_look_back(row))

    def _rule(self, row: Any) -> tuple[str, date, frozenset[str]]:
        """The rule of a sheet, the day it counts from, and whose record it is besides."""
        facts = self._facts
        if row.together == SHARED_ENTRY and row.pair_id is not None:
            return KEPT_TOGETHER, facts.endings[row.pair_id], facts.halves(row.pair_id)
        meeting = facts.meetings.get(row.about_id)
        if meeting is not None and meeting.recorded_at is not None:
            since = max(facts.last_endings(meeting.id), default=meeting.on)
            return SUPERVISION_SHEETS, since, frozenset(facts.coaches[meeting.id])
        if copy := self._copies.get(row.about_id):
            ending = facts.endings.get(self._pair_of[copy.entry_id] or "")
            since = ending or self._shared_until.get(copy.id, copy.made_at.date())
            return REVIEWS, since, frozenset({copy.author_id})
        if stone := self._gone.get(row.about_id):
            return REVIEWS, stone.erased_at.date(), frozenset({stone.person_id})
        touched = (row.saved_at or row.made_at).date()
        kept, _ = self._told.get((ASKED_TO_KEEP, row.id), (touched, None))
        return OWN_WRITING, max(touched, kept), frozenset()

    def _until(self, row: Any, rule: str, since: date) -> date | None:
        if rule == SUPERVISION_SHEETS and not self._facts.last_endings(row.about_id):
            return self._counting.until(ATTENDANCE, since)
        if rule == REVIEWS and row.about_id in self._gone:
            # The copy it is about went first, when the shorter of the two times was up.
            months = self._counting.months
            longer = (months_of(REVIEWS, months) or 0) - (months_of(SHARED_COPIES, months) or 0)
            return months_after(since, max(longer, 0))
        return self._counting.until(rule, since)

    def _own(self, row: Any, since: date, copies: list[Term]) -> Term:
        """One's own writing goes after the copies of it and what it holds for group results."""
        rule, until = OWN_WRITING, self._counting.until(OWN_WRITING, since)
        others = self._counted.get(row.id)
        if others is False:
            rule, until = GROUP_ANSWERS, self._after_look_back(row)
        elif others:
            until = later(until, self._after_look_back(row))
        return self._term("entry", row, rule, later(until, *(copy.goes for copy in copies)))

    def _after_look_back(self, row: Any) -> date | None:
        """Counted from the last look back that its author is asked for."""
        touched = (row.saved_at or row.made_at).date()
        last = max(self._facts.of_person.get(row.person_id, ()), default=touched)
        look_back = months_after(last, self._counting.followup_months)
        return self._counting.until(GROUP_ANSWERS, look_back)

    def _copies_of(self, entries: Mapping[str, Any]) -> dict[str, list[Term]]:
        """Copies of one's own writing, by entry.  Copies of anything else go with their sheet."""
        found: dict[str, list[Term]] = defaultdict(list)
        for copy in self._copies.values():
            row = entries.get(copy.entry_id)
            if row is None:
                continue
            agreed = copy.id in self._agreed
            rule = KEPT_TOGETHER if agreed else SHARED_COPIES
            ending = self._facts.endings.get(row.pair_id or "")
            since = ending or self._shared_until.get(copy.id, copy.made_at.date())
            people = self._facts.halves(row.pair_id) if agreed and row.pair_id else frozenset()
            until = self._counting.until(rule, since)
            term = self._term("snapshot", row, rule, until, people, copy.id)
            # What was taken back is nobody's to read any more: it goes without a word.
            quiet = copy.state == State.WITHDRAWN
            found[row.id].append(replace(term, warnings=0) if quiet else term)
        return found

    def _term(
        self,
        thing: str,
        row: Any,
        rule: str,
        until: date | None,
        people: frozenset[str] = frozenset(),
        thing_id: str = "",
    ) -> Term:
        thing_id = thing_id or row.id
        return Term(
            thing,
            thing_id,
            row.person_id,
            rule,
            # Somebody has asked for a copy of it, and has not been answered.
            None if row.id in self._asked else until,
            people | {row.person_id},
            row.id,
            row.workbook,
            row.pair_id,
            row.about_id,
            # Nobody is told about a sheet on which nothing was ever written.
            RULES[rule].warnings if row.saved_at is not None else 0,
            self._told.get((thing, thing_id), ()),
            self._counting.today,
        )
