"""Agreements of a pair: either half proposes, the other accepts, every version is kept."""

from datetime import UTC, date, datetime, time

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from cascade_tools.errors import NotFound, NotPossible
from cascade_tools.model.entry import Document
from cascade_tools.model.people import Agreement, in_force
from cascade_tools.model.prompts import SHORT_CHARACTERS
from cascade_tools.model.sharing import State
from cascade_tools.records.pairs import half_of, other_half, role_in
from cascade_tools.records.policy import live_share
from cascade_tools.records.snapshots import (
    AGREEMENT,
    SEALED,
    address,
    check_worth,
    freeze,
    withdraw,
)
from cascade_tools.records.store import Store
from cascade_tools.records.tables import (
    AgreementRow,
    EntryRow,
    PairRow,
    PersonRow,
    ShareRow,
    SnapshotRow,
    TogetherRow,
)

PURPOSE = "How we will work"


class Agreements:
    """One half's side of them.  Only the two halves of a pair see them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def propose(
        self,
        author_id: str,
        entry_id: str,
        document: Document,
        *,
        ends: date | None,
        label: str,
        until: datetime,
        agreed_on: date | None = None,
    ) -> str:
        """Propose ``document`` to the other half, who may read it until ``until``; returns its id.

        An open proposal of one's own is replaced.  Where the other half has no account it is
        agreed at once, aloud, on the day ``agreed_on``.  What is still sealed is not proposed:
        raises ``NotPossible``.
        """
        with self._store.database.writing() as s:
            now = self._store.now()
            entry = s.get(EntryRow, entry_id)
            if entry is None or entry.person_id != author_id or entry.pair_id is None:
                raise NotFound("There is nothing here for you.")
            pair = half_of(s, author_id, entry.pair_id)
            other = other_half(s, pair, author_id)
            check_worth(document, until, now)
            if other is not None and _still_sealed(s, entry):
                raise NotPossible(
                    "Open what you both wrote first, or say that you talked about it instead."
                )
            for before in s.scalars(_open_in(pair.id).where(AgreementRow.proposed_by == author_id)):
                _withdraw(s, before, now)
            snapshot = freeze(self._store, s, entry, document, now, kind=AGREEMENT)
            row = AgreementRow(
                pair_id=pair.id,
                version=0,
                snapshot_id=snapshot.id,
                proposed_by=author_id,
                proposed_at=now,
                ends=ends,
                label=" ".join(label.split())[:SHORT_CHARACTERS],
            )
            s.add(row)
            s.flush()
            if entry.state == State.DRAFT and not entry.together:
                # What was proposed is finished: a change is a sheet of its own.
                entry.state, entry.committed_at = State.COMMITTED, now
            if other is None:
                noon = datetime.combine(agreed_on, time(12), UTC) if agreed_on else now
                _accept(s, row, pair, None, noon)
            else:
                role = role_in(pair, other.id)
                address(self._store, s, snapshot, other.id, role, purpose=PURPOSE, ends_at=until)
            return row.id

    def accept(self, person_id: str, agreement_id: str) -> None:
        """The other half agrees: the pair's ending date and label are those of the agreement."""
        with self._store.database.writing() as s:
            now = self._store.now()
            row, pair = self._get(s, person_id, agreement_id)
            if row.proposed_by == person_id:
                raise NotPossible("You proposed this. It takes the other person to accept it.")
            if row.accepted_at is not None:
                return
            if not _readable(s, row, person_id, now):
                raise NotPossible("This proposal has run out. Ask for a new one.")
            _accept(s, row, pair, person_id, now)

    def withdraw(self, person_id: str, agreement_id: str) -> None:
        """Take back one's own proposal.  What both agreed stays: propose a change instead."""
        with self._store.database.writing() as s:
            row, _ = self._get(s, person_id, agreement_id)
            if row.proposed_by != person_id:
                raise NotFound("There is nothing here for you.")
            if row.accepted_at is not None:
                raise NotPossible("You have both agreed to this. Propose a change instead.")
            _withdraw(s, row, self._store.now())

    def _get(self, s: Session, person_id: str, agreement_id: str) -> tuple[AgreementRow, PairRow]:
        row = s.get(AgreementRow, agreement_id)
        if row is None or row.withdrawn_at is not None:
            raise NotFound("There is nothing here for you.")
        return row, half_of(s, person_id, row.pair_id)

    def of(self, person_id: str, pair_id: str) -> list[Agreement]:
        """Every agreement of this pair and every open proposal, newest first."""
        with self._store.database.reading() as s:
            half_of(s, person_id, pair_id)
            rows = s.scalars(
                select(AgreementRow)
                .where(AgreementRow.pair_id == pair_id, AgreementRow.withdrawn_at.is_(None))
                .order_by(AgreementRow.proposed_at.desc())
            ).all()
            halves = {half for row in rows for half in (row.proposed_by, row.accepted_by) if half}
            names = {half: s.get_one(PersonRow, half).name for half in halves}
            return [
                Agreement(
                    id=row.id,
                    pair_id=row.pair_id,
                    version=row.version,
                    snapshot_id=row.snapshot_id,
                    proposed_by=names[row.proposed_by],
                    mine=row.proposed_by == person_id,
                    proposed_at=row.proposed_at,
                    accepted_by=names.get(row.accepted_by or ""),
                    accepted_at=row.accepted_at,
                    ends=row.ends,
                    label=row.label,
                )
                for row in rows
            ]

    def in_force(self, person_id: str, pair_id: str) -> Agreement | None:
        """What both agreed last."""
        return in_force(self.of(person_id, pair_id))


