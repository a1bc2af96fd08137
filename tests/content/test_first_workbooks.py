"""The first four workbooks say what the model says, and open as they should."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cascade_tools import content, shelf
from cascade_tools.kit import kit_folder
from cascade_tools.model.prompts import Answer
from cascade_tools.model.workbook import Moment, Prose, Workbook

NOTEBOOKS = sorted(kit_folder("workbooks").rglob("*.ipynb"))
BELOW = "leader/going-below-the-surface"


def asks(path: Path) -> Iterator[tuple[str, list[Any], dict[str, Any]]]:
    """Every ``ask`` line of a notebook: its kind, its places and its named options."""
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] != "code":
            continue
        for call in ast.walk(ast.parse("".join(cell["source"]))):
            if (
                isinstance(call, ast.Call)
                and isinstance(call.func, ast.Attribute)
                and isinstance(call.func.value, ast.Name)
                and call.func.value.id == "ask"
            ):
                options = {str(k.arg): ast.literal_eval(k.value) for k in call.keywords}
                yield call.func.attr, [ast.literal_eval(a) for a in call.args], options


def asks_of(id: str) -> Iterator[tuple[str, list[Any], dict[str, Any]]]:
    return asks(kit_folder("workbooks") / f"{id}.ipynb")


def workbook(id: str) -> Workbook:
    return shelf.read(kit_folder("workbooks") / f"{id}.ipynb")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_scale_asks_what_its_item_asks(path: Path) -> None:
    """A question that takes its points from an item is worded as the item is, or as its twin."""
    for _, (_, question, *_), options in asks(path):
        if isinstance(options.get("words"), str):
            name, item_id = options["words"].split("/")
            item = content.item_set(name).item(item_id)
            assert item is not None, options["words"]
            assert question in (item.question, item.leader)


def test_after_i_coach_asks_every_item_once() -> None:
    """The ten and the seven are all there; only the ten have a share box of their own."""
    found = [
        (o["words"], o.get("own_tick"))
        for kind, _, o in asks_of("coach/after-i-coach")
        if kind == "scale"
    ]
    thinking = [words for words, tick in found if tick]
    balance = [words for words, tick in found if not tick]
    assert thinking == [f"thinking/{i.id}" for i in content.item_set("thinking").items]
    assert balance == [f"axes/{i.id}" for i in content.item_set("axes").items]
    assert len({tick for _, tick in found if tick}) == 1


def test_after_i_coach_names_the_six_kinds_and_the_six_depths_of_the_model() -> None:
    """The kinds of help stand in the model's plain words, the depths under the model's ids."""
    questions = {args[0]: args for _, args, _ in asks_of("coach/after-i-coach")}
    kinds = [args[1] for key, args in questions.items() if key.startswith("mostly-")]
    assert kinds == [kind.words for kind in content.kinds_of_help()]
    depths = [layer.id for layer in content.layers() if layer.depth is not None]
    assert list(questions["deepest-layer"][2]) == depths


def test_ten_minutes_closes_every_longer_page() -> None:
    """The short way ends at the safety question; the longer way goes on to the team at home."""
    book = workbook("coach/after-i-coach")
    short = book.open_pages({"way": "ten"})
    assert short[-1].prompts[-1].key == "safety"
    assert book.open_pages({"way": "longer"}, Moment(days=14)) == book.pages


def test_the_safety_answer_is_never_kept() -> None:
    """Whoever is worried sees the route at once, and nothing about it is stored."""
    prompt = workbook("coach/after-i-coach").prompt("safety")
    assert prompt is not None
    assert not prompt.keep
    assert dict(prompt.says) == {"yes": "worried", "not-sure": "worried"}


def test_going_below_the_surface_asks_as_the_model_asks() -> None:
    """Each layer has one question and one box, with the model's other ways in folded away."""
    found = {args[0]: (args[1], options.get("other_ways")) for _, args, options in asks_of(BELOW)}
    for layer in content.layers():
        assert found[layer.id] == (layer.question, list(layer.leader))


@pytest.mark.parametrize(
    ("answers", "reached"),
    [
        ({}, "presenting pattern relationships"),
        ({"after-presenting": "enough"}, "presenting"),
        ({"after-pattern": "enough"}, "presenting pattern"),
        ({"after-relationships": "enough"}, "presenting pattern relationships"),
        ({"after-relationships": "on"}, "presenting pattern relationships feelings water"),
        (
            {"after-relationships": "on", "after-feelings": "enough"},
            "presenting pattern relationships feelings water",
        ),
        (
            {"after-relationships": "on", "after-feelings": "on"},
            "presenting pattern relationships feelings assumptions water",
        ),
        (
            {f"after-{x}": "on" for x in ("relationships", "feelings", "assumptions")},
            "presenting pattern relationships feelings assumptions purpose water",
        ),
    ],
)
def test_one_may_stop_at_any_layer_and_always_comes_back_up(
    answers: dict[str, Answer], reached: str
) -> None:
    """The personal layers open only by choosing to go on, and every way ends at the surface."""
    pages = workbook(BELOW).open_pages(answers)
    layers = {layer.id for layer in content.layers()}
    keys = [prompt.key for page in pages for prompt in page.prompts]
    assert [key for key in keys if key in layers] == [*reached.split(), "up"]
    assert keys[-2:] == ["summary", "bring-to-coach"]


@pytest.mark.parametrize("layer", ["feelings", "assumptions", "purpose"])
def test_a_personal_layer_says_how_to_take_care(layer: str) -> None:
    """Before each personal box stand the hour not to choose and the link that helps."""
    page = next(p for p in workbook(BELOW).pages if layer in [q.key for q in p.prompts])
    before = page.parts[0]
    assert isinstance(before, Prose)
    assert "Best not last thing at night, alone." in before.markdown
    assert "*Worried about someone?*" in before.markdown
    if layer == "feelings":
        assert "Nothing here is shared unless you share it." in before.markdown


@pytest.mark.parametrize(
    ("id", "who"),
    [
        ("coach/after-i-coach", {"mine"}),
        (BELOW, {"mine"}),
        ("supervisor/our-supervision", {"pair"}),
        ("supervisor/reviewing-a-reflection", {"mine"}),
    ],
)
def test_writing_is_private_but_for_the_record_of_a_meeting(id: str, who: set[str]) -> None:
    """Only the supervision record is kept together; all else is its author's until shared."""
    assert {str(prompt.who) for prompt in workbook(id).prompts} == who
