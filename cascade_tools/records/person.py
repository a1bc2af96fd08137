"""One person, from their rows."""

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from cascade_tools.model.people import Person, Role
from cascade_tools.records.tables import PersonRow, RoleRow


def sign_in_name(name: str) -> str:
    """A name as people may type it: case and spaces do not matter."""
    return re.sub(r"\s+", " ", name).strip().casefold()


def person_of(session: Session, row: PersonRow) -> Person:
    roles = session.scalars(select(RoleRow.role).where(RoleRow.person_id == row.id))
    return Person(
        row.id,
        row.name,
        row.phone,
        frozenset(Role(r) for r in roles),
        row.passphrase is not None,
        row.room,
    )
