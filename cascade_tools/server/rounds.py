"""The four rounds of a knowledge capture event, as they are asked on every page of it."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cascade_tools import content
from cascade_tools.model.knowledge import ROUNDS

SET = "knowledge-capture"


@dataclass(frozen=True, slots=True)
class Round:
    """``words`` is its question, ``ask`` what helps to answer it."""

    number: int
    id: str
    words: str
    ask: str


@cache
def rounds(local: Path | None) -> tuple[Round, ...]:
    """In their order.  A programme's own set may say it in other words, for some or for all."""
    sets = [*content.cards(), *content.cards(local)]
    said = {card.id: card for one in sets if one.id == SET for card in one.items}
    return tuple(
        Round(number, id, said[id].words, said[id].ask) for number, id in enumerate(ROUNDS, start=1)
    )
