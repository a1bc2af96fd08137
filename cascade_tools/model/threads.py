"""Threads: what two people say to each other about one answer of one copy, turn by turn.

A thread begins with an answer: one that was shared, or one that the reader gave to all of it.
Whoever did not write it may say something to it, the other may answer that, and so on: everybody
has one box for each thing the other has said.  What is written in it is an answer of an Entry
about the copy (see ADR 0003), under a key of its own: ``on--what-happened`` is what is said to the
answer ``what-happened``, ``on--what-happened--2`` comes after the other's first answer back, and
``on--to--curious`` is said to the reader's own ``curious``.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from cascade_tools.model.entry import Received
from cascade_tools.model.prompts import Kind, Prompt
from cascade_tools.model.workbook import Page, Part, Prose, Workbook

_BETWEEN = "--"
TO = "to--"
_TURN = re.compile(r"(?P<anchor>.+?)(?:--(?P<turn>[0-9]+))?\Z")
NOTHING = "There is nothing here to answer now. What was shared may have been taken back."
# What the reader says to all of it can be answered where it is words; a thank-you is not asked.
_WORDS = (Kind.TEXT, Kind.LONG, Kind.ACTION)


@dataclass(frozen=True, slots=True)
class Message:
    """One thing somebody said: ``turn`` counts their own in this thread, 0 where it begins.

    ``copy_id`` is the frozen copy it stands in.  ``words`` are empty where only the questions
    are known.
    """

    anchor: str
    turn: int
    by_id: str
    by: str
    at: datetime
    words: str
    copy_id: str


@dataclass(frozen=True, slots=True)
class Thread:
    """``page`` is the title of the page its answer stands on; ``messages`` come in turns."""

    question: str
    page: str
    root: Message
    messages: tuple[Message, ...]

    @property
    def anchor(self) -> str:
        return self.root.anchor

    def to_answer(self, me: str) -> tuple[Message, ...]:
        """What the other has said, oldest first: each is something to answer."""
        return tuple(m for m in (self.root, *self.messages) if m.by_id != me)


def key_of(line: str, anchor: str, turn: int) -> str:
    """The key of what is said to an answer, in the boxes of this line."""
    return f"{line}{_BETWEEN}{anchor}" + (f"{_BETWEEN}{turn}" if turn > 1 else "")


def said_to(key: str) -> tuple[str, int] | None:
    """Which answer a key speaks to, and whose turn it is; None for a key of any other box."""
    _line, between, rest = key.partition(_BETWEEN)
    found = _TURN.match(rest) if between else None
    return (found["anchor"], int(found["turn"] or 1)) if found else None


def threads(copy: Received, answers: Iterable[Received]) -> list[Thread]:
    """Every answer that may be spoken to, in the order of the page, with what was said so far.

    ``answers`` are the copies about this copy.  The reader's own answers to all of it come last.
    """
    answers = list(answers)
    said: dict[str, list[Message]] = {}
    roots = [(page, _message(copy, a, a["key"], 0), a) for page, a in _all(copy)]
    for one in answers:
        for page, a in _all(one):
            spoken = said_to(a["key"])
            if spoken is not None:
                said.setdefault(spoken[0], []).append(_message(one, a, *spoken))
            elif one.author_id != copy.author_id and a["kind"] in _WORDS:
                roots.append((page, _message(one, a, TO + a["key"], 0), a))
    return [
        Thread(
            question=a["question"],
            page=page,
            root=root,
            messages=tuple(
                sorted(
                    said.get(root.anchor, ()),
                    # In one turn whoever did not begin speaks first.
                    key=lambda m, first=root.by_id: (m.turn, m.by_id == first),  # type: ignore[misc]
                )
            ),
        )
        for page, root, a in roots
    ]


def _all(received: Received) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for page in received.document.body["pages"]:
        for answer in page["answers"]:
            yield page["title"], answer


def _message(received: Received, answer: Mapping[str, Any], anchor: str, turn: int) -> Message:
    return Message(
        anchor=anchor,
        turn=turn,
        by_id=received.author_id,
        by=received.author,
        at=datetime.fromisoformat(answer["saved_at"]),
        words=answer["words"],
        copy_id=received.snapshot_id,
    )


def apart(received: Received) -> dict[str, Any]:
    """The body of an answer without what speaks to single answers: that stands in its thread."""
    body = received.document.body
    pages = [
        {**page, "answers": [a for a in page["answers"] if said_to(a["key"]) is None]}
        for page in body["pages"]
    ]
    return {**body, "pages": [page for page in pages if page["answers"]]}


def line_of(workbook: Workbook) -> Prompt | None:
    """The line that stands for a box beside each answer."""
    return next((p for p in workbook.prompts if p.beside), None)


def with_boxes(
    workbook: Workbook, found: Iterable[Thread], me: str, written: Mapping[str, Prompt]
) -> Workbook:
    """The workbook with its line written out: a box for each thing the other has said.

    ``written`` are the questions of what is answered already, by key: such a box stays, whatever
    became of what it answered.  Where there is no box at all, a sentence says so.
    """
    line = line_of(workbook)
    if line is None:
        return workbook
    parts: list[Part] = []
    heading = ""
    gone = {k: p for k, p in written.items() if said_to(k) and k.startswith(line.key + _BETWEEN)}
    for thread in found:
        for turn, _ in enumerate(thread.to_answer(me), start=1):
            if thread.page != heading:
                heading = thread.page
                parts.append(Prose(f"### {heading}"))
            key = key_of(line.key, thread.anchor, turn)
            gone.pop(key, None)
            parts.append(replace(line, key=key, question=f"On “{thread.question}”"))
    parts += [replace(p, beside=line.beside) for _, p in sorted(gone.items())]
    boxes = tuple(parts) or (Prose(NOTHING),)
    return replace(workbook, pages=tuple(_written_out(p, line, boxes) for p in workbook.pages))


def _written_out(page: Page, line: Prompt, boxes: tuple[Part, ...]) -> Page:
    if line not in page.parts:
        return page
    at = page.parts.index(line)
    return replace(page, parts=(*page.parts[:at], *boxes, *page.parts[at + 1 :]))
