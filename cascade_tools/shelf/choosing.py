"""The choices of an ask line: written there, taken from a list, or the points of a scale."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from cascade_tools import content
from cascade_tools.errors import CascadeError
from cascade_tools.kit import kit_folder
from cascade_tools.model.prompts import NOT_UP, SKIPPED, Choice, Kind, from_0_to_10
from cascade_tools.shelf.faults import did_you_mean

KEY = re.compile(r"[a-z][a-z0-9-]*\Z")
CODE = re.compile(r"[a-z0-9][a-z0-9-]*\Z")
SERVER_SOURCES = ("programme.coaches", "programme.supervisors", "my.sheets")
DATA_SOURCES = ("issues",)
SOURCE = re.compile(r"(frameworks/[a-z][a-z0-9_]*|[a-z][a-z0-9-]*)\Z")
PANELS = ("ring-today", "worried")
YES_NO_SKIP = (Choice("yes", "Yes"), Choice("no", "No"), Choice(SKIPPED, "Skip this one"))
ENDS = ("Not at all", "Completely")
YES_OR_NO = '{"yes": "Yes", "no": "No"}'
TWO_LINES = '{"look": "Look first", "ask": "Ask what they see"}'
AFTER = "after the question"


def slug(words: str) -> str:
    """``"What happened?"`` as ``"what-happened"``; empty where nothing can be kept."""
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")


def shown(value: object) -> str:
    """What an author wrote, short enough for a sentence."""
    text = repr(value) if not isinstance(value, str) else f'"{value}"'
    return text if len(text) <= 40 else text[:37] + "..."


def listed(
    say: Callable[[str], None], written: object, one: str, example: str, where: str
) -> tuple[Choice, ...]:
    """Codes and words as a line holds them.  ``one`` is what they are called, one of them."""
    if isinstance(written, list | tuple | set):
        say(f"The {one}s are a list. Give each a code that never changes: {example}.")
        return ()
    if not isinstance(written, dict) or not written:
        say(f"There are no {one}s. Write them {where}: {example}.")
        return ()
    for code, words in written.items():
        if not isinstance(code, str) or not CODE.match(code):
            say(
                f"{shown(code)} cannot be the code of a {one}. Use lowercase letters, "
                f'digits and hyphens, such as "{slug(str(code)) or "yes"}".'
            )
        if not isinstance(words, str) or not words.strip():
            say(f"The {one} {shown(code)} has no words. Write them after its code.")
    if len(set(map(str, written.values()))) < len(written):
        say(f"Two {one}s have the same words. Give each words of its own.")
    return tuple(Choice(str(code), str(words)) for code, words in written.items())


def at_least_two(
    say: Callable[[str], None], written: object, one: str, example: str, where: str
) -> tuple[Choice, ...]:
    """As ``listed``, where one alone would be nothing to sort."""
    found = listed(say, written, one, example, where)
    if len(found) == 1:
        say(f"There is only one {one}. Give at least two.")
    return found


class Choosing:
    """The choices of one ask line; every fault in them is said."""

    def __init__(
        self,
        kind: Kind,
        args: Sequence[Any],
        options: dict[str, Any],
        say: Callable[[str], None],
    ) -> None:
        self.kind = kind
        self.options = options
        self.say = say
        self.written = args[2] if len(args) > 2 else None

    def choices(self, question: str) -> tuple[Choice, ...]:
        match self.kind:
            case Kind.SCALE:
                return self._points(question)
            case Kind.TEN:
                return self._ten()
            case Kind.YES_NO_SKIP:
                return YES_NO_SKIP
            case Kind.CHOICE | Kind.CHOICES:
                return self._listed()
            case Kind.ORDER:
                return at_least_two(self.say, self.written, "line", TWO_LINES, AFTER)
        return ()

    def _ten(self) -> tuple[Choice, ...]:
        """0 to 10; only the ends have words."""
        ends = self.options.get("ends", list(ENDS))
        if len(ends) != 2 or not all(isinstance(e, str) and e.strip() for e in ends):
            self.say('ends= must be the words of 0 and of 10: ends=["Not at all", "Completely"].')
            ends = list(ENDS)
        return from_0_to_10(ends[0], ends[1])

    def _listed(self) -> tuple[Choice, ...]:
        written = self.written
        source = self.options.get("choices_from", "")
        if written is not None and source:
            self.say("There are choices and choices_from=. Keep one of them.")
        elif source:
            return self._choices_from(source)
        else:
            return listed(self.say, written, "choice", YES_OR_NO, AFTER)
        return ()

    def _choices_from(self, source: str) -> tuple[Choice, ...]:
        if source in SERVER_SOURCES:
            return ()
        files = kit_folder("data").glob("frameworks/*.yaml")
        known = (*DATA_SOURCES, *SERVER_SOURCES, *(f"frameworks/{f.stem}" for f in files))
        hint = did_you_mean(source, known)
        if not SOURCE.match(source):
            self.say(f'choices_from="{source}" is not known.{hint}')
            return ()
        try:
            return content.choices(source)
        except CascadeError as error:
            self.say(f'choices_from="{source}" cannot be read ({error}).{hint}')
            return ()

    def _points(self, question: str) -> tuple[Choice, ...]:
        words = self.options.get("words")
        other = ""
        if isinstance(words, str) and words:
            points, other = self._item_points(words, question)
        elif isinstance(words, list) and len(words) == 5:
            points = tuple(words)
            if not all(isinstance(p, str) and p.strip() for p in points):
                self.say("Each of the five points of a scale needs words.")
        else:
            points = ()
            self.say(
                "A scale needs five points in words, from 0 to 4: "
                'words="thinking/D1", or words=["...", "...", "...", "...", "..."].'
            )
        return (
            *(Choice(str(n), str(p)) for n, p in enumerate(points)),
            Choice(NOT_UP, other or "Did not come up"),
            Choice(SKIPPED, "Skip this one"),
        )

    def _item_points(self, words: str, question: str) -> tuple[tuple[str, ...], str]:
        name, _, item_id = words.partition("/")
        if not KEY.match(name) or not item_id:
            self.say(f'words="{words}" is not a set and an item. Write it like "thinking/D1".')
            return (), ""
        try:
            items = content.item_set(name)
        except CascadeError as error:
            self.say(f'words="{words}" cannot be read ({error}).')
            return (), ""
        item = items.item(item_id)
        if item is None:
            hint = did_you_mean(item_id, [i.id for i in items.items])
            self.say(f'words="{words}": the set "{name}" has no item {item_id}.{hint}')
            return (), ""
        if question and question not in (item.question, item.leader):
            self.say(
                f'The question differs from that of item {words}. Write: "{item.question}" '
                "(or change the item, and its version with it)."
            )
        return item.points, item.other_answer or items.other_answer

    def panels(self, choices: tuple[Choice, ...]) -> tuple[tuple[str, str], ...]:
        says = self.options.get("says", {})
        codes = [c.code for c in choices]
        for code, panel in says.items():
            if code not in codes:
                self.say(
                    f"says= names {shown(code)}, which is not a choice.{did_you_mean(code, codes)}"
                )
            if panel not in PANELS:
                self.say(
                    f"says= names the panel {shown(panel)}, which is not known."
                    f"{did_you_mean(panel, PANELS)}"
                )
        return tuple((str(code), str(panel)) for code, panel in says.items())
