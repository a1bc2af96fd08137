"""Questions that are more than a box: by mouse and by keyboard, with and without scripts."""

import re
from collections.abc import Callable
from typing import Any

import nbformat
import pytest
from axe_playwright_python.base import AXE_SCRIPT
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from playwright.sync_api import Locator, Page, expect

from cascade_tools.model.prompts import Answer, Problem, check_answer
from cascade_tools.shelf import open_shelf
from tests.browser import steps
from tests.browser.steps import SAVED, prompt, state_of
from tests.browser.test_pages import AXE, NARROW, SIDEWAYS, TARGETS, WIDE
from tests.living import House

Visit = Callable[..., Page]
SHEET = "coach/every-kind"
CELLS = (
    "# Every kind\n\nA sheet for tests.",
    "from cascade_tools.workbook import open_workbook\n"
    f'ask, show, answers = open_workbook("{SHEET}")',
    "## Short ones",
    'ask.person("whom", "Who can you turn to?")',
    'ask.yes_no_skip("said", "Did you say it?")',
    'ask.ten("space", "I had time to think", ends=["Never", "Always"])',
    "## Actions",
    'ask.action("actions", "What will you do?")',
    "## Goal",
    'ask.goal("goal", "What do you hope will be different?")',
    "## Sorting",
    'ask.order("steps", "What comes first?", {"look": "Look at what is there", '
    '"ask": "Ask what they see", "do": "Do one thing", "rest": "Rest"})',
    'ask.classify("sides", "Which is which?", statements_from="leading-or-helping")',
)
RING: dict[str, Any] = {
    "id": "0a1b2c3d",
    "what": "Ring the council",
    "owner": "leader",
    "due": "2027-05-03",
    "first_review": "2027-05-10",
}


@pytest.fixture(scope="module", autouse=True)
def sheet(house: House) -> None:
    """A workbook of the programme's own with every kind in it."""
    cells = [
        (new_markdown_cell if c.startswith("#") else new_code_cell)(c, id=f"cell-{n}")
        for n, c in enumerate(CELLS)
    ]
    about = {"for": ["coach"], "minutes": 5, "summary": "A sheet for tests."}
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    metadata = {"title": "Every kind", "kernelspec": kernel, "cascade": about}
    path = house.folder.local / "workbooks" / f"{SHEET}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(new_notebook(cells=cells, metadata=metadata), path)


def entry(house: House, **answers: Answer) -> str:
    """A fresh sheet of Amina's with these answers, kept as a page would keep them."""
    sheet = open_shelf(house.folder.local).get(SHEET)
    amina = house.people["amina"].id
    with house.records() as records:
        made = records.entries.start(amina, SHEET, again=True)
        for count, (key, raw) in enumerate(answers.items(), start=1):
            asked = sheet.prompt(key)
            assert asked is not None
            value = check_answer(asked, raw)
            assert not isinstance(value, Problem)
            records.entries.save(amina, made.id, asked, value, base=0, writer="test", counter=count)
    return made.id


def kept(house: House, entry_id: str, key: str) -> Any:
    with house.records() as records:
        saved = records.entries.answers(house.people["amina"].id, entry_id)
    return saved[key].value if key in saved else None


def action(page: Page, number: int) -> Locator:
    """The first, second … action on the page, the blank one included."""
    return prompt(page, "actions").locator(".item").nth(number)


def fill_part(item: Locator, part: str, day: str, month: str, year: str) -> None:
    for box, typed in (("day", day), ("month", month), ("year", year)):
        item.locator(f"[data-part={part}] .date-{box} input").fill(typed)


def leave_box(page: Page, key: str) -> None:
    """Press Tab, and wait until what was typed is saved."""
    with steps.answered(page, key):
        page.keyboard.press("Tab")
    expect(state_of(page, key)).to_have_text(SAVED)


