"""The leadership map and the outcomes over time: words first, nothing added up, nothing turned."""

import re
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cascade_tools import content, shelf
from cascade_tools.draw.drawn import drawn
from cascade_tools.draw.map import EMPTY, LEAN_AND_MATTERS, LEAN_ON, TO_GROW
from cascade_tools.draw.outcomes import LOWER, MOVED
from cascade_tools.draw.pictures import outcomes, picture_html
from cascade_tools.kit import kit_folder
from cascade_tools.model.picture import Picture, Sitting
from cascade_tools.model.prompts import NOT_UP, SKIPPED, Kind, Prompt, from_0_to_10

SVG = "{http://www.w3.org/2000/svg}"
NEVER = "score|average|mean|total|percentile|valid|reliable|norm|risk|weak|fail|best|worst"
TIMES = ("start", "half-way", "end", "six-months")


def prompts_of(name: str) -> dict[str, Prompt]:
    path = kit_folder("workbooks") / "leader" / f"{name}.ipynb"
    return {prompt.key: prompt for prompt in shelf.read(path).prompts}


MAP = prompts_of("my-leadership-map")
NOW = prompts_of("where-i-am-now")
AFTER = prompts_of("after-our-session")
TWELVE = tuple(key for key, prompt in MAP.items() if prompt.words_from)
TENS = tuple(key for key, prompt in NOW.items() if prompt.kind is Kind.TEN)


def sittings(*each: dict[str, object]) -> list[Sitting]:
    """One sitting a time, the last of them being written."""
    return [
        Sitting(None, 5, answers, current=n == len(each) - 1, time=TIMES[n])
        for n, answers in enumerate(each)
    ]


def the_map(*each: dict[str, object]) -> Picture:
    return drawn("map", MAP, sittings(*each))


def the_outcomes(*each: dict[str, object]) -> Picture:
    return drawn("outcomes", NOW, sittings(*each))


def svg_of(picture: Picture) -> ElementTree.Element:
    return ElementTree.fromstring(picture.svg)  # noqa: S314  (our own drawing)


def drawn_words(picture: Picture) -> str:
    return " ".join(" ".join(t.itertext()) for t in svg_of(picture).iter(f"{SVG}text"))


def dots(picture: Picture) -> list[ElementTree.Element]:
    return [e for e in svg_of(picture).iter() if e.get("class") == "picture-dot"]


def rows(picture: Picture) -> dict[str, tuple[str, ...]]:
    assert picture.table is not None
    return {row[0]: row[1:] for row in picture.table.rows}


class TestMap:
    def test_words_first(self) -> None:
        """What one can lean on and what matters stand in the words that were chosen."""
        picture = the_map({
            "values": 4, "learning": 3, "strategy": 2, "change": 0, "creativity": 1,
            "matters-now": ["values", "strategy", "change"],
        })  # fmt: skip
        assert picture.blocks == (
            (LEAN_AND_MATTERS, ("Leading by my values: very true of me",)),
            (LEAN_ON, ("Learning: mostly true",)),
            (TO_GROW, ("Looking ahead: true at times", "Starting change: not yet true of me")),
        )
        assert "has room to grow" in picture.sentence

    def test_nothing_grows_that_does_not_matter(self) -> None:
        """Only what somebody says matters now is ever named as having room to grow."""
        picture = the_map(dict.fromkeys(TWELVE, 0))
        assert picture.blocks == ()
        assert picture.sentence == "Here is what you said, in the words you chose."

    @pytest.mark.parametrize("value", [NOT_UP, SKIPPED, None])
    def test_what_was_not_answered_is_no_zero(self, value: str | None) -> None:
        """Not part of my work, skipped and not reached are told apart, and are not drawn."""
        picture = the_map({"values": value, "learning": 4, "matters-now": ["values"]})
        said = {NOT_UP: "Not part of my work now", SKIPPED: "Skipped", None: "Not answered"}[value]
        assert rows(picture)["Leading by my values"] == (said, "Yes")
        assert [heading for heading, _ in picture.blocks] == [LEAN_ON]
        assert len(dots(picture)) == 1

    def test_empty(self) -> None:
        """A map nobody has begun is a quiet sentence: no drawing, no table."""
        picture = the_map({})
        assert (picture.sentence, picture.svg, picture.table) == (EMPTY, "", None)

    def test_all_twelve_under_their_groups(self) -> None:
        """Every answer is a row under the name of its group, with the words that were chosen."""
        picture = the_map({key: n % 5 for n, key in enumerate(TWELVE)})
        words = drawn_words(picture)
        for group in content.framework("ccl12").groups:
            assert words.count(group) == 1
        for item in content.item_set("ccl12").items:
            assert item.words in words
        assert len(dots(picture)) == 12
        assert len(rows(picture)) == 12
        assert not re.search(r"\d", words)

    def test_two_maps_side_by_side(self) -> None:
        """A second map has a column for each, and a ring where an answer was another before."""
        picture = the_map({"values": 1, "learning": 3}, {"values": 3, "learning": 3})
        assert picture.table is not None
        assert picture.table.headers[1:] == ("At the start", "Half-way", "Matters to you now")
        assert rows(picture)["Leading by my values"][:2] == ("A little true", "Mostly true")
        rings = [e for e in svg_of(picture).iter() if e.get("class") == "picture-session"]
        assert len(rings) == 1 + 1  # one answer that differs, and the key
        assert "the map before, where it differs" in drawn_words(picture)

    def test_a_map_shows_no_later_one(self) -> None:
        """Whoever looks back at an early map sees it as it was."""
        early, late = sittings({"values": 1}, {"values": 4})
        early = Sitting(None, 5, early.answers, current=True, time=early.time)
        late = Sitting(None, 5, late.answers, time=late.time)
        picture = drawn("map", MAP, [early, late])
        assert rows(picture)["Leading by my values"] == ("A little true", "")

    def test_own_words(self) -> None:
        """What somebody wrote of their strengths stands with the map, escaped."""
        written = {"values": 3, "strength-1": "Calm <b>", "grow-1": "Letting go", "grow-2": ""}
        picture = the_map(written)
        assert picture.blocks[-2:] == (
            ("Strengths to use", ("Calm <b>",)),
            ("To grow", ("Letting go",)),
        )
        assert "Calm &lt;b&gt;" in str(picture_html(picture))


