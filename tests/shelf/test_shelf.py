"""Notebook files: what is read from them, what ``check`` names, what authors can do with them."""

import gc
import json
import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from cascade_tools import content
from cascade_tools.errors import NotFound, WorkbookFault
from cascade_tools.kit import kit_folder
from cascade_tools.model.people import Role
from cascade_tools.model.prompts import NOT_UP, SKIPPED, Kind, Statement, Who
from cascade_tools.model.workbook import Condition, Drawing, Prose, Thought
from cascade_tools.shelf import (
    RehearsalShelf,
    Shelf,
    check,
    diff,
    new,
    open_shelf,
    read,
    rehearse,
)
from cascade_tools.shelf.files import FOLDERS

OPENING = (
    "from cascade_tools.workbook import open_workbook\n"
    'ask, show, answers = open_workbook("coach/a-sheet")'
)
DESK = "from cascade_tools.desk import open_desk, show\ndesk = open_desk()"
ABOUT = {"for": ["coach"], "minutes": 10, "summary": "A sheet for tests."}
WAY = 'ask.choice("way", "Which way?", {"ten": "Ten minutes", "longer": "Longer"})'

TWO = 'statements={"s": "S", "t": "T"}'

Cell = str | tuple[str, dict[str, Any]]


@dataclass
class Sheet:
    """A small sound notebook; a test changes one thing.  Text cells start with "#" or ">"."""

    cells: list[Cell] = field(default_factory=lambda: ["## One", 'ask.text("first", "First?")'])
    title: str = "# A sheet\n\nWhat it is for."
    opening: str | None = OPENING
    metadata: dict[str, Any] = field(
        default_factory=lambda: {
            "title": "A sheet",
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
            "cascade": dict(ABOUT),
        }
    )

    def notebook(self) -> Any:
        sources = [self.title, *([self.opening] if self.opening else []), *self.cells]
        cells = []
        for number, written in enumerate(sources, start=1):
            source, about = written if isinstance(written, tuple) else (written, {})
            make = new_markdown_cell if source.startswith(("#", ">")) else new_code_cell
            cells.append(make(source, id=f"cell-{number}", metadata=about and {"cascade": about}))
        return new_notebook(cells=cells, metadata=self.metadata)

    def write(self, folder: Path, id: str = "coach/a-sheet") -> Path:
        path = folder / f"{id}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(self.notebook(), path)
        return path


def asking(*lines: Cell) -> Sheet:
    return Sheet(cells=["## One", *lines])


def beside_twice() -> Sheet:
    """A sheet about something shared with two lines that each stand for every box."""
    lines = ('ask.long("a", "A?", beside=True)', 'ask.long("b", "B?", beside=True)')
    sheet = asking(*lines)
    sheet.metadata["cascade"] = {**ABOUT, "about": "snapshot"}
    return sheet


def about(**fields: Any) -> Sheet:
    """A sheet whose metadata.cascade has these fields changed (None takes one away)."""
    sheet = Sheet()
    given = {**ABOUT, **fields}
    sheet.metadata["cascade"] = {k: v for k, v in given.items() if v is not None}
    return sheet


def under(only_if: Any, *later: Cell, name: str = "only_if") -> Sheet:
    return Sheet(cells=["## One", WAY, ("## Two", {name: only_if}), *later])


def without(metadata: str) -> Sheet:
    sheet = Sheet()
    del sheet.metadata[metadata]
    return sheet


