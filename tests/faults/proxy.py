"""A network that can fail: a TCP proxy in front of a server, in a thread of its own."""

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

MODES = ("pass", "stall", "cut", "lose-reply")
BIT = 65536


@dataclass(eq=False)
class _Line:
    """One connection from a browser, and the one to the server behind it."""

    near: asyncio.StreamWriter
    far: asyncio.StreamWriter | None = None
    asked_while_losing: bool = field(default=False)

    def drop(self) -> None:
        for writer in (self.near, self.far):
            if writer is not None and writer.transport is not None:
                writer.transport.abort()


class Proxy:
    """Stands before a loopback port.

    ``pass`` forwards everything; ``stall`` keeps every connection and forwards nothing until it
    passes again; ``cut`` resets what is open and refuses what is new; ``lose-reply`` forwards each
    save, waits until the server answers, and then resets the connection instead of answering.
    ``lost`` counts the replies that were thrown away.
    """

    def __init__(self, target: int, saves: bytes = b"PUT ") -> None:
        self.lost = 0
        self.port = 0
        self._target = target
        self._saves = saves
        self._mode = "pass"
        self._lines: set[_Line] = set()
        self._loop = asyncio.new_event_loop()
        self._flows: asyncio.Event
        self._up = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "Proxy":
        self._thread.start()
        assert self._up.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def mode(self, wanted: str) -> None:
        """Behave so from now on, for connections that are open already, too."""
        assert wanted in MODES
        asyncio.run_coroutine_threadsafe(self._change(wanted), self._loop).result(10)

    @contextlib.contextmanager
    def broken(self, how: str) -> Iterator[None]:
        self.mode(how)
        try:
            yield
        finally:
            self.mode("pass")

    async def _change(self, wanted: str) -> None:
        self._mode = wanted
        if wanted == "stall":
            self._flows.clear()
        else:
            self._flows.set()
        if wanted == "cut":
            for line in list(self._lines):
                line.drop()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._listen())
        self._up.set()
        self._loop.run_forever()
        for line in list(self._lines):
            line.drop()
        self._server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    async def _listen(self) -> None:
        self._flows = asyncio.Event()
        self._flows.set()
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _serve(self, reader: asyncio.StreamReader, near: asyncio.StreamWriter) -> None:
        line = _Line(near)
        if self._mode == "cut":
            line.drop()
            return
        self._lines.add(line)
        try:
            await self._flows.wait()
            answers, line.far = await asyncio.open_connection("127.0.0.1", self._target)
            await asyncio.gather(self._requests(reader, line), self._replies(answers, line))
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            line.drop()
            self._lines.discard(line)

    async def _requests(self, reader: asyncio.StreamReader, line: _Line) -> None:
        assert line.far is not None
        while bit := await reader.read(BIT):
            await self._flows.wait()
            if self._mode == "lose-reply" and bit.startswith(self._saves):
                line.asked_while_losing = True
            line.far.write(bit)
            await line.far.drain()
        line.far.close()

    async def _replies(self, answers: asyncio.StreamReader, line: _Line) -> None:
        while bit := await answers.read(BIT):
            await self._flows.wait()
            if line.asked_while_losing:
                self.lost += 1
                line.drop()
                return
            line.near.write(bit)
            await line.near.drain()
        line.near.close()
