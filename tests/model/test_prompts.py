"""An answer is what a person gave, checked; a mistake is a sentence beside the question."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cascade_tools.model.composites import ACTION, GOAL
from cascade_tools.model.prompts import (
    MOST_CHARACTERS,
    NOT_UP,
    SHORT_CHARACTERS,
    SKIPPED,
    Choice,
    Kind,
    Problem,
    Prompt,
    Statement,
    Who,
    check_answer,
    in_words,
)
from cascade_tools.model.prompts import given as is_given
from cascade_tools.model.sorting import to_mend

POINTS = tuple(Choice(str(n), f"Point {n}") for n in range(5))
ESCAPES = (Choice(NOT_UP, "Did not come up"), Choice(SKIPPED, "Skip this one"))
WAYS = (Choice("ten", "Ten minutes"), Choice("no", "No"), Choice("1", "One"))
PROMPTS = {
    Kind.TEXT: Prompt("name", Kind.TEXT, "Name?"),
    Kind.LONG: Prompt("story", Kind.LONG, "Story?"),
    Kind.CHOICE: Prompt("way", Kind.CHOICE, "Which?", WAYS),
    Kind.CHOICES: Prompt("ways", Kind.CHOICES, "Which ones?", WAYS),
    Kind.SCALE: Prompt("much", Kind.SCALE, "How much?", POINTS + ESCAPES),
    Kind.DATE: Prompt("on", Kind.DATE, "When?"),
    Kind.PERSON: Prompt("whom", Kind.PERSON, "Who?"),
    Kind.YES_NO_SKIP: Prompt(
        "said", Kind.YES_NO_SKIP, "Said?", (Choice("yes", "Yes"), Choice("no", "No"), ESCAPES[1])
    ),
    Kind.TEN: Prompt(
        "space", Kind.TEN, "Space?", (*(Choice(str(n), f"{n}") for n in range(11)), ESCAPES[1])
    ),
    Kind.ACTION: Prompt("actions", Kind.ACTION, "What will you do?"),
    Kind.GOAL: Prompt("goal", Kind.GOAL, "What for?"),
    Kind.ORDER: Prompt("steps", Kind.ORDER, "In which order?", WAYS),
    Kind.CLASSIFY: Prompt(
        "sides",
        Kind.CLASSIFY,
        "Which is which?",
        WAYS,
        statements=(
            Statement("roof", "The roof is coming in.", ("ten",), "It is."),
            Statement("ten", "Who?"),
        ),
    ),
}
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
# What one kind of control sends, given to another: near misses find more than noise does.
near = st.sampled_from(
    [0, 1, 4, 5, -1, True, False, 1.0, "0", "4", "5", "no", "ten", NOT_UP, SKIPPED, [], [""],
     ["ten"], ["ten", "ten"], ["ten", 1], [["ten"]], [{}], {}, {"ten": 1}, "1-1-99999999999",
     "99999999999999999999-1-1", "0-0-0", "\ud800", "a\udfffb", "\x00", float("inf"),
     "10", 10, 11, "yes", [{"what": "a\udfff"}], [{"what": 1}], [{"what": "x", "owner": "me"}],
     [{"what": "x", "id": "0a1b2c3d"}] * 2, [{"what": "x"}] * 21, [{"due": "31-2-2026"}],
     [{"what": "x", "moved": ["2026-01-01", 7, "soon"], "id": 5}], [[]], {"goal": "x"},
     {"goal": ["x"]}, {"now": "3"}, {"now": "-2", "more": 1}, {"matters": "2"}, [None],
     {"ten": " 2. ", "no": 1}, {"ten": "2", "no": 2}, {"ten": "9" * 5000}, {"1": True, "no": ""},
     {"roof": "ten"}, {"roof": "", "ten": "no"}, {"roof": ["ten"]}, {"roof": "roof"}]
)  # fmt: skip


@pytest.mark.parametrize("kind", Kind)
@given(raw=json_values | near)
@example(raw={"a": 1})
@example(raw="1-1-99999999999")
@example(raw="\ud800")
def test_nothing_a_browser_sends_is_an_error(kind: Kind, raw: Any) -> None:
    """Any JSON is an answer or a problem with a sentence; an answer can be kept and read back, is
    read as words, and is accepted again as it is."""
    prompt = PROMPTS[kind]
    answer = check_answer(prompt, raw)
    if isinstance(answer, Problem):
        assert answer.key == prompt.key
        assert answer.sentence.endswith(".")
        return
    kept = json.dumps(answer, ensure_ascii=False).encode()
    assert json.loads(kept) == answer
    assert isinstance(in_words(prompt, answer), str)
    assert check_answer(prompt, answer) == answer
    codes = {c.code for c in prompt.choices}
    match kind:
        case Kind.TEXT | Kind.LONG | Kind.PERSON:
            assert isinstance(answer, str)
        case Kind.CHOICE | Kind.YES_NO_SKIP:
            assert answer == "" or answer in codes
        case Kind.CHOICES:
            assert isinstance(answer, list)
            assert set(answer) <= codes
            assert len(set(answer)) == len(answer)
        case Kind.SCALE:
            assert answer in (None, 0, 1, 2, 3, 4, NOT_UP, SKIPPED)
            assert not isinstance(answer, bool)
        case Kind.DATE:
            assert answer == "" or (isinstance(answer, str) and date.fromisoformat(answer))
        case Kind.TEN:
            assert answer in (None, *range(11), SKIPPED)
            assert not isinstance(answer, bool)
        case Kind.ACTION:
            assert isinstance(answer, list)
            assert len({one["id"] for one in answer}) == len(answer) <= 20
            assert all(set(one) == set(ACTION.blank()) for one in answer)
        case Kind.GOAL:
            assert answer is None or set(answer) == set(GOAL.blank())  # type: ignore[arg-type]
        case Kind.ORDER:
            assert answer is None or (isinstance(answer, dict) and set(answer) <= codes)
        case Kind.CLASSIFY:
            assert answer is None or (
                isinstance(answer, dict)
                and set(answer) <= {s.code for s in prompt.statements}
                and set(answer.values()) <= codes
            )


class TestWords:
    @given(text=st.text(max_size=SHORT_CHARACTERS))
    def test_words_stay_as_they_were_written(self, text: str) -> None:
        """Nothing is trimmed or tidied: only line ends become one kind."""
        written = text.replace("\r\n", "\n").replace("\r", "\n")
        for kind in (Kind.TEXT, Kind.LONG):
            assert check_answer(PROMPTS[kind], text) == written

    @pytest.mark.parametrize(
        ("kind", "most"),
        [(Kind.TEXT, SHORT_CHARACTERS), (Kind.LONG, MOST_CHARACTERS), (Kind.PERSON, 40)],
    )
    def test_too_long_says_how_much_it_holds(self, kind: Kind, most: int) -> None:
        """At the limit it is accepted, one more is a problem that names the limit."""
        assert check_answer(PROMPTS[kind], "é" * most) == "é" * most
        problem = check_answer(PROMPTS[kind], "é" * (most + 1))
        assert isinstance(problem, Problem)
        assert f"{most:,}" in problem.sentence

    def test_half_a_character_becomes_a_mark(self) -> None:
        """Half of a picture character, which no computer can store, is shown as lost; the words
        around it are kept."""
        assert check_answer(PROMPTS[Kind.LONG], "so \ud83d tired") == "so \ufffd tired"
        assert check_answer(PROMPTS[Kind.LONG], "so 🙂 tired") == "so 🙂 tired"


class TestChoices:
    def test_a_code_that_is_not_on_the_page_is_refused(self) -> None:
        """Only what the page offers can be chosen, whatever is sent."""
        for kind in (Kind.CHOICE, Kind.CHOICES, Kind.SCALE):
            for raw in ("other", "Ten minutes", ["other"], {"ten": True}, 1.5):
                assert isinstance(check_answer(PROMPTS[kind], raw), Problem)

    def test_several_stand_in_the_order_of_the_page(self) -> None:
        """Boxes ticked in any order, or twice, are kept once and in the order of the page."""
        assert check_answer(PROMPTS[Kind.CHOICES], ["no", "ten", "no"]) == ["ten", "no"]
        assert check_answer(PROMPTS[Kind.CHOICES], "no") == ["no"]

    def test_nothing_is_dropped_in_silence(self) -> None:
        """A list with one thing in it that is no code is a problem as a whole."""
        for raw in (["ten", 1], ["ten", None], ["ten", "other"], [["ten"]]):
            assert isinstance(check_answer(PROMPTS[Kind.CHOICES], raw), Problem)

    @pytest.mark.parametrize("point", range(5))
    def test_a_point_is_a_number_however_it_is_sent(self, point: int) -> None:
        """A form sends "3", a script 3: both are the number."""
        for raw in (point, str(point)):
            answer = check_answer(PROMPTS[Kind.SCALE], raw)
            assert answer == point
            assert type(answer) is int

    def test_true_is_not_one(self) -> None:
        """A scale takes no yes and no."""
        for raw in (True, False):
            assert isinstance(check_answer(PROMPTS[Kind.SCALE], raw), Problem)

    @pytest.mark.parametrize("point", range(11))
    def test_0_to_10_are_numbers_and_nothing_beyond(self, point: int) -> None:
        """Eleven points, each a number however it is sent; 11, -1 and True are none of them."""
        for raw in (point, str(point)):
            answer = check_answer(PROMPTS[Kind.TEN], raw)
            assert answer == point
            assert type(answer) is int
        for raw in (11, -1, "-1", True, NOT_UP, 5.0, "05"):
            assert isinstance(check_answer(PROMPTS[Kind.TEN], raw), Problem)
        assert check_answer(PROMPTS[Kind.TEN], SKIPPED) == SKIPPED

    def test_yes_no_and_skip_are_codes(self) -> None:
        """Yes and no are words, never true and false, and skipping is an answer of its own."""
        asked = PROMPTS[Kind.YES_NO_SKIP]
        assert [check_answer(asked, raw) for raw in ("yes", "no", SKIPPED)] == [
            "yes",
            "no",
            SKIPPED,
        ]
        assert in_words(asked, SKIPPED) == "Skip this one"
        for raw in (True, False, 0, "Yes"):
            assert isinstance(check_answer(asked, raw), Problem)

    def test_a_scale_without_an_escape_offers_none(self) -> None:
        """*Did not come up* is accepted only where it is offered."""
        bare = Prompt("much", Kind.SCALE, "How much?", POINTS)
        for raw in (NOT_UP, SKIPPED):
            assert check_answer(PROMPTS[Kind.SCALE], raw) == raw
            assert isinstance(check_answer(bare, raw), Problem)


class TestOrder:
    @given(order=st.permutations(["ten", "no", "1"]), many=st.integers(1, 3))
    def test_each_line_has_a_number_however_it_is_sent(self, order: list[str], many: int) -> None:
        """Some lines or all, as numbers, as typed, or with empty boxes beside them: the same
        answer, in the order of the page, and it reads in the order of the numbers."""
        wanted = {code: n for n, code in enumerate(order[:many], start=1)}
        typed = {code: f" {wanted[code]}. " if code in wanted else " " for code in order}
        for raw in (wanted, typed, dict.fromkeys(order) | wanted):
            answer = check_answer(PROMPTS[Kind.ORDER], raw)
            assert answer == wanted
            assert isinstance(answer, dict)
            assert [*answer] == [c.code for c in WAYS if c.code in wanted]
        said = in_words(PROMPTS[Kind.ORDER], wanted).split(";\n")
        words = {c.code: c.words for c in WAYS}
        assert said == [f"{n}. {words[code]}" for code, n in wanted.items()]

    @pytest.mark.parametrize(
        "number", [0, 4, -1, "4", "x", "1.5", 1.0, "1st", True, "²", "9" * 5000, [1], {}]
    )
    def test_a_number_of_no_line_says_which_numbers_there_are(self, number: Any) -> None:
        """What is no whole number from 1 to the last is a problem that names them."""
        problem = check_answer(PROMPTS[Kind.ORDER], {"ten": number, "no": 1})
        assert isinstance(problem, Problem)
        assert "from 1 to 3" in problem.sentence
        assert to_mend([c.code for c in WAYS], {"ten": number, "no": 1}) == {"ten"}

    def test_the_same_number_twice_says_so_and_names_the_lines(self) -> None:
        """Two lines with one number are a problem, with the number, and both can be marked."""
        problem = check_answer(PROMPTS[Kind.ORDER], {"ten": "2", "no": 2, "1": "1"})
        assert isinstance(problem, Problem)
        assert problem.sentence.startswith("The number 2 stands on more than one line.")
        assert to_mend([c.code for c in WAYS], {"ten": "2", "no": 2, "1": "1"}) == {"ten", "no"}
        assert to_mend([c.code for c in WAYS], {"ten": "3", "no": "", "1": None}) == set()

    def test_a_line_that_is_not_on_the_page_is_refused(self) -> None:
        """Nothing is dropped in silence, not even beside what is sound."""
        for raw in ({"ten": 1, "gone": 2}, ["ten", "no"], "ten", 1, {"": 1}):
            assert isinstance(check_answer(PROMPTS[Kind.ORDER], raw), Problem)


class TestClassify:
    def test_each_statement_has_one_bin_or_is_left_out(self) -> None:
        """In the order of the page, and read as a line for each bin that holds something."""
        asked = PROMPTS[Kind.CLASSIFY]
        answer = check_answer(asked, {"ten": "no", "roof": "no"})
        assert answer == {"roof": "no", "ten": "no"}
        assert [*answer] == ["roof", "ten"]  # type: ignore[misc]
        assert in_words(asked, answer) == "No: The roof is coming in; Who?"
        both = check_answer(asked, {"ten": "no", "roof": "1"})
        assert in_words(asked, both) == "No: Who?\nOne: The roof is coming in"
        assert check_answer(asked, {"ten": "", "roof": "1"}) == {"roof": "1"}
        assert check_answer(asked, {"ten": "", "roof": None}) is None

    def test_what_is_not_on_the_page_is_refused(self) -> None:
        """A statement or a bin that is not there makes the whole a problem."""
        for raw in ({"roof": "gone"}, {"gone": "ten"}, {"roof": 1}, {"roof": ["ten"]}, ["ten"]):
            assert isinstance(check_answer(PROMPTS[Kind.CLASSIFY], raw), Problem)

    def test_an_answer_to_an_older_question_can_still_be_read(self) -> None:
        """Codes that are no longer there are read as they are, and nothing stops."""
        assert in_words(PROMPTS[Kind.CLASSIFY], {"gone": "bin", "roof": "ten"}) == (
            "Ten minutes: The roof is coming in\nbin: gone"
        )
        assert in_words(PROMPTS[Kind.ORDER], {"gone": 2, "ten": 1, "moved": []}) == (
            "1. Ten minutes;\n2. gone"
        )


class TestDates:
    @pytest.mark.parametrize(
        "written",
        ["27-3-2026", "27 3 2026", "27/03/2026", "27.3.2026", "2026-03-27", "27 Mar 2026",
         "27 march 26", " 27  March  2026 ", "27-3-26", "2026 3 27", "27. 3. 2026", "27/MAR/2026"],
    )  # fmt: skip
    def test_a_date_may_be_written_in_many_ways(self, written: str) -> None:
        """Day first, as people here write; year first, as computers do; the month as a word."""
        assert check_answer(PROMPTS[Kind.DATE], written) == "2026-03-27"

    @pytest.mark.parametrize(
        "written",
        ["30-2-2026", "31 4 2026", "29 2 2026", "0-1-2026", "1-13-2026", "1-1-1899", "1-1-2201",
         "1 1 99999999999", "9" * 41, "one two three", "1-1-20x6", 20260327, ["27", "3", "2026"],
         "27 3", "27", "soon", "1-2-3-4"],
    )  # fmt: skip
    def test_what_is_no_date_is_a_problem_with_an_example(self, written: Any) -> None:
        """A day that never was is refused with an example of how to write one."""
        problem = check_answer(PROMPTS[Kind.DATE], written)
        assert isinstance(problem, Problem)
        assert "27 3 2026" in problem.sentence

    @given(day=st.dates(date(1900, 1, 1), date(2200, 12, 31)), sign=st.sampled_from("-/. "))
    def test_every_real_day_is_itself(self, day: date, sign: str) -> None:
        """Whatever stands between its parts, a real day is kept as that day."""
        written = sign.join((str(day.day), str(day.month), str(day.year)))
        assert check_answer(PROMPTS[Kind.DATE], written) == day.isoformat()
        assert in_words(PROMPTS[Kind.DATE], day.isoformat()) == f"{day.day} {day:%B %Y}"


class TestGiven:
    @pytest.mark.parametrize("value", [0, "0", "no", NOT_UP, SKIPPED, " ", ["no"]])
    def test_zero_and_no_are_answers(self, value: Any) -> None:
        """Zero, "no", *did not come up* and *skipped* are answers."""
        assert is_given(value)

    @pytest.mark.parametrize("value", [None, "", [], {}])
    def test_an_emptied_box_is_no_answer(self, value: Any) -> None:
        """Not reached and rubbed out are not answers, and read as no words."""
        assert not is_given(value)
        assert all(in_words(prompt, value) == "" for prompt in PROMPTS.values())

    @pytest.mark.parametrize(
        ("kind", "empty"),
        [(Kind.TEXT, ""), (Kind.LONG, ""), (Kind.CHOICE, ""), (Kind.CHOICES, []),
         (Kind.SCALE, None), (Kind.DATE, ""), (Kind.PERSON, ""), (Kind.YES_NO_SKIP, ""),
         (Kind.TEN, None), (Kind.ACTION, []), (Kind.GOAL, None), (Kind.ORDER, None),
         (Kind.CLASSIFY, None)],
    )  # fmt: skip
    def test_emptying_is_always_possible(self, kind: Kind, empty: Any) -> None:
        """Any answer can be taken back, whatever kind of question it was."""
        for raw in (None, "", [], {}):
            assert check_answer(PROMPTS[kind], raw) == empty


class TestWording:
    def test_a_prompt_comes_back_from_what_is_remembered(self) -> None:
        """From what is kept of a question, an old answer can be shown under its own words."""
        for prompt in PROMPTS.values():
            again = Prompt.from_asked(json.loads(json.dumps(prompt.as_asked())))
            assert again.asked == prompt.asked
            assert (again.question, again.choices, again.who) == (
                prompt.question,
                prompt.choices,
                prompt.who,
            )

    def test_another_wording_has_another_name(self) -> None:
        """Changing the question, a choice's words or who sees it makes it another question."""
        way = PROMPTS[Kind.CHOICE]
        others = [
            Prompt("way", Kind.CHOICE, "Which one?", WAYS),
            Prompt("way", Kind.CHOICE, "Which?", (*WAYS[:2], Choice("1", "A single one"))),
            Prompt("way", Kind.CHOICE, "Which?", WAYS, who=Who.PAIR),
            Prompt("way2", Kind.CHOICE, "Which?", WAYS),
        ]
        assert len({p.asked for p in [way, *others]}) == 5

    def test_the_names_of_wordings_never_change(self) -> None:
        """Answers kept by an earlier version are found under the same names, and what an earlier
        version remembered of a question is still read."""
        names = {k: PROMPTS[k].asked for k in (Kind.TEXT, Kind.CHOICE, Kind.SCALE)}
        assert names == {
            Kind.TEXT: "c7e39bddc23cdaa8",
            Kind.CHOICE: "4bdbb5c66c9145d6",
            Kind.SCALE: "4ffff4d42390ce71",
        }
        old = PROMPTS[Kind.LONG].as_asked()
        assert set(old) == {
            *("key", "kind", "question", "choices", "who"),
            *("words_from", "choices_from", "own_tick"),
        }
        assert Prompt.from_asked(old).sealed_months == 0

    def test_statements_are_part_of_the_question_and_what_we_hear_is_not(self) -> None:
        """Another statement, or other words, are another question; another word of ours on them
        is not."""
        asked = PROMPTS[Kind.CLASSIFY]
        assert Prompt.from_asked(asked.as_asked()).statement_words == asked.statement_words
        bare = replace(asked, statements=(Statement("roof", "The roof is coming in."),))
        heard = (asked.statements[0], Statement("ten", "Who?", ("no",), "We would ask them."))
        assert bare.asked != asked.asked
        assert replace(asked, statements=heard).asked == asked.asked

    def test_sealing_is_remembered_and_where_words_came_from_is_not(self) -> None:
        """A sealed answer stays sealed when the workbook changes; copying an answer in leaves the
        question what it was."""
        letter = Prompt("story", Kind.LONG, "Story?", sealed_months=6)
        assert Prompt.from_asked(letter.as_asked()).sealed_months == 6
        assert letter.asked != PROMPTS[Kind.LONG].asked
        copied = Prompt("story", Kind.LONG, "Story?", from_before="coach/after-i-coach/story")
        assert copied.asked == PROMPTS[Kind.LONG].asked

    def test_a_hint_is_not_part_of_the_question(self) -> None:
        """Improving a hint or moving a cell leaves old answers under the same question."""
        hinted = Prompt("way", Kind.CHOICE, "Which?", WAYS, hint="Take your time.", cell=7)
        assert hinted.asked == PROMPTS[Kind.CHOICE].asked

    def test_answers_read_as_the_words_that_were_offered(self) -> None:
        """Codes are read as their words, also several and none that is known any more."""
        assert in_words(PROMPTS[Kind.CHOICE], "no") == "No"
        assert in_words(PROMPTS[Kind.CHOICES], ["ten", "no"]) == "Ten minutes; No"
        assert in_words(PROMPTS[Kind.SCALE], 0) == "Point 0"
        assert in_words(PROMPTS[Kind.CHOICE], "gone") == "gone"

    def test_every_class_says_who_sees_it(self) -> None:
        """Each way of keeping an answer has words that people read, and no two the same."""
        assert len({who.words for who in Who}) == len(Who)
