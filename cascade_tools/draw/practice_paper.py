"""Practice on paper: for a day without a network, and for whoever would rather hold a sheet.

Replies stand under letters in an order that says nothing.  What each leads to, and the look back,
is on a sheet of its own for whoever leads; keys of drills are at the end of each.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from markupsafe import Markup

from cascade_tools.draw.paper import Programme, paper_style
from cascade_tools.draw.practice import DRILLS_IN_A_LINE, does
from cascade_tools.draw.templates import render
from cascade_tools.kit import kit_folder
from cascade_tools.model.practice import Cards, Drill, DrillItem, Reply, Scene, Turn, shuffled

LETTERS = "ABCDEFGH"


@dataclass(frozen=True, slots=True)
class _Lettered:
    """A reply under its letter; ``next`` says which turn comes then, 0 where it ends."""

    letter: str
    reply: Reply
    next: int


@cache
def practice_style() -> str:
    """The style of practice on paper: every paper's, and its own sheets."""
    own = kit_folder("templates") / "paper" / "practice.css"
    return paper_style() + own.read_text(encoding="utf-8")


def practice_paper(
    *,
    scenes: Sequence[Scene],
    drills: Sequence[Drill],
    cards: Sequence[Cards],
    programme: Programme,
) -> str:
    """One whole page of HTML; the same each time, so that two copies have the same letters."""
    return render(
        "paper/practice.html",
        style=Markup(practice_style()),  # noqa: S704 - our own file
        scenes=[(scene, _turns(scene)) for scene in scenes],
        drills=[(drill, _items(drill)) for drill in drills],
        cards=cards,
        contents=[
            ("Conversations", [scene.title for scene in scenes]),
            ("Drills", [drill.title for drill in drills]),
            ("Cards", [one.title for one in cards]),
        ],
        programme=programme,
        in_a_line=DRILLS_IN_A_LINE,
        does=does,
    )


def _turns(scene: Scene) -> list[tuple[int, Turn, list[_Lettered]]]:
    """The turns with their numbers, and what may be said to each."""
    number = {turn.id: n for n, turn in enumerate(scene.turns, start=1)}
    return [
        (
            number[turn.id],
            turn,
            [
                _Lettered(letter, reply, number.get(reply.next, 0))
                for letter, reply in zip(
                    LETTERS, shuffled(turn.replies, f"paper {scene.id} {turn.id}"), strict=False
                )
            ],
        )
        for turn in scene.turns
    ]


def _items(drill: Drill) -> list[tuple[int, DrillItem, list[tuple[str, str]], str]]:
    """Number, item, its lettered lines where they are to be put in order, and the key in words."""
    words = dict(drill.choices)
    found = []
    for number, item in enumerate(shuffled(drill.items, f"paper {drill.id}"), start=1):
        lines: list[tuple[str, str]] = []
        if drill.kind == "order":
            mixed = shuffled(item.answers, f"paper {drill.id} {item.id}")
            lines = list(zip(LETTERS, mixed, strict=False))
            letter = {line: at for at, line in lines}
            key = ", ".join(letter[answer] for answer in item.answers)
        else:
            key = "; ".join(words.get(answer, answer) for answer in item.answers)
        found.append((number, item, lines, "" if drill.kind == "silence" else key))
    return found
