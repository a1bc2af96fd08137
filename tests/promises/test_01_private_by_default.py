"""Private by default: what somebody writes has no reader but its author until they share it."""

import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from cascade_tools.model.composites import composite_of
from cascade_tools.model.people import Role
from cascade_tools.model.prompts import Kind, Problem, Prompt, Who, check_answer
from cascade_tools.model.workbook import Workbook
from cascade_tools.records import Records
from cascade_tools.shelf import open_shelf
from tests.faults.nursery import Nursery, QuickHouse
from tests.promises.verbs import LISTED
from tests.promises.world import EVERYBODY
from tests.server.test_addresses import served
from tests.server.visitor import Visitor

AUTHORS = {Role.COACH: "amina", Role.LEADER: "leo", Role.SUPERVISOR: "sue"}
WRITTEN = {Kind.TEXT, Kind.LONG, Kind.PERSON, Kind.ACTION, Kind.GOAL}
MARKER = re.compile(r"mark-([a-z]+)-[0-9a-f]{12}")


@dataclass
class Written:
    """Everything that was written: the house, each author's entries, and how many markers."""

    house: QuickHouse
    entries: dict[str, dict[str, list[str]]] = field(default_factory=dict)

    def by(self, who: str) -> dict[str, list[str]]:
        """Somebody's markers by entry."""
        return self.entries.get(who, {})


def _value(prompt: Prompt, word: str) -> object:
    """An answer with a marker in every box of it."""
    composite = composite_of(prompt.kind)
    if composite is None:
        return word
    item = {p.name: word for p in composite.parts if p.kind in ("text", "long")}
    return [item] if composite.many else item


def _write(house: QuickHouse, records: Records, who: str, workbook: Workbook) -> list[str]:
    """Answer everything that takes words in a new entry of this workbook; its id and markers."""
    person = house.people[who].id
    about, pair = None, None
    match workbook.about:
        case "meeting":
            today = records.store.now().date()
            about = records.people.start_supervision(person, [house.people["amina"].id], today)
        case "pair" | "session":
            pair = house.pair
        case "time":
            about = "T0"
    entry = records.entries.start(
        person, workbook.id, pair_id=pair, about_id=about, together=workbook.together
    )
    markers = []
    answers = []
    for prompt in workbook.prompts:
        if prompt.keep and prompt.kind in WRITTEN and prompt.who is not Who.GROUP_RESULTS:
            word = f"mark-{who}-{secrets.token_hex(6)}"
            value = check_answer(prompt, _value(prompt, word))
            assert not isinstance(value, Problem), (workbook.id, prompt.key, value)
            answers.append((prompt, value))
            markers.append(word)
    records.entries.save_sheet(person, entry.id, answers, "paper")
    return [entry.id, *markers]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory, nursery: Nursery) -> Iterator[Written]:
    """Every workbook of the kit, with a marker in every box that takes words.

    Whatever its class, all of it is a draft; only the one list that a pair keeps together from
    its first word is left out.
    """
    house = QuickHouse(tmp_path_factory.mktemp("programme") / "house")
    found = Written(house)
    with house.records() as records:
        for workbook in open_shelf().all():
            if workbook.desk or workbook.notice or workbook.public or workbook.together == "shared":
                continue
            for role, who in AUTHORS.items():
                if role in workbook.roles:
                    entry, *markers = _write(house, records, who, workbook)
                    found.entries.setdefault(who, {})[entry] = markers
    house.start()
    yield found
    house.stop()


def _addresses(written: Written, viewer: str) -> Iterator[str]:
    """Every address that can be read, with every id there is in the place of an id."""
    house = written.house
    every = [entry for entries in written.entries.values() for entry in entries]
    workbooks = [w.id for w in open_shelf().all()]
    for address, methods in served().items():
        if "GET" not in methods or any(p in address for p in ("<version>", "<path>", "<kernel>")):
            continue
        if "<role>/<name>" in address:
            # The paper and the two questions of feedback hold no answers at all.
            if address == "/workbooks/<role>/<name>":
                yield from (address.replace("<role>/<name>", w) for w in workbooks)
            continue
        if "<id>" not in address:
            yield address
            continue
        of_entry = address.startswith(("/entries/", "/together/", "/asked/"))
        for one in (*(every if of_entry else every[:1]), house.pair):
            first = address.replace("<id>", one, 1)
            yield re.sub("<[a-z]+>", house.people[viewer].id if viewer else one, first)


def _seen(text: str) -> set[str]:
    """The people whose markers stand in a text."""
    return set(MARKER.findall(text))


def test_there_is_something_to_find(written: Written) -> None:
    """Every author finds every word of theirs again on the page where their answers stand."""
    assert set(written.entries) == set(AUTHORS.values())
    assert sum(len(m) for who in AUTHORS.values() for m in written.by(who).values()) > 100
    for who in AUTHORS.values():
        visitor = Visitor(written.house, who)
        for entry, markers in written.by(who).items():
            page = visitor.get(f"entries/{entry}").text
            assert not [m for m in markers if m not in page], entry


@pytest.mark.parametrize("viewer", [*EVERYBODY, ""], ids=[*EVERYBODY, "nobody"])
def test_no_address_gives_anybody_what_somebody_else_wrote(written: Written, viewer: str) -> None:
    """At every address, with every id there is, nobody finds a word that is not theirs."""
    visitor = Visitor(written.house, viewer)
    asked = 0
    for address in _addresses(written, viewer):
        asked += 1
        assert _seen(visitor.get(address).text) <= {viewer}, address
    assert asked > 60


@pytest.mark.parametrize("viewer", EVERYBODY)
def test_no_list_collect_or_export_gives_anybody_what_somebody_else_wrote(
    written: Written, viewer: str
) -> None:
    """Whatever the gate lists or lets somebody collect, only their own words are in it."""
    with written.house.records() as records:
        for verb, call in LISTED.items():
            assert _seen(repr(call(records, written.house.people[viewer].id))) <= {viewer}, verb


def test_no_file_holds_a_word_of_it(written: Written) -> None:
    """In no file of the programme, nor in its log, stands a word in clear."""
    house = written.house
    places = [house.log, *house.folder.path.rglob("*")]
    places += [p for folder in Path("/tmp").glob("cascade_*") for p in folder.rglob("*")]
    for path in places:
        # What other servers keep there may go at any moment.
        with suppress(FileNotFoundError):
            if path.is_file():
                assert not MARKER.search(path.read_bytes().decode("latin-1")), path
