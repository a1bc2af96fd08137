"""Actions and goals: nothing typed is refused for being unfinished, and no date is forgotten."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascade_tools.model.composite_words import standing
from cascade_tools.model.composites import (
    ACTION,
    GOAL,
    MOST_IN_A_BOX,
    MOST_ITEMS,
    agreed,
    keep_history,
    lacks,
    missing,
)
from cascade_tools.model.prompts import Kind, Problem, Prompt, check_answer, in_words

DO = Prompt("actions", Kind.ACTION, "What will you do?")
AIM = Prompt("goal", Kind.GOAL, "What for?")
WHOLE = {
    "what": "Ring the council",
    "owner": "leader",
    "due": "2027-05-03",
    "first_review": "2027-05-10",
}


def action(**changes: Any) -> dict[str, Any]:
    """The agreed action, with some of its parts changed, as it is stored."""
    return kept([WHOLE | changes])[0]


def kept(raw: Any, prompt: Prompt = DO) -> Any:
    value = check_answer(prompt, raw)
    assert not isinstance(value, Problem)
    return value


class TestAgreed:
    def test_an_action_is_agreed_with_what_who_by_when_and_first_review(self) -> None:
        """The rule of the inquiry: all four, and nothing else is needed."""
        assert agreed(action())
        assert missing(action()) == []

    @pytest.mark.parametrize(
        ("part", "sentence"),
        [
            ("what", "add what needs doing"),
            ("owner", "add who will do it"),
            ("due", "add by when"),
            ("first_review", "add the first review"),
        ],
    )
    @pytest.mark.parametrize("empty", ["", "  "])
    def test_each_of_the_four_is_needed(self, part: str, sentence: str, empty: str) -> None:
        """Without one of them it is a draft, which says what is missing."""
        draft = WHOLE | {part: empty}
        assert missing(draft) == [sentence]
        assert not agreed(draft)

    def test_somebody_else_has_a_name_or_a_role(self) -> None:
        """Somebody is nobody until it is known who."""
        assert missing(action(owner="someone")) == ["add who will do it"]
        assert agreed(action(owner="someone", owner_name="Treasurer"))
        assert agreed(action(owner="coach"))

    @given(days=st.integers(-400, 400))
    def test_the_first_review_is_two_weeks_after_at_the_latest(self, days: int) -> None:
        """On any day before, and up to the fourteenth day after."""
        review = date(2027, 5, 3) + timedelta(days)
        draft = action(first_review=review.isoformat())
        assert agreed(draft) is (days <= 14)
        if days > 14:
            assert missing(draft) == ["move the first review to 17 May 2027 or earlier"]

    @pytest.mark.parametrize("part", ["due", "first_review"])
    def test_a_day_that_never_was_is_no_date(self, part: str) -> None:
        """It stays as it was typed, and is named."""
        draft = action(**{part: "31-2-2027"})
        assert draft[part] == "31-2-2027"
        words = {"due": "by when", "first_review": "the first review"}[part]
        assert missing(draft) == [f"write {words} as a real date"]

    def test_what_is_missing_is_one_sentence(self) -> None:
        """One line for a draft; the facts for an agreed action; nothing where it is over."""
        assert standing(ACTION, action(due="", first_review="")) == (
            "Not agreed yet: add by when and the first review."
        )
        assert standing(ACTION, {"what": "Ring"}) == (
            "Not agreed yet: add who will do it, by when and the first review."
        )
        assert standing(ACTION, action(owner="someone", due="soon")) == (
            "Not agreed yet: add who will do it; write by when as a real date."
        )
        assert standing(ACTION, action()) == (
            "Agreed. Who: The leader. By when: 3 May 2027. First look back: 10 May 2027."
        )
        assert standing(ACTION, action(owner="someone", owner_name="TB")).startswith(
            "Agreed. Who: TB."
        )
        assert standing(ACTION, ACTION.blank()) == ""
        for over in ("done", "let-go"):
            assert standing(ACTION, action(due="", status=over)) == ""
            assert standing(ACTION, action(status=over)) == ""

    def test_a_goal_needs_nothing(self) -> None:
        """A goal is never told that it is unfinished."""
        assert lacks(GOAL, GOAL.blank()) == []
        assert standing(GOAL, {"goal": "Rest"}) == ""


class TestKept:
    def test_a_draft_is_kept_as_it_is(self) -> None:
        """Any box with words in it makes an action; what it starts with is filled in."""
        draft = kept([{"why": "It has to stop"}])[0]
        assert draft == ACTION.blank() | {"why": "It has to stop", "id": draft["id"]}
        assert (draft["owner"], draft["status"], draft["moved"]) == ("leader", "planned", [])

    def test_an_empty_action_is_dropped(self) -> None:
        """The blank at the end is no action, whoever is to do it; nor is one whose boxes somebody
        has emptied."""
        assert kept([ACTION.blank(), {"owner": "coach", "what": " "}, {"status": "done"}]) == []

    def test_a_goal_is_kept_while_anything_is_said(self) -> None:
        """Even where only a choice is; an empty one is no answer."""
        assert kept({"matters": "2"}, AIM)["matters"] == "2"
        assert kept(GOAL.blank(), AIM) is None
        assert kept({"goal": " \n"}, AIM) is None

    def test_every_action_has_a_name_that_stays(self) -> None:
        """A new one gets a name, two never share one, and a name is not changed."""
        known = action(id="0a1b2c3d")
        assert known["id"] == "0a1b2c3d"
        found = kept([known, known, WHOLE, WHOLE | {"id": "<script>"}])
        names = [one["id"] for one in found]
        assert names[0] == "0a1b2c3d"
        assert len(set(names)) == 4
        assert all(len(name) == 8 and int(name, 16) >= 0 for name in names)
        assert kept(found) == found

    def test_twenty_actions_and_no_more(self) -> None:
        """The twenty-first is refused in words, and nothing is dropped in silence."""
        assert len(kept([WHOLE] * MOST_ITEMS)) == MOST_ITEMS
        problem = check_answer(DO, [WHOLE] * (MOST_ITEMS + 1))
        assert isinstance(problem, Problem)
        assert "20" in problem.sentence

    def test_too_long_names_the_box(self) -> None:
        """The sentence says which of many boxes holds too much."""
        assert kept([WHOLE | {"what": "é" * MOST_IN_A_BOX}])
        problem = check_answer(DO, [WHOLE | {"what": "é" * (MOST_IN_A_BOX + 1)}])
        assert isinstance(problem, Problem)
        assert (
            problem.sentence == "Make “What needs doing?” shorter. It can hold 20,000 characters."
        )

    @pytest.mark.parametrize("written", ["3-5-2027", "3/5/2027", "2027-05-03", "3 May 27"])
    def test_a_date_is_kept_as_a_date(self, written: str) -> None:
        """However it was written."""
        assert action(due=written)["due"] == "2027-05-03"


class TestMoved:
    def move(self, before: Any, *dues: str) -> Any:
        for due in dues:
            after = kept([{**before[0], "due": due, "moved": []}])
            before = keep_history(DO, after, before)
        return before

    def test_moving_a_date_keeps_the_old_one(self) -> None:
        """Every date it had stays with it, oldest first, whatever the page sent."""
        moved = self.move([action()], "2027-06-01", "2027-07-01")
        assert moved[0]["due"] == "2027-07-01"
        assert moved[0]["moved"] == ["2027-05-03", "2027-06-01"]

    def test_taking_a_date_away_keeps_it_too(self) -> None:
        """And so does a slip of the finger."""
        assert self.move([action()], "")[0]["moved"] == ["2027-05-03"]
        assert self.move([action()], "", "2027-06-01")[0]["moved"] == ["2027-05-03"]
        assert self.move([action()], "31-2-2027")[0]["moved"] == ["2027-05-03"]

    def test_moved_back_is_not_moved(self) -> None:
        """Whoever puts right a mistake is not reminded of it."""
        assert self.move([action()], "2027-06-01", "2027-05-03")[0]["moved"] == []

    def test_nothing_else_moves(self) -> None:
        """The same date leaves no trace, and a draft's first date is no move."""
        assert self.move([action()], "2027-05-03")[0]["moved"] == []
        assert self.move([action(due="")], "2027-05-03")[0]["moved"] == []

    def test_dates_belong_to_their_action(self) -> None:
        """An action keeps its own dates when others come, go or change places."""
        one, two = action(), action(due="2027-08-01")
        before = [one, two]
        after = kept([{**two, "due": "2027-09-01"}, WHOLE, one])
        first, new, last = keep_history(DO, after, before)
        assert first["moved"] == ["2027-08-01"]
        assert (new["moved"], last["moved"]) == ([], [])

    def test_the_first_date_is_never_lost(self) -> None:
        """Of very many dates the first and the latest stay."""
        dues = [(date(2027, 5, 4) + timedelta(n)).isoformat() for n in range(60)]
        moved = self.move([action()], *dues)[0]["moved"]
        assert len(moved) == MOST_ITEMS
        assert (moved[0], moved[-1]) == ("2027-05-03", dues[-2])
        assert kept([{**WHOLE, "moved": moved}])[0]["moved"] == moved

    @pytest.mark.parametrize("before", [None, "", [], ["odd"], [{"id": "x"}], "words"])
    def test_whatever_was_there_before_is_no_error(self, before: Any) -> None:
        """Also where the question was once asked in another way."""
        value = [action()]
        assert keep_history(DO, value, before) == value

    def test_other_kinds_have_no_history(self) -> None:
        """What is no list of actions comes back as it is."""
        goal = kept({"goal": "Rest"}, AIM)
        assert keep_history(AIM, goal, kept({"goal": "Sleep"}, AIM)) is goal
        assert keep_history(Prompt("a", Kind.TEXT, "A?"), "new", "old") == "new"


