"""Paper in a real browser: the plain page of every workbook, and what a printed entry holds."""

from collections.abc import Callable

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, Request

from cascade_tools.draw.paper import paper_html, paper_style
from cascade_tools.draw.paper_index import paper_index
from cascade_tools.model.workbook import Workbook
from cascade_tools.shelf import open_shelf
from tests.browser.steps import entry_page, prompt
from tests.living import House
from tests.server.visitor import Visitor

WORKBOOKS = open_shelf().all()
LONG = "\n".join(f"Line {n} of what happened that day, in words." for n in range(40)) + "\nThe end."
AXE = "async () => await axe.run(document, {resultTypes: ['violations']})"
# Every colour on the page that is not a grey.
COLOURS = """() => {
  const found = new Set();
  for (const e of document.querySelectorAll("*")) {
    const style = getComputedStyle(e);
    for (const name of ["color", "backgroundColor", "borderTopColor", "fill", "stroke"]) {
      const parts = (style[name].match(/[\\d.]+/g) || []).map(Number);
      const [red, green, blue] = parts;
      if (parts.length >= 3 && (red !== green || green !== blue)) found.add(style[name]);
    }
  }
  return [...found];
}"""


@pytest.fixture(scope="module")
def sheet(browser: Browser) -> Page:
    page = browser.new_context(viewport={"width": 320, "height": 640}).new_page()
    page.on("request", _refuse)
    return page


def _refuse(request: Request) -> None:
    raise AssertionError(f"The paper asks for {request.url}")


def pages() -> list[tuple[str, str]]:
    style = paper_style()
    drawn = [(w.id, paper_html(w, style=style)) for w in WORKBOOKS]
    return [("index", paper_index(WORKBOOKS, style=style)), *drawn]


PAGES = dict(pages())


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_and_it_fits_a_phone(sheet: Page, name: str) -> None:
    """At 320 pixels nothing runs off the side, axe is content, and there is no colour to see."""
    sheet.set_content(PAGES[name])
    assert sheet.evaluate("document.scrollingElement.scrollWidth") <= 320
    assert sheet.evaluate(COLOURS) == []
    sheet.evaluate(AXE_SCRIPT)
    violations = sheet.evaluate(AXE)["violations"]
    assert [(v["id"], v["nodes"][0]["html"][:120]) for v in violations] == []


@pytest.mark.parametrize("workbook", WORKBOOKS, ids=lambda w: w.id)
def test_no_question_is_cut_in_two(sheet: Page, workbook: Workbook) -> None:
    """Each question, or each part of a long one, asks the printer to keep it on one page, and none
    is too long for that: a page of A4 has room for 261 mm."""
    sheet.set_viewport_size({"width": 673, "height": 987})
    sheet.emulate_media(media="print")
    sheet.set_content(PAGES[workbook.id])
    too_long = sheet.evaluate(
        """() => [...document.querySelectorAll(
            ".ask:not(.ask-action, .ask-classify), .item, .sort > li, .heard > div")]
          .filter((e) => getComputedStyle(e).breakInside !== "avoid"
            || e.getBoundingClientRect().height > 987)
          .map((e) => e.textContent.trim().slice(0, 60))"""
    )
    sheet.emulate_media(media="screen")
    sheet.set_viewport_size({"width": 320, "height": 640})
    assert too_long == []


def test_a_printed_entry_holds_every_open_page_and_every_word(
    house: House, visit: Callable[..., Page]
) -> None:
    """No buttons, no page that is not open, and a long answer to its last word."""
    amina = Visitor(house, "amina")
    entry = amina.start()
    assert amina.save(entry, "what-happened", LONG).status == 200
    page = visit(house, "amina")
    entry_page(page, house, entry)
    prompt(page, "way").get_by_label("Ten minutes").check()
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    shown = page.locator("section.page:visible").evaluate_all(
        "all => all.map((e) => e.dataset.page)"
    )
    assert "what-happened" in shown
    assert "who-is-doing-the-thinking" not in shown
    assert len(shown) > 3
    assert page.locator("button:visible").count() == 0
    on_paper = page.locator("#prompt-what-happened .on-paper")
    assert on_paper.inner_text() == LONG
    assert on_paper.evaluate("e => e.scrollHeight <= e.clientHeight + 1")
    assert (
        page.locator("#prompt-not-said .on-paper").evaluate(
            "e => getComputedStyle(e, '::before').content"
        )
        == '"Not answered"'
    )
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    assert page.locator(".on-paper").count() == 0
    assert prompt(page, "what-happened").locator("textarea").input_value() == LONG


def test_a_printed_page_of_answers_has_no_buttons(house: House, visit: Callable[..., Page]) -> None:
    """The answers, and what happens next; nothing to press."""
    amina = Visitor(house, "amina")
    entry = amina.start()
    assert amina.save(entry, "what-happened", LONG).status == 200
    page = visit(house, "amina")
    page.goto(f"{house.url}entries/{entry}/check")
    page.emulate_media(media="print")
    assert page.locator("button:visible, .change:visible, nav:visible").count() == 0
    assert page.get_by_text("The end.").is_visible()
    assert page.get_by_role("heading", name="What happens next").is_visible()
