"""Answering what was shared: what two people said about one copy, released word by word.

An answer is an Entry about the copy (see ADR 0003), so there is nothing here that stores.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from cascade_tools.errors import NotFound
from cascade_tools.model.entry import Document, Outline, Received, written_since
from cascade_tools.model.sharing import State
from cascade_tools.records.policy import live_share
from cascade_tools.records.sharing import Sharing
from cascade_tools.records.snapshots import SHARED
from cascade_tools.records.store import Store, encode
from cascade_tools.records.tables import EntryRow, ShareRow, SnapshotRow


@dataclass(frozen=True, slots=True)
class Round:
    """One copy of a sheet that was shared with the same reader more than once: oldest is 1."""

    number: int
    snapshot_id: str
    made_at: datetime
    live: bool


class Answering:
    """One copy and what was said about it, for its author and its reader."""

    def __init__(self, store: Store, sharing: Sharing) -> None:
        self._store = store
        self._sharing = sharing

    # What was said

    def read(self, viewer_id: str, snapshot_id: str) -> tuple[Received, list[Received]]:
        """A copy and every answer to it that this viewer may read, oldest first; all is logged.

        Raises ``NotFound``, also where only answers could be read.
        """
        copy = self._sharing.read(viewer_id, snapshot_id)
        answers = self._sharing.answers_to(viewer_id, snapshot_id)
        return copy, [self._sharing.read(viewer_id, one) for one in answers]

    def find(self, viewer_id: str, snapshot_id: str) -> tuple[Received, list[Received]] | None:
        """As ``read``, for a page that shows it beside something else; None when it is over."""
        copy = self._sharing.find(viewer_id, snapshot_id)
        if copy is None:
            return None
        answers = self._sharing.answers_to(viewer_id, snapshot_id)
        return copy, [self._sharing.read(viewer_id, one) for one in answers]

    def questions(self, viewer_id: str, snapshot_id: str) -> tuple[Received, list[Received]] | None:
        """The same without a word or a value of any answer, so nothing is logged; None where
        ``read`` raises."""
        ids = [snapshot_id, *self._sharing.answers_to(viewer_id, snapshot_id)]
        try:
            found = [self._sharing.questions(viewer_id, one) for one in ids]
        except NotFound:
            return None
        return found[0], found[1:]

    def about(self, viewer_id: str, snapshot_id: str) -> str | None:
        """The copy that this one answers, if the viewer may read both; nothing is opened."""
        with self._store.database.reading() as s:
            snapshot = s.get(SnapshotRow, snapshot_id)
            entry = None if snapshot is None else s.get_one(EntryRow, snapshot.entry_id)
            about = None if entry is None or entry.about_id is None else entry.about_id
            if about is None or s.get(SnapshotRow, about) is None:
                return None
        try:
            for one in (snapshot_id, about):
                self._sharing.may_read(viewer_id, one)
        except NotFound:
            return None
        return about

    def given(
        self, viewer_id: str, since: datetime | None = None, *, pair_id: str | None = None
    ) -> list[Received]:
        """What others released to this person about their own copies, newest first, as far as it
        was released after ``since``; each is logged, once a day.  With ``pair_id`` nothing that is
        about a sheet of another pair.

        A copy that is made anew after that day holds what was released before it, too: of that,
        only what was written since.
        """
        now = self._store.now()
        copied, sheet = aliased(SnapshotRow), aliased(EntryRow)
        own = select(copied.id).where(copied.author_id == viewer_id)
        if pair_id is not None:
            own = own.join(sheet, sheet.id == copied.entry_id).where(
                or_(sheet.pair_id == pair_id, sheet.pair_id.is_(None))
            )
        earlier = aliased(SnapshotRow)
        before = exists().where(
            earlier.entry_id == SnapshotRow.entry_id, earlier.made_at <= (since or now)
        )
        query = (
            select(SnapshotRow.id, before)
            .join(ShareRow, ShareRow.snapshot_id == SnapshotRow.id)
            .join(EntryRow, EntryRow.id == SnapshotRow.entry_id)
            .where(
                live_share(viewer_id, now),
                SnapshotRow.state == State.OPENED,
                EntryRow.about_id.in_(own),
            )
            .order_by(SnapshotRow.made_at.desc(), SnapshotRow.id)
        )
        if since is not None:
            query = query.where(SnapshotRow.made_at > since)
        with self._store.database.reading() as s:
            rows = s.execute(query).all()
        found = []
        for snapshot_id, released_before in rows:
            received = self._sharing.find(viewer_id, snapshot_id, daily=True)
            if received is not None:
                newer = since if released_before else None
                found.append(received if newer is None else written_since(received, newer))
        return found

    # Releasing, one by one or all

    def released(self, author_id: str, entry_id: str) -> dict[str, dict[str, Any]]:
        """What this author has released of an entry, by key, as it stands in the copy.

        Each answer is as in ``model.entry.Document``.  Raises ``NotFound``.
        """
        with self._store.database.reading() as s:
            body = self._released(s, author_id, entry_id)
        return {a["key"]: a for page in body["pages"] for a in page["answers"]}

    def _released(self, s: Session, author_id: str, entry_id: str) -> dict[str, Any]:
        entry = s.get(EntryRow, entry_id)
        if entry is None or entry.person_id != author_id:
            raise NotFound("There is nothing here for you.")
        snapshot = s.scalar(
            select(SnapshotRow)
            .join(ShareRow, ShareRow.snapshot_id == SnapshotRow.id)
            .where(
                SnapshotRow.entry_id == entry_id,
                SnapshotRow.kind == SHARED,
                ShareRow.stopped_at.is_(None),
                ShareRow.ends_at > self._store.now(),
            )
            .order_by(SnapshotRow.made_at.desc(), SnapshotRow.id)
            .limit(1)
        )
        if snapshot is None:
            return {"pages": []}
        return self._store.open_document(snapshot.key_id, snapshot.sealed, snapshot.id)

    def compose(
        self,
        author_id: str,
        entry_id: str,
        outline: Outline,
        fresh: Collection[str],
        without: Collection[str] = (),
    ) -> Document:
        """What a reader would have next: the answers of ``fresh`` as they are now, and whatever
        was released before as it was then, but for ``without``.

        What was written after a release and is not in ``fresh`` goes nowhere.
        """
        chosen = Outline(
            tuple((i, t, tuple(k for k in keys if k in fresh)) for i, t, keys in outline.pages)
        )
        now = self._sharing.compose(author_id, entry_id, chosen).body
        with self._store.database.reading() as s:
            before = self._released(s, author_id, entry_id)
        answers = {a["key"]: a for page in now["pages"] for a in page["answers"]}
        kept = {
            a["key"]: (page["title"], a)
            for page in before["pages"]
            for a in page["answers"]
            if a["key"] not in fresh and a["key"] not in without
        }
        pages: dict[str, list[dict[str, Any]]] = {}
        for _, title, keys in outline.pages:
            for key in keys:
                if key in answers:
                    pages.setdefault(title, []).append(answers[key])
                elif key in kept:
                    pages.setdefault(title, []).append(kept.pop(key)[1])
        # What no page asks any more was released all the same.
        for title, answer in kept.values():
            pages.setdefault(title, []).append(answer)
        body = {**now, "pages": [{"title": t, "answers": found} for t, found in pages.items()]}
        return Document(body, self._store.vault.keyed_hash(encode(body)))

    # One sheet shared again

    def rounds(self, viewer_id: str, snapshot_id: str) -> list[Round]:
        """Every copy of the same sheet for the same reader, oldest first: for its author all,
        for the reader those they may read now.  Facts only.  Raises ``NotFound``."""
        author_id = self._sharing.may_read(viewer_id, snapshot_id)
        now = self._store.now()
        with self._store.database.reading() as s:
            snapshot = s.get_one(SnapshotRow, snapshot_id)
            reader_id = s.scalar(
                select(ShareRow.reader_id).where(ShareRow.snapshot_id == snapshot_id)
            )
            is_live = and_(live_share(str(reader_id), now), SnapshotRow.state == State.OPENED)
            query = (
                select(SnapshotRow.id, SnapshotRow.made_at, is_live)
                .join(ShareRow, ShareRow.snapshot_id == SnapshotRow.id)
                .where(
                    SnapshotRow.entry_id == snapshot.entry_id,
                    SnapshotRow.kind == snapshot.kind,
                    ShareRow.reader_id == reader_id,
                )
                .order_by(SnapshotRow.made_at, SnapshotRow.id)
            )
            rows = s.execute(query).all()
        # A number is how many copies there were: for the reader, of those that are still theirs.
        seen = [row for row in rows if viewer_id == author_id or row[2]]
        return [Round(n, i, made_at, live) for n, (i, made_at, live) in enumerate(seen, start=1)]
