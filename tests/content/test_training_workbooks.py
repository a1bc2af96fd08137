"""The workbooks of a training day and of the tool-kit: what each asks, and who may see it."""

import json
import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from cascade_tools import content, shelf
from cascade_tools.draw.templates import render
from cascade_tools.errors import SettingsFault
from cascade_tools.kit import kit_folder
from cascade_tools.model.composites import composite_of
from cascade_tools.model.knowledge import MIN_CARDS, MIN_PEOPLE
from cascade_tools.model.people import Role
from cascade_tools.model.prompts import Kind, Prompt, Who
from cascade_tools.model.workbook import Listing, Page, Prose, Workbook
from cascade_tools.programme import check, init
from cascade_tools.settings import Policy, Settings, read_settings, settings_text
from tests.content.test_leader_workbooks import FREE, WARNING

LETTING_GO = "coach/from-leading-to-helping-others-lead"
ACTIONS = "toolkit/actions-that-get-done"
CAPTURE = "cohort/knowledge-capture"
BOOKS = {id: shelf.open_shelf().get(id) for id in (LETTING_GO, ACTIONS, CAPTURE)}
PULLS = ("rescue", "put right", "impress", "please", "push")
SCENES = ("pull-friday", "pull-plan", "pull-silence", "pull-thanks", "pull-rota")


def prompt(book: str, key: str) -> Prompt:
    found = BOOKS[book].prompt(key)
    assert found is not None, key
    return found


def prose(page: Page) -> str:
    return "\n".join(part.markdown for part in page.parts if isinstance(part, Prose))


def everything(book: Workbook) -> str:
    return "\n".join([book.intro, *(page.title + prose(page) for page in book.pages)])


@pytest.mark.parametrize("book", BOOKS.values(), ids=BOOKS)
def test_the_frame_is_complete(book: Workbook) -> None:
    """Each has its tags, its summary, what happens next, and the warning before the first box."""
    assert {t for page in book.pages for t in page.tags} == {"assessment", "challenge", "support"}
    assert all(page.tags and page.parts for page in book.pages)
    assert book.intro and book.summary.endswith(".") and book.next_words.endswith(".")
    first = next(p for p in book.pages if any(q.kind in FREE for q in p.prompts))
    assert WARNING in prose(first)


@pytest.mark.parametrize(
    ("id", "roles", "minutes", "shared"),
    [
        (LETTING_GO, {Role.COACH}, 40, ("supervisor",)),
        (ACTIONS, {Role.LEADER, Role.COACH}, 15, ("coach", "supervisor")),
        (CAPTURE, {Role.LEAD}, 30, ()),
    ],
)
def test_for_whom_how_long_and_whom_it_can_go_to(
    id: str, roles: set[Role], minutes: int, shared: tuple[str, ...]
) -> None:
    """As the plan of the workbooks says; nothing is shared unless its author does."""
    book = BOOKS[id]
    assert (book.roles, book.minutes, book.share_with) == (roles, minutes, shared)
    assert {p.who for p in book.prompts} <= {Who.MINE, Who.ONLY_ME}


def test_twelve_statements_are_sorted_and_six_ways_to_help_are_put_in_order() -> None:
    """The statements are those of the room; the ladder has no numbers of its own."""
    (deck,) = (s for s in content.statements() if s.id == "leading-or-helping")
    sorting, ladder = prompt(LETTING_GO, "sorted"), prompt(LETTING_GO, "ladder")
    assert sorting.kind is Kind.CLASSIFY and ladder.kind is Kind.ORDER
    assert {s.words for s in sorting.statements} == {item.words for item in deck.items}
    assert len(sorting.statements) == 12 and len(ladder.choices) == 6


def test_a_pull_is_met_in_scenes_and_is_not_a_type() -> None:
    """Five scenes, each a first stirring in plain words; no code, choice or page names a type, and
    none of it can ever leave."""
    book = BOOKS[LETTING_GO]
    for key in SCENES:
        asked = prompt(LETTING_GO, key)
        assert asked.kind is Kind.CHOICE and asked.who is Who.ONLY_ME
        assert len(asked.choices) == len(PULLS) + 1
        assert asked.choices[-1].words == "Something else, or nothing much"
        said = " ".join(f"{c.code} {c.words}".lower() for c in asked.choices)
        assert not [pull for pull in (*PULLS, "rescuer", "type") if pull in said]
    only_me = {p.key for p in book.prompts if p.who is Who.ONLY_ME}
    assert only_me == {*SCENES, "pull-notice", "pull-sign"}
    assert "Only you will ever see" in prose(next(p for p in book.pages if SCENES[0] in keys(p)))
    assert not book.thinks


