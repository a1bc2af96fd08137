"""Pictures: words first, a drawing that says the same, and nothing that judges or leaks."""

import re
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from cascade_tools.draw.pictures import balance, iceberg, picture_html, thinking
from cascade_tools.draw.svg import lines_of
from cascade_tools.draw.templates import environment
from cascade_tools.draw.thinking import NOTES
from cascade_tools.kit import kit_folder
from cascade_tools.model.items import Item, ItemSet, Layer
from cascade_tools.model.picture import Picture, Table
from cascade_tools.model.prompts import NOT_UP, SKIPPED, Choice, Kind, Prompt
from tests.model.paper_items import (
    AXES,
    AXES_IDS,
    LAYERS,
    THINKING,
    THINKING_IDS,
    any_answers,
    any_sittings,
    seven,
    sittings,
    ten,
)

HOSTILE = "</svg><script>alert(1)</script><b class='x' onload=\"y\">&"
SVG = "{http://www.w3.org/2000/svg}"
NEVER = (
    "dependency|dependent|score|risk|client|coachee|mentee|deficit|compliance|valid|reliable"
    "|diagnostic|clinical|norm|percentile|sent|referred|weak|failing|fix|diagnose|case"
    "|consultant|intervention|empower"
)


def parsed(picture: Picture) -> ElementTree.Element:
    return ElementTree.fromstring(picture.svg)  # noqa: S314  (our own drawing)


def drawn_words(picture: Picture) -> str:
    return " ".join(
        " ".join(t.itertext()) for t in parsed(picture).iter(f"{SVG}text") if picture.svg
    )


def with_class(picture: Picture, name: str) -> list[ElementTree.Element]:
    return [e for e in parsed(picture).iter() if name in (e.get("class") or "").split()]


def lines(sections: Any) -> str:
    return " ".join(line for _, these in sections for line in these)


HIGH = ten(1, 0, 3, 0, 1, 2, 4, 0, 1, 1)
ALL_PICTURES = [
    thinking(THINKING, {}, sittings(HIGH, HIGH, HIGH)),
    thinking(THINKING, {}, []),
    balance(AXES, sittings(*[seven(3, 3, 3, 1, 1, 1, 1)] * 3)),
    balance(AXES, []),
    iceberg(LAYERS, {layer.id: "Words" for layer in LAYERS}),
    iceberg(LAYERS, {}),
]


