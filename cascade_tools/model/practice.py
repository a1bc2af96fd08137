"""Practice: conversations to try out, and drills.  Nothing anybody chooses here is kept.

A scene has no single right answer, unless it says so: each reply shows what it does to whose
thinking grows and to practical help.  Sources: six kinds of help (Heron), kinds of questions and
the indicators D1 to D10, as in the programme's model.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")

KINDS_OF_HELP = ("PRE", "INF", "CON", "CAT", "CLY", "SUP")
QUESTIONS = {
    "open": "Open",
    "closed": "Closed",
    "leading": "Leading",
    "multiple": "Several at once",
    "advice_in_disguise": "Advice in disguise",
    "why_blame": "A why that blames",
    "clean": "In their own words",
    "scaling": "On a scale",
    "circular": "Through somebody else’s eyes",
    "exception": "When it went better",
    "future": "From the future",
    "silence": "Silence",
}
INDICATORS = tuple(f"D{n}" for n in range(1, 11))
END = "end"


def shuffled(things: Sequence[T], seed: str) -> list[T]:
    """The same things in an order that looks like none, and is the same for the same seed."""
    places = sorted(
        range(len(things)), key=lambda n: hashlib.sha256(f"{seed} {n}".encode()).digest()
    )
    return [things[n] for n in places]


@dataclass(frozen=True, slots=True)
class Reply:
    """One thing a coach might say.

    ``kinds`` are kinds of help; ``question`` a kind of question or ``""``.  ``thinking`` is +1
    where the leader's own thinking grows, -1 where the coach takes it over; ``help`` the same for
    practical help.  ``touches`` are indicators.  ``then`` is what happens, ``next`` the turn that
    follows or ``"end"``.  ``acceptable`` only matters in a scene that has a right answer.
    """

    id: str
    words: str
    kinds: tuple[str, ...]
    question: str
    thinking: int
    help: int
    touches: tuple[str, ...]
    then: str
    next: str
    why: str
    acceptable: bool = True


@dataclass(frozen=True, slots=True)
class Turn:
    """What the leader says, and four things one might say to it."""

    id: str
    says: str
    replies: tuple[Reply, ...]

    def reply(self, id: str) -> Reply | None:
        return next((r for r in self.replies if r.id == id), None)


@dataclass(frozen=True, slots=True)
class Step:
    """One turn of a conversation and what was said to it."""

    turn: Turn
    reply: Reply


@dataclass(frozen=True, slots=True)
class Scene:
    """A conversation to practise.  ``right`` scenes have a right answer, and say so."""

    id: str
    title: str
    who: str
    context: str
    turns: tuple[Turn, ...]
    learning: str
    debrief: str
    right: bool = False

    def turn(self, id: str) -> Turn | None:
        return next((t for t in self.turns if t.id == id), None)

    def walk(self, said: Sequence[str]) -> tuple[list[Step], Turn | None]:
        """What was said so far, and the turn that is open; None once it has ended.

        Whatever does not fit is left out, with everything after it.
        """
        steps: list[Step] = []
        turn: Turn | None = self.turns[0]
        for id in said:
            reply = turn.reply(id) if turn is not None else None
            if turn is None or reply is None:
                break
            steps.append(Step(turn, reply))
            turn = self.turn(reply.next)
        return steps, turn

    def paths(self) -> Iterator[tuple[str, ...]]:
        """Every way through, as the ids of what is said."""

        def onward(turn: Turn, said: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
            for reply in turn.replies:
                after = self.turn(reply.next)
                if after is None:
                    yield (*said, reply.id)
                else:
                    yield from onward(after, (*said, reply.id))

        yield from onward(self.turns[0], ())

    def faults(self) -> list[tuple[str, str]]:
        """What is not sound: a turn's id, and one sentence with the fix."""
        return [*self._dead_ends(), *self._longest(), *self._none_right()]

    def _dead_ends(self) -> Iterator[tuple[str, str]]:
        order = [t.id for t in self.turns]
        reached = {order[0]}
        for place, turn in enumerate(self.turns):
            for reply in turn.replies:
                if reply.next == END:
                    continue
                if reply.next not in order:
                    yield turn.id, f"{reply.id} leads to {reply.next!r}, which is no turn here"
                elif order.index(reply.next) <= place:
                    yield turn.id, f"{reply.id} leads back to {reply.next!r}; lead on, or to end"
                elif turn.id in reached:
                    reached.add(reply.next)
        for turn_id in order:
            if turn_id not in reached:
                yield turn_id, f"nothing leads to {turn_id!r}; lead a reply to it, or remove it"

    def _longest(self) -> Iterator[tuple[str, str]]:
        """Nobody should learn to choose the longest."""
        always = []
        for turn in self.turns:
            best = max(r.thinking for r in turn.replies)
            longest = max(turn.replies, key=lambda r: len(r.words))
            good = [r for r in turn.replies if r.thinking == best and r.acceptable]
            always.append(len(good) < len(turn.replies) and longest in good and len(good) == 1)
        if all(always):
            yield self.turns[0].id, "the best reply is always the longest; make one of them shorter"

    def _none_right(self) -> Iterator[tuple[str, str]]:
        for turn in self.turns if self.right else ():
            if not any(r.acceptable for r in turn.replies):
                yield turn.id, "no reply here is the right one; mark one acceptable: true"


@dataclass(frozen=True, slots=True)
class DrillItem:
    """One thing to try.  ``answers`` are the key of a *spot it* or a *sort*, model answers of a
    *turn it round*, or the lines of an *order* in their order; ``why`` is said afterwards."""

    id: str
    words: str
    answers: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Drill:
    """A practice of question craft.

    ``kind`` is ``"spot"`` (which kind of question?), ``"turn"`` (say it another way), ``"order"``,
    ``"silence"``, ``"advice"`` (is advice right here?) or ``"sort"`` (statements: where does each
    belong?).  ``checks`` are what to look at in one's own answer.  ``choices`` are codes and words
    to choose from.
    """

    id: str
    title: str
    kind: str
    intro: str
    items: tuple[DrillItem, ...]
    checks: tuple[str, ...] = ()
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """Something to talk about: ``words`` stand on the card, ``ask`` is the question under them."""

    id: str
    words: str
    ask: str


@dataclass(frozen=True, slots=True)
class Cards:
    """A set of cards for a table.  No card has an answer."""

    id: str
    title: str
    intro: str
    items: tuple[Card, ...]
