"""How each answer about a copy stands with whom it answers: a draft, released, changed since."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from cascade_tools.model.entry import Saved
from cascade_tools.model.prompts import given
from cascade_tools.model.sharing import Action, Relation, State, Thing, may


@dataclass(frozen=True, slots=True)
class Standing:
    """``revision`` is what stands on the page.  ``apart``: it goes only with a tick of its own."""

    how: Literal["draft", "released", "changed"]
    revision: int
    apart: bool


def standings(
    saved: Mapping[str, Saved], released: Mapping[str, Mapping[str, Any]]
) -> dict[str, Standing]:
    """By key, for every answer that may leave; what is emptied after its release has changed."""
    return {
        key: Standing(_how(one, released.get(key)), one.revision, bool(one.prompt.own_tick))
        for key, one in saved.items()
        if may_go(one) and (given(one.value) or key in released)
    }


def _how(one: Saved, released: Mapping[str, Any] | None) -> Literal["draft", "released", "changed"]:
    if released is None:
        return "draft"
    return "released" if released["value"] == one.value else "changed"


def may_go(one: Saved) -> bool:
    """Whether the policy lets its author release it; the records decide it again."""
    return may(Relation.AUTHOR, Action.SHARE, Thing.ANSWER, one.prompt.who, State.COMMITTED)