class TestThinking:
    def test_words_first(self) -> None:
        """The two answers come first, in the chosen words, each with a supervisor's question."""
        picture = thinking(THINKING, {}, sittings(HIGH))
        assert picture.sentence == "Two answers to look at: “Not knowing” and “Their work”."
        assert picture.blocks[:2] == (
            ("Question D7?", ("You chose: D7 last", "A supervisor might ask: “What about D7?”")),
            ("Question D3?", ("You chose: D3 fourth", "A supervisor might ask: “What about D3?”")),
        )

    def test_words_of_the_workbook(self) -> None:
        """An answer is read in the words of the prompt that asked it."""
        choices = (*(Choice(str(n), f"Own {n}") for n in range(5)), Choice(NOT_UP, "Not now"))
        prompts = {
            i: Prompt(key=i.lower(), kind=Kind.SCALE, question=f"Question {i}?", choices=choices)
            for i in ("D7", "D1")
        }
        picture = thinking(THINKING, prompts, sittings({**HIGH, "D1": NOT_UP, "D2": NOT_UP}))
        assert picture.table is not None
        answers = {row[0]: row[1] for row in picture.table.rows}
        assert answers["Question D7?"] == "Own 4"
        assert answers["Question D1?"] == "Not now"
        assert answers["Question D2?"] == "I noticed no pull"
        assert "You chose: Own 4" in lines(picture.blocks)

    def test_table(self) -> None:
        """The table has every question, with the states that are not answers told apart."""
        picture = thinking(THINKING, {}, sittings(ten(0, NOT_UP, SKIPPED, None, 1, 1, 1, 1)))
        assert picture.table is not None
        assert [answer for _, answer in picture.table.rows][:4] == [
            "D1 first",
            "I noticed no pull",
            "Skipped",
            "Not answered",
        ]
        assert len(picture.table.rows) == 10

    def test_nothing_stands_out(self) -> None:
        """Low answers get no block, and are said to be nothing special."""
        picture = thinking(THINKING, {}, sittings(ten(*[1] * 10)))
        assert picture.sentence == "Nothing stands out this time."
        assert picture.blocks == ()

    def test_thanks(self) -> None:
        """A few answers get thanks: no drawing, no sum."""
        picture = thinking(THINKING, {}, sittings(ten(2, 2, 2, 2)))
        assert picture.sentence.startswith("Thank you")
        assert (picture.svg, picture.folded, picture.more) == ("", (), ())

    def test_adds_up(self) -> None:
        """The sum is shown in full, behind a fold, with the count behind the average."""
        picture = thinking(THINKING, {}, sittings({**HIGH, "D1": SKIPPED}))
        ((heading, said),) = picture.folded
        assert heading == "Show how this adds up"
        assert "0 + 3 + 0 + 1 + 2 + 4 + 0 + 1 + 1 = 12. Shared among 9 answers" in " ".join(said)
        assert "that is 1.3 on average" in " ".join(said)
        assert "Something to notice." in said

    def test_not_enough(self) -> None:
        """Five to seven answers are looked at one by one, without an overall picture."""
        picture = thinking(THINKING, {}, sittings(ten(*[2] * 7)))
        assert len(picture.blocks) == 2
        assert lines(picture.folded) == "Not enough answers to give an overall picture."

    def test_average_stays_folded(self) -> None:
        """No average and no band stands anywhere but behind the folds."""
        picture = thinking(THINKING, {}, sittings(HIGH, HIGH, HIGH))
        open_words = f"{picture.sentence} {lines(picture.blocks)} {picture.svg} {picture.table}"
        assert "Something to notice" not in open_words
        assert "1.3" not in re.sub(r'="[^"]*"', "", open_words)
        assert [m.title for m in picture.more] == ["Show how this has moved"]
        html = str(picture_html(picture))
        folds = re.findall(r"<details.*?</details>", html, re.DOTALL)
        outside = html
        for fold in folds:
            outside = outside.replace(fold, "")
        assert "Something to notice" in html
        assert "Something to notice" not in outside

    def test_no_numbers_on_the_drawing(self) -> None:
        """The drawing of the answers has words and places, never a figure."""
        plain = ItemSet("t", "t", tuple(Item(i, "Why?", ("a", "b", "c", "d", "e")) for i in ("X",)))
        answers = ten(*[2] * 10)
        assert not re.search(
            r"\d", drawn_words(thinking(_lettered(THINKING), {}, sittings(answers)))
        )
        assert thinking(plain, {}, sittings({"X": 1})).svg == ""

    def test_a_dot_for_each_answer(self) -> None:
        """Every answer that counts has one large dot; what did not come up has none."""
        picture = thinking(THINKING, {}, sittings(ten(0, 1, 2, 3, 4, NOT_UP, SKIPPED)))
        across = [float(e.get("cx") or 0) for e in with_class(picture, "picture-dot")]
        assert across == sorted(set(across))
        assert len(across) == 5

    def test_stands_out(self) -> None:
        """An answer that stands out may be worth talking about, and may be a false alarm."""
        picture = thinking(THINKING, {}, sittings(HIGH))
        heading, said = picture.blocks[-1]
        assert heading == "One answer stands out"
        assert said == (
            "Not knowing: D7 last",
            "It may be worth talking about.",
            "It can be a false alarm. For example: D7 was a quiet day.",
        )
        twice = thinking(THINKING, {}, sittings(HIGH, HIGH))
        assert twice.blocks[2][0] == "Some answers stand out"
        assert "Their work: D3 fourth (two sessions running)" in twice.blocks[2][1]

    def test_notes(self) -> None:
        """The full note is always there; the note about early sessions only in the first two."""
        assert thinking(THINKING, {}, sittings(HIGH)).notes[1:] == NOTES
        assert "Early on" in thinking(THINKING, {}, sittings(HIGH)).notes[0]
        assert thinking(THINKING, {}, sittings({}, {}, HIGH)).notes == NOTES

    def test_still_true(self) -> None:
        """The same answers as last time are asked about gently."""
        assert "Still true?" in lines(thinking(THINKING, {}, sittings(HIGH, HIGH)).blocks)

    def test_movement(self) -> None:
        """Movement has a sentence, a table with counts, and dots on a plain line."""
        each = [ten(*[n] * 10) for n in (3, 2, 1)]
        (moved,) = thinking(THINKING, {}, sittings(*each)).more
        assert moved.sentence == (
            "On the 10 questions you answered both times, "
            "your latest answers are lower than your first."
        )
        assert moved.table is not None
        assert moved.table.rows[0] == ("1", "3.0 (from 10 answers)", "Worth talking through")
        assert len(with_class(moved, "picture-dot")) == 3
        assert len(with_class(moved, "picture-path")) == 1

    def test_movement_without_enough(self) -> None:
        """Where too little is shared, movement says so and draws no line."""
        each = [ten(1, 1, 1, 1, 1), ten(1), ten(None, None, None, 1, 1, 1, 1, 1, 1)]
        (moved,) = thinking(THINKING, {}, sittings(*each)).more
        assert "too few questions" in moved.sentence
        assert moved.svg == ""


