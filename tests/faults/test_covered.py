"""Somebody else is there, or the sign-in is over: the page covers itself and keeps the words."""

import sqlite3
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect

from tests.faults.nursery import QuickHouse
from tests.faults.pages import (
    KEY,
    covered,
    eventually,
    fresh_entry,
    kept,
    kernel_id,
    nothing_readable,
    open_entry,
    sign_in_in_place,
    state,
    through,
    written_by,
)
from tests.faults.proxy import Proxy
from tests.faults.visitor import Visitor
from tests.living import PASSPHRASE


def _other_person(page: Page, house: QuickHouse, who: str) -> Page:
    """In another tab of the same browser, the first person signs out and another one signs in."""
    tab = page.context.new_page()
    tab.goto(house.url)
    tab.get_by_role("button", name="Sign out").click()
    tab.get_by_label("Your name").fill(house.people[who].name)
    tab.get_by_label("Your passphrase").fill(PASSPHRASE)
    tab.get_by_role("button", name="Sign in", exact=True).click()
    tab.get_by_role("heading", name="Hello").wait_for()
    return tab


def test_a_page_covers_itself_when_somebody_else_signs_in_and_saves_nothing_as_them(
    house: QuickHouse, visit: Callable[..., Page]
) -> None:
    """Beth signs in on Amina's browser.  Amina's page covers itself at the next save: no word of
    it can be read, nothing is saved as Beth, Beth's passphrase does not open it, and Amina's does;
    then her words are saved as hers."""
    entry = fresh_entry(house)
    page = visit(house, "amina")
    box = open_entry(page, house, entry)
    box.fill("Amina's own words")
    state(page, "saved")
    before = written_by(house, "beth")
    _other_person(page, house, "beth")
    page.bring_to_front()
    box.press("End")
    page.keyboard.type(", and some more")
    covered(page)
    nothing_readable(page, "own words")
    with house.records() as records:
        records.people.by_id(house.people["beth"].id)
    sign_in_in_place(page, "words that belong to nobody")
    expect(page.locator("dialog.cover .problem")).to_be_visible()
    nothing_readable(page, "own words")
    assert kept(house, entry) == {KEY: "Amina's own words"}
    assert written_by(house, "beth") == before
    sign_in_in_place(page, PASSPHRASE)
    expect(page.locator("dialog.cover")).to_have_count(0)
    expect(box).to_have_value("Amina's own words, and some more")
    state(page, "saved")
    assert kept(house, entry) == {KEY: "Amina's own words, and some more"}
    assert written_by(house, "beth") == before


def test_leaving_a_covered_page_saves_nothing_as_somebody_else(
    house: QuickHouse, visit: Callable[..., Page]
) -> None:
    """A page with unsaved words that is closed under its cover sends them to nobody."""
    entry = fresh_entry(house)
    page = visit(house, "amina")
    box = open_entry(page, house, entry)
    before = written_by(house, "beth")
    tab = _other_person(page, house, "beth")
    page.bring_to_front()
    box.fill("For nobody else")
    covered(page)
    page.close()
    tab.reload()
    assert written_by(house, "beth") == before
    assert kept(house, entry) == {}


def test_signed_out_while_typing_the_words_wait_behind_the_cover(
    house: QuickHouse, visit: Callable[..., Page]
) -> None:
    """The session ends while somebody types: the page covers itself, typing does not leak onto
    it, and signing in again in place, as the same person, saves what was not saved."""
    entry = fresh_entry(house)
    page = visit(house, "amina")
    box = open_entry(page, house, entry)
    box.fill("Saved in time.")
    state(page, "saved")
    with house.records() as records:
        records.signing_in.sign_out_everywhere(house.people["amina"].id)
    box.press("End")
    page.keyboard.type(" Too late.")
    covered(page)
    nothing_readable(page, "Saved in time")
    assert kept(house, entry)[KEY] == "Saved in time."
    sign_in_in_place(page, PASSPHRASE)
    state(page, "saved")
    expect(box).to_have_value("Saved in time. Too late.")
    assert kept(house, entry)[KEY] == "Saved in time. Too late."


