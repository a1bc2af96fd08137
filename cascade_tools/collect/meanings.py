"""What every column means, what type it has, its unit, and who may see it."""

from collections.abc import Sequence

import pandas as pd

from cascade_tools.collect.actions import COLUMNS as ACTION_COLUMNS
from cascade_tools.collect.caseload import OVERVIEW
from cascade_tools.collect.columns import Column, Table
from cascade_tools.collect.group_results import GROUP_RESULTS
from cascade_tools.collect.outcomes import COLUMNS as OUTCOME_COLUMNS
from cascade_tools.collect.running import COLUMNS as RUNNING_COLUMNS
from cascade_tools.collect.sessions import COLUMNS as SESSION_COLUMNS
from cascade_tools.collect.tables import ANSWERS, ITEMS, TEXT
from cascade_tools.collect.what_changed import COLUMNS as CHANGE_COLUMNS
from cascade_tools.collect.wide import LEADING
from cascade_tools.errors import NotFound
from cascade_tools.model.journey import TIMES
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
_BY_ROW = "As the column 'who' says for its row"
_SUPERVISOR = "The supervisor who holds this coach"

_COLUMNS = {
    "person": Column("Who wrote it"),
    "workbook": Column("Which workbook it was written in"),
    "entry": Column("One person's copy of a workbook; the same for all answers of one sheet"),
    "snapshot": Column("The shared copy this was read from; missing when it was not shared"),
    "pair": Column("Which pair it is about; missing where there is none"),
    "session": Column("Which session of the pair it is about", "Int64", "session, from 1"),
    "key": Column("The question's short name, which never changes"),
    "question": Column("The question in the words it was asked in"),
    "kind": Column(f"How it is answered: {', '.join(Kind)}"),
    "who": Column("Who can see the answer: the class its author was promised"),
    "words_from": Column("The item a scale's points come from, such as thinking/D1"),
    "value": Column(
        "The answer as it is stored: text, a code, or JSON of codes, actions, a goal, an order or "
        "a classification; missing if not reached",
        "string",
        who=_BY_ROW,
    ),
    "number": Column(
        "The point chosen on a scale, or from 0 to 10; missing otherwise",
        "Int64",
        "0 to 4, or 0 to 10",
        _BY_ROW,
    ),
    "words": Column("The answer as people read it", "string", who=_BY_ROW),
    "saved_at": Column("When the answer was saved", "datetime64[ns, UTC]", "UTC"),
    "way": Column("How it comes to you: own, shared, or kept together"),
    "until": Column(
        "When the share ends and the row must be gone; missing for your own",
        "datetime64[ns, UTC]",
        "UTC",
    ),
    "time": Column(
        f"Which time a sheet of your own is about: {', '.join(TIMES)}; missing where it is none"
    ),
}
_ITEM_WHO = "The person who answered, and anyone they shared these answers with by their own tick"
_ITEM_COLUMNS = {
    **{name: _COLUMNS[name] for name in ("person", "pair", "session")},
    "item": Column("Which item of the set"),
    "value": Column("The point chosen; missing as 'state' says", "Int64", "0 to 4", _ITEM_WHO),
    "state": Column(
        "answered, did-not-come-up, skipped or not-reached: why a value is missing", who=_ITEM_WHO
    ),
    "way": Column("How it comes to you: own or shared"),
    "until": _COLUMNS["until"],
}
_SHEET_COLUMNS = {
    **{name: _COLUMNS[name] for name in LEADING},
    "saved_at": Column("When the latest answer was saved", "datetime64[ns, UTC]", "UTC"),
}
_OVERVIEW_COLUMNS = {
    "coach": Column("The coach", "string", who=_SUPERVISOR),
    "their_leaders": Column(
        "The label each pair chose for the leader's organisation", "string", who=_SUPERVISOR
    ),
    "asked_to_talk": Column(
        "When the coach asked to talk: today, or before the next date; missing if not asked",
        who=_SUPERVISOR,
    ),
    "weeks_since_we_talked": Column(
        "Since the last supervision that was held; missing if there was none",
        "Int64",
        "whole weeks",
        _SUPERVISOR,
    ),
    "next_date": Column(
        "The next supervision; missing if none is agreed", "datetime64[ns]", "day", _SUPERVISOR
    ),
    "held_and_cancelled": Column(
        "Supervisions held and cancelled, and who cancelled them",
        "string",
        "meetings",
        _SUPERVISOR,
    ),
    "last_session": Column(
        "The last session we know of, and how many are planned", "string", "sessions", _SUPERVISOR
    ),
    "shared_not_yet_read": Column(
        "What the coach shared with you that you have not opened", "Int64", "shares", _SUPERVISOR
    ),
}
_LEADS = "Programme leads and evaluators"
_GROUP_COLUMNS = {
    "release": Column("At which moment of the programme it was counted", "string", who=_LEADS),
    "month": Column("When it was released", "string", "month, as 2026-11", _LEADS),
    "group": Column("Who is counted: leaders or coaches", "string", who=_LEADS),
    "workbook": Column("Which workbook the question stands in", "string", who=_LEADS),
    "key": Column("The question's short name, which never changes", "string", who=_LEADS),
    "question": Column("The question as it was last asked", "string", who=_LEADS),
    "from": Column("The time before, for a change; missing otherwise", "string", who=_LEADS),
    "to": Column("The time that is counted, or to which it changed", "string", who=_LEADS),
    "people": Column("How many people are counted", "Int64", "people, 10 or more", _LEADS),
    "answer": Column("A range of answers, or which way they changed", "string", who=_LEADS),
    "count": Column(
        "How many answered so; missing where it is not shown", "Int64", "people", _LEADS
    ),
    "shown": Column(
        "The same in words: a number, almost all, almost none, or not shown", "string", who=_LEADS
    ),
}
_COACHES_HELD = "Collect again when a coach goes to another supervisor, and delete this file."
_RELEASED = (
    "Programme leads and evaluators, and whoever they show it to: it holds no single person."
)
_NO_END = "No day is set. It holds no words, and no number about few people."
TABLES: dict[str, Table] = {
    "answers": Table(
        "collect.answers(desk)", "one row for each answer", {n: _COLUMNS[n] for n in ANSWERS}
    ),
    "wide": Table(
        "collect.wide(desk, workbook)",
        "one row for each sheet, then a column for each key",
        _SHEET_COLUMNS,
    ),
    "thinking": Table(
        "collect.thinking(desk)",
        "one row for each item of one sheet",
        {name: _ITEM_COLUMNS[name] for name in ITEMS},
    ),
    "balance": Table(
        "collect.balance(desk)",
        "the same columns for the balance items",
        {name: _ITEM_COLUMNS[name] for name in ITEMS},
    ),
    "actions": Table("collect.actions(desk)", "one row for each action", ACTION_COLUMNS),
    "outcomes": Table(
        "collect.outcomes(desk)", "one row for each answer at each time", OUTCOME_COLUMNS
    ),
    "sessions": Table(
        "collect.sessions(desk)",
        "one row for each answer, as the page *Session by session* shows it",
        SESSION_COLUMNS,
    ),
    "overview": Table(
        "collect.overview(desk)",
        "one row for each coach a supervisor holds",
        {name: _OVERVIEW_COLUMNS[name] for name in OVERVIEW},
        until=_COACHES_HELD,
    ),
    "group_results": Table(
        "group_results(folder, as_)",
        "one row for each answer of each count",
        {name: _GROUP_COLUMNS[name] for name in GROUP_RESULTS},
        seen_by=_RELEASED,
        until=_NO_END,
    ),
    "what_changed": Table(
        "what_changed(folder, as_)",
        "one row for each line of each group that changed since the start",
        CHANGE_COLUMNS,
        seen_by=_RELEASED,
        until=_NO_END,
    ),
    "running": Table(
        "running(folder, as_)",
        "one row for each count",
        RUNNING_COLUMNS,
        seen_by=_RELEASED,
        until=_NO_END,
    ),
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

    Columns: column, meaning, type, unit, who_may_see.  A name is that of the function that makes
    the table, such as "answers"; for a wide table, give the frame, and its questions are explained
    too.  Raises ``NotFound`` for anything else.
    """
    columns = table_of(of).columns
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


def table_of(of: pd.DataFrame | str) -> Table:
    """What kind of table this is, by its name or its frame.  Raises ``NotFound``."""
    name = of if isinstance(of, str) else str(of.attrs.get("table", ""))
    if name not in TABLES:
        raise NotFound(
            "There is no dictionary for this. Give a table made by collect, or one of these "
            f"names: {', '.join(TABLES)}."
        )
    return TABLES[name]


def _columns(rows: Sequence[tuple[str, ...]]) -> dict[str, list[str]]:
    return {name: [row[at] for row in rows] for at, name in enumerate(DICTIONARY)}
