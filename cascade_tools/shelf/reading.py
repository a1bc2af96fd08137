"""A notebook file becomes a Workbook, or the list of its faults."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cascade_tools.errors import WorkbookFault
from cascade_tools.model.consent import CHOICES
from cascade_tools.model.prompts import Kind, Prompt
from cascade_tools.model.workbook import Condition, Page, Part, Prose, Workbook
from cascade_tools.shelf.cells import cell_part, opening_fault
from cascade_tools.shelf.choosing import slug
from cascade_tools.shelf.faults import Fault, Faults, did_you_mean
from cascade_tools.shelf.files import (
    WORKBOOK_ID,
    About,
    Cell,
    about_of,
    cells_of,
    load,
    workbook_id,
)

_CONDITIONS = {"only_if": False, "unless": True}
_TAGS = ("assessment", "challenge", "support")
_PAGE = (*_CONDITIONS, "once", "after_days", "tags")


def read(path: Path) -> Workbook:
    """The workbook in this file, read without running it.

    Raises ``WorkbookFault`` with every fault ``check`` finds, one a line.
    """
    workbook, faults = examine(path)
    if workbook is None:
        raise WorkbookFault("\n".join(map(str, faults)))
    return workbook


def check(path: Path) -> list[Fault]:
    """Everything to put right in this file, in the order of its cells.  Never raises or writes."""
    return examine(path)[1]


def examine(path: Path) -> tuple[Workbook | None, list[Fault]]:
    """The workbook or its faults: there is never both, and never neither."""
    path = Path(path)
    reading = _Reading(workbook_id(path))
    workbook = reading.read(path)
    faults = reading.faults.sorted()
    return (None if faults else workbook), faults


@dataclass
class _OpenPage:
    """A page while its cells are still being read."""

    id: str
    title: str
    cell: int
    parts: list[Part] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)
    once_opened: bool = False
    after_days: int = 0
    tags: tuple[str, ...] = ()

    def closed(self) -> Page:
        """The page, now that all of its cells are read."""
        return Page(
            self.id,
            self.title,
            tuple(self.parts),
            tuple(self.conditions),
            self.once_opened,
            self.after_days,
            self.tags,
        )


class _Reading:
    def __init__(self, workbook_id: str) -> None:
        self.id = workbook_id
        self.faults = Faults(f"{workbook_id}.ipynb")
        self.pages: list[_OpenPage] = []
        self.intro: list[str] = []
        self.prompts: dict[str, Prompt] = {}

    def read(self, path: Path) -> Workbook | None:
        if path.suffix != ".ipynb" or not WORKBOOK_ID.match(self.id):
            self.faults.add(
                0,
                "A workbook lies in the folder of a role and has a plain name, such as "
                "coach/after-i-coach.ipynb. Move or rename this file.",
            )
        doc = load(path, self.faults)
        if doc is None:
            return None
        about = about_of(doc, self.faults)
        cells = cells_of(doc, self.faults)
        self._title(cells, about)
        self._opening(cells, about)
        if not self.pages:
            self.faults.add(0, 'There is no page. Start a Markdown cell with "## " and a heading.')
        self._check_conditions()
        if about.notice:
            self._check_notice()
        for page in self.pages:
            if page.once_opened and about.together != "sealed":
                self.faults.add(
                    page.cell,
                    'Nothing opens here: "once" is for sheets with "together": "sealed".',
                )
        return Workbook(
            id=self.id,
            title=about.title,
            intro="\n\n".join(filter(None, self.intro)),
            roles=about.roles,
            minutes=about.minutes,
            pages=tuple(page.closed() for page in self.pages),
            about=about.about,
            share_with=about.share_with,
            summary=about.summary,
            next_words=about.next_words,
            desk=about.desk,
            together=about.together,
            public=about.public,
            notice=about.notice,
            review_by=about.review_by,
        )

    def _check_notice(self) -> None:
        """A notice keeps decisions, so it asks only what the kit can decide by."""
        asked = [part.key for page in self.pages for part in page.parts if isinstance(part, Prompt)]
        if sorted(asked) != sorted(CHOICES):
            self.faults.add(
                0,
                'A workbook with "notice" asks exactly these, each once: '
                f"{', '.join(CHOICES)}. Here it asks: {', '.join(asked) or 'nothing'}.",
            )

    def _title(self, cells: list[Cell], about: About) -> None:
        """The first cell holds the title and the words under it."""
        first = cells[0] if cells else None
        heading = ""
        if first is not None and not first.code:
            line, _, rest = first.source.lstrip().partition("\n")
            if line.startswith("# "):
                heading = line[2:].strip()
                self._headings_inside(rest, first.number)
                self.intro.append(rest.strip())
        if not heading:
            self.faults.add(1, 'There is no title. Start the first cell with "# " and the title.')
        elif about.title and about.title != heading:
            self.faults.add(
                1,
                f'The title here is "{heading}", and metadata.title is "{about.title}". '
                "Make them the same.",
            )

    def _opening(self, cells: list[Cell], about: About) -> None:
        """Every cell after the title; the first one with code must be the opening cell."""
        opened = False
        for cell in cells[1:] if cells and not cells[0].code else cells:
            if not cell.code:
                self._words(cell)
            elif opened:
                self._code(cell, about.desk)
            else:
                opened = True
                fault = opening_fault(cell.source, self.id, about.desk)
                if fault:
                    self.faults.add(cell.number, fault)
        if not opened:
            self.faults.add(0, opening_fault("", self.id, about.desk))

    def _words(self, cell: Cell) -> None:
        source = cell.source.strip()
        if source.startswith("## "):
            heading, _, source = source.partition("\n")
            self._page(heading[3:].strip(), cell)
        elif cell.about:
            self.faults.add(
                cell.number,
                'Conditions stand on the cell of a page\'s heading ("## "). Move them there.',
            )
        self._headings_inside(source, cell.number)
        if self.pages and source.strip():
            self.pages[-1].parts.append(Prose(source.strip()))
        elif not self.pages:
            self.intro.append(source)

    def _page(self, title: str, cell: Cell) -> None:
        page = _OpenPage(slug(title) or f"page-{len(self.pages) + 1}", title, cell.number)
        same = next((p for p in self.pages if p.id == page.id), None)
        if same is not None:
            self.faults.add(
                cell.number,
                f'Cell {same.cell} starts a page with the same heading, "{title}". Change one.',
            )
        for name, value in cell.about.items():
            if name in _CONDITIONS:
                page.conditions += self._conditions(name, value, cell.number)
            elif name not in _PAGE:
                hint = did_you_mean(name, _PAGE)
                self.faults.add(cell.number, f'A page has no condition "{name}".{hint}')
            elif fault := _about_page(page, name, value):
                self.faults.add(cell.number, fault)
        self.pages.append(page)

    def _conditions(self, name: str, value: Any, cell: int) -> list[Condition]:
        found = []
        for key, codes in value.items() if isinstance(value, dict) else [("", None)]:
            if not isinstance(codes, list) or not codes:
                self.faults.add(
                    cell, f'"{name}" must name a key and its codes: {{"way": ["longer"]}}.'
                )
            else:
                found.append(Condition(key, tuple(map(str, codes)), _CONDITIONS[name]))
        return found

    def _headings_inside(self, words: str, cell: int) -> None:
        fenced = re.sub(r"(?ms)^(```|~~~).*?(^\1|\Z)", "", words)
        if re.search(r"(?m)^## ", fenced):
            self.faults.add(
                cell, 'A page heading ("## ") starts its cell. Split the cell before it.'
            )

    def _code(self, cell: Cell, desk: bool) -> None:
        part, sentences = cell_part(cell.source, cell.number, cell.id, desk)
        for sentence in sentences:
            self.faults.add(cell.number, sentence)
        if not self.pages:
            what = "a question" if isinstance(part, Prompt) else "code"
            self.faults.add(
                cell.number,
                f'There is {what} before the first page. Put a "## " heading above it.',
            )
        elif part is not None:
            self.pages[-1].parts.append(part)
        if isinstance(part, Prompt):
            first = self.prompts.setdefault(part.key, part)
            if first is not part:
                self.faults.add(
                    cell.number,
                    f'Cell {first.cell} has the key "{part.key}", too. '
                    "Give this question a key of its own.",
                )

    def _check_conditions(self) -> None:
        """A condition looks back, at a kept question with choices, and names its codes."""
        earlier: list[str] = []
        for page in self.pages:
            for condition in page.conditions:
                sentence = self._condition_fault(condition, earlier)
                if sentence:
                    self.faults.add(page.cell, sentence)
            earlier += [p.key for p in page.parts if isinstance(p, Prompt)]

    def _condition_fault(self, condition: Condition, earlier: list[str]) -> str:
        prompt = self.prompts.get(condition.key)
        start = f'The condition names "{condition.key}",'
        if prompt is None:
            return f"{start} and no question has that key.{did_you_mean(condition.key, earlier)}"
        if condition.key not in earlier:
            return f"{start} which is not asked on an earlier page. Ask it before."
        if not prompt.keep:
            return f"{start} which is not kept (keep=False). Name a question that is."
        if prompt.kind not in (Kind.CHOICE, Kind.SCALE):
            return f"{start} which is no ask.choice or ask.scale. Name one of those."
        codes = [c.code for c in prompt.choices]
        for code in condition.codes:
            if code not in codes:
                return f'{start} which has no choice "{code}".{did_you_mean(code, codes)}'
        return ""


def _about_page(page: _OpenPage, name: str, value: Any) -> str:
    """Note what the heading's metadata says of its page, or say what is wrong with it."""
    match name:
        case "once" if value == "opened":
            page.once_opened = True
        case "once":
            return 'A page opens once: "opened" (when both sealed sheets are open). Write that.'
        case "after_days" if type(value) is int and value > 0:
            page.after_days = value
        case "after_days":
            return '"after_days" must be a number of days, such as 14.'
        case "tags" if isinstance(value, list) and value and all(t in _TAGS for t in value):
            page.tags = tuple(value)
        case "tags":
            return f'"tags" must be a list of {", ".join(_TAGS)}.'
    return ""
