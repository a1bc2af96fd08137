"""Workbooks and entries: start, write, check, record."""

import json
import secrets
from datetime import date
from http import HTTPStatus
from typing import Any

from tornado import web

from cascade_tools.draw.prompts import Rival
from cascade_tools.draw.shared import shared_html
from cascade_tools.errors import NotFound, NotPossible, SignedOut
from cascade_tools.model.entry import Conflict, Entry, Saved
from cascade_tools.model.people import Held, Pair
from cascade_tools.model.people import Session as CoachingSession
from cascade_tools.model.prompts import Kind, Problem, Prompt, check_answer, in_words
from cascade_tools.model.workbook import Workbook
from cascade_tools.server import meetings
from cascade_tools.server.base import Page
from cascade_tools.server.composing import NO_NOTES, Notes, compose, fill, same_question

MOST_BYTES = 500_000


class WorkbookPage(Page):
    """``/workbooks/<path>``: the start page, or straight to the one open entry."""

    @property
    def thinks(self) -> bool:  # type: ignore[override]
        # Asked while the first headers are made, before the address has been taken apart.
        path = self.request.path.removeprefix(self.serving.addresses.base + "workbooks/")
        workbook = self.serving.shelf.find(path)
        return workbook is not None and workbook.desk

    async def get(self, workbook_id: str) -> None:
        workbook = self._workbook(workbook_id)
        if workbook.desk:
            self._desk(workbook)
            return
        mine = [e for e in self.records.entries.of(self.person.id) if e.workbook == workbook.id]
        if not workbook.about and mine:
            self.redirect(self.to(f"entries/{mine[0].id}"))
            return
        pairs = self._pairs(workbook, mine)
        self.show(
            "start.html",
            workbook=workbook,
            pairs=pairs,
            likely=_likely(pairs),
            classes=[(who, ps) for who, ps in workbook.classes()],
            not_kept=[p for p in workbook.prompts if not p.keep],
            coaches=self.records.people.coaches_of(self.person.id)
            if workbook.about == "meeting"
            else [],
            mine=mine,
            problem="",
        )

    def _workbook(self, workbook_id: str) -> Workbook:
        workbook = self.serving.shelf.get(workbook_id)
        if not workbook.roles & self.person.roles:
            raise NotFound("There is nothing here for you.")
        return workbook

    def _desk(self, workbook: Workbook) -> None:
        composed = compose(self.serving, workbook, {}, [], {})
        unread = self.records.desk(self.person, "page").shared()
        self.show("desk.html", workbook=workbook, composed=composed, shared=unread)

    def _pairs(
        self, workbook: Workbook, mine: list[Entry]
    ) -> list[tuple[Pair, list[tuple[CoachingSession | None, Entry | None]]]]:
        """Each open pair with its sessions to write about, the latest first; None stands for a
        session that is not recorded yet."""
        if workbook.about not in ("session", "pair"):
            return []
        by_session = {e.session_id: e for e in mine if e.session_id}
        found = []
        for pair in self.records.people.pairs_of(self.person.id):
            if pair.ended is not None and not any(e.pair_id == pair.id for e in mine):
                continue
            rows: list[tuple[CoachingSession | None, Entry | None]] = [
                (s, by_session.get(s.id))
                for s in reversed(pair.sessions)
                if s.state in (Held.HELD, Held.PLANNED) or s.id in by_session
            ]
            if pair.ended is None:
                rows.append((None, None))
            found.append((pair, rows))
        return found

    async def post(self, workbook_id: str) -> None:
        workbook = self._workbook(workbook_id)
        if workbook.desk:
            raise NotFound("There is nothing here for you.")
        entry = await self.work(self._start, workbook)
        self.redirect(self.to(f"entries/{entry.id}"))

    def _start(self, workbook: Workbook) -> Entry:
        start = self.records.entries.start
        match workbook.about:
            case "meeting":
                chosen = self.get_body_arguments("coach")
                today = self.records.store.now().astimezone(self.serving.settings.zone).date()
                meeting = self.records.people.start_supervision(self.person.id, chosen, today)
                return start(self.person.id, workbook.id, about_id=meeting)
            case "session":
                pair_id, _, session_id = self.get_body_argument("session", "").partition("/")
                if not pair_id:
                    raise NotPossible("Choose a session first. Go back and try again.")
                return start(
                    self.person.id,
                    workbook.id,
                    pair_id=pair_id,
                    session_id=self._session(pair_id, session_id),
                )
            case "snapshot":
                raise NotPossible("Open this from the reflection you want to answer.")
        return start(self.person.id, workbook.id)

    def _session(self, pair_id: str, session_id: str) -> str:
        """A session that exists, or a new one held today."""
        pair = next(
            (p for p in self.records.people.pairs_of(self.person.id) if p.id == pair_id), None
        )
        if pair is None:
            raise NotFound("There is nothing here for you.")
        if session_id != "new":
            return session_id
        number = max((s.number for s in pair.sessions), default=0) + 1
        today = self.records.store.now().astimezone(self.serving.settings.zone).date()
        return self.records.people.add_session(
            pair.id, CoachingSession("", number, today, Held.HELD)
        )


