"""Releasing what was written about a copy: one answer, or all; and taking one back."""

from datetime import datetime, timedelta
from typing import Any

from cascade_tools.errors import NotFound, NotPossible
from cascade_tools.model.entry import Entry, Saved
from cascade_tools.model.prompts import given
from cascade_tools.model.workbook import Workbook
from cascade_tools.records import Reader
from cascade_tools.server.checking import Checking, own_ticks
from cascade_tools.server.looking import ends_with, everything, kind_of, readers_of, usual_end
from cascade_tools.server.shared import PURPOSE
from cascade_tools.server.standing import may_go


class Release(Checking):
    """``POST /entries/<id>/release``: what is written goes to whom it answers.

    Each press carries which version of each answer was seen: what was written since then, on
    another page, goes nowhere unseen.
    """

    async def post(self, entry_id: str) -> None:
        done, shown = await self.work(self._release, entry_id)
        if done:
            self.redirect(self.to(f"entries/{entry_id}/check") + "#released")
        else:
            self.show("check.html", **shown)

    def _release(self, entry_id: str) -> tuple[bool, dict[str, Any]]:
        entry, workbook = self.entry_and_workbook(entry_id)
        readers = readers_of(self, entry, workbook)
        if kind_of(entry, workbook) != "answer":
            raise NotFound("There is nothing here for you.")
        if not readers:
            raise NotPossible("There is nobody to release this to any more. It stays with you.")
        saved = self.records.entries.answers(self.person.id, entry_id)
        fresh, without = self._chosen(workbook, saved)
        if any(self.get_body_argument(f"seen:{k}", "") != str(saved[k].revision) for k in fresh):
            return False, {**self.check_values(entry_id), "changed": True}
        self._give(entry, workbook, readers[0], fresh, without)
        return True, {}

    def _chosen(self, workbook: Workbook, saved: dict[str, Saved]) -> tuple[set[str], set[str]]:
        """The keys that go as they are now, and those that are taken back."""
        ticked = {
            s for code, s in own_ticks(workbook, saved) if code in self.get_body_arguments("tick")
        }
        open_to = {
            p.key: p
            for p in workbook.prompts
            if p.key in saved and given(saved[p.key].value) and may_go(saved[p.key])
        }
        key = self.get_body_argument("key", "")
        match self.get_body_argument("do", ""):
            case "all":
                fresh = {k for k, p in open_to.items() if not p.own_tick or p.own_tick in ticked}
            case "one" if key in open_to:
                fresh = {key}
            case "back":
                return set(), {key}
            case _:
                raise NotFound("There is nothing here for you.")
        if not fresh:
            raise NotPossible("There is nothing to release yet. Write something first.")
        return fresh, set()

    def _give(
        self,
        entry: Entry,
        workbook: Workbook,
        reader: Reader,
        fresh: set[str],
        without: set[str],
    ) -> None:
        outline = everything(self, entry, workbook)
        document = self.records.answering.compose(self.person.id, entry.id, outline, fresh, without)
        if document.body["pages"]:
            self.records.sharing.share(
                self.person.id,
                entry.id,
                document,
                reader,
                purpose=PURPOSE,
                ends_at=self._until(entry),
            )
            return
        for share in self.records.sharing.of(self.person.id, entry.id):
            if share.live:
                self.records.sharing.stop(self.person.id, share.id)

    def _until(self, entry: Entry) -> datetime:
        """As long as what it answers; a day at least, so that it can be read."""
        tomorrow = self.records.store.now() + timedelta(days=1)
        found = self.records.answering.questions(self.person.id, str(entry.about_id))
        if found is None:
            return ends_with(self, usual_end(self, None))
        copy, _ = found
        return copy.ends_at if copy.author_id == self.person.id else max(copy.ends_at, tomorrow)
