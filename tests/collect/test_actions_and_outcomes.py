"""Actions, one to a row, and one's own answers over time."""

from datetime import timedelta

import pandas as pd
import pytest

from cascade_tools import collect
from cascade_tools.collect.actions import COLUMNS as ACTION_COLUMNS
from cascade_tools.collect.outcomes import COLUMNS as OUTCOME_COLUMNS
from cascade_tools.model.prompts import SKIPPED
from tests.collect.paper_desk import NOON, PaperDesk, answer, item

RING = {
    "id": "0a1b2c3d",
    "what": "Ring “Ms Ŵ”",
    "owner": "someone",
    "owner_name": "the chair",
    "due": "2027-06-08",
    "first_review": "2027-06-15",
    "status": "under-way",
    "moved": ["2027-05-20", "2027-05-31"],
    "done_when": "She rang back.",
}
HALF = {"id": "ffff0000", "what": "Ask the board", "due": "soon"}


def actions(*these, **changes):
    return answer(**{"key": "actions", "kind": "action", "value": [*these]} | changes)


def test_an_action_to_a_row():
    """Each action is one row with its parts by name: days are days, codes are codes."""
    frame = collect.actions(PaperDesk([answer(), actions(RING, HALF)]))
    assert list(frame) == list(ACTION_COLUMNS)
    first, second = (row for _, row in frame.iterrows())
    assert (first["action"], first["what"]) == ("0a1b2c3d", "Ring “Ms Ŵ”")
    assert (first["owner"], first["owner_name"]) == ("someone", "the chair")
    assert (first["due"], first["first_review"]) == (
        pd.Timestamp(2027, 6, 8),
        pd.Timestamp(2027, 6, 15),
    )
    assert (first["status"], first["done_when"], first["moved"]) == (
        "under-way",
        "She rang back.",
        2,
    )
    assert first["person"] == "Ann Coach"
    assert pd.isna(second["due"])
    assert (second["status"], second["owner"], second["why"]) == ("planned", "leader", "")
    assert frame["agreed"].tolist() == [True, False]


def test_types_of_actions_are_stable():
    """With no action to see, the table has the same columns and types."""
    some, none = (collect.actions(PaperDesk(rows)) for rows in ([actions(RING)], [answer()]))
    assert some.dtypes.astype(str).to_dict() == none.dtypes.astype(str).to_dict()
    assert len(none) == 0


def test_of_two_versions_the_newer_list_of_actions_counts():
    """A sheet shared twice gives its actions once, as they stood last."""
    old = actions(RING, snapshot="s1")
    new = actions({**RING, "status": "done"}, snapshot="s2", saved_at=NOON + timedelta(days=2))
    for rows in ([old, new], [new, old]):
        assert collect.actions(PaperDesk(rows))["status"].tolist() == ["done"]


@pytest.mark.parametrize("value", [None, "", [], [None, "x", 3], [{}], [{"id": "0a1b2c3d"}]])
def test_what_is_no_action_is_no_row(value):
    """An empty list, an empty action or something else gives no row and no fault."""
    assert len(collect.actions(PaperDesk([actions(value=value)]))) == 0


def outcome(key, value, time, **changes):
    return answer(
        **{
            "workbook": "leader/where-i-am-now",
            "key": key,
            "question": f"About {key}",
            "kind": "ten",
            "who": "group-results",
            "value": value,
            "time": time,
            "entry": f"e-{time}",
            "snapshot": None,
            "way": "own",
            "until": None,
        }
        | changes
    )


def test_outcomes_by_time():
    """One row an answer, in the order of the times, whatever order they were written in; skipped
    is not a number, and a line where lower is better says so and is not turned round."""
    rows = [
        outcome("o1", 7, "end"),
        outcome("o7", 2, "start"),
        outcome("o1", 4, "start", saved_at=NOON + timedelta(days=1)),
        outcome("o2", SKIPPED, "half-way"),
        item("D1", 3),
    ]
    frame = collect.outcomes(PaperDesk(rows))
    assert list(frame) == list(OUTCOME_COLUMNS)
    assert frame["time"].tolist() == ["start", "start", "half-way", "end"]
    assert frame["key"].tolist() == ["o1", "o7", "o2", "o1"]
    assert frame["value"].isna().tolist() == [False, False, True, False]
    assert frame["value"].dropna().tolist() == [4, 2, 7]
    assert frame["state"].tolist() == ["answered", "answered", SKIPPED, "answered"]
    assert frame["lower_is_better"].tolist() == [False, True, False, False]
    assert frame["until"].isna().all()


def test_outcomes_are_never_somebody_elses():
    """Even if a shared copy held such an answer, it would not stand in this table."""
    assert len(collect.outcomes(PaperDesk([outcome("o1", 7, "end", snapshot="s1")]))) == 0


def test_no_total_is_made():
    """Nothing in the table of outcomes is added up, averaged or ranked."""
    columns = " ".join([*OUTCOME_COLUMNS, *ACTION_COLUMNS])
    assert not any(word in columns for word in ("mean", "average", "total", "score", "rank"))