def _likely(
    pairs: list[tuple[Pair, list[tuple[CoachingSession | None, Entry | None]]]],
) -> str:
    """The session somebody most likely came for: the last one held and not written about."""
    held = [
        (session.on, f"{pair.id}/{session.id}")
        for pair, rows in pairs
        for session, entry in rows
        if session is not None and session.state is Held.HELD and session.on and entry is None
    ]
    return max(held, default=(None, ""))[1]


class EntryHandler(Page):
    """What every page of an entry needs: the entry, its workbook and its answers."""

    def entry_and_workbook(self, entry_id: str) -> tuple[Entry, Workbook]:
        entry = self.records.entries.get(self.person.id, entry_id)
        return entry, fill(self.serving.shelf.get(entry.workbook), self.serving)

    def panels(self) -> dict[str, str]:
        """What opens under a choice: who has not been told, whom to ring."""
        supervisor = self.records.people.supervisor_of(self.person.id)
        asked = self.records.sharing.asked_to_talk(self.person.id)
        return {
            "ring-today": self.draw(
                "parts/panel-ring-today.html", supervisor=supervisor, asked=asked
            ),
            "worried": self.draw("parts/panel-worried.html"),
        }


class EntryPage(EntryHandler):
    """``/entries/<id>``: the page itself; posting it saves without any script."""

    thinks = True

    async def get(self, entry_id: str) -> None:
        html = await self.work(self._page, entry_id, NO_NOTES)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(html)

    def _page(self, entry_id: str, notes: Notes) -> str:
        entry, workbook = self.entry_and_workbook(entry_id)
        saved = self.records.entries.answers(self.person.id, entry_id)
        sittings = (
            self.records.entries.sittings(self.person.id, entry_id, self.records.planned)
            if workbook.drawings
            else []
        )
        self.records.entries.remember(workbook.id, [p for p in workbook.prompts if p.keep])
        composed = compose(self.serving, workbook, saved, sittings, self.panels(), notes)
        current = self.get_argument("page", "")
        open_pages = [p for p in composed.pages if not p.closed]
        if current not in {p.id for p in open_pages}:
            current = open_pages[0].id
        beside = None
        if workbook.about == "snapshot" and entry.about_id and entry.person_id == self.person.id:
            beside = self.beside(entry.about_id)
        return str(
            self.draw(
                "pages/entry.html",
                entry=entry,
                workbook=workbook,
                composed=composed,
                current=current,
                problems=notes.problems,
                beside=beside,
                mine=entry.person_id == self.person.id,
                writer=secrets.token_hex(8),
            )
        )

    def beside(self, snapshot_id: str) -> Any:
        received = self.records.sharing.read(self.person.id, snapshot_id)
        title = self.serving.shelf.get(received.workbook).title
        return shared_html(received.document.body, title)

    async def post(self, entry_id: str) -> None:
        if self.get_body_argument("person", "") != self.person.id:
            raise SignedOut("Somebody else is signed in here now. Sign in again to save this.")
        notes = await self.work(self._save_form, entry_id)
        if notes.problems or notes.rivals:
            html = await self.work(self._page, entry_id, notes)
            self.set_status(HTTPStatus.UNPROCESSABLE_ENTITY)
            self.set_header("Content-Type", "text/html; charset=utf-8")
            self.finish(html)
            return
        go = self.get_body_argument("go", "")
        if go in ("talk-today", "talk-no"):
            await self.work(self._talk, go)
        self.redirect(self.to(f"entries/{entry_id}" + ("/check" if go == "check" else "")))

    def _talk(self, go: str) -> None:
        if go == "talk-today":
            self.records.sharing.ask_to_talk(self.person.id, "today")
        else:
            self.records.sharing.take_back_talk(self.person.id)

    def _save_form(self, entry_id: str) -> Notes:
        """Save every answer of a posted page that differs from what is kept."""
        entry, workbook = self.entry_and_workbook(entry_id)
        saved = self.records.entries.answers(self.person.id, entry_id)
        writer = self.get_body_argument("writer", "")[:64] or "form"
        problems: dict[str, str] = {}
        rivals: dict[str, Rival] = {}
        typed: dict[str, Any] = {}
        for prompt in self._asked(workbook):
            raw = self._posted(prompt)
            value = check_answer(prompt, raw)
            if isinstance(value, Problem):
                problems[prompt.key], typed[prompt.key] = value.sentence, raw
                continue
            before = saved.get(prompt.key)
            fits = before is not None and same_question(prompt, before)
            if value == (
                before.value if before is not None and fits else check_answer(prompt, None)
            ):
                continue
            kept = self.records.entries.save(
                self.person.id,
                entry_id,
                prompt,
                value,
                base=int(self.get_body_argument(f"base-{prompt.key}", "0") or 0),
                writer=f"form-{writer}",
                counter=(before.revision if before else 0) + 1,
            )
            if isinstance(kept, Conflict):
                rivals[prompt.key] = Rival(
                    in_words(prompt, kept.theirs), self.serving.clock(kept.saved_at)
                )
                typed[prompt.key] = value
        meetings.refresh(self.records, entry)
        return Notes(problems, rivals, typed)

    def _asked(self, workbook: Workbook) -> list[Prompt]:
        """The questions that stood on the posted page, each in the words it had there."""
        found = []
        for name in self.request.body_arguments:
            if not name.startswith("asked-"):
                continue
            key, asked = name.removeprefix("asked-"), self.get_body_argument(name)
            prompt = workbook.prompt(key)
            if prompt is None or prompt.asked != asked:
                prompt = self.records.entries.asked(asked)
            if prompt is not None and prompt.key == key and prompt.keep:
                found.append(prompt)
        return found

    def _posted(self, prompt: Prompt) -> Any:
        if prompt.kind is Kind.CHOICES:
            return self.get_body_arguments(prompt.key)
        if prompt.kind is Kind.DATE:
            parts = [
                self.get_body_argument(f"{prompt.key}-{p}", "") for p in ("day", "month", "year")
            ]
            return "-".join(parts) if any(parts) else ""
        return self.get_body_argument(prompt.key, "", strip=False) or None