# What is wrong, where it is (0 is the file), and words of the sentence that names the fix.
FAULTS: dict[str, tuple[Sheet, int, str]] = {
    "a notice with other questions": (about(notice="2"), 0, "asks exactly these, each once"),
    # the file
    "no opening cell": (Sheet(opening=None), 3, "The first code cell opens the workbook"),
    "no code at all": (Sheet(opening=None, cells=["## One"]), 0, "opens the workbook"),
    "another id": (
        Sheet(opening=OPENING.replace("a-sheet", "b-sheet")),
        2,
        'Write open_workbook("coach/a-sheet").',
    ),
    "more in the opening": (Sheet(opening=f"{OPENING}\nx = 1"), 2, "two lines only"),
    "no title": (Sheet(title="> Only words."), 1, 'Start the first cell with "# "'),
    "no title in metadata": (without("title"), 0, "metadata.title is missing"),
    "two titles": (Sheet(title="# Another"), 1, "Make them the same."),
    "no page": (Sheet(cells=["> Words."]), 0, 'Start a Markdown cell with "## "'),
    "page inside a cell": (Sheet(cells=["## One\n\n## Two"]), 3, "Split the cell"),
    "page in the first cell": (Sheet(title="# A sheet\n\n## One"), 1, "Split the cell"),
    "two pages of one name": (Sheet(cells=["## One", "## One"]), 4, "Cell 3 starts a page"),
    "prompt before the first page": (
        Sheet(cells=['ask.text("a", "A?")', "## One"]),
        3,
        'Put a "## " heading above it.',
    ),
    "another kernel": (without("kernelspec"), 0, "Python 3 (ipykernel)"),
    # metadata.cascade
    "no metadata": (without("cascade"), 0, 'Add it, such as {"for": ["coach"]'),
    "no roles": (about(**{"for": None}), 0, 'metadata.cascade.for must be a list, such as ["'),
    "unknown role": (about(**{"for": ["coahc"]}), 0, 'Did you mean "coach"?'),
    "no minutes": (about(minutes=None), 0, "metadata.cascade.minutes is missing"),
    "minutes in words": (about(minutes="ten"), 0, "such as 20"),
    "no summary": (about(summary=None), 0, "Write one line for the list."),
    "unknown field": (about(minuets=5), 0, 'no field "minuets". Did you mean "minutes"?'),
    "unknown about": (about(about="sesion"), 0, 'Did you mean "session"?'),
    "unknown reader": (about(share_with=["boss"]), 0, 'share_with names "boss"'),
    "desk in words": (about(desk="yes"), 0, "desk must be true or false"),
    # the cell of an ask
    "two asks": (asking('ask.text("a", "A?")\nask.text("b", "B?")'), 4, "asks 2 times"),
    "ask in an ask": (asking('ask.text("a", ask.text("b", "B?"))'), 4, "asks 2 times"),
    "assignment": (asking('x = ask.text("a", "A?")'), 4, "inside an assignment"),
    "loop": (asking('for n in range(2):\n    ask.text("a", "A?")'), 4, "inside a loop"),
    "comprehension": (asking('[ask.text(k, "A?") for k in "ab"]'), 4, "inside a loop"),
    "function": (asking('def f():\n    ask.text("a", "A?")'), 4, "inside a function"),
    "with": (asking('with open("x"):\n    ask.text("a", "A?")'), 4, "inside a with block"),
    "if": (asking('if True:\n    ask.text("a", "A?")'), 4, "inside a condition"),
    "inside a call": (asking('print(ask.text("a", "A?"))'), 4, "inside another call"),
    "asks and thinks": (asking('ask.text("a", "A?")\n1 + 1'), 4, "asks or thinks, never both"),
    "ask passed on": (asking("other = [ask]"), 4, "inside an assignment"),
    "ask alone": (asking("ask.text"), 4, "used without asking"),
    "magic": (asking("%matplotlib inline"), 4, '"%matplotlib inline" is a command'),
    "shell": (asking("!ls"), 4, "Delete it"),
    "cell magic": (asking('%%time\nask.text("a", "A?")'), 4, "plain Python only"),
    "help": (asking("ask.text?"), 4, "plain Python only"),
    "syntax": (asking('ask.text("a", "A?"'), 4, "This cell is not Python (line 1"),
    "nested too deeply": (asking("(" * 500 + ")" * 500), 4, "Put it right"),
    "empty cell": (asking(" "), 4, "Delete it."),
    # its arguments
    "variable": (asking('ask.text("a", question)'), 4, "The question is worked out by code."),
    "f-string": (asking('ask.text("a", f"A {1}?")'), 4, "Write it out as a plain value"),
    "variable option": (asking('ask.text("a", "A?", hint=h)'), 4, "Hint= is worked out"),
    "stars": (asking('ask.text("a", "A?", **more)'), 4, "**more hides what is asked"),
    "unknown option": (
        asking('ask.text("a", "A?", hnit="x")'),
        4,
        'ask.text has no hnit=. Did you mean "hint"?',
    ),
    "option of another kind": (
        asking('ask.text("a", "A?", words="thinking/D1")'),
        4,
        "ask.text has no words=.",
    ),
    "option of the wrong type": (asking('ask.text("a", "A?", keep="no")'), 4, "True or False"),
    "named question": (asking('ask.text("a", question="A?")'), 4, "no question=."),
    "too many": (asking('ask.text("a", "A?", "hint")'), 4, "such as hint=."),
    "unknown kind": (asking('ask.txt("a", "A?")'), 4, 'no ask.txt. Did you mean "text"?'),
    "no question": (asking('ask.text("a")'), 4, "There is no question."),
    "duplicate key": (
        asking('ask.text("a", "A?")', 'ask.long("a", "B?")'),
        5,
        'Cell 4 has the key "a", too.',
    ),
    "key with capitals": (asking('ask.text("What now", "A?")'), 4, 'such as "what-now".'),
    "key from a digit": (asking('ask.text("1-a", "A?")'), 4, 'such as "a".'),
    "key that is none": (asking('ask.text(7, "A?")'), 4, "7 cannot be a key."),
    "no choices": (asking('ask.choice("a", "A?")'), 4, "Write them after the question"),
    "empty choices": (asking('ask.choice("a", "A?", {})'), 4, "There are no choices."),
    "choices in a list": (asking('ask.choices("a", "A?", ["x"])'), 4, "The choices are a list."),
    "code with capitals": (asking('ask.choice("a", "A?", {"Yes": "Yes"})'), 4, 'such as "yes".'),
    "choice without words": (asking('ask.choice("a", "A?", {"x": ""})'), 4, "has no words"),
    "code twice": (
        asking('ask.choice("a", "A?", {"x": "X", "x": "Y"})'),
        4,
        "The same code stands twice.",
    ),
    "words twice": (
        asking('ask.choice("a", "A?", {"x": "X", "y": "X"})'),
        4,
        "Two choices have the same words.",
    ),
    "choices twice over": (
        asking('ask.choice("a", "A?", {"x": "X"}, choices_from="issues")'),
        4,
        "Keep one of them.",
    ),
    "unknown source": (
        asking('ask.choice("a", "A?", choices_from="isues")'),
        4,
        'Did you mean "issues"?',
    ),
    "source that climbs": (
        asking('ask.choice("a", "A?", choices_from="../issues")'),
        4,
        "is not known",
    ),
    "no lines": (asking('ask.order("a", "A?")'), 4, "There are no lines. Write them after"),
    "lines in a list": (asking('ask.order("a", "A?", ["x"])'), 4, "The lines are a list."),
    "one line": (asking('ask.order("a", "A?", {"x": "X"})'), 4, "only one line. Give at least two"),
    "line with a bad code": (
        asking('ask.order("a", "A?", {"x": "X", "Look up": "Y"})'),
        4,
        'the code of a line. Use lowercase letters, digits and hyphens, such as "look-up".',
    ),
    "the same line twice": (
        asking('ask.order("a", "A?", {"x": "X", "y": "X"})'),
        4,
        "Two lines have the same words.",
    ),
    "lines by name": (asking('ask.order("a", "A?", lines={"x": "X", "y": "Y"})'), 4, "no lines=."),
    "lines from a list of ours": (
        asking('ask.order("a", "A?", {"x": "X", "y": "Y"}, choices_from="issues")'),
        4,
        "ask.order has no choices_from=.",
    ),
    "no bins": (asking(f'ask.classify("a", "A?", {TWO})'), 4, "There are no bins."),
    "one bin": (
        asking(f'ask.classify("a", "A?", {{"x": "X"}}, {TWO})'),
        4,
        "only one bin. Give at least two.",
    ),
    "no statements": (
        asking('ask.classify("a", "A?", {"x": "X", "y": "Y"})'),
        4,
        "There are no statements. Write them with their name: statements=",
    ),
    "one statement": (
        asking('ask.classify("a", "A?", {"x": "X", "y": "Y"}, statements={"s": "S"})'),
        4,
        "only one statement.",
    ),
    "statements in a list": (
        asking('ask.classify("a", "A?", {"x": "X", "y": "Y"}, statements=["S", "T"])'),
        4,
        "The statements are a list. Give each a code that never changes: statements=",
    ),
    "statement with a bad code": (
        asking('ask.classify("a", "A?", {"x": "X", "y": "Y"}, statements={"S 1": "S", "t": "T"})'),
        4,
        'the code of a statement. Use lowercase letters, digits and hyphens, such as "s-1".',
    ),
    "statement without words": (
        asking('ask.classify("a", "A?", {"x": "X", "y": "Y"}, statements={"s": " ", "t": "T"})'),
        4,
        'The statement "s" has no words.',
    ),
    "statement twice": (
        asking('ask.classify("a", "A?", {"x": "X", "y": "Y"}, statements={"s": "S", "s": "T"})'),
        4,
        "The same code stands twice.",
    ),
    "statements by place": (
        asking('ask.classify("a", "A?", {"x": "X", "y": "Y"}, {"s": "S", "t": "T"})'),
        4,
        "a question, then the bins. Give everything else its name",
    ),
    "statements twice over": (
        asking(f'ask.classify("a", "A?", {TWO}, statements_from="leading-or-helping")'),
        4,
        "There are statements= and statements_from=. Keep one of them.",
    ),
    "bins beside a set": (
        asking('ask.classify("a", "A?", {"x": "X"}, statements_from="leading-or-helping")'),
        4,
        "The bins come with statements_from=. Leave out those after the question.",
    ),
    "unknown statements": (
        asking('ask.classify("a", "A?", statements_from="leading-and-helping")'),
        4,
        'statements_from="leading-and-helping" is not known. Did you mean "leading-or-helping"?',
    ),
    "statements that climb": (
        asking('ask.classify("a", "A?", statements_from="../leading-or-helping")'),
        4,
        "is not known.",
    ),
    "scale without points": (asking('ask.scale("a", "A?")'), 4, "five points in words"),
    "four points": (asking('ask.scale("a", "A?", words=["a","b","c","d"])'), 4, "five points"),
    "point without words": (
        asking('ask.scale("a", "A?", words=["a","b","","d","e"])'),
        4,
        "Each of the five points",
    ),
    "unknown set": (asking('ask.scale("a", "A?", words="thinkin/D1")'), 4, '"thinkin/D1" cannot'),
    "unknown item": (
        asking('ask.scale("a", "A?", words="thinking/D11")'),
        4,
        'no item D11. Did you mean "D1',
    ),
    "no item": (asking('ask.scale("a", "A?", words="thinking")'), 4, 'like "thinking/D1".'),
    "another question": (
        asking('ask.scale("a", "Whose ideas?", words="thinking/D1")'),
        4,
        'Write: "Who came up with the ideas?"',
    ),
    "unknown who": (asking('ask.text("a", "A?", who="mien")'), 4, 'Did you mean "mine"?'),
    "words for the programme": (
        asking('ask.long("a", "A?", who="programme")'),
        4,
        'who="programme" never holds words.',
    ),
    **{
        f"{kind} for the programme": (
            asking(f'ask.{kind}("a", "A?", who="programme")'),
            4,
            'who="programme" never holds words.',
        )
        for kind in ("person", "action", "goal")
    },
    "kind with a slip": (asking('ask.acton("a", "A?")'), 4, 'Did you mean "action"?'),
    "yes and no with choices": (
        asking('ask.yes_no_skip("a", "A?", {"yes": "Yes"})'),
        4,
        "takes a key, then a question.",
    ),
    "ends of something else": (
        asking('ask.scale("a", "A?", words=["a","b","c","d","e"], ends=["a", "b"])'),
        4,
        "ask.scale has no ends=.",
    ),
    "ends with a slip": (asking('ask.ten("a", "A?", end=["a", "b"])'), 4, 'Did you mean "ends"?'),
    "one end": (asking('ask.ten("a", "A?", ends=["Never"])'), 4, "the words of 0 and of 10"),
    "end without words": (asking('ask.ten("a", "A?", ends=["", "b"])'), 4, "of 0 and of 10"),
    "ends in one string": (asking('ask.ten("a", "A?", ends="a-b")'), 4, "ends= must be two words"),
    "before, without a key": (
        asking('ask.text("a", "A?", from_before="question-landed")'),
        4,
        'Write it like "coach/after-i-coach/question-landed".',
    ),
    "before, with a slip": (
        asking('ask.text("a", "A?", from_before="coahc/after-i-coach/a")'),
        4,
        'Did you mean "coach"?',
    ),
    "before, no key": (asking('ask.text("a", "A?", from_before="coach/b/A b")'), 4, "is no work"),
    "before, option with a slip": (
        asking('ask.goal("a", "A?", from_befor="coach/b/a")'),
        4,
        'Did you mean "from_before"?',
    ),
    "before, but not kept": (
        asking('ask.text("a", "A?", keep=False, from_before="coach/b/a")'),
        4,
        "Drop from_before.",
    ),
    "sealed in words": (
        asking('ask.long("a", "A?", sealed_months="six")'),
        4,
        "a number of months, such as 6",
    ),
    "sealed for ever": (asking('ask.long("a", "A?", sealed_months=61)'), 4, "from 1 to 60"),
    "sealed for a truth": (asking('ask.long("a", "A?", sealed_months=True)'), 4, "from 1 to 60"),
    "sealed, but short": (asking('ask.text("a", "A?", sealed_months=6)'), 4, "no sealed_months=."),
    "sealed, but not kept": (
        asking('ask.long("a", "A?", keep=False, sealed_months=6)'),
        4,
        "Drop sealed_months.",
    ),
    "boxes beside nothing": (
        asking('ask.long("a", "A?", beside=True)'),
        4,
        "There is nothing to stand beside",
    ),
    "boxes, but short": (asking('ask.text("a", "A?", beside=True)'), 4, "no beside=."),
    "boxes with a tick": (
        asking('ask.long("a", "A?", beside=True, own_tick="Share it?")'),
        4,
        "Drop own_tick=.",
    ),
    "boxes, but not kept": (
        asking('ask.long("a", "A?", beside=True, keep=False)'),
        4,
        "Drop beside=True.",
    ),
    "boxes twice": (
        beside_twice(),
        5,
        "One line with beside=True makes all the boxes.",
    ),
    "unknown framework": (
        asking('ask.choice("a", "A?", choices_from="frameworks/ccl21")'),
        4,
        'Did you mean "frameworks/ccl12"?',
    ),
    "framework that climbs": (
        asking('ask.choice("a", "A?", choices_from="frameworks/../issues")'),
        4,
        "is not known",
    ),
    "own tick on nothing": (
        asking('ask.text("a", "A?", keep=False, own_tick="Share it?")'),
        4,
        "Drop own_tick.",
    ),
    "own tick on only me": (
        asking('ask.text("a", "A?", who="only-me", own_tick="Share it?")'),
        4,
        'who="only-me" is never shared.',
    ),
    "says beside the choices": (
        asking('ask.choice("a", "A?", {"yes": "Yes"}, says={"yess": "worried"})'),
        4,
        'Did you mean "yes"?',
    ),
    "unknown panel": (
        asking('ask.choice("a", "A?", {"yes": "Yes"}, says={"yes": "worry"})'),
        4,
        'Did you mean "worried"?',
    ),
    "other ways that are none": (asking('ask.text("a", "A?", other_ways=[1])'), 4, "a list of"),
    # drawings
    "unknown drawing": (asking("show.thinkng()"), 4, 'Did you mean "thinking"?'),
    "drawing with arguments": (asking("show.thinking(1)"), 4, "Empty them."),
    # conditions
    "unknown key": (under({"wya": ["longer"]}), 5, 'Did you mean "way"?'),
    "later key": (under({"b": ["x"]}, 'ask.choice("b", "B?", {"x": "X"})'), 5, "earlier page"),
    "unknown code": (under({"way": ["long"]}), 5, 'Did you mean "longer"?'),
    "unless": (under({"way": ["long"]}, name="unless"), 5, 'Did you mean "longer"?'),
    "codes missing": (under({"way": "longer"}), 5, 'and its codes: {"way": ["longer"]}'),
    "no key": (under("way"), 5, "must name a key and its codes"),
    "unknown condition": (under({"way": ["ten"]}, name="onlyif"), 5, 'Did you mean "only_if"?'),
    "on words": (asking(WAY, ("> Words.", {"only_if": {"way": ["ten"]}})), 5, "Move them there."),
    "on text": (
        Sheet(cells=["## One", 'ask.text("a", "A?")', ("## Two", {"only_if": {"a": ["x"]}})]),
        5,
        "no ask.choice or ask.scale",
    ),
    "on what is not kept": (
        Sheet(
            cells=[
                "## One",
                'ask.choice("a", "A?", {"x": "X"}, keep=False)',
                ("## Two", {"only_if": {"a": ["x"]}}),
            ]
        ),
        5,
        "which is not kept",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_names_file_cell_and_fix(tmp_path: Path, name: str) -> None:
    """Every fault an author can make is found, alone, where it is, with what would put it right."""
    sheet, cell, words = FAULTS[name]
    faults = check(sheet.write(tmp_path))
    assert [(f.file, f.cell) for f in faults] == [("coach/a-sheet.ipynb", cell)]
    assert words in faults[0].sentence
    assert str(faults[0]).startswith("coach/a-sheet.ipynb" + (f", cell {cell}: " if cell else ": "))


def test_a_sound_sheet_has_no_faults(tmp_path: Path) -> None:
    """The sheet that every faulty one is made from is sound."""
    assert check(Sheet().write(tmp_path)) == []


def test_a_question_on_a_desk_is_a_fault(tmp_path: Path) -> None:
    """A desk shows what others shared; it asks nothing, and opens in its own way."""
    sheet = about(desk=True, minutes=None)
    sheet.opening = DESK
    faults = check(sheet.write(tmp_path))
    assert [(f.cell, f.sentence[:21]) for f in faults] == [(4, "A desk asks nothing. ")]
    sheet.cells = ["## One", "table = desk.shared()\ntable"]
    assert check(sheet.write(tmp_path)) == []
    assert read(sheet.write(tmp_path)).desk
    sheet.opening = OPENING
    assert "`desk = open_desk()`" in check(sheet.write(tmp_path))[0].sentence


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("{not json", "This is not a notebook."),
        ('{"cells": []}', "This is not a notebook."),
        ('{"cells": [1], "metadata": {}, "nbformat": 4}', "This is not a notebook."),
        ("[" * 100_000, "This is not a notebook."),
        ("\x00\xff", "This is not a notebook."),
    ],
)
def test_what_is_no_notebook_is_named(tmp_path: Path, words: str, sentence: str) -> None:
    """``check`` never raises, whatever the file holds."""
    path = tmp_path / "coach" / "a-sheet.ipynb"
    path.parent.mkdir()
    path.write_text(words, encoding="latin-1")
    assert [f.sentence[: len(sentence)] for f in check(path)] == [sentence]


