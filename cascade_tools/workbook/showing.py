"""``show`` a picture of what was saved, and read ``answers``."""

from typing import Any

from cascade_tools.errors import WorkbookFault
from cascade_tools.model.prompts import Answer
from cascade_tools.shelf import DRAWINGS, LISTINGS, did_you_mean
from cascade_tools.workbook.opened import Opened


class Show:
    """Pictures of this person's saved answers, drawn again after each save."""

    def __init__(self, opened: Opened) -> None:
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

    def scenes(self) -> object:
        """Conversations to practise."""
        return self._list("scenes")

    def drills(self) -> object:
        """Short practices of question craft."""
        return self._list("drills")

    def replay(self) -> object:
        """A way to play this moment again."""
        return self._list("replay")

    def events(self) -> object:
        """Knowledge capture events, and the way to begin one."""
        return self._list("events")

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

    def __init__(self, opened: Opened) -> None:
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
