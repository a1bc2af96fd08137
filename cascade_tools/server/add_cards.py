"""``/cards``: a thought for the wall, from whoever is in the room.  No account, and no name.

The code in the address opens one event.  What somebody typed, and that with which they can take
their card back, travel with the page and nowhere else.  Names of people are not looked for here:
a page without an account must not tell who is in the programme.
"""

import re
import secrets
from contextlib import suppress
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

from cascade_tools.draw.details import marked
from cascade_tools.errors import NotFound, NotPossible
from cascade_tools.model.details import find_details
from cascade_tools.model.knowledge import MOST_CHARACTERS, ROUNDS, OpenEvent
from cascade_tools.model.names import known_names
from cascade_tools.server.base import Page
from cascade_tools.server.once import Once
from cascade_tools.server.pairs import today_of
from cascade_tools.server.rounds import rounds

# Sixty people behind one address, each with a hundred pages in an hour.
PAGES_AN_HOUR = 6000
NO_CODE = "Type the code that stands on the wall."
NOTHING_WRITTEN = "Write a thought first. A few words are enough."
TOO_LONG = f"Make this shorter. A card holds {MOST_CHARACTERS} characters."
CHOOSE_AGAIN = "Look at the question once more. Then put your card up."
CLOSED = "No card can be added with this code. The event may be over, or the code is another one."
TOO_MANY = "Very many people are here at once. Wait a little, and try again."


def plain_code(typed: str) -> str:
    """A code as it was given out, however it was typed."""
    return re.sub("[^0-9A-Z]", "", typed.upper())


class TypeCode(Page):
    """``/cards``: type the code."""

    open_to_all = True

    def get(self) -> None:
        self.show("cards.html", problem="")

    def post(self) -> None:
        code = plain_code(self.get_body_argument("code", "")[:100])
        if code:
            self.redirect(self.to(f"cards/{code[:32]}"), status=HTTPStatus.SEE_OTHER)
        else:
            self.show("cards.html", HTTPStatus.UNPROCESSABLE_ENTITY, problem=NO_CODE)


@dataclass(frozen=True, slots=True)
class Written:
    """What came with the page: the round it answers, the words, and whether they may be quoted."""

    round: str
    words: str
    publish: bool


class AddCard(Page):
    """``/cards/<code>``: the round's question, one box, and what became of it."""

    open_to_all = True

    def initialize(self, sending: Once) -> None:
        self.sending = sending

    async def get(self, code: str) -> None:
        event = await self._event(code)
        if event is not None:
            self._form(event, Written("", "", False))

    async def post(self, code: str) -> None:
        event = await self._event(code)
        if event is None:
            return
        written = self._written()
        do, _, other = self.get_body_argument("do", "send").partition(":")
        if do == "take-back":
            await self._take_back(event, code)
        elif do in ("round", "change"):
            self._form(event, replace(written, round=other or written.round))
        elif not written.words:
            self._form(event, written, NOTHING_WRITTEN)
        elif len(written.words) > MOST_CHARACTERS:
            self._form(event, written, TOO_LONG)
        elif written.round not in ROUNDS[: event.round]:
            self._form(event, written, CHOOSE_AGAIN)
        elif do == "as-it-is" or not self._points(event, written):
            await self._send(event, code, written)

    def _written(self) -> Written:
        return Written(
            self.get_body_argument("round", ""),
            " ".join(self.get_body_argument("words", "").split()),
            self.get_body_argument("publish", "") == "yes",
        )

    async def _event(self, code: str) -> OpenEvent | None:
        """The event this code opens; None once the page has said that there is none."""
        place = self.request.remote_ip or ""
        if not await self.work(self.records.signing_in.allow, "cards", place, PAGES_AN_HOUR):
            self._stopped(TOO_MANY, HTTPStatus.TOO_MANY_REQUESTS)
            return None
        try:
            return await self.work(self.records.knowledge.by_code, plain_code(code))
        except NotFound:
            self._stopped(CLOSED, HTTPStatus.NOT_FOUND)
        return None

    def _stopped(self, sentence: str, status: int) -> None:
        """It goes no further; what was typed is still there to be copied."""
        self.show("cards-stopped.html", status, sentence=sentence, words=self._written().words)

    def _form(self, event: OpenEvent, written: Written, problem: str = "") -> None:
        open_rounds = rounds(self.serving.local)[: event.round]
        newest = open_rounds[-1] if open_rounds else None
        asked = next((r for r in open_rounds if r.id == written.round), newest)
        self._step(
            "card.html",
            HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
            event=event,
            asked=asked,
            others=[r for r in open_rounds if r != asked],
            written=written,
            problem=problem,
            most=MOST_CHARACTERS,
        )

    def _points(self, event: OpenEvent, written: Written) -> bool:
        """Whether something in it may point to a person; then the page asks about it."""
        finds = find_details(written.words, known_names([]), today_of(self.serving))
        if finds:
            words = marked(written.words, finds)
            self._step("card-points.html", event=event, written=written, marked=words)
        return bool(finds)

    async def _send(self, event: OpenEvent, code: str, written: Written) -> None:
        knowledge, once = self.records.knowledge, self.get_body_argument("once", "")[:32]

        async def add() -> str:
            return await self.work(
                knowledge.add, plain_code(code), written.round, written.words, written.publish
            )

        try:
            token = await self.sending.do(repr((once, plain_code(code), written)), add)
        except NotFound:
            self._stopped(CLOSED, HTTPStatus.NOT_FOUND)
        except NotPossible as problem:
            self._form(event, written, str(problem))
        else:
            self._step("card-sent.html", event=event, written=written, token=token, gone=False)

    async def _take_back(self, event: OpenEvent, code: str) -> None:
        token = self.get_body_argument("token", "")[:200]
        # Taken back already is what was wanted, too.
        with suppress(NotFound):
            await self.work(self.records.knowledge.take_back, plain_code(code), token)
        self.sending.forget(token)
        self._step("card-sent.html", event=event, written=self._written(), token="", gone=True)

    def _step(self, template: str, status: int = HTTPStatus.OK, **values: Any) -> None:
        """A page of this event; ``once`` makes what is posted from it count once."""
        code = plain_code(self.path_args[0])
        once = self.get_body_argument("once", "")[:32] if status >= 400 else ""
        self.show(
            template,
            status,
            here=self.to(f"cards/{code}"),
            once=once or secrets.token_hex(8),
            **values,
        )