def test_a_missing_file_and_a_misplaced_one_are_named(tmp_path: Path) -> None:
    """No file, and a file outside a role's folder, are faults of the file."""
    assert "cannot be read" in check(tmp_path / "coach" / "nothing.ipynb")[0].sentence
    elsewhere = check(Sheet().write(tmp_path, "somewhere/a-sheet"))
    assert "lies in the folder of a role" in elsewhere[0].sentence


def _leave_output(doc: Any) -> None:
    doc.cells[3].outputs = [new_output("stream", text="a person's words")]


def _leave_widgets(doc: Any) -> None:
    doc.metadata["widgets"] = {"x": 1}


def _drop_id(doc: Any) -> None:
    doc.cells[3]["id"] = "not an id"


def _repeat_id(doc: Any) -> None:
    doc.cells[3]["id"] = doc.cells[0]["id"]


def _make_raw(doc: Any) -> None:
    doc.cells[3] = nbformat.v4.new_raw_cell("words", id="raw")


@pytest.mark.parametrize(
    ("change", "cell", "words"),
    [
        (_leave_output, 4, "Clear all outputs"),
        (_leave_widgets, 0, "Clear all outputs"),
        (_drop_id, 4, "has no id"),
        (_repeat_id, 4, 'Cell 1 has the id "cell-1", too.'),
        (_make_raw, 4, "never shown"),
    ],
)
def test_what_jupyter_left_in_the_file_is_named(
    tmp_path: Path, change: Callable[[Any], None], cell: int, words: str
) -> None:
    """Outputs, widgets' state, odd ids and raw cells are faults, and no output is repeated."""
    doc = Sheet().notebook()
    change(doc)
    path = tmp_path / "coach" / "a-sheet.ipynb"
    path.parent.mkdir()
    path.write_text(json.dumps(doc))
    (fault,) = check(path)
    assert fault.cell == cell
    assert words in fault.sentence
    assert "person's words" not in str(fault)


