"""A room in a real browser: on a phone with scripts and without, on a wall, and to print."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from cascade_tools import content
from tests.browser.test_interest import sound
from tests.roomful import OpenRoom

WORDS = "Capercaillie"
SAFEGUARDING = '[[safeguarding]]\nname = "Wren Testfield"\nphone = "01632 960111"\n'


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenRoom]:
    folder = tmp_path_factory.mktemp("programme")
    name = 'programme_name = "South Wales Third Sector Peer Coaching Programme"\n'
    (folder / "programme.toml").write_text(name + SAFEGUARDING, encoding="utf-8")
    with OpenRoom(tmp_path_factory.mktemp("room"), str(folder), "--host", "127.0.0.1") as room:
        yield room


def sent(request: Request) -> str:
    """Everything of a request that leaves the phone."""
    return " ".join((request.url, request.post_data or "", *request.headers.values()))


def follow(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("link", name=re.compile(name)).first.click()


def write_and_open(page: Page, label: str, fold: str) -> None:
    """Write, open what is folded under the box, and see that the words are still there."""
    box = page.get_by_label(label)
    box.press_sequentially(WORDS)
    page.locator("summary", has_text=fold).click()
    expect(box).to_have_value(WORDS)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_visit_on_a_phone(browser: Browser, room: OpenRoom, scripts: bool) -> None:
    """A conversation to its look back, a question turned round, a silence, a statement, a card:
    what is written stays in its box and is in no request, nothing is kept by the browser, and no
    other host is asked."""
    context = browser.new_context(
        viewport={"width": 320, "height": 640}, java_script_enabled=scripts, has_touch=True
    )
    page = context.new_page()
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))

    def looks_sound() -> None:
        if scripts:
            sound(page)

    page.goto(room.url)
    looks_sound()
    follow(page, "^The board that just ticks over")
    while page.locator("button.say").count():
        with page.expect_navigation():
            page.locator("button.say").first.click()
    write_and_open(page, "What else might you say", "Look back at it")
    expect(page.get_by_text("What this one is for")).to_be_visible()
    looks_sound()
    follow(page, "^Something else to practise")
    follow(page, "^Turn it round")
    write_and_open(page, "Ask it another way", "Look at two other ways")
    expect(page.get_by_text("Two other ways", exact=True)).to_be_visible()
    looks_sound()
    with page.expect_navigation():
        page.get_by_role("button", name="Another one").click()
    expect(page.get_by_label("Ask it another way")).to_have_value("")
    follow(page, "^Enough for now")
    follow(page, "^Hold the silence")
    for name in ("10 seconds", "Continue"):
        with page.expect_navigation():
            page.get_by_role("button", name=name, exact=True).click()
    write_and_open(page, "What did you want to say", "What to notice")
    follow(page, "^Enough for now")
    follow(page, "^Leading, or helping others lead")
    with page.expect_navigation():
        page.get_by_role("button", name="Either").click()
    expect(page.get_by_text(re.compile("That fits|Another way to hear"))).to_be_visible()
    follow(page, "^Enough for now")
    (cards,) = (c for c in content.cards() if c.id == "talk-over-lunch")
    follow(page, f"^{cards.title}")
    looks_sound()
    with page.expect_navigation():
        page.get_by_role("button", name="Another card").click()
    follow(page, "^Worried about someone")
    expect(page.get_by_role("link", name="01632 960111")).to_be_visible()
    looks_sound()
    assert [r.url for r in asked if WORDS in sent(r)] == []
    assert {r.url.partition("?")[0].split("/")[2] for r in asked} == {f"127.0.0.1:{room.port}"}
    assert "?" not in "".join(r.url for r in asked)
    assert context.cookies() == []
    if scripts:
        assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    context.close()


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1280, 720)])
def test_the_wall_fills_a_projector(
    browser: Browser, room: OpenRoom, width: int, height: int
) -> None:
    """All of it is seen without scrolling, from the back row: the code is half as high as the wall,
    and the address is in one line of large letters."""
    page = browser.new_page(viewport={"width": width, "height": height})
    page.goto(room.url + "wall")
    sound(page)
    assert page.evaluate("document.documentElement.scrollHeight") <= height
    code, address = page.locator(".poster-code svg"), page.get_by_text(room.url.rstrip("/"))
    size, line = code.bounding_box(), address.bounding_box()
    assert size is not None and line is not None
    assert size["height"] > height / 2 and size["width"] == pytest.approx(size["height"])
    assert height / 20 < line["height"] < height / 6
    page.close()


def test_the_pages_to_print(browser: Browser, room: OpenRoom) -> None:
    """Sound on a screen, narrow and wide; printed, each sheet begins on a page of its own."""
    page = browser.new_page(viewport={"width": 320, "height": 800})
    page.goto(room.url + "print/conversations/v8-a-worry-about-a-child")
    sound(page)
    page.set_viewport_size({"width": 1100, "height": 800})
    page.goto(room.url + "print")
    page.emulate_media(media="print")
    breaks = "all => all.map(one => getComputedStyle(one).breakBefore)"
    sheets = page.locator(".sheet").evaluate_all(breaks)
    assert set(sheets) == {"page"} and len(sheets) > 2 * len(content.scenes())
    page.emulate_media(media="screen")
    # The first of each kind stands for the others: a conversation, three drills, the last cards.
    for kind, first in ((".sheet:has(.turn)", "2"), (".sheet:has(.items)", "6")):
        page.locator(kind).evaluate_all(f"all => all.slice({first}).map(one => one.remove())")
    sound(page)
    page.close()
