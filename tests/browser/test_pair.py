"""A pair from agreeing how they will work to ending well, each half in a browser of their own."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from playwright.sync_api import Locator, Page, expect

from cascade_tools.model.consent import KEEP
from cascade_tools.model.people import Held, Role, Session
from cascade_tools.model.typed import day_in_words
from tests.browser import steps
from tests.browser.test_keyboard import press_on, tab_to
from tests.living import PASSPHRASE, House, entry_id

Visit = Callable[..., Page]

AGREEING = "Agreeing how we will work"
NOT_YET = "Until then neither of you can see anything, not even whether the other is ready."


@dataclass(frozen=True)
class Two:
    """A coach and a leader, by the short names they sign in with, and their pair."""

    coach: str
    leader: str
    pair: str
    today: date


def today_in(house: House) -> date:
    return datetime.now(house.settings.zone).date()


def two(house: House, coach: str, leader: str, *, held: int = 0) -> Two:
    """A new pair of two new people; ``held`` of their sessions are behind them."""
    with house.records() as records:
        for name, role in ((coach, Role.COACH), (leader, Role.LEADER)):
            person = records.people.add(name, [role], "01632 960130")
            records.signing_in.accept(records.signing_in.invite(person.id, "a test"), PASSPHRASE)
            records.consents.decide(person.id, KEEP, True, house.notice)
            house.people[name.split()[0].lower()] = person
        short = [name.split()[0].lower() for name in (coach, leader)]
        today = today_in(house)
        ids = [house.people[who].id for who in short]
        pair = records.people.pair(ids[0], ids[1], "the lunch club", today - timedelta(weeks=16))
        for number in range(1, held + 1):
            on = today - timedelta(weeks=3 * (held - number), days=1)
            records.people.add_session(pair, Session("", number, on, Held.HELD))
        days = 20 if held else 2
        ahead = Session("", held + 1, today + timedelta(days=days), Held.PLANNED)
        if held < house.settings.sessions_planned:
            records.people.add_session(pair, ahead)
    return Two(short[0], short[1], pair, today)


# What people do here


def begin(page: Page, title: str) -> str:
    """Open a workbook from home by its name, or by what home calls it, and start it; its id."""
    link = page.get_by_role("link", name=title).first
    if not link.is_visible():
        page.get_by_text("All workbooks", exact=True).click()
    link.click()
    page.get_by_role("button", name="Start").click()
    page.wait_for_url(re.compile("/entries/"))
    return entry_id(page.url)


def fill(page: Page, house: House, entry: str, at: str, **words: str) -> None:
    """Write into boxes of one page of an entry; each is saved."""
    steps.entry_page(page, house, entry, at)
    for key, text in words.items():
        steps.write(page, key.replace("_", "-"), text)


def fill_day(page: Page, key: str, day: date) -> None:
    with steps.answered(page, key):
        steps.fill_date(page, key, str(day.day), str(day.month), str(day.year))
        page.keyboard.press("Tab")
    expect(steps.state_of(page, key)).to_have_text(steps.SAVED)


def check_page(page: Page, house: House, entry: str) -> None:
    page.goto(f"{house.url}entries/{entry}/check")


def seal(page: Page, house: House, entry: str) -> None:
    """From the answers: look at what goes in, and seal it."""
    check_page(page, house, entry)
    page.get_by_role("button", name="Seal mine: see it first").click()
    page.get_by_role("button", name="Seal mine", exact=True).click()


def pair_page(page: Page, house: House, pair: str) -> None:
    page.goto(f"{house.url}pairs/{pair}")


def what_it_tells(page: Page, house: House, entry: str, pair: str) -> list[str]:
    """Every page where one half might learn something of the other's sheet, as it is."""
    found = []
    for place in (f"entries/{entry}/check", "", f"pairs/{pair}", f"together/{entry}", "me"):
        page.goto(house.url + place)
        found.append(re.sub(r'name="_xsrf" value="[^"]*"', "", page.content()))
    return found


def side(page: Page, words: str) -> Locator:
    """The row, of the two sheets side by side, in which these words stand."""
    return page.locator(".two").filter(has_text=words)


def stage(page: Page, name: str) -> Locator:
    return page.locator(".stage").filter(has=page.get_by_text(name, exact=True))


