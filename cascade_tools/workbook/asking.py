"""``ask``: one line asks one question."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from cascade_tools.errors import WorkbookFault
from cascade_tools.model.prompts import Choice, Kind
from cascade_tools.shelf import did_you_mean, prompt_from
from cascade_tools.workbook.opened import Opened

P = ParamSpec("P")
_ANY_CHOICE = (Choice("example", "An example: the served page fills this list"),)


def _asks(
    line: Callable[Concatenate["Ask", P], object],
) -> Callable[Concatenate["Ask", P], object]:
    """Puts the rules of ``shelf`` behind a method that says how its line is written."""

    @wraps(line)
    def ask(self: "Ask", /, *args: Any, **options: Any) -> object:
        return self._ask(line.__name__, args, options)

    return ask


class Ask:
    """One line asks one question.  A page shows it from the file; a preview shows it here.

    Raises ``WorkbookFault`` where ``cascade check`` would find a fault.
    """

    def __init__(self, opened: Opened) -> None:
        self._opened = opened

    @_asks
    def text(
        self,
        key: str,
        question: str,
        /,
        *,
        hint: str = "",
        who: str = "mine",
        keep: bool = True,
        own_tick: str = "",
        other_ways: Sequence[str] = (),
        from_before: str = "",
    ) -> object:
        """A line of words."""

    @_asks
    def long(
        self,
        key: str,
        question: str,
        /,
        *,
        hint: str = "",
        who: str = "mine",
        keep: bool = True,
        own_tick: str = "",
        other_ways: Sequence[str] = (),
        from_before: str = "",
        sealed_months: int = 0,
    ) -> object:
        """As many words as somebody likes.  ``sealed_months`` hides them until so long after."""

    @_asks
    def choice(
        self,
        key: str,
        question: str,
        choices: Mapping[str, str] | None = None,
        /,
        *,
        choices_from: str = "",
        says: Mapping[str, str] | None = None,
        hint: str = "",
        who: str = "mine",
        keep: bool = True,
        own_tick: str = "",
        other_ways: Sequence[str] = (),
        from_before: str = "",
    ) -> object:
        """One of several answers: ``{"code": "Words"}``.  Codes are for ever; words may change."""

    @_asks
    def choices(
        self,
        key: str,
        question: str,
        choices: Mapping[str, str] | None = None,
        /,
        *,
        choices_from: str = "",
        says: Mapping[str, str] | None = None,
        hint: str = "",
        who: str = "mine",
        keep: bool = True,
        own_tick: str = "",
        other_ways: Sequence[str] = (),
        from_before: str = "",
    ) -> object:
        """Any of several answers: ``{"code": "Words"}``."""

    @_asks
    def scale(
        self,
        key: str,
        question: str,
        /,
        *,
        words: str | list[str],
        hint: str = "",
        who: str = "mine",
        keep: bool = True,
        own_tick: str = "",
        other_ways: Sequence[str] = (),
        from_before: str = "",
    ) -> object:
        """Five points in words, 0 to 4; "Did not come up" and "Skip this one" come with them."""

    @_asks
    def date(
        self,
        key: str,
        question: str,
        /,
        *,
        hint: str = "",
        who: str = "mine",
        keep: bool = True,
        own_tick: str = "",
        other_ways: Sequence[str] = (),
        from_before: str = "",
    ) -> object:
        """A day."""

    @_asks
    def person(
        self,
        key: str,
        question: str,
        /,
        *,
        hint: str = "",
        who: str = "mine",
        keep: bool = True,
        own_tick: str = "",
        other_ways: Sequence[str] = (),
        from_before: str = "",
    ) -> object:
        """Initials or a role, never more."""

    @_asks
    def yes_no_skip(
        self,
        key: str,
        question: str,
        /,
        *,
        hint: str = "",
        who: str = "mine",
        keep: bool = True,
        own_tick: str = "",
        other_ways: Sequence[str] = (),
        from_before: str = "",
    ) -> object:
        """Yes, no, or "Skip this one"."""

    @_asks
    def ten(
        self,
        key: str,
        question: str,
        /,
        *,
        ends: Sequence[str] = ("Not at all", "Completely"),
        hint: str = "",
        who: str = "mine",
        keep: bool = True,
        own_tick: str = "",
        other_ways: Sequence[str] = (),
        from_before: str = "",
    ) -> object:
        """0 to 10, with words at both ends, or "Skip this one"."""

    @_asks
    def action(
        self,
        key: str,
        question: str,
        /,
        *,
        hint: str = "",
        who: str = "mine",
        keep: bool = True,
        own_tick: str = "",
        other_ways: Sequence[str] = (),
        from_before: str = "",
    ) -> object:
        """What will be done: who, by when, and when it is looked at again.  As many as 20."""

    @_asks
    def goal(
        self,
        key: str,
        question: str,
        /,
        *,
        hint: str = "",
        who: str = "mine",
        keep: bool = True,
        own_tick: str = "",
        other_ways: Sequence[str] = (),
        from_before: str = "",
    ) -> object:
        """One goal, with what success would be, what less, and what more."""

    @_asks
    def order(
        self,
        key: str,
        question: str,
        lines: Mapping[str, str] | None = None,
        /,
        *,
        hint: str = "",
        who: str = "mine",
        keep: bool = True,
        own_tick: str = "",
        other_ways: Sequence[str] = (),
        from_before: str = "",
    ) -> object:
        """Lines to number, from 1: ``{"code": "Words"}``.  Nobody need number all of them."""

    @_asks
    def classify(
        self,
        key: str,
        question: str,
        bins: Mapping[str, str] | None = None,
        /,
        *,
        statements: Mapping[str, str] | None = None,
        statements_from: str = "",
        hint: str = "",
        who: str = "mine",
        keep: bool = True,
        own_tick: str = "",
        other_ways: Sequence[str] = (),
        from_before: str = "",
    ) -> object:
        """Statements to sort into bins, both ``{"code": "Words"}``; or a set of the kit's, with
        its bins and with what the kit would say to each."""

    def __getattr__(self, kind: str) -> Any:
        if kind.startswith("_"):
            raise AttributeError(kind)
        raise WorkbookFault(f"There is no ask.{kind}.{did_you_mean(kind, list(Kind))}")

    def _ask(self, kind: str, args: tuple[Any, ...], options: dict[str, Any]) -> object:
        prompt, faults = prompt_from(kind, args, options)
        if prompt is None:
            raise WorkbookFault("\n".join(faults))
        self._opened.asked[prompt.key] = prompt
        if self._opened.reader is not None:
            return None

        from cascade_tools.draw.prompts import prompt_html
        from cascade_tools.widgets.prompt import PromptView

        if prompt.choices_from and not prompt.choices:
            prompt = replace(prompt, choices=_ANY_CHOICE)
        return PromptView(prompt.key, str(prompt_html(prompt, None)))
