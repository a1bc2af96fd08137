"""The analyst's tutorial: it runs on the fictional programme and shows what it tells."""

import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from cascade_tools.programme import make_demo
from tests.living import ROOT

TUTORIAL = ROOT / "docs" / "collecting-tutorial.ipynb"


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    """The notebook as it is after a run beside a fresh fictional programme, and where that was."""
    folder = tmp_path_factory.mktemp("tutorial")
    make_demo(folder / "cascade-demo")
    notebook = nbformat.read(TUTORIAL, as_version=4)
    client = NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(folder)}})
    return folder, client.execute()


def shown(cell: Any) -> str:
    """What a cell shows, as HTML where it has it."""
    found = [output.get("data", {}) for output in cell.get("outputs", [])]
    return "\n".join(data.get("text/html", data.get("text/plain", "")) for data in found)


def test_every_step_shows_something(ran: tuple[Path, Any]) -> None:
    """From top to bottom nothing fails or warns, and each step has something to look at."""
    for cell in ran[1].cells:
        if cell.cell_type == "code":
            assert shown(cell), cell.source
            assert not [o for o in cell.outputs if o.output_type in ("stream", "error")]


def test_the_story_is_true(ran: tuple[Path, Any]) -> None:
    """What the prose says stands in what is shown: sheets were shared, states are kept apart,
    three charts are drawn, each with its sentence and table, and the files are there."""
    folder, notebook = ran
    by_source = {c.source: shown(c) for c in notebook.cells if c.cell_type == "code"}
    whole = "\n".join(by_source.values())
    assert len(re.findall('<svg [^>]*role="img"', whole)) == 3
    assert whole.count("The same as a table") == 3
    assert "did-not-come-up" in whole and "not-reached" in whole
    assert by_source[next(s for s in by_source if s.endswith("made.gone"))] == "[]"
    assert (folder / "collected" / "actions.xlsx").exists()
    assert "Hester Barleymow" in (folder / "collected" / "hester" / "READ-ME.txt").read_text()


def test_it_is_kept_without_what_a_run_left() -> None:
    """The file in the kit has no output, no count of runs and no folder of anybody's machine."""
    notebook = nbformat.read(TUTORIAL, as_version=4)
    for cell in notebook.cells:
        assert not cell.get("outputs") and cell.get("execution_count") is None
    assert "/home/" not in TUTORIAL.read_text("utf-8")
