"""Tidy and wide tables of what a reader may see."""

import json
from datetime import datetime, timedelta, timezone

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cascade_tools import collect
from cascade_tools.collect import tables
from cascade_tools.collect.meanings import TABLES
from cascade_tools.errors import NotFound
from cascade_tools.model.prompts import NOT_UP, SKIPPED, Who
from tests.collect.paper_desk import END, NOON, PaperDesk, answer, coach, item, values

TYPES = {
    **dict.fromkeys(("person", "workbook", "entry", "snapshot", "pair"), "category"),
    "session": "Int64",
    **dict.fromkeys(("key", "question", "kind", "who", "words_from"), "category"),
    "value": "string",
    "number": "Int64",
    "words": "string",
    "saved_at": "datetime64[ns, UTC]",
    "way": "category",
    "until": "datetime64[ns, UTC]",
}


def types(frame: pd.DataFrame) -> dict[str, str]:
    return {name: str(kind) for name, kind in frame.dtypes.items()}


@pytest.mark.parametrize("rows", [[], [answer()]], ids=["nothing shared", "one answer"])
def test_types_are_stable(rows):
    """The answers have the same columns, order and types whether or not there are any."""
    assert list(types(collect.answers(PaperDesk(rows))).items()) == list(TYPES.items())


def test_one_row_says_who_what_when_and_how():
    """Every field of an answer stands in its own column, as it was seen."""
    row = collect.answers(PaperDesk([answer()])).iloc[0]
    assert row["person"] == "Ann Coach"
    assert row["pair"] == "the carers’ charity"
    assert row["session"] == 3
    assert row["value"] == row["words"] == "We talked about the board."
    assert row["saved_at"] == pd.Timestamp(NOON)
    assert row["until"] == pd.Timestamp(END)
    assert row["way"] == "shared"


def test_none_is_not_zero():
    """Not reached is missing; 0, an emptied box, skipped and did-not-come-up are answers."""
    rows = [item(f"D{n}", v) for n, v in enumerate((0, 4, NOT_UP, SKIPPED, None), 1)]
    frame = collect.answers(PaperDesk([*rows, answer(value="")]))
    assert frame["number"].astype(object).where(frame["number"].notna(), None).tolist() == [
        *(0, 4, None, None, None, None)
    ]
    assert frame["value"].fillna("<missing>").tolist() == [
        *("0", "4", NOT_UP, SKIPPED, "<missing>", "")
    ]


def test_times_are_brought_to_utc():
    """A time with another zone is the same moment in UTC, to the microsecond."""
    there = datetime(2027, 5, 3, 1, 2, 3, 456_789, tzinfo=timezone(timedelta(hours=5)))
    frame = collect.answers(PaperDesk([answer(saved_at=there, until=None)]))
    assert frame["saved_at"][0] == there
    assert frame["saved_at"][0].to_pydatetime().tzname() == "UTC"
    assert frame["until"].isna().all()


def test_several_choices_keep_their_codes():
    """Several choices are a JSON list of codes, so that no code can be mistaken for two."""
    frame = collect.answers(PaperDesk([answer(kind="choices", value=["a", "b"], words="A; B")]))
    assert frame["value"][0] == '["a", "b"]'
    assert frame["words"][0] == "A; B"


@settings(deadline=None)  # the machine may be busy; time is not what is tested
@given(st.lists(values(), max_size=20), st.integers(1, 7))
def test_slices_change_nothing(drawn, size):
    """The table is the same however many rows are turned into columns at a time."""
    rows = [answer(value=v, entry=f"e{at % 3}", until=None) for at, v in enumerate(drawn)]
    whole = tables.answers_table(rows)
    before, tables._SLICE = tables._SLICE, size
    try:
        sliced = tables.answers_table(rows)
    finally:
        tables._SLICE = before
    pd.testing.assert_frame_equal(whole, sliced)
    assert whole["value"].isna().tolist() == [v is None for v in drawn]
    assert [v for v in whole["value"] if isinstance(v, str)] == [
        tables._as_text(v) for v in drawn if v is not None
    ]


def test_thinking_is_items_only():
    """Thinking holds the ten items and why one is missing, and nothing worked out from them."""
    rows = [item("D1", 0), item("D2", NOT_UP), item("D3", SKIPPED), item("D4", None)]
    frame = collect.thinking(PaperDesk([*rows, item("CB1", 2), answer()]))
    assert list(frame) == ["person", "pair", "session", "item", "value", "state"]
    assert frame["item"].tolist() == ["D1", "D2", "D3", "D4"]
    assert frame["value"].isna().tolist() == [False, True, True, True]
    assert frame["value"][0] == 0
    assert frame["state"].tolist() == ["answered", NOT_UP, SKIPPED, "not-reached"]
    assert not any(w in c for c in frame for w in ("mean", "average", "total", "band", "score"))


def test_balance_is_its_own_table():
    """The balance items come in the same columns, apart from the ten."""
    frame = collect.balance(PaperDesk([item("D1", 0), item("CB1", 2), item("LD4", 4)]))
    assert frame["item"].tolist() == ["CB1", "LD4"]
    assert types(frame) == types(collect.thinking(PaperDesk()))


