"""``cascade collect``: what it says, and what it says while it works."""

import json
import sys
from io import StringIO
from pathlib import Path

import pytest

from cascade_tools.cli import answer
from cascade_tools.cli import progress as bars
from tests.living import House
from tests.programme.test_programme import MARKER, shared_with_sue, written


def ticket(house: House) -> str:
    with house.records() as records:
        return records.signing_in.ticket(house.people["sue"].id, None, None)


def test_what_went_since_the_last_collection_is_said(
    house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Amina stops sharing: the next collection has nothing of it and says which sheet went, for
    people and for programs, without a word she wrote."""
    entry_id = written(house)
    shared_with_sue(house, entry_id)
    out = tmp_path / "out"
    command = ["collect", str(house.folder.path), "--as", "Sue Superfield", "--out", str(out)]
    assert answer([*command, "--ticket", ticket(house), "--also", "json", "--also", "xlsx"]) == 0
    said = capsys.readouterr()
    assert f"Made {out / 'collected.xlsx'}." in said.out and said.err == ""
    assert "No longer here" not in said.out
    assert MARKER in (out / "collected.json").read_text("utf-8")
    amina = house.people["amina"].id
    with house.records() as records:
        (share,) = records.sharing.of(amina, entry_id)
        records.sharing.stop(amina, share.id)
    assert answer([*command, "--ticket", ticket(house), "--json"]) == 0
    again = json.loads(capsys.readouterr().out)
    (gone,) = again["gone"]
    assert "“After I coach” by Amina Coachfield, last saved" in gone
    assert MARKER not in gone
    for path in out.iterdir():
        assert MARKER.encode() not in path.read_bytes()
    assert gone in (out / "READ-ME.txt").read_text("utf-8")
    assert answer([*command, "--ticket", ticket(house)]) == 0
    assert "No longer here" not in capsys.readouterr().out


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_how_far_it_is_is_said_on_a_terminal_after_two_seconds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing for two seconds, then one line that is taken away at the end."""
    clock = [100.0]
    monkeypatch.setattr(bars.time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(sys, "stderr", screen := Terminal())
    with bars.progress() as told:
        told("Reading answers", 1000, 0)
        clock[0] += 1.9
        told("Reading answers", 2000, 0)
        assert screen.getvalue() == ""
        clock[0] += 0.2
        told("Reading answers", 3000, 0)
        assert screen.getvalue() == "\r\033[KReading answers: 3,000"
        told("Reading answers", 4000, 0)
        assert "4,000" not in screen.getvalue()
        clock[0] += 1
        told("Writing", 1, 2)
        assert screen.getvalue().endswith("████████████────────────  50%")
    assert screen.getvalue().endswith("\r\033[K")


def test_elsewhere_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a pipe or a file there is only the answer."""
    clock = [100.0]
    monkeypatch.setattr(bars.time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(sys, "stderr", screen := StringIO())
    with bars.progress() as told:
        clock[0] += 60
        told("Reading answers", 1000, 0)
    assert screen.getvalue() == ""
