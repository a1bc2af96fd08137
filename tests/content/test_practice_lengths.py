"""Nobody learns to pick a reply by how long it is."""

from collections.abc import Callable

import pytest

from cascade_tools import content
from cascade_tools.model.practice import Reply, Scene, Turn


def served(scene: Scene, turn: Turn) -> list[Reply]:
    """The replies of a turn that one would rather have said."""
    if scene.right:
        return [r for r in turn.replies if r.acceptable]
    most = max(r.thinking for r in turn.replies)
    return [r for r in turn.replies if r.thinking == most and r.help >= 0]


@pytest.mark.parametrize("end", [min, max], ids=["shortest", "longest"])
def test_length_gives_nothing_away(end: Callable[..., Reply]) -> None:
    """Over all turns the shortest serves best in no more than half of them, nor does the longest;
    in no scene does it in every turn."""
    every, met = 0, 0
    for scene in content.scenes():
        here = [
            end(turn.replies, key=lambda r: len(r.words)) in served(scene, turn)
            for turn in scene.turns
        ]
        assert not all(here), scene.id
        every, met = every + len(here), met + sum(here)
    assert met <= every / 2
