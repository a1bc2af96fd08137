"""A small load generator: kept-alive HTTP/1.1 lines on loopback, the same for both sides."""

import asyncio
import gzip
import re
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

LOOPBACK = "127.0.0.1"
MOST_HEAD = 1 << 20
MOST_TRIES, AGAIN_SECONDS = 20, 1.0

Opening = Callable[[], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    head: str
    body: bytes

    @property
    def text(self) -> str:
        packed = "content-encoding: gzip" in self.head.lower()
        return (gzip.decompress(self.body) if packed else self.body).decode()

    def cookie(self, name: str) -> str:
        found = re.search(rf"(?im)^set-cookie: {name}=([^;\r]*)", self.head)
        return found.group(1) if found else ""


class Wire:
    """One connection, one request at a time, as a browser would keep it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._ends: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> Reply:
        if self._ends is None:
            self._ends = await asyncio.open_connection(LOOPBACK, self._port, limit=MOST_HEAD)
        reader, writer = self._ends
        lines = {"Host": f"{LOOPBACK}:{self._port}", "Accept-Encoding": "gzip", **(headers or {})}
        if body:
            lines["Content-Length"] = str(len(body))
        top = f"{method} {path} HTTP/1.1\r\n" + "".join(f"{k}: {v}\r\n" for k, v in lines.items())
        writer.write(top.encode() + b"\r\n" + body)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        return Reply(int(head.split(" ", 2)[1]), head, await self._body(reader, head))

    async def _body(self, reader: asyncio.StreamReader, head: str) -> bytes:
        if found := re.search(r"(?im)^content-length: (\d+)", head):
            return await reader.readexactly(int(found.group(1)))
        if not re.search(r"(?im)^transfer-encoding: chunked", head):
            return b""
        chunks = []
        while size := int((await reader.readuntil(b"\r\n")).strip(), 16):
            chunks.append(await reader.readexactly(size))
            await reader.readexactly(2)
        await reader.readexactly(2)
        return b"".join(chunks)

    def close(self) -> None:
        if self._ends is not None:
            self._ends[1].close()


@dataclass(frozen=True, slots=True)
class Rush:
    """Many at once: how many arrived whole, and the seconds until the last of those had."""

    whole: int
    last: float


async def open_ours(port: int, path: str, cookie: str) -> bool:
    """One entry page with its style and scripts, nothing cached; whether all of it is whole."""
    wires = [Wire(port), Wire(port)]
    try:
        said = {"Cookie": cookie}
        page = await wires[0].ask("GET", path, said)
        html = page.text
        style = re.search(r'href="([^"]+/cascade\.css)"', html)
        script = re.search(r'src="([^"]+/page\.js)"', html)
        if page.status != HTTPStatus.OK or style is None or script is None:
            return False
        first, second = await asyncio.gather(
            wires[0].ask("GET", style.group(1), said), wires[1].ask("GET", script.group(1), said)
        )
        # What page.js imports is asked for once page.js is there.
        imported = script.group(1).replace("page.js", "prompt.js")
        third = await wires[1].ask("GET", imported, said)
        return "</html>" in html and all(
            r.status == HTTPStatus.OK and r.body for r in (first, second, third)
        )
    finally:
        for wire in wires:
            wire.close()


async def open_stock(port: int) -> bool:
    """One page of stock Voila, its HTML alone; whether it is whole."""
    wire = Wire(port)
    try:
        page = await wire.ask("GET", "/")
        return (
            page.status == HTTPStatus.OK and "widget-view" in page.text and "</html>" in page.text
        )
    finally:
        wire.close()


async def rush(openings: Sequence[Opening], most: float) -> Rush:
    """All at the same moment; those not there after ``most`` seconds are given up."""
    began = time.perf_counter()

    async def one(opening: Opening) -> float | None:
        try:
            whole = await asyncio.wait_for(opening(), most)
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            return None
        return time.perf_counter() - began if whole else None

    times = [t for t in await asyncio.gather(*(one(o) for o in openings)) if t is not None]
    return Rush(len(times), max(times, default=0.0))


@dataclass(frozen=True, slots=True)
class Typist:
    """One person who saves: where to, with what headers, and the body of save number n."""

    path: str
    headers: Mapping[str, str]
    body: Callable[[int], bytes]


@dataclass(slots=True)
class Saves:
    """The seconds each save took, and how often one was refused with 503 before that."""

    taken: list[float] = field(default_factory=list)
    refused: int = 0


async def typing(port: int, typists: Sequence[Typist], seconds: int) -> Saves:
    """Everybody saves once a second, evenly spread over it.

    Counted from the moment a save was due, so that a server that falls behind cannot hide it.
    One that is refused for now is sent again after a second, as the page does; its clock runs on.
    """
    saves = Saves()
    began = time.perf_counter() + 0.5

    async def one(number: int, typist: Typist) -> None:
        wire = Wire(port)
        try:
            for second in range(seconds):
                due = began + second + number / len(typists)
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
                body = typist.body(second + 1)
                for _ in range(MOST_TRIES):
                    reply = await wire.ask("PUT", typist.path, typist.headers, body)
                    if reply.status != HTTPStatus.SERVICE_UNAVAILABLE:
                        break
                    saves.refused += 1
                    await asyncio.sleep(AGAIN_SECONDS)
                assert reply.status == HTTPStatus.OK, (reply.status, reply.text[:200])
                saves.taken.append(time.perf_counter() - due)
        finally:
            wire.close()

    await asyncio.gather(*(one(n, t) for n, t in enumerate(typists)))
    return saves
