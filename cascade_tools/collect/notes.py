"""What is in a file, who may see it, and until when: said in each file, or beside it."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pandas as pd

from cascade_tools.collect.meanings import table_of

Section = tuple[str, list[str]]
NOBODY_NAMED = "The person who collected it"


def note(frame: pd.DataFrame) -> str:
    """The note of one table, as plain text."""
    return as_text(sections(frame))


def sections(frame: pd.DataFrame) -> Iterator[Section]:
    """The note of one table: each heading with its lines.  Raises ``NotFound`` for no table of
    ours."""
    kind = table_of(frame)
    yield "WHAT IS IN THIS FILE", [f"{_count(len(frame), 'row')}: {kind.row}."]
    yield "WHO MAY SEE IT", [kind.seen_by or reader_only(frame.attrs.get("reader", ""))]
    yield "UNTIL WHEN", [kind.until] if kind.until else until_when(frame)


def reader_only(name: str) -> str:
    """Who may see what one person collected."""
    return (
        f"{one_line(name) or NOBODY_NAMED}, and nobody else. What others wrote was shared with "
        "you by name; it is not yours to pass on. They can see that you collected it."
    )


def until_when(frame: pd.DataFrame) -> list[str]:
    """The day each person's words must be gone, soonest first."""
    named = [name for name in ("until", "person", "workbook") if name in frame]
    ends = frame[named].dropna().drop_duplicates().sort_values(named).astype(object)
    if ends.empty:
        return ["Nothing here was shared with you by others. Keep it as long as you need it."]
    rows = ends.itertuples(index=False, name=None)
    lines = (f"  {day(end)}: {', '.join(map(one_line, whose))}" for end, *whose in rows)
    return [
        "Delete a person's words on the day their share ends, or collect again in their place. "
        "If somebody stops sharing sooner, the same holds from that moment.",
        *dict.fromkeys(lines),
    ]


def as_text(these: Iterator[Section]) -> str:
    """Sections one below the other, with a line between."""
    return "\n\n".join("\n".join([heading, *lines]) for heading, lines in these)


def made_on(now: datetime | None = None) -> str:
    """When it was collected, in words."""
    when = now or datetime.now(UTC)
    return f"{day(when)} at {when:%H:%M} UTC"


def day(when: datetime) -> str:
    """A day in words."""
    return f"{when.day} {when:%B %Y}"


def one_line(text: object) -> str:
    """A name on one line, so that it cannot pass for a line of ours."""
    return " ".join(str(text).split())


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"
