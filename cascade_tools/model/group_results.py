"""Group results: which numbers are counted, at which moment, and from whose answers.

Numbers about a group are counted at three moments only and then frozen.  Counting sees no name,
no id and no date: each person stands under a code drawn for that one release.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# At which moment of a programme which times are counted (see ``journey.TIMES``).
MOMENTS = {
    "mid": ("start", "half-way"),
    "end": ("start", "half-way", "end"),
    "six-months": ("start", "half-way", "end", "six-months"),
}
MOMENT_WORDS = {"mid": "Half-way", "end": "At the end", "six-months": "Six months later"}
LEADERS, COACHES = "leaders", "coaches"
# As many as must join or leave before the same thing is counted again: the difference between
# two counts would be about these few.
LEAST_CHANGED = 5


@dataclass(frozen=True, slots=True)
class Question:
    """A question counted in group results, as it was last asked.  ``points`` are all its numbers:
    ``"ten"`` for 0 to 10, ``"scale"`` for 0 to 4."""

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
    """One thing that is counted: a question in a group, at one time or from one to another."""

    group: str
    question: Question
    times: tuple[str, ...]

    @property
    def name(self) -> str:
        """The same from release to release, whatever the question's words."""
        return " ".join((self.group, self.question.workbook, self.question.key, *self.times))

    def of(self, people: Sequence[Coded]) -> list[Coded]:
        """Those who count in it: in the group, and with an answer at each time."""
        return [
            one
            for one in people
            if self.group in one.behind
            and all((self.question, time) in one.answers for time in self.times)
        ]


@dataclass(frozen=True, slots=True)
class Counted:
    """A count as it may be shown: of how many people, and each answer with its number, or with
    words where the number is not shown."""

    group: str
    workbook: str
    key: str
    question: str
    times: tuple[str, ...]
    people: int
    cells: tuple[tuple[str, int | str], ...]


@dataclass(frozen=True, slots=True)
class Release:
    """What was counted at one moment, frozen.  ``month`` is when, as ``"2026-11"``."""

    id: str
    moment: str
    month: str
    counted: tuple[Counted, ...]


def counts_at(moment: str, people: Sequence[Coded]) -> list[Count]:
    """Everything that is counted at a moment: each question at each time, and what changed since
    the start.  The order is that of groups, questions and times."""
    times = MOMENTS[moment]
    spans = [(t,) for t in times] + [(times[0], t) for t in times[1:]]
    questions = sorted(
        {question for one in people for question, _ in one.answers},
        key=lambda q: (q.workbook, q.key.rstrip("0123456789"), len(q.key), q.key),
    )
    return [Count(g, q, span) for g in (LEADERS, COACHES) for q in questions for span in spans]


def may_count_again(now: frozenset[str], earlier: Sequence[frozenset[str]]) -> bool:
    """Whether who counts now differs from who did at any earlier time by nobody's few answers.

    Joined and left are each nobody or at least five, and not both nobody: what was counted of
    the same people stands as it is.
    """
    return all(now != before and _many(now - before) and _many(before - now) for before in earlier)


def _many(changed: frozenset[str]) -> bool:
    """Whether nobody can be picked out of these: there is none, or there are enough."""
    return not changed or len(changed) >= LEAST_CHANGED
