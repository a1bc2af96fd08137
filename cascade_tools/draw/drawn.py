"""From saved answers to a picture by its name: the same for a page, a kernel and print."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

from cascade_tools.content import framework, item_set, layers, measures
from cascade_tools.draw import pictures
from cascade_tools.model.items import ItemSet
from cascade_tools.model.picture import Picture, Sitting
from cascade_tools.model.prompts import Kind, Prompt

ITEM_SETS = {"thinking": "thinking", "balance": "axes", "map": "ccl12"}
MAP, OUTCOMES, LEADERS_VIEW = "ccl12", "outcomes_v1", "view"
# What a map's maker wrote of themselves, by the beginning of its keys.
OWN_WORDS = {"Strengths to use": "strength-", "To grow": "grow-"}

Prompts = Mapping[str, Prompt]


def drawn(name: str, prompts: Prompts, sittings: Sequence[Sitting]) -> Picture:
    """The picture ``name`` of these sittings, whose answers are by prompt key.

    ``sittings`` are oldest first; the one marked ``current`` is being written.
    """
    match name:
        case "iceberg":
            answers = _now(sittings)
            words = {key: value for key, value in answers.items() if isinstance(value, str)}
            return pictures.iceberg(layers(), words)
        case "outcomes":
            asked = [p for p in prompts.values() if p.kind is Kind.TEN]
            return pictures.outcomes(asked, sittings, _lower_is_better())
    items = item_set(ITEM_SETS[name])
    asked_by_item = _scales(prompts, ITEM_SETS[name])
    match name:
        case "map":
            now = _now(sittings)
            return pictures.leadership_map(
                items,
                framework(MAP),
                _by_item(sittings, asked_by_item),
                _matters(prompts, now),
                _own_words(prompts, now),
            )
        case "balance":
            served = _served(items, prompts)
            return pictures.balance(items, _by_item(sittings, {**served, **asked_by_item}))
    return pictures.thinking(items, asked_by_item, _by_item(sittings, asked_by_item))


def _now(sittings: Sequence[Sitting]) -> dict[str, object]:
    """The answers of the sitting that is being written."""
    return next(s for s in sittings if s.current).answers


def _scales(prompts: Prompts, name: str) -> dict[str, Prompt]:
    """The scales that stand for items of a set, by item id."""
    return {
        p.words_from.split("/", 1)[1]: p
        for p in prompts.values()
        if p.kind is Kind.SCALE and p.words_from.startswith(f"{name}/")
    }


def _served(items: ItemSet, prompts: Prompts) -> dict[str, Prompt]:
    """The leader's own view, where one answer counts for an item of this set as well."""
    view = _scales(prompts, LEADERS_VIEW)
    names = {f"{items.id.rpartition('_v')[0]}/{item.id}": item.id for item in items.items}
    return {
        names[item.serves]: view[item.id]
        for item in (item_set(LEADERS_VIEW).items if view else ())
        if item.id in view and item.serves in names
    }


def _by_item(sittings: Sequence[Sitting], asked: Prompts) -> list[Sitting]:
    return [
        replace(s, answers={i: s.answers[p.key] for i, p in asked.items() if p.key in s.answers})
        for s in sittings
    ]


def _matters(prompts: Prompts, now: Mapping[str, object]) -> list[str]:
    """What somebody chose from the map's own list."""
    chosen = [now.get(p.key) for p in prompts.values() if p.choices_from == f"frameworks/{MAP}"]
    return [str(code) for value in chosen if isinstance(value, list) for code in value]


def _own_words(prompts: Prompts, now: Mapping[str, object]) -> dict[str, list[str]]:
    return {
        heading: [
            str(now[key]).strip() for key in prompts if key.startswith(start) and now.get(key)
        ]
        for heading, start in OWN_WORDS.items()
    }


@cache
def _lower_is_better() -> frozenset[str]:
    """The keys of the questions from 0 to 10 where a lower answer is the better one."""
    ours = (item.id.lower() for item in framework(OUTCOMES).items if item.lower_is_better)
    return frozenset(ours).union(*(measure.lower_is_better for measure in measures()))
