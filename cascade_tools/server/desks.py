"""Desks: what supervisors, programme leads and evaluators see, written into the page at once.

What the kit itself shows there comes from the records alone, so the page is whole before any
kernel exists.  A desk that a programme writes may think: then a kernel fills its places.
"""

from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup

from cascade_tools.model.people import Role
from cascade_tools.model.workbook import Listing, Workbook
from cascade_tools.server.base import Page
from cascade_tools.server.composing import Around, compose
from cascade_tools.server.overview import overview
from cascade_tools.server.programme_desks import funder, running
from cascade_tools.server.what_changed import what_changed

# What stands in place of show.NAME(); each asks the gate as the person who opened the page.
DESKS: Mapping[str, Callable[[Page], Markup]] = {
    "overview": overview,
    "running": running,
    "funder": funder,
    "what_changed": what_changed,
}


async def show_desk(page: Page, workbook: Workbook) -> None:
    """Answer with a desk's page."""
    values = await page.work(_values, page, workbook)
    if workbook.thinks:
        page.will_think(workbook)
    page.show("desk.html", workbook=workbook, **values)


def _values(page: Page, workbook: Workbook) -> dict[str, Any]:
    names = {p.name for one in workbook.pages for p in one.parts if isinstance(p, Listing)}
    shown = Around(listings={name: DESKS[name](page) for name in names})
    supervises = Role.SUPERVISOR in workbook.roles and page.has(Role.SUPERVISOR)
    return {
        "names": names,
        "composed": compose(page.serving, workbook, {}, [], shown),
        "supervises": supervises,
        "shared": page.records.desk(page.person, "page").shared() if supervises else [],
    }
