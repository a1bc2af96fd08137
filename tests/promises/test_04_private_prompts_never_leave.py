"""Only me, always: such an answer never leaves its author, not even as an empty key."""

import json
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from cascade_tools.model.composites import composite_of
from cascade_tools.model.entry import Outline
from cascade_tools.model.people import Role
from cascade_tools.model.prompts import Answer, Kind, Problem, Prompt, Who, check_answer
from cascade_tools.model.replay import REPLAY
from cascade_tools.model.workbook import Workbook
from cascade_tools.records import Reader, Records
from cascade_tools.shelf import open_shelf
from tests.faults.nursery import QuickHouse
from tests.living import House
from tests.server.visitor import Visitor

AUTHORS = {Role.COACH: "amina", Role.LEADER: "leo"}
MARKER = re.compile(r"never-[0-9a-f]{12}")
ARTICLE = re.compile(r'<article class="shared">.*?</article>', re.DOTALL)
LEAVING = (Who.MINE, Who.PAIR, Who.SUBMITTED)


@dataclass(frozen=True)
class Full:
    """A sheet with an answer to every question, by its author's short name."""

    workbook: Workbook
    author: str
    entry: str

    @property
    def outline(self) -> Outline:
        """Every question of every page, as a browser that leaves out nothing would ask for."""
        pages = self.workbook.pages
        return Outline(tuple((p.id, p.title, tuple(q.key for q in p.prompts)) for p in pages))


def _asks(prompt: Prompt) -> bool:
    """Whether it is kept, and can be answered without knowing the programme."""
    return prompt.keep and not (prompt.choices_from and not prompt.choices)


def _value(prompt: Prompt) -> Answer:
    """Some answer; in those only for their author, a marker in every box of words."""
    word = f"never-{secrets.token_hex(6)}" if prompt.who is Who.ONLY_ME else "a word"
    composite = composite_of(prompt.kind)
    raw: object = word
    if composite is not None:
        item = {p.name: word for p in composite.parts if p.kind in ("text", "long")}
        raw = [item] if composite.many else item
    elif prompt.kind is Kind.ORDER:
        raw = {prompt.choices[0].code: 1}
    elif prompt.kind is Kind.CLASSIFY:
        raw = {prompt.statements[0].code: prompt.choices[0].code}
    elif prompt.choices:
        code = prompt.choices[0].code
        raw = [code] if prompt.kind is Kind.CHOICES else code
    elif prompt.kind is Kind.DATE:
        raw = "2026-05-03"
    value = check_answer(prompt, raw)
    assert not isinstance(value, Problem), prompt.key
    return value


def _written(house: House, records: Records) -> Iterator[Full]:
    for workbook in open_shelf().all():
        if not any(p.who is Who.ONLY_ME for p in workbook.prompts) or workbook.public:
            continue
        for role, who in AUTHORS.items():
            if role in workbook.roles:
                about = house.pair if workbook.about in ("pair", "session") else None
                moment = "start" if workbook.about == "time" else None
                entry = records.entries.start(
                    house.people[who].id,
                    workbook.id,
                    pair_id=about,
                    about_id=moment,
                    together=workbook.together,
                )
                answers = [(p, _value(p)) for p in workbook.prompts if _asks(p)]
                records.entries.save_sheet(entry.person_id, entry.id, answers, "test")
                yield Full(workbook, who, entry.id)


@pytest.fixture(scope="module")
def sheets(house: QuickHouse) -> list[Full]:
    with house.records() as records:
        return list(_written(house, records))


def _private(workbook: Workbook) -> set[str]:
    return {p.key for p in workbook.prompts if p.who is Who.ONLY_ME}


def test_there_are_private_questions_in_workbooks_that_can_be_shared(sheets: list[Full]) -> None:
    """The kit has such questions beside others that may leave, so that there is something to
    hold back."""
    mixed = [s for s in sheets if {p.who for p in s.workbook.prompts} & set(LEAVING)]
    assert len({s.workbook.id for s in mixed}) >= 3
    assert any(s.workbook.share_with for s in mixed)


