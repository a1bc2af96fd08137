"""A supervisor prepares a supervision: chooses, waits, saves, reads, and what is over goes."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from cascade_tools.model.brief import GETTING_READY
from tests.browser import steps
from tests.living import House

Visit = Callable[..., Page]


def test_a_brief_is_made_saved_and_read(house: House, visit: Visit) -> None:
    """By keyboard alone, from the overview: choose a coach, wait while the page says how far it is,
    save the file, and read it on screen, until its author stops sharing."""
    words = {"want": "Curlew over the moor"}
    snapshot = steps.handed(house, "amina", steps.written(house, "amina", GETTING_READY, words))
    page = visit(house, "sue")
    page.goto(f"{house.url}workbooks/{steps.OVERVIEW}")
    page.get_by_role("link", name="Make a supervision brief").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("checkbox", name="Amina Coachfield")).to_be_checked()
    page.get_by_role("button", name="Make the file").focus()
    page.keyboard.press("Enter")
    ready = page.get_by_role("heading", name="Your file is ready")
    expect(ready).to_be_visible()
    with page.expect_download() as saving:
        page.get_by_role("link", name="Save the PDF").press("Enter")
    assert saving.value.suggested_filename == "supervision-brief.pdf"
    assert Path(saving.value.path()).read_bytes().startswith(b"%PDF")
    page.goto(f"{house.url}briefs")
    page.get_by_role("link", name="Amina Coachfield").press("Enter")
    expect(page.get_by_role("heading", name="What they want to bring")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Curlew over the moor")
    amina = house.people["amina"].id
    with house.records() as records:
        for share in records.sharing.of(amina):
            if share.snapshot_id == snapshot:
                records.sharing.stop(amina, share.id)
    expect(page.get_by_role("status")).to_contain_text("no longer shared with you")
    expect(page.locator("main")).not_to_contain_text("Curlew")


def test_without_scripts_and_on_a_phone(house: House, visit: Visit) -> None:
    """Without scripts the page looks again at a press, or by itself, until the file is there."""
    page = visit(house, "sue", width=320, java_script_enabled=False)
    page.goto(f"{house.url}briefs")
    page.get_by_text("Word, to write in").click()
    page.get_by_role("button", name="Make the file").click()
    expect(page.get_by_role("heading", name="Your file is ready")).to_be_visible()
    expect(page.get_by_role("link", name="Save the Word file")).to_be_visible()
