"""Personal details: what is found, what is left alone, and that any text at all is safe to look at.

How well it works on the whole labelled set stands in ``docs/personal-details.md``, made from
``labelled.measured``.
"""

import unicodedata
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cascade_tools.model.details import Detail, find_details
from cascade_tools.model.names import EVERYDAY, SMALL, known_names
from tests.model.labelled import measured, passages

TODAY = date(2026, 5, 14)


def found(text: str, *names: str) -> list[tuple[str, str]]:
    return [
        (f.kind.value, text[f.start : f.end]) for f in find_details(text, known_names(names), TODAY)
    ]


def test_the_labelled_set_is_large_and_of_every_kind() -> None:
    """At least 120 passages, with at least five marks of each kind, and many with none."""
    these, _, _ = passages("passages")
    marks = [one.kind for passage in these for one in passage.details]
    assert len(these) >= 120
    assert all(marks.count(kind) >= 5 for kind in Detail)
    assert sum(not passage.details for passage in these) >= 50


@pytest.mark.parametrize("kind", Detail, ids=str)
def test_most_details_are_found_and_few_words_are_taken_for_one(kind: Detail) -> None:
    """Of each kind nine in ten are found (four of five NHS numbers), with no false alarm in the
    passages the rules were made with."""
    count = measured("passages")[kind]
    assert count.found >= 0.8 * count.there
    assert count.false == 0


@given(st.text(), st.lists(st.text(max_size=20), max_size=5))
def test_any_text_gives_places_inside_it_that_do_not_touch(text: str, names: list[str]) -> None:
    """Whatever was written, and whatever stands in the list: places in order, inside the text."""
    finds = find_details(text, known_names(names), TODAY)
    ends = 0
    for find in finds:
        assert ends <= find.start < find.end <= len(text)
        ends = find.end


PIECES = st.sampled_from(
    ["Leo", "leo", " ", ".", "@", "-", "0", "01632", "960123", "999", "M1", "1AE", "3/5/1971",
     "May", "3", "born ", "charity no ", "SC0", "\u200b", "\u0301", "ß", "İ", "\n", "+44", "(0)"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=40).map("".join))
def test_pieces_of_details_in_any_order_are_safe(text: str) -> None:
    """Half details, run together, with letters that change their length when they are folded."""
    for find in find_details(text, known_names(["Leo", "Straße", "İpek"]), TODAY):
        assert text[find.start : find.end].strip()


# A few signs count as letters and fall apart into marks.
LETTERS = st.characters(categories=["Lu", "Ll", "Lo"]).filter(
    lambda c: unicodedata.normalize("NFKD", c)[0].isalpha()
)


@given(st.text(LETTERS, min_size=3, max_size=20))
def test_a_name_on_the_list_is_found_in_any_script(name: str) -> None:
    """A name of letters that is no everyday word is found as listed, whatever script it is in."""
    assume(name.casefold() not in EVERYDAY | SMALL)
    text = f"then {name} spoke"
    assert [text[f.start : f.end] for f in find_details(text, known_names([name]), TODAY)] == [name]


def test_a_name_is_found_without_its_accents_and_by_its_parts() -> None:
    """As people write: half of the name, another case, another apostrophe, no accents."""
    assert found("zoe rang", "Zoë Ashdown") == [("name", "zoe")]
    assert found("Mr O'Dowd", "O’Dowd") == [("name", "O'Dowd")]
    assert found("Zoe\u0308’s idea", "Zoë") == [("name", "Zoe\u0308")]
    assert found("of the board", "Wren of the Moor") == []


def test_what_is_found_is_one_thing() -> None:
    """An address with a name in it is an address; figures that fit twice are found once."""
    assert found("leo@example.org", "Leo") == [("email", "leo@example.org")]
    assert found("born 3/5/1971") == [("birth", "3/5/1971")]
    assert found("07700 900456") == [("phone", "07700 900456")]


def test_a_recent_date_counts_only_beside_a_word_about_birth() -> None:
    """Meetings have dates, too: a full date is a birth by its words or by its age."""
    assert found("We met on 3 May 2020.") == []
    assert found("Born on 3 May 2020.") == [("birth", "3 May 2020")]
    assert found("On 3 May 1971.") == [("birth", "3 May 1971")]
    assert found("Born on 3 May 2071.") == []
    assert found("Look at 3.5.71 again.") == []


@pytest.mark.parametrize("last", range(10))
def test_only_the_right_last_figure_makes_an_nhs_number(last: int) -> None:
    """The tenth figure checks the nine before it."""
    text = f"999 000 001{last}"
    assert bool(found(text)) == (last == 8)
