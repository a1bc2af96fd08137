"""The leader's workbooks: each gives what its outline promises, and asks nothing twice."""

import re

import pytest

from cascade_tools import content, shelf
from cascade_tools.kit import kit_folder
from cascade_tools.model import eligibility
from cascade_tools.model.people import Role
from cascade_tools.model.prompts import Answer, Kind, Prompt, Who
from cascade_tools.model.workbook import Drawing, Listing, Page, Prose, Workbook

FOLDER = kit_folder("workbooks") / "leader"
BOOKS = {path.stem: shelf.read(path) for path in sorted(FOLDER.glob("*.ipynb"))}
WARNING = (
    "Write about what you notice, feel and do. Use initials or job roles. Leave out other people's "
    "health, beliefs or private life. If someone may be in danger, do not write it here: use "
    "*Worried about someone?* at the foot of the page."
)
FREE = (Kind.TEXT, Kind.LONG, Kind.PERSON, Kind.ACTION, Kind.GOAL)


def prompt(book: str, key: str) -> Prompt:
    found = BOOKS[book].prompt(key)
    assert found is not None, key
    return found


def keys(pages: tuple[Page, ...]) -> list[str]:
    return [p.key for page in pages for p in page.prompts]


def prose(page: Page) -> str:
    return "\n".join(part.markdown for part in page.parts if isinstance(part, Prose))


def page_of(book: str, key: str) -> Page:
    return next(page for page in BOOKS[book].pages if key in [p.key for p in page.prompts])


def test_the_leader_has_nine_workbooks() -> None:
    """Everything a leader does alone in the journey has a workbook of its own; looking back at the
    start is for programmes that want it."""
    assert set(BOOKS) == {
        *("is-this-for-me", "going-below-the-surface", "before-our-session", "after-our-session"),
        *("where-i-am-now", "my-leadership-map", "sharing-what-i-learned"),
        *("ending-and-keeping-going", "looking-back"),
    }


@pytest.mark.parametrize("book", BOOKS.values(), ids=BOOKS)
def test_the_frame_is_complete(book: Workbook) -> None:
    """Each says for whom it is, how long it takes, what it gives and what happens next."""
    assert Role.LEADER in book.roles
    assert 5 <= book.minutes <= 30
    assert book.intro and book.summary.endswith(".") and book.next_words.endswith(".")
    assert all(page.parts for page in book.pages)


@pytest.mark.parametrize("book", BOOKS.values(), ids=BOOKS)
def test_assessment_challenge_and_support_are_all_there(book: Workbook) -> None:
    """The Centre for Creative Leadership's three stand in every workbook; each page has one."""
    assert {tag for page in book.pages for tag in page.tags} == {
        *("assessment", "challenge", "support"),
    }
    assert all(page.tags for page in book.pages)


@pytest.mark.parametrize("book", BOOKS.values(), ids=BOOKS)
def test_the_first_page_to_write_on_says_how_to_write_of_others(book: Workbook) -> None:
    """Before the first box for words stand the warning about names and the way to help."""
    first = next(p for p in book.pages if any(q.kind in FREE for q in p.prompts))
    assert WARNING in prose(first)


def test_what_is_carried_forward_is_somewhere_to_be_found() -> None:
    """An answer that goes along comes from a question of the same kind in a workbook of the kit."""
    for book in BOOKS.values():
        for asked in book.prompts:
            if asked.from_before:
                source, _, key = asked.from_before.rpartition("/")
                before = shelf.read(kit_folder("workbooks") / f"{source}.ipynb").prompt(key)
                assert before is not None, asked.from_before
                assert before.kind is asked.kind and before.who is asked.who


