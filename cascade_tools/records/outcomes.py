"""Main outcomes: which questions a programme will look at first, said before it counts."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from cascade_tools.errors import NotPossible
from cascade_tools.model.group_results import MainOutcomes
from cascade_tools.model.people import Role
from cascade_tools.records.outcome_tables import MainOutcomesRow
from cascade_tools.records.store import Store
from cascade_tools.records.tables import PersonRow, RoleRow
from cascade_tools.records.trust_tables import ReleaseRow

MOST = 3


class Outcomes:
    """The choice of main outcomes.  It names questions and a day, and is nobody's secret."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def choose(self, lead_id: str, workbook: str, keys: Sequence[str]) -> MainOutcomes:
        """Say which questions the programme will look at first, with today's date.

        Raises ``NotPossible`` when this is nobody who leads the programme, when there are none or
        too many of them, and when anything was released: then results may have been seen.
        """
        keys = tuple(dict.fromkeys(keys))
        if not 1 <= len(keys) <= MOST:
            raise NotPossible(f"Choose at least one main outcome, and at most {MOST}.")
        with self._store.database.writing() as s:
            if not has_role(s, lead_id, (Role.LEAD,)):
                raise NotPossible("A programme lead chooses the main outcomes. Name one of them.")
            if s.scalar(select(ReleaseRow.id).limit(1)) is not None:
                raise NotPossible(
                    "Group results were released, so the main outcomes stand as they are. They "
                    "are chosen before anybody has seen a result."
                )
            row = MainOutcomesRow(
                workbook=workbook,
                keys=" ".join(keys),
                made_by=lead_id,
                made_at=self._store.now(),
            )
            s.add(row)
            return _chosen(row)

    def main(self) -> MainOutcomes | None:
        """The choice that holds, if there is one."""
        with self._store.database.reading() as s:
            return newest(s)


def has_role(s: Session, person_id: str, roles: tuple[Role, ...]) -> bool:
    """Whether this person is here in one of these roles."""
    found = s.scalar(
        select(RoleRow.person_id)
        .join(PersonRow, PersonRow.id == RoleRow.person_id)
        .where(RoleRow.person_id == person_id, RoleRow.role.in_(roles), PersonRow.left_at.is_(None))
        .limit(1)
    )
    return found is not None


def newest(s: Session) -> MainOutcomes | None:
    """The newest choice of main outcomes."""
    row = s.scalar(
        select(MainOutcomesRow)
        .order_by(MainOutcomesRow.made_at.desc(), MainOutcomesRow.id)
        .limit(1)
    )
    return _chosen(row) if row else None


def _chosen(row: MainOutcomesRow) -> MainOutcomes:
    return MainOutcomes(row.workbook, tuple(row.keys.split()), row.made_at.date().isoformat())
