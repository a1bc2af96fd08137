"""One table as a file: CSV, Parquet, Excel and JSON, each with its dictionary and its note."""

import json
import stat
import sys
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest
from frictionless import Package, validate
from hypothesis import given, settings
from hypothesis import strategies as st

from cascade_tools import collect
from cascade_tools.collect import formats
from cascade_tools.collect.exports import ENDINGS, save
from cascade_tools.errors import NotFound, NotNow, NotPossible
from tests.collect.paper_desk import BOOK, HOSTILE, PaperDesk, answer, coach, item, values

ROWS = [
    answer(value='Mae’r tŷ’n oer.\n\n“Newydd”, "x"'),
    item("D1", 3),
    answer(key="talk-on", kind="date", value="2027-06-08"),
    answer(key="topics", kind="choices", value=["a", "b"]),
    answer(key="empty", value=""),
    answer(key="missing", value=None),
    answer(person="Me", way="own", entry="e2", snapshot=None, until=None, pair=None, session=None),
]


@pytest.fixture(scope="module", params=["answers", "wide"])
def table(request) -> pd.DataFrame:
    desk = PaperDesk(ROWS)
    return collect.answers(desk) if request.param == "answers" else collect.wide(desk, BOOK)


@pytest.mark.parametrize("ending", ENDINGS)
def test_each_says_what_who_and_until_when(table, ending, tmp_path):
    """In the file or beside it stand what it is, who may see it, and until when, by person."""
    paths = save(table, tmp_path / f"made{ending}")
    match ending:
        case ".csv":
            said = paths[1].read_text("utf-8")
            assert json.loads(paths[2].read_text("utf-8"))["description"] == said.strip()
        case ".parquet":
            said = pq.read_schema(paths[0]).metadata[b"note"].decode()
        case ".xlsx":
            sheet = openpyxl.load_workbook(paths[0], read_only=True)["Read me"]
            said = "\n".join(str(cell or "") for (cell,) in sheet.iter_rows(values_only=True))
        case _:
            said = json.loads(paths[0].read_text("utf-8"))["description"]
    assert f"{len(table)} rows: one row for each" in said
    assert "and nobody else" in said
    assert "3 November 2027: Ann Coach" in said
    assert "Me" not in said


@pytest.mark.parametrize("ending", [".csv", ".json"])
def test_the_dictionary_is_a_table_schema_that_holds(table, ending, tmp_path):
    """The rows are as the Frictionless dictionary says: names, order, types; each is explained."""
    made = save(table, tmp_path / f"made{ending}")[-1]
    report = validate(str(made))
    assert report.valid, report.flatten(["type", "note"])
    fields = Package(str(made)).resources[0].schema.fields
    assert [field.name for field in fields] == list(table)
    assert all(field.description for field in fields)
    kinds = {field.name: field.type for field in fields}
    assert (kinds["session"], kinds["saved_at"]) == ("integer", "datetime")
    assert kinds.get("talk-on", "date") == "date"


def test_a_wrong_dictionary_would_be_noticed(tmp_path):
    """The check of the test above finds a column that is not as its dictionary says."""
    made = save(collect.answers(PaperDesk(ROWS)), tmp_path / "made.csv")[-1]
    about = json.loads(made.read_text("utf-8"))
    about["resources"][0]["schema"]["fields"][0]["type"] = "integer"
    made.write_text(json.dumps(about), encoding="utf-8")
    assert not validate(str(made)).valid


def test_parquet_explains_itself(table, tmp_path):
    """A Parquet file is the same table read back, and its metadata explain every column."""
    (made,) = save(table, tmp_path / "made.parquet")
    pd.testing.assert_frame_equal(pd.read_parquet(made).astype(object), table.astype(object))
    about = json.loads(pq.read_schema(made).metadata[b"datapackage"])
    names = [field["name"] for field in about["resources"][0]["schema"]["fields"]]
    assert names == list(table)


def test_excel_holds_words_and_never_a_formula(tmp_path):
    """In Excel each text is a text as it was written, the header stays in sight."""
    hostile = [*HOSTILE, "=1+1", "+1", "-1", "@x", "https://example.com/", "007", "\tx"]
    rows = [answer(value=text, key=f"k{at}") for at, text in enumerate(hostile)]
    table = collect.answers(PaperDesk(rows))
    (made,) = save(table, tmp_path / "made.xlsx")
    book = openpyxl.load_workbook(made)
    assert book.sheetnames == ["Read me", "table", "Dictionary"]
    cells = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "f" not in cells
    assert not any(cell.hyperlink for row in book["table"].iter_rows() for cell in row)
    sheet = pd.read_excel(made, sheet_name="table", dtype={"value": str})
    assert sheet["value"].tolist() == hostile
    assert sheet["saved_at"][0] == pd.Timestamp(2027, 5, 3, 12, 30, 15, 250_000)
    assert book["table"].freeze_panes == "A2"
    explained = [row[1] for row in book["Dictionary"].iter_rows(values_only=True)]
    assert explained == ["column", *table]


