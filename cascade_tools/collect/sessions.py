"""How the issue of each pair looks, session by session: one row for each answer."""

from collections import defaultdict

import pandas as pd

from cascade_tools.collect.columns import Column
from cascade_tools.collect.tables import TEXT, ways
from cascade_tools.model.issue import PARTS, issue_of, part_of
from cascade_tools.model.seen import AnswerSeen, Desk

_WHO = "The person who wrote it, and anyone they share it with until the share ends"
COLUMNS = {
    "person": Column("Who wrote it"),
    "pair": Column("Which pair it is about, by its label"),
    "session": Column("Which session of the pair it is about", "Int64", "session, from 1"),
    "part": Column(f"Where it belongs: {', '.join(PARTS)}"),
    "workbook": Column("Which workbook it was written in"),
    "question": Column("The question in the words it was asked in"),
    "words": Column("The answer as people read it", "string", who=_WHO),
    "change": Column(
        "How it differs from the last answer before it, in words; empty where there is nothing "
        "to say",
        "string",
        who=_WHO,
    ),
    "way": Column("How it comes to you: own or shared"),
    "until": Column(
        "When the share ends and the row must be gone; missing for your own",
        "datetime64[ns, UTC]",
        "UTC",
    ),
}


def sessions(desk: Desk) -> pd.DataFrame:
    """What was brought to each pair's sessions, how deep it went and the items that were shown.

    One row for each answer, in the order of the page *Session by session*: person, pair, part,
    question, session.  Columns: person, pair (its label), session, part (brought, below, thinking
    or balance), workbook, question, words, change (in words, against the last session before it
    that has an answer), way (own or shared) and until.  No number is made of anything: deeper is
    not better.
    """
    by_pair: dict[tuple[str, str], list[AnswerSeen]] = defaultdict(list)
    for row in desk.answers():
        if row.pair is not None and part_of(row):
            by_pair[row.person, row.pair].append(row)
    found = [
        (part.id, cell)
        for answers in by_pair.values()
        for part in issue_of(answers).parts
        for row in part.rows
        for cell in row.cells
        if cell is not None
    ]
    seen = [cell.answer for _, cell in found]
    frame = pd.DataFrame(
        {
            "person": pd.Categorical([row.person for row in seen]),
            "pair": pd.Categorical([row.pair for row in seen]),
            "session": pd.array([row.session for row in seen], dtype="Int64"),
            "part": pd.Categorical([part for part, _ in found], list(PARTS)),
            "workbook": pd.Categorical([row.workbook for row in seen]),
            "question": pd.Categorical([row.question for row in seen]),
            "words": pd.array([row.words for row in seen], dtype=TEXT),
            "change": pd.array([cell.change for _, cell in found], dtype=TEXT),
            **ways(seen),
        },
        columns=list(COLUMNS),
    )
    frame.attrs.update(table="sessions", reader=desk.name)
    return frame
