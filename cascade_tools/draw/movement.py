"""Draws how the overall picture moved from session to session, for its author only.

Dots joined by a plain line: no fitted line, no forecast.
"""

from cascade_tools.draw.svg import WIDTH, drawing, line, lines_of, points, tag, text
from cascade_tools.model.picture import Picture, Table
from cascade_tools.model.readings import one_decimal
from cascade_tools.model.thinking import BANDS, ENOUGH_IN_COMMON, Direction, Moment, Movement

NAME = "thinking-movement"
TITLE = "Show how this has moved"
TOP, BOTTOM, LEFT, RIGHT = 30, 350, 250, 600


def movement(moved: Movement) -> Picture:
    """A line and a table from three sessions with answers."""
    sentence = _sentence(moved)
    return Picture(
        name=NAME,
        title=TITLE,
        sentence=sentence,
        svg=_line_of_dots(moved, sentence),
        table=Table(
            "From session to session",
            ("Session", "Average", "In words"),
            tuple(_row(moment, place) for place, moment in enumerate(moved.moments, start=1)),
        ),
        notes=("Only you see this. It is never part of what you share.",),
    )


def _sentence(moved: Movement) -> str:
    if moved.direction is None:
        return (
            "Your first and latest answers share too few questions to be compared "
            f"(at least {ENOUGH_IN_COMMON} are needed)."
        )
    than = "as" if moved.direction is Direction.SAME else "than"
    return (
        f"On the {moved.in_common} questions you answered both times, "
        f"your latest answers are {moved.direction.value} {than} your first."
    )


def _row(moment: Moment, place: int) -> tuple[str, ...]:
    overall = moment.overall
    return (
        _number(moment, place),
        f"{one_decimal(overall.average)} (from {moment.answered} answers)" if overall else "None",
        overall.band if overall else "Not enough answers",
    )


def _number(moment: Moment, place: int) -> str:
    return str(place if moment.session is None else moment.session)


def _line_of_dots(moved: Movement, sentence: str) -> str:
    """Empty where fewer than two sessions have an average: one dot shows no movement."""
    known = [
        (_number(moment, place), moment.overall)
        for place, moment in enumerate(moved.moments, start=1)
        if moment.overall
    ]
    if len(known) < 2:
        return ""
    step = (RIGHT - LEFT) / (len(known) - 1)
    places = [
        (LEFT + step * i, _height(float(overall.average))) for i, (_, overall) in enumerate(known)
    ]
    parts = [line(0, BOTTOM, WIDTH, BOTTOM, "picture-hair")]
    above: float = TOP
    for least, words in BANDS:
        floor = _height(float(least))
        broken = lines_of(words, 14)
        middle = (above + floor) / 2 - 12 * (len(broken) - 1) + 7
        parts.append(text(0, middle, broken, "picture-small", size=21))
        parts.append(line(0, floor, WIDTH, floor, "picture-hair"))
        above = floor
    parts.append(
        tag(
            "polyline",
            points=points(*places),
            class_="picture-path",
            fill="none",
            stroke="currentColor",
        )
    )
    for (number, _), (x, y) in zip(known, places, strict=True):
        parts.append(tag("circle", cx=x, cy=y, r=13, class_="picture-dot"))
        parts.append(text(x, BOTTOM + 36, [number], "picture-small", "middle", size=21))
    parts.append(text(0, BOTTOM + 36, ["Session"], "picture-small", size=21))
    return drawing(NAME, "From session to session", sentence, BOTTOM + 52, *parts)


def _height(average: float) -> float:
    """Where an average of 0 to 4 lies, in units down from the top."""
    return BOTTOM - (BOTTOM - TOP) * average / 4
