"""Complaints and requests: leads keep the dates; what others wrote is its writer's to give."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from cascade_tools.model.requests import Request
from cascade_tools.records.tables import EntryRow
from tests.living import House
from tests.server.visitor import Reply, Visitor

ABOUT = "Heron by the reeds"
RESCUE = "When I wanted to rescue"
EVERYBODY = ("amina", "beth", "leo", "sue", "tom", "eve")


@pytest.fixture(scope="module")
def pat(house: House) -> Visitor:
    return Visitor(house, "pat")


@pytest.fixture(scope="module")
def leo(house: House) -> Visitor:
    return Visitor(house, "leo")


def wrote(amina: Visitor) -> str:
    """A sheet about a session with Leo: something about him, and something for nobody's eyes."""
    entry = amina.start("coach/before-i-coach", session=f"{amina.house.pair}/new")
    assert amina.save(entry, "bringing", ABOUT).status == 200
    assert amina.save(entry, "energy", "7", counter=2).status == 200
    return entry


def asked(house: House, person: str, writer: str, entry: str) -> str:
    """Somebody asks for a copy, a lead asks the writer; where the writer looks at this sheet."""
    with house.records() as records:
        lead = house.people["pat"].id
        request = records.requests.ask(house.people[person].id, "copy")
        records.others_words.ask(lead, request, house.people[writer].id)
        waiting = records.others_words.asked_of(house.people[writer].id)
    return f"asked/{next(one.id for one in waiting if one.entry_id == entry)}"


def preview(page: str) -> str:
    return page[page.index('class="preview"') : page.index('name="seen"')]


def without_tokens(reply: Reply) -> str:
    return re.sub(r'name="_xsrf" value="[^"]+"', "", reply.text)


# Days


@pytest.mark.parametrize(
    ("kind", "acknowledged", "due", "near_from"),
    [
        ("complaint", None, date(2026, 7, 30), date(2026, 7, 23)),
        ("complaint", date(2026, 7, 1), None, None),
        ("copy", None, date(2026, 7, 30), date(2026, 7, 23)),
        ("copy", date(2026, 7, 1), date(2026, 7, 30), date(2026, 7, 23)),
    ],
)
def test_each_date_comes_near_a_week_before(
    kind: str, acknowledged: date | None, due: date | None, near_from: date | None
) -> None:
    """30 days to acknowledge, a month to answer what somebody asks about their own data; nothing
    is due once it is answered."""
    received = date(2026, 6, 30)
    one = Request("x", kind, None, None, received, acknowledged, None)
    assert one.due() == due
    if near_from is not None:
        assert one.is_near(near_from)
        assert not one.is_near(near_from - timedelta(days=1))
    answered = Request("x", kind, None, None, received, acknowledged, date(2026, 7, 2))
    assert answered.due() is None


# The lead's list


def test_a_lead_notes_a_complaint_and_marks_each_step(pat: Visitor) -> None:
    """It stands with its dates, home says what is due by when, and each press is one step; what
    is missing in the form is said beside it."""
    empty = pat.post("requests", {"do": "add", "on-day": "31", "on-month": "2", "on-year": "2026"})
    assert empty.status == 422
    assert "Choose what it is about." in empty.text
    assert "Write a real day" in empty.text
    day = datetime.now(UTC).date() - timedelta(days=27)
    fields = {"do": "add", "kind": "complaint", "who": ""}
    fields |= {"on-day": str(day.day), "on-month": str(day.month), "on-year": str(day.year)}
    assert pat.post("requests", fields).status == 302
    by = day + timedelta(days=30)
    assert f"Say that you have it by {by.day} {by:%B %Y}." in pat.get("").text
    page = pat.get("requests").text
    assert "request-late" in page
    request = re.search(r'name="request" value="([0-9a-f]{32})"', page)
    assert request is not None
    for do in ("acknowledge", "answer"):
        assert pat.post("requests", {"do": do, "request": request[1]}).status == 302
    assert f"Received on {day.day} {day:%B %Y}, acknowledged on" in pat.get("requests").text
    assert "Say that you have it" not in pat.get("").text


def test_the_list_is_there_for_leads_alone(house: House) -> None:
    """Everybody else is told that there is nothing, whatever they post."""
    for who in EVERYBODY:
        visitor = Visitor(house, who)
        assert visitor.get("requests").status == 404
        for do in ("add", "acknowledge", "answer", "ask"):
            fields = {"do": do, "kind": "complaint", "request": "0" * 32}
            assert visitor.post("requests", fields).status == 404


# Others' words