class TestShortOnes:
    def test_a_person_is_initials_or_a_role(self, house: House, visit: Visit) -> None:
        """The box says what belongs in it; more than forty characters are a problem beside it."""
        page, made = visit(house, "amina"), entry(house)
        steps.entry_page(page, house, made)
        box = page.get_by_role("textbox", name="Who can you turn to?")
        expect(box).to_have_accessible_description("Initials or a role.")
        steps.write(page, "whom", "TB, the treasurer")
        assert kept(house, made, "whom") == "TB, the treasurer"
        box.fill("T" * 41)
        expect(prompt(page, "whom").locator(".problem")).to_contain_text("40 characters")
        assert kept(house, made, "whom") == "TB, the treasurer"

    def test_0_to_10_and_yes_no_by_keyboard(self, house: House, visit: Visit) -> None:
        """Each is one group with a name; arrows move in it, the ends are spoken with their words,
        and an answer can be cleared."""
        page, made = visit(house, "amina"), entry(house)
        steps.entry_page(page, house, made)
        ten = page.get_by_role("group", name="I had time to think")
        expect(ten.get_by_role("radio", name="0 Never", exact=True)).to_be_visible()
        expect(ten.get_by_role("radio", name="10 Always", exact=True)).to_be_visible()
        assert ten.get_by_role("radio").count() == 12
        ten.get_by_role("radio", name="4", exact=True).focus()
        with steps.answered(page, "space"):
            page.keyboard.press("ArrowRight")
        assert kept(house, made, "space") == 5
        with steps.answered(page, "space"):
            prompt(page, "space").get_by_role("button", name="Clear this answer").click()
        assert kept(house, made, "space") is None
        steps.choose(page, "space", "skipped")
        assert kept(house, made, "space") == "skipped"
        steps.choose(page, "said", "no")
        assert kept(house, made, "said") == "no"
        page.reload()
        expect(page.get_by_role("radio", name="No", exact=True)).to_be_checked()
        expect(ten.get_by_role("radio", name="Skip this one")).to_be_checked()


