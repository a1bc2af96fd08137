"""``/me/keeping``: what will be erased because its time is up, and keeping one's own."""

from datetime import timedelta
from typing import Any

from cascade_tools.model.due import BEFORE, Warned
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

SHOWN = timedelta(days=14)
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
            "things": [
                (w, self.serving.title_of(w.workbook), self._whose(w), WHY[w.rule]) for w in warned
            ],
            "may_keep": lambda w: w.mine and w.rule == OWN_WRITING,
            "date": day_in_words,
            "hold": self.records.holds.of(self.person.id),
        }

    def _whose(self, warned: Warned) -> str:
        """With whom and for which session it was, so that two of a kind can be told apart."""
        entry = self.records.entries.get(self.person.id, warned.entry_id)
        session = f"session {entry.session_number}" if entry.session_number else ""
        return ", ".join(part for part in (entry.label, session) if part)

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
    """What will go because its time is up: one line for one's own writing, one for the rest.

    It stands on home for two weeks after each warning, and all the time in the last weeks.
    """
    today = serving.records.store.now().date()
    warned = [
        w
        for w in serving.records.retention.warned(person.id)
        if today - w.told < SHOWN or w.on - today <= BEFORE
    ]
    own = [w for w in warned if w.mine and w.rule == OWN_WRITING]
    rest = [w for w in warned if w not in own]
    address = serving.addresses.to("me/keeping")
    lines = []
    if own:
        what = f"“{serving.title_of(own[0].workbook)}”" if len(own) == 1 else f"{len(own)} sheets"
        first = "It is" if len(own) == 1 else "The first is"
        words = f"You have not changed {what} for a long time. {first} erased on "
        go = "Keep it or let it go" if len(own) == 1 else "Keep them or let them go"
        lines.append(Line(f"{words}{day_in_words(own[0].on)}.", address, go))
    if rest:
        what = (
            "One thing you shared or kept with others is"
            if len(rest) == 1
            else f"{len(rest)} things you shared or kept with others are"
        )
        words = f"{what} erased from {day_in_words(rest[0].on)} on, because that work has ended."
        lines.append(Line(words, address, "See what goes"))
    return lines
