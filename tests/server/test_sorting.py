"""Lines put in order and statements sorted, wherever an answer goes, without a script."""

import json
import re
from collections.abc import Mapping

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tests.living import House
from tests.server.visitor import Visitor

SHEET = "coach/sorting"
LINES = {"look": "Look first", "ask": "Ask what they see.", "do": "Do one thing"}
SIDES = {"mine": "Mine", "theirs": "Theirs"}
STATEMENTS = {"roof": "Mend the roof.", "rota": "Write the rota."}
ORDER = "Which comes first?"
WHOSE = "Whose is it?"
IN_ORDER = "1. Ask what they see;\n3. Look first"
SORTED = "Theirs: Mend the roof; Write the rota"


def workbook(house: House, statements: Mapping[str, str] = STATEMENTS) -> None:
    """A workbook of the programme's own with one question of each kind."""
    cells = [
        "# Sorting\n\nA sheet for tests.",
        "from cascade_tools.workbook import open_workbook\n"
        f'ask, show, answers = open_workbook("{SHEET}")',
        "## One page",
        f'ask.order("steps", "{ORDER}", {json.dumps(LINES)})',
        f'ask.classify("whose", "{WHOSE}", {json.dumps(SIDES)}, '
        f"statements={json.dumps(dict(statements))})",
    ]
    made = [
        (new_markdown_cell if c.startswith("#") else new_code_cell)(c, id=f"cell-{n}")
        for n, c in enumerate(cells)
    ]
    about = {"for": ["coach"], "minutes": 5, "summary": "For tests.", "share_with": ["supervisor"]}
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    metadata = {"title": "Sorting", "kernelspec": kernel, "cascade": about}
    path = house.folder.local / "workbooks" / f"{SHEET}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(new_notebook(cells=made, metadata=metadata), path)


@pytest.fixture(autouse=True)
def sheet(house: House) -> None:
    workbook(house)


def entry(house: House) -> str:
    """A fresh sheet of Amina's."""
    with house.records() as records:
        return records.entries.start(house.people["amina"].id, SHEET, again=True).id


def kept(house: House, entry_id: str) -> dict[str, object]:
    with house.records() as records:
        saved = records.entries.answers(house.people["amina"].id, entry_id)
    return {key: one.value for key, one in saved.items()}


def box(page: str, name: str) -> str:
    """The input of this name as it stands in the page."""
    found = re.search(rf'<input type="text"[^>]* name="{re.escape(name)}"[^>]*>', page)
    assert found is not None, name
    return found[0]


def send(
    who: Visitor, entry_id: str, boxes: Mapping[str, str], *, stale: bool = False
) -> tuple[int, str]:
    """Post the page with these boxes filled in, as a browser would; status and page.

    ``stale``: a page of another place, opened before anything was saved.
    """
    page = who.get(f"entries/{entry_id}").text
    hidden = dict(re.findall(r'name="((?:asked|base):[a-z]+)" value="([^"]*)"', page))
    if stale:
        hidden |= {"base:steps": "0", "base:whose": "0"}
    writer = "elsewhere" if stale else "here"
    fields = {"person": who.person, "writer": writer, "go": "save", **hidden, **boxes}
    reply = who.post(f"entries/{entry_id}", fields)
    return reply.status, reply.text if reply.status != 302 else who.get(f"entries/{entry_id}").text


def test_posted_and_got_back(house: House, amina: Visitor) -> None:
    """Numbers and sides are kept, some left out, and stand in the page again; sent again they
    make no new version, and emptied they are no answer."""
    made = entry(house)
    filled = {"steps.ask": "1.", "steps.look": " 3 ", "steps.do": "", "whose.roof": "theirs"}
    status, page = send(amina, made, filled)
    assert status == 302
    assert kept(house, made) == {"steps": {"look": 3, "ask": 1}, "whose": {"roof": "theirs"}}
    assert 'value="1"' in box(page, "steps.ask")
    assert 'value=""' in box(page, "steps.do")
    assert re.findall(r'id="(q-whose[^"]+)"[^>]* checked', page) == ["q-whose.roof.theirs"]
    assert page.count("Saved ") == 2
    before = revisions(house, made)
    send(amina, made, filled)
    assert revisions(house, made) == before
    send(amina, made, {"steps.ask": "", "whose.roof": ""})
    assert kept(house, made) == {"steps": None, "whose": None}


def revisions(house: House, entry_id: str) -> dict[str, int]:
    with house.records() as records:
        saved = records.entries.answers(house.people["amina"].id, entry_id)
    return {key: one.revision for key, one in saved.items()}


