"""The door for a workbook's notebook: ``ask`` a question, ``show`` a picture, read ``answers``.

Served, the page already shows every question and saves every answer; the kernel reads them with
its ticket.  Anywhere else the same notebook is a preview: empty answers, and nothing is saved.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Protocol

from cascade_tools.errors import CascadeError, WorkbookFault
from cascade_tools.kit import kit_folder
from cascade_tools.model.picture import Sitting
from cascade_tools.model.prompts import Answer, Choice, Kind, Prompt
from cascade_tools.shelf import (
    DRAWINGS,
    LISTINGS,
    WORKBOOK_ID,
    did_you_mean,
    prompt_from,
    read,
)

P = ParamSpec("P")
_ANY_CHOICE = (Choice("example", "An example: the served page fills this list"),)


class Reader(Protocol):
    """What a ticket lets a kernel read: one person's answers for one page."""

    def answers(self) -> dict[str, Answer]: ...

    def sittings(self) -> list[Sitting]: ...

    def planned(self) -> int: ...


def open_workbook(id: str) -> "tuple[Ask, Show, Answers]":
    """Opens the workbook a notebook belongs to: ``ask, show, answers``.

    Raises ``WorkbookFault`` when ``id`` is not ``role/name``.
    """
    from cascade_tools.client import reader_from_env

    if not isinstance(id, str) or not WORKBOOK_ID.match(id):
        raise WorkbookFault(
            f'"{id}" is not the id of a workbook. Write its folder and name, '
            'such as open_workbook("coach/after-i-coach").'
        )
    opened = _Opened(id, reader_from_env())
    if opened.reader is None:
        print("Preview: nothing is saved.")
    return Ask(opened), Show(opened), Answers(opened)


class _Opened:
    """What the three hands of one workbook share."""

    def __init__(self, id: str, reader: Reader | None) -> None:
        self.id = id
        self.reader = reader
        self.asked: dict[str, Prompt] = {}
        self._in_file: dict[str, Prompt] | None = None

    def answers(self) -> dict[str, Answer]:
        return {} if self.reader is None else self.reader.answers()

    def sittings(self) -> list[Sitting]:
        """This person's sittings, oldest first; at least the one being written."""
        found = [] if self.reader is None else self.reader.sittings()
        planned = 0 if self.reader is None else self.reader.planned()
        return found or [Sitting(session=None, planned=planned, answers={}, current=True)]

    def prompts(self) -> dict[str, Prompt]:
        """Every prompt by key: those in the file, and those asked in this kernel."""
        if self._in_file is None:
            self._in_file = {p.key: p for p in self._read_file()}
        return {**self._in_file, **self.asked}

    def _read_file(self) -> tuple[Prompt, ...]:
        """The file's prompts, if the file is beside the kernel or in the kit and is sound."""
        for folder in (Path.cwd().parent, kit_folder("workbooks")):
            path = folder / f"{self.id}.ipynb"
            if path.is_file():
                try:
                    return read(path).prompts
                except CascadeError:
                    return ()
        return ()


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

    def __init__(self, opened: _Opened) -> None:
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


class Show:
    """Pictures of this person's saved answers, drawn again after each save."""

    def __init__(self, opened: _Opened) -> None:
        self._opened = opened

    def thinking(self) -> object:
        """Who is doing the thinking?"""
        return self._view("thinking")

    def balance(self) -> object:
        """Practical help, and thinking for oneself."""
        return self._view("balance")

    def iceberg(self) -> object:
        """What is above the water, and what was found below it."""
        return self._view("iceberg")

    def map(self) -> object:
        """Strengths to use, and one or two to grow."""
        return self._view("map")

    def outcomes(self) -> object:
        """This person's own outcome answers, at each time they gave them."""
        return self._view("outcomes")

    def actions(self) -> object:
        """What was agreed, mine and ours, and what became of it."""
        return self._list("actions")

    def questions(self) -> object:
        """Questions that landed."""
        return self._list("questions")

    def agreement(self) -> object:
        """The agreement of this pair that is in force."""
        return self._list("agreement")

    def last_supervision(self) -> object:
        """What was agreed at the last supervision."""
        return self._list("last_supervision")

    def timeline(self) -> object:
        """The sessions of this pair, and where it stands."""
        return self._list("timeline")

    def _list(self, name: str) -> object:
        """Served, the page has the list already; a preview says what will stand here."""
        if self._opened.reader is None:
            print(f"Here the page lists: {name.replace('_', ' ')}.")
        return None

    def _view(self, name: str) -> object:
        from cascade_tools.draw.drawn import drawn
        from cascade_tools.draw.pictures import picture_html
        from cascade_tools.widgets.picture import PictureView

        def draw() -> str:
            picture = drawn(name, self._opened.prompts(), self._opened.sittings())
            return str(picture_html(picture))

        return PictureView(name, draw)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        raise WorkbookFault(
            f"There is no show.{name}().{did_you_mean(name, (*DRAWINGS, *LISTINGS))}"
        )


class Answers:
    """This person's saved answers by key, read anew each time.  Not reached is None."""

    def __init__(self, opened: _Opened) -> None:
        self._opened = opened

    def __getitem__(self, key: str) -> Answer:
        """Raises ``KeyError`` for a key this workbook does not ask."""
        saved = self._opened.answers()
        if key not in saved and key not in self._opened.prompts():
            known = list(self._opened.prompts())
            raise KeyError(f"No question has the key {key!r}.{did_you_mean(key, known)}")
        return saved.get(key)

    def get(self, key: str, default: Answer = None) -> Answer:
        """The answer, or ``default`` where it was not reached.  Raises ``KeyError`` likewise."""
        value = self[key]
        return default if value is None else value

    def __repr__(self) -> str:
        return f"<answers of {self._opened.id}>"
