"""A knowledge capture event in real browsers: the wall fills up while a room writes, cards are put
together by mouse and by keyboard, and what may be printed comes out on two pages."""

import re
from collections.abc import Callable, Sequence

import pytest
from playwright.sync_api import Locator, Page, expect

from cascade_tools.model.knowledge import (
    MOST_CHARACTERS,
    MOST_IN_NAME,
    MOST_IN_SUMMARY,
    MOST_IN_TITLE,
    MOST_IN_WHERE,
    MOST_QUOTES,
    MOST_THEMES,
    ROUNDS,
    Note,
)
from tests.browser.test_interest import sound
from tests.browser.test_keyboard import FOCUS, tab_to
from tests.browser.test_pages import MOVING
from tests.living import House
from tests.server.visitor import Visitor

Visit = Callable[..., Page]
TALL, WIDE = 1080, 1920
A4 = {"prefer_css_page_size": True, "print_background": False}
# What is cut off at the right, or stands outside the two pages.
OUTSIDE = """() => [...document.querySelectorAll(".side, .side *")]
  .filter((e) => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== "inline")
  .map((e) => e.outerHTML.slice(0, 80))"""


def pages_of(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))


def add(house: House, code: str, round: str, words: Sequence[str], *, publish: bool = True) -> None:
    """Each card from a browser of its own, as a phone in the room would."""
    for one in words:
        phone = Visitor(house)
        fields = {"round": round, "words": one} | ({"publish": "yes"} if publish else {})
        assert phone.post(f"cards/{code}", fields).status == 200


def on_the_wall(page: Page, words: str) -> Locator:
    return page.locator(".wall-card", has_text=words)


def under(page: Page, theme: str) -> Locator:
    return page.get_by_role("group", name=theme, exact=True)


def every_width(page: Page) -> None:
    """At three widths, in forced colours and without motion, what is shown is sound."""
    for width, height in ((320, 640), (1100, 800), (WIDE, TALL)):
        page.set_viewport_size({"width": width, "height": height})
        sound(page)
    page.emulate_media(forced_colors="active", reduced_motion="reduce")
    sound(page)
    assert page.evaluate(MOVING) == []
    page.emulate_media(forced_colors="none", reduced_motion="no-preference")


def drag(page: Page, card: Locator, to: Locator) -> None:
    start, end = card.bounding_box(), to.bounding_box()
    assert start is not None and end is not None
    page.mouse.move(start["x"] + 60, start["y"] + 12)
    page.mouse.down()
    page.mouse.move(end["x"] + 40, end["y"] + 30, steps=4)
    page.mouse.up()