class TestIsThisForMe:
    BOOK = BOOKS["is-this-for-me"]
    OWN = ("hard-to-say", "how-i-heard", "how-i-heard-feels")

    def test_it_is_open_to_anybody_and_says_that_nothing_is_kept(self) -> None:
        """No account, nothing kept until *Send*: said before the first question."""
        assert self.BOOK.public
        assert "Nothing is kept until you press *Send*" in self.BOOK.intro

    def test_only_what_is_meant_for_the_programme_goes_there(self) -> None:
        """What is hard to say, and how somebody came here, stay with them; the page says so."""
        for asked in self.BOOK.prompts:
            own = asked.key in self.OWN
            assert asked.who is (Who.MINE if own else Who.SUBMITTED), asked.key
            if own:
                words = prose(page_of("is-this-for-me", asked.key))
                assert "It does not go to the programme." in words

    def test_the_rules_can_be_read_from_the_answers(self) -> None:
        """The programme's rules find every answer they read, under codes that they know."""
        for key in (
            *(eligibility.LEADS, eligibility.PURPOSE),
            *(eligibility.COMMUNITIES, eligibility.FIRST_SUPPORT),
        ):
            codes = [c.code for c in prompt("is-this-for-me", key).choices]
            assert codes == ["yes", "no", "not-sure"], key
        income = [c.code for c in prompt("is-this-for-me", eligibility.INCOME).choices]
        assert income == [*eligibility.BANDS, "not-sure"]
        paying = [c.code for c in prompt("is-this-for-me", eligibility.PAYING).choices]
        assert paying == [eligibility.CAN_PAY, "funder", "bursary", "not-sure"]

    def test_readiness_has_no_marks(self) -> None:
        """Nothing asked here can be added up: no scale, no number."""
        assert not {Kind.SCALE, Kind.TEN} & {asked.kind for asked in self.BOOK.prompts}

    def test_questions_about_fairness_come_last_and_need_a_yes(self) -> None:
        """They stand alone on the last page, are optional, and are kept only by a choice."""
        last = self.BOOK.pages[-1]
        assert [p.key for p in last.prompts] == [
            *("led-by", "poorest-health", "barriers", "fairness-consent"),
        ]
        assert "This page is optional." in prose(last)
        for asked in last.prompts[:-1]:
            assert "rather-not" in [c.code for c in asked.choices]

    def test_up_to_three_coaches(self) -> None:
        """One may name three coaches and say with whom it would not work."""
        assert {"coach-1", "coach-2", "coach-3", "not-with"} <= set(keys(self.BOOK.pages))


class TestAroundASession:
    def test_before_the_short_way_is_three_boxes(self) -> None:
        """On a phone: what for, what result, how I am; the longer way looks back as well."""
        book = BOOKS["before-our-session"]
        short = keys(book.open_pages({"way": "short"}))
        assert short == ["way", "want", "result", "how-i-am"]
        assert set(keys(book.open_pages({"way": "more"}))) == {p.key for p in book.prompts}

    def test_before_opens_with_what_was_said_last_time(self) -> None:
        """What is still open stands before the first box, whichever way is chosen."""
        pages = BOOKS["before-our-session"].open_pages({"way": "short"})
        shown = [part.name for page in pages for part in page.parts if isinstance(part, Listing)]
        assert shown == ["actions"]
        assert [bool(page.prompts) for page in pages] == [True, False, True, True]

    def test_what_would_help_is_not_asked_again(self) -> None:
        """What somebody wished for after one session opens the talk about how the two work."""
        asked = prompt("before-our-session", "how-we-work")
        assert asked.from_before == "leader/after-our-session/next-time-better"

    def test_after_the_short_way_fits_a_phone(self) -> None:
        """What happened, what next, what would help, and safety: under 200 words of ours."""
        book = BOOKS["after-our-session"]
        pages = book.open_pages({"way": "short"})
        assert keys(pages) == ["way", "happened", "actions", "next-time-better", "safety"]
        words = [book.title, book.intro]
        for page in pages:
            words += [page.title, prose(page)]
            for asked in page.prompts:
                words += [asked.question, asked.hint, *(c.words for c in asked.choices)]
        assert len(re.findall(r"[\w'’]+", " ".join(words))) < 200

    def test_after_safety_is_asked_and_never_kept(self) -> None:
        """Whoever is worried sees the route at once, and nothing about it is stored."""
        asked = prompt("after-our-session", "safety")
        assert not asked.keep
        assert dict(asked.says) == {"yes": "worried", "not-sure": "worried"}

    def test_after_ten_lines_serve_both_pictures_and_are_asked_once(self) -> None:
        """Five of the leader's own view, three practical, two of thinking: all seven are there."""
        asked = [p.words_from for p in BOOKS["after-our-session"].prompts if p.words_from]
        view = [f"view/{i.id}" for i in content.item_set("view").items]
        assert asked[:10] == [*view, *(f"axes/{i}" for i in ("CB1", "CB2", "CB3", "LD2", "LD4"))]
        served = {i.serves for i in content.item_set("view").items if i.serves}
        assert served | set(asked[5:10]) == {f"axes/{i.id}" for i in content.item_set("axes").items}

    def test_after_scales_are_shared_only_by_their_own_ticks(self) -> None:
        """The ten lines have one tick and the four another: none goes along unsaid."""
        scales = [p for p in BOOKS["after-our-session"].prompts if p.kind is Kind.SCALE]
        assert [p.words_from for p in scales[10:]] == [f"alliance/A{n}" for n in range(1, 5)]
        ticks = [p.own_tick for p in scales]
        assert all(ticks)
        assert len(set(ticks[:10])) == len(set(ticks[10:])) == 1
        assert ticks[0] != ticks[-1]

    def test_after_the_best_question_gathers_under_its_key(self) -> None:
        """*My questions* finds the question that helped where it looks for it."""
        asked = prompt("after-our-session", "question-helped")
        assert (asked.kind, asked.who) == (Kind.LONG, Who.MINE)

    def test_after_there_are_three_sides_and_somebody_who_hears(self) -> None:
        """My organisation, me, the world around us; and who in the team hears of it, by when."""
        found = set(keys(BOOKS["after-our-session"].pages))
        assert {"lens-organisation", "lens-me", "lens-world", "who-hears", "hears-by"} <= found


