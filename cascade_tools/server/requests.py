"""``/requests``: complaints and what people ask about their data, for those who lead the programme.

Only of what kind, from whom and by when: no word of any of it is kept.  To everybody else the
page is not there; the records see to that.
"""

from http import HTTPStatus
from itertools import groupby
from typing import Any

from cascade_tools.errors import NotFound
from cascade_tools.model.people import Person, Role
from cascade_tools.model.requests import KEPT_BACK, KINDS, Request, Sheet
from cascade_tools.model.typed import day_in_words
from cascade_tools.server.base import Page
from cascade_tools.server.lines import Line
from cascade_tools.server.pairs import today_of
from cascade_tools.server.serving import Serving
from cascade_tools.server.small_forms import (
    NO_DAY,
    NOTHING_WRONG,
    STILL_TO_COME,
    Wrong,
    typed,
    typed_day,
)

NO_KIND = "Choose what it is about."
Writer = tuple[str, str, bool, list[Sheet]]


class Requests(Page):
    """The list, a form for what came in some other way, and one press for each thing done."""

    # A lead does their duty here; nothing of their own words is kept.
    before_yes = True

    async def get(self) -> None:
        self.show("requests.html", **await self.work(self._values, NOTHING_WRONG))

    def _values(self, wrong: Wrong) -> dict[str, Any]:
        requests = self.records.requests.all(self.person.id)
        return {
            "open": [(r, self._writers(r)) for r in requests if r.answered_on is None],
            "answered": [(r, self._writers(r)) for r in requests if r.answered_on is not None],
            "kinds": KINDS,
            "kept_back": KEPT_BACK,
            "people": self.records.people.all(),
            "today": today_of(self.serving),
            "date": day_in_words,
            "title_of": self.serving.title_of,
            "wrong": wrong,
        }

    def _writers(self, request: Request) -> list[Writer]:
        """What others wrote about whoever asks for a copy: id, name, still here, sheets."""
        if request.kind != "copy" or request.person_id is None:
            return []
        sheets = self.records.others_words.sheets(self.person.id, request.id)
        found = []
        for writer_id, group in groupby(sheets, key=lambda sheet: sheet.writer_id):
            theirs = list(group)
            found.append((writer_id, theirs[0].writer, theirs[0].here, theirs))
        return found

    async def post(self) -> None:
        wrong = await self.work(self._change)
        if wrong.problems:
            shown = await self.work(self._values, wrong)
            self.show("requests.html", HTTPStatus.UNPROCESSABLE_ENTITY, **shown)
        else:
            self.redirect(self.to("requests"))

    def _change(self) -> Wrong:
        request_id = self.get_body_argument("request", "")
        match self.get_body_argument("do", ""):
            case "add":
                return self._add()
            case "acknowledge":
                self.records.requests.acknowledge(self.person.id, request_id)
            case "answer":
                self.records.requests.answer(self.person.id, request_id)
            case "ask":
                writer_id = self.get_body_argument("writer", "")
                self.records.others_words.ask(self.person.id, request_id, writer_id)
            case _:
                raise NotFound("There is nothing here for you.")
        return NOTHING_WRONG

    def _add(self) -> Wrong:
        kind, who = (self.get_body_argument(name, "") for name in ("kind", "who"))
        day = typed_day(self)
        problems = {}
        if kind not in KINDS:
            problems["kind"] = NO_KIND
        if day is None:
            problems["on"] = NO_DAY
        elif day > today_of(self.serving):
            problems["on"] = STILL_TO_COME
        if problems or day is None:
            return Wrong("add", problems, {**typed(self), "kind": kind, "who": who})
        self.records.requests.add(self.person.id, kind, day, who or None)
        return NOTHING_WRONG


def requests_due(serving: Serving, person: Person) -> list[Line]:
    """A lead is told of what has come in and not been acknowledged, and of a date that is near."""
    if Role.LEAD not in person.roles:
        return []
    today = today_of(serving)
    waiting = [
        (due, r)
        for r in serving.records.requests.all(person.id)
        if (due := r.due()) and (r.acknowledged_on is None or r.is_near(today))
    ]
    if not waiting:
        return []
    due, first = min(waiting, key=lambda one: one[0])
    came = (
        f"A complaint or request about data came in on {day_in_words(first.received_on)}."
        if len(waiting) == 1
        else f"{len(waiting)} complaints or requests about data are waiting."
    )
    wanted = "Answer it" if first.acknowledged_on else "Say that you have it"
    words = f"{came} {wanted if len(waiting) == 1 else 'The next is due'} by {day_in_words(due)}."
    return [Line(words, serving.addresses.to("requests"), "Complaints and requests")]
