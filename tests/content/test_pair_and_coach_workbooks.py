"""The workbooks of pairs, coaches and supervisors: what each asks, and who may see it."""

from dataclasses import dataclass

import pytest

from cascade_tools import content, shelf
from cascade_tools.kit import kit_folder
from cascade_tools.model.people import Role
from cascade_tools.model.prompts import Kind, Prompt, Who
from cascade_tools.model.workbook import Drawing, Listing, Moment, Page, Prose, Workbook

AGREEING = "pair/agreeing-how-we-will-work"
AGREEMENT = "pair/our-agreement"
ACTIONS = "pair/what-i-said-i-would-do"
HALF_WAY = "pair/half-way-review"
ENDING = "pair/ending-well"
BEFORE = "coach/before-i-coach"
AFTER = "coach/after-i-coach"
READY = "coach/getting-ready-for-supervision"
LEARNING = "coach/what-i-am-learning"
MEETING = "supervisor/our-supervision"
REVIEW = "supervisor/reviewing-a-reflection"
WELCOME = "everyone/welcome"

PAIR_ROLES = "coach leader"
PROGRAMME_ONLY = "keep-my-answers group-results"


@dataclass(frozen=True)
class Facts:
    """What must be true of one workbook.  Whatever is not ``only_me``, ``pair`` or ``programme``
    is its author's until they share it.  ``notes`` open once both sheets are open."""

    roles: str
    about: str = ""
    together: str = ""
    share_with: str = ""
    pages: str = ""
    only_me: str = ""
    pair: str = ""
    programme: str = ""
    notes: str = ""


