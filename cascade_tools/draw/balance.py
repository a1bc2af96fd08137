"""Draws practical help and help to think for yourself: one dot a session, on two scales."""

from collections.abc import Sequence
from functools import cache

from markupsafe import Markup

from cascade_tools.draw.svg import drawing, line, points, tag, text
from cascade_tools.model.balance import Axis, Corner, Invitation, Point, Reading, Stage, read
from cascade_tools.model.items import ItemSet
from cascade_tools.model.picture import Picture, Sitting, Table
from cascade_tools.model.readings import one_decimal

NAME = "balance"
TITLE = "Practical help, and help to think for yourself"
ACROSS = ("Capacity building:", "practical help with the work in hand")
UP = ("Leadership development:", "help to think for yourself")
ARROW = ("One way this often goes", "(our drawing of what the pilot describes)")
ARROW_WORDS = (
    "First, something useful, so that trust can grow. Then more and more of the thinking is the "
    "leader’s. Practical help may lessen, or not."
)
NOTES = (
    "These are two separate scales, not two ends of one. Both are good. What matters is the order "
    "and the balance.",
    f"The soft arrow: {ARROW_WORDS}",
    "A thinking aid, not a test.",
)
STAGES = {
    Stage.EARLY: (
        "Early on",
        "Meet the need that cannot wait, and build trust. Agree how you will work together. Talk "
        "about power, and about any worry over how the leader came to be here.",
    ),
    Stage.MIDDLE: (
        "In the middle",
        "Practical help goes on. Patterns begin to show. Look at the balance together.",
    ),
    Stage.LATE: (
        "Towards the end",
        "Now comes the harder work of thinking for oneself. The leader owns the next steps. Plan "
        "the ending, and what each of you will take back.",
    ),
}
INVITATIONS = {
    Invitation.STILL_HELPING: "Still mostly helping out: is that what is needed?",
    Invitation.BACK_TO_HELP: (
        "There is more practical help again than last time. After a crisis that is often right."
    ),
}
IN_CORNER = {
    Corner.HELPING: "much practical help, less help to think",
    Corner.ALONGSIDE: "much practical help, and much help to think",
    Corner.PARTNER: "much help to think, less practical help",
    Corner.FEET: "little of either so far",
}

LEFT, RIGHT, TOP, BOTTOM = 24, 616, 96, 610
RADIUS = 22
# Where the centre of a dot may lie: clear of the axes, and of the corners' names above and below.
LEAST_X, MOST_X = LEFT + RADIUS + 8, RIGHT - RADIUS - 8
LEAST_Y, MOST_Y = TOP + 78, BOTTOM - 104


def balance(item_set: ItemSet, sittings: Sequence[Sitting]) -> Picture:
    """One numbered dot for each session with enough answers, joined in order.

    ``sittings`` are one person's, oldest first and all of this item set.
    """
    reading = read(item_set, sittings)
    sentence = _sentence(reading)
    return Picture(
        name=NAME,
        title=TITLE,
        sentence=sentence,
        svg=_drawn(reading, sentence),
        table=_table(reading.points),
        blocks=_blocks(reading),
        notes=NOTES,
    )


def _sentence(reading: Reading) -> str:
    if reading.now is None or reading.now.place is None:
        return "There is no dot for this session: it takes a few more answers to place one."
    session = f"Session {reading.now.number}"
    if reading.corner is None:
        return f"{session}: somewhere in the middle."
    words = IN_CORNER[reading.corner]
    return f"{session}: near “{reading.corner.value}”, {words}. All corners can be right."


def _blocks(reading: Reading) -> tuple[tuple[str, tuple[str, ...]], ...]:
    blocks = []
    if reading.invitations:
        lines = tuple(INVITATIONS[i] for i in reading.invitations)
        blocks.append(("This may be worth talking about", lines))
    if reading.stage:
        heading, words = STAGES[reading.stage]
        blocks.append((heading, (words,)))
    return tuple(blocks)


def _table(these: Sequence[Point]) -> Table | None:
    if not these:
        return None
    return Table(
        "Each session, from 0 (not at all) to 4 (very much)",
        ("Session", "Practical help", "Help to think for yourself"),
        tuple((str(p.number), _value(p.practical), _value(p.thinking)) for p in these),
    )


def _value(axis: Axis) -> str:
    """A mean with the count behind it."""
    if axis.value is None:
        return "Not enough answers"
    return f"{one_decimal(axis.value)} (from {axis.answered} answers)"


