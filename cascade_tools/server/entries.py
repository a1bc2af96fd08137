"""``/entries/<id>``: the page a person writes on, and the address its answers are sent to."""

import json
import secrets
from contextlib import suppress
from http import HTTPStatus
from typing import Any

from tornado import web

from cascade_tools.draw.prompts import Rival
from cascade_tools.draw.templates import render
from cascade_tools.errors import NotAccepted, NotFound, NotNow, SignedOut
from cascade_tools.model.composites import composite_of, keep_history
from cascade_tools.model.entry import Conflict, Entry, Saved
from cascade_tools.model.picture import Sitting
from cascade_tools.model.prompts import Problem, Prompt, check_answer, in_words
from cascade_tools.model.replay import REPLAY
from cascade_tools.model.workbook import Workbook
from cascade_tools.server import meetings
from cascade_tools.server.base import Page
from cascade_tools.server.beside import beside, written_out
from cascade_tools.server.carrying import begin
from cascade_tools.server.composing import (
    NO_NOTES,
    Around,
    Notes,
    compose,
    fill,
    moment_of,
    same_question,
    sealed_until,
)
from cascade_tools.server.listings import listings, may_replay
from cascade_tools.server.looking import kind_of, readers_of
from cascade_tools.server.posted import posted
from cascade_tools.server.welcome import nothing_kept

MOST_BYTES = 500_000
MOST_SAVES = 2**31
UNREADABLE = (422, {"problem": "This could not be read. Open the page again."})


class EntryHandler(Page):
    """What every page of an entry needs: the entry, its workbook and its answers."""

    def entry_and_workbook(self, entry_id: str) -> tuple[Entry, Workbook]:
        entry = self.records.entries.get(self.person.id, entry_id)
        workbook = fill(self.serving.shelf.get(entry.workbook), self.serving, self.person)
        return entry, written_out(self, entry, workbook)

    def panels(self, workbook: Workbook) -> dict[str, str]:
        """What opens under a choice of this workbook: who has not been told, whom to ring."""
        named = {name for prompt in workbook.prompts for _, name in prompt.says}
        values: dict[str, Any] = {"settings": self.serving.settings, "to": self.to}
        if "ring-today" in named:
            values["supervisor"] = self.records.people.supervisor_of(self.person.id)
            values["asked"] = self.records.sharing.asked_to_talk(self.person.id)
        return {name: render(f"parts/panel-{name}.html", **values) for name in named}


