"""``python -m bench.processor``: what one page, its pictures and one save cost the processor.

For comparing one commit with another: no peer, no browser, and seconds of the server's processor,
which other work on the machine changes far less than seconds of the clock.  Copy ``bench`` over an
older commit that has been unpacked, and run it there with ``PYTHONPATH`` set to that folder.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from statistics import median

import psutil

from bench.arriving import Rush, open_ours, open_picture, rush
from bench.people import writers
from bench.rows import percentile
from bench.runs import living, pid_of, place
from bench.saving import typists_of
from bench.typists import typing, without_pause

PEOPLE, ROUNDS, PICTURES = 60, 5, 20
TYPING_SECONDS, RUSH_SECONDS, MOST_SECONDS = 8, 4.0, 120.0


def used(pid: int) -> float:
    """Seconds of the processor that a process has had, without what it has started."""
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


def main(given: Sequence[str]) -> int:
    """Measure and print; 0."""
    parser = argparse.ArgumentParser(prog="python -m bench.processor", description=__doc__)
    parser.parse_args(given)
    with place() as top, living(top / "house") as house:
        pid, everybody = pid_of(house), writers(house, PEOPLE)
        pages = [partial(open_ours, house.port, writer) for writer in everybody]

        def together() -> Rush:
            return asyncio.run(rush(pages, MOST_SECONDS))

        together()
        rushes, costs = [], []
        for _ in range(ROUNDS):
            spent = _spent(pid, lambda: rushes.append(together()))
            costs.append(spent / PEOPLE * 1000)
        last = median(one.last for one in rushes)
        print(f"a page            {median(costs):6.1f} ms; {PEOPLE} at once: {last:.2f} s")
        asyncio.run(open_picture(house.port, everybody[0], []))
        some = [partial(open_picture, house.port, w, []) for w in everybody[1 : PICTURES + 1]]
        found: list[Rush] = []
        spent = _spent(pid, lambda: found.append(asyncio.run(rush(some, MOST_SECONDS))))
        each = spent / PICTURES * 1000 - median(costs)
        print(f"its pictures      {each:6.1f} ms; {PICTURES} at once: {found[0].last:.2f} s")
        typists = asyncio.run(typists_of(house, everybody, "typing"))
        began = used(pid)
        typed = asyncio.run(typing(house.port, typists, TYPING_SECONDS))
        each = (used(pid) - began) / len(typed.taken) * 1000
        p95 = percentile(typed.taken, 0.95) * 1000
        print(f"a save            {each:6.1f} ms; p95 of {PEOPLE} people typing: {p95:.1f} ms")
        typists = asyncio.run(typists_of(house, everybody, "rush"))
        rate = asyncio.run(without_pause(house.port, typists, RUSH_SECONDS))
        print(f"without pause     {rate.a_second:6.0f} saves a second")
        load = psutil.getloadavg()[0]
        print(f"load of the machine {load:.1f} at {time.strftime('%H:%M')}")
    return 0


def _spent(pid: int, do: Callable[[], object]) -> float:
    before = used(pid)
    do()
    return used(pid) - before


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