@pytest.mark.parametrize(
    ("typed", "marked", "said"),
    [
        (("2", "2", "1"), ("look", "ask"), "The number 2 stands on more than one line."),
        (("4", "soon", "1"), ("look", "ask"), "Use whole numbers from 1 to 3."),
    ],
)
def test_what_cannot_stay_is_said_and_nothing_typed_is_lost(
    house: House, amina: Visitor, typed: tuple[str, ...], marked: tuple[str, ...], said: str
) -> None:
    """One sentence says what to do, the boxes it is about are marked and described by it, all
    that was typed stays in them, and the other question is saved."""
    made = entry(house)
    status, page = send(
        amina,
        made,
        {**dict(zip((f"steps.{c}" for c in LINES), typed, strict=True)), "whose.rota": "mine"},
    )
    assert status == 422
    assert page.count(said) == 2  # in the summary, and beside the question
    for code, was in zip(LINES, typed, strict=True):
        there = box(page, f"steps.{code}")
        assert f'value="{was}"' in there
        assert ('aria-invalid="true" aria-describedby="problem-steps"' in there) is (code in marked)
    assert kept(house, made) == {"whose": {"rota": "mine"}}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("steps", {"gone": 1}),
        ("steps", ["look"]),
        ("whose", {"roof": "gone"}),
        ("whose", {"gone": "mine"}),
        ("whose", "mine"),
    ],
)
def test_what_is_not_on_the_page_is_refused(
    house: House, amina: Visitor, key: str, value: object
) -> None:
    """A code that the question does not have is a problem, and nothing of it is kept."""
    made = entry(house)
    assert amina.save(made, key, value).status == 422
    assert kept(house, made) == {}


def test_written_in_two_places(house: House, amina: Visitor) -> None:
    """The second page sees the other order in words, and its own numbers in the boxes; sent once
    more they are what counts.  A script is told the same."""
    made = entry(house)
    send(amina, made, {"steps.ask": "1", "steps.look": "3"})
    told = amina.save(made, "steps", {"do": "1"}, writer="another")
    assert (told.status, told.json["theirs_words"]) == (409, IN_ORDER)
    assert told.json["theirs"] == {"look": 3, "ask": 1}
    status, page = send(amina, made, {"steps.do": "1"}, stale=True)
    assert status == 422
    assert IN_ORDER in page
    assert 'value="1"' in box(page, "steps.do")
    send(amina, made, {"steps.do": "1"})
    assert kept(house, made)["steps"] == {"do": 1}


def test_an_answer_goes_where_answers_go(house: House, amina: Visitor, sue: Visitor) -> None:
    """In words on Check your answers, in the very copy its reader gets, and in both files of
    *My data*; in the data the value is there by code."""
    made = entry(house)
    amina.save(made, "steps", {"look": "3", "ask": "1"})
    amina.save(made, "whose", {"roof": "theirs", "rota": "theirs"})
    check = amina.get(f"entries/{made}/check").text
    assert f"<dd>{IN_ORDER}</dd>" in check
    assert f"<dd>{SORTED}</dd>" in check
    shared = sue.get(f"shared/{amina.share_all(made)}").text
    page = amina.get("me/data/page").text
    for said in (IN_ORDER, SORTED):
        assert said in shared
        assert said in page
    own = next(e for e in amina.get("me/data/json").json["entries"] if e["id"] == made)
    found = {a["question"]: a["value"] for a in own["answers"]}
    assert found == {ORDER: {"look": 3, "ask": 1}, WHOSE: {"roof": "theirs", "rota": "theirs"}}


def test_a_statement_that_has_gone_takes_no_answer_along(house: House, amina: Visitor) -> None:
    """A sorted statement is taken out of the notebook: the whole answer stands beside the
    question, under its own words, and no box is filled in for the person.  One that nobody had
    sorted may go, and one may come, and the answers stay in their boxes."""
    full, part = entry(house), entry(house)
    amina.save(full, "whose", {"roof": "theirs", "rota": "mine"})
    amina.save(part, "whose", {"rota": "mine"})
    workbook(house, {"rota": "Write the rota.", "bus": "Catch the bus."})
    page = amina.get(f"entries/{full}").text
    assert "Mine: Write the rota\nTheirs: Mend the roof" in page
    assert re.findall(r'id="(q-whose[^"]+)"[^>]* checked', page) == []
    page = amina.get(f"entries/{part}").text
    assert 'class="earlier"' not in page
    assert re.findall(r'id="(q-whose[^"]+)"[^>]* checked', page) == ["q-whose.rota.mine"]
    assert kept(house, full) == {"whose": {"roof": "theirs", "rota": "mine"}}
