"""Tables of knowledge capture.  Nothing in them says who wrote a card, when, or in which order."""

from datetime import date

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from cascade_tools.records.engine import UNORDERED
from cascade_tools.records.tables import Row, new_id


class KnowledgeEventRow(Row):
    """One event.  Its title, its code and the note being written are sealed in one document.

    ``round`` is the newest that is open.  ``made_by`` is emptied when that person is erased: the
    event is the programme's.
    """

    __tablename__ = "knowledge_event"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    made_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    on: Mapped[date]
    round: Mapped[int] = mapped_column(default=0)
    closed_on: Mapped[date | None]
    released_on: Mapped[date | None]
    key_id: Mapped[str]
    sealed: Mapped[bytes]


class KnowledgeThemeRow(Row):
    """A heap of cards that somebody who leads gave a name."""

    __tablename__ = "knowledge_theme"
    __table_args__ = UNORDERED
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    event_id: Mapped[str] = mapped_column(ForeignKey("knowledge_event.id"))
    round: Mapped[str]
    key_id: Mapped[str]
    sealed: Mapped[bytes]


class KnowledgeCardRow(Row):
    """One card: no writer, no time, no number.  What its writer allowed is sealed with its words.

    ``token_hash`` finds the card its writer takes back; it is emptied when the event closes.
    """

    __tablename__ = "knowledge_card"
    __table_args__ = UNORDERED
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    event_id: Mapped[str] = mapped_column(ForeignKey("knowledge_event.id"))
    round: Mapped[str]
    theme_id: Mapped[str | None] = mapped_column(ForeignKey("knowledge_theme.id"))
    aside: Mapped[bool] = mapped_column(default=False)
    kept_in: Mapped[bool] = mapped_column(default=False)
    token_hash: Mapped[str | None]
    key_id: Mapped[str]
    sealed: Mapped[bytes]


class KnowledgeNoteRow(Row):
    """A note as it was released, under the id of its event; it stays when the event goes."""

    __tablename__ = "knowledge_note"
    id: Mapped[str] = mapped_column(primary_key=True)
    released_on: Mapped[date]
    key_id: Mapped[str]
    sealed: Mapped[bytes]
