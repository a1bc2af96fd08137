"""Every promise to users names the tests that keep it, and every such test is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "promises.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (?!we promise|---)(.+?) \| (.+?) \|$", PAGE, re.MULTILINE)
NAMED = re.findall(r"`([a-z0-9_/]+\.py)::(test_\w+)`", PAGE)


def place(file: str) -> Path:
    return ROOT / (file if "/" in file else f"tests/promises/{file}")


@pytest.mark.parametrize(("file", "test"), NAMED)
def test_every_test_that_is_named_exists(file: str, test: str) -> None:
    """A promise leans on no test that has gone or been renamed."""
    found = place(file)
    assert found.is_file()
    assert re.search(rf"^ *def {test}\(", found.read_text(encoding="utf-8"), re.MULTILINE)


def test_every_promise_names_its_test() -> None:
    """No promise stands alone: each row names at least one test, and nothing but tests."""
    assert len(ROWS) > 40
    for promise, kept in ROWS:
        assert re.fullmatch(r"(?:`[a-z0-9_/]+\.py::test_\w+` ?)+", kept), promise
        assert promise.endswith("."), promise


def test_every_file_of_promises_is_named() -> None:
    """All twenty-five are there, and a new file of tests has its promise."""
    files = {path.name for path in (ROOT / "tests" / "promises").glob("test_*.py")}
    assert {int(name[5:7]) for name in files} == set(range(1, 26))
    assert files <= {file for file, _ in NAMED}


def test_promises_are_in_the_words_of_those_they_are_made_to() -> None:
    """A promise is short, says "you", "we" or what happens, and uses no word of ours."""
    ours = re.compile(
        r"\b(hash|token|endpoint|handler|cookie|session id|encrypt\w*|snapshot|database|API|HTTP"
        r"|server|schema|cipher\w*|authenticat\w*|authoris\w*|retention|erasure|subject access)\b",
        re.IGNORECASE,
    )
    for promise, _ in ROWS:
        assert not ours.search(promise), promise
        assert max(len(s.split()) for s in re.split(r"[.:] ", promise)) <= 25, promise
