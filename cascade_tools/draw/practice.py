"""A conversation looked back on: words for what each reply did, never a mark."""

import re
from collections.abc import Sequence

from markupsafe import Markup

from cascade_tools.content import item_set, kinds_of_help
from cascade_tools.draw.templates import render
from cascade_tools.model.practice import QUESTIONS, Reply, Scene, Step

DRILLS_IN_A_LINE = {
    "spot": "Which kind of question is it?",
    "turn": "Ask it another way, in your own words.",
    "order": "Which would you ask first, and which last?",
    "silence": "Say nothing for ten seconds, or thirty.",
    "advice": "Would you ask first, give it, or hold it?",
    "sort": "Where does it belong?",
}
# By which way it went: +1, 0, -1.
_THINKING = {
    1: "Their own thinking grew.",
    0: "Their thinking stayed where it was.",
    -1: "You took some of the thinking over.",
}
_HELP = {
    1: "There was practical help in it.",
    0: "It left practical help aside.",
    -1: "Practical help moved further off.",
}

_ENOUGH = 28  # characters of an opening: more than "Sorry."


def opening(scene: Scene) -> str:
    """How a conversation begins: the leader's first sentence, or two where the first is short."""
    said = ""
    for sentence in re.split(r"(?<=[.?!])\s+", scene.turns[0].says.strip()):
        said = f"{said} {sentence}".strip()
        if len(said) >= _ENOUGH:
            break
    return said


def debrief_html(scene: Scene, steps: Sequence[Step], mine: str = "") -> Markup:
    """The way through a conversation, step by step; ``mine`` is shown again and kept nowhere."""
    return render("parts/practice-debrief.html", scene=scene, steps=steps, mine=mine, does=does)


def does(reply: Reply) -> dict[str, list[str]]:
    """What one reply does, in words: kinds of help, of question, which way, and what it touches."""
    known = {kind.code: kind.words for kind in kinds_of_help()}
    items = {item.id: item.question for item in item_set("thinking_v1").items}
    return {
        "kinds": [known[kind] for kind in reply.kinds],
        "question": [QUESTIONS[reply.question]] if reply.question else [],
        "ways": [_THINKING[reply.thinking], _HELP[reply.help]],
        "touches": [items[id] for id in reply.touches],
    }
