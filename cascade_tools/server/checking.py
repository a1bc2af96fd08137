"""``/entries/<id>/check``: every answer, with a way back, and what may happen next."""

from datetime import date
from typing import Any

from cascade_tools.errors import NotFound
from cascade_tools.model.entry import Saved
from cascade_tools.model.prompts import Prompt, in_words
from cascade_tools.model.workbook import Workbook
from cascade_tools.server import meetings
from cascade_tools.server.composing import same_question
from cascade_tools.server.entries import EntryHandler


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
            "ticks": own_ticks(workbook, saved),
            "until": date.fromordinal(today.toordinal() + self.serving.settings.share_default_days),
            "mine": mine,
        }

    def _words(self, prompt: Prompt, one: Saved | None) -> tuple[str, str]:
        """The answer in words, and the question it was given to where that differs."""
        if one is None:
            return "", ""
        other = "" if same_question(prompt, one) else one.prompt.question
        return in_words(one.prompt, one.value), other


def own_ticks(workbook: Workbook, saved: dict[str, Saved]) -> list[tuple[str, str]]:
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
