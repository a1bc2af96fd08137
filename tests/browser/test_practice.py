"""Somebody practises alone: by mouse, by keyboard, with a thumb; on a wall for a room to read."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from cascade_tools import content
from tests.browser.practising import Alone, by_keyboard, by_mouse, by_thumb, kind_of
from tests.browser.test_interest import sound
from tests.browser.test_keyboard import tab_to
from tests.living import House
from tests.server.test_practice import files, rows

Visit = Callable[..., Page]


def press(page: Page, name: str) -> None:
    """Go to what is called so with Tab, and press Enter."""
    tab_to(page, name)
    with page.expect_navigation():
        page.keyboard.press("Enter")


MEANS = {"mouse": by_mouse, "keyboard": by_keyboard, "thumb": by_thumb}
PHONE = {"width": 320, "has_touch": True, "is_mobile": True}
SIZES = {320: 640, 1100: 800, 1920: 1080}
BACK_ROW = 24  # pixels of the smallest letters that a room of thirty can read from a wall


@pytest.mark.parametrize("means", MEANS)
def test_alone_through_all_of_it(house: House, visit: Visit, means: str) -> None:
    """All conversations and all practices, by mouse, by keyboard alone, and with a thumb on a
    telephone, each another way through.  After each press the focus is on what is new.  Nothing
    that was chosen or written is in the programme's folder, the log, an address or the browser."""
    page = visit(house, "leo", reduced_motion="reduce", **(PHONE if means == "thumb" else {}))
    one = Alone(page, house.url, MEANS[means], list(MEANS).index(means))
    before = rows(house), files(house)
    for scene in content.scenes():
        one.talk(scene)
    for drill in content.drills():
        one.drill(drill)
    assert (rows(house), files(house)) == before
    assert len(one.wrote) == len(content.scenes()) + 2
    kept = b"".join(p.read_bytes() for p in house.folder.path.rglob("*") if p.is_file())
    log = house.log.read_text(encoding="utf-8")
    assert b"Capercaillie" not in kept and "Capercaillie" not in log
    assert not re.search(r"\b(said|mine|answer|seed)=", log)
    assert [a for a in one.asked if "?" in a or "Capercaillie" in a] == []
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
    expect(page.get_by_role("timer")).to_have_text("20")  # the next page, and its clock goes
    page.clock.run_for(21_000)
    expect(page.get_by_role("status")).to_have_text(re.compile("^The time is over"))
    page.get_by_role("button", name="10 seconds more").click()
    expect(page.get_by_role("timer")).to_have_text("10")
    expect(page.get_by_role("status")).to_have_text("")


def test_every_kind_of_page_at_every_stage_is_sound(house: House, visit: Visit) -> None:
    """Names, roles, contrast, sizes and widths on a telephone, a desk and a wall; and on the wall
    nothing that is said is smaller than the back row can read."""
    page = visit(house, "amina", reduced_motion="reduce")

    def look() -> None:
        for width, height in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            page.emulate_media(color_scheme="dark" if width == 320 else "light")
            sound(page)
        smallest = "[...document.querySelectorAll('main p, main button, main .says')]"
        sizes = page.evaluate(f"{smallest}.map((e) => parseFloat(getComputedStyle(e).fontSize))")
        assert min(sizes) >= BACK_ROW, page.url

    def go(path: str, *presses: str | re.Pattern[str]) -> None:
        page.goto(house.url + "practice" + path)
        look()
        for press in presses:
            page.get_by_role("button", name=press).first.click()
            look()

    go("")
    first = content.scenes()[0]
    steps, _ = first.walk(next(w for w in first.paths() if len(w) == 3))
    says = [" ".join(step.reply.words.split()) for step in steps]
    go(f"/conversations/{first.id}", *says, "Look back at it")
    right = next(scene for scene in content.scenes() if scene.right)
    stop = next(r for r in right.turns[0].replies if not r.acceptable)
    go(f"/conversations/{right.id}", " ".join(stop.words.split()))
    for kind, presses in {
        "spot": (kind_of("spot").choices[0][1],),
        "turn": ("Look at two other ways",),
        "order": ("Look at one good order",),
        "silence": ("10 seconds", "Continue", "Go on"),
        "advice": (kind_of("advice").choices[0][1],),
    }.items():
        go(f"/drills/{kind_of(kind).id}", *presses)
    sorting = content.statements()[0]
    go(f"/statements/{sorting.id}", sorting.choices[0][1])
    go(f"/cards/{content.cards()[0].id}", "Another card")
