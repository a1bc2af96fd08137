"""Whose turn it is to have pictures drawn, and when there is no room."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import pytest

from cascade_tools.server import crowd
from cascade_tools.server.crowd import DRAWN_AT_ONCE, LEAST, Crowd, Crowded, Queue, fits


class Room:
    """A queue, with as many kernels as the test says, some of which nobody looks at any more."""

    def __init__(self, most: int) -> None:
        self.kernels, self.left = 0, 0
        self.queue = Queue(lambda: self.kernels, self._make_room)
        self.queue.most = most
        self.order: list[object] = []
        self.done = asyncio.Event()

    async def _make_room(self) -> bool:
        if not self.left:
            return False
        self.left -= 1
        self.kernels -= 1
        return True

    async def page(self, name: object) -> None:
        await self.queue.enter(name)
        async with self.queue.turn(name):
            self.order.append(name)
            self.kernels += 1
            self.queue.has_kernel(name)
            await self.done.wait()


def during(story: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(story(), 20))  # type: ignore[arg-type]


async def settled() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


def test_some_are_drawn_for_and_the_others_wait_in_the_order_they_came() -> None:
    """The crowd can be told at any moment, and nobody is counted twice."""

    async def story() -> None:
        room = Room(most=DRAWN_AT_ONCE + 3)
        pages = [asyncio.create_task(room.page(n)) for n in range(DRAWN_AT_ONCE + 3)]
        await settled()
        assert room.queue.crowd() == Crowd(DRAWN_AT_ONCE, DRAWN_AT_ONCE + 3, DRAWN_AT_ONCE, 3)
        with pytest.raises(Crowded):
            await room.page("one more")
        room.done.set()
        await asyncio.gather(*pages)
        assert room.order == [*range(DRAWN_AT_ONCE + 3)]
        assert room.queue.crowd() == Crowd(DRAWN_AT_ONCE + 3, DRAWN_AT_ONCE + 3, 0, 0)

    during(story)


def test_a_kernel_that_nobody_looks_at_makes_room() -> None:
    """A page that was left gives its place to the next; without one, there is none."""

    async def story() -> None:
        room = Room(most=1)
        room.kernels = room.left = 1
        room.done.set()
        await room.page("next")
        with pytest.raises(Crowded):
            await room.page("after that")

    during(story)


def test_whoever_goes_while_they_wait_leaves_their_place() -> None:
    """A page that was closed in the queue keeps nobody out."""

    async def story() -> None:
        room = Room(most=DRAWN_AT_ONCE + 1)
        pages = [asyncio.create_task(room.page(n)) for n in range(DRAWN_AT_ONCE + 1)]
        await settled()
        assert room.queue.crowd().waiting == 1
        pages[-1].cancel()
        with suppress(asyncio.CancelledError):
            await pages[-1]
        assert room.queue.crowd().waiting == 0
        room.done.set()
        await asyncio.gather(*pages[:-1])
        await room.page("in their place")

    during(story)


def test_a_queue_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever would wait too long is told so at once, whatever room there will be."""
    monkeypatch.setattr(crowd, "MOST_WAITING", 2)

    async def story() -> None:
        room = Room(most=100)
        pages = [asyncio.create_task(room.page(n)) for n in range(DRAWN_AT_ONCE + 2)]
        await settled()
        with pytest.raises(Crowded):
            await room.page("one more")
        room.done.set()
        await asyncio.gather(*pages)

    during(story)


def test_a_computer_holds_what_half_of_its_memory_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small one still holds a few, and more of those that share their memory."""
    monkeypatch.setattr(crowd, "memory", lambda: 4_000_000_000)
    assert fits(forked=True) == 62
    assert fits(forked=False) == 28
    monkeypatch.setattr(crowd, "memory", lambda: 200_000_000)
    assert fits(forked=False) == LEAST
