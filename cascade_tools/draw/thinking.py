"""Draws "Who is doing the thinking?": two answers to look at, then all of them in words."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from markupsafe import Markup

from cascade_tools.draw.movement import movement
from cascade_tools.draw.svg import WIDTH, drawing, line, lines_of, tag, text
from cascade_tools.model.items import Item, ItemSet
from cascade_tools.model.picture import Picture, Sitting, Table
from cascade_tools.model.prompts import NOT_UP, SKIPPED, Prompt, in_words
from cascade_tools.model.readings import one_decimal, up_to_now
from cascade_tools.model.thinking import (
    Chosen,
    Overall,
    Reading,
    StandsOut,
    Why,
    read,
)

NAME = "thinking"
TITLE = "Who is doing the thinking?"
NOTES = (
    "This is a thinking aid, not a test. It has not been scientifically tested and there are no "
    "right answers. It uses only your own answers, so it can be wrong. A high number early on is "
    "often a sign that you are building trust. Use it to choose what to talk about with your "
    "supervisor.",
)
EARLY = (
    "Early on, practical help is expected. High answers about ideas and about doing their work "
    "may mean you are building trust."
)
NOT_ENOUGH = "Not enough answers to give an overall picture."

# What each question is about, in a word or two: the drawing has no room for the questions.
ABOUT = {
    "D1": "The ideas",
    "D2": "The pull to rescue",
    "D3": "Their work",
    "D4": "Whose job it is",
    "D5": "Between sessions",
    "D6": "What we talked about",
    "D7": "Not knowing",
    "D8": "The credit",
    "D9": "Room to disagree",
    "D10": "The ending",
}

# Where the five positions lie across the drawing, and how large a dot is.
FIRST, STEP, SMALL, LARGE = 412, 52, 5, 15

Words = Callable[[Item, object], str]


def thinking(
    item_set: ItemSet, prompts: Mapping[str, Prompt], sittings: Sequence[Sitting]
) -> Picture:
    """The picture for the person who answered, and for nobody else: it holds their average.

    ``prompts`` are the scale prompts by item id; an item without one is read in its own words.
    ``sittings`` are oldest first and all of this item set.
    """
    reading = read(item_set, sittings)
    seen = up_to_now(sittings)
    answers = seen[-1].answers if seen else {}

    def words(item: Item, value: object) -> str:
        return _words(item_set, prompts.get(item.id), item, value)

    sentence = _sentence(reading)
    notes = (EARLY, *NOTES) if reading.early and reading.answered else NOTES
    return Picture(
        name=NAME,
        title=TITLE,
        sentence=sentence,
        svg="" if reading.thanks else _dots(reading, sentence, words),
        table=Table(
            "All ten answers in words" if len(item_set.items) == 10 else "All answers in words",
            ("Question", "Your answer"),
            tuple((i.question, words(i, answers.get(i.id))) for i in item_set.items),
        ),
        blocks=(
            *(_look_at(chosen, words) for chosen in reading.to_look_at),
            *_stands_out(reading.stands_out, words),
            *_same_as_last(reading),
        ),
        folded=() if reading.thanks else (("Show how this adds up", _adds_up(reading.overall)),),
        notes=notes,
        more=() if reading.thanks or not reading.movement else (movement(reading.movement),),
    )


def _words(item_set: ItemSet, prompt: Prompt | None, item: Item, value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 4:
        return in_words(prompt, value) if prompt else item.points[value]
    if value == NOT_UP:
        other = item.other_answer or item_set.other_answer or "Did not come up"
        known = {c.code for c in prompt.choices} if prompt else set()
        return in_words(prompt, NOT_UP) if prompt and NOT_UP in known else other
    return "Skipped" if value == SKIPPED else "Not answered"


def _about(item: Item) -> str:
    return ABOUT.get(item.id, item.question)


def _sentence(reading: Reading) -> str:
    if reading.thanks:
        return "Thank you. You can leave it there."
    if not reading.to_look_at:
        return "Nothing stands out this time."
    first, second = (_about(c.item) for c in reading.to_look_at)
    return f"Two answers to look at: “{first}” and “{second}”."


def _look_at(chosen: Chosen, words: Words) -> tuple[str, tuple[str, ...]]:
    item = chosen.item
    lines = [f"You chose: {words(item, chosen.value)}"]
    if item.supervisor_asks:
        lines.append(f"A supervisor might ask: “{item.supervisor_asks[0]}”")
    return item.question, tuple(lines)


def _stands_out(found: Sequence[StandsOut], words: Words) -> Iterator[tuple[str, tuple[str, ...]]]:
    """One block for all of them; where there is just one, what may make it a false alarm."""
    if not found:
        return
    lines = []
    for one in found:
        item = one.chosen.item
        again = " (two sessions running)" if one.why is Why.TWICE else ""
        lines.append(f"{_about(item)}: {words(item, one.chosen.value)}{again}")
    if len(found) > 1:
        yield "Some answers stand out", (*lines, "They may be worth talking about.")
        return
    lines.append("It may be worth talking about.")
    if alarm := found[0].chosen.item.false_alarm:
        lines.append(f"It can be a false alarm. For example: {alarm}")
    yield "One answer stands out", tuple(lines)


def _same_as_last(reading: Reading) -> Iterator[tuple[str, tuple[str, ...]]]:
    if reading.same_as_last:
        yield "The same again", ("Your answers were the same as last time. Still true?",)


def _adds_up(overall: Overall | None) -> tuple[str, ...]:
    if overall is None:
        return (NOT_ENOUGH,)
    values, count = overall.values, len(overall.values)
    total = " + ".join(map(str, values))
    return (
        "Each answer counts from 0 (the first choice) to 4 (the last). "
        "What did not come up, and what you skipped, is left out.",
        f"{total} = {sum(values)}. Shared among {count} answers, "
        f"that is {one_decimal(overall.average)} on average.",
        f"{overall.band}.",
        "Only you see this. It is never part of what you share.",
    )


def _dots(reading: Reading, sentence: str, words: Words) -> str:
    """One row an answer: what it is about, the words chosen, and which of five places that is."""
    looked_at = {c.item.id for c in reading.to_look_at}
    last = FIRST + 4 * STEP
    parts = [
        text(FIRST - 14, 30, ["theirs,", "or open"], "picture-small", size=21),
        text(last + 14, 30, ["mine,", "or stuck"], "picture-small", "end", size=21),
    ]
    top = 78
    for chosen in reading.answered:
        said = lines_of(words(chosen.item, chosen.value), 20)
        about = lines_of(_about(chosen.item), 26)
        height = 30 + 30 * (len(said) + len(about))
        if chosen.item.id in looked_at:
            parts.append(
                tag(
                    "rect",
                    x=0,
                    y=top,
                    width=WIDTH,
                    height=height,
                    rx=12,
                    class_="picture-band",
                    fill="none",
                )
            )
        else:
            parts.append(line(14, top + height, WIDTH - 14, top + height, "picture-hair"))
        parts.append(text(16, top + 36, about, "picture-small", size=21))
        below = top + 36 + 30 * len(about)
        parts.append(text(16, below, said, "picture-words", size=24))
        parts.append(_five(chosen.value, top + height / 2))
        top += height
    return drawing(NAME, TITLE, sentence, top + 6, *parts)


def _five(value: int, y: float) -> Markup:
    """Five places on a line; the chosen one is large and full."""
    places = [FIRST + STEP * place for place in range(5)]
    return tag(
        "g",
        line(places[0], y, places[-1], y, "picture-track"),
        *(tag("circle", cx=x, cy=y, r=SMALL, class_="picture-place") for x in places),
        tag("circle", cx=places[value], cy=y, r=LARGE, class_="picture-dot"),
    )
