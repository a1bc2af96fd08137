"""Who takes part, as the operator sees to it.  People are named as they sign in."""

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

from cascade_tools.errors import NotPossible
from cascade_tools.model.people import Pair, Person, Role
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
    asked_on: date | None = None,
    reason_kept: bool | None = None,
) -> str:
    """Join a coach and a leader (None: one without an account); returns the pair's id.

    ``label`` is what the coach's supervisor sees.  ``started`` is today unless given.  ``asked_on``
    is when the leader asked for a coach; ``reason_kept`` says that why these two were matched is
    written down somewhere (not here).  Of two who are a pair already, both can be said later, in
    the same way; then nothing else changes, and ``NotPossible`` is raised if it would.
    """
    settings, records = open_folder(folder)
    try:
        people = records.people
        today = datetime.now(settings.zone).date()
        begins = started or today
        leader_id = people.get(leader).id if leader else None
        coach_id = people.get(coach).id
        for before in people.pairs_of(coach_id):
            if before.ended is None and _same(before, coach_id, leader_id, label):
                _unchanged(before, label, started, ends)
                people.matched(before.id, asked_on, reason_kept)
                return before.id
        if ends is not None and ends < begins:
            raise NotPossible("The pair would end before it starts. Change --ends.")
        return people.pair(
            coach_id,
            leader_id,
            label,
            begins,
            ends,
            asked_on=asked_on,
            reason_kept=bool(reason_kept),
        )
    finally:
        records.close()


def _same(pair: Pair, coach_id: str, leader_id: str | None, label: str) -> bool:
    """Whether this is the pair of these two.  A leader without an account is known by the label."""
    if leader_id is None:
        return pair.coach.id == coach_id and pair.leader is None and pair.label == label.strip()
    return pair.coach.id == coach_id and pair.leader is not None and pair.leader.id == leader_id


def _unchanged(pair: Pair, label: str, started: date | None, ends: date | None) -> None:
    said = ((label.strip(), pair.label), (started, pair.started), (ends, pair.ends))
    if any(new and new != old for new, old in said):
        raise NotPossible(
            "They are a pair already. Leave out --label, --started and --ends to say more of it."
        )


def room(folder: Path | str, name: str, leaders: int) -> Person:
    """This coach could take so many more leaders now; each new pair takes one.

    Raises ``NotPossible`` for somebody who is no coach.
    """
    with records_of(folder) as records:
        return records.people.room(records.people.get(name).id, leaders)


def supervise(folder: Path | str, supervisor: str, coach: str) -> None:
    """From now on this supervisor holds this coach, and whoever did before no longer does."""
    with records_of(folder) as records:
        records.people.supervise(records.people.get(supervisor).id, records.people.get(coach).id)
