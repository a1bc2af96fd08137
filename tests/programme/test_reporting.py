"""Main outcomes and the report, by the operator's door."""

import json
from pathlib import Path

import pytest

from cascade_tools import programme
from cascade_tools.cli import answer
from cascade_tools.settings import change_settings
from tests.promises.cohort import Cohort
from tests.promises.test_14_looking_back import look_back
from tests.records.small import Clock, Small


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A fictional programme of sixteen leaders who have answered at the start and at the end."""
    folder = tmp_path / "ours"
    place = programme.init(folder, programme_name="Ours", demo=True)
    records = programme.open_folder(place.path)[1]
    cohort = Cohort(Small(records, Clock()), 16)
    cohort.all_answer(cohort.leaders, "start", [n % 9 for n in range(16)])
    cohort.all_answer(cohort.leaders, "end", [(n * 3) % 10 for n in range(16)])
    records.close()
    return folder


def test_from_a_choice_to_a_report(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A lead chooses, releases and reports, each with one command; a wrong name of a line is told
    with the right one, nobody but a lead or an evaluator gets a report, and after the release the
    choice stands."""
    choose = ["outcomes", str(folder), "--by", "pat Field"]
    assert answer([*choose, "--main", "o99"]) == 1
    assert "has no line with this name" in capsys.readouterr().err
    assert answer([*choose, "--main", "o1", "--main", "o7", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["main"] == ["o1", "o7"]
    out = folder.parent / "report"
    report = ["report", str(folder), "--out", str(out), "--as"]
    assert answer([*report, "Eve Evaluator"]) == 1
    assert "Run cascade release first" in capsys.readouterr().err
    assert answer(["release", str(folder), "--moment", "end", "--by", "pat Field"]) == 0
    assert answer([*report, "Leader 3"]) == 1
    assert not out.exists()
    assert answer([*report, "Eve Evaluator"]) == 0
    page = (out / "what-changed.html").read_text(encoding="utf-8")
    assert "which lines we would look at first" in page
    assert "This is practice" not in page
    table = programme.what_changed(folder, "Eve Evaluator")
    assert list(table["key"]) == ["o1"]
    assert list(table["people"]) == [16]
    assert answer([*choose, "--main", "o2"]) == 1
    assert "stand as they are" in capsys.readouterr().err


def test_looking_back_counts_where_the_settings_say_so(folder: Path) -> None:
    """The same sheets, ticked and finished: with the setting they are released, without it not."""
    records = programme.open_folder(folder)[1]
    for n in range(16):
        look_back(records, records.people.get(f"Leader {n}"), n % 10)
    records.close()
    programme.release(folder, "mid", "pat Field")
    change_settings(folder / "programme.toml", then_test=True)
    made = programme.release(folder, "end", "pat Field")
    assert [one.people for one in made.counted if one.back] == [16]


def test_practice_needs_no_programme(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An invented programme's report needs a number of pairs alone; both together is a mistake."""
    out = tmp_path / "practice"
    assert answer(["report", "--practice", "16", "--out", str(out)]) == 1
    assert "15, 60, 200" in capsys.readouterr().err
    assert answer(["report", str(tmp_path), "--practice", "15", "--out", str(out)]) == 2
    assert answer(["report", "--out", str(out)]) == 2
    assert not out.exists()
