"""A conversation is walked reply by reply, and one that is not sound says where."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from cascade_tools.model.practice import END, Reply, Scene, Turn, shuffled


def reply(id: str, next: str = END, **more: object) -> Reply:
    made = Reply(id, f"words of {id}", ("CLY",), "open", 0, 0, (), "then", next, "why")
    return replace(made, **more)  # type: ignore[arg-type]


def turn(id: str, *replies: Reply) -> Turn:
    return Turn(id, f"says {id}", replies)


def scene(*turns: Turn, right: bool = False) -> Scene:
    return Scene("x1", "Title", "Jo", "context", turns, "learning", "debrief", right)


SOUND = scene(
    turn("first", reply("a", "second"), reply("b", thinking=1)),
    turn("second", reply("a", thinking=1), reply("b", words="the longest words of all of them")),
)


def test_a_walk_ends_where_the_conversation_does() -> None:
    """What was said so far, and the turn that is open; none once it has ended."""
    steps, open_turn = SOUND.walk(["a"])
    assert [s.reply.id for s in steps] == ["a"]
    assert open_turn is not None and open_turn.id == "second"
    steps, open_turn = SOUND.walk(["a", "b"])
    assert [(s.turn.id, s.reply.id) for s in steps] == [("first", "a"), ("second", "b")]
    assert open_turn is None


@pytest.mark.parametrize(
    ("said", "kept"),
    [([], 0), (["z", "a"], 0), (["a", "z", "a"], 1), (["b", "a", "a"], 1), ([""], 0)],
)
def test_what_does_not_fit_is_left_out_with_all_after_it(said: list[str], kept: int) -> None:
    """A forged way falls back to its sound beginning."""
    steps, _ = SOUND.walk(said)
    assert [s.reply.id for s in steps] == said[:kept]


def test_every_path_ends() -> None:
    """Each way through, once."""
    assert list(SOUND.paths()) == [("a", "a"), ("a", "b"), ("b",)]
    assert SOUND.faults() == []


def longest(*ids: str) -> Iterable[Reply]:
    """The one good reply is the longest."""
    yield reply(ids[0], thinking=1, words="by far the longest of them")
    yield from (reply(id, thinking=-1, words="short") for id in ids[1:])


@pytest.mark.parametrize(
    ("unsound", "where", "what"),
    [
        (scene(turn("first", reply("a", "gone"), reply("b"))), "first", "no turn here"),
        (scene(turn("first", reply("a", "first"), reply("b"))), "first", "leads back"),
        (scene(turn("first", reply("a")), turn("lost", reply("a"))), "lost", "nothing leads"),
        (scene(turn("first", *longest("a", "b"))), "first", "always the longest"),
        (scene(turn("first", reply("a", acceptable=False)), right=True), "first", "acceptable"),
    ],
    ids=["no such turn", "backwards", "never reached", "longest", "none right"],
)
def test_a_fault_names_its_turn(unsound: Scene, where: str, what: str) -> None:
    """Each fault names the turn it stands in, and the way to put it right after a semicolon."""
    (fault,) = [(id, said) for id, said in unsound.faults() if what in said]
    assert fault[0] == where


def test_an_order_is_the_same_for_the_same_seed() -> None:
    """Stable while one plays, another at some other start, and nothing is lost."""
    once = shuffled("abcd", "1")
    assert shuffled("abcd", "1") == once and sorted(once) == list("abcd")
    assert len({tuple(shuffled("abcd", str(n))) for n in range(40)}) > 10
