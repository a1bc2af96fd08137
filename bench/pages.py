"""The latest figures, put into ``docs/performance.md`` and the README between their markers."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench import plot, report
from tests.living import ROOT

DOCS, README = ROOT / "docs" / "performance.md", ROOT / "README.md"
PICTURE = ROOT / "docs" / "images" / "crowds.svg"
# What the README quotes: the first character, a crowd, saving, the memory of a page.
QUOTED = (1, 4, 5, 8)
Found = dict[str, Any]


def write() -> str:
    """Put the latest figures where people read them; says what it did or why not."""
    found = report.latest()
    rows, points = found["rows"], found["crowds"]
    if not rows:
        return "Nothing is measured yet. Run: python -m bench"
    DOCS.write_text(between(DOCS, "rows", _rows(rows)), encoding="utf-8")
    README.write_text(between(README, "figures", _quoted(rows)), encoding="utf-8")
    if points:
        where = report.by_name(points[0]["machine"])
        PICTURE.write_text(plot.drawn(points, where).svg + "\n", encoding="utf-8")
        DOCS.write_text(between(DOCS, "crowds", _crowds(points, where)), encoding="utf-8")
    if day := found.get("training_day"):
        DOCS.write_text(between(DOCS, "training day", _day(day)), encoding="utf-8")
    return f"Wrote {len(rows)} rows and {len(points)} points into {DOCS.name} and {README.name}."


def between(file: Path, name: str, words: str) -> str:
    """A document with new words between its markers of that name.  Raises ``ValueError`` where
    there are none."""
    begin, end = f"<!-- bench: {name} -->", "<!-- bench: end -->"
    before, mark, rest = file.read_text(encoding="utf-8").partition(begin)
    _, ending, after = rest.partition(end)
    if not mark or not ending:
        raise ValueError(f"{file.name} has lost its markers, {begin} and {end}. Put them back.")
    return f"{before}{begin}\n\n{words}\n\n{end}{after}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _rows(rows: Sequence[Found]) -> str:
    machines = dict.fromkeys(f"{r['measured'][:10]}, {report.in_words(r['machine'])}" for r in rows)
    said = "\n".join(f"Measured {words}." for words in machines)
    cells = []
    for row in rows:
        number, name, *figures = report.cells(row)
        cells.append((number, name, row["against"], *figures, str(row["runs"])))
    return f"{said}\n\n" + _table(("", "What", "Against", *report.HEADINGS[2:], "Runs"), cells)


def _quoted(rows: Sequence[Found]) -> str:
    """A few rows, said for somebody who reads nothing else."""
    quoted = [row for row in rows if row["number"] in QUOTED]
    places = dict.fromkeys(report.by_name(row["machine"]) for row in quoted)
    cells = []
    for row in quoted:
        _, name, ours, peer, *_ = report.cells(row | {"note": ""})
        cells.append((name, ours, peer, row["against"]))
    said = f"On {' and on '.join(places)}, each beside a peer in the same run:"
    return f"{said}\n\n" + _table(("What", "Cascade", "Peer", "The peer"), cells)


def _crowds(points: Sequence[Found], where: str) -> str:
    """The plot, and its figures as a table."""
    head, *cells = report.crowd_cells(points)
    image = f"![{plot.sentence(points, where)}](images/{PICTURE.name})"
    return f"{image}\n\n" + _table(head, cells)


def _day(day: Found) -> str:
    """What a training day showed, and whether anything went wrong."""
    wrong = day["went_wrong"]
    judged = (
        f"Not as it should be: {wrong}, see below." if wrong else "All of it was as it should be."
    )
    said = f"Measured {day['measured'][:10]}, {report.in_words(day['machine'])}. {judged}"
    return f"{said}\n\n" + _table(("What", "Seen"), [*day["rows"].items()])
