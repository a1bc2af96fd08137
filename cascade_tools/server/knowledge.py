"""``/knowledge``: capturing what a cohort has learned together, for those who lead the programme.

To everybody else it is not there: the records see to that.
"""

from http import HTTPStatus
from typing import Any

from cascade_tools.draw.qr import qr
from cascade_tools.errors import NotFound, NotPossible
from cascade_tools.model.knowledge import (
    MOST_IN_TITLE,
    MOST_IN_WHERE,
    MOST_PEOPLE,
    ROUNDS,
    Event,
)
from cascade_tools.model.people import Person, Role
from cascade_tools.model.typed import day_in_words
from cascade_tools.server.base import Page
from cascade_tools.server.lines import Line
from cascade_tools.server.rounds import rounds
from cascade_tools.server.serving import Serving
from cascade_tools.server.small_forms import NOTHING_WRONG, Wrong

NO_TITLE = "Give it a title, such as the name of the cohort."
NO_NUMBER = "Write a number, such as 24."


class Knowing(Page):
    """What the pages of an event have in common."""

    def common(self, event: Event) -> dict[str, Any]:
        return {
            "event": event,
            "rounds": rounds(self.serving.local),
            "on": day_in_words(event.on),
            "here": self.to(f"knowledge/{event.id}"),
        }

    def join(self, event: Event) -> dict[str, Any]:
        """How people in the room come to the page for cards."""
        public = self.serving.public.rstrip("/")
        if not event.code:
            return {"qr": "", "typed_address": ""}
        return {
            "qr": qr(f"{public}/cards/{event.code}", fills=True),
            "typed_address": f"{public.partition('://')[2]}/cards",
        }

    def typed(self, name: str) -> str:
        """One line of a form, without what is around and between its words."""
        return " ".join(self.get_body_argument(name, "").split())

    def described(self, form: str) -> Wrong:
        """The title and where else it could work, as typed; with what is wrong about them."""
        title, where = self.typed("title"), self.typed("where")
        problems = {}
        if not title:
            problems["title"] = NO_TITLE
        elif len(title) > MOST_IN_TITLE:
            problems["title"] = f"Make the title shorter. It can hold {MOST_IN_TITLE} characters."
        if len(where) > MOST_IN_WHERE:
            problems["where"] = f"Make this shorter. It can hold {MOST_IN_WHERE} characters."
        return Wrong(form, problems, {"title": title, "where": where})


class Knowledge(Knowing):
    """``/knowledge``: events there were, and a form to begin one."""

    async def get(self) -> None:
        await self._list(NOTHING_WRONG)

    async def _list(self, wrong: Wrong) -> None:
        events = await self.work(self.records.knowledge.all, self.person.id)
        status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong.problems else HTTPStatus.OK
        self.show("knowledge.html", status, events=events, date=day_in_words, wrong=wrong)

    async def post(self) -> None:
        wrong = self.described("begin")
        if wrong.problems:
            await self._list(wrong)
            return
        made = await self.work(
            self.records.knowledge.begin,
            self.person.id,
            wrong.typed["title"],
            wrong.typed["where"],
        )
        self.redirect(self.to(f"knowledge/{made}"))


class Desk(Knowing):
    """``/knowledge/<id>``: what whoever leads the event needs beside them."""

    async def get(self, event_id: str) -> None:
        await self._desk(event_id, NOTHING_WRONG)

    async def _desk(self, event_id: str, wrong: Wrong) -> None:
        event = await self.work(self.records.knowledge.get, self.person.id, event_id)
        self.show(
            "knowledge-event.html",
            HTTPStatus.UNPROCESSABLE_ENTITY if wrong.problems else HTTPStatus.OK,
            wrong=wrong,
            counts={id: sum(c.round == id for c in event.cards) for id in ROUNDS},
            **self.common(event),
            **self.join(event),
        )

    async def post(self, event_id: str) -> None:
        event = await self.work(self.records.knowledge.get, self.person.id, event_id)
        do, sure = (self.get_body_argument(name, "") for name in ("do", "sure"))
        if do in ("close", "erase") and sure != "yes":
            self.show("knowledge-sure.html", do=do, **self.common(event))
            return
        try:
            wrong = await self.work(self._change, event, do)
        except NotPossible as problem:
            wrong = Wrong(do, {do: str(problem)})
        if wrong.problems:
            await self._desk(event_id, wrong)
        else:
            self.redirect(self.to("knowledge" if do == "erase" else f"knowledge/{event_id}"))

    def _change(self, event: Event, do: str) -> Wrong:
        knowledge, lead = self.records.knowledge, self.person.id
        match do:
            case "open":
                number = self.get_body_argument("round", "")
                if number not in [str(r.number) for r in rounds(self.serving.local)]:
                    raise NotFound("There is nothing here for you.")
                knowledge.open_round(lead, event.id, int(number))
            case "people":
                return self._people(event)
            case "describe":
                wrong = self.described("describe")
                if wrong.problems:
                    return wrong
                knowledge.describe(lead, event.id, **wrong.typed, people=event.people)
            case "close":
                knowledge.close(lead, event.id)
            case "erase":
                knowledge.erase(lead, event.id)
            case _:
                raise NotFound("There is nothing here for you.")
        return NOTHING_WRONG

    def _people(self, event: Event) -> Wrong:
        typed = self.typed("people")
        if typed and not (
            typed.isascii() and typed.isdigit() and 0 < int(typed[:9]) <= MOST_PEOPLE
        ):
            return Wrong("people", {"people": NO_NUMBER}, {"people": typed})
        self.records.knowledge.describe(
            self.person.id,
            event.id,
            title=event.title,
            where=event.where,
            people=int(typed) if typed else None,
        )
        return NOTHING_WRONG


def knowledge_open(serving: Serving, person: Person) -> list[Line]:
    """A lead is told of an event that is open."""
    if Role.LEAD not in person.roles:
        return []
    return [
        Line(
            f"“{event.title}” is open: people can add cards.",
            serving.addresses.to(f"knowledge/{event.id}"),
            "Go to its desk",
        )
        for event in serving.records.knowledge.all(person.id)
        if event.round and not event.closed
    ]