class TestActions:
    def test_from_nothing_to_agreed(self, house: House, visit: Visit) -> None:
        """The first blank is open.  While it is filled in, the page says what is missing; what is
        typed is saved as a draft all the while, and then agreed."""
        page, made = visit(house, "amina"), entry(house)
        steps.entry_page(page, house, made, "actions")
        new, said = action(page, 0), action(page, 0).locator(".item-state")
        expect(said).to_be_hidden()
        expect(new.get_by_role("group", name="How does it stand?")).to_have_count(0)
        with steps.answered(page, "actions"):
            new.get_by_label("What needs doing?").fill("Ring the council")
        expect(said).to_have_text("Not agreed yet: add by when and the first review.")
        fill_part(new, "due", "3", "5", "2027")
        expect(said).to_have_text("Not agreed yet: add the first review.")
        leave_box(page, "actions")
        fill_part(new, "first_review", "18", "5", "2027")
        expect(said).to_have_text(
            "Not agreed yet: move the first review to 17 May 2027 or earlier."
        )
        fill_part(new, "first_review", "10", "5", "2027")
        expect(said).to_have_text(
            "Agreed. Who: The leader. By when: 3 May 2027. First look back: 10 May 2027."
        )
        leave_box(page, "actions")
        (stored,) = kept(house, made, "actions")
        assert (stored["what"], stored["due"]) == ("Ring the council", "2027-05-03")
        page.reload()
        first = page.get_by_role("group", name="Action 1")
        expect(first.locator(".item-state")).to_have_text(re.compile("^Agreed"))
        expect(first.get_by_role("radio", name="Planned")).to_be_checked()
        # What is agreed is folded, and so is the next blank.
        expect(first.get_by_role("group", name="By when?")).to_be_hidden()
        expect(page.get_by_role("group", name="New action")).to_be_hidden()

    def test_the_coach_and_somebody_else(self, house: House, visit: Visit) -> None:
        """For the coach a quiet question; somebody else has a name or a role, or it is a draft."""
        page, made = visit(house, "amina"), entry(house, actions=[RING])
        steps.entry_page(page, house, made, "actions")
        first = action(page, 0)
        first.locator("summary").first.click()
        expect(first.get_by_text("Is this yours to do?")).to_be_hidden()
        with steps.answered(page, "actions"):
            first.get_by_text("The coach", exact=True).click()
        expect(first.get_by_text("Is this yours to do?")).to_be_visible()
        with steps.answered(page, "actions"):
            first.get_by_text("Somebody else", exact=True).click()
        expect(first.locator(".item-state")).to_have_text("Not agreed yet: add who will do it.")
        with steps.answered(page, "actions"):
            first.get_by_label("Who is that?").fill("Treasurer")
        expect(first.locator(".item-state")).to_have_text(re.compile("^Agreed. Who: Treasurer."))
        assert kept(house, made, "actions")[0]["owner_name"] == "Treasurer"

    def test_moving_a_date_keeps_the_old_one(self, house: House, visit: Visit) -> None:
        """A date is saved when its boxes are left, never half; the old one stays to be seen; and
        what the server added is no change of this page's."""
        page, made = visit(house, "amina"), entry(house, actions=[RING])
        steps.entry_page(page, house, made, "actions")
        first = action(page, 0)
        first.locator("summary").first.click()
        fill_part(first, "due", "1", "5", "2027")
        page.wait_for_timeout(1500)
        assert kept(house, made, "actions")[0].get("moved", []) == []
        leave_box(page, "actions")
        fill_part(first, "due", "1", "6", "2027")
        leave_box(page, "actions")
        stored = kept(house, made, "actions")[0]
        assert stored["due"] == "2027-06-01"
        assert stored["moved"] == ["2027-05-03", "2027-05-01"]
        page.reload()
        expect(action(page, 0).locator(".item-moved")).to_have_text(
            "First planned for 3 May 2027. Moved 2 times."
        )
        before = revision(house, made)
        action(page, 0).get_by_label("What needs doing?").focus()
        page.keyboard.press("Tab")
        page.wait_for_timeout(1000)
        assert revision(house, made) == before

    def test_letting_go_and_taking_away(self, house: House, visit: Visit) -> None:
        """Let go stays, with room to say why, and is not told what is missing; a draft whose boxes
        are emptied goes."""
        draft = {"id": "11111111", "what": "Think"}
        page, made = visit(house, "amina"), entry(house, actions=[RING, draft])
        steps.entry_page(page, house, made, "actions")
        second = action(page, 1)
        expect(second.get_by_label("What happened?")).to_be_hidden()
        expect(second.locator(".item-state")).to_have_text(re.compile("^Not agreed yet"))
        with steps.answered(page, "actions"):
            second.get_by_text("Let go", exact=True).click()
        expect(second.locator(".item-state")).to_be_hidden()
        with steps.answered(page, "actions"):
            second.get_by_label("What happened?").fill("The board will do it")
        assert [a["status"] for a in kept(house, made, "actions")] == ["planned", "let-go"]
        with steps.answered(page, "actions"):
            second.get_by_label("What happened?").fill("")
        with steps.answered(page, "actions"):
            second.get_by_label("What needs doing?").fill("")
        assert [a["id"] for a in kept(house, made, "actions")] == [RING["id"]]

    def test_one_more_and_one_more(self, house: House, visit: Visit) -> None:
        """A button adds another blank and goes to it; each is an action of its own, and after
        twenty there is no more."""
        page, made = visit(house, "amina"), entry(house, actions=[RING])
        steps.entry_page(page, house, made, "actions")
        page.get_by_text("Add an action").click()
        with steps.answered(page, "actions"):
            action(page, 1).get_by_label("What needs doing?").fill("Second")
        page.get_by_role("button", name="Add another").click()
        expect(action(page, 2).get_by_label("What needs doing?")).to_be_focused()
        with steps.answered(page, "actions"):
            page.keyboard.type("Third")
        found = kept(house, made, "actions")
        assert [a["what"] for a in found] == ["Ring the council", "Second", "Third"]
        assert len({a["id"] for a in found}) == 3
        for _ in range(17):
            page.get_by_role("button", name="Add another").click()
        expect(page.get_by_role("button", name="Add another")).to_be_hidden()

    @pytest.mark.parametrize(
        ("way", "wanted"),
        [
            ("Keep what I have here", ["Ring them today"]),
            ("Keep the other one", ["Ring the council now", "Ask TB"]),
            ("Keep both", ["Ring the council now", "Ask TB", "Ring them today"]),
        ],
    )
    def test_two_places(self, house: House, visit: Visit, way: str, wanted: list[str]) -> None:
        """Written in two places, both are kept, the other is shown in words, and the person
        settles it in each of the three ways; then the page goes on as if nothing had been."""
        made = entry(house, actions=[RING])
        one, two = visit(house, "amina"), visit(house, "amina")
        for page in (one, two):
            steps.entry_page(page, house, made, "actions")
        with steps.answered(one, "actions"):
            action(one, 0).get_by_label("What needs doing?").fill("Ring the council now")
        one.get_by_text("Add an action").click()
        with steps.answered(one, "actions"):
            action(one, 1).get_by_label("What needs doing?").fill("Ask TB")
        action(two, 0).get_by_label("What needs doing?").fill("Ring them today")
        rival = prompt(two, "actions").locator(".rival")
        expect(rival.locator("blockquote")).to_contain_text(
            "Ring the council now\nWho: The leader."
        )
        before = revision(house, made)
        rival.get_by_role("button", name=way, exact=True).click()
        expect(state_of(two, "actions")).to_have_text(SAVED)
        expect(rival).to_have_count(0)
        assert [a["what"] for a in kept(house, made, "actions")] == wanted
        for number, words in enumerate(wanted):
            expect(action(two, number).get_by_label("What needs doing?")).to_have_value(words)
        last = action(two, len(wanted) - 1)
        with steps.answered(two, "actions"):
            last.get_by_label("What needs doing?").fill("And on")
        assert kept(house, made, "actions")[-1]["what"] == "And on"
        assert len(kept(house, made, "actions")) == len(wanted)
        if way == "Keep the other one":
            # It was there already, in other spelling, so settling saved nothing: after the side
            # that was put aside, the next version is the one with the new words.
            assert revision(house, made) == before + 2

    def test_a_problem_names_the_box(self, house: House, visit: Visit) -> None:
        """Too long for its box: the sentence says which, the words stay, the rest is kept."""
        page, made = visit(house, "amina"), entry(house, actions=[RING])
        steps.entry_page(page, house, made, "actions")
        action(page, 0).get_by_label("What needs doing?").fill("é" * 20_001)
        expect(prompt(page, "actions").locator(".problem")).to_contain_text(
            "Make “What needs doing?” shorter."
        )
        expect(prompt(page, "actions").get_by_role("group").first).to_have_accessible_description(
            re.compile("shorter")
        )
        assert kept(house, made, "actions")[0]["what"] == "Ring the council"
        with steps.answered(page, "actions"):
            action(page, 0).get_by_label("What needs doing?").fill("Ring them")
        expect(prompt(page, "actions").locator(".problem")).to_be_hidden()

    def test_without_scripts(self, house: House, visit: Visit) -> None:
        """Posted and got back: a draft and what it lacks, agreed, moved, let go, taken away, and
        always one blank; a second save without a change makes no new version."""
        page, made = visit(house, "amina", java_script_enabled=False), entry(house)
        steps.entry_page(page, house, made)

        def save() -> None:
            page.get_by_role("button", name="Save and stay here").click()

        action(page, 0).get_by_label("What needs doing?").fill("Ring the council")
        save()
        first = page.get_by_role("group", name="Action 1")
        expect(first.locator(".item-state")).to_have_text(
            "Not agreed yet: add by when and the first review."
        )
        fill_part(first, "due", "3", "5", "2027")
        fill_part(first, "first_review", "31", "2", "2027")
        save()
        expect(first.locator(".item-state")).to_have_text(
            "Not agreed yet: write the first review as a real date."
        )
        expect(first.locator("[data-part=first_review] .date-day input")).to_have_value("31")
        fill_part(first, "first_review", "10", "5", "2027")
        save()
        expect(first.locator(".item-state")).to_have_text(re.compile("^Agreed. Who: The leader."))
        before = revision(house, made)
        save()
        assert revision(house, made) == before
        first.locator("summary").first.click()
        fill_part(first, "due", "9", "5", "2027")
        page.get_by_text("Add an action").click()
        action(page, 1).get_by_label("What needs doing?").fill("Second")
        save()
        expect(first.locator(".item-moved")).to_have_text("First planned for 3 May 2027.")
        second = page.get_by_role("group", name="Action 2")
        second.get_by_label("What needs doing?").fill("")
        first.get_by_role("radio", name="Let go").check()
        save()
        (stored,) = kept(house, made, "actions")
        assert (stored["status"], stored["moved"]) == ("let-go", ["2027-05-03"])
        expect(second).to_have_count(0)

    def test_two_places_without_scripts(self, house: House, visit: Visit) -> None:
        """The second writer sees the other's actions in words, and their own still in the boxes."""
        made = entry(house, actions=[RING])
        one, two = (visit(house, "amina", java_script_enabled=False) for _ in range(2))
        for page in (one, two):
            steps.entry_page(page, house, made)
            words = "From here" if page is one else "From there"
            if page is two:
                action(one, 0).get_by_label("What needs doing?").fill("From here")
                one.get_by_role("button", name="Save and stay here").click()
            action(page, 0).get_by_label("What needs doing?").fill(words)
        two.get_by_role("button", name="Save and stay here").click()
        expect(prompt(two, "actions").locator("blockquote")).to_contain_text("From here")
        expect(action(two, 0).get_by_label("What needs doing?")).to_have_value("From there")
        two.get_by_role("button", name="Save and stay here").click()
        assert [a["what"] for a in kept(house, made, "actions")] == ["From there"]