class TestBalance:
    def test_dots_in_order(self) -> None:
        """One numbered dot a session, joined in order; this session's is the full one."""
        each = [seven(3, 3, 3, 1, 1, 1, 1), {}, seven(3, 3, 3, 2, 2, 2, 2)]
        picture = balance(AXES, sittings(*each))
        numbers = [
            "".join(e.itertext())
            for e in with_class(picture, "picture-number")
            if e.tag.endswith("text")
        ]
        assert numbers == ["1", "3"]
        assert len(with_class(picture, "picture-path")) == 1
        here = [
            e
            for e in with_class(picture, "picture-session")
            if "picture-here" in e.get("class", "")
        ]
        assert len(here) == 1

    def test_up_and_across(self) -> None:
        """More practical help lies to the right; more thinking lies higher up."""
        picture = balance(AXES, sittings(seven(1, 1, 1, 1, 1, 1, 1), seven(3, 3, 3, 3, 3, 3, 3)))
        first, second = with_class(picture, "picture-session")
        assert float(second.get("cx") or 0) > float(first.get("cx") or 0)
        assert float(second.get("cy") or 0) < float(first.get("cy") or 0)

    def test_same_spot(self) -> None:
        """Sessions on one spot stand side by side in order, so that each number can be read."""
        picture = balance(AXES, sittings(*[seven(*[4] * 7)] * 5))
        across = [float(e.get("cx") or 0) for e in with_class(picture, "picture-session")]
        assert all(b - a >= 40 for a, b in pairwise(across))
        assert across[-1] <= 616

    def test_names_stay_readable(self) -> None:
        """No dot, however extreme, lies over the name of a corner."""
        for value in (0, 4):
            picture = balance(AXES, sittings(*[seven(*[value] * 7)] * 6))
            downs = [float(e.get("cy") or 0) for e in with_class(picture, "picture-session")]
            names = [float(e.get("y") or 0) for e in with_class(picture, "picture-corner")]
            assert min(abs(y - name) for y in downs for name in names) > 22 + 8

    def test_corner_sentence(self) -> None:
        """A corner is named with the words that all corners can be right; the middle is plain."""
        helping = balance(AXES, sittings(seven(3, 3, 3, 1, 1, 1, 1)))
        assert helping.sentence == (
            "Session 1: near “Helping out”, much practical help, less help to think. "
            "All corners can be right."
        )
        middle = balance(AXES, sittings(seven(*[2] * 7)))
        assert middle.sentence == "Session 1: somewhere in the middle."

    def test_names(self) -> None:
        """Both axes, four corners and the soft arrow are named; the drawing has no scale."""
        words = drawn_words(balance(AXES, []))
        for named in (
            "Capacity building: practical help with the work in hand",
            "Leadership development: help to think for yourself",
            "One way this often goes (our drawing of what the pilot describes)",
            "Helping out",
            "Building alongside",
            "Thinking partner",
            "Finding our feet, or drifting",
        ):
            assert named in words
        assert not re.search(r"\d", words)

    def test_stage_and_invitation(self) -> None:
        """What usually belongs to this part of the journey stands beside; a question invites."""
        early = balance(AXES, sittings(seven(3, 3, 3, 1, 1, 1, 1)))
        assert [heading for heading, _ in early.blocks] == ["Early on"]
        third = balance(AXES, sittings({}, {}, seven(3, 3, 3, 1, 1, 1, 1)))
        assert third.blocks[0] == (
            "This may be worth talking about",
            ("Still mostly helping out: is that what is needed?",),
        )

    def test_table(self) -> None:
        """The table carries each value with the count behind it."""
        picture = balance(AXES, sittings(seven(4, 3, 3, 1, 1)))
        assert picture.table is not None
        assert picture.table.rows == (("1", "3.3 (from 3 answers)", "Not enough answers"),)


