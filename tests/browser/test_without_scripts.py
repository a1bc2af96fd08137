"""Everything a person must be able to do works in a browser that runs no scripts."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.steps import MEETING, prompt
from tests.living import House, entry_id

Visit = Callable[..., Page]


def plain(visit: Visit, house: House, who: str) -> Page:
    return visit(house, who, java_script_enabled=False)


def save(page: Page) -> None:
    page.get_by_role("button", name="Save and stay here").click()


def test_a_whole_journey_without_scripts(house: House, visit: Visit) -> None:
    """Without scripts a coach signs in, starts, writes, saves, checks, previews and shares, the
    supervisor reads and answers, and the pictures that come with the page are there."""
    _, number = steps.new_session(house)
    page = plain(visit, house, "amina")
    page.get_by_role("link", name=f"Look back on session {number}").click()
    page.get_by_role("radio", name=re.compile(f"^Session {number},")).check()
    page.get_by_role("button", name="Start").click()
    entry = entry_id(page.url)
    # All pages stand below each other; nothing waits for a script.
    expect(page.get_by_role("heading", name="What was not said", exact=True)).to_be_visible()
    page.get_by_role("radio", name="Longer").check()
    page.get_by_label("What happened, in five lines?").fill("Two lines\nare enough")
    page.get_by_role("radio", name="Nearly all me").check()
    page.get_by_role("radio", name="I need to talk today").check()
    expect(prompt(page, "talk").locator(".panel")).to_contain_text("Nobody is told straight away.")
    save(page)
    expect(page.get_by_label("What happened, in five lines?")).to_have_value(
        "Two lines\nare enough"
    )
    expect(steps.state_of(page, "what-happened")).to_have_text(steps.SAVED)
    expect(page.get_by_role("radio", name="Nearly all me")).to_be_checked()
    expect(steps.own_picture(page, "thinking")).to_be_visible()
    page.get_by_role("button", name="Check your answers").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers")
    expect(page.locator(".answer", has_text="five lines")).to_contain_text("Two lines")
    page.get_by_role("link", name=re.compile("^Change.*What was not said")).click()
    page.get_by_label("What was not said?").fill("That it hurt")
    page.get_by_role("button", name="Check your answers").click()
    snapshot = steps.share(page, "Sue Superfield")
    assert entry_id(page.url) == entry
    sue = plain(visit, house, "sue")
    expect(sue.locator(".todo li").first).to_contain_text("Ring Amina Coachfield")
    sue.goto(f"{house.url}shared/{snapshot}")
    expect(sue.locator("article.shared")).to_contain_text("That it hurt")
    expect(sue.locator("article.shared")).not_to_contain_text("Nearly all me")
    sue.get_by_role("button", name="Read, thank you").click()
    page.goto(f"{house.url}shared/{snapshot}")
    expect(page.locator(".answering")).to_contain_text("Read, thank you")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_an_invitation_without_scripts(house: House, visit: Visit) -> None:
    """Somebody without scripts types the code from the slip."""
    with house.records() as records:
        code = records.signing_in.invite(house.people["eve"].id, "the programme")
    page = visit(house, None, java_script_enabled=False)
    page.goto(f"{house.url}invitation")
    page.get_by_label("The code on your slip").fill(code)
    page.get_by_label("Your passphrase").fill("nine plain words in a row")
    page.get_by_label("The same again").fill("nine plain words in a row")
    page.get_by_role("button", name="Save and sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hello Eve")


def test_a_problem_is_summed_up_and_nothing_typed_is_lost(house: House, visit: Visit) -> None:
    """A date that cannot be brings a summary that links to the field, "Error: " first in the
    title, the sentence beside the field, and every word still in its box; the rest is saved."""
    page = plain(visit, house, "sue")
    page.goto(f"{house.url}workbooks/{MEETING}")
    page.get_by_role("checkbox", name="Amina Coachfield").check()
    page.get_by_role("button", name="Start").click()
    address = page.url
    steps.fill_date(page, "on", "31", "2", "2027")
    page.get_by_label("What did you work on?").fill("Holding back")
    save(page)
    assert page.title().startswith("Error: ")
    summary = page.get_by_role("alert")
    expect(summary.get_by_role("heading")).to_have_text("There is a problem")
    link = summary.get_by_role("link", name="Write a real date, such as 27 3 2026.")
    expect(link).to_have_attribute("href", "#prompt-on")
    expect(prompt(page, "on").locator(".problem")).to_contain_text("Write a real date")
    expect(prompt(page, "on").get_by_role("group")).to_have_accessible_description(
        re.compile("Write a real date")
    )
    for part, typed in (("day", "31"), ("month", "2"), ("year", "2027")):
        expect(page.locator(f"#q-on-{part}")).to_have_value(typed)
    expect(page.get_by_label("What did you work on?")).to_have_value("Holding back")
    steps.fill_date(page, "on", "28", "2", "2027")
    save(page)
    assert not page.title().startswith("Error: ")
    page.goto(address)
    expect(page.locator("#q-on-day")).to_have_value("28")
    expect(page.get_by_label("What did you work on?")).to_have_value("Holding back")


def test_two_pages_of_one_entry_keep_both_texts(house: House, visit: Visit) -> None:
    """When the same answer was also written somewhere else, the second writer sees both texts,
    nothing is overwritten unseen, and what they then choose is what counts."""
    entry = steps.reflection(house, what_happened="Before")
    one, two = plain(visit, house, "amina"), plain(visit, house, "amina")
    for page in (one, two):
        steps.entry_page(page, house, entry)
    question = "What happened, in five lines?"
    one.get_by_label(question).fill("From the computer")
    save(one)
    two.get_by_label(question).fill("From the library")
    two.get_by_label("What was not said?").fill("Nobody said sorry")
    save(two)
    rival = prompt(two, "what-happened").locator(".rival")
    expect(rival).to_contain_text("Both texts are safe.")
    expect(rival.locator("blockquote")).to_have_text("From the computer")
    expect(two.get_by_label(question)).to_have_value("From the library")
    # The other answer of the same page is saved all the same.
    expect(two.get_by_label("What was not said?")).to_have_value("Nobody said sorry")
    steps.entry_page(one, house, entry)
    expect(one.get_by_label(question)).to_have_value("From the computer")
    expect(one.get_by_label("What was not said?")).to_have_value("Nobody said sorry")
    two.get_by_label(question).fill("From the computer and the library")
    save(two)
    expect(two.locator(".rival")).to_have_count(0)
    steps.entry_page(one, house, entry)
    expect(one.get_by_label(question)).to_have_value("From the computer and the library")
