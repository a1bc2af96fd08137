"""What every part of the records shares: the database, the vault and the clock."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from cascade_tools.model.entry import Saved
from cascade_tools.model.prompts import Answer, Prompt
from cascade_tools.records.engine import Database
from cascade_tools.records.tables import AnswerRow, AskedRow, ShareRow
from cascade_tools.records.vault import Sealed, Vault


def aware_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Store:
    database: Database
    vault: Vault
    now: Callable[[], datetime] = aware_now

    def seal_answer(self, value: Answer, entry_id: str, key: str, revision: int) -> Sealed:
        plain = json.dumps(value, ensure_ascii=False).encode()
        return self.vault.seal(plain, "answer", entry_id, key, str(revision))

    def open_answer(self, row: AnswerRow | Row[Any]) -> Answer:
        return self.open_value(row.key_id, row.sealed, row.entry_id, row.key, row.revision)

    def open_value(
        self, key_id: str, sealed: bytes, entry_id: str, key: str, revision: int
    ) -> Answer:
        plain = self.vault.open(key_id, sealed, "answer", entry_id, key, str(revision))
        value: Answer = json.loads(plain.decode())
        return value

    def seal_document(self, body: dict[str, Any], snapshot_id: str) -> Sealed:
        return self.vault.seal(encode(body), "snapshot", snapshot_id)

    def open_document(self, key_id: str, sealed: bytes, snapshot_id: str) -> dict[str, Any]:
        body: dict[str, Any] = json.loads(self.vault.open(key_id, sealed, "snapshot", snapshot_id))
        return body

    def seal_purpose(self, purpose: str, share_id: str) -> Sealed:
        return self.vault.seal(purpose.encode(), "share", share_id)

    def open_purpose(self, share: ShareRow) -> str:
        return self.vault.open(share.key_id, share.sealed, "share", share.id).decode()

    def saved(self, row: AnswerRow | Row[Any], asked: AskedRow | Row[Any]) -> Saved:
        return Saved(
            prompt=Prompt.from_asked(asked.prompt),
            value=self.open_answer(row),
            revision=row.revision,
            saved_at=row.saved_at,
            by_id=row.by_id,
        )


_asked = AskedRow.__table__
_KNOWN = select(_asked.c.id).where(_asked.c.id == bindparam("asked"))


def encode(body: dict[str, Any]) -> bytes:
    """One spelling of a document, so that the same content has the same hash."""
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def remember_asked(session: Session, workbook: str, prompt: Prompt) -> str:
    """Keep a question as it is asked now; return its id."""
    asked_id = f"{prompt.asked}"
    if session.execute(_KNOWN, {"asked": asked_id}).first() is None:
        session.add(AskedRow(id=asked_id, workbook=workbook, prompt=prompt.as_asked()))
        session.flush()
    return asked_id
