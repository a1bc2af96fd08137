"""*Looking back at the start*: the same lines, seen later, and a box of its own."""

import re

from cascade_tools.model.prompts import Kind, Who
from tests.content.test_leader_workbooks import BOOKS, page_of, prompt, prose

BOOK = BOOKS["looking-back"]


def test_the_lines_are_those_of_the_start() -> None:
    """The same twelve lines, word for word and under the same names, of the time before the
    start; nothing of coaches, of goals or of others' measures."""
    tens = [p for p in BOOK.prompts if p.kind is Kind.TEN]
    before = [p for p in BOOKS["where-i-am-now"].prompts if re.fullmatch(r"o\d+", p.key)]
    assert [(p.key, p.question) for p in tens] == [(p.key, p.question) for p in before]
    pages = [page for page in BOOK.pages if any(p in tens for p in page.prompts)]
    assert all("the two weeks before we began" in prose(page) for page in pages)


def test_it_counts_only_by_a_box_of_its_own() -> None:
    """One box, with nothing ticked before and nothing carried to it; the page says what
    follows from an empty one."""
    asked = prompt("looking-back", "looking-back-counts")
    assert (asked.kind, asked.who) == (Kind.CHOICES, Who.GROUP_RESULTS)
    assert [c.code for c in asked.choices] == ["yes"]
    assert not asked.from_before
    page = page_of("looking-back", "looking-back-counts")
    assert "nothing of this sheet is counted" in prose(page)
    assert "*Welcome*" in prose(page)
