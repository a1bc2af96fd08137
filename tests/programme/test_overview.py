"""The supervisor's overview, from the command line and from Python."""

import json

import pytest

from cascade_tools.cli import answer
from cascade_tools.errors import NotFound, SettingsFault, WrongPassphrase
from cascade_tools.programme import overview
from tests.browser import steps
from tests.living import House


def ticket(house: House, who: str) -> str:
    with house.records() as records:
        return records.signing_in.ticket(house.people[who].id, None, None, 1)


def test_it_says_what_the_page_says(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    """Who asked, when they last talked and what is new, as text or as JSON; no word that was
    shared is opened, and nobody's log has a line."""
    folder, sue = house.folder.path, house.people["sue"].name
    shared = steps.handed(house, "amina", steps.reflection(house, what_happened="An otter"))
    with house.records() as records:
        records.sharing.ask_to_talk(house.people["amina"].id, "today")
    look = ["overview", str(folder), "--as", sue, "--ticket"]
    assert answer([*look, ticket(house, "sue")]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Amina Coachfield\n  Asked to talk: today, on ")
    assert "Ring 01632 960101" in said
    assert "Not yet read: After I coach, " in said
    assert answer([*look, ticket(house, "sue"), "--show", "unread", "--json"]) == 0
    out = capsys.readouterr().out
    (coach,) = json.loads(out)["coaches"]
    assert [coach["name"], coach["asked"]] == ["Amina Coachfield", "today"]
    assert shared in [s["id"] for s in coach["unread"]]
    assert "otter" not in (said + out).lower()
    with house.records() as records:
        assert records.read_log.of(house.people["amina"].id) == []


def test_it_is_for_the_supervisor_alone(house: House) -> None:
    """It takes the supervisor's own passphrase or ticket; for anybody else there is none, and a
    way to look that there is not is named."""
    folder, sue = house.folder.path, house.people["sue"].name
    with pytest.raises(NotFound, match="supervises nobody"):
        overview(folder, house.people["amina"].name, ticket=ticket(house, "amina"))
    with pytest.raises(WrongPassphrase):
        overview(folder, sue, ticket=ticket(house, "tom"))
    with pytest.raises(WrongPassphrase):
        overview(folder, sue, passphrase="some other words")
    with pytest.raises(SettingsFault, match="everyone, asked, unread, long-ago"):
        overview(folder, sue, show="best", ticket=ticket(house, "sue"))
