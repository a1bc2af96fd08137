"""What was found: on the terminal, and in ``bench/results/latest.json``."""

import json
import os
import platform
import subprocess
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

import psutil

from bench.rows import Measured
from tests.living import ROOT, chromium

RESULTS = ROOT / "bench" / "results"
# Figures to go by, and those of a run that was only for trying.
LATEST, TRIED = RESULTS / "latest.json", RESULTS / "tried.json"
HEADINGS = ("", "What", "Ours", "Peer", "Ratio", "Goal", "Met")
WIDEST = 60
GIB = 1 << 30
NUMBERS = {1: "one", 2: "two", 4: "four", 6: "six", 8: "eight"}


def machine() -> dict[str, Any]:
    """What this ran on, and how busy that was before we began."""
    said = subprocess.run([chromium(), "--version"], capture_output=True, text=True, check=False)
    words = said.stdout.split()
    return {
        "system": platform.system(),
        "cores": os.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / GIB),
        "python": platform.python_version(),
        "chromium": next((w for w in words if w[:1].isdigit()), "of unknown version"),
        "voila": version("voila"),
        "load_before": round(psutil.getloadavg()[0], 1),
    }


def by_name(machine: dict[str, Any]) -> str:
    """``two cores and 24 GiB of memory, Linux``"""
    cores = NUMBERS.get(machine["cores"], str(machine["cores"]))
    core = "core" if machine["cores"] == 1 else "cores"
    return f"{cores} {core} and {machine['memory_gib']} GiB of memory, {machine['system']}"


def in_words(machine: dict[str, Any]) -> str:
    return (
        f"{by_name(machine)}; Python {machine['python']}, Chromium {machine['chromium']}, "
        f"Voila {machine['voila']}; load before the run {machine['load_before']}"
    )


def keep(machine: dict[str, Any], tried: bool, found: Measured) -> None:
    """Write what was found to ``LATEST``, or to ``TRIED`` where it was only tried.

    Rows take the place of earlier ones of the same numbers, points of earlier ones of the same line
    and crowd; the rest stays.
    """
    whole = latest(tried)
    stamp = {
        "measured": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine,
    }
    numbers = {row.number for row in found.rows}
    rows = [row for row in whole["rows"] if row["number"] not in numbers]
    rows += [row.as_json() | stamp for row in found.rows]
    places = {(p.panel, p.line, p.people) for p in found.points}
    points = [p for p in whole["crowds"] if (p["panel"], p["line"], p["people"]) not in places]
    points += [asdict(point) | stamp for point in found.points]
    _write(tried, whole | {"rows": sorted(rows, key=lambda r: r["number"]), "crowds": points})


def keep_day(
    machine: dict[str, Any], rows: Sequence[tuple[str, str]], wrong: Sequence[str], tried: bool
) -> None:
    """Write what a training day showed, in place of an earlier one."""
    day = {
        "rows": dict(rows),
        "went_wrong": len(wrong),
        "measured": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine,
    }
    _write(tried, latest(tried) | {"training_day": day})


def _write(tried: bool, whole: dict[str, Any]) -> None:
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps(whole, indent=2, ensure_ascii=False) + "\n"
    (TRIED if tried else LATEST).write_text(text, encoding="utf-8")


def latest(tried: bool = False) -> dict[str, Any]:
    """What was measured last: ``rows``, ``crowds`` and, once there was one, ``training_day``."""
    file = TRIED if tried else LATEST
    found: dict[str, Any] = {"rows": [], "crowds": []}
    if file.exists():
        found |= json.loads(file.read_text(encoding="utf-8"))
    return found


def figure(value: float, unit: str) -> str:
    """A value as people read it: three digits, and its unit."""
    figure = (
        f"{value:.0f}" if value >= 100 or (not unit and value == int(value)) else f"{value:.3g}"
    )
    return f"{figure} {unit}".strip()


def cells(row: dict[str, Any]) -> tuple[str, ...]:
    """A row under ``HEADINGS``."""
    absolute, unit = row["absolute"], row["unit"]
    # Beside an absolute goal the peer is there for comparison only.
    ratio = "" if row["ratio"] is None else f"{row['ratio']:.2g}"
    sign = "≥" if row["at_least"] else "≤"
    goal = f"{sign} {figure(row['goal'], unit)}" if absolute else f"ratio {sign} {row['goal']:g}"
    return (
        str(row["number"]),
        row["name"] + (f" ({row['note']})" if row["note"] else ""),
        figure(row["ours"], unit),
        figure(row["peer"], unit),
        ratio,
        goal,
        "yes" if row["met"] else "no",
    )


def table(rows: list[dict[str, Any]]) -> str:
    """The rows for a terminal, each with its peer on a line below."""
    lines = [HEADINGS, *(cells(r) for r in rows)]
    widths = [max(len(line[n]) for line in lines) for n in range(len(HEADINGS))]
    widths[1] = min(widths[1], WIDEST)
    found = []
    for at, line in enumerate(lines):
        name, left = line[1], ""
        if len(name) > WIDEST:
            cut = name.rfind(" ", 0, WIDEST)
            name, left = name[:cut], name[cut + 1 :]
        shown = (line[0], name, *line[2:])
        found.append("  ".join(c.ljust(w) for c, w in zip(shown, widths, strict=True)).rstrip())
        margin = " " * (widths[0] + 2)
        if left:
            found.append(margin + left)
        if at:
            row = rows[at - 1]
            runs = "1 run" if row["runs"] == 1 else f"median of {row['runs']} runs"
            found.append(f"{margin}  against {row['against']}; {runs}")
    return "\n".join(found)


def crowd_cells(points: Sequence[dict[str, Any]]) -> list[list[str]]:
    """The points as a table with its head: one line of the plot a row, one crowd a column."""
    people = sorted({p["people"] for p in points})
    at = {(p["panel"], p["line"], p["people"]): p for p in points}
    found = [["", "", *(f"{n} people" if n > 1 else "1 person" for n in people)]]
    for panel, line in dict.fromkeys((p["panel"], p["line"]) for p in points):
        these = [at.get((panel, line, n)) for n in people]
        found.append([panel, line, *(_point(one) for one in these)])
    return found


def _point(point: dict[str, Any] | None) -> str:
    if point is None:
        return ""
    return figure(point["value"], "") + (f" ({point['note']})" if point["note"] else "")


def crowds(points: Sequence[dict[str, Any]]) -> str:
    """The points for a terminal."""
    lines = crowd_cells(points)
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)).rstrip() for line in lines
    )