def fits(page: Page) -> None:
    """Nothing on the page is wider than the window."""
    width = page.viewport_size["width"] if page.viewport_size else 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url


# The journeys


def test_a_pair_agrees_how_it_will_work(house: House, visit: Visit) -> None:
    """Each writes alone and seals; until both have, no page of either tells a word of the other's
    nor whether they are ready; then both sheets open side by side.  One proposes an agreement
    that begins with what they wrote, the other accepts it; a change makes version 2."""
    pair = two(house, "Ada Coachfield", "Ned Leaderfield")
    ends = pair.today + timedelta(days=200)
    ned = visit(house, pair.leader)
    sheet = begin(ned, "Agree how we will work")
    # The programme knows which of the two he is.
    expect(ned.get_by_role("radio", name="I am the leader")).to_be_checked()
    steps.go_on(ned, "What I hope for")
    steps.write(ned, "hopes", "Room to think before the board meets")
    fill(ned, house, sheet, "when-a-session-has-to-move", moving="Two days' notice")
    fill(ned, house, sheet, "a-name-to-use", label="the supper club")
    steps.entry_page(ned, house, sheet, "when-we-end")
    fill_day(ned, "ends", ends)
    fill(ned, house, sheet, "only-for-you", hard_to_say="I nearly did not come")
    before = what_it_tells(ned, house, sheet, pair.pair)

    ada = visit(house, pair.coach)
    hers = begin(ada, "Agree how we will work")
    expect(ada.get_by_role("radio", name="I am the coach")).to_be_checked()
    fill(ada, house, hers, "what-i-hope-for", hopes="To learn how you hold a team")
    fill(ada, house, hers, "your-supervisor", supervised_by="Sue Superfield, Testfield")
    fill(ada, house, hers, "only-for-you", hard_to_say="I have done this only once")
    seal(ada, house, hers)
    expect(ada.get_by_role("status").filter(has_text="Sealed.")).to_contain_text(NOT_YET)
    assert what_it_tells(ned, house, sheet, pair.pair) == before
    waiting = what_it_tells(ada, house, hers, pair.pair)
    assert not [words for words in waiting if "Room to think" in words]

    check_page(ned, house, sheet)
    ned.get_by_role("button", name="Seal mine: see it first").click()
    shown = ned.locator("article.shared")
    expect(shown).to_contain_text("Room to think")
    expect(shown).not_to_contain_text("nearly did not come")
    ned.get_by_role("button", name="Seal mine", exact=True).click()

    expect(ned.get_by_role("heading", level=1)).to_have_text(f"{AGREEING}, side by side")
    hopes = side(ned, "Room to think")
    expect(hopes).to_contain_text("To learn how you hold a team")
    expect(side(ned, "Two days' notice")).to_contain_text("Nothing here from Ada.")
    expect(side(ned, "Sue Superfield")).to_contain_text("Only Ada was asked this.")
    expect(ned.locator("main")).not_to_contain_text("only once")
    expect(ned.locator("main")).not_to_contain_text("nearly did not come")
    ada.goto(house.url)
    ada.get_by_role("link", name=f"Read what you both wrote: {AGREEING}").click()
    expect(side(ada, "To learn how you hold a team")).to_contain_text("Room to think")
    ada.get_by_role("link", name="What do you notice?").click()
    expect(ada.locator(".seen")).to_contain_text("Only you can see what you write here now.")
    steps.write(ada, "difference", "He wrote about rules, I about hopes")
    ned.reload()
    expect(ned.locator("main")).not_to_contain_text("about rules")

    # Our agreement: the boxes begin with his own words.
    ned.get_by_role("link", name="your agreement").click()
    ned.get_by_role("button", name="Write an agreement").click()
    expect(ned.get_by_label("What we hope for")).to_have_value(
        "Room to think before the board meets"
    )
    expect(ned.get_by_label("If a session has to move")).to_have_value("Two days' notice")
    expect(ned.get_by_label("What we call the leader's organisation")).to_have_value(
        "the supper club"
    )
    expect(ned.locator("#q-ends-month")).to_have_value(str(ends.month))
    steps.write(ned, "learn-from-you", "Ned: how to say no. Ada: how a team is held.")
    steps.go_on(ned, "Part of every agreement here")
    steps.go_on(ned, "Names and date")
    steps.write(ned, "signed", "Ned Leaderfield")
    steps.check_answers(ned)
    ned.get_by_role("button", name="See exactly what Ada Coachfield will see").click()
    ned.get_by_role("button", name="Propose this to Ada Coachfield").click()
    expect(ned.get_by_role("heading", name="What you proposed")).to_be_visible()
    expect(ned.locator("main")).to_contain_text("Ada Coachfield has not accepted this yet.")

    ada.goto(house.url)
    ada.get_by_role("link", name="Read the agreement Ned Leaderfield proposes").click()
    expect(ada.locator(".proposal")).to_contain_text("how a team is held")
    ada.get_by_role("button", name="Accept version 1").click()
    expect(ada.get_by_role("heading", name="Version 1, in force")).to_be_visible()
    for page in (ada, ned):
        page.goto(house.url)
        expect(page.locator(".standing")).to_contain_text(day_in_words(ends))
        page.get_by_role("link", name="Our sessions").click()
        expect(page.locator("main")).to_contain_text(f"You agreed to end by {day_in_words(ends)}.")
        expect(stage(page, "Before")).to_contain_text("Done")
        expect(stage(page, "Ending")).to_contain_text(day_in_words(ends))
        expect(page.locator(".over")).to_contain_text("The supper club")

    # A change: whoever proposes it begins with the words in force, and signs anew.
    later = ends + timedelta(days=30)
    ada.get_by_role("link", name="Your agreement").click()
    ada.get_by_role("button", name="Propose a change").click()
    expect(ada.get_by_label("What we hope for")).to_have_value(
        "Room to think before the board meets"
    )
    fill_day(ada, "ends", later)
    steps.go_on(ada, "Part of every agreement here")
    steps.go_on(ada, "Names and date")
    expect(ada.get_by_label("Signed")).to_have_value("")
    steps.write(ada, "signed", "Ada Coachfield")
    steps.check_answers(ada)
    ada.get_by_role("button", name="See exactly what Ned Leaderfield will see").click()
    ada.get_by_role("button", name="Propose this to Ned Leaderfield").click()
    expect(ada.get_by_role("heading", name="Version 1, in force")).to_be_visible()
    pair_page(ned, house, pair.pair)
    expect(stage(ned, "Ending")).to_contain_text(day_in_words(ends))
    ned.get_by_role("link", name="Your agreement").click()
    expect(ned.locator(".changed li")).to_have_text(["We end by"])
    ned.get_by_role("button", name="Accept version 2").click()
    expect(ned.get_by_role("heading", name="Version 2, in force")).to_be_visible()
    expect(ned.locator(".facts-of")).to_contain_text(day_in_words(later))
    ned.get_by_role("link", name="Version 1").click()
    expect(ned.get_by_role("heading", name="Version 1, an earlier one")).to_be_visible()
    expect(ned.locator(".facts-of")).to_contain_text(day_in_words(ends))
    ned.get_by_role("link", name="The version in force").click()
    pair_page(ada, house, pair.pair)
    expect(stage(ada, "Ending")).to_contain_text(day_in_words(later))

    ned.emulate_media(media="print")
    printed = ned.locator("body").inner_text()
    assert printed.startswith("Cascade\nTestfield\nYour agreement\nVersion 2, in force\n"), printed
    assert printed.rstrip().endswith("Ada Coachfield"), printed
    for left_out in ("Propose", "Every version", "Home", "Worried", "Sign out", "print"):
        assert left_out not in printed.replace("Proposed by", "")


