"""``python -m bench.training_day``: people arrive, write, share, rest, close lids and come back.

Sixty for an hour, unless told otherwise, each with a page and its pictures open.  At the end the
memory of the server was flat, no kernel is left behind, every acknowledged word is in the records,
nothing was refused for good and the log has no line.  Prints what it saw; ends with 1 where any of
that is not so.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

from bench import report
from bench.attendee import Attendee
from bench.caller import Caller, Day
from bench.channel import Channel
from bench.people import writers
from bench.rows import percentile
from bench.runs import living, pid_of, place
from bench.supervising import Supervising
from bench.watching import Drift, Sample, drift, look, until_no_kernel, watch
from cascade_tools.server.kernels import CULL_EVERY_MS
from tests.living import House

MOST_PEOPLE, MOST_MINUTES = 200, 240.0
ARRIVING_SECONDS = 60.0
LONGEST_REST = 240.0
SAMPLE_SECONDS = 5.0
SAY_SECONDS = 60.0
# Of the time people are there, this much is for everybody to have come.
WARM_UP = 0.2
# Connections to the records are opened when they are first needed, each with its files.
MORE_FILES = 40
# How long it may take until a sleeping computer is known to be gone: four pings of a web socket.
ASLEEP_SECONDS = 130
SHOWN = 20


def arguments(given: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.training_day", description=__doc__)
    parser.add_argument("--people", type=int, default=60, help="at most 200")
    parser.add_argument("--minutes", type=float, default=60.0, help="at most 240; 3 to try")
    return parser.parse_args(given)


@dataclass(frozen=True, slots=True)
class Seen:
    """What one day showed, before anybody judged it."""

    before: Sample
    samples: list[Sample]
    after: Sample
    emptied: float | None
    allowed: float
    lost: list[str]
    lines: list[str]


async def spend(house: House, attendees: Sequence[Attendee], day: Day, minutes: float) -> Seen:
    """The whole day, and the time until nothing of it is left in the server."""
    pid = pid_of(house)
    await _one_page_first(house, attendees[0], day)
    before, said = look(pid), house.log.read_text("utf-8")
    samples: list[Sample] = []
    seconds = minutes * 60
    over = time.monotonic() + seconds
    sue = Supervising(house, day, min(LONGEST_REST, seconds / 12))
    watching = [
        asyncio.create_task(watch(pid, min(SAMPLE_SECONDS, seconds / 60), samples.append)),
        asyncio.create_task(_tell(day, samples, min(SAY_SECONDS, seconds / 4))),
        asyncio.create_task(sue.watch_over(over)),
    ]

    async def one(attendee: Attendee, place: float) -> None:
        await asyncio.sleep(place * min(ARRIVING_SECONDS, seconds * WARM_UP / 2))
        try:
            await attendee.attend(over)
        except Exception as fault:  # one person's day; the others go on
            day.faults.append(f"a day ended early: {type(fault).__name__}: {fault}")

    await asyncio.gather(*(one(a, n / len(attendees)) for n, a in enumerate(attendees)))
    await watching.pop()
    for task in watching:
        task.cancel()
    await asyncio.gather(*watching, return_exceptions=True)
    grace = house.settings.kernel_grace_seconds + 3 * CULL_EVERY_MS / 1000
    asleep = any(attendee.asleep for attendee in attendees)
    allowed = grace + (ASLEEP_SECONDS if asleep else 0)
    emptied = await until_no_kernel(pid, allowed)
    for attendee in attendees:
        attendee.end()
    lost = [fault for attendee in attendees for fault in _lost(house, attendee)]
    lines = house.log.read_text("utf-8").removeprefix(said).splitlines()
    return Seen(before, samples, look(pid), emptied, allowed, lost, lines)


async def _one_page_first(house: House, attendee: Attendee, day: Day) -> None:
    """What the server does once, it has done before anybody is measured."""
    writer = attendee.writer
    first = Caller(house.port, writer.person, -1, day)
    first.carry("cascade", writer.token)
    await first.get(writer.path)
    reply = await first.ask("", "POST", f"{writer.path}/pictures")
    channel = await Channel.open(house.port, first.cookie, reply.text)
    channel.close()
    await first.ask("", "DELETE", f"/api/kernels/{channel.kernel}")
    first.hang_up()
    await until_no_kernel(pid_of(house), 30)


async def _tell(day: Day, samples: Sequence[Sample], every: float) -> None:
    """A line now and then for whoever waits."""
    began = time.monotonic()
    while True:
        await asyncio.sleep(every)
        now = samples[-1]
        print(
            f"{(time.monotonic() - began) / 60:5.1f} min  {day.here} here, {now.kernels} kernels, "
            f"{len(day.took['save']):,} saves, {now.whole:,.0f} MB, {len(day.faults)} faults",
            flush=True,
        )


def _lost(house: House, attendee: Attendee) -> list[str]:
    """The boxes whose words in the records are not the last that were acknowledged, or later."""
    writer = attendee.writer
    with house.records() as records:
        answers = records.entries.answers(writer.person, writer.entry)
    found = {key: str(answer.value) for key, answer in answers.items()}
    return [
        f"{writer.name}: {box}"
        for box, words in attendee.kept.items()
        if found.get(box) not in (words, *attendee.sent[box])
    ]


def faults(seen: Seen, day: Day, drifts: dict[str, Drift]) -> list[str]:
    """Everything that was not as it should be, as sentences."""
    found = [f"{name} is not flat" for name, one in drifts.items() if not one.flat]
    if seen.emptied is None:
        found.append(f"{seen.after.kernels} kernels are left after {seen.allowed:.0f} s")
    if seen.after.files > seen.before.files + MORE_FILES:
        found.append(f"{seen.after.files} files are open, {seen.before.files} were")
    found += [f"lost: {words}" for words in seen.lost]
    found += [f"in the log: {line}" for line in seen.lines]
    return found + day.faults


def table(seen: Seen, day: Day, drifts: dict[str, Drift]) -> list[tuple[str, str]]:
    """What is printed, and kept beside the figures of the bench."""
    kernels = [sample.kernels for sample in seen.samples]
    left = "still there" if seen.emptied is None else f"gone after {seen.emptied:.0f} s"
    found = [(name, f"{count:,}") for name, count in sorted(day.done.items())]
    for kind, took in sorted(day.took.items()):
        p50, p95 = (percentile(took, share) * 1000 for share in (0.5, 0.95))
        words = f"{len(took):,}; median {p50:.0f} ms, p95 {p95:.0f} ms, slowest {max(took):.1f} s"
        found.append((kind, words))
    for name, one in drifts.items():
        words = f"{one.first:.0f} MB, at the end {one.last:.0f} MB ({one.slope:+.1f} MB an hour)"
        found.append((name, words))
    return [
        *found,
        ("whole memory, at most", f"{max(s.whole for s in seen.samples):,.0f} MB"),
        ("kernels at once, at most", str(max(kernels))),
        ("kernels after everybody went", left),
        ("open files before, at most, after", _files(seen)),
        ("acknowledged words lost", str(len(seen.lost))),
        ("lines in the log", str(len(seen.lines))),
        ("faults", str(len(day.faults))),
    ]


def _files(seen: Seen) -> str:
    most = max(sample.files for sample in seen.samples)
    return f"{seen.before.files}, {most}, {seen.after.files}"


def drifts_of(samples: Sequence[Sample]) -> dict[str, Drift]:
    """Memory from the moment everybody has come; a kernel's where there was one."""
    settled = samples[int(len(samples) * WARM_UP) :]
    with_kernels = [sample for sample in settled if sample.kernels]
    found = {
        "memory of the server": drift(settled, lambda s: s.server),
        "memory of the warm process": drift(settled, lambda s: s.warm),
    }
    if len(with_kernels) > 1:
        found["memory of a kernel"] = drift(with_kernels, lambda s: s.kernel)
    return found


def main(given: Sequence[str]) -> int:
    """Spend one day and say how it was; the exit code."""
    asked = arguments(given)
    people = max(1, min(asked.people, MOST_PEOPLE))
    minutes = max(0.5, min(asked.minutes, MOST_MINUTES))
    machine = report.machine()
    print(report.in_words(machine), flush=True)
    day, rest = Day(), min(LONGEST_REST, minutes * 60 / 12)
    with place() as top, living(top / "house") as house:
        coming = writers(house, people, by_form=True)
        attendees = [Attendee(house.port, w, n, day, rest) for n, w in enumerate(coming)]
        seen = asyncio.run(spend(house, attendees, day, minutes))
    drifts = drifts_of(seen.samples)
    rows = [("people, minutes", f"{people}, {minutes:g}"), *table(seen, day, drifts)]
    wide = max(len(name) for name, _ in rows)
    print(*(f"{name:<{wide}}  {words}" for name, words in rows), sep="\n")
    wrong = faults(seen, day, drifts)
    print(*wrong[:SHOWN], sep="\n")
    report.keep_day(machine, rows, wrong, tried=asked.minutes < 30)
    print("All of it is as it should be." if not wrong else f"Not as it should be: {len(wrong)}.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
