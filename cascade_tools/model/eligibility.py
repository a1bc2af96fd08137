"""*Is this for me?*, rule by rule: what the programme asks for, and how an answer stands to it.

No function here gives a verdict, and none may be made of them: a rule is met, not met or not
known, and whatever stands there a person may talk to the programme.  The rules are the
programme's own offer.  It does not say whether one bursary rule is enough or all are needed, so
that is a setting.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from cascade_tools.model.prompts import Answer


class Standing(StrEnum):
    """How an answer stands to a rule.  Nothing said and "skipped" are *not sure*."""

    MET = "met"
    NOT_MET = "not-met"
    NOT_SURE = "not-sure"

    @property
    def words(self) -> str:
        return {"met": "Met", "not-met": "Not met", "not-sure": "Not sure"}[self]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, how the answers stand to it, and a sentence about that."""

    name: str
    standing: Standing
    sentence: str


@dataclass(frozen=True, slots=True)
class Terms:
    """A programme's numbers, in pounds.  ``bursary_all``: every bursary rule is needed, not one."""

    fee: int
    income_limit: int
    bursary_turnover: int
    bursary_all: bool = False


# The answers that are read here, by the keys of ``leader/is-this-for-me``.
LEADS, PURPOSE, INCOME, PAYING = "lead-role", "purpose", "income", "paying"
COMMUNITIES, FIRST_SUPPORT = "bursary-communities", "bursary-first"

# Bands of yearly income by their codes: the least, and the most where there is one.
BANDS: Mapping[str, tuple[int, int | None]] = {
    "under-150": (0, 149_999),
    "150-to-499": (150_000, 499_999),
    "500-or-more": (500_000, None),
}
CAN_PAY = "can-pay"


def joining(answers: Mapping[str, Answer], terms: Terms) -> tuple[Rule, ...]:
    """The rules for joining the programme."""
    limit = pounds(terms.income_limit)
    return (
        _rule(
            "You lead an organisation",
            _said(answers.get(LEADS)),
            met="You have said that you lead one.",
            not_met="You have said that you do not. You can still ask: "
            "some lead without the title.",
            not_sure="It is for people who lead. Some do so without the title, so ask.",
        ),
        _rule(
            "It works for health or wellbeing",
            _said(answers.get(PURPOSE)),
            met="You have said that it does.",
            not_met="You have said that it does not. You can still ask: "
            "many do this work under another name.",
            not_sure="Many do this work under another name, so ask.",
        ),
        _rule(
            f"Its yearly income is under {limit}",
            _under(answers.get(INCOME), terms.income_limit),
            met=f"The income you chose is under {limit}.",
            not_met=f"The income you chose is {limit} or more. You can still ask.",
            not_sure=f"Your answer does not tell on which side of {limit} it lies.",
        ),
    )


def bursary(answers: Mapping[str, Answer], terms: Terms) -> tuple[Rule, ...]:
    """The rules for a bursary; none where somebody can pay."""
    if answers.get(PAYING) == CAN_PAY:
        return ()
    turnover = pounds(terms.bursary_turnover)
    return (
        _rule(
            f"A yearly turnover under {turnover}",
            _under(answers.get(INCOME), terms.bursary_turnover),
            met=f"The income you chose is under {turnover}.",
            not_met=f"The income you chose is {turnover} or more.",
            not_sure=f"Your answer does not tell on which side of {turnover} it lies.",
        ),
        _rule(
            "Work with ethnic minority or other under-represented groups",
            _said(answers.get(COMMUNITIES)),
            met="You have said that your organisation does this.",
            not_met="You have said that your organisation does not do this.",
            not_sure="You have not said. If you are in doubt, ask.",
        ),
        _rule(
            "No leadership support until now",
            _said(answers.get(FIRST_SUPPORT)),
            met="You have said that this would be your first.",
            not_met="You have said that you have had some.",
            not_sure="You have not said. If you are in doubt, ask.",
        ),
    )


def how_many_are_needed(terms: Terms) -> str:
    """What the programme says about the bursary rules together."""
    if terms.bursary_all:
        return "For a bursary, this programme looks for all of these."
    return "For a bursary, this programme looks for one of these. You need not meet them all."


def pounds(amount: int) -> str:
    return f"£{amount:,}"


def _rule(name: str, standing: Standing, *, met: str, not_met: str, not_sure: str) -> Rule:
    sentences = {
        Standing.MET: met,
        Standing.NOT_MET: not_met,
        Standing.NOT_SURE: not_sure,
    }
    return Rule(name, standing, sentences[standing])


def _said(answer: Answer) -> Standing:
    """How a yes-or-no question was answered; anything else is not known."""
    if answer == "yes":
        return Standing.MET
    return Standing.NOT_MET if answer == "no" else Standing.NOT_SURE


def _under(answer: Answer, limit: int) -> Standing:
    """Whether a band of income lies under a limit: a band on both sides of it is not known."""
    if not isinstance(answer, str) or answer not in BANDS:
        return Standing.NOT_SURE
    least, most = BANDS[answer]
    if most is not None and most < limit:
        return Standing.MET
    return Standing.NOT_MET if least >= limit else Standing.NOT_SURE
