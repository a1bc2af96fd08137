"""Events of knowledge capture: begun, described, opened round by round, closed, erased."""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hmac import compare_digest

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cascade_tools.errors import NotFound, NotPossible
from cascade_tools.model import knowledge as model
from cascade_tools.model.knowledge import ROUNDS, Event
from cascade_tools.model.sharing import Action, Thing
from cascade_tools.records import knowledge_rows as rows
from cascade_tools.records.knowledge_tables import (
    KnowledgeCardRow,
    KnowledgeEventRow,
    KnowledgeNoteRow,
)
from cascade_tools.records.policy import check_in_programme
from cascade_tools.records.sent import LETTERS
from cascade_tools.records.store import Store
from cascade_tools.records.tables import new_id

NOTHING = "There is nothing here for you."
CODE = 6


class Events:
    """What those who lead do with a whole event.  For everybody else nothing of it is there."""

    def __init__(self, store: Store, months: Mapping[str, int]) -> None:
        """``months`` are the programme's own times of keeping, by rule."""
        self._store, self._months = store, months

    def begin(self, lead_id: str, title: str, where: str) -> str:
        """A new event, dated today, with a code of its own; returns its id.

        ``where`` says of which group it is, and what that group shares.
        """
        row = KnowledgeEventRow(id=new_id(), made_by=lead_id, on=self._store.now().date(), round=0)
        doc = {"people": None, "summaries": {}, "quotes": [], **_described(title, where)}
        with self._store.database.writing() as s:
            check_in_programme(s, lead_id, Action.WRITE, Thing.CARD)
            code = _new_code()
            while self._is_taken(s, code):
                code = _new_code()
            rows.seal(self._store, row, {**doc, "code": code})
            s.add(row)
        return row.id

    def _is_taken(self, s: Session, code: str) -> bool:
        try:
            self._open(s, code)
        except NotFound:
            return False
        return True

    def all(self, lead_id: str) -> list[Event]:
        """Every event without its cards, the newest day first."""
        with self._store.database.reading() as s:
            check_in_programme(s, lead_id, Action.READ, Thing.CARD)
            found = s.scalars(
                select(KnowledgeEventRow).order_by(
                    KnowledgeEventRow.on.desc(), KnowledgeEventRow.id
                )
            )
            return [rows.event_of(self._store, row, self._months) for row in found]

    def get(self, lead_id: str, event_id: str) -> Event:
        """One event with its cards and themes.  Raises ``NotFound``."""
        with self._store.database.reading() as s:
            return self._whole(s, self._event(s, lead_id, event_id, Action.READ))

    def describe(
        self, lead_id: str, event_id: str, *, title: str, where: str, people: int | None
    ) -> None:
        """Say anew what it is, of which group, and how many were in the room."""
        if people is not None and not 0 <= people <= model.MOST_PEOPLE:
            raise NotPossible(f"Give the number of people, from 0 to {model.MOST_PEOPLE}.")
        described = _described(title, where)
        with self._changing(lead_id, event_id) as (_, row, doc):
            if row.released_on is not None and people != doc["people"]:
                raise NotPossible("The note is released, so the number of people stays.")
            doc |= {**described, "people": people}

    def open_round(self, lead_id: str, event_id: str, number: int) -> None:
        """Open the rounds up to this one, from 1 to 4; 0 closes all of them for now."""
        if not 0 <= number <= len(ROUNDS):
            raise NotPossible(f"There are {len(ROUNDS)} rounds.")
        with self._changing(lead_id, event_id) as (s, row, _):
            if row.closed_on is not None:
                raise NotPossible("The event is closed, so no round opens any more.")
            row.round = number
            rows.forget_order(s)

    def close(self, lead_id: str, event_id: str) -> None:
        """No card comes any more, and none can be taken back: its writer's mark goes, too."""
        with self._changing(lead_id, event_id) as (s, row, doc):
            row.closed_on = row.closed_on or self._store.now().date()
            doc["code"] = ""
            cards = KnowledgeCardRow.event_id == row.id
            s.execute(update(KnowledgeCardRow).where(cards).values(token_hash=None))
            rows.forget_order(s)

    def erase(self, lead_id: str, event_id: str) -> None:
        """Erase the event with everything in it, and its note if one was released."""
        with self._store.database.writing() as s:
            check_in_programme(s, lead_id, Action.ERASE, Thing.CARD)
            note, event = s.get(KnowledgeNoteRow, event_id), s.get(KnowledgeEventRow, event_id)
            if note is None and event is None:
                raise NotFound(NOTHING)
            if note is not None:
                s.delete(note)
            rows.erase_event(s, event_id)

    # For the verbs

    @contextmanager
    def _changing(
        self, lead_id: str, event_id: str
    ) -> Iterator[tuple[Session, KnowledgeEventRow, rows.Doc]]:
        """An event to change, with its document, which is sealed again afterwards."""
        with self._store.database.writing() as s:
            row = self._event(s, lead_id, event_id, Action.WRITE)
            doc = rows.unseal(self._store, row)
            yield s, row, doc
            rows.seal(self._store, row, doc)

    def _event(
        self, s: Session, lead_id: str, event_id: str, action: Action, thing: Thing = Thing.CARD
    ) -> KnowledgeEventRow:
        check_in_programme(s, lead_id, action, thing)
        row = s.get(KnowledgeEventRow, event_id)
        if row is None:
            raise NotFound(NOTHING)
        return row

    def _whole(self, s: Session, row: KnowledgeEventRow) -> Event:
        cards = rows.cards_of(self._store, s, row.id)
        themes = rows.themes_of(self._store, s, row.id)
        return rows.event_of(self._store, row, self._months, cards, themes)

    def _open(self, s: Session, code: str) -> tuple[KnowledgeEventRow, rows.Doc]:
        """By opening those few that are open: so nothing has to be kept to find a code by."""
        spelled = spell(code)
        for row in s.scalars(
            select(KnowledgeEventRow).where(KnowledgeEventRow.closed_on.is_(None))
        ):
            doc = rows.unseal(self._store, row)
            if spelled and compare_digest(doc["code"], spelled):
                return row, doc
        raise NotFound(NOTHING)


def spell(code: str) -> str:
    """A code as it is kept, however somebody typed it."""
    letters = "".join(c for c in code.upper() if c in LETTERS)
    return f"{letters[: CODE // 2]}-{letters[CODE // 2 :]}" if len(letters) == CODE else ""


def _new_code() -> str:
    return spell("".join(secrets.choice(LETTERS) for _ in range(CODE)))


def _described(title: str, where: str) -> rows.Doc:
    title = within(title, model.MOST_IN_TITLE, "Give the event a name.")
    return {"title": title, "where": within(where, model.MOST_IN_WHERE)}


def within(words: str, most: int, needed: str = "") -> str:
    """Words as they are kept, in one paragraph.

    Raises ``NotPossible`` where they are too long, or missing.
    """
    words = " ".join(words.split())
    if needed and not words:
        raise NotPossible(needed)
    if len(words) > most:
        raise NotPossible(f"This is too long. Use {most} characters at most.")
    return words