class TestIceberg:
    def test_only_what_was_written(self) -> None:
        """Only layers somebody wrote in are full and named; no count, no empty row."""
        picture = iceberg(LAYERS, {"presenting": "The board", "feelings": "Tired", "pattern": " "})
        assert len(with_class(picture, "picture-full")) == 2
        words = drawn_words(picture)
        assert "What I am bringing" in words
        assert "What keeps happening" not in words
        assert picture.table is not None
        assert [row[0] for row in picture.table.rows] == [
            "What I am bringing",
            "What it is like for me",
        ]
        assert not re.search(r"\d", f"{words} {picture.sentence}")

    def test_calm_when_empty(self) -> None:
        """An iceberg nobody wrote on is whole ice in calm water, without a word of lack."""
        picture = iceberg(LAYERS, {})
        assert picture.sentence == "An iceberg in calm water."
        assert picture.table is None
        assert drawn_words(picture) == ""
        assert len(with_class(picture, "picture-ice")) == 1

    def test_whole_words_in_the_table(self) -> None:
        """The drawing has the first few words; the table has all of them."""
        long = "The board keeps asking for a plan, and I keep putting it off."
        picture = iceberg(LAYERS, {"presenting": long})
        assert picture.table is not None
        assert picture.table.rows == (("What I am bringing", long),)
        assert long not in drawn_words(picture)
        assert "The board keeps…" in drawn_words(picture)

    def test_water_and_up(self) -> None:
        """The water and the way back up have places of their own in the drawing."""
        picture = iceberg(LAYERS, {"water": "Less money", "up": "Ask the chair"})
        assert len(with_class(picture, "picture-full")) == 0
        assert with_class(picture, "picture-rise")
        assert with_class(picture, "picture-wave")
        assert picture.sentence == (
            "Your words are in “The water around us” and “Back up to the surface”."
        )