def test_a_copy_of_everything_has_no_private_key(house: QuickHouse, sheets: list[Full]) -> None:
    """Whatever is asked for, what is composed has neither the key, nor the question, nor a word
    of it; what may leave is there."""
    with house.records() as records:
        for sheet in sheets:
            author = house.people[sheet.author].id
            body = records.sharing.compose(author, sheet.entry, sheet.outline).body
            keys = {a["key"] for page in body["pages"] for a in page["answers"]}
            assert keys.isdisjoint(_private(sheet.workbook)), sheet.workbook.id
            assert {a["who"] for page in body["pages"] for a in page["answers"]} <= set(LEAVING)
            assert not MARKER.search(json.dumps(body)), sheet.workbook.id
            may_leave = {p.key for p in sheet.workbook.prompts if _asks(p) and p.who in LEAVING}
            assert may_leave <= keys, sheet.workbook.id


def test_no_reader_finds_it_however_they_read(house: QuickHouse, sheets: list[Full]) -> None:
    """On the page, in the stored copy, in tables and on a desk: not a private word or key."""
    with house.records() as records:
        sue = house.people["sue"]
        for sheet in sheets:
            if "supervisor" not in sheet.workbook.share_with or sheet.author != "amina":
                continue
            author = house.people[sheet.author].id
            document = records.sharing.compose(author, sheet.entry, sheet.outline)
            snapshot = records.sharing.share(
                author,
                sheet.entry,
                document,
                Reader(sue.id, sue.name, "supervisor"),
                purpose="To talk about",
                ends_at=datetime.now(UTC) + timedelta(days=3),
            )
            received = records.sharing.read(sue.id, snapshot)
            assert received.document.body == document.body
            rows = [r for r in records.desk(sue, "test").answers() if r.entry == sheet.entry]
            assert rows
            assert {r.key for r in rows}.isdisjoint(_private(sheet.workbook))
            page = Visitor(house, "sue").get(f"shared/{snapshot}").text
            assert not MARKER.search(page + repr(rows))
            for prompt in sheet.workbook.prompts:
                if prompt.who is Who.ONLY_ME:
                    assert prompt.question not in page


def test_the_author_sees_it_exactly_as_the_reader_will(
    house: QuickHouse, sheets: list[Full]
) -> None:
    """See it as my supervisor will: byte for byte what the reader's page shows once everything is
    shared; nothing is shared by looking, and nobody is told."""
    amina, author, sue = Visitor(house, "amina"), house.people["amina"].id, house.people["sue"].id
    entry = next(
        s.entry for s in sheets if s.author == "amina" and "supervisor" in s.workbook.share_with
    )
    with house.records() as records:
        before = records.read_log.of(author), len(records.sharing.of(author))
        seen = amina.get(f"entries/{entry}/as/{sue}").text
        assert (records.read_log.of(author), len(records.sharing.of(author))) == before
    assert not MARKER.search(seen)
    snapshot = amina.share_all(entry)
    read = Visitor(house, "sue").get(f"shared/{snapshot}").text
    assert ARTICLE.search(seen)
    assert ARTICLE.findall(seen) == ARTICLE.findall(read)


def test_nobody_looks_as_somebody_it_could_not_be_shared_with(
    house: QuickHouse, sheets: list[Full]
) -> None:
    """The page is for its author alone, and about people they could share it with."""
    sheet = next(s for s in sheets if s.author == "amina" and s.workbook.share_with)
    sue, tom = house.people["sue"].id, house.people["tom"].id
    assert Visitor(house, "amina").get(f"entries/{sheet.entry}/as/{tom}").status == 404
    for who in ("sue", "tom", "leo", "pat"):
        assert Visitor(house, who).get(f"entries/{sheet.entry}/as/{sue}").status == 404