class TestGoal:
    def test_a_goal_with_its_levels(self, house: House, visit: Visit) -> None:
        """Words for three levels, how much it matters, where it is today; nothing is needed, and
        an emptied goal is no answer."""
        page, made = visit(house, "amina"), entry(house)
        steps.entry_page(page, house, made, "goal")
        goal = page.get_by_role("group", name="What do you hope will be different?")
        with steps.answered(page, "goal"):
            goal.get_by_label("Your goal, in a sentence").fill("Rest on Sundays")
        with steps.answered(page, "goal"):
            goal.get_by_text("Less than I hoped", exact=True).click()
        found = kept(house, made, "goal")
        assert (found["goal"], found["now"], found["matters"]) == ("Rest on Sundays", "-1", "")
        page.reload()
        expect(goal.get_by_role("radio", name="Less than I hoped", exact=True)).to_be_checked()
        with steps.answered(page, "goal"):
            goal.get_by_role("radio", name="Not yet").check()
        with steps.answered(page, "goal"):
            goal.get_by_label("Your goal, in a sentence").fill("")
        assert kept(house, made, "goal") is None

    def test_without_scripts(self, house: House, visit: Visit) -> None:
        """Posted and got back, with every word; checked, it reads as a few lines."""
        page, made = visit(house, "amina", java_script_enabled=False), entry(house)
        steps.entry_page(page, house, made)
        page.get_by_label("Your goal, in a sentence").fill("Rest\non Sundays")
        page.get_by_label("What would you call success?").fill("Three of four")
        page.get_by_role("radio", name="A lot").check()
        page.get_by_role("button", name="Save and stay here").click()
        expect(page.get_by_label("Your goal, in a sentence")).to_have_value("Rest\non Sundays")
        expect(page.get_by_role("radio", name="A lot")).to_be_checked()
        page.get_by_role("button", name="Check your answers").click()
        expect(page.locator(".answer", has_text="different")).to_contain_text("Three of four")
        assert kept(house, made, "goal")["matters"] == "2"