FACTS = {
    WELCOME: Facts(
        "leader coach supervisor lead evaluator author",
        pages="keeping-what-you-write group-results who-can-see-what the-limits what-to-leave-out "
        "if-others-use-this-computer your-rights",
        programme=PROGRAMME_ONLY,
    ),
    AGREEING: Facts(
        PAIR_ROLES,
        "pair",
        "sealed",
        pages="your-part what-i-hope-for how-i-came-to-be-here what-we-will-and-will-not-do "
        "learning-goes-both-ways when-and-how-we-meet when-a-session-has-to-move between-sessions "
        "what-stays-between-us what-the-coach-takes-to-supervision your-supervisor "
        "what-should-not-go-there notes power the-fee-and-where-it-goes if-a-funder-pays "
        "if-it-is-not-working a-name-to-use practical-help-and-thinking-for-yourself when-we-end "
        "only-for-you what-do-you-notice",
        only_me="my-part how-i-came-feels hard-to-say",
        pair="hopes worth-it how-i-came we-will we-will-not learn-from-you rhythm how-we-meet "
        "easier moving between between-how kept-between limits-clear disguise supervised-by "
        "not-there notes power disagree fee funder-told not-working label practical-help "
        "own-thinking ends",
        notes="difference",
    ),
    AGREEMENT: Facts(
        PAIR_ROLES,
        "pair",
        pages="the-agreement part-of-every-agreement-here names-and-date",
        pair="hopes we-will we-will-not learn-from-you practical-help own-thinking rhythm "
        "how-we-meet easier moving between between-how kept-between supervised-by disguise notes "
        "power disagree fee not-working label ends always signed signed-on",
    ),
    ACTIONS: Facts(
        PAIR_ROLES,
        "pair",
        "shared",
        pages="what-is-open what-who-by-when-and-a-first-look",
        pair="actions",
    ),
    HALF_WAY: Facts(
        PAIR_ROLES,
        "pair",
        "sealed",
        pages="your-part what-is-working what-to-change the-balance-as-the-coach-sees-it "
        "the-balance-as-the-leader-sees-it what-you-hoped-for how-we-work-together "
        "the-sessions-you-have-left only-for-you what-do-you-notice keep-and-change "
        "a-plan-for-what-is-left",
        only_me="my-part hard-to-say",
        pair="working to-change ax-cb1 ax-cb2 ax-cb3 ax-ld1 ax-ld2 ax-ld3 ax-ld4 leader-ax-cb1 "
        "leader-ax-cb2 leader-ax-cb3 leader-ax-ld1 leader-ax-ld2 leader-ax-ld3 leader-ax-ld4 "
        "expectations expectations-note alliance-goals alliance-way alliance-respect "
        "alliance-honest sessions-for",
        notes="difference keep change plan",
    ),
    ENDING: Facts(
        PAIR_ROLES,
        "pair",
        "sealed",
        pages="your-part how-it-is-ending ending-early what-we-set-out-to-do goals thanks regrets "
        "what-i-learned-from-you five-questions-that-landed notes in-six-months only-for-you "
        "what-do-you-notice",
        only_me="my-part hard-to-say",
        pair="ended-how early-words set-out came-of-it goal-1 goal-2 goal-3 thanks regrets learned "
        "five-questions notes notes-on notes-kept follow-up follow-up-on",
        notes="difference",
    ),
    BEFORE: Facts(
        "coach",
        "session",
        share_with="supervisor",
        pages="what-was-said-last-time what-i-am-bringing how-i-mean-to-be my-likely-pull "
        "two-questions how-many-are-left my-energy",
        only_me="pull energy",
    ),
    AFTER: Facts("coach", "session", share_with="supervisor"),
    READY: Facts(
        "coach",
        share_with="supervisor",
        pages="since-last-time which-way-today three-lines what-to-bring what-it-is-about "
        "the-leader-you-and-the-two-of-you what-it-stirs-in-me what-we-might-both-be-missing "
        "what-i-have-not-brought a-difficulty-i-am-glad-i-noticed what-i-need "
        "what-i-want-to-leave-with",
        only_me="eye-hope-not-asked",
    ),
    LEARNING: Facts(
        "coach",
        pages="whose-work-i-did a-question-for-my-own-team what-came-of-the-last-one "
        "what-i-will-stop-answering one-experiment",
    ),
    MEETING: Facts(
        "supervisor",
        "meeting",
        pages="when who-changed-it how-you-met what-you-talked-about what-you-agreed "
        "who-will-do-what next-time",
        pair="on state changed-by minutes how worked-on keeps-going standards agreed "
        "agreed-actions next-on",
    ),
    REVIEW: Facts(
        "supervisor",
        "snapshot",
        share_with="author",
        pages="a-short-answer answer-by-answer what-you-appreciate what-you-are-curious-about "
        "a-next-step more-if-it-helps a-step-in-four-parts a-place-to-look-from "
        "what-supervision-is-for the-ten-answers-if-they-were-shared a-note-to-keep",
    ),
}
SEALED = [id for id, facts in FACTS.items() if facts.together == "sealed"]
WARNING = (
    "Use initials or job roles. Leave out other people's health, beliefs or private life. "
    "If someone may be in danger, do not write it here: use *Worried about someone?* at the foot "
    "of the page."
)
OPENING = "Write about what you notice, feel and do. "
OLDER = {AFTER, MEETING, REVIEW}
FREE = (Kind.LONG, Kind.PERSON, Kind.ACTION, Kind.GOAL)
SORTING = {"way", "my-part"}  # which pages come, and nothing about anybody
A_C_S = {"assessment", "challenge", "support"}


def workbook(id: str) -> Workbook:
    return shelf.read(kit_folder("workbooks") / f"{id}.ipynb")


def prompt(id: str, key: str) -> Prompt:
    found = workbook(id).prompt(key)
    assert found is not None, f"{id} does not ask {key}"
    return found


def page(id: str, key: str) -> Page:
    """The page that asks this."""
    return next(p for p in workbook(id).pages if key in [q.key for q in p.prompts])


def prose(page: Page) -> str:
    return " ".join(part.markdown for part in page.parts if isinstance(part, Prose))


def words(text: str) -> set[str]:
    return set(text.split())


def keys(id: str, who: Who) -> set[str]:
    return {p.key for p in workbook(id).prompts if p.who is who}


