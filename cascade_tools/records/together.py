"""Workbooks that both halves of a pair write, each alone, and open at the same moment.

Committing freezes a copy addressed to the other half.  It waits, and nobody but its author can
tell that it is there, until the other half's copy waits, too; then both open in one transaction.
Whoever takes theirs back closes both.
"""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cascade_tools.errors import NotFound, NotPossible
from cascade_tools.model.entry import Document, Together
from cascade_tools.model.sharing import State
from cascade_tools.records.pairs import half_of, other_half, role_in
from cascade_tools.records.person import person_of
from cascade_tools.records.policy import live_share
from cascade_tools.records.snapshots import SEALED, address, check_worth, freeze, withdraw
from cascade_tools.records.starting import same
from cascade_tools.records.store import Store
from cascade_tools.records.tables import (
    EntryRow,
    PairRow,
    PersonRow,
    ShareRow,
    SnapshotRow,
    TogetherRow,
)

BOTH = "both"
WAYS = ("without", "aloud")
PURPOSE = "To see side by side"


class DoneTogether:
    """One half's side of it.  Before both are open, no answer depends on the other half."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def status(self, person_id: str, entry_id: str) -> Together:
        """Where this person stands with their own entry.  Raises ``NotFound``."""
        now = self._store.now()
        with self._store.database.reading() as s:
            entry, pair = _own(s, person_id, entry_id)
            mine, theirs = _standing(s, entry), None
            opened = mine is not None and mine.state == State.OPENED
            if mine is not None and opened:
                theirs = s.scalar(
                    select(SnapshotRow.id)
                    .join(ShareRow, ShareRow.snapshot_id == SnapshotRow.id)
                    .where(
                        SnapshotRow.id == mine.opened_with,
                        SnapshotRow.state == State.OPENED,
                        live_share(person_id, now),
                    )
                )
            other = other_half(s, pair, person_id)
            return Together(
                mine=State(entry.state),
                opened=opened,
                mine_snapshot=None if mine is None else mine.id,
                theirs_snapshot=theirs,
                partner=None if other is None else person_of(s, other),
                done=_done(s, pair.id).get(entry.workbook),
            )

    def commit(self, author_id: str, entry_id: str, document: Document, until: datetime) -> bool:
        """Freeze ``document`` for the other half; returns whether both are open now.

        Committing again replaces what was committed before.  With nobody to open with, the
        copy stays its author's.  Raises ``NotFound`` or ``NotPossible``.
        """
        with self._store.database.writing() as s:
            # Not earlier: of two who commit at once, the second comes after the first.
            now = self._store.now()
            entry, pair = _own(s, author_id, entry_id)
            check_worth(document, until, now)
            before = close(s, entry, now)
            mine = freeze(self._store, s, entry, document, now, kind=SEALED, state=State.COMMITTED)
            entry.state, entry.committed_at = State.COMMITTED, now
            other = other_half(s, pair, author_id)
            if other is None:
                return False
            role = role_in(pair, other.id)
            address(self._store, s, mine, other.id, role, purpose=PURPOSE, ends_at=until)
            theirs = _waiting(s, entry, other.id, now, before)
            if theirs is None:
                if before is not None:
                    _forget_both(s, entry)
                return False
            _open(s, mine, theirs)
            if theirs.id != before:
                s.add(_mark(pair.id, entry.workbook, BOTH, now.date(), author_id, now))
            return True

    def take_back(self, author_id: str, entry_id: str) -> None:
        """Mine again, a draft.  Before both were open nothing tells the other half; after, both
        are closed, and theirs waits as it did."""
        with self._store.database.writing() as s:
            entry, _ = _own(s, author_id, entry_id)
            take_back(s, entry, self._store.now())

    def mark(self, person_id: str, pair_id: str, workbook: str, way: str, on: date) -> None:
        """The pair has done this ``without`` the other half writing, or ``aloud``."""
        if way not in WAYS:
            raise NotPossible("Choose how you did this: aloud, or without the other.")
        with self._store.database.writing() as s:
            half_of(s, person_id, pair_id)
            s.add(_mark(pair_id, workbook, way, on, person_id, self._store.now()))

    def done(self, person_id: str, pair_id: str) -> set[str]:
        """The workbooks this pair has done, in whatever way."""
        with self._store.database.reading() as s:
            return set(_done(s, half_of(s, person_id, pair_id).id))


def take_back(s: Session, entry: EntryRow, now: datetime) -> None:
    if close(s, entry, now) is not None:
        _forget_both(s, entry)
    entry.state, entry.committed_at = State.DRAFT, None


def close(s: Session, entry: EntryRow, now: datetime) -> str | None:
    """Withdraw what this entry's author committed.  What had opened with it waits again; its id."""
    mine = _standing(s, entry)
    if mine is None:
        return None
    theirs = None if mine.opened_with is None else s.get_one(SnapshotRow, mine.opened_with)
    withdraw(s, mine, now)
    if theirs is None:
        return None
    theirs.state, theirs.opened_with = State.COMMITTED, None
    s.get_one(EntryRow, theirs.entry_id).state = State.COMMITTED
    return theirs.id


