"""How the programme is running, as a table: what may leave, and nothing exact."""

import pandas as pd

from cascade_tools.collect.columns import Column
from cascade_tools.collect.tables import TEXT
from cascade_tools.model.running import Shown

_WHO = "Programme leads and evaluators, and whoever they show it to"
COLUMNS = {
    "as_of": Column("The day it was counted", "datetime64[ns]", "day", _WHO),
    "about": Column("Which part of the programme it is about", "string", who=_WHO),
    "code": Column("The count's short name, which never changes", "string", who=_WHO),
    "what": Column("What is counted", "string", who=_WHO),
    "at_least": Column("The least it can be; missing if it is not kept", "Int64", who=_WHO),
    "at_most": Column("The most it can be; missing if it is not kept", "Int64", who=_WHO),
    "shown": Column("The same in words, and of how many", "string", who=_WHO),
    "note": Column("What else there is to know about it", "string", who=_WHO),
}  # fmt: skip


def running(shown: Shown) -> pd.DataFrame:
    """What may be told of how the programme is running: one row for each count.

    ``shown`` is what the records give to a programme lead or an evaluator, in bands of five.
    Columns: as_of (day), about, code, what, at_least and at_most (both missing where the kit does
    not keep it), shown (the same in words) and note.  No row is about one person.
    """
    rows = [(about, line) for about, lines, _ in shown.sections for line in lines]
    words = {
        "about": [about for about, _ in rows],
        "code": [line.code for _, line in rows],
        "what": [line.words for _, line in rows],
        "shown": [line.shown for _, line in rows],
        "note": [line.note for _, line in rows],
    }
    frame = pd.DataFrame(
        {
            "as_of": pd.to_datetime([shown.on] * len(rows)).astype("datetime64[ns]"),
            "at_least": pd.array([line.at_least for _, line in rows], dtype="Int64"),
            "at_most": pd.array([line.at_most for _, line in rows], dtype="Int64"),
            **{name: pd.array(values, dtype=TEXT) for name, values in words.items()},
        },
        columns=list(COLUMNS),
    )
    frame.attrs["table"] = "running"
    return frame