def test_faults_come_in_the_order_of_cells_and_read_raises_them_all(tmp_path: Path) -> None:
    """An author sees everything at once; ``read`` gives no half-read workbook."""
    path = asking('ask.txt("a", "A?")', "%ls", 'ask.text("B", "B?", who="x")').write(tmp_path)
    before = path.read_bytes()
    faults = check(path)
    assert [f.cell for f in faults] == [4, 5, 6, 6]
    with pytest.raises(WorkbookFault) as raised:
        read(path)
    assert str(raised.value).splitlines() == [str(f) for f in faults]
    assert path.read_bytes() == before


def test_every_kind_is_read_with_its_options(tmp_path: Path) -> None:
    """A person, yes or no, 0 to 10, actions, a goal, a sealed letter, a list from a framework."""
    sheet = asking(
        'ask.person("whom", "Who?")',
        'ask.person("her", "Her?", hint="Her initials.")',
        'ask.yes_no_skip("said", "Said?")',
        'ask.ten("space", "Space?")',
        'ask.ten("often", "Often?", ends=["Never", "Always"], who="group-results")',
        'ask.action("actions", "What will you do?", who="pair")',
        'ask.goal("goal", "What for?", from_before="leader/where-i-am-now/goal-1")',
        'ask.long("letter", "A letter", who="only-me", sealed_months=6)',
        'ask.choices("part", "Which?", choices_from="frameworks/ccl12")',
    )
    book = read(sheet.write(tmp_path))
    whom, her, said, space, often, actions, goal, letter, part = book.prompts
    assert [p.kind for p in book.prompts[2:7]] == [
        *(Kind.YES_NO_SKIP, Kind.TEN, Kind.TEN, Kind.ACTION, Kind.GOAL)
    ]
    assert (whom.kind, whom.hint, her.hint) == (Kind.PERSON, "Initials or a role.", "Her initials.")
    assert [c.code for c in said.choices] == ["yes", "no", SKIPPED]
    assert [c.code for c in space.choices] == [*(str(n) for n in range(11)), SKIPPED]
    assert (space.choices[0].words, space.choices[10].words) == ("0: Not at all", "10: Completely")
    assert (often.choices[0].words, often.choices[5].words) == ("0: Never", "5")
    assert (often.who, actions.who) == (Who.GROUP_RESULTS, Who.PAIR)
    assert goal.from_before == "leader/where-i-am-now/goal-1"
    assert letter.sealed_months == 6
    assert len(part.choices) == 12


