"""``/practice``: conversations, drills, statements and cards.  Nothing of it is kept.

What somebody said so far travels with the page, as hidden fields of its form: no address, cookie,
log or table holds any of it.  To open an address is to start afresh.  The same pages stand behind
a sign-in and in a room without one; in a room nobody's own words leave their telephone.
"""

import re
import secrets
from pathlib import Path
from typing import Protocol, TypeVar

from cascade_tools import content
from cascade_tools.draw.practice import DRILLS_IN_A_LINE, opening
from cascade_tools.errors import NotFound
from cascade_tools.model.practice import Cards, Drill, Scene
from cascade_tools.server.answer import Answer, Served

MOST_CHARACTERS = 5_000
RIGHT = " This one has a right answer."
T = TypeVar("T", Scene, Drill, Cards)


class Practises(Served, Protocol):
    """Where there is something to practise; ``local`` is a programme's own folder."""

    @property
    def local(self) -> Path | None: ...


class Practising(Answer):
    """A page of practice."""

    @property
    def local(self) -> Path | None:
        serving: Practises = self.settings["cascade"]
        return serving.local

    @property
    def seed(self) -> str:
        """What orders are shuffled by: the same while somebody plays, another at the next start."""
        came = self.get_body_argument("seed", "")
        return came if re.fullmatch("[0-9a-f]{8}", came) else secrets.token_hex(4)

    @property
    def mine(self) -> str:
        """What somebody wrote in their own words, to be shown to them once more.

        In a room it never comes here.
        """
        return "" if self.in_room else str(self.get_body_argument("mine", ""))[:MOST_CHARACTERS]

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
        """The address of the workbook to reflect in; empty where there is none for this person."""
        return ""


class PracticePage(Practising):
    """``/practice``: what there is to try."""

    def get(self) -> None:
        self.show(
            "practice.html",
            talks=[
                (
                    f"conversations/{s.id}",
                    s.title,
                    opening(s),
                    f"With {s.who}.{RIGHT if s.right else ''}",
                )
                for s in content.scenes(self.local)
            ],
            drills=[
                (f"drills/{d.id}", d.title, "", DRILLS_IN_A_LINE[d.kind])
                for d in content.drills(self.local)
            ],
            statements=[
                (f"statements/{d.id}", d.title, "", f"{len(d.items)} statements.")
                for d in content.statements(self.local)
            ],
            cards=[
                (f"cards/{c.id}", c.title, "", f"{len(c.items)} cards.")
                for c in content.cards(self.local)
            ],
        )
