"""``python -m bench``: measure, print one table, keep it in ``bench/results/latest.json``."""

import argparse
import sys
import time
from collections.abc import Sequence

from bench import report
from bench.measures import MEASURES, QUICK, WHOLE


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
        "--write-docs",
        action="store_true",
        help="measure nothing; put the latest figures into docs/performance.md",
    )
    return parser.parse_args(given)


def main(given: Sequence[str]) -> int:
    """The exit code: 0 when everything asked for was measured, whether or not goals are met."""
    asked = arguments(given)
    if asked.write_docs:
        print(report.write_docs())
        return 0
    machine = report.machine()
    print(report.in_words(machine), flush=True)
    if machine["load_before"] > machine["cores"] / 4:
        print("This machine is busy with something else: do not trust the figures.", flush=True)
    size = QUICK if asked.quick else WHOLE
    rows, failed = [], []
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
        rows += found
        report.keep(machine, asked.quick, found)
        print(f"{time.perf_counter() - began:.0f} s", flush=True)
    print("\n" + report.table([row.as_json() for row in rows]))
    for sentence in failed:
        print(f"\nNot measured. {sentence}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