class TestWhereIAmNow:
    BOOK = BOOKS["where-i-am-now"]

    def test_the_lines_are_those_of_the_item_set_in_its_order(self) -> None:
        """Twelve for everybody, four for coaches: word for word, 0 to 10, in groups only."""
        tens = [p for p in self.BOOK.prompts if p.kind is Kind.TEN]
        items = content.framework("outcomes_v1").items
        assert [(p.key, p.question) for p in tens] == [(i.id.lower(), i.words) for i in items]
        assert {p.who for p in tens} == {Who.GROUP_RESULTS}

    @pytest.mark.parametrize(
        ("part", "coaches"), [(None, 0), ("leader", 0), ("coach", 4), ("both", 4)]
    )
    def test_the_coachs_lines_are_for_coaches(self, part: str | None, coaches: int) -> None:
        """Nobody who does not coach is asked how they coach."""
        found = keys(self.BOOK.open_pages({"part": part}))
        assert len([key for key in found if key.startswith("co")]) == coaches
        assert len([key for key in found if re.fullmatch(r"o\d+", key)]) == 12

    @pytest.mark.parametrize(
        ("many", "goals"),
        [("none", 0), (None, 1), ("one", 1), ("two", 2), ("three", 3)],
    )
    def test_up_to_three_goals(self, many: Answer, goals: int) -> None:
        """One goal to begin with, more only if asked for, and none if there is none."""
        found = keys(self.BOOK.open_pages({"how-many-goals": many}))
        assert len([key for key in found if key.startswith("goal-")]) == goals

    def test_a_goal_keeps_its_levels_and_is_its_authors(self) -> None:
        """Levels are written once and come along; goals are never part of group results."""
        for n in (1, 2, 3):
            asked = prompt("where-i-am-now", f"goal-{n}")
            assert asked.from_before == f"leader/where-i-am-now/goal-{n}"
            assert asked.who is Who.MINE

    def test_what_else_could_explain_it_is_asked_as_well(self) -> None:
        """Whoever is asked what coaching changed is asked what else did, on the same page."""
        page = page_of("where-i-am-now", "different")
        assert [p.key for p in page.prompts] == ["different", "what-else"]

    def test_everybody_reads_the_same_words_at_the_end(self) -> None:
        """The way to help stands on a last page without a condition, whatever was answered."""
        last = self.BOOK.pages[-1]
        assert not last.prompts and not last.conditions
        assert "*Worried about someone?*" in prose(last)

    def test_measures_of_others_are_not_in_the_notebook(self) -> None:
        """Whether those are asked is the programme's to say: the server adds them."""
        ours = {p.question for p in self.BOOK.prompts}
        theirs = {p.question for measure in content.measures() for p in measure.prompts}
        assert not ours & theirs


