"""14. Nobody can be picked out of a group's numbers."""

import random
from collections.abc import Iterator

import pytest

from cascade_tools.collect import count_safely
from cascade_tools.collect.small_numbers import ALMOST_ALL, ALMOST_NONE, SafeTable, safe_table
from cascade_tools.errors import NotPossible
from cascade_tools.model.consent import GROUP_RESULTS, KEEP
from cascade_tools.model.group_results import COACHES, LEADERS, Coded, Count, Question
from cascade_tools.model.journey import OUTCOMES
from cascade_tools.model.prompts import SKIPPED
from tests.promises.cohort import ALONE, TIME_TO_THINK, Cohort, spread
from tests.records.small import OVER_EVERYTHING, Small

TABLES = 1000
START = ("mid", "leaders", "o1", "At the start")


# Tables


def random_tables() -> Iterator[list[list[int]]]:
    """One to three groups with two to five answers: of 0 to 12 people, of many, and in between."""
    draw = random.Random(1914)  # noqa: S311
    for _ in range(TABLES):
        answers = draw.randint(2, 5)
        weights = [draw.choice((0, 1, 1, 6)) + 0.01 for _ in range(answers)]
        most = draw.choice((12, 20, 60))
        yield [
            [people.count(place) for place in range(answers)]
            for _ in range(draw.randint(1, 3))
            for people in [draw.choices(range(answers), weights, k=draw.randint(0, most))]
        ]


def recovered(rows: list[list[int]], table: SafeTable) -> int:
    """How many hidden counts somebody works out who has all the margins that are shown, and knows
    of each hidden count whether it is under five.

    Each sum says how little and how much every count in it can be, until nothing more follows.
    """
    every = [(r, c) for r, row in enumerate(rows) for c in range(len(row))]
    most = max(table.people)
    least = {(r, c): 0 if rows[r][c] < 5 else 5 for r, c in every}
    highest = {(r, c): 4 if rows[r][c] < 5 else most for r, c in every}
    for r, c in every:
        if (shown := table.rows[r][c]) is not None:
            least[r, c] = highest[r, c] = shown
    sums = [([p for p in every if p[0] == r], n) for r, n in enumerate(table.people)]
    sums += [([p for p in every if p[1] == c], n) for c, n in enumerate(table.totals or ())]
    before = None
    while before != (before := (dict(least), dict(highest))):
        for line, total in sums:
            for one in line:
                others = [p for p in line if p != one]
                least[one] = max(least[one], total - sum(highest[p] for p in others))
                highest[one] = min(highest[one], total - sum(least[p] for p in others))
    return sum(least[r, c] == highest[r, c] for r, c in every if table.rows[r][c] is None)


def test_a_thousand_tables_give_no_hidden_count_away() -> None:
    """From random tables with rows, columns and both margins, somebody who knows the rules works
    out none of the counts that are not shown; groups under ten are not shown at all."""
    hidden = found = whole = 0
    for rows in random_tables():
        table = safe_table(rows)
        assert (table is None) == (min(map(sum, rows)) < 10)
        if table is not None:
            cells = [cell for row in table.rows for cell in row]
            assert all(cell is None or cell >= 5 for cell in cells)
            hidden += cells.count(None)
            whole += table.totals is not None
            found += recovered(rows, table)
    assert found == 0
    assert hidden > 1000
    assert whole > 20


# Groups


def test_nothing_is_said_of_fewer_than_ten_people(small: Small) -> None:
    """Nine who have finished are too few, and ten are enough; a sheet that is not finished, a
    question that was skipped, and somebody who has not said yes do not make a tenth."""
    cohort = Cohort(small, 12)
    cohort.all_answer(cohort.leaders[:9], "start", spread(9))
    unfinished, skipping, unwilling = cohort.leaders[9:]
    cohort.answer(unfinished, "start", {TIME_TO_THINK: 3}, finished=False)
    cohort.answer(skipping, "start", {TIME_TO_THINK: SKIPPED})
    cohort.say(unwilling, GROUP_RESULTS, False)
    cohort.answer(unwilling, "start", {TIME_TO_THINK: 3})
    with pytest.raises(NotPossible, match="large enough"):
        cohort.release("mid")
    assert cohort.shown() == {}
    (tenth,) = cohort.join(1)
    cohort.answer(tenth, "start", {TIME_TO_THINK: 3})
    (counted,) = cohort.release("mid").counted
    assert counted.people == 10


def test_all_who_say_the_same_are_almost_all(small: Small) -> None:
    """No number says that everybody gave one answer, or that nobody did, or changed."""
    cohort = Cohort(small, 12)
    cohort.all_answer(cohort.leaders, "start", [8] * 12)
    cohort.all_answer(cohort.leaders, "half-way", [8] * 12)
    cohort.release("mid")
    shown = cohort.shown()
    assert shown[START] == {
        "0 to 4": ALMOST_NONE,
        "5 to 6": ALMOST_NONE,
        "7 to 8": ALMOST_ALL,
        "9 to 10": ALMOST_NONE,
    }
    assert shown["mid", "leaders", "o1", "At the start to Half-way"] == {
        "went up": ALMOST_NONE,
        "stayed the same": ALMOST_ALL,
        "went down": ALMOST_NONE,
    }


