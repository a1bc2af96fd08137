"""How many kernels a computer holds, and whose turn it is to have pictures drawn."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

# Megabytes a kernel takes of a computer that it shares with no other: forked, and started.
FORKED, STARTED = 32, 70
LEAST = 4
# Drawn at the same time: more would only make each of them later, and saving too.
DRAWN_AT_ONCE = (os.cpu_count() or 1) + 2
# Whoever comes when so many wait is asked to come again rather than to wait for minutes.
MOST_WAITING = 120
LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")


class Crowded(Exception):
    """There is no room for one more page's pictures now.  The page can ask again later."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """Kernels now and at most; pages whose pictures are being drawn, and pages that wait."""

    kernels: int
    most: int
    drawing: int
    waiting: int


def memory() -> int:
    """Bytes that everything here may take together: the computer's, or its container's."""
    found = [psutil.virtual_memory().total]
    for path in LIMITS:
        with suppress(OSError, ValueError):
            found.append(int(Path(path).read_text()))
    return min(found)


def fits(forked: bool) -> int:
    """How many kernels half of the memory holds."""
    return max(LEAST, int(memory() / 2 / 1_000_000 / (FORKED if forked else STARTED)))


class Queue:
    """Pages that want their pictures, first come, first served.

    ``kernels`` counts those that there are; ``make_room`` may end one that nobody looks at any
    more, and says whether there was one.
    """

    def __init__(self, kernels: Callable[[], int], make_room: Callable[[], Awaitable[bool]]):
        self.most = LEAST
        self._kernels, self._make_room = kernels, make_room
        self._turns = asyncio.Semaphore(DRAWN_AT_ONCE)
        self._waiting: set[object] = set()
        # Those that are drawn for, and whether each has its kernel.
        self._drawing: dict[object, bool] = {}

    def crowd(self) -> Crowd:
        return Crowd(self._kernels(), self.most, len(self._drawing), len(self._waiting))

    def has_kernel(self, page: object) -> None:
        if page in self._drawing:
            self._drawing[page] = True

    def _coming(self) -> int:
        """Kernels that there will be in a moment."""
        return len(self._waiting) + list(self._drawing.values()).count(False)

    async def enter(self, page: object) -> None:
        """Take one's place.  Raises ``Crowded`` when there is none."""
        if len(self._waiting) >= MOST_WAITING:
            raise Crowded
        while self._kernels() + self._coming() >= self.most:
            if not await self._make_room():
                raise Crowded
        self._waiting.add(page)

    @asynccontextmanager
    async def turn(self, page: object) -> AsyncIterator[None]:
        """Wait for one's turn, and have it.  Whoever has taken a place must come here."""
        try:
            async with self._turns:
                self._waiting.discard(page)
                self._drawing[page] = False
                yield
        finally:
            self._waiting.discard(page)
            self._drawing.pop(page, None)