def test_what_is_sorted_is_read(tmp_path: Path) -> None:
    """Lines to order, and statements with their bins, come as they are written; a set of the
    kit's brings its bins and a word on each, always in the same order, which is not the file's."""
    sheet = asking(
        'ask.order("steps", "Which first?", {"look": "Look", "ask": "Ask"}, who="programme")',
        f'ask.classify("sides", "Which?", {{"x": "X", "y": "Y"}}, {TWO}, hint="As you like.")',
        'ask.classify("whose", "Whose?", statements_from="leading-or-helping")',
    )
    steps, sides, whose = read(sheet.write(tmp_path)).prompts
    assert [(c.code, c.words) for c in steps.choices] == [("look", "Look"), ("ask", "Ask")]
    assert (steps.kind, steps.who, steps.statements) == (Kind.ORDER, Who.PROGRAMME, ())
    assert [c.code for c in sides.choices] == ["x", "y"]
    assert sides.statements == (Statement("s", "S"), Statement("t", "T"))
    ours = next(one for one in content.statements() if one.id == "leading-or-helping")
    assert [(c.code, c.words) for c in whose.choices] == list(ours.choices)
    file = [Statement(i.id, i.words, i.answers, i.why) for i in ours.items]
    assert set(whose.statements) == set(file)
    assert list(whose.statements) != file
    assert read(sheet.write(tmp_path)).prompts[2].asked == whose.asked


