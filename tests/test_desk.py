"""The door for a supervisor's notebook, outside the server."""

import subprocess
import sys
from pathlib import Path

import pytest

from cascade_tools import collect, desk
from cascade_tools.model.seen import Desk
from cascade_tools.shelf import check, rehearse

NOTEBOOK = Path(__file__).parent.parent / "workbooks/supervisor/my-overview.ipynb"


@pytest.fixture(autouse=True)
def outside_the_server(monkeypatch):
    """A JupyterLab of one's own: no ticket, and nothing said yet."""
    monkeypatch.delenv("CASCADE_TICKET", raising=False)
    monkeypatch.delenv("CASCADE_RECORDS", raising=False)
    desk._preview.cache_clear()


def test_a_preview_gives_nothing():
    """Outside the server a desk is empty, and every table of it has its columns and no rows."""
    opened: Desk = desk.open_desk()
    assert opened.shared() == opened.caseload() == list(opened.answers()) == []
    assert opened.roles == frozenset()
    for table in (collect.answers, collect.thinking, collect.balance, collect.overview):
        assert len(table(opened)) == 0


def test_a_preview_says_so_once(capsys):
    """However often the cell runs, "nothing is saved" is said once."""
    desk.open_desk()
    desk.open_desk()
    assert capsys.readouterr().out == "Preview: nothing is saved.\n"


def test_my_overview_is_sound_and_previews():
    """My overview passes the check of workbooks and runs outside the server without a fault."""
    assert check(NOTEBOOK) == []
    assert rehearse(NOTEBOOK) == []


def test_a_door_that_is_only_imported_stays_shut():
    """Importing the desk loads no pandas, no widgets and no SQL."""
    code = (
        "import cascade_tools.desk, sys; "
        "print([m for m in ('pandas', 'ipywidgets', 'sqlalchemy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