@pytest.mark.parametrize(("way", "there"), [("own", 1), ("shared", 1), ("together", 0)])
def test_thinking_is_own_or_shared(way, there):
    """Ten-item answers come from one's own sheet or a share, and from nowhere else."""
    assert len(collect.thinking(PaperDesk([item("D1", 2, way=way)]))) == there


def test_of_two_versions_the_newer_item_counts():
    """A sheet shared twice gives each item once, as last answered, whatever order it comes in."""
    old = item("D1", 1, snapshot="s1")
    new = item("D1", 3, snapshot="s2", saved_at=NOON + timedelta(days=2))
    other = item("D1", 4, entry="e2", saved_at=NOON + timedelta(days=1))
    for rows in ([old, new, other], [other, new, old]):
        assert collect.thinking(PaperDesk(rows))["value"].tolist() == [4, 3]


def test_wide_has_a_row_a_sheet_and_a_column_a_key():
    """One row per entry or snapshot, one typed column per key, in the order keys first appear."""
    rows = [
        answer(),
        answer(key="talk", kind="choice", value="before"),
        item("D1", 0),
        item("D2", SKIPPED),
        answer(key="talk-on", kind="date", value="2027-06-08"),
        answer(key="topics", kind="choices", value=["a", "b"]),
        answer(entry="e2", snapshot=None, way="own", until=None, value=""),
        answer(workbook="coach/another", key="other"),
    ]
    frame = collect.wide(PaperDesk(rows), "coach/after-i-coach")
    keys = ["what-happened", "talk", "d1", "d2", "talk-on", "topics"]
    leading = ["person", "pair", "session", "entry", "snapshot", "way", "saved_at", "until"]
    assert list(frame) == leading + keys
    assert types(frame[keys]) == dict(
        zip(
            keys,
            ["string", "category", "category", "category", "datetime64[ns]", "string"],
            strict=True,
        )
    )
    assert frame["entry"].tolist() == ["e1", "e2"]
    assert frame["d1"][0] == "0"
    assert frame["d2"][0] == SKIPPED
    assert frame["talk-on"][0] == pd.Timestamp(2027, 6, 8)
    assert frame["what-happened"][1] == ""
    assert frame.loc[1, keys[1:]].isna().all()


def test_wide_of_answers_with_parts_and_of_0_to_10():
    """Actions and a goal are JSON with their parts by name; 0 to 10 is a category that keeps
    "skipped"; yes, no and skipped are a category, too."""
    actions = [{"id": "0a1b2c3d", "what": "Ring “Ms Ŵ”", "due": "2027-05-03", "moved": []}]
    rows = [
        answer(key="actions", kind="action", value=actions),
        answer(key="goal", kind="goal", value={"goal": "Rest", "now": "-1"}),
        answer(key="o1", kind="ten", value=10),
        answer(key="said", kind="yes_no_skip", value="no"),
        answer(key="o1", kind="ten", value=SKIPPED, entry="e2", snapshot="s2"),
    ]
    desk = PaperDesk(rows)
    frame = collect.wide(desk, "coach/after-i-coach")
    assert json.loads(frame["actions"][0]) == actions
    assert "Ŵ" in frame["actions"][0]
    assert json.loads(frame["goal"][0]) == {"goal": "Rest", "now": "-1"}
    assert frame["o1"].tolist() == ["10", SKIPPED]
    assert types(frame[["o1", "said"]]) == {"o1": "category", "said": "category"}
    assert list(frame["o1"].cat.categories) == [*(str(n) for n in range(11)), SKIPPED]
    numbers = collect.answers(desk)["number"].astype(object).where(lambda n: n.notna(), None)
    assert list(numbers) == [None, None, 10, None, None]
    explained = collect.dictionary(frame).set_index("column")["unit"]
    assert explained["o1"] == "0 to 10, or skipped"
    assert "JSON" in explained["goal"]


def test_wide_of_what_was_put_in_order_and_classified():
    """An order is the number by line, a classification the bin by statement: JSON objects of
    codes, also where some were left out, and no number of an order is taken for a point."""
    sides = {"roof": "leading", "boat": "helping"}
    rows = [
        answer(key="steps", kind="order", value={"look": 1, "ask": 3}, words="1. Look;\n3. Ask"),
        answer(key="sides", kind="classify", value=sides),
        answer(key="steps", kind="order", value=None, entry="e2", snapshot="s2"),
    ]
    desk = PaperDesk(rows)
    frame = collect.wide(desk, "coach/after-i-coach")
    assert json.loads(frame["steps"][0]) == {"look": 1, "ask": 3}
    assert json.loads(frame["sides"][0]) == sides
    assert frame["steps"].isna().tolist() == [False, True]
    assert collect.answers(desk)["number"].isna().all()
    explained = collect.dictionary(frame).set_index("column")["unit"]
    assert "by the code of the line" in explained["steps"]
    assert "by the code of the statement" in explained["sides"]


