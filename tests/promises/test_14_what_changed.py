"""14. Nobody can be picked out of what changed in a group, nor out of two releases of it."""

from collections.abc import Mapping
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cascade_tools.collect import count_safely
from cascade_tools.errors import NotPossible
from cascade_tools.model.counting import count_all, counts_at, tells_of_few
from cascade_tools.model.group_results import COACHES, LEADERS, Coded, Counted, Question, Release
from tests.promises.cohort import Cohort
from tests.records.small import Small

ASKED = Question("leader/where-i-am-now", "o1", "I had time to think", "ten")
WHOLE = ("start", "end")


def person(n: int, answers: Mapping[str, int], coaches: int = 6, group: str = LEADERS) -> Coded:
    behind = {group: frozenset({f"other {n % coaches}"})}
    return Coded(f"c{n}", behind, {(ASKED, time): value for time, value in answers.items()})


def people(*answers: Mapping[str, int], **more: object) -> list[tuple[str, Coded]]:
    return [(f"p{n}", person(n, one, **more)) for n, one in enumerate(answers)]  # type: ignore[arg-type]


def of(counted: list[Counted], *times: str, without: str = "") -> Counted | None:
    return next((c for c in counted if c.times == times and c.without == without), None)


def moving(count: int) -> list[dict[str, int]]:
    return [{"start": 2 + n % 7, "end": (3 + n * 5) % 10} for n in range(count)]


# One release


def test_no_mean_of_fewer_than_ten() -> None:
    """Nine who answered twice have no change, however many answered once; ten have one."""
    once = [{"start": n % 9} for n in range(20)]
    for pairs in (9, 10):
        counted, _ = count_all(people(*moving(pairs), *once), "end", [], count_safely)
        found = of(counted, *WHOLE)
        assert (found is not None) == (pairs == 10)
        assert found is None or found.change is not None


@pytest.mark.parametrize(("group", "enough"), [(LEADERS, 3), (COACHES, 5)])
def test_enough_stand_behind_a_mean(group: str, enough: int) -> None:
    """Means of leaders have three coaches behind them, and means of coaches five leaders."""
    for others in range(1, 8):
        cohort = people(*moving(20), coaches=others, group=group)
        counted, _ = count_all(cohort, "end", [], count_safely)
        assert (of(counted, *WHOLE) is not None) == (others >= enough)


def test_who_are_nearly_alike_have_no_mean() -> None:
    """Where all but four changed alike there is no mean change.  Where all but four gave answers
    in one range at one time there are no means at the two times."""
    alike = [{"start": 5, "end": 6}] * 16 + [{"start": 2, "end": 9}] * 4
    found = of(count_all(people(*alike), "end", [], count_safely)[0], *WHOLE)
    assert found is not None
    assert found.change is None
    top = [{"start": 9 + n % 2, "end": 2 + n % 8} for n in range(20)]
    found = of(count_all(people(*top), "end", [], count_safely)[0], *WHOLE)
    assert found is not None
    assert found.change is not None
    assert (found.change.before, found.change.after) == (None, None)


def test_how_far_is_counted_only_where_every_part_is() -> None:
    """How many changed by two or more could be taken from those who changed at all: it is shown
    where neither the one nor the other nor what lies between is under five."""
    for few in (4, 5):
        ways = [(0, 4), (1, 2), (4, 4), (9, 2)]
        answers = [{"start": a, "end": b} for a, b in ways for _ in range(9)]
        answers += [{"start": 6, "end": 5}] * few
        found = of(count_all(people(*answers), "end", [], count_safely)[0], *WHOLE)
        assert found is not None
        assert found.change is not None
        assert found.change.far == ((9, 9) if few == 5 else None)


def test_those_who_left_are_compared_only_as_a_group_of_ten() -> None:
    """The mean at the start of those who did not come back stands beside that of those who did,
    from ten people in each; nothing else is said of them."""
    for left in (9, 10):
        answers = [*moving(14), *({"start": (2, 5, 7, 9)[n % 4]} for n in range(left))]
        counted, _ = count_all(people(*answers), "end", [], count_safely)
        found = of(counted, "start", without="end")
        assert (found is not None) == (left == 10)
        assert found is None or (found.cells, found.change) == ((), None)
    # Nor where those who came back have no mean to compare with.
    top = [{"start": 10 - n % 2, "end": n % 9} for n in range(14)]
    answers = [*top, *({"start": n % 10} for n in range(12))]
    counted, _ = count_all(people(*answers), "end", [], count_safely)
    assert of(counted, "start", without="end") is None


# From one number to the next

MARKS = [frozenset(f"p{n}" for n in chosen) for chosen in (range(20), range(19), range(14))]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sets(st.integers(0, 24), min_size=10), min_size=1, max_size=4))
def test_no_sums_of_means_are_about_a_few(groups: list[set[int]]) -> None:
    """Of random groups that are shown one after the other, nobody who adds and takes away their
    sums is ever left with one to four people."""
    shown: list[set[str]] = []
    for group in groups:
        marks = {str(n) for n in group}
        if not tells_of_few(shown, marks):
            shown.append(marks)
    for some in (c for size in range(1, 5) for c in combinations(shown, min(size, len(shown)))):
        for signs in product((-1, 1), repeat=len(some)):
            sums: dict[str, int] = {}
            for sign, marks in zip(signs, some, strict=True):
                for mark in marks:
                    sums[mark] = sums.get(mark, 0) + sign
            assert not 1 <= sum(value != 0 for value in sums.values()) <= 4


