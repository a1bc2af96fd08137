"""How the programme is running, from the command line and from Python."""

import csv
import json
from pathlib import Path

import openpyxl
import pytest

from cascade_tools import collect
from cascade_tools.cli import answer
from cascade_tools.errors import NotFound, WrongPassphrase
from cascade_tools.programme import running
from tests.living import PASSPHRASE, House

Capture = pytest.CaptureFixture[str]


def ticket(house: House, who: str) -> str:
    with house.records() as records:
        return records.signing_in.ticket(house.people[who].id, None, None, 1)


@pytest.mark.parametrize("who", ["pat", "eve"])
def test_a_table_of_what_may_leave(house: House, who: str) -> None:
    """For leads as for evaluators nothing in it is exact; it is explained like every table."""
    table = running(house.folder.path, house.people[who].name, ticket=ticket(house, who))
    rows = table.set_index("code")
    assert rows.loc["matched", ["at_least", "at_most", "shown"]].tolist() == [0, 4, "fewer than 5"]
    assert rows["at_least"].isna().sum() == 2, "reasons and bursaries, which nobody keeps"
    assert set(table["about"]) >= {"Taking part", "Waiting for the first session", "Actions"}
    assert collect.dictionary(table)["column"].tolist() == table.columns.tolist()
    words = table.to_csv()
    for never in ("Amina", "carers", "youth project", "%"):
        assert never not in words


def test_it_is_for_leads_and_evaluators(house: House) -> None:
    """To a supervisor it is not there, and nobody gets it with another's passphrase."""
    with pytest.raises(NotFound):
        running(house.folder.path, "Sue Superfield", passphrase=PASSPHRASE)
    with pytest.raises(WrongPassphrase):
        running(house.folder.path, "Eve Evalfield", passphrase="not the passphrase at all")


def test_on_the_command_line(house: House, tmp_path: Path, capsys: Capture) -> None:
    """As text under its headings, as JSON, or as a file of the kind its name asks for, which says
    what is in it."""
    command = ["running", str(house.folder.path), "--as", "Eve Evalfield"]
    assert answer([*command, "--ticket", ticket(house, "eve")]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[:2] == ["Taking part", "  Expressions of interest: fewer than 5"]
    assert "  Sessions held, of those planned: fewer than 5" in said
    assert answer([*command, "--ticket", ticket(house, "eve"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[1]["code"] == "matched"
    for name in ("running.csv", "running.xlsx"):
        out = tmp_path / name
        assert answer([*command, "--ticket", ticket(house, "eve"), "--out", str(out)]) == 0
        assert capsys.readouterr().out == f"Made {out}.\n"
    with (tmp_path / "running.csv").open(encoding="utf-8-sig") as file:
        assert next(csv.reader(file)) == list(collect.dictionary("running")["column"])
    assert "Programme leads and evaluators" in (tmp_path / "running.READ-ME.txt").read_text()
    book = openpyxl.load_workbook(tmp_path / "running.xlsx")
    assert len(book.sheetnames) >= 2
