"""From saved answers to a picture by its name: the same for a page, a kernel and print."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from cascade_tools.content import item_set, layers
from cascade_tools.draw import pictures
from cascade_tools.model.picture import Picture, Sitting
from cascade_tools.model.prompts import Kind, Prompt

ITEM_SETS = {"thinking": "thinking", "balance": "axes"}


def drawn(name: str, prompts: Mapping[str, Prompt], sittings: Sequence[Sitting]) -> Picture:
    """The picture ``name`` of these sittings, whose answers are by prompt key.

    ``sittings`` are oldest first; the one marked ``current`` is being written.
    """
    if name == "iceberg":
        current = next(s for s in sittings if s.current)
        words = {key: value for key, value in current.answers.items() if isinstance(value, str)}
        return pictures.iceberg(layers(), words)
    asked = {
        p.words_from.split("/", 1)[1]: p
        for p in prompts.values()
        if p.kind is Kind.SCALE and p.words_from.startswith(f"{ITEM_SETS[name]}/")
    }
    by_item = [
        replace(s, answers={i: s.answers[p.key] for i, p in asked.items() if p.key in s.answers})
        for s in sittings
    ]
    if name == "balance":
        return pictures.balance(item_set("axes"), by_item)
    return pictures.thinking(item_set("thinking"), asked, by_item)
