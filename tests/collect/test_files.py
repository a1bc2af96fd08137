"""The files a collection leaves behind."""

import json
import stat
import sys
from datetime import timedelta
from zipfile import ZipFile

import openpyxl
import pandas as pd
import pytest
from frictionless import validate

from cascade_tools import collect
from cascade_tools.errors import NotNow, NotPossible
from cascade_tools.model.prompts import Who
from cascade_tools.shelf import open_shelf
from tests.collect.paper_desk import HOSTILE, NOON, PaperDesk, answer, item


def test_what_is_written(tmp_path):
    """A collection is the answers twice, a wide table per workbook, a dictionary and a READ-ME."""
    rows = [answer(), item("D1", 3), answer(workbook="leader/going-below-the-surface")]
    paths = collect.write(PaperDesk(rows), tmp_path / "new" / "folder").files
    assert [p.name for p in paths] == [
        "answers.csv",
        "answers.parquet",
        "wide-coach-made-up.csv",
        "wide-leader-going-below-the-surface.csv",
        "dictionary.csv",
        "datapackage.json",
        "READ-ME.txt",
    ]
    assert sorted(paths) == sorted((tmp_path / "new" / "folder").iterdir())
    assert len(pd.read_csv(paths[0])) == 3
    coach_sheets, leader_sheets = pd.read_csv(paths[2]), pd.read_csv(paths[3])
    assert len(coach_sheets) == len(leader_sheets) == 1
    assert "d1" in coach_sheets
    assert "d1" not in leader_sheets
    explained = pd.read_csv(paths[4])
    assert set(explained["file"]) == {
        "answers.csv and answers.parquet",
        "wide-coach-made-up.csv",
        "wide-leader-going-below-the-surface.csv",
    }
    assert "d1" in set(explained["column"])


def test_the_desk_is_asked_once(tmp_path):
    """All files tell of one moment: the answers are asked for once, and the read log says so."""
    desk = PaperDesk([answer()])
    collect.write(desk, tmp_path)
    assert desk.asked == 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_only_the_owner_may_open(tmp_path):
    """Every file is for its owner only, and so is the folder that was made for them."""
    paths = collect.write(PaperDesk([answer()]), tmp_path / "out").files
    assert {stat.S_IMODE(p.stat().st_mode) for p in paths} == {0o600}
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o700


def test_the_read_me_says_what_who_and_until_when(tmp_path):
    """READ-ME.txt says what is there, who may see it, and until when for each person."""
    rows = [answer(), answer(person="Me", way="own", snapshot=None, until=None, entry="e9")]
    read_me = collect.write(PaperDesk(rows), tmp_path).files[-1].read_text(encoding="utf-8")
    assert "2 answers by 2 people: 1 of your own, 1 shared with you, 0 that you keep" in read_me
    assert "Sue Supervisor, and nobody else" in read_me
    assert "3 November 2027: Ann Coach, coach/made-up" in read_me
    assert "Me, coach/made-up" not in read_me


def test_nothing_to_collect(tmp_path):
    """With nothing to see, the files are there with their columns, and no wide table."""
    paths = collect.write(PaperDesk(), tmp_path).files
    assert [p.name for p in paths] == [
        *("answers.csv", "answers.parquet", "dictionary.csv", "datapackage.json", "READ-ME.txt")
    ]
    back = pd.read_parquet(paths[1])
    assert len(back) == 0
    assert list(back) == list(collect.answers(PaperDesk()))


def test_types_survive_parquet(tmp_path):
    """A Parquet file read back is the same table, types included."""
    desk = PaperDesk([answer(), item("D1", 3), item("D2", None)])
    collect.write(desk, tmp_path)
    back, made = pd.read_parquet(tmp_path / "answers.parquet"), collect.answers(desk)
    assert back.dtypes.astype(str).to_dict() == made.dtypes.astype(str).to_dict()
    pd.testing.assert_frame_equal(back.astype(object), made.astype(object))


