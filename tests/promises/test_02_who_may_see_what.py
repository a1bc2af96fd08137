"""Who may see what: every cell of the policy table, at every address and every verb of the gate.

What is expected here is worked out from ``POLICY`` and nothing else.  Unlisted is refused, and so
is what has no rule: a new address or verb fails until somebody has said who may have it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import update

from cascade_tools.model.prompts import Who
from cascade_tools.model.sharing import Action, Relation, State, may
from cascade_tools.model.sharing import Thing as Asked
from cascade_tools.records import Records
from cascade_tools.records.tables import EntryRow
from cascade_tools.shelf import open_shelf
from tests.faults.nursery import Nursery, QuickHouse
from tests.promises import rules
from tests.promises.rules import ADDRESSES, Anybody, Elsewhere, Halves, Leads, OfRole, Own, Words
from tests.promises.world import EVERYBODY, KINDS, WORDS, Thing, build_world, lay, prompt
from tests.server.test_addresses import served
from tests.server.visitor import Fields, Reply, Visitor

NOWHERE = "0" * 32
HERE = Path(__file__).parent


@dataclass
class World:
    """A running house, its gate opened beside it, and everybody at a browser of their own."""

    house: QuickHouse
    records: Records
    people: dict[str, Visitor]

    def lay(self, kind: str, state: State) -> Thing:
        return lay(self.house, self.records, kind, state)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, nursery: Nursery) -> Iterator[World]:
    house = build_world(tmp_path_factory.mktemp("programme") / "house")
    house.start()
    with house.records() as records:
        yield World(house, records, {who: Visitor(house, who) for who in EVERYBODY})
    house.stop()


@pytest.fixture(autouse=True)
def put_right(world: World) -> Iterator[None]:
    """Only sealed sheets are ever open in earnest; the others do not stay so."""
    yield
    with world.records.store.database.writing() as s:
        s.execute(update(EntryRow).values(state=State.COMMITTED))


# Every address has a rule


def test_every_address_has_a_rule_and_every_rule_an_address() -> None:
    """A new address fails here until it stands in the table of rules."""
    assert {f"{m} {a}" for a, methods in served().items() for m in methods} == set(ADDRESSES)


def test_what_is_tried_elsewhere_is_tried() -> None:
    """The tests that the table leans on are there."""
    for rule in ADDRESSES.values():
        if isinstance(rule, Elsewhere):
            name, _, test = rule.test.partition("::")
            assert f"def {test}(" in (HERE / name).read_text(encoding="utf-8"), rule


# Where the policy table decides


def in_order(allowed: dict[str, bool], author: str) -> list[str]:
    """Those who may not first, the author last: whatever they change, nobody else needs it."""
    return sorted(allowed, key=lambda who: (allowed[who], who == author))


def ask(world: World, address: str, who: str, thing: Thing) -> Reply:
    """One person at one address of one thing, asking in earnest."""
    method, _, path = address.partition(" ")
    visitor = world.people[who]
    place = thing.entry
    if "/shared/" in path or "/shares/" in path:
        place = thing.snapshot if "/shared/" in path else thing.share
    path = path.replace("<id>", place)
    headers = {"X-Cascade-Person": visitor.person}
    if method == "GET":
        return visitor.get(path)
    fields: Fields = {
        "person": visitor.person,
        "part": "one",
        "purpose": "",
        "way": "without",
        "until-day": "27",
        "until-month": "3",
        "until-year": "2099",
    }
    return visitor.post(path, fields, **headers)


def without_tokens(reply: Reply) -> str:
    """A page without what is made anew for every reply."""
    return re.sub(r'name="(_xsrf|writer)" value="[^"]+"', "", reply.text)


def refused(world: World, who: str, reply: Reply) -> None:
    """The same answer, to the letter, as for something that does not exist."""
    nowhere = world.people[who].get(f"entries/{NOWHERE}")
    assert (reply.status, without_tokens(reply)) == (404, without_tokens(nowhere))


def let_through(reply: Reply) -> bool:
    """The gate let them; a form may still ask for something that is missing."""
    return reply.status in (200, 302, 400, 422)


POLICED = [a for a in rules.of(Words) if not a.startswith("PUT")]


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("address", POLICED)
def test_an_address_gives_what_the_policy_lists_and_nothing_else(
    world: World, address: str, state: State
) -> None:
    """For every person, kind of thing and state: who is listed gets in, everybody else is told
    that there is nothing; a page shows answers of exactly the classes that are listed."""
    rule = ADDRESSES[address]
    assert isinstance(rule, Words)
    for name in rule.kinds:
        thing = world.lay(name, state)
        kind, copy = thing.kind, rule.thing is Asked.SNAPSHOT
        relation = {w: kind.relation_to_copy(w) if copy else kind.relation(w) for w in EVERYBODY}
        allowed = {
            who: rule.allows(relation[who], state)
            and not (rule.supervises and kind.as_role != "supervisor")
            for who in EVERYBODY
        }
        for who in in_order(allowed, kind.author):
            case = (name, state, who)
            if allowed[who] and not rule.tried:
                continue
            reply = ask(world, address, who, thing)
            if not allowed[who] and who == kind.author and rule.action is Action.SHARE:
                # What is theirs is there; it is only not to be shared any more.
                assert reply.status == 400, case
            elif not allowed[who]:
                refused(world, who, reply)
            else:
                assert let_through(reply), (case, reply.status)
            if rule.action is Action.READ and address.startswith("GET"):
                listed = {c for c in WORDS if rule.allows(relation[who], state, c)}
                if copy:
                    shares = Relation.AUTHOR, Action.SHARE, Asked.ANSWER
                    listed &= {c for c in WORDS if may(*shares, c, State.DRAFT)}
                if reply.status == 200:
                    assert thing.seen(reply.text) == listed, case
                else:
                    assert thing.seen(reply.text) == set(), case


@pytest.mark.parametrize("state", State)
def test_an_answer_is_written_by_whom_the_policy_lists(world: World, state: State) -> None:
    """The same, class by class, for the address that saves one answer."""
    for name in rules.ENTRIES:
        thing = world.lay(name, state)
        relations = {who: thing.kind.relation(who) for who in EVERYBODY}
        for who in in_order(
            {who: relation is not Relation.NOBODY for who, relation in relations.items()},
            thing.kind.author,
        ):
            near = relations[who] in (Relation.AUTHOR, Relation.PARTNER)
            visitor = world.people[who]
            for c in Who if near else (Who.PAIR,):
                asked = prompt(world.house, thing.kind, c)
                value = f"written by {who}" if c in WORDS else "yes"
                sent = {"value": value, "base": 1, "writer": who, "counter": 1}
                path = f"api/entries/{thing.entry}/answers/{asked.key}"
                reply = visitor.put(path, {**sent, "asked": asked.asked})
                listed = may(relations[who], Action.WRITE, Asked.ANSWER, c, state)
                assert (reply.status in (200, 409)) is listed, (name, who, c, reply.status)
                if not listed:
                    assert reply.status == 404
                    assert reply.json == {"problem": "There is nothing here for you."}


@pytest.mark.parametrize("address", rules.of(Words))
def test_nobody_gets_anything_without_signing_in(world: World, address: str) -> None:
    """Signed out, every such address leads to the door and says nothing."""
    rule = ADDRESSES[address]
    assert isinstance(rule, Words)
    thing = world.lay(rule.kinds[0], State.OPENED)
    nobody = Visitor(world.house)
    method, _, path = address.partition(" ")
    path = path.replace("<id>", thing.snapshot if "shared" in path else thing.entry)
    if method == "PUT":
        reply = nobody.put(path.replace("<key>", "for-mine"), {"value": "x"})
        assert (reply.status, thing.seen(reply.text)) == (401, set())
        return
    reply = nobody.get(path) if method == "GET" else nobody.post(path)
    assert (reply.status, reply.body) == (302, b"")
    assert reply.location.startswith("/sign-in?next=")


# Where something else decides


@pytest.mark.parametrize("address", rules.of(Halves))
def test_a_pairs_pages_are_its_two_halves(world: World, address: str) -> None:
    """The coach and the leader of a pair get in; nobody else learns that there is one."""
    pair = world.lay("copy", State.COMMITTED)
    with world.records.store.database.reading():
        entry = world.records.entries.get(world.people["amina"].person, pair.entry)
    rule = ADDRESSES[address]
    assert isinstance(rule, Halves)
    method, _, path = address.partition(" ")
    path = path.replace("<id>", str(entry.pair_id))
    for who in in_order({who: who in ("amina", "leo") for who in EVERYBODY}, "amina"):
        visitor = world.people[who]
        reply = visitor.get(path) if method == "GET" else visitor.post(path, dict(rule.fields))
        if who in ("amina", "leo"):
            assert let_through(reply), (who, reply.status)
        else:
            refused(world, who, reply)
    assert Visitor(world.house).get(path).location.startswith("/sign-in?next=")


@pytest.mark.parametrize("address", rules.of(OfRole))
def test_a_workbook_is_for_its_roles(world: World, address: str) -> None:
    """Every workbook of the programme opens to the roles it names and is not there for others;
    what needs no account is there for anybody, on paper too."""
    rule = ADDRESSES[address]
    assert isinstance(rule, OfRole)
    method, _, path = address.partition(" ")
    every = open_shelf(world.house.folder.local).all()
    ours = [w for w in every if w.id in {k.workbook for k in KINDS.values()} or w.public]
    for workbook in every if address == "GET /workbooks/<role>/<name>" else ours:
        place = path.replace("<role>/<name>", workbook.id)
        for who in ("amina", "leo", "sue", "pat", "eve"):
            visitor = world.people[who]
            reply = visitor.get(place) if method == "GET" else visitor.post(place)
            public = rule.public and workbook.public
            if public or world.house.people[who].roles & workbook.roles:
                assert let_through(reply), (workbook.id, who, reply.status)
            else:
                refused(world, who, reply)


def test_what_was_sent_to_the_programme_is_for_those_who_lead_it(world: World) -> None:
    """The two leads read it; to everybody else it is not there."""
    word = "marker-sent-to-the-programme"
    body = {"joining": [], "bursary": [], "pages": [], "said": word}
    world.records.submissions.send("leader/is-this-for-me", body)
    lead = world.people["pat"].person
    one = world.records.submissions.all(lead)[0].id
    for address in rules.of(Leads):
        method, _, path = address.partition(" ")
        for who in EVERYBODY:
            relation = Relation.PROGRAMME if who in ("pat", "quinn") else Relation.NOBODY
            listed = may(relation, Action.READ, Asked.SUBMISSION, Who.SUBMITTED, State.OPENED)
            visitor = world.people[who]
            place = path.replace("<id>", one)
            reply = visitor.get(place) if method == "GET" else visitor.post(place)
            if listed:
                assert reply.status in (200, 302, 400, 404, 422, 500), (address, who)
            else:
                refused(world, who, reply)


@pytest.mark.parametrize("address", rules.of(Own))
def test_ones_own_pages_hold_nobody_elses_words(world: World, address: str) -> None:
    """Everybody who is signed in gets their own page there, with no answer of anybody else's;
    signed out it leads to the door."""
    method, _, path = address.partition(" ")
    things = [world.lay(name, State.COMMITTED) for name in KINDS]
    if method == "GET":
        for who in EVERYBODY:
            reply = world.people[who].get(path)
            assert reply.status in (200, 302), (who, reply.status)
            others = [t for t in things if who not in (t.kind.author, t.kind.partner)]
            assert not [t for t in others if t.seen(reply.text)], who
    nobody = Visitor(world.house)
    reply = nobody.get(path) if method == "GET" else nobody.post(path)
    assert (reply.status, reply.location[:14]) == (302, "/sign-in?next=")


@pytest.mark.parametrize("address", [a for a in rules.of(Anybody) if a.startswith("GET")])
def test_what_is_there_for_anybody_is_about_nobody(world: World, address: str) -> None:
    """What needs no sign-in names nobody and holds nobody's words."""
    _, _, path = address.partition(" ")
    thing = world.lay("own", State.OPENED)
    reply = Visitor(world.house).get(path)
    assert not thing.seen(reply.text)
    for person in world.house.people.values():
        assert person.name not in reply.text
