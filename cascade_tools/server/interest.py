"""``/interest``: *Is this for me?* without an account.

Nothing is kept until *Send*.  Until then everything a person writes travels with the page: each
step carries the answers of the others as hidden fields, so that no cookie, address, log or table
holds any of it.
"""

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

from tornado import web

from cascade_tools.errors import NotFound
from cascade_tools.model import eligibility
from cascade_tools.model.entry import Saved
from cascade_tools.model.prompts import Answer, Problem, check_answer, given
from cascade_tools.model.workbook import Page as WorkbookPage
from cascade_tools.model.workbook import Workbook
from cascade_tools.server.base import Page
from cascade_tools.server.composing import Notes, compose
from cascade_tools.server.expression import body_of, is_last, last_pages, rows, terms_of
from cascade_tools.server.once import Once
from cascade_tools.server.posted import posted

INTEREST = "leader/is-this-for-me"
# Without these nobody can answer.
TO_ANSWER = ("name", "reach")

MOST_BYTES = 500_000
MOST_CHARACTERS = 10_000
SENDS_AN_HOUR = 5


@dataclass(frozen=True, slots=True)
class Written:
    """What came with a page: answers that can stand, problems by key, and what was typed."""

    answers: Mapping[str, Answer]
    problems: Mapping[str, str]
    typed: Mapping[str, Any]


NOTHING = Written({}, {}, {})


