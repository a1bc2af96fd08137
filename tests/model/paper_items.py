"""Item sets and layers on paper: the ids of the real ones, with words of their own."""

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from cascade_tools.model.items import Item, ItemSet, Layer
from cascade_tools.model.picture import Sitting
from cascade_tools.model.prompts import NOT_UP, SKIPPED

THINKING_IDS = tuple(f"D{n}" for n in range(1, 11))
AXES_IDS = ("CB1", "CB2", "CB3", "LD1", "LD2", "LD3", "LD4")

THINKING = ItemSet(
    id="thinking_v1",
    name="Who is doing the thinking?",
    items=tuple(
        Item(
            id=i,
            question=f"Question {i}?",
            points=(f"{i} first", f"{i} second", f"{i} third", f"{i} fourth", f"{i} last"),
            supervisor_asks=(f"What about {i}?", f"And {i}?"),
            false_alarm=f"{i} was a quiet day.",
            other_answer="I noticed no pull" if i == "D2" else "",
        )
        for i in THINKING_IDS
    ),
    other_answer="Did not come up",
)

AXES = ItemSet(
    id="axes_v1",
    name="Practical help and thinking for yourself",
    items=tuple(
        Item(i, f"Statement {i}", ("Not at all", "A little", "Some", "Much", "Very much"))
        for i in AXES_IDS
    ),
)

LAYERS = (
    Layer("presenting", "What I am bringing", 0, "What?", (), ()),
    Layer("pattern", "What keeps happening", 1, "Where?", (), ()),
    Layer("relationships", "Who is in it, and what is not being said", 2, "Who?", (), ()),
    Layer("feelings", "What it is like for me", 3, "How?", (), ()),
    Layer("assumptions", "What I take to be true, and my part in it", 4, "True?", (), ()),
    Layer("purpose", "Why I lead, and what matters", 5, "Why?", (), ()),
    Layer("water", "The water around us", None, "Outside?", (), ()),
    Layer("up", "Back up to the surface", None, "Now?", (), ()),
)


def ten(*values: object) -> dict[str, object]:
    """Answers to D1, D2 and so on, in that order."""
    return dict(zip(THINKING_IDS, values, strict=False))


def seven(*values: object) -> dict[str, object]:
    """Answers to CB1 to CB3, then LD1 to LD4."""
    return dict(zip(AXES_IDS, values, strict=False))


def session(
    number: int | None, answers: dict[str, object], *, planned: int = 5, current: bool = False
) -> Sitting:
    return Sitting(number, planned, answers, current)


def sittings(*each: Mapping[str, object], planned: int = 5) -> list[Sitting]:
    """Sessions 1, 2, 3 and so on; the last is the one being written."""
    return [
        Sitting(n, planned, dict(answers), current=n == len(each))
        for n, answers in enumerate(each, 1)
    ]


# Everything that may stand where an answer could: points, the other two states, nothing, rubbish.
any_answer = st.one_of(st.integers(0, 4), st.sampled_from([NOT_UP, SKIPPED, None, "", True, 7, -1]))


def any_answers(ids: tuple[str, ...]) -> Any:
    return st.dictionaries(st.sampled_from(ids), any_answer)


def any_sittings(ids: tuple[str, ...]) -> Any:
    return st.lists(any_answers(ids), max_size=6).map(lambda each: sittings(*each))
