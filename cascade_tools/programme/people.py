"""Who takes part, as the operator sees to it.  People are named as they sign in."""

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

from cascade_tools.errors import NotPossible
from cascade_tools.model.people import Person, Role
from cascade_tools.programme.folders import open_folder, records_of


def add_person(
    folder: Path | str, name: str, roles: Iterable[Role | str], phone: str = ""
) -> Person:
    """Add one person.  Raises ``NotPossible`` when the name is taken or something is missing."""
    known = {str(r) for r in Role}
    for role in (wanted := [str(r) for r in roles]):
        if role not in known:
            raise NotPossible(f"There is no role {role!r}. The roles are: {', '.join(Role)}.")
    with records_of(folder) as records:
        return records.people.add(name, [Role(r) for r in wanted], phone)


def list_people(folder: Path | str) -> list[Person]:
    """Everybody in the programme now, by name."""
    with records_of(folder) as records:
        return records.people.all()


def remove_person(folder: Path | str, name: str) -> Person:
    """This person leaves: no more signing in and reading.  What they wrote stays theirs."""
    with records_of(folder) as records:
        person = records.people.get(name)
        records.people.remove(person.id)
        return person


def pair(
    folder: Path | str,
    coach: str,
    leader: str | None,
    label: str,
    *,
    started: date | None = None,
    ends: date | None = None,
) -> str:
    """Join a coach and a leader (None: one without an account); returns the pair's id.

    ``label`` is what the coach's supervisor sees.  ``started`` is today unless given.
    """
    settings, records = open_folder(folder)
    try:
        people = records.people
        today = datetime.now(settings.zone).date()
        begins = started or today
        if ends is not None and ends < begins:
            raise NotPossible("The pair would end before it starts. Change --ends.")
        leader_id = people.get(leader).id if leader else None
        return people.pair(people.get(coach).id, leader_id, label, begins, ends)
    finally:
        records.close()


def supervise(folder: Path | str, supervisor: str, coach: str) -> None:
    """From now on this supervisor holds this coach, and whoever did before no longer does."""
    with records_of(folder) as records:
        records.people.supervise(records.people.get(supervisor).id, records.people.get(coach).id)