# A replayed moment: private in the same way, until its author brings it to one person

EVERY_PAGE = (
    *("", "me", "me/data", "me/data/json", "me/data/page", "questions", "practice", "requests"),
    *("sent", f"workbooks/{REPLAY}", "workbooks/supervisor/my-overview"),
)
OF_MOMENT = re.compile(r"moment-[0-9a-f]{12}")
OTHERS = ("sue", "tom", "beth", "leo", "pat", "quinn", "eve")


def _everything_of(house: QuickHouse, records: Records, who: str, entry: str) -> str:
    """All that somebody can get: their pages, exports and tables, and each address of the sheet."""
    visitor = Visitor(house, who)
    of_entry = (f"entries/{entry}{end}" for end in ("", "/check", "/replay", "/erase"))
    pages = [visitor.get(page).text for page in (*EVERY_PAGE, f"pairs/{house.pair}", *of_entry)]
    desk = records.desk(house.people[who], "test")
    tables = [*desk.answers(), *desk.shared(), *desk.caseload()]
    received = [visitor.get(f"shared/{s.id}").text for s in desk.shared()]
    return "".join([*pages, *map(repr, tables), *received])


@pytest.fixture(scope="module")
def moment(house: QuickHouse) -> Full:
    """A replayed moment of Amina's with a marker in every box of words."""
    with house.records() as records:
        workbook, author = open_shelf().get(REPLAY), house.people["amina"].id
        session = next(iter(records.people.pairs_of(author)[0].sessions)).id
        entry = records.entries.start(author, REPLAY, pair_id=house.pair, session_id=session)
        answers: list[tuple[Prompt, Answer]] = [
            (p, p.choices[0].code if p.choices else f"moment-{secrets.token_hex(6)}")
            for p in workbook.prompts
        ]
        records.entries.save_sheet(author, entry.id, answers, "test")
        return Full(workbook, "amina", entry.id)


def test_a_replayed_moment_is_nobody_elses_until_it_is_brought(
    house: QuickHouse, moment: Full
) -> None:
    """Before the one press not a word of it, nor its address, is on a page, in an export or in a
    table of anybody else.  After it, all of it is in what the supervisor reads, and in nothing of
    anybody else's; each opening is logged, and it ends.  Stopped, it is gone again."""
    amina = Visitor(house, "amina")
    with house.records() as records:
        author, sue = house.people["amina"].id, house.people["sue"].id
        words = {s.value for s in records.entries.answers(author, moment.entry).values()}
        markers = {str(w) for w in words if OF_MOMENT.fullmatch(str(w))}
        assert len(markers) == len([p for p in moment.workbook.prompts if not p.choices])
        for who in OTHERS:
            found = _everything_of(house, records, who, moment.entry)
            assert not OF_MOMENT.search(found) and moment.entry not in found, who
        (seen,) = re.findall(
            r'name="seen" value="([^"]+)"', amina.get(f"entries/{moment.entry}/check").text
        )
        assert amina.post(f"entries/{moment.entry}/bring", {"seen": seen}).status == 302
        (share,) = records.sharing.of(author, moment.entry)
        assert (share.reader_id, share.as_role, share.purpose) == (
            sue,
            "supervisor",
            "For supervision",
        )
        days = house.settings.share_default_days
        assert timedelta(0) < share.ends_at - share.made_at < timedelta(days=days + 2)
        for who in ("sue", "leo", "pat"):
            found = set(OF_MOMENT.findall(_everything_of(house, records, who, moment.entry)))
            assert found == (markers if who == "sue" else set()), who
        (share,) = records.sharing.of(author, moment.entry)
        assert {o.reader for o in share.openings} == {"Sue Superfield"}
        assert amina.post(f"shares/{share.id}/stop").status == 302
        assert not OF_MOMENT.search(_everything_of(house, records, "sue", moment.entry))
