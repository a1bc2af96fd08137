"""``/me/keeping``: what will be erased because its time is up, and keeping one's own."""

from typing import Any

from cascade_tools.model.due import Warned
from cascade_tools.model.people import Person
from cascade_tools.model.retention import (
    KEPT_TOGETHER,
    OWN_WRITING,
    REVIEWS,
    SHARED_COPIES,
    SUPERVISION_SHEETS,
)
from cascade_tools.model.typed import day_in_words
from cascade_tools.server.base import Page
from cascade_tools.server.lines import Line
from cascade_tools.server.serving import Serving

WHY = {
    OWN_WRITING: "You have not changed it for a long time.",
    SHARED_COPIES: "Only the copy you shared goes. What you wrote stays with you.",
    REVIEWS: "It was an answer to work that has ended.",
    KEPT_TOGETHER: "The two of you kept it for your work together, and that has ended.",
    SUPERVISION_SHEETS: "It is the record of a meeting, and that work has ended.",
}


class Keeping(Page):
    """``GET`` lists what will go and when, ``POST`` keeps one sheet of one's own."""

    # Letting something go or not has nothing to do with what may be kept from now on.
    before_yes = True

    async def get(self) -> None:
        values = await self.work(self._values)
        self.show("keeping.html", done=self.get_argument("done", ""), **values)

    def _values(self) -> dict[str, Any]:
        warned = self.records.retention.warned(self.person.id)
        return {
            "things": [(w, self.serving.title_of(w.workbook), WHY[w.rule]) for w in warned],
            "may_keep": lambda w: w.mine and w.rule == OWN_WRITING,
            "date": day_in_words,
            "hold": self.records.holds.of(self.person.id),
        }

    async def post(self) -> None:
        entry_id = self.get_body_argument("entry", "")
        await self.work(self.records.retention.keep, self.person.id, entry_id)
        self.redirect(self.to("me/keeping", done="kept"))


def held_back(serving: Serving, person: Person) -> list[Line]:
    """That the law wants something kept, as long as it does."""
    hold = serving.records.holds.of(person.id)
    if hold is None:
        return []
    return [
        Line(
            f"What you wrote is kept because {hold.reason}. {hold.made_by} decided this. "
            f"It is looked at again on {day_in_words(hold.review_on)}."
        )
    ]


def soon_erased(serving: Serving, person: Person) -> list[Line]:
    """What will go because its time is up: one line for one's own writing, one for the rest."""
    warned = serving.records.retention.warned(person.id)
    own = [w for w in warned if w.mine and w.rule == OWN_WRITING]
    rest = [w for w in warned if w not in own]
    address = serving.addresses.to("me/keeping")
    return [
        Line(_in_words(serving, some), address, go)
        for some, go in ((own, "Keep it or let it go"), (rest, "See what goes"))
        if some
    ]


def _in_words(serving: Serving, some: list[Warned]) -> str:
    first = some[0]
    day = day_in_words(first.on)
    if len(some) > 1:
        return f"Soon {len(some)} things are erased because their time is up, the first on {day}."
    if first.rule == SHARED_COPIES:
        return f"The copy of “{serving.title_of(first.workbook)}” you shared is erased on {day}."
    return f"“{serving.title_of(first.workbook)}” is erased on {day}, because its time is up."
