"""Whom an author may share with, and why."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from cascade_tools.errors import NotPossible
from cascade_tools.model.entry import Entry
from cascade_tools.records.pairs import other_half
from cascade_tools.records.person import SUPERVISORS
from cascade_tools.records.policy import SHARED_ENTRY, live_share
from cascade_tools.records.snapshots import SEALED
from cascade_tools.records.tables import (
    EntryRow,
    PairRow,
    PersonRow,
    ShareRow,
    SnapshotRow,
)


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody an author may share with, and why."""

    id: str
    name: str
    as_role: str


def readers_of(s: Session, entry: Entry, roles: tuple[str, ...], now: datetime) -> list[Reader]:
    """Whom this entry may be shared with, of the roles its workbook names."""
    found: list[Reader] = []
    if entry.together == SHARED_ENTRY:
        return found
    if "supervisor" in roles:
        found += _still_reading(s, entry, _supervisor(s, entry.person_id), now)
    if ("coach" in roles or "leader" in roles) and entry.together != SEALED:
        found += _other_halves(s, entry.person_id, entry.pair_id, roles)
    if "author" in roles and entry.about_id is not None:
        snapshot = s.get(SnapshotRow, entry.about_id)
        if snapshot is not None:
            found += _here(s, [(snapshot.author_id, "author")])
    return found


def _still_reading(s: Session, entry: Entry, found: list[Reader], now: datetime) -> list[Reader]:
    """Of these, whoever can read what the entry is about, where that is the author's own copy."""
    about = None if entry.about_id is None else s.get(SnapshotRow, entry.about_id)
    if about is None or about.author_id != entry.person_id:
        return found
    shares = list(s.scalars(select(ShareRow).where(ShareRow.snapshot_id == about.id)))
    live = live_ids(s, shares, now)
    reading = {share.reader_id for share in shares if share.id in live}
    return [reader for reader in found if reader.id in reading]


def live_ids(s: Session, shares: list[ShareRow], now: datetime) -> set[str]:
    """Which of these shares their readers can use now."""
    found: set[str] = set()
    for reader_id in {share.reader_id for share in shares}:
        found |= set(
            s.scalars(
                select(ShareRow.id)
                .join(SnapshotRow, SnapshotRow.id == ShareRow.snapshot_id)
                .where(ShareRow.id.in_([x.id for x in shares]), live_share(reader_id, now))
            )
        )
    return found


def check_reader(s: Session, entry: EntryRow, reader_id: str) -> None:
    """What a pair does together has its own way to the other half, and no second one.

    Raises ``NotPossible``: the one copy of both goes to nobody else, and a sealed one opens only
    with the other half's.
    """
    if entry.together == SHARED_ENTRY:
        raise NotPossible("This belongs to both of you. Neither shares it with anybody else.")
    if entry.together == SEALED and entry.pair_id is not None:
        other = other_half(s, s.get_one(PairRow, entry.pair_id), entry.person_id)
        if other is not None and other.id == reader_id:
            raise NotPossible("This opens for them when you have both committed.")


def _supervisor(s: Session, coach_id: str) -> list[Reader]:
    found = s.execute(SUPERVISORS, {"coach": coach_id})
    return [Reader(person.id, person.name, "supervisor") for person in found]


def _other_halves(
    s: Session, person_id: str, pair_id: str | None, roles: tuple[str, ...]
) -> list[Reader]:
    found = []
    theirs = or_(PairRow.coach_id == person_id, PairRow.leader_id == person_id)
    for pair in s.scalars(select(PairRow).where(PairRow.ended.is_(None), theirs)):
        if pair_id is not None and pair.id != pair_id:
            continue
        if "coach" in roles and pair.leader_id == person_id:
            found.append((pair.coach_id, "coach"))
        if "leader" in roles and pair.coach_id == person_id and pair.leader_id:
            found.append((pair.leader_id, "leader"))
    return _here(s, found)


def _here(s: Session, found: list[tuple[str, str]]) -> list[Reader]:
    """These people with their names, once each; whoever has left is no reader."""
    people = {p: s.get_one(PersonRow, p) for p, _ in found}
    return [
        Reader(p, people[p].name, role)
        for p, role in dict.fromkeys(found)
        if people[p].left_at is None
    ]
