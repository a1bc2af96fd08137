"""Kept-alive HTTP/1.1 lines on loopback: what the load generator asks with, on both sides."""

import asyncio
import gzip
import re
from collections.abc import Mapping
from dataclasses import dataclass

LOOPBACK = "127.0.0.1"
MOST_HEAD = 1 << 20
AGAIN_SECONDS = 1.0


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

    def header(self, name: str) -> str:
        found = re.search(rf"(?im)^{name}: ([^\r]*)", self.head)
        return found.group(1) if found else ""

    @property
    def wait(self) -> float:
        """The seconds after which a server that was busy wants to be asked again."""
        said = self.header("retry-after")
        return float(said) if said.isdigit() else AGAIN_SECONDS


class Wire:
    """One connection, one request at a time, as a browser would keep it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._ends: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> Reply:
        reader = await self.send(method, path, headers, body)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        return Reply(int(head.split(" ", 2)[1]), head, await self._body(reader, head))

    async def send(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> asyncio.StreamReader:
        """One request; where its answer will be read."""
        if self._ends is None:
            self._ends = await asyncio.open_connection(LOOPBACK, self._port, limit=MOST_HEAD)
        reader, writer = self._ends
        lines = {"Host": f"{LOOPBACK}:{self._port}", "Accept-Encoding": "gzip", **(headers or {})}
        if body or method != "GET":
            lines["Content-Length"] = str(len(body))
        top = f"{method} {path} HTTP/1.1\r\n" + "".join(f"{k}: {v}\r\n" for k, v in lines.items())
        writer.write(top.encode() + b"\r\n" + body)
        return reader

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
            self._ends = None
