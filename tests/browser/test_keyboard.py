"""A whole journey without a mouse, and what a keyboard or a screen reader meets on the way."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.states import whole_workbooks
from tests.browser.steps import MEETING
from tests.living import PASSPHRASE, House, entry_id

Visit = Callable[..., Page]

# What shows where the focus is: an outline or a shadow on the control, or on the label that
# stands in for a radio button.
FOCUS = """() => {
  const el = document.activeElement;
  const seen = (e) => {
    if (!e) return false;
    const s = getComputedStyle(e);
    return (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2) || s.boxShadow !== "none";
  };
  const labels = el.labels ? [...el.labels] : [];
  const radio = /radio|checkbox/.test(el.type) && labels.length > 0;
  const box = (radio ? labels[0] : el).getBoundingClientRect();
  const names = [...labels.map((l) => l.textContent), el.textContent, el.value];
  return {
    tag: el.tagName,
    name: names.filter(Boolean).join(" ").replace(/\\s+/g, " ").trim(),
    visible: seen(el) || (radio && labels.some(seen)),
    inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
  };
}"""
MOST_TABS = 80


def tab_to(page: Page, name: str, key: str = "Tab") -> None:
    """Press Tab until the focus is on what is called ``name``; every stop on the way is visible."""
    for _ in range(MOST_TABS):
        page.keyboard.press(key)
        at = page.evaluate(FOCUS)
        if at["tag"] == "BODY":
            continue
        assert at["visible"], f"the focus does not show on {at}"
        assert at["inside"], f"the focus is out of sight on {at}"
        if re.search(name, at["name"]):
            return
    raise AssertionError(f"{name!r} cannot be reached with {key}")


def press_on(page: Page, name: str, key: str = "Enter") -> None:
    tab_to(page, name)
    page.keyboard.press(key)


def test_a_whole_journey_with_the_keyboard_alone(house: House, visit: Visit) -> None:
    """Signing in, starting, writing, choosing, checking, ticking, previewing, sharing and
    stopping need nothing but Tab, arrows, Space and Enter, and the focus can always be seen."""
    _, number = steps.new_session(house)
    page = visit(house, None)
    page.goto(house.url + "sign-in")
    tab_to(page, "^Your name")
    page.keyboard.type(house.people["amina"].name)
    tab_to(page, "^Your passphrase")
    page.keyboard.type(PASSPHRASE)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Hello Amina")).to_be_visible()
    press_on(page, f"^Look back on session {number}")
    expect(page.get_by_role("heading", name="After I coach")).to_be_visible()
    # The radio group is one stop; arrows move within it.
    tab_to(page, "^Session \\d")
    for _ in range(6):
        if page.evaluate(FOCUS)["name"].startswith(f"Session {number},"):
            break
        page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name=re.compile(f"^Session {number},"))).to_be_checked()
    press_on(page, "^Start")
    page.wait_for_url(re.compile("/entries/"))
    entry = entry_id(page.url)
    tab_to(page, "^Ten minutes")
    page.keyboard.press("Space")
    expect(page.get_by_role("radio", name="Ten minutes")).to_be_checked()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="Longer")).to_be_checked()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("radio", name="Ten minutes")).to_be_checked()
    press_on(page, "^Continue")
    expect(page.locator("h2:focus")).to_have_text("A moment")
    # From the heading the next stop is the first box of the page, not the top of the document.
    page.keyboard.press("Tab")
    expect(page.get_by_label("What did they say?")).to_be_focused()
    page.keyboard.type("All by keyboard")
    press_on(page, "^Continue")
    expect(page.locator("h2:focus")).to_have_text("What happened")
    press_on(page, "^Continue")
    expect(page.locator("h2:focus")).to_have_text("What was not said")
    press_on(page, "^Other ways in")
    expect(page.get_by_text("Who was missing from the story?")).to_be_visible()
    press_on(page, "^Back$")
    expect(page.locator("h2:focus")).to_have_text("What happened")
    for heading in ("What was not said", "The question that landed", "Talking it over"):
        press_on(page, "^Continue")
        expect(page.locator("h2:focus")).to_have_text(heading)
    press_on(page, "^At our next supervision", "Space")
    expect(steps.state_of(page, "talk")).to_have_text(steps.SAVED)
    press_on(page, "^Clear this answer")
    expect(page.get_by_role("radio", name="At our next supervision")).not_to_be_checked()
    expect(page.get_by_role("radio", name="At our next supervision")).to_be_focused()
    press_on(page, "^Continue")
    press_on(page, "^Check your answers")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers")
    press_on(page, "^Change.*What was not said")
    expect(page.get_by_label("What was not said?")).to_be_focused()
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers")
    tab_to(page, "^A moment ")
    page.keyboard.press("Space")
    expect(page.get_by_role("checkbox", name="A moment")).not_to_be_checked()
    page.keyboard.press("Space")
    expect(page.get_by_role("checkbox", name="A moment")).to_be_checked()
    press_on(page, "^See exactly what")
    expect(page.locator("article.shared")).to_contain_text("All by keyboard")
    press_on(page, "^Share this with")
    expect(page.get_by_text("Not opened yet.")).to_be_visible()
    assert entry_id(page.url) == entry
    press_on(page, "^Stop sharing")
    expect(page.get_by_text("That is over.")).to_be_visible()


def test_the_skip_link_comes_first(house: House, visit: Visit) -> None:
    """The first stop of every page leads past the header to the main part."""
    page = visit(house, "amina")
    for path in ("", "me", "worried"):
        page.goto(house.url + path)
        page.keyboard.press("Tab")
        skip = page.get_by_role("link", name="Skip to the main part")
        expect(skip).to_be_focused()
        expect(skip).to_be_in_viewport()
        page.keyboard.press("Enter")
        expect(page.locator("main")).to_be_focused()


def test_a_scale_is_one_group_for_arrow_keys(house: House, visit: Visit) -> None:
    """Each of the ten scales is one stop, named by its question; arrows go through all of its
    answers, round and round, and each move is saved."""
    entry = steps.reflection(house, way="longer")
    page = visit(house, "amina")
    steps.entry_page(page, house, entry, "who-is-doing-the-thinking")
    group = page.get_by_role("group", name="Who came up with the ideas?")
    expect(group).to_be_visible()
    options = group.get_by_role("radio")
    count = options.count()
    assert count == 7
    tab_to(page, "^They did")
    page.keyboard.press("Space")
    for at in range(1, count):
        page.keyboard.press("ArrowDown")
        expect(options.nth(at)).to_be_checked()
        expect(options.nth(at)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(options.first).to_be_checked()
    expect(steps.state_of(page, "ideas")).to_have_text(steps.SAVED)
    # A whole group is left with one Tab: to its "Clear", then to the next question.
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUS)["name"] == "Clear this answer"
    page.keyboard.press("Tab")
    expect(
        page.get_by_role("group", name=re.compile("^When I wanted to rescue"))
        .get_by_role("radio")
        .first
    ).to_be_focused()


def test_an_error_is_tied_to_its_field_and_comes_first(house: House, visit: Visit) -> None:
    """A date that cannot be keeps the person on the page: "Error: " is first in the title, a
    summary takes the focus and links to the field, the field is marked and described by the
    sentence; putting it right takes all of that away."""
    page = visit(house, "sue")
    page.goto(f"{house.url}workbooks/{MEETING}")
    page.get_by_role("checkbox", name="Amina Coachfield").check()
    page.get_by_role("button", name="Start").click()
    page.wait_for_url(re.compile("/entries/"))
    steps.fill_date(page, "on", "31", "2", "2027")
    press_on(page, "^Continue")
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("There is a problem")
    expect(summary).to_be_focused()
    expect(page.get_by_role("heading", name="When", exact=True)).to_be_visible()
    assert page.title().startswith("Error: ")
    group = page.get_by_role("group", name="What is the date of this meeting?")
    expect(group).to_have_accessible_description(re.compile("Write a real date"))
    expect(page.locator("#q-on-day")).to_have_attribute("aria-invalid", "true")
    press_on(page, "^Write a real date")
    expect(page.locator("#q-on-day")).to_be_focused()
    for part in ("28", "2", "2027"):
        page.keyboard.press("Control+A")
        page.keyboard.type(part)
        page.keyboard.press("Tab")
    expect(steps.state_of(page, "on")).to_have_text(steps.SAVED)
    assert not page.title().startswith("Error: ")
    expect(summary).to_have_count(0)
    expect(page.locator("#q-on-day")).not_to_have_attribute("aria-invalid", "true")
    press_on(page, "^Continue")
    expect(page.locator("h2:focus")).to_be_visible()


def test_saved_is_announced_once_and_politely(house: House, visit: Visit) -> None:
    """A live region that interrupts nobody says "Saved" once, not at every key; a problem and a
    wait are said there too."""
    entry = steps.reflection(house, way="ten")
    page = visit(house, "amina")
    steps.entry_page(page, house, entry, "what-happened")
    status = page.locator("#status")
    expect(status).to_have_role("status")
    assert status.get_attribute("aria-live") in (None, "polite")
    page.evaluate(
        """() => {
          window.heard = [];
          new MutationObserver(() => heard.push(document.getElementById("status").textContent))
            .observe(document.getElementById("status"),
                     { childList: true, characterData: true, subtree: true });
        }"""
    )
    box = page.get_by_label("What happened, in five lines?")
    for words in ("One", "One two", "One two three"):
        with steps.answered(page, "what-happened"):
            box.focus()
            page.keyboard.press("Control+A")
            page.keyboard.type(words)
        expect(steps.state_of(page, "what-happened")).to_have_text(steps.SAVED)
    assert page.evaluate("heard") == ["Saved"]
    page.route("**/api/entries/**", lambda route: route.abort())
    page.keyboard.type(" four")
    expect(status).to_have_text("Not saved yet. Your words are still here.")
    page.unroute("**/api/entries/**")
    expect(status).to_have_text("Saved")
    assert page.evaluate("heard") == ["Saved", "Not saved yet. Your words are still here.", "Saved"]
    # The visible "Saved 14:03" under each question is not live: nothing is said twice.
    assert page.locator("[aria-live], [role=status], [role=alert]").count() == 1


# Everything in the main part that can be used, once for each group of radio buttons.
STOPS = """() => [...document.querySelectorAll("main :is(input, textarea, button, summary)")]
  .filter((e) => e.type !== "hidden" && e.checkVisibility())
  .filter((e) => !e.closest("details:not([open]) > :not(summary)"))
  .map((e) => e.type === "radio" ? `radio ${e.name}` : e.id || e.name || e.textContent.trim())
  .filter((name, at, all) => all.indexOf(name) === at)"""
HERE = """() => { const e = document.activeElement;
  return e.type === "radio" ? `radio ${e.name}` : e.id || e.name || e.textContent.trim(); }"""


@pytest.mark.parametrize("workbook_id", [w.id for w, _ in whole_workbooks()])
def test_every_control_of_every_workbook_is_a_stop(
    house: House, visit: Visit, workbook_id: str
) -> None:
    """Tab alone comes to every box, button and fold of a workbook, and the focus always shows."""
    workbook, who = next((w, p) for w, p in whole_workbooks() if w.id == workbook_id)
    page = visit(house, who)
    page.route("**/pictures", lambda route: None)
    steps.entry_page(page, house, steps.any_entry(house, workbook, who))
    page.evaluate(steps.SHOW_ALL_PAGES)
    wanted = page.evaluate(STOPS)
    seen = set()
    page.locator("h1").click()
    for _ in range(len(wanted) * 2 + 40):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUS)
        if at["tag"] == "BODY":
            break
        assert at["visible"], f"the focus does not show on {at}"
        seen.add(page.evaluate(HERE))
    assert [name for name in wanted if name not in seen] == []