def test_a_wall_fills_up_and_becomes_two_pages(house: House, visit: Visit) -> None:
    """A lead begins an event; phones add cards through four rounds; the wall shows them without
    moving what is held; themes are made by keyboard and mouse; what may be printed is checked,
    written, released and printed."""
    wall, phone = visit(house, "pat", width=WIDE), visit(house, None, width=320)
    wall.set_viewport_size({"width": WIDE, "height": TALL})
    wall.goto(house.url + "knowledge")
    wall.get_by_label("What is it called?").fill("The first cohort")
    wall.get_by_role("button", name="Begin").click()
    desk = wall.url
    wall.get_by_role("button", name="Open round 1").click()
    wall.get_by_label("People, you too").fill("24")
    wall.get_by_role("button", name="Keep this number").click()
    wall.get_by_role("link", name="Open the wall").click()
    code = wall.locator(".code-shown").inner_text()

    # Somebody types the code on a phone, and sees their card go up.
    phone.goto(house.url + "cards")
    sound(phone)
    phone.get_by_label("What is the code?").fill(code.lower())
    phone.get_by_role("button", name="Continue").click()
    phone.get_by_label("Your card").fill("m" * (MOST_CHARACTERS - 20))
    expect(phone.get_by_text("Room for 20 more characters.")).to_be_visible()
    phone.get_by_label("Your card").fill("Somebody like us, who waited")
    sound(phone)
    phone.get_by_role("button", name="Put it on the wall").click()
    expect(phone.get_by_text("Nobody can tell who wrote it.")).to_be_visible()
    sound(phone)
    expect(wall.get_by_role("status").first).to_have_text("1 card")
    expect(on_the_wall(wall, "Somebody like us")).to_be_visible()

    # The room adds more; what is picked, and where the focus is, stay.
    trees = [f"A card about tree number {n}" for n in range(1, 8)]
    add(house, code, ROUNDS[0], trees[:4])
    expect(wall.locator("#told")).to_have_text("5 cards")
    first = wall.get_by_role("checkbox", name=trees[0])
    first.focus()
    wall.keyboard.press("Space")
    before = on_the_wall(wall, trees[0]).bounding_box()
    add(house, code, ROUNDS[0], trees[4:])
    expect(wall.locator("#told")).to_have_text("8 cards")
    expect(first).to_be_checked()
    expect(first).to_be_focused()
    assert on_the_wall(wall, trees[0]).bounding_box() == before

    # By keyboard: pick another, name a theme; then one more into it with the arrows.
    wall.get_by_role("checkbox", name=trees[1]).focus()
    wall.keyboard.press("Space")
    wall.get_by_label("New theme").focus()
    wall.keyboard.type("Trees")
    wall.keyboard.press("Enter")
    expect(under(wall, "Trees").locator(".wall-card")).to_have_count(2)
    wall.get_by_role("checkbox", name=trees[2]).focus()
    wall.keyboard.press("Space")
    wall.keyboard.press("ArrowRight")
    at = wall.evaluate(FOCUS)
    assert at["visible"] and "Put here: under Trees" in at["name"]
    wall.keyboard.press("Enter")
    expect(under(wall, "Trees").locator(".wall-card")).to_have_count(3)
    wall.keyboard.press("ArrowDown")
    assert wall.evaluate("document.activeElement.type") == "checkbox"

    # By mouse: one card, and then two that are picked; a click still picks and lets go.
    drag(wall, on_the_wall(wall, trees[3]), under(wall, "Trees"))
    expect(under(wall, "Trees").locator(".wall-card")).to_have_count(4)
    for one in trees[4:6]:
        on_the_wall(wall, one).locator("label").click()
        expect(wall.get_by_role("checkbox", name=one)).to_be_checked()
    drag(wall, on_the_wall(wall, trees[5]), under(wall, "Trees"))
    expect(under(wall, "Trees").locator(".wall-card")).to_have_count(6)
    assert not wall.locator(".wall-card input:checked").count()
    every_width(wall)

    # Rename, set aside, take back, dissolve.
    wall.locator(".theme-change summary").click()
    wall.get_by_label("Its name").fill("Trees and time")
    wall.get_by_label("Its name").press("Enter")
    expect(under(wall, "Trees and time")).to_be_visible()
    on_the_wall(wall, trees[6]).locator("label").click()
    wall.get_by_role("button", name="Set aside").click()
    expect(wall.locator("#told")).to_have_text("7 cards")
    phone.get_by_role("button", name="Take it back").click()
    expect(phone.get_by_role("heading", name="It is gone from the wall")).to_be_visible()
    expect(on_the_wall(wall, "Somebody like us")).to_have_count(0)
    wall.get_by_role("button", name="Make it").click()
    expect(wall.get_by_role("alert")).to_have_text("Name the theme first.")
    wall.get_by_text("Add a card", exact=True).click()
    expect(wall.locator(".join-square")).to_be_hidden()

    # Round after round; the wall follows the desk, and the phone finds the new question.
    beside = wall.context.new_page()
    for number, round in enumerate(ROUNDS[1:], start=2):
        beside.goto(desk)
        beside.get_by_role("button", name=f"Open round {number}").click()
        expect(wall.get_by_role("link", name=f"Round {number}")).to_have_attribute(
            "aria-current", "true"
        )
        add(house, code, round, [f"Thought {n} of round {number}" for n in range(3)])
        expect(wall.locator("#told")).to_have_text("3 cards")
    phone.get_by_role("link", name="Write another").click()
    expect(phone.get_by_role("heading", name="What would you tell the next")).to_be_visible()
    phone.get_by_text("Write about another question").click()
    sound(phone)
    phone.get_by_role("button", name="What got in the way?").click()
    phone.get_by_label("Your card").fill("The line 01632 960177 was always engaged")
    phone.get_by_label("May be published").check()
    phone.get_by_role("button", name="Put it on the wall").click()
    expect(phone.get_by_role("heading", name="This may point to a person")).to_be_visible()
    sound(phone)
    phone.get_by_role("button", name="Put it up as it is").click()
    expect(phone.get_by_role("heading", name="It is on the wall")).to_be_visible()
    assert phone.evaluate("localStorage.length + sessionStorage.length") == 0

    # Before print, the note, and two pages.
    beside.goto(desk + "/check")
    expect(beside.locator("mark")).to_have_text("01632 960177")
    sound(beside)
    beside.get_by_role("button", name="Leave it in, I have looked").click()
    expect(beside.get_by_role("heading", name="Look at these")).to_have_count(0)
    beside.goto(desk)
    sound(beside)
    for name in ("Close the event", "Close it"):
        beside.get_by_role("button", name=name).click()
    beside.get_by_role("link", name="Write the note").click()
    beside.get_by_label("What we heard").first.fill("Where people waited, something grew.")
    beside.get_by_text(f"Quote up to {MOST_QUOTES} cards").click()
    beside.get_by_label(trees[2]).check()
    sound(beside)
    beside.get_by_role("button", name="Keep it, and see the two pages").click()
    assert pages_of(beside.pdf(**A4)) == 1, "a draft is not printed"
    beside.get_by_role("link", name="Back to the note").click()
    beside.get_by_role("button", name="Release the note").click()
    sound(beside)
    beside.get_by_role("button", name="Release it").click()
    expect(beside.get_by_text("Where people waited, something grew.")).to_be_visible()
    expect(beside.get_by_text(trees[2])).to_be_visible()
    expect(beside.get_by_text("at least 5 cards")).to_be_visible()
    every_width(beside)
    assert pages_of(beside.pdf(**A4)) == 2


