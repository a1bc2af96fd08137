"""Everything that is nobody's words, with the rule it is kept by and the day it may go.

What words hang on goes after them: no pair before what it keeps together, no meeting before its
sheet, no line of the read log before what it tells of, nobody's name before what they wrote.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from cascade_tools.model.retention import (
    ATTEMPTS,
    ATTENDANCE,
    CONSENTS,
    FEEDBACK,
    HOLDS,
    KEPT_TOGETHER,
    KNOWLEDGE,
    OWN_WRITING,
    PEOPLE,
    READ_LOG,
    REQUESTS,
    RULES,
    SIGNING_IN,
    SUBMISSIONS,
    TALKS,
    TOMBSTONES,
    later,
)
from cascade_tools.records.counting import Facts
from cascade_tools.records.erasing import LEFT
from cascade_tools.records.knowledge_rows import closes
from cascade_tools.records.knowledge_tables import KnowledgeEventRow
from cascade_tools.records.tables import (
    AgreementRow,
    AttemptRow,
    FeedbackRow,
    InvitationRow,
    OpeningRow,
    PersonRow,
    SignInRow,
    SubmissionRow,
    SupervisesRow,
    TalkRow,
    TicketRow,
    TogetherRow,
)
from cascade_tools.records.terms import Term
from cascade_tools.records.trust_tables import ConsentRow, HoldRow, RequestRow, TombstoneRow


def of_pairs_and_meetings(facts: Facts, words: list[Term]) -> Iterator[Term]:
    """Agreements, what was done together, pairs with their sessions, meetings, supervising."""
    s, until = facts.s, facts.counting.until
    of_pair: dict[str, list[date | None]] = defaultdict(list)
    of_meeting: dict[str, list[date | None]] = defaultdict(list)
    for word in words:
        if word.rule != OWN_WRITING:
            of_pair[word.pair_id or ""].append(word.goes)
        of_meeting[word.about_id or ""].append(word.goes)
    kept: list[tuple[str, Any]] = [
        *(("agreement", row) for row in s.scalars(_unlinked())),
        *(("together", row) for row in s.scalars(select(TogetherRow))),
    ]
    for thing, row in kept:
        goes = until(KEPT_TOGETHER, facts.endings[row.pair_id])
        of_pair[row.pair_id].append(goes)
        yield Term(thing, row.id, "", KEPT_TOGETHER, goes, facts.halves(row.pair_id))
    for pair_id, ending in facts.endings.items():
        goes = later(until(ATTENDANCE, ending), *of_pair[pair_id])
        yield Term("pair", pair_id, "", ATTENDANCE, goes, facts.halves(pair_id))
    for meeting in facts.meetings.values():
        goes = later(until(ATTENDANCE, meeting.on), *of_meeting[meeting.id])
        there = frozenset({meeting.supervisor_id, *facts.coaches[meeting.id]})
        yield Term("supervision", meeting.id, "", ATTENDANCE, goes, there)
    for held in s.scalars(select(SupervisesRow).where(SupervisesRow.until.is_not(None))):
        both = frozenset({held.supervisor_id, held.coach_id})
        yield Term("supervises", held.id, "", ATTENDANCE, until(ATTENDANCE, _day(held.until)), both)


def _unlinked() -> Any:
    """Agreements whose copy has gone: while there is one, they go with it."""
    return select(AgreementRow).where(AgreementRow.snapshot_id.is_(None))


def of_erased(facts: Facts) -> Iterator[Term]:
    """Lines of the read log about what has gone, and then the tombstones they point to."""
    s, until = facts.s, facts.counting.until
    stones = {row.id: row for row in s.scalars(select(TombstoneRow))}
    told: dict[str, list[date | None]] = defaultdict(list)
    gone = select(OpeningRow).where(OpeningRow.snapshot_id.is_(None), OpeningRow.entry_id.is_(None))
    for line in s.scalars(gone):
        stone = stones.get(line.tombstone_id or "")
        since = _day(stone.erased_at if stone else line.at)
        # An author who may not be told yet has the same time for it afterwards.
        goes = until(READ_LOG, max(since or date.min, line.told_from or date.min))
        told[line.tombstone_id or ""].append(goes)
        yield Term("opening", line.id, line.author_id, READ_LOG, goes, frozenset({line.author_id}))
    for stone in stones.values():
        goes = later(until(TOMBSTONES, _day(stone.erased_at)), *told[stone.id])
        owner = stone.person_id
        yield Term("tombstone", stone.id, owner, TOMBSTONES, goes, frozenset({owner}))


# Table, rule, whose, and the day it counts from.
Dated = tuple[type[Any], str, Callable[[Any], str], Callable[[Any], datetime | date | None]]
DATED: tuple[Dated, ...] = (
    (TalkRow, TALKS, lambda r: r.coach_id, lambda r: r.ended_at or r.asked_at),
    (SubmissionRow, SUBMISSIONS, lambda r: "", lambda r: r.made_at),
    (FeedbackRow, FEEDBACK, lambda r: "", lambda r: r.on),
    (RequestRow, REQUESTS, lambda r: r.person_id or "", lambda r: r.answered_on or r.received_on),
    (TicketRow, SIGNING_IN, lambda r: r.person_id, lambda r: r.ended_at or r.ends_at),
    (SignInRow, SIGNING_IN, lambda r: r.person_id, lambda r: r.ended_at or r.seen_at),
    (InvitationRow, SIGNING_IN, lambda r: r.person_id, lambda r: r.used_at or r.ends_at),
    (HoldRow, HOLDS, lambda r: r.person_id, lambda r: r.ended_at),
    (KnowledgeEventRow, KNOWLEDGE, lambda r: r.made_by or "", closes),
)


def of_the_rest(facts: Facts, words: list[Term], now: datetime) -> Iterator[Term]:
    """What has a day of its own, and people who have left."""
    s, until = facts.s, facts.counting.until
    for table, rule, whose, since in DATED:
        for row in s.scalars(select(table)):
            yield _own(table.__tablename__, row.id, whose(row), rule, until(rule, _day(since(row))))
    an_hour = RULES[ATTEMPTS].after
    if an_hour is not None:
        for old in s.scalars(select(AttemptRow).where(AttemptRow.at <= now - an_hour)):
            yield _own("attempt", old.id, "", ATTEMPTS, _day(old.at + an_hour))
    wrote: dict[str, list[date | None]] = defaultdict(list)
    for word in words:
        wrote[word.owner_id].append(word.goes)
    for person in s.scalars(select(PersonRow).where(PersonRow.left_at.is_not(None))):
        left = _day(person.left_at)
        for one in s.scalars(select(ConsentRow.id).where(ConsentRow.person_id == person.id)):
            yield _own("consent", one, person.id, CONSENTS, until(CONSENTS, left))
        if person.name != LEFT:
            goes = later(until(PEOPLE, left), *wrote[person.id])
            yield _own("person", person.id, person.id, PEOPLE, goes)


def _own(thing: str, thing_id: str, owner_id: str, rule: str, until: date | None) -> Term:
    return Term(thing, thing_id, owner_id, rule, until, frozenset({owner_id} - {""}))


def _day(at: datetime | date | None) -> date | None:
    return at.date() if isinstance(at, datetime) else at
