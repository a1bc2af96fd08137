"""A copy that was shared: read it, thank for it, answer it, and answer what was said to it."""

from datetime import timedelta
from typing import Any

from cascade_tools.errors import NotFound, NotPossible
from cascade_tools.model.entry import Entry, Outline, Received
from cascade_tools.model.issue import SHEETS
from cascade_tools.model.prompts import Problem, check_answer
from cascade_tools.model.threads import apart, threads
from cascade_tools.server.base import Page
from cascade_tools.server.beside import drawn

REVIEW = "supervisor/reviewing-a-reflection"
REPLY = "coach/answering-a-comment"
PURPOSE = "An answer to what you shared"


class AboutCopy(Page):
    """Pages about one copy, for its author and its reader."""

    def is_supervisor_of(self, author_id: str) -> bool:
        supervisor = self.records.people.supervisor_of(author_id)
        return supervisor is not None and supervisor.id == self.person.id

    def drawn(self, copy: Received, answers: list[Received]) -> dict[str, Any]:
        """A copy with what was said under each answer, and each answer to all of it."""
        found = threads(copy, answers)
        title = self.serving.title_of(copy.workbook)
        return {
            "html": drawn(self, copy, found, title, copy.document.body),
            "answers": [
                (one, drawn(self, one, found, f"{one.author} answers", body))
                for one in answers
                if (body := apart(one))["pages"]
            ],
        }


class SharedPage(AboutCopy):
    """``/shared/<id>``: for its author and its readers.

    An answer is read where it belongs: beside what it answers.
    """

    async def get(self, snapshot_id: str) -> None:
        place = await self.work(self._place, snapshot_id)
        if place is not None:
            self.redirect(self.to(f"shared/{place}"))
            return
        self.show("shared.html", **await self.work(self._values, snapshot_id))

    def _place(self, snapshot_id: str) -> str | None:
        about = self.records.answering.about(self.person.id, snapshot_id)
        author = about and self.records.sharing.may_read(self.person.id, snapshot_id)
        return None if author == self.person.id else about

    def _values(self, snapshot_id: str) -> dict[str, Any]:
        sharing, answering = self.records.sharing, self.records.answering
        received, answers = answering.read(self.person.id, snapshot_id)
        mine = received.author_id == self.person.id
        rounds = answering.rounds(self.person.id, snapshot_id)
        shares = [s for s in sharing.of(self.person.id) if s.snapshot_id == snapshot_id]
        theirs = [a for a in answers if a.author_id != self.person.id]
        return {
            "received": received,
            "title": self.serving.title_of(received.workbook),
            **self.drawn(received, answers),
            "mine": mine,
            "shares": shares if mine else [],
            "can_answer": not mine and self.is_supervisor_of(received.author_id),
            "can_reply": mine and bool(theirs) and self.serving.shelf.find(REPLY) is not None,
            "answered": any(a.author_id == self.person.id for a in answers),
            "rounds": rounds,
            "across": self._across(received, mine),
            "newest": rounds[-1] if rounds and rounds[-1].snapshot_id != snapshot_id else None,
            "others": sorted({a.author for a in theirs}),
        }

    def _across(self, received: Received, mine: bool) -> str:
        """Where this stands beside its author's other sheets about the same pair; may be empty."""
        if received.pair_id is None or received.workbook not in SHEETS:
            return ""
        if mine:
            return self.to(f"pairs/{received.pair_id}/sessions")
        coach = received.author_id
        supervises = self.is_supervisor_of(coach)
        return self.to(f"coaches/{coach}/pairs/{received.pair_id}") if supervises else ""


class Still(Page):
    """``GET /shared/<id>/still``: whether the words on an open page may still be read there.

    Nothing is opened, no line is written, and no session is kept open by it.
    """

    answers_json = True
    asks_by_itself = True

    async def get(self, snapshot_id: str) -> None:
        await self.work(self.records.sharing.may_read, self.person.id, snapshot_id)
        self.set_status(204)
        self.finish()


class Thanks(AboutCopy):
    """``POST /shared/<id>/thanks``: read, thank you; let's talk about it on a date.  One press."""

    async def post(self, snapshot_id: str) -> None:
        await self.work(self._thank, snapshot_id)
        self.redirect(self.to(f"shared/{snapshot_id}"))

    def _thank(self, snapshot_id: str) -> None:
        received = self.records.sharing.read(self.person.id, snapshot_id)
        if not self.is_supervisor_of(received.author_id):
            raise NotFound("There is nothing here for you.")
        entry = self.records.entries.start(self.person.id, REVIEW, about_id=snapshot_id)
        self._keep(entry)
        # Only the thanks and the date go: a private draft in the other boxes stays private, and
        # what was released before stays as it is.
        keys = ("thanks", "talk-on")
        outline = Outline((("thanks", "Read, thank you", keys),))
        document = self.records.answering.compose(self.person.id, entry.id, outline, keys)
        reader = self.records.sharing.readers(self.person.id, entry.id, ("author",))[0]
        self.records.sharing.share(
            self.person.id,
            entry.id,
            document,
            reader,
            purpose=PURPOSE,
            ends_at=max(received.ends_at, self.records.store.now() + timedelta(days=1)),
        )

    def _keep(self, entry: Entry) -> None:
        """The two answers of the form."""
        workbook = self.serving.shelf.get(REVIEW)
        days = (self.get_body_argument(f"talk-on-{p}", "") for p in ("day", "month", "year"))
        given = {"thanks": "read", "talk-on": "-".join(days).strip("-")}
        saved = self.records.entries.answers(self.person.id, entry.id)
        for key, raw in given.items():
            prompt = workbook.prompt(key)
            if prompt is None or not raw:
                continue
            value = check_answer(prompt, raw)
            if isinstance(value, Problem):
                raise NotPossible(f"{value.sentence} Go back and try again.")
            revision = saved[key].revision if key in saved else 0
            self.records.entries.save(
                self.person.id,
                entry.id,
                prompt,
                value,
                base=revision,
                writer="one-press",
                counter=revision + 1,
            )


class StartAnswer(AboutCopy):
    """``POST /shared/<id>/review``: a private draft beside what was shared.

    For the reader, who answers it, and for its author, who answers what was said to it.
    """

    async def post(self, snapshot_id: str) -> None:
        entry = await self.work(self._start, snapshot_id)
        self.redirect(self.to(f"entries/{entry.id}"))

    def _start(self, snapshot_id: str) -> Entry:
        author_id = self.records.sharing.may_read(self.person.id, snapshot_id)
        if author_id == self.person.id:
            # There is nothing to answer to oneself.
            if not self.records.sharing.answers_to(self.person.id, snapshot_id):
                raise NotFound("There is nothing here for you.")
            workbook = self.serving.shelf.get(REPLY)
        elif self.is_supervisor_of(author_id):
            workbook = self.serving.shelf.get(REVIEW)
        else:
            raise NotFound("There is nothing here for you.")
        return self.records.entries.start(self.person.id, workbook.id, about_id=snapshot_id)
