"""``/me/names``: names that somebody wants to be reminded of before they share."""

from typing import Any

from cascade_tools.server.base import Page


class OwnNames(Page):
    """``GET`` shows one's own list, ``POST`` keeps it as it was written, or erases it."""

    # Erasing needs no yes to being kept; the records refuse to keep a list without it.
    before_yes = True

    async def get(self) -> None:
        done = self.get_argument("done", "")
        self.show("own-names.html", done=done, **await self.work(self._values))

    def _values(self) -> dict[str, Any]:
        me = self.person.id
        others = [pair.other(me) for pair in self.records.people.pairs_of(me)]
        return {
            "names": self.records.own_names.of(me),
            "others": sorted({p.name for p in others if p is not None}),
        }

    async def post(self) -> None:
        if self.get_body_argument("do", "") == "erase":
            await self.work(self.records.own_names.erase, self.person.id)
            self.redirect(self.to("me/names", done="erased"))
            return
        names = self.get_body_argument("names", "").splitlines()
        await self.work(self.records.own_names.save, self.person.id, names)
        self.redirect(self.to("me/names", done="kept"))
