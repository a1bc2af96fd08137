"""What a server holds while people come and go: memory, kernels, open files."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import linear_regression, mean, median

import psutil

from tests.living import kernels_of

MEGABYTE = 1_000_000
WARM = "cascade_tools.server.warm"
# What may be added between the beginning and the end of a day and still be called flat: pools and
# caches fill, and two samples of an idle server differ by some megabytes.
MORE_SHARE, MORE_MEGABYTES = 0.10, 8.0
HOUR = 3600


@dataclass(frozen=True, slots=True)
class Sample:
    """One look at a server.  Memory in MB: ``server``, ``warm`` and ``kernel`` (the mean of all
    kernels) unshared, ``whole`` with each shared page divided among those who share it."""

    at: float
    server: float
    warm: float
    kernel: float
    whole: float
    kernels: int
    files: int


def look(pid: int) -> Sample:
    """The server with that process id, and everything it has started."""
    kernels, warm, whole = [], 0.0, 0.0
    server = psutil.Process(pid)
    own = server.memory_full_info()
    whole += own.pss / MEGABYTE
    ids = set(kernels_of(pid))
    for child in server.children(recursive=True):
        with contextlib.suppress(psutil.Error):
            held = child.memory_full_info()
            whole += held.pss / MEGABYTE
            if child.pid in ids:
                kernels.append(held.uss / MEGABYTE)
            elif WARM in child.cmdline():
                warm += held.uss / MEGABYTE
    return Sample(
        time.monotonic(),
        own.uss / MEGABYTE,
        warm,
        mean(kernels) if kernels else 0.0,
        whole,
        len(kernels),
        server.num_fds(),
    )


async def watch(pid: int, every: float, see: Callable[[Sample], None]) -> None:
    """Look every so many seconds, beside the people, until cancelled."""
    while True:
        see(await asyncio.to_thread(look, pid))
        await asyncio.sleep(every)


async def until_no_kernel(pid: int, most: float) -> float | None:
    """The seconds until no kernel is left; None where one still is after ``most`` seconds."""
    began = time.monotonic()
    while (waited := time.monotonic() - began) < most:
        if not await asyncio.to_thread(kernels_of, pid):
            return waited
        await asyncio.sleep(1)
    return None


@dataclass(frozen=True, slots=True)
class Drift:
    """How something went over a day: its median in the first and in the last quarter, once
    everybody had come, and the slope of a line through all of it, an hour."""

    first: float
    last: float
    slope: float

    @property
    def flat(self) -> bool:
        return self.last <= self.first * (1 + MORE_SHARE) + MORE_MEGABYTES


def drift(samples: Sequence[Sample], of: Callable[[Sample], float]) -> Drift:
    """From what was seen after the warm-up; at least four samples."""
    values = [of(sample) for sample in samples]
    quarter = max(1, len(values) // 4)
    line = linear_regression([sample.at for sample in samples], values)
    return Drift(median(values[:quarter]), median(values[-quarter:]), line.slope * HOUR)
