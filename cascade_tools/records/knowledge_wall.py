"""The wall: cards that come with the code of an event, and themes that are made of them."""

import secrets
from collections.abc import Collection, Iterator
from contextlib import contextmanager

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from cascade_tools.errors import NotFound, NotPossible
from cascade_tools.model import knowledge as model
from cascade_tools.model.knowledge import ROUNDS, OpenEvent
from cascade_tools.model.sharing import Action
from cascade_tools.records import knowledge_rows as rows
from cascade_tools.records.engine import leave_no_remains
from cascade_tools.records.knowledge_events import NOTHING, Events, within
from cascade_tools.records.knowledge_tables import KnowledgeCardRow, KnowledgeThemeRow
from cascade_tools.records.sessions import digest
from cascade_tools.records.tables import new_id


class Wall(Events):
    """Those who add cards need no account, and can read none; those who lead place them."""

    # With the code on the wall: no account, no name, nothing to read

    def by_code(self, code: str) -> OpenEvent:
        """The open event with this code.  Raises ``NotFound``."""
        with self._store.database.reading() as s:
            row, doc = self._open(s, code)
            return OpenEvent(row.id, doc["title"], row.round)

    def add(self, code: str, round: str, words: str, publish: bool) -> str:
        """Keep one card; returns what it can be taken back with while the event is open.

        Raises ``NotFound``, or ``NotPossible`` for a round that is not open, for no words and for
        more than ``MOST_CHARACTERS``.
        """
        words = within(words, model.MOST_CHARACTERS, "Write something on the card first.")
        token = secrets.token_urlsafe(18)
        with self._store.database.writing() as s:
            event, _ = self._open(s, code)
            if round not in ROUNDS[: event.round]:
                raise NotPossible("These cards are not open yet.")
            row = KnowledgeCardRow(
                id=new_id(), event_id=event.id, round=round, token_hash=digest(token)
            )
            if _count(s, KnowledgeCardRow.event_id == event.id) >= model.MOST_CARDS:
                raise NotPossible("No more cards fit on this wall. Tell the person who leads.")
            rows.seal(self._store, row, {"words": words, "publish": publish})
            s.add(row)
        return token

    def take_back(self, code: str, token: str) -> None:
        """Erase the card this belongs to.  Raises ``NotFound`` once it or the event is closed."""
        with self._store.database.writing() as s:
            event, _ = self._open(s, code)
            row = s.scalar(
                select(KnowledgeCardRow).where(
                    KnowledgeCardRow.event_id == event.id,
                    KnowledgeCardRow.token_hash == digest(token),
                )
            )
            if row is None:
                raise NotFound(NOTHING)
            s.delete(row)
            leave_no_remains(s)

    # Cards and themes, for those who lead

    def make_theme(self, lead_id: str, event_id: str, round: str, name: str) -> str:
        """A new theme in one round; returns its id."""
        with self._arranging(lead_id, event_id) as s:
            if round not in ROUNDS:
                raise NotFound(NOTHING)
            of_round = KnowledgeThemeRow.event_id == event_id, KnowledgeThemeRow.round == round
            if _count(s, *of_round) >= model.MOST_THEMES:
                raise NotPossible("This round has enough themes. Put two of them together first.")
            row = KnowledgeThemeRow(id=new_id(), event_id=event_id, round=round)
            self._call(s, row, name)
            s.add(row)
        return row.id

    def rename_theme(self, lead_id: str, event_id: str, theme_id: str, name: str) -> None:
        with self._arranging(lead_id, event_id) as s:
            self._call(s, _theme(s, event_id, theme_id), name)

    def _call(self, s: Session, row: KnowledgeThemeRow, name: str) -> None:
        """Give a theme its name, which no other of its round has."""
        name = within(name, model.MOST_IN_NAME, "Give the theme a name.")
        others = [t for t in rows.themes_of(self._store, s, row.event_id) if t.id != row.id]
        if (row.round, name.casefold()) in {(t.round, t.name.casefold()) for t in others}:
            raise NotPossible("This round has a theme of this name. Choose another name.")
        rows.seal(self._store, row, {"name": name})

    def drop_theme(self, lead_id: str, event_id: str, theme_id: str) -> None:
        """Take a theme away; its cards stand alone again."""
        with self._arranging(lead_id, event_id) as s:
            theme = _theme(s, event_id, theme_id)
            cards = KnowledgeCardRow.theme_id == theme_id
            s.execute(update(KnowledgeCardRow).where(cards).values(theme_id=None))
            s.delete(theme)

    def place(
        self, lead_id: str, event_id: str, card_ids: Collection[str], theme_id: str | None
    ) -> None:
        """Put cards into a theme of their own round, or into none.

        A card that was taken back in the meantime is passed over.
        """
        with self._arranging(lead_id, event_id) as s:
            theme = None if theme_id is None else _theme(s, event_id, theme_id)
            cards = [card for i in card_ids if (card := _card(s, event_id, i)) is not None]
            if theme is not None and {card.round for card in cards} - {theme.round}:
                raise NotPossible("A theme belongs to one round. Choose one of the same round.")
            for card in cards:
                card.theme_id = theme_id

    def set_aside(self, lead_id: str, event_id: str, card_id: str, aside: bool) -> None:
        """Count and print this card no more, or again."""
        with self._arranging(lead_id, event_id) as s:
            _there(_card(s, event_id, card_id)).aside = aside

    def keep_in(self, lead_id: str, event_id: str, card_id: str, keep: bool) -> None:
        """Somebody who leads has looked: what was found in it is no detail of a person."""
        with self._arranging(lead_id, event_id) as s:
            _there(_card(s, event_id, card_id)).kept_in = keep

    @contextmanager
    def _arranging(self, lead_id: str, event_id: str) -> Iterator[Session]:
        """While cards and themes may still be moved: once the note is released they stay."""
        with self._store.database.writing() as s:
            if self._event(s, lead_id, event_id, Action.WRITE).released_on is not None:
                raise NotPossible("The note is released, so cards and themes stay as they are.")
            yield s


def _count(s: Session, *which: ColumnElement[bool]) -> int:
    return s.scalar(select(func.count()).where(*which)) or 0


def _card(s: Session, event_id: str, card_id: str) -> KnowledgeCardRow | None:
    row = s.get(KnowledgeCardRow, card_id)
    return row if row is not None and row.event_id == event_id else None


def _there(card: KnowledgeCardRow | None) -> KnowledgeCardRow:
    if card is None:
        raise NotFound(NOTHING)
    return card


def _theme(s: Session, event_id: str, theme_id: str) -> KnowledgeThemeRow:
    row = s.get(KnowledgeThemeRow, theme_id)
    if row is None or row.event_id != event_id:
        raise NotFound(NOTHING)
    return row
