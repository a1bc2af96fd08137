"""The iceberg: which layers a person wrote in, without counting or ranking them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cascade_tools.model.items import Layer

WATER = "water"
UP = "up"


@dataclass(frozen=True, slots=True)
class Filled:
    """One layer and the words written there; ``words`` is empty where nobody wrote."""

    layer: Layer
    words: str

    @property
    def written(self) -> bool:
        return bool(self.words)


def fill(layers: Sequence[Layer], answers: Mapping[str, str]) -> tuple[Filled, ...]:
    """Every layer in its order, with its words.  White space alone is not writing."""
    return tuple(Filled(layer, (answers.get(layer.id) or "").strip()) for layer in layers)


def first_words(words: str, most: int) -> str:
    """The first whole words that fit in ``most`` characters, with "…" where more follow."""
    flat = " ".join(words.split())
    if len(flat) <= most:
        return flat
    cut = flat[: most - 1]
    if flat[most - 1] != " ":
        cut = cut.rsplit(" ", 1)[0]
    return cut.rstrip(" ,.;:–-") + "…"
