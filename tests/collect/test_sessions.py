"""Pairs, session by session, as a table."""

import pandas as pd

from cascade_tools import collect
from tests.collect.paper_desk import PaperDesk, answer, item

AFTER = {"workbook": "coach/after-i-coach"}
DEPTH = {**AFTER, "key": "deepest-layer", "kind": "choice", "question": "How deep?"}


def test_a_row_for_each_answer_in_the_order_of_the_page() -> None:
    """Each marked answer is a row with its part and what changed in words; two pairs are never
    compared with each other, and what is not looked at here is left out."""
    choir = {"pair": "the choir"}
    frame = collect.sessions(
        PaperDesk(
            [
                item("D1", 2, session=1, **AFTER),
                answer(session=2, **DEPTH, value="pattern", words="What keeps happening"),
                answer(session=1, **DEPTH, value="presenting", words="What they brought"),
                answer(session=1, **DEPTH, **choir, value="up", words="The choir's"),
                answer(session=1, **AFTER, value="The board."),
                answer(session=1, **AFTER | {"key": "talk"}, value="today"),
                answer(session=1, **AFTER, pair=None, value="About nobody"),
            ]
        )
    )
    kept = frame[["pair", "session", "part", "words", "change"]].astype(object)
    assert kept.to_numpy().tolist() == [
        ["the carers’ charity", 1, "brought", "The board.", ""],
        ["the carers’ charity", 1, "below", "What they brought", ""],
        ["the carers’ charity", 2, "below", "What keeps happening",
         "It was “What they brought” in session 1."],
        ["the carers’ charity", 1, "thinking", "words of 2", ""],
        ["the choir", 1, "below", "The choir's", ""],
    ]  # fmt: skip


def test_no_number_is_made_of_anything() -> None:
    """Nothing in the table is a score, a mean or a trend: the session's number is the only one."""
    frame = collect.sessions(PaperDesk([item("D1", 4, session=1, **AFTER)]))
    assert [n for n in frame if pd.api.types.is_numeric_dtype(frame[n])] == ["session"]


def test_types_are_stable() -> None:
    """The columns and their types are those of the dictionary, without a row as well."""
    for rows in ([], [answer(**AFTER, session=1)]):
        frame = collect.sessions(PaperDesk(rows))
        types = collect.dictionary(frame)
        assert list(frame) == types["column"].tolist()
        assert [str(kind) for kind in frame.dtypes] == types["type"].tolist()
