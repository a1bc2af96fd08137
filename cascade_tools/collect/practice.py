"""Practice data: invented programmes whose results can be read before there are real ones.

Nobody stands behind these numbers.  They go through the same counting and the same rules as real
answers, so what a report hides here it hides there.  In them some people drop out (and began
lower), some skip a line, one line stands near its top from the start, one gets worse, and one is
answered by fewer than ten.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from cascade_tools import content
from cascade_tools.collect.group_results import count_safely
from cascade_tools.errors import NotPossible
from cascade_tools.model.counting import count_all, flows
from cascade_tools.model.goals import (
    GOALS,
    REVISED,
    REVISED_WORDS,
    TOGETHER,
    TOGETHER_WORDS,
    t_score,
)
from cascade_tools.model.group_results import (
    BACK,
    COACHES,
    LEADERS,
    LEVELS,
    MOMENTS,
    T_SCORE,
    Coded,
    MainOutcomes,
    Question,
    Release,
)
from cascade_tools.model.journey import OUTCOMES

SIZES = (15, 60, 200)
NAME = "Practice data: an invented programme"
# By key: the mean at the start, the mean change by the end, and how many points the change varies.
INVENTED: Mapping[str, tuple[float, float, float]] = {
    "o1": (4.6, 1.1, 1.8),
    "o2": (4.9, 0.9, 1.7),
    "o3": (5.2, 0.7, 1.8),
    "o4": (5.6, 0.6, 1.6),
    "o5": (5.8, 0.6, 1.9),
    "o6": (4.8, 1.3, 2.0),
    "o7": (6.1, -1.4, 2.0),
    "o8": (6.0, 0.1, 1.7),
    "o9": (4.7, 1.2, 1.8),
    "o10": (9.7, 0.1, 0.5),  # near its top from the start
    "o11": (6.3, -0.6, 1.6),  # gets worse
    "o12": (5.4, 0.2, 1.9),
    "co1": (5.5, 1.2, 1.6),
    "co2": (5.6, 0.8, 1.7),
    "co3": (5.9, 0.6, 1.7),
    "co4": (5.1, 0.7, 1.8),
}
# Only so many coaches answer this one: too few to say anything of them.
TOO_FEW, SO_FEW = "co4", 9
TO_A_COACH = 2.5
STAY = {15: 0.85, 60: 0.66, 200: 0.76}
SKIP = 0.04
GOAL, TICK_GOALS, CHANGE_GOALS = "goal-1", 0.9, 0.2
REACHED = {"start": 0.0, "half-way": 0.6, "end": 1.0, "six-months": 0.8}
# Of larger programmes some look back, and see their start as lower than they said then.
LOOK_BACK, SEEN_LOWER, LARGER = 0.7, 0.7, 60
MONTHS = {"mid": "2026-02", "end": "2026-05", "six-months": "2026-11"}


def practice_releases(pairs: int) -> list[Release]:
    """The three releases of an invented programme of 15, 60 or 200 pairs, always the same.

    Raises ``NotPossible`` for another number of pairs.
    """
    if pairs not in SIZES:
        sizes = ", ".join(map(str, SIZES))
        raise NotPossible(f"Practice data has one of these numbers of pairs: {sizes}.")
    people, everybody = _people(pairs, np.random.default_rng(pairs))
    if pairs >= LARGER:
        people = _looking_back(people, np.random.default_rng(pairs + 1))
    willing = {group: {mark for mark, one in people if group in one.behind} for group in everybody}
    main = MainOutcomes(OUTCOMES, ("o9", "o7"), "2025-09-03")
    earlier: list[dict[str, list[str]]] = []
    found = []
    for moment in MOMENTS:
        counted, who = count_all(people, moment, earlier, count_safely)
        flow = flows(moment, people, everybody, willing)
        found.append(Release(moment, moment, MONTHS[moment], tuple(counted), flow, main))
        earlier.append(who)
    return found


def _people(pairs: int, draw: Any) -> tuple[list[tuple[str, Coded]], dict[str, set[str]]]:
    """Those who said yes, under invented marks, and everybody who took part, by group."""
    coaches = round(pairs / TO_A_COACH)
    of_leader = {f"leader {n}": f"coach {n % coaches}" for n in range(pairs)}
    of_coach: dict[str, set[str]] = {f"coach {n}": set() for n in range(coaches)}
    for leader, coach in of_leader.items():
        of_coach[coach].add(leader)
    everybody = {LEADERS: set(of_leader), COACHES: set(of_coach)}
    # A few never say yes.
    willing = [
        *list(of_leader)[: round(pairs * 0.95)],
        *list(of_coach)[: round(coaches * 0.97)],
    ]
    people = []
    for mark in willing:
        leads = mark in of_leader
        behind = (
            {LEADERS: frozenset({of_leader[mark]})}
            if leads
            else {COACHES: frozenset(of_coach[mark])}
        )
        few = not leads and int(mark.split()[1]) >= SO_FEW
        stays = draw.random() < STAY[pairs]
        answers = _answers(draw, stays, leads=leads, without={TOO_FEW} if few else set())
        people.append((mark, Coded(mark, behind, answers)))
    return people, everybody


def _answers(
    draw: Any, stays: bool, *, leads: bool, without: set[str]
) -> dict[tuple[Question, str], int]:
    level = draw.normal(0, 1.2)
    if not stays:
        level -= 0.8
    found = {}
    for question in _questions():
        start, change, varies = INVENTED[question.key]
        if (leads and question.key.startswith("co")) or question.key in without:
            continue
        own = start + (level + draw.normal(0, 1.2) if start < 9 else draw.normal(0, 0.4))
        moved = draw.normal(change, varies)
        for time, reached in REACHED.items():
            if (stays or time == "start") and draw.random() >= SKIP:
                said = own + reached * moved + (draw.normal(0, 0.5) if reached else 0)
                found[question, time] = int(np.clip(round(said), 0, 10))
    if stays and leads:
        found |= _goals(draw)
    return found


def _looking_back(people: list[tuple[str, Coded]], draw: Any) -> list[tuple[str, Coded]]:
    """The same people, some of whom say at the end how they see their start now."""
    found = []
    for mark, one in people:
        looks = draw.random() < LOOK_BACK
        back = {
            (question, BACK[later]): int(np.clip(round(said + draw.normal(-SEEN_LOWER, 1)), 0, 10))
            for (question, time), said in one.answers.items()
            for later in BACK
            if looks and time == "start" and question.key.startswith("o")
            and (question, later) in one.answers
        }  # fmt: skip
        found.append((mark, replace(one, answers={**one.answers, **back})))
    return found


def _goals(draw: Any) -> dict[tuple[Question, str], int]:
    """One goal of a leader who lets its steps count, which some of them change after half-way."""
    if draw.random() < TICK_GOALS:
        level = int(draw.choice([-2, -1, 0, 1, 2], p=[0.1, 0.25, 0.3, 0.25, 0.1]))
        if draw.random() < CHANGE_GOALS:
            words = f"{GOALS[GOAL]}, {REVISED_WORDS}"
            return {(Question(OUTCOMES, GOAL + REVISED, words, LEVELS), "end"): level}
        together = Question(OUTCOMES, TOGETHER, TOGETHER_WORDS, T_SCORE)
        as_set = Question(OUTCOMES, GOAL, GOALS[GOAL], LEVELS)
        return {(as_set, "end"): level, (together, "end"): round(t_score([(level, 1)]))}
    return {}


def _questions() -> list[Question]:
    items = content.framework("outcomes_v1").items
    return [Question(OUTCOMES, item.id.lower(), item.words, "ten") for item in items]
