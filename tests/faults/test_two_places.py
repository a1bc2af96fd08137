"""One entry open in two tabs or on two devices: both texts are kept, and somebody chooses."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.faults.nursery import QuickHouse
from tests.faults.pages import KEY, every_text, fresh_entry, kept, open_entry, state

WAYS = [
    ("Keep what I have here", "Beta, written second"),
    ("Keep the other one", "Alpha, written first"),
    ("Keep both", "Alpha, written first\n\nBeta, written second"),
]


@pytest.mark.parametrize(
    ("way", "wanted", "places"),
    # Each way on two devices; two tabs of one browser differ only in what they share.
    [*((*way, "devices") for way in WAYS), (*WAYS[2], "tabs")],
)
def test_both_texts_are_kept_and_the_second_writer_chooses(
    house: QuickHouse, visit: Callable[..., Page], places: str, way: str, wanted: str
) -> None:
    """Two pages are open on one entry and both write.  The second sees both texts and settles it
    in each of the three ways; whatever they choose, neither text is gone from the records."""
    entry = fresh_entry(house)
    first = visit(house, "amina")
    second = first.context.new_page() if places == "tabs" else visit(house, "amina")
    one, two = open_entry(first, house, entry), open_entry(second, house, entry)
    one.fill("Alpha, written first")
    state(first, "saved")
    two.fill("Beta, written second")
    state(second, "conflict")
    rival = second.locator(f"#prompt-{KEY} .rival")
    expect(rival.locator("blockquote")).to_have_text("Alpha, written first")
    expect(two).to_have_value("Beta, written second")
    assert sorted(every_text(house, entry)) == ["Alpha, written first", "Beta, written second"]
    # Until somebody has chosen, the text of the first stands.
    assert kept(house, entry)[KEY] == "Alpha, written first"
    rival.get_by_role("button", name=way, exact=True).click()
    state(second, "saved")
    expect(rival).to_have_count(0)
    expect(two).to_have_value(wanted)
    assert kept(house, entry)[KEY] == wanted
    texts = every_text(house, entry)
    assert {"Alpha, written first", "Beta, written second"} <= set(texts)
    # It is settled: the second page goes on as if nothing had been.
    two.press("Control+End")
    second.keyboard.type(" And on.")
    state(second, "saved")
    assert kept(house, entry)[KEY] == f"{wanted} And on."


def test_words_typed_while_a_conflict_stands_are_not_lost(
    house: QuickHouse, visit: Callable[..., Page]
) -> None:
    """Typing goes on although nobody has chosen yet; choosing one's own keeps all of it."""
    entry = fresh_entry(house)
    first, second = visit(house, "amina"), visit(house, "amina")
    one, two = open_entry(first, house, entry), open_entry(second, house, entry)
    one.fill("There")
    state(first, "saved")
    two.fill("Here")
    state(second, "conflict")
    two.press("End")
    second.keyboard.type(" and more")
    second.get_by_role("button", name="Keep what I have here").click()
    state(second, "saved")
    assert kept(house, entry)[KEY] == "Here and more"


def test_a_page_that_is_behind_and_then_left_has_its_text_kept_beside(
    house: QuickHouse, visit: Callable[..., Page]
) -> None:
    """A page that knew an older text is left before anybody chose: what it had is in the records,
    and what stood there still stands."""
    entry = fresh_entry(house)
    first, second = visit(house, "amina"), visit(house, "amina")
    one, two = open_entry(first, house, entry), open_entry(second, house, entry)
    one.fill("The one that stands")
    state(first, "saved")
    two.fill("The one beside")
    state(second, "conflict")
    second.close()
    assert kept(house, entry)[KEY] == "The one that stands"
    assert "The one beside" in every_text(house, entry)
    first.reload()
    expect(first.locator(f"#q-{KEY}")).to_have_value("The one that stands")


def test_the_same_text_from_two_places_is_no_conflict(
    house: QuickHouse, visit: Callable[..., Page]
) -> None:
    """Nobody is asked to choose between two equal texts."""
    entry = fresh_entry(house)
    first, second = visit(house, "amina"), visit(house, "amina")
    one, two = open_entry(first, house, entry), open_entry(second, house, entry)
    one.fill("The same")
    state(first, "saved")
    two.fill("The same")
    state(second, "saved")
    assert second.locator(".rival").count() == 0
