"""A conversation and a silence, by keyboard on a narrow screen."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_interest import sound
from tests.browser.test_keyboard import tab_to
from tests.living import House

Visit = Callable[..., Page]


def press(page: Page, name: str) -> None:
    """Go to what is called so with Tab, and press Enter."""
    tab_to(page, name)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_conversation_by_keyboard(house: House, visit: Visit) -> None:
    """From the list to the look back at 320 pixels, without a mouse; each step is sound, and the
    address says nothing of what was said."""
    page = visit(house, "amina", width=320)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(house.url + "practice")
    press(page, "^The board that just ticks over")
    address = page.url
    press(page, "^What would a good board meeting")
    expect(page.get_by_text("But I've never invited it.")).to_be_visible()
    sound(page)
    press(page, "^Go one step back")
    press(page, "^What would a good board meeting")
    press(page, "^Then let's build you a cash-flow forecast")
    tab_to(page, "What else might you say")
    page.keyboard.type("Who else knows?")
    press(page, "^Look back at it")
    expect(page.get_by_text("Who else knows?")).to_be_visible()
    sound(page)
    tab_to(page, "^What else you might have said")
    page.keyboard.press("Enter")
    expect(page.get_by_text("it may be what lets her stay")).to_be_visible()
    assert page.url == address + "#now" and [one for one in asked if "?" in one] == []
    press(page, "^Try it again")
    expect(page.get_by_text("Who else knows?")).to_have_count(0)
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_the_clock_can_be_made_longer_and_switched_off(
    house: House, visit: Visit, motion: str
) -> None:
    """Ten seconds more, as often as one likes; off, it says how to count; nothing goes on by
    itself.  Where motion is not wanted, nothing turns."""
    page = visit(house, "amina", width=320, reduced_motion=motion)
    page.goto(house.url + "practice/drills/4-hold-the-silence")
    press(page, "^10 seconds")
    left, count = page.get_by_role("timer"), page.get_by_text("Count slowly to ten")
    expect(left).to_have_text(re.compile("^(10|9)$"))
    expect(count).to_be_hidden()
    sound(page)
    tab_to(page, "^10 seconds more")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(left).to_have_text(re.compile("^(30|2[0-9])$"))
    if motion == "reduce":
        turned = (
            "getComputedStyle(document.querySelector('.clock-face')).getPropertyValue('--left')"
        )
        assert page.evaluate(turned) == "1"
    tab_to(page, "^Switch the clock off")
    page.keyboard.press("Enter")
    expect(left).to_be_hidden()
    expect(count).to_be_visible()
    press(page, "^Continue")
    expect(page.get_by_label("What did you want to say?")).to_be_visible()


def test_when_the_time_is_over_nothing_goes_on_by_itself(house: House, visit: Visit) -> None:
    """It says so, once, and waits; ten seconds more begin again."""
    page = visit(house, "amina")
    page.clock.install()
    page.goto(house.url + "practice/drills/4-hold-the-silence")
    page.get_by_role("button", name="20 seconds").click()
    page.clock.run_for(21_000)
    expect(page.get_by_role("status")).to_have_text(re.compile("^The time is over"))
    page.get_by_role("button", name="10 seconds more").click()
    expect(page.get_by_role("timer")).to_have_text("10")
    expect(page.get_by_role("status")).to_have_text("")
