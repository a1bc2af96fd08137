"""Draws "Where I am now": somebody's own answers from 0 to 10, each line by itself, over time.

Lines are never added up, and none is turned round: where a lower answer is the better one, words
say so.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

from cascade_tools.draw.svg import WIDTH, drawing, line, lines_of, points, tag, text
from cascade_tools.model.journey import TIMES
from cascade_tools.model.picture import Picture, Sitting, Table
from cascade_tools.model.prompts import SKIPPED, Prompt
from cascade_tools.model.readings import up_to_now

NAME = "outcomes"
TITLE = "Where you are"
LOWER = "here a lower number is the better one"
NOTES = (
    "Each line stands by itself. They are never added up.",
    "An answer can change because things have changed, or because you see them differently. "
    "This shows what changed alongside coaching, not what changed because of it.",
)
MOVED = "Lines that moved by two or more"
RULE_OF_THUMB = "Two is a rule of thumb. A smaller step can matter more to you."
# How far an answer moves before it is named: single answers wander by one.
WORTH_NAMING = 2
MOST = 10

LEFT, RIGHT, INSET, TALL = 46, 632, 64, 80
# The same for a single time, which lies across: where 0 and 10 are.
NONE_AT, MOST_AT = 370, 610


@dataclass(frozen=True, slots=True)
class Line:
    """One question, and what was answered at each time (None where it was not)."""

    question: str
    lower_is_better: bool
    said: tuple[object, ...]

    @property
    def values(self) -> tuple[int | None, ...]:
        return tuple(
            v if isinstance(v, int) and not isinstance(v, bool) and 0 <= v <= MOST else None
            for v in self.said
        )

    @property
    def known(self) -> tuple[int, ...]:
        return tuple(v for v in self.values if v is not None)


def outcomes(
    prompts: Sequence[Prompt], sittings: Sequence[Sitting], lower: Collection[str]
) -> Picture:
    """``prompts`` are the questions from 0 to 10, in their order; ``sittings`` are oldest first.

    ``lower`` holds the keys of those where a lower answer is the better one.
    """
    seen = up_to_now(sittings)
    times = [TIMES.get(one.time, f"Time {n}") for n, one in enumerate(seen, 1)]
    all_lines = [
        Line(p.question, p.key in lower, tuple(s.answers.get(p.key) for s in seen)) for p in prompts
    ]
    lines = [one for one in all_lines if any(said is not None for said in one.said)]
    answered = [one for one in lines if one.known]
    sentence = _sentence(times, answered)
    return Picture(
        name=NAME,
        title=TITLE,
        sentence=sentence,
        svg=_svg(times, answered, sentence),
        table=Table(
            "Your answers, from 0 (not at all) to 10 (completely)",
            ("Line", *times),
            tuple((_words(one), *map(_shown, one.said)) for one in lines),
        )
        if lines
        else None,
        blocks=_moved(answered),
        notes=NOTES,
    )


def _sentence(times: Sequence[str], answered: Sequence[Line]) -> str:
    if not answered:
        return "There is nothing to show yet."
    given = [
        words
        for place, words in enumerate(times)
        if any(one.values[place] is not None for one in answered)
    ]
    names = [words[:1].lower() + words[1:] for words in given]
    if len(names) == 1:
        return f"Your answers {names[0]}, line by line."
    return f"Your answers {', '.join(names[:-1])} and {names[-1]}, line by line."


def _words(one: Line) -> str:
    return f"{one.question} ({LOWER})" if one.lower_is_better else one.question


def _shown(said: object) -> str:
    if isinstance(said, int) and not isinstance(said, bool):
        return str(said)
    return "Skipped" if said == SKIPPED else "Not answered"


def _moved(answered: Sequence[Line]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The lines whose last answer is well away from the first, in words."""
    found = tuple(
        f"{_words(one)}: from {one.known[0]} to {one.known[-1]}."
        for one in answered
        if abs(one.known[-1] - one.known[0]) >= WORTH_NAMING
    )
    return ((MOVED, (*found, RULE_OF_THUMB)),) if found else ()


