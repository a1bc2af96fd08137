"""Networks that stall, break and lose replies."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Dialog, Page, Request, Route, expect

from tests.faults.nursery import QuickHouse
from tests.faults.pages import (
    KEY,
    eventually,
    every_text,
    fresh_entry,
    kept,
    open_entry,
    put,
    state,
    through,
)
from tests.faults.proxy import Proxy
from tests.faults.visitor import Visitor

SECONDS = [30, pytest.param(150, marks=pytest.mark.faults)]


def test_a_save_whose_reply_is_lost_is_acknowledged_when_it_is_tried_again(
    house: QuickHouse, proxy: Proxy, visit: Callable[..., Page]
) -> None:
    """The server keeps the answer and its reply is lost, several times over.  The page tries
    again, is told that it is saved, and meets no conflict with itself."""
    entry = fresh_entry(house)
    page = visit(through(house, proxy.port), "amina")
    box = open_entry(page, through(house, proxy.port), entry)
    box.fill("First.")
    state(page, "saved")
    with proxy.broken("lose-reply"):
        box.press("End")
        page.keyboard.type(" Second.")
        eventually(lambda: kept(house, entry)[KEY] == "First. Second.")
        state(page, "waiting")
        page.keyboard.type(" Third.")
        eventually(lambda: kept(house, entry)[KEY] == "First. Second. Third.")
        assert proxy.lost >= 2
        assert page.locator(f"#prompt-{KEY}").get_attribute("data-state") != "saved"
    state(page, "saved")
    assert page.locator(".rival").count() == 0
    assert kept(house, entry)[KEY] == "First. Second. Third."


def test_repeating_a_save_is_harmless(house: QuickHouse) -> None:
    """The same save sent twice is acknowledged twice and kept once."""
    entry, amina = fresh_entry(house), Visitor(house, "amina")
    first = amina.save(entry, KEY, "Once", counter=1)
    again = amina.save(entry, KEY, "Once", counter=1)
    assert (first.status, again.status) == (200, 200)
    assert first.json() == again.json()
    assert every_text(house, entry) == ["Once"]


def test_a_late_packet_never_overwrites_what_was_written_after_it(house: QuickHouse) -> None:
    """A save that was held up on its way and comes after a newer one changes nothing."""
    entry, amina = fresh_entry(house), Visitor(house, "amina")
    assert amina.save(entry, KEY, "Newer", counter=5).status == 200
    late = amina.save(entry, KEY, "Older", counter=4)
    assert late.status == 200
    assert kept(house, entry) == {KEY: "Newer"}
    assert amina.save(entry, KEY, "Newest", counter=6, base=1).status == 200
    assert kept(house, entry) == {KEY: "Newest"}


@pytest.mark.parametrize("seconds", SECONDS)
def test_a_network_that_is_away_for_a_while_loses_nothing(
    house: QuickHouse, visit: Callable[..., Page], seconds: int
) -> None:
    """The network stalls for one page and is cut for another: each says "Not saved yet", typing
    goes on, leaving asks first, and everything is saved without being asked when it is back."""
    with Proxy(house.port) as stalls, Proxy(house.port) as cuts:
        pages = []
        asked: list[str] = []

        def stay(dialog: Dialog) -> None:
            asked.append(dialog.type)
            dialog.dismiss()

        for proxy in (stalls, cuts):
            entry, there = fresh_entry(house, way="longer"), through(house, proxy.port)
            page = visit(there, "amina")
            box = open_entry(page, there, entry)
            box.fill("Before.")
            state(page, "saved")
            page.on("dialog", stay)
            box.press("End")
            pages.append((page, entry, box))
        began = time.monotonic()
        number = 0
        with stalls.broken("stall"), cuts.broken("cut"):
            for turn, (page, _, _) in enumerate(pages, start=1):
                page.keyboard.type(" During.")
                state(page, "waiting")
                expect(page.locator(".waiting-line")).to_be_visible()
                page.close(run_before_unload=True)
                eventually(lambda page=page, turn=turn: page.evaluate("1") and len(asked) == turn)
            while time.monotonic() < began + seconds:
                number += 1
                for page, _, _ in pages:
                    page.keyboard.type(f" {number}", delay=20)
                    page.wait_for_timeout(350)
            for _, entry, _ in pages:
                assert kept(house, entry)[KEY] == "Before."
        wanted = "Before. During." + "".join(f" {n}" for n in range(1, number + 1))
        for page, entry, box in pages:
            expect(box).to_have_value(wanted)
            state(page, "saved", seconds=60)
            expect(page.locator(".waiting-line")).to_be_hidden()
            assert kept(house, entry)[KEY] == wanted
            assert page.locator(".rival").count() == 0
        assert asked == ["beforeunload"] * 2


def test_leaving_asks_only_while_something_is_unsaved(
    house: QuickHouse, proxy: Proxy, visit: Callable[..., Page]
) -> None:
    """Nobody is asked about leaving a page whose words are all saved; with unsaved words the
    person is asked, may stay, and the words are still there."""
    entry = fresh_entry(house)
    page = visit(through(house, proxy.port), "amina")
    box = open_entry(page, through(house, proxy.port), entry)
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    box.fill("Kept")
    state(page, "saved")
    page.reload()
    page.locator("html.scripted").wait_for()
    assert asked == []
    with proxy.broken("cut"):
        box.click()
        box.press("End")
        page.keyboard.type(" and not kept")
        state(page, "waiting")
        page.evaluate("setTimeout(() => location.assign('/me'), 0)")
        eventually(lambda: page.evaluate("1") and asked == ["beforeunload"])
        expect(box).to_have_value("Kept and not kept")
    state(page, "saved")
    assert kept(house, entry)[KEY] == "Kept and not kept"


def test_moving_on_waits_for_what_is_not_saved_and_shows_it(
    house: QuickHouse, proxy: Proxy, visit: Callable[..., Page]
) -> None:
    """Pressing "Check your answers" without a network stays on the page, at the unsaved words."""
    entry = fresh_entry(house, way="ten")
    page = visit(through(house, proxy.port), "amina")
    box = open_entry(page, through(house, proxy.port), entry)
    with proxy.broken("cut"):
        box.fill("Not there yet")
        state(page, "waiting")
        open_entry_page(page, "is-everyone-safe")
        page.get_by_role("button", name="Check your answers").click()
        expect(box).to_be_focused()
        expect(box).to_have_value("Not there yet")
        assert "/check" not in page.url
    state(page, "saved")
    put(house, entry, "amina", not_said="x")


def open_entry_page(page: Page, at: str) -> None:
    """Turn to another page of the entry without loading anything."""
    page.evaluate("(to) => { history.pushState({}, '', `?page=${to}`); }", at)
    page.evaluate("dispatchEvent(new PopStateEvent('popstate'))")


# What the page says while it waits, and when it comes again


def test_the_page_says_why_it_is_not_saved_as_far_as_it_knows(
    house: QuickHouse, visit: Callable[..., Page]
) -> None:
    """No network, no answer, an answer that is late, and a server that cannot keep it now are told
    apart; who goes back to what stood there before is not left with "Not saved yet"."""
    entry = fresh_entry(house)
    page = visit(house, "amina")
    page.clock.install()
    box = open_entry(page, house, entry)
    said = page.locator(f"#prompt-{KEY} .saved")
    box.fill("First.")
    state(page, "saved")
    page.context.set_offline(True)
    box.fill("First. Second.")
    expect(said).to_have_text("Not saved yet. There is no network. Trying again…")
    page.context.set_offline(False)
    page.clock.fast_forward(2000)
    state(page, "saved")
    page.route(SAVES, lambda route: route.abort())
    box.fill("First. Third.")
    expect(said).to_have_text("Not saved yet. No answer came. Trying again…")
    page.unroute(SAVES)
    page.clock.fast_forward(1500)
    state(page, "saved")
    page.route(SAVES, refuse)
    box.fill("First.")
    expect(said).to_have_text("Not saved yet. It cannot be kept just now. Trying again…")
    box.fill("First. Third.")
    page.unroute(SAVES)
    page.clock.fast_forward(10_000)
    state(page, "saved")
    assert kept(house, entry)[KEY] == "First. Third."
    held: list[Route] = []
    page.route(SAVES, lambda route: held.append(route))
    box.fill("First. Fourth.")
    eventually(lambda: page.evaluate("1") and held)
    page.clock.fast_forward(5000)
    expect(said).to_have_text("Not saved yet. This takes longer than usual…")
    expect(page.locator(".waiting-line")).to_be_visible()
    held[0].continue_()
    state(page, "saved")
    expect(page.locator(".waiting-line")).to_be_hidden()


def test_a_room_that_was_turned_away_does_not_come_back_in_one_second(
    house: QuickHouse, visit: Callable[..., Page]
) -> None:
    """No page comes sooner than the server asked, not even while somebody types on; when it does
    come is left to chance, up to twice as long."""
    for chance, wait in ((0.0, 5000), (0.8, 9000)):
        entry = fresh_entry(house)
        page = visit(house, "amina")
        page.add_init_script(f"Math.random = () => {chance}")
        page.clock.install()
        box = open_entry(page, house, entry)
        page.route(SAVES, refuse)
        asked = puts(page)
        page.clock.pause_at(page.evaluate("Date.now() / 1000") + 1)
        box.fill("Everybody at once")
        page.clock.run_for(600)
        state(page, "waiting")
        assert len(asked) == 1
        box.press("End")
        page.keyboard.type(" and more")
        page.clock.run_for(wait - 500)
        assert page.evaluate("1")  # by now whatever was asked is heard of here
        assert len(asked) == 1
        page.unroute(SAVES)
        page.clock.run_for(1000)
        state(page, "saved")
        assert kept(house, entry)[KEY] == "Everybody at once and more"


SAVES = "**/api/entries/**"


def puts(page: Page) -> list[Request]:
    """The saves this page sends from now on, as they are sent."""
    sent: list[Request] = []
    page.on("request", lambda r: sent.append(r) if r.method == "PUT" else None)
    return sent


def refuse(route: Route) -> None:
    """What the server answers when it cannot write."""
    body = '{"problem": "This cannot be saved right now."}'
    headers = {"Retry-After": "5", "Content-Type": "application/json"}
    route.fulfill(status=503, body=body, headers=headers)
