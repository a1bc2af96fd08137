"""The stages of one pair as a list of words: the same for the pair's page and wherever else it
stands.  Nothing in it needs a picture, a colour or a script."""

from collections.abc import Sequence
from datetime import date

from markupsafe import Markup

from cascade_tools.draw.templates import render
from cascade_tools.model.journey import Stage
from cascade_tools.model.typed import day_in_words

STATES = {"done": "Done", "next": "Next", "ahead": "Still to come"}


def timeline_html(stages: Sequence[Stage], used: int, planned: int, ends: date | None) -> Markup:
    """Sessions held of those planned, the day agreed to end by, and every stage in order.

    ``ends`` is None when there is no such day or the pair has ended.
    """
    rows = [(stage, STATES[stage.state], _when(stage), _words(stage)) for stage in stages]
    over = any(stage.code == "ending" and stage.state == "done" for stage in stages)
    sentence = _sentence(used, planned, over)
    return render("parts/timeline.html", sentence=sentence, ends=_day(ends), rows=rows)


def _sentence(used: int, planned: int, over: bool) -> str:
    if not used:
        return f"No session held{'' if over else ' yet'}, of {planned} planned."
    if used > planned:
        return f"{used} sessions held. {planned} were planned."
    return f"{used} of {planned} sessions held."


def _words(stage: Stage) -> str:
    """Nothing where *done* and the day say it all."""
    said = stage.state == "done" and stage.code.startswith(("before", "session-"))
    return "" if said else stage.words


def _when(stage: Stage) -> str:
    day = _day(stage.on)
    if not day:
        return ""
    if stage.code == "before":
        return f"from {day}"
    return f"by {day}" if stage.code == "ending" and stage.state != "done" else day


def _day(day: date | None) -> str:
    return day_in_words(day) if day else ""