def test_a_list_that_both_keep(house: House, visit: Visit) -> None:
    """With the keyboard alone a leader writes an action, a draft until it says what, who and by
    when; the coach has it at once.  A day that moves keeps the old one, letting go is no failure,
    and what is open opens the leader's next *Before our session*."""
    leo, amina = visit(house, "leo"), visit(house, "amina")
    press_on(leo, "^Our sessions")
    expect(leo.get_by_role("heading", level=1)).to_have_text("You and Amina Coachfield")
    press_on(leo, "^What I said I would do")
    expect(leo.get_by_role("heading", name="What I said I would do", level=1)).to_be_visible()
    press_on(leo, "^Start")
    leo.wait_for_url(re.compile("/entries/"))
    sheet = entry_id(leo.url)
    press_on(leo, "^Continue")
    tab_to(leo, "^What needs doing")
    leo.keyboard.type("Ask the chair for half a day a week")
    standing = leo.locator(".item-state").first
    expect(standing).to_have_text("Not agreed yet: add by when and the first review.")
    expect(steps.state_of(leo, "actions")).to_have_text(steps.SAVED)

    amina.goto(house.url)
    amina.get_by_role("link", name="Our sessions").click()
    amina.get_by_role("link", name="What I said I would do").click()
    assert entry_id(amina.url) == sheet
    expect(amina.locator("section.current")).to_contain_text("Ask the chair for half a day a week")

    today = today_in(house)
    due, moved = today + timedelta(days=20), today + timedelta(days=25)
    tab_to(leo, "^The leader")
    for day in (due, due + timedelta(days=2)):
        for box, number in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
            tab_to(leo, f"^{box}")
            leo.keyboard.type(str(number))
    expect(standing).to_contain_text(f"Agreed. Who: The leader. By when: {day_in_words(due)}.")
    # A date is kept when its boxes are left, and until then nothing says "Saving".
    expect(steps.state_of(leo, "actions")).to_have_text("")
    press_on(leo, "^Add another")
    leo.keyboard.type("Write to every trustee")
    expect(steps.state_of(leo, "actions")).to_have_text(steps.SAVED)

    # Amina's copy is the same list: she moves the one and lets the other go.
    steps.entry_page(amina, house, sheet, "what-who-by-when-and-a-first-look")
    first, second = amina.locator(".items .item").nth(0), amina.locator(".items .item").nth(1)
    expect(first.get_by_label("What needs doing?")).to_have_value(
        "Ask the chair for half a day a week"
    )
    first.get_by_text("Who and by when").click()
    with steps.answered(amina, "actions"):
        boxes = first.get_by_role("group", name="By when?")
        for box, number in (("Day", moved.day), ("Month", moved.month), ("Year", moved.year)):
            boxes.get_by_label(box).fill(str(number))
        second.get_by_text("Let go", exact=True).click()
        second.get_by_label("What happened?").fill("The newsletter will say it")
    expect(steps.state_of(amina, "actions")).to_have_text(steps.SAVED)
    amina.reload()
    expect(first.locator(".item-moved")).to_contain_text(day_in_words(due))
    expect(first.locator(".item-state")).to_contain_text(f"By when: {day_in_words(moved)}")
    leo.goto(house.url)
    begin(leo, "Before our session")
    steps.choose(leo, "way", "short")
    steps.go_on(leo, "What I said I would do")
    listing = leo.locator("section.current .listing")
    expect(listing).to_contain_text("Ask the chair for half a day a week")
    expect(listing).to_contain_text(f"The leader, by {day_in_words(moved)}")
    expect(listing.get_by_text("Write to every trustee", exact=True)).to_be_hidden()
    listing.get_by_text("Done or let go (1)").click()
    expect(listing.get_by_text("Write to every trustee", exact=True)).to_be_visible()


