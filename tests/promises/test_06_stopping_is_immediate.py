"""Stopping takes effect at once: on pages already open, in functions, and with tickets."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from cascade_tools.errors import NotFound
from cascade_tools.model.entry import Outline
from cascade_tools.records.tables import SignInRow
from cascade_tools.shelf import open_shelf
from tests.browser import steps
from tests.faults.nursery import QuickHouse
from tests.faults.pages import fresh_entry
from tests.server.visitor import Visitor

WORDS = "Kingfisher by the mill"
FOR_WHAT = "To talk about"


def _shared(house: QuickHouse, amina: Visitor) -> tuple[str, str]:
    """A new snapshot for Sue and the address that stops it."""
    entry = fresh_entry(house, what_happened=WORDS)
    snapshot = amina.share(entry, "what-happened")
    check = amina.get(f"entries/{entry}/check").text
    found = re.search(r'action="/(shares/[0-9a-f]{32}/stop)"', check)
    assert found is not None
    return snapshot, found[1]


def test_words_leave_a_page_that_is_open(
    house: QuickHouse, amina: Visitor, visit: Callable[..., Page]
) -> None:
    """The reader has the page before them: within about a second of the author's press the words
    and what they were for are gone from it, one sentence says why, and reloading gives nothing."""
    snapshot, stop = _shared(house, amina)
    page = visit(house, "sue")
    page.goto(f"{house.url}shared/{snapshot}")
    expect(page.get_by_text(WORDS)).to_be_visible()
    with page.expect_response(lambda r: r.url.endswith("/still") and r.status == 204):
        pass
    amina.post(stop)
    expect(page.get_by_text("Amina Coachfield no longer shares this.")).to_be_visible()
    text = page.evaluate("document.documentElement.outerHTML")
    assert WORDS not in text
    assert FOR_WHAT not in text
    page.reload()
    expect(page.get_by_role("heading", name="There is nothing here")).to_be_visible()


def test_words_leave_an_open_page_when_nobody_is_signed_in(
    house: QuickHouse, amina: Visitor, visit: Callable[..., Page]
) -> None:
    """Signed out in another place, the words are not left standing on the screen."""
    snapshot, _ = _shared(house, amina)
    page = visit(house, "sue")
    page.goto(f"{house.url}shared/{snapshot}")
    expect(page.get_by_text(WORDS)).to_be_visible()
    with house.records() as records:
        cookie = next(c["value"] for c in page.context.cookies() if c["name"] == "cascade")
        records.signing_in.sign_out(records.signing_in.who(cookie).id)
    expect(page.get_by_text("You have been signed out.")).to_be_visible()
    assert WORDS not in page.evaluate("document.documentElement.outerHTML")


def test_asking_opens_nothing_and_keeps_no_session_open(
    house: QuickHouse, amina: Visitor, sue: Visitor
) -> None:
    """What an open page asks every second writes no line in the read log and does not count as
    somebody doing something; it tells others what they would hear of what is not there."""
    snapshot, stop = _shared(house, amina)
    with house.records() as records:
        lines = len(records.read_log.of(house.people["amina"].id))
        with records.store.database.writing() as s:
            session = s.get_one(SignInRow, records.signing_in.who(sue.cookies["cascade"]).id)
            session.seen_at = seen = session.seen_at - timedelta(minutes=10)
        reply = sue.get(f"shared/{snapshot}/still")
        assert (reply.status, reply.body) == (204, b"")
        for other in (Visitor(house, "tom"), Visitor(house, "leo")):
            assert other.get(f"shared/{snapshot}/still").status == 404
        assert Visitor(house).get(f"shared/{snapshot}/still").status == 401
        amina.post(stop)
        gone, nothing = (sue.get(f"shared/{one}/still") for one in (snapshot, "0" * 32))
        assert gone.status == nothing.status == 404
        assert gone.json == nothing.json == {"problem": "There is nothing here for you."}
        assert len(records.read_log.of(house.people["amina"].id)) == lines
        with records.store.database.reading() as s:
            assert s.get_one(SignInRow, session.id).seen_at == seen


def test_functions_and_tickets_get_nothing_more(
    house: QuickHouse, amina: Visitor, sue: Visitor
) -> None:
    """A desk that was open before, and a ticket that was made before, find nothing of it after."""
    snapshot, stop = _shared(house, amina)
    person = house.people["sue"]
    with house.records() as records:
        ticket = records.signing_in.ticket(
            person.id, records.signing_in.who(sue.cookies["cascade"]).id, None
        )
        desk = records.desk(records.signing_in.holder(ticket).person, "test")
        assert snapshot in {row.snapshot for row in desk.answers()}
        assert snapshot in {one.id for one in desk.shared()}
        open_rows = desk.answers()
        amina.post(stop)
        assert snapshot not in {row.snapshot for row in open_rows}
        assert snapshot not in {row.snapshot for row in desk.answers()}
        assert snapshot not in {one.id for one in desk.shared()}
        again = records.desk(records.signing_in.holder(ticket).person, "test")
        assert snapshot not in {row.snapshot for row in again.answers()}
        with pytest.raises(NotFound):
            records.sharing.read(person.id, snapshot)
    assert sue.get(f"shared/{snapshot}").status == 404


def test_trying_again_stands_in_the_log(house: QuickHouse, amina: Visitor, sue: Visitor) -> None:
    """Whoever asks again for what was stopped gets nothing, and its author sees that they tried."""
    snapshot, stop = _shared(house, amina)
    sue.get(f"shared/{snapshot}")
    amina.post(stop)
    assert sue.get(f"shared/{snapshot}").status == 404
    with house.records() as records:
        newest = records.read_log.of(house.people["amina"].id)[0]
    assert (newest.way, newest.reader) == ("refused", "Sue Superfield")


def test_every_page_with_somebody_elses_copy_asks(
    house: QuickHouse, amina: Visitor, sue: Visitor
) -> None:
    """Beside a draft of an answer, side by side and in a proposal, too, the words stand inside a
    part of the page that leaves when they may no longer be read."""
    snapshot, _ = _shared(house, amina)
    begun = sue.post(f"shared/{snapshot}/review").location
    sealed = steps.both_sealed(house, "pair/half-way-review", WORDS)
    with house.records() as records:
        status = records.together.status(house.people["amina"].id, sealed)
        box = open_shelf().get("pair/our-agreement").prompt("hopes")
        leo = house.people["leo"].id
        entry = records.entries.start(leo, "pair/our-agreement", pair_id=house.pair)
        assert box is not None
        records.entries.save(leo, entry.id, box, WORDS, base=0, writer="t", counter=1)
        document = records.sharing.compose(leo, entry.id, Outline((("a", "A", (box.key,)),)))
        until = datetime.now(UTC) + timedelta(days=9)
        records.agreements.propose(leo, entry.id, document, ends=None, label="", until=until)
        (proposed,) = [s.snapshot_id for s in records.sharing.of(leo, entry.id)]
    for visitor, path, copy in (
        (sue, f"shared/{snapshot}", snapshot),
        (sue, begun, snapshot),
        (amina, f"together/{sealed}", status.theirs_snapshot),
        (amina, f"pairs/{house.pair}/agreement", proposed),
    ):
        html = visitor.get(path).text
        assert re.search(r'<script type="module" src="[^"]*shared\.js">', html), path
        before, asks, inside = html.partition(f'data-still="/shared/{copy}/still"')
        assert asks, path
        assert WORDS in inside, path
        assert WORDS not in before, path
