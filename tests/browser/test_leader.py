"""A leader goes below the surface: one question at a time, as far as helps, and back up."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.steps import BELOW
from tests.living import House, entry_id

Visit = Callable[..., Page]

LAYERS = (
    ("presenting", "What I am bringing", "What would you like to talk about?"),
    ("pattern", "What keeps happening", "Where have you met this before, perhaps in another form?"),
    (
        "relationships",
        "Who is in it, and what is not being said",
        "What is everyone careful not to say?",
    ),
    ("feelings", "What it is like for me", "What is this like for you?"),
    ("assumptions", "What I take to be true, and my part in it", "What are you taking to be true?"),
)


def fresh(house: House, page: Page) -> str:
    """A new sheet of Leo's, begun the way a person begins one."""
    page.goto(f"{house.url}workbooks/{BELOW}?again=yes")
    page.get_by_role("button", name="Start").click()
    page.wait_for_url(re.compile("/entries/"))
    return entry_id(page.url)


def test_one_question_a_page_with_other_ways_folded(house: House, visit: Visit) -> None:
    """Every page has one box, one question as its label, and other questions folded away until
    they are asked for."""
    page = visit(house, "leo")
    fresh(house, page)
    for key, heading, question in LAYERS:
        expect(page.get_by_role("heading", level=2)).to_have_text(heading)
        expect(page.get_by_role("textbox")).to_have_count(1)
        expect(page.get_by_label(question)).to_be_visible()
        ways = page.locator("section.current details.other-ways")
        expect(ways).to_have_count(1)
        expect(ways.locator("li").first).to_be_hidden()
        if key == "presenting":
            ways.get_by_text("Other ways in").click()
            expect(ways.locator("li").first).to_be_visible()
        steps.choose(page, f"after-{key}", "on")
        page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=2)).to_have_text("Why I lead, and what matters")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=2)).to_have_text("The water around us")


def test_stopping_at_a_layer_goes_back_up(house: House, visit: Visit) -> None:
    """ "That is deep enough for today" leads straight back up, from the first layer and from the
    third; changing one's mind opens the way down again."""
    page = visit(house, "leo")
    fresh(house, page)
    steps.choose(page, "after-presenting", "enough")
    steps.go_on(page, "Back up to the surface")
    page.get_by_role("link", name="Back").click()
    expect(page.get_by_role("heading", level=2)).to_have_text("What I am bringing")
    steps.choose(page, "after-presenting", "on")
    steps.go_on(page, "What keeps happening")
    steps.go_on(page, "Who is in it, and what is not being said")
    steps.choose(page, "after-relationships", "enough")
    steps.go_on(page, "Back up to the surface")


def test_the_deeper_pages_open_only_when_asked_for(house: House, visit: Visit) -> None:
    """Without an answer the sheet does not lead to the more personal questions; "I would like to
    go on" opens them one by one, and the server shows the same pages as the script."""
    page = visit(house, "leo")
    entry = fresh(house, page)
    steps.go_on(page, "What keeps happening")
    steps.go_on(page, "Who is in it, and what is not being said")
    steps.go_on(page, "Back up to the surface")
    page.get_by_role("link", name="Back").click()
    steps.choose(page, "after-relationships", "on")
    steps.go_on(page, "What it is like for me")
    steps.go_on(page, "The water around us")
    page.get_by_role("link", name="Back").click()
    steps.choose(page, "after-feelings", "on")
    steps.go_on(page, "What I take to be true, and my part in it")
    page.goto(f"{house.url}entries/{entry}/check")
    headings = page.locator(".checked h2")
    expect(headings.filter(has_text="What I take to be true")).to_have_count(1)
    expect(headings.filter(has_text="Why I lead")).to_have_count(0)


def test_the_iceberg_fills_with_own_words_and_has_a_list(house: House, visit: Visit) -> None:
    """The iceberg that came with the page gives way to the kernel's, which shows the leader's
    words in the drawing and in a table, and again after another save."""
    page = visit(house, "leo")
    fresh(house, page)
    steps.write(page, "presenting", "Rotas nobody keeps")
    steps.choose(page, "after-presenting", "enough")
    steps.go_on(page, "Back up to the surface")
    steps.write(page, "up", "Ask the team")
    steps.go_on(page, "The whole of it")
    iceberg = steps.picture(page, "iceberg")
    expect(iceberg).to_be_visible(timeout=steps.KERNEL_MS)
    expect(steps.own_picture(page, "iceberg")).to_have_count(0)
    expect(iceberg.locator(".picture-sentence")).to_have_text(re.compile(r"\w.*\."))
    expect(iceberg.get_by_role("img")).to_have_accessible_name(re.compile("iceberg"))
    table = iceberg.locator("table")
    expect(table).to_contain_text("Rotas nobody keeps")
    expect(table).to_contain_text("Ask the team")
    expect(iceberg.locator("svg")).to_contain_text("Rotas")
    page.get_by_role("link", name="Back").click()
    steps.write(page, "up", "Wait until Monday")
    steps.go_on(page, "The whole of it")
    expect(table).to_contain_text("Wait until Monday")


def test_a_leader_shares_with_their_coach(house: House, visit: Visit) -> None:
    """A leader's sheet goes to their coach and to nobody else, as a copy the coach reads."""
    page = visit(house, "leo")
    entry = fresh(house, page)
    steps.write(page, "presenting", "The rota, again")
    page.goto(f"{house.url}entries/{entry}/check")
    snapshot = steps.share(page, "Amina Coachfield")
    coach = visit(house, "amina")
    link = coach.locator(".todo").get_by_role("link", name="Read what Leo Leaderfield shared")
    link.click()
    expect(coach.get_by_role("heading", level=1)).to_have_text("From Leo Leaderfield")
    expect(coach.locator("article.shared")).to_contain_text("The rota, again")
    for other in ("sue", "beth", "pat"):
        stranger = visit(house, other)
        stranger.goto(f"{house.url}shared/{snapshot}")
        steps.nothing_here(stranger)


def test_a_fresh_sheet_leaves_the_old_one_alone(house: House, visit: Visit) -> None:
    """A leader can begin again with empty boxes; what they wrote before stays on their page."""
    page = visit(house, "leo")
    old = fresh(house, page)
    steps.write(page, "presenting", "From last month")
    page.goto(f"{house.url}entries/{old}/check")
    page.get_by_role("link", name="Start a fresh one").click()
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_label("What would you like to talk about?")).to_have_value("")
    assert entry_id(page.url) != old
    page.goto(f"{house.url}me")
    page.locator(f'a[href$="entries/{old}"]').click()
    expect(page.get_by_label("What would you like to talk about?")).to_have_value("From last month")
