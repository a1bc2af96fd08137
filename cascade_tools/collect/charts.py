"""Charts for analysts and reports: Altair draws them, and they become SVG on this machine alone.

A ``Chart`` is never a picture only: it carries the sentence that says what it shows and the table
it was drawn from.  A page's kernel never loads this; there ``draw`` makes the SVG.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pandas as pd

from cascade_tools.errors import NotPossible

if TYPE_CHECKING:
    import altair

# The colours of the pages in the light, so that a report and a page look like one house.
INK, QUIET, LINE, STRONG_LINE = "#1c2729", "#4d5a5d", "#cfd6d3", "#6f7d7f"
ACCENT, PAPER, WARM, TROUBLE = "#0b5c63", "#ffffff", "#b07a13", "#9c2a1b"
# Fonts by name: whoever shows the chart has one of them, and none is fetched.
SANS = '"Source Sans 3", system-ui, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif'
SERIF = '"Source Serif 4", Palatino, Georgia, "Noto Serif", "Liberation Serif", serif'
SIZE, STEP = 14, 34
_WORDS: dict[str, Any] = {
    "labelColor": INK,
    "labelFontSize": SIZE,
    "labelLimit": 320,
    "titleColor": QUIET,
    "titleFontSize": SIZE,
    "titleFontWeight": "normal",
}
_AXIS = {"gridColor": LINE, "domainColor": STRONG_LINE, "ticks": False, "labelFlush": False}
LOOK: dict[str, Any] = {
    "aria": False,  # the whole chart is one image with one sentence
    "background": PAPER,
    "font": SANS,
    "padding": 8,
    "view": {"stroke": None, "discreteHeight": {"step": STEP}},
    "title": {
        "font": SERIF,
        "fontSize": 19,
        "fontWeight": 600,
        "color": INK,
        "anchor": "start",
        "offset": 14,
    },
    "axis": _WORDS | _AXIS | {"labelPadding": 8, "titlePadding": 12},
    "axisQuantitative": {"tickCount": 6},
    "header": _WORDS | {"labelFontWeight": 600, "labelAnchor": "start"},
    "legend": _WORDS | {"symbolSize": 110},
    "range": {"category": [ACCENT, WARM, QUIET, TROUBLE, STRONG_LINE]},
    "mark": {"color": ACCENT},
    "text": {"color": INK, "fontSize": SIZE},
    "line": {"color": ACCENT, "strokeWidth": 2.5},
    "rule": {"color": ACCENT, "strokeWidth": 2.5},
    "point": {"color": ACCENT, "filled": True, "opacity": 1, "size": 110},
}
_SVG = "http://www.w3.org/2000/svg"
# What a chart may be made of.  Anything else could ask for something or lead somewhere.
_PARTS = {"svg", "g", "path", "line", "rect", "circle", "text", "tspan", "title", "defs"}
_PARTS |= {"clipPath", "linearGradient", "radialGradient", "stop"}


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart with its other two forms.

    ``svg`` is one whole image, named by ``sentence`` to a screen reader; text in it is text.
    ``table`` has the figures it was drawn from.  In JupyterLab a chart shows all three.
    """

    svg: str
    sentence: str
    table: pd.DataFrame

    def _repr_html_(self) -> str:
        from html import escape

        table = self.table.to_html(index=False, border=0, na_rep="")
        return (
            f"<figure>{self.svg}<figcaption>{escape(self.sentence)}</figcaption></figure>"
            f"<details><summary>The same as a table</summary>{table}</details>"
        )


def made(chart: altair.Chart, sentence: str, table: pd.DataFrame) -> Chart:
    """An Altair chart as SVG, with its sentence and its table.  Nothing is fetched.

    ``chart`` may be any kind of Altair chart (layered, side by side) whose figures are in it;
    ``sentence`` says in words what it shows.  Raises ``NotPossible`` if the sentence is empty, or
    if the chart wants something that lies elsewhere.
    """
    import altair
    import vl_convert

    if not sentence.strip():
        raise NotPossible("A chart needs a sentence that says what it shows. Give one.")
    with altair.data_transformers.enable("default", max_rows=None):
        spec = chart.to_dict()
    try:
        # No address is allowed: by itself the converter would fetch any.
        drawn = vl_convert.vegalite_to_svg(spec, config=LOOK, allowed_base_urls=[])
    except ValueError as fault:
        raise NotPossible(
            "The chart cannot be drawn. Give it its figures as a table, not as an address."
        ) from fault
    return Chart(_named(drawn, sentence), sentence, table)


def _named(svg: str, sentence: str) -> str:
    """The SVG as one image with a name.  Raises ``NotPossible`` where it has a foreign part."""
    root = ElementTree.fromstring(svg)  # noqa: S314 - made a moment ago, on this machine
    for part in root.iter():
        if part.tag.removeprefix(f"{{{_SVG}}}") not in _PARTS:
            raise NotPossible(
                "The chart has a link or an image from elsewhere. Draw it with points, lines, "
                "bars and words only."
            )
        for name in ("role", "aria-roledescription", "aria-hidden", "aria-label"):
            part.attrib.pop(name, None)
    root.set("role", "img")
    root.set("aria-label", sentence)
    # By this class a page lets it shrink with a narrow window.
    root.set("class", "chart")
    title = ElementTree.Element(f"{{{_SVG}}}title")
    title.text = sentence
    root.insert(0, title)
    ElementTree.register_namespace("", _SVG)
    return ElementTree.tostring(root, encoding="unicode")