def test_a_workbook_is_read_whole(tmp_path: Path) -> None:
    """Title, words, pages, conditions, prompts, drawings and thoughts come from the file alone."""
    sheet = about(about="session", share_with=["supervisor"], next="You talk about it.")
    sheet.cells = [
        "> More about it.",
        "## One thing\n\nWords on it.",
        WAY,
        ("## Übung & more", {"only_if": {"way": ["longer"]}}),
        'ask.scale("ideas", "Who came up with the ideas?", words="thinking/D1", own_tick="Share?")',
        "show.thinking()",
        "> Between.",
        "1 + 1",
        'ask.choices("about", "About?", choices_from="issues")',
        'ask.choice("whom", "Whom?", choices_from="my.sheets")',
    ]
    book = read(sheet.write(tmp_path))
    assert (book.id, book.title, book.minutes) == ("coach/a-sheet", "A sheet", 10)
    assert book.intro == "What it is for.\n\n> More about it."
    assert book.roles == {Role.COACH}
    assert (book.about, book.share_with, book.next_words) == (
        "session",
        ("supervisor",),
        "You talk about it.",
    )
    first, second = book.pages
    assert first.title == "One thing"
    assert first.id == "one-thing"
    assert first.parts[0] == Prose("Words on it.")
    assert second.conditions == (Condition("way", ("longer",)),)
    ideas, drawing, between, thought, matter, whom = second.parts
    assert ideas.kind is Kind.SCALE
    assert [c.code for c in ideas.choices] == ["0", "1", "2", "3", "4", NOT_UP, SKIPPED]
    assert ideas.choices[0].words == "They did"
    assert (ideas.words_from, ideas.own_tick, ideas.who) == ("thinking/D1", "Share?", Who.MINE)
    assert (drawing, between) == (Drawing("thinking", "cell-8"), Prose("> Between."))
    assert thought == Thought("cell-10")
    assert len(matter.choices) == 12
    assert (whom.choices, whom.choices_from) == ((), "my.sheets")


