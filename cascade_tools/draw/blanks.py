"""What stands on paper where the screen draws or lists: a sentence, and an empty table or grid."""

from dataclasses import dataclass
from itertools import zip_longest

from markupsafe import Markup

from cascade_tools import content
from cascade_tools.draw import balance as balance_picture
from cascade_tools.draw import thinking as thinking_picture
from cascade_tools.draw.svg import drawing, line, tag, text
from cascade_tools.model.balance import Corner
from cascade_tools.model.people import Role
from cascade_tools.model.prompts import Kind, Prompt
from cascade_tools.model.workbook import Workbook, scales

Rows = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Blank:
    """``sentences`` say what to do; ``table`` is a caption, headers and rows to fill in.

    A row may be shorter than the headers: what is missing is empty.  ``grid`` is a drawing to
    draw on, ``box`` an empty frame.  ``asks`` is a second table, to read and not to fill in.
    """

    title: str
    sentences: tuple[str, ...]
    headers: tuple[str, ...] = ()
    rows: Rows = ()
    grid: str = ""
    box: bool = False
    asks: tuple[str, tuple[str, ...], Rows] | None = None
    notes: tuple[str, ...] = ()


def _empty(count: int) -> Rows:
    return ((),) * count


LISTINGS = {
    "actions": Blank(
        "What I said I would do",
        ("Copy in what is still open from your last sheets.",),
        ("What", "Who", "By when", "First look back", "How it stands"),
        _empty(5),
    ),
    "questions": Blank(
        "Questions that landed",
        ("Copy in the questions you would like to keep.",),
        ("The question", "Who asked it, and when"),
        _empty(5),
    ),
    "agreement": Blank(
        "What we agreed",
        ("Copy this from the agreement the two of you made.",),
        ("", "Our agreement"),
        (("We agreed it on",), ("We end by",), ("Between sessions",), ("To remember",)),
    ),
    "last_supervision": Blank(
        "My last supervision",
        ("Copy in what you agreed when you last met.",),
        ("We met on", "We agreed", "Who does it", "By when"),
        _empty(3),
    ),
    "timeline": Blank(
        "Our sessions",
        ("One line for each session, planned or held.",),
        ("Session", "Date", "Held, moved or cancelled", "By whom", "How long", "How we met"),
        tuple((str(n),) for n in range(1, 7)),
    ),
    "scenes": Blank(
        "Conversations I have tried",
        ("They are on the screen. Copy in the ones you have tried.",),
        ("The conversation", "On", "What I noticed"),
        _empty(5),
    ),
    "drills": Blank(
        "Practices I have tried",
        ("They are on the screen. Copy in the ones you have tried.",),
        ("The practice", "On", "What I noticed"),
        _empty(5),
    ),
    "replay": Blank(
        "The moment, once more",
        ("On a screen this can be played as a scene. On paper, try three other things to say.",),
        ("What I might say", "What kind of help that is", "What might happen then"),
        _empty(3),
    ),
    "events": Blank(
        "Our events",
        ("On paper, the wall is a wall. Copy in when you meet, and where.",),
        ("Event", "On", "Where", "How many people"),
        _empty(2),
    ),
}

MOMENTS = ("At the start", "Half-way", "At the end", "Six months later")


def listing_blank(name: str) -> Blank:
    """An empty table for a list that the server would write."""
    return LISTINGS.get(name) or Blank("A list to keep", ("Keep your own list here.",), box=True)


def thought_blank(workbook: Workbook) -> Blank:
    """For a cell that works something out: nothing on paper can."""
    if workbook.desk and Role.SUPERVISOR in workbook.roles:
        return Blank(
            "The coaches I hold",
            ("On a screen the kit fills this in. On paper, keep it yourself.",),
            ("Coach", "Their leaders", "Asked to talk", "Last talked", "Next date", "To read"),
            _empty(8),
        )
    return Blank(
        "To look back on",
        ("On a screen the kit works something out here. On paper, note what strikes you.",),
        box=True,
    )


def drawing_blank(name: str, workbook: Workbook) -> Blank:
    """A picture as a sentence and something to draw or write on."""
    match name:
        case "thinking":
            return _thinking(workbook)
        case "balance":
            return _balance(workbook)
        case "iceberg":
            return _iceberg()
        case "map":
            return Blank(
                "My leadership map",
                ("Copy your ticks in, at the start and again at the end. Look at what moved.",),
                ("What leaders do", "At the start", "At the end"),
                _questions(workbook) or _empty(12),
            )
        case "outcomes":
            return Blank(
                "Where I am now, over time",
                ("Copy your numbers in, 0 to 10, each time you answer. Each line stands alone.",),
                ("How it was", *MOMENTS),
                _questions(workbook) or _empty(12),
            )
    return Blank(
        "A picture", ("On a screen the kit draws your answers. Draw your own here.",), box=True
    )


