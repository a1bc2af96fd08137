"""One policy table, two readings of it: the SQL condition and the predicate never disagree."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import literal, select

from cascade_tools.model.consent import KEEP
from cascade_tools.model.entry import Outline
from cascade_tools.model.people import Person, Role
from cascade_tools.model.prompts import Kind, Prompt, Who
from cascade_tools.model.sharing import POLICY, Action, Relation, Rule, State, Thing, may
from cascade_tools.records import Records
from cascade_tools.records.policy import allowed
from cascade_tools.records.tables import (
    AnswerRow,
    EntryRow,
    PersonRow,
    ShareRow,
    SnapshotRow,
    SupervisesRow,
    SupervisionCoachRow,
    SupervisionRow,
    new_id,
)
from tests.records.conftest import DATABASES
from tests.records.small import Clock, open_small

PROMPTS = {who: Prompt(f"for-{who}", Kind.LONG, f"Seen by {who}?", who=who) for who in Who}
EVERY_KEY = Outline((("all", "All of it", tuple(p.key for p in PROMPTS.values())),))
START = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
PEOPLE = 6
LEAD, EVALUATOR = PEOPLE - 2, PEOPLE - 1


def hours(count: float) -> datetime:
    return START + timedelta(hours=count)


@dataclass(frozen=True)
class Share:
    """Hours from the start; ``as_role`` is why the reader may read."""

    reader: int
    as_role: str
    made: int
    ends: int
    stopped: int | None
    snapshot_state: State


@dataclass(frozen=True)
class Sheet:
    """One entry.  ``with_`` are the others in a meeting, ``half`` is the other half of its author's
    pair; each class of answer is in it once."""

    author: int
    state: State
    with_: frozenset[int]
    answered: frozenset[Who]
    shares: tuple[Share, ...]
    together: str = ""
    half: int | None = None


@dataclass(frozen=True)
class Held:
    supervisor: int
    coach: int
    since: int
    until: int | None


@dataclass(frozen=True)
class World:
    """A random small programme, looked at ``now`` hours after its start."""

    sheets: tuple[Sheet, ...]
    held: tuple[Held, ...]
    left: frozenset[int]
    now: int

    def relations(self, viewer: int, sheet: Sheet, share: Share | None = None) -> set[Relation]:
        """What a viewer is to a sheet or to one share of it, by the words of the policy alone."""
        found = set()
        if viewer == sheet.author:
            found.add(Relation.AUTHOR)
        elif viewer in sheet.with_ or (sheet.together == "shared" and viewer == sheet.half):
            found.add(Relation.PARTNER)
        if viewer == LEAD and viewer not in self.left:
            found.add(Relation.PROGRAMME)
        if viewer == EVALUATOR and viewer not in self.left:
            found.add(Relation.EVALUATOR)
        if share is not None and viewer == share.reader and self.live(sheet, share):
            found.add(Relation.READER)
        return found or {Relation.NOBODY}

    def live(self, sheet: Sheet, share: Share) -> bool:
        begun = share.made <= self.now < share.ends and share.stopped is None
        if not begun or share.reader in self.left:
            return False
        return share.as_role != "supervisor" or any(
            h.supervisor == share.reader
            and h.coach == sheet.author
            and h.since <= share.made
            and (h.until is None or h.until > self.now)
            for h in self.held
        )


person = st.integers(0, PEOPLE - 1)
hour = st.integers(0, 6)
shares = st.builds(
    Share, person, st.sampled_from(("supervisor", "leader")), hour, hour, st.none() | hour,
    st.sampled_from(State),
)  # fmt: skip
sheets = st.builds(
    Sheet, person, st.sampled_from(State), st.frozensets(person, max_size=2),
    st.frozensets(st.sampled_from(Who)), st.lists(shares, max_size=2).map(tuple),
    st.sampled_from(("", "sealed", "shared")), st.none() | person,
)  # fmt: skip
worlds = st.builds(
    World,
    st.lists(sheets, min_size=1, max_size=3).map(tuple),
    st.lists(st.builds(Held, person, person, hour, st.none() | hour), max_size=3).map(tuple),
    st.frozensets(person, max_size=1),
    hour,
)


@dataclass
class Laid:
    """A world as it lies in the records: the ids of its people, entries and shares."""

    people: list[Person] = field(default_factory=list)
    entries: list[tuple[str, Sheet]] = field(default_factory=list)
    snapshots: list[tuple[str, Sheet, Share]] = field(default_factory=list)


def lay(records: Records, clock: Clock, world: World) -> Laid:
    """Write a world into the records, in states that no page could bring about, too."""
    laid = Laid()
    clock.at = START
    for number in range(PEOPLE):
        roles = [Role.COACH, Role.LEADER, Role.SUPERVISOR]
        roles += {LEAD: [Role.LEAD], EVALUATOR: [Role.EVALUATOR]}.get(number, [])
        laid.people.append(records.people.add(new_id(), roles, "01632 960100"))
        records.consents.decide(laid.people[-1].id, KEEP, True, "1")
    ids = [p.id for p in laid.people]
    for sheet in world.sheets:
        _lay_sheet(records, ids, sheet, laid)
    with records.store.database.writing() as s:
        for h in world.held:
            s.add(
                SupervisesRow(
                    supervisor_id=ids[h.supervisor],
                    coach_id=ids[h.coach],
                    since=hours(h.since),
                    until=None if h.until is None else hours(h.until),
                )
            )
        for one in world.left:
            s.get_one(PersonRow, ids[one]).left_at = START
    clock.at = hours(world.now)
    return laid


def _lay_sheet(records: Records, ids: list[str], sheet: Sheet, laid: Laid) -> None:
    author, about = ids[sheet.author], None
    if sheet.with_:
        with records.store.database.writing() as s:
            meeting = SupervisionRow(
                supervisor_id=author, on=START.date(), state="held", made_at=START
            )
            s.add(meeting)
            s.flush()
            about = meeting.id
            s.add_all(
                SupervisionCoachRow(supervision_id=about, coach_id=ids[w]) for w in sheet.with_
            )
    other = None if sheet.half in (None, sheet.author) else ids[sheet.half]
    pair = records.people.pair(author, other, "the carers’ charity", START.date())
    entry = records.entries.start(
        author, f"pair/{new_id()}", pair_id=pair, about_id=about, together=sheet.together
    )
    answers = [(PROMPTS[who], f"words for {who}") for who in sorted(sheet.answered)]
    records.entries.save_sheet(author, entry.id, answers, "paper")
    document = records.sharing.compose(author, entry.id, EVERY_KEY)
    laid.entries.append((entry.id, sheet))
    with records.store.database.writing() as s:
        s.get_one(EntryRow, entry.id).state = sheet.state
        for share in sheet.shares:
            snapshot_id, share_id = new_id(), new_id()
            sealed = records.store.seal_document(document.body, snapshot_id)
            purpose = records.store.seal_purpose("", share_id)
            s.add(
                SnapshotRow(
                    id=snapshot_id,
                    entry_id=entry.id,
                    author_id=author,
                    state=share.snapshot_state,
                    made_at=hours(share.made),
                    hash=document.hash,
                    key_id=sealed.key_id,
                    sealed=sealed.body,
                )
            )
            s.flush()
            s.add(
                ShareRow(
                    id=share_id,
                    snapshot_id=snapshot_id,
                    reader_id=ids[share.reader],
                    as_role=share.as_role,
                    made_at=hours(share.made),
                    ends_at=hours(share.ends),
                    stopped_at=None if share.stopped is None else hours(share.stopped),
                    key_id=purpose.key_id,
                    sealed=purpose.body,
                )
            )
            laid.snapshots.append((snapshot_id, sheet, share))


def answers_by_sql(
    records: Records, laid: Laid, viewer_id: str, action: Action, now: datetime
) -> set[tuple[str, str]]:
    """Entry and class of every answer the SQL condition lets through."""
    query = (
        select(AnswerRow.entry_id, AnswerRow.who)
        .join(EntryRow, EntryRow.id == AnswerRow.entry_id)
        .where(
            AnswerRow.entry_id.in_([e for e, _ in laid.entries]),
            allowed(viewer_id, action, Thing.ANSWER, now, AnswerRow.who, EntryRow.state),
        )
    )
    with records.store.database.reading() as s:
        return {(entry, who) for entry, who in s.execute(query)}


def snapshots_by_sql(
    records: Records, laid: Laid, viewer_id: str, action: Action, now: datetime, who: Who
) -> set[str]:
    """Every snapshot the SQL condition lets through for one class of answer."""
    query = (
        select(SnapshotRow.id)
        .join(EntryRow, EntryRow.id == SnapshotRow.entry_id)
        .join(ShareRow, ShareRow.snapshot_id == SnapshotRow.id)
        .where(
            SnapshotRow.id.in_([i for i, _, _ in laid.snapshots]),
            allowed(viewer_id, action, Thing.SNAPSHOT, now, literal(str(who)), SnapshotRow.state),
        )
    )
    with records.store.database.reading() as s:
        return set(s.scalars(query))


def any_may(relations: set[Relation], action: Action, thing: Thing, who: Who, state: State) -> bool:
    return any(may(relation, action, thing, who, state) for relation in relations)


@pytest.fixture(scope="module", params=DATABASES)
def shared_records(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Records, Clock]]:
    """Records that many random programmes share: each has people of its own."""
    folder: Path = tmp_path_factory.mktemp("policy")
    small = open_small(DATABASES[request.param](folder), folder)
    yield small.records, small.clock
    small.records.close()


# Everything in every state: the author is 0, the partner 1, the reader 2, a stranger 3; 4 leads
# the programme and 5 evaluates it.
FULL = World(
    sheets=tuple(
        Sheet(
            author=0,
            state=state,
            with_=frozenset({1}),
            answered=frozenset(Who),
            shares=(Share(2, "leader", made=0, ends=6, stopped=None, snapshot_state=state),),
        )
        for state in State
    ),
    held=(),
    left=frozenset(),
    now=1,
)
VIEWERS = {
    Relation.AUTHOR: 0,
    Relation.PARTNER: 1,
    Relation.READER: 2,
    Relation.NOBODY: 3,
    Relation.PROGRAMME: LEAD,
    Relation.EVALUATOR: EVALUATOR,
}
# The same, but what makes somebody a partner is that the one copy is both people's.
FULL_SHARED = replace(
    FULL,
    sheets=tuple(replace(s, with_=frozenset(), together="shared", half=1) for s in FULL.sheets),
)


@pytest.fixture(scope="module", params=[FULL, FULL_SHARED], ids=["meeting", "pair"])
def full(request: pytest.FixtureRequest, shared_records: tuple[Records, Clock]) -> Laid:
    return lay(*shared_records, request.param)


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("relation", Relation)
class TestEveryCell:
    def test_answers(
        self,
        shared_records: tuple[Records, Clock],
        full: Laid,
        relation: Relation,
        action: Action,
    ) -> None:
        """For every class and state of an answer the database lets through what the table lists,
        and nothing that it does not."""
        found = answers_by_sql(
            shared_records[0], full, full.people[VIEWERS[relation]].id, action, hours(1)
        )
        for entry, sheet in full.entries:
            for who in Who:
                listed = Rule(Thing.ANSWER, who, sheet.state, relation, action) in POLICY
                assert ((entry, who) in found) is listed, (who, sheet.state)

    def test_snapshots(
        self,
        shared_records: tuple[Records, Clock],
        full: Laid,
        relation: Relation,
        action: Action,
    ) -> None:
        """The same for every class of answer in a snapshot of every state."""
        for who in Who:
            found = snapshots_by_sql(
                shared_records[0], full, full.people[VIEWERS[relation]].id, action, hours(1), who
            )
            for snapshot, _, share in full.snapshots:
                rule = Rule(Thing.SNAPSHOT, who, share.snapshot_state, relation, action)
                assert (snapshot in found) is (rule in POLICY), rule

    @pytest.mark.parametrize("thing", [Thing.SUBMISSION, Thing.CARD, Thing.NOTE])
    def test_what_is_the_programmes(
        self,
        shared_records: tuple[Records, Clock],
        full: Laid,
        relation: Relation,
        action: Action,
        thing: Thing,
    ) -> None:
        """The same for what was sent to the programme, cards and notes, of every class and in
        every state."""
        viewer = full.people[VIEWERS[relation]].id
        for who in Who:
            for state in State:
                condition = allowed(viewer, action, thing, hours(1), literal(who), literal(state))
                with shared_records[0].store.database.reading() as s:
                    found = bool(s.scalar(select(literal(1)).where(condition)))
                rule = Rule(thing, who, state, relation, action)
                assert found is (rule in POLICY), rule


@given(world=worlds)
@settings(max_examples=30, deadline=None)
def test_sql_and_predicate_agree_on_any_programme(
    shared_records: tuple[Records, Clock], world: World
) -> None:
    """Whatever has been written, shared, ended or left: condition and predicate say the same."""
    records, clock = shared_records
    laid = lay(records, clock, world)
    for number, viewer in enumerate(laid.people):
        for action in Action:
            assert answers_by_sql(records, laid, viewer.id, action, clock.at) == {
                (entry, str(who))
                for entry, sheet in laid.entries
                for who in sheet.answered
                if any_may(world.relations(number, sheet), action, Thing.ANSWER, who, sheet.state)
            }
        for who in Who:
            assert snapshots_by_sql(records, laid, viewer.id, Action.READ, clock.at, who) == {
                snapshot
                for snapshot, sheet, share in laid.snapshots
                if any_may(
                    world.relations(number, sheet, share),
                    Action.READ,
                    Thing.SNAPSHOT,
                    who,
                    share.snapshot_state,
                )
            }


@given(world=worlds)
@settings(max_examples=30, deadline=None)
def test_what_is_collected_is_what_the_predicate_allows(
    shared_records: tuple[Records, Clock], world: World
) -> None:
    """For any programme and reader, not one row is collected that the table does not allow, and
    none that it allows is left out."""
    records, clock = shared_records
    laid = lay(records, clock, world)
    for number, viewer in enumerate(laid.people):
        collected = list(records.desk(viewer, "collect").answers())
        kept = {
            (entry, str(who))
            for entry, sheet in laid.entries
            for who in sheet.answered
            if any_may(
                world.relations(number, sheet), Action.EXPORT, Thing.ANSWER, who, sheet.state
            )
        }
        assert {(a.entry, a.who) for a in collected if a.snapshot is None} == kept
        shared = {
            (snapshot, str(who))
            for snapshot, sheet, share in laid.snapshots
            for who in sheet.answered
            if Relation.READER in world.relations(number, sheet, share)
            and may(Relation.READER, Action.EXPORT, Thing.SNAPSHOT, who, share.snapshot_state)
        }
        assert {(a.snapshot, a.who) for a in collected if a.snapshot is not None} == shared
        assert not [a for a in collected if a.who == Who.ONLY_ME and a.person != viewer.name]


@given(world=worlds)
@settings(max_examples=15, deadline=None)
def test_every_row_collected_stands_in_a_log(
    shared_records: tuple[Records, Clock], world: World
) -> None:
    """Each author finds one line for each thing of theirs that somebody else's collect held."""
    records, clock = shared_records
    laid = lay(records, clock, world)
    for viewer in laid.people:
        rows = list(records.desk(viewer, "collect").answers())
        for author in laid.people:
            held = {a.entry for a in rows if a.person == author.name != viewer.name}
            told = {
                opening.entry_id
                for opening in records.read_log.of(author.id)
                if opening.reader == viewer.name
            }
            assert held <= told


def test_unlisted_is_refused() -> None:
    """A stranger may do nothing, and nobody may do with a snapshot what no rule names."""
    for who in Who:
        for state in State:
            for thing in Thing:
                for action in Action:
                    assert not may(Relation.NOBODY, action, thing, who, state)
            for relation in Relation:
                for action in (Action.WRITE, Action.SHARE, Action.ERASE):
                    assert not may(relation, action, Thing.SNAPSHOT, who, state)
                    assert not may(relation, action, Thing.SUBMISSION, who, state)
