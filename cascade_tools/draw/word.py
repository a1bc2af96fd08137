"""A supervision brief as a Word file: headings, lists and tables that Word itself knows.

Word lays a page out by itself, so what fits on one is reckoned here with something to spare.
"""

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from math import ceil
from typing import TYPE_CHECKING, Any

from cascade_tools.draw.brief import FOOT, TITLE, Item, Section, Sheet, sheet
from cascade_tools.model.brief import Brief

if TYPE_CHECKING:
    from docx.document import Document

# What a page of A4 holds in this type, with something to spare.
LINES = 46
LETTERS = 84
CELL_LETTERS = 24
HEADING_LINES = 2
# What XML cannot hold; the sign for "something stood here" is shown instead.
NO_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def brief_word(briefs: Iterable[Brief], *, lang: str = "en-GB") -> bytes:
    """One Word file, a page and a level-1 heading for each coach."""
    from docx import Document

    document = Document()
    _set_up(document, lang)
    for place, one in enumerate(briefs):
        _coach(document, sheet(one), first=place == 0)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def fitted(one: Sheet) -> dict[int, list[Item]]:
    """The items of each section that stand on the page: lowest rank first, each one whole."""
    room = LINES - HEADING_LINES - len(one.facts)
    for section in one.sections:
        room -= HEADING_LINES + (1 if section.items else _lines(section.empty, LETTERS))
    kept: dict[int, list[int]] = {place: [] for place in range(len(one.sections))}
    places = [
        (item.rank, s, i)
        for s, section in enumerate(one.sections)
        for i, item in enumerate(section.items)
    ]
    for _, s, i in sorted(places):
        needs = _height(one.sections[s].items[i])
        if needs <= room:
            room -= needs
            kept[s].append(i)
    return {s: [one.sections[s].items[i] for i in sorted(found)] for s, found in kept.items()}


def _height(item: Item) -> int:
    if item.cells:
        return max(_lines(cell, CELL_LETTERS) for cell in item.cells)
    return bool(item.lead) + _lines(item.words, LETTERS)


def _lines(words: str, letters: int) -> int:
    # A letter beyond the Latin ones may be twice as wide.
    width = sum(1 + (ord(c) > 0x2FF) for c in words if c != "\n")
    return words.count("\n") + max(1, ceil(width / letters))


def _set_up(document: "Document", lang: str) -> None:
    """Paper, type, language, title and page numbers."""
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt

    document.core_properties.title = TITLE
    document.core_properties.author = ""
    document.core_properties.comments = ""
    document.core_properties.language = lang
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(20)
    page.top_margin, page.bottom_margin = Mm(16), Mm(16)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(10.5)
    normal.paragraph_format.space_after = Pt(3)
    properties = normal.element.get_or_add_rPr()
    language = properties.find(qn("w:lang"))
    if language is None:
        language = _element("w:lang")
        properties.append(language)
    language.set(qn("w:val"), lang)
    for level, size in ((1, 20), (2, 13)):
        style = document.styles[f"Heading {level}"]
        style.font.size = Pt(size)
        style.paragraph_format.space_before = Pt(0 if level == 1 else 8)
        style.paragraph_format.space_after = Pt(3)
    foot = page.footer.paragraphs[0]
    foot.add_run(f"{FOOT} Page ")
    _field(foot, "PAGE")
    foot.add_run(" of ")
    _field(foot, "NUMPAGES")


def _coach(document: "Document", one: Sheet, *, first: bool) -> None:
    from docx.shared import Pt

    heading = document.add_heading(clean(one.name), 1)
    heading.paragraph_format.page_break_before = not first
    for name, value in one.facts:
        line = document.add_paragraph()
        line.paragraph_format.space_after = Pt(0)
        line.add_run(f"{clean(name)}: ").bold = True
        line.add_run(clean(value))
    here = fitted(one)
    for place, section in enumerate(one.sections):
        _section(document, section, here[place])


def _section(document: "Document", section: Section, here: Sequence[Item]) -> None:
    document.add_heading(section.heading, 2)
    if not section.items:
        document.add_paragraph(section.empty)
    for item in here:
        if item.lead:
            _said(document, item)
        elif not item.cells:
            _runs(document.add_paragraph(style="List Bullet"), item.words)
    rows = [item.cells for item in here if item.cells]
    if rows:
        _table(document, section, rows)
    if more := len(section.items) - len(here):
        document.add_paragraph(f"{'and ' if here else ''}{more} more in the kit").runs[
            0
        ].italic = True


def _said(document: "Document", item: Item) -> None:
    line = document.add_paragraph()
    line.paragraph_format.keep_together = True
    line.add_run(clean(item.lead)).bold = True
    if item.aside:
        line.add_run(f" ({clean(item.aside)})").italic = True
    line.add_run().add_break()
    _runs(line, item.words)


def _runs(line: Any, words: str) -> None:
    """Words as they were written, line by line; from the right where they begin so."""
    for place, part in enumerate(clean(words).split("\n")):
        if place:
            line.add_run().add_break()
        run = line.add_run(part)
        if _rightwards(part):
            run.font.rtl = True


def _table(document: "Document", section: Section, rows: Sequence[Sequence[str]]) -> None:
    """A table whose first row Word reads out as its head, with words for who cannot see it."""
    from docx.oxml.ns import qn

    table = document.add_table(rows=1, cols=len(section.head), style="Table Grid")
    for tag, words in (("w:tblCaption", section.heading), ("w:tblDescription", _about(rows))):
        told = _element(tag)
        told.set(qn("w:val"), words)
        table._tbl.tblPr.append(told)
    for cell, words in zip(table.rows[0].cells, section.head, strict=True):
        cell.paragraphs[0].add_run(words).bold = True
    for row in rows:
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = clean(words)
    for place, row in enumerate(table.rows):
        properties = row._tr.get_or_add_trPr()
        properties.append(_element("w:cantSplit"))
        if place == 0:
            properties.append(_element("w:tblHeader"))


def _about(rows: Sequence[object]) -> str:
    many = "1 action" if len(rows) == 1 else f"{len(rows)} actions"
    return f"{many}: what, who, by when, and how it stands."


def _field(line: Any, name: str) -> None:
    """A number that Word fills in."""
    from docx.oxml.ns import qn

    for kind in ("begin", "", "end"):
        run = line.add_run()
        if kind:
            mark = _element("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = _element("w:instrText")
            mark.text = name
        run._r.append(mark)


def _element(tag: str) -> Any:
    from docx.oxml import OxmlElement

    return OxmlElement(tag)


def _rightwards(words: str) -> bool:
    """Whether the first letter is one of a script written from the right."""
    letters: Iterator[str] = (c for c in words if c.isalpha())
    return "\u0590" <= next(letters, "a") <= "\u08ff"


def clean(words: str) -> str:
    return NO_XML.sub("\ufffd", words)
