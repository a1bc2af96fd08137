"""``python -m bench.room``: people arrive in a room within a minute, and practise.

Sixty for ten minutes, unless told otherwise.  Prints what went wrong, how long answers took, and
the memory of the server before and after.  Ends with 1 where anything went wrong.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import psutil

from bench import report
from tests.roomful import Guest, OpenRoom

ARRIVING_SECONDS = 60.0
# To read a page and think about it; quicker than people are.
PAUSE = (2.0, 10.0)
MEGABYTE = 1_000_000


def arguments(given: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.room", description=__doc__)
    parser.add_argument("--people", type=int, default=60)
    parser.add_argument("--minutes", type=float, default=10.0, help="that each of them practises")
    return parser.parse_args(given)


async def visits(url: str, people: int, minutes: float) -> list[Guest]:
    """Everybody arrives at a moment of their own, and practises until their time is over."""
    guests = [Guest(url, n, pause=PAUSE) for n in range(people)]
    arriving = min(ARRIVING_SECONDS, minutes * 60)

    async def one(guest: Guest) -> None:
        await asyncio.sleep(guest.chance.uniform(0, arriving))
        over = time.monotonic() + minutes * 60
        await guest.arrive()
        while time.monotonic() < over:
            await guest.practise()

    await asyncio.gather(*map(one, guests))
    return guests


def main(given: Sequence[str]) -> int:
    """Measure once and print; the exit code."""
    asked = arguments(given)
    print(report.in_words(report.machine()), flush=True)
    with tempfile.TemporaryDirectory() as aside, OpenRoom(Path(aside)) as room:
        assert room.process is not None
        server, said = psutil.Process(room.process.pid), room.said
        before = server.memory_info().rss
        began = time.monotonic()
        guests = asyncio.run(visits(room.url, asked.people, asked.minutes))
        spent, after = time.monotonic() - began, server.memory_info().rss
        times = server.cpu_times()
        left = [str(one) for one in room.own.rglob("*")]
        more = room.said.removeprefix(said)
    took = sorted(second for guest in guests for second in guest.took)
    faults = [fault for guest in guests for fault in guest.faults]
    print(
        f"{asked.people} people, {spent / 60:.1f} minutes, {len(took):,} answers",
        f"went wrong        {len(faults)}",
        f"median            {statistics.median(took) * 1000:.1f} ms",
        f"p95               {took[int(len(took) * 0.95)] * 1000:.1f} ms",
        f"slowest           {took[-1] * 1000:.1f} ms",
        f"memory before     {before / MEGABYTE:.1f} MB",
        f"memory after      {after / MEGABYTE:.1f} MB",
        f"processor         {(times.user + times.system) / spent:.1%} of one",
        f"files left behind {len(left)}",
        f"lines in the log  {len(more.splitlines())}",
        *faults[:20],
        sep="\n",
    )
    return 1 if faults or left or more else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
