"""``/entries/<id>/as/<person>``: a sheet as somebody else would see it.  Nothing is shared."""

from typing import Any

from cascade_tools.draw.shared import shared_html
from cascade_tools.errors import NotFound
from cascade_tools.server.entries import EntryHandler
from cascade_tools.server.looking import everything, kind_of, readers_of


class SeenAs(EntryHandler):
    """``GET /entries/<id>/as/<person>``: for its author, about somebody they could share it with.

    The words are drawn as the reader's page draws them.  Nobody is told.
    """

    async def get(self, entry_id: str, reader_id: str) -> None:
        self.show("seen-as.html", **await self.work(self._values, entry_id, reader_id))

    def _values(self, entry_id: str, reader_id: str) -> dict[str, Any]:
        entry, workbook = self.entry_and_workbook(entry_id)
        readers = readers_of(self, entry, workbook)
        reader = next((r for r in readers if r.id == reader_id), None)
        if reader is None:
            raise NotFound("There is nothing here for you.")
        sharing = self.records.sharing
        document = sharing.compose(self.person.id, entry_id, everything(self, entry, workbook))
        given = [
            s for s in sharing.of(self.person.id, entry_id) if s.live and s.reader_id == reader_id
        ]
        return {
            "entry": entry,
            "reader": reader,
            "kind": kind_of(entry, workbook),
            "only_mine": any(p.who == "only-me" for p in workbook.prompts),
            "preview": shared_html(document.body, workbook.title)
            if document.body["pages"]
            else None,
            "given": given[0] if given else None,
        }
