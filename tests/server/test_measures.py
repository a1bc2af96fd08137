"""Measures of others are asked in their own words, with leave, and where enough will answer."""

from pathlib import Path

import pytest

from cascade_tools.kit import kit_folder
from cascade_tools.model.prompts import Prompt, Who
from cascade_tools.model.workbook import Page, Prose
from cascade_tools.programme.folders import check, init
from cascade_tools.server.measures import measure_pages
from cascade_tools.settings import Settings
from cascade_tools.shelf import open_shelf

FEW, MANY = Settings(pairs_expected=19), Settings(pairs_expected=20)
OWN = """\
id: {id}
name: "How it goes"
version: 1
language: en-GB
year: 2020
source: "Somebody Else, 2020."
status: current
licence: "by permission"
attribution: "By leave of Somebody Else."
permission_held: {held}
review_by: 2027-11-30
owner: "Testfield"
items:
  - id: first
    kind: ten
    question: "How does it go?"
    ends: ["Badly", "Well"]
"""


def own(local: Path, held: str, id: str = "goes") -> Path:
    (local / "measures").mkdir(parents=True, exist_ok=True)
    path = local / "measures" / f"{id}.yaml"
    path.write_text(OWN.format(held=held, id=id), encoding="utf-8")
    return local


def ids(pages: tuple[Page, ...]) -> list[str]:
    return [page.id for page in pages]


def test_the_questions_of_the_statistics_office_wait_for_twenty_pairs() -> None:
    """Intrusive and not reportable for fewer, they are not asked at all."""
    assert measure_pages(FEW, None) == ()
    assert ids(measure_pages(MANY, None)) == ["measure-ons4", "measure-uk-loneliness"]


def test_a_measure_is_shown_whole_with_whose_it_is() -> None:
    """Its own introduction, its own order, the attribution its licence asks for; and every answer
    is for group results only."""
    (page,) = (p for p in measure_pages(MANY, None) if p.id == "measure-ons4")
    first, *middle, last = page.parts
    assert isinstance(first, Prose) and "no right or wrong answers" in first.markdown
    assert isinstance(last, Prose) and "Open Government Licence v3.0" in last.markdown
    keys = [p.key for p in middle if isinstance(p, Prompt)]
    assert keys == ["ons4-satisfied", "ons4-worthwhile", "ons4-happy", "ons4-anxious"]
    assert {p.who for p in page.prompts} == {Who.GROUP_RESULTS}


def test_no_key_of_a_measure_is_a_key_of_the_workbook() -> None:
    """Their answers lie in one entry, so that a key means one question."""
    workbook = open_shelf(None).get("leader/where-i-am-now")
    measured = [p.key for page in measure_pages(MANY, None) for p in page.prompts]
    assert not {p.key for p in workbook.prompts} & {*measured}
    assert not {p.id for p in workbook.pages} & {*ids(measure_pages(MANY, None))}


@pytest.mark.parametrize("held", ["no", "asked", '"not yet"', "maybe", "null"])
def test_a_measure_without_permission_is_never_shown(tmp_path: Path, held: str) -> None:
    """Whatever else is said: only a yes is a yes."""
    assert measure_pages(FEW, own(tmp_path, held)) == ()


def test_a_measure_with_permission_is_shown_however_many_pairs(tmp_path: Path) -> None:
    """The programme has settled that with its owner."""
    (page,) = measure_pages(FEW, own(tmp_path, "yes"))
    assert (page.id, page.title) == ("measure-goes", "How it goes")
    assert "By leave of Somebody Else." in str(page.parts[-1])


def test_a_local_file_never_takes_the_place_of_the_kits_own(tmp_path: Path) -> None:
    """Other words under the name of a harmonised question would not be that question."""
    local = own(tmp_path, "yes", "ons4")
    assert measure_pages(FEW, local) == ()
    (page,) = (p for p in measure_pages(MANY, local) if p.id == "measure-ons4")
    assert len(page.prompts) == 4


def test_check_tells_the_operator_why_a_measure_is_not_shown(tmp_path: Path) -> None:
    """A sentence with the file, the line and what would put it right; a permitted one is quiet."""
    folder = init(tmp_path / "programme")
    own(folder.local, "no")
    own(folder.local, "yes", "fine")
    (fault,) = [f for f in check(folder.path) if "measures/" in f.file]
    assert fault.file == "measures/goes.yaml"
    assert "line 10: permission to use this measure is not held" in fault.sentence
    assert "permission_held: yes" in fault.sentence
    assert str(folder.path) not in fault.sentence


def test_the_kits_measures_are_few_and_known() -> None:
    """Nothing ships whose licence does not let it: a new file is looked at before it is added."""
    found = {p.name for p in (kit_folder("data") / "measures").iterdir()}
    assert found == {"ons4.yaml", "uk-loneliness.yaml"}
