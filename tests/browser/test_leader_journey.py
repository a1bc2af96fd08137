"""A leader's journey: from an expression of interest to a letter that opens six months later."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from playwright.sync_api import Page, expect
from sqlalchemy import update

from cascade_tools.model.typed import day_in_words
from cascade_tools.records.tables import EntryRow, SessionRow
from tests.browser import steps
from tests.browser.test_interest import at, check
from tests.living import House, entry_id

Visit = Callable[..., Page]

TEN = {"ld-d1": "3", "ld-d9": "2"}
LETTER = "Dear me, I hope that the rota is not yours any more"


def today_in(house: House) -> date:
    return datetime.now(house.settings.zone).date()


def begin(page: Page, name: str) -> str:
    """Open a workbook from home, by what home calls it, and start it; its id."""
    link = page.get_by_role("link", name=name).first
    if not link.is_visible():
        page.get_by_text("All workbooks", exact=True).click()
    link.click()
    page.get_by_role("button", name="Start").click()
    page.wait_for_url(re.compile("/entries/"))
    return entry_id(page.url)


def fill_day(page: Page, key: str, day: date) -> None:
    with steps.answered(page, key):
        steps.fill_date(page, key, str(day.day), str(day.month), str(day.year))
        page.keyboard.press("Tab")
    expect(steps.state_of(page, key)).to_have_text(steps.SAVED)


def promise(page: Page, key: str, what: str, by: date) -> None:
    """Write the first action of a list: what, who, by when and a first look back."""
    item = steps.prompt(page, key).locator(".item").first
    with steps.answered(page, key):
        item.get_by_label("What needs doing?").fill(what)
    item.get_by_text("The leader", exact=True).click()
    for name, day in (("By when?", by), ("first", by + timedelta(days=3))):
        boxes = item.get_by_role("group", name=re.compile(name))
        for box, number in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
            boxes.get_by_label(box).fill(str(number))
    with steps.answered(page, key):
        page.keyboard.press("Tab")
    expect(item.locator(".item-state")).to_contain_text("Agreed.")


def test_from_interest_to_a_first_account(house: House, visit: Visit) -> None:
    """Somebody without an account writes to the programme; the lead reads what was sent, and not
    what was written for the writer alone.  A new leader's home first says what the kit keeps."""
    nobody = visit(house, None, width=320)
    nobody.goto(house.url + "interest")
    at(nobody, "What is hard to say")
    nobody.get_by_label("What is not working that is hard to say?").fill("I dread Mondays")
    at(nobody, "What you hope for")
    nobody.get_by_label("What would you most like to be different?").fill("Room to think")
    at(nobody, "How to reach you")
    nobody.get_by_label("What is your name?").fill("Leo Leaderfield")
    check(nobody)
    nobody.get_by_role("button", name="Go on").click()
    nobody.get_by_role("button", name="Send", exact=True).click()
    kept = nobody.locator(".reference").inner_text()

    pat = visit(house, "pat")
    pat.get_by_role("link", name="1 person has asked about coaching").click()
    sent = pat.locator("section", has=pat.get_by_role("heading", name="Expressions of interest"))
    reference = sent.get_by_role("listitem").get_by_role("link")
    assert reference.inner_text() in kept
    reference.click()
    expect(pat.locator("main")).to_contain_text("Leo Leaderfield")
    expect(pat.locator("main")).to_contain_text("Room to think")
    expect(pat.locator("main")).not_to_contain_text("I dread Mondays")

    leo = visit(house, "leo")
    leo.get_by_text("All workbooks", exact=True).click()
    leo.get_by_role("link", name="Welcome", exact=True).click()
    expect(leo.get_by_role("heading", level=1)).to_have_text("Welcome")
    leo.get_by_text("Yes, use my answers in group results").click()
    leo.get_by_role("button", name="Save my choices").click()
    expect(leo.get_by_role("heading", level=1)).to_have_text("Hello Leo")


