"""A supervisor sees who asked to talk, reads, answers, and writes up a meeting."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.steps import COACHING, MEETING, OVERVIEW
from tests.living import House, entry_id

Visit = Callable[..., Page]


def overview(page: Page, house: House) -> None:
    """Open the overview: it is whole as it comes."""
    page.goto(f"{house.url}workbooks/{OVERVIEW}")
    expect(page.locator(".overview table")).to_be_visible()


def names(page: Page) -> list[str]:
    return page.locator(".overview-name").all_inner_texts()


def show(page: Page, words: str) -> None:
    """Choose a way to look, from the keyboard."""
    way = page.get_by_role("navigation", name="Show").get_by_role("link", name=words)
    way.focus()
    page.keyboard.press("Enter")
    expect(way).to_have_attribute("aria-current", "true")


def test_the_overview_puts_those_who_asked_to_talk_on_top(house: House, visit: Visit) -> None:
    """The table lists every coach with facts and no words; whoever asked to talk leads it
    whatever the filter, which works from the keyboard and keeps its place in the address."""
    asking = steps.new_coach(house, "Zoe Askfield", "01632 960150")
    reading = steps.new_coach(house, "Ann Readfield")
    steps.new_coach(house, "Bea Quietfield")
    entry = steps.written(house, reading, COACHING, {"what-happened": "Heron on the weir"})
    snapshot = steps.handed(house, reading, entry)
    with house.records() as records:
        records.sharing.ask_to_talk(house.people[asking].id, "today")
    page = visit(house, "sue")
    overview(page, house)
    everyone = names(page)
    assert everyone[0] == "Zoe Askfield"
    assert {"Ann Readfield", "Bea Quietfield", "Amina Coachfield"} <= set(everyone)
    first = page.locator(".overview tbody tr").first
    expect(first).to_contain_text("Today")
    expect(first.get_by_role("link", name="Ring 01632 960150")).to_be_visible()
    expect(page.locator(".overview-glance")).to_contain_text("Zoe Askfield")
    expect(page.locator("main")).not_to_contain_text("Heron on the weir")
    show(page, "Asked to talk")
    assert names(page) == ["Zoe Askfield"]
    show(page, "Not yet read")
    assert names(page) == ["Zoe Askfield", "Ann Readfield"]
    page.reload()
    assert names(page) == ["Zoe Askfield", "Ann Readfield"]
    # The link in the row leads to what was shared; then it is not unread any more.
    page.locator(f'.overview a[href$="/shared/{snapshot}"]').click()
    expect(page.locator("article.shared")).to_contain_text("Heron on the weir")
    overview(page, house)
    row = page.locator(".overview tbody tr", has_text="Ann Readfield")
    expect(row).to_contain_text("You have read everything they share with you.")


def test_an_open_page_loses_what_is_over(house: House, visit: Visit) -> None:
    """While nobody touches it, an open overview loses the link of what is no longer shared, and
    an open look across the sessions goes as a whole; both say so."""
    short = steps.new_coach(house, "Gil Stopfield")
    entry = steps.written(house, short, COACHING, {"what-happened": "A kingfisher"})
    snapshot = steps.handed(house, short, entry)
    coach = house.people[short].id
    page, across = visit(house, "sue"), visit(house, "sue")
    overview(page, house)
    link = page.locator(f'a[href$="/shared/{snapshot}"]')
    expect(link.first).to_be_attached()
    row = page.locator(".overview tbody tr", has_text="Gil Stopfield")
    across.goto(row.get_by_role("link", name="Session by session").evaluate("a => a.href"))
    expect(across.locator(".issue")).to_contain_text("A kingfisher")
    with house.records() as records:
        (share,) = records.sharing.of(coach, entry)
        records.sharing.stop(coach, share.id)
    expect(link).to_have_count(0)
    expect(page.get_by_text("Something that stood here is over.")).to_be_visible()
    expect(across.locator("main")).not_to_contain_text("A kingfisher")
    expect(across.get_by_text("Gil Stopfield no longer shares some of this.")).to_be_visible()


def test_home_names_everybody_who_asked_to_talk_today(house: House, visit: Visit) -> None:
    """A request to ring stands first on the supervisor's home, one line for each coach, whatever
    else waits there to be read."""
    with house.records() as records:
        for short in ("amina", steps.new_coach(house, "Ivy Ringfield", "01632 960151")):
            records.sharing.ask_to_talk(house.people[short].id, "today")
    for words in ("One", "Two"):
        steps.handed(house, "amina", steps.reflection(house, what_happened=words))
    page = visit(house, "sue")
    todo = page.locator(".todo li")
    expect(todo.filter(has_text="Ring Amina Coachfield")).to_contain_text("01632 960101")
    expect(todo.filter(has_text="Ring Ivy Ringfield")).to_contain_text("01632 960151")
    with house.records() as records:
        for short in ("amina", "ivy"):
            records.sharing.take_back_talk(house.people[short].id)


def test_one_press_thanks_with_a_date(house: House, visit: Visit) -> None:
    """A supervisor reads and answers with one press and a date; the coach is told at home and
    sees the answer beside what they wrote; no other word of the supervisor's goes with it."""
    snapshot = steps.handed(house, "amina", steps.reflection(house, what_happened="We sat still"))
    sue = visit(house, "sue")
    sue.goto(f"{house.url}shared/{snapshot}")
    expect(sue.get_by_role("heading", level=1)).to_have_text("From Amina Coachfield")
    expect(sue.locator("article.shared")).to_contain_text("We sat still")
    day = datetime.now(UTC).date() + timedelta(days=9)
    steps.fill_date(sue, "talk-on", str(day.day), str(day.month), str(day.year))
    sue.get_by_role("button", name="Read, thank you").click()
    expect(sue.locator(".answering")).to_contain_text("Read, thank you")
    amina = visit(house, "amina")
    told = amina.locator(f'.todo a[href$="shared/{snapshot}"]')
    expect(told).to_contain_text("Read what Sue Superfield answered")
    told.click()
    expect(amina.locator(".preview").first).to_contain_text("We sat still")
    answer = amina.locator(".both .answering")
    expect(answer).to_contain_text("Read, thank you")
    expect(answer).to_contain_text(f"{day.day} {day:%B %Y}")
    amina.goto(house.url)
    expect(amina.locator(f'.todo a[href$="shared/{snapshot}"]')).to_have_count(0)


