"""Home, one's own page, and the pages that help when something is wrong."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from cascade_tools.model.entry import Entry
from cascade_tools.model.people import Held, Pair, Person, Role
from cascade_tools.model.seen import to_json
from cascade_tools.model.workbook import Workbook
from cascade_tools.server.answer import RETRY_SECONDS
from cascade_tools.server.asked import asked_of_me, given_to_me
from cascade_tools.server.base import Page
from cascade_tools.server.contacts import contacts_due, edition
from cascade_tools.server.keeping import held_back, soon_erased
from cascade_tools.server.knowledge import knowledge_open
from cascade_tools.server.lines import Line
from cascade_tools.server.listings import landed, standing
from cascade_tools.server.load import load_of
from cascade_tools.server.open_pages import HelpPage, KitFile
from cascade_tools.server.opened import broken_glass, seen
from cascade_tools.server.pairs import together_of
from cascade_tools.server.requests import requests_due
from cascade_tools.server.second_step import authenticator_lines
from cascade_tools.server.serving import Serving
from cascade_tools.server.static import bundle
from cascade_tools.server.todo import to_do
from cascade_tools.server.welcome import nothing_kept, undecided

MOST_TO_DO = 3
# In this order; a workbook stands in the first group it belongs to.
GROUPS: tuple[tuple[str, Callable[[Workbook], bool]], ...] = (
    ("Around a session", lambda w: w.about == "session"),
    ("The two of you", lambda w: w.about == "pair"),
    ("The programme", lambda w: w.desk and Role.SUPERVISOR not in w.roles),
    ("Supervision", lambda w: w.desk or w.about == "meeting" or "supervision" in w.id),
    ("At any time", lambda w: True),
)


@dataclass(frozen=True, slots=True)
class Holding:
    """One person on the rope: what they are, who, when next, how to reach them."""

    part: str
    name: str
    when: str
    phone: str


def renewed(serving: Serving, person: Person) -> list[Line]:
    """Who made a new sign-in link for this person, for two weeks after it was used."""
    return [
        Line(
            f"{r.made_by} made you a new sign-in link on {serving.day(r.made_at)}, and it was "
            f"used. If that was not you, ring {serving.settings.programme_phone}."
        )
        for r in serving.records.signing_in.renewals(person.id)
    ]


# Whoever has something to tell a person; in this order.
LINES: tuple[Callable[[Serving, Person], list[Line]], ...] = (
    nothing_kept,
    renewed,
    broken_glass,
    authenticator_lines,
    held_back,
    soon_erased,
    asked_of_me,
    given_to_me,
    requests_due,
    knowledge_open,
    contacts_due,
)


class Home(Page):
    """``/``: at most three things to do; everything else is quieter."""

    async def get(self) -> None:
        if await self.work(undecided, self.serving, self.person):
            self.redirect(self.to("welcome"))
            return
        self.show("home.html", **await self.work(self._values))

    def _values(self) -> dict[str, Any]:
        entries = self.records.entries.of(self.person.id)
        pairs = self.records.people.pairs_of(self.person.id)
        both = [(pair, together_of(self.records, self.person, pair)) for pair in pairs]
        books = [w for w in self.serving.offered() if w.roles & self.person.roles]
        # A pair that has ended stands here until its last look back.
        lines = [standing(self.serving, self.person, *one) for one in both]
        return {
            "todo": to_do(self.serving, self.person, entries, both, MOST_TO_DO),
            "groups": self._groups(books, entries),
            "standing": [line for line in lines if line["stages"][-1].state != "done"],
            "rope": self._rope(pairs),
            "lines": [line for of in LINES for line in of(self.serving, self.person)],
            "numbers": edition(self.serving),
        }

    def _groups(
        self, books: list[Workbook], entries: list[Entry]
    ) -> list[tuple[str, list[tuple[Workbook, str]]]]:
        """All workbooks but reviews, by when they are for; a group with none is left out."""
        shown = [w for w in books if w.about != "snapshot"]
        found = []
        for heading, belongs in GROUPS:
            rows = [(w, self._state(w, entries)) for w in shown if belongs(w)]
            shown = [w for w in shown if not belongs(w)]
            if rows:
                found.append((heading, rows))
        return found

    def _state(self, workbook: Workbook, entries: list[Entry]) -> str:
        mine = [e for e in entries if e.workbook == workbook.id and e.saved_at]
        if not mine:
            return "" if workbook.desk or workbook.notice else "Not started yet"
        return f"Started, saved {self.serving.clock(mine[0].saved_at)}"

    def _rope(self, pairs: list[Pair]) -> list[Holding]:
        settings = self.serving.settings
        rope = [Holding("Programme", settings.programme_name, "", settings.programme_phone)]
        open_pairs = [p for p in pairs if p.ended is None]
        if self.has(Role.COACH):
            rope += self._supervisor_of(self.person.id, "Your supervisor")
        for pair in open_pairs:
            if pair.leader is not None and pair.leader.id == self.person.id:
                rope += self._supervisor_of(pair.coach.id, "Your coach’s supervisor")
                rope.append(Holding("Your coach", pair.coach.name, _next(pair), pair.coach.phone))
        rope.append(Holding("You", self.person.name, "", ""))
        for pair in open_pairs:
            if pair.coach.id == self.person.id:
                name = pair.leader.name if pair.leader else pair.label
                phone = pair.leader.phone if pair.leader else ""
                rope.append(Holding("Your leader", name, _next(pair), phone))
        return rope

    def _supervisor_of(self, coach_id: str, part: str) -> list[Holding]:
        supervisor = self.records.people.supervisor_of(coach_id)
        if supervisor is None:
            return [Holding(part, "Nobody yet. Ask the programme.", "", "")]
        today = self.records.store.now().date()
        dates = [
            d
            for m in self.records.people.supervisions_of(coach_id)
            for d in ([m.on] if m.state is Held.PLANNED else []) + [m.next_on or date.min]
            if d >= today
        ]
        return [Holding(part, supervisor.name, _on(min(dates, default=None)), supervisor.phone)]


def _next(pair: Pair) -> str:
    dates = [s.on for s in pair.sessions if s.state is Held.PLANNED and s.on]
    return _on(min(dates, default=None))


def _on(day: date | None) -> str:
    return f"next {day.day} {day:%B}" if day else "no date yet"


class Questions(Page):
    """``/questions``: the questions that landed, as a card to print."""

    async def get(self) -> None:
        found = await self.work(landed, self.serving, self.person)
        self.show("questions.html", questions=found)


class Me(Page):
    """``/me``: what I shared, who opened it, what I have written, and where the rest is."""

    async def get(self) -> None:
        self.show("me.html", **await self.work(self._values))

    def _values(self) -> dict[str, Any]:
        entries = {e.id: e for e in self.records.entries.of(self.person.id)}

        def title(entry_id: str) -> str:
            return self.serving.title_of(entries[entry_id].workbook)

        return {
            "shared": [
                (s, title(s.entry_id))
                for s in self.records.sharing.of(self.person.id)
                if s.live or s.waiting
            ],
            "log": seen(self.serving, self.person),
            "entries": [(e, title(e.id)) for e in entries.values()],
            "meetings": self.records.people.supervisions_of(self.person.id),
        }


class Help(Page, HelpPage):
    """Static pages from ``programme.toml``: never stored, open to anyone."""

    open_to_all = True


class Health(Page):
    """``GET /health``: whether it is up and can keep what people write.

    Anybody learns that and no more: not even how many people are there.  The figures are for
    whoever can open the programme's folder, where the server's secret lies.
    """

    open_to_all = True
    answers_json = True

    async def get(self) -> None:
        if self._from_the_operator():
            load = await load_of(self.serving, self.kernel_manager)
            ready, body = load.writable, to_json(load)
        else:
            ready, body = await self.serving.gauge.writable(self.serving), {}
        if not ready:
            self.set_header("Retry-After", str(RETRY_SECONDS))
        self.reply({"ready": ready, **body}, 200 if ready else 503)

    def _from_the_operator(self) -> bool:
        said = self.request.headers.get("Authorization", "").removeprefix("Bearer ")
        secret = self.serving.operator
        return bool(secret) and hmac.compare_digest(said.encode(), secret.encode())


class Static(Page, KitFile):
    """Nobody is asked who they are: these files are public, and asking costs a look-up each."""

    open_to_all = True

    async def prepare(self) -> None:
        self.current_user = None


class Worker(Page):
    """``/worker.js``: keeps the offline page and whom to ring; it must stand at the base path."""

    open_to_all = True

    def get(self) -> None:
        self.set_header("Content-Type", "text/javascript; charset=utf-8")
        self.set_header("Cache-Control", "no-cache")
        self.finish(bundle().files["worker.js"].content)