def test_a_leader_from_the_start_to_what_spreads(house: House, visit: Visit) -> None:
    """Where I am at the start, with a goal; a map with its picture; after a session an action and
    a question, shared while ten answers stay; before the next one the action is there, and on
    the last pages what was learned goes on to others."""
    today = today_in(house)
    due, ends = today + timedelta(days=21), today + timedelta(days=90)
    steps.agreed(house, "the carers’ charity")
    leo = visit(house, "leo")

    # Where I am now, at the start.
    leo.goto(f"{house.url}workbooks/leader/where-i-am-now")
    leo.get_by_text("At the start", exact=True).click()
    leo.get_by_role("button", name="Start").click()
    steps.choose(leo, "part", "leader")
    steps.go_on(leo, "Room to think")
    steps.choose(leo, "o1", "3")
    steps.choose(leo, "o2", "skipped")
    for heading in ("People around me", "Deciding and lasting", "Goals of my own"):
        steps.go_on(leo, heading)
    steps.choose(leo, "how-many-goals", "one")
    steps.go_on(leo, "A first goal")
    goal = steps.prompt(leo, "goal-1")
    for label, words in (
        ("Your goal, in a sentence", "Hand over the rota"),
        ("What would you call success?", "Mo does it by May"),
    ):
        with steps.answered(leo, "goal-1"):
            goal.get_by_label(label).fill(words)
    steps.go_on(leo, "Goals in group results")
    steps.go_on(leo, "What is different")
    steps.go_on(leo, "My answers so far")
    expect(leo.locator("section.current")).to_contain_text("I had time and space to think")

    # My leadership map: the picture follows what is said.
    leo.goto(house.url)
    map_ = begin(leo, "My leadership map")
    steps.choose(leo, "self-awareness", "4")
    steps.choose(leo, "learning", "1")
    steps.entry_page(leo, house, map_, "my-map")
    drawn = leo.locator('.place[data-cell="show-map"] .picture').first
    expect(drawn).to_be_visible()
    expect(drawn.get_by_role("img").first).to_have_accessible_name(re.compile(r"\w"))
    expect(drawn).to_contain_text("Knowing myself: very true of me")

    # After our session: the longer way, shared with the coach without the ten answers.
    leo.goto(house.url)
    after = begin(leo, "Look back on session 2")
    steps.choose(leo, "way", "room")
    steps.go_on(leo, "What happened")
    steps.write(leo, "happened", "We looked at Mondays")
    steps.entry_page(leo, house, after, "the-question-that-helped")
    steps.write(leo, "question-helped", "Whose Monday is it?")
    steps.entry_page(leo, house, after, "what-next")
    promise(leo, "actions", "Ask Mo to lead the rota meeting", due)
    steps.entry_page(leo, house, after, "how-i-see-it")
    for key, said in TEN.items():
        steps.choose(leo, key, said)
    leo.goto(f"{house.url}entries/{after}/check")
    ten = leo.get_by_role("checkbox", name=re.compile("^Share these ten answers too"))
    expect(ten).not_to_be_checked()
    snapshot = steps.share(leo, "Amina Coachfield")
    amina = visit(house, "amina")
    amina.goto(f"{house.url}shared/{snapshot}")
    article = amina.locator("article.shared")
    expect(article).to_contain_text("Whose Monday is it?")
    expect(article).to_contain_text("Ask Mo to lead the rota meeting")
    for question in ("mostly mine", "I felt free to disagree"):
        expect(article).not_to_contain_text(question)

    # Tomorrow they meet again: what is open stands there, and home says when they end.
    with house.records() as records:
        pair = records.pairs.get(house.people["leo"].id, house.pair)
        third = next(s for s in pair.sessions if s.number == 3)
        records.pairs.move(house.people["leo"].id, third.id, today + timedelta(days=1), by="leader")
    leo.goto(house.url)
    expect(leo.locator(".standing")).to_contain_text(f"You end by {day_in_words(ends)}")
    before = begin(leo, "Get ready for session 3")
    steps.choose(leo, "way", "short")
    steps.go_on(leo, "What I said I would do")
    listing = leo.locator("section.current .listing")
    expect(listing).to_contain_text("Ask Mo to lead the rota meeting")
    expect(listing).to_contain_text(f"by {day_in_words(due)}")
    steps.go_on(leo, "What I want from it")
    steps.write(leo, "want", "To say no to the funder")
    steps.go_on(leo, "How I am")
    steps.write(leo, "how-i-am", "Curious")
    steps.check_answers(leo)
    expect(leo.get_by_role("heading", name="Where it sits")).to_have_count(0)

    # The question gathers on a card that prints alone.
    leo.goto(house.url)
    leo.get_by_text("All workbooks", exact=True).click()
    leo.get_by_role("link", name="My questions").click()
    expect(leo.locator(".card li")).to_have_text(
        ["Whose Monday is it?The carers’ charity, session 2"]
    )
    leo.emulate_media(media="print")
    printed = leo.locator("body").inner_text()
    assert "Whose Monday is it?" in printed
    assert not [words for words in ("Home", "Sign out", "Worried") if words in printed], printed
    leo.emulate_media(media="screen")

    # What was learned goes on; its action joins the list.
    leo.goto(house.url)
    sharing = begin(leo, "Sharing what I learned")
    steps.write(leo, "what", "Wait before you answer")
    steps.go_on(leo, "Up: my board or chair")
    steps.write(leo, "up", "Five minutes in May")
    fill_day(leo, "up-by", due)
    steps.entry_page(leo, house, sharing, "what-i-will-do")
    promise(leo, "actions", "Ask the chair for five minutes", due + timedelta(days=7))
    steps.entry_page(leo, house, before, "what-i-said-i-would-do")
    expect(listing).to_contain_text("Ask the chair for five minutes")
    expect(listing.get_by_role("listitem")).to_have_count(2)


