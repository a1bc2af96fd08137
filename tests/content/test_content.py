"""Data files become values of the model, or faults that say what to do."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cascade_tools import content
from cascade_tools.errors import ContentFault
from cascade_tools.kit import kit_folder

DATA = kit_folder("data")
KIT_FILES = sorted([*DATA.glob("*.yaml"), *DATA.glob("frameworks/*.yaml")])
ITEM_SETS = ("thinking", "axes")

ABOUT = """\
id: small_v1
name: A small set
version: 1
language: en-GB
year: 2026
source: Our own wording
status: current
licence: CC-BY-4.0
review_by: 2027-11-30
owner: The tests
"""
SET = f"""{ABOUT}items:
  - id: A1
    question: How was it?
    points: [Calm, Good, Mixed, Hard, Stormy]
  - id: A2
    question: Who spoke?
    points: ["They did", "Mostly them", "Both", "Mostly me", "I did"]
"""
LAYERS = f"""{ABOUT.replace("small_v1", "small_layers")}layers:
  - {{id: top, depth: 0, name: Top, question: "What?", leader: ["Why now?"], coach: ["Who?"]}}
  - {{id: low, depth: 1, name: Low, question: "Where?", leader: ["When not?"], coach: ["Again?"]}}
  - {{id: up, depth: null, name: Up, question: "Now?", leader: ["By when?"], coach: ["Whose?"]}}
"""
CHOICES = f"""{ABOUT.replace("small_v1", "small")}choices:
  board: Board or trustees
  my-role: My own role
"""
KINDS = f"""{ABOUT.replace("small_v1", "kinds")}items:
  - {{code: PRE, words: Told them, name: prescriptive}}
  - {{code: INF, words: Gave a fact, name: informative}}
"""
SOUND: dict[str, tuple[str, Callable[[Path], Any]]] = {
    "small_v1": (SET, content.item_set_from),
    "small_layers": (LAYERS, content.layers_from),
    "small": (CHOICES, content.choices_from),
    "kinds": (KINDS, content.kinds_of_help_from),
}


def line_of(text: str, words: str) -> int:
    return text[: text.index(words)].count("\n") + 1


# What the kit ships


@pytest.mark.parametrize("name", ITEM_SETS)
def test_every_item_has_five_worded_points(name: str) -> None:
    """A person always chooses between five different sentences, never numbers."""
    for item in content.item_set(name).items:
        assert len(set(item.points)) == 5, item.id
        assert all(re.search("[A-Za-z]", point) for point in item.points), item.id


def test_the_ten_thinking_items_bring_all_a_supervisor_needs() -> None:
    """Each of the ten has its source, a supervisor's question and its false alarm."""
    items = content.item_set("thinking").items
    assert [i.id for i in items] == [f"D{n}" for n in range(1, 11)]
    assert all(i.source and i.supervisor_asks and i.false_alarm for i in items)
    assert content.item_set("thinking").other_answer == "Did not come up"
    assert {i.id: i.other_answer for i in items if i.other_answer} == {"D2": "I noticed no pull"}


def test_the_balance_items_stand_on_two_axes_in_two_voices() -> None:
    """Three items of practical help and four of thinking, each in a coach's and leader's words."""
    items = content.item_set("axes").items
    assert [i.id for i in items] == ["CB1", "CB2", "CB3", "LD1", "LD2", "LD3", "LD4"]
    assert all(i.axis == i.id[:2] and i.leader and i.leader != i.question for i in items)


def test_the_iceberg_goes_down_six_layers_and_comes_back_up() -> None:
    """Six layers from the top down, then the water and the way up, with care where it is needed."""
    layers = content.layers()
    down = ["presenting", "pattern", "relationships", "feelings", "assumptions", "purpose"]
    assert [x.id for x in layers] == [*down, "water", "up"]
    assert [x.depth for x in layers] == [0, 1, 2, 3, 4, 5, None, None]
    assert all(x.signs for x in layers if x.depth is not None)
    assert [x.id for x in layers if x.care] == ["feelings", "purpose"]


def test_a_set_is_found_by_its_name_or_by_its_exact_version() -> None:
    """A workbook names the set; an old answer names the version it was given to."""
    assert content.item_set("thinking") == content.item_set("thinking_v1")


