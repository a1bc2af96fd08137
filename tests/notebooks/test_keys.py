"""Keys are forever, words may change: what every workbook asks, and that every notebook runs.

``keys.txt`` lists each workbook's questions: key, kind, who sees the answer.  After adding a
question, write it anew with ``python -m tests.notebooks.test_keys`` and look at the difference.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from cascade_tools.model.workbook import Workbook
from cascade_tools.shelf import open_shelf

ROOT = Path(__file__).resolve().parents[2]
KEYS = Path(__file__).parent / "keys.txt"
WORKBOOKS = open_shelf().all()


def lines(workbook: Workbook) -> list[str]:
    """One line for each question: the workbook, the key, the kind, who sees it."""
    return [
        f"{workbook.id} {p.key} {p.kind} {p.who}{'' if p.keep else ' not-kept'}"
        for p in workbook.prompts
    ]


def now() -> list[str]:
    return [line for workbook in WORKBOOKS for line in lines(workbook)]


def committed() -> list[str]:
    return KEYS.read_text(encoding="utf-8").split("\n")[:-1]


def test_no_key_has_gone() -> None:
    """A question that was asked once is asked for ever: what people answered is found by its
    key."""
    asked = {tuple(line.split()[:2]) for line in now()}
    gone = [line for line in committed() if tuple(line.split()[:2]) not in asked]
    assert not gone, (
        f"Gone: {gone}. Answers are found by their key, so everything people wrote to these "
        "questions would stand under no question. Put the key back (its words may change), or, if "
        "the question really must go, take its line out of tests/notebooks/keys.txt in a change of "
        "its own that says what becomes of the answers."
    )


def test_no_answer_changes_its_audience_unseen() -> None:
    """Kinds and audiences are those in ``keys.txt``: a change shows up in review."""
    before = {tuple(line.split()[:2]): line for line in committed()}
    changed = [line for line in now() if before.get(tuple(line.split()[:2]), line) != line]
    assert not changed, (
        f"Changed: {changed}. If that is meant, run: python -m tests.notebooks.test_keys"
    )


def test_new_questions_are_listed() -> None:
    """A new question is in ``keys.txt`` before it is in a release."""
    known = {tuple(line.split()[:2]) for line in committed()}
    new = [line for line in now() if tuple(line.split()[:2]) not in known]
    assert not new, f"New: {new}. Run: python -m tests.notebooks.test_keys"


def test_every_notebook_is_served() -> None:
    """No notebook in the kit is left out because of a fault in it."""
    assert open_shelf().faults() == []
    files = {
        p for p in (ROOT / "workbooks").rglob("*.ipynb") if ".ipynb_checkpoints" not in p.parts
    }
    assert len(WORKBOOKS) == len(files)


def test_every_notebook_runs(tmp_path: Path) -> None:
    """Every cell of every notebook runs in a kernel of its own, with nothing saved and nothing
    set up."""
    command = [sys.executable, "-m", "pytest", "--nbval-lax", "-q", "-p", "no:cacheprovider"]
    command += ["-p", "no:xdist", f"--rootdir={ROOT}", str(ROOT / "workbooks")]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, done.stdout[-4000:]


@pytest.mark.parametrize("workbook", WORKBOOKS, ids=lambda w: w.id)
def test_keys_are_keys(workbook: Workbook) -> None:
    """A key stands once in its workbook."""
    keys = [p.key for p in workbook.prompts]
    assert len(keys) == len(set(keys))


if __name__ == "__main__":
    KEYS.write_text("".join(f"{line}\n" for line in now()), encoding="utf-8")
