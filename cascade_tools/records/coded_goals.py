"""Goals in group results: the steps of those who ticked it on that very sheet, and nothing else.

Goals stand sealed among their author's own words.  Only those of somebody who ticked the box are
opened here, in memory, for the step and to see whether it is the same goal as before.
"""

from collections import defaultdict
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cascade_tools.model.goals import (
    GOALS,
    REVISED,
    REVISED_WORDS,
    TICK,
    TOGETHER,
    TOGETHER_WORDS,
    YES,
    level_of,
    same_goal,
    t_score,
    weight_of,
)
from cascade_tools.model.group_results import LEVELS, T_SCORE, Question
from cascade_tools.model.journey import OUTCOMES, TIMES
from cascade_tools.model.sharing import State
from cascade_tools.records.store import Store
from cascade_tools.records.tables import AnswerRow, EntryRow

_Goal = dict[str, Any]
_Levels = dict[tuple[Question, str], int]
# A goal may be put better until here; whoever changes it later has another one.
SETTLED = ("half-way", "start")
AFTERWARDS = ("end", "six-months")


def goal_levels(store: Store, s: Session, willing: set[str]) -> dict[str, _Levels]:
    """By person: the level of each goal at each time at which they ticked that it may count."""
    found: dict[str, _Levels] = {}
    for person_id, sheets in _ticked(store, s, willing).items():
        goals = {time: _goals(store, answers) for time, answers in sheets.items()}
        found[person_id] = levels = {}
        for time, answers in sheets.items():
            tick = store.open_answer(answers[TICK]) if TICK in answers else None
            if tick != [YES]:
                continue
            as_set = []
            for key, goal in goals[time].items():
                level = level_of(goal)
                if level is None:
                    continue
                revised = time in AFTERWARDS and not _settled(goals, key, goal)
                levels[_question(key, revised=revised), time] = level
                if not revised:
                    as_set.append((level, weight_of(goal)))
            if as_set:
                together = Question(OUTCOMES, TOGETHER, TOGETHER_WORDS, T_SCORE)
                levels[together, time] = round(t_score(as_set))
    return found


def _ticked(
    store: Store, s: Session, willing: set[str]
) -> dict[str, dict[str, dict[str, AnswerRow]]]:
    """By person, time and key: the newest answers of those who ticked the box on any sheet."""
    rows = s.execute(
        select(EntryRow, AnswerRow)
        .join(EntryRow, EntryRow.id == AnswerRow.entry_id)
        .where(
            EntryRow.workbook == OUTCOMES,
            AnswerRow.key.in_((*GOALS, TICK)),
            AnswerRow.beside.is_(False),
            EntryRow.state.in_((State.COMMITTED, State.OPENED)),
            EntryRow.about_id.in_(TIMES),
        )
        .order_by(EntryRow.made_at, EntryRow.id, AnswerRow.revision)
    )
    found: dict[str, dict[str, dict[str, AnswerRow]]] = defaultdict(lambda: defaultdict(dict))
    for entry, answer in rows:
        if entry.person_id in willing:
            found[entry.person_id][str(entry.about_id)][answer.key] = answer
    return {
        person_id: sheets
        for person_id, sheets in found.items()
        if any(TICK in answers for answers in sheets.values())
    }


def _goals(store: Store, answers: dict[str, AnswerRow]) -> dict[str, _Goal]:
    opened = {key: store.open_answer(answers[key]) for key in GOALS if key in answers}
    return {key: goal for key, goal in opened.items() if isinstance(goal, dict)}


def _settled(goals: dict[str, dict[str, _Goal]], key: str, goal: _Goal) -> bool:
    """Whether it is the goal it was half-way, or at the start where half-way was left out."""
    earlier = next((goals[time] for time in SETTLED if time in goals), {})
    return key in earlier and same_goal(earlier[key], goal)


def _question(key: str, *, revised: bool) -> Question:
    if not revised:
        return Question(OUTCOMES, key, GOALS[key], LEVELS)
    return Question(OUTCOMES, key + REVISED, f"{GOALS[key]}, {REVISED_WORDS}", LEVELS)
