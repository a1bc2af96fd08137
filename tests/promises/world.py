"""A house with a thing of every kind, in any state, and answers of every class in each of them."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path

from cascade_tools.model.entry import Outline
from cascade_tools.model.prompts import Prompt, Who
from cascade_tools.model.sharing import Relation, State
from cascade_tools.records import Reader, Records
from cascade_tools.records.tables import EntryRow, ShareRow, SnapshotRow
from cascade_tools.shelf import open_shelf
from tests.faults.nursery import QuickHouse
from tests.shelf.test_shelf import Sheet

EVERYBODY = ("amina", "beth", "leo", "sue", "tom", "pat", "quinn", "eve")
# Classes whose answers are written in words here, so that they can be looked for on a page.
WORDS = (Who.ONLY_ME, Who.MINE, Who.PAIR, Who.SUBMITTED)


@dataclass(frozen=True)
class Kind:
    """One kind of entry: whose it is, who else it belongs to, and who gets a copy of it."""

    name: str
    workbook: str
    about: dict[str, object]
    author: str
    partner: str = ""
    reader: str = ""
    as_role: str = ""

    def relation(self, who: str) -> Relation:
        """What somebody is to an entry of this kind, by the words of the policy alone."""
        if who == self.author:
            return Relation.AUTHOR
        if who == self.partner:
            return Relation.PARTNER
        return Relation.PROGRAMME if who in ("pat", "quinn") else Relation.NOBODY

    def relation_to_copy(self, who: str) -> Relation:
        """What somebody is to a copy of it."""
        if who == self.author:
            return Relation.AUTHOR
        return Relation.READER if who == self.reader else self.relation(who)


KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            "own",
            "coach/every-class",
            {"for": ["coach"], "share_with": ["supervisor"]},
            author="amina",
            reader="sue",
            as_role="supervisor",
        ),
        Kind(
            "leaders",
            "leader/every-class",
            {"for": ["leader"], "share_with": ["coach"]},
            author="leo",
            reader="amina",
            as_role="coach",
        ),
        Kind(
            "meeting",
            "supervisor/every-class",
            {"for": ["supervisor"], "about": "meeting"},
            author="sue",
            partner="amina",
        ),
        Kind(
            "copy",
            "pair/every-class",
            {"for": ["coach", "leader"], "about": "pair", "together": "shared"},
            author="amina",
            partner="leo",
        ),
        Kind(
            "sealed",
            "pair/every-class-sealed",
            {"for": ["coach", "leader"], "about": "pair", "together": "sealed"},
            author="amina",
        ),
        Kind(
            "agreement",
            "pair/our-agreement",
            {"for": ["coach", "leader"], "about": "pair"},
            author="amina",
        ),
    )
}


def _ask(who: Who) -> str:
    if who in WORDS:
        return f'ask.long("for-{who}", "Who sees this, {who}?", who="{who}")'
    return f'ask.choice("for-{who}", "Who sees this, {who}?", {{"yes": "Yes"}}, who="{who}")'


def build_world(path: Path) -> QuickHouse:
    """The usual house, with one small workbook of each kind."""
    house = QuickHouse(path, then_test=True)
    for kind in KINDS.values():
        opening = "from cascade_tools.workbook import open_workbook\n\n"
        opening += f'ask, show, answers = open_workbook("{kind.workbook}")'
        sheet = Sheet(cells=["## One", *map(_ask, Who)], opening=opening)
        sheet.metadata["cascade"] |= kind.about
        sheet.write(house.folder.local / "workbooks", kind.workbook)
    assert open_shelf(house.folder.local).faults() == []
    return house


@dataclass(frozen=True)
class Thing:
    """An entry of a kind, in a state; its copy and share, where somebody gets one."""

    kind: Kind
    state: State
    entry: str
    snapshot: str
    share: str
    markers: dict[Who, str]

    def seen(self, text: str) -> set[Who]:
        """The classes of which an answer of this thing stands in a text."""
        return {who for who, marker in self.markers.items() if marker in text}


def prompt(house: QuickHouse, kind: Kind, who: Who) -> Prompt:
    """The question of this class in a workbook of this kind."""
    return _prompts(house.folder.local, kind.workbook)[f"for-{who}"]


@cache
def _prompts(local: Path, workbook: str) -> dict[str, Prompt]:
    return {p.key: p for p in open_shelf(local).get(workbook).prompts}


def lay(house: QuickHouse, records: Records, name: str, state: State) -> Thing:
    """Make one new thing, answered in every class, in a state no page need be able to bring about.

    Its copy stands in the same state and lets out everything: the classes that never leave are
    kept out by the gate, or the tests see them.
    """
    kind = KINDS[name]
    author, about, pair = house.people[kind.author].id, None, None
    now = records.store.now()
    if kind.about.get("about") == "meeting":
        coaches = [house.people[kind.partner].id]
        about = records.people.start_supervision(author, coaches, now.date())
    elif kind.about.get("about") == "pair":
        leo = house.people["leo"].id
        pair = records.people.pair(house.people["amina"].id, leo, "a test pair", now.date())
    together = str(kind.about.get("together", ""))
    entry = records.entries.start(
        author, kind.workbook, pair_id=pair, about_id=about, together=together, again=True
    ).id
    markers = {who: f"marker-{secrets.token_hex(10)}-{who}" for who in WORDS}
    answers = [(prompt(house, kind, who), markers.get(who, "yes")) for who in Who]
    records.entries.save_sheet(author, entry, answers, "paper")
    snapshot = share = ""
    if kind.reader:
        everything = Outline((("one", "One", tuple(p.key for p, _ in answers)),))
        document = records.sharing.compose(author, entry, everything)
        who = house.people[kind.reader]
        reader = Reader(who.id, who.name, kind.as_role)
        until = now + timedelta(days=20)
        snapshot = records.sharing.share(author, entry, document, reader, purpose="", ends_at=until)
        share = next(s.id for s in records.sharing.of(author, entry))
    with records.store.database.writing() as s:
        s.get_one(EntryRow, entry).state = state
        if snapshot:
            s.get_one(SnapshotRow, snapshot).state = state
            assert s.get_one(ShareRow, share).stopped_at is None
    return Thing(kind, state, entry, snapshot, share, markers)