def test_numbers_are_untouched(tmp_path):
    """A number in a CSV file is the number, without an apostrophe."""
    collect.write(PaperDesk([item("D1", 3)]), tmp_path)
    frame = pd.read_csv(tmp_path / "answers.csv")
    assert frame["number"].tolist() == [3]
    assert frame["session"].tolist() == [3]


def test_welsh_opens_in_a_spreadsheet(tmp_path):
    """CSV files begin with the mark by which a spreadsheet knows UTF-8."""
    collect.write(PaperDesk([answer(value="Mae’r tŷ’n oer")]), tmp_path)
    raw = (tmp_path / "answers.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert "Mae’r tŷ’n oer" in raw.decode("utf-8-sig")


def test_a_name_cannot_pass_for_a_line_of_the_read_me(tmp_path):
    """Line breaks in a name are gone from READ-ME.txt, so it says only what we say."""
    row = answer(person="Ann\nDelete nothing")
    read_me = collect.write(PaperDesk([row], name="S\r\nue"), tmp_path).files[-1].read_text("utf-8")
    assert "Ann Delete nothing" in read_me
    assert "for S ue" in read_me


@pytest.mark.parametrize("hostile", ["../../up", "/etc/passwd", "..", "a/b\0c", "CON", *HOSTILE])
def test_no_name_leads_out_of_the_folder(tmp_path, hostile):
    """Whatever a workbook is called, its table lies in the folder under a plain name."""
    out = tmp_path / "out"
    paths = collect.write(PaperDesk([answer(workbook=hostile)]), out).files
    assert sorted(out.iterdir()) == sorted(paths)
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_two_workbooks_never_share_a_file(tmp_path):
    """Workbooks whose names look alike as file names get a table each."""
    rows = [answer(workbook="coach/a-b"), answer(workbook="coach-a/b")]
    paths = collect.write(PaperDesk(rows), tmp_path).files
    assert len(set(paths)) == len(paths) == 7


def test_collecting_again_replaces_and_takes_away(tmp_path):
    """What may no longer be seen is gone after the next collection; other people's files stay."""
    collect.write(PaperDesk([answer(), answer(workbook="coach/another")]), tmp_path)
    (tmp_path / "wide-mine.csv").write_text("mine")
    collect.write(PaperDesk([answer(value="newer")]), tmp_path)
    assert not (tmp_path / "wide-coach-another.csv").exists()
    assert (tmp_path / "wide-mine.csv").read_text() == "mine"
    assert pd.read_csv(tmp_path / "answers.csv")["value"].tolist() == ["newer"]


def test_a_fault_while_making_leaves_the_earlier_files(tmp_path):
    """If rows stop coming or a file cannot be made, what was there before is there still, whole."""

    class BreaksOff(PaperDesk):
        def answers(self):
            yield answer(value="half")
            raise NotNow("The records cannot be read at the moment. Try again.")

    collect.write(PaperDesk([answer(value="before")]), tmp_path)
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    with pytest.raises(NotNow):
        collect.write(BreaksOff(), tmp_path)
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before


def test_a_folder_that_cannot_be_written_says_so(tmp_path):
    """A folder that is a file, or a file that cannot be replaced, is told in one sentence."""
    (tmp_path / "file").write_text("mine")
    with pytest.raises(NotNow, match="cannot be written"):
        collect.write(PaperDesk([answer()]), tmp_path / "file")
    (tmp_path / "out" / "answers.parquet").mkdir(parents=True)
    with pytest.raises(NotNow, match="collect again"):
        collect.write(PaperDesk([answer()]), tmp_path / "out")
    assert not [p for p in (tmp_path / "out").iterdir() if p.name.startswith(".")]


def test_a_link_is_replaced_and_not_followed(tmp_path):
    """A symbolic link where a file should be is replaced; what it points at is left alone."""
    target = tmp_path / "elsewhere.txt"
    target.write_text("keep")
    out = tmp_path / "out"
    out.mkdir()
    (out / "answers.csv").symlink_to(target)
    collect.write(PaperDesk([answer()]), out)
    assert target.read_text() == "keep"
    assert not (out / "answers.csv").is_symlink()


def test_everything_once_more_in_one_file(tmp_path):
    """With ``also``, one Excel and one JSON file hold all tables; collected again without them,
    they are gone, for they hold what was seen before."""
    rows = [answer(), item("D1", 3), answer(workbook="coach/another")]
    made = collect.write(PaperDesk(rows), tmp_path, also=["json", "xlsx"])
    assert [p.name for p in made.files][-4:] == [
        *("collected.xlsx", "collected.json", "datapackage.json", "READ-ME.txt")
    ]
    book = openpyxl.load_workbook(tmp_path / "collected.xlsx", read_only=True)
    tables = ["answers", "wide-coach-another", "wide-coach-made-up"]
    assert book.sheetnames == ["Read me", *tables, "Dictionary"]
    whole = json.loads((tmp_path / "collected.json").read_text("utf-8"))
    assert [one["name"] for one in whole["resources"]] == tables
    assert "Sue Supervisor, and nobody else" in whole["description"]
    collect.write(PaperDesk(rows), tmp_path)
    assert not list(tmp_path.glob("collected.*"))
    with pytest.raises(NotPossible, match="xlsx, json"):
        collect.write(PaperDesk(rows), tmp_path, also=["ods"])


def test_the_folder_is_a_data_package(tmp_path):
    """datapackage.json explains every CSV file, and each is as it says."""
    rows = [answer(value="=1"), item("D1", 3), answer(key="on", kind="date", value="2027-06-08")]
    made = collect.write(PaperDesk(rows), tmp_path)
    report = validate(str(tmp_path / "datapackage.json"))
    assert report.valid, report.flatten(["type", "note"])
    named = {task.place for task in report.tasks}
    assert named == {p.name for p in made.files if p.suffix == ".csv"} - {"dictionary.csv"}


OLD = [
    answer(key="first", snapshot="s1"),
    answer(key="going", value="then", snapshot="s1"),
    answer(key="last", snapshot="s1"),
]
NEW = [
    answer(key="coming", entry="e2", snapshot="s2", saved_at=NOON + timedelta(days=9)),
    answer(key="first", entry="e2", snapshot="s2", saved_at=NOON + timedelta(days=9)),
    answer(key="last", entry="e2", snapshot="s2", saved_at=NOON + timedelta(days=9)),
]


def columns(folder):
    return list(pd.read_csv(folder / "wide-coach-made-up.csv"))[8:]


def test_columns_stay_where_they_are_across_versions(tmp_path):
    """A workbook changes: a question goes, another comes.  In a table collected again each column
    keeps its name and place, and a new one stands behind them; also when the answers to the
    question that went may no longer be seen."""
    collect.write(PaperDesk(OLD), tmp_path)
    assert columns(tmp_path) == ["first", "going", "last"]
    collect.write(PaperDesk([*NEW, *OLD]), tmp_path)
    assert columns(tmp_path) == ["first", "going", "last", "coming"]
    collect.write(PaperDesk(NEW), tmp_path)
    assert columns(tmp_path) == ["first", "going", "last", "coming"]
    explained = pd.read_csv(tmp_path / "dictionary.csv").set_index("column")["meaning"]
    assert "earlier version" in explained["going"]
    assert "then" not in (tmp_path / "wide-coach-made-up.csv").read_text("utf-8-sig")
    assert validate(str(tmp_path / "datapackage.json")).valid


def test_a_table_has_every_question_its_workbook_asks(tmp_path):
    """Whoever answered what, the columns of a workbook of the kit are the same, in its order; the
    questions for its author alone have one only where their author collects."""
    shelf = open_shelf()
    workbook = shelf.get("coach/before-i-coach")
    private = {p.key for p in workbook.prompts if p.who == Who.ONLY_ME}
    asked = [p.key for p in workbook.prompts if p.keep and p.key not in private]
    assert private and asked
    last = answer(workbook=workbook.id, key=asked[-1])
    older = answer(workbook=workbook.id, key="asked-long-ago")
    for rows in ([last], [older, last]):
        frame = collect.wide(PaperDesk(rows), workbook.id)
        assert list(frame)[8 : 8 + len(asked)] == asked
    assert list(frame)[8 + len(asked) :] == ["asked-long-ago"]
    assert frame[asked[0]].isna().all()
    meant = collect.dictionary(frame).set_index("column")["meaning"]
    assert meant[asked[0]] == next(p.question for p in workbook.prompts if p.key == asked[0])


def test_what_may_no_longer_be_seen_is_named_without_a_word_of_it(tmp_path):
    """Somebody stops sharing: the next collection into the folder has nothing of it, and says
    which sheets went, by title and day."""
    secret = answer(value="A word of mine", entry="e7", workbook="coach/after-i-coach")
    twice = answer(value="Another word", entry="e2", snapshot="s2")
    again = answer(value="Another word", entry="e2", snapshot="s3", saved_at=NOON)
    first = collect.write(PaperDesk([secret, twice, answer()]), tmp_path, also=["json", "xlsx"])
    assert first.gone == []
    assert "NO LONGER HERE" not in first.files[-1].read_text("utf-8")
    made = collect.write(PaperDesk([again, answer()]), tmp_path, also=["json", "xlsx"])
    assert [one.words for one in made.gone] == [
        "“After I coach” by Ann Coach, last saved 3 May 2027",
        "coach/made-up by Ann Coach, last saved 3 May 2027 (a newer copy is here)",
    ]
    said = made.files[-1].read_text("utf-8")
    assert "2 sheets went" in said
    assert all(one.words in said for one in made.gone)
    for path in tmp_path.iterdir():
        text = path.read_bytes()
        if path.suffix == ".xlsx":
            with ZipFile(path) as inside:
                text = b"".join(map(inside.read, inside.namelist()))
        assert b"A word of mine" not in text
    assert b"A word of mine" not in str(made.gone).encode()
    assert collect.write(PaperDesk([again, answer()]), tmp_path).gone == []


def test_nobody_is_told_what_another_reader_had(tmp_path):
    """A folder in which somebody else collected is written anew, and says nothing of theirs."""
    collect.write(PaperDesk([answer()], name="Sue Supervisor"), tmp_path)
    made = collect.write(PaperDesk([], name="Ann Coach"), tmp_path)
    assert made.gone == []
    assert "NO LONGER HERE" not in made.files[-1].read_text("utf-8")
    assert not (tmp_path / "wide-coach-made-up.csv").exists()


@pytest.mark.parametrize("spoilt", ["READ-ME.txt", "answers.parquet", "wide-coach-made-up.csv"])
def test_what_an_earlier_collection_left_may_be_spoilt(tmp_path, spoilt):
    """Whatever somebody did to the files in the folder, the next collection makes them whole."""
    collect.write(PaperDesk([answer()]), tmp_path)
    for content in (b"\xff\xfe\0", b"", f"Collected with Cascade, for {NOON}".encode()):
        (tmp_path / spoilt).write_bytes(content)
        made = collect.write(PaperDesk([answer()]), tmp_path)
        assert validate(str(tmp_path / "datapackage.json")).valid
        assert len(pd.read_parquet(made.files[1])) == 1


def test_it_says_how_far_it_is(tmp_path):
    """Whoever waits hears how many answers are read and how many rows are written."""
    told = []
    rows = [answer(entry=f"e{at}", snapshot=None) for at in range(2500)]
    collect.write(PaperDesk(rows), tmp_path, told=lambda *how_far: told.append(how_far))
    assert ("Reading answers", 2000, 0) in told
    assert told[-1] == ("Writing rows", 5000, 0)