def test_a_date_that_is_none_is_named_and_kept(house: House, visit: Visit) -> None:
    """A date that cannot be is refused in words and nothing is sent to the coach."""
    snapshot = steps.handed(house, "amina", steps.reflection(house, what_happened="A date"))
    sue = visit(house, "sue")
    sue.goto(f"{house.url}shared/{snapshot}")
    steps.fill_date(sue, "talk-on", "31", "2", "2027")
    sue.get_by_role("button", name="Read, thank you").click()
    expect(sue.get_by_text("Write a real date, such as 27 3 2026.")).to_be_visible()
    sue.goto(f"{house.url}shared/{snapshot}")
    expect(sue.locator(".answering")).to_have_count(0)


def test_a_review_is_private_until_it_is_released(house: House, visit: Visit) -> None:
    """A supervisor writes beside the reflection; the coach sees nothing of the draft, however
    they ask, until it is released."""
    snapshot = steps.handed(house, "amina", steps.reflection(house, what_happened="It was loud"))
    sue = visit(house, "sue")
    sue.goto(f"{house.url}shared/{snapshot}")
    sue.get_by_role("button", name="Write more first: a private draft").click()
    expect(sue.get_by_role("complementary")).to_contain_text("It was loud")
    draft = entry_id(sue.url)
    steps.go_on(sue, "Answer by answer")
    steps.go_on(sue, "What you appreciate")
    steps.write(sue, "appreciate", "That you let it be loud")
    amina = visit(house, "amina")
    told = amina.locator(f'.todo a[href$="shared/{snapshot}"]')
    expect(told).to_have_count(0)
    amina.goto(f"{house.url}shared/{snapshot}")
    expect(amina.locator("article.shared")).to_contain_text("It was loud")
    expect(amina.locator(".answering")).to_have_count(0)
    for address in (f"entries/{draft}", f"entries/{draft}/check"):
        amina.goto(house.url + address)
        steps.nothing_here(amina)
    sue.goto(f"{house.url}entries/{draft}/check")
    sue.get_by_role("button", name="Release all to Amina Coachfield").click()
    expect(sue.get_by_role("heading", name="Released")).to_be_visible()
    amina.goto(house.url)
    expect(told).to_have_count(1)
    told.click()
    expect(amina.locator(".answering")).to_contain_text("That you let it be loud")


