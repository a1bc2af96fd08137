"""Charts for analysts and reports: Altair draws them, and they become SVG on this machine alone.

A ``Chart`` is never a picture only: it carries the sentence that says what it shows and the table
it was drawn from.  A page's kernel never loads this; there ``draw`` makes the SVG.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pandas as pd

from cascade_tools.draw.svg import lines_of
from cascade_tools.errors import NotPossible
from cascade_tools.model.composites import ACTION
from cascade_tools.model.journey import TIMES

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
    "labelLimit": 360,
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
# Long words in lines, which a label cannot do by itself.
_BROKEN = r"split(datum.label, '\n')"
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


def made(chart: altair.TopLevelMixin, sentence: str, table: pd.DataFrame) -> Chart:
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


def thinking(answers: pd.DataFrame) -> Chart:
    """Who did the thinking, session by session: one's own ten answers, for one's own eyes.

    ``answers`` is the table of that name, or some of its rows; what others shared is left out, so
    nobody is ever set beside anybody.  Words, no numbers: a larger dot stands nearer to "mine".
    Raises ``NotPossible`` where there are no such answers of one's own.
    """
    import altair as alt

    there = answers["words_from"].astype(str).str.startswith("thinking/") & (
        answers["way"] == "own"
    )
    own = answers[there & answers["number"].notna()]
    _some(own, "Answer “Who is doing the thinking?” in After I coach first.")
    own = own.assign(item=own["words_from"].astype(str).str.removeprefix("thinking/D").astype(int))
    own = own.sort_values(["pair", "session", "item"]).astype(
        dict.fromkeys(("pair", "question", "words", "number"), object)
    )
    order = own.sort_values("item")["question"].unique().tolist()
    own["at"] = [_session(number) for number in own["session"]]
    table = own.assign(question=pd.Categorical(own["question"], order)).pivot_table(
        index=["pair", "question"],
        columns="at",
        values="words",
        aggfunc="last",
        dropna=False,
        observed=True,
    )
    places = own["at"].unique().tolist()
    table = table.reindex(columns=places).dropna(how="all")
    figures = own[["pair", "at", "number"]].assign(
        question=_lines(own["question"], 38), words=_lines(own["words"], 20)
    )
    order = [one for question in order for one in _lines(pd.Series([question]), 38)]
    panels = []
    for pair, these in figures.groupby("pair", sort=False, dropna=False):
        base = alt.Chart(these).encode(
            x=alt.X("at:O", title=None, sort=places, axis=alt.Axis(orient="top", labelAngle=0)),
            y=alt.Y("question:N", title=None, sort=order, axis=alt.Axis(labelExpr=_BROKEN)),
        )
        dots = base.mark_point(yOffset=-12).encode(
            size=alt.Size("number:Q", scale=alt.Scale(domain=[0, 4], range=[20, 420]), legend=None)
        )
        words = base.mark_text(
            dy=2, fontSize=SIZE - 2, baseline="top", lineBreak="\n", lineHeight=SIZE
        ).encode(text="words:N")
        title = str(pair) if isinstance(pair, str) else ""
        panels.append(
            (dots + words).properties(title=title, width={"step": 132}, height={"step": 76})
        )
    sentence = (
        f"Who did the thinking, in your own words, {_in_words(places)}. "
        "A larger dot is nearer to “mine”. It is for your own eyes: there is no good or bad place."
    )
    return made(alt.vconcat(*panels), sentence, table.reset_index().rename_axis(columns=None))


def outcomes(table: pd.DataFrame) -> Chart:
    """One's own answers over time, each line by itself, from a table of ``collect.outcomes``.

    Lines are never added up, and where a lower number is the better one the words say so.  Raises
    ``NotPossible`` where nothing was answered with a number.
    """
    import altair as alt

    known = table[table["value"].notna() & table["time"].notna()]
    _some(known, "Answer “Where I am now” first.")
    asked = known["question"].astype(str) + known["lower_is_better"].map(
        {True: " (here lower is better)", False: ""}
    )
    figures = pd.DataFrame(
        {
            "line": _lines(asked, 38),
            "when": known["time"].astype(object).map(TIMES),
            "answer": known["value"].astype(int),
        }
    ).drop_duplicates(["line", "when"], keep="last")
    times = [words for words in TIMES.values() if words in set(figures["when"])]
    lines = figures["line"].unique().tolist()
    base = alt.Chart(figures).encode(
        y=alt.Y("line:N", title=None, sort=lines, axis=alt.Axis(labelExpr=_BROKEN))
    )
    place = alt.X("answer:Q", title="Your answer", scale=alt.Scale(domain=[0, 10]))
    by = alt.Legend(orient="top", symbolFillColor=INK, symbolStrokeColor=INK)
    dots = base.mark_point(size=150).encode(
        x=place,
        yOffset=alt.YOffset("when:N", sort=times),
        shape=alt.Shape("when:N", title=None, sort=times, legend=by),
        color=alt.Color("when:N", sort=times, legend=None),
    )
    wide = figures.pivot(index="line", columns="when", values="answer").reindex(lines)
    sentence = (
        f"Your answers from 0 to 10, {_in_words(times)}, line by line. "
        "This shows what changed alongside coaching, not because of it."
    )
    spread = dots.properties(width=380, height={"step": 52, "for": "position"})
    wide = wide[times].reset_index().rename_axis(columns=None)
    return made(spread, sentence, wide.assign(line=wide["line"].str.replace("\n", " ")))


def actions(table: pd.DataFrame) -> Chart:
    """How many actions stand how, from a table of ``collect.actions``, or some of its rows.

    Counts of actions, never of people.  Raises ``NotPossible`` where there is none.
    """
    import altair as alt

    _some(table, "There is no action in it yet.")
    words = dict(ACTION.part("status").choices)
    counts = table["status"].value_counts().reindex(list(words), fill_value=0)
    figures = pd.DataFrame({"status": list(words.values()), "actions": counts.to_numpy()})
    base = alt.Chart(figures).encode(
        y=alt.Y("status:N", title=None, sort=None),
        x=alt.X(
            "actions:Q", title=None, axis=None, scale=alt.Scale(domainMin=0, domainMax=counts.max())
        ),
    )
    bars = base.mark_bar(height=20) + base.mark_text(dx=8, align="left").encode(text="actions:Q")
    said = [f"{n} {stand.lower()}" for stand, n in figures.itertuples(index=False) if n]
    whole = "1 action" if len(table) == 1 else f"{len(table):,} actions"
    return made(bars.properties(width=380), f"{whole}: {', '.join(said)}.", figures)


def _some(rows: pd.DataFrame, first: str) -> None:
    if rows.empty:
        raise NotPossible(f"There is nothing to draw here. {first}")


def _lines(words: pd.Series[Any], most: int) -> pd.Series[Any]:
    return words.astype(str).map(lambda text: "\n".join(lines_of(text, most)))


def _session(number: Any) -> str:
    return "No session" if pd.isna(number) else f"Session {number}"


def _in_words(names: list[str]) -> str:
    """``at the start, half-way and at the end``"""
    small = [name[:1].lower() + name[1:] for name in names]
    return " and ".join(filter(None, [", ".join(small[:-1]), small[-1]]))


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