def test_a_letter_that_opens_six_months_later(house: House, visit: Visit) -> None:
    """At the end a leader writes a letter and seals it.  Then no page shows a word of it, not even
    to its author, and the check page says until when.  Once its day has come, home offers it, and
    the last page opens."""
    today = today_in(house)
    leos = house.people["leo"].id
    with house.records() as records:
        pair = records.pairs.get(leos, house.pair)
        ahead = [s.id for s in pair.sessions if s.state == "planned"]
        while len(pair.sessions) < house.settings.sessions_planned:
            ahead.append(records.pairs.plan(leos, house.pair, today))
            pair = records.pairs.get(leos, house.pair)
        for session in ahead:
            records.pairs.held(leos, session, today, 60, "video")
    leo = visit(house, "leo", width=320)
    leo.get_by_text("All workbooks", exact=True).click()
    entry = begin(leo, "Ending and keeping going")
    steps.write(leo, "take", "That I can wait")
    steps.entry_page(leo, house, entry, "who-is-in-my-corner")
    steps.write(leo, "corner-1", "M, chair")
    steps.entry_page(leo, house, entry, "a-letter-to-myself")
    steps.write(leo, "letter", LETTER)
    leo.goto(f"{house.url}entries/{entry}/check")
    expect(leo.locator("main")).not_to_contain_text("What is different now?")
    leo.get_by_role("button", name="Seal my letter").click()
    leo.goto(f"{house.url}entries/{entry}/check")
    expect(leo.locator("section", has_text="Your letter to yourself").last).to_contain_text(
        re.compile(r"Sealed until \d+ \w+ \d{4}")
    )
    for place in (f"entries/{entry}?page=a-letter-to-myself", f"entries/{entry}/check", "me", ""):
        leo.goto(house.url + place)
        assert "the rota is not yours" not in leo.content(), place
    expect(leo.get_by_role("link", name="Open the letter")).to_have_count(0)
    # What stands on the other pages stays open, and goes to the coach without the letter.
    leo.goto(f"{house.url}entries/{entry}/check")
    expect(leo.locator("main")).to_contain_text("That I can wait")
    parts = leo.get_by_role("group", name="Which parts?").get_by_role("checkbox")
    expect(parts).to_have_count(2)
    leo.get_by_role("button", name="See exactly what").click()
    expect(leo.locator("article.shared")).to_contain_text("That I can wait")
    assert "the rota is not yours" not in leo.content()

    # Six months go by.
    then = datetime.now(UTC) - timedelta(days=190)
    with house.records() as records, records.store.database.writing() as s:
        s.execute(update(SessionRow).where(SessionRow.pair_id == house.pair).values(on=then.date()))
        s.execute(
            update(EntryRow).where(EntryRow.id == entry).values(committed_at=then, made_at=then)
        )
    leo.goto(house.url)
    leo.get_by_role("link", name="Open the letter you wrote to yourself").click()
    expect(leo.get_by_label("Dear me")).to_have_value(LETTER)
    steps.go_on(leo, "What is different now?")
    steps.write(leo, "different-now", "Mo leads the rota")
    leo.goto(house.url)
    expect(leo.get_by_role("heading", level=1)).to_have_text("Hello Leo")
    expect(leo.get_by_role("link", name="Open the letter")).to_have_count(0)