@pytest.mark.parametrize("id", FACTS)
def test_the_frame_is_complete(id: str) -> None:
    """Who it is for, what it belongs to, how it is kept, how long it takes, what happens next."""
    book, facts = workbook(id), FACTS[id]
    assert book.roles == {Role(r) for r in facts.roles.split()}
    assert (book.about, book.together) == (facts.about, facts.together)
    assert words(" ".join(book.share_with)) == words(facts.share_with)
    assert book.minutes and book.summary and book.next_words and book.intro
    assert not book.public


@pytest.mark.parametrize("id", [id for id, facts in FACTS.items() if facts.pages])
def test_every_section_is_there_in_its_order(id: str) -> None:
    """Each section of the design has a page, and pages come in the order of a conversation."""
    assert [p.id for p in workbook(id).pages] == FACTS[id].pages.split()


@pytest.mark.parametrize("id", FACTS)
def test_each_answer_has_the_audience_it_should(id: str) -> None:
    """What is only mine, what the other will see, what the programme sees: by key, no more."""
    facts = FACTS[id]
    assert keys(id, Who.ONLY_ME) == words(facts.only_me)
    assert keys(id, Who.PAIR) == words(facts.pair)
    assert keys(id, Who.PROGRAMME) == words(facts.programme)
    assert not keys(id, Who.GROUP_RESULTS) | keys(id, Who.SUBMITTED)


@pytest.mark.parametrize("id", FACTS)
def test_a_private_page_says_so(id: str) -> None:
    """Where an answer can never be shared, the page or the box tells the person, in words."""
    for key in words(FACTS[id].only_me) - SORTING:
        told = f"{prose(page(id, key))} {prompt(id, key).hint}"
        assert "Nobody else will ever see" in told, key


@pytest.mark.parametrize("id", [id for id in FACTS if id != WELCOME])
def test_the_first_page_for_writing_carries_the_warning(id: str) -> None:
    """Initials, no one's private life, nothing urgent: said before the first box, once a way."""
    book = workbook(id)
    writing = [p for p in book.pages if any(q.kind in FREE for q in p.prompts)]
    first = [writing[0]]
    if id == READY:
        first = [page(id, "one-leader"), page(id, "eye-leader")]
    for one in first:
        assert WARNING in prose(one)
        assert id in OLDER or OPENING + WARNING in prose(one)


def test_the_warning_stands_on_every_way_of_ending() -> None:
    """Whether it ended early or as planned, the first box comes after the warning."""
    assert WARNING in prose(page(ENDING, "early-words"))
    assert WARNING in prose(page(ENDING, "set-out"))


@pytest.mark.parametrize("id", [id for id in FACTS if id.startswith(("pair/", "coach/"))])
def test_pages_say_what_they_give(id: str) -> None:
    """Every page that asks for thought is tagged; all three kinds stand in the longer ones."""
    book = workbook(id)
    for p in book.pages:
        assert p.tags or {q.key for q in p.prompts} <= SORTING, p.id
    given = {tag for p in book.pages for tag in p.tags}
    assert given == A_C_S or id in (ACTIONS, AGREEMENT)


@pytest.mark.parametrize("id", FACTS)
def test_what_is_carried_comes_from_a_question_of_the_same_kind(id: str) -> None:
    """An answer that is copied in was asked for, fits, and never leaves a private box."""
    for asked in workbook(id).prompts:
        if not asked.from_before:
            continue
        before, _, key = asked.from_before.rpartition("/")
        source = prompt(before, key)
        assert source.kind is asked.kind, asked.key
        assert source.choices == asked.choices, asked.key
        assert source.who is not Who.ONLY_ME or asked.who is Who.ONLY_ME, asked.key
        assert source.keep


# Done together


