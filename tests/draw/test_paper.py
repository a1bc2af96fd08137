"""Every workbook on paper: the same questions, room to write, and nothing asked of any computer."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from cascade_tools.draw.blanks import drawing_blank, listing_blank
from cascade_tools.draw.drawn import drawn
from cascade_tools.draw.glance import recorded, when
from cascade_tools.draw.paper import WHO_ON_PAPER, later, paper_html, paper_style
from cascade_tools.draw.paper_index import paper_index
from cascade_tools.model.people import Role
from cascade_tools.model.picture import Sitting
from cascade_tools.model.prompts import Choice, Kind, Prompt, Statement, Who, from_0_to_10
from cascade_tools.model.workbook import Condition, Drawing, Listing, Page, Prose, Thought, Workbook
from cascade_tools.settings import PLACEHOLDER, Contact, Settings
from cascade_tools.shelf import DRAWINGS, LISTINGS, PANELS, SERVER_SOURCES, open_shelf

WORKBOOKS = open_shelf().all()
every_workbook = pytest.mark.parametrize("workbook", WORKBOOKS, ids=lambda w: w.id)
HOSTILE = "</style><script>alert(1)</script>&\"'"
YES_NO = (Choice("yes", "Yes, do"), Choice("no", "No, not now"))
LOUD = {"script", "link", "img", "iframe", "object", "embed", "form", "input", "button", "textarea"}


class Reader(HTMLParser):
    """What stands on a page: its words, its elements, and headings in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.headings: list[int] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("em", "strong", "code"):
            self.words.append(" ")
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))

    def handle_data(self, data: str) -> None:
        if self.tags[-1:] != ["style"]:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())


def read(workbook: Workbook, settings: Settings | None = None) -> Reader:
    return Reader(paper_html(workbook, style=paper_style(), programme=settings))


def plain(words: str) -> str:
    """Words as they stand on a page: without the marks of Markdown, spaces evened out."""
    return " ".join(re.sub(r"[*`_]", "", words).split())


def a_workbook(*pages: Page, **more: object) -> Workbook:
    values: dict[str, object] = {"id": "coach/sample", "title": "A sample", "intro": "For a test."}
    values |= {"roles": frozenset({Role.COACH}), "minutes": 5, "pages": pages}
    return Workbook(**values | more)  # type: ignore[arg-type]


def asking(*prompts: Prompt, **more: object) -> Workbook:
    return a_workbook(Page("one", "One page", prompts), **more)


# Every workbook of the kit


@every_workbook
def test_nothing_is_loaded_run_or_sent(workbook: Workbook) -> None:
    """One file that needs nothing: no script, no form, and no address of anything."""
    html = paper_html(workbook, style=paper_style())
    page = Reader(html)
    assert LOUD.isdisjoint(page.tags)
    assert {name for name, _ in page.attributes}.isdisjoint({"src", "href", "srcset", "action"})
    assert not [name for name, _ in page.attributes if name == "style" or name.startswith("on")]
    assert not re.search(r"url\(|@import|https?:(?!//www\.w3\.org/2000/svg)", html)


@every_workbook
def test_everything_on_the_screen_is_on_the_paper(workbook: Workbook) -> None:
    """Title, words, every question with its hint, choices and other ways in, and what is next."""
    text = read(workbook).text
    wanted = [workbook.title, f"about {workbook.minutes} minute", "What this records"]
    wanted += [line for line in workbook.next_words.splitlines() if line]
    for page in workbook.pages:
        wanted.append(page.title)
        for part in page.parts:
            if isinstance(part, Prose):
                wanted += re.findall(r"^[A-Za-z].{5,}$", part.markdown, re.MULTILINE)
    for prompt in workbook.prompts:
        wanted += [prompt.question, prompt.hint, *prompt.other_ways]
        wanted += [one.words for one in (*prompt.choices, *prompt.statements)]
    assert [words for words in wanted if plain(words) not in text] == []


@every_workbook
def test_headings_go_down_one_step_at_a_time(workbook: Workbook) -> None:
    """One first heading, and no level left out, so that a screen reader can find its way."""
    headings = read(workbook).headings
    assert headings.count(1) == 1 and headings[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(headings))


@every_workbook
def test_each_condition_is_a_sentence(workbook: Workbook) -> None:
    """What a screen opens or closes by itself, paper says in words that stand on it elsewhere."""
    text = read(workbook).text
    for page in workbook.pages:
        for condition in page.conditions:
            prompt = workbook.prompt(condition.key)
            assert prompt is not None
            words = {c.code: c.words for c in prompt.choices}
            start = (
                "Leave this part out if you ticked" if condition.unless else "Only if you ticked"
            )
            assert f"{start} “{words[condition.codes[0]]}”" in text
        if page.after_days:
            assert f"Leave this part until {later(page.after_days)}." in text