def test_two_snapshots_of_one_sheet_are_two_rows():
    """Each shared version is a row of its own, with its own answers and its latest time."""
    later = NOON + timedelta(days=1)
    rows = [
        answer(value="first", snapshot="s1"),
        answer(value="second", snapshot="s2", saved_at=later),
        answer(value="aside", snapshot="s2", key="not-said"),
    ]
    frame = collect.wide(PaperDesk(rows), "coach/after-i-coach")
    assert frame["what-happened"].tolist() == ["first", "second"]
    assert frame["not-said"].fillna("-").tolist() == ["-", "aside"]
    assert frame["saved_at"].tolist() == [pd.Timestamp(NOON), pd.Timestamp(later)]


def test_wide_of_nothing_has_its_leading_columns():
    """A workbook nobody has shared gives no rows, and the columns that are always there."""
    frame = collect.wide(PaperDesk([answer()]), "coach/never")
    assert len(frame) == 0
    assert list(frame) == list(TABLES["wide"])


def test_a_key_never_hides_who_wrote_it():
    """A question whose key is a leading column's name gets a column of its own."""
    frame = collect.wide(PaperDesk([answer(key="person", value="me")]), "coach/after-i-coach")
    assert frame["person"].tolist() == ["Ann Coach"]
    assert frame["answer_person"].tolist() == ["me"]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        *(("date", "2027-06-08"), ("choice", "before"), ("scale", 3), ("choices", ["a"])),
        *(("ten", 7), ("yes_no_skip", "no"), ("goal", {"goal": "Rest"})),
        *(("order", {"look": 1}), ("classify", {"roof": "helping"})),
    ],
)
@pytest.mark.parametrize("later", ["soon", "2"])
def test_an_answer_to_an_older_kind_of_question_is_kept(kind, value, later):
    """Where a key was once asked in another way, its column is text and nothing is dropped."""
    rows = [
        answer(key="talk-on", kind=kind, value=value),
        answer(key="talk-on", kind="text", value=later, entry="e2", snapshot="s2"),
    ]
    for told in (rows, rows[::-1]):
        frame = collect.wide(PaperDesk(told), "coach/after-i-coach")
        assert str(frame["talk-on"].dtype) == "string"
        assert set(frame["talk-on"]) == {tables._as_text(value), later}


@settings(deadline=None)  # the machine may be busy; time is not what is tested
@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xyz"), values()), max_size=25))
def test_wide_keeps_every_answer(drawn):
    """Every answer of the tidy table stands in the wide one, and nothing else does."""
    rows = {(e, k): answer(entry=e, snapshot=None, key=k, value=v) for e, k, v in drawn}
    frame = collect.wide(PaperDesk(rows.values()), "coach/after-i-coach")
    assert len(frame) == len({entry for entry, _ in rows})
    table = frame.set_index(frame["entry"].astype(str))
    for (entry, key), row in rows.items():
        cell = table.loc[entry, key]
        expected = tables._as_text(row.value)
        assert pd.isna(cell) if expected is None else cell == expected


@pytest.mark.parametrize("name", ["answers", "thinking", "balance", "overview"])
def test_every_column_is_in_the_dictionary_with_its_type(name):
    """Each table's dictionary names its columns in order, its types truly, and who may see them."""
    frame = getattr(collect, name)(PaperDesk([answer(), item("D1", 1)], [coach("c1")]))
    explained = collect.dictionary(frame)
    assert list(explained) == ["column", "meaning", "type", "unit", "who_may_see"]
    assert dict(zip(explained["column"], explained["type"], strict=True)) == types(frame)
    assert (explained["meaning"] != "").all()
    assert (explained["who_may_see"] != "").all()
    pd.testing.assert_frame_equal(explained, collect.dictionary(name))


@pytest.mark.parametrize("who", list(Who))
def test_a_wide_table_explains_its_questions(who):
    """In a wide table each key is explained by its question, type and promised readers."""
    frame = collect.wide(PaperDesk([item("D1", 1, who=str(who))]), "coach/after-i-coach")
    explained = collect.dictionary(frame)
    assert dict(zip(explained["column"], explained["type"], strict=True)) == types(frame)
    last = explained.iloc[-1]
    assert last["meaning"] == "About D1?"
    assert "0 to 4" in last["unit"]
    assert last["who_may_see"]


def test_the_dictionary_names_what_it_knows():
    """Anything that was not made here is refused, with the names that would work."""
    for unknown in ("scores", pd.DataFrame({"person": ["x"]})):
        with pytest.raises(NotFound, match="answers, wide, thinking, balance, overview"):
            collect.dictionary(unknown)


def test_stopping_takes_effect_at_the_next_call():
    """Nothing is remembered between calls: a share that was stopped is gone from the next one."""
    desk = PaperDesk([answer(), item("D1", 3)])
    assert len(collect.answers(desk)) == 2
    desk.rows.clear()
    assert len(collect.answers(desk)) == len(collect.thinking(desk)) == 0
