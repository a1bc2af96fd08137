"""Home, one's own page, and the pages that help when something is wrong."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from tornado import web

from cascade_tools.errors import NotPossible, WrongPassphrase
from cascade_tools.model.entry import Entry
from cascade_tools.model.people import Held, Pair, Role
from cascade_tools.model.workbook import Workbook
from cascade_tools.server.base import Page
from cascade_tools.server.static import bundle

MOST_TO_DO = 3


@dataclass(frozen=True, slots=True)
class ToDo:
    """One thing to do: what, where, and one quiet line."""

    words: str
    address: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Holding:
    """One person on the rope: what they are, who, when next, how to reach them."""

    part: str
    name: str
    when: str
    phone: str


class Home(Page):
    """``/``: at most three things to do; everything else is quieter."""

    async def get(self) -> None:
        self.show("home.html", **await self.work(self._values))

    def _values(self) -> dict[str, Any]:
        entries = self.records.entries.of(self.person.id)
        pairs = self.records.people.pairs_of(self.person.id)
        books = [w for w in self.serving.shelf.all() if w.roles & self.person.roles]
        return {
            "todo": self._todo(entries, pairs)[:MOST_TO_DO],
            "workbooks": [(w, self._state(w, entries)) for w in books if w.about != "snapshot"],
            "rope": self._rope(pairs),
            "renewals": self.records.signing_in.renewals(self.person.id),
        }

    def _todo(self, entries: list[Entry], pairs: list[Pair]) -> list[ToDo]:
        found: list[ToDo] = []
        if self.has(Role.SUPERVISOR):
            found += self._supervisor_todo()
        found += self._answers_to_read(entries)
        if self.has(Role.COACH):
            found += self._coach_todo(entries, pairs)
        found += self._unfinished(entries)
        if self.has(Role.LEADER) and not any(
            e.workbook == "leader/going-below-the-surface" for e in entries
        ):
            found.append(
                ToDo(
                    "Go below the surface",
                    self.to("workbooks/leader/going-below-the-surface"),
                    "One question at a time. Stop wherever you like.",
                )
            )
        return list(dict.fromkeys(found))

    def _supervisor_todo(self) -> list[ToDo]:
        caseload = self.records.desk(self.person, "page").caseload()
        overview = self.to("workbooks/supervisor/my-overview")
        today = [c for c in caseload if c.asked == "today"]
        found = [
            ToDo(f"Ring {c.name}", overview, f"Asked to talk today. {c.phone}".strip())
            for c in today
        ]
        unread = [(c, s) for c in caseload for s in c.unread]
        if len(unread) == 1:
            coach, share = unread[0]
            found.append(
                ToDo(f"Read what {coach.name} shared", self.to(f"shared/{share.id}"), share.label)
            )
        elif unread:
            found.append(
                ToDo(f"Read {len(unread)} reflections shared with you", overview, "In my overview")
            )
        if not found:
            found.append(ToDo("See how your coaches are", overview, "My overview"))
        return found

    def _answers_to_read(self, entries: list[Entry]) -> list[ToDo]:
        """What somebody answered and this person has not opened yet."""
        own = self.records.sharing.of(self.person.id)
        found = []
        for share in self.records.desk(self.person, "page").shared():
            if share.opened_at is None and share.workbook == "supervisor/reviewing-a-reflection":
                about = next((s for s in own if share.id in self._answers(s.snapshot_id)), None)
                if about is not None:
                    entry = next(e for e in entries if e.id == about.entry_id)
                    found.append(
                        ToDo(
                            f"Read what {share.author} answered",
                            self.to(f"shared/{about.snapshot_id}"),
                            _about(entry),
                        )
                    )
            elif share.opened_at is None and not self.has(Role.SUPERVISOR):
                found.append(
                    ToDo(f"Read what {share.author} shared", self.to(f"shared/{share.id}"))
                )
        return found

    def _answers(self, snapshot_id: str) -> list[str]:
        return self.records.sharing.answers_to(self.person.id, snapshot_id)

    def _coach_todo(self, entries: list[Entry], pairs: list[Pair]) -> list[ToDo]:
        written = {e.session_id for e in entries if e.workbook == "coach/after-i-coach"}
        found = []
        for pair in pairs:
            held = [s for s in pair.sessions if s.state is Held.HELD]
            if pair.coach.id != self.person.id or pair.ended or not held:
                continue
            last = held[-1]
            if last.id not in written:
                found.append(
                    ToDo(
                        f"Look back on session {last.number}",
                        self.to("workbooks/coach/after-i-coach"),
                        pair.label,
                    )
                )
        return found

    def _unfinished(self, entries: list[Entry]) -> list[ToDo]:
        found = []
        for entry in entries:
            workbook = self.serving.shelf.find(entry.workbook)
            if entry.committed_at is None and entry.saved_at is not None and workbook is not None:
                saved = f"Started, saved {self.serving.clock(entry.saved_at)}"
                found.append(
                    ToDo(
                        f"Go on with {workbook.title}",
                        self.to(f"entries/{entry.id}"),
                        ". ".join(x for x in (_about(entry), saved) if x),
                    )
                )
        return found

    def _state(self, workbook: Workbook, entries: list[Entry]) -> str:
        mine = [e for e in entries if e.workbook == workbook.id and e.saved_at]
        if not mine:
            return "" if workbook.desk else "Not started yet"
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


def _about(entry: Entry) -> str:
    """Which session an entry is about: ``The carers' charity, session 2``."""
    session = f", session {entry.session_number}" if entry.session_number else ""
    return f"{entry.label[:1].upper()}{entry.label[1:]}{session}" if entry.label else ""


