"""What a serving process does for itself."""

import asyncio
import gc
import platform
import subprocess
import sys
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


HAD_IN_TURN = """
import sys, threading
import psutil
from cascade_tools.server.running import keep_little

if sys.argv[1:]:
    keep_little()

def have():
    for _ in range(3):
        large = bytearray(19 << 20)  # what hashing a passphrase takes
        small = [bytes(5_000) for _ in range(2_000)]
        del large, small

held = psutil.Process().memory_info().rss
for _ in range(6):
    thread = threading.Thread(target=have)
    thread.start()
    thread.join()
print((psutil.Process().memory_info().rss - held) >> 20)
"""


@pytest.mark.skipif(
    sys.platform != "linux" or platform.libc_ver()[0] != "glibc",
    reason="the C library of another system keeps what it likes",
)
def test_what_a_thread_has_had_goes_back_to_the_system() -> None:
    """Left to itself the C library keeps as much as a passphrase takes, for threads long over."""
    left, little = (
        int(subprocess.check_output([sys.executable, "-c", HAD_IN_TURN, *told], text=True))
        for told in ((), ("keep little",))
    )
    assert little <= 4 < 10 <= left
