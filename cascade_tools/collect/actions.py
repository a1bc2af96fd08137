"""What people said they would do: one row for each action."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from cascade_tools.collect.columns import Column
from cascade_tools.collect.tables import TEXT, newest_answers, utc, ways
from cascade_tools.model.composites import ACTION, agreed, empty
from cascade_tools.model.prompts import Kind
from cascade_tools.model.seen import AnswerSeen, Desk
from cascade_tools.model.typed import day_of

_DAYS = tuple(p.name for p in ACTION.parts if p.kind == "date")
_CHOICES = {p.name: tuple(dict(p.choices)) for p in ACTION.parts if p.kind == "choice"}
_WHO = "As the question it was written under was promised"
COLUMNS = {
    "person": Column("Who wrote it down"),
    "pair": Column("Which pair it is about; missing where there is none"),
    "session": Column("Which session of the pair it is about", "Int64", "session, from 1"),
    "workbook": Column("Which workbook it was written in"),
    "entry": Column("One person's copy of a workbook; the same for all actions of one sheet"),
    "snapshot": Column("The shared copy this was read from; missing when it was not shared"),
    "action": Column("The action's own mark within its sheet; it stays when the words change"),
    "what": Column("What needs doing", "string", who=_WHO),
    "owner": Column(f"Who will do it: {', '.join(_CHOICES['owner'])}", who=_WHO),
    "owner_name": Column("Initials or a role, where somebody else will do it", "string", who=_WHO),
    "due": Column("By when; missing if no day was given", "datetime64[ns]", "day", _WHO),
    "first_review": Column(
        "When it is first looked at again; missing if no day was given",
        "datetime64[ns]",
        "day",
        _WHO,
    ),
    "status": Column(f"How it stands: {', '.join(_CHOICES['status'])}", who=_WHO),
    "note": Column("What happened", "string", who=_WHO),
    "why": Column("Why it matters", "string", who=_WHO),
    "done_when": Column("How they will know that it is done", "string", who=_WHO),
    "copy": Column("Who gets a copy: initials or roles", "string", who=_WHO),
    "moved": Column("How often its day was moved", "Int64", "times", _WHO),
    "agreed": Column("Whether it says what, who, by when and when to look back", "bool", who=_WHO),
    "saved_at": Column("When the sheet's actions were saved", "datetime64[ns, UTC]", "UTC"),
    "way": Column("How it comes to you: own, shared, or kept together"),
    "until": Column(
        "When the share ends and the row must be gone; missing for your own",
        "datetime64[ns, UTC]",
        "UTC",
    ),
}


def actions(desk: Desk) -> pd.DataFrame:
    """Every action this reader may see now: one row each, in the order they were saved.

    Columns: person, pair, session, workbook, entry, snapshot, action (its mark), what, owner
    (leader, coach or someone), owner_name, due and first_review (days, missing where none was
    given), status (planned, under-way, done, changed or let-go), note, why, done_when, copy, moved
    (how often its day was moved), agreed (whether all four parts are there), saved_at (UTC), way
    and until.  Of two versions of one sheet, the newer.  An empty text was left empty.
    """
    rows = newest_answers(row for row in desk.answers() if row.kind == Kind.ACTION)
    found = [(row, item) for row in rows for item in _items(row)]
    seen = [row for row, _ in found]
    columns: dict[str, Any] = {
        name: pd.Categorical([getattr(row, name) for row in seen])
        for name in ("person", "pair", "workbook", "entry", "snapshot")
    }
    columns["session"] = pd.array([row.session for row in seen], dtype="Int64")
    columns["action"] = pd.Categorical([item["id"] for _, item in found])
    for part in ACTION.parts:
        said = [item[part.name] for _, item in found]
        if part.name in _DAYS:
            columns[part.name] = pd.Series(map(day_of, said), dtype="datetime64[ns]")
        elif part.name in _CHOICES:
            columns[part.name] = pd.Categorical(said, categories=_CHOICES[part.name])
        else:
            columns[part.name] = pd.array(said, dtype=TEXT)
    columns["moved"] = pd.array([len(item["moved"]) for _, item in found], dtype="Int64")
    columns["agreed"] = pd.Series([agreed(item) for _, item in found], dtype=bool)
    columns["saved_at"] = utc([row.saved_at for row in seen])
    frame = pd.DataFrame({**columns, **ways(seen)}, columns=list(COLUMNS))
    frame.attrs.update(table="actions", reader=desk.name)
    return frame


def _items(row: AnswerSeen) -> Iterator[dict[str, Any]]:
    """The actions of one answer that somebody wrote in, each with all its parts."""
    given = row.value if isinstance(row.value, list) else []
    for item in given:
        if isinstance(item, dict):
            whole = {**ACTION.blank(), **item}
            if not empty(ACTION, whole):
                yield whole
