"""Goals in group results: only where somebody is with a goal, and whether it is the same goal.

Source: goal attainment scaling (Kiresuk and Sherman, 1968), with levels from -2 to +2.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from cascade_tools.model.composites import GOAL

GOALS = {"goal-1": "First goal", "goal-2": "Second goal", "goal-3": "Third goal"}
# The box of a sheet without which nothing of its goals is counted.
TICK, YES = "goals-count", "yes"
REVISED = "-revised"
REVISED_WORDS = "changed after half-way"
TOGETHER, TOGETHER_WORDS = "goals", "Goals together (T)"
# How goals go together, as is usual.
RHO = 0.3
_WORDS = ("goal", "success", "less", "better")


def level_of(goal: Mapping[str, Any]) -> int | None:
    """Where somebody is with a goal, -2 to +2; None where they did not say."""
    now = goal.get("now")
    return int(now) if now in dict(GOAL.part("now").choices) else None


def weight_of(goal: Mapping[str, Any]) -> int:
    """How much a goal matters, 1 to 3; 1 where it was not said."""
    return int(goal.get("matters") or 1)


def same_goal(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether a goal and what would be success stand as they did."""
    return all(str(one.get(p, "")).split() == str(other.get(p, "")).split() for p in _WORDS)


def t_score(goals: Sequence[tuple[int, int]]) -> float:
    """The usual summary of one person's goals, each a level and a weight: 50 where all are met.

    It takes the steps between levels to be of one size, which nobody can check.
    """
    total = sum(weight for _, weight in goals)
    squares = sum(weight**2 for _, weight in goals)
    spread = ((1 - RHO) * squares + RHO * total**2) ** 0.5
    return 50 + 10 * sum(level * weight for level, weight in goals) / float(spread)
