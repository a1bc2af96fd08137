"""A moment, replayed: what the scene is made of, and when there is enough of it to play."""

import pytest

from cascade_tools.model.practice import KINDS_OF_HELP
from cascade_tools.model.prompts import Kind, Who
from cascade_tools.model.replay import (
    MOMENT,
    MOMENT_IN,
    REPLAY,
    TAKE,
    THEY_SAID,
    TO_SAY,
    replay_of,
)
from cascade_tools.model.workbook import Listing
from cascade_tools.shelf import open_shelf

BOOK = open_shelf().get(REPLAY)


def test_the_sheet_asks_for_each_part_of_the_scene() -> None:
    """What they said, what I said and three other things; of each of the four what kind of help it
    is, in the six plain words, and what might happen then; and one line to take."""
    kinds = {p.key: p.kind for p in BOOK.prompts}
    wanted = {THEY_SAID: Kind.LONG, TAKE: Kind.TEXT}
    for key in TO_SAY:
        wanted |= {key: Kind.LONG, f"{key}-kind": Kind.CHOICE, f"{key}-then": Kind.LONG}
    assert kinds == wanted
    for key in TO_SAY:
        asked = BOOK.prompt(f"{key}-kind")
        assert asked is not None
        assert tuple(c.code.upper() for c in asked.choices) == KINDS_OF_HELP


def test_the_sheet_is_its_authors_and_names_no_reader() -> None:
    """Nothing in it may be shared but with the one press; it is for coaches, about a session."""
    assert {p.who for p in BOOK.prompts} == {Who.MINE}
    assert BOOK.share_with == () and not BOOK.together
    assert BOOK.about == "session"


def test_it_opens_with_the_words_of_after_i_coach() -> None:
    """What is asked there is not asked again; the way here stands under that moment."""
    before = {p.key: p.from_before for p in BOOK.prompts if p.from_before}
    assert before == {
        THEY_SAID: f"{MOMENT_IN}/{MOMENT}",
        "i-said": f"{MOMENT_IN}/moment-i-said",
        "might-1": f"{MOMENT_IN}/moment-might-have-said",
    }
    after = open_shelf().get(MOMENT_IN)
    assert all(after.prompt(b.rpartition("/")[2]) for b in before.values())
    (page,) = [p for p in after.pages if any(q.key == MOMENT for q in p.prompts)]
    assert [part.name for part in page.parts if isinstance(part, Listing)] == ["replay"]


def test_a_line_has_what_was_written_to_it() -> None:
    """Words, kind and what follows belong together; what was said that day is known as such."""
    words = {"i-said": "Yes", "might-2": "Perhaps", "might-2-kind": "Gave a fact", "take": "One"}
    scene = replay_of({**words, "might-2-then": "They laugh.", "might-3-then": "Nobody says it."})
    first, second = scene.lines
    assert (first.words, first.kind, first.then, first.said) == ("Yes", "", "", True)
    assert (second.words, second.kind, second.then) == ("Perhaps", "Gave a fact", "They laugh.")
    assert not second.said and scene.take == "One"
    assert scene.line(second.id) is second and scene.line("d") is None and scene.line("") is None


@pytest.mark.parametrize(
    ("written", "to_write"),
    [
        ("", THEY_SAID),
        ("i-said might-1 might-2", THEY_SAID),
        ("they-said", "i-said"),
        ("they-said i-said", "might-1"),
        ("they-said might-3", "i-said"),
        ("they-said i-said might-3", ""),
        ("they-said might-1 might-2", ""),
        ("they-said i-said might-1 might-2 might-3", ""),
    ],
)
def test_what_to_write_first(written: str, to_write: str) -> None:
    """A scene needs what they said and two things to say; blanks are not words."""
    words = dict.fromkeys(written.split(), "Words")
    assert replay_of({"might-1": "  \n", **words}).to_write == to_write
