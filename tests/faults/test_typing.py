"""Words typed before, while and after scripts and pictures arrive."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.faults.nursery import QuickHouse
from tests.faults.pages import (
    COACH,
    KEY,
    LEADER,
    THOUGHT,
    eventually,
    fresh_entry,
    kept,
    leaders_entry,
    put,
    state,
)

# Everything that would disturb somebody who types: the box loses the focus, the page scrolls, the
# caret is not where the last character left it.
WATCH = """
window.disturbed = [];
window.caret = -1;
document.addEventListener('focusout', (e) => disturbed.push(['blur', e.target.id]), true);
addEventListener('scroll', () => { if (caret >= 0) disturbed.push(['scroll', scrollY]); }, true);
document.addEventListener('input', (e) => {
  const at = e.target.selectionStart;
  if (caret >= 0 && at !== caret + 1) disturbed.push(['caret', caret, at]);
  caret = at;
}, true);
"""
# What the kernel made stands in its places, and the page's own pictures have gone.
DRAWN = """() => {
  const places = [...document.querySelectorAll('.place[data-cell]')];
  return places.length > 0 && places.every(
    (p) => p.children.length === 1
      && p.querySelector(':scope > [data-cell]:not(.arriving) :is(.picture, .jupyter-widgets)'));
}"""
ALPHABET = "the quick brown fox jumps over a lazy dog "
# Where pictures stand, a page with a box that can be written in, and a second question on it.
PLACES = [
    (COACH, "amina", "what-happened", "what-happened"),
    (LEADER, "leo", "what-i-am-bringing", "presenting"),
    # Here Voila's own script comes, too.
    (THOUGHT, "amina", "what-happened", "what-happened"),
]


@pytest.mark.parametrize(("workbook", "who", "at", "key"), PLACES)
def test_typing_is_never_disturbed_while_the_page_comes_alive(
    house: QuickHouse,
    visit: Callable[..., Page],
    workbook: str,
    who: str,
    at: str,
    key: str,
) -> None:
    """From the first paint until the kernel's pictures stand there, every character arrives in
    order, in the middle of what was there before, and focus, caret and scroll do not move."""
    if workbook == LEADER:
        entry = leaders_entry(house)
    else:
        entry = fresh_entry(house, workbook=workbook, way="longer")
    put(house, entry, who, workbook, **{key: "Before. After."})
    page = visit(house, who)
    page.set_viewport_size({"width": 900, "height": 420})
    page.add_init_script(WATCH)
    # Script and pictures come when somebody is in the middle of typing, however fast they are.
    scripts: list[Route] = []
    pictures: list[Route] = []
    page.route("**/page.js", lambda route: scripts.append(route))
    page.route("**/pictures", lambda route: pictures.append(route))
    page.goto(f"{house.url}entries/{entry}?page={at}", wait_until="commit")
    box = page.locator(f"#q-{key}")
    box.click()
    # At the top of the window, with room to grow, so that only the page could make it scroll.
    box.evaluate("el => scrollTo(0, el.getBoundingClientRect().top + scrollY - 40)")
    box.evaluate("el => el.setSelectionRange(8, 8)")
    eventually(lambda: page.evaluate("new Promise((f) => requestAnimationFrame(() => f(true)))"))
    page.evaluate("() => { caret = 8; disturbed.length = 0; }")
    before = page.evaluate("scrollY")
    assert not page.evaluate(DRAWN)
    typed = ""
    deadline = time.monotonic() + 40
    drawn = 0
    while drawn < 10:
        assert time.monotonic() < deadline, "The pictures never came."
        character = ALPHABET[len(typed) % len(ALPHABET)]
        page.keyboard.type(character, delay=15)
        typed += character
        if scripts and len(typed) >= 10:
            scripts.pop().continue_()
        if pictures and len(typed) >= 30:
            pictures.pop().continue_()
        # A few more after the last picture, because that is when things would move.
        drawn += bool(page.evaluate(DRAWN))
    assert len(typed) > 40
    assert page.evaluate("disturbed") == []
    assert page.evaluate("scrollY") == before
    assert page.evaluate("document.activeElement.id") == f"q-{key}"
    expect(box).to_have_value(f"Before. {typed}After.")
    state(page, "saved", key)
    eventually(lambda: kept(house, entry, who)[key] == f"Before. {typed}After.")


def test_words_typed_before_the_script_runs_are_saved_by_it(
    house: QuickHouse, visit: Callable[..., Page]
) -> None:
    """The page can be written on while its script is still on the way; when the script comes, it
    saves what it finds."""
    entry = fresh_entry(house)
    page = visit(house, "amina")
    held: list[Route] = []
    page.route("**/page.js", lambda route: held.append(route))
    page.goto(f"{house.url}entries/{entry}?page=what-happened", wait_until="commit")
    box = page.locator(f"#q-{KEY}")
    box.click()
    page.keyboard.type("Written while nothing was listening")
    way = page.locator("input[name=way][value=longer]")
    way.evaluate("el => el.checked = true")
    assert page.locator("html.scripted").count() == 0
    assert held
    assert kept(house, entry) == {}
    held[0].continue_()
    state(page, "saved")
    wanted = {KEY: "Written while nothing was listening", "way": "longer"}
    eventually(lambda: kept(house, entry) == wanted)