def test_there_are_twelve_issues_and_six_kinds_of_help() -> None:
    """The two short lists are complete, with codes that can be stored."""
    assert len(content.choices("issues")) == 12
    codes = [kind.code for kind in content.kinds_of_help()]
    assert codes == ["PRE", "INF", "CON", "CAT", "CLY", "SUP"]


def loader_for(path: Path) -> Callable[[Path], Any]:
    if "points:" in path.read_text(encoding="utf-8"):
        return content.item_set_from
    special = {
        "iceberg_layers": content.layers_from,
        "heron6": content.kinds_of_help_from,
    }
    plain = content.framework_from if path.parent.name == "frameworks" else content.choices_from
    return special.get(path.stem, plain)


@pytest.mark.parametrize("path", KIT_FILES, ids=lambda p: p.name)
def test_every_shipped_file_loads(path: Path) -> None:
    """No data file of the kit has a fault."""
    assert loader_for(path)(path)


def test_the_fictional_programme_loads() -> None:
    """Every file of the demonstration is read under its own name."""
    assert set(content.demo()) == {path.stem for path in DATA.glob("demo/*.yaml")}


# Faults: which file, which line, what to do


def fault(tmp_path: Path, name: str, text: str, load: Callable[[Path], Any]) -> str:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ContentFault) as caught:
        load(path)
    return str(caught.value).removeprefix(f"{path}, ")


SET_FAULTS = {
    "a point is missing": (", Stormy", "", "[Calm", "4 points; give five"),
    "a point is empty": ("Stormy", '""', "[Calm", "words are missing; write them"),
    "two points are the same": ("Stormy", "Calm", "[Calm", "'Calm' stands here twice; give each"),
    "a point is a bare No": ("Stormy", "No", "[Calm", "'No' is not words; put it in quotation"),
    "an item has no points": ("    points: [Calm", "#", "id: A1", "no points; add points:"),
    "an unknown field": ("points: [Calm", "pionts: [Calm", "pionts", "not known here; use id"),
    "a missing field": ("    question: Who spoke?\n", "", "id: A2", "'question' is missing; add"),
    "a day that never was": ("2027-11-30", "2027-02-30", "review_by", "not a date; write year"),
    "a day in words": ("2027-11-30", "next spring", "review_by", "not a date; write year"),
    "a day by its week": ("2027-11-30", "2027-W48-2", "review_by", "not a date; write year"),
    "the same id twice": ("id: A2", "id: A1", "id: A1\n    question: Who", "twice; give each"),
    "the same field twice": ("owner:", "year: 2025\nowner:", "year: 2025", "twice; remove one"),
    "the id is another": ("id: small_v1", "id: large_v1", "large_v1", "use the file's name"),
    "an unknown status": ("current", "fresh", "status", "use current or historic"),
    "a year in words": ("year: 2026", "year: last", "year", "whole number; write digits"),
    "words are a list": ("How was it?", "[How, was]", "[How", "should be words; write one"),
    "points are words": ("[Calm, Good, Mixed, Hard, Stormy]", "Calm", "Calm", "list; begin each"),
    "broken YAML": ("name: A small", 'name: "A small', "owner", "; check quotation marks"),
}


@pytest.mark.parametrize("case", SET_FAULTS)
def test_a_fault_names_the_file_the_line_and_the_fix(case: str, tmp_path: Path) -> None:
    """Whoever edits an item set is told where the slip is and how to put it right."""
    old, new, at, says = SET_FAULTS[case]
    text = SET.replace(old, new) if case == "the same id twice" else SET.replace(old, new, 1)
    message = fault(tmp_path, "small_v1.yaml", text, content.item_set_from)
    if case == "broken YAML":  # an open quotation mark is only missed further down
        assert re.match(r"line [0-9]+: ", message)
    else:
        assert message.startswith(f"line {line_of(text, at)}: "), message
    assert says in message