def keys(page: Page) -> list[str]:
    return [p.key for p in page.prompts]


def test_the_fifth_stage_is_looked_at_without_adding_up() -> None:
    """Where one stands on the path, five things such a leader does, and who would smile at it."""
    assert prompt(LETTING_GO, "stage").choices_from == "frameworks/ncsl_stages"
    page = next(p for p in BOOKS[LETTING_GO].pages if "stage-five" in keys(p))
    assert [p.kind for p in page.prompts] == [Kind.CLASSIFY, Kind.LONG]
    assert len(page.prompts[0].statements) == 5
    assert "Nobody adds these up" in prose(page)


def test_a_contract_with_oneself_holds_one_habit_and_practises_one() -> None:
    """Two habits, somebody who may ask, and a day to look again."""
    last = BOOKS[LETTING_GO].pages[-1]
    assert keys(last) == ["hold", "practise", "company", "look-on"]


def test_three_decisions_each_lead_somewhere_and_none_is_the_answer() -> None:
    """Each choice opens a page of its own that tells what came of it: something gained, and
    something it leaves open or asks for."""
    book = BOOKS[ACTIONS]
    after = {
        (c.key, code): page for page in book.pages for c in page.conditions for code in c.codes
    }
    decisions = [p for p in book.prompts if p.key in {key for key, _ in after}]
    assert [d.key for d in decisions] == ["coats", "soon", "copy"]
    for decision in decisions:
        assert len(decision.choices) == 3
        for choice in decision.choices:
            told = prose(after[decision.key, choice.code])
            assert len(told.split()) > 40
            assert not set(told.lower().split()) & {"wrong", "right", "correct", "mistake"}
    shown = book.open_pages({"coats": "who", "soon": "two", "copy": "everyone"})
    assert len(book.pages) - len(shown) == 6


def test_what_the_inquiry_asked_is_told_and_is_what_an_action_asks() -> None:
    """Who, by when, who gets a copy, the first look back and how one will know."""
    told = everything(BOOKS[ACTIONS])
    assert "2003" in told and "Victoria Climbié" in told
    for words in ("name of one person", "has a day", "all who have something to do", "look back"):
        assert words in told
    action = prompt(ACTIONS, "next")
    made = composite_of(action.kind)
    assert made is not None
    assert {"owner", "due", "first_review", "copy", "done_when"} <= {
        part.name for part in made.parts
    }


def test_everybody_in_the_story_is_made_up() -> None:
    """It says so first, and the person the story is about is named once and has no illness."""
    story = prose(BOOKS[ACTIONS].pages[0])
    assert story.partition("\n\n")[0].startswith("*The people and the place are made up.")


def test_an_event_is_told_round_by_round_in_the_words_of_its_cards() -> None:
    """The four questions stand as the wall will show them, with times that add up to 45 minutes
    and to 90."""
    page = BOOKS[CAPTURE].pages[0]
    (deck,) = (c for c in content.cards() if c.id == "knowledge-capture")
    assert all(card.words in prose(page) for card in deck.items)
    for minutes, told in ((45, "**In 45 minutes:**"), (90, "**In 90 minutes:**")):
        line = next(line for line in prose(page).splitlines() if line.startswith(told))
        welcome, each, *parts, after, close = map(int, re.findall(r"\d+", line)[1:])
        assert sum(parts) == each
        assert welcome + 4 * each + after + close == minutes


def test_what_is_said_of_publishing_is_what_the_kit_does() -> None:
    """The numbers to be read aloud are those that the note is checked by."""
    page = next(p for p in BOOKS[CAPTURE].pages if "my-words" in keys(p))
    words = {5: "five", 10: "ten"}
    assert f"at least {words[MIN_CARDS]} cards" in prose(page)
    assert f"fewer than {words[MIN_PEOPLE]} of us" in prose(page)
    assert "may this be published?" in prose(page)


def test_who_leads_an_event_prepares_for_what_they_would_rather_not_read() -> None:
    """Before, on the day, and afterwards; none of it can be shared."""
    book = BOOKS[CAPTURE]
    asked = [keys(p) for p in book.pages if p.prompts]
    assert ["hope", "dread", "not-knowing"] in asked
    assert asked[-1] == ["surprise", "heard", "differently", "first-step", "first-step-by"]
    assert [p.name for page in book.pages for p in page.parts if isinstance(p, Listing)] == [
        "events"
    ]


# A module says when to look at it again, and where the organisation's own policy is.


def _end(book: Workbook, policy: Policy | None = None) -> str:
    settings = Settings(policies={ACTIONS: policy} if policy else {})
    return str(render("parts/module-end.html", workbook=book, settings=settings))