def test_one_of_twenty_is_one_too_few() -> None:
    """Twenty people and nineteen of them would give one away; fourteen of them, six."""
    twenty, nineteen, fourteen = MARKS
    assert tells_of_few([twenty], nineteen)
    assert not tells_of_few([twenty], fourteen)
    # Those who left make it whole again: all, those who stayed, and the others but one.
    assert tells_of_few([twenty, fourteen], twenty - fourteen - {"p19"})


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 10), st.integers(0, 10)), min_size=11, max_size=24),
    st.booleans(),
)
def test_one_person_more_reveals_nothing(pairs: list[tuple[int, int]], late: bool) -> None:
    """Whoever joins alone between two releases, with whatever answers, is in no number of the
    second: each count, mean and interval of it that is about them stands as it was."""
    answers = [dict(zip(WHOLE, pair, strict=True)) for pair in pairs]
    if late:
        # Somebody who was there at the start and answers the end alone after the release.
        before, after = people(*answers[:-1], {"start": pairs[-1][0]}), people(*answers)
    else:
        before, after = people(*answers[:-1]), people(*answers)
    first, who = count_all(before, "end", [], count_safely)
    second, again = count_all(after, "end", [who], count_safely)
    mark = f"p{len(pairs) - 1}"
    for name, marks in again.items():
        assert name not in who or mark not in set(marks) - set(who[name])
    for found in second:
        earlier = of(first, *found.times, without=found.without)
        assert earlier is None or found.people == 0 or earlier.people + 4 < found.people


def test_means_at_the_ends_stand_for_one_stretch_only() -> None:
    """Half-way and the end are about nearly the same people: only the change is shown of the one,
    and the means at both times of the other."""
    answers = [{**one, "half-way": (n * 3 + 1) % 10} for n, one in enumerate(moving(24))]
    del answers[-1]["end"]
    counted, _ = count_all(people(*answers), "end", [], count_safely)
    half, whole = of(counted, "start", "half-way"), of(counted, *WHOLE)
    assert half is not None
    assert whole is not None
    assert half.change is not None
    assert whole.change is not None
    assert (half.change.before, half.change.after) == (None, None)
    assert None not in (whole.change.before, whole.change.after)
    assert {c.without for c in counts_at("mid", [one for _, one in people(*answers)])} == {""}


def test_three_means_together_give_nobody_away() -> None:
    """Twelve had not come back, and later eleven of them did: the means of all who came back then,
    of those who had before, and of the twelve would together be the answer of the twelfth."""
    back, late = moving(14), [{"start": (2, 5, 7, 9)[n % 4]} for n in range(12)]
    first, who = count_all(people(*back, *late), "end", [], count_safely)
    assert of(first, "start", without="end") is not None
    later = [{**one, "end": (n * 3) % 10} for n, one in enumerate(late)]
    for returned in (11, 6):
        answers = people(*back, *later[:returned], *late[returned:])
        second, _ = count_all(answers, "end", [who], count_safely)
        found = of(second, *WHOLE)
        assert found is not None
        assert found.change is not None
        assert (found.change.before is None) == (returned == 11)


# Through the records


def test_a_release_says_who_could_have_answered(small: Small) -> None:
    """All who are or were in a pair, in fives; who answered, from ten; and whether two thirds of
    them answered twice."""
    cohort = Cohort(small, 20)
    cohort.all_answer(cohort.leaders[:17], "start", [n % 9 for n in range(17)])
    cohort.all_answer(cohort.leaders[:13], "end", [(n * 3) % 10 for n in range(13)])
    cohort.say(cohort.leaders[19], "group-results", False)
    cohort.records.people.remove(cohort.leaders[18].id)
    flow = {one.group: one for one in cohort.release("end").flow}
    # The pairs of the cohort, and the one pair that was there before.
    assert (flow[LEADERS].eligible, flow[LEADERS].willing) == (20, 20)
    assert flow[LEADERS].answered == (17, 13, 13)
    assert not flow[LEADERS].enough
    assert COACHES not in flow


def test_what_changed_is_frozen_and_read_as_it_was_made(small: Small) -> None:
    """Read back by those who may, a release is the one that was made, numbers and all; and a
    second one with one person more says nothing new of it."""
    cohort = Cohort(small, 20)
    cohort.all_answer(cohort.leaders, "start", [n % 9 for n in range(20)])
    cohort.all_answer(cohort.leaders[:19], "end", [(n * 3) % 10 for n in range(19)])
    made = cohort.release("end")
    assert of(list(made.counted), *WHOLE) is not None
    assert cohort.records.releases.all(cohort.eve.id) == [made]
    cohort.all_answer(cohort.leaders[19:], "end", [10])
    with pytest.raises(NotPossible, match="fewer than 5"):
        cohort.release("end")
    released: list[Release] = cohort.records.releases.all(cohort.eve.id)
    assert released == [made]
