"""People who save, as the load generator plays them, on both sides alike."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

from bench.wire import Reply, Wire

MOST_TRIES = 20


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

    async def save(self, wire: Wire, typist: Typist, number: int, due: float) -> None:
        """One save, until it is acknowledged.

        One that is refused for now is sent again when the server says so, as the page does; its
        clock runs on.
        """
        body = typist.body(number)
        for _ in range(MOST_TRIES):
            reply: Reply = await wire.ask("PUT", typist.path, typist.headers, body)
            if reply.status != HTTPStatus.SERVICE_UNAVAILABLE:
                break
            self.refused += 1
            await asyncio.sleep(reply.wait)
        assert reply.status == HTTPStatus.OK, (reply.status, reply.text[:200])
        self.taken.append(time.perf_counter() - due)


async def typing(port: int, typists: Sequence[Typist], seconds: int) -> Saves:
    """Everybody saves once a second, evenly spread over it.

    Counted from the moment a save was due, so that a server that falls behind cannot hide it.
    """
    saves = Saves()
    began = time.perf_counter() + 0.5

    async def one(place: int, typist: Typist) -> None:
        wire = Wire(port)
        try:
            for second in range(seconds):
                due = began + second + place / len(typists)
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
                await saves.save(wire, typist, second + 1, due)
        finally:
            wire.close()

    await asyncio.gather(*(one(n, t) for n, t in enumerate(typists)))
    return saves


@dataclass(frozen=True, slots=True)
class Rate:
    """Saves a second of all together; the number of each person's last save, in their order."""

    a_second: float
    last: list[int]
    refused: int


async def without_pause(port: int, typists: Sequence[Typist], seconds: float) -> Rate:
    """Everybody saves again as soon as a save is acknowledged, for that long."""
    saves = Saves()
    began = time.perf_counter()

    async def one(typist: Typist) -> int:
        wire, number = Wire(port), 0
        try:
            while (now := time.perf_counter()) - began < seconds:
                number += 1
                await saves.save(wire, typist, number, now)
        finally:
            wire.close()
        return number

    last = await asyncio.gather(*map(one, typists))
    return Rate(len(saves.taken) / (time.perf_counter() - began), last, saves.refused)
