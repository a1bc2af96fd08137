"""Looking back in group results: only from sheets whose writer ticked that they may count."""

from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from cascade_tools.model.group_results import BACK, Question
from cascade_tools.model.journey import LOOKING_BACK, OUTCOMES
from cascade_tools.model.prompts import Kind
from cascade_tools.model.sharing import State
from cascade_tools.records.store import Store
from cascade_tools.records.tables import AnswerRow, AskedRow, EntryRow

# The box of a sheet without which nothing of it is counted.
TICK, YES = "looking-back-counts", "yes"
_Answers = dict[tuple[Question, str], int]


def looking_back(store: Store, s: Session, numbers: Mapping[str, _Answers]) -> dict[str, _Answers]:
    """By person: how they see their start, for each line they answered, under the time at which
    they looked back.  ``numbers`` has the answers of *Where I am now* of those who may be counted.
    """
    found: dict[str, _Answers] = defaultdict(dict)
    for (person_id, time), answers in _sheets(s, numbers).items():
        if TICK not in answers or store.open_answer(answers[TICK]) != [YES]:
            continue
        lines = {q.key: q for q, _ in numbers[person_id] if q.workbook == OUTCOMES}
        for key in answers.keys() & lines.keys():
            value = store.open_answer(answers[key])
            # Passed over or taken back is not a number.
            if isinstance(value, int) and not isinstance(value, bool):
                found[person_id][lines[key], BACK[time]] = value
    return found


def _sheets(
    s: Session, numbers: Mapping[str, _Answers]
) -> dict[tuple[str, str], dict[str, AnswerRow]]:
    """By person and time: the newest answer to the tick and to each line from 0 to 10."""
    rows = s.execute(
        select(EntryRow, AnswerRow, AskedRow)
        .join(EntryRow, EntryRow.id == AnswerRow.entry_id)
        .join(AskedRow, AskedRow.id == AnswerRow.asked_id)
        .where(
            EntryRow.workbook == LOOKING_BACK,
            AnswerRow.beside.is_(False),
            EntryRow.state.in_((State.COMMITTED, State.OPENED)),
            EntryRow.about_id.in_(BACK),
        )
        .order_by(EntryRow.made_at, EntryRow.id, AnswerRow.revision)
    )
    found: dict[tuple[str, str], dict[str, AnswerRow]] = defaultdict(dict)
    for entry, answer, asked in rows:
        counts = answer.key == TICK or asked.prompt["kind"] == Kind.TEN
        if entry.person_id in numbers and counts:
            found[entry.person_id, str(entry.about_id)][answer.key] = answer
    return found
