"""Who may see what: the verbs of the gate, and what leaves it in a collect or an export."""

import inspect
from collections.abc import Iterator
from dataclasses import dataclass, fields

import pytest
from sqlalchemy import update

from cascade_tools.errors import NotFound, NotPossible
from cascade_tools.model.prompts import Who
from cascade_tools.model.sharing import Action, Relation, State, may
from cascade_tools.model.sharing import Thing as Asked
from cascade_tools.records import Reading, Records
from cascade_tools.records.tables import EntryRow
from tests.faults.nursery import Nursery, QuickHouse
from tests.promises.verbs import LISTED, TRIED, reason
from tests.promises.world import EVERYBODY, KINDS, Thing, build_world, lay

NOT_VERBS = {"planned", "store"}


@dataclass
class Gate:
    house: QuickHouse
    records: Records

    def lay(self, kind: str, state: State) -> Thing:
        return lay(self.house, self.records, kind, state)

    def id(self, who: str) -> str:
        return self.house.people[who].id


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory, nursery: Nursery) -> Iterator[Gate]:
    """The gate of a house without a server: everybody is somebody's id."""
    house = build_world(tmp_path_factory.mktemp("programme") / "house")
    with house.records() as records:
        yield Gate(house, records)


@pytest.fixture(autouse=True)
def put_right(gate: Gate) -> Iterator[None]:
    """Only sealed sheets are ever open in earnest; the others do not stay so."""
    yield
    with gate.records.store.database.writing() as s:
        s.execute(update(EntryRow).values(state=State.COMMITTED))


def verbs(records: Records) -> set[str]:
    """Every verb of the gate: the public methods of its parts, and those of a desk."""
    parts = {f.name: type(getattr(records, f.name)) for f in fields(records)}
    parts = {name: part for name, part in parts.items() if name not in NOT_VERBS}
    return {
        f"{name}.{verb}"
        for name, part in (*parts.items(), ("desk", Reading))
        for verb, _ in inspect.getmembers(part, inspect.isfunction)
        if not verb.startswith("_")
    }


def test_every_verb_of_the_gate_has_a_rule(gate: Gate) -> None:
    """A new verb fails here until somebody has said what it gives to whom."""
    found = verbs(gate.records)
    assert not {*TRIED, *LISTED} - found
    assert not sorted(v for v in found - {*TRIED, *LISTED} if reason(v) is None)
    assert not [v for v in (*TRIED, *LISTED) if reason(v) is not None]


@pytest.mark.parametrize("verb", TRIED)
def test_a_verb_gives_what_the_policy_lists_and_nothing_else(gate: Gate, verb: str) -> None:
    """For every person, kind and state: who is listed is answered, with answers of exactly the
    listed classes; for everybody else there is nothing."""
    tried = TRIED[verb]
    rule, copy = tried.rule, tried.rule.thing is Asked.SNAPSHOT
    for state in State:
        for name in rule.kinds:
            kind = KINDS[name]
            about = kind.relation_to_copy if copy else kind.relation
            relations = {who: about(who) for who in EVERYBODY}
            allowed = {who: rule.allows(relations[who], state) for who in EVERYBODY}
            thing = gate.lay(name, state)
            for who in sorted(EVERYBODY, key=lambda w: (allowed[w], w == kind.author)):
                case = (state, name, who)
                try:
                    result = tried.call(gate.records, gate.id(who), thing)
                except NotFound:
                    assert not allowed[who], case
                    continue
                except NotPossible:
                    # Theirs, and another rule says no: nothing to share, sealed already.
                    assert who == kind.author, case
                    continue
                if not allowed[who]:
                    # What is one's own is there; nothing in it may be shared any more.
                    assert who == kind.author, case
                    assert tried.classes is not None, case
                if tried.classes is not None:
                    listed = {c for c in Who if rule.allows(relations[who], state, c)}
                    if copy:
                        shares = Relation.AUTHOR, Action.SHARE, Asked.ANSWER
                        listed &= {c for c in Who if may(*shares, c, State.DRAFT)}
                    assert tried.classes(result) == listed, case


@pytest.fixture(scope="module")
def whole(gate: Gate) -> list[Thing]:
    """One thing of every kind in every state."""
    return [gate.lay(name, state) for name in KINDS for state in State]


def set_back(gate: Gate, whole: list[Thing]) -> None:
    """Put every thing into its state again."""
    with gate.records.store.database.writing() as s:
        for thing in whole:
            s.get_one(EntryRow, thing.entry).state = thing.state


def readable(who: str, thing: Thing, action: Action) -> set[Who]:
    """The classes of a thing's answers that somebody may have, in the entry or in its copy."""
    relation, state = thing.kind.relation(who), thing.state
    found = {c for c in Who if may(relation, action, Asked.ANSWER, c, state)}
    if thing.snapshot:
        relation = thing.kind.relation_to_copy(who)
        shared = {
            c for c in Who if may(Relation.AUTHOR, Action.SHARE, Asked.ANSWER, c, State.DRAFT)
        }
        found |= shared & {c for c in Who if may(relation, action, Asked.SNAPSHOT, c, state)}
    return found


@pytest.mark.parametrize("verb", LISTED)
def test_a_list_holds_nothing_its_reader_may_not_read(
    gate: Gate, whole: list[Thing], verb: str
) -> None:
    """Whatever the gate lists for somebody, no answer is in it that the policy does not list."""
    set_back(gate, whole)
    for who in EVERYBODY:
        text = repr(LISTED[verb](gate.records, gate.id(who)))
        for thing in whole:
            seen = thing.seen(text)
            assert seen <= readable(who, thing, Action.READ), (who, thing.kind.name, thing.state)


@pytest.mark.parametrize("who", EVERYBODY)
def test_an_export_holds_exactly_what_the_policy_lists(
    gate: Gate, whole: list[Thing], who: str
) -> None:
    """What somebody collects, on a page, in a file or at the command line, is what the table lets
    them export: no answer more, and none left out."""
    set_back(gate, whole)
    rows = list(gate.records.desk(gate.house.people[who], "collect").answers())
    for thing in whole:
        relation, state = thing.kind.relation(who), thing.state
        listed = {c for c in Who if may(relation, Action.EXPORT, Asked.ANSWER, c, state)}
        kept = {Who(r.who) for r in rows if r.entry == thing.entry and r.snapshot is None}
        assert kept == listed, (thing.kind.name, state)
        if thing.snapshot:
            copied = {Who(r.who) for r in rows if r.snapshot == thing.snapshot}
            reader = thing.kind.relation_to_copy(who)
            listed = {c for c in Who if may(reader, Action.EXPORT, Asked.SNAPSHOT, c, state)}
            assert copied == listed, (thing.kind.name, state)
