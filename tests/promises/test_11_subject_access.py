"""11. You can take everything with you that we keep by you or about you."""

import json
import re
from datetime import date, timedelta
from html.parser import HTMLParser

import pytest
from sqlalchemy import select

from cascade_tools.model.consent import GROUP_RESULTS
from cascade_tools.model.prompts import Prompt
from cascade_tools.records.registry import TABLES
from cascade_tools.records.saving import keep_sheet
from cascade_tools.records.starting import start_entry
from cascade_tools.records.tables import AnswerRow, OpeningRow, Row, SnapshotRow, new_id
from tests.faults.nursery import QuickHouse
from tests.faults.pages import fresh_entry
from tests.records.small import ACTIONS, NEXT, SECRET, TOGETHER, WHAT, Small
from tests.server.visitor import Visitor

MANY = 200
BEFORE = "coach/before-i-coach"
# One row, one line: other rows are told together with what they belong to.
LINE_FOR_LINE = {
    "entry": "person_id",
    "snapshot": "author_id",
    "opening": "author_id",
    "supervises": "coach_id",
    "talk": "coach_id",
    "sign_in": "person_id",
    "invitation": "person_id",
    "ticket": "person_id",
    "consent": "person_id",
    "hold": "person_id",
    "warning": "person_id",
    "tombstone": "person_id",
    "request": "person_id",
    "agreement": "proposed_by",
}


def lived(small: Small) -> list[str]:
    """Amina's months here, with words of hers in every way there is; the words."""
    records, amina = small.records, small.id("amina")
    entry, snapshot = small.shared({WHAT: "mark one", SECRET: "mark hidden"})
    small.clock.later(hours=1)
    small.write(entry, "mark two", WHAT, writer="page-2", base=0)
    records.sharing.read(small.id("sue"), snapshot)
    review = records.entries.start(small.id("sue"), "supervisor/review", about_id=snapshot)
    small.write(review, "theirs: she means well", WHAT)
    small.write(small.both("leo", ACTIONS), "mark both", TOGETHER, by="amina")
    small.write(small.entry("leo", "leader/private"), "theirs: of nobody", WHAT)
    of_her = records.entries.start(small.id("leo"), "leader/about-us", pair_id=small.pair)
    small.write(of_her, "theirs: what I think of her", WHAT)
    waiting = small.sealed("leo")
    small.commit(waiting, "theirs: sealed")
    small.write(small.meeting(recorded=True), "mark meeting", NEXT, by="amina")
    small.propose("amina", "mark label")
    gone = records.entries.start(amina, "coach/one-more")
    small.write(gone, "erased", WHAT)
    records.erasing.entry(amina, gone.id)
    records.own_names.save(amina, ["mark name"])
    records.consents.decide(amina, GROUP_RESULTS, True, "1")
    records.sharing.ask_to_talk(amina, "today")
    records.requests.ask(amina, "copy")
    records.holds.add(amina, "of a claim", "Pat", date(2027, 1, 1))
    sign_in = records.signing_in.who(records.signing_in.sign_in(amina))
    records.signing_in.ticket(amina, sign_in.id, None)
    records.signing_in.invite(amina, "Pat")
    return ["mark one", "mark two", "mark hidden", "mark both", "mark meeting", "mark name"]


def test_an_independent_scan_of_the_store_finds_nothing_more(small: Small) -> None:
    """Everything the records hold by or about somebody is in their data: every row that names
    them, line for line, and every word they wrote in any version."""
    words = lived(small)
    amina, store = small.id("amina"), small.records.store
    data = small.records.my_data.gather(amina)
    told = json.dumps(data, ensure_ascii=False)
    with store.database.reading() as s:
        written = [
            store.open_answer(row)
            for row in s.scalars(select(AnswerRow).where(AnswerRow.by_id == amina))
        ]
        copies = [
            store.open_document(row.key_id, row.sealed, row.id)
            for row in s.scalars(select(SnapshotRow).where(SnapshotRow.author_id == amina))
        ]
        rows = {
            table: s.execute(select(one).where(one.c[column] == amina)).all()
            for table, column in LINE_FOR_LINE.items()
            for one in [Row.metadata.tables[table]]
        }
    assert written and all(str(answer) in told for answer in written)
    assert copies and all(
        a["words"] in told for copy in copies for page in copy["pages"] for a in page["answers"]
    )
    assert not [word for word in words if word not in told]
    for table, found in rows.items():
        section = data[TABLES[table].told]
        # What a pair or a meeting keeps together is told to both.
        ours = 2 if table == "entry" else 0
        if table != "warning":
            assert found, table
        assert len(section) == len(found) + ours, table