class TestOutcomes:
    def test_each_line_by_itself(self) -> None:
        """Every line that was answered has a drawing and a row of its own; the others have none."""
        picture = the_outcomes({"o1": 3, "o2": 0}, {"o1": 5, "o2": 0, "o12": SKIPPED})
        assert rows(picture) == {
            "I had time and space to think": ("3", "5"),
            NOW["o2"].question: ("0", "0"),
            "After a hard day I could recover": ("Not answered", "Skipped"),
        }
        assert len(dots(picture)) == 4
        assert NOW["co1"].question not in str(picture)
        assert picture.sentence == "Your answers at the start and half-way, line by line."

    def test_times_stand_in_order(self) -> None:
        """Columns are the programme's own times, from left to right."""
        each: dict[str, object] = {"o1": 4}
        picture = the_outcomes(each, each, each, each)
        assert picture.table is not None
        assert picture.table.headers[1:] == (
            *("At the start", "Half-way", "At the end", "Six months later"),
        )
        places = [float(e.get("cx", "")) for e in dots(picture)]
        assert places == sorted(places)
        assert len(set(places)) == 4

    def test_lower_is_said_in_words_and_nothing_is_turned(self) -> None:
        """A line where lower is better says so wherever it stands; no dot is turned round."""
        picture = the_outcomes({"o7": 8, "o6": 8}, {"o7": 3, "o6": 3})
        assert LOWER in drawn_words(picture)
        assert [key for key in rows(picture) if LOWER in key] == [
            f"I felt alone in my role ({LOWER})"
        ]
        ((heading, lines),) = picture.blocks
        assert heading == MOVED
        assert lines[:2] == (
            "I had people in my sector I could turn to: from 8 to 3.",
            f"I felt alone in my role ({LOWER}): from 8 to 3.",
        )
        one, two, three, four = (float(e.get("cy", "")) for e in dots(picture))
        assert (two - one) == pytest.approx(four - three)
        assert two > one

    def test_a_line_goes_only_between_answers(self) -> None:
        """A time that was skipped is a gap: nobody draws what was not said."""
        picture = the_outcomes({"o1": 2}, {"o1": SKIPPED}, {"o1": 6}, {"o1": 7})
        joined = [e for e in svg_of(picture).iter() if e.tag == f"{SVG}polyline"]
        assert len(joined) == 1
        assert len(dots(picture)) == 3

    def test_one_time(self) -> None:
        """At the start there is nothing to join: one dot a line, from left to right."""
        picture = the_outcomes({"o1": 0, "o2": 10})
        none, most = (float(e.get("cx", "")) for e in dots(picture))
        assert none < most
        assert picture.blocks == ()
        assert picture.sentence == "Your answers at the start, line by line."

    def test_a_small_step_is_not_named(self) -> None:
        """Single answers wander by one: only two or more is put into words."""
        assert the_outcomes({"o1": 4}, {"o1": 5}).blocks == ()
        assert the_outcomes({"o1": 4}, {"o1": 6}).blocks != ()

    def test_empty(self) -> None:
        """Before anything is answered there is a quiet sentence, and no drawing."""
        picture = the_outcomes({})
        assert (picture.svg, picture.table) == ("", None)
        assert picture.sentence == "There is nothing to show yet."

    def test_measures_of_others_are_shown_too(self) -> None:
        """A question from 0 to 10 that the programme adds is a line like any other."""
        anxious = content.measures()[0].prompts[3]
        picture = drawn(
            "outcomes", {**NOW, anxious.key: anxious}, sittings({"ons4-anxious": 6, "o1": 4})
        )
        assert [name for name in rows(picture) if LOWER in name] == [
            f"{anxious.question} ({LOWER})"
        ]

    @settings(deadline=None)  # two cores may be busy
    @given(
        st.lists(st.dictionaries(st.sampled_from(TENS), st.integers(0, 10)), min_size=1, max_size=4)
    )
    def test_nothing_is_added_up(self, each: list[dict[str, object]]) -> None:
        """Every number on the picture is an answer somebody gave, or an end of a line."""
        picture = the_outcomes(*each)
        said = {str(value) for answers in each for value in answers.values()} | {"0", "10"}
        assert picture.table is None or {
            cell for row in picture.table.rows for cell in row[1:]
        } <= said | {"Not answered"}
        if picture.svg:
            assert set(re.findall(r"\d+", drawn_words(picture))) <= said


