"""A workbook changes while people are half-way through it."""

import json
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from cascade_tools.kit import kit_folder
from tests.faults.nursery import QuickHouse
from tests.faults.pages import COACH, KEY, fresh_entry, kept, open_entry, put, state

OLD = "What happened, in five lines?"
NEW = "What would you do again?"


def change(house: QuickHouse, **cells: str | None) -> None:
    """Put a version of the workbook into the programme's own folder, with these questions' cells
    replaced, or removed where there is nothing."""
    doc: dict[str, Any] = json.loads(
        (kit_folder("workbooks") / f"{COACH}.ipynb").read_text(encoding="utf-8")
    )
    changed = {f"ask-{name.replace('_', '-')}": line for name, line in cells.items()}
    assert changed.keys() <= {cell["id"] for cell in doc["cells"]}
    doc["cells"] = [c for c in doc["cells"] if changed.get(c["id"], "") is not None]
    for cell in doc["cells"]:
        if cell["id"] in changed:
            cell["source"] = [changed[cell["id"]]]
    path = house.folder.local / "workbooks" / f"{COACH}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(".aside")
    aside.write_text(json.dumps(doc), encoding="utf-8")
    aside.replace(path)


def test_an_answer_is_never_shown_under_another_question(
    own_house: QuickHouse, visit: Callable[..., Page]
) -> None:
    """Questions are put in other words, get other choices or disappear.  Every answer is still
    there, under the words it was given to, and in nobody's box."""
    own_house.start()
    entry = fresh_entry(own_house, way="longer", talk="before")
    given = {"what-happened": "It rained.", "not-said": "Goodbye.", "question-landed": "Why not?"}
    put(own_house, entry, "amina", **given)
    change(
        own_house,
        what_happened=f'ask.long("what-happened", "{NEW}")',
        not_said=None,
        talk='ask.choice("talk", "Shall we talk?", {"next": "Later", "before": "Never"})',
    )
    page = visit(own_house, "amina")
    box = open_entry(page, own_house, entry)
    expect(page.locator(f"label[for=q-{KEY}]")).to_have_text(NEW)
    expect(box).to_have_value("")
    assert OLD in page.locator(f"#prompt-{KEY} .earlier").inner_text()
    assert "It rained." in page.locator(f"#prompt-{KEY} .earlier").inner_text()
    assert page.locator("input[name=talk]:checked").count() == 0
    gone = page.locator(".gone").text_content() or ""
    assert "What was not said?" in gone
    assert "Goodbye." in gone
    expect(page.locator("#q-question-landed")).to_have_value("Why not?")
    page.goto(f"{own_house.url}entries/{entry}/check")
    row = page.locator(".answer", has_text="It rained.")
    expect(row.locator("dt")).to_have_text(OLD)
    assert kept(own_house, entry) == {**given, "way": "longer", "talk": "before"}


def test_a_page_opened_before_the_change_saves_under_its_own_words(
    own_house: QuickHouse, visit: Callable[..., Page]
) -> None:
    """The page is open, the workbook changes and the server starts again: what is typed then is
    saved under the question that stands on that page, and found under no other."""
    own_house.start()
    entry = fresh_entry(own_house)
    page = visit(own_house, "amina")
    box = open_entry(page, own_house, entry)
    change(own_house, what_happened=f'ask.long("what-happened", "{NEW}")', not_said=None)
    own_house.kill()
    own_house.start()
    box.fill("Typed into the old page.")
    state(page, "saved")
    page.evaluate("document.getElementById('q-not-said').value = 'And into a box that went.'")
    page.locator("#q-not-said").dispatch_event("input")
    state(page, "saved", "not-said")
    wanted = {KEY: "Typed into the old page.", "not-said": "And into a box that went."}
    assert kept(own_house, entry) == wanted
    with own_house.records() as records:
        saved = records.entries.answers(own_house.people["amina"].id, entry)
        assert saved[KEY].prompt.question == OLD
        assert saved["not-said"].prompt.question == "What was not said?"
    page.reload()
    expect(page.locator(f"#q-{KEY}")).to_have_value("")
    assert "Typed into the old page." in page.locator(f"#prompt-{KEY} .earlier").inner_text()
    assert "And into a box that went." in (page.locator(".gone").text_content() or "")
    # Answering the new question leaves the old answer among the earlier versions.
    page.locator(f"#q-{KEY}").fill("The walk.")
    state(page, "saved")
    assert kept(own_house, entry)[KEY] == "The walk."


def test_a_broken_workbook_is_not_served_and_costs_no_answer(
    own_house: QuickHouse, visit: Callable[..., Page]
) -> None:
    """Somebody saves a workbook with a mistake in it.  Nobody meets a broken page; when it is put
    right everything is as it was."""
    own_house.start()
    entry = fresh_entry(own_house)
    page = visit(own_house, "amina")
    box = open_entry(page, own_house, entry)
    box.fill("Before the mistake.")
    state(page, "saved")
    change(own_house, what_happened="ask.long(key, question)")
    box.press("End")
    page.keyboard.type(" During it.")
    page.locator(f"#prompt-{KEY}:not([data-state=saved])").wait_for()
    expect(box).to_have_value("Before the mistake. During it.")
    change(own_house)
    box.press("End")
    page.keyboard.type(" After it.")
    state(page, "saved")
    assert kept(own_house, entry)[KEY] == "Before the mistake. During it. After it."
