"""What a person may erase themselves, and what they are told before: one entry, or everything."""

from collections.abc import Callable
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from cascade_tools.errors import NotFound, NotPossible
from cascade_tools.model.erased import Goes, Leaving, Tombstone
from cascade_tools.model.people import Role
from cascade_tools.records.erasing import (
    AUTHOR,
    SENTENCES,
    erase_entry,
    erase_person,
    readers_ever,
    why_kept,
)
from cascade_tools.records.holds import held
from cascade_tools.records.mine import Ends
from cascade_tools.records.store import Store
from cascade_tools.records.tables import AnswerRow, EntryRow, PersonRow, RoleRow, SnapshotRow
from cascade_tools.records.trust_tables import HoldRow, TombstoneRow


class Erasing:
    """One's own words, and oneself."""

    def __init__(self, store: Store, ends_of: Callable[[str], Ends]) -> None:
        """``ends_of`` says of each record of a person until when it is kept."""
        self._store = store
        self._ends_of = ends_of

    def may_go(self, person_id: str) -> set[str]:
        """The ids of one's own entries that may be erased now."""
        with self._store.database.reading() as s:
            if held(s, person_id) is not None:
                return set()
            mine = s.scalars(select(EntryRow).where(EntryRow.person_id == person_id))
            return {entry.id for entry in mine.all() if why_kept(s, entry) is None}

    def goes(self, person_id: str, entry_id: str) -> Goes:
        """What would go with this entry, who could read it, and whether it may go at all."""
        with self._store.database.reading() as s:
            entry = _own(s, person_id, entry_id)
            newest = select(AnswerRow.key).where(AnswerRow.entry_id == entry_id).distinct()
            copies = select(SnapshotRow.id).where(SnapshotRow.entry_id == entry_id)
            hold = held(s, person_id)
            kept = why_kept(s, entry)
            return Goes(
                answers=len(s.scalars(newest).all()),
                versions=_count(s, AnswerRow.id, AnswerRow.entry_id == entry_id),
                copies=len(s.scalars(copies).all()),
                reviews=_count(s, EntryRow.id, EntryRow.about_id.in_(copies)),
                readers=_names(s, readers_ever(s, entry)),
                kept=_held_words(hold) if hold else SENTENCES[kept] if kept else "",
                until=None if hold or not kept else self._until(person_id, entry_id),
                look_again=hold.review_on if hold else None,
            )

    def _until(self, person_id: str, entry_id: str) -> date | None:
        return self._ends_of(person_id).get(entry_id, ("", None))[1]

    def entry(self, person_id: str, entry_id: str) -> None:
        """Erase one's own entry.  Raises ``NotFound``, or ``NotPossible`` with why it is kept."""
        with self._store.database.writing() as s:
            entry = _own(s, person_id, entry_id)
            _check_not_held(s, person_id)
            kept = why_kept(s, entry)
            if kept is not None:
                raise NotPossible(SENTENCES[kept])
            erase_entry(self._store, s, entry, AUTHOR)

    def leaving(self, person_id: str) -> Leaving:
        """What would go with everything of this person, and what would stay."""
        with self._store.database.reading() as s:
            mine = s.scalars(select(EntryRow).where(EntryRow.person_id == person_id)).all()
            going = [entry.id for entry in mine if why_kept(s, entry) is None]
            copies = select(SnapshotRow.id).where(SnapshotRow.entry_id.in_(going))
            hold = held(s, person_id)
            return Leaving(
                entries=len(going),
                copies=len(s.scalars(copies).all()),
                reviews=_count(s, EntryRow.id, EntryRow.about_id.in_(copies)),
                stays=len(mine) - len(going),
                kept=_held_words(hold) if hold else _only_lead(s, person_id),
                look_again=hold.review_on if hold else None,
            )

    def everything(self, person_id: str) -> None:
        """Erase everything that is this person's alone, and their account.

        Raises ``NotPossible`` where the law wants something kept, or nobody else leads.
        """
        with self._store.database.writing() as s:
            person = s.get(PersonRow, person_id)
            if person is None or person.left_at is not None:
                raise NotFound("There is nobody here by that name.")
            _check_not_held(s, person_id)
            if alone := _only_lead(s, person_id):
                raise NotPossible(alone)
            erase_person(self._store, s, person, AUTHOR)

    def tombstones(self, person_id: str) -> list[Tombstone]:
        """What of this person was erased, newest first: no words of it."""
        with self._store.database.reading() as s:
            rows = s.scalars(
                select(TombstoneRow)
                .where(TombstoneRow.person_id == person_id)
                .order_by(TombstoneRow.erased_at.desc())
            )
            return [
                Tombstone(
                    thing=row.thing,
                    workbook=row.workbook,
                    made_at=row.made_at,
                    erased_at=row.erased_at,
                    why=row.why,
                    readers=_names(s, row.readers),
                )
                for row in rows
            ]


def _own(s: Session, person_id: str, entry_id: str) -> EntryRow:
    entry = s.get(EntryRow, entry_id)
    if entry is None or entry.person_id != person_id:
        raise NotFound("There is nothing here for you.")
    return entry


def _count(s: Session, what: InstrumentedAttribute[str], *which: ColumnElement[bool]) -> int:
    return s.scalar(select(func.count(what)).where(*which)) or 0


def _names(s: Session, readers: dict[str, str]) -> tuple[str, ...]:
    return tuple(s.scalars(select(PersonRow.name).where(PersonRow.id.in_(readers)).distinct()))


def _check_not_held(s: Session, person_id: str) -> None:
    hold = held(s, person_id)
    if hold is not None:
        raise NotPossible(_held_words(hold))


def _held_words(hold: HoldRow) -> str:
    return f"This is kept because {hold.reason}. It is looked at again on {_day(hold.review_on)}."


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _only_lead(s: Session, person_id: str) -> str:
    """One sentence where this person leads and nobody else does; else nothing."""
    here = (
        select(RoleRow.person_id)
        .join(PersonRow, PersonRow.id == RoleRow.person_id)
        .where(RoleRow.role == Role.LEAD, PersonRow.left_at.is_(None))
    )
    if s.scalars(here).all() != [person_id]:
        return ""
    return "You are the only one who leads this programme. Hand it over to somebody first."
