"""One person, from their rows."""

import re
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select
from sqlalchemy.orm import Session

from cascade_tools.model.people import Person, Role
from cascade_tools.records.tables import PersonRow, RoleRow, SupervisesRow


def sign_in_name(name: str) -> str:
    """A name as people may type it: case and spaces do not matter."""
    return re.sub(r"\s+", " ", name).strip().casefold()


_role = RoleRow.__table__.c
# Built once: every request asks these, and building them took longer than asking.
SUPERVISORS = (
    select(*PersonRow.__table__.c)
    .join(SupervisesRow, SupervisesRow.supervisor_id == PersonRow.id)
    .where(
        SupervisesRow.coach_id == bindparam("coach"),
        SupervisesRow.until.is_(None),
        PersonRow.left_at.is_(None),
    )
)
_ROLES = select(_role.role).where(_role.person_id == bindparam("person"))


def person_of(session: Session | Connection, row: PersonRow | Row[Any]) -> Person:
    """The person of this row: one of the table, or one that has its columns."""
    return person_with(row, session.execute(_ROLES, {"person": row.id}).scalars())


def person_with(row: PersonRow | Row[Any], roles: Iterable[str]) -> Person:
    return Person(
        row.id,
        row.name,
        row.phone,
        frozenset(Role(r) for r in roles),
        row.passphrase is not None,
        row.room,
    )
