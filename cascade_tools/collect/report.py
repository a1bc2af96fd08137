"""A report of what changed: a page, a PDF, and the same numbers as a table."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import pandas as pd

from cascade_tools.collect.charts import Chart, made
from cascade_tools.collect.disk import aside, put, told_in_words
from cascade_tools.collect.exports import save
from cascade_tools.collect.what_changed import what_changed
from cascade_tools.draw.changes import picture_sentence
from cascade_tools.draw.svg import lines_of
from cascade_tools.draw.typeset import pdf
from cascade_tools.draw.what_changed import Shown, report_html, shown
from cascade_tools.errors import NotPossible
from cascade_tools.model.group_results import Release
from cascade_tools.model.what_changed import Group, Stretch
from cascade_tools.model.what_changed import what_changed as in_order

NAME = "what-changed"
TITLE = "What changed"
INVENTED = (
    "Nobody stands behind these numbers. They were made up so that a report can be tried. Some "
    "people drop out, some skip a line, one line is near its top, and one gets worse."
)
FILES = (
    "The same numbers are in what-changed.csv, and what each column means is in the file beside it."
)


def write_report(
    releases: Sequence[Release], folder: Path | str, *, programme: str, practice: bool = False
) -> list[Path]:
    """Write ``what-changed.html``, ``.pdf`` and ``.csv`` (with its dictionary and note).

    ``programme`` stands under the title.  Each file appears whole or not at all, for its owner
    only.  Raises ``NotPossible`` where nothing of change is released, and ``NotNow`` where the
    folder cannot be written.
    """
    folder = Path(folder)
    stretches = in_order(releases)
    if not stretches:
        raise NotPossible(
            "Nothing that changed is released yet. Run cascade release first, or try a report "
            "with: cascade report --practice 60 --out FOLDER"
        )
    shown_all = [shown(one, lambda stretch, group: chart(stretch, group).svg) for one in stretches]
    told = INVENTED if practice else ""
    html = report_html(shown_all, title=programme, practice=told, files=FILES)
    with told_in_words(folder, "Name another folder, or make room."), aside(folder) as place:
        page, paper = place / f"{NAME}.html", place / f"{NAME}.pdf"
        put(page, lambda file: file.write(html.encode()))
        put(paper, lambda file: file.write(report_pdf(shown_all, programme, told)))
        files = [page, paper, *save(what_changed(releases), place / f"{NAME}.csv")]
        for file in files:
            file.replace(folder / file.name)
    return [folder / file.name for file in files]


def report_pdf(stretches: Sequence[Shown], programme: str, practice: str) -> bytes:
    """The report as PDF/UA-1."""
    data = {
        "programme": programme,
        "practice": practice,
        "stretches": [asdict(one) for one in stretches],
    }
    return pdf(f"{NAME}.typ", data, title=TITLE, lang="en-GB")


def chart(stretch: Stretch, group: Group) -> Chart:
    """The mean change of each line of a group: a dot with its interval, around no change."""
    import altair as alt

    figures = pd.DataFrame(
        [
            {
                "line": "\n".join(lines_of(one.question, 44)),
                "change": one.change.difference,
                "low": one.change.interval.low,
                "high": one.change.interval.high,
            }
            for one in group.lines
            if one.change
        ],
        columns=["line", "change", "low", "high"],
    )
    reach = max(1.0, *figures["high"].abs(), *figures["low"].abs()) if len(figures) else 1.0
    order = figures["line"].tolist()
    across = alt.Scale(domain=[-reach, reach], nice=True)
    words = alt.Axis(labelLimit=420, labelExpr="split(datum.value, '\\n')", labelLineHeight=16)
    base = alt.Chart(figures).encode(y=alt.Y("line:N", title=None, sort=order, axis=words))
    title = "Mean change, in points (left of 0: lower at the later time)"
    drawn = alt.layer(
        alt.Chart(pd.DataFrame({"at": [0]})).mark_rule(color="#6f7d7f").encode(x="at:Q"),
        base.mark_rule(strokeWidth=5, opacity=0.35).encode(
            x=alt.X("low:Q", title=title, scale=across), x2="high:Q"
        ),
        base.mark_point(size=120).encode(x=alt.X("change:Q", title=title, scale=across)),
    ).properties(width=330, height={"step": 44})
    return made(drawn, picture_sentence(group), figures)
