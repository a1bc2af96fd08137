"""What people send to the programme: from a page without an account, and about a workbook.

Nothing here says who: a submission holds what somebody chose to send, feedback not even a time.
"""

import json
import secrets
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cascade_tools.errors import NotFound
from cascade_tools.model.entry import Feedback, Submission
from cascade_tools.model.sharing import Action, Thing
from cascade_tools.records.policy import check_in_programme
from cascade_tools.records.store import Store, encode
from cascade_tools.records.tables import FeedbackRow, SubmissionRow, new_id

# No letter or figure that can be taken for another when it is read out.
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
USEFUL_CHARACTERS = 40


def _check_lead(s: Session, viewer_id: str) -> None:
    """Raises ``NotFound`` unless the policy lets this person read what was sent."""
    check_in_programme(s, viewer_id, Action.READ, Thing.SUBMISSION)


class Submissions:
    """Expressions of interest and the like: anybody sends, programme leads read."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def send(self, workbook: str, body: dict[str, Any]) -> str:
        """Keep what somebody sent; returns a short reference they can quote."""
        submission_id = new_id()
        sealed = self._store.vault.seal(encode(body), "submission", submission_id)
        with self._store.database.writing() as s:
            reference = _reference()
            while s.scalar(select(SubmissionRow.id).where(SubmissionRow.reference == reference)):
                reference = _reference()
            s.add(
                SubmissionRow(
                    id=submission_id,
                    workbook=workbook,
                    reference=reference,
                    made_at=self._store.now(),
                    key_id=sealed.key_id,
                    sealed=sealed.body,
                )
            )
        return reference

    def all(self, lead_id: str) -> list[Submission]:
        """What was sent, newest first, without its words.  Raises ``NotFound``."""
        with self._store.database.reading() as s:
            _check_lead(s, lead_id)
            rows = s.scalars(select(SubmissionRow).order_by(SubmissionRow.made_at.desc()))
            return [_submission(row, {}) for row in rows]

    def read(self, lead_id: str, submission_id: str) -> Submission:
        """One of them with its words.  Raises ``NotFound``."""
        with self._store.database.reading() as s:
            _check_lead(s, lead_id)
            row = s.get(SubmissionRow, submission_id)
            if row is None:
                raise NotFound("There is nothing here for you.")
            plain = self._store.vault.open(row.key_id, row.sealed, "submission", row.id)
            return _submission(row, json.loads(plain))


def _reference() -> str:
    code = "".join(secrets.choice(LETTERS) for _ in range(8))
    return f"{code[:4]}-{code[4:]}"


def _submission(row: SubmissionRow, body: dict[str, Any]) -> Submission:
    return Submission(row.id, row.workbook, row.reference, row.made_at, body)


class FeedbackBox:
    """Two questions about a workbook.  Nobody can tell who answered."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def give(self, workbook: str, useful: str, words: str) -> None:
        feedback_id = new_id()
        sealed = self._store.vault.seal(words.strip().encode(), "feedback", feedback_id)
        with self._store.database.writing() as s:
            s.add(
                FeedbackRow(
                    id=feedback_id,
                    workbook=workbook,
                    useful=useful.strip()[:USEFUL_CHARACTERS],
                    on=self._store.now().date(),
                    key_id=sealed.key_id,
                    sealed=sealed.body,
                )
            )

    def all(self, lead_id: str) -> list[Feedback]:
        """All feedback, the newest day first.  Raises ``NotFound`` for anybody but a lead."""
        with self._store.database.reading() as s:
            _check_lead(s, lead_id)
            # Within a day in no order: who was first is nobody's business.
            rows = s.scalars(select(FeedbackRow).order_by(FeedbackRow.on.desc(), FeedbackRow.id))
            return [
                Feedback(
                    row.workbook,
                    row.useful,
                    row.on,
                    self._store.vault.open(row.key_id, row.sealed, "feedback", row.id).decode(),
                )
                for row in rows
            ]
