"""Whose data is being gathered, and how dates and names are written there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from cascade_tools.records.store import Store
from cascade_tools.records.tables import PersonRow

Facts = dict[str, Any]
# By the id of a record: the rule it is kept by, and the first day it may go, where one is known.
Ends = Mapping[str, tuple[str, date | None]]
OPERATOR = "The person who runs the computer"


@dataclass(frozen=True)
class Mine:
    """One person, in one reading of the records.  ``title_of`` names a workbook by its id."""

    store: Store
    s: Session
    me: PersonRow
    now: datetime
    names: dict[str, str]
    title_of: Callable[[str], str]
    ends: Ends

    def name(self, person_id: str | None, otherwise: str | None = None) -> str | None:
        return otherwise if person_id is None else self.names[person_id]

    def kept(self, row_id: str) -> Facts:
        """Until when a record is kept, and by which rule; a day that is not known is None."""
        rule, day = self.ends.get(row_id, (None, None))
        return {"kept_by": rule, "kept_until": iso(day)}

    def workbook(self, workbook_id: str) -> Facts:
        return {"workbook": workbook_id, "title": self.title_of(workbook_id)}


def iso(at: datetime | date | None) -> str | None:
    """A moment in UTC or a day, as ISO 8601 writes it; None stays None."""
    return None if at is None else at.isoformat()