@pytest.mark.parametrize("id", SEALED)
def test_notes_on_the_difference_open_last_and_stay_ones_own(id: str) -> None:
    """After both sheets open there is room to notice; the other has been promised none of it."""
    book = workbook(id)
    late = [p for p in book.pages if p.once_opened]
    assert [p.id for p in late] == [p.id for p in book.pages[-len(late) :]]
    assert [q.key for p in late for q in p.prompts] == FACTS[id].notes.split()
    assert {q.who for p in late for q in p.prompts} == {Who.MINE}
    assert prompt(id, "difference").question == "What do you notice about the difference?"
    sealed = book.open_pages({}, Moment())
    assert not [p for p in sealed if p.once_opened]
    assert late[0] in book.open_pages({}, Moment(opened=True))


AXES = ["cb1", "cb2", "cb3", "ld1", "ld2", "ld3", "ld4"]
OWN = {
    AGREEING: ({"supervised-by"}, {"not-there", "funder-told"}),
    HALF_WAY: ({f"ax-{a}" for a in AXES}, {f"leader-ax-{a}" for a in AXES}),
    ENDING: (set(), {"goal-1", "goal-2", "goal-3"}),
}


@pytest.mark.parametrize("id", SEALED)
def test_each_half_of_a_pair_is_asked_its_own_questions(id: str) -> None:
    """One choice, made once for all three, leads to the coach's pages or to the leader's."""
    book = workbook(id)

    def asked(part: str) -> set[str]:
        return {q.key for p in book.open_pages({"my-part": part}) for q in p.prompts}

    coach, leader = OWN[id]
    assert (asked("coach") - asked("leader"), asked("leader") - asked("coach")) == (coach, leader)
    if id != AGREEING:
        assert prompt(id, "my-part").from_before == f"{AGREEING}/my-part"


def test_both_are_asked_how_they_came_and_told_that_they_need_not_say() -> None:
    """Six ways of arriving, then the sentence that takes the shame out of it."""
    came = prompt(AGREEING, "how-i-came")
    assert [c.words for c in came.choices] == [
        "I chose it",
        "A funder suggested it",
        "My board suggested it",
        "Someone I trust suggested it",
        "Other",
        "I would rather not say",
    ]
    parts = page(AGREEING, "how-i-came").parts
    after = parts[parts.index(came) + 1]
    assert isinstance(after, Prose)
    assert (
        "In the first programme, some leaders wondered if their funder thought they needed help, "
        "and felt anxious at first. If any of that is true for you, you can say so, here or to "
        "your coach, or not at all." in after.markdown.replace("\n", " ")
    )


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("we-will", "The coach will not write the plan or the funding bid."),
        ("between", "They are not for answers."),
        ("kept-between", "You would be told first, unless that made things worse."),
        ("kept-between", "a court orders it"),
        ("disguise", "You will get no message each time."),
        ("power", "so that organisation gains if the coaching goes on"),
        ("fee", "to the coach's organisation, not to the coach"),
        ("not-working", "stop or change, without giving a reason"),
        ("not-working", "They do not supervise the coach."),
        ("own-thinking", "Both are good."),
    ],
)
def test_the_contract_says_what_holds_for_everybody(key: str, said: str) -> None:
    """Before a person answers, the page says what is not theirs to settle."""
    assert said in prose(page(AGREEING, key))


def test_the_agreement_begins_with_ones_own_words_and_ends_with_a_name() -> None:
    """Each box is copied from one's own sheet; label and ending date have the kit's own keys."""
    for asked in workbook(AGREEMENT).prompts:
        own = {"always", "signed", "signed-on"}
        carried = f"{AGREEING}/{asked.key}"
        assert asked.from_before == ("" if asked.key in own else carried)
    assert prompt(AGREEMENT, "label").kind is Kind.TEXT
    assert prompt(AGREEMENT, "ends").kind is Kind.DATE
    assert [p.key for p in workbook(AGREEMENT).prompts[-2:]] == ["signed", "signed-on"]


def test_what_always_holds_is_part_of_the_accepted_text() -> None:
    """Limits, supervision, stopping, the named person, the fee and the funder are boxes to tick."""
    codes = [c.code for c in prompt(AGREEMENT, "always").choices]
    assert codes == ["limits", "supervision", "stop", "person", "fee", "funder"]


