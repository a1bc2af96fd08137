"""What changed in a group between two times, and the sentences that belong to every such number.

Source of the rules: the programme's evaluation (pairs only, each question by itself, the interval
beside every mean, no small-medium-large, direction in words).
"""

from dataclasses import dataclass

NO_COMPARISON = (
    "There was no comparison group. People often seek coaching at a hard time and would have "
    "changed anyway. These results show change alongside coaching, not change because of it."
)
OTHER_REASONS = (
    "People may see themselves differently after reflecting. They may wish to give a good "
    "picture. Who begins at an unusually hard time tends to be better later, with or without help."
)
# Half the width of the 95% interval of a mean change, in spreads of the changes, by how many
# people; a test works them out again.
PRECISION = (
    *((10, 0.72), (15, 0.55), (20, 0.47), (30, 0.37), (60, 0.26)),
    *((80, 0.22), (100, 0.20), (150, 0.16), (200, 0.14)),
)
_IN_WORDS = {
    0.72: "three quarters",
    0.55: "half",
    0.47: "half",
    0.37: "a third",
    0.26: "a quarter",
    0.22: "a fifth",
    0.20: "a fifth",
    0.16: "a sixth",
    0.14: "a seventh",
}
COMPLETE_PAIRS = "Only people who answered at both times are counted. Nothing was filled in."
RULE_OF_THUMB = (
    "Two points or more is a rule of thumb. Nobody has tested how far one person's answer to a "
    "single line wanders by itself."
)
WHO_STAYED = "Fewer than two thirds answered both times. The results may say more of who stayed."
EACH_BY_ITSELF = "Each line stands by itself. They are never added up, and nobody is ranked."
SPREADS_METHOD = (
    "In typical spreads: the mean change, divided by the mean of the two standard deviations "
    "(d_av), with the correction of Hedges for few people. Its interval is a bootstrap: 2,000 "
    "draws, the same each time, from the 2.5% to the 97.5% point. Where coaches had several of "
    "these leaders, whole coaches are drawn."
)
SPREADS_OF_CHANGE = (
    "In spreads of the change: the mean change, divided by the standard deviation of the changes "
    "(d_z). It answers another question and must not be put beside typical spreads."
)
INTERVALS = (
    "The interval is the usual one for a mean of pairs (95%, Student's t). It is rounded outwards."
)
GOALS_ARE_OWN = (
    "Goals are each person’s own, so they compare nobody with anybody. Only goals whose owner "
    "ticked it are counted. Goals that were changed after half-way stand apart."
)
T_MEAN = (
    "T of the goals that stayed as they were set is {mean} on average (50: all met as set; to the "
    "nearest 5). T takes the steps between levels to be of one size, which nobody can check."
)
ROUNDED = "Means are rounded: to 0.5 below 20 people, to 0.2 below 50, and to 0.1 above."
LOOKING_BACK = (
    "At the later time people were also asked how they had been at the start, as they see it now. "
    "This never replaces what they said at the start. It stands beside it, for those who did both. "
    "Which of the two is nearer the truth nobody can say."
)
WIDENED = (
    "Coaches had more than two of these leaders on average. People with one coach may change "
    "alike, so the interval was worked out by coach too, and the wider one is shown."
)


@dataclass(frozen=True, slots=True)
class Interval:
    """Where the true value may well lie: 95 of 100 such intervals hold it."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Change:
    """One question from one time to another, of the same people, as it may be shown.

    ``difference`` is the mean change in points asked (0 to 10, or 0 to 4), after minus before,
    with its ``interval``; ``median`` is the middle change.  ``before`` and ``after`` are the means
    of these people at each time, None where they must not stand beside others (see ``counting``).
    All of these are multiples of ``step``, so that no exact sum can be had.

    ``spreads`` is the difference in typical spreads (d_av, corrected for few people) with
    ``spreads_interval``; ``spreads_of_change`` is d_z, for the annex.  None where answers are too
    much alike.  ``far`` is how many went up, and how many down, by two points or more; None where
    one of the counts it goes with is too small.

    ``by_coach`` says that people with one coach were looked at together, ``widened`` that this
    made the interval wider.
    """

    difference: float
    interval: Interval
    median: float
    step: float
    before: float | None = None
    after: float | None = None
    spreads: float | None = None
    spreads_interval: Interval | None = None
    spreads_of_change: float | None = None
    far: tuple[int, int] | None = None
    by_coach: bool = False
    widened: bool = False


@dataclass(frozen=True, slots=True)
class LookingBack:
    """One question as it was answered at the start, and as the same people saw their start at a
    later time.

    ``start`` and ``looking`` are the means of both.  ``difference`` is the mean of the later
    answers less that of looking back, with its ``interval``.  All are multiples of ``step``.
    ``by_coach`` says that people with one coach were looked at together.
    """

    start: float
    looking: float
    difference: float
    interval: Interval
    step: float
    by_coach: bool = False


def in_spreads(spreads: float) -> str:
    """A difference in words, beside the typical spread of answers: never small or large."""
    size = abs(spreads)
    if size < 0.15:
        return "hardly any of a typical spread"
    for limit, words in ((0.4, "a quarter"), (0.6, "half"), (0.9, "three quarters")):
        if size < limit:
            return f"about {words} of a typical spread"
    return "about one typical spread" if size < 1.25 else "more than one typical spread"


def direction(difference: float, *, lower_is_better: bool) -> str:
    """Which way it went, as the numbers go, and what that means where lower is better."""
    way = "went up" if difference > 0 else "went down" if difference < 0 else "stayed the same"
    return f"{way} (here lower is better)" if lower_is_better else way


def how_sure(people: int) -> str:
    """How precise a mean change of so many people (at least ten) can be, in words."""
    half = next(half for least, half in reversed(PRECISION) if people >= least)
    return (
        f"With {people} people we can only be sure to within about {_IN_WORDS[half]} of the usual "
        f"spread of changes ({half:.2f})."
    )
