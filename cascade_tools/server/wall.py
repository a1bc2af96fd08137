"""``/knowledge/<id>/wall``: the round's question and its cards, large enough for a room.

Whoever leads puts cards together by hand: every change is a form.  ``wall/now`` is asked for by
the page itself, so it keeps no session open.
"""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from cascade_tools.errors import NotFound, NotPossible
from cascade_tools.model.knowledge import MOST_IN_NAME, MOST_THEMES, Event
from cascade_tools.server.knowledge import Knowing
from cascade_tools.server.rounds import Round, rounds

NO_NAME = "Name the theme first."
LONG_NAME = f"Make the name shorter. It can hold {MOST_IN_NAME} characters."
NOTHING_PICKED = "Pick at least one card first."
FULL = f"A round holds {MOST_THEMES} themes. Dissolve one, or use one there is."
# The more there is, the smaller the letters: up to so many cards.
SIZES = ((12, "large"), (40, "middle"))


class OnTheWall(Knowing):
    """What the wall and its fragment show."""

    async def board(self, event_id: str) -> dict[str, Any]:
        event = await self.work(self.records.knowledge.get, self.person.id, event_id)
        return {"shown": self._shown(event), **self._board(event), **self.common(event)}

    def _shown(self, event: Event) -> Round | None:
        """The round that was asked for, if it is open; else the newest."""
        open_rounds = rounds(self.serving.local)[: event.round]
        asked = self.get_argument("round", "")
        newest = open_rounds[-1] if open_rounds else None
        return next((r for r in open_rounds if str(r.number) == asked), newest)

    def _board(self, event: Event) -> dict[str, Any]:
        shown = self._shown(event)
        cards = [c for c in event.cards if shown and c.round == shown.id and not c.aside]
        themes = [t for t in event.themes if shown and t.round == shown.id]
        known = {theme.id for theme in themes}
        return {
            "pool": [c for c in cards if c.theme_id not in known],
            "themes": [(t, [c for c in cards if c.theme_id == t.id]) for t in themes],
            "count": len(cards),
            "size": next((size for most, size in SIZES if len(cards) <= most), "small"),
        }


class WallNow(OnTheWall):
    """``/knowledge/<id>/wall/now``: the cards as they are, for a wall that is open."""

    asks_by_itself = True

    async def get(self, event_id: str) -> None:
        values = await self.board(event_id)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(str(self.draw("parts/knowledge-board.html", picked=(), **values)))


class Wall(OnTheWall):
    """``/knowledge/<id>/wall``: for the projector, and to put cards under themes."""

    async def get(self, event_id: str) -> None:
        await self._wall(event_id)

    async def _wall(self, event_id: str, problem: str = "", picked: Sequence[str] = ()) -> None:
        values = await self.board(event_id)
        self.show(
            "knowledge-wall.html",
            HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
            problem=problem,
            picked=picked,
            name=self.typed("name") if problem and self._asks_for("new") else "",
            **values,
            **self.join(values["event"]),
        )

    async def post(self, event_id: str) -> None:
        picked = self.get_body_arguments("card")
        try:
            problem = await self.work(self._change, event_id, picked)
        except NotPossible as refused:
            problem = str(refused)
        if problem:
            await self._wall(event_id, problem, picked)
        else:
            shown = self.get_body_argument("round", "")
            query = {"round": shown} if shown.isdigit() else {}
            self.redirect(self.to(f"knowledge/{event_id}/wall", **query))

    def _asks_for(self, do: str) -> bool:
        return bool(self.get_body_argument("do", "new") == do)

    def _change(self, event_id: str, picked: list[str]) -> str:
        """Do what was pressed; a sentence where it cannot be done."""
        knowledge, lead = self.records.knowledge, self.person.id
        event = knowledge.get(lead, event_id)
        themes = {theme.id for theme in event.themes}
        do, _, theme = self.get_body_argument("do", "new").partition(":")
        if do in ("rename", "dissolve", "put") and theme not in themes and theme != "none":
            raise NotFound("There is nothing here for you.")
        if do in ("put", "aside") and not picked:
            return NOTHING_PICKED
        if do in ("rename", "new") and (problem := self._name_problem(event, do)):
            return problem
        match do:
            case "put":
                knowledge.place(lead, event_id, picked, None if theme == "none" else theme)
            case "aside":
                for card in picked:
                    knowledge.set_aside(lead, event_id, card, True)
            case "new":
                shown = self._shown(event)
                if shown is None:
                    raise NotFound("There is nothing here for you.")
                made = knowledge.make_theme(lead, event_id, shown.id, self.typed("name"))
                if picked:
                    knowledge.place(lead, event_id, picked, made)
            case "rename":
                knowledge.rename_theme(lead, event_id, theme, self.typed("name"))
            case "dissolve":
                knowledge.drop_theme(lead, event_id, theme)
            case _:
                raise NotFound("There is nothing here for you.")
        return ""

    def _name_problem(self, event: Event, do: str) -> str:
        name, shown = self.typed("name"), self._shown(event)
        if not name:
            return NO_NAME
        if len(name) > MOST_IN_NAME:
            return LONG_NAME
        full = sum(theme.round == (shown and shown.id) for theme in event.themes) >= MOST_THEMES
        return FULL if do == "new" and full else ""
