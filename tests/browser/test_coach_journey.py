"""A coach's journey: five sessions, supervision between them, and an ending to look to."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from playwright.sync_api import Page, expect
from sqlalchemy import update

from cascade_tools.model.consent import KEEP
from cascade_tools.model.people import Held, Role
from cascade_tools.model.prompts import Answer
from cascade_tools.model.typed import day_in_words
from cascade_tools.records.tables import EntryRow
from cascade_tools.shelf import open_shelf
from tests.browser import steps
from tests.browser.steps import COACHING, MEETING
from tests.living import PASSPHRASE, House, entry_id

Visit = Callable[..., Page]

TITLE = "After I coach"
HOPE = "Whether I like her"


@dataclass(frozen=True)
class Coach:
    """Nell, whom Sue supervises and who coaches a leader with an account."""

    house: House
    id: str
    pair: str
    today: date

    def plan(self) -> str:
        """The pair's next session, tomorrow; its id."""
        with self.house.records() as records:
            return records.pairs.plan(self.id, self.pair, self.today + timedelta(days=1))

    def held(self, session: str, days_ago: int) -> None:
        with self.house.records() as records:
            on = self.today - timedelta(days=days_ago)
            records.pairs.held(self.id, session, on, 60, "video")

    def age(self, entry: str, days: int) -> None:
        """Make an entry so many days old."""
        then = datetime.now(UTC) - timedelta(days=days)
        with self.house.records() as records, records.store.database.writing() as s:
            s.execute(update(EntryRow).where(EntryRow.id == entry).values(made_at=then))

    def supervised(self, what: str, next_on: date) -> None:
        """Sue has met Nell and recorded what Nell is to do."""
        sue, soon = self.house.people["sue"].id, (self.today + timedelta(days=5)).isoformat()
        action: Answer = [
            {"id": "a1b2c3d4", "what": what, "owner": "coach", "due": soon, "first_review": soon}
        ]
        given: dict[str, Answer] = {
            "on": self.today.isoformat(),
            "state": "held",
            "agreed-actions": action,
        }
        sheet = open_shelf(self.house.folder.local).get(MEETING)
        with self.house.records() as records:
            meeting = records.people.start_supervision(sue, [self.id], self.today)
            entry = records.entries.start(sue, MEETING, about_id=meeting)
            for count, (key, value) in enumerate(given.items(), start=1):
                asked = sheet.prompt(key)
                assert asked is not None
                records.entries.save(sue, entry.id, asked, value, base=0, writer="t", counter=count)
            records.entries.commit(sue, entry.id)
            records.people.record_supervision(
                meeting, state=Held.HELD, on=self.today, next_on=next_on
            )


def a_coach(house: House) -> Coach:
    with house.records() as records:
        nell = records.people.add("Nell Coachfield", [Role.COACH], "01632 960160")
        lars = records.people.add("Lars Leaderfield", [Role.LEADER], "01632 960161")
        records.signing_in.accept(records.signing_in.invite(nell.id, "a test"), PASSPHRASE)
        for one in (nell, lars):
            records.consents.decide(one.id, KEEP, True, house.notice)
        records.people.supervise(house.people["sue"].id, nell.id)
        today = datetime.now(house.settings.zone).date()
        pair = records.people.pair(nell.id, lars.id, "the toy library", today - timedelta(weeks=12))
    house.people["nell"] = nell
    return Coach(house, nell.id, pair, today)


def begin(page: Page, name: str) -> str:
    """Follow one of the three things on home and start its workbook; the id of the sheet."""
    page.locator(".todo").get_by_role("link", name=name).click()
    page.get_by_role("button", name="Start").click()
    page.wait_for_url(re.compile("/entries/"))
    return entry_id(page.url)


def home(page: Page, coach: Coach) -> None:
    page.goto(coach.house.url)


def to_do(page: Page, words: str) -> None:
    """Home has this among its three things to do."""
    expect(page.locator(".todo").get_by_role("link", name=words)).to_have_count(1)


