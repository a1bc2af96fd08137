"""What the kit's workbooks ask now, for tables that must have room for every question."""

from functools import cache

from cascade_tools.model.prompts import Prompt, Who
from cascade_tools.shelf import Shelf, open_shelf


@cache
def _kit() -> Shelf:
    return open_shelf()


def title(workbook: str) -> str:
    """The title people read; a programme's own workbook goes by its id."""
    found = _kit().find(workbook)
    return f"“{found.title}”" if found else workbook


def questions(workbook: str) -> tuple[Prompt, ...]:
    """What a workbook of the kit asks and keeps, in its order; nothing for any other.

    What is for its author alone is left out, and so is a line that stands for a box beside each
    answer: both have a column where there is something in it.
    """
    found = _kit().find(workbook)
    prompts = found.prompts if found else ()
    return tuple(p for p in prompts if p.keep and p.who != Who.ONLY_ME and not p.beside)