def numbers(page: Page) -> list[str]:
    """What stands in the boxes of the order, from the top down."""
    return [i.input_value() for i in prompt(page, "steps").locator(".line input").all()]


class TestSorting:
    def test_numbers_by_keyboard(self, house: House, visit: Visit) -> None:
        """From box to box with Tab; each has its line for a name.  Numbers are saved as people go.
        Two that are swapped have the same one for a moment, and nothing is said of it; who goes
        on with two the same gets one sentence, the first such box, and every number still there."""
        page, made = visit(house, "amina"), entry(house)
        steps.entry_page(page, house, made, "sorting")
        group = page.get_by_role("group", name="What comes first?")
        expect(group).to_have_accessible_description(
            "Number them from 1 to 4. You can leave some out."
        )
        look = group.get_by_role("textbox", name="Look at what is there")
        look.focus()
        with steps.answered(page, "steps"):
            page.keyboard.type("2")
        with steps.answered(page, "steps"):
            page.keyboard.press("Tab")
            page.keyboard.type("1")
        expect(state_of(page, "steps")).to_have_text(SAVED)
        assert kept(house, made, "steps") == {"look": 2, "ask": 1}
        # A swap, from the lower box to the one above it.
        page.keyboard.press("Backspace")
        page.keyboard.type("2")
        page.wait_for_timeout(1000)
        expect(prompt(page, "steps").locator(".problem")).to_be_hidden()
        expect(state_of(page, "steps")).to_have_text("")
        with steps.answered(page, "steps"):
            page.keyboard.press("Shift+Tab")
            page.keyboard.type("1")
        assert kept(house, made, "steps") == {"look": 1, "ask": 2}
        group.get_by_role("textbox", name="Rest").fill("2")
        page.get_by_role("button", name="Check your answers").click()
        page.locator(".summary").get_by_role("link", name=re.compile("^The number 2")).click()
        ask, rest = (group.get_by_role("textbox", name=n) for n in ("Ask what they see", "Rest"))
        expect(ask).to_be_focused()
        for one in (ask, rest):
            expect(one).to_have_attribute("aria-invalid", "true")
            expect(one).to_have_accessible_description(re.compile("Give each line a number"))
        expect(look).not_to_have_attribute("aria-invalid", "true")
        assert numbers(page) == ["1", "2", "", "2"]
        assert kept(house, made, "steps") == {"look": 1, "ask": 2}
        with steps.answered(page, "steps"):
            page.keyboard.type("4")
        expect(prompt(page, "steps").locator(".problem")).to_be_hidden()
        expect(ask).not_to_have_attribute("aria-invalid", "true")
        expect(page.locator("#status")).to_have_text("Saved")
        steps.check_answers(page)
        assert kept(house, made, "steps") == {"look": 1, "ask": 4, "rest": 2}

    def test_statements_by_mouse_and_by_keyboard(self, house: House, visit: Visit) -> None:
        """Each statement is a group of its own within the question; a press or an arrow sorts it,
        and what is sorted can be left out again.  What we hear is folded away."""
        page, made = visit(house, "amina"), entry(house)
        steps.entry_page(page, house, made, "sorting")
        asked = page.get_by_role("group", name="Which is which?")
        roof = asked.get_by_role("group", name=re.compile("^The roof is coming in"))
        boat = asked.get_by_role("group", name=re.compile("boat with no signal"))
        expect(roof.get_by_role("radio", name="Leave out")).to_have_count(0)
        with steps.answered(page, "sides"):
            roof.get_by_text("Leading", exact=True).click()
        boat.get_by_role("radio", name="Leading").focus()
        with steps.answered(page, "sides"):
            page.keyboard.press("ArrowRight")
        expect(state_of(page, "sides")).to_have_text(SAVED)
        assert kept(house, made, "sides") == {"roof": "leading", "boat": "helping"}
        with steps.answered(page, "sides"):
            roof.get_by_text("Leave out").click()
        assert kept(house, made, "sides") == {"boat": "helping"}
        expect(page.get_by_text("Nobody needs a good question about a roof.")).to_be_hidden()
        page.get_by_text("How we hear them").click()
        expect(page.get_by_text("Nobody needs a good question about a roof.")).to_be_visible()
        page.reload()
        expect(boat.get_by_role("radio", name="Helping others lead")).to_be_checked()
        assert roof.locator("input:checked").count() == 0

    def test_two_places(self, house: House, visit: Visit) -> None:
        """Sorted in two places, the other is shown in words, and the person settles it; then the
        page goes on from what they kept."""
        made = entry(house)
        one, two = visit(house, "amina"), visit(house, "amina")
        for page in (one, two):
            steps.entry_page(page, house, made, "sorting")
        with steps.answered(one, "steps"):
            one.get_by_role("textbox", name="Rest").fill("1")
        with steps.answered(one, "sides"):
            one.get_by_text("Either", exact=True).first.click()
        two.get_by_role("textbox", name="Do one thing").fill("1")
        order, sides = (prompt(two, key).locator(".rival") for key in ("steps", "sides"))
        expect(order.locator("blockquote")).to_have_text("1. Rest")
        expect(order.get_by_role("button")).to_have_count(2)
        before = revision(house, made, "steps")
        order.get_by_role("button", name="Keep the other one").click()
        expect(state_of(two, "steps")).to_have_text(SAVED)
        assert numbers(two) == ["", "", "", "1"]
        assert revision(house, made, "steps") == before
        two.get_by_text("Leading", exact=True).first.click()
        expect(sides.locator("blockquote")).to_have_text(re.compile("^Either: "))
        sides.get_by_role("button", name="Keep what I have here").click()
        expect(state_of(two, "sides")).to_have_text(SAVED)
        assert list(kept(house, made, "sides").values()) == ["leading"]
        with steps.answered(two, "steps"):
            two.get_by_role("textbox", name="Do one thing").fill("2")
        assert kept(house, made, "steps") == {"rest": 1, "do": 2}

    def test_without_scripts(self, house: House, visit: Visit) -> None:
        """Sent and got back; two the same are said, marked and still there, and what was sorted
        is saved all the same and can be left out."""
        page, made = visit(house, "amina", java_script_enabled=False), entry(house)
        steps.entry_page(page, house, made)
        for name, typed in (("Look at what is there", "1"), ("Rest", "1")):
            page.get_by_role("textbox", name=name).fill(typed)
        roof = page.get_by_role("group", name=re.compile("^The roof is coming in"))
        roof.get_by_role("radio", name="Leading").check()
        page.get_by_role("button", name="Save and stay here").click()
        expect(page.locator(".summary")).to_contain_text("The number 1 stands on more than one")
        assert numbers(page) == ["1", "", "", "1"]
        expect(prompt(page, "steps").locator("[aria-invalid=true]")).to_have_count(2)
        assert kept(house, made, "sides") == {"roof": "leading"}
        page.get_by_role("textbox", name="Rest").fill("2")
        roof.get_by_role("radio", name="Leave out").check()
        page.get_by_role("button", name="Check your answers").click()
        said = page.locator(".answer", has_text="What comes first?")
        expect(said).to_contain_text("1. Look at what is there;")
        expect(said).to_contain_text("2. Rest")
        assert kept(house, made, "sides") is None