def test_five_sessions_and_supervision_between(house: House, visit: Visit) -> None:
    """Before each session and after it home offers the sheet of that session.  Between them a
    supervision is got ready for, beginning with what was agreed last time; what is for the coach
    alone never travels.  A question taken home is asked about once.  After the fifth of five
    sessions, home offers to end well."""
    coach = a_coach(house)
    nell = visit(house, "nell")

    # Session 1, all of it in the browser.
    first = coach.plan()
    home(nell, coach)
    begin(nell, "Get ready for session 1")
    expect(nell.get_by_role("heading", name="What was said last time")).to_be_visible()
    steps.go_on(nell, "What I am bringing")
    steps.write(nell, "bringing", "A train that was late")
    steps.go_on(nell, "How I mean to be")
    steps.choose(nell, "stance", "alongside")
    steps.go_on(nell, "My likely pull")
    steps.choose(nell, "pull", "rescue")
    steps.go_on(nell, "Two questions")
    steps.write(nell, "question-to-ask", "What would you rather not talk about?")
    steps.go_on(nell, "How many are left")
    expect(nell.locator("section.current .listing")).to_contain_text(
        "0 of 5 sessions held. Next: session 1, "
    )
    steps.go_on(nell, "My energy")
    steps.choose(nell, "energy", "6")
    coach.held(first, 12)
    home(nell, coach)
    to_do(nell, "Look back on session 1")
    expect(nell.locator(".standing")).to_contain_text("1 of 5 sessions used. Next: session 2.")
    after = begin(nell, "Look back on session 1")
    steps.choose(nell, "way", "longer")
    for heading in ("A moment", "What happened"):
        steps.go_on(nell, heading)
    steps.write(nell, "what-happened", "We talked about the rent")
    steps.go_on(nell, "What was not said")
    steps.go_on(nell, "The question that landed")
    steps.write(nell, "question-landed", "Who else could carry this?")
    steps.go_on(nell, "Talking it over")
    steps.write(nell, "want-from-supervision", "Help to wait longer")
    steps.entry_page(nell, house, after, "back-at-my-place")
    steps.write(nell, "own-team-question", "What am I not asking you?")
    expect(nell.get_by_role("heading", name="Back at my place, two weeks on")).to_have_count(0)

    # Session 2 is written through the records; between, supervision.
    second = coach.plan()
    home(nell, coach)
    to_do(nell, "Get ready for session 2")
    steps_before(coach, second)
    coach.held(second, 9)
    home(nell, coach)
    to_do(nell, "Look back on session 2")
    steps.written(house, "nell", COACHING, {"what-happened": "Quieter"}, session=second)
    soon = coach.today + timedelta(days=3)
    coach.supervised("Count to ten before I answer", soon)
    home(nell, coach)
    to_do(nell, "Get ready for supervision")
    ready = begin(nell, "Get ready for supervision")
    last = nell.locator("section.current .listing")
    expect(last).to_contain_text("You last met Sue Superfield")
    expect(last).to_contain_text("Count to ten before I answer")
    expect(last).to_contain_text(f"Next: {day_in_words(soon)}")
    steps.go_on(nell, "Which way today?")
    steps.choose(nell, "way", "write")
    steps.go_on(nell, "What to bring")
    sheets = steps.prompt(nell, "bring").locator("label")
    dated = re.compile(rf"^{TITLE}, The toy library, session \d, \d+ \w+ \d{{4}}$")
    expect(sheets.filter(has_text=dated)).to_have_count(2)
    expect(steps.prompt(nell, "bring")).not_to_contain_text("the rent")
    with steps.answered(nell, "bring"):
        sheets.filter(has_text=dated).first.click()
    steps.entry_page(nell, house, ready, "the-leader-you-and-the-two-of-you")
    steps.write(nell, "eye-what-i-did", "I filled the silence")
    steps.entry_page(nell, house, ready, "what-it-stirs-in-me")
    steps.write(nell, "eye-hope-not-asked", HOPE)
    steps.entry_page(nell, house, ready, "what-i-want-to-leave-with")
    # What was wanted after the session stands here already.
    expect(steps.prompt(nell, "want").locator("textarea")).to_have_value("Help to wait longer")
    steps.check_answers(nell)
    nell.get_by_role("button", name="See exactly what").click()
    expect(nell.locator("article.shared")).to_contain_text("I filled the silence")
    assert HOPE not in nell.content()
    nell.go_back()
    snapshot = steps.share(nell, "Sue Superfield")
    sue = visit(house, "sue")
    sue.goto(f"{house.url}shared/{snapshot}")
    expect(sue.locator("article.shared")).to_contain_text("Help to wait longer")
    expect(sue.locator("article.shared")).to_contain_text(TITLE)
    assert HOPE not in sue.content()
    assert "my supervisor will not ask" not in sue.content()

    # Two weeks on: asked once.
    question = "Did you ask your own team that question?"
    coach.age(after, 20)
    home(nell, coach)
    nell.locator(".todo").get_by_role("link", name=question).click()
    expect(nell.get_by_role("heading", name="Back at my place, two weeks on")).to_be_visible()
    steps.choose(nell, "asked-own-team", "yes")
    steps.write(nell, "asked-what-happened", "They asked for a later start")
    home(nell, coach)
    expect(nell.get_by_role("link", name=question)).to_have_count(0)

    # What I am learning begins with the question and with what came of it.
    nell.get_by_text("All workbooks", exact=True).click()
    nell.get_by_role("link", name="What I am learning as a leader").click()
    nell.get_by_role("button", name="Start").click()
    steps.write(nell, "whose-job", "The caretaker's")
    steps.go_on(nell, "A question for my own team")
    expect(nell.locator("section.current .listing")).to_contain_text("Who else could carry this?")
    expect(nell.get_by_label("Which question will I ask my own team?")).to_have_value(
        "What am I not asking you?"
    )
    steps.go_on(nell, "What came of the last one")
    expect(steps.prompt(nell, "what-came").locator("textarea")).to_have_value(
        "They asked for a later start"
    )

    # Three more sessions.
    for number, days_ago in ((3, 6), (4, 3), (5, 0)):
        session = coach.plan()
        home(nell, coach)
        to_do(nell, f"Get ready for session {number}")
        steps_before(coach, session)
        coach.held(session, days_ago)
        home(nell, coach)
        to_do(nell, f"Look back on session {number}")
        if number == 5:
            begin(nell, f"Look back on session {number}")
            steps.choose(nell, "way", "ten")
            steps.go_on(nell, "A moment")
            steps.write(nell, "moment-they-said", "I know what to do")
        else:
            steps.written(house, "nell", COACHING, {"what-happened": "x"}, session=session)
    home(nell, coach)
    expect(nell.locator(".standing")).to_contain_text("5 of 5 sessions used")
    to_do(nell, "End well")
    nell.get_by_role("link", name="Our sessions").click()
    expect(nell.locator("main")).to_contain_text("5 of 5 sessions")
    for number in range(1, 6):
        done = nell.locator(".stage").filter(has=nell.get_by_text(f"Session {number}", exact=True))
        expect(done).to_contain_text("Done")
    home(nell, coach)
    begin(nell, "End well")
    expect(nell.get_by_role("heading", name="Ending well", level=1)).to_be_visible()


def steps_before(coach: Coach, session: str) -> None:
    """Nell has written before this session."""
    workbook = open_shelf(coach.house.folder.local).get("coach/before-i-coach")
    box = workbook.prompt("bringing")
    assert box is not None
    with coach.house.records() as records:
        entry = records.entries.start(coach.id, workbook.id, pair_id=coach.pair, session_id=session)
        records.entries.save(coach.id, entry.id, box, "Tea", base=0, writer="t", counter=1)
