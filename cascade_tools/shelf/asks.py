"""One ``ask`` line into a Prompt, or the sentences that say what is wrong with it.

These rules are stated once: ``check`` applies them to the file, and the notebook's own ``ask``
applies them to the line that is being run.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from cascade_tools.model.prompts import Kind, Prompt, Statement, Who
from cascade_tools.model.sharing import Action, Relation, State, Thing, may
from cascade_tools.shelf.choosing import KEY, Choosing, shown, slug
from cascade_tools.shelf.classifying import classifying
from cascade_tools.shelf.faults import did_you_mean
from cascade_tools.shelf.files import FOLDERS, WORKBOOK_ID

WRITTEN = (Kind.TEXT, Kind.LONG, Kind.PERSON, Kind.ACTION, Kind.GOAL)
# What stands after the question, by the kind of it.
AFTER_QUESTION = {
    Kind.CHOICE: "choices",
    Kind.CHOICES: "choices",
    Kind.ORDER: "lines",
    Kind.CLASSIFY: "bins",
}
# What a page without scripts sends along under these names is its own.
TAKEN = ("person", "writer", "go")
PERSON_HINT = "Initials or a role."

_EVERY: dict[str, tuple[type, str]] = {
    "hint": (str, "words in quotes"),
    "who": (str, "one word in quotes"),
    "keep": (bool, "True or False"),
    "own_tick": (str, "the sentence of the box, in quotes"),
    "other_ways": (list, "a list of questions in quotes"),
    "from_before": (str, 'a workbook and a key, such as "coach/after-i-coach/question-landed"'),
}
_LONG: dict[str, tuple[type, str]] = {"sealed_months": (int, "a number of months, such as 6")}
_TEN: dict[str, tuple[type, str]] = {"ends": (list, 'two words, such as ["Never", "Always"]')}
_CHOSEN: dict[str, tuple[type, str]] = {
    "says": (dict, 'a dictionary such as {"today": "ring-today"}'),
    "choices_from": (str, 'a name in quotes, such as "issues"'),
}
_CLASSIFY: dict[str, tuple[type, str]] = {
    "statements": (object, 'a dictionary such as {"ring": "Ring the council"}'),
    "statements_from": (str, 'a name in quotes, such as "leading-or-helping"'),
}
_SCALE: dict[str, tuple[type, str]] = {
    "words": (object, 'an item such as "thinking/D1", or a list of five points'),
}
_OF_A_KIND = {
    Kind.LONG: _LONG,
    Kind.TEN: _TEN,
    Kind.CHOICE: _CHOSEN,
    Kind.CHOICES: _CHOSEN,
    Kind.CLASSIFY: _CLASSIFY,
    Kind.SCALE: _SCALE,
}


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
        choosing = Choosing(self.kind, self.args, self.options, self._say)
        choices = choosing.choices(question)
        statements: tuple[Statement, ...] = ()
        if self.kind is Kind.CLASSIFY:
            choices, statements = classifying(self.args, self.options, self._say)
        words = self.options.get("words", "")
        return Prompt(
            key=key,
            kind=self.kind,
            question=question,
            choices=choices,
            hint=self.options.get("hint", PERSON_HINT if self.kind is Kind.PERSON else ""),
            who=who,
            keep=keep,
            words_from=words if isinstance(words, str) else "",
            choices_from=self.options.get("choices_from", ""),
            says=choosing.panels(choices),
            own_tick=own_tick,
            other_ways=self._other_ways(),
            from_before=self._from_before(keep),
            sealed_months=self._sealed_months(keep),
            statements=statements,
            cell=cell,
        )

    def _say(self, sentence: str) -> None:
        self.faults.append(sentence)

    def _key_and_question(self) -> tuple[str, str]:
        for name in ("key", "question", AFTER_QUESTION.get(self.kind, "choices")):
            if name in self.options:
                self._say(f"Write the {name} in its place, without its name: no {name}=.")
                self.args = [*self.args, self.options.pop(name)]
        last = AFTER_QUESTION.get(self.kind, "")
        if len(self.args) > (3 if last else 2):
            extra = f", then the {last}" if last else ""
            self._say(
                f"ask.{self.kind} takes a key, then a question{extra}. "
                "Give everything else its name, such as hint=."
            )
        key, question = ([*self.args, "", ""])[:2]
        if not isinstance(key, str) or not KEY.match(key):
            example = slug(str(key)).lstrip("0123456789-") or "what-happened"
            self._say(
                f"{shown(key)} cannot be a key. Use lowercase letters, digits and hyphens, "
                f'starting with a letter, such as "{example}".'
            )
        elif key in TAKEN:
            self._say(f'The page itself uses "{key}". Give the question another key.')
        if not isinstance(question, str) or not question.strip():
            self._say("There is no question. Write it in quotes after the key.")
            question = ""
        return str(key), question

    def _options(self) -> None:
        """Names the options that are unknown or of the wrong kind, and drops them."""
        known = dict(_EVERY)
        known |= _OF_A_KIND.get(self.kind, {})
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
            self._say(f"who={shown(name)} is not known.{did_you_mean(name, list(Who))}")
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

    def _from_before(self, keep: bool) -> str:
        source = str(self.options.get("from_before", ""))
        workbook, _, key = source.rpartition("/")
        if not source:
            return ""
        if not keep:
            self._say("keep=False stores nothing, so nothing can come before. Drop from_before.")
        elif not WORKBOOK_ID.match(workbook) or not KEY.match(key):
            folder = source.partition("/")[0]
            hint = "" if folder in FOLDERS else did_you_mean(folder, FOLDERS)
            self._say(
                f'from_before="{source}" is no workbook and key. '
                f'Write it like "coach/after-i-coach/question-landed".{hint}'
            )
        return source

    def _sealed_months(self, keep: bool) -> int:
        months = self.options.get("sealed_months")
        if months is None:
            return 0
        if isinstance(months, bool) or not 1 <= months <= 60:
            self._say("sealed_months= must be a number of months from 1 to 60, such as 6.")
            return 0
        if not keep:
            self._say("keep=False stores nothing, so nothing is sealed. Drop sealed_months.")
        return int(months)
