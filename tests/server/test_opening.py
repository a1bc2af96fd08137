"""Opening a page again and again: what is kept between pages is nobody's and never old."""

import re
from collections.abc import Iterator

import pytest

from tests.faults.nursery import Nursery, QuickHouse
from tests.living import House
from tests.server.visitor import Visitor
from tests.shelf.test_shelf import Sheet

WEATHER, WIND = "coach/weather", "coach/wind"
SKY = 'ask.choice("sky", "What was the sky like?", {"blue": "Blue", "grey": "Grey"}'
WITHIN = "Only you, always."


def sheet(id: str, *lines: str) -> Sheet:
    opening = "from cascade_tools.workbook import open_workbook\n"
    opening += f'ask, show, answers = open_workbook("{id}")'
    return Sheet(cells=["## One", *lines], opening=opening)


def write(house: House, id: str, *lines: str) -> None:
    sheet(id, *lines).write(house.folder.local / "workbooks", id)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, nursery: Nursery) -> Iterator[House]:
    """A programme with two small workbooks of its own."""
    made = QuickHouse(tmp_path_factory.mktemp("programme") / "house")
    write(made, WEATHER, f'{SKY}, hint="Look up.", who="only-me")')
    write(
        made,
        WIND,
        f'{SKY}, hint="Look up.", who="only-me")',
        'ask.text("a", "A?")',
        'ask.text("b", "B?")',
    )
    made.start()
    yield made
    made.stop()


def page(visitor: Visitor, workbook: str) -> str:
    return visitor.get(f"entries/{visitor.start(workbook)}").text


def test_a_question_is_asked_as_its_file_says_now(
    house: House, amina: Visitor, beth: Visitor
) -> None:
    """Somebody changes a hint while the server runs: whoever opens the workbook next reads the new
    one, and nobody the old."""
    write(house, "coach/rain", f'{SKY}, hint="Look up.")')
    assert all("Look up." in page(visitor, "coach/rain") for visitor in (amina, beth))
    write(house, "coach/rain", f'{SKY}, hint="Look out of the window.")')
    for visitor in (amina, beth):
        found = page(visitor, "coach/rain")
        assert "Look out of the window." in found
        assert "Look up." not in found


def test_the_same_question_in_two_workbooks(amina: Visitor) -> None:
    """Who can see an answer is said where it differs from the rest of that workbook, whichever of
    two workbooks with the same question was opened first."""
    assert WITHIN not in page(amina, WEATHER)
    assert WITHIN in page(amina, WIND)
    assert WITHIN not in page(amina, WEATHER)


def test_an_answer_stands_on_no_other_page(amina: Visitor, beth: Visitor) -> None:
    """What one person chose, and what could not be saved of theirs, is on their page alone."""
    entry = amina.start(WEATHER)
    before = page(beth, WEATHER)
    assert amina.save(entry, "sky", "grey").status == 200
    mine = amina.get(f"entries/{entry}").text
    assert 'value="grey" autocomplete="off" checked' in mine
    asked = amina.asked(entry, "sky")
    fields = {"person": amina.person, "asked:sky": asked, "sky": "a tent", "go": "save"}
    refused = amina.post(f"entries/{entry}", fields)
    assert refused.status == 422
    assert "There is a problem" in refused.text
    theirs = page(beth, WEATHER)
    for words in (" checked", "There is a problem", "aria-invalid"):
        assert words not in before
        assert words not in theirs


def test_choices_that_are_ones_own(amina: Visitor, beth: Visitor) -> None:
    """One's own sheets can be chosen by oneself, and are no choice of anybody else's."""
    entry = amina.start()
    assert amina.save(entry, "what-happened", "It rained.").status == 200
    workbook = "coach/getting-ready-for-supervision"
    assert entry in page(amina, workbook)
    assert entry not in page(beth, workbook)


def test_whom_to_ring_is_ones_own(amina: Visitor, beth: Visitor) -> None:
    """Under the same choice of the same workbook each coach finds their own supervisor."""
    for visitor, own, other in ((amina, "Sue", "Tom"), (beth, "Tom", "Sue"), (amina, "Sue", "Tom")):
        found = page(visitor, "coach/after-i-coach")
        assert f"{own} Superfield" in found
        assert f"{other} Superfield" not in found


@pytest.mark.parametrize("path", ["entry", "workbooks/supervisor/my-overview"])
def test_what_a_script_needs_is_asked_for_at_once(amina: Visitor, sue: Visitor, path: str) -> None:
    """Whatever the page's scripts import is named in the page itself: a browser does not have to
    read one script to learn of the next."""
    found = page(amina, "coach/after-i-coach") if path == "entry" else sue.get(path).text
    named = set(re.findall(r'<link rel="modulepreload" href="([^"]+)"', found))
    for address in re.findall(r'<script type="module" src="([^"]+)"', found):
        script = sue.get(address.lstrip("/")).text
        for name in re.findall(r'from "\./([a-z.]+)"', script):
            assert address.rpartition("/")[0] + f"/{name}" in named
    assert named