def test_half_way_on_two_phones(house: House, visit: Visit) -> None:
    """On phones 320 pixels wide each looks back alone.  Once both have sealed, both can read
    both; who takes theirs back closes it for the other, too, until it is sealed again."""
    pair = two(house, "Cara Coachfield", "Lew Leaderfield", held=3)
    lew, cara = visit(house, pair.leader, width=320), visit(house, pair.coach, width=320)
    sheets = {}
    for page, part, working, change, line, said in (
        (lew, "leader", "You wait", "Fewer tools", "leader-ax-ld1", "3"),
        (cara, "coach", "You try things", "Start on time", "ax-ld1", "1"),
    ):
        sheets[part] = begin(page, "Look at how it is going, half-way")
        steps.go_on(page, "What is working")
        fits(page)
        steps.write(page, "working", working)
        steps.go_on(page, "What to change")
        steps.write(page, "to-change", change)
        steps.go_on(page, f"The balance, as the {part} sees it")
        fits(page)
        steps.choose(page, line, said)
        seal(page, house, sheets[part])
        fits(page)
    expect(cara.get_by_role("heading", level=1)).to_have_text("Half-way review, side by side")
    fits(cara)
    lew.goto(house.url)
    lew.get_by_role("link", name="Read what you both wrote: Half-way review").click()
    balance = side(lew, "I did most of the thinking")
    expect(balance).to_contain_text("Quite a lot")
    expect(balance).to_contain_text("The leader did most of the thinking")
    expect(balance).to_contain_text("A little")

    cara.get_by_text("Take mine back").first.click()
    cara.get_by_role("button", name="Take mine back").click()
    expect(cara.get_by_role("heading", name="Check your answers")).to_be_visible()
    lew.reload()
    expect(lew.get_by_role("heading", name="Check your answers")).to_be_visible()
    expect(lew.locator("main")).not_to_contain_text("You try things")
    expect(lew.get_by_role("status").filter(has_text="Sealed.")).to_contain_text(NOT_YET)
    fill(cara, house, sheets["coach"], "what-is-working", working="You try things, and tell me")
    seal(cara, house, sheets["coach"])
    expect(side(cara, "You try things, and tell me")).to_contain_text("You wait")
    lew.goto(f"{house.url}together/{sheets['leader']}")
    expect(side(lew, "You wait")).to_contain_text("You try things, and tell me")
    fits(lew)
    lew.get_by_role("link", name="What do you notice?").click()
    steps.write(lew, "difference", "We count thinking differently")
    steps.go_on(lew, "Keep, and change")
    pair_page(lew, house, pair.pair)
    fits(lew)
    expect(stage(lew, "Half-way")).to_contain_text("Done")
    expect(stage(lew, "Session 4")).to_contain_text("Next")
    lew.goto(house.url)
    fits(lew)
    expect(lew.locator(".standing")).to_contain_text("Next: session 4")


