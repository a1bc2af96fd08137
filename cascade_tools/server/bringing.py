"""Bringing a moment to supervision: one press, one reader, and nothing else that could share it.

The sheet of a replayed moment names nobody it may be shared with, so no other page offers it to
anybody.  See the decision "A replayed moment leaves with one press, and to one reader only".
"""

from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from cascade_tools.draw.shared import shared_html
from cascade_tools.model.entry import Document, Entry, Shared
from cascade_tools.model.typed import day_in_words
from cascade_tools.model.workbook import Workbook
from cascade_tools.records import Reader
from cascade_tools.server.base import Page
from cascade_tools.server.looking import (
    everything,
    look_at,
    pair_of,
    readers_of,
    usual_end,
)


@dataclass(frozen=True, slots=True)
class Bringing:
    """Where one sheet stands, for its author.

    ``reader`` is their supervisor; None where they have none.  ``hash`` names what would go, and is
    ``""`` where nothing is written.  ``preview`` shows it, with what looks like personal detail
    marked; ``marked`` says that something is.  ``brought`` is the copy that can be read now.
    ``changed``: something was written after the author last looked.
    """

    reader: Reader | None
    until: str
    hash: str
    preview: Markup
    marked: bool
    brought: Shared | None
    changed: bool = False


def bringing_of(page: Page, entry: Entry, workbook: Workbook) -> Bringing:
    """What would go to whom until when, and what has gone."""
    readers = readers_of(page, entry, workbook)
    document = what_goes(page, entry, workbook)
    look = look_at(page, entry, workbook, readers)
    answers = [a for one in document.body["pages"] for a in one["answers"]]
    given = page.records.sharing.of(page.person.id, entry.id)
    return Bringing(
        reader=readers[0] if readers else None,
        until=day_in_words(until(page, entry)),
        hash=document.hash if answers else "",
        preview=shared_html(document.body, workbook.title, look),
        marked=any(look.at(a["key"], a["kind"], a["words"]) for a in answers) if look else False,
        brought=next((s for s in given if s.live and s.as_role == "supervisor"), None),
    )


def what_goes(page: Page, entry: Entry, workbook: Workbook) -> Document:
    """Every answer there is, as its reader would get it."""
    outline = everything(page, entry, workbook)
    return page.records.sharing.compose(page.person.id, entry.id, outline)


def until(page: Page, entry: Entry) -> date:
    """The usual end, of this pair where there is one."""
    return usual_end(page, pair_of(page, entry))
