"""The files a collection leaves behind."""

import stat
import sys

import pandas as pd
import pytest

from cascade_tools import collect
from cascade_tools.errors import NotNow
from tests.collect.paper_desk import HOSTILE, PaperDesk, answer, item


def test_what_is_written(tmp_path):
    """A collection is the answers twice, a wide table per workbook, a dictionary and a READ-ME."""
    rows = [answer(), item("D1", 3), answer(workbook="leader/going-below-the-surface")]
    paths = collect.write(PaperDesk(rows), tmp_path / "new" / "folder")
    assert [p.name for p in paths] == [
        "answers.csv",
        "answers.parquet",
        "wide-coach-after-i-coach.csv",
        "wide-leader-going-below-the-surface.csv",
        "dictionary.csv",
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
        "wide-coach-after-i-coach.csv",
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
    paths = collect.write(PaperDesk([answer()]), tmp_path / "out")
    assert {stat.S_IMODE(p.stat().st_mode) for p in paths} == {0o600}
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o700


def test_the_read_me_says_what_who_and_until_when(tmp_path):
    """READ-ME.txt says what is there, who may see it, and until when for each person."""
    rows = [answer(), answer(person="Me", way="own", snapshot=None, until=None, entry="e9")]
    read_me = collect.write(PaperDesk(rows), tmp_path)[-1].read_text(encoding="utf-8")
    assert "2 answers by 2 people: 1 of your own, 1 shared with you, 0 that you keep" in read_me
    assert "Sue Supervisor, and nobody else" in read_me
    assert "3 November 2027: Ann Coach, coach/after-i-coach" in read_me
    assert "Me, coach/after-i-coach" not in read_me


def test_nothing_to_collect(tmp_path):
    """With nothing to see, the files are there with their columns, and no wide table."""
    paths = collect.write(PaperDesk(), tmp_path)
    assert [p.name for p in paths] == [
        *("answers.csv", "answers.parquet", "dictionary.csv", "READ-ME.txt")
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
    read_me = collect.write(PaperDesk([row], name="S\r\nue"), tmp_path)[-1].read_text("utf-8")
    assert "Ann Delete nothing" in read_me
    assert "for S ue" in read_me


@pytest.mark.parametrize("hostile", ["../../up", "/etc/passwd", "..", "a/b\0c", "CON", *HOSTILE])
def test_no_name_leads_out_of_the_folder(tmp_path, hostile):
    """Whatever a workbook is called, its table lies in the folder under a plain name."""
    out = tmp_path / "out"
    paths = collect.write(PaperDesk([answer(workbook=hostile)]), out)
    assert sorted(out.iterdir()) == sorted(paths)
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_two_workbooks_never_share_a_file(tmp_path):
    """Workbooks whose names look alike as file names get a table each."""
    rows = [answer(workbook="coach/a-b"), answer(workbook="coach-a/b")]
    paths = collect.write(PaperDesk(rows), tmp_path)
    assert len(set(paths)) == len(paths) == 6


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