def _drawn(reading: Reading, sentence: str) -> str:
    dots = [(p, p.place) for p in reading.points if p.place]
    places = _apart([_at(float(x), float(y)) for _, (x, y) in dots])
    parts = [
        text(LEFT, 30, UP, "picture-axis", size=22),
        *_axes(),
        *_corners(),
        _soft_arrow(),
    ]
    if len(places) > 1:
        parts.append(
            tag(
                "polyline",
                points=points(*places),
                class_="picture-path",
                fill="none",
                stroke="currentColor",
            )
        )
    now = reading.now
    for (point, _), (x, y) in zip(dots, places, strict=True):
        here = " picture-here" if point is now else ""
        parts.append(
            tag(
                "circle",
                cx=x,
                cy=y,
                r=RADIUS,
                class_=f"picture-session{here}",
                fill="none",
                stroke="currentColor",
            )
        )
        number = [str(point.number)]
        parts.append(text(x, y + 9, number, f"picture-number{here}", "middle", size=25))
    parts.append(text(RIGHT, BOTTOM + 42, ACROSS, "picture-axis", "end", size=22))
    parts.append(_key(BOTTOM + 138))
    return drawing(NAME, TITLE, sentence, BOTTOM + 182, *parts)


def _at(practical: float, thinking: float) -> tuple[float, float]:
    """Where two values of 0 to 4 lie."""
    return (
        LEAST_X + (MOST_X - LEAST_X) * practical / 4,
        MOST_Y - (MOST_Y - LEAST_Y) * thinking / 4,
    )


def _apart(places: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Dots on the same spot are moved just far enough that each number can be read."""
    least = 2 * RADIUS + 4
    # Sessions on exactly one spot stand side by side, the earlier to the left.
    moved = []
    for nth, (x, y) in enumerate(places):
        earlier, width = places[:nth].count((x, y)), least * (places.count((x, y)) - 1)
        first = _inside(min(x - width / 2, MOST_X - width), y)[0]
        moved.append(_inside(first + least * earlier, y))
    for _ in range(60):
        for a in range(len(moved)):
            for b in range(a + 1, len(moved)):
                (ax, ay), (bx, by) = moved[a], moved[b]
                far = ((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5
                if far >= least:
                    continue
                push = (least - far) / 2
                dx, dy = ((bx - ax) / far, (by - ay) / far) if far else (1.0, 0.0)
                moved[a] = _inside(ax - dx * push, ay - dy * push)
                moved[b] = _inside(bx + dx * push, by + dy * push)
    return moved


def _inside(x: float, y: float) -> tuple[float, float]:
    return min(max(x, LEAST_X), MOST_X), min(max(y, LEAST_Y), MOST_Y)


@cache
def _axes() -> tuple[Markup, ...]:
    """Two lines with an open arrowhead each; no scale, because there is none to read off."""
    head_up = points((LEFT - 8, TOP + 14), (LEFT, TOP), (LEFT + 8, TOP + 14))
    head_across = points((RIGHT - 14, BOTTOM - 8), (RIGHT, BOTTOM), (RIGHT - 14, BOTTOM + 8))
    return (
        tag(
            "rect",
            x=LEFT,
            y=TOP,
            width=RIGHT - LEFT,
            height=BOTTOM - TOP,
            class_="picture-field",
            fill="none",
        ),
        line(LEFT, BOTTOM, LEFT, TOP, "picture-axis-line"),
        line(LEFT, BOTTOM, RIGHT, BOTTOM, "picture-axis-line"),
        *(
            tag(
                "polyline", points=p, class_="picture-axis-line", fill="none", stroke="currentColor"
            )
            for p in (head_up, head_across)
        ),
    )


@cache
def _corners() -> tuple[Markup, ...]:
    near, far = LEFT + 22, RIGHT - 16
    return (
        text(near, TOP + 38, ["Thinking partner"], "picture-corner", size=22),
        text(far, TOP + 38, ["Building alongside"], "picture-corner", "end", size=22),
        text(near, BOTTOM - 52, ["Finding our feet,", "or drifting"], "picture-corner", size=22),
        text(far, BOTTOM - 20, ["Helping out"], "picture-corner", "end", size=22),
    )


@cache
def _soft_arrow() -> Markup:
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = (
        _at(1.3, 0.75),
        _at(3.5, 0.9),
        _at(3.3, 2.3),
        _at(2.3, 3.3),
    )
    curve = f"M{x0:.0f} {y0:.0f}C{x1:.0f} {y1:.0f} {x2:.0f} {y2:.0f} {x3:.0f} {y3:.0f}"
    head = f"M{x3 + 6:.0f} {y3 + 44:.0f}L{x3:.0f} {y3:.0f}L{x3 + 48:.0f} {y3 + 4:.0f}"
    return tag(
        "g",
        tag("path", d=curve, class_="picture-soft", fill="none", stroke="currentColor"),
        tag("path", d=head, class_="picture-soft", fill="none", stroke="currentColor"),
    )


@cache
def _key(y: float) -> Markup:
    """What the soft arrow is, with a short piece of it."""
    shaft = f"M{LEFT:.0f} {y + 4:.0f}h52m-16 -14l16 14l-16 14"
    return tag(
        "g",
        tag("path", d=shaft, class_="picture-soft", fill="none", stroke="currentColor"),
        text(LEFT + 78, y, ARROW, "picture-small", size=21),
    )
