"""The facts of a meeting, copied from its sheet once it is recorded.

The words stay sealed answers that supervisor and coach keep together; date, state, length and
who moved or cancelled stand in the records as facts, so that an overview can count them.
"""

from datetime import date
from typing import Any

from cascade_tools.model.entry import Entry
from cascade_tools.model.people import Held
from cascade_tools.model.sharing import State
from cascade_tools.records import Records

SHEET = "supervisor/our-supervision"
LONGEST_MINUTES = 600


def refresh(records: Records, entry: Entry) -> None:
    """Bring the facts up to date with a recorded sheet; does nothing for anything else."""
    if entry.workbook != SHEET or entry.state is State.DRAFT or entry.about_id is None:
        return
    answers = {k: v.value for k, v in records.entries.answers(entry.person_id, entry.id).items()}
    facts: dict[str, Any] = {
        "state": Held(str(answers.get("state") or Held.HELD)),
        "changed_by": answers.get("changed-by") or None,
        "how": answers.get("how") or None,
        "minutes": _minutes(answers.get("minutes")),
        "next_on": _day(answers.get("next-on")),
    }
    if on := _day(answers.get("on")):
        facts["on"] = on
    records.people.record_supervision(entry.about_id, **facts)


def _day(value: object) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) and value else None


def _minutes(value: object) -> int | None:
    digits = "".join(c for c in str(value or "") if c.isdigit())[:4]
    return int(digits) if digits and int(digits) <= LONGEST_MINUTES else None
