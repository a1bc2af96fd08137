"""Draws "My leadership map": what somebody can lean on, and what matters and has room to grow.

It says what was answered, in the words that were chosen.  Nothing is added up, and no place on
the map is better than another.
"""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from cascade_tools.draw.svg import WIDTH, drawing, line, lines_of, tag, text
from cascade_tools.model.items import Framework, Item, ItemSet
from cascade_tools.model.journey import TIMES
from cascade_tools.model.picture import Picture, Sitting, Table
from cascade_tools.model.prompts import NOT_UP, SKIPPED
from cascade_tools.model.readings import counted, up_to_now

NAME = "map"
TITLE = "Your leadership map"
NOTES = (
    "This is how you see it now. It is not a test, and nothing is added up.",
    "A map can change because you have changed, or because you see more than you did.",
)
EMPTY = "There is nothing on your map yet."
LEAN_ON = "To lean on"
LEAN_AND_MATTERS = "To lean on, and it matters to you now"
TO_GROW = "It matters to you now, and has room to grow"
MATTERS = "matters to you now"

# From which answer on somebody can lean on something: "Mostly true".
LEAN_FROM = 3
# Where the five positions lie across the drawing.
FIRST, STEP, SMALL, LARGE = 412, 52, 5, 15

Blocks = tuple[tuple[str, tuple[str, ...]], ...]


def leadership_map(
    item_set: ItemSet,
    framework: Framework,
    sittings: Sequence[Sitting],
    matters: Sequence[str],
    own_words: Mapping[str, Sequence[str]],
) -> Picture:
    """The map of the sitting being written, beside the one before it where there is one.

    ``sittings`` are oldest first, their answers by item id; ``framework`` names the group of each
    item.  ``matters`` are the ids of what matters now, and ``own_words`` what the person wrote of
    themselves under a heading each.
    """
    seen = up_to_now(sittings)
    answers = [counted(item_set.items, one.answers) for one in seen]
    now = answers[-1] if answers else {}
    before = next((one for one in reversed(answers[:-1]) if one), {})
    blocks = _blocks(item_set, now, matters)
    sentence = _sentence(bool(now), {heading for heading, _ in blocks})
    written = tuple((heading, tuple(lines)) for heading, lines in own_words.items() if lines)
    return Picture(
        name=NAME,
        title=TITLE,
        sentence=sentence,
        svg=_drawn(item_set, framework, now, before, matters, sentence) if now else "",
        table=_table(item_set, seen, matters) if any(answers) else None,
        blocks=(*blocks, *written),
        notes=NOTES,
    )


def _blocks(item_set: ItemSet, now: Mapping[str, int], matters: Sequence[str]) -> Blocks:
    def lines(wanted: Sequence[Item]) -> tuple[str, ...]:
        return tuple(f"{_name(i)}: {_lower(i.points[now[i.id]])}" for i in wanted)

    known = [i for i in item_set.items if i.id in now]
    lean = [i for i in known if now[i.id] >= LEAN_FROM]
    both = [i for i in lean if i.id in matters]
    grow = [i for i in known if now[i.id] < LEAN_FROM and i.id in matters]
    found = (
        (LEAN_AND_MATTERS, lines(both)),
        (LEAN_ON, lines([i for i in lean if i not in both])),
        (TO_GROW, lines(grow)),
    )
    return tuple((heading, these) for heading, these in found if these)


def _sentence(answered: bool, headings: set[str]) -> str:
    if not answered:
        return EMPTY
    lean = bool(headings & {LEAN_ON, LEAN_AND_MATTERS})
    if lean and TO_GROW in headings:
        return "There is something to lean on, and something that matters has room to grow."
    if lean:
        return "There is something here to lean on."
    if TO_GROW in headings:
        return "Something that matters to you has room to grow."
    return "Here is what you said, in the words you chose."


def _name(item: Item) -> str:
    return item.words or item.question


def _lower(words: str) -> str:
    """The words of a point inside a line of words."""
    return words[:1].lower() + words[1:]


