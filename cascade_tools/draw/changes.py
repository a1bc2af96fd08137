"""Draws the mean change of each line of a group as a dot with its interval, around no change.

Where a lower answer is the better one, words say so, and nothing is turned round.
"""

import math

from markupsafe import Markup

from cascade_tools.draw.svg import drawing, line, lines_of, tag, text
from cascade_tools.model.what_changed import Group, Stretch, signed

LEFT, RIGHT, ROW = 24, 616, 44


def picture_sentence(group: Group) -> str:
    """What the drawing of a group shows."""
    shown = [one for one in group.lines if one.change]
    above = sum(one.change.interval.low > 0 for one in shown if one.change)
    below = sum(one.change.interval.high < 0 for one in shown if one.change)
    return (
        f"{group.title}: the mean change of {len(shown)} lines, each with its interval. "
        f"{above} lie wholly above no change, {below} wholly below, and "
        f"{len(shown) - above - below} reach across it or touch it."
    )


def changes_svg(stretch: Stretch, group: Group) -> str:
    """One row a line: a dot for the mean change, and a bar for its interval, around no change."""
    shown = [(one, one.change) for one in group.lines if one.change]
    if not shown:
        return ""
    reach = max(abs(v) for _, c in shown for v in (c.interval.low, c.interval.high, 1))
    most = math.ceil(reach)
    middle, unit = (LEFT + RIGHT) / 2, (RIGHT - LEFT) / 2 / most

    def at(value: float) -> float:
        return middle + unit * value

    ticks = [-most, 0, most]
    parts: list[Markup] = [
        text(at(tick), 26, [signed(tick).removesuffix(".0")], "picture-small", "middle", size=19)
        for tick in ticks
    ]
    rows: list[Markup] = []
    top = 44.0
    for one, change in shown:
        words = lines_of(one.question, 46)
        rows.append(
            text(LEFT, top + 28, words, "picture-words" if one.main else "picture-row", size=21)
        )
        y = top + 30 * len(words) + ROW / 2
        rows += [
            *(line(at(tick), y - 15, at(tick), y + 15, "picture-hair") for tick in ticks),
            line(LEFT, y, RIGHT, y, "picture-hair"),
            line(at(change.interval.low), y, at(change.interval.high), y, "picture-soft"),
            tag("circle", cx=at(change.difference), cy=y, r=9, class_="picture-dot"),
        ]
        top = y + ROW / 2 + 6
    name = f"changed-{stretch.times[1]}-{group.name}"
    title = f"{group.title}: mean change"
    sentence = picture_sentence(group)
    return drawing(name, title, sentence, top + 8, *parts, *rows)
