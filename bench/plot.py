"""What a crowd costs, drawn: seconds, milliseconds and saves a second against people."""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from bench.arriving import PAGE, PICTURE, THEIRS
from bench.arriving import PANEL as PANEL_OPENING
from bench.saving import OURS, PANEL_P95, PANEL_RATE, PEER
from cascade_tools.collect.charts import ACCENT, QUIET, TROUBLE, WARM, Chart, made

PANELS = (PANEL_OPENING, PANEL_P95, PANEL_RATE)
LINES = (PAGE, PICTURE, OURS, THEIRS, PEER)
COLOURS = (ACCENT, WARM, ACCENT, TROUBLE, QUIET)
SHAPES = ("circle", "triangle-up", "circle", "square", "diamond")
WIDTH, HEIGHT = 225, 240


def drawn(points: Sequence[Mapping[str, Any]], where: str) -> Chart:
    """The plot of the points of ``latest.json``, measured on ``where``, with its table."""
    table = pd.DataFrame(
        [{name: p[name] for name in ("panel", "line", "people", "value")} for p in points]
    )
    people = sorted(table["people"].unique().tolist())
    panels = []
    for name in (name for name in PANELS if name in set(table["panel"])):
        these = table[table["panel"] == name]
        lines = [line for line in LINES if line in set(these["line"])]
        at = [LINES.index(line) for line in lines]
        legend = alt.Legend(orient="top", direction="vertical", title=None, labelLimit=WIDTH)
        base = alt.Chart(these, title=alt.TitleParams(name, fontSize=15)).encode(
            x=alt.X("people:Q", title="People at once", axis=alt.Axis(values=people)),
            y=alt.Y("value:Q", title=None, scale=alt.Scale(domainMin=0)),
            color=alt.Color(
                "line:N",
                sort=lines,
                scale=alt.Scale(domain=lines, range=[COLOURS[n] for n in at]),
                legend=legend,
            ),
        )
        shape = alt.Shape(
            "line:N",
            sort=lines,
            scale=alt.Scale(domain=lines, range=[SHAPES[n] for n in at]),
            legend=legend,
        )
        both = base.mark_line() + base.mark_point().encode(shape=shape)
        panels.append(both.properties(width=WIDTH, height=HEIGHT))
    plot = alt.hconcat(*panels, spacing=28).resolve_scale(color="independent", shape="independent")
    return made(plot, sentence(points, where), table)


def sentence(points: Sequence[Mapping[str, Any]], where: str) -> str:
    """What the plot shows, for those who do not see it."""
    most = max(p["people"] for p in points)
    last = {p["line"]: p["value"] for p in points if p["people"] == most and _opening(p)}
    said = "; ".join(f"{line} {value:.3g} s" for line, value in last.items())
    return (
        f"What a crowd costs on {where}: seconds until the last of so many people has the page, "
        f"milliseconds of a save, and saves a second, each beside its peer. "
        f"With {most} people at once: {said}."
    )


def _opening(point: Mapping[str, Any]) -> bool:
    return bool(point["panel"] == PANEL_OPENING)