OTHER_FAULTS = {
    "a depth is left out": ("small_layers", "depth: 1", "depth: 2", "id: low", "of order; count"),
    "deep after the way up": ("small_layers", "depth: 0", "depth: null", "id: low", "of order"),
    "the same layer twice": ("small_layers", "id: low", "id: top", "name: Low", "twice; give each"),
    "the same code twice": ("small", "my-role", "board", "board: My", "twice; remove one"),
    "a code with a space": ("small", "my-role", "my role", "my role", "cannot be a code; use a-z"),
    "choices are words": (
        "small",
        "\n  board: Board or trustees\n  my-role:",
        "",
        "choices",
        "named",
    ),
    "the same kind twice": ("kinds", "INF", "PRE", "Gave a fact", "twice; give each"),
    "a kind without a name": ("kinds", ", name: informative", "", "INF", "'name' is missing; add"),
}


@pytest.mark.parametrize("case", OTHER_FAULTS)
def test_layers_and_lists_are_checked_too(case: str, tmp_path: Path) -> None:
    """The iceberg and the lists of choices tell of their faults in the same way."""
    name, old, new, at, says = OTHER_FAULTS[case]
    text, load = SOUND[name]
    changed = text.replace(old, new)
    message = fault(tmp_path, f"{name}.yaml", changed, load)
    assert message.startswith(f"line {line_of(changed, at)}: "), message
    assert says in message


def test_sound_files_of_one_s_own_load(tmp_path: Path) -> None:
    """What the faults above are made from is sound before it is broken."""
    for name, (text, _) in SOUND.items():
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    assert content.item_set_from(tmp_path / "small_v1.yaml").items[0].points[4] == "Stormy"
    assert [x.depth for x in content.layers_from(tmp_path / "small_layers.yaml")] == [0, 1, None]
    assert content.choices_from(tmp_path / "small.yaml")[1].words == "My own role"
    assert content.kinds_of_help_from(tmp_path / "kinds.yaml")[0].code == "PRE"


def test_points_may_stand_once_for_the_whole_set(tmp_path: Path) -> None:
    """An item without points of its own has the set's; one with its own keeps them."""
    shared = SET.replace("    points: [Calm", "    #", 1).replace(
        "items:", "points: [a, b, c, d, e]\nitems:"
    )
    path = tmp_path / "small_v1.yaml"
    path.write_text(shared, encoding="utf-8")
    first, second = content.item_set_from(path).items
    assert first.points == ("a", "b", "c", "d", "e")
    assert second.points[2] == "Both"


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """Missing, empty and wrongly saved files are content faults, not tracebacks."""
    path = tmp_path / "small_v1.yaml"
    with pytest.raises(ContentFault, match="no such file"):
        content.item_set_from(path)
    path.write_bytes(b"name: caf\xe9")
    with pytest.raises(ContentFault, match="UTF-8"):
        content.item_set_from(path)
    path.write_text("# nothing yet\n", encoding="utf-8")
    with pytest.raises(ContentFault, match="line 1: the file is empty"):
        content.item_set_from(path)


def test_a_name_that_is_not_there_is_a_fault() -> None:
    """A slip in a workbook names the set or list it asked for, and no name leaves the folder."""
    with pytest.raises(ContentFault, match="thnking"):
        content.item_set("thnking")
    with pytest.raises(ContentFault, match="no such file"):
        content.choices("isues")
    with pytest.raises(ContentFault, match="cannot be a list"):
        content.choices("frameworks/../issues")


def test_the_demonstration_keeps_plain_values_and_refuses_a_bare_yes(tmp_path: Path) -> None:
    """Words such as yes and on stay words: YAML would quietly turn them into True."""
    (tmp_path / "people.yaml").write_text("people: [{name: Bo, on: 3}]\n", encoding="utf-8")
    with pytest.raises(ContentFault, match="line 1: 'on' is not words; put it in quotation"):
        content.demo_from(tmp_path)
    (tmp_path / "people.yaml").write_text("a: [1, null, true]\nb:\n  c: yes\n", encoding="utf-8")
    with pytest.raises(ContentFault, match=r"line 3: YAML reads yes .*quotation marks"):
        content.demo_from(tmp_path)
    (tmp_path / "people.yaml").write_text('a: [1, null, true]\nb:\n  c: "yes"\n', encoding="utf-8")
    assert content.demo_from(tmp_path) == {"people": {"a": [1, None, True], "b": {"c": "yes"}}}
