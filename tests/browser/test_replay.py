"""A moment of one's own, from the sheet it was written in to supervision, on a phone."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.test_interest import sound
from tests.browser.test_keyboard import press_on, tab_to
from tests.living import House

Visit = Callable[..., Page]


def arrive(page: Page, name: str) -> None:
    """Go to what is called so with Tab, press Enter, and be on another page."""
    tab_to(page, name)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_moment_is_replayed_and_brought_by_keyboard(house: House, visit: Visit) -> None:
    """320 pixels wide and without a mouse: from the moment to its sheet with the words just typed,
    through the scene, to one press that the supervisor finds; every step is sound, and the scene's
    address says nothing."""
    session, _ = steps.new_session(house)
    said = {"moment-they-said": "Nobody came.", "moment-i-said": "I ring them all."}
    entry = steps.written(house, "amina", steps.COACHING, said, session=session)
    page = visit(house, "amina", width=320)
    steps.entry_page(page, house, entry, "a-moment")
    tab_to(page, "^What might you have said")
    page.keyboard.type("Who did you hope for?")
    arrive(page, "^Replay this moment")
    expect(page.get_by_role("heading", name="A moment, replayed")).to_be_visible()
    expect(page.get_by_label("What did they say?")).to_have_value("Nobody came.")
    sound(page)
    press_on(page, "^Continue")
    expect(page.get_by_label("What else might you have said?")).to_have_value(
        "Who did you hope for?"
    )
    with steps.answered(page, "might-1-kind"):
        press_on(page, "^Suggested or told", "Space")
    tab_to(page, "^What might happen then")
    with steps.answered(page, "might-1-then"):
        page.keyboard.type("They name one.")
    for heading in ("A second thing", "A third thing", "What I take from it"):
        press_on(page, "^Continue")
        expect(page.locator("h2:focus")).to_have_text(heading)
    arrive(page, "^Check your answers")
    arrive(page, "^Play it")
    scene = page.url
    expect(page.locator("button.say")).to_have_count(2)
    expect(page.get_by_text("that day")).to_have_count(0)
    sound(page)
    arrive(page, "^Who did you hope for")
    expect(page.get_by_text("They name one.")).to_be_visible()
    expect(page.get_by_text("Suggested or told them what to do")).to_be_visible()
    sound(page)
    arrive(page, "^Say something else")
    arrive(page, "^I ring them all")
    expect(page.get_by_text("This is what you said that day.")).to_be_visible()
    tab_to(page, "^What else might you say")
    page.keyboard.type("Shall we wait?")
    arrive(page, "^Look back at it")
    expect(page.get_by_text("Shall we wait?")).to_be_visible()
    assert page.url == f"{scene}#now"
    tab_to(page, "^See exactly what Sue Superfield will see")
    page.keyboard.press("Enter")
    expect(page.locator(".preview").get_by_text("They name one.")).to_be_visible()
    sound(page)
    arrive(page, "^Bring it to supervision")
    expect(page.get_by_text("Sue Superfield can read this copy")).to_be_in_viewport()
    sound(page)
    sue = visit(house, "sue")
    sue.get_by_role("link", name="Read what Amina Coachfield shared").click()
    expect(sue.get_by_role("heading", name="A moment, replayed")).to_be_visible()
    expect(sue.get_by_text("They name one.")).to_be_visible()
    expect(sue.get_by_text("Shall we wait?")).to_have_count(0)
    arrive(page, "^Stop sharing")
    sue.reload()
    steps.nothing_here(sue)


def test_enter_in_a_line_leads_on(house: House, visit: Visit) -> None:
    """It presses no button that stands on some page: no note to a supervisor, no other sheet."""
    answers = {"way": "longer", "talk": "today"}
    session, _ = steps.new_session(house)
    entry = steps.written(house, "amina", steps.COACHING, answers, session=session)
    page = visit(house, "amina")
    steps.entry_page(page, house, entry, "an-idea-to-test")
    with steps.answered(page, "test-idea-with"):
        page.get_by_label("Who could you test this idea with?").fill("The deputy")
    page.keyboard.press("Enter")
    expect(page.locator("h2:focus")).to_have_text("Back at my place")
    with house.records() as records:
        amina = house.people["amina"].id
        assert records.sharing.asked_to_talk(amina) is None
        mine = [e for e in records.entries.of(amina) if e.session_id == session]
    assert [e.workbook for e in mine] == [steps.COACHING]