class SaveAnswer(EntryHandler):
    """``PUT /api/entries/<id>/answers/<key>``: 200 only when the database has committed it."""

    answers_json = True

    async def prepare(self) -> None:
        await super().prepare()
        if self.request.headers.get("X-Cascade-Person", "") != self.person.id:
            raise SignedOut("Somebody else is signed in here now.")
        if len(self.request.body) > MOST_BYTES:
            raise web.HTTPError(413)

    async def put(self, entry_id: str, key: str) -> None:
        status, body = await self.work(self._save, entry_id, key)
        self.reply(body, status)

    def _save(self, entry_id: str, key: str) -> tuple[int, dict[str, Any]]:
        try:
            sent = json.loads(self.request.body)
            base, counter = int(sent["base"]), int(sent["counter"])
            writer, asked, raw = str(sent["writer"])[:64], str(sent["asked"]), sent["value"]
        except (ValueError, KeyError, TypeError):
            return 422, {"problem": "This could not be read. Open the page again."}
        entry, workbook = self.entry_and_workbook(entry_id)
        prompt = workbook.prompt(key)
        if prompt is None or prompt.asked != asked:
            # The workbook changed while the page was open: keep the answer under its own words.
            prompt = self.records.entries.asked(asked)
        if prompt is None or prompt.key != key or not prompt.keep or not writer:
            raise NotFound("There is nothing here for you.")
        value = check_answer(prompt, raw)
        if isinstance(value, Problem):
            return 422, {"problem": value.sentence}
        kept = self.records.entries.save(
            self.person.id, entry_id, prompt, value, base=base, writer=writer, counter=counter
        )
        if isinstance(kept, Conflict):
            return 409, {
                "yours": kept.yours,
                "theirs": kept.theirs,
                "revision": kept.revision,
                "saved_at": kept.saved_at.isoformat(),
            }
        meetings.refresh(self.records, entry)
        return 200, {"revision": kept.revision, "saved_at": kept.saved_at.isoformat()}


