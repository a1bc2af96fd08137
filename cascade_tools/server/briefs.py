"""``/briefs``: one page for each coach, before a supervision; on screen, as PDF or as Word.

A file is made while its page says how far it is.  It is kept in memory for its maker alone, for a
few minutes, and handed out only while everything in it may still be read.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from cascade_tools.draw.brief import brief_pdf, sheet
from cascade_tools.draw.word import brief_word
from cascade_tools.errors import CascadeError, NotFound, NotPossible
from cascade_tools.model.brief import Brief
from cascade_tools.model.people import Person, Role
from cascade_tools.server.answer import LOG
from cascade_tools.server.base import Page
from cascade_tools.server.serving import Serving

MOST_AT_ONCE = 6
KEPT_FOR = timedelta(minutes=5)
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
KINDS = {
    "pdf": (brief_pdf, "application/pdf", "supervision-brief.pdf"),
    "word": (brief_word, WORD_TYPE, "supervision-brief.docx"),
}
OVER = "Something that stood in it is no longer shared with you. Make it again."
WENT_WRONG = "It could not be made. Please try again."


@dataclass
class Making:
    """A file on its way.  ``needs`` are the coaches and the copies without which it is over."""

    kind: str
    total: int
    begun_at: datetime
    done: int = 0
    file: bytes = b""
    problem: str = ""
    needs: set[str] = field(default_factory=set)

    def make(self, serving: Serving, supervisor: Person, coaches: Sequence[str]) -> None:
        """Read each coach, then set the pages.  What goes wrong is said on the page."""
        try:
            briefs: list[Brief] = []
            for coach in coaches:
                briefs.append(serving.records.briefs.of(supervisor, coach, serving.title_of))
                self.needs |= {coach, *briefs[-1].quotes}
                self.done += 1
            self.file = KINDS[self.kind][0](briefs)
        except CascadeError as error:
            self.problem = str(error)
        except Exception as error:
            # Its text may quote what somebody wrote.
            LOG.error("%s while a brief was made", type(error).__name__)
            self.problem = WENT_WRONG


class Makings:
    """What is being made and what is ready: one for each person, and nothing on a disk."""

    def __init__(self) -> None:
        self._by_person: dict[str, Making] = {}
        self._running: set[asyncio.Future[None]] = set()

    def begin(self, serving: Serving, person: Person, kind: str, coaches: Sequence[str]) -> None:
        """Start making it; what this person made before is let go."""
        making = Making(kind, len(coaches), serving.records.store.now())
        self._by_person[person.id] = making
        task = serving.work(making.make, serving, person, coaches)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        loop = asyncio.get_running_loop()
        loop.call_later(KEPT_FOR.total_seconds(), self.drop, person.id, making)

    def find(self, person_id: str, now: datetime) -> Making | None:
        making = self._by_person.get(person_id)
        if making is not None and now - making.begun_at > KEPT_FOR:
            self.drop(person_id, making)
            return None
        return making

    def drop(self, person_id: str, making: Making) -> None:
        if self._by_person.get(person_id) is making:
            del self._by_person[person_id]


class Supervisors(Page):
    """For supervisors alone; to everybody else these pages are not there."""

    def initialize(self, makings: Makings | None = None) -> None:
        self.makings = makings or Makings()

    async def prepare(self) -> None:
        await super().prepare()
        if not self._finished and not self.has(Role.SUPERVISOR):
            raise NotFound("There is nothing here for you.")

    def making(self) -> Making | None:
        return self.makings.find(self.person.id, self.records.store.now())


class Briefs(Supervisors):
    """``/briefs``: choose coaches and a kind of file."""

    async def get(self) -> None:
        self.show("briefs.html", **await self.work(self._values))

    def _values(self) -> dict[str, Any]:
        coaches = self.records.people.coaches_of(self.person.id)
        return {"coaches": coaches, "most": MOST_AT_ONCE, "problem": ""}

    async def post(self) -> None:
        mine = [c.id for c in await self.work(self.records.people.coaches_of, self.person.id)]
        ticked = set(self.get_body_arguments("coach"))
        if not ticked <= set(mine):
            raise NotFound("There is nothing here for you.")
        chosen = [coach for coach in mine if coach in ticked]
        kind = self.get_body_argument("kind", "pdf")
        if not 1 <= len(chosen) <= MOST_AT_ONCE or kind not in KINDS:
            sentence = f"Choose at least one coach, and at most {MOST_AT_ONCE}."
            values = await self.work(self._values)
            self.show("briefs.html", 422, **(values | {"problem": sentence, "ticked": ticked}))
            return
        self.makings.begin(self.serving, self.person, kind, chosen)
        self.redirect(self.to("briefs/making"), status=303)


class BriefMaking(Supervisors):
    """``/briefs/making``: how far it is; then the way to the file."""

    async def get(self) -> None:
        self.show("brief-making.html", making=self.making(), minutes=KEPT_FOR.seconds // 60)


class BriefFile(Supervisors):
    """``/briefs/file``: the file itself, while every word in it may still be read.

    On a shared computer it is first asked about: it stays there when its maker has gone.
    """

    async def get(self) -> None:
        making = self.making()
        if making is None or not making.file:
            raise NotFound("There is nothing here for you.")
        standing = await self.work(self.records.desk(self.person, "page").standing)
        if not making.needs <= standing:
            self.makings.drop(self.person.id, making)
            raise NotPossible(OVER)
        if self.signed_in.shared and self.get_argument("sure", "") != "yes":
            self.show("brief-sure.html")
            return
        _, content_type, name = KINDS[making.kind]
        self.set_header("Content-Type", content_type)
        self.set_header("Content-Disposition", f'attachment; filename="{name}"')
        self.finish(making.file)


class BriefPage(Supervisors):
    """``/briefs/<id>``: one coach, all of it, on screen."""

    async def get(self, coach_id: str) -> None:
        brief = await self.work(
            self.records.briefs.of, self.person, coach_id, self.serving.title_of
        )
        needs = " ".join(sorted({coach_id, *brief.quotes}))
        self.show("brief.html", brief=brief, sheet=sheet(brief), needs=needs)