def test_the_list_of_actions_begins_with_what_is_open() -> None:
    """What was said before comes first, then the one list; letting go is put as a choice."""
    first, second = workbook(ACTIONS).pages
    assert [part.name for part in first.parts if isinstance(part, Listing)] == ["actions"]
    assert [p.kind for p in second.prompts] == [Kind.ACTION]
    assert "Let something go when it no longer matters. That is a choice" in prose(second)
    for part in ("**What**", "**Who**", "**By when**", "**First look**"):
        assert part in prose(second)


def test_half_way_asks_the_balance_in_each_ones_own_words() -> None:
    """The coach's seven lines and the leader's seven are the model's, on the same five points."""
    for item in content.item_set("axes").items:
        coach = prompt(HALF_WAY, f"ax-{item.id.lower()}")
        leader = prompt(HALF_WAY, f"leader-ax-{item.id.lower()}")
        assert (coach.question, leader.question) == (item.question, item.leader)
        assert coach.choices == leader.choices


def test_half_way_asks_the_four_lines_about_working_together() -> None:
    """Each line comes from its item, and stands by itself."""
    asked = [p for p in workbook(HALF_WAY).prompts if p.words_from.startswith("alliance/")]
    assert [p.words_from for p in asked] == [
        f"alliance/{i.id}" for i in content.item_set("alliance").items
    ]


@pytest.mark.parametrize(
    ("how", "shown"), [("planned", False), ("early", True), ("could-not-meet", True)]
)
def test_an_early_ending_has_the_same_care(how: str, shown: bool) -> None:
    """Ending early adds a page with words to use; it takes none of the others away."""
    book = workbook(ENDING)
    early = page(ENDING, "early-words")
    opened = book.open_pages({"ended-how": how})
    assert (early in opened) is shown
    planned = book.open_pages({"ended-how": "planned"})
    assert [p for p in opened if p is not early and p.id != early.id] == list(planned)
    assert "Nobody has to say why." in prose(early)
    assert "*Thank you for the time we had." in prose(early)


def test_an_ending_settles_the_notes_by_a_day() -> None:
    """What becomes of notes is chosen, with a date, and the other will read both."""
    assert [c.code for c in prompt(ENDING, "notes").choices] == [
        "none",
        "deleted",
        "will-delete",
        "keep",
    ]
    assert prompt(ENDING, "notes-on").kind is Kind.DATE
    assert prompt(ENDING, "follow-up-on").kind is Kind.DATE


# Coaches


def shown(page: Page) -> list[str]:
    return [part.name for part in page.parts if isinstance(part, Listing | Drawing)]


@pytest.mark.parametrize(
    ("id", "number", "name"),
    [
        (BEFORE, 0, "actions"),
        (BEFORE, 5, "timeline"),
        (READY, 0, "last_supervision"),
        (LEARNING, 1, "questions"),
        (HALF_WAY, 5, "agreement"),
        (HALF_WAY, 7, "timeline"),
        (ENDING, 8, "questions"),
    ],
)
def test_known_things_are_shown_and_not_asked(id: str, number: int, name: str) -> None:
    """What the kit knows already stands on the page where it is needed."""
    assert shown(workbook(id).pages[number]) == [name]


def test_before_i_coach_names_the_pulls_and_the_three_ways_to_be() -> None:
    """The model's five pulls, and one may notice none; its three stances, none of them best."""
    pulls = [c.code for c in prompt(BEFORE, "pull").choices]
    assert pulls == ["rescue", "put-right", "impress", "please", "push", "none"]
    stances = [c.code for c in prompt(BEFORE, "stance").choices]
    assert stances == ["answer", "find-out", "alongside"]


def test_a_tired_coach_is_told_that_a_session_may_move() -> None:
    """Energy is asked from 0 to 10 and seen by nobody; the page says it is fine to move."""
    assert prompt(BEFORE, "energy").kind is Kind.TEN
    assert "it is fine to move this session" in prose(page(BEFORE, "energy"))