class TestMyLeadershipMap:
    BOOK = BOOKS["my-leadership-map"]

    def test_the_twelve_are_asked_by_group(self) -> None:
        """Each group of four has a page of its own, named as the framework names it."""
        items = content.framework("ccl12").items
        found = [(page.title, p.key) for page in self.BOOK.pages for p in page.prompts]
        assert [pair for pair in found if pair[1] in {i.id for i in items}] == [
            (item.group, item.id) for item in items
        ]

    def test_what_matters_is_chosen_from_the_same_twelve(self) -> None:
        """The choice speaks the same codes as the scales, so that the map can join them."""
        asked = prompt("my-leadership-map", "matters-now")
        assert [c.code for c in asked.choices] == [i.id for i in content.item_set("ccl12").items]

    @pytest.mark.parametrize(
        ("lens", "framework"),
        [
            ("nhs", "nhs_lqf"),
            ("nhs-scotland", "nhs_scotland"),
            ("civil-service", "scs_core"),
            ("children", "dfe_kss_practice_leaders"),
            ("care", "sector_standards"),
        ],
    )
    def test_a_lens_opens_only_when_it_is_chosen(self, lens: str, framework: str) -> None:
        """One may look through one list, or none; what is no longer in use is called older."""
        assert f"{lens}-lean" not in keys(self.BOOK.open_pages({"lens": "none"}))
        pages = self.BOOK.open_pages({"lens": lens})
        assert len([key for key in keys(pages) if key.endswith("-lean")]) == 1
        asked = prompt("my-leadership-map", f"{lens}-lean")
        assert asked.choices_from == f"frameworks/{framework}"
        words = {c.code: c.words for c in prompt("my-leadership-map", "lens").choices}[lens]
        assert ("an older list" in words) is (content.framework(framework).status == "historic")

    def test_no_voice_is_the_good_one(self) -> None:
        """Each of the three voices is named with what it costs, and none is marked."""
        page = page_of("my-leadership-map", "voice")
        assert prose(page).count("It can also") == 3
        assert "No voice is the good one." in prose(page)

    def test_after_the_map_come_three_strengths_and_one_or_two_to_grow(self) -> None:
        """The picture comes first; then the person says what they make of it."""
        place = next(
            n
            for n, page in enumerate(self.BOOK.pages)
            if any(isinstance(part, Drawing) and part.name == "map" for part in page.parts)
        )
        assert keys(self.BOOK.pages[place + 1 :]) == [
            *("strength-1", "strength-2", "strength-3", "grow-1", "grow-2", "first-sign"),
        ]


def test_what_was_learned_goes_up_to_the_team_and_across() -> None:
    """Each direction has its page and its date; one action comes of it; the note is one's own."""
    book = BOOKS["sharing-what-i-learned"]
    for way in ("up", "team", "across"):
        assert [p.key for p in page_of(book.id.split("/")[1], way).prompts] == [way, f"{way}-by"]
    assert prompt("sharing-what-i-learned", "actions").kind is Kind.ACTION
    assert prompt("sharing-what-i-learned", "note").who is Who.MINE
    assert "whose-job-grows" in keys(book.pages)


def test_the_letter_is_sealed_and_never_shared() -> None:
    """Nobody else can read it; its author cannot either, until six months have gone."""
    letter = prompt("ending-and-keeping-going", "letter")
    assert (letter.who, letter.sealed_months) == (Who.ONLY_ME, 6)
    last = BOOKS["ending-and-keeping-going"].pages[-1]
    assert last.after_days == 183
    assert last.title == "What is different now?"
    assert "letter" not in keys((last,))


def test_an_ending_names_people_and_shows_the_questions_kept() -> None:
    """Three people by initials or role, and the questions that helped, one of them to keep."""
    book = BOOKS["ending-and-keeping-going"]
    people = [p.key for p in book.prompts if p.kind is Kind.PERSON]
    assert people == ["corner-1", "corner-2", "corner-3"]
    page = page_of("ending-and-keeping-going", "question-to-keep")
    assert [part.name for part in page.parts if isinstance(part, Listing)] == ["questions"]