def test_only_a_writer_sees_what_they_are_asked_for(
    house: House, amina: Visitor, pat: Visitor, leo: Visitor
) -> None:
    """The lead sees kind, day and writer; the writer sees their own sheet as it would be given,
    without what is for them alone; nobody else, the person who asked included, sees any of it."""
    address = asked(house, "leo", "amina", wrote(amina))
    assert f'href="/{address}"' in amina.get("").text
    page = pat.get("requests").text
    assert "Amina Coachfield wrote about them" in page
    assert "Before I coach" in page
    sheet = amina.get(address).text
    assert ABOUT in sheet
    assert "What is for you alone, always, is left out here." in sheet
    assert "energy" not in sheet
    for text in (page, leo.get("").text, leo.get("me").text):
        assert ABOUT not in text
    nothing = "asked/" + "0" * 32
    for who in (*EVERYBODY, "pat"):
        visitor = Visitor(house, who)
        if who != "amina":
            for do in ("show", "give", "keep"):
                fields = {"do": do, "why": "law"}
                there, none = (visitor.post(a, fields) for a in (address, nothing))
                assert there.status == none.status == 404
                assert without_tokens(there) == without_tokens(none)
            assert visitor.get(address).status == 404


def test_a_writer_gives_a_copy_they_have_seen(house: House, amina: Visitor, leo: Visitor) -> None:
    """Nothing is given that was not on the page; what is left out stays out; whoever asked finds
    the copy from home, the writer finds their reading in the log, and the lead that it is done."""
    entry = amina.start()
    assert amina.save(entry, "what-happened", ABOUT).status == 200
    assert amina.save(entry, "rescue", 2, counter=2).status == 200
    address = asked(house, "leo", "amina", entry)
    page = amina.get(address).text
    assert RESCUE not in preview(page)
    assert "Left out unless you tick it." in page
    parts = re.findall(r'name="part"[^>]* value="([a-z-]+)" checked', page)
    unseen = amina.post(address, {"do": "give", "part": parts, "seen": "0" * 64})
    assert (unseen.status, "Look once more" in unseen.text) == (200, True)
    seen = re.search(r'name="seen" value="([0-9a-f]+)"', unseen.text)
    assert seen is not None
    given = amina.post(address, {"do": "give", "part": parts, "seen": seen[1]})
    assert given.status == 302
    assert "You gave a copy." in amina.get(address).text
    assert amina.post(address, {"do": "keep", "why": "law"}).status == 400
    copy = re.search(r'href="/(shared/[0-9a-f]{32})"', leo.get("").text)
    assert copy is not None
    read = leo.get(copy[1]).text
    assert ABOUT in read
    assert RESCUE not in read
    assert "You asked for a copy" in read
    assert copy[1] not in leo.get("").text
    with house.records() as records:
        lines = records.read_log.of(house.people["amina"].id)
        assert "Leo Leaderfield" in {line.reader for line in lines}
    assert "Given" in Visitor(house, "pat").get("requests").text


def test_giving_records_no_meeting(house: House, sue: Visitor, amina: Visitor) -> None:
    """A copy of a meeting's draft is a copy: the sheet stays its writer's draft."""
    meeting = sue.start("supervisor/our-supervision", coach=house.people["amina"].id)
    assert sue.save(meeting, "worked-on", ABOUT).status == 200
    address = asked(house, "amina", "sue", meeting)
    page = sue.get(address).text
    assert ABOUT in page
    seen = re.search(r'name="seen" value="([0-9a-f]+)"', page)
    parts = re.findall(r'name="part"[^>]* value="([a-z-]+)"', page)
    assert seen is not None
    assert sue.post(address, {"do": "give", "part": parts, "seen": seen[1]}).status == 302
    with house.records() as records, records.store.database.reading() as s:
        assert s.get_one(EntryRow, meeting).state == "draft"
    assert amina.get(f"entries/{meeting}").status == 404


def test_a_writer_keeps_it_back_for_one_of_few_reasons(
    house: House, amina: Visitor, pat: Visitor, leo: Visitor
) -> None:
    """The lead sees which reason; nothing of the sheet leaves; a reason of one's own is none."""
    address = asked(house, "leo", "amina", wrote(amina))
    assert amina.post(address, {"do": "keep", "why": "because"}).status == 400
    assert amina.post(address, {"do": "keep", "why": "others"}).status == 302
    assert "You kept it back" in amina.get(address).text
    assert "Kept back: it is about somebody else" in pat.get("requests").text
    assert "has given you a copy" not in leo.get("").text


# Whom to ring


def test_leads_are_reminded_to_check_the_numbers(house: House, pat: Visitor) -> None:
    """Where no day is noted, home says so to those who lead, and to nobody else."""
    words = "Nobody has checked the numbers people are told to ring yet."
    assert words in pat.get("").text
    assert words not in Visitor(house, "amina").get("").text


def test_whom_to_ring_is_there_without_a_network(house: House, visit: Callable[..., Page]) -> None:
    """Both pages open offline after one look at home, as they are for somebody not signed in; a
    page with somebody's words does not."""
    page = visit(house, "amina")
    page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    page.context.set_offline(True)
    for path, heading in (
        ("worried", "Worried about someone?"),
        ("something-is-not-right", "Something is not right"),
        ("me", "You are offline"),
    ):
        page.goto(house.url + path)
        expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible()
        assert "Amina" not in page.content()
    page.goto(house.url + "worried")
    expect(page.get_by_role("link", name="01632 960111").first).to_be_visible()