def _questions(workbook: Workbook) -> Rows:
    """The questions that a picture is made of, one a row."""
    return tuple((p.question,) for p in workbook.prompts if p.kind in (Kind.SCALE, Kind.TEN))


def _thinking(workbook: Workbook) -> Blank:
    items = content.item_set("thinking").items
    asked: dict[str, Prompt] = scales(workbook, "thinking")
    return Blank(
        thinking_picture.TITLE,
        (
            "Look back at your ten ticks. In each list, theirs or open comes first, and mine or "
            "stuck comes last.",
            "Find the two nearest to the end of their lists. Write them here.",
        ),
        ("The question", "What I ticked", "What I would like to talk about"),
        _empty(2),
        asks=(
            "What a supervisor might ask",
            ("If this one stands out", "They might ask", "It may mean nothing when"),
            tuple(
                (i.question, " ".join(i.supervisor_asks), i.false_alarm)
                for i in items
                if not asked or i.id in asked
            ),
        ),
        notes=thinking_picture.NOTES,
    )


def _balance(workbook: Workbook) -> Blank:
    practical, thinking = (_lines_of(axis, workbook) for axis in ("CB", "LD"))
    return Blank(
        balance_picture.TITLE,
        (
            "Count each tick as a number, from the first, which is 0, to the fifth, which is 4.",
            "Add up the lines for practical help, and divide by how many of them you answered. Do "
            "the same with the lines for thinking for yourself.",
            "Put a dot where the two meet, with the number of the session in it.",
        ),
        ("Session", "Practical help", "Help to think for yourself"),
        tuple((str(n),) for n in range(1, 6)),
        grid=_grid(),
        asks=(
            "Which lines count for which",
            ("Practical help", "Help to think for yourself"),
            tuple(zip_longest(practical, thinking, fillvalue="")),
        ),
        notes=balance_picture.NOTES[:1] + balance_picture.NOTES[-1:],
    )


def _lines_of(axis: str, workbook: Workbook) -> list[str]:
    """The questions that count on one axis, as this workbook asks them.

    A line of the leader's own view may serve for one of them: nobody is asked twice.
    """
    asked, view = scales(workbook, "axes"), scales(workbook, "view")
    serving = {i.serves: view[i.id] for i in content.item_set("view").items if i.id in view}
    return [
        prompt.question
        for item in content.item_set("axes").items
        if item.axis == axis
        and (prompt := asked.get(item.id) or serving.get(f"axes/{item.id}")) is not None
    ]


def _grid() -> str:
    """Two scales from 0 to 4, and nothing on them yet."""
    left, right, top, bottom = 70, 600, 30, 470
    across, down = (right - left) / 4, (bottom - top) / 4
    parts: list[Markup] = []
    for n in range(5):
        x, y = left + n * across, bottom - n * down
        parts += [
            line(x, top, x, bottom, "paper-grid"),
            line(left, y, right, y, "paper-grid"),
            text(x, bottom + 30, [str(n)], "paper-label", "middle", 20),
            text(left - 14, y + 7, [str(n)], "paper-label", "end", 20),
        ]
    for corner, x, y in (
        (Corner.PARTNER, left + 10, top + 24),
        (Corner.ALONGSIDE, right - 10, top + 24),
        (Corner.FEET, left + 10, bottom - 12),
        (Corner.HELPING, right - 10, bottom - 12),
    ):
        anchor = "start" if x < right / 2 else "end"
        parts.append(text(x, y, [corner.value], "paper-corner", anchor, 18))
    parts.append(
        text(right, bottom + 62, ["Practical help with the work in hand"], "paper-axis", "end", 20)
    )
    parts.append(
        tag(
            "text", "Help to think for yourself", x=-top, y=24, class_="paper-axis",
            text_anchor="end", font_size=20, transform="rotate(-90)",
        )
    )  # fmt: skip
    sentence = "An empty grid: practical help across, help to think for yourself upwards, 0 to 4."
    return drawing("grid", balance_picture.TITLE, sentence, bottom + 75, *parts)


def _iceberg() -> Blank:
    return Blank(
        "Your iceberg",
        (
            "A little shows above the water, and most lies below. Put a few words beside each "
            "place you wrote about.",
            "Leave the others empty. They are not gaps to fill.",
        ),
        ("Where", "In a few words"),
        tuple((layer.name,) for layer in content.layers()),
        box=True,
    )
