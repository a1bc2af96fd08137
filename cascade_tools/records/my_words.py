"""What one person wrote, with earlier versions and every copy.  Each function is one section."""

import json
from itertools import groupby

from sqlalchemy import ColumnElement, or_, select

from cascade_tools.model.journey import months_after
from cascade_tools.model.prompts import Who, in_words
from cascade_tools.model.sharing import Action, Relation, State, Thing, may
from cascade_tools.records.mine import Facts, Mine, iso
from cascade_tools.records.policy import is_partner
from cascade_tools.records.tables import (
    AnswerRow,
    AskedRow,
    EntryRow,
    PairRow,
    SessionRow,
    ShareRow,
    SnapshotRow,
)
from cascade_tools.records.trust_tables import OwnNamesRow


def entries(m: Mine) -> list[Facts]:
    """Everything you wrote, and what you keep together with others."""
    answers = _answers(m)
    rows = m.s.execute(
        select(EntryRow, PairRow.label, SessionRow.number)
        .outerjoin(PairRow, PairRow.id == EntryRow.pair_id)
        .outerjoin(SessionRow, SessionRow.id == EntryRow.session_id)
        .where(_mine_or_ours(m))
        .order_by(EntryRow.made_at, EntryRow.id)
    )
    return [
        {
            "id": row.id,
            **m.workbook(row.workbook),
            "begun_by": m.name(row.person_id),
            "pair": label,
            "session": number,
            "state": row.state,
            "together": row.together or None,
            "begun_at": iso(row.made_at),
            "saved_at": iso(row.saved_at),
            "finished_at": iso(row.committed_at),
            **m.kept(row.id),
            "answers": answers.get(row.id, []),
        }
        for row, label, number in rows
    ]


def _mine_or_ours(m: Mine) -> ColumnElement[bool]:
    return or_(
        EntryRow.person_id == m.me.id,
        is_partner(m.me.id) & EntryRow.state.in_((State.COMMITTED, State.OPENED)),
    )


def _answers(m: Mine) -> dict[str, list[Facts]]:
    """By entry: each question with its newest answer and every earlier version, oldest first."""
    rows = m.s.execute(
        select(AnswerRow, AskedRow, EntryRow)
        .join(AskedRow, AskedRow.id == AnswerRow.asked_id)
        .join(EntryRow, EntryRow.id == AnswerRow.entry_id)
        .where(_mine_or_ours(m))
        .order_by(AnswerRow.entry_id, AnswerRow.key, AnswerRow.revision)
    ).all()
    found: dict[str, list[Facts]] = {}
    for (entry_id, key), group in groupby(rows, lambda r: (r[0].entry_id, r[0].key)):
        versions = [
            (answer, asked, entry) for answer, asked, entry in group if _allowed(m, entry, answer)
        ]
        if not versions:
            continue
        newest = max(versions, key=lambda v: (not v[0].beside, v[0].revision))
        earlier = [_version(m, *v) for v in versions if v is not newest]
        found.setdefault(entry_id, []).append(
            {
                "key": key,
                "sealed_until": _sealed_until(m, *newest),
                **_version(m, *newest),
                "other_versions": earlier,
            }
        )
    return found


def _allowed(m: Mine, entry: EntryRow, answer: AnswerRow) -> bool:
    relation = Relation.AUTHOR if entry.person_id == m.me.id else Relation.PARTNER
    return may(relation, Action.EXPORT, Thing.ANSWER, Who(answer.who), State(entry.state))


def _sealed_until(m: Mine, _row: AnswerRow, asked: AskedRow, entry: EntryRow) -> str | None:
    """Until when the author wanted not to meet these words; pages keep to that."""
    months = asked.prompt.get("sealed_months", 0)
    if not months or entry.committed_at is None:
        return None
    day = months_after(entry.committed_at.date(), months)
    return iso(day) if day > m.now.date() else None


def _version(m: Mine, row: AnswerRow, asked: AskedRow, _entry: EntryRow) -> Facts:
    saved = m.store.saved(row, asked)
    return {
        "question": saved.prompt.question,
        "audience": row.who,
        "words": in_words(saved.prompt, saved.value),
        "value": saved.value,
        "written_by": m.name(row.by_id),
        "saved_at": iso(row.saved_at),
        "in_conflict": row.beside,
    }


def copies(m: Mine) -> list[Facts]:
    """Every frozen copy of what you wrote, to whom it went, what for and until when."""
    rows = m.s.scalars(
        select(SnapshotRow).where(SnapshotRow.author_id == m.me.id).order_by(SnapshotRow.made_at)
    )
    return [_copy(m, row) for row in rows]


def _copy(m: Mine, row: SnapshotRow) -> Facts:
    body = m.store.open_document(row.key_id, row.sealed, row.id)
    shares = m.s.scalars(
        select(ShareRow).where(ShareRow.snapshot_id == row.id).order_by(ShareRow.made_at)
    )
    return {
        "id": row.id,
        "entry": row.entry_id,
        **m.workbook(body["workbook"]),
        "kind": row.kind,
        "state": row.state,
        "made_at": iso(row.made_at),
        **m.kept(row.id),
        "pages": [
            {
                "title": page["title"],
                "answers": [
                    {"question": a["question"], "words": a["words"], "value": a["value"]}
                    for a in page["answers"]
                ],
            }
            for page in body["pages"]
        ],
        "readers": [
            {
                "reader": m.name(share.reader_id),
                "they_are": share.as_role,
                "purpose": m.store.open_purpose(share),
                "shared_at": iso(share.made_at),
                "ends_at": iso(share.ends_at),
                "stopped_at": iso(share.stopped_at),
            }
            for share in shares
        ],
    }


def names_list(m: Mine) -> Facts:
    """The names you wanted to be reminded of before you share."""
    row = m.s.get(OwnNamesRow, m.me.id)
    if row is None:
        return {"names": [], "saved_at": None}
    names = json.loads(m.store.vault.open(row.key_id, row.sealed, "own_names", m.me.id))
    return {"names": names, "saved_at": iso(row.saved_at)}
