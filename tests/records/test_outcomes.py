"""Main outcomes: said before anybody has seen a result, and not changed afterwards."""

import pytest

from cascade_tools.errors import NotPossible
from cascade_tools.model.group_results import MainOutcomes
from cascade_tools.model.journey import OUTCOMES
from tests.promises.cohort import Cohort, spread
from tests.records.small import Small


def test_they_are_chosen_before_and_stand_after(small: Small) -> None:
    """Until something is released a lead may choose again, and the newest choice holds with its
    day; after that nobody can, and the release carries the choice."""
    cohort = Cohort(small, 12)
    outcomes, pat = small.records.outcomes, small.id("pat")
    assert outcomes.main() is None
    outcomes.choose(pat, OUTCOMES, ["o1"])
    small.clock.later(days=3)
    made = outcomes.choose(pat, OUTCOMES, ["o9", "o7", "o9"])
    day = small.clock.at.date().isoformat()
    assert made == outcomes.main() == MainOutcomes(OUTCOMES, ("o9", "o7"), day)
    cohort.all_answer(cohort.leaders, "start", spread(12))
    small.clock.later(days=30)
    released = cohort.release("mid")
    assert released.main == made
    with pytest.raises(NotPossible, match="stand as they are"):
        outcomes.choose(pat, OUTCOMES, ["o1"])
    assert small.records.releases.all(cohort.eve.id)[0].main == made


def test_one_to_three_by_a_lead(small: Small) -> None:
    """None is no choice, four are not main any more, and nobody but a lead chooses."""
    outcomes, pat = small.records.outcomes, small.id("pat")
    for keys in ([], ["o1", "o2", "o3", "o4"]):
        with pytest.raises(NotPossible, match="at least one"):
            outcomes.choose(pat, OUTCOMES, keys)
    for name in ("sue", "amina", "leo"):
        with pytest.raises(NotPossible, match="lead"):
            outcomes.choose(small.id(name), OUTCOMES, ["o1"])
    assert outcomes.main() is None
