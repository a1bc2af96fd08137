"""``/entries/<id>/replay``: a moment of one's own as a scene.  Nothing chosen there is kept.

``/entries/<id>/bring`` gives its author's supervisor a copy.
"""

from dataclasses import replace
from typing import Any

from cascade_tools.errors import NotFound, NotPossible
from cascade_tools.model.practice import shuffled
from cascade_tools.model.prompts import in_words
from cascade_tools.model.replay import REPLAY, replay_of
from cascade_tools.server.bringing import bringing_of, until, what_goes
from cascade_tools.server.checking import Checking
from cascade_tools.server.composing import about
from cascade_tools.server.entries import EntryHandler
from cascade_tools.server.looking import ends_with, kind_of, readers_of
from cascade_tools.server.practice import Practising

PURPOSE = "For supervision"


class ReplayPage(EntryHandler, Practising):
    """For the author of the sheet alone, from what they wrote in it.

    ``said`` is what they say this time; with ``do=look`` everything is laid open.
    """

    # Nothing is kept, so nobody need have said that anything may be.
    before_yes = True

    async def get(self, entry_id: str) -> None:
        self.show("replay.html", **await self.work(self._values, entry_id))

    async def post(self, entry_id: str) -> None:
        self.show("replay.html", **await self.work(self._values, entry_id))

    def _values(self, entry_id: str) -> dict[str, Any]:
        entry, workbook = self.entry_and_workbook(entry_id)
        if entry.workbook != REPLAY or entry.person_id != self.person.id:
            raise NotFound("There is nothing here for you.")
        saved = self.records.entries.answers(self.person.id, entry_id)
        replay = replay_of({key: in_words(one.prompt, one.value) for key, one in saved.items()})
        seed = self.seed
        looks = self.get_body_argument("do", "") == "look"

        def place(key: str) -> str:
            page = next(p.id for p in workbook.pages if any(q.key == key for q in p.prompts))
            return self.to(f"entries/{entry_id}", page=page) + f"#prompt-{key}"

        return {
            "entry": entry,
            "workbook": workbook,
            "about": about(entry),
            "replay": replay,
            "lines": shuffled(replay.lines, seed),
            "said": replay.line(self.get_body_argument("said", "")),
            "looks": looks and not replay.to_write,
            "mine": self.mine,
            "seed": seed,
            "place": place,
            "here": self.to(f"entries/{entry_id}/replay"),
            "bringing": bringing_of(self, entry, workbook),
        }


class Bring(Checking):
    """``POST /entries/<id>/bring``: the author's own supervisor gets a copy of it now.

    The press carries the hash of what stood on the page; if an answer changed in between, nothing
    goes, and the author looks once more.
    """

    async def post(self, entry_id: str) -> None:
        if await self.work(self._bring, entry_id):
            self.redirect(self.to(f"entries/{entry_id}/check") + "#brought")
            return
        values = await self.work(self.check_values, entry_id)
        values["bringing"] = replace(values["bringing"], changed=True)
        self.show("check.html", **values)

    def _bring(self, entry_id: str) -> bool:
        entry, workbook = self.entry_and_workbook(entry_id)
        if kind_of(entry, workbook) != "replay" or entry.person_id != self.person.id:
            raise NotFound("There is nothing here for you.")
        readers = readers_of(self, entry, workbook)
        if not readers:
            raise NotPossible("You have no supervisor in the kit yet. The programme can name one.")
        document = what_goes(self, entry, workbook)
        if not document.body["pages"]:
            raise NotPossible("There is nothing to bring yet. Write something first.")
        if self.get_body_argument("seen", "") != document.hash:
            return False
        self.records.sharing.share(
            self.person.id,
            entry.id,
            document,
            readers[0],
            purpose=PURPOSE,
            ends_at=ends_with(self, until(self, entry)),
        )
        return True
