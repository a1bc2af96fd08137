"""Every answer somebody may read, in a stream: a million of them in the memory of a few.

The order is asked for first, of ids alone; then the sealed values a batch at a time, under the
same condition of the policy.  A query that sorts sealed values would hold them all at once.
Whoever asks has written the lines in the log.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from cascade_tools.model.journey import TIMES
from cascade_tools.model.prompts import Prompt, in_words
from cascade_tools.model.seen import AnswerSeen
from cascade_tools.model.sharing import Action, State, Thing
from cascade_tools.records.policy import allowed, live_share, newest_round
from cascade_tools.records.side_by_side import answers_in
from cascade_tools.records.store import Store
from cascade_tools.records.tables import (
    AnswerRow,
    AskedRow,
    EntryRow,
    PairRow,
    PersonRow,
    SessionRow,
    ShareRow,
    SnapshotRow,
)

T = TypeVar("T")

BATCH = 200  # sheets opened at a time


class _Asked(NamedTuple):
    """A question, with what each of its answers says of it, made once."""

    prompt: Prompt
    kind: str
    who: str


def kept_answers(store: Store, person_id: str, now: datetime) -> Iterator[AnswerSeen]:
    """What somebody wrote or keeps together with somebody: the newest of each answer, oldest sheet
    first."""
    mine = allowed(person_id, Action.EXPORT, Thing.ANSWER, now, AnswerRow.who, EntryRow.state)
    sheets = (
        select(
            *(EntryRow.id, EntryRow.workbook, EntryRow.person_id, EntryRow.about_id),
            *(SessionRow.number, PairRow.label, PersonRow.name),
        )
        .join(PersonRow, PersonRow.id == EntryRow.person_id)
        .outerjoin(SessionRow, SessionRow.id == EntryRow.session_id)
        .outerjoin(PairRow, PairRow.id == EntryRow.pair_id)
        .where(select(AnswerRow.id).where(AnswerRow.entry_id == EntryRow.id, mine).exists())
        .order_by(EntryRow.made_at, EntryRow.id)
    )
    known: dict[str, _Asked] = {}
    with store.database.reading() as s:
        for piece in _pieces(s.execute(sheets).all()):
            found = defaultdict(list)
            # Columns alone: not as objects of the mapping, which would cost as much again.
            for row in s.connection().execute(_newest([sheet.id for sheet in piece], mine)):
                found[row[0]].append(row)
            _remember(s, {row[3] for rows in found.values() for row in rows}, known)
            for sheet in piece:
                way = "own" if sheet.person_id == person_id else "together"
                time = sheet.about_id if sheet.about_id in TIMES else None
                for entry_id, key, revision, asked_id, saved_at, key_id, sealed in found[sheet.id]:
                    asked = known[asked_id]
                    value = store.open_value(key_id, sealed, entry_id, key, revision)
                    yield AnswerSeen(
                        person=sheet.name,
                        workbook=sheet.workbook,
                        entry=sheet.id,
                        snapshot=None,
                        pair=sheet.label,
                        session=sheet.number,
                        key=key,
                        question=asked.prompt.question,
                        kind=asked.kind,
                        who=asked.who,
                        words_from=asked.prompt.words_from,
                        value=value,
                        words=in_words(asked.prompt, value),
                        saved_at=saved_at,
                        way=way,
                        until=None,
                        time=time,
                    )


def shared_answers(store: Store, person_id: str, now: datetime) -> Iterator[AnswerSeen]:
    """What is shared with somebody: of each sheet its newest copy, oldest copy first."""
    live = (live_share(person_id, now), SnapshotRow.state == State.OPENED, newest_round())
    order = (
        select(ShareRow.id)
        .join(SnapshotRow, SnapshotRow.id == ShareRow.snapshot_id)
        .where(*live)
        .order_by(SnapshotRow.made_at, SnapshotRow.id)
    )
    copies = (
        select(SnapshotRow, ShareRow, PersonRow.name)
        .join(ShareRow, ShareRow.snapshot_id == SnapshotRow.id)
        .join(PersonRow, PersonRow.id == SnapshotRow.author_id)
        .where(*live)
    )
    with store.database.reading() as s:
        for piece in _pieces(s.scalars(order).all()):
            rows = s.execute(copies.where(ShareRow.id.in_(piece)))
            found = {share.id: (snapshot, share, name) for snapshot, share, name in rows}
            for share_id in piece:
                yield from answers_in(store, *found[share_id])


def _newest(sheets: Sequence[str], mine: Any) -> Any:
    """The newest revision of each answer of these sheets that may be read."""
    newest = (
        select(AnswerRow.entry_id, AnswerRow.key, func.max(AnswerRow.revision).label("revision"))
        .where(AnswerRow.beside.is_(False), AnswerRow.entry_id.in_(sheets))
        .group_by(AnswerRow.entry_id, AnswerRow.key)
        .subquery()
    )
    return (
        select(
            *(AnswerRow.entry_id, AnswerRow.key, AnswerRow.revision, AnswerRow.asked_id),
            *(AnswerRow.saved_at, AnswerRow.key_id, AnswerRow.sealed),
        )
        .join(
            newest,
            and_(
                newest.c.entry_id == AnswerRow.entry_id,
                newest.c.key == AnswerRow.key,
                newest.c.revision == AnswerRow.revision,
            ),
        )
        .join(EntryRow, EntryRow.id == AnswerRow.entry_id)
        .where(mine)
        .order_by(AnswerRow.entry_id, AnswerRow.key)
    )


def _remember(s: Session, asked: set[str], known: dict[str, _Asked]) -> None:
    """Read each question once, however many answers it has."""
    for asked_id, stored in s.execute(
        select(AskedRow.id, AskedRow.prompt).where(AskedRow.id.in_(asked - known.keys()))
    ):
        prompt = Prompt.from_asked(stored)
        known[asked_id] = _Asked(prompt, str(prompt.kind), str(prompt.who))


def _pieces(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    return (rows[start : start + BATCH] for start in range(0, len(rows), BATCH))