def test_an_idle_page_saves_first_then_covers_itself(
    build: Callable[..., QuickHouse], visit: Callable[..., Page]
) -> None:
    """After the stated time without a key or a click the page covers itself; what had been
    written is saved, and what could not be saved is there again after signing in."""
    house = build(idle_minutes=0.2)
    house.start()
    entry = fresh_entry(house)
    with Proxy(house.port) as proxy:
        page = visit(through(house, proxy.port), "amina")
        box = open_entry(page, through(house, proxy.port), entry)
        box.fill("Saved before the pause.")
        state(page, "saved")
        with proxy.broken("cut"):
            box.press("End")
            page.keyboard.type(" Not saved.")
            state(page, "waiting")
            covered(page)
            nothing_readable(page, "pause")
            expect(page.locator(".cover-left")).to_contain_text("not saved yet")
        sign_in_in_place(page, PASSPHRASE)
        state(page, "saved")
        expect(box).to_have_value("Saved before the pause. Not saved.")
        assert kept(house, entry)[KEY] == "Saved before the pause. Not saved."


def _seen(house: QuickHouse, minutes: float | None = None) -> str:
    """When the newest session was last used; with ``minutes``, first put it that far back."""
    with sqlite3.connect(house.folder.database) as db:
        newest = "(select id from sign_in order by started_at desc limit 1)"
        if minutes is not None:
            then = (datetime.now(UTC) - timedelta(minutes=minutes)).replace(tzinfo=None)
            db.execute(
                f"update sign_in set seen_at = ? where id = {newest}",  # noqa: S608
                [then.isoformat(" ")],
            )
        found = db.execute(f"select seen_at from sign_in where id = {newest}").fetchone()  # noqa: S608
    db.close()
    return str(found[0])


def test_requests_that_nobody_made_do_not_keep_a_session_alive(
    house: QuickHouse, visit: Callable[..., Page]
) -> None:
    """What an open page asks by itself (its kernel, its connection, pictures of what is saved)
    does not count as somebody being there; opening a page does."""
    entry = fresh_entry(house, way="longer")
    page = visit(house, "amina")
    open_entry(page, house, entry)
    kernel = kernel_id(page)
    long_ago = _seen(house, minutes=20)
    line = f"{house.url.replace('http', 'ws')}api/kernels/{kernel}/channels"
    opened = "(to) => new Promise((done) => { new WebSocket(to).onopen = () => done(true); })"
    assert page.evaluate(opened, line)
    page.evaluate("document.dispatchEvent(new CustomEvent('cascade:saved'))")
    status = page.evaluate(f"fetch('/api/kernels/{kernel}').then((r) => r.status)")
    assert status == 200
    assert page.evaluate("fetch('/health').then((r) => r.status)") == 200
    assert _seen(house) == long_ago
    page.reload()
    eventually(lambda: _seen(house) != long_ago)


def test_a_session_ends_after_the_stated_time_for_everything(house: QuickHouse) -> None:
    """Past the idle time the same cookie opens no page, saves nothing and reaches no kernel."""
    entry, amina = fresh_entry(house), Visitor(house, "amina")
    assert amina.save(entry, KEY, "In time").status == 200
    _seen(house, minutes=31)
    assert amina.get(f"/entries/{entry}").status == 302
    assert amina.save(entry, KEY, "Too late").status == 401
    assert amina.post(f"/entries/{entry}/pictures").status in (302, 401)
    assert kept(house, entry) == {KEY: "In time"}


def test_a_retry_in_the_background_does_not_stretch_a_session(
    house: QuickHouse, visit: Callable[..., Page]
) -> None:
    """A covered page stays silent: it sends no save, however long it waits."""
    entry = fresh_entry(house)
    page = visit(house, "amina")
    box = open_entry(page, house, entry)
    with house.records() as records:
        records.signing_in.sign_out_everywhere(house.people["amina"].id)
    box.fill("Behind the cover")
    covered(page)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    page.evaluate("dispatchEvent(new Event('online'))")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    until = time.monotonic() + 2
    eventually(lambda: page.evaluate("1") and time.monotonic() > until)
    assert "PUT" not in sent
