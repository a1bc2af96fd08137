"""21. A shared computer: whoever sits down next finds nothing of the person before."""

import json
from base64 import b32decode
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from cascade_tools.errors import SettingsFault
from cascade_tools.records.second_step import STEP_SECONDS, code_at
from cascade_tools.settings import read_settings
from tests.browser import steps
from tests.faults.nursery import QuickHouse
from tests.faults.pages import (
    KEY,
    covered,
    fresh_entry,
    kept,
    kernel_id,
    nothing_readable,
    open_entry,
    sign_in_in_place,
    state,
)
from tests.faults.visitor import Visitor
from tests.living import PASSPHRASE


def _cookies(reply: Any) -> dict[str, str]:
    lines = reply.headers.get_all("Set-Cookie") or []
    return {line.partition("=")[0]: line.lower() for line in lines}


def test_the_cookie_says_nothing_and_no_script_can_read_it(
    house: QuickHouse, visit: Callable[..., Page]
) -> None:
    """The session's cookie is a random secret, for this site's own requests, out of a script's
    reach; it ends with the browser; the only cookie a script can read is the cross-site token."""
    stranger = Visitor(house)
    given = _cookies(stranger.sign_in(house.people["amina"].name, PASSPHRASE))["cascade"]
    for part in ("httponly", "samesite=lax", "path=/"):
        assert part in given
    for part in ("expires", "max-age", "domain"):
        assert part not in given
    assert len(stranger.cookies["cascade"]) >= 40
    again = Visitor(house, "amina").cookies["cascade"]
    assert again != stranger.cookies["cascade"]
    page = visit(house, "amina")
    readable = page.evaluate("document.cookie").split("; ")
    assert [cookie.partition("=")[0] for cookie in readable] == ["_xsrf"]


def test_behind_https_every_cookie_stays_on_https(build: Callable[..., QuickHouse]) -> None:
    """Served for an https address, cookies are Secure, the session's is bound to this host by its
    name, and browsers are told to come by https only."""
    house = build()
    house.options = ["--proxy", "https://kit.example.org/"]
    house.host = "kit.example.org"
    house.start()
    visitor = Visitor(house, headers={"Host": "kit.example.org", "X-Forwarded-Proto": "https"})
    first = visitor.get("/sign-in")
    assert "secure" in _cookies(first)["_xsrf"]
    assert first.headers["Strict-Transport-Security"]
    given = _cookies(visitor.sign_in(house.people["amina"].name, PASSPHRASE))
    session = given["__Host-cascade"]
    for part in ("secure", "httponly", "samesite=lax", "path=/"):
        assert part in session
    assert "domain" not in session
    assert visitor.get("/").status == 200
    # The plain name is not taken instead.
    other = Visitor(house, headers=visitor.always)
    other.cookies = {"cascade": visitor.cookies["__Host-cascade"]}
    assert other.get("/").status == 302
    out = _cookies(visitor.post("/sign-out"))["__Host-cascade"]
    assert "secure" in out


STORED = """async () => ({
    local: Object.entries(localStorage),
    session: Object.entries(sessionStorage),
    databases: (await indexedDB.databases()).map((d) => d.name),
    caches: await caches.keys(),
    workers: (await navigator.serviceWorker.getRegistrations()).length,
})"""
EMPTY: dict[str, Any] = {"local": [], "session": [], "databases": [], "caches": [], "workers": 0}


def test_after_signing_out_the_browser_holds_nothing(
    house: QuickHouse, visit: Callable[..., Page]
) -> None:
    """Back, reload and a look into every store of the browser show nothing of what was written;
    the old cookie opens nothing."""
    entry = fresh_entry(house, way="longer")
    page = visit(house, "amina")
    box = open_entry(page, house, entry)
    box.fill("Only while I am here")
    state(page, "saved")
    kernel_id(page)
    while_there = json.dumps(page.evaluate(STORED))
    assert "Only while" not in while_there
    cookies = page.context.cookies()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("heading", name="Sign in").wait_for()
    assert page.evaluate(STORED) == EMPTY
    page.go_back()
    page.locator("body").wait_for()
    assert "Only while I am here" not in page.content()
    assert page.locator(f"#q-{KEY}").count() == 0
    page.reload()
    assert "Only while I am here" not in page.content()
    assert "cascade" not in {c["name"] for c in page.context.cookies()}
    page.context.add_cookies(cookies)
    page.goto(f"{house.url}entries/{entry}")
    page.get_by_role("heading", name="Sign in").wait_for()
    page.get_by_label("Your name").fill(house.people["beth"].name)
    page.get_by_label("Your passphrase").fill(PASSPHRASE)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("heading", name="There is nothing here").wait_for()
    for _ in range(3):
        page.go_back()
        page.locator("body").wait_for()
        assert "Only while I am here" not in page.content()


def test_leaving_quickly_keeps_the_words_and_shows_nothing(
    house: QuickHouse, visit: Callable[..., Page]
) -> None:
    """One press in the middle of a sentence: nothing can be seen from that moment, the words are
    saved however slowly, the page is gone for one that says nothing, and neither going back nor
    the browser's stores bring anything of it up."""
    entry = fresh_entry(house)
    page = visit(house, "amina")
    box = open_entry(page, house, entry)
    saves: list[Route] = []
    page.route("**/answers/*", lambda route: saves.append(route))
    box.fill("In the middle of a")
    page.get_by_role("button", name="Leave this page quickly").click(no_wait_after=True)
    expect(page.get_by_role("main")).to_be_hidden()
    assert page.title() == "Calendar"
    for save in saves:
        save.continue_()
    page.wait_for_url("**/away")
    assert page.title() == "Calendar"
    assert kept(house, entry) == {KEY: "In the middle of a"}
    assert page.evaluate(STORED) == EMPTY
    assert "cascade" not in {c["name"] for c in page.context.cookies()}
    page.go_back()
    page.get_by_role("heading", name="Sign in").wait_for()
    assert "In the middle" not in page.content()