def _still_sealed(s: Session, entry: EntryRow) -> bool:
    """Whether both were to write this alone, and have neither opened it nor done it otherwise."""
    if entry.together != SEALED or entry.state == State.OPENED:
        return False
    done = select(TogetherRow.id).where(
        TogetherRow.pair_id == entry.pair_id, TogetherRow.workbook == entry.workbook
    )
    return s.scalar(done.limit(1)) is None


def _open_in(pair_id: str) -> Select[AgreementRow]:
    return select(AgreementRow).where(
        AgreementRow.pair_id == pair_id,
        AgreementRow.accepted_at.is_(None),
        AgreementRow.withdrawn_at.is_(None),
    )


def _readable(s: Session, row: AgreementRow, person_id: str, now: datetime) -> bool:
    query = (
        select(SnapshotRow.id)
        .join(ShareRow, ShareRow.snapshot_id == SnapshotRow.id)
        .where(
            SnapshotRow.id == row.snapshot_id,
            SnapshotRow.state == State.OPENED,
            live_share(person_id, now),
        )
    )
    return s.scalar(query) is not None


def _accept(
    s: Session, row: AgreementRow, pair: PairRow, person_id: str | None, now: datetime
) -> None:
    accepted = s.scalar(
        select(func.count()).where(
            AgreementRow.pair_id == pair.id, AgreementRow.accepted_at.is_not(None)
        )
    )
    row.version = (accepted or 0) + 1
    row.accepted_by, row.accepted_at = person_id, now
    pair.ends = row.ends or pair.ends
    pair.label = row.label or pair.label


def _withdraw(s: Session, row: AgreementRow, now: datetime) -> None:
    row.withdrawn_at = now
    if row.snapshot_id is not None:
        withdraw(s, s.get_one(SnapshotRow, row.snapshot_id), now)


def stop(s: Session, snapshot: SnapshotRow, now: datetime) -> None:
    """The proposer no longer shares this copy: a proposal is taken back, an agreement stays."""
    row = s.scalar(select(AgreementRow).where(AgreementRow.snapshot_id == snapshot.id))
    if row is not None and row.accepted_at is not None:
        raise NotPossible("You have both agreed to this. Propose a change instead.")
    if row is not None:
        _withdraw(s, row, now)
