"""Practical help and help to think for yourself: two scales, both good, read side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from cascade_tools.model.items import ItemSet
from cascade_tools.model.picture import Sitting
from cascade_tools.model.readings import counted, mean, up_to_now

PRACTICAL = "CB"
THINKING = "LD"
ENOUGH = {PRACTICAL: 2, THINKING: 3}
MIDDLE = Fraction(2)
CLEAR_OF_MIDDLE = Fraction(1, 2)
SUDDEN = Fraction(1)


class Corner(StrEnum):
    HELPING = "Helping out"
    ALONGSIDE = "Building alongside"
    PARTNER = "Thinking partner"
    FEET = "Finding our feet, or drifting"


class Stage(StrEnum):
    EARLY = "early"
    MIDDLE = "middle"
    LATE = "late"


class Invitation(StrEnum):
    """A reading that invites a conversation, as far as one coach's own sheets can know it.

    The other two of the model need the leader's answers and belong to *Half-way review*.
    """

    STILL_HELPING = "still-helping"
    BACK_TO_HELP = "back-to-help"


@dataclass(frozen=True, slots=True)
class Axis:
    """The mean of the answered items (0 to 4) and how many they were.

    ``value`` is None where fewer than 2 of the 3 practical items, or 3 of the 4 about thinking,
    were answered.
    """

    value: Fraction | None
    answered: int


@dataclass(frozen=True, slots=True)
class Point:
    """One session.  ``number`` is the session's, or its place in the list where it has none."""

    number: int
    practical: Axis
    thinking: Axis
    current: bool

    @property
    def place(self) -> tuple[Fraction, Fraction] | None:
        """Where the dot goes (practical, thinking), if both are known."""
        if self.practical.value is None or self.thinking.value is None:
            return None
        return self.practical.value, self.thinking.value


@dataclass(frozen=True, slots=True)
class Reading:
    """``points`` are oldest first and leave out sittings without any answer to these items.

    ``corner`` is None when this session has no dot, or is "somewhere in the middle".
    """

    points: tuple[Point, ...]
    now: Point | None
    corner: Corner | None
    stage: Stage | None
    invitations: tuple[Invitation, ...]


def read(item_set: ItemSet, sittings: Sequence[Sitting]) -> Reading:
    """The reading of the sitting being written (or the last), with those before it."""
    seen = up_to_now(sittings)
    every = [_point(item_set, s, place) for place, s in enumerate(seen, start=1)]
    now = every[-1] if every else None
    corner = corner_of(*now.place) if now and now.place else None
    return Reading(
        points=tuple(p for p in every if p.practical.answered or p.thinking.answered),
        now=now,
        corner=corner,
        stage=stage_of(seen[-1].session, seen[-1].planned) if seen else None,
        invitations=_invitations(seen[-1], every) if seen else (),
    )


def axis(item_set: ItemSet, sitting: Sitting, name: str) -> Axis:
    """``name`` is ``PRACTICAL`` or ``THINKING``: how the ids of its items begin."""
    values = counted((i for i in item_set.items if i.id.startswith(name)), sitting.answers)
    enough = len(values) >= ENOUGH[name]
    return Axis(mean(values.values()) if enough else None, len(values))


def corner_of(practical: Fraction, thinking: Fraction) -> Corner | None:
    """The corner's name when both values are at least 0.5 from the middle; otherwise None."""
    if any(abs(value - MIDDLE) < CLEAR_OF_MIDDLE for value in (practical, thinking)):
        return None
    if practical > MIDDLE:
        return Corner.ALONGSIDE if thinking > MIDDLE else Corner.HELPING
    return Corner.PARTNER if thinking > MIDDLE else Corner.FEET


def stage_of(session: int | None, planned: int) -> Stage | None:
    """Early, middle or late: the third of the planned sessions in which this one's middle lies.

    Of five sessions, 1 and 2 are early, 3 is the middle, 4 and 5 are late.
    """
    if session is None or planned < 1:
        return None
    if 3 * (2 * session - 1) < 2 * planned:
        return Stage.EARLY
    return Stage.LATE if 3 * (2 * session - 1) > 4 * planned else Stage.MIDDLE


def _point(item_set: ItemSet, sitting: Sitting, place: int) -> Point:
    return Point(
        number=place if sitting.session is None else sitting.session,
        practical=axis(item_set, sitting, PRACTICAL),
        thinking=axis(item_set, sitting, THINKING),
        current=sitting.current,
    )


def _invitations(now: Sitting, points: Sequence[Point]) -> tuple[Invitation, ...]:
    here = points[-1].place
    if here is None:
        return ()
    found = []
    past_half = now.session is not None and 2 * now.session > now.planned
    if past_half and here[0] >= Fraction(5, 2) and here[1] <= Fraction(3, 2):
        found.append(Invitation.STILL_HELPING)
    before = next((p.place for p in reversed(points[:-1]) if p.place), None)
    if before and here[0] - before[0] >= SUDDEN and before[1] - here[1] >= SUDDEN:
        found.append(Invitation.BACK_TO_HELP)
    return tuple(found)
