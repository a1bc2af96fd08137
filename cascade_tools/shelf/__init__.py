"""Notebook files: find, read, check, rehearse and make workbooks.

Everything is read from the file with ``ast``; only ``rehearse`` runs anything.
"""

from cascade_tools.shelf.asks import prompt_from
from cascade_tools.shelf.authors import Difference, diff, new, rehearse
from cascade_tools.shelf.cells import DESK_SHOWN, DRAWINGS, LISTINGS
from cascade_tools.shelf.choosing import PANELS, SERVER_SOURCES, slug
from cascade_tools.shelf.faults import Fault, did_you_mean
from cascade_tools.shelf.files import WORKBOOK_ID, workbook_id
from cascade_tools.shelf.reading import check, read
from cascade_tools.shelf.shelves import RehearsalShelf, Shelf, open_shelf

__all__ = [
    "DESK_SHOWN",
    "DRAWINGS",
    "LISTINGS",
    "PANELS",
    "SERVER_SOURCES",
    "WORKBOOK_ID",
    "Difference",
    "Fault",
    "RehearsalShelf",
    "Shelf",
    "check",
    "did_you_mean",
    "diff",
    "new",
    "open_shelf",
    "prompt_from",
    "read",
    "rehearse",
    "slug",
    "workbook_id",
]
