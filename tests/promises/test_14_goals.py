"""14. Goals are their author's own: only steps are counted, and only of who ticked it."""

from collections.abc import Mapping
from typing import Any

import pytest

from cascade_tools.model.consent import GROUP_RESULTS
from cascade_tools.model.goals import t_score
from cascade_tools.model.people import Person
from cascade_tools.model.prompts import Choice, Kind, Prompt, Who
from cascade_tools.records.coded import coded
from tests.promises.cohort import TIME_TO_THINK, Cohort, spread
from tests.records.small import Small

GOAL = Prompt("goal-1", Kind.GOAL, "What do you hope will be different?")
TICK = Prompt(
    "goals-count",
    Kind.CHOICES,
    "May the steps count?",
    (Choice("yes", "Yes"),),
    who=Who.GROUP_RESULTS,
)
MARKER = "marker-77ab"


def goal(now: int | str, words: str = MARKER, matters: str = "") -> dict[str, Any]:
    boxes = {"goal": words, "success": "s", "less": "l", "better": "b"}
    return boxes | {"matters": matters, "now": str(now)}


def fill(
    cohort: Cohort, person: Person, time: str, value: Mapping[str, Any], *, tick: bool = True
) -> None:
    answers: dict[Prompt, Any] = {TIME_TO_THINK: 5, GOAL: value, TICK: ["yes"] if tick else []}
    cohort.answer(person, time, answers)


def test_only_steps_of_those_who_ticked_it_count(small: Small) -> None:
    """Ten who ticked are counted by step; who did not tick is not, nor who took back group
    results; and no word of a goal reaches the one who counts."""
    cohort = Cohort(small, 17)
    for n, leader in enumerate(cohort.leaders):
        fill(cohort, leader, "end", goal((-1, 1)[n % 2]), tick=n < 12)
        cohort.answer(leader, "half-way", {GOAL: goal("")})
    cohort.say(cohort.leaders[0], GROUP_RESULTS, False)
    with small.records.store.database.reading() as s:
        given = repr(coded(small.records.store, s))
    assert MARKER not in given
    found = cohort.release("end").counted
    (one,) = [c for c in found if c.key == "goal-1"]
    assert one.people == 11
    assert all(isinstance(number, str) or number >= 5 for _, number in one.cells)
    # Nobody ticked it half-way.
    assert {c.times for c in found if c.key.startswith("goal")} == {("end",)}


def test_a_goal_that_was_changed_late_stands_apart(small: Small) -> None:
    """Other words after half-way make it another goal, however often it was put better before;
    line ends and spaces do not."""
    cohort = Cohort(small, 24)
    for n, leader in enumerate(cohort.leaders):
        cohort.answer(leader, "start", {GOAL: goal("", "first try")})
        cohort.answer(leader, "half-way", {GOAL: goal("", "one two")})
        words = "something else" if n < 12 else "one\ntwo "
        fill(cohort, leader, "end", goal((-1, 1)[n % 2], words))
    found = {c.key: c for c in cohort.release("end").counted if c.cells and "goal" in c.key}
    assert {key: one.people for key, one in found.items()} == {"goal-1": 12, "goal-1-revised": 12}


def test_nine_are_too_few_and_small_steps_are_hidden(small: Small) -> None:
    """The rules are those of every count."""
    cohort = Cohort(small, 14)
    for n, leader in enumerate(cohort.leaders):
        fill(cohort, leader, "start", goal((-2, -1, 0, 0)[n % 4]), tick=n < 9)
        fill(cohort, leader, "half-way", goal((-1, 1, 1)[n % 3]))
    cohort.all_answer(cohort.leaders, "end", spread(14))
    found = cohort.release("end").counted
    assert {c.times for c in found if c.key == "goal-1"} == {("half-way",)}
    (cells,) = [c.cells for c in found if c.key == "goal-1"]
    assert all(isinstance(n, str) or n >= 5 for _, n in cells)


@pytest.mark.parametrize(
    ("goals", "said"),
    [
        ([(0, 1)], 50.0),
        ([(1, 1)], 60.0),
        ([(1, 1)] * 3, 63.69),
        ([(-2, 1)] * 3, 22.61),
        ([(2, 1), (0, 1)], 62.4),
    ],
)
def test_t_is_as_published(goals: list[tuple[int, int]], said: float) -> None:
    """The table of Kiresuk and Sherman, for goals of one weight."""
    assert t_score(goals) == pytest.approx(said, abs=0.01)


def test_t_goes_with_weights_and_is_rounded(small: Small) -> None:
    """A goal that matters three times as much counts so; the mean of ten people stands to the
    nearest five, and nothing else of T."""
    assert t_score([(1, 3), (0, 1)]) > t_score([(1, 1), (0, 3)])
    cohort = Cohort(small, 12)
    for n, leader in enumerate(cohort.leaders):
        cohort.answer(leader, "half-way", {GOAL: goal("")})
        fill(cohort, leader, "end", goal((-1, 0, 1, 2)[n % 4]))
    (one,) = [c for c in cohort.release("end").counted if c.key == "goals"]
    assert (one.people, one.mean, one.cells) == (12, 55.0, ())