class TestBoth:
    PICTURES = (
        the_map({key: n % 5 for n, key in enumerate(TWELVE)}, dict.fromkeys(TWELVE, 2)),
        the_map({}),
        the_outcomes(dict.fromkeys(TENS, 5)),
        the_outcomes(dict.fromkeys(TENS, 5), dict.fromkeys(TENS, 9)),
    )

    @pytest.mark.parametrize("picture", PICTURES)
    def test_drawings_are_sound(self, picture: Picture) -> None:
        """A drawing names itself, fits its box, and has neither style nor script."""
        if not picture.svg:
            return
        root = svg_of(picture)
        assert root.get("role") == "img"
        assert [e.tag for e in root[:2]] == [f"{SVG}title", f"{SVG}desc"]
        assert root[1].text == picture.sentence
        _, _, wide, tall = map(float, root.get("viewBox", "").split())
        for element in root.iter():
            assert not any(k == "style" or k.startswith("on") for k in element.attrib)
            for name, most in (("cx", wide), ("x", wide), ("cy", tall), ("y", tall)):
                assert 0 <= float(element.get(name) or 0) <= most

    @pytest.mark.parametrize("picture", PICTURES)
    def test_classes_have_a_style_and_words_are_kind(self, picture: Picture) -> None:
        """Every class is in the style sheet, and no word judges."""
        css = (kit_folder("templates") / "static" / "picture.css").read_text("utf-8")
        used = {c for names in re.findall(r'class="([^"]+)"', picture.svg) for c in names.split()}
        assert {c for c in used if f".{c}" not in css} == set()
        text = re.sub(r"<[^>]*>", " ", str(picture_html(picture)))
        assert not re.findall(rf"\b(?:{NEVER})\w*\b", text, re.IGNORECASE)

    @settings(deadline=None)  # two cores may be busy
    @given(st.text(alphabet="<>&\"'ab ", min_size=1, max_size=30).filter(str.strip))
    def test_any_wording_is_escaped(self, words: str) -> None:
        """Whatever a question says, the drawing stays whole and adds no element."""
        prompt = Prompt("q", Kind.TEN, words, from_0_to_10(words, words))
        for each in ([{"q": 3}], [{"q": 3}, {"q": 9}]):
            picture = outcomes([prompt], sittings(*each), {"q"})  # type: ignore[arg-type]
            svg_of(picture)
            tags = re.findall(r"</?\s*([a-zA-Z]+)", str(picture_html(picture)))
            assert not [t for t in tags if set(t) <= {"a", "b"}]


def test_the_leaders_own_view_counts_for_the_balance() -> None:
    """Two of the leader's answers stand for two of the seven, so that nobody is asked twice."""
    answers: dict[str, Any] = {
        "ax-cb1": 4, "ax-cb2": 4, "ax-cb3": SKIPPED, "ax-ld2": 1,
        "ld-d1": 3, "ld-d6": 2, "ld-d9": 0,
    }  # fmt: skip
    picture = drawn("balance", AFTER, [Sitting(1, 5, answers, current=True)])
    assert picture.table is not None
    assert picture.table.rows == (("1", "4.0 (from 2 answers)", "2.0 (from 3 answers)"),)
