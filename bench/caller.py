"""What a browser does for one person: cookies, tokens, asking again; each reply is counted."""

import asyncio
import re
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import urlencode

from bench.wire import Reply, Wire

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
MOST_TRIES = 30
Fields = Mapping[str, str] | list[tuple[str, str]]


@dataclass
class Day:
    """What all of them did.  ``took``: seconds by kind of request; ``faults``: what was amiss."""

    took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    faults: list[str] = field(default_factory=list)
    done: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    here: int = 0


class Caller:
    """Somebody who asks a server on ``port``; their person's id goes with every request."""

    def __init__(self, port: int, person: str, number: int, day: Day) -> None:
        self.port, self.number, self.day = port, number, day
        self._person = person
        self._wire = Wire(port)
        self._cookies: dict[str, str] = {}

    async def get(self, path: str) -> Reply:
        """A page that must be there."""
        reply = await self.ask("page", "GET", path)
        self.expect(reply.status == HTTPStatus.OK, f"{_shape(path)}: {reply.status}")
        return reply

    async def post(self, path: str, fields: Fields, kind: str = "page") -> Reply:
        """A form, as its page would send it."""
        pairs = [*(fields.items() if isinstance(fields, Mapping) else fields)]
        body = urlencode([("_xsrf", self._cookies.get("_xsrf", "")), *pairs]).encode()
        return await self.ask(kind, "POST", path, FORM, body)

    async def until_taken(
        self,
        kind: str,
        method: str,
        path: str,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
    ) -> Reply:
        """As a page does it: what is refused for now is sent again.  The clock runs on."""
        began = time.perf_counter()
        for _ in range(MOST_TRIES):
            reply = await self.ask("", method, path, headers, body)
            if reply.status != HTTPStatus.SERVICE_UNAVAILABLE:
                break
            self.day.done["asked to come again (503)"] += 1
            await asyncio.sleep(reply.wait)
        self.day.took[kind].append(time.perf_counter() - began)
        return reply

    async def ask(
        self,
        kind: str,
        method: str,
        path: str,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
    ) -> Reply:
        """One request; the seconds it took count as ``kind``."""
        began = time.perf_counter()
        reply = await self._wire.ask(method, path, self._dressed(headers), body)
        for line in re.findall(r"(?im)^set-cookie: ([^\r]*)", reply.head):
            name, _, value = line.partition(";")[0].partition("=")
            self._cookies[name] = value
        if kind:
            self.day.took[kind].append(time.perf_counter() - began)
        mistake = HTTPStatus.INTERNAL_SERVER_ERROR
        self.expect(reply.status != mistake, f"{_shape(path)}: {int(mistake)}")
        return reply

    async def send_and_go(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> None:
        """A request whose answer nobody waits for; then the line is gone."""
        await self._wire.send(method, path, self._dressed(headers), body)
        self.hang_up()

    def hang_up(self) -> None:
        self._wire.close()

    def carry(self, name: str, value: str) -> None:
        """A cookie the browser has from before."""
        self._cookies[name] = value

    def forget(self) -> None:
        """The browser keeps nothing: somebody signed out."""
        self._cookies.clear()

    def expect(self, sound: bool, fault: str) -> None:
        if not sound:
            self.day.faults.append(f"person {self.number}: {fault}")

    @property
    def cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self._cookies.items())

    def _dressed(self, headers: Mapping[str, str] | None) -> dict[str, str]:
        token = self._cookies.get("_xsrf", "")
        own = {"Cookie": self.cookie, "X-XSRFToken": token, "X-Cascade-Person": self._person}
        return own | dict(headers or {})


def _shape(path: str) -> str:
    """An address without whose it is."""
    return re.sub(r"[0-9a-f]{32}", "<id>", path)