def _next(pair: Pair) -> str:
    dates = [s.on for s in pair.sessions if s.state is Held.PLANNED and s.on]
    return _on(min(dates, default=None))


def _on(day: date | None) -> str:
    return f"next {day.day} {day:%B}" if day else "no date yet"


class Me(Page):
    """``/me``: what I shared, who opened it, where I am signed in, my passphrase."""

    async def get(self) -> None:
        await self._form()

    async def _form(self, problem: str = "", ticket: str = "") -> None:
        values = await self.work(self._values)
        self.show("me.html", 400 if problem else 200, problem=problem, ticket=ticket, **values)

    def _values(self) -> dict[str, Any]:
        entries = {e.id: e for e in self.records.entries.of(self.person.id)}

        def title(entry_id: str | None) -> str:
            entry = entries.get(entry_id or "")
            workbook = self.serving.shelf.find(entry.workbook) if entry else None
            return workbook.title if workbook else "Everything you wrote"

        return {
            "shared": [(s, title(s.entry_id)) for s in self.records.sharing.of(self.person.id)],
            "log": [
                (name, at, way, reason, title(entry_id))
                for name, at, way, reason, entry_id in self.records.sharing.read_log(self.person.id)
            ],
            "sign_ins": self.records.signing_in.sign_ins(self.person.id),
            "entries": [(e, title(e.id)) for e in entries.values()],
            "meetings": self.records.people.supervisions_of(self.person.id),
        }

    async def post(self) -> None:
        match self.get_body_argument("do", ""):
            case "passphrase":
                try:
                    await self.work(self._change_passphrase)
                except (NotPossible, WrongPassphrase) as error:
                    await self._form(str(error))
                    return
            case "everywhere":
                await self.work(self.records.signing_in.sign_out_everywhere, self.person.id)
            case "ticket":
                ticket = await self.work(
                    self.records.signing_in.ticket, self.person.id, None, None, 1
                )
                await self._form(ticket=ticket)
                return
        self.redirect(self.to("me"))

    def _change_passphrase(self) -> None:
        signing_in = self.records.signing_in
        now = self.get_body_argument("now", "", strip=False)
        signing_in.verify(self.person.name, now, self.request.remote_ip or "")
        signing_in.change(self.person.id, self.get_body_argument("new", "", strip=False))


class Help(Page):
    """Static pages from ``programme.toml``: never stored, open to anyone."""

    open_to_all = True

    def initialize(self, template: str) -> None:
        self.template = template

    def get(self) -> None:
        self.show(self.template)


class Health(Page):
    """``GET /health``: 200 and JSON once the records answer."""

    open_to_all = True
    answers_json = True

    async def get(self) -> None:
        await self.work(self.records.people.find, "nobody")
        self.reply({"ready": True})


class Static(Page):
    """``/static/<version>/<file>``: the kit's own scripts and styles, kept by browsers for good.

    Nobody is asked who they are: these files are public, and asking costs a look-up each.
    """

    open_to_all = True

    async def prepare(self) -> None:
        self.current_user = None

    def get(self, version: str, name: str) -> None:
        files = bundle()
        file = files.files.get(name)
        if version != files.version or file is None:
            raise web.HTTPError(404)
        self.set_header("Content-Type", f"{file.type}; charset=utf-8")
        self.set_header("Cache-Control", "public, max-age=31536000, immutable")
        self.set_header("Vary", "Accept-Encoding")
        if "gzip" in self.request.headers.get("Accept-Encoding", ""):
            self.set_header("Content-Encoding", "gzip")
            self.finish(file.packed)
        else:
            self.finish(file.content)


class Worker(Page):
    """``/worker.js``: keeps the offline page and whom to ring; it must stand at the base path."""

    open_to_all = True

    def get(self) -> None:
        self.set_header("Content-Type", "text/javascript; charset=utf-8")
        self.set_header("Cache-Control", "no-cache")
        self.finish(bundle().files["worker.js"].content)