class TestEveryPicture:
    @pytest.mark.parametrize("picture", ALL_PICTURES)
    def test_drawings_are_sound(self, picture: Picture) -> None:
        """A drawing is well formed, scales, names itself, and has neither style nor script."""
        for one in (picture, *picture.more):
            if not one.svg:
                continue
            root = parsed(one)
            assert root.get("viewBox", "").startswith("0 0 640 ")
            assert root.get("width") == "100%"
            assert root.get("role") == "img"
            named = [e.get("id") for e in root[:2]]
            assert root.get("aria-labelledby") == " ".join(str(n) for n in named)
            assert (root[0].tag, root[1].tag) == (f"{SVG}title", f"{SVG}desc")
            assert root[1].text == one.sentence
            for element in root.iter():
                assert element.tag not in (f"{SVG}script", f"{SVG}style", f"{SVG}foreignObject")
                assert not any(k == "style" or k.startswith("on") for k in element.attrib)

    @pytest.mark.parametrize("picture", ALL_PICTURES)
    def test_words(self, picture: Picture) -> None:
        """Words that are never used about people are in no picture."""
        text = re.sub(r"<[^>]*>", " ", str(picture_html(picture)))
        text = text.replace("not a test", "").replace("not been scientifically tested", "")
        assert not re.findall(rf"\b(?:{NEVER})\w*\b", text, re.IGNORECASE)

    def test_ids_are_unique(self) -> None:
        """All pictures can stand on one page without two elements of one id."""
        html = "".join(
            str(picture_html(p)) for p in (ALL_PICTURES[0], ALL_PICTURES[2], ALL_PICTURES[4])
        )
        ids = re.findall(r'\bid="([^"]+)"', html)
        assert len(ids) == len(set(ids))
        for used in re.findall(r"url\(#([^)]+)\)", html):
            assert used in ids

    def test_classes_have_a_style(self) -> None:
        """Every class a drawing uses is in the style sheet, and every colour has a fallback."""
        css = (kit_folder("templates") / "static" / "picture.css").read_text("utf-8")
        used = {
            c
            for p in ALL_PICTURES
            for one in (p, *p.more)
            for names in re.findall(r'class="([^"]+)"', one.svg)
            for c in names.split()
        }
        inherited = {"picture-in-sky", "picture-in-sea"}
        assert {c for c in used - inherited if f".{c}" not in css} == set()
        assert not re.findall(r"var\(--(?:ink|quiet|accent|paper|tint|line)\)", css)

    def test_html(self) -> None:
        """A picture is one section: heading, sentence, blocks, drawing, table, folds, notes."""
        picture = Picture(
            name="p",
            title="T",
            sentence="Sentence.",
            svg="<svg></svg>",
            table=Table("Caption", ("A", "B"), (("1", "2"),)),
            blocks=(("Block", ("Line",)),),
            folded=(("Fold", ("Behind",)),),
            notes=("Note",),
            more=(Picture("q", "More", "Another."),),
        )
        html = str(picture_html(picture))
        order = [
            '<section class="picture picture-p" aria-labelledby="picture-p-heading">',
            "Sentence.",
            "<h4>Block</h4>",
            "<svg></svg>",
            "<caption>Caption</caption>",
            "<summary>Fold</summary>",
            "<summary>More</summary>",
            "Note",
        ]
        assert [html.find(o) for o in order] == sorted(html.find(o) for o in order)
        assert all(o in html for o in order)
        assert '<th scope="row">1</th>' in html

    def test_long_tables_fold(self) -> None:
        """A table that repeats a long drawing starts folded; a short one stands open."""
        rows = tuple((str(n), "") for n in range(9))
        long, short = (
            str(picture_html(Picture("p", "T", "S", table=Table("C", ("A", "B"), some))))
            for some in (rows, rows[:8])
        )
        assert "<summary>C</summary>" in long
        assert "<details" not in short

    def test_environment_is_strict(self) -> None:
        """A name nobody passed to a template is an error, and what is passed is escaped."""
        assert environment() is environment()
        template = environment().from_string("{{ words }}")
        assert template.render(words="<b>") == "&lt;b&gt;"
        with pytest.raises(Exception, match="undefined"):
            template.render()


