"""What the days of keeping are counted from: pairs and their endings, meetings, months settled.

A pair that nobody has ended counts as ended on the day it was to end, or a year after it was last
heard of where no day was agreed; so nothing is kept for ever because somebody forgot to say so.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cascade_tools.model.journey import months_after
from cascade_tools.model.people import Held
from cascade_tools.model.retention import keep_until
from cascade_tools.records.tables import (
    PairRow,
    SessionRow,
    SupervisionCoachRow,
    SupervisionRow,
)

SILENT_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Counting:
    """How this programme counts today: its own months by rule, and when it looks back."""

    months: Mapping[str, int]
    followup_months: int
    today: date

    def until(self, rule: str, since: date | None) -> date | None:
        return keep_until(rule, since, self.months)


class Facts:
    """What dates are counted from, as it is now."""

    def __init__(self, s: Session, counting: Counting) -> None:
        self.s, self.counting = s, counting
        self.pairs = {row.id: row for row in s.scalars(select(PairRow))}
        self.meetings = {row.id: row for row in s.scalars(select(SupervisionRow))}
        self.coaches: dict[str, set[str]] = defaultdict(set)
        for row in s.scalars(select(SupervisionCoachRow)):
            self.coaches[row.supervision_id].add(row.coach_id)
        self.endings = self._endings()
        self.of_person: dict[str, set[date]] = defaultdict(set)
        self.of_coach: dict[str, set[date]] = defaultdict(set)
        for pair_id, ending in self.endings.items():
            self.of_coach[self.pairs[pair_id].coach_id].add(ending)
            for half in self.halves(pair_id):
                self.of_person[half].add(ending)

    def _endings(self) -> dict[str, date]:
        met = {
            pair_id: day
            for pair_id, day in self.s.execute(
                select(SessionRow.pair_id, func.max(SessionRow.on))
                .where(SessionRow.state != Held.CANCELLED)
                .group_by(SessionRow.pair_id)
            )
            if day is not None
        }
        found = {}
        for pair in self.pairs.values():
            last = max(met.get(pair.id, pair.started), pair.started)
            planned = pair.ends or months_after(last, SILENT_MONTHS)
            found[pair.id] = pair.ended or max(planned, last)
        return found

    def halves(self, pair_id: str) -> frozenset[str]:
        pair = self.pairs[pair_id]
        return frozenset(half for half in (pair.coach_id, pair.leader_id) if half is not None)

    def last_endings(self, meeting_id: str) -> set[date]:
        """Every ending of the coaches who were at this meeting."""
        return {day for c in self.coaches[meeting_id] for day in self.of_coach.get(c, ())}