def test_a_module_ends_with_ones_own_policy_and_a_day_to_look_again() -> None:
    """A link that only a press follows, which says that it leaves the kit; where there is none,
    one sentence says whom to ask.  Other workbooks end as they did."""
    book = BOOKS[ACTIONS]
    assert book.review_by == date(2027, 11, 30)
    none = _end(book)
    assert "Look at this again by 30 November 2027." in none
    assert "ask your manager or your chair" in none and "<a " not in none
    linked = _end(book, Policy("How we <meet>", "https://intranet.example/meetings?a=1&b=2"))
    assert 'href="https://intranet.example/meetings?a=1&amp;b=2" rel="noreferrer"' in linked
    assert "How we &lt;meet&gt;</a>" in linked and "leaves the kit" in linked
    assert "ask your manager" not in linked
    assert _end(BOOKS[LETTING_GO]).strip() == ""


def _copied(folder: Path, **about: object) -> Path:
    """The module in a programme's own folder, with other things said about it."""
    source = kit_folder("workbooks") / f"{ACTIONS}.ipynb"
    doc = json.loads(source.read_text(encoding="utf-8"))
    doc["metadata"]["cascade"] |= about
    doc["metadata"]["cascade"] = {k: v for k, v in doc["metadata"]["cascade"].items() if v}
    path = folder / "toolkit" / source.name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(doc), encoding="utf-8")
    return path


def test_a_day_that_is_missing_or_has_passed_is_named_and_the_module_stays(tmp_path: Path) -> None:
    """``cascade check`` asks for a date, or to read it again; people can go on using it.  What is
    no date is a fault of the file."""
    folder = init(tmp_path / "programme")
    passed = date.today() - timedelta(days=1)  # noqa: DTZ011 - as the clock on the wall has it
    for about, said in (
        ({"review_by": None}, 'Add to metadata.cascade a line such as "review_by": "2027-11-30".'),
        ({"review_by": passed.isoformat()}, f"again by {passed.day} {passed:%B %Y}. When there"),
    ):
        _copied(folder.local / "workbooks", **about)
        (fault,) = (f for f in check(folder.path) if f.file == f"{ACTIONS}.ipynb")
        assert said in fault.sentence
        assert shelf.open_shelf(folder.local).find(ACTIONS) is not None
    for odd in ("30/11/2027", "2027-13-01", 2027):
        (fault,) = shelf.check(_copied(tmp_path, review_by=odd))
        assert "metadata.cascade.review_by is no date" in fault.sentence
    assert [f for f in check() if "again by" in f.sentence or "A module" in f.sentence] == []


@pytest.mark.parametrize(
    ("policies", "said"),
    [
        ({ACTIONS: {"title": "Meetings"}}, "policies needs a title and a link"),
        ({ACTIONS: "https://intranet.example"}, "policies needs a title and a link"),
        ({ACTIONS: {"title": " ", "link": "https://intranet.example"}}, "needs a title, in words"),
        ({ACTIONS: {"title": "M", "link": "http://intranet.example"}}, "must begin with https://"),
        ({ACTIONS: {"title": "M", "link": "javascript:alert(1)"}}, "must begin with https://"),
        ({ACTIONS: {"title": "M", "link": "https:///etc/passwd"}}, "must begin with https://"),
        ({ACTIONS: {"title": "M", "link": "https://a b"}}, "must begin with https://"),
        ({ACTIONS: {"title": 3, "link": "https://intranet.example"}}, "needs a title, in words"),
        (3, "policies needs a title and a link"),
    ],
)
def test_a_policy_that_cannot_be_shown_stops_the_start(
    tmp_path: Path, policies: object, said: str
) -> None:
    """One sentence says what to put right."""
    path = tmp_path / "programme.toml"
    path.write_text(settings_text(policies=policies), encoding="utf-8")
    with pytest.raises(SettingsFault) as refused:
        read_settings(path)
    assert str(refused.value).startswith("programme.toml: ") and said in str(refused.value)


def test_a_policy_for_a_workbook_that_is_not_there_is_named(tmp_path: Path) -> None:
    """A slip in the name would otherwise show nobody anything."""
    folder = init(tmp_path / "programme")
    own = {
        id: {"title": "How we meet", "link": "https://intranet.example/meetings"}
        for id in (ACTIONS, "toolkit/actions-that-get-lost")
    }
    folder.toml.write_text(settings_text(policies=own), encoding="utf-8")
    assert read_settings(folder.toml).policies[ACTIONS].title == "How we meet"
    assert [f.sentence for f in check(folder.path) if "policies" in f.sentence] == [
        "policies names toolkit/actions-that-get-lost, and there is no such workbook."
    ]
