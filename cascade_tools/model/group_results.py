"""Group results: which numbers are counted, at which moment, and from whose answers.

Numbers about a group are counted at three moments only and then frozen.  Counting sees no name,
no id and no date: each person stands under a code drawn for that one release.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cascade_tools.model.change import Change, LookingBack

# At which moment of a programme which times are counted (see ``journey.TIMES``).
MOMENTS = {
    "mid": ("start", "half-way"),
    "end": ("start", "half-way", "end"),
    "six-months": ("start", "half-way", "end", "six-months"),
}
MOMENT_WORDS = {"mid": "Half-way", "end": "At the end", "six-months": "Six months later"}
LEADERS, COACHES = "leaders", "coaches"
# Points of goals, which are counted at each time by itself: five levels, and their summary T.
LEVELS, T_SCORE = "levels", "t"
# What somebody said at a time of how they had been at the start stands under a time of its own,
# never under the start.
BACK = {"end": "looking back at the end", "six-months": "looking back six months later"}
# Where a lower number is the better one.  Pages say so in words; no sign is ever turned.
LOWER_IS_BETTER = frozenset({"o7", "ons4-anxious"})


@dataclass(frozen=True, slots=True)
class Question:
    """A question counted in group results, as it was last asked.  ``points`` are all its numbers:
    ``"ten"`` for 0 to 10, ``"scale"`` for 0 to 4, ``LEVELS`` for a goal's -2 to 2, ``T_SCORE``."""

    workbook: str
    key: str
    words: str
    points: str


@dataclass(frozen=True, slots=True)
class Coded:
    """One person's answers as counting gets them, under a code drawn for one release.

    ``behind`` has each group this person is in (``LEADERS``, ``COACHES``) with the codes of the
    other halves of their pairs.  ``answers`` has a number for each question and time.
    """

    code: str
    behind: Mapping[str, frozenset[str]]
    answers: Mapping[tuple[Question, str], int]


@dataclass(frozen=True, slots=True)
class Count:
    """One thing that is counted: a question in a group, at one time or from one to another.

    ``without`` is a time at which those counted have no answer: they did not come back.
    ``beside`` is one at which they have an answer, too, whose mean stands beside the others.
    ``means`` says whether the means at each time may be shown, too.
    """

    group: str
    question: Question
    times: tuple[str, ...]
    without: str = ""
    beside: str = ""
    means: bool = False

    @property
    def asked(self) -> str:
        """Which question in which group, whatever its words."""
        return " ".join((self.group, self.question.workbook, self.question.key))

    @property
    def name(self) -> str:
        """The same from release to release."""
        without = ("without", self.without) if self.without else ()
        beside = ("beside", self.beside) if self.beside else ()
        return " ".join((self.asked, *self.times, *without, *beside))

    @property
    def needed(self) -> tuple[str, ...]:
        """The times at which those counted have an answer."""
        return (self.beside, *self.times) if self.beside else self.times

    def of(self, people: Sequence[Coded]) -> list[Coded]:
        """Those who count in it: in the group, and with an answer at each time."""
        return [
            one
            for one in people
            if self.group in one.behind
            and all((self.question, time) in one.answers for time in self.needed)
            and (self.question, self.without) not in one.answers
        ]


@dataclass(frozen=True, slots=True)
class Counted:
    """A count as it may be shown: of how many people, and each answer with its number, or with
    words where the number is not shown.

    ``change`` is what changed from the first time to the last, where that may be said.  Of people
    who did not come back at the time ``without``, and of T, there is only the ``mean``; of those
    who looked back, only ``back``.
    """

    group: str
    workbook: str
    key: str
    question: str
    times: tuple[str, ...]
    people: int
    cells: tuple[tuple[str, int | str], ...]
    change: Change | None = None
    without: str = ""
    mean: float | None = None
    back: LookingBack | None = None


@dataclass(frozen=True, slots=True)
class Flow:
    """How many of a group could have answered, said yes, and answered at ``times`` (the start,
    and the last time of the release).

    ``eligible`` and ``willing`` are to the nearest five.  ``answered`` (at the first time, at the
    last, at both) are as they stand beside every result, None where fewer than ten.  ``enough``
    says whether two thirds of those who could have answered did so at both times.
    """

    group: str
    times: tuple[str, str]
    eligible: int
    willing: int
    answered: tuple[int | None, int | None, int | None]
    enough: bool


@dataclass(frozen=True, slots=True)
class MainOutcomes:
    """The questions a programme said it would look at first, by key, and the day it said so
    (``"2026-05-03"``)."""

    workbook: str
    keys: tuple[str, ...]
    on: str


@dataclass(frozen=True, slots=True)
class Release:
    """What was counted at one moment, frozen.  ``month`` is when, as ``"2026-11"``."""

    id: str
    moment: str
    month: str
    counted: tuple[Counted, ...]
    flow: tuple[Flow, ...] = ()
    main: MainOutcomes | None = None
