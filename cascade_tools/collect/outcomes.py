"""One's own answers to what is asked again over time: one row for each answer at each time."""

import re

import pandas as pd

from cascade_tools.collect.columns import Column
from cascade_tools.collect.tables import STATES, TEXT, newest_answers, point, state_of, utc, ways
from cascade_tools.model.group_results import LOWER_IS_BETTER
from cascade_tools.model.journey import TIMES
from cascade_tools.model.prompts import Kind, Who
from cascade_tools.model.seen import Desk

_WHO = "The person who answered; others only in group results"
COLUMNS = {
    "person": Column("Who answered"),
    "pair": Column("Which pair it is about; missing where there is none"),
    "time": Column(f"Which time it is about: {', '.join(TIMES)}; missing if none was named"),
    "workbook": Column("Which workbook the question stands in"),
    "key": Column("The question's short name, which never changes"),
    "question": Column("The question in the words it was asked in", "string"),
    "lower_is_better": Column("Whether a lower number is the better one", "bool"),
    "value": Column("The number; missing as 'state' says", "Int64", "0 to 10, or 0 to 4", _WHO),
    "state": Column(
        "answered, did-not-come-up, skipped or not-reached: why a value is missing", who=_WHO
    ),
    "saved_at": Column("When the answer was saved", "datetime64[ns, UTC]", "UTC"),
    "way": Column("How it comes to you: own, as a rule; these answers are never shared"),
    "until": Column(
        "When the row must be gone; missing for your own", "datetime64[ns, UTC]", "UTC"
    ),
}
_PARTS = re.compile(r"([0-9]+)")
_NUMBERS = (Kind.TEN, Kind.SCALE)


def _in_order(key: str) -> list[tuple[int, str]]:
    """``o2`` before ``o10``."""
    return [(int(part or 0), "") if part.isdigit() else (0, part) for part in _PARTS.split(key)]


def outcomes(desk: Desk) -> pd.DataFrame:
    """The answers that group results are counted from: one row each, by time.

    They are shared with nobody, so these are the reader's own.  Columns: person, pair, time
    (start, half-way, end or six-months), workbook, key, question, lower_is_better, value (0 to 10,
    or 0 to 4 where the programme asks so), state (why a value is missing), saved_at (UTC), way and
    until.  No number is turned round, added up or averaged.  What was counted of everybody is in
    ``group_results``.
    """
    rows = newest_answers(
        row
        for row in desk.answers()
        if row.who == Who.GROUP_RESULTS and row.kind in _NUMBERS and row.snapshot is None
    )
    order = {code: place for place, code in enumerate(TIMES)}
    rows.sort(key=lambda row: (order.get(row.time or "", len(order)), _in_order(row.key)))
    frame = pd.DataFrame(
        {
            "person": pd.Categorical([row.person for row in rows]),
            "pair": pd.Categorical([row.pair for row in rows]),
            "time": pd.Categorical([row.time for row in rows], list(TIMES), ordered=True),
            "workbook": pd.Categorical([row.workbook for row in rows]),
            "key": pd.Categorical([row.key for row in rows]),
            "question": pd.array([row.question for row in rows], dtype=TEXT),
            "lower_is_better": pd.Series([row.key in LOWER_IS_BETTER for row in rows], dtype=bool),
            "value": pd.array([point(row.value) for row in rows], dtype="Int64"),
            "state": pd.Categorical([state_of(row.value) for row in rows], categories=STATES),
            "saved_at": utc([row.saved_at for row in rows]),
            **ways(rows),
        },
        columns=list(COLUMNS),
    )
    frame.attrs.update(table="outcomes", reader=desk.name)
    return frame