def test_back_at_my_place_asks_again_after_two_weeks() -> None:
    """Only who took the longer way is asked, and only when fourteen days have gone."""
    book = workbook(AFTER)
    later = page(AFTER, "asked-own-team")
    assert [p.key for p in later.prompts] == ["asked-own-team", "asked-what-happened"]
    for way, days, asked in (("longer", 13, False), ("longer", 14, True), ("ten", 14, False)):
        assert (later in book.open_pages({"way": way}, Moment(days=days))) is asked


def test_getting_ready_has_a_way_for_who_would_rather_talk() -> None:
    """Three lines and what one needs, and nothing else to fill in."""
    opened = workbook(READY).open_pages({"way": "talk"})
    assert [q.key for p in opened for q in p.prompts] == [
        "way",
        "one-leader",
        "one-worry",
        "one-glad",
        "need",
    ]


def test_getting_ready_looks_from_all_seven_places() -> None:
    """The seven questions are the model's, in its order; any three will do."""
    asked = [p.question for p in workbook(READY).prompts if p.key.startswith("eye-")]
    assert asked == [i.question for i in content.framework("seven_eyes").items]
    assert "Answer any three." in prose(page(READY, "eye-leader"))


def test_getting_ready_lists_ones_own_sheets_and_the_issues() -> None:
    """What to bring is chosen from what is there, and what it is about from the kit's list."""
    assert prompt(READY, "bring").choices_from == "my.sheets"
    assert prompt(READY, "issues").choices_from == "issues"
    assert "up to three" in prose(page(READY, "issues"))
    needs = [c.code for c in prompt(READY, "need").choices]
    assert needs == ["support", "challenge", "teach", "decide"]


# Supervisors, and everyone


def test_more_of_a_review_opens_only_by_choice() -> None:
    """A press is still enough: the lens, the three functions and the note wait to be wanted."""
    book = workbook(REVIEW)
    enough = book.open_pages({"more": "no"})
    assert [p.id for p in enough] == [p.id for p in book.pages[:6]]
    assert book.open_pages({"more": "yes"}) == book.pages
    lens = [c.code for c in prompt(REVIEW, "lens").choices]
    assert lens == [i.id for i in content.framework("seven_eyes").items]
    functions = content.framework("supervision_functions").items
    asked = [p.question for p in page(REVIEW, "help-to-learn").prompts]
    assert asked == [i.question for i in functions]


def test_a_working_note_says_who_may_ask_for_it() -> None:
    """It is released only by a box of its own, and may be asked for as data all the same."""
    note = prompt(REVIEW, "working-note")
    assert note.own_tick
    assert "coach or leader if they ask for their data" in note.hint


@pytest.mark.parametrize("id", [ACTIONS, MEETING, REVIEW])
def test_what_somebody_will_do_is_asked_in_four_parts(id: str) -> None:
    """Actions have the composite's own boxes, and the page says that a draft is fine."""
    actions = [p for p in workbook(id).prompts if p.kind is Kind.ACTION]
    assert len(actions) == 1
    assert "draft, and that is fine" in prose(page(id, actions[0].key))


@pytest.mark.parametrize("key", PROGRAMME_ONLY.split())
def test_each_choice_of_the_welcome_is_one_unticked_box(key: str) -> None:
    """Agreeing is a tick, taking it back is the same box, and nothing is ticked beforehand."""
    asked = prompt(WELCOME, key)
    assert asked.kind is Kind.CHOICES
    assert [c.code for c in asked.choices] == ["yes"]
    assert not asked.from_before


def test_the_welcome_names_five_who_might_see_and_the_limits() -> None:
    """The person who runs the computer is among them, and nobody is promised too much."""
    rows = prose(next(p for p in workbook(WELCOME).pages if p.id == "who-can-see-what"))
    assert rows.count("- **") == 5
    assert "**The person who runs the computer**" in rows
    assert "If they use the kit to do so, you will be told." in rows
    limits = prose(next(p for p in workbook(WELCOME).pages if p.id == "the-limits"))
    assert "You would be told first, unless that made things worse." in limits
