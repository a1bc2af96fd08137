"""Sharing: a frozen copy for one named reader, until it ends or is stopped."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cascade_tools.errors import NotFound, NotPossible
from cascade_tools.model.entry import Document, Outline, Received, Shared, without_words
from cascade_tools.model.prompts import given, in_words
from cascade_tools.model.sharing import Action, Relation, State, Thing, may
from cascade_tools.records import agreements, together
from cascade_tools.records.entries import Entries
from cascade_tools.records.entry_rows import entry_of, find_entry
from cascade_tools.records.policy import live_share
from cascade_tools.records.read_log import (
    PAGE,
    add_opening,
    add_opening_today,
    add_refused,
    openings_of,
)
from cascade_tools.records.readers import Reader, check_reader, live_ids, readers_of
from cascade_tools.records.snapshots import (
    AGREEMENT,
    SEALED,
    address,
    check_worth,
    freeze,
    live_rounds,
    stop_rounds,
)
from cascade_tools.records.store import Store, encode
from cascade_tools.records.supervisions import LAST_TALK
from cascade_tools.records.tables import (
    EntryRow,
    PersonRow,
    ShareRow,
    SnapshotRow,
    TalkRow,
)


class Sharing:
    """What leaves an entry, to whom, until when, and who opened it."""

    def __init__(self, store: Store, entries: Entries) -> None:
        self._store = store
        self._entries = entries

    # The author's side

    def readers(self, author_id: str, entry_id: str, roles: tuple[str, ...]) -> list[Reader]:
        """Whom this entry may be shared with, of the roles its workbook names."""
        with self._store.database.reading() as s:
            entry = find_entry(s, author_id, entry_id, Action.READ)
            if entry.person_id != author_id:
                raise NotFound("There is nothing here for you.")
            return readers_of(s, entry, roles, self._store.now())

    def _own(self, s: Session, author_id: str, entry_id: str) -> EntryRow:
        entry = s.get(EntryRow, entry_id)
        if entry is None or entry.person_id != author_id:
            raise NotFound("There is nothing here for you.")
        return entry

    def compose(self, author_id: str, entry_id: str, outline: Outline) -> Document:
        """What a reader would see: the answers chosen, none that may not leave.

        The gate takes the values from the records itself; the caller only names keys.
        """
        saved = self._entries.answers(author_id, entry_id)
        with self._store.database.reading() as s:
            entry = entry_of(s, self._own(s, author_id, entry_id))
        pages = []
        for _page_id, title, keys in outline.pages:
            answers = []
            for key in keys:
                one = saved.get(key)
                if one is None or not given(one.value):
                    continue
                who = one.prompt.who
                if not may(Relation.AUTHOR, Action.SHARE, Thing.ANSWER, who, entry.state):
                    continue
                answers.append(
                    {
                        "key": key,
                        "question": one.prompt.question,
                        "kind": str(one.prompt.kind),
                        "who": str(who),
                        "words_from": one.prompt.words_from,
                        "value": one.value,
                        "words": in_words(one.prompt, one.value),
                        "saved_at": one.saved_at.isoformat(),
                    }
                )
            if answers:
                pages.append({"title": title, "answers": answers})
        body = {
            "workbook": entry.workbook,
            "label": entry.label,
            "session": entry.session_number,
            "pages": pages,
        }
        return Document(body, self._store.vault.keyed_hash(encode(body)))

    def share(
        self,
        author_id: str,
        entry_id: str,
        document: Document,
        reader: Reader,
        *,
        purpose: str,
        ends_at: datetime,
        rounds: bool = False,
    ) -> str:
        """Freeze ``document`` for one reader; returns the snapshot's id.

        Sharing the same entry with the same person again replaces what they have; with ``rounds``
        they keep it beside the new copy, no longer than that, and can see what changed.
        Raises ``NotPossible`` when there is nothing to share or the end is not in the future.
        """
        now = self._store.now()
        check_worth(document, ends_at, now)
        with self._store.database.writing() as s:
            entry = self._own(s, author_id, entry_id)
            check_reader(s, entry, reader.id)
            if rounds:
                for before in live_rounds(s, entry_id, reader.id):
                    before.ends_at = min(before.ends_at, ends_at)
            else:
                stop_rounds(s, entry, reader.id, now)
            snapshot = freeze(self._store, s, entry, document, now)
            address(
                self._store,
                s,
                snapshot,
                reader.id,
                reader.as_role,
                purpose=purpose,
                ends_at=ends_at,
            )
            if entry.state == State.DRAFT and not entry.together:
                entry.state, entry.committed_at = State.COMMITTED, now
            return snapshot.id

    def stop(self, author_id: str, share_id: str) -> None:
        """Stop sharing: from the next request on, the reader gets nothing of any copy of it.

        What a pair opened together closes for both.  Raises ``NotPossible`` for an agreement.
        """
        now = self._store.now()
        with self._store.database.writing() as s:
            share = s.get(ShareRow, share_id)
            snapshot = None if share is None else s.get(SnapshotRow, share.snapshot_id)
            if share is None or snapshot is None or snapshot.author_id != author_id:
                raise NotFound("There is nothing here for you.")
            if share.stopped_at is not None:
                return
            if snapshot.kind == SEALED:
                together.take_back(s, s.get_one(EntryRow, snapshot.entry_id), now)
            elif snapshot.kind == AGREEMENT:
                agreements.stop(s, snapshot, now)
            else:
                stop_rounds(s, s.get_one(EntryRow, snapshot.entry_id), share.reader_id, now)
            share.stopped_at = now

    def of(self, author_id: str, entry_id: str | None = None) -> list[Shared]:
        """Everything this person has shared, newest first, with who opened it and when."""
        now = self._store.now()
        with self._store.database.reading() as s:
            query = (
                select(ShareRow, SnapshotRow, PersonRow, EntryRow)
                .join(SnapshotRow, SnapshotRow.id == ShareRow.snapshot_id)
                .join(PersonRow, PersonRow.id == ShareRow.reader_id)
                .join(EntryRow, EntryRow.id == SnapshotRow.entry_id)
                .where(SnapshotRow.author_id == author_id)
                .order_by(ShareRow.made_at.desc())
            )
            if entry_id is not None:
                query = query.where(SnapshotRow.entry_id == entry_id)
            rows = s.execute(query).all()
            live = live_ids(s, [share for share, *_ in rows], now)
            return [
                Shared(
                    id=share.id,
                    snapshot_id=snapshot.id,
                    entry_id=entry.id,
                    reader_id=reader.id,
                    reader=reader.name,
                    as_role=share.as_role,
                    purpose=self._store.open_purpose(share),
                    made_at=share.made_at,
                    ends_at=share.ends_at,
                    stopped_at=share.stopped_at,
                    live=share.id in live and snapshot.state == State.OPENED,
                    newer=bool(entry.saved_at and entry.saved_at > snapshot.made_at),
                    openings=openings_of(s, snapshot.id, now),
                    waiting=snapshot.state == State.COMMITTED and share.stopped_at is None,
                    kind=snapshot.kind,
                )
                for share, snapshot, reader, entry in rows
            ]

    # The reader's side

    def read(self, viewer_id: str, snapshot_id: str, way: str = PAGE) -> Received:
        """A snapshot for its author or for a reader with a live share.

        A reader's opening is logged before the content leaves; if it cannot be, nothing does.
        Whoever could read it once and tries again is told to its author.  Raises ``NotFound``.
        """
        now = self._store.now()
        with self._store.database.writing() as s:
            received = self._received(s, viewer_id, snapshot_id, now, way)
            if received is None:
                add_refused(s, snapshot_id, viewer_id, now)
        if received is None:
            raise NotFound("There is nothing here for you.")
        return received

    def find(self, viewer_id: str, snapshot_id: str, *, daily: bool = False) -> Received | None:
        """As ``read``, for a page that shows it beside something else; None when it is over.

        With ``daily`` it is logged once a day.
        """
        with self._store.database.writing() as s:
            return self._received(s, viewer_id, snapshot_id, self._store.now(), PAGE, daily)

    def questions(self, viewer_id: str, snapshot_id: str) -> Received:
        """What was asked in a copy this viewer may read, and nothing of any answer: no words
        leave, so nothing is logged.  Raises ``NotFound``."""
        now = self._store.now()
        with self._store.database.reading() as s:
            snapshot, share = self._readable(s, viewer_id, snapshot_id, now)
            return without_words(self._opened(s, snapshot, share, now))

    def _received(
        self,
        s: Session,
        viewer_id: str,
        snapshot_id: str,
        now: datetime,
        way: str,
        daily: bool = False,
    ) -> Received | None:
        try:
            snapshot, share = self._readable(s, viewer_id, snapshot_id, now)
        except NotFound:
            return None
        if snapshot.author_id != viewer_id:
            log = add_opening_today if daily else add_opening
            log(s, snapshot, viewer_id, way, now)
        return self._opened(s, snapshot, share, now)

    def _opened(
        self, s: Session, snapshot: SnapshotRow, share: ShareRow | None, now: datetime
    ) -> Received:
        entry = s.get_one(EntryRow, snapshot.entry_id)
        body = self._store.open_document(snapshot.key_id, snapshot.sealed, snapshot.id)
        return Received(
            snapshot_id=snapshot.id,
            entry_id=snapshot.entry_id,
            author_id=snapshot.author_id,
            author=s.get_one(PersonRow, snapshot.author_id).name,
            workbook=entry.workbook,
            purpose=self._store.open_purpose(share) if share else "",
            shared_at=snapshot.made_at,
            ends_at=share.ends_at if share else now,
            newer=bool(entry.saved_at and entry.saved_at > snapshot.made_at),
            document=Document(body, snapshot.hash),
            pair_id=entry.pair_id,
        )

    def _readable(
        self, s: Session, viewer_id: str, snapshot_id: str, now: datetime
    ) -> tuple[SnapshotRow, ShareRow | None]:
        snapshot = s.get(SnapshotRow, snapshot_id)
        if snapshot is not None:
            latest = (
                select(ShareRow)
                .join(SnapshotRow, SnapshotRow.id == ShareRow.snapshot_id)
                .where(ShareRow.snapshot_id == snapshot_id)
                .order_by(ShareRow.made_at.desc())
                .limit(1)
            )
            if snapshot.author_id == viewer_id:
                return snapshot, s.scalar(latest)
            share = s.scalar(latest.where(live_share(viewer_id, now)))
            if share is not None and snapshot.state == State.OPENED:
                return snapshot, share
        raise NotFound("There is nothing here for you.")

    def may_read(self, viewer_id: str, snapshot_id: str) -> str:
        """The author's id, if this viewer may read the snapshot now; nothing is opened."""
        with self._store.database.reading() as s:
            return self._readable(s, viewer_id, snapshot_id, self._store.now())[0].author_id

    def answers_to(self, viewer_id: str, snapshot_id: str) -> list[str]:
        """Reviews of this snapshot (their snapshots) that this viewer may read, oldest first."""
        now = self._store.now()
        with self._store.database.reading() as s:
            rows = s.scalars(
                select(SnapshotRow.id)
                .join(EntryRow, EntryRow.id == SnapshotRow.entry_id)
                .join(ShareRow, ShareRow.snapshot_id == SnapshotRow.id)
                .where(
                    EntryRow.about_id == snapshot_id,
                    ShareRow.stopped_at.is_(None),
                    SnapshotRow.state == State.OPENED,
                    (SnapshotRow.author_id == viewer_id) | live_share(viewer_id, now),
                )
                .order_by(SnapshotRow.made_at)
            )
            return list(dict.fromkeys(rows))

    # Asking to talk

    def ask_to_talk(self, coach_id: str, when: str) -> None:
        """A note without details for the supervisor's overview: ``today`` or ``before``."""
        if when not in ("today", "before"):
            raise NotPossible("Choose when you want to talk.")
        now = self._store.now()
        with self._store.database.writing() as s:
            for row in self._open_talks(s, coach_id):
                row.ended_at = now
            s.add(TalkRow(coach_id=coach_id, when=when, asked_at=now))

    def take_back_talk(self, coach_id: str) -> None:
        now = self._store.now()
        with self._store.database.writing() as s:
            for row in self._open_talks(s, coach_id):
                row.ended_at = now

    def asked_to_talk(self, coach_id: str) -> str | None:
        with self._store.database.asking() as s:
            when: str | None = s.execute(LAST_TALK, {"coach": coach_id}).scalar()
            return when

    def _open_talks(self, s: Session, coach_id: str) -> list[TalkRow]:
        return list(
            s.scalars(
                select(TalkRow)
                .where(TalkRow.coach_id == coach_id, TalkRow.ended_at.is_(None))
                .order_by(TalkRow.asked_at)
            )
        )
