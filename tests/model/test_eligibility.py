"""*Is this for me?*: every rule stands by itself, and nothing is ever decided about anybody."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cascade_tools.model.eligibility import (
    BANDS,
    COMMUNITIES,
    FIRST_SUPPORT,
    INCOME,
    LEADS,
    PAYING,
    PURPOSE,
    Standing,
    Terms,
    bursary,
    how_many_are_needed,
    joining,
)

TERMS = Terms(fee=800, income_limit=500_000, bursary_turnover=150_000)
MET, NOT_MET, NOT_SURE = Standing.MET, Standing.NOT_MET, Standing.NOT_SURE

anything = st.one_of(
    st.none(), st.text(max_size=5), st.integers(), st.lists(st.text(max_size=3), max_size=2),
    st.sampled_from(["yes", "no", "skipped", "not-sure", "can-pay", "bursary", *BANDS]),
)  # fmt: skip
some_answers = st.dictionaries(
    st.sampled_from([LEADS, PURPOSE, INCOME, PAYING, COMMUNITIES, FIRST_SUPPORT, "x"]), anything
)
some_terms = st.builds(Terms, *(st.integers(1, 10**7) for _ in range(3)), bursary_all=st.booleans())


def standings(rules: object) -> list[Standing]:
    return [rule.standing for rule in rules]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("said", "standing"),
    [("yes", MET), ("no", NOT_MET), ("skipped", NOT_SURE), ("not-sure", NOT_SURE), ("", NOT_SURE),
     (None, NOT_SURE)],
)  # fmt: skip
def test_a_question_skipped_or_left_open_is_not_sure(said: str | None, standing: Standing) -> None:
    """Yes and no are what they say; everything else is not known, and never "not met"."""
    found = joining({LEADS: said, PURPOSE: said}, TERMS)
    assert standings(found)[:2] == [standing, standing]
    found = bursary({COMMUNITIES: said, FIRST_SUPPORT: said}, TERMS)
    assert standings(found)[1:] == [standing, standing]


@pytest.mark.parametrize(
    ("income", "to_join", "for_a_bursary"),
    [("under-150", MET, MET), ("150-to-499", MET, NOT_MET), ("500-or-more", NOT_MET, NOT_MET),
     ("not-sure", NOT_SURE, NOT_SURE), (None, NOT_SURE, NOT_SURE)],
)  # fmt: skip
def test_income_is_held_against_the_programmes_own_numbers(
    income: str | None, to_join: Standing, for_a_bursary: Standing
) -> None:
    """Under £500,000 a year to join, under £150,000 for a bursary (source: the current offer)."""
    assert standings(joining({INCOME: income}, TERMS))[2] is to_join
    assert standings(bursary({INCOME: income}, TERMS))[0] is for_a_bursary


def test_a_band_on_both_sides_of_another_limit_is_not_sure() -> None:
    """A programme with other numbers is told nothing that the answer does not say."""
    terms = Terms(fee=1, income_limit=300_000, bursary_turnover=100_000)
    assert standings(joining({INCOME: "150-to-499"}, terms))[2] is NOT_SURE
    assert standings(joining({INCOME: "500-or-more"}, terms))[2] is NOT_MET
    assert standings(bursary({INCOME: "under-150"}, terms))[0] is NOT_SURE
    higher = Terms(fee=1, income_limit=1_000_000, bursary_turnover=100_000)
    assert standings(joining({INCOME: "500-or-more"}, higher))[2] is NOT_SURE
    on_the_line = Terms(fee=1, income_limit=150_000, bursary_turnover=149_999)
    assert standings(joining({INCOME: "under-150"}, on_the_line))[2] is MET
    assert standings(joining({INCOME: "150-to-499"}, on_the_line))[2] is NOT_MET
    assert standings(bursary({INCOME: "under-150"}, on_the_line))[0] is NOT_SURE


@pytest.mark.parametrize("paying", ["funder", "bursary", "not-sure", None])
def test_the_bursary_is_for_whoever_cannot_simply_pay(paying: str | None) -> None:
    """Somebody who can pay is not asked to read the bursary rules; everybody else sees all."""
    assert len(bursary({PAYING: paying}, TERMS)) == 3
    assert bursary({PAYING: "can-pay"}, TERMS) == ()


def test_whether_one_or_all_bursary_rules_are_needed_is_the_programmes_to_say() -> None:
    """The offer does not say; the setting does, and nothing else changes with it."""
    every = Terms(800, 500_000, 150_000, bursary_all=True)
    assert "one of these" in how_many_are_needed(TERMS)
    assert "all of these" in how_many_are_needed(every)
    assert bursary({INCOME: "under-150"}, every) == bursary({INCOME: "under-150"}, TERMS)


@settings(deadline=None)
@given(some_answers, some_terms)
def test_there_is_never_a_verdict(answers: dict[str, object], terms: Terms) -> None:
    """Whatever was answered, each rule has its own sentence, and no words decide anything."""
    rules = [*joining(answers, terms), *bursary(answers, terms)]  # type: ignore[arg-type]
    assert len(rules) in (3, 6)
    for rule in rules:
        assert rule.name and rule.sentence.endswith(".") and rule.standing.words
        words = f"{rule.name} {rule.sentence} {how_many_are_needed(terms)}"
        assert not re.search(r"eligible|qualif|accept|reject|refus|entitled|cannot", words, re.I)
        assert max(len(s.split()) for s in re.split(r"(?<=[.?!])\s+", words)) <= 25


@settings(deadline=None)
@given(some_answers, st.sampled_from([LEADS, PURPOSE, INCOME, COMMUNITIES, FIRST_SUPPORT]))
def test_one_answer_moves_only_its_own_rules(answers: dict[str, object], key: str) -> None:
    """Taking one answer back leaves every rule that does not read it as it was."""
    without = {k: v for k, v in answers.items() if k != key}
    reads = {LEADS: {0}, PURPOSE: {1}, INCOME: {2, 3}, COMMUNITIES: {4}, FIRST_SUPPORT: {5}}
    before = [*joining(answers, TERMS), *bursary(answers, TERMS)]  # type: ignore[arg-type]
    after = [*joining(without, TERMS), *bursary(without, TERMS)]  # type: ignore[arg-type]
    for place, (one, other) in enumerate(zip(before, after, strict=True)):
        assert one == other or place in reads[key]
