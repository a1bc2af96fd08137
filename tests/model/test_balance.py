"""Practical help and help to think: two scales, one dot a session, no verdict."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascade_tools.model.balance import Corner, Invitation, Stage, corner_of, read, stage_of
from cascade_tools.model.prompts import NOT_UP, SKIPPED
from tests.model.paper_items import (
    AXES,
    AXES_IDS,
    any_answers,
    any_sittings,
    session,
    seven,
    sittings,
)


def now(*values: object) -> tuple[Fraction | None, Fraction | None]:
    point = read(AXES, sittings(seven(*values))).now
    assert point is not None
    return point.practical.value, point.thinking.value


class TestAxes:
    def test_means(self) -> None:
        """Each axis is the mean of its own answered items."""
        assert now(4, 3, 3, 1, 2, 1, 2) == (Fraction(10, 3), Fraction(6, 4))

    def test_enough(self) -> None:
        """Two of three practical items are needed, and three of four about thinking."""
        assert now(4, 2, NOT_UP, 1, 1, 1, SKIPPED) == (Fraction(3), Fraction(1))
        assert now(4, NOT_UP, SKIPPED, 1, 1, None, NOT_UP) == (None, None)

    def test_no_dot(self) -> None:
        """A session with only one axis has a row, but no place and no corner."""
        reading = read(AXES, sittings(seven(4, 4, 4, 1)))
        assert [p.place for p in reading.points] == [None]
        assert reading.corner is None

    def test_unanswered_sessions(self) -> None:
        """A sheet without any of these answers is left out; the others keep their numbers."""
        one = seven(*[2] * 7)
        reading = read(AXES, sittings(one, {}, seven(SKIPPED, NOT_UP), one))
        assert [p.number for p in reading.points] == [1, 4]

    def test_place_in_the_list(self) -> None:
        """Where there is no session, a sheet is numbered by its place."""
        one = seven(*[2] * 7)
        reading = read(AXES, [session(None, one), session(None, one)])
        assert [p.number for p in reading.points] == [1, 2]


class TestCorners:
    @pytest.mark.parametrize(
        ("practical", "thinking", "corner"),
        [
            ("2.5", "1.5", Corner.HELPING),
            ("2.5", "2.5", Corner.ALONGSIDE),
            ("1.5", "2.5", Corner.PARTNER),
            ("1.5", "1.5", Corner.FEET),
            ("2.49", "0", None),
            ("4", "1.51", None),
            ("2", "2", None),
        ],
    )
    def test_half_a_point(self, practical: str, thinking: str, corner: Corner | None) -> None:
        """A corner is named only when both values are half a point or more from the middle."""
        assert corner_of(Fraction(practical), Fraction(thinking)) is corner


class TestStages:
    @pytest.mark.parametrize(
        ("planned", "stages"),
        [
            (5, "early early middle late late late"),
            (3, "early middle late late"),
            (6, "early early middle middle late late"),
            (8, "early early early middle middle late late late"),
        ],
    )
    def test_thirds(self, planned: int, stages: str) -> None:
        """Early, middle and late share the planned sessions; sessions beyond them are late."""
        found = [stage_of(n, planned) for n in range(1, len(stages.split()) + 1)]
        assert found == [Stage(s) for s in stages.split()]

    def test_unknown(self) -> None:
        """Without a session, or a plan, there is no stage."""
        assert stage_of(None, 5) is None
        assert stage_of(1, 0) is None


class TestInvitations:
    @pytest.mark.parametrize(
        ("number", "answers", "invited"),
        [
            (3, seven(3, 2, SKIPPED, 1, 2, 1, 2), True),
            (2, seven(3, 2, SKIPPED, 1, 2, 1, 2), False),
            (3, seven(3, 2, 2, 1, 2, 1, 2), False),
            (3, seven(3, 2, SKIPPED, 1, 2, 2, 2), False),
            (None, seven(4, 4, 4, 0, 0, 0, 0), False),
        ],
    )
    def test_still_helping(
        self, number: int | None, answers: dict[str, object], invited: bool
    ) -> None:
        """Much help and little thinking invite a talk only past half the planned sessions."""
        reading = read(AXES, [session(number, answers, current=True)])
        assert (Invitation.STILL_HELPING in reading.invitations) is invited

    def test_back_to_help(self) -> None:
        """A point or more back to practical help, and away from thinking, is a sudden move."""
        before = seven(2, 2, 2, 3, 3, 3, 3)
        moved = [
            Invitation.BACK_TO_HELP in read(AXES, sittings(before, {}, after)).invitations
            for after in (
                seven(3, 3, 3, 2, 2, 2, 2),
                seven(3, 3, 2, 2, 2, 2, 2),
                seven(3, 3, 3, 3, 2, 2, 2),
                seven(3, 3, 3),
            )
        ]
        assert moved == [True, False, False, False]

    def test_nothing_yet(self) -> None:
        """No sheet at all is read without a fault."""
        assert read(AXES, []).now is None


@given(any_sittings(AXES_IDS), st.randoms())
def test_order_of_answers(each: Any, random: Any) -> None:
    """The order in which answers were given never changes the reading."""
    shuffled = []
    for one in each:
        pairs = list(one.answers.items())
        random.shuffle(pairs)
        shuffled.append(session(one.session, dict(pairs), current=one.current))
    assert read(AXES, shuffled) == read(AXES, each)


@given(any_answers(AXES_IDS), st.sampled_from([NOT_UP, SKIPPED, None]))
def test_never_counted(answers: dict[str, object], state: object) -> None:
    """What did not come up, was skipped or not reached never counts; means are over the rest."""
    points = {k: v for k, v in answers.items() if type(v) is int and 0 <= v <= 4}
    filled = {i: points.get(i, state) for i in AXES_IDS}
    reading = read(AXES, sittings(filled))
    assert reading == read(AXES, sittings(points))
    assert reading.now is not None
    for axis, name in ((reading.now.practical, "CB"), (reading.now.thinking, "LD")):
        values = [v for k, v in points.items() if k.startswith(name)]
        assert axis.answered == len(values)
        if axis.value is not None:
            assert axis.value * len(values) == sum(values)
