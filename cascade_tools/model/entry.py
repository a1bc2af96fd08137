"""One person's copy of one workbook, and what was saved in it."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from cascade_tools.model.people import Person
from cascade_tools.model.prompts import Answer, Prompt
from cascade_tools.model.sharing import State


@dataclass(frozen=True, slots=True)
class Entry:
    """``together`` is empty, ``"sealed"`` or ``"shared"``: see ``model/workbook.py``."""

    id: str
    person_id: str
    workbook: str
    pair_id: str | None
    session_id: str | None
    session_number: int | None
    label: str
    about_id: str | None
    state: State
    made_at: datetime
    saved_at: datetime | None
    committed_at: datetime | None
    together: str = ""


@dataclass(frozen=True, slots=True)
class Saved:
    """The newest revision of one answer.  ``prompt`` is the question as it was asked."""

    prompt: Prompt
    value: Answer
    revision: int
    saved_at: datetime
    by_id: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A save that the database has committed."""

    revision: int
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class Conflict:
    """Another writer saved first.  Both texts are kept; the person chooses."""

    yours: Answer
    theirs: Answer
    revision: int
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class Outline:
    """Which answers a person chose to share: pages in order, each with its keys."""

    pages: tuple[tuple[str, str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A snapshot's content: plain JSON, the same whether previewed or read.

    ``body`` has ``workbook``, ``title``, ``label``, ``session`` and ``pages``; each page has
    ``title`` and ``answers``; each answer ``key, question, kind, who, words_from, value, words,
    saved_at``.  ``hash`` is keyed.
    """

    body: dict[str, Any]
    hash: str


@dataclass(frozen=True, slots=True)
class Opening:
    """One line of the read log, for the author of what was read.

    ``version_at`` is when the copy that was read had been made.  ``way`` is ``"page"``,
    ``"collect"``, ``"brief"``, ``"break-glass"`` (``reader`` are both who broke it), or
    ``"refused"``: somebody tried after it was over, and got nothing.
    """

    reader: str
    at: datetime
    way: str
    reason: str
    entry_id: str | None
    version_at: datetime | None


@dataclass(frozen=True, slots=True)
class Shared:
    """One share as its author sees it.

    ``kind`` is ``"shared"``, ``"sealed"`` or ``"agreement"``; an agreement that both accepted is
    not stopped.  ``waiting``: a sealed copy, which nobody reads until the other half's opens.
    """

    id: str
    snapshot_id: str
    entry_id: str
    reader_id: str
    reader: str
    as_role: str
    purpose: str
    made_at: datetime
    ends_at: datetime
    stopped_at: datetime | None
    live: bool
    newer: bool
    openings: tuple[Opening, ...]
    waiting: bool = False
    kind: str = "shared"


@dataclass(frozen=True, slots=True)
class Received:
    """A snapshot as its reader gets it, with the share that lets them."""

    snapshot_id: str
    entry_id: str
    author_id: str
    author: str
    workbook: str
    purpose: str
    shared_at: datetime
    ends_at: datetime
    newer: bool
    document: Document
    pair_id: str | None = None


def without_words(received: Received) -> Received:
    """The same with its questions alone: no word and no value of any answer."""
    body = received.document.body
    pages = [
        {**page, "answers": [{**a, "value": None, "words": ""} for a in page["answers"]]}
        for page in body["pages"]
    ]
    return replace(received, purpose="", document=Document({**body, "pages": pages}, ""))


def written_since(received: Received, moment: datetime) -> Received:
    """The same with the answers alone that were written after this moment."""
    body = received.document.body
    pages = [
        {**page, "answers": [a for a in page["answers"] if _written(a) > moment]}
        for page in body["pages"]
    ]
    return replace(received, document=Document({**body, "pages": pages}, ""))


def _written(answer: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(answer["saved_at"])


@dataclass(frozen=True, slots=True)
class Together:
    """Where one half of a pair stands with a workbook that both write, each alone.

    Until both are open nothing here depends on what the other half has done.  ``partner`` is None
    where there is nobody to open with; ``done`` is how the pair has done this workbook, on which
    day, and who said so.
    """

    mine: State
    opened: bool
    mine_snapshot: str | None
    theirs_snapshot: str | None
    partner: Person | None
    done: tuple[str, date, str] | None


@dataclass(frozen=True, slots=True)
class Submission:
    """What was sent to the programme.  ``body`` is empty in a list."""

    id: str
    workbook: str
    reference: str
    made_at: datetime
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Feedback:
    """What somebody thought of a workbook, on a day.  Nobody knows who."""

    workbook: str
    useful: str
    on: date
    words: str
