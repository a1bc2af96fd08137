"""A workbook's pages: which are open, what thinks, who sees what."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascade_tools.model.people import Role
from cascade_tools.model.prompts import Choice, Kind, Prompt, Who
from cascade_tools.model.prompts import given as is_given
from cascade_tools.model.workbook import (
    Condition,
    Drawing,
    Page,
    Part,
    Prose,
    Thought,
    Workbook,
    scales,
)

WAYS = (Choice("ten", "Ten minutes"), Choice("longer", "Longer"))
WAY = Prompt("way", Kind.CHOICE, "Which way?", WAYS)
DEEP = Prompt("deep", Kind.CHOICE, "Deeper?", (Choice("yes", "Yes"), Choice("no", "No")))
STORY = Prompt("story", Kind.LONG, "What happened?")
SCORE = Prompt("ideas", Kind.SCALE, "Who had the ideas?", words_from="thinking/D1")
LAST = Prompt("last", Kind.TEXT, "What stays?")


def workbook(*pages: Page) -> Workbook:
    return Workbook("coach/w", "W", "", frozenset({Role.COACH}), 10, pages)


def page(id: str, *parts: Part, only_if: Any = None, unless: Any = None) -> Page:
    conditions = [Condition(k, v) for k, v in (only_if or {}).items()]
    conditions += [Condition(k, v, unless=True) for k, v in (unless or {}).items()]
    return Page(id, id.title(), parts, tuple(conditions))


BRANCHING = workbook(
    page("start", WAY),
    page("deep", DEEP, only_if={"way": ("longer",)}),
    page("story", STORY, only_if={"deep": ("yes",)}),
    page("score", SCORE, unless={"way": ("ten",)}),
    page("end", LAST),
)


def shown(**answers: Any) -> list[str]:
    return [p.id for p in BRANCHING.open_pages(answers)]


class TestOpenPages:
    def test_a_page_waits_for_its_answer(self) -> None:
        """A page that depends on an answer is closed until that answer is given."""
        assert shown() == ["start", "score", "end"]
        assert shown(way="longer") == ["start", "deep", "score", "end"]
        assert shown(way="longer", deep="yes") == ["start", "deep", "story", "score", "end"]

    def test_unless_closes(self) -> None:
        """A page can stand open until an answer closes it."""
        assert shown(way="ten") == ["start", "end"]

    @pytest.mark.parametrize("answer", [0, "no", 4, "did-not-come-up"])
    def test_an_answered_page_never_closes(self, answer: Any) -> None:
        """Once something is answered on a page it stays, whatever is answered before it; zero and
        "no" count."""
        assert "score" in shown(way="ten", ideas=answer)

    @pytest.mark.parametrize("answer", [None, "", []])
    def test_an_emptied_page_may_close(self, answer: Any) -> None:
        """When everything on a page is rubbed out its condition decides again."""
        assert "score" not in shown(way="ten", ideas=answer)

    def test_an_answer_on_a_closed_page_opens_nothing(self) -> None:
        """A chain stays shut: only answers on pages that are open can open others."""
        empty = workbook(
            page("start", WAY),
            page("middle", only_if={"way": ("longer",)}),
            page("end", LAST, only_if={"deep": ("yes",)}),
        )
        assert [p.id for p in empty.open_pages({"deep": "yes"})] == ["start"]

    def test_every_condition_must_hold(self) -> None:
        """Of two conditions on a page one is not enough."""
        both = workbook(
            page("start", WAY, DEEP),
            page("end", LAST, only_if={"way": ("longer",)}, unless={"deep": ("no",)}),
        )
        assert [p.id for p in both.open_pages({"way": "longer", "deep": "no"})] == ["start"]
        assert len(both.open_pages({"way": "longer", "deep": "yes"})) == 2

    def test_a_number_is_matched_by_its_code(self) -> None:
        """A page can depend on a point of a scale, which is stored as a number."""
        scored = workbook(page("start", SCORE), page("end", LAST, only_if={"ideas": ("0", "1")}))
        assert len(scored.open_pages({"ideas": 0})) == 2
        assert len(scored.open_pages({"ideas": 2})) == 1

    @given(
        answers=st.dictionaries(
            st.sampled_from(["way", "deep", "story", "ideas", "last"]),
            st.sampled_from([None, "", 0, "ten", "longer", "yes", "no", "words"]),
        )
    )
    def test_pages_keep_their_order_and_no_answer_is_hidden(self, answers: dict[str, Any]) -> None:
        """For any answers: the first page is open, the order is the notebook's, and every answer
        stands on an open page."""
        found = BRANCHING.open_pages(answers)
        order = [p.id for p in BRANCHING.pages]
        assert found[0].id == "start"
        assert [p.id for p in found] == [i for i in order if i in {p.id for p in found}]
        visible = {p.key for one in found for p in one.prompts}
        assert {k for k, v in answers.items() if is_given(v)} <= visible


class TestParts:
    def test_a_workbook_thinks_when_a_cell_does(self) -> None:
        """Words and questions need no kernel; a picture or a cell of the author's does."""
        assert not workbook(page("one", Prose("Hello"), STORY)).thinks
        assert workbook(page("one", STORY), page("two", Drawing("thinking", "c"))).thinks
        assert workbook(page("one", Thought("c"))).thinks

    def test_it_only_draws_when_no_other_cell_thinks(self) -> None:
        drawing = page("two", Drawing("thinking", "c"))
        assert workbook(page("one", STORY), drawing).only_draws
        assert not workbook(page("one", Thought("c")), drawing).only_draws

    def test_questions_are_found_by_key(self) -> None:
        """A question is found by its key on whatever page it stands; another key finds none."""
        assert BRANCHING.prompt("story") is STORY
        assert BRANCHING.prompt("nothing") is None
        assert BRANCHING.prompts == (WAY, DEEP, STORY, SCORE, LAST)

    def test_who_sees_what_lists_what_is_kept(self) -> None:
        """*Who can see it* groups the questions by class; one that is not kept is in none."""
        secret = Prompt("secret", Kind.LONG, "Secret?", who=Who.ONLY_ME)
        passing = Prompt("passing", Kind.CHOICE, "Safe?", WAYS, keep=False)
        found = dict(workbook(page("one", STORY, secret, passing, LAST)).classes())
        assert found == {Who.ONLY_ME: (secret,), Who.MINE: (STORY, LAST)}

    def test_scales_stand_for_items_of_their_set(self) -> None:
        """A picture finds the questions of its own item set by item, and no others."""
        other = Prompt("other", Kind.SCALE, "Other?", words_from="axes/CB1")
        found = scales(workbook(page("one", SCORE, other, STORY)), "thinking")
        assert found == {"D1": SCORE}