@every_workbook
def test_a_line_says_what_is_recorded_and_when_it_is_for(workbook: Workbook) -> None:
    """The index and the list of workbooks have something to say of each."""
    assert recorded(workbook) and when(workbook)
    kept = sum(p.keep for p in workbook.prompts)
    counted = sum(int(n) for line in recorded(workbook) for n in re.findall(r"\d+(?= \w)", line))
    assert counted == len(workbook.prompts), kept


# Pictures and lists


@pytest.mark.parametrize("name", DRAWINGS)
def test_each_picture_becomes_a_sentence_and_something_to_fill_in(name: str) -> None:
    """Words that say what to do, and an empty table of the right questions."""
    (workbook, *_) = [w for w in WORKBOOKS if name in {d.name for d in w.drawings}] or [
        a_workbook(Page("one", "One", (Drawing(name, "show"),)))
    ]
    blank = drawing_blank(name, workbook)
    assert blank.title and all(s.endswith(".") for s in blank.sentences)
    assert blank.headers and blank.rows
    assert max(len(row) for row in blank.rows) < len(blank.headers)  # there is room to write
    assert "<table>" in paper_html(workbook, style="")
    # The picture itself, before anybody has answered: a sentence and, once there are answers, a
    # table say the same; a drawing has a title and a description.
    picture = drawn(name, {p.key: p for p in workbook.prompts}, [Sitting(1, 5, {}, current=True)])
    assert picture.title and picture.sentence.endswith((".", "?"))


@pytest.mark.parametrize("name", LISTINGS)
def test_each_list_becomes_an_empty_table(name: str) -> None:
    """What the server would write in, people copy in."""
    page = read(a_workbook(Page("one", "One", (Listing(name, "show"),))))
    blank = listing_blank(name)
    assert page.tags.count("table") == 1 and blank.rows
    assert [h for h in blank.headers if h not in page.text] == []
    assert page.tags.count("tr") == len(blank.rows) + 1


def test_the_grid_has_words_for_who_cannot_see_it() -> None:
    """The empty picture of the balance is an image with a name and a description."""
    html = paper_html(a_workbook(Page("one", "One", (Drawing("balance", "show"),))), style="")
    assert 'role="img"' in html and "An empty grid" in html
    assert 'id="picture-grid-title"' in html and 'aria-labelledby="picture-grid-title' in html


def test_the_lines_that_count_are_those_of_the_workbook() -> None:
    """The leader's own lines stand in for the coach's where one answer serves for both."""
    for name in ("coach/after-i-coach", "leader/after-our-session"):
        (workbook,) = [w for w in WORKBOOKS if w.id == name]
        blank = drawing_blank("balance", workbook)
        assert blank.asks is not None
        lines = [line for row in blank.asks[2] for line in row if line]
        assert len(set(lines)) == 7
        assert {p.question for p in workbook.prompts} >= set(lines)


def test_a_cell_that_thinks_leaves_room_to_think() -> None:
    """Nobody is left before an empty place; a supervisor's desk becomes a table to keep."""
    page = a_workbook(Page("one", "One", (Thought("think"),)))
    assert "note what strikes you" in read(page).text
    desk = replace(page, desk=True, roles=frozenset({Role.SUPERVISOR}))
    assert "Last talked" in read(desk).text


# Every kind of question


def room(html: str) -> int:
    """How many lines, boxes and ticks there are to write on, in the questions themselves."""
    inside = html[html.index('class="ask ') : html.index('aria-labelledby="away"')]
    return inside.count("<span></span>") + inside.count("<i></i>") + inside.count('class="tick"')


@pytest.mark.parametrize("kind", Kind)
def test_each_kind_has_room_to_answer(kind: Kind) -> None:
    """Lines for words, boxes for dates, a tick for each choice, and all parts of what has parts."""
    choices = YES_NO if kind in (Kind.CHOICE, Kind.CHOICES, Kind.SCALE, Kind.YES_NO_SKIP) else ()
    if kind is Kind.TEN:
        choices = from_0_to_10("Not at all", "Completely")
    if kind in (Kind.ORDER, Kind.CLASSIFY):
        choices = YES_NO
    prompt = Prompt("key", kind, "A question?", choices)
    if kind is Kind.CLASSIFY:
        prompt = replace(prompt, statements=(Statement("a", "First"), Statement("b", "Second")))
    html = paper_html(asking(prompt), style="")
    assert room(html) >= max(1, len(choices)) * (len(prompt.statements) or 1)
    if kind is Kind.ACTION:
        assert html.count("By when?") == html.count("When will you first look back at it?") == 3
    if kind is Kind.GOAL:
        assert "What would be better still?" in html


