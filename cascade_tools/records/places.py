"""What is sealed, table by table, and the place each value is tied to.

Verifying and changing the key go by this list; a test finds every sealed column in it.
"""

from typing import Any

from sqlalchemy import ColumnElement, inspect

from cascade_tools.records.knowledge_tables import (
    KnowledgeCardRow,
    KnowledgeEventRow,
    KnowledgeNoteRow,
    KnowledgeThemeRow,
)
from cascade_tools.records.tables import (
    AnswerRow,
    FeedbackRow,
    Row,
    ShareRow,
    SnapshotRow,
    SubmissionRow,
)
from cascade_tools.records.trust_tables import OwnNamesRow, ReleaseRow, SecondStepRow

# Each table's first word of the place, and the columns whose values follow it.
PLACES: dict[type[Row], tuple[str, tuple[str, ...]]] = {
    AnswerRow: ("answer", ("entry_id", "key", "revision")),
    SnapshotRow: ("snapshot", ("id",)),
    ShareRow: ("share", ("id",)),
    SubmissionRow: ("submission", ("id",)),
    FeedbackRow: ("feedback", ("id",)),
    SecondStepRow: ("second_step", ("person_id",)),
    OwnNamesRow: ("own_names", ("person_id",)),
    ReleaseRow: ("release", ("id",)),
    KnowledgeEventRow: ("knowledge_event", ("id",)),
    KnowledgeThemeRow: ("knowledge_theme", ("event_id", "round", "id")),
    KnowledgeCardRow: ("knowledge_card", ("event_id", "round", "id")),
    KnowledgeNoteRow: ("knowledge_note", ("id", "released_on")),
}


def place_of(table: type[Row], row: object) -> tuple[str, ...]:
    """The place of one row's sealed value, as the vault needs it."""
    first, columns = PLACES[table]
    return (first, *(str(getattr(row, name)) for name in columns))


def sealed_columns(table: type[Row]) -> list[ColumnElement[Any]]:
    """The columns that it takes to open a row's value and to see that it is what it was."""
    mapped = inspect(table)
    names = ["key_id", "sealed", *PLACES[table][1], *(["hash"] if table is SnapshotRow else [])]
    return list(dict.fromkeys([*mapped.primary_key, *(mapped.columns[name] for name in names)]))