@settings(deadline=None, max_examples=10)  # the machine may be busy; time is not what is tested
@given(drawn=st.lists(values(), max_size=6))
def test_json_keeps_every_answer_to_the_letter(drawn, tmp_path_factory):
    """Whatever was answered, the JSON file gives it back, and missing is not an empty text."""
    table = collect.answers(PaperDesk([answer(value=value) for value in drawn]))
    made = save(table, tmp_path_factory.mktemp("json") / "made.json")[0]
    rows = json.loads(made.read_text("utf-8"))["resources"][0]["data"]
    wanted = table["value"].astype(object)
    assert [row["value"] for row in rows] == wanted.where(wanted.notna(), None).tolist()
    assert all(list(row) == list(table) for row in rows)


@pytest.mark.parametrize("ending", ENDINGS)
def test_pieces_join_without_a_seam(ending, tmp_path, monkeypatch):
    """A table is the same file however many rows are written at a time."""
    table = collect.answers(PaperDesk(ROWS))
    whole = save(table, tmp_path / f"whole{ending}")[0]
    monkeypatch.setattr(formats, "_SLICE", 2)
    pieces = save(table, tmp_path / f"pieces{ending}")[0]
    read = {
        ".csv": pd.read_csv,
        ".parquet": pd.read_parquet,
        ".xlsx": lambda path: pd.read_excel(path, sheet_name="table"),
        ".json": lambda path: pd.DataFrame(json.loads(path.read_text())["resources"][0]["data"]),
    }[ending]
    pd.testing.assert_frame_equal(read(whole), read(pieces))
    assert len(read(pieces)) == len(ROWS)


def test_rows_left_out_and_columns_added(tmp_path):
    """An analyst's own choice of rows and columns is saved as it is, and still explained."""
    table = collect.answers(PaperDesk(ROWS))
    mine = table[table["way"] == "own"].assign(mine="=x")
    made = save(mine, tmp_path / "made.csv")
    assert "Nothing here was shared with you" in made[1].read_text("utf-8")
    fields = json.loads(made[2].read_text("utf-8"))["resources"][0]["schema"]["fields"]
    assert fields[-1]["description"] == "Added after this table was collected"
    assert pd.read_csv(made[0])["mine"].tolist() == ["'=x"]


def test_an_overview_says_how_long_it_may_be_kept(tmp_path):
    """A table without end dates says in words how long it may be kept."""
    save(collect.overview(PaperDesk(coaches=[coach("c1")])), tmp_path / "made.csv")
    assert "when a coach goes to another supervisor" in (tmp_path / "made.READ-ME.txt").read_text()


def test_what_excel_would_cut_off_is_refused(tmp_path):
    """A text longer than Excel holds is refused whole, with what to do; no file is left."""
    table = collect.answers(PaperDesk([answer(value="x" * 32_768)]))
    with pytest.raises(NotPossible, match=r"Save it as \.csv"):
        save(table, tmp_path / "made.xlsx")
    assert not list(tmp_path.iterdir())
    assert save(table, tmp_path / "made.json")


def test_other_endings_and_other_tables_are_refused(tmp_path):
    """Only the four kinds are written, and only tables that can be explained."""
    with pytest.raises(NotPossible, match=r"\.csv, \.parquet, \.xlsx, \.json"):
        save(collect.answers(PaperDesk()), tmp_path / "made.ods")
    with pytest.raises(NotFound, match="no dictionary"):
        save(pd.DataFrame({"a": [1]}), tmp_path / "made.csv")
    (tmp_path / "file").write_text("mine")
    with pytest.raises(NotNow, match="Name another file"):
        save(collect.answers(PaperDesk()), tmp_path / "file" / "made.csv")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
@pytest.mark.parametrize("ending", ENDINGS)
def test_only_the_owner_may_open(ending, tmp_path):
    """Every file is for its owner only, what lies beside it too, and nothing else is left."""
    made = save(collect.answers(PaperDesk(ROWS)), tmp_path / f"made{ending}")
    assert {stat.S_IMODE(path.stat().st_mode) for path in made} == {0o600}
    assert sorted(Path(tmp_path).iterdir()) == sorted(made)