def test_the_wall_without_scripts(house: House, visit: Visit) -> None:
    """Cards are picked, a theme is made and a card put under it with plain forms and the keyboard
    alone; what came since is one link away, and a phone without scripts adds it."""
    lead = house.people["pat"].id
    with house.records() as records:
        event = records.knowledge.begin(lead, "Without scripts", "")
        records.knowledge.open_round(lead, event, 1)
        code = records.knowledge.get(lead, event).code
    add(house, code, ROUNDS[0], ["First by the door", "Second by the door"])
    wall = visit(house, "pat", java_script_enabled=False)
    wall.goto(f"{house.url}knowledge/{event}/wall")
    wall.get_by_label("First by the door").check()
    wall.get_by_label("New theme").fill("Doors")
    wall.get_by_label("New theme").press("Enter")
    expect(under(wall, "Doors").locator(".wall-card")).to_have_count(1)
    phone = visit(house, None, width=320, java_script_enabled=False)
    phone.goto(f"{house.url}cards/{code}")
    phone.get_by_label("Your card").fill("Third by the door")
    phone.get_by_role("button", name="Put it on the wall").click()
    expect(phone.get_by_role("heading", name="It is on the wall")).to_be_visible()
    wall.get_by_role("link", name="Show new cards").click()
    wall.get_by_label("Third by the door").check()
    under(wall, "Doors").get_by_role("button", name=re.compile("^Put here")).click()
    expect(under(wall, "Doors").locator(".wall-card")).to_have_count(2)
    tab_to(wall, "Second by the door")


@pytest.mark.parametrize("letters", ["ordinary", "widest"])
def test_the_fullest_note_fits_two_pages(house: House, visit: Visit, letters: str) -> None:
    """Whatever the limits let through stands on two pages of A4, every letter of it, in the words
    of a cohort or in capitals only."""
    speech = "What a cohort says when it has time to say it, and somebody to say it to. " * 9
    long = speech if letters == "ordinary" else "WAMOZY " * 90

    def text(most: int, more: str = "") -> str:
        return (more + long)[:most].strip()

    lead = house.people["pat"].id
    with house.records() as records:
        know = records.knowledge
        event = know.begin(lead, text(MOST_IN_TITLE), text(MOST_IN_WHERE))
        know.open_round(lead, event, len(ROUNDS))
        code = know.get(lead, event).code
        names = [text(MOST_IN_NAME, f"{n} ") for n in range(MOST_THEMES)]
        for round in ROUNDS:
            themes = [know.make_theme(lead, event, round, name) for name in names]
            for number in range(5):
                know.add(code, round, text(MOST_CHARACTERS, f"{round} {number} "), True)
            for number in range(1, MOST_THEMES):
                know.add(code, round, f"Alone {number}", True)
            cards = {c.words: c.id for c in know.get(lead, event).cards if c.round == round}
            alone = [cards.pop(f"Alone {number}") for number in range(1, MOST_THEMES)]
            know.place(lead, event, cards.values(), themes[0])
            for card, theme in zip(alone, themes[1:], strict=True):
                know.place(lead, event, [card], theme)
        whole = know.get(lead, event)
        know.describe(lead, event, title=whole.title, where=whole.where, people=60)
        for card in whole.cards:
            know.keep_in(lead, event, card.id, True)
        big = {t.id for t in whole.themes if t.name == names[0]}
        quotes = tuple(
            c.id
            for round in ROUNDS
            for c in [c for c in whole.cards if c.theme_id in big and c.round == round][
                :MOST_QUOTES
            ]
        )
        know.write_note(lead, event, Note(dict.fromkeys(ROUNDS, text(MOST_IN_SUMMARY)), quotes))
        know.close(lead, event)
        note = know.release(lead, event)
    assert sum(len(t.quotes) for t in note.themes) == MOST_QUOTES * len(ROUNDS)
    assert len(note.themes) == MOST_THEMES * len(ROUNDS)
    page = visit(house, "eve")
    page.goto(f"{house.url}knowledge/notes/{event}")
    sound(page)
    assert pages_of(page.pdf(**A4)) == 2
    page.emulate_media(media="print")
    assert page.evaluate(OUTSIDE) == []