def test_leaders_of_fewer_than_three_coaches_are_no_group(small: Small) -> None:
    """However many they are: it would be said of these two coaches."""
    cohort = Cohort(small, 12, coaches=2)
    cohort.all_answer(cohort.leaders, "start", spread(12))
    with pytest.raises(NotPossible, match="large enough"):
        cohort.release("mid")


@pytest.mark.parametrize(("group", "enough"), [(LEADERS, 3), (COACHES, 5)])
def test_enough_stand_behind_each_single_count(group: str, enough: int) -> None:
    """Those count who answered this question at this time, not all who take part."""
    asked = Question("leader/where-i-am-now", "o1", "I had time to think", "ten")
    for others in range(1, 8):
        people = [
            Coded(f"c{n}", {group: frozenset({f"o{n % others}"})}, {(asked, "start"): n % 11})
            for n in range(14)
        ]
        counted = count_safely(Count(group, asked, ("start",)), people)
        assert (counted is not None) == (others >= enough)


# From one release to the next


def test_one_person_more_or_less_changes_no_number(small: Small) -> None:
    """What was counted is not counted again until five have joined, or five have left: the
    difference of two releases is never about somebody."""
    cohort = Cohort(small, 16)
    cohort.all_answer(cohort.leaders, "start", spread(16))
    first = cohort.release("mid")
    (late,) = cohort.join(1)
    cohort.answer(late, "start", {TIME_TO_THINK: 0})
    with pytest.raises(NotPossible, match="fewer than 5"):
        cohort.release("mid")
    cohort.say(cohort.leaders[0], GROUP_RESULTS, False)
    with pytest.raises(NotPossible, match="fewer than 5"):
        cohort.release("mid")
    more = cohort.join(4)
    cohort.all_answer(more, "start", [0] * 4)
    # Five have joined, but one has left, and would be what is missing.
    with pytest.raises(NotPossible, match="fewer than 5"):
        cohort.release("mid")
    cohort.say(cohort.leaders[0], GROUP_RESULTS, True)
    second = cohort.release("mid")
    assert [one.people for one in (*first.counted, *second.counted)] == [16, 21]
    # Six have left since the second, but only one since the first, who would be what is missing.
    for person in (late, *more, cohort.leaders[0]):
        cohort.say(person, GROUP_RESULTS, False)
    with pytest.raises(NotPossible, match="fewer than 5"):
        cohort.release("mid")


def test_each_question_is_looked_at_by_itself(small: Small) -> None:
    """Five have joined, but only one of them answered a second question: that one stands as it
    was counted."""
    cohort = Cohort(small, 12)
    for person, value in zip(cohort.leaders, spread(12), strict=True):
        cohort.answer(person, "start", {TIME_TO_THINK: value, ALONE: value})
    cohort.release("mid")
    *most, last = cohort.join(5)
    cohort.all_answer(most, "start", [1] * 4)
    cohort.answer(last, "start", {TIME_TO_THINK: 1, ALONE: 1})
    assert [(one.key, one.people) for one in cohort.release("mid").counted] == [("o1", 17)]


def test_a_yes_taken_back_counts_in_nothing_new(small: Small) -> None:
    """What is released stays as it is.  What is counted later leaves out who took back either yes,
    and who has left; and it stays so when somebody changes an old answer."""
    cohort = Cohort(small, 16)
    cohort.all_answer(cohort.leaders, "start", spread(16))
    cohort.all_answer(cohort.leaders, "half-way", spread(16))
    cohort.release("mid")
    before = cohort.shown()
    one, other, gone, changing, *_ = cohort.leaders
    cohort.all_answer(cohort.leaders, "end", spread(16))
    cohort.say(one, GROUP_RESULTS, False)
    cohort.say(other, KEEP, False)
    cohort.records.people.remove(gone.id)
    start = cohort.records.entries.start(changing.id, OUTCOMES, about_id="start")
    small.write(start, 10, TIME_TO_THINK, base=OVER_EVERYTHING)
    end = cohort.release("end")
    assert [(c.times, c.people) for c in end.counted] == [(("end",), 13), (("start", "end"), 13)]
    assert {place: said for place, said in cohort.shown().items() if place[0] == "mid"} == before


def test_moments_only_go_forward(small: Small) -> None:
    """After a later moment an earlier one is not released; there is no other moment, and nobody
    but a lead releases."""
    cohort = Cohort(small, 16)
    cohort.all_answer(cohort.leaders, "end", spread(16))
    cohort.release("end")
    cohort.all_answer(cohort.leaders, "start", spread(16))
    with pytest.raises(NotPossible, match="over"):
        cohort.release("mid")
    with pytest.raises(NotPossible, match="six-months"):
        cohort.release("today")
    for person in (cohort.eve, cohort.leaders[0], cohort.coaches[0]):
        with pytest.raises(NotPossible, match="lead"):
            cohort.records.releases.make(person.id, "six-months", count_safely)