def test_what_others_wrote_is_named_and_not_shown(small: Small) -> None:
    """Of what others wrote about somebody there is kind, day and writer, to ask for; not a word
    of it.  What the other half has sealed is not even named before both are open."""
    lived(small)
    data = small.records.my_data.gather(small.id("amina"), str.upper)
    told = json.dumps(data)
    assert "theirs" not in told
    assert [(o["title"], o["writer"]) for o in data["written_by_others"]] == [
        ("SUPERVISOR/REVIEW", "sue Field"),
        ("LEADER/ABOUT-US", "leo Field"),
    ]
    assert "half-way" not in told


def test_a_reading_that_must_not_be_told_yet_is_told_from_its_day(small: Small) -> None:
    """A stated legal reason keeps one line of the log back until its day, and no longer."""
    _, snapshot = small.shared()
    day = small.clock.at.date() + timedelta(days=30)
    with small.records.store.database.writing() as s:
        opening = OpeningRow(
            author_id=small.id("amina"), snapshot_id=snapshot, way="break-glass", reason="a court"
        )
        opening.at, opening.told_from = small.clock.at, day
        s.add(opening)
    amina = small.id("amina")
    assert small.records.my_data.gather(amina)["opened_by_others"] == []
    small.clock.later(days=30)
    (line,) = small.records.my_data.gather(amina)["opened_by_others"]
    assert (line["way"], line["reason"]) == ("break-glass", "a court")


@pytest.fixture(scope="module")
def full(house: QuickHouse, amina: Visitor) -> Visitor:
    """Amina with two hundred sheets, and words that a careless page would take for HTML."""
    prompt = Prompt.from_asked({**WHAT.as_asked(), "question": "What happened?"})
    fresh_entry(house, what_happened="<b>bold</b> & quiet")
    with house.records() as records, records.store.database.writing() as s:
        now = records.store.now()
        for number in range(MANY):
            about = {"pair_id": None, "session_id": None, "about_id": None}
            entry = start_entry(s, amina.person, BEFORE, now, **about, again=True, together="")
            answer = (prompt, f"sheet {number}")
            keep_sheet(records.store, s, amina.person, entry.id, [answer], "x")
    return amina


class Page(HTMLParser):
    """What a file of HTML would fetch or run, and the text in it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.reaches: list[str] = []
        self.said: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "iframe", "object", "embed", "link", "img", "base", "form", "b"):
            self.reaches.append(tag)
        for name, value in attrs:
            inside = (value or "").startswith("#")
            if name.startswith("on") or (name in ("href", "src", "action") and not inside):
                self.reaches.append(f"{name}={value}")

    def handle_data(self, data: str) -> None:
        self.said.append(data)


def test_both_files_hold_all_of_two_hundred_sheets(full: Visitor) -> None:
    """The JSON is valid; the page is readable, runs nothing, reaches for nothing and shows words
    as they were typed.  No name of a file gives anybody away."""
    reply = full.get("me/data/json")
    data = json.loads(reply.body)
    assert len(data["entries"]) == MANY + 1
    assert all(entry["kept_until"] for entry in data["entries"])
    name = 'attachment; filename="my-data.json"'
    assert (reply.headers["Content-Disposition"], reply.headers["Cache-Control"]) == (
        name,
        "no-store",
    )
    file = full.get("me/data/page")
    assert file.headers["Content-Disposition"] == 'attachment; filename="my-data.html"'
    page = Page(file.text)
    assert page.reaches == []
    assert "url(" not in file.text and "@import" not in file.text
    assert "<b>bold</b> & quiet" in page.said
    assert {f"sheet {number}" for number in range(MANY)} <= set(page.said)
    assert "What happened?" in page.said


def test_a_shared_computer_is_asked_about_first(house: QuickHouse, full: Visitor) -> None:
    """Where other people use the computer, a page says that the file stays there."""
    shared = Visitor(house)
    with house.records() as records:
        shared.cookies["cascade"] = records.signing_in.sign_in(full.person, shared=True)
    for kind in ("page", "json"):
        asked = shared.get(f"me/data/{kind}")
        assert "Content-Disposition" not in asked.headers
        assert "The file stays on it when you have signed out" in asked.text
        assert "Content-Disposition" in shared.get(f"me/data/{kind}?sure=yes").headers


def test_what_others_wrote_is_asked_for_once(house: QuickHouse, full: Visitor) -> None:
    """One press asks the programme, and asking again is not asking twice."""
    with house.records() as records:
        entry = records.entries.start(
            house.people["leo"].id, "leader/before-we-meet", pair_id=house.pair
        )
        records.entries.save(
            house.people["leo"].id, entry.id, WHAT, "of her", base=0, writer=new_id(), counter=1
        )
    page = full.get("me/data").text
    assert "Leo Leaderfield" in page and "of her" not in page
    for _ in range(2):
        assert full.post("me/data/ask").status == 302
    assert re.search(r"You asked on \d+ \w+ \d{4}\. You will hear", full.get("me/data").text)
    with house.records() as records:
        assert [r.kind for r in records.requests.of(full.person)] == ["copy"]