@pytest.mark.parametrize("width", [WIDE, NARROW], ids=["wide", "320"])
@pytest.mark.parametrize("at", ["short-ones", "actions", "goal", "sorting"])
def test_anybody_can_use_it(house: House, visit: Visit, at: str, width: dict[str, int]) -> None:
    """axe finds nothing, nothing runs off the side, and everything is big enough to press, empty,
    filled in and with everything unfolded."""
    draft = {"id": "11111111", "what": "Ask " + "very " * 30, "due": "3-13-2027"}
    sorted_ = {"steps": {"rest": 1, "look": 2}, "sides": {"roof": "leading", "coffee": "either"}}
    actions = [{**RING, "moved": ["2027-04-01"]}, draft]
    full = entry(house, actions=actions, space=7, said="no", **sorted_)
    page = visit(house, "amina")
    page.set_viewport_size(width)  # type: ignore[arg-type]
    for made in (full, entry(house, actions=[])):
        steps.entry_page(page, house, made, at)
        for fold in page.locator("details:not([open]) > summary").all():
            if fold.is_visible():
                fold.click()
        page.evaluate(AXE_SCRIPT)
        assert page.evaluate(AXE)["violations"] == []
        assert page.evaluate(SIDEWAYS) is None
        assert page.evaluate(TARGETS) == []


def revision(house: House, entry_id: str, key: str = "actions") -> int:
    with house.records() as records:
        saved = records.entries.answers(house.people["amina"].id, entry_id)
    return saved[key].revision
