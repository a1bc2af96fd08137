"""``/practice/conversations/<name>``: one conversation, turn by turn, then a look back at it."""

from collections.abc import Sequence

from cascade_tools import content
from cascade_tools.draw.practice import debrief_html
from cascade_tools.model.practice import END, Scene, Step, shuffled
from cascade_tools.server.practice import Practising

REFLECTION = "coach/practice-conversations"


class Conversation(Practising):
    """What somebody said so far comes as ``said``, once for each turn."""

    def get(self, id: str) -> None:
        self._go_on(self.one_of(content.scenes(self.local), id), [])

    def post(self, id: str) -> None:
        self._go_on(self.one_of(content.scenes(self.local), id), self.get_body_arguments("said"))

    def _go_on(self, scene: Scene, said: Sequence[str]) -> None:
        steps, turn = scene.walk(said)
        past = self.whole("past")
        stop = stopped(scene, steps, past)
        if stop is not None:
            steps, turn = steps[: stop + 1], None
        over = turn is None and stop is None
        # In a room the look back stands folded under the box, so that nothing in it is sent.
        looks = over and self.get_body_argument("do", "") == "look" and not self.in_room
        seed = self.seed
        self.show(
            "conversation.html",
            scene=scene,
            steps=steps,
            turn=turn,
            stop=steps[stop] if stop is not None else None,
            goes_on=stop is not None and steps[stop].reply.next != END,
            replies=shuffled(turn.replies, f"{seed} {turn.id}") if turn is not None else [],
            said=[step.reply.id for step in steps],
            seed=seed,
            past=past,
            here=self.to(f"practice/conversations/{scene.id}"),
            looks=looks,
            debrief=debrief_html(scene, steps, self.mine) if looks or self.in_room else "",
            reflection=self.reflection(REFLECTION),
        )


def stopped(scene: Scene, steps: Sequence[Step], past: int) -> int | None:
    """In a scene with a right answer: where it stops, because that is not what to do.

    The first ``past`` steps were seen already, by somebody who wished to see how it goes on.
    Nothing goes on from what leads to the end.
    """
    for place, step in enumerate(steps if scene.right else ()):
        if not step.reply.acceptable and (place >= past or step.reply.next == END):
            return place
    return None