def test_a_programme_may_say_where_leaving_goes(
    build: Callable[..., QuickHouse], tmp_path: Path
) -> None:
    """With ``leave_to`` the page that says nothing goes on there by itself, without scripts; an
    address that is not https is refused before anything is served."""
    house = build(leave_to="https://weather.example/")
    house.start()
    away = Visitor(house).get("/away").body
    assert '<meta http-equiv="refresh" content="0; url=https://weather.example/">' in away
    toml = tmp_path / "programme.toml"
    for poor in ("http://weather.example/", "javascript:alert(1)", "weather.example"):
        toml.write_text(f'leave_to = "{poor}"\n')
        with pytest.raises(SettingsFault, match="https://"):
            read_settings(toml)


def test_nobody_stays_signed_in_for_longer_than_a_day_of_work(
    build: Callable[..., QuickHouse], visit: Callable[..., Page]
) -> None:
    """However busy, after twelve hours the page says so in time, covers itself and keeps what is
    on it; the person signs in in place and goes on for as long again."""
    house = build(idle_minutes=2000)
    house.start()
    entry = fresh_entry(house)
    page = visit(house, "amina")
    page.clock.install()
    box = open_entry(page, house, entry)
    page.clock.fast_forward("11:45:00")
    expect(page.locator(".idle")).to_have_count(0)
    page.clock.fast_forward("06:00")
    expect(page.locator(".idle")).to_contain_text("Your words stay here")
    box.fill("Twelve hours on")
    page.clock.fast_forward("10:00")
    covered(page)
    nothing_readable(page, "Twelve hours on")
    sign_in_in_place(page, PASSPHRASE)
    page.clock.run_for(10_000)
    expect(page.locator("dialog.cover")).to_have_count(0)
    expect(box).to_have_value("Twelve hours on")
    page.clock.fast_forward("11:45:00")
    expect(page.locator("dialog.cover, .idle")).to_have_count(0)


def test_on_a_shared_computer_a_page_covers_itself_after_ten_minutes(
    house: QuickHouse, visit: Callable[..., Page]
) -> None:
    """Who said that others use this computer is warned after some minutes and covered after ten;
    coming back in place, the computer is still a shared one."""
    entry = fresh_entry(house)
    page = visit(house, None)
    page.goto(house.url + "sign-in")
    page.get_by_label("Your name").fill(house.people["amina"].name)
    page.get_by_label("Your passphrase").fill(PASSPHRASE)
    page.get_by_label("This is a shared computer").check()
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("heading", name="Hello").wait_for()
    page.clock.install()
    open_entry(page, house, entry)
    assert page.title() == "Workbook, page 3 · Cascade"
    page.clock.fast_forward("07:00")
    expect(page.locator(".idle")).to_contain_text("in 3 minutes")
    page.clock.fast_forward("03:10")
    covered(page)
    sign_in_in_place(page, PASSPHRASE)
    expect(page.locator("dialog.cover")).to_have_count(0)
    page.reload()
    assert page.title() == "Workbook, page 3 · Cascade"


def test_a_covered_page_asks_for_the_code_and_loses_no_word(
    house: QuickHouse, visit: Callable[..., Page]
) -> None:
    """A supervisor's session ends in the middle of a sentence.  Without an app the cover sends
    them to set one up in another tab; with one it asks for its code; then the words are saved."""
    entry = steps.recorded_meeting(house, "As it was")
    sue, question = house.people["sue"].id, "worked-on"
    page = visit(house, "sue")
    box = open_entry(page, house, entry, "what-you-talked-about", question)
    _end_sessions(house, sue)
    box.fill("As it was, and more")
    sign_in_in_place(page, PASSPHRASE)
    lid = page.locator("dialog.cover")
    with page.context.expect_page() as opened:
        lid.get_by_role("link", name="Set it up in a new tab").click()
    tab = opened.value
    tab.get_by_text("Type a key instead").click()
    key = tab.locator("code.ticket").inner_text().replace(" ", "")
    now = int(datetime.now(UTC).timestamp()) // STEP_SECONDS
    tab.get_by_label("The six digits").fill(code_at(b32decode(key), now))
    tab.get_by_role("button", name="Set it up").click()
    codes = tab.locator(".codes code").all_inner_texts()
    tab.close()
    lid.get_by_role("button", name="Sign in and go on").click()
    expect(lid).to_have_count(0)
    state(page, "saved", question)
    _end_sessions(house, sue)
    box.fill("As it was, and more, and more")
    sign_in_in_place(page, PASSPHRASE)
    asked = lid.get_by_label("The six digits your app shows")
    for code, problem in (("000000", "does not fit"), (codes[0], "")):
        asked.fill(code)
        lid.get_by_role("button", name="Sign in and go on").click()
        if problem:
            expect(lid.locator(".problem")).to_contain_text(problem)
    expect(lid).to_have_count(0)
    state(page, "saved", question)
    assert kept(house, entry, "sue")[question] == "As it was, and more, and more"


def _end_sessions(house: QuickHouse, person: str) -> None:
    with house.records() as records:
        records.signing_in.sign_out_everywhere(person)