def _said(item_set: ItemSet, item: Item, value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 4:
        return item.points[value]
    if value == NOT_UP:
        return item.other_answer or item_set.other_answer
    return "Skipped" if value == SKIPPED else "Not answered"


def _table(item_set: ItemSet, seen: Sequence[Sitting], matters: Sequence[str]) -> Table:
    """Every item in words: a column for each map that was made, then what matters now."""
    several = len(seen) > 1
    made = [
        TIMES.get(one.time, f"Map {n}") if several else "How true of you now"
        for n, one in enumerate(seen, 1)
    ]
    return Table(
        "All of your answers in words",
        ("What leaders do", *made, "Matters to you now"),
        tuple(
            (
                _name(item),
                *(_said(item_set, item, one.answers.get(item.id)) for one in seen),
                "Yes" if item.id in matters else "",
            )
            for item in item_set.items
        ),
    )


def _drawn(
    item_set: ItemSet,
    framework: Framework,
    now: Mapping[str, int],
    before: Mapping[str, int],
    matters: Sequence[str],
    sentence: str,
) -> str:
    """One row an item, under the name of its group: what it is, what was said, which place."""
    last = FIRST + 4 * STEP
    parts = [
        text(FIRST - 14, 30, ["not yet", "true"], "picture-small", size=21),
        text(last + 14, 30, ["very", "true"], "picture-small", "end", size=21),
    ]
    top, group = 66.0, ""
    for item in item_set.items:
        if item.id not in now:
            continue
        known = framework.item(item.id)
        if known is not None and known.group != group:
            group = known.group
            parts.append(text(0, top + 44, lines_of(group, 30), "picture-name", size=25))
            top += 62
        row, height = _row(item, now[item.id], before.get(item.id), item.id in matters, top)
        parts += row
        top += height
    if before:
        parts.append(_key(top + 34))
        top += 56
    return drawing(NAME, TITLE, sentence, top + 6, *parts)


def _row(
    item: Item, value: int, before: int | None, matters: bool, top: float
) -> tuple[list[Markup], float]:
    name = lines_of(_name(item), 24)
    said = lines_of(item.points[value], 24)
    also = [MATTERS] if matters else []
    height = 26 + 30 * (len(name) + len(said) + len(also))
    below = top + 34 + 30 * len(name)
    parts = [
        line(0, top, WIDTH, top, "picture-hair"),
        text(0, top + 34, name, "picture-small", size=21),
        text(0, below, said, "picture-words", size=24),
    ]
    if also:
        parts.append(text(0, below + 30 * len(said), also, "picture-small", size=21))
    parts.append(_bar(value, before, top + height / 2))
    return parts, height


def _bar(value: int, before: int | None, y: float) -> Markup:
    """Five places on a line, filled up to the chosen one; a ring where it was last time."""
    places = [FIRST + STEP * place for place in range(5)]
    parts = [line(places[0], y, places[-1], y, "picture-track")]
    if value:
        parts.append(line(places[0], y, places[value], y, "picture-soft"))
    parts += [tag("circle", cx=x, cy=y, r=SMALL, class_="picture-place") for x in places]
    if before is not None and before != value:
        parts.append(_ring(places[before], y))
    parts.append(tag("circle", cx=places[value], cy=y, r=LARGE, class_="picture-dot"))
    return tag("g", *parts)


def _ring(x: float, y: float) -> Markup:
    return tag(
        "circle",
        cx=x,
        cy=y,
        r=LARGE - 2,
        class_="picture-session",
        fill="none",
        stroke="currentColor",
    )


def _key(y: float) -> Markup:
    """What the ring and the full dot stand for."""
    return tag(
        "g",
        tag("circle", cx=LARGE, cy=y - 7, r=LARGE, class_="picture-dot"),
        text(2 * LARGE + 14, y, ["now"], "picture-small", size=21),
        _ring(150, y - 7),
        text(180, y, ["the map before, where it differs"], "picture-small", size=21),
    )