def _open(s: Session, mine: SnapshotRow, theirs: SnapshotRow) -> None:
    for one, other in ((mine, theirs), (theirs, mine)):
        one.state, one.opened_with = State.OPENED, other.id
        s.get_one(EntryRow, one.entry_id).state = State.OPENED


def _own(s: Session, author_id: str, entry_id: str) -> tuple[EntryRow, PairRow]:
    entry = s.get(EntryRow, entry_id)
    if (
        entry is None
        or entry.person_id != author_id
        or entry.together != SEALED
        or entry.pair_id is None
    ):
        raise NotFound("There is nothing here for you.")
    return entry, s.get_one(PairRow, entry.pair_id)


def _standing(s: Session, entry: EntryRow) -> SnapshotRow | None:
    """What this entry's author has committed and not taken back."""
    return s.scalar(
        select(SnapshotRow).where(
            SnapshotRow.entry_id == entry.id,
            SnapshotRow.kind == SEALED,
            SnapshotRow.state.in_((State.COMMITTED, State.OPENED)),
        )
    )


def _waiting(
    s: Session, entry: EntryRow, other_id: str, now: datetime, first: str | None
) -> SnapshotRow | None:
    """The other half's copy of the same, if it waits for this one: ``first`` before any other."""
    return s.scalar(
        select(SnapshotRow)
        .join(EntryRow, EntryRow.id == SnapshotRow.entry_id)
        .join(ShareRow, ShareRow.snapshot_id == SnapshotRow.id)
        .where(
            SnapshotRow.kind == SEALED,
            SnapshotRow.state == State.COMMITTED,
            SnapshotRow.author_id == other_id,
            ShareRow.reader_id == entry.person_id,
            ShareRow.stopped_at.is_(None),
            ShareRow.ends_at > now,
            EntryRow.workbook == entry.workbook,
            EntryRow.pair_id == entry.pair_id,
            same(EntryRow.session_id, entry.session_id),
            same(EntryRow.about_id, entry.about_id),
        )
        .order_by(SnapshotRow.id != first, SnapshotRow.made_at.desc())
        .limit(1)
    )


def _mark(
    pair_id: str, workbook: str, way: str, on: date, by_id: str, now: datetime
) -> TogetherRow:
    return TogetherRow(pair_id=pair_id, workbook=workbook, way=way, on=on, by_id=by_id, made_at=now)


def _forget_both(s: Session, entry: EntryRow) -> None:
    row = s.scalar(
        select(TogetherRow)
        .where(
            TogetherRow.pair_id == entry.pair_id,
            TogetherRow.workbook == entry.workbook,
            TogetherRow.way == BOTH,
        )
        .order_by(TogetherRow.made_at.desc())
        .limit(1)
    )
    if row is not None:
        s.delete(row)


def _done(s: Session, pair_id: str) -> dict[str, tuple[str, date, str]]:
    """By workbook: how this pair has done it last, on which day, and who said so."""
    rows = s.execute(
        select(TogetherRow, PersonRow.name)
        .join(PersonRow, PersonRow.id == TogetherRow.by_id)
        .where(TogetherRow.pair_id == pair_id)
        .order_by(TogetherRow.made_at)
    )
    return {row.workbook: (row.way, row.on, name) for row, name in rows}
