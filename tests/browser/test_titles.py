"""Titles, compared with each other."""

from collections import defaultdict
from collections.abc import Callable

from playwright.sync_api import Browser, Page, expect

from tests.browser.states import STATES, Things, Visits, reach
from tests.living import House

Visit = Callable[..., Page]

# Names of states that are one page for different people or at different moments.
SAME = {
    "home": [s for s in STATES if s.startswith("home")],
    "check": [s for s in STATES if s.startswith("check")],
    "me": [s for s in STATES if s.startswith("me ")],
    "shared": [s for s in STATES if s.startswith("shared")],
    "404": [s for s in STATES if s.startswith("404")],
}
QUICK = [
    s
    for s in STATES
    if not s.startswith(("kernel", "conflict", "not saved", "cover", "panel", "overview"))
]


def test_no_two_pages_share_a_title(browser: Browser, house: House) -> None:
    """Different pages have different titles, so that tabs and history can be told apart."""
    things, visits = Things.made(house), Visits(browser, house)
    titles: dict[str, set[str]] = defaultdict(set)
    for name in QUICK:
        page = next((kind for kind, same in SAME.items() if name in same), name)
        titles[reach(name, visits, things).page.title()].add(page)
        visits.close()
    assert {t: pages for t, pages in titles.items() if len(pages) > 1} == {}


def test_the_title_follows_the_page_that_is_shown(house: House, visit: Visit) -> None:
    """Continue, Back and the browser's own buttons change the title with the page."""
    from tests.browser import steps

    entry = steps.reflection(house, way="ten")
    page = visit(house, "amina")
    steps.entry_page(page, house, entry)
    first = page.title()
    steps.go_on(page, "A moment")
    second = page.title()
    assert first != second
    page.go_back()
    expect(page).to_have_title(first)
    page.go_forward()
    expect(page).to_have_title(second)
    page.reload()
    expect(page).to_have_title(second)
