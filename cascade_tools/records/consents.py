"""What each person said yes or no to, under which version of the notice.  Nothing is replaced."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select
from sqlalchemy.orm import Session

from cascade_tools.errors import NotAccepted, NotPossible
from cascade_tools.model.consent import CHOICES, KEEP, Consent
from cascade_tools.records.store import Store
from cascade_tools.records.trust_tables import ConsentRow

# Built once, because every save asks it.
_consent = ConsentRow.__table__
_NEWEST = (
    select(_consent)
    .where(_consent.c.person_id == bindparam("person"), _consent.c.choice == bindparam("choice"))
    .order_by(_consent.c.at.desc())
    .limit(1)
)


class Consents:
    """Every decision of every person, the newest of which holds."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def decide(self, person_id: str, choice: str, given: bool, version: str) -> None:
        """Keep one decision.  Saying the same again under the same version keeps nothing new."""
        if choice not in CHOICES:
            raise NotPossible("There is no such choice. Open the page again.")
        with self._store.database.writing() as s:
            now = newest(s, person_id, choice)
            if now is not None and (now.given, now.version) == (given, version):
                return
            at = self._store.now()
            if now is not None:
                # The newest holds, so no two are of the same moment, whatever the clock does.
                at = max(at, now.at + timedelta(microseconds=1))
            row = ConsentRow(
                person_id=person_id, choice=choice, given=given, version=version, at=at
            )
            s.add(row)

    def check(self, person_id: str) -> None:
        """Raises ``NotAccepted`` unless this person has said that their words may be kept."""
        with self._store.database.reading() as s:
            check_kept(s, person_id)

    def find(self, person_id: str, choice: str) -> Consent | None:
        """The decision of this person that holds, if they have decided about this choice."""
        with self._store.database.asking() as s:
            row = newest(s, person_id, choice)
            return None if row is None else Consent(row.choice, row.given, row.version, row.at)

    def of(self, person_id: str) -> dict[str, Consent]:
        """The newest decision about each choice this person has decided about."""
        return {one.choice: one for one in self.history(person_id)}

    def history(self, person_id: str) -> list[Consent]:
        """Every decision of this person, oldest first."""
        with self._store.database.reading() as s:
            rows = s.scalars(
                select(ConsentRow).where(ConsentRow.person_id == person_id).order_by(ConsentRow.at)
            )
            return [Consent(r.choice, r.given, r.version, r.at) for r in rows]


def newest(s: Session | Connection, person_id: str, choice: str) -> Row[Any] | None:
    """The decision that holds, with the columns of a ``ConsentRow``."""
    return s.execute(_NEWEST, {"person": person_id, "choice": choice}).first()


def check_kept(s: Session, person_id: str) -> None:
    """Raises ``NotAccepted`` unless this person has said that their words may be kept."""
    row = newest(s, person_id, KEEP)
    if row is None or not row.given:
        raise NotAccepted(
            "Nothing is kept, because you have not said yes to it. Open Welcome to change that."
        )
