"""How the programme is running, from the command line and from Python."""

import csv
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from pypdf import PdfReader

from cascade_tools import collect
from cascade_tools.cli import answer
from cascade_tools.errors import NotFound, NotNow, WrongPassphrase
from cascade_tools.model.knowledge import MOST_IN_TITLE, PrintedTheme, ReleasedNote
from cascade_tools.programme import funder, running
from cascade_tools.records.knowledge_rows import note_row
from cascade_tools.settings import change_settings
from tests.living import PASSPHRASE, House

Capture = pytest.CaptureFixture[str]


def pages(pdf: Path) -> list[str]:
    """The words of each page, without the places where a long word may break."""
    return [page.extract_text().replace("\u200b", "") for page in PdfReader(pdf).pages]


def ticket(house: House, who: str) -> str:
    with house.records() as records:
        return records.signing_in.ticket(house.people[who].id, None, None, 1)


@pytest.mark.parametrize("who", ["pat", "eve"])
def test_a_table_of_what_may_leave(house: House, who: str) -> None:
    """For leads as for evaluators nothing in it is exact; it is explained like every table."""
    table = running(house.folder.path, house.people[who].name, ticket=ticket(house, who))
    rows = table.set_index("code")
    assert rows.loc["matched", ["at_least", "at_most", "shown"]].tolist() == [0, 4, "fewer than 5"]
    assert rows.index[rows["at_least"].isna()].tolist() == ["bursaries-used"], "nobody keeps it"
    assert rows.loc[["reasons", "room"], "shown"].tolist() == ["fewer than 5"] * 2
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


def test_a_funders_sheet_is_one_page(house: House, tmp_path: Path, capsys: Capture) -> None:
    """A PDF that a screen reader can read, of one sheet with nothing to tell, and with as much as
    there can be; what somebody typed stands there as they typed it."""
    out = tmp_path / "funder.pdf"
    command = ["funder", str(house.folder.path), "--as", "Eve Evalfield", "--out", str(out)]
    assert answer([*command, "--ticket", ticket(house, "eve")]) == 0
    assert capsys.readouterr().out == f"Made {out}.\n"
    (page,) = pages(out)
    assert "We do not report on any person." in page
    assert "There is no learning note yet." in page
    assert "2 of 10" not in page
    day = datetime.now(UTC).date() - timedelta(days=9)
    hostile = '#emph[x] = $ * _ ` "]) #read("base.typ")'
    themes = tuple(
        PrintedTheme(round, "Wm " * 13, "at least 5 cards", (hostile + "mW " * 85,))
        for round in ("worked", "in-the-way", "where-else", "next-cohort")
        for _ in range(3)
    )
    note = ReleasedNote("e" * 32, "W" * MOST_IN_TITLE, "", day, {}, themes, day)
    with house.records() as records:
        with records.store.database.writing() as s:
            s.merge(note_row(records.store, note))
        for _ in range(30):
            records.feedback.give("coach/after-i-coach", "yes", "Zebrafinch")
    change_settings(house.folder.toml, programme_name="The Largest Programme of Its Kind " * 4)
    funder(house.folder.path, "Eve Evalfield", out, ticket=ticket(house, "eve"))
    (page,) = pages(out)
    assert "Yes: 30 to 34" in page
    assert page.count('#read("base.typ")') == 4
    assert "Zebrafinch" not in page
    assert PdfReader(out).metadata.title == "What we can tell a funder"
    with pytest.raises(NotFound):
        funder(house.folder.path, "Sue Superfield", out, ticket=ticket(house, "sue"))
    with pytest.raises(NotNow, match="Name another"):
        funder(house.folder.path, "Eve Evalfield", tmp_path, ticket=ticket(house, "eve"))
