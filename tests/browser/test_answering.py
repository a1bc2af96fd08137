"""Two people at one answer: comment, release, reply, rewrite, and what changed."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.browser import steps
from tests.living import House, entry_id

Visit = Callable[..., Page]
NARROW = {"width": 320, "height": 640}


def box(page: Page, key: str) -> Locator:
    """The fold around a box, opened as a person opens it."""
    fold = page.locator("details.say-more", has=page.locator(f"#prompt-{key}"))
    if fold.get_attribute("open") is None:
        fold.locator("summary").click()
    return fold


def test_a_talk_about_one_answer(house: House, visit: Visit) -> None:
    """On a phone, a supervisor writes beside two answers and releases one; the coach finds it
    under what they wrote and answers back; the supervisor is led to it and has another turn.
    Then the coach writes anew and lets it be seen: both read what changed, until it is stopped,
    which takes the words off the open page."""
    entry = steps.reflection(
        house, what_happened="We looked at the plan", moment_i_said="Shall I do it?"
    )
    snapshot = steps.handed(house, "amina", entry)
    sue, amina = visit(house, "sue"), visit(house, "amina")
    for page in (sue, amina):
        page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    sue.goto(f"{house.url}shared/{snapshot}")
    sue.get_by_role("button", name="Write more first: a private draft").click()
    draft = entry_id(sue.url)
    steps.go_on(sue, "Answer by answer")
    for key, words in (("on--what-happened", "Whose plan?"), ("on--moment-i-said", "Why now?")):
        box(sue, key)
        steps.write(sue, key, words)
    sue.goto(f"{house.url}entries/{draft}/check")
    one = sue.locator(".answer", has_text="Whose plan?")
    expect(one).to_contain_text("Not released yet.")
    one.get_by_role("button", name=re.compile("^Release this one")).click()
    expect(sue.locator(".answer", has_text="Whose plan?")).to_contain_text("Released.")
    amina.goto(house.url)
    amina.locator(f'.todo a[href$="shared/{snapshot}"]').click()
    about = amina.locator(".answer", has_text="We looked at the plan")
    expect(about.get_by_role("list", name="What you two said to this")).to_contain_text(
        "Whose plan?"
    )
    expect(amina.locator("main")).not_to_contain_text("Why now?")
    amina.get_by_role("button", name="Answer back: a private draft").click()
    box(amina, "on--what-happened")
    steps.write(amina, "on--what-happened", "Mine, I think")
    steps.check_answers(amina)
    amina.get_by_role("button", name="Release all to Sue Superfield").click()
    expect(amina.get_by_text("All that you wrote is released.")).to_be_visible()
    # The way to what is new leads to where it belongs.
    sue.goto(house.url)
    led = sue.locator(".todo a", has_text="Amina Coachfield answered")
    if led.count() == 0:
        with house.records() as records:
            (new, *_) = records.desk(house.people["sue"], "page").shared()
        sue.goto(f"{house.url}shared/{new.id}")
    else:
        led.click()
    expect(sue).to_have_url(f"{house.url}shared/{snapshot}")
    expect(sue.locator(".said-list").first).to_have_text(re.compile("Whose plan.*Mine, I", re.S))
    sue.goto(f"{house.url}entries/{draft}?page=answer-by-answer")
    expect(box(sue, "on--what-happened--2")).to_be_visible()
    # Written anew.
    amina.goto(f"{house.url}entries/{entry}?page=what-happened")
    steps.write(amina, "what-happened", "We looked at her plan")
    amina.goto(f"{house.url}entries/{entry}/check")
    leave = amina.get_by_role("checkbox", name=re.compile("^Let Sue Superfield see what I changed"))
    expect(leave).not_to_be_checked()
    leave.check()
    newer = steps.share(amina, "Sue Superfield")
    sue.goto(f"{house.url}shared/{newer}")
    sue.get_by_role("link", name="What changed, in 2 rounds").click()
    expect(sue.locator("del")).to_contain_text("the")
    expect(sue.locator("ins")).to_contain_text("her")
    expect(sue.locator("#round-1 ~ .spots")).to_contain_text("Whose plan?")
    assert not sue.evaluate("document.documentElement.scrollWidth > innerWidth")
    with sue.expect_response(lambda r: r.url.endswith("/still") and r.status == 204):
        pass
    amina.goto(f"{house.url}shared/{newer}/rounds")
    amina.get_by_role("button", name="Stop sharing all of it with Sue Superfield").click()
    expect(sue.get_by_text("Amina Coachfield no longer shares this.").first).to_be_visible()
    expect(sue.locator("main")).not_to_contain_text("We looked at")
    expect(sue.locator("main")).not_to_contain_text("Mine, I think")
    sue.goto(f"{house.url}shared/{snapshot}")
    steps.nothing_here(sue)
