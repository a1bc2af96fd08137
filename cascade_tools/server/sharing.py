"""Sharing: preview, share, stop, read, answer."""

from datetime import date, datetime, timedelta
from typing import Any

from cascade_tools.draw.shared import shared_html
from cascade_tools.errors import NotFound, NotPossible
from cascade_tools.model.entry import Document, Entry, Outline
from cascade_tools.model.prompts import Kind, Problem, Prompt, check_answer
from cascade_tools.model.workbook import Workbook
from cascade_tools.records import Reader
from cascade_tools.server.base import Page
from cascade_tools.server.checking import own_ticks
from cascade_tools.server.composing import moment_of
from cascade_tools.server.entries import EntryHandler
from cascade_tools.server.looking import ends_with, look_at

REVIEW = "supervisor/reviewing-a-reflection"
MOST_PURPOSE = 200
UNTIL = Prompt("until", Kind.DATE, "Until when?")


class Share(EntryHandler):
    """``POST /entries/<id>/share``: first shows exactly what the reader will see, then shares it.

    The second press carries the preview's hash; if an answer changed in between, the new preview
    is shown instead, so that nobody shares what they have not seen.
    """

    async def post(self, entry_id: str) -> None:
        done, values = await self.work(self._share, entry_id)
        if done:
            self.redirect(self.to(f"entries/{entry_id}/check"))
        else:
            self.show("share.html", **values)

    def _share(self, entry_id: str) -> tuple[bool, dict[str, Any]]:
        entry, workbook = self.entry_and_workbook(entry_id)
        readers = self.records.sharing.readers(self.person.id, entry_id, workbook.share_with)
        chosen = self.get_body_argument("reader", readers[0].id if len(readers) == 1 else "")
        reader = next((r for r in readers if r.id == chosen), None)
        if reader is None:
            raise NotPossible("Choose whom to share this with. Go back and try again.")
        purpose = self.get_body_argument("purpose", "").strip()[:MOST_PURPOSE]
        if not purpose:
            raise NotPossible("Say what it is for. Go back and try again.")
        ends_at = self._until()
        outline = self._outline(entry, workbook)
        document = self.records.sharing.compose(self.person.id, entry_id, outline)
        if not document.body["pages"]:
            raise NotPossible("There is nothing to share yet. Answer something first.")
        seen = self.get_body_argument("seen", "")
        if seen and seen == document.hash:
            self._share_now(entry, document, reader, purpose, ends_at)
            return True, {}
        look = look_at(self, entry, workbook, [reader])
        change = self.to(f"entries/{entry_id}/check") + "#purpose"
        return False, {
            "entry": entry,
            "workbook": workbook,
            "reader": reader,
            "preview": shared_html(document.body, workbook.title, look),
            "found": look.over(purpose, change) if look else None,
            "hash": document.hash,
            "changed": bool(seen),
            "fields": [
                (name, value)
                for name in ("part", "tick", "until-day", "until-month", "until-year", "purpose")
                for value in self.get_body_arguments(name)
            ]
            + [("reader", reader.id)],
            "ends_at": ends_at,
            "purpose": purpose,
        }

    def _share_now(
        self, entry: Entry, document: Document, reader: Reader, purpose: str, ends_at: datetime
    ) -> None:
        self.records.sharing.share(
            self.person.id, entry.id, document, reader, purpose=purpose, ends_at=ends_at
        )
        talk = [
            a["value"]
            for page in document.body["pages"]
            for a in page["answers"]
            if a["key"] == "talk"
        ]
        if reader.as_role == "supervisor" and talk and talk[0] in ("today", "before"):
            self.records.sharing.ask_to_talk(self.person.id, talk[0])

    def _outline(self, entry: Entry, workbook: Workbook) -> Outline:
        """The sections the author left ticked, and the boxes of their own they ticked."""
        parts = set(self.get_body_arguments("part"))
        saved = self.records.entries.answers(self.person.id, self.path_args[0])
        ticked = {
            s for code, s in own_ticks(workbook, saved) if code in self.get_body_arguments("tick")
        }
        moment = moment_of(self.serving, entry)
        pages = workbook.open_pages({k: v.value for k, v in saved.items()}, moment)
        return Outline(
            tuple(
                (
                    page.id,
                    page.title,
                    tuple(p.key for p in page.prompts if not p.own_tick or p.own_tick in ticked),
                )
                for page in pages
                if page.id in parts or any(p.own_tick in ticked for p in page.prompts)
            )
        )

    def _until(self) -> datetime:
        typed = "-".join(self.get_body_argument(f"until-{p}", "") for p in ("day", "month", "year"))
        day = check_answer(UNTIL, typed.strip("-"))
        if isinstance(day, Problem) or not day:
            raise NotPossible("Write until when, such as 27 3 2026. Go back and try again.")
        return ends_with(self, date.fromisoformat(str(day)))


