"""How a table is explained: what a row is, what each column means, who may see it, until when."""

from collections.abc import Mapping
from dataclasses import dataclass

READER = "You, who asked for this table, for as long as you may see the row"


@dataclass(frozen=True, slots=True)
class Column:
    """One column.  ``type`` is its type in pandas; ``who`` says who may see a value in it."""

    meaning: str
    type: str = "category"
    unit: str = ""
    who: str = READER


@dataclass(frozen=True, slots=True)
class Table:
    """One kind of table.

    ``made`` is the call that makes it and ``row`` what one row stands for.  ``seen_by`` says who
    may see a file of it; empty for one person's own reading, whose note names that person.
    ``until`` says how long such a file may be kept; empty where the rows say it themselves.
    """

    made: str
    row: str
    columns: Mapping[str, Column]
    seen_by: str = ""
    until: str = ""
