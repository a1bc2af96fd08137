"""What was said beside each answer of a copy, and the boxes in which more can be said."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from cascade_tools.draw.shared import Quoted, Said, shared_html
from cascade_tools.model.entry import Entry, Received
from cascade_tools.model.threads import TO, Message, Thread, key_of, line_of, threads, with_boxes
from cascade_tools.model.workbook import Workbook
from cascade_tools.server.base import Page

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside a draft: all of what was shared, and by box what it answers."""

    html: Markup | None = None
    author: str = ""
    quoted: dict[str, Quoted] = field(default_factory=dict)


def written_out(page: Page, entry: Entry, workbook: Workbook) -> Workbook:
    """The workbook with a box for each thing the other has said; no word of it is opened."""
    if line_of(workbook) is None or entry.about_id is None:
        return workbook
    me = page.person.id
    found = page.records.answering.questions(me, entry.about_id)
    saved = page.records.entries.answers(me, entry.id)
    written = {key: one.prompt for key, one in saved.items()}
    return with_boxes(workbook, threads(*found) if found else [], me, written)


def beside(page: Page, entry: Entry, workbook: Workbook) -> Beside:
    """The words that this person answers here, unless they have been taken back.

    ``workbook`` is the one of the file, or the one with the boxes.  The person's own words stay
    theirs, whatever becomes of what they answer.
    """
    mine = workbook.about == "snapshot" and entry.person_id == page.person.id
    if not mine or entry.about_id is None:
        return Beside()
    found = page.records.answering.find(page.person.id, entry.about_id)
    if found is None:
        return Beside()
    copy, _ = found
    line = line_of(workbook)
    html = None
    if copy.author_id != page.person.id:
        html = shared_html(copy.document.body, page.serving.title_of(copy.workbook))
    if line is None:
        return Beside(html, copy.author)
    boxed = line.key.partition("--")[0]
    return Beside(html, copy.author, _quoted(page, threads(*found), boxed))


def _quoted(page: Page, found: list[Thread], line: str) -> dict[str, Quoted]:
    me = page.person.id
    return {
        key_of(line, thread.anchor, turn): Quoted(
            thread.question,
            said(page, [message])[0],
            begins=message is thread.root,
            heading=turn == 1,
            before=thread.root.words if turn == 1 and thread.root.by_id == me else "",
        )
        for thread in found
        for turn, message in enumerate(thread.to_answer(me), start=1)
    }


def said(page: Page, messages: Sequence[Message]) -> tuple[Said, ...]:
    """Messages as a page shows them; somebody else's leave it when they are taken back."""
    me = page.person.id
    return tuple(
        Said(
            who=m.by,
            when=page.serving.clock(m.at),
            words=m.words,
            mine=m.by_id == me,
            still="" if m.by_id == me else page.to(f"shared/{m.copy_id}/still"),
            gone="This is over, or it was changed. Open this page again to see what there is now.",
        )
        for m in messages
    )


def drawn(page: Page, copy: Received, found: list[Thread], title: str, body: Body) -> Markup:
    """Pages of a copy as its reader sees them, with what was said under each answer."""
    spoken = {
        t.anchor.removeprefix(TO): said(page, t.messages)
        for t in found
        if t.root.copy_id == copy.snapshot_id and t.messages
    }
    return shared_html(body, title, said=spoken)
