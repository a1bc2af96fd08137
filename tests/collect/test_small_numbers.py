"""What may be said of a group: counts that give nobody away, however they are looked at."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cascade_tools.collect.small_numbers import (
    ALMOST_ALL,
    ALMOST_NONE,
    NOT_SHOWN,
    enough_behind,
    safe_counts,
    safe_table,
)

Table = tuple[tuple[int, ...], ...]
unhurried = settings(deadline=None)  # the machine may be busy; time is not what is tested


def shared_out(people: int, answers: int) -> Iterator[tuple[int, ...]]:
    """Every way in which so many people can have given so many answers."""
    if answers == 1:
        yield (people,)
        return
    for first in range(people + 1):
        for rest in shared_out(people - first, answers - 1):
            yield (first, *rest)


def alike(all_there_are: Iterable[Table], show: Callable[[Table], object]) -> list[list[Table]]:
    """Tables that look the same once they are safe: all that a reader who knows every rule, and
    has time for every table, can tell apart."""
    found: dict[object, list[Table]] = defaultdict(list)
    for table in all_there_are:
        found[show(table)].append(table)
    return list(found.values())


@unhurried
@given(st.lists(st.integers(0, 9), min_size=2, max_size=6).filter(lambda row: sum(row) < 10))
def test_nothing_is_said_of_fewer_than_ten(row: list[int]) -> None:
    """Not one number and not one word, whatever they answered."""
    assert safe_counts(row) is None
    assert safe_table([row]) is None
    assert safe_table([[10, 10, *row], [*row, 0, 0]]) is None


@unhurried
@given(st.lists(st.integers(0, 40), min_size=2, max_size=6))
def test_a_number_that_is_shown_is_true_and_large(row: list[int]) -> None:
    """It is the count itself, at least five.  What is left for those that are not shown is at
    least five too: a few people are not told apart together either."""
    shown = safe_counts(row) or ()
    for count, said in zip(row, shown, strict=False):
        if isinstance(said, int):
            assert said == count >= 5
        else:
            assert said in (ALMOST_ALL, ALMOST_NONE, NOT_SHOWN)
    if NOT_SHOWN in shown:
        assert sum(row) - sum(said for said in shown if isinstance(said, int)) >= 5


@unhurried
@given(st.lists(st.integers(5, 40), min_size=2, max_size=6))
def test_nothing_is_hidden_without_need(row: list[int]) -> None:
    """Where every count is five or more, all are shown."""
    assert safe_counts(row) == tuple(row)


@pytest.mark.parametrize(
    ("row", "shown"),
    [
        ((3, 8, 9, 7), ("-", "-", 9, 7)),
        ((8, 9, 7, 4), ("-", 9, 7, "-")),
        ((2, 4, 9, 7), ("-", "-", 9, 7)),
        ((0, 1, 9, 7), ("-", "-", "-", 7)),
    ],
)
def test_no_more_is_hidden_than_needed(row: tuple[int, ...], shown: tuple[int | str, ...]) -> None:
    """A small count takes the next one with it, and a third one only where both are next to
    nothing."""
    expected = tuple(NOT_SHOWN if said == "-" else said for said in shown)
    assert safe_counts(row) == expected


@pytest.mark.parametrize("row", [(12, 0, 0), (0, 10), (1, 14, 2, 0), (4, 30)])
def test_all_and_nobody_are_said_in_words(row: tuple[int, ...]) -> None:
    """Where nearly everybody answered the same, no number says how nearly."""
    shown = safe_counts(row)
    assert shown is not None
    for count, words in zip(row, shown, strict=True):
        assert words == (ALMOST_ALL if count >= 10 else ALMOST_NONE)


@pytest.mark.parametrize(("answers", "most"), [(2, 40), (3, 26), (4, 18)])
def test_whoever_knows_the_rules_cannot_work_out_a_count(answers: int, most: int) -> None:
    """Of every possible row of ten people or more: each count that is hidden could be another one
    as well, and would look the same."""
    for people in range(10, most):
        rows = ((row,) for row in shared_out(people, answers))
        for same in alike(rows, lambda table: safe_counts(table[0])):
            shown = safe_counts(same[0][0])
            assert shown is not None
            for place, words in enumerate(shown):
                if isinstance(words, str):
                    assert len({table[0][place] for table in same}) > 1, same


@pytest.mark.parametrize(
    ("answers", "people"),
    [
        (2, (10, 13)),
        (3, (10,)),
        (3, (14,)),
        (4, (10,)),
        (4, (17,)),
        (3, (10, 11)),
        (2, (15, 12, 11)),
    ],
)
def test_nor_one_of_a_table_with_both_its_margins(answers: int, people: tuple[int, ...]) -> None:
    """The same for every possible table of one or more groups with these numbers of people."""
    tables: Iterable[Table] = product(*(list(shared_out(n, answers)) for n in people))
    for same in alike(tables, safe_table):
        shown = safe_table(same[0])
        assert shown is not None
        cells = [cell for row in shown.rows for cell in row]
        possible = [set(values) for values in zip(*(chain(*table) for table in same), strict=True)]
        for cell, values in zip(cells, possible, strict=True):
            assert (len(values) > 1) if cell is None else (values == {cell})


@unhurried
@given(
    st.integers(2, 4).flatmap(
        lambda answers: st.lists(
            st.lists(st.integers(0, 20), min_size=answers, max_size=answers), min_size=1, max_size=3
        )
    )
)
def test_totals_stand_only_where_nothing_is_hidden(rows: list[list[int]]) -> None:
    """The total of several groups is there with every count of each of them, or not at all."""
    table = safe_table(rows)
    if table is not None:
        whole = all(count >= 5 for row in rows for count in row)
        assert table.totals == (tuple(map(sum, zip(*rows, strict=True))) if whole else None)


def test_one_coach_is_not_a_group() -> None:
    """Behind what is said of leaders stand three coaches, behind that of coaches five leaders."""
    assert not enough_behind("leaders", ["a", "b", "b", "a"])
    assert enough_behind("leaders", ["a", "b", "c"])
    assert not enough_behind("coaches", ["a", "b", "c", "d"])
    assert enough_behind("coaches", ["a", "b", "c", "d", "e"])
