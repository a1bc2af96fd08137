"""One ``ask`` line into a Prompt, or the sentences that say what is wrong with it.

These rules are stated once: ``check`` applies them to the file, and the notebook's own ``ask``
applies them to the line that is being run.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from cascade_tools import content
from cascade_tools.errors import CascadeError
from cascade_tools.model.prompts import NOT_UP, SKIPPED, Choice, Kind, Prompt, Who
from cascade_tools.model.sharing import Action, Relation, State, Thing, may
from cascade_tools.shelf.faults import did_you_mean

KEY = re.compile(r"[a-z][a-z0-9-]*\Z")
CODE = re.compile(r"[a-z0-9][a-z0-9-]*\Z")
SERVER_SOURCES = ("programme.coaches", "programme.supervisors", "my.sheets")
DATA_SOURCES = ("issues",)
PANELS = ("ring-today", "worried")
WRITTEN = (Kind.TEXT, Kind.LONG)
CHOSEN = (Kind.CHOICE, Kind.CHOICES)

_EVERY: dict[str, tuple[type, str]] = {
    "hint": (str, "words in quotes"),
    "who": (str, "one word in quotes"),
    "keep": (bool, "True or False"),
    "own_tick": (str, "the sentence of the box, in quotes"),
    "other_ways": (list, "a list of questions in quotes"),
}
_CHOSEN: dict[str, tuple[type, str]] = {
    "says": (dict, 'a dictionary such as {"today": "ring-today"}'),
    "choices_from": (str, 'a name in quotes, such as "issues"'),
}
_SCALE: dict[str, tuple[type, str]] = {
    "words": (object, 'an item such as "thinking/D1", or a list of five points'),
}


def slug(words: str) -> str:
    """``"What happened?"`` as ``"what-happened"``; empty where nothing can be kept."""
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")


def prompt_from(
    kind: str, args: Sequence[Any], options: Mapping[str, Any], cell: int = 0
) -> tuple[Prompt | None, list[str]]:
    """The Prompt of ``ask.<kind>(*args, **options)``, or None and every sentence about it."""
    if kind not in list(Kind):
        return None, [f"There is no ask.{kind}.{did_you_mean(kind, list(Kind))}"]
    asking = _Asking(Kind(kind), args, dict(options))
    prompt = asking.prompt(cell)
    return (None if asking.faults else prompt), asking.faults


class _Asking:
    def __init__(self, kind: Kind, args: Sequence[Any], options: dict[str, Any]) -> None:
        self.kind = kind
        self.args = args
        self.options = options
        self.faults: list[str] = []

    def prompt(self, cell: int) -> Prompt:
        key, question = self._key_and_question()
        self._options()
        who = self._who()
        keep = self.options.get("keep", True)
        own_tick = self.options.get("own_tick", "")
        if own_tick and not keep:
            self._say("keep=False stores nothing, so there is nothing to share. Drop own_tick.")
        elif own_tick and not may(
            Relation.AUTHOR, Action.SHARE, Thing.ANSWER, who, State.COMMITTED
        ):
            self._say(f'who="{who}" is never shared. Drop own_tick, or use who="mine".')
        choices = self._points(question) if self.kind is Kind.SCALE else self._choices()
        words = self.options.get("words", "")
        return Prompt(
            key=key,
            kind=self.kind,
            question=question,
            choices=choices,
            hint=self.options.get("hint", ""),
            who=who,
            keep=keep,
            words_from=words if isinstance(words, str) else "",
            choices_from=self.options.get("choices_from", ""),
            says=self._says(choices),
            own_tick=own_tick,
            other_ways=self._other_ways(),
            cell=cell,
        )

    def _say(self, sentence: str) -> None:
        self.faults.append(sentence)

    def _key_and_question(self) -> tuple[str, str]:
        for name in ("key", "question", "choices"):
            if name in self.options:
                self._say(f"Write the {name} in its place, without its name: no {name}=.")
                self.args = [*self.args, self.options.pop(name)]
        most = 3 if self.kind in CHOSEN else 2
        if len(self.args) > most:
            extra = ", then the choices" if self.kind in CHOSEN else ""
            self._say(
                f"ask.{self.kind} takes a key, then a question{extra}. "
                "Give everything else its name, such as hint=."
            )
        key, question = ([*self.args, "", ""])[:2]
        if not isinstance(key, str) or not KEY.match(key):
            example = slug(str(key)).lstrip("0123456789-") or "what-happened"
            self._say(
                f"{_shown(key)} cannot be a key. Use lowercase letters, digits and hyphens, "
                f'starting with a letter, such as "{example}".'
            )
        if not isinstance(question, str) or not question.strip():
            self._say("There is no question. Write it in quotes after the key.")
            question = ""
        return str(key), question

    def _options(self) -> None:
        """Names the options that are unknown or of the wrong kind, and drops them."""
        known = dict(_EVERY)
        if self.kind in CHOSEN:
            known |= _CHOSEN
        if self.kind is Kind.SCALE:
            known |= _SCALE
        for name, value in list(self.options.items()):
            if name not in known:
                self._say(f"ask.{self.kind} has no {name}=.{did_you_mean(name, known)}")
            elif not isinstance(value, known[name][0]):
                self._say(f"{name}= must be {known[name][1]}.")
            else:
                continue
            del self.options[name]

    def _who(self) -> Who:
        name = self.options.get("who", Who.MINE)
        if name not in list(Who):
            self._say(f"who={_shown(name)} is not known.{did_you_mean(name, list(Who))}")
            return Who.MINE
        who = Who(name)
        if who is Who.PROGRAMME and self.kind in WRITTEN:
            self._say(
                'who="programme" never holds words. Use who="mine", '
                "or ask with ask.choice or ask.date."
            )
        return who

    def _other_ways(self) -> tuple[str, ...]:
        ways = self.options.get("other_ways", [])
        if not all(isinstance(w, str) and w.strip() for w in ways):
            self._say("other_ways= must be a list of questions in quotes.")
            return ()
        return tuple(ways)

    def _choices(self) -> tuple[Choice, ...]:
        if self.kind not in CHOSEN:
            return ()
        written = self.args[2] if len(self.args) > 2 else None
        source = self.options.get("choices_from", "")
        if written is not None and source:
            self._say("There are choices and choices_from=. Keep one of them.")
        elif source:
            return self._choices_from(source)
        elif isinstance(written, list | tuple | set):
            self._say(
                "The choices are a list. Give each a code that never changes: "
                '{"yes": "Yes", "no": "No"}.'
            )
        elif not isinstance(written, dict) or not written:
            self._say(
                'There are no choices. Write them after the question: {"yes": "Yes", "no": "No"}.'
            )
        else:
            return self._written_choices(written)
        return ()

    def _written_choices(self, written: dict[Any, Any]) -> tuple[Choice, ...]:
        for code, words in written.items():
            if not isinstance(code, str) or not CODE.match(code):
                self._say(
                    f"{_shown(code)} cannot be the code of a choice. Use lowercase letters, "
                    f'digits and hyphens, such as "{slug(str(code)) or "yes"}".'
                )
            if not isinstance(words, str) or not words.strip():
                self._say(f"The choice {_shown(code)} has no words. Write them after its code.")
        if len(set(map(str, written.values()))) < len(written):
            self._say("Two choices have the same words. Give each words of its own.")
        return tuple(Choice(str(code), str(words)) for code, words in written.items())

    def _choices_from(self, source: str) -> tuple[Choice, ...]:
        if source in SERVER_SOURCES:
            return ()
        hint = did_you_mean(source, (*DATA_SOURCES, *SERVER_SOURCES))
        if not KEY.match(source):
            self._say(f'choices_from="{source}" is not known.{hint}')
            return ()
        try:
            return content.choices(source)
        except CascadeError as error:
            self._say(f'choices_from="{source}" cannot be read ({error}).{hint}')
            return ()

    def _points(self, question: str) -> tuple[Choice, ...]:
        words = self.options.get("words")
        other = ""
        if isinstance(words, str) and words:
            points, other = self._item_points(words, question)
        elif isinstance(words, list) and len(words) == 5:
            points = tuple(words)
            if not all(isinstance(p, str) and p.strip() for p in points):
                self._say("Each of the five points of a scale needs words.")
        else:
            points = ()
            self._say(
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
            self._say(f'words="{words}" is not a set and an item. Write it like "thinking/D1".')
            return (), ""
        try:
            items = content.item_set(name)
        except CascadeError as error:
            self._say(f'words="{words}" cannot be read ({error}).')
            return (), ""
        item = items.item(item_id)
        if item is None:
            hint = did_you_mean(item_id, [i.id for i in items.items])
            self._say(f'words="{words}": the set "{name}" has no item {item_id}.{hint}')
            return (), ""
        if question and question not in (item.question, item.leader):
            self._say(
                f'The question differs from that of item {words}. Write: "{item.question}" '
                "(or change the item, and its version with it)."
            )
        return item.points, item.other_answer or items.other_answer

    def _says(self, choices: tuple[Choice, ...]) -> tuple[tuple[str, str], ...]:
        says = self.options.get("says", {})
        codes = [c.code for c in choices]
        for code, panel in says.items():
            if code not in codes:
                self._say(
                    f"says= names {_shown(code)}, which is not a choice.{did_you_mean(code, codes)}"
                )
            if panel not in PANELS:
                self._say(
                    f"says= names the panel {_shown(panel)}, which is not known."
                    f"{did_you_mean(panel, PANELS)}"
                )
        return tuple((str(code), str(panel)) for code, panel in says.items())


def _shown(value: object) -> str:
    """What an author wrote, short enough for a sentence."""
    text = repr(value) if not isinstance(value, str) else f'"{value}"'
    return text if len(text) <= 40 else text[:37] + "..."