class CheckPage(EntryHandler):
    """``/entries/<id>/check``: every answer, with a way back, and what may happen next."""

    async def get(self, entry_id: str) -> None:
        self.show("check.html", **await self.work(self._values, entry_id))

    def _values(self, entry_id: str) -> dict[str, Any]:
        entry, workbook = self.entry_and_workbook(entry_id)
        saved = self.records.entries.answers(self.person.id, entry_id)
        answers = {key: one.value for key, one in saved.items()}
        pages = [
            (page, [(p, self._words(p, saved.get(p.key))) for p in page.prompts if p.keep])
            for page in workbook.open_pages(answers)
        ]
        mine = entry.person_id == self.person.id
        readers = (
            self.records.sharing.readers(self.person.id, entry_id, workbook.share_with)
            if mine and workbook.share_with
            else []
        )
        today = self.records.store.now().astimezone(self.serving.settings.zone).date()
        return {
            "entry": entry,
            "workbook": workbook,
            "pages": [(page, rows) for page, rows in pages if rows],
            "readers": readers,
            "shared": self.records.sharing.of(self.person.id, entry_id) if mine else [],
            "ticks": _ticks(workbook, saved),
            "until": date.fromordinal(today.toordinal() + self.serving.settings.share_default_days),
            "mine": mine,
        }

    def _words(self, prompt: Prompt, one: Saved | None) -> tuple[str, str]:
        """The answer in words, and the question it was given to where that differs."""
        if one is None:
            return "", ""
        other = "" if same_question(prompt, one) else one.prompt.question
        return in_words(one.prompt, one.value), other


def _ticks(workbook: Workbook, saved: dict[str, Saved]) -> list[tuple[str, str]]:
    """The boxes of their own: a code and the sentence, where something behind it is answered."""
    found: dict[str, str] = {}
    for prompt in workbook.prompts:
        if prompt.own_tick and prompt.key in saved and prompt.own_tick not in found.values():
            found[f"tick-{len(found) + 1}"] = prompt.own_tick
    return list(found.items())


class Record(EntryHandler):
    """``POST /entries/<id>/record``: a meeting is recorded; the other person can now see it."""

    async def post(self, entry_id: str) -> None:
        await self.work(self._record, entry_id)
        self.redirect(self.to(f"entries/{entry_id}/check"))

    def _record(self, entry_id: str) -> None:
        entry, workbook = self.entry_and_workbook(entry_id)
        if workbook.about != "meeting":
            raise NotFound("There is nothing here for you.")
        meetings.refresh(self.records, self.records.entries.commit(self.person.id, entry.id))


class ForgetEarlier(EntryHandler):
    """``POST /entries/<id>/forget-earlier``: erase every earlier version of every answer."""

    async def post(self, entry_id: str) -> None:
        await self.work(self.records.entries.forget_earlier, self.person.id, entry_id)
        self.redirect(self.to(f"entries/{entry_id}/check"))
