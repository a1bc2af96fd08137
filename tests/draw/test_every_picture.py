"""Whatever a workbook can draw can also be read: a sentence, a table, and names for the drawing."""

import re
from xml.etree import ElementTree

import pytest

from cascade_tools.draw.drawn import drawn
from cascade_tools.draw.pictures import picture_html
from cascade_tools.model.picture import Picture, Sitting
from cascade_tools.model.prompts import Kind, Prompt
from cascade_tools.shelf import DRAWINGS, open_shelf

WORKBOOKS = open_shelf().all()
SVG = "{http://www.w3.org/2000/svg}"
ANSWERS = {Kind.SCALE: 3, Kind.TEN: 7, Kind.LONG: "A few words.", Kind.TEXT: "A word."}


def pictures() -> dict[str, tuple[str, Picture]]:
    """Every picture of every workbook that shows one, of somebody who has answered twice."""
    found = {}
    for workbook in WORKBOOKS:
        prompts: dict[str, Prompt] = {p.key: p for p in workbook.prompts}
        answers: dict[str, object] = {
            key: ANSWERS[p.kind] for key, p in prompts.items() if p.kind in ANSWERS
        }
        sittings = [Sitting(1, 5, answers), Sitting(2, 5, answers, current=True)]
        for drawing in workbook.drawings:
            picture = drawn(drawing.name, prompts, sittings)
            found[f"{workbook.id} {drawing.name}"] = (drawing.name, picture)
    return found


PICTURES = pictures()


def test_every_picture_is_shown_somewhere() -> None:
    """No drawing is offered to authors that no workbook of the kit has tried."""
    assert {name for name, _ in PICTURES.values()} == set(DRAWINGS)


@pytest.mark.parametrize("which", PICTURES)
def test_a_picture_has_a_sentence_and_a_table(which: str) -> None:
    """What is drawn is said in one sentence and stands in a table, with words in every head."""
    _, picture = PICTURES[which]
    assert len(picture.sentence.split()) >= 4
    assert picture.sentence.endswith((".", "?", "”"))
    assert picture.table is not None
    assert picture.table.caption and picture.table.rows
    assert all(picture.table.headers)
    assert all(len(row) == len(picture.table.headers) for row in picture.table.rows)
    html = picture_html(picture)
    assert "<table" in html and "<caption>" in html


@pytest.mark.parametrize("which", PICTURES)
def test_a_drawing_has_a_name_and_a_description(which: str) -> None:
    """To a screen reader it is one image, named by its title and described by the sentence."""
    _, picture = PICTURES[which]
    if not picture.svg:
        return
    svg = ElementTree.fromstring(picture.svg)  # noqa: S314  (our own drawing)
    assert svg.get("role") == "img"
    named = (svg.get("aria-labelledby") or "").split()
    words = {e.get("id"): e.text for e in svg.iter() if e.tag in (f"{SVG}title", f"{SVG}desc")}
    assert [words.get(name) for name in named] == [picture.title, picture.sentence]
    assert not re.search(r"<(script|style|image|foreignObject)", picture.svg)
