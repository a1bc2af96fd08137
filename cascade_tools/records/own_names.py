"""Names that somebody wants to be reminded of before they share: a sealed list of their own."""

import json

from cascade_tools.model.names import MOST_NAMES
from cascade_tools.records.consents import check_kept
from cascade_tools.records.engine import leave_no_remains
from cascade_tools.records.store import Store
from cascade_tools.records.trust_tables import OwnNamesRow

LONGEST = 100


class OwnNames:
    """One list for each person, which nobody else can see and only the check uses."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def of(self, person_id: str) -> list[str]:
        """The names as they were written, in their order."""
        with self._store.database.reading() as s:
            row = s.get(OwnNamesRow, person_id)
            if row is None:
                return []
            plain = self._store.vault.open(row.key_id, row.sealed, "own_names", person_id)
            names: list[str] = json.loads(plain)
            return names

    def save(self, person_id: str, names: list[str]) -> None:
        """Keep this list in place of the one before; an empty one erases it.

        Raises ``NotAccepted`` unless this person has said yes to being kept.
        """
        tidied = (" ".join(name.split())[:LONGEST] for name in names)
        kept = list(dict.fromkeys(name for name in tidied if name))[:MOST_NAMES]
        if not kept:
            self.erase(person_id)
            return
        plain = json.dumps(kept, ensure_ascii=False).encode()
        with self._store.database.writing() as s:
            check_kept(s, person_id)
            row = s.get(OwnNamesRow, person_id) or OwnNamesRow(person_id=person_id)
            sealed = self._store.vault.seal(plain, "own_names", person_id)
            row.key_id, row.sealed, row.saved_at = sealed.key_id, sealed.body, self._store.now()
            s.add(row)

    def erase(self, person_id: str) -> None:
        with self._store.database.writing() as s:
            row = s.get(OwnNamesRow, person_id)
            if row is not None:
                s.delete(row)
                leave_no_remains(s)