class TestRead:
    def test_actions_read_as_a_few_lines_each(self) -> None:
        """What, then who and when, where it was first planned, then the longer words; an empty
        line between two."""
        one = action(
            id="0a1b2c3d", owner="someone", owner_name="TB", why="Rent is due", moved=["2027-04-01"]
        )
        two = action(what="Ask the board", due="", status="under-way")
        assert in_words(DO, [one, two]) == (
            "Ring the council\n"
            "Who: TB. By when: 3 May 2027. First look back: 10 May 2027. How it stands: Planned.\n"
            "First planned for 1 April 2027.\n"
            "Why it matters: Rent is due\n"
            "\n"
            "Ask the board\n"
            "Who: The leader. First look back: 10 May 2027. How it stands: Under way.\n"
            "Not agreed yet: add by when."
        )

    def test_a_date_that_moved_more_than_once_says_so(self) -> None:
        """The first date, and how often."""
        words = in_words(DO, [action(moved=["2027-04-01", "2027-04-20"])])
        assert "First planned for 1 April 2027. Moved 2 times." in words

    def test_a_date_as_typed_is_read_as_typed(self) -> None:
        """Nothing is made of it."""
        assert "By when: 31 2 2027." in in_words(DO, [action(due="31-2-2027")])

    def test_a_goal_reads_with_its_levels(self) -> None:
        """The goal, its weight and where it is, then each level by its words and number."""
        goal = kept(
            {"goal": "Rest", "success": "Sundays", "less": "None", "now": "-2", "matters": "1"}, AIM
        )
        assert in_words(AIM, goal) == (
            "Rest\n"
            "How much it matters: Some. Today: Much less than I hoped.\n"
            "Success (0): Sundays\n"
            "Less than hoped (−1): None"
        )

    def test_an_answer_with_parts_missing_is_still_read(self) -> None:
        """Also one that an older or a newer version kept."""
        assert in_words(DO, [{"what": "Ring"}]).startswith("Ring\n")
        assert in_words(AIM, {"goal": "Rest", "since": "then"}) == "Rest"


def test_the_tables_are_sound() -> None:
    """Parts have names and labels of their own, and what they point at is there."""
    for table in (ACTION, GOAL):
        names = [p.name for p in table.parts]
        assert len(set(names)) == len(names)
        assert len({p.label for p in table.parts}) == len(names)
        for part in table.parts:
            codes = dict(part.choices)
            assert not codes or part.starts in codes or part.none
            if part.when:
                assert part.when[1] in dict(table.part(part.when[0]).choices)
            if part.within:
                assert table.part(part.within[0]).kind == "date"
        if table.over[0]:
            assert set(table.over[1]) <= set(dict(table.part(table.over[0]).choices))
