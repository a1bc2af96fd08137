"""Knowledge capture: what those who lead may print of an event, and the note that is released.

Those who add cards need no account, only the code on the wall.  Programme leads see and place
them; evaluators read what was released.  For everybody else nothing of it is there.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from cascade_tools.errors import NotFound, NotPossible
from cascade_tools.model import knowledge as model
from cascade_tools.model.details import find_details
from cascade_tools.model.knowledge import Check, Event, Note, ReleasedNote, released
from cascade_tools.model.names import known_names
from cascade_tools.model.sharing import Action, Thing
from cascade_tools.records import knowledge_rows as rows
from cascade_tools.records.erasing import LEFT
from cascade_tools.records.knowledge_events import NOTHING, within
from cascade_tools.records.knowledge_tables import KnowledgeNoteRow
from cascade_tools.records.knowledge_wall import Wall
from cascade_tools.records.own_names import OwnNames
from cascade_tools.records.policy import check_in_programme
from cascade_tools.records.tables import PersonRow


class Knowledge(Wall):
    """Every verb names who asks; those without an account ask with the event's code."""

    def found(self, lead_id: str, event_id: str) -> dict[str, bool]:
        """Of each card, whether it looks as if it held a detail of a person.

        Looked for are the names of all who take part, and those on this lead's own list.
        """
        event, own = self.get(lead_id, event_id), self._own_names(lead_id)
        with self._store.database.reading() as s:
            return self._found(s, event, own)

    def check(self, lead_id: str, event_id: str) -> Check:
        """What of this event would be printed now, and what would not."""
        event, own = self.get(lead_id, event_id), self._own_names(lead_id)
        with self._store.database.reading() as s:
            return model.check(event, self._found(s, event, own))

    def _own_names(self, lead_id: str) -> list[str]:
        return OwnNames(self._store).of(lead_id)

    def _found(self, s: Session, event: Event, own: list[str]) -> dict[str, bool]:
        here = s.scalars(select(PersonRow.name).where(PersonRow.name != LEFT)).all()
        known, today = known_names([*own, *here]), self._store.now().date()
        return {card.id: bool(find_details(card.words, known, today)) for card in event.cards}

    def write_note(self, lead_id: str, event_id: str, note: Note) -> None:
        """Keep the note as it is now.  Once one is released, quotes can only be left out."""
        summaries = {
            name: within(note.summaries.get(name, ""), model.MOST_IN_SUMMARY)
            for name in model.ROUNDS
        }
        quotes = list(dict.fromkeys(note.quotes))
        with self._changing(lead_id, event_id) as (s, row, doc):
            if row.released_on is not None and not set(quotes) <= set(doc["quotes"]):
                raise NotPossible("The note is released. You can leave quotes out, not add any.")
            there = {card.id for card in rows.cards_of(self._store, s, event_id)}
            doc |= {"summaries": summaries, "quotes": [q for q in quotes if q in there]}

    def release(self, lead_id: str, event_id: str) -> ReleasedNote:
        """Freeze what may be printed: from now on leads and evaluators read it.

        Raises ``NotPossible`` while the event is open, and while a lead's own words repeat a card
        that may not be printed.
        """
        today, own = self._store.now().date(), self._own_names(lead_id)
        with self._store.database.writing() as s:
            row = self._event(s, lead_id, event_id, Action.WRITE, Thing.NOTE)
            if row.closed_on is None:
                raise NotPossible("Close the event first, so that no card comes after the note.")
            event = self._whole(s, row)
            checked = model.check(event, self._found(s, event, own))
            if checked.stops:
                raise NotPossible(model.REPEATS)
            note = released(event, checked, today)
            row.released_on = row.released_on or today
            s.merge(rows.note_row(self._store, note))
        return note

    def notes(self, viewer_id: str) -> list[ReleasedNote]:
        """Every released note, the newest first.  Raises ``NotFound``."""
        with self._store.database.reading() as s:
            check_in_programme(s, viewer_id, Action.READ, Thing.NOTE)
            found = s.scalars(
                select(KnowledgeNoteRow).order_by(
                    KnowledgeNoteRow.released_on.desc(), KnowledgeNoteRow.id
                )
            )
            return [rows.note_of(self._store, row) for row in found]

    def note(self, viewer_id: str, event_id: str) -> ReleasedNote:
        """The note of one event, once it is released.  Raises ``NotFound``."""
        with self._store.database.reading() as s:
            check_in_programme(s, viewer_id, Action.READ, Thing.NOTE)
            row = s.get(KnowledgeNoteRow, event_id)
            if row is None:
                raise NotFound(NOTHING)
            return rows.note_of(self._store, row)
