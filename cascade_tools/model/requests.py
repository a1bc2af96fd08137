"""Complaints and what people ask about their data: only of what kind, and by when it is due.

Sources: a complaint about data is acknowledged within 30 days (Data (Use and Access) Act 2025,
from 19 June 2026), and the page *Something is not right* promises the same for everything else;
what somebody asks about their own data is answered within one month (UK GDPR, article 12(3)).
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cascade_tools.model.journey import months_after

KINDS = {
    "complaint": "A complaint",
    "copy": "A copy of what is kept",
    "correct": "Something to put right",
    "erase": "Something to erase",
    "other": "Something else about data",
}
ACKNOWLEDGE_DAYS, ANSWER_MONTHS, NEAR_DAYS = 30, 1, 7
# Why a writer may keep a sheet back; nobody writes a word of their own about it.
KEPT_BACK = {
    "others": "It is about somebody else, too, and cannot be parted",
    "not-about": "It is not about this person",
    "law": "The law lets me keep it back",
}


@dataclass(frozen=True, slots=True)
class Request:
    """One complaint or request.  ``person`` is None where nobody here was named."""

    id: str
    kind: str
    person_id: str | None
    person: str | None
    received_on: date
    acknowledged_on: date | None
    answered_on: date | None

    @property
    def acknowledge_by(self) -> date:
        return self.received_on + timedelta(days=ACKNOWLEDGE_DAYS)

    @property
    def answer_by(self) -> date | None:
        """None for a complaint, which is answered without undue delay."""
        return None if self.kind == "complaint" else months_after(self.received_on, ANSWER_MONTHS)

    def due(self) -> date | None:
        """The next day something must have been done; None when nothing is left."""
        if self.answered_on is not None:
            return None
        return self.acknowledge_by if self.acknowledged_on is None else self.answer_by

    def is_near(self, today: date) -> bool:
        due = self.due()
        return due is not None and (due - today).days <= NEAR_DAYS


@dataclass(frozen=True, slots=True)
class Sheet:
    """Something somebody else wrote about a person who asked for a copy: never a word of it.

    ``state`` is ``""`` (its writer has not been asked), ``"asked"``, ``"given"`` or ``"kept"``;
    ``why`` is a key of ``KEPT_BACK``.
    """

    entry_id: str
    workbook: str
    writer_id: str
    writer: str
    here: bool
    written_on: date
    state: str
    why: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What a writer is asked for: one sheet of theirs, about whom, since when."""

    id: str
    entry_id: str
    workbook: str
    person_id: str
    person: str
    asked_at: datetime
    state: str
    why: str
