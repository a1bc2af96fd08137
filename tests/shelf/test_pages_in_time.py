"""Workbooks that two people do together, that need no account, and pages that open in time."""

from pathlib import Path
from typing import Any

import pytest

from cascade_tools.model.workbook import Listing, Moment, Workbook
from cascade_tools.shelf import check, open_shelf, read
from tests.shelf.test_shelf import Sheet, about, asking

TWO = 'ask.text("second", "Second?")'
SEALED = {"about": "pair", "together": "sealed"}


def paged(metadata: dict[str, Any], **fields: Any) -> Sheet:
    """A sheet whose second page says ``metadata`` of itself."""
    sheet = about(**fields)
    sheet.cells = ["## One", 'ask.text("first", "First?")', ("## Two", metadata), TWO]
    return sheet


@pytest.mark.parametrize(
    ("sheet", "cell", "words"),
    [
        (paged({"once": "open"}, **SEALED), 5, "Write that"),
        (paged({"once": "opened"}), 5, '"together": "sealed"'),
        (paged({"after_days": "14"}), 5, "such as 14"),
        (paged({"after_days": True}), 5, "such as 14"),
        (paged({"after_days": 0}), 5, "such as 14"),
        (paged({"tags": ["chalenge"]}), 5, "assessment, challenge, support"),
        (paged({"tags": []}), 5, "assessment, challenge, support"),
        (paged({"onse": "opened"}), 5, 'Did you mean "once"?'),
        (about(together="sealed"), 0, 'Add "about": "pair"'),
        (about(together="sealled", about="pair"), 0, 'Did you mean "sealed"?'),
        (about(public="yes"), 0, "public must be true or false"),
        (asking('ask.text("go", "Where to?")'), 4, "Give the question another key"),
        (asking("show.actons()"), 4, 'Did you mean "actions"?'),
    ],
    ids=lambda v: v if isinstance(v, str) else "",
)
def test_a_mistake_is_named_with_its_fix(
    tmp_path: Path, sheet: Sheet, cell: int, words: str
) -> None:
    """An author who mistypes what a page or workbook says of itself reads where and what to do."""
    (fault,) = check(sheet.write(tmp_path))
    assert fault.cell == cell
    assert words in fault.sentence


def both(tmp_path: Path) -> Workbook:
    sheet = paged({"once": "opened", "tags": ["challenge"]}, **SEALED)
    sheet.cells += [("## Three", {"after_days": 14}), 'ask.text("third", "Third?")']
    return read(sheet.write(tmp_path))


def shown(book: Workbook, moment: Moment, **answers: str) -> list[str]:
    return [page.id for page in book.open_pages(answers, moment)]


def test_a_page_opens_when_its_time_has_come(tmp_path: Path) -> None:
    """Some pages wait until both sheets are open, some for so many days."""
    book = both(tmp_path)
    assert book.pages[1].tags == ("challenge",)
    assert shown(book, Moment()) == ["one"]
    assert shown(book, Moment(opened=True, days=13)) == ["one", "two"]
    assert shown(book, Moment(days=14)) == ["one", "three"]


def test_an_answered_page_stays(tmp_path: Path) -> None:
    """What was written on a page is not hidden when a sheet is taken back."""
    assert shown(both(tmp_path), Moment(), second="A difference") == ["one", "two"]


def test_a_list_needs_no_kernel(tmp_path: Path) -> None:
    """``show.actions()`` is written by the server; a picture is drawn by a kernel."""
    book = read(asking("show.actions()").write(tmp_path))
    assert book.pages[0].parts == (Listing("actions", "cell-4"),)
    assert not book.thinks


def test_a_workbook_for_two_lies_in_the_folder_pair(tmp_path: Path) -> None:
    """Folders are roles, or ``pair``, ``everyone``, ``programme``, ``toolkit`` and ``cohort``."""
    sheet = about(**{"for": ["coach", "leader"], **SEALED})
    sheet.opening = (sheet.opening or "").replace("coach/a-sheet", "pair/a-sheet")
    assert check(sheet.write(tmp_path, "pair/a-sheet")) == []


def test_every_leader_workbook_assesses_challenges_and_supports() -> None:
    """Each gives all three (Center for Creative Leadership, as told in the 2005 study)."""
    lacking = {
        w.id: {"assessment", "challenge", "support"} - {t for page in w.pages for t in page.tags}
        for w in open_shelf().all()
        if w.id.startswith("leader/")
    }
    assert {k: v for k, v in lacking.items() if v} == {}