class Interest(Page):
    """``/interest``: the pages, "Check your answers", the last questions, and *Send*.

    ``sending`` remembers for a while what was sent, as hashes, with the reference it was given.
    """

    open_to_all = True

    def initialize(self, sending: Once) -> None:
        self.sending = sending

    async def prepare(self) -> None:
        await super().prepare()
        if len(self.request.body) > MOST_BYTES:
            raise web.HTTPError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)

    @property
    def workbook(self) -> Workbook:
        found = self.serving.shelf.find(INTEREST)
        if found is None or not found.public:
            raise NotFound("There is nothing here for you.")
        return found

    def get(self) -> None:
        self._form(self.workbook, NOTHING)

    async def post(self) -> None:
        workbook, go = self.workbook, self.get_body_argument("go", "check")
        written = self._written(workbook)
        at_last = any(
            p.key in written.problems for page in last_pages(workbook) for p in page.prompts
        )
        if go.startswith("page-"):
            self._form(workbook, written, go.removeprefix("page-"))
        elif at_last or (go == "last" and not written.problems):
            self._last(workbook, written)
        elif written.problems:
            self._form(workbook, written)
        elif go == "send":
            await self._send(workbook, written)
        else:
            self._check(workbook, written)

    def _written(self, workbook: Workbook) -> Written:
        answers, problems, typed = {}, {}, {}
        for prompt in workbook.prompts:
            raw = posted(self, prompt)
            value = check_answer(prompt, raw)
            if isinstance(value, str) and len(value) > MOST_CHARACTERS:
                sentence = f"Make this shorter. It can hold {MOST_CHARACTERS:,} characters."
                value = Problem(prompt.key, sentence)
            if isinstance(value, Problem):
                problems[prompt.key], typed[prompt.key] = value.sentence, raw
            elif given(value):
                answers[prompt.key] = typed[prompt.key] = value
        return Written(answers, problems, typed)

    # The steps

    def _form(self, workbook: Workbook, written: Written, current: str = "") -> None:
        """The pages themselves.  Without a script they are one long form."""
        notes = Notes(written.problems, {}, written.typed)
        now = self.records.store.now()
        saved = {
            p.key: Saved(p, written.answers[p.key], 0, now, "")
            for p in workbook.prompts
            if p.key in written.answers
        }
        asked = replace(workbook, pages=tuple(p for p in workbook.pages if not is_last(p)))
        composed = compose(self.serving, asked, saved, [], notes=notes)
        wrong = [p.id for p in asked.pages if any(q.key in written.problems for q in p.prompts)]
        open_pages = [p.id for p in composed.pages if not p.closed]
        wanted = (*wrong, current, *open_pages)
        self._step(
            "interest.html",
            HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
            workbook=asked,
            composed=composed,
            current=next(page for page in wanted if page in open_pages),
            problems=written.problems,
            carried=self._fields(last_pages(workbook)),
        )

    def _check(
        self, workbook: Workbook, written: Written, problem: str = "", status: int = HTTPStatus.OK
    ) -> None:
        pages = [p for p in workbook.open_pages(written.answers) if not is_last(p)]
        self._step(
            "interest-check.html",
            status,
            workbook=workbook,
            going=list(rows(pages, written.answers, going=True)),
            staying=list(rows(pages, written.answers, going=False)),
            last=bool(last_pages(workbook)),
            unreachable=not all(key in written.answers for key in TO_ANSWER),
            problem=problem,
            carried=self._fields(workbook.pages),
            **self._rules(written.answers),
        )

    def _last(
        self, workbook: Workbook, written: Written, problem: str = "", status: int = HTTPStatus.OK
    ) -> None:
        """Questions that have nothing to do with the rest, each one free."""
        pages = last_pages(workbook)
        if not pages:
            self._check(workbook, written, problem, status)
            return
        notes = Notes(written.problems, {}, written.typed)
        composed = compose(self.serving, replace(workbook, pages=pages), {}, [], notes=notes)
        self._step(
            "interest-last.html",
            HTTPStatus.UNPROCESSABLE_ENTITY if written.problems else status,
            workbook=workbook,
            composed=composed,
            problems=written.problems,
            problem=problem,
            carried=self._fields(p for p in workbook.pages if not is_last(p)),
        )

    async def _send(self, workbook: Workbook, written: Written) -> None:
        body = body_of(workbook, written.answers, terms_of(self.serving.settings))
        if not body["pages"]:
            nothing = "There is nothing to send yet. Answer something first."
            self._check(workbook, written, nothing, HTTPStatus.UNPROCESSABLE_ENTITY)
            return
        reference = await self._reference(body)
        if not reference:
            show = self._last if self.get_body_argument("step", "") == "last" else self._check
            show(
                workbook,
                written,
                "Several have come from where you are in the last hour. Nothing is lost: wait a "
                f"little and send this again, or ring {self.serving.settings.programme_phone}.",
                HTTPStatus.TOO_MANY_REQUESTS,
            )
            return
        self._step(
            "interest-sent.html",
            workbook=workbook,
            reference=reference,
            body=body,
            on=self.serving.day(self.records.store.now()),
            **self._rules(written.answers),
        )

    def _step(self, template: str, status: int = HTTPStatus.OK, **values: Any) -> None:
        once = self.get_body_argument("once", "")[:32] or secrets.token_hex(8)
        self.show(template, status, once=once, **values)

    def _fields(self, pages: Iterable[WorkbookPage]) -> list[tuple[str, str]]:
        """What came with these pages, as it came, to be carried by the next step."""
        keys = [p.key for page in pages for p in page.prompts]
        return [
            (name, value)
            for name in self.request.body_arguments
            if any(name == key or name.startswith((f"{key}-", f"{key}.")) for key in keys)
            for value in self.get_body_arguments(name, strip=False)
        ]

    def _rules(self, answers: Mapping[str, Answer]) -> dict[str, Any]:
        terms = terms_of(self.serving.settings)
        return {
            "joining": eligibility.joining(answers, terms),
            "bursary": eligibility.bursary(answers, terms),
            "needed": eligibility.how_many_are_needed(terms),
            "fee": eligibility.pounds(terms.fee),
        }

    # Sending

    async def _reference(self, body: dict[str, Any]) -> str:
        """The reference; empty when too many have come from here.  Pressing twice or loading the
        page again sends nothing twice."""
        once = self.get_body_argument("once", "") or secrets.token_hex(8)
        whole = once + json.dumps(body, sort_keys=True)

        async def keep() -> str:
            return await self.work(self._keep, body)

        return await self.sending.do(whole, keep)

    def _keep(self, body: dict[str, Any]) -> str:
        place = self.request.remote_ip or ""
        if not self.records.signing_in.allow("interest", place, SENDS_AN_HOUR):
            return ""
        return self.records.submissions.send(INTEREST, body)
