"""A coach's journey: from the slip to what the supervisor reads, and back out of it."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, Route, expect

from cascade_tools.model.consent import KEEP
from cascade_tools.model.people import Held, Role, Session
from tests.browser import steps
from tests.browser.steps import COACHING, SAVED
from tests.living import PASSPHRASE, House, entry_id

Visit = Callable[..., Page]


def test_an_invitation_leads_to_a_passphrase_and_home(house: House, visit: Visit) -> None:
    """The link on a slip is typed once, stands in no address afterwards, and ends at home, where
    at most three things are to do and the rope names who holds whom, with their numbers."""
    with house.records() as records:
        nia = records.people.add("Nia Newfield", [Role.COACH], "01632 960140")
        records.people.supervise(house.people["sue"].id, nia.id)
        start = records.store.now().date()
        pair = records.people.pair(nia.id, None, "the night shelter", start)
        records.people.add_session(pair, Session("", 1, start, Held.HELD))
        code = records.signing_in.invite(nia.id, "the programme")
    page = visit(house, None)
    page.goto(f"{house.url}invitation#{code}")
    expect(page.get_by_label("The code on your slip")).to_have_value(code)
    assert code not in page.url
    page.get_by_label("Your passphrase").fill("seven quiet herons by water")
    page.get_by_label("The same again").fill("seven quiet herons by water")
    page.get_by_role("button", name="Save and sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Welcome")
    page.get_by_text("Yes, keep my answers here").click()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hello Nia")
    expect(page.locator(".todo li")).to_have_text(["Look back on session 1the night shelter"])
    rope = page.locator(".rope li")
    expect(rope.nth(0)).to_contain_text("Testfield 01632 960100")
    expect(rope.nth(1)).to_contain_text("Your supervisor Sue Superfield")
    expect(rope.nth(1)).to_contain_text("01632 960104")
    expect(rope.nth(2)).to_contain_text("You Nia Newfield")
    expect(rope.nth(3)).to_contain_text("Your leader the night shelter")
    expect(rope).to_have_count(4)
    # The link worked once.
    page.goto(f"{house.url}invitation#{code}")
    page.get_by_label("Your passphrase").fill("seven quiet herons by water")
    page.get_by_label("The same again").fill("seven quiet herons by water")
    page.get_by_role("button", name="Save and sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("has been used")


def test_home_asks_for_three_things_at_most(house: House, visit: Visit) -> None:
    """However much is open, home shows three things to do; and of several pairs whose sessions
    wait for a look back, each has a line of its own."""
    with house.records() as records:
        una = records.people.add("Una Manyfield", [Role.COACH], "01632 960141")
        records.signing_in.accept(records.signing_in.invite(una.id, "a test"), PASSPHRASE)
        records.consents.decide(una.id, KEEP, True, house.notice)
        start = records.store.now().date()
        for name in ("the choir", "the food bank", "the hostel", "the farm"):
            pair = records.people.pair(una.id, None, name, start)
            records.people.add_session(pair, Session("", 1, start, Held.HELD))
    house.people["una"] = una
    page = visit(house, "una")
    expect(page.locator(".todo li")).to_have_count(3)


def test_saved_is_said_only_after_the_server_has_answered(house: House, visit: Visit) -> None:
    """ "Saved 14:03" never stands on the page while the answer is still on its way; a lost answer
    says "Not saved yet" and is sent again by itself."""
    _, number = steps.new_session(house)
    page = visit(house, "amina")
    page.get_by_role("link", name=f"Look back on session {number}").click()
    page.get_by_role("radio", name=re.compile(f"^Session {number},")).check()
    page.get_by_role("button", name="Start").click()
    steps.choose(page, "way", "ten")
    steps.go_on(page, "A moment")
    held: list[Route] = []
    page.route("**/api/entries/**", lambda route: held.append(route))
    box = page.get_by_label("What did they say?")
    state = steps.state_of(page, "moment-they-said")
    box.fill("It is all on me")
    expect(state).to_have_text("Saving…")
    while not held:
        page.wait_for_event("request")
    expect(state).to_have_text("Saving…")
    # The server has it, and still the page says nothing until its answer is back.
    reply = held[0].fetch()
    assert reply.status == 200
    expect(state).to_have_text("Saving…")
    held[0].fulfill(response=reply)
    page.unroute("**/api/entries/**")
    expect(state).to_have_text(SAVED)
    page.route("**/api/entries/**", lambda route: route.abort())
    box.fill("It is all on me, they said")
    expect(state).to_have_text("Not saved yet. No answer came. Trying again…")
    page.unroute("**/api/entries/**")
    expect(state).to_have_text(SAVED)
    page.reload()
    expect(box).to_have_value("It is all on me, they said")


def test_another_device_goes_on_from_what_was_saved(house: House, visit: Visit) -> None:
    """Words typed on one computer, whose page is then closed, stand on a narrow phone, where home
    offers to go on; what the phone adds is there on the computer."""
    entry = steps.reflection(house, way="ten")
    desk = visit(house, "amina")
    steps.entry_page(desk, house, entry, "what-happened")
    steps.write(desk, "what-happened", "She came in late\nand left early")
    desk.close()
    phone = visit(house, "amina", width=320)
    phone.locator(".todo").get_by_role("link", name="Go on with After I coach").first.click()
    assert entry_id(phone.url) == entry
    phone.goto(f"{phone.url}?page=what-happened")
    box = phone.get_by_label("What happened, in five lines?")
    expect(box).to_have_value("She came in late\nand left early")
    expect(steps.state_of(phone, "what-happened")).to_have_text(SAVED)
    steps.go_on(phone, "What was not said")
    steps.write(phone, "not-said", "That the money ends in May")
    again = visit(house, "amina")
    steps.entry_page(again, house, entry, "not-said")
    expect(again.get_by_label("What was not said?")).to_have_value("That the money ends in May")


def test_kernel_drawn_pictures_take_over_and_follow_what_is_saved(
    house: House, visit: Visit
) -> None:
    """On the longer way each picture comes with the page, is replaced by the kernel's, says the
    same in a sentence and a table, and is drawn again after a save."""
    answers: dict[str, int | str] = dict.fromkeys((*steps.TEN, *steps.BALANCE), 1)
    session, _ = steps.new_session(house)
    entry = steps.written(house, "amina", COACHING, {"way": "longer", **answers}, session=session)
    page = visit(house, "amina")
    steps.entry_page(page, house, entry, "your-picture-of-the-thinking")
    expect(page.locator('.place[data-cell="show-thinking"] .picture').first).to_be_visible()
    drawn = steps.picture(page, "thinking")
    expect(drawn).to_be_visible(timeout=steps.KERNEL_MS)
    expect(steps.own_picture(page, "thinking")).to_have_count(0)
    _has_words_and_table(drawn)
    before = drawn.inner_text()
    page.get_by_role("link", name="Back").click()
    expect(page.get_by_role("heading", name="Who is doing the thinking: five more")).to_be_visible()
    steps.choose(page, "ending", "4")
    steps.go_on(page, "Your picture of the thinking")
    expect(drawn).not_to_have_text(before, use_inner_text=True)
    expect(drawn).to_contain_text("How are we with the ending?")
    steps.go_on(page, "Practical help and thinking for yourself")
    steps.go_on(page, "Your picture of the balance")
    balance = steps.picture(page, "balance")
    expect(balance).to_be_visible(timeout=steps.KERNEL_MS)
    expect(steps.own_picture(page, "balance")).to_have_count(0)
    _has_words_and_table(balance)
    expect(balance.locator("tr", has_text="(from 3 answers)")).to_contain_text("1.0 (from 3")
    page.get_by_role("link", name="Back").click()
    for key in ("ax-cb1", "ax-cb2", "ax-cb3"):
        steps.choose(page, key, "4")
    steps.go_on(page, "Your picture of the balance")
    expect(balance.locator("tr", has_text="(from 3 answers)")).to_contain_text("4.0 (from 3")


def _has_words_and_table(drawn: Locator) -> None:
    """A sentence, a drawing with a name, and the same in a table with a caption."""
    expect(drawn.locator(".picture-sentence").first).to_have_text(re.compile(r"\w.*\."))
    expect(drawn.get_by_role("img").first).to_have_accessible_name(re.compile(r"\w"))
    expect(drawn.locator("table caption").first).to_have_text(re.compile(r"\w"))
    expect(drawn.locator("table tbody tr").first).to_have_text(re.compile(r"\w"))


def test_check_your_answers_leads_back_to_each_question(house: House, visit: Visit) -> None:
    """ "Check your answers" shows what was and was not answered in people's words, and each
    Change link opens the page of its question with the focus in it."""
    entry = steps.reflection(house, way="ten", what_happened="Tea, then tears", talk="before")
    page = visit(house, "amina")
    page.goto(f"{house.url}entries/{entry}/check")
    rows = page.locator(".answer")
    expect(rows.filter(has_text="What happened, in five lines?")).to_contain_text("Tea, then tears")
    expect(rows.filter(has_text="When do you want to talk?")).to_contain_text("Before then")
    unanswered = rows.filter(has_text="What was not said?")
    expect(unanswered).to_contain_text("Not answered")
    unanswered.get_by_role("link", name=re.compile("^Change.*What was not said")).click()
    expect(page.get_by_label("What was not said?")).to_be_focused()
    expect(page.get_by_role("heading", name="What was not said", exact=True)).to_be_visible()
    steps.write(page, "not-said", "Who pays")
    page.goto(f"{house.url}entries/{entry}/check")
    expect(unanswered).to_contain_text("Who pays")
    rows.filter(has_text="When do you want to talk?").get_by_role("link").click()
    expect(page.get_by_role("radio", name="Before then")).to_be_focused()
    # The answer about safety is kept nowhere, so it is not here to be checked or shared.
    expect(page.locator(".answer", has_text="worried about anyone")).to_have_count(0)


def test_the_preview_is_what_the_reader_gets(house: House, visit: Visit) -> None:
    """What the coach looks at before sharing is, byte for byte, what the supervisor reads."""
    entry = steps.reflection(
        house,
        way="ten",
        what_happened="<b>Tea</b> & “tears”\n\n  then quiet",
        talk="next",
    )
    page = visit(house, "amina")
    page.goto(f"{house.url}entries/{entry}/check")
    page.get_by_role("button", name="See exactly what Sue Superfield will see").click()
    shown = page.locator("article.shared")
    expect(shown).to_contain_text("<b>Tea</b> & “tears”")
    preview = shown.evaluate("e => e.outerHTML")
    page.get_by_role("button", name="Share this with Sue Superfield").click()
    link = page.get_by_role("link", name=re.compile("^what you shared"))
    snapshot = steps.snapshot_id(link.get_attribute("href") or "")
    sue = visit(house, "sue")
    sue.goto(f"{house.url}shared/{snapshot}")
    assert sue.locator("article.shared").evaluate("e => e.outerHTML") == preview


def test_a_changed_answer_is_shown_again_before_it_is_shared(house: House, visit: Visit) -> None:
    """Nobody shares what they have not seen: if an answer changed after the preview, the new
    preview is shown instead of sharing."""
    entry = steps.reflection(house, what_happened="First words")
    page = visit(house, "amina")
    page.goto(f"{house.url}entries/{entry}/check")
    page.get_by_role("button", name="See exactly what").click()
    other = page.context.new_page()
    steps.entry_page(other, house, entry, "what-happened")
    steps.write(other, "what-happened", "Second words")
    page.get_by_role("button", name="Share this with Sue Superfield").click()
    expect(page.get_by_role("alert")).to_contain_text("Your answers changed")
    expect(page.locator("article.shared")).to_contain_text("Second words")


def test_the_ten_answers_leave_only_by_their_own_box(house: House, visit: Visit) -> None:
    """The ten answers about thinking are in no preview unless their own box is ticked, and the
    box comes unticked, however often the sheet is shared."""
    entry = steps.reflection(house, way="longer", what_happened="x", ideas=3, ax_cb1=2)
    page = visit(house, "amina")
    page.goto(f"{house.url}entries/{entry}/check")
    box = page.get_by_role("checkbox", name=re.compile("^Share my ten answers too"))
    expect(box).not_to_be_checked()
    # Every other part is ticked to begin with; the ten stand under no part of their own.
    expect(page.get_by_role("checkbox", name="What happened", exact=True)).to_be_checked()
    expect(page.get_by_role("checkbox", name=re.compile("^Who is doing"))).to_have_count(0)
    page.get_by_role("button", name="See exactly what").click()
    expect(page.locator("article.shared")).to_contain_text("I shared a tool")
    expect(page.locator("article.shared")).not_to_contain_text("Who came up with the ideas?")
    page.get_by_role("link", name="Not now").click()
    snapshot = steps.share(page, "Sue Superfield", ticks=True)
    sue = visit(house, "sue")
    sue.goto(f"{house.url}shared/{snapshot}")
    expect(sue.locator("article.shared")).to_contain_text("Mostly me")
    page.reload()
    expect(box).not_to_be_checked()


def test_a_part_that_is_unticked_stays_at_home(house: House, visit: Visit) -> None:
    """A section the author unticks is not in the preview and not in what is shared."""
    entry = steps.reflection(house, what_happened="For Sue", not_said="For me alone")
    page = visit(house, "amina")
    page.goto(f"{house.url}entries/{entry}/check")
    page.locator("label", has_text=re.compile("^What was not said$")).click()
    page.get_by_role("button", name="See exactly what").click()
    expect(page.locator("article.shared")).to_contain_text("For Sue")
    expect(page.locator("article.shared")).not_to_contain_text("For me alone")


def test_what_was_shared_does_not_change_afterwards(house: House, visit: Visit) -> None:
    """The reader keeps the version they were given; both sides are told that there is a newer
    one, the author who opened it and when; sharing again replaces it."""
    entry = steps.reflection(house, what_happened="As it was")
    page = visit(house, "amina")
    page.goto(f"{house.url}entries/{entry}/check")
    expect(page.get_by_text("You have written since")).to_have_count(0)
    snapshot = steps.share(page, "Sue Superfield")
    expect(page.get_by_text("Not opened yet.")).to_be_visible()
    steps.entry_page(page, house, entry, "what-happened")
    steps.write(page, "what-happened", "As it is now")
    sue = visit(house, "sue")
    sue.goto(f"{house.url}shared/{snapshot}")
    expect(sue.locator("article.shared")).to_contain_text("As it was")
    expect(sue.locator("article.shared")).not_to_contain_text("As it is now")
    expect(sue.get_by_text("Amina Coachfield has written since.")).to_be_visible()
    page.goto(f"{house.url}entries/{entry}/check")
    expect(page.get_by_text("You have written since.")).to_be_visible()
    expect(page.get_by_text(re.compile(r"Opened: Sue Superfield, \d\d:\d\d"))).to_be_visible()
    page.goto(f"{house.url}me")
    row = page.get_by_role("row").filter(has_text="Sue Superfield").first
    expect(row).to_contain_text(re.compile(r"\d\d:\d\d"))
    expect(row).to_contain_text("After I coach")
    page.goto(f"{house.url}entries/{entry}/check")
    newer = steps.share(page, "Sue Superfield")
    assert newer != snapshot
    sue.goto(f"{house.url}shared/{snapshot}")
    steps.nothing_here(sue)
    sue.goto(f"{house.url}shared/{newer}")
    expect(sue.locator("article.shared")).to_contain_text("As it is now")


def test_stopping_takes_effect_at_once(house: House, visit: Visit) -> None:
    """From the next request on the reader gets "There is nothing here", also by a button of a
    page they have open; it is out of their lists, and the author's copy is still there.

    With scripts the open page would let go of its words and buttons by itself."""
    entry = steps.reflection(house, what_happened="Not for long")
    snapshot = steps.handed(house, "amina", entry)
    sue = visit(house, "sue", java_script_enabled=False)
    sue.goto(f"{house.url}shared/{snapshot}")
    expect(sue.locator("article.shared")).to_contain_text("Not for long")
    page = visit(house, "amina")
    page.goto(f"{house.url}entries/{entry}/check")
    page.get_by_role("button", name="Stop sharing with Sue Superfield").click()
    expect(page.get_by_text("That is over.")).to_be_visible()
    sue.get_by_role("button", name="Read, thank you").click()
    steps.nothing_here(sue)
    sue.goto(f"{house.url}shared/{snapshot}")
    steps.nothing_here(sue)
    sue.goto(house.url)
    expect(sue.locator(f'a[href$="shared/{snapshot}"]')).to_have_count(0)
    page.goto(f"{house.url}shared/{snapshot}")
    expect(page.locator("article.shared")).to_contain_text("Not for long")


def test_needing_to_talk_today_says_who_has_not_been_told(house: House, visit: Visit) -> None:
    """The moment "I need to talk today" is chosen, before anything is saved, the page says that
    nobody has been told, and whom to ring; a note can be left and taken back."""
    entry = steps.reflection(house, way="ten")
    page = visit(house, "amina")
    steps.entry_page(page, house, entry, "talking-it-over")
    held: list[Route] = []
    page.route("**/api/entries/**", lambda route: held.append(route))
    panel = page.locator("#prompt-talk .panel")
    expect(panel).to_be_hidden()
    page.locator("label[for=q-talk-today]").click()
    expect(panel).to_contain_text("Nobody is told straight away.")
    expect(panel).to_contain_text("Sue Superfield")
    expect(panel.get_by_role("link", name="01632 960104")).to_be_visible()
    expect(panel.get_by_role("link", name="01632 960100")).to_be_visible()
    expect(steps.state_of(page, "talk")).not_to_have_text(SAVED)
    while not held:
        page.wait_for_event("request")
    held[0].continue_()
    page.unroute("**/api/entries/**")
    expect(steps.state_of(page, "talk")).to_have_text(SAVED)
    panel.get_by_role("button", name="Leave a note: please ring me").click()
    expect(page.get_by_text("You have left Sue Superfield a note")).to_be_attached()
    sue = visit(house, "sue")
    expect(sue.locator(".todo li").first).to_contain_text("Ring Amina Coachfield")
    expect(sue.locator(".todo li").first).to_contain_text("01632 960101")
    steps.entry_page(page, house, entry, "talking-it-over")
    panel.get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("You have left Sue Superfield a note")).to_have_count(0)
    sue.reload()
    expect(sue.get_by_text("Ring Amina Coachfield")).to_have_count(0)


def test_worry_about_safety_is_kept_nowhere(house: House, visit: Visit) -> None:
    """The answer about safety shows whom to ring and is never sent: it is gone on return."""
    entry = steps.reflection(house, way="ten")
    page = visit(house, "amina")
    sent: list[str] = []
    page.on("request", lambda r: sent.append(f"{r.method} {r.url} {r.post_data or ''}"))
    steps.entry_page(page, house, entry, "is-everyone-safe")
    page.locator("label[for=q-safety-yes]").click()
    panel = page.locator("#prompt-safety .panel").first
    expect(panel).to_contain_text("This answer is not kept.")
    expect(panel.get_by_role("link", name="01632 960111")).to_be_visible()
    page.reload()
    expect(page.get_by_role("radio", name="Yes", exact=True)).not_to_be_checked()
    assert not [line for line in sent if "safety" in line.split()[1] or "safety" in line[-200:]]


def test_the_title_follows_the_page_that_is_shown(house: House, visit: Visit) -> None:
    """Continue, Back and the browser's own buttons change the title with the page."""
    entry = steps.reflection(house, way="ten")
    page = visit(house, "amina")
    steps.entry_page(page, house, entry)
    first = page.title()
    steps.go_on(page, "A moment")
    second = page.title()
    assert first != second
    page.go_back()
    expect(page).to_have_title(first)
    page.go_forward()
    expect(page).to_have_title(second)
    page.reload()
    expect(page).to_have_title(second)
