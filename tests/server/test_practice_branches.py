"""Every branch of every conversation, and every item of every practice, as its page."""

import re
from collections.abc import Iterator
from html import unescape

import pytest

from cascade_tools import content
from cascade_tools.model.practice import END, Drill, Scene, Step, shuffled
from tests.server.visitor import Reply, Visitor

SEED = "0123abcd"


def words(reply: Reply) -> str:
    """What stands on a page, as a person reads it."""
    assert reply.status == 200, reply.status
    main = re.search(r"<main.*</main>", reply.text, re.DOTALL)
    assert main is not None
    return plain(re.sub(r"<[^>]+>", " ", main[0]))


def plain(text: str) -> str:
    return " ".join(unescape(text).split())


def branches(scene: Scene) -> Iterator[tuple[str, ...]]:
    """A shortest way to each reply of each turn, so that every branch is gone once."""
    way: dict[str, tuple[str, ...]] = {scene.turns[0].id: ()}
    for turn in scene.turns:
        for reply in turn.replies:
            said = (*way[turn.id], reply.id)
            yield said
            if reply.next != END:
                way.setdefault(reply.next, said)


def after(scene: Scene, step: Step) -> list[str]:
    """What has to stand on the page once this was said."""
    shown = [step.turn.says, step.reply.words, step.reply.then]
    following = scene.turn(step.reply.next)
    if scene.right and not step.reply.acceptable:
        return [*shown, "Stop here", step.reply.why, "Try it again from here"]
    if following is None:
        return [*shown, "What else might you say, in your words?"]
    return [*shown, following.says, *(r.words for r in following.replies), "Go one step back"]


@pytest.mark.parametrize("scene", content.scenes(), ids=lambda s: s.id)
def test_every_branch_is_drawn(amina: Visitor, scene: Scene) -> None:
    """Each reply of each turn: what was said, what happens, and the turn, stop or end it leads
    to; from an end, the look back shows each step with its why and the three others."""
    path = f"practice/conversations/{scene.id}"
    gone = list(branches(scene))
    assert len(gone) == sum(len(turn.replies) for turn in scene.turns)
    for said in gone:
        steps, turn = scene.walk(said)
        assert len(steps) == len(said)
        sent: dict[str, str | list[str]]
        sent = {"seed": SEED, "said": list(said), "past": str(len(said) - 1)}
        page = words(amina.post(path, sent))
        assert [one for one in after(scene, steps[-1]) if plain(one) not in page] == [], said
        if turn is None and all(step.reply.acceptable or not scene.right for step in steps):
            told = words(amina.post(path, {**sent, "do": "look"}))
            wanted = [scene.learning, scene.debrief]
            wanted += [r.why for step in steps for r in step.turn.replies]
            assert [one for one in wanted if plain(one) not in told] == [], said


@pytest.mark.parametrize(
    ("place", "drill"),
    [
        *(("drills", drill) for drill in content.drills()),
        *(("statements", drill) for drill in content.statements()),
    ],
    ids=lambda one: getattr(one, "id", one),
)
def test_every_item_is_asked_and_answered(amina: Visitor, place: str, drill: Drill) -> None:
    """Each item in turn, and after the last the first again; with what is said afterwards."""
    path = f"practice/{place}/{drill.id}"
    items = shuffled(drill.items, SEED)
    for at, item in enumerate((*items, items[0])):
        before = {"seed": SEED, "at": str(at - 1), "do": "another"}
        asked = words(
            amina.post(path, before) if at else amina.post(path, {"seed": SEED, "at": "0"})
        )
        assert plain(item.words) in asked
        sent = {"seed": SEED, "at": str(at), "mine": "mine"}
        if drill.kind == "order":
            sent |= {f"place-{n}": str(n + 1) for n in range(len(item.answers))}
        elif drill.choices:
            sent |= {"answer": item.answers[0]}
        told = words(amina.post(path, sent))
        wanted = [item.words, item.why]
        wanted += item.answers if drill.kind in ("turn", "order") else drill.checks
        assert [one for one in wanted if plain(one) not in told] == [], item.id
