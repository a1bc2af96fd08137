"""Who is doing the thinking?: what ten answers say, and what they must not say."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascade_tools.model.prompts import NOT_UP, SKIPPED
from cascade_tools.model.readings import one_decimal
from cascade_tools.model.thinking import Direction, Why, read
from tests.model.paper_items import (
    THINKING,
    THINKING_IDS,
    any_answers,
    any_sittings,
    session,
    sittings,
    ten,
)


def looked_at(answers: dict[str, object]) -> list[str]:
    return [c.item.id for c in read(THINKING, sittings(answers)).to_look_at]


def stands_out(*each: dict[str, object]) -> dict[str, Why]:
    return {s.chosen.item.id: s.why for s in read(THINKING, sittings(*each)).stands_out}


def average(answers: dict[str, object]) -> Fraction | None:
    found = read(THINKING, sittings(answers)).overall
    return found.average if found else None


def band(answers: dict[str, object]) -> str:
    found = read(THINKING, sittings(answers)).overall
    return found.band if found else ""


class TestTwoToLookAt:
    def test_two_highest(self) -> None:
        """The two highest answers are the two to look at, highest first."""
        assert looked_at(ten(0, 3, 1, 4, 1, 2, 0, 0, 0, 0)) == ["D4", "D2"]

    def test_ties(self) -> None:
        """Ties go by the order of the items, not by their names or the order of answering."""
        assert looked_at({"D10": 3, "D2": 3, "D9": 3, "D1": 0, "D3": 0}) == ["D2", "D9"]

    def test_low(self) -> None:
        """When every answer is 0 or 1, nothing stands out."""
        assert looked_at(ten(1, 1, 1, 0, 0, 1, 1, 1, 1, 1)) == []
        assert looked_at(ten(1, 1, 1, 0, 0, 1, 1, 1, 1, 2)) == ["D10", "D1"]


class TestOverall:
    def test_exact(self) -> None:
        """The average is the total over the answers given, with the values it was made from."""
        found = read(THINKING, sittings(ten(1, 2, 3, 4, 0, 1, 2, 3, NOT_UP, SKIPPED))).overall
        assert found is not None
        assert found.values == (1, 2, 3, 4, 0, 1, 2, 3)
        assert found.average == Fraction(16, 8)

    def test_eight(self) -> None:
        """Eight of ten are needed for an overall picture; seven are not enough."""
        assert average(ten(*[1] * 8)) == 1
        assert average(ten(*[1] * 7, NOT_UP, SKIPPED, None)) is None

    @pytest.mark.parametrize(
        ("values", "words"),
        [
            ([0] * 10, "Not much here this time"),
            ([1] * 9 + [0], "Not much here this time"),
            ([1] * 10, "Something to notice"),
            ([2] * 9 + [1], "Something to notice"),
            ([2] * 10, "Worth talking through"),
            ([4] * 10, "Worth talking through"),
        ],
    )
    def test_bands(self, values: list[int], words: str) -> None:
        """The three bands meet at 1.0 and 2.0."""
        assert band(ten(*values)) == words

    def test_thanks(self) -> None:
        """Fewer than five answers get thanks and no reading of them; five are read."""
        few = read(THINKING, sittings(ten(3, 3, 3, 3, NOT_UP, SKIPPED)))
        assert (few.thanks, few.to_look_at, few.overall) == (True, (), None)
        assert not read(THINKING, sittings(ten(3, 3, 3, 3, 3))).thanks

    def test_halves_go_up(self) -> None:
        """One decimal is what people would write: 2.25 is 2.3, never 2.2."""
        assert [one_decimal(Fraction(n, 8)) for n in (18, 17, 14, 0, 32)] == [
            "2.3",
            "2.1",
            "1.8",
            "0.0",
            "4.0",
        ]


class TestStandsOut:
    def test_furthest(self) -> None:
        """Any answer at the last point stands out, whatever the average and however few."""
        assert stands_out(ten(0, 4, 0)) == {"D2": Why.FURTHEST}

    def test_three_is_not_enough_once(self) -> None:
        """A 3 stands out at "disagree" only; elsewhere once is not enough."""
        assert stands_out(ten(*[3] * 10)) == {"D9": Why.DISAGREE}

    @pytest.mark.parametrize("item", THINKING_IDS)
    def test_twice_running(self, item: str) -> None:
        """Work done for them, and waiting between sessions, stand out at 3 twice running."""
        found = stands_out({item: 3}, {item: 3})
        if item in ("D3", "D5"):
            assert found == {item: Why.TWICE}
        else:
            assert found == ({"D9": Why.DISAGREE} if item == "D9" else {})

    def test_a_gap_breaks_the_run(self) -> None:
        """Two sessions running means neighbours: one without a sheet between them breaks it."""
        high: dict[str, object] = {"D3": 3}
        gap = [session(1, high), session(3, high, current=True)]
        assert read(THINKING, gap).stands_out == ()
        assert stands_out(high, {"D3": SKIPPED}, high) == {}
        assert stands_out(high, {"D3": 2}, high) == {}

    def test_no_numbers(self) -> None:
        """Sheets without a session number run in the order they were written."""
        pair = [session(None, {"D5": 3}), session(None, {"D5": 4}, current=True)]
        assert [s.why for s in read(THINKING, pair).stands_out] == [Why.TWICE]


class TestOverTime:
    def test_early(self) -> None:
        """The note about early sessions belongs to the first two."""
        early = [
            read(THINKING, [session(n, ten(1, 1), current=True)]).early for n in (1, 2, 3, None)
        ]
        assert early == [True, True, False, False]

    def test_from_three(self) -> None:
        """Movement is read from three sittings with answers, and not before."""
        one = ten(*[2] * 10)
        assert read(THINKING, sittings(one, one)).movement is None
        assert read(THINKING, sittings(one, ten(NOT_UP, SKIPPED), one)).movement is None
        assert read(THINKING, sittings(one, one, one)).movement is not None

    @pytest.mark.parametrize(
        ("latest", "direction"),
        [
            ([2] * 6 + [1] * 4, Direction.SAME),
            ([2] * 5 + [1] * 5, Direction.LOWER),
            ([2] * 6 + [3] * 4, Direction.SAME),
            ([2] * 5 + [3] * 5, Direction.HIGHER),
        ],
    )
    def test_half_a_point(self, latest: list[int], direction: Direction) -> None:
        """Under half a point is about the same; half a point is a move."""
        found = read(THINKING, sittings(ten(*[2] * 10), ten(*[4] * 10), ten(*latest))).movement
        assert found is not None
        assert found.direction is direction

    def test_same_items(self) -> None:
        """Latest and first are compared on the items answered in both, at least six."""
        first = ten(4, 4, 4, 4, 1, 1, 1, 1, 1, 1)
        latest = ten(NOT_UP, SKIPPED, None, NOT_UP, 1, 1, 1, 1, 1, 1)
        found = read(THINKING, sittings(first, first, latest)).movement
        assert found is not None
        assert (found.in_common, found.change, found.direction) == (6, Fraction(0), Direction.SAME)
        fewer = read(THINKING, sittings(first, first, {**latest, "D10": SKIPPED})).movement
        assert fewer is not None
        assert (fewer.in_common, fewer.change, fewer.direction) == (5, None, None)

    def test_moments(self) -> None:
        """A session with too few answers has its place in the table, but no average."""
        found = read(THINKING, sittings(ten(*[1] * 8), ten(1), ten(*[1] * 8))).movement
        assert found is not None
        assert [(m.session, m.answered, bool(m.overall)) for m in found.moments] == [
            (1, 8, True),
            (2, 1, False),
            (3, 8, True),
        ]

    def test_still_true_once(self) -> None:
        """The same answers again are asked about once, not every time."""
        one, other = ten(1, 2, 1, 2, 1), ten(1, 2, 1, 2, 2)
        asked = [
            read(THINKING, sittings(*each)).same_as_last
            for each in ([one], [other, one], [one, one], [one, one, one], [one, one, other, other])
        ]
        assert asked == [False, False, True, False, True]

    def test_later_sheets(self) -> None:
        """An older sheet that is opened again knows nothing of the sessions after it."""
        first = session(1, {"D3": 3})
        again = [first, session(2, {"D3": 3}, current=True), session(3, ten(*[4] * 10))]
        reading = read(THINKING, again)
        assert [s.why for s in reading.stands_out] == [Why.TWICE]
        assert [c.item.id for c in reading.answered] == ["D3"]

    def test_nothing_yet(self) -> None:
        """No sheet at all is read without a fault."""
        assert read(THINKING, []).thanks


@given(any_sittings(THINKING_IDS), st.randoms())
def test_order_of_answers(each: Any, random: Any) -> None:
    """The order in which answers were given never changes the reading."""
    shuffled = []
    for one in each:
        pairs = list(one.answers.items())
        random.shuffle(pairs)
        shuffled.append(session(one.session, dict(pairs), current=one.current))
    assert read(THINKING, shuffled) == read(THINKING, each)


@given(any_answers(THINKING_IDS), st.sampled_from([NOT_UP, SKIPPED, None]))
def test_never_counted(answers: dict[str, object], state: object) -> None:
    """What did not come up, was skipped or not reached never counts, in any mixture."""
    points = {k: v for k, v in answers.items() if type(v) is int and 0 <= v <= 4}
    filled = {i: points.get(i, state) for i in THINKING_IDS}
    bare, full = read(THINKING, sittings(points)), read(THINKING, sittings(filled))
    assert bare == full
    assert [(c.item.id, c.value) for c in full.answered] == [
        (i, points[i]) for i in THINKING_IDS if i in points
    ]


@given(any_answers(THINKING_IDS))
def test_mean_over_answered(answers: dict[str, object]) -> None:
    """The average is over what was answered, and lies between the lowest and the highest."""
    reading = read(THINKING, sittings(answers))
    values = [c.value for c in reading.answered]
    assert (reading.overall is not None) == (len(values) >= 8)
    if reading.overall:
        assert reading.overall.average * len(values) == sum(values)
        assert min(values) <= reading.overall.average <= max(values)


@given(any_answers(THINKING_IDS))
def test_the_two_are_the_highest(answers: dict[str, object]) -> None:
    """No answer left out is higher than one of the two to look at."""
    reading = read(THINKING, sittings(answers))
    values = sorted((c.value for c in reading.answered), reverse=True)
    if reading.to_look_at:
        assert [c.value for c in reading.to_look_at] == values[:2]
    else:
        assert reading.thanks or values[0] <= 1