def test_ending_well_without_scripts(house: House, visit: Visit) -> None:
    """After the last session, in browsers that run no scripts, both look back; the leader's goals
    stand there as they were written and say where they are now; the pair's page says it ended."""
    pair = two(house, "Eda Coachfield", "Max Leaderfield", held=5)
    goal = {"goal": "Hand over the rota", "less": "I do it all", "success": "Mo does it by May"}
    steps.written(house, pair.leader, "leader/where-i-am-now", {"goal-1": goal | {"now": "-1"}})
    max_, eda = (visit(house, who, java_script_enabled=False) for who in (pair.leader, pair.coach))
    begin(max_, "End well")
    expect(max_.get_by_role("radio", name="I am the leader")).to_be_checked()
    max_.get_by_role("radio", name="As we planned").check()
    max_.get_by_label("What came of it?").fill("The rota is not mine any more")
    first = max_.locator("#prompt-goal-1")
    expect(first.get_by_label("Your goal, in a sentence")).to_have_value("Hand over the rota")
    expect(first.get_by_label("What would you call success?")).to_have_value("Mo does it by May")
    expect(first.get_by_role("radio", name="Not yet")).to_be_checked()
    first.get_by_role("radio", name="Better than I hoped", exact=True).check()
    max_.get_by_label("What do you want to thank the other person for?").fill("Your patience")
    max_.get_by_role("radio", name="I have deleted them").check()
    max_.get_by_role("button", name="Check your answers").click()
    expect(max_.get_by_role("heading", level=1)).to_have_text("Check your answers")
    max_.get_by_role("button", name="Seal mine: see it first").click()
    max_.get_by_role("button", name="Seal mine", exact=True).click()

    begin(eda, "End well")
    expect(eda.get_by_role("radio", name="I am the coach")).to_be_checked()
    eda.get_by_role("radio", name="As we planned").check()
    eda.get_by_label("What do you want to thank the other person for?").fill("Your candour")
    eda.get_by_role("button", name="Check your answers").click()
    eda.get_by_role("button", name="Seal mine: see it first").click()
    eda.get_by_role("button", name="Seal mine", exact=True).click()
    expect(side(eda, "Your candour")).to_contain_text("Your patience")
    expect(side(eda, "Hand over the rota")).to_contain_text("Today: Better than I hoped")
    max_.goto(house.url)
    max_.get_by_role("link", name="Read what you both wrote: Ending well").click()
    expect(side(max_, "Your patience")).to_contain_text("Your candour")
    max_.get_by_role("link", name="You and Eda Coachfield").click()
    expect(stage(max_, "Session 5")).to_contain_text("Done")
    expect(stage(max_, "Ending")).to_contain_text("Done")
    expect(stage(max_, "Six months later")).not_to_contain_text("Done")