def test_a_meeting_is_recorded_and_the_coach_can_put_it_right(house: House, visit: Visit) -> None:
    """A meeting is the supervisor's own until it is recorded; then the coach sees it, can correct
    it, and the correction is there for both."""
    sue = visit(house, "sue")
    sue.goto(f"{house.url}workbooks/{MEETING}")
    sue.get_by_role("checkbox", name="Amina Coachfield").check()
    sue.get_by_role("button", name="Start").click()
    day = datetime.now(UTC).date()
    with steps.answered(sue, "on"):
        steps.fill_date(sue, "on", str(day.day), str(day.month), str(day.year))
        sue.keyboard.press("Tab")
    steps.choose(sue, "state", "held")
    steps.go_on(sue, "How you met")
    steps.write(sue, "minutes", "50")
    steps.choose(sue, "how", "phone")
    steps.go_on(sue, "What you talked about")
    steps.write(sue, "worked-on", "Saying less")
    meeting = entry_id(sue.url)
    amina = visit(house, "amina")
    amina.goto(f"{house.url}entries/{meeting}/check")
    steps.nothing_here(amina)
    sue.goto(f"{house.url}entries/{meeting}/check")
    sue.get_by_role("button", name="Record this meeting").click()
    expect(sue.get_by_role("heading", name="Recorded")).to_be_visible()
    amina.goto(f"{house.url}me")
    item = amina.locator("section", has_text="Supervision").locator("li", has_text="held").first
    item.get_by_role("link").click()
    expect(amina.locator(".answer", has_text="What did you work on?")).to_contain_text(
        "Saying less"
    )
    amina.get_by_role("link", name=re.compile("^Change.*What did you work on")).click()
    steps.write(amina, "worked-on", "Saying less, and when to say more")
    sue.goto(f"{house.url}entries/{meeting}/check")
    expect(sue.locator("main")).to_contain_text("Saying less, and when to say more")
    # Beth was not in it.
    beth = visit(house, "beth")
    beth.goto(f"{house.url}entries/{meeting}/check")
    steps.nothing_here(beth)


def test_a_change_of_supervisor_carries_nothing_over(house: House, visit: Visit) -> None:
    """When Tom takes over from Sue, Sue's shares end at once and Tom gets none of them, nor her
    draft; Tom sees only what is shared with him from then on."""
    short = steps.new_coach(house, "Kit Movefield")
    entry = steps.written(house, short, COACHING, {"what-happened": "For Sue only"})
    snapshot = steps.handed(house, short, entry)
    sue, tom = visit(house, "sue"), visit(house, "tom")
    sue.goto(f"{house.url}shared/{snapshot}")
    expect(sue.locator("article.shared")).to_contain_text("For Sue only")
    with house.records() as records:
        records.people.supervise(house.people["tom"].id, house.people[short].id)
    sue.get_by_role("button", name="Write more first: a private draft").click()
    steps.nothing_here(sue)
    for page in (sue, tom):
        page.goto(f"{house.url}shared/{snapshot}")
        steps.nothing_here(page)
    overview(tom, house)
    row = tom.locator(".overview tbody tr", has_text="Kit Movefield")
    expect(row).to_contain_text("Nothing shared yet.")
    overview(sue, house)
    assert "Kit Movefield" not in names(sue)
    with house.records() as records:
        readers = records.sharing.readers(house.people[short].id, entry, ("supervisor",))
    assert [r.name for r in readers] == ["Tom Superfield"]
