"""What a serving process does for itself."""

import asyncio
import gc
import weakref
from collections.abc import Iterator

import pytest

from cascade_tools.server import running


class Line:
    """Something that is left in a circle when it is closed."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def _as_before() -> Iterator[None]:
    often = gc.get_threshold()
    yield
    gc.set_threshold(*often)
    gc.unfreeze()


@pytest.mark.usefixtures("_as_before")
def test_what_is_left_in_circles_goes_though_little_is_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A quiet server makes too little for Python to look for garbage by itself."""
    monkeypatch.setattr(running, "GARBAGE_EVERY_MS", 20)

    async def story() -> None:
        running.settle()
        gc.set_threshold(0)  # Python itself would never look
        left = weakref.ref(Line())
        assert left() is not None
        while left() is not None:
            await asyncio.sleep(0.01)

    asyncio.run(asyncio.wait_for(story(), 30))