def _svg(times: Sequence[str], answered: Sequence[Line], sentence: str) -> str:
    if not answered:
        return ""
    return _over_time(times, answered, sentence) if len(times) > 1 else _once(answered, sentence)


def _once(answered: Sequence[Line], sentence: str) -> str:
    """One row a line, where there is a single time: its words, and a dot from 0 to 10."""
    parts = [
        text(NONE_AT, 26, ["0"], "picture-small", "middle", size=21),
        text(MOST_AT, 26, [str(MOST)], "picture-small", "middle", size=21),
    ]
    top = 40.0
    for one in answered:
        words = lines_of(_words(one), 24)
        height = max(78, 34 + 30 * len(words))
        value = one.known[0]
        x, y = NONE_AT + (MOST_AT - NONE_AT) * value / MOST, top + height / 2 + 14
        parts += [
            line(0, top, WIDTH, top, "picture-hair"),
            text(0, top + 36, words, "picture-small", size=21),
            line(NONE_AT, y, MOST_AT, y, "picture-track"),
            tag("circle", cx=x, cy=y, r=12, class_="picture-dot"),
            text(x, y - 20, [str(value)], "picture-name", "middle", size=25),
        ]
        top += height
    return drawing(NAME, TITLE, sentence, top + 4, *parts)


def _over_time(times: Sequence[str], answered: Sequence[Line], sentence: str) -> str:
    """One small drawing a line: a dot for each time, joined where both ends were answered.

    All have the same times from left to right, which stand above the first and below the last.
    """
    across = _across(len(times))
    labels = [lines_of(words, 10) for words in times]
    room = 28 * max(map(len, labels))

    def named(y: float) -> list[Markup]:
        return [
            text(x, y, label, "picture-small", "middle", size=21)
            for x, label in zip(across, labels, strict=True)
        ]

    parts = named(28)
    top = room + 26.0
    for one in answered:
        words = lines_of(one.question, 42)
        if one.lower_is_better:
            words += lines_of(f"({LOWER})", 42)
        parts.append(text(0, top + 28, words, "picture-words", size=24))
        floor = top + 30 * len(words) + 52 + TALL
        parts += _small(one.values, across, floor)
        top = floor + 34
    parts += named(top + 6)
    return drawing(NAME, TITLE, sentence, top + room + 12, *parts)


def _across(count: int) -> list[float]:
    """Where the times lie, spread evenly."""
    step = (RIGHT - LEFT - 2 * INSET) / (count - 1)
    return [LEFT + INSET + step * place for place in range(count)]


def _small(values: Sequence[int | None], across: Sequence[float], floor: float) -> list[Markup]:
    """From 0 at the foot to 10 at the head, with each answer written above its dot."""
    places = [
        None if v is None else (x, floor - TALL * v / MOST)
        for v, x in zip(values, across, strict=True)
    ]
    parts = [
        line(LEFT, floor, RIGHT, floor, "picture-hair"),
        line(LEFT, floor - TALL, RIGHT, floor - TALL, "picture-hair"),
        text(LEFT - 10, floor + 8, ["0"], "picture-small", "end", size=21),
        text(LEFT - 10, floor - TALL + 8, [str(MOST)], "picture-small", "end", size=21),
    ]
    for one, other in pairwise(places):
        if one and other:
            parts.append(
                tag(
                    "polyline",
                    points=points(one, other),
                    class_="picture-path",
                    fill="none",
                    stroke="currentColor",
                )
            )
    for value, place in zip(values, places, strict=True):
        if place is not None:
            x, y = place
            parts.append(tag("circle", cx=x, cy=y, r=10, class_="picture-dot"))
            parts.append(text(x, y - 16, [str(value)], "picture-name", "middle", size=25))
    return parts
