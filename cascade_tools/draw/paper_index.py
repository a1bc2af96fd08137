"""One page that says what each workbook is for, and leads to its paper."""

from collections.abc import Sequence

from markupsafe import Markup

from cascade_tools.draw.glance import recorded
from cascade_tools.draw.paper import Programme, facts
from cascade_tools.draw.templates import render
from cascade_tools.model.workbook import Workbook

SHELVES = {
    "everyone": "For everyone",
    "leader": "For leaders",
    "pair": "For a leader and a coach, together",
    "coach": "For coaches",
    "supervisor": "For supervisors",
    "cohort": "For a whole cohort",
    "toolkit": "The manager’s tool-kit",
    "programme": "For the programme",
    "lead": "For the programme lead",
    "evaluator": "For evaluators",
    "author": "For authors",
}


def paper_index(
    workbooks: Sequence[Workbook], *, style: str, programme: Programme | None = None
) -> str:
    """One page that says what each workbook is for and leads to its paper."""
    return render(
        "paper/index.html",
        style=Markup(style),  # noqa: S704 - our own file
        programme=programme,
        shelves=shelves(workbooks),
        facts=lambda w: facts(w, programme),
        recorded=recorded,
    )


def shelves(workbooks: Sequence[Workbook]) -> list[tuple[str, list[Workbook]]]:
    """The workbooks by the folder they lie in, in the order in which people look for them."""
    by_folder: dict[str, list[Workbook]] = {folder: [] for folder in SHELVES}
    for workbook in workbooks:
        by_folder.setdefault(workbook.id.partition("/")[0], []).append(workbook)
    return [(SHELVES.get(f, f.capitalize()), these) for f, these in by_folder.items() if these]