class TestEscaping:
    def test_hostile_answers(self) -> None:
        """Markup in an answer is shown as it was written, in the drawing and in the table."""
        picture = iceberg(LAYERS, {layer.id: HOSTILE for layer in LAYERS})
        html = str(picture_html(picture))
        assert "<script" not in html
        assert "<b " not in html
        assert str(escape(HOSTILE)) in html
        assert HOSTILE in (picture.table or Table("", (), ())).rows[0][1]
        parsed(picture)

    @given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"])))
    def test_any_answer(self, words: str) -> None:
        """Whatever is written, the drawing stays well formed and adds no element."""
        plain = iceberg(LAYERS, {layer.id: "x" for layer in LAYERS})
        layers = {layer.id: f"x{words}" for layer in LAYERS}
        drawn = iceberg(LAYERS, layers)
        assert [e.tag for e in parsed(drawn).iter()] == [e.tag for e in parsed(plain).iter()]
        assert str(escape(f"x{words}".strip())) in str(picture_html(drawn))

    @given(st.text(alphabet="<>&\"'ab ", min_size=1, max_size=30).filter(str.strip))
    def test_any_wording(self, words: str) -> None:
        """Words of item sets and layers are escaped too."""
        items = tuple(
            Item(i, words, (words,) * 5, supervisor_asks=(words,), false_alarm=words)
            for i in ("a", "b", "c", "d", "e")
        )
        values = {i.id: 4 for i in items}
        layer = Layer("l", words, 0, words, (), ())
        for picture in (
            thinking(ItemSet("s", words, items), {}, sittings(values)),
            iceberg([layer], {"l": words}),
        ):
            parsed(picture)
            tags = re.findall(r"</?\s*([a-zA-Z]+)", str(picture_html(picture)))
            assert not [t for t in tags if set(t) <= {"a", "b"}]

    @given(*[st.text(alphabet="<&\"'>x", min_size=1)] * 2)
    def test_every_part(self, one: str, other: str) -> None:
        """Titles, sentences, captions, cells, blocks, folds and notes are all escaped."""

        def everywhere(a: str, b: str) -> str:
            table = Table(a, (a, b), ((b, a),))
            inner = Picture("m", a, b, table=table)
            blocks = ((a, (b,)), (b, (a,)))
            return str(picture_html(Picture("p", a, b, "", table, blocks, blocks, (a,), (inner,))))

        tags = [
            re.findall(r"</?[a-z]+", html)
            for html in (everywhere(one, other), everywhere("y", "y"))
        ]
        assert tags[0] == tags[1]


@given(any_sittings(THINKING_IDS), any_sittings(AXES_IDS), st.randoms())
def test_order_of_answers(ten_each: Any, seven_each: Any, random: Any) -> None:
    """The order in which answers were given never changes a picture."""
    for draw, item_set, each in (
        (lambda s, sit: thinking(s, {}, sit), THINKING, ten_each),
        (balance, AXES, seven_each),
    ):
        before = draw(item_set, each)
        for sitting in each:
            pairs = list(sitting.answers.items())
            random.shuffle(pairs)
            sitting.answers.clear()
            sitting.answers.update(pairs)
        assert draw(item_set, each) == before


@given(any_answers(THINKING_IDS), st.sampled_from([NOT_UP, SKIPPED]))
def test_never_drawn(answers: dict[str, object], state: str) -> None:
    """What did not come up or was skipped changes neither the drawing nor the sum."""
    points = {k: v for k, v in answers.items() if type(v) is int and 0 <= v <= 4}
    filled = {i: points.get(i, state) for i in THINKING_IDS}
    bare, full = (thinking(THINKING, {}, sittings(a)) for a in (points, filled))
    assert (bare.svg, bare.folded, bare.blocks) == (full.svg, full.folded, full.blocks)


@given(st.text(alphabet="abc ", max_size=80), st.integers(4, 30))
def test_lines(words: str, most: int) -> None:
    """Broken lines keep every word, and none is longer than it may be."""
    lines = lines_of(words, most)
    assert all(len(line) <= most for line in lines)
    assert "".join(lines).replace(" ", "") == words.replace(" ", "")


def _lettered(item_set: ItemSet) -> ItemSet:
    """The same items with words that have no figures in them."""
    items = tuple(
        Item(i.id, "Why?", ("one", "two", "three", "four", "five")) for i in item_set.items
    )
    return ItemSet(item_set.id, item_set.name, items)
