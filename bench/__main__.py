"""``python -m bench``: measure, print one table, keep it in ``bench/results/latest.json``.

What was only tried (``--quick``, ``--people``) is kept in ``tried.json`` beside it.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

from bench import report
from bench.measures import MEASURES
from bench.rows import Point, Row
from bench.runs import QUICK, WHOLE, Size
from tests.living import ROOT

MOST_PEOPLE = 200


def _numbers(text: str) -> set[int]:
    wanted = {int(part) for part in text.split(",")}
    if unknown := wanted - {n for group in MEASURES for n in group}:
        raise argparse.ArgumentTypeError(f"there is no row {min(unknown)}")
    return wanted


def arguments(given: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", type=_numbers, metavar="N,M", help="these rows alone")
    parser.add_argument(
        "--quick", action="store_true", help="fewer runs and people: to see that it works"
    )
    parser.add_argument(
        "--people", type=int, metavar="N", help="a crowd of this size alone, at most 200: to try"
    )
    parser.add_argument(
        "--write-docs",
        action="store_true",
        help="measure nothing; put the latest figures into docs/performance.md and the README",
    )
    return parser.parse_args(given)


def size_of(asked: argparse.Namespace) -> Size:
    size = QUICK if asked.quick else WHOLE
    if asked.people:
        people = max(1, min(asked.people, MOST_PEOPLE))
        size = replace(size, people=people, crowds=(people,))
    return size


def _draw(tried: bool) -> Path:
    """The plot of all crowds measured last; where it is."""
    from bench import plot

    crowds = report.latest(tried)["crowds"]
    file = report.TRIED if tried else report.LATEST
    drawn = plot.drawn(crowds, report.by_name(crowds[0]["machine"]))
    file.with_suffix(".svg").write_text(drawn.svg + "\n", encoding="utf-8")
    return file.with_suffix(".svg").relative_to(ROOT)


def main(given: Sequence[str]) -> int:
    """The exit code: 0 when everything asked for was measured, whether or not goals are met."""
    asked = arguments(given)
    if asked.write_docs:
        from bench import pages

        print(pages.write())
        return 0
    machine = report.machine()
    print(report.in_words(machine), flush=True)
    if machine["load_before"] > machine["cores"] / 4:
        print("This machine is busy with something else: do not trust the figures.", flush=True)
    size, tried = size_of(asked), bool(asked.quick or asked.people)
    rows: list[Row] = []
    points: list[Point] = []
    failed: list[str] = []
    for numbers, measure in MEASURES.items():
        if asked.only and not asked.only & set(numbers):
            continue
        began = time.perf_counter()
        title = (measure.__doc__ or "").splitlines()[0]
        print(f"{title} …", end=" ", flush=True)
        try:
            found = measure(size)
        except Exception as fault:  # one row that cannot be measured leaves the others
            failed.append(f"{title} {type(fault).__name__}: {fault}")
            print("failed", flush=True)
            continue
        rows += found.rows
        points += found.points
        report.keep(machine, tried, found)
        print(f"{time.perf_counter() - began:.0f} s", flush=True)
    print("\n" + report.table([row.as_json() for row in rows]))
    if points:
        print("\n" + report.crowds([asdict(point) for point in points]))
        print(f"\nDrawn in {_draw(tried)}.")
    for sentence in failed:
        print(f"\nNot measured. {sentence}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
