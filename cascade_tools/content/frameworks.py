"""Frameworks: what others, or the programme, say that leading and coaching are made of.

Every file in ``data/frameworks`` can be read here, whatever else it is: an item set is a framework
whose items have points, and the iceberg one whose items are layers.
"""

from pathlib import Path

from cascade_tools.content.sets import ITEM_EXTRAS
from cascade_tools.content.spots import Spot, all_different, opened, optional
from cascade_tools.model.items import Framework, FrameworkItem

_ITEM = (
    *("id", "code", "words", "name", "question", "more", "better"),
    *(name for name in ITEM_EXTRAS if name != "words"),
    *("depth", "coach", "signs", "care"),
)


def framework_from(path: Path) -> Framework:
    """The framework in one file, with where it comes from."""
    top = opened(path, extra=("items", "layers", "groups", "points", "other_answer"))
    listed = top.get("items") or top.get("layers")
    if listed is None:
        raise top["id"].fault("there are no items", "add items: and a line for each")
    spots = [spot.fields((), _ITEM) for spot in listed.each()]
    groups: dict[str, str] = {}
    if "groups" in top:
        groups = {code.code(): words.text() for code, words in top["groups"].pairs()}
    items = tuple(
        _item(spot, fields, groups) for spot, fields in zip(listed.each(), spots, strict=True)
    )
    all_different([fields.get("id") or fields["code"] for fields in spots])
    return Framework(
        id=top["id"].text(),
        name=top["name"].text(),
        source=top["source"].text(),
        year=top["year"].number(),
        status=top["status"].text(),
        licence=top["licence"].text(),
        items=items,
    )


def _item(spot: Spot, fields: dict[str, Spot], groups: dict[str, str]) -> FrameworkItem:
    known_by = fields.get("id") or fields.get("code")
    if known_by is None:
        raise spot.fault("this item has no id", "add a line beginning id:")
    words = optional(fields, "words") or optional(fields, "name")
    question = optional(fields, "question")
    if not (words or question):
        raise spot.fault(f"item {known_by.text()} has no words", "add a line beginning words:")
    group = optional(fields, "group")
    if group not in groups and (group or groups):
        raise fields.get("group", spot).fault(
            f"item {known_by.text()} is in no group",
            f"give it group: {', '.join(groups) or 'none'}",
        )
    better = optional(fields, "better") or "higher"
    if better not in ("higher", "lower"):
        raise fields["better"].fault(f"{better!r} is not known", "write higher or lower")
    return FrameworkItem(
        id=known_by.text(),
        words=words or question,
        question=question if words else "",
        more=optional(fields, "more"),
        group=groups.get(group, ""),
        lower_is_better=better == "lower",
    )