def test_what_we_hear_stands_apart_from_what_is_asked() -> None:
    """Statements are ticked on one page; what the kit says to each comes after the last, so that
    nobody reads it first."""
    said = (Statement("a", "You mend the roof.", ("yes", "no"), "Roofs leak."), Statement("b", "B"))
    asked = Prompt("key", Kind.CLASSIFY, "Whose is it?", YES_NO, statements=said)
    text = read(asking(asked)).text
    assert "How we hear them stands at the end." in text
    assert text.count("You mend the roof.") == 2
    assert text.index("Before you put it away") < text.index("Yes, do, or no, not now. Roofs leak.")
    own = replace(asked, statements=(Statement("a", "You mend the roof."), said[1]))
    assert "How we hear them" not in read(asking(own)).text


@pytest.mark.parametrize("source", SERVER_SOURCES)
def test_a_list_nobody_knows_yet_has_lines(source: str) -> None:
    """Where a server would fill in the choices, there is room to write them."""
    prompt = Prompt("key", Kind.CHOICE, "Which?", choices_from=source)
    assert room(paper_html(asking(prompt), style="")) == 3


def test_what_is_not_kept_is_not_written_down() -> None:
    """Its choices have no box to tick, and the page says so."""
    prompt = Prompt("safe", Kind.CHOICE, "Is everyone safe?", YES_NO, keep=False)
    html = paper_html(asking(prompt), style="")
    assert "Write nothing here." in html and "Not to be written down at all" in html
    assert room(html) == 0


@pytest.mark.parametrize("panel", PANELS)
def test_a_panel_is_said_under_its_choices_once(panel: str) -> None:
    """What opens on a screen when somebody is in need stands on the paper for everybody."""
    says = (("yes", panel), ("no", panel))
    text = read(asking(Prompt("key", Kind.CHOICE, "Well?", YES_NO, says=says))).text
    assert text.count("Yes, do or No, not now:") == 1
    assert re.search(r"Yes, do or No, not now: .{10,}ring|[Rr]ing a person now", text)


def test_a_choice_among_several_says_so() -> None:
    """One tick is the rule; the exception is named."""
    assert "Tick as many as fit." in read(asking(Prompt("k", Kind.CHOICES, "Q?", YES_NO))).text
    assert "Tick as many as fit." not in read(asking(Prompt("k", Kind.CHOICE, "Q?", YES_NO))).text


def test_a_letter_is_long_and_folded_over() -> None:
    """Words that are put away for months have a sheet, and a day to open it."""
    prompt = Prompt("letter", Kind.LONG, "Dear me", who=Who.ONLY_ME, sealed_months=6)
    html = paper_html(asking(prompt), style="")
    assert "Open it again after six months." in html
    assert room(html) == 20
    assert 'class="sheet apart"' in html  # it can be kept back


# Who can see it, and the two people


@pytest.mark.parametrize("who", Who)
def test_who_can_see_it_is_said_in_terms_of_paper(who: Who) -> None:
    """Before the questions, and once more on the page itself where it is not only one's own."""
    text = read(asking(Prompt("key", Kind.LONG, "A question?", who=who))).text
    assert text.count(WHO_ON_PAPER[who]) == (1 if who is Who.MINE else 2)
    assert "kit" not in WHO_ON_PAPER[who] and "sign" not in WHO_ON_PAPER[who]


def test_two_people_are_told_how_to_use_two_sheets_or_one() -> None:
    """Sealed sheets are written apart and laid side by side; a shared one is passed on."""
    page = Page("one", "One", (Prompt("key", Kind.LONG, "Q?"),), once_opened=True)
    sealed = read(a_workbook(page, about="pair", together="sealed")).text
    assert "what do you notice about the difference?" in sealed
    assert "once you have both laid your sheets side by side" in sealed
    assert "one sheet for two people" in read(asking(about="pair", together="shared")).text


def test_a_box_of_its_own_is_a_tick_of_its_own() -> None:
    """What is shared only by its own tick is asked once, at the end, beside whom to show it to."""
    prompts = [Prompt(k, Kind.LONG, f"{k}?", own_tick="Share my ten?") for k in ("a", "b")]
    text = read(asking(*prompts, share_with=("supervisor",))).text
    assert text.count("Share my ten?") == 1
    assert "I would like to show a copy to my supervisor." in text