class EntryPage(EntryHandler):
    """``/entries/<id>``: the page itself; posting it saves without any script."""

    # Its answers pass the gate one by one, and what is refused stays on the page.
    before_yes = True

    async def get(self, entry_id: str) -> None:
        html = await self.work(self._page, entry_id, NO_NOTES)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(html)

    def _page(self, entry_id: str, notes: Notes) -> str:
        entry, workbook = self.entry_and_workbook(entry_id)
        saved, sittings = self._written(entry_id, workbook)
        with suppress(NotNow):
            # Only for pages that outlive a change of the workbook; saving remembers, too.
            self.records.entries.remember(workbook.id, [p for p in workbook.prompts if p.keep])
        if workbook.thinks:
            self.will_think(workbook)
        what = beside(self, entry, workbook)
        around = Around(
            moment=moment_of(self.serving, entry),
            listings=listings(self.serving, self.person, workbook, entry),
            panels=self.panels(workbook),
            sealed=sealed_until(self.serving, workbook, entry),
            quoted=what.quoted,
        )
        composed = compose(self.serving, workbook, saved, sittings, around, notes)
        current = self.get_argument("page", "")
        open_pages = [p for p in composed.pages if not p.closed]
        if current not in {p.id for p in open_pages}:
            current = open_pages[0].id
        kind = kind_of(entry, workbook)
        return str(
            self.draw(
                "pages/entry.html",
                entry=entry,
                workbook=workbook,
                composed=composed,
                current=current,
                problems=notes.problems,
                beside=what,
                # Somebody else's words are on it, which leave it when they are taken back.
                leaves=bool(what.html or what.quoted)
                or any("data-still" in html for html in around.listings.values()),
                mine=entry.person_id == self.person.id,
                kind=kind,
                # A moment of one's own is nobody's to look at while it is being written.
                see_as=[] if kind == "replay" else readers_of(self, entry, workbook),
                writer=secrets.token_hex(8),
                lines=nothing_kept(self.serving, self.person),
            )
        )

    def _written(self, entry_id: str, workbook: Workbook) -> tuple[dict[str, Saved], list[Sitting]]:
        """The answers, and where there are pictures all that those are drawn from."""
        entries, me = self.records.entries, self.person.id
        if workbook.drawings:
            return entries.opened(me, entry_id, self.records.planned)
        return entries.answers(me, entry_id), []

    async def post(self, entry_id: str) -> None:
        if self.get_body_argument("person", "") != self.person.id:
            raise SignedOut("Somebody else is signed in here now. Sign in again to save this.")
        with self.serving.gauge.saving():
            notes = await self.serving.save(self._save_form, entry_id)
        if notes.problems or notes.rivals:
            html = await self.work(self._page, entry_id, notes)
            self.set_status(HTTPStatus.UNPROCESSABLE_ENTITY)
            self.set_header("Content-Type", "text/html; charset=utf-8")
            self.finish(html)
            return
        go = self.get_body_argument("go", "")
        if go in ("talk-today", "talk-no"):
            await self.work(self._talk, go)
        if go == "replay":
            scene = await self.work(self._replay, entry_id)
            self.redirect(self.to(f"entries/{scene.id}"))
            return
        self.redirect(self.to(f"entries/{entry_id}" + ("/check" if go == "check" else "")))

    def _talk(self, go: str) -> None:
        if go == "talk-today":
            self.records.sharing.ask_to_talk(self.person.id, "today")
        else:
            self.records.sharing.take_back_talk(self.person.id)

    def _replay(self, entry_id: str) -> Entry:
        """The sheet in which the moment of this one is tried again, begun where there is none."""
        entry, _ = self.entry_and_workbook(entry_id)
        if not may_replay(self.serving, self.person, entry):
            raise NotFound("There is nothing here for you.")
        return begin(
            self.records,
            self.person,
            self.serving.shelf.get(REPLAY),
            pair_id=entry.pair_id,
            session_id=entry.session_id,
        )

    def _save_form(self, entry_id: str) -> Notes:
        """Save every answer of a posted page that differs from what is kept."""
        entry, workbook = self.entry_and_workbook(entry_id)
        saved = self.records.entries.answers(self.person.id, entry_id)
        writer = self.get_body_argument("writer", "")[:64] or "form"
        problems: dict[str, str] = {}
        rivals: dict[str, Rival] = {}
        typed: dict[str, Any] = {}
        sealed = sealed_until(self.serving, workbook, entry)
        for prompt in self._asked(workbook):
            if prompt.key in sealed:
                continue
            raw = posted(self, prompt)
            value = check_answer(prompt, raw)
            if isinstance(value, Problem):
                problems[prompt.key], typed[prompt.key] = value.sentence, raw
                continue
            before = saved.get(prompt.key)
            fits = before is not None and same_question(prompt, before)
            if before is not None and fits:
                value = keep_history(prompt, value, before.value)
            if value == (
                before.value if before is not None and fits else check_answer(prompt, None)
            ):
                continue
            try:
                kept = self.records.entries.save(
                    self.person.id,
                    entry_id,
                    prompt,
                    value,
                    base=self._base(prompt.key),
                    writer=f"form-{writer}",
                    counter=(before.revision if before else 0) + 1,
                )
            except NotAccepted as refused:
                problems[prompt.key], typed[prompt.key] = str(refused), raw
                continue
            if isinstance(kept, Conflict):
                rivals[prompt.key] = Rival(
                    in_words(prompt, kept.theirs), self.serving.clock(kept.saved_at)
                )
                typed[prompt.key] = value
        meetings.refresh(self.records, entry)
        return Notes(problems, rivals, typed)

    def _base(self, key: str) -> int:
        """The revision that stood on the posted page; 0 where it says none, which is any other."""
        said = self.get_body_argument(f"base:{key}", "")
        return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else 0

    def _asked(self, workbook: Workbook) -> list[Prompt]:
        """The questions that stood on the posted page, each in the words it had there."""
        found = []
        for name in self.request.body_arguments:
            if not name.startswith("asked:"):
                continue
            key, asked = name.removeprefix("asked:"), self.get_body_argument(name)
            prompt = workbook.prompt(key)
            if prompt is None or prompt.asked != asked:
                prompt = self.records.entries.asked(asked)
            if prompt is not None and prompt.key == key and prompt.keep:
                found.append(prompt)
        return found


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
        with self.serving.gauge.saving():
            status, body = await self.serving.save(self._save, entry_id, key)
        self.reply(body, status)

    def _save(self, entry_id: str, key: str) -> tuple[int, dict[str, Any]]:
        try:
            sent = json.loads(self.request.body)
            base, counter = int(sent["base"]), int(sent["counter"])
            writer, asked, raw = str(sent["writer"])[:64], str(sent["asked"]), sent["value"]
        except (ValueError, KeyError, TypeError, OverflowError):
            return UNREADABLE
        whole = 0 <= base < MOST_SAVES and 0 <= counter < MOST_SAVES
        if not (whole and writer.isascii() and asked.isascii()):
            return UNREADABLE
        entry, workbook = self.entry_and_workbook(entry_id)
        prompt = workbook.prompt(key)
        if prompt is None or prompt.asked != asked:
            # The workbook changed while the page was open: keep the answer under its own words.
            prompt = self.records.entries.asked(asked)
        if key in sealed_until(self.serving, workbook, entry):
            raise NotFound("There is nothing here for you.")
        if prompt is None or prompt.key != key or not prompt.keep or not writer:
            raise NotFound("There is nothing here for you.")
        value = check_answer(prompt, raw)
        if isinstance(value, Problem):
            return 422, {"problem": value.sentence}
        if composite_of(prompt.kind) is not None:
            saved = self.records.entries.answers(self.person.id, entry_id).get(key)
            value = keep_history(prompt, value, saved.value if saved is not None else None)
        kept = self.records.entries.save(
            self.person.id, entry_id, prompt, value, base=base, writer=writer, counter=counter
        )
        if isinstance(kept, Conflict):
            return 409, {
                "yours": kept.yours,
                "theirs": kept.theirs,
                "theirs_words": in_words(prompt, kept.theirs),
                "revision": kept.revision,
                "saved_at": kept.saved_at.isoformat(),
            }
        meetings.refresh(self.records, entry)
        return 200, {"revision": kept.revision, "saved_at": kept.saved_at.isoformat()}
