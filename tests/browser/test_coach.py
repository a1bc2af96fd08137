"""A coach's journey: from the slip to what the supervisor reads, and back out of it."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, Route, expect

from cascade_tools.model.people import Held, Role, Session
from tests.browser import steps
from tests.browser.steps import COACHING, SAVED
from tests.living import House, entry_id

Visit = Callable[..., Page]


def test_an_invitation_leads_to_a_passphrase_and_home(house: House, visit: Visit) -> None:
    """The link on a slip is typed once, stands in no address afterwards, and ends at home, where
    at most three things are to do and the rope names who holds whom, with their numbers."""
    with house.records() as records:
        nia = records.people.add("Nia Newfield", [Role.COACH], "01632 960140")
        records.people.supervise(house.people["sue"].id, nia.id)
        start = records.store.now().date()
        for n in range(5):
            pair = records.people.pair(nia.id, None, f"charity number {n}", start)
            records.people.add_session(pair, Session("", 1, start, Held.HELD))
        code = records.signing_in.invite(nia.id, "the programme")
    page = visit(house, None)
    page.goto(f"{house.url}invitation#{code}")
    expect(page.get_by_label("The code on your slip")).to_have_value(code)
    assert code not in page.url
    page.get_by_label("Your passphrase").fill("seven quiet herons by water")
    page.get_by_label("The same again").fill("seven quiet herons by water")
    page.get_by_role("button", name="Save and sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hello Nia")
    # Five pairs wait for a look back; a person is asked for three things at most.
    expect(page.locator(".todo li")).to_have_count(3)
    rope = page.locator(".rope li")
    expect(rope.nth(0)).to_contain_text("Testfield 01632 960100")
    expect(rope.nth(1)).to_contain_text("Your supervisor Sue Superfield")
    expect(rope.nth(1)).to_contain_text("01632 960104")
    expect(rope.nth(2)).to_contain_text("You Nia Newfield")
    expect(rope).to_have_count(8)
    # The link worked once.
    page.goto(f"{house.url}invitation#{code}")
    page.get_by_label("Your passphrase").fill("seven quiet herons by water")
    page.get_by_label("The same again").fill("seven quiet herons by water")
    page.get_by_role("button", name="Save and sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("has been used")


def test_saved_is_said_only_after_the_server_has_answered(house: House, visit: Visit) -> None:
    """"Saved 14:03" never stands on the page while the answer is still on its way; a lost answer
    says "Not saved yet" and is sent again by itself."""
    _, number = steps.new_session(house)
    page = visit(house, "amina")
    page.get_by_role("link", name=f"Look back on session {number}").click()
    page.get_by_role("radio", name=re.compile(f"^Session {number},")).check()
    page.get_by_role("button", name="Start").click()
    steps.choose(page, "way", "ten")
    steps.go_on(page, "A moment")
    held: list[Route] = []
    page.route("**/api/entries/**", held.append)
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
    page.unroute("**/api/entries/**")
    held[0].fulfill(response=reply)
    expect(state).to_have_text(SAVED)
    page.route("**/api/entries/**", lambda route: route.abort())
    box.fill("It is all on me, they said")
    expect(state).to_have_text("Not saved yet. Trying again…")
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
    phone.locator(".todo").get_by_role("link", name="Go on with After I coach").click()
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
    answers: dict[str, int | str] = {key: 1 for key in (*steps.TEN, *steps.BALANCE)}
    session, _ = steps.new_session(house)
    entry = steps.written(
        house, "amina", COACHING, {"way": "longer", **answers}, session=session
    )
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
    before = balance.inner_html()
    page.get_by_role("link", name="Back").click()
    steps.choose(page, "ax-cb1", "4")
    steps.choose(page, "ax-cb2", "4")
    steps.go_on(page, "Your picture of the balance")
    expect(balance).to_be_visible()
    page.wait_for_timeout(0)
    expect.poll = None  # type: ignore[attr-defined]
    assert before


def _has_words_and_table(drawn: object) -> None:
    from playwright.sync_api import Locator

    assert isinstance(drawn, Locator)
    sentence = drawn.locator(".picture-sentence").first
    expect(sentence).to_have_text(re.compile(r"\w+.*\."))
    drawing = drawn.get_by_role("img").first
    expect(drawing).to_have_accessible_name(re.compile(r"\w"))
    expect(drawing).to_have_accessible_description(re.compile(r"\w"))
    assert drawn.locator("table caption").count() >= 1
    assert drawn.locator("table tbody tr").count() >= 1
