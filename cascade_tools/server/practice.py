"""``/practice``: conversations and drills.  Nothing anybody says or chooses here is kept.

What somebody said so far travels with the page, as hidden fields of its form: no address, cookie,
log or table holds any of it.  To open an address is to start afresh.
"""

import re
import secrets
from pathlib import Path
from typing import TypeVar

from cascade_tools import content
from cascade_tools.draw.practice import DRILLS_IN_A_LINE
from cascade_tools.errors import NotFound
from cascade_tools.model.practice import Drill, Scene
from cascade_tools.server.base import Page

MOST_CHARACTERS = 5_000
T = TypeVar("T", Scene, Drill)


class Practising(Page):
    """A page of practice.  Nothing is kept, so nobody need have said that anything may be."""

    before_yes = True

    @property
    def local(self) -> Path | None:
        return self.serving.local

    @property
    def seed(self) -> str:
        """What orders are shuffled by: the same while somebody plays, another at the next start."""
        came = self.get_body_argument("seed", "")
        return came if re.fullmatch("[0-9a-f]{8}", came) else secrets.token_hex(4)

    @property
    def mine(self) -> str:
        """What somebody wrote in their own words, to be shown to them once more."""
        return str(self.get_body_argument("mine", ""))[:MOST_CHARACTERS]

    def whole(self, name: str) -> int:
        """A small number that came with the page; 0 where there is none."""
        came = self.get_body_argument(name, "")
        return int(came) if re.fullmatch("[0-9]{1,4}", came) else 0

    def one_of(self, all: tuple[T, ...], id: str) -> T:
        found = next((one for one in all if one.id == id), None)
        if found is None:
            raise NotFound("There is nothing here for you.")
        return found

    def reflection(self, name: str) -> str:
        """The address of the workbook to reflect in; empty where it is not for this person."""
        workbook = self.serving.shelf.find(name)
        if workbook is None or not workbook.roles & self.person.roles:
            return ""
        return self.to(f"workbooks/{name}")


class PracticePage(Practising):
    """``/practice``: what there is to try."""

    def get(self) -> None:
        self.show(
            "practice.html",
            scenes=content.scenes(self.local),
            drills=content.drills(self.local),
            in_a_line=DRILLS_IN_A_LINE,
        )