def test_the_same_question_on_two_pages_is_told_apart() -> None:
    """A condition names the part it looks back to."""
    ask = [Prompt(k, Kind.CHOICE, "Go on?", YES_NO) for k in ("first", "second")]
    pages = (
        Page("one", "Top", (ask[0],)),
        Page("two", "Middle", (ask[1],)),
        Page(
            "three", "Deep", (), (Condition("second", ("yes",)), Condition("first", ("no",), True))
        ),
    )
    text = read(a_workbook(*pages)).text
    assert "Only if you ticked “Yes, do” in part 2, Middle." in text
    assert "Leave this part out if you ticked “No, not now” in part 1, Top." in text


@pytest.mark.parametrize(
    ("days", "words"),
    [(1, "one day"), (10, "10 days"), (14, "two weeks"), (60, "two months"), (183, "six months")],
)
def test_days_are_said_as_people_say_them(days: int, words: str) -> None:
    """Two weeks, six months."""
    assert later(days) == f"{words} from now"


# A programme's own paper


def test_numbers_to_ring_stand_on_the_paper_or_have_a_line() -> None:
    """Without a programme, or where a number was never filled in, there is a line for it."""
    workbook = asking(Prompt("key", Kind.LONG, "Q?"))
    assert read(workbook).text.count("(number to fill in)") == 2
    contact = Contact("Wren Testfield", "01632 960111", "Out of hours")
    settings = Settings(
        programme_name="Ours", programme_phone="01632 960100", safeguarding=(contact,),
        support=(Contact("Samaritans", "116 123"),), roles={"coach": "companion"},
    )  # fmt: skip
    text = read(workbook, settings).text
    for words in ("Ours", "01632 960100", "Wren Testfield 01632 960111", "Samaritans 116 123"):
        assert words in text
    assert "For companion" in text and "to fill in" not in text
    unfinished = replace(settings, programme_phone=PLACEHOLDER, safeguarding=())
    text = read(workbook, unfinished).text
    assert PLACEHOLDER not in text and text.count("(number to fill in)") == 2


def test_hostile_words_are_words() -> None:
    """Whatever an author or an operator wrote stays text."""
    prompt = Prompt(
        "key", Kind.CHOICE, HOSTILE, (Choice("yes", HOSTILE),), hint=HOSTILE, own_tick=HOSTILE,
        other_ways=(HOSTILE,),
    )  # fmt: skip
    page = Page("one", HOSTILE, (Prose(HOSTILE), prompt))
    workbook = a_workbook(page, title=HOSTILE, intro=HOSTILE, summary=HOSTILE, next_words=HOSTILE)
    settings = Settings(programme_name=HOSTILE, roles={"coach": HOSTILE})
    pages = [
        paper_html(workbook, style=paper_style(), programme=settings),
        paper_index([workbook], style=paper_style(), programme=settings),
    ]
    for html in pages:
        assert LOUD.isdisjoint(Reader(html).tags)
        assert html.count("</style>") == 1


# Where it comes from, and the index


def test_paper_says_where_its_questions_come_from() -> None:
    """What rests on others is credited at the foot of the workbooks concerned, and only there."""
    found = {w.id: read(w).text for w in WORKBOOKS}
    assert "Schein" in found["coach/after-i-coach"]
    assert "Kiresuk and Sherman" in found["leader/where-i-am-now"]
    assert "Victoria Climbié Inquiry" in found["pair/what-i-said-i-would-do"]
    assert "common property" in found["leader/going-below-the-surface"]
    assert "Where this comes from" not in read(asking(Prompt("key", Kind.LONG, "Q?"))).text


def test_the_index_leads_to_every_workbook() -> None:
    """Each with what it is for, for whom, when, how long, and what it records."""
    html = paper_index(WORKBOOKS, style=paper_style())
    page = Reader(html)
    links = [value for name, value in page.attributes if name == "href"]
    assert sorted(links) == sorted(f"{w.id}.html" for w in WORKBOOKS)
    for workbook in WORKBOOKS:
        for words in (workbook.title, workbook.summary, when(workbook), *recorded(workbook)):
            assert plain(words) in page.text
    assert len(set(page.headings)) == 3 and LOUD.isdisjoint(page.tags)


def test_the_style_prints_in_black_and_white_and_keeps_questions_whole() -> None:
    """No colour carries anything; nothing is cut in two where a page ends."""
    style = paper_style()
    colours = set(re.findall(r"#[0-9a-f]{3,6}\b", style))
    assert all(len(set(re.findall("..", c[1:]) if len(c) == 7 else c[1:])) == 1 for c in colours)
    assert re.search(r"\.ask,[^{]*\{ break-inside: avoid", style)
    assert "background-image" not in style
