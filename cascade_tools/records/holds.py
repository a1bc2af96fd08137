"""Holds: the law wants what one person wrote to be kept, so nothing of it goes for now."""

from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from cascade_tools.errors import NotFound, NotPossible
from cascade_tools.model.due import Hold
from cascade_tools.records.person import sign_in_name
from cascade_tools.records.store import Store
from cascade_tools.records.tables import PersonRow
from cascade_tools.records.trust_tables import HoldRow


class Holds:
    """Made and ended by the operator.  The person concerned reads why, and when it is looked at."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, person_id: str, reason: str, made_by: str, review_on: date) -> str:
        """Keep everything of this person from now on; returns the hold's id.

        ``reason`` completes "kept because …", and the person reads it.  Raises ``NotPossible``
        without a reason or a day in the future, and while the person is held already.
        """
        reason = " ".join(reason.split()).rstrip(".")
        now = self._store.now()
        if not reason or not made_by.strip():
            raise NotPossible("A hold needs a reason and who decided it. The person reads both.")
        if review_on <= now.date():
            raise NotPossible("Name a day in the future on which the hold is looked at again.")
        with self._store.database.writing() as s:
            if held(s, person_id) is not None:
                raise NotPossible("What this person wrote is held already. End that hold first.")
            row = HoldRow(
                person_id=person_id,
                reason=reason,
                made_by=made_by.strip(),
                made_at=now,
                review_on=review_on,
            )
            s.add(row)
            s.flush()
            return row.id

    def whom(self, name: str) -> str:
        """The id of the person with this name, whether they take part or have left.

        Raises ``NotFound``, and ``NotPossible`` where several had it.
        """
        wanted = sign_in_name(name)
        named = or_(
            PersonRow.sign_in_name == wanted,
            PersonRow.sign_in_name.startswith(f"{wanted} (left ", autoescape=True),
        )
        with self._store.database.reading() as s:
            found = s.scalars(select(PersonRow.id).where(named)).all()
        if not found:
            raise NotFound("There is nobody by that name.")
        if len(found) > 1:
            raise NotPossible("Several people have had this name, so it is not clear who is meant.")
        return found[0]

    def end(self, person_id: str) -> None:
        """From now on what this person wrote is kept no longer than anybody's."""
        with self._store.database.writing() as s:
            row = held(s, person_id)
            if row is None:
                raise NotFound("Nothing of this person is held.")
            row.ended_at = self._store.now()

    def of(self, person_id: str) -> Hold | None:
        """The hold on what this person wrote, if there is one now."""
        with self._store.database.reading() as s:
            row = held(s, person_id)
            return None if row is None else _hold(s, row)

    def all(self) -> list[Hold]:
        """Every hold there has been, the newest first, as long as each is remembered."""
        with self._store.database.reading() as s:
            rows = s.scalars(select(HoldRow).order_by(HoldRow.made_at.desc()))
            return [_hold(s, row) for row in rows]


def held(s: Session, person_id: str) -> HoldRow | None:
    """The hold on what this person wrote that has not ended."""
    hold = select(HoldRow).where(HoldRow.person_id == person_id, HoldRow.ended_at.is_(None))
    return s.scalar(hold.limit(1))


def _hold(s: Session, row: HoldRow) -> Hold:
    return Hold(
        person=s.get_one(PersonRow, row.person_id).name,
        reason=row.reason,
        made_by=row.made_by,
        made_at=row.made_at,
        review_on=row.review_on,
        ended_at=row.ended_at,
    )
