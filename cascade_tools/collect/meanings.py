"""What every column means, what type it has, its unit, and who may see it."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from cascade_tools.collect.caseload import OVERVIEW
from cascade_tools.collect.group_results import GROUP_RESULTS
from cascade_tools.collect.tables import ANSWERS, ITEMS, TEXT
from cascade_tools.collect.wide import LEADING
from cascade_tools.errors import NotFound
from cascade_tools.model.prompts import Kind, Who

DICTIONARY = ("column", "meaning", "type", "unit", "who_may_see")

# The visibility classes as a reader of a table needs them said.
WHO_MAY_SEE = {
    Who.ONLY_ME: "Only the person who wrote it",
    Who.MINE: "The person who wrote it, and anyone they share it with until the share ends",
    Who.PAIR: "The two people who keep it together",
    Who.PROGRAMME: "The person it is about; the programme sees only that it happened",
    Who.GROUP_RESULTS: "The person who wrote it; others only in group results",
    Who.SUBMITTED: "The person who wrote it, and the programme they sent it to",
}
_READER = "You, who asked for this table, for as long as you may see the row"
_BY_ROW = "As the column 'who' says for its row"
_SUPERVISOR = "The supervisor who holds this coach"


@dataclass(frozen=True, slots=True)
class _Column:
    meaning: str
    type: str = "category"
    unit: str = ""
    who: str = _READER


_COLUMNS = {
    "person": _Column("Who wrote it"),
    "workbook": _Column("Which workbook it was written in"),
    "entry": _Column("One person's copy of a workbook; the same for all answers of one sheet"),
    "snapshot": _Column("The shared copy this was read from; missing when it was not shared"),
    "pair": _Column("Which pair it is about; missing where there is none"),
    "session": _Column("Which session of the pair it is about", "Int64", "session, from 1"),
    "key": _Column("The question's short name, which never changes"),
    "question": _Column("The question in the words it was asked in"),
    "kind": _Column(f"How it is answered: {', '.join(Kind)}"),
    "who": _Column("Who can see the answer: the class its author was promised"),
    "words_from": _Column("The item a scale's points come from, such as thinking/D1"),
    "value": _Column(
        "The answer as it is stored: text, a code, or JSON of codes, actions, a goal, an order or "
        "a classification; missing if not reached",
        "string",
        who=_BY_ROW,
    ),
    "number": _Column(
        "The point chosen on a scale, or from 0 to 10; missing otherwise",
        "Int64",
        "0 to 4, or 0 to 10",
        _BY_ROW,
    ),
    "words": _Column("The answer as people read it", "string", who=_BY_ROW),
    "saved_at": _Column("When the answer was saved", "datetime64[ns, UTC]", "UTC"),
    "way": _Column("How it comes to you: own, shared, or kept together"),
    "until": _Column(
        "When the share ends and the row must be gone; missing for your own",
        "datetime64[ns, UTC]",
        "UTC",
    ),
}
_ITEM_WHO = "The person who answered, and anyone they shared these answers with by their own tick"
_ITEM_COLUMNS = {
    **{name: _COLUMNS[name] for name in ("person", "pair", "session")},
    "item": _Column("Which item of the set"),
    "value": _Column("The point chosen; missing as 'state' says", "Int64", "0 to 4", _ITEM_WHO),
    "state": _Column(
        "answered, did-not-come-up, skipped or not-reached: why a value is missing", who=_ITEM_WHO
    ),
}
_SHEET_COLUMNS = {
    **{name: _COLUMNS[name] for name in LEADING},
    "saved_at": _Column("When the latest answer was saved", "datetime64[ns, UTC]", "UTC"),
}
_OVERVIEW_COLUMNS = {
    "coach": _Column("The coach", "string", who=_SUPERVISOR),
    "their_leaders": _Column(
        "The label each pair chose for the leader's organisation", "string", who=_SUPERVISOR
    ),
    "asked_to_talk": _Column(
        "When the coach asked to talk: today, or before the next date; missing if not asked",
        who=_SUPERVISOR,
    ),
    "weeks_since_we_talked": _Column(
        "Since the last supervision that was held; missing if there was none",
        "Int64",
        "whole weeks",
        _SUPERVISOR,
    ),
    "next_date": _Column(
        "The next supervision; missing if none is agreed", "datetime64[ns]", "day", _SUPERVISOR
    ),
    "held_and_cancelled": _Column(
        "Supervisions held and cancelled, and who cancelled them",
        "string",
        "meetings",
        _SUPERVISOR,
    ),
    "last_session": _Column(
        "The last session we know of, and how many are planned", "string", "sessions", _SUPERVISOR
    ),
    "shared_not_yet_read": _Column(
        "What the coach shared with you that you have not opened", "Int64", "shares", _SUPERVISOR
    ),
}
_LEADS = "Programme leads and evaluators"
_GROUP_COLUMNS = {
    "release": _Column("At which moment of the programme it was counted", "string", who=_LEADS),
    "month": _Column("When it was released", "string", "month, as 2026-11", _LEADS),
    "group": _Column("Who is counted: leaders or coaches", "string", who=_LEADS),
    "workbook": _Column("Which workbook the question stands in", "string", who=_LEADS),
    "key": _Column("The question's short name, which never changes", "string", who=_LEADS),
    "question": _Column("The question as it was last asked", "string", who=_LEADS),
    "from": _Column("The time before, for a change; missing otherwise", "string", who=_LEADS),
    "to": _Column("The time that is counted, or to which it changed", "string", who=_LEADS),
    "people": _Column("How many people are counted", "Int64", "people, 10 or more", _LEADS),
    "answer": _Column("A range of answers, or which way they changed", "string", who=_LEADS),
    "count": _Column(
        "How many answered so; missing where it is not shown", "Int64", "people", _LEADS
    ),
    "shown": _Column(
        "The same in words: a number, almost all, almost none, or not shown", "string", who=_LEADS
    ),
}
TABLES: dict[str, dict[str, _Column]] = {
    "answers": {name: _COLUMNS[name] for name in ANSWERS},
    "wide": _SHEET_COLUMNS,
    "thinking": {name: _ITEM_COLUMNS[name] for name in ITEMS},
    "balance": {name: _ITEM_COLUMNS[name] for name in ITEMS},
    "overview": {name: _OVERVIEW_COLUMNS[name] for name in OVERVIEW},
    "group_results": {name: _GROUP_COLUMNS[name] for name in GROUP_RESULTS},
}
_UNITS: dict[str, str] = {
    Kind.SCALE: "0 to 4, did-not-come-up or skipped",
    Kind.CHOICE: "code",
    Kind.CHOICES: "codes as a JSON list",
    Kind.DATE: "day",
    Kind.YES_NO_SKIP: "yes, no or skipped",
    Kind.TEN: "0 to 10, or skipped",
    Kind.ACTION: "actions as a JSON list, each with its parts by name",
    Kind.GOAL: "a goal as JSON, with its parts by name",
    Kind.ORDER: "numbers from 1 by the code of the line, as a JSON object; some may be left out",
    Kind.CLASSIFY: "bins by the code of the statement, as a JSON object; some may be left out",
}


def dictionary(of: pd.DataFrame | str) -> pd.DataFrame:
    """The data dictionary of a table made here, or of one named: one row per column.

    Columns: column, meaning, type, unit, who_may_see.  Names are "answers", "wide", "thinking",
    "balance", "overview" and "group_results"; for a wide table, give the frame, and its questions
    are explained too.  Raises ``NotFound`` for anything else.
    """
    name = of if isinstance(of, str) else str(of.attrs.get("table", ""))
    if name not in TABLES:
        raise NotFound(
            "There is no dictionary for this. Give a table made by collect, or one of these "
            f"names: {', '.join(TABLES)}."
        )
    columns = TABLES[name]
    rows = [(column, c.meaning, c.type, c.unit, c.who) for column, c in columns.items()]
    if isinstance(of, pd.DataFrame):
        for column, asked in of.attrs.get("asked", {}).items():
            if column in of:
                unit = _UNITS.get(asked["kind"], "")
                who = WHO_MAY_SEE[Who(asked["who"])]
                rows.append((column, asked["question"], str(of[column].dtype), unit, who))
    return pd.DataFrame(
        {name: pd.array(values, dtype=TEXT) for name, values in _columns(rows).items()}
    )


def _columns(rows: Sequence[tuple[str, ...]]) -> dict[str, list[str]]:
    return {name: [row[at] for row in rows] for at, name in enumerate(DICTIONARY)}
