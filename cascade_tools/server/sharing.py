"""Sharing: preview, share, stop."""

from datetime import date, datetime
from typing import Any

from cascade_tools.draw.shared import shared_html
from cascade_tools.errors import NotPossible
from cascade_tools.model.entry import Document, Entry, Outline
from cascade_tools.model.prompts import Kind, Problem, Prompt, check_answer
from cascade_tools.model.workbook import Workbook
from cascade_tools.records import Reader
from cascade_tools.server.base import Page
from cascade_tools.server.checking import own_ticks
from cascade_tools.server.composing import moment_of
from cascade_tools.server.entries import EntryHandler
from cascade_tools.server.looking import ends_with, look_at

MOST_PURPOSE = 200
UNTIL_PARTS = ("until-day", "until-month", "until-year")
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
        rounds = reader.id in self.get_body_arguments("rounds")
        outline = self._outline(entry, workbook)
        document = self.records.sharing.compose(self.person.id, entry_id, outline)
        if not document.body["pages"]:
            raise NotPossible("There is nothing to share yet. Answer something first.")
        seen = self.get_body_argument("seen", "")
        if seen and seen == document.hash:
            self._share_now(entry, document, reader, purpose, ends_at, rounds)
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
                for name in ("part", "tick", "rounds", *UNTIL_PARTS, "purpose")
                for value in self.get_body_arguments(name)
            ]
            + [("reader", reader.id)],
            "ends_at": ends_at,
            "purpose": purpose,
            "rounds": rounds,
        }

    def _share_now(
        self,
        entry: Entry,
        document: Document,
        reader: Reader,
        purpose: str,
        ends_at: datetime,
        rounds: bool,
    ) -> None:
        self.records.sharing.share(
            self.person.id,
            entry.id,
            document,
            reader,
            purpose=purpose,
            ends_at=ends_at,
            rounds=rounds,
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
