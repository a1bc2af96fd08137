"""The table: on the terminal, in ``bench/results/latest.json`` and in ``docs/performance.md``."""

import json
import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

import psutil

from bench.rows import Row
from tests.living import ROOT, chromium

LATEST = ROOT / "bench" / "results" / "latest.json"
DOCS = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- bench: begin -->", "<!-- bench: end -->"
HEADINGS = ("", "What", "Ours", "Peer", "Ratio", "Goal", "Met")
WIDEST = 60
GIB = 1 << 30


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


def in_words(machine: dict[str, Any]) -> str:
    return (
        f"{machine['cores']} cores, {machine['memory_gib']} GiB of memory, {machine['system']}, "
        f"Python {machine['python']}, Chromium {machine['chromium']}, Voila {machine['voila']}; "
        f"load before the run {machine['load_before']}"
    )


def keep(machine: dict[str, Any], quick: bool, rows: list[Row]) -> None:
    """Write the rows to ``LATEST``, in place of earlier ones of the same numbers."""
    measured = datetime.now(UTC).isoformat(timespec="seconds")
    new = [
        row.as_json() | {"quick": quick, "measured": measured, "machine": machine} for row in rows
    ]
    numbers = {row.number for row in rows}
    rest = [row for row in latest() if row["number"] not in numbers]
    LATEST.parent.mkdir(exist_ok=True)
    whole = {"rows": sorted(rest + new, key=lambda r: r["number"])}
    LATEST.write_text(json.dumps(whole, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def latest() -> list[dict[str, Any]]:
    """The rows measured last; none where nothing was."""
    if not LATEST.exists():
        return []
    rows: list[dict[str, Any]] = json.loads(LATEST.read_text(encoding="utf-8"))["rows"]
    return rows


def _figure(value: float, unit: str) -> str:
    figure = (
        f"{value:.0f}" if value >= 100 or (not unit and value == int(value)) else f"{value:.3g}"
    )
    return f"{figure} {unit}".strip()


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    absolute, unit = row["absolute"], row["unit"]
    # Beside an absolute goal the peer is there for comparison only.
    ratio = "" if row["ratio"] is None else f"{row['ratio']:.2g}"
    goal = f"≤ {_figure(row['goal'], unit)}" if absolute else f"ratio ≤ {row['goal']:g}"
    return (
        str(row["number"]),
        row["name"] + (f" ({row['note']})" if row["note"] else ""),
        _figure(row["ours"], unit),
        _figure(row["peer"], unit),
        ratio,
        goal,
        "yes" if row["met"] else "no",
    )


def table(rows: list[dict[str, Any]]) -> str:
    """The rows for a terminal, each with its peer on a line below."""
    lines = [HEADINGS, *(_cells(r) for r in rows)]
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


def write_docs() -> str:
    """Put the latest figures between the markers of the page; says what it did or why not."""
    rows = latest()
    if not rows:
        return "Nothing is measured yet. Run: python -m bench"
    if any(row["quick"] for row in rows):
        return "Some rows come from --quick, which is for trying. Run: python -m bench"
    text = DOCS.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, marker, after = rest.partition(END)
    if not marker:
        return f"{DOCS.name} has lost its markers, {BEGIN} and {END}. Put them back."
    headings = ("", "What", "Against", *HEADINGS[2:], "Runs")
    lines = ["| " + " | ".join(headings) + " |", "|" + "---|" * len(headings)]
    for row in rows:
        number, name, *figures = _cells(row)
        cells = (number, name, row["against"], *figures, str(row["runs"]))
        lines.append("| " + " | ".join(cells) + " |")
    machines = list(dict.fromkeys(f"{r['measured'][:10]}, {in_words(r['machine'])}" for r in rows))
    said = "\n".join(f"Measured {words}." for words in machines)
    whole = f"{before}{BEGIN}\n\n{said}\n\n" + "\n".join(lines) + f"\n\n{END}{after}"
    DOCS.write_text(whole, encoding="utf-8")
    return f"Wrote {len(rows)} rows into {DOCS.relative_to(ROOT)}."
