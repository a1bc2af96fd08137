"""*Is this for me?* in a browser: one page at a time, and no step that could lose a word."""

import re
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, expect
from sqlalchemy import delete

from cascade_tools.records.tables import AttemptRow
from tests.browser.test_pages import AXE, EDGELESS, SIDEWAYS, TARGETS
from tests.living import House

Visit = Callable[..., Page]


@pytest.fixture(autouse=True)
def a_new_hour(house: House) -> Iterator[None]:
    """Nobody has sent anything from here in the last hour."""
    with house.records() as records, records.store.database.writing() as s:
        s.execute(delete(AttemptRow))
    yield


def at(page: Page, heading: str) -> None:
    """Go on to the page with this heading."""
    while page.locator(".page.current h2").inner_text() != heading:
        page.locator("#go-on").click()
    expect(page.locator(".page.current h2")).to_be_focused()


def check(page: Page) -> None:
    """Go on to the end of the pages, and check."""
    onward = page.locator("#go-on")
    while onward.inner_text() == "Continue":
        onward.click()
    onward.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Check your answers"))


def begin(page: Page, house: House) -> None:
    """Open the page, and write a line that is one's own and a line for the programme."""
    page.goto(house.url + "interest")
    at(page, "What is hard to say")
    page.get_by_label("What is not working that is hard to say?").fill("My own line")
    at(page, "What you hope for")
    page.get_by_label("What would you most like to be different?").fill("A calmer week")


def sound(page: Page) -> None:
    """Names, roles, contrast, sizes and widths of what is shown now."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate(AXE)
    assert [v["id"] for v in found["violations"]] == []
    assert page.evaluate(TARGETS) == []
    assert page.evaluate(SIDEWAYS) is None
    assert page.evaluate(EDGELESS) == []


@pytest.mark.parametrize("width", [1100, 320])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_from_the_door_to_the_reference(
    house: House, visit: Visit, width: int, scheme: str
) -> None:
    """Somebody without an account reads, writes, checks, changes a line, skips the last page and
    has a reference.  The address never changes, and every step is sound."""
    page = visit(house, None, width=width, color_scheme=scheme, reduced_motion="reduce")
    page.goto(house.url + "sign-in")
    page.get_by_role("link", name="Is coaching for me?").click()
    sound(page)
    begin(page, house)
    sound(page)
    at(page, "How to reach you")
    page.get_by_label("What is your name?").fill("Nia")
    check(page)
    expect(page.locator(".going")).to_contain_text("A calmer week")
    expect(page.locator(".staying")).to_contain_text("My own line")
    sound(page)
    page.get_by_role("button", name=re.compile("^Change.*What is your name")).click()
    expect(page.get_by_label("What is your name?")).to_be_focused()
    page.get_by_label("What is your name?").fill("Nia Rees")
    check(page)
    expect(page.locator(".going")).to_contain_text("Nia Rees")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="Before you send")).to_be_focused()
    sound(page)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".reference")).to_contain_text("Keep this reference")
    expect(page.get_by_role("button", name="Print this page")).to_be_visible()
    expect(page.locator("main")).not_to_contain_text("My own line")
    sound(page)
    assert page.url == house.url + "interest"
    assert [c["name"] for c in page.context.cookies()] == ["_xsrf"]
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_the_browsers_own_back_loses_nothing(house: House, visit: Visit) -> None:
    """Back and forward go from step to step and from page to page, with every word in place."""
    page = visit(house, None)
    begin(page, house)
    check(page)
    page.go_back()
    expect(page.locator(".page.current h2")).to_have_text("How to reach you")
    page.go_back()
    expect(page.locator(".page.current h2")).to_have_text("What you hope for")
    expect(page.get_by_label("What would you most like to be different?")).to_have_value(
        "A calmer week"
    )
    page.go_forward()
    page.go_forward()
    expect(page.locator(".going")).to_contain_text("A calmer week")


def test_without_a_network_the_words_stay(house: House, visit: Visit) -> None:
    """A step that cannot be taken says so where the person is, and can be taken again."""
    page = visit(house, None)
    begin(page, house)
    at(page, "How to reach you")
    page.context.set_offline(True)
    page.locator("#go-on").click()
    expect(page.get_by_role("alert")).to_contain_text("Your words are still here.")
    expect(page.get_by_role("alert")).to_be_focused()
    page.context.set_offline(False)
    check(page)
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.locator(".going")).to_contain_text("A calmer week")


def test_leaving_is_asked_about_until_it_is_sent(house: House, visit: Visit) -> None:
    """Whoever has written and closes the page is asked first; afterwards nobody is."""
    page = visit(house, None)
    asked: list[str] = []

    def stay(dialog: object) -> None:
        asked.append("asked")
        dialog.dismiss()  # type: ignore[attr-defined]

    page.on("dialog", stay)
    begin(page, house)
    page.evaluate("location.href = 'worried'")
    expect(page.locator(".page.current h2")).to_have_text("What you hope for")
    assert asked == ["asked"]
    check(page)
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".reference")).to_be_visible()
    page.evaluate("location.href = 'worried'")
    expect(page.get_by_role("heading", name="Worried about someone?")).to_be_visible()
    assert asked == ["asked"]


def test_a_problem_leads_to_its_question(house: House, visit: Visit) -> None:
    """What the server cannot take comes back with a summary that leads to the field, on whichever
    page it stands."""
    page = visit(house, None)
    begin(page, house)
    at(page, "How to reach you")
    page.get_by_label("What is your name?").fill("x" * 201)
    page.locator("#go-on").click()
    expect(page.locator(".summary")).to_be_focused()
    expect(page).to_have_title(re.compile("^Error: "))
    page.locator(".summary a").click()
    expect(page.get_by_label("What is your name?")).to_be_focused()
    page.get_by_label("What is your name?").fill("Nia")
    check(page)
    expect(page.locator(".going")).to_contain_text("A calmer week")


def test_the_whole_way_without_scripts(house: House, visit: Visit) -> None:
    """One long form, and the same steps."""
    page = visit(house, None, java_script_enabled=False)
    page.goto(house.url + "interest")
    page.get_by_label("What would you most like to be different?").fill("A calmer week")
    page.get_by_label("What is not working that is hard to say?").fill("My own line")
    page.get_by_role("button", name="Check your answers").click()
    expect(page.locator(".going")).to_contain_text("A calmer week")
    page.get_by_role("button", name=re.compile("^Change.*most like to be different")).click()
    box = page.get_by_label("What would you most like to be different?")
    expect(box).to_have_value("A calmer week")
    box.fill("A calm board")
    page.get_by_role("button", name="Check your answers").click()
    expect(page.locator(".staying")).to_contain_text("My own line")
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".reference")).to_be_visible()
    expect(page.locator(".given")).to_contain_text("A calm board")