def test_ending_early(house: House, visit: Visit) -> None:
    """A leader may end at any time: the page stops for a moment, asks for no reason and has no
    room for one; afterwards both are offered the same ending, and unused sessions are said."""
    pair = two(house, "Ina Coachfield", "Roy Leaderfield", held=2)
    roy, ina = visit(house, pair.leader), visit(house, pair.coach)
    pair_page(roy, house, pair.pair)
    roy.get_by_role("link", name="End early").click()
    main = roy.locator("main")
    expect(main).to_contain_text("You need not say why. The kit asks for no reason and keeps none.")
    expect(main).to_contain_text("2 of 5 sessions were held.")
    assert [box.get_attribute("name") for box in roy.get_by_role("textbox").all()] == [
        "on-day",
        "on-month",
        "on-year",
    ]
    roy.get_by_role("link", name="Not now").click()
    roy.get_by_role("link", name="End early").click()
    roy.get_by_role("radio", name="You", exact=True).check()
    roy.get_by_role("button", name="End now").click()

    for page, offered in (
        (roy, ["Ending well", "Ending and keeping going"]),
        (ina, ["Ending well"]),
    ):
        pair_page(page, house, pair.pair)
        ended = page.locator("section.next")
        expect(ended.get_by_role("heading")).to_have_text(
            f"You ended early, on {day_in_words(pair.today)}"
        )
        expect(ended.locator('a:not([href^="tel:"])')).to_have_text(offered)
        expect(ended).to_contain_text("3 of 5 sessions were not used.")
        expect(stage(page, "Ending")).to_contain_text("Ended early.")
        expect(page.get_by_role("link", name="End early")).to_have_count(0)
        page.goto(house.url)
        expect(page.locator(".standing")).to_contain_text("2 of 5 sessions used.")
        begin(page, "End well")
        steps.go_on(page, "How it is ending")
        steps.choose(page, "ended-how", "early")
        steps.go_on(page, "Ending early")
        expect(page.locator("section.current")).to_contain_text("Nobody has to say why.")


def test_a_leader_without_an_account(house: House, visit: Visit) -> None:
    """With only the coach in it, what was agreed aloud or on paper is written down and in force,
    the half-way review is talked over, and nothing waits for anybody."""
    beth = visit(house, "beth")
    today = today_in(house)
    pair_page(beth, house, house.beths_pair)
    beth.get_by_role("link", name="Your agreement").click()
    beth.get_by_role("button", name="Write an agreement").click()
    steps.write(beth, "hopes", "A clear head on Mondays")
    fill_day(beth, "ends", today + timedelta(days=100))
    beth.goto(beth.url.split("?")[0] + "/check")
    expect(beth.get_by_role("heading", name="Agreed aloud or on paper")).to_be_visible()
    beth.get_by_role("button", name="See it as one page first").click()
    expect(beth.get_by_role("heading", level=1)).to_have_text("What you agreed")
    beth.get_by_role("button", name="We agreed this").click()
    expect(beth.get_by_role("heading", name="Version 1, in force")).to_be_visible()
    expect(beth.locator(".facts-of")).to_contain_text("aloud or on paper")
    expect(beth.locator(".facts-of")).to_contain_text("Has no account")
    beth.get_by_role("link", name="You and your leader").click()
    beth.get_by_role("link", name="Half-way review").click()
    beth.get_by_role("button", name="Start").click()
    sheet = entry_id(beth.url)
    fill(beth, house, sheet, "what-is-working", working="We laugh")
    check_page(beth, house, sheet)
    expect(beth.get_by_role("button", name=re.compile("Seal"))).to_have_count(0)
    expect(beth.get_by_text("We talked it over aloud instead")).to_be_visible()
    beth.get_by_role("button", name="We talked it over").click()
    expect(beth.get_by_role("heading", name="You talked it over")).to_be_visible()
    pair_page(beth, house, house.beths_pair)
    expect(stage(beth, "Half-way")).to_contain_text("Done")
    expect(beth.locator("main")).to_contain_text("Talked over aloud")