class StopSharing(Page):
    """``POST /shares/<id>/stop``: from the next request on, the reader gets nothing."""

    before_yes = True

    async def post(self, share_id: str) -> None:
        await self.work(self.records.sharing.stop, self.person.id, share_id)
        back = self.get_body_argument("back", "")
        self.redirect(self.serving.addresses.within(back))


class WithAuthor(Page):
    """Pages that depend on what this person is to somebody who shares."""

    def _is_supervisor_of(self, author_id: str) -> bool:
        supervisor = self.records.people.supervisor_of(author_id)
        return supervisor is not None and supervisor.id == self.person.id


class SharedPage(WithAuthor):
    """``/shared/<id>``: for its author and its readers."""

    async def get(self, snapshot_id: str) -> None:
        self.show("shared.html", **await self.work(self._values, snapshot_id))

    def _values(self, snapshot_id: str) -> dict[str, Any]:
        sharing = self.records.sharing
        received = sharing.read(self.person.id, snapshot_id)
        title = self.serving.title_of(received.workbook)
        answers = []
        for answer_id in sharing.answers_to(self.person.id, snapshot_id):
            answer = sharing.read(self.person.id, answer_id)
            html = shared_html(answer.document.body, f"{answer.author} answers")
            answers.append((answer, html))
        mine = received.author_id == self.person.id
        shares = [s for s in sharing.of(self.person.id) if s.snapshot_id == snapshot_id]
        return {
            "received": received,
            "title": title,
            "html": shared_html(received.document.body, title),
            "answers": answers,
            "mine": mine,
            "shares": shares if mine else [],
            "can_answer": not mine and self._is_supervisor_of(received.author_id),
            "answered": any(a.author_id == self.person.id for a, _ in answers),
            "problem": "",
        }


class Still(Page):
    """``GET /shared/<id>/still``: whether the words on an open page may still be read there.

    Nothing is opened, no line is written, and no session is kept open by it.
    """

    answers_json = True
    asks_by_itself = True

    async def get(self, snapshot_id: str) -> None:
        await self.work(self.records.sharing.may_read, self.person.id, snapshot_id)
        self.set_status(204)
        self.finish()


class Thanks(WithAuthor):
    """``POST /shared/<id>/thanks``: read, thank you; let's talk about it on a date.  One press."""

    async def post(self, snapshot_id: str) -> None:
        await self.work(self._thank, snapshot_id)
        self.redirect(self.to(f"shared/{snapshot_id}"))

    def _thank(self, snapshot_id: str) -> None:
        received = self.records.sharing.read(self.person.id, snapshot_id)
        if not self._is_supervisor_of(received.author_id):
            raise NotFound("There is nothing here for you.")
        workbook = self.serving.shelf.get(REVIEW)
        entry = self.records.entries.start(self.person.id, REVIEW, about_id=snapshot_id)
        typed = "-".join(
            self.get_body_argument(f"talk-on-{p}", "") for p in ("day", "month", "year")
        )
        given = {"thanks": "read", "talk-on": typed.strip("-")}
        saved = self.records.entries.answers(self.person.id, entry.id)
        for key, raw in given.items():
            prompt = workbook.prompt(key)
            if prompt is None or not raw:
                continue
            value = check_answer(prompt, raw)
            if isinstance(value, Problem):
                raise NotPossible(f"{value.sentence} Go back and try again.")
            revision = saved[key].revision if key in saved else 0
            self.records.entries.save(
                self.person.id,
                entry.id,
                prompt,
                value,
                base=revision,
                writer="one-press",
                counter=revision + 1,
            )
        # Only the thanks and the date go: a private draft in the other boxes stays private.
        outline = Outline((("thanks", "Read, thank you", ("thanks", "talk-on")),))
        document = self.records.sharing.compose(self.person.id, entry.id, outline)
        reader = self.records.sharing.readers(self.person.id, entry.id, ("author",))[0]
        self.records.sharing.share(
            self.person.id,
            entry.id,
            document,
            reader,
            purpose="An answer to what you shared",
            ends_at=max(received.ends_at, self.records.store.now() + timedelta(days=1)),
        )


class StartReview(WithAuthor):
    """``POST /shared/<id>/review``: a private draft beside the reflection."""

    async def post(self, snapshot_id: str) -> None:
        entry = await self.work(self._start, snapshot_id)
        self.redirect(self.to(f"entries/{entry.id}"))

    def _start(self, snapshot_id: str) -> Entry:
        author_id = self.records.sharing.may_read(self.person.id, snapshot_id)
        if not self._is_supervisor_of(author_id):
            raise NotFound("There is nothing here for you.")
        return self.records.entries.start(self.person.id, REVIEW, about_id=snapshot_id)
