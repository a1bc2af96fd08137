"""Frameworks: what others say leading is made of, each with where it comes from."""

import re
from pathlib import Path

import pytest
import yaml

from cascade_tools import content
from cascade_tools.errors import ContentFault
from cascade_tools.kit import kit_folder

FOLDER = kit_folder("data") / "frameworks"
# The seventeen of the design, and the leader's own view, which stands beside thinking_v1.
NAMES = [
    *("ccl12", "iip4", "nhs_lqf", "nhs_scotland", "ncsl_stages", "scs_core"),
    *("dfe_kss_practice_leaders", "sector_standards", "three_approaches"),
    *("supervision_functions", "seven_eyes", "heron6", "iceberg_layers"),
    *("thinking_v1", "axes_v1", "alliance_v1", "outcomes_v1", "view_v1"),
]
CODE = re.compile(r"[a-z0-9][a-z0-9-]*")


def test_every_framework_of_the_design_is_there() -> None:
    """Nothing is missing, and nothing lies there that the design does not name."""
    assert sorted(path.stem for path in FOLDER.glob("*.yaml")) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_framework_says_where_it_comes_from(name: str) -> None:
    """Name, source, year, status and licence are there to be shown, whatever kind of file it is."""
    framework = content.framework(name)
    assert framework.id == name
    assert framework.name and framework.source
    assert 1950 < framework.year <= 2026
    assert framework.status in ("current", "historic")
    assert framework.licence == "CC-BY-4.0"


@pytest.mark.parametrize("name", NAMES)
def test_a_framework_is_a_list_to_choose_from(name: str) -> None:
    """Every item has a code that can be stored, and words that differ from the others'."""
    choices = content.choices(f"frameworks/{name}")
    assert all(CODE.fullmatch(choice.code) for choice in choices)
    assert len({choice.words for choice in choices}) == len(choices)


@pytest.mark.parametrize("name", NAMES)
def test_a_file_names_who_looks_at_it_again(name: str) -> None:
    """Each file says its language and version, who keeps it, and until when it is fresh."""
    about = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    assert about["language"] == "en-GB"
    assert about["owner"] and about["version"] and about["review_by"]


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("ccl12", [4, 4, 4]),
        ("iip4", [2, 2, 3, 2]),
        ("nhs_lqf", [5, 5, 5]),
        ("nhs_scotland", [3, 3, 3]),
        ("sector_standards", [3, 3, 3]),
        ("outcomes_v1", [12, 4]),
    ],
)
def test_groups_hold_what_the_source_puts_in_them(name: str, counts: list[int]) -> None:
    """A framework in parts has the source's parts, with as many items in each."""
    framework = content.framework(name)
    found = [sum(item.group == group for item in framework.items) for group in framework.groups]
    assert found == counts


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("ncsl_stages", 5),
        ("scs_core", 6),
        ("dfe_kss_practice_leaders", 6),
        ("three_approaches", 3),
        ("supervision_functions", 3),
        ("seven_eyes", 7),
        ("heron6", 6),
        ("alliance_v1", 4),
    ],
)
def test_a_short_list_is_whole(name: str, count: int) -> None:
    """A framework without parts has as many items as its source."""
    assert len(content.framework(name).items) == count


def test_what_is_no_longer_in_use_says_so() -> None:
    """Frameworks that their makers have left behind are marked, so that pages can say it."""
    historic = {name for name in NAMES if content.framework(name).status == "historic"}
    assert historic == {
        *("iip4", "nhs_lqf", "nhs_scotland", "ncsl_stages", "scs_core", "sector_standards")
    }


def test_only_feeling_alone_is_better_when_lower() -> None:
    """The one outcome that runs the other way is marked, and no other is."""
    items = content.framework("outcomes_v1").items
    assert [item.id for item in items if item.lower_is_better] == ["O7"]
    assert [item.id for item in items][-4:] == ["CO1", "CO2", "CO3", "CO4"]


def test_the_leaders_own_view_is_asked_once_for_both_pictures() -> None:
    """Two of its five answers count for the balance; between them all seven items are there."""
    view, axes = content.item_set("view"), content.item_set("axes")
    assert [item.id for item in view.items] == ["D1", "D5", "D6", "D9", "D8"]
    thinking = content.item_set("thinking")
    assert all(thinking.item(item.id) for item in view.items)
    served = {item.serves for item in view.items if item.serves}
    assert served == {"axes/LD1", "axes/LD3"}
    assert all(axes.item(name.removeprefix("axes/")) for name in served)
    assert all(item.points == axes.items[0].points for item in view.items)


def test_the_map_has_a_short_name_and_a_sentence_for_each_of_the_twelve() -> None:
    """The twelve can be asked as sentences and named in a picture, in five worded points."""
    items = content.item_set("ccl12").items
    assert len(items) == 12
    assert all(item.words and item.question.startswith(("I ", "What I")) for item in items)
    assert len({item.points for item in items}) == 1


SMALL = """\
id: small
name: A small list
version: 1
language: en-GB
year: 2026
source: Our own wording
status: current
licence: CC-BY-4.0
review_by: 2027-11-30
owner: The tests
groups: {near: Near by, far: Far away}
items:
  - {id: one, group: near, words: The first}
  - {id: two, group: far, words: The second, better: lower}
"""
FAULTS = {
    "an item without an id": ("id: two, ", "", "- {group: far", "no id; add a line"),
    "an item without words": ("words: The second, ", "", "id: two", "item two has no words; add"),
    "a group nobody made": ("group: far", "group: fra", "group: fra", "in no group; give it"),
    "no group where there are some": ("group: far, ", "", "id: two", "in no group; give it"),
    "better is a slip": ("better: lower", "better: less", "better: less", "higher or lower"),
    "an unknown field": ("words: The first", "wrods: The first", "wrods", "not known here; use"),
    "the same id twice": ("id: two", "id: one", "id: one, group: far", "twice; give each"),
    "no items": ("items:", "itmes:", "itmes", "not known here"),
}


@pytest.mark.parametrize("case", FAULTS)
def test_a_fault_names_the_file_the_line_and_the_fix(case: str, tmp_path: Path) -> None:
    """Whoever edits a framework is told where the slip is and how to put it right."""
    old, new, at, says = FAULTS[case]
    text = SMALL.replace(old, new)
    path = tmp_path / "small.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ContentFault) as caught:
        content.framework_from(path)
    line = text[: text.index(at)].count("\n") + 1
    assert str(caught.value).startswith(f"{path}, line {line}: "), str(caught.value)
    assert says in str(caught.value)


def test_a_sound_framework_loads(tmp_path: Path) -> None:
    """What the faults above are made from is sound before it is broken."""
    path = tmp_path / "small.yaml"
    path.write_text(SMALL, encoding="utf-8")
    framework = content.framework_from(path)
    assert framework.groups == ("Near by", "Far away")
    assert [item.lower_is_better for item in framework.items] == [False, True]
    assert framework.item("one") == framework.items[0]
    path.write_text(SMALL[: SMALL.index("items:")], encoding="utf-8")
    with pytest.raises(ContentFault, match="there are no items; add items"):
        content.framework_from(path)


def test_no_name_leaves_the_folder() -> None:
    """A slip in a name is a fault that says so, and no name reaches another folder."""
    with pytest.raises(ContentFault, match="cannot be a framework"):
        content.framework("../issues")
    with pytest.raises(ContentFault, match="no such file"):
        content.framework("ccl13")
    with pytest.raises(ContentFault, match="no such file"):
        content.choices("frameworks/ccl13")
