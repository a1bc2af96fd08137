"""Answers made of parts, as the page shows them: which part stands where, and what it holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from cascade_tools.model.composite_words import moved_words, standing
from cascade_tools.model.composites import MOST_ITEMS, Composite, Part, lacks
from cascade_tools.model.prompts import Answer
from cascade_tools.model.typed import parts_of

# Where a script puts the number of an item it adds.
NUMBER = "N"


@dataclass(frozen=True, slots=True)
class PartView:
    """One part: ``under`` holds what opens under each of its choices."""

    part: Part
    name: str
    value: str
    days: tuple[str, str, str]
    waits: bool
    under: Mapping[str, "PartView"]

    @property
    def id(self) -> str:
        return f"q-{self.name}"


@dataclass(frozen=True, slots=True)
class GroupView:
    """Parts that stand together; ``fold`` is the heading they are folded under."""

    fold: str
    open: bool
    parts: tuple[PartView, ...]


@dataclass(frozen=True, slots=True)
class ItemView:
    name: str
    title: str
    id: str
    groups: tuple[GroupView, ...]
    standing: str
    moved: str


@dataclass(frozen=True, slots=True)
class CompositeView:
    """``blank`` waits to be filled in, and ``another`` is what a script copies; a goal has none."""

    composite: Composite
    items: tuple[ItemView, ...]
    blank: ItemView | None
    another: ItemView | None
    last: int
    most: int = MOST_ITEMS


def composite_view(composite: Composite, key: str, value: Answer) -> CompositeView:
    """What the page shows of an answer, whether it was saved or only typed."""
    if not composite.many:
        item = value if isinstance(value, dict) else composite.blank()
        return CompositeView(composite, (_item(composite, key, "1", item),), None, None, 1)
    kept = [i for i in value if isinstance(i, dict)] if isinstance(value, list) else []
    items = [_item(composite, key, str(n), item) for n, item in enumerate(kept, start=1)]
    last = len(items) + 1
    room = len(items) < MOST_ITEMS
    return CompositeView(
        composite,
        tuple(items),
        _item(composite, key, str(last), composite.blank()) if room else None,
        _item(composite, key, NUMBER, composite.blank()),
        last,
    )


def _item(composite: Composite, key: str, number: str, item: Mapping[str, Any]) -> ItemView:
    name = f"{key}.{number}"
    fresh = composite.many and not item.get("id")
    views = [_part(composite, p, name, item, fresh) for p in composite.parts if p.when is None]
    over, codes = composite.over
    unfinished = bool(lacks(composite, item)) and item.get(over) not in codes
    title = composite.name.capitalize()
    return ItemView(
        name=name,
        title=f"New {composite.name}" if fresh else f"{title} {number}",
        id=str(item.get("id") or ""),
        groups=tuple(
            GroupView(fold, unfinished and any(v.part.needed for v in group), group)
            for fold, group in ((f, tuple(g)) for f, g in groupby(views, lambda v: v.part.fold))
        ),
        standing=standing(composite, item),
        moved=moved_words(item),
    )


def _part(
    composite: Composite, part: Part, name: str, item: Mapping[str, Any], fresh: bool
) -> PartView:
    value = item.get(part.name)
    text = value if isinstance(value, str) else part.starts
    return PartView(
        part=part,
        name=f"{name}.{part.name}",
        value=text,
        days=date_boxes(text),
        waits=part.later and fresh,
        under={
            p.when[1]: _part(composite, p, name, item, fresh)
            for p in composite.parts
            if p.when and p.when[0] == part.name
        },
    )


def date_boxes(value: object) -> tuple[str, str, str]:
    """Day, month and year as the three boxes show them."""
    if not isinstance(value, str) or not value:
        return "", "", ""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        parts = [*value.split("-"), "", "", ""] if "-" in value else [*parts_of(value), "", "", ""]
        return parts[0], parts[1], parts[2]
    return str(day.day), str(day.month), str(day.year)
