"""Item sets, layers and lists of choices: the files in which people find words to choose."""

from pathlib import Path

from cascade_tools.content.spots import Spot, all_different, opened, optional
from cascade_tools.model.items import Item, ItemSet, Layer
from cascade_tools.model.prompts import Choice

ITEM_EXTRAS = (
    *("words", "group", "points", "axis", "leader", "other_answer"),
    *("supervisor_asks", "false_alarm", "source", "serves"),
)


def item_set_from(path: Path) -> ItemSet:
    """The item set in one file.  An item without ``points`` of its own has the set's."""
    top = opened(path, "items", extra=("groups", "other_answer", "points"))
    shared = top["points"].five() if "points" in top else None
    items = [spot.fields(("id", "question"), ITEM_EXTRAS) for spot in top["items"].each()]
    all_different([fields["id"] for fields in items])
    return ItemSet(
        id=top["id"].text(),
        name=top["name"].text(),
        items=tuple(_item(fields, shared) for fields in items),
        other_answer=optional(top, "other_answer") or "Did not come up",
    )


def layers_from(path: Path) -> tuple[Layer, ...]:
    """The layers in one file.  Depths run 0, 1, 2 …; those without a depth come after."""
    top = opened(path, "layers")
    needed = ("id", "depth", "name", "question", "leader", "coach")
    spots = [spot.fields(needed, ("signs", "care")) for spot in top["layers"].each()]
    all_different([fields["id"] for fields in spots])
    found: list[Layer] = []
    for place, fields in enumerate(spots):
        depth = fields["depth"].number_or_null()
        above_water = not found or found[-1].depth is not None
        if depth is not None and (depth != place or not above_water):
            raise fields["depth"].fault(
                f"depth {depth} is out of order",
                "count 0, 1, 2 from the top, and put layers with depth null last",
            )
        found.append(
            Layer(
                id=fields["id"].text(),
                name=fields["name"].text(),
                depth=depth,
                question=fields["question"].text(),
                leader=fields["leader"].texts(),
                coach=fields["coach"].texts(),
                signs=optional(fields, "signs"),
                care=optional(fields, "care"),
            )
        )
    return tuple(found)


def choices_from(path: Path) -> tuple[Choice, ...]:
    """The choices in one file: codes that never change, and their words."""
    top = opened(path, "choices")
    return tuple(Choice(code.code(), words.text()) for code, words in top["choices"].pairs())


def kinds_of_help_from(path: Path) -> tuple[Choice, ...]:
    """The kinds of help in one file.  Their technical names are checked, and stay there."""
    top = opened(path, "items")
    spots = [spot.fields(("code", "words", "name")) for spot in top["items"].each()]
    all_different([fields["code"] for fields in spots])
    for fields in spots:
        fields["name"].text()
    return tuple(Choice(fields["code"].text(), fields["words"].text()) for fields in spots)


def _item(fields: dict[str, Spot], shared: tuple[str, str, str, str, str] | None) -> Item:
    points = fields["points"].five() if "points" in fields else shared
    if points is None:
        raise fields["id"].fault(
            f"item {fields['id'].text()} has no points", "add points: and five lines of words"
        )
    asks = fields["supervisor_asks"].texts() if "supervisor_asks" in fields else ()
    return Item(
        id=fields["id"].text(),
        question=fields["question"].text(),
        points=points,
        axis=optional(fields, "axis"),
        supervisor_asks=asks,
        false_alarm=optional(fields, "false_alarm"),
        source=optional(fields, "source"),
        leader=optional(fields, "leader"),
        other_answer=optional(fields, "other_answer"),
        words=optional(fields, "words"),
        group=optional(fields, "group"),
        serves=optional(fields, "serves"),
    )
