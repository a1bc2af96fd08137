"""What comes twice is done once: a button pressed twice, a page loaded again."""

import asyncio
import hashlib
from collections.abc import Callable, Coroutine
from typing import Any

REMEMBERED = 400


class Once:
    """Remembers for a while, by a hash, what was done and what came of it.

    What came of nothing (``""``) is not remembered, so that it can be tried again.
    """

    def __init__(self) -> None:
        self._done: dict[str, asyncio.Future[str]] = {}

    async def do(self, whole: str, make: Callable[[], Coroutine[Any, Any, str]]) -> str:
        """What came of ``make``, now or when the same ``whole`` came before."""
        name = hashlib.sha256(whole.encode()).hexdigest()
        if name not in self._done:
            for oldest in list(self._done)[:-REMEMBERED]:
                del self._done[oldest]
            self._done[name] = asyncio.ensure_future(make())
        came = ""
        try:
            came = await self._done[name]
        finally:
            if not came:
                self._done.pop(name, None)
        return came

    def forget(self, came: str) -> None:
        """What came of it is no more: the same may be done again."""
        whole = [name for name, task in self._done.items() if task.done() and _of(task) == came]
        for name in whole:
            del self._done[name]


def _of(task: asyncio.Future[str]) -> str:
    """What came of it; nothing, where it could not be done."""
    return "" if task.cancelled() or task.exception() is not None else task.result()
