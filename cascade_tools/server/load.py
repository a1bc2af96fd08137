"""What a server counts while it serves, so that it can say whether it keeps up."""

import asyncio
import math
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import psutil

from cascade_tools import __version__
from cascade_tools.errors import NotNow
from cascade_tools.model.load import ACTIVE_MINUTES, Load
from cascade_tools.server.crowd import memory

if TYPE_CHECKING:
    from cascade_tools.server.serving import Serving

MINUTE = 60.0
# More than can be saved in a minute; what is counted can never fill the memory.
MOST = 20_000
# Whether the records can be written is tried at most this often, however many people ask.
TRIED_SECONDS = 5.0
MEGABYTE = 1_000_000


class Gauge:
    """Saves of the last minute, and whether the records could be written when last tried.

    Only times are kept: not whose save it was, nor of what.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.since = datetime.now(UTC)
        self.on_their_way = 0
        self._clock = clock
        self._saves: deque[tuple[float, float]] = deque(maxlen=MOST)
        self._refused: deque[float] = deque(maxlen=MOST)
        self._trying = asyncio.Lock()
        self._tried = -math.inf
        self._writable = True

    @contextmanager
    def saving(self) -> Iterator[None]:
        """Around one save: how long it took, or that it could not be written now."""
        began = self._clock()
        self.on_their_way += 1
        try:
            yield
        except NotNow:
            self._refused.append(self._clock())
            raise
        finally:
            self.on_their_way -= 1
        self._saves.append((self._clock(), self._clock() - began))

    def saves(self) -> tuple[int, float | None, int]:
        """Of the last minute: saves, the milliseconds of 95 of 100 of them, and those refused."""
        start = self._clock() - MINUTE
        took = sorted(seconds for at, seconds in self._saves if at > start)
        refused = sum(at > start for at in self._refused)
        if not took:
            return 0, None, refused
        return len(took), round(took[math.ceil(0.95 * len(took)) - 1] * 1000, 1), refused

    async def writable(self, serving: "Serving", *, now: bool = False) -> bool:
        """Whether the records can be written; ``now`` tries it even if somebody has just tried."""
        async with self._trying:
            if now or self._clock() - self._tried > TRIED_SECONDS:
                try:
                    await serving.save(serving.records.standing.try_writing)
                    self._writable = True
                except NotNow:
                    self._writable = False
                self._tried = self._clock()
            return self._writable


async def load_of(serving: "Serving", kernels: Any) -> Load:
    """Everything there is to say of a server, counted now.  ``kernels`` is what starts them."""
    gauge, crowd = serving.gauge, kernels.crowd()
    saves_wait = gauge.on_their_way
    saves, p95_ms, refused = gauge.saves()
    signed_in: int | None = None
    active: int | None = None
    with suppress(NotNow):
        within = timedelta(minutes=ACTIVE_MINUTES)
        signed_in, active = await serving.work(serving.records.standing.people, within)
    server, below = await serving.work(_memory)
    whole = memory() // MEGABYTE
    left = psutil.virtual_memory().available // MEGABYTE
    return Load(
        version=__version__,
        since=gauge.since,
        writable=await gauge.writable(serving, now=True),
        signed_in=signed_in,
        active=active,
        kernels=crowd.kernels,
        kernels_most=crowd.most,
        drawing=crowd.drawing,
        drawing_waits=crowd.waiting,
        saves=saves,
        p95_ms=p95_ms,
        refused=refused,
        saves_wait=saves_wait,
        server_megabytes=server,
        kernels_megabytes=below,
        memory_megabytes=whole,
        # A container may have less than its computer.
        memory_left=max(0, min(left, whole - server - below)),
    )


def _memory() -> tuple[int, int]:
    """Megabytes of this process, and of all below it: kernels and what they are forked from."""
    me = psutil.Process()
    return _megabytes(me), sum(_megabytes(p) for p in me.children(recursive=True))


def _megabytes(process: psutil.Process) -> int:
    """What would be free again without it: memory that several share is shared out."""
    with suppress(psutil.Error):
        found = process.memory_full_info()
        return int(getattr(found, "pss", found.uss)) // MEGABYTE
    return 0