def test_a_scale_may_say_did_not_come_up_in_its_own_words(tmp_path: Path) -> None:
    """An item can have its own words for "Did not come up"; the stored code stays the same."""
    line = 'ask.scale("rescue", "When I wanted to rescue or reassure, what did I do?", words="{}")'
    book = read(asking(line.format("thinking/D2")).write(tmp_path))
    assert {c.code: c.words for c in book.prompts[0].choices}[NOT_UP] == "I noticed no pull"


def test_every_workbook_of_the_kit_is_sound() -> None:
    """Nothing we ship is left off the shelf."""
    assert open_shelf().faults() == []
    assert open_shelf().get("coach/after-i-coach").thinks


@pytest.fixture
def hasty() -> Iterator[None]:
    """Python changes from thread to thread as often as it can, also while it reads code."""

    def change(*_: object) -> None:
        sum(range(50))

    often, collected = sys.getswitchinterval(), gc.get_threshold()
    sys.setswitchinterval(1e-6)
    gc.set_threshold(50)
    gc.callbacks.append(change)
    yield
    gc.callbacks.remove(change)
    gc.set_threshold(*collected)
    sys.setswitchinterval(often)


@pytest.mark.usefixtures("hasty")
def test_many_read_the_same_workbook_at_once() -> None:
    """Everybody who comes while it is read gets all of it, and nobody hears of a fault."""
    shelves = [open_shelf() for _ in range(60)]
    with ThreadPoolExecutor(20) as readers:
        found = readers.map(lambda shelf: shelf.find("coach/after-i-coach"), shelves * 3)
    assert None not in found


def test_a_programmes_own_workbook_stands_in_for_the_kits(tmp_path: Path) -> None:
    """``local/workbooks`` wins; the rest of the kit stays; a missing folder is no fault."""
    assert open_shelf(tmp_path / "none").all() == open_shelf().all()
    sheet = Sheet(opening=OPENING.replace("a-sheet", "after-i-coach"))
    path = sheet.write(tmp_path / "workbooks", "coach/after-i-coach")
    shelf = open_shelf(tmp_path)
    assert shelf.get("coach/after-i-coach").title == "A sheet"
    assert shelf.path("coach/after-i-coach") == path
    assert len(shelf.all()) == len(open_shelf().all())


def test_a_changed_file_is_read_again_and_a_faulty_one_left_out(tmp_path: Path) -> None:
    """The shelf follows the files; a faulty workbook is not served, and says why."""
    path = Sheet().write(tmp_path)
    shelf = Shelf([tmp_path])
    first = shelf.get("coach/a-sheet")
    assert shelf.get("coach/a-sheet") is first
    asking('ask.text("other", "Other?")').write(tmp_path)
    os.utime(path, ns=(1, 1))
    assert [p.key for p in shelf.get("coach/a-sheet").prompts] == ["other"]
    asking("%ls").write(tmp_path)
    assert shelf.find("coach/a-sheet") is None
    assert shelf.all() == []
    assert [f.cell for f in shelf.faults()] == [4]
    with pytest.raises(NotFound):
        shelf.get("coach/a-sheet")
    assert shelf.path("coach/a-sheet") == path


def test_a_faulty_local_workbook_hides_the_kits(tmp_path: Path) -> None:
    """Nobody is asked the kit's questions where the programme meant its own."""
    path = tmp_path / "workbooks" / "coach" / "after-i-coach.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text("{}")
    assert open_shelf(tmp_path).find("coach/after-i-coach") is None


@pytest.mark.parametrize("id", ["../coach/a-sheet", "coach/../coach/a-sheet", "x/a-sheet", "", "a"])
def test_ids_that_are_none_find_nothing(tmp_path: Path, id: str) -> None:
    """No id reaches a file outside the folders of roles."""
    Sheet().write(tmp_path)
    Sheet().write(tmp_path, "x/a-sheet")
    shelf = Shelf([tmp_path / "coach" / "..", tmp_path])
    assert shelf.find(id) is None
    with pytest.raises(NotFound, match="no such workbook"):
        shelf.path(id)


def test_misplaced_files_are_named_and_hidden_folders_are_not(tmp_path: Path) -> None:
    """A notebook in no role's folder is a fault of the shelf; Jupyter's checkpoints are not."""
    Sheet().write(tmp_path, "x/a-sheet")
    Sheet().write(tmp_path, ".ipynb_checkpoints/a-sheet")
    assert [f.file for f in Shelf([tmp_path]).faults()][:1] == ["x/a-sheet.ipynb"]
    assert not any("checkpoints" in f.file for f in Shelf([tmp_path]).faults())


