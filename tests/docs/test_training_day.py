"""The plan of the training day is true: its times add up, and what it names can be practised."""

import re

from cascade_tools import content
from cascade_tools.shelf import open_shelf
from tests.docs.generated import ROOT

PAGE = (ROOT / "docs/training-day.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (\d\d):(\d\d) \| (\d+) \| (.+?) \|", PAGE, re.MULTILINE)
CHILD, CHANGE = "A worry about a child", "From leading to helping others lead"


def test_the_day_runs_from_ten_to_four_without_a_gap() -> None:
    """Each part begins when the one before it ends; nobody sits longer than two hours."""
    starts = [int(hour) * 60 + int(minute) for hour, minute, _, _ in ROWS]
    ends = [start + int(length) for start, (_, _, length, _) in zip(starts, ROWS, strict=True)]
    assert starts == [10 * 60, *ends[:-1]] and ends[-1] == 16 * 60
    breaks = [n for n, row in enumerate(ROWS) if row[3].startswith(("Break", "Lunch"))]
    edges = zip([-1, *breaks], [*breaks, len(ROWS)], strict=True)
    assert all(starts[b - 1] + int(ROWS[b - 1][2]) - starts[a + 1] <= 120 for a, b in edges)


def test_each_part_has_its_section() -> None:
    """What the table leads to stands below it, with the same time."""
    for hour, minute, _, what in ROWS:
        if what.startswith("["):
            name = re.match(r"\[(.+?)\]", what)
            assert name is not None and f"\n### {hour}:{minute} {name[1]}\n" in PAGE


def test_what_it_names_is_there() -> None:
    """Every conversation and every practice has its place in the day, by its own name, and so have
    the workbooks."""
    drills = (*content.drills(), *content.statements())
    names = [*(s.title for s in content.scenes()), *(d.title for d in drills)]
    spare = {"Could you tell by Friday?"}
    assert [name for name in names if f"*{name}*" not in PAGE and name not in spare] == []
    titles = {workbook.title for workbook in open_shelf().all()}
    assert {CHANGE, "Practice conversations", "Question craft"} <= titles
    assert any(f"*{cards.title}*" in PAGE for cards in content.cards())


def test_whom_to_tell_comes_before_the_worry() -> None:
    """Contacts are named in the morning, before the change of roles; the one with a right answer
    comes after both."""
    order = [what for *_, what in ROWS]
    places = [
        next(n for n, what in enumerate(order) if words in what)
        for words in ("whom to tell", CHANGE, CHILD)
    ]
    assert places == sorted(places) and int(ROWS[places[1]][0]) < 12
