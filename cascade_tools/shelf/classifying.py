"""What an ``ask.classify`` line sorts, and into what: written there, or a set of the kit's."""

from collections.abc import Callable, Sequence
from typing import Any

from cascade_tools import content
from cascade_tools.errors import CascadeError
from cascade_tools.model.practice import Drill, shuffled
from cascade_tools.model.prompts import Choice, Statement
from cascade_tools.shelf.choosing import AFTER, at_least_two, shown
from cascade_tools.shelf.faults import did_you_mean

TWO_BINS = '{"mine": "Mine to do", "theirs": "Theirs to do"}'
TWO_STATEMENTS = 'statements={"ring": "Ring the council", "plan": "Plan the day"}'


def classifying(
    args: Sequence[Any], options: dict[str, Any], say: Callable[[str], None]
) -> tuple[tuple[Choice, ...], tuple[Statement, ...]]:
    """The bins and the statements of one line; every fault in them is said."""
    bins, placed = ([*args[2:4], None, None])[:2]
    written, source = options.get("statements", placed), options.get("statements_from", "")
    if source:
        if written is not None:
            say("There are statements= and statements_from=. Keep one of them.")
        if bins is not None:
            say("The bins come with statements_from=. Leave out those after the question.")
        return _from_the_kit(source, say)
    found = at_least_two(say, written, "statement", TWO_STATEMENTS, "with their name")
    return (
        at_least_two(say, bins, "bin", TWO_BINS, AFTER),
        tuple(Statement(one.code, one.words) for one in found),
    )


def _from_the_kit(
    source: str, say: Callable[[str], None]
) -> tuple[tuple[Choice, ...], tuple[Statement, ...]]:
    try:
        sets: dict[str, Drill] = {one.id: one for one in content.statements()}
    except CascadeError as error:
        say(f"statements_from={shown(source)} cannot be read ({error}).")
        return (), ()
    if source not in sets:
        say(f"statements_from={shown(source)} is not known.{did_you_mean(source, sets)}")
        return (), ()
    found = sets[source]
    # The order of a file may give away what the answers are; this one is always the same.
    return (
        tuple(Choice(code, words) for code, words in found.choices),
        tuple(
            Statement(item.id, item.words, item.answers, item.why)
            for item in shuffled(found.items, found.id)
        ),
    )
