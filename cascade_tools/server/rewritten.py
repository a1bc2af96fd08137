"""``/shared/<id>/rounds``: one sheet that was shared again: written, answered, rewritten."""

from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from cascade_tools.draw.shared import Said, shared_html
from cascade_tools.model.changes import Change, changes
from cascade_tools.model.entry import Received
from cascade_tools.model.threads import apart, threads
from cascade_tools.records.answering import Round
from cascade_tools.server.base import Page
from cascade_tools.server.beside import drawn, said


@dataclass(frozen=True, slots=True)
class Spot:
    """One answer of a copy: what changed in it, and what was said to it.

    ``change`` is None where nothing did; then ``words`` are what it says.
    """

    question: str
    words: str
    change: Change | None
    said: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True)
class RoundSeen:
    """``html`` is the whole first copy, and ``same`` how many answers of a later one stayed as
    they were; ``answers`` are what was said to all of it."""

    round: Round
    answers: list[tuple[Received, Markup]]
    html: Markup | None = None
    spots: list[Spot] = field(default_factory=list)
    same: int = 0


class RoundsPage(Page):
    """For its author, every copy for this reader; for the reader, those they may still read.

    Each copy that is shown has been opened, and is logged as that.
    """

    async def get(self, snapshot_id: str) -> None:
        self.show("rounds.html", **await self.work(self._values, snapshot_id))

    def _values(self, snapshot_id: str) -> dict[str, Any]:
        answering = self.records.answering
        found: list[RoundSeen] = []
        before: Received | None = None
        for one in answering.rounds(self.person.id, snapshot_id):
            copy, answers = answering.read(self.person.id, one.snapshot_id)
            found.append(self._round(one, before, copy, answers))
            before = copy
        assert before is not None
        mine = before.author_id == self.person.id
        shares = self.records.sharing.of(self.person.id, before.entry_id) if mine else []
        return {
            "rounds": found,
            "newest": before,
            "mine": mine,
            "title": self.serving.title_of(before.workbook),
            "label": before.document.body["label"],
            "session": before.document.body["session"],
            "shares": [s for s in shares if s.snapshot_id == before.snapshot_id and s.live],
        }

    def _round(
        self, one: Round, before: Received | None, copy: Received, answers: list[Received]
    ) -> RoundSeen:
        spoken = threads(copy, answers)
        title = self.serving.title_of(copy.workbook)
        general = [
            (a, drawn(self, a, spoken, f"{a.author} answers", body))
            for a in answers
            if (body := apart(a))["pages"]
        ]
        body = copy.document.body
        changed, same = changes(before.document.body, body) if before else ([], 0)
        by_key = {change.key: change for change in changed}
        spots = [
            Spot(t.question, t.root.words, by_key.pop(t.anchor, None), said(self, t.messages))
            for t in spoken
            if t.root.copy_id == copy.snapshot_id and (t.anchor in by_key or t.messages)
        ]
        spots += [Spot(change.question, "", change) for change in by_key.values()]
        html = shared_html(body, title) if before is None else None
        return RoundSeen(one, general, html, spots, same)
