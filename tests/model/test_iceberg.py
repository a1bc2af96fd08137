"""The iceberg: a layer fills when somebody wrote there."""

from hypothesis import given
from hypothesis import strategies as st

from cascade_tools.model.iceberg import fill, first_words
from tests.model.paper_items import LAYERS


def test_fills() -> None:
    """A layer is full when somebody wrote there; spaces and an empty box are not writing."""
    filled = fill(LAYERS, {"presenting": " The board. ", "pattern": " \n", "purpose": ""})
    assert [f.layer.id for f in filled] == [layer.id for layer in LAYERS]
    assert [(f.layer.id, f.words) for f in filled if f.written] == [("presenting", "The board.")]


def test_other_answers() -> None:
    """Answers that are no layer's ("enough for today") fill nothing."""
    assert not any(f.written for f in fill(LAYERS, {"after-pattern": "enough"}))


def test_whole_words() -> None:
    """The first words end with a whole word, and say when more follows."""
    assert first_words("The board keeps asking", 22) == "The board keeps asking"
    assert first_words("The board keeps asking", 16) == "The board keeps…"
    assert first_words("The board keeps asking", 15) == "The board…"
    assert first_words("one two, three four", 10) == "one two…"


def test_a_word_too_long() -> None:
    """A single word that does not fit is cut, so that it cannot run out of the drawing."""
    assert first_words("Donaudampfschifffahrt", 10) == "Donaudamp…"


@given(st.text(), st.integers(2, 40))
def test_first_words_fit(words: str, most: int) -> None:
    """However it is written, what is drawn is one line and fits."""
    drawn = first_words(words, most)
    assert len(drawn) <= most
    assert "\n" not in drawn
