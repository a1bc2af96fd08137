"""Answers made of parts, as people read them."""

from collections.abc import Mapping
from typing import Any

from cascade_tools.model.composites import Composite, Part, empty, lacks
from cascade_tools.model.typed import day_in_words, day_of, parts_of


def standing(composite: Composite, item: Mapping[str, Any]) -> str:
    """One line: what is agreed, or what is still needed; nothing where neither matters."""
    needed = [p for p in composite.parts if p.needed]
    over, codes = composite.over
    if not needed or item.get(over) in codes or empty(composite, {**composite.blank(), **item}):
        return ""
    lacking = lacks(composite, item)
    if not lacking:
        said = [f"{p.said}: {part_words(composite, p, item)}" for p in needed[1:] if not p.when]
        return ". ".join(["Agreed", *said]) + "."
    adds = [step.removeprefix("add ") for step in lacking if step.startswith("add ")]
    steps = [step for step in lacking if not step.startswith("add ")]
    if adds:
        steps.insert(0, f"add {_listed(adds)}")
    return f"Not agreed yet: {'; '.join(steps)}."


def _listed(words: list[str]) -> str:
    """``a, b and c``"""
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else words[0]


def part_words(composite: Composite, part: Part, item: Mapping[str, Any]) -> str:
    """What one part holds, as people read it."""
    value = str(item.get(part.name) or "").strip()
    if part.kind == "choice":
        instead = [p for p in composite.parts if p.when == (part.name, value)]
        named = [str(item[p.name]).strip() for p in instead if item.get(p.name)]
        return (named or [dict(part.choices).get(value, value)])[0]
    if part.kind == "date":
        day = day_of(value)
        return day_in_words(day) if day else " ".join(parts_of(value))
    return value


def moved_words(item: Mapping[str, Any]) -> str:
    """Where the date was first, and how often it has moved since."""
    moved = [day for d in item.get("moved") or [] if (day := day_of(d))]
    if not moved:
        return ""
    return f"First planned for {day_in_words(moved[0])}." + (
        "" if len(moved) == 1 else f" Moved {len(moved)} times."
    )


def item_words(composite: Composite, item: Mapping[str, Any]) -> str:
    """One item as a few lines: its first part, then the short ones together, then the long."""
    first, *rest = composite.parts
    short: list[str] = []
    long: list[str] = []
    for part in rest:
        words = "" if part.when else part_words(composite, part, item)
        if words:
            line = f"{part.said}: {words}"
            long.append(line) if part.kind == "long" else short.append(f"{line}.")
    lines = [part_words(composite, first, item), " ".join(short), moved_words(item), *long]
    if (line := standing(composite, item)).startswith("Not"):
        lines.insert(2, line)
    return "\n".join(filter(None, lines))


def in_words(composite: Composite, value: Any) -> str:
    """An answer as people read it, with an empty line between items."""
    items = value if isinstance(value, list) else [value]
    return "\n\n".join(item_words(composite, i) for i in items if isinstance(i, dict))