def test_a_new_workbook_is_sound_and_never_overwrites(tmp_path: Path) -> None:
    """``new`` gives an author a workbook that passes ``check`` at once, once."""
    path = new(tmp_path, "supervisor/a-talk", "A talk\nwith two lines")
    book = read(path)
    assert (book.title, book.roles, len(book.prompts)) == (
        "A talk with two lines",
        {Role.SUPERVISOR},
        4,
    )
    before = path.read_bytes()
    with pytest.raises(WorkbookFault, match="is there already"):
        new(tmp_path, "supervisor/a-talk")
    assert path.read_bytes() == before
    assert read(new(tmp_path, "coach/my-own-sheet")).title == "My own sheet"


@pytest.mark.parametrize("id", ["a-talk", "boss/a-talk", "coach/../x", "coach/A", "coach/a/b", ""])
def test_a_new_workbook_needs_a_folder_and_a_plain_name(tmp_path: Path, id: str) -> None:
    """``new`` writes nowhere but into a folder that says whom it is for."""
    with pytest.raises(WorkbookFault, match="The folders are: leader, coach"):
        new(tmp_path, id)
    assert list(tmp_path.rglob("*")) == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_new_workbook_is_sound_in_every_folder(tmp_path: Path, folder: str) -> None:
    """Whom it is for follows from the folder, and what two people do is about their pair."""
    book = read(new(tmp_path, f"{folder}/a-sheet"))
    wanted = {"pair": {Role.LEADER, Role.COACH}, "everyone": set(Role), "lead": {Role.LEAD}}
    assert book.roles == wanted.get(folder, book.roles) != set()
    assert (book.about == "pair") is (folder == "pair")
    assert len(book.open_pages({})) == 3 and len(book.open_pages({"closer": "yes"})) == 4


def test_a_rehearsal_reads_one_file_more_and_says_its_faults(tmp_path: Path) -> None:
    """The kit's own are there, too; a changed file is read again, and a fault is not hidden."""
    path = new(tmp_path, "coach/a-sheet", "A sheet")
    shelf = RehearsalShelf(path)
    assert shelf.get("coach/a-sheet").title == "A sheet"
    assert shelf.get("coach/after-i-coach").title == "After I coach"
    assert {"coach/a-sheet", "coach/after-i-coach"} <= {w.id for w in shelf.all()}
    path.write_text(path.read_text("utf-8").replace("ask.action(", "ask.acton("), encoding="utf-8")
    with pytest.raises(WorkbookFault, match=r"a-sheet\.ipynb, cell 10: .* Did you mean"):
        shelf.get("coach/a-sheet")
    assert shelf.find("coach/a-sheet") is None
    path.unlink()
    with pytest.raises(WorkbookFault, match="cannot be read"):
        shelf.get("coach/a-sheet")
    other = RehearsalShelf(kit_folder("workbooks") / "coach" / "after-i-coach.ipynb")
    assert len(other.all()) == len(open_shelf().all())


def test_a_diff_names_keys_that_came_went_or_changed(tmp_path: Path) -> None:
    """A changed hint is no difference: nobody's answer means something else by it."""
    old = asking('ask.text("a", "A?")', 'ask.text("b", "B?")', 'ask.text("c", "C?")')
    later = asking(
        'ask.text("c", "C?", hint="H")', 'ask.text("b", "B, then?")', 'ask.date("d", "D")'
    )
    found = diff(read(old.write(tmp_path)), read(later.write(tmp_path)))
    assert (found.added, found.removed, found.reworded) == (("d",), ("a",), ("b",))


def test_a_rehearsal_names_the_cell_that_stops_and_nothing_of_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rehearsal is a preview whatever the environment says, and repeats no error's text."""
    monkeypatch.setenv("A_SECRET", "open-sesame")
    monkeypatch.setenv("CASCADE_TICKET", "ticket")
    sheet = asking(
        'ask.text("a", "A?")',
        "import os\nassert 'CASCADE_TICKET' not in os.environ\nos.environ['A_SECRET']",
        "raise LookupError(str(dict(os.environ)))",
    )
    faults = rehearse(sheet.write(tmp_path))
    assert [f.cell for f in faults] == [6]
    assert faults[0].sentence == "The cell stops with LookupError. Run it in JupyterLab to see why."
    sheet.cells.pop()
    assert rehearse(sheet.write(tmp_path)) == []


def test_a_rehearsal_of_a_faulty_workbook_starts_no_kernel(tmp_path: Path) -> None:
    """What ``check`` finds comes first: the same sentences, at once."""
    path = asking("%ls").write(tmp_path)
    assert rehearse(path) == check(path) != []


def test_the_empty_workbook_lies_in_the_kit() -> None:
    """Authors can read it where it is, too: it is a notebook like any other."""
    nbformat.validate(nbformat.read(kit_folder("templates") / "new" / "workbook.ipynb", 4))
