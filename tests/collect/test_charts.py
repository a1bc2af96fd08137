"""Charts for analysts and reports."""

import re
import socket
import subprocess
import sys
from xml.etree import ElementTree

import altair
import pandas as pd
import pytest

from cascade_tools import collect
from cascade_tools.collect import charts
from cascade_tools.collect.charts import Chart, made
from cascade_tools.errors import NotPossible
from cascade_tools.model.prompts import SKIPPED
from tests.collect.paper_desk import HOSTILE, PaperDesk, answer, item
from tests.collect.test_actions_and_outcomes import outcome

FIGURES = pd.DataFrame({"line": ["I can cope", "I rest"], "mean": [4.5, 6.25]})


def points(figures: pd.DataFrame = FIGURES) -> altair.Chart:
    return altair.Chart(figures).mark_point().encode(x="mean:Q", y="line:N")


@pytest.fixture(scope="module")
def chart() -> Chart:
    return made(points(), "Two lines, & one is “higher”.", FIGURES)


def test_a_chart_is_one_image_with_its_sentence_and_its_table(chart):
    """To a screen reader a chart is one image named by its sentence; its words are text."""
    root = ElementTree.fromstring(chart.svg)  # noqa: S314 - made a moment ago
    assert (root.get("role"), root.get("aria-label")) == ("img", chart.sentence)
    assert root[0].text == chart.sentence
    assert not [part for part in list(root.iter())[1:] if part.get("role")]
    assert {"I can cope", "I rest"} <= {part.text for part in root.iter()}
    assert chart.table is FIGURES


def test_a_chart_may_stand_in_any_page(chart):
    """It has no style, no script and no address, so a page's security policy allows it."""
    assert not re.search(r"style=|<style|<script|<a |href|url\(|@import", chart.svg)
    assert set(re.findall(r"https?://[^\"]+", chart.svg)) == {"http://www.w3.org/2000/svg"}


def test_a_notebook_shows_all_three(chart):
    """In JupyterLab a chart shows the picture, the sentence and the table, escaped."""
    html = chart._repr_html_()
    assert chart.svg in html
    assert "Two lines, &amp; one is “higher”." in html
    assert "<td>6.25</td>" in html


@pytest.mark.parametrize("sentence", ["", "  \n"])
def test_a_chart_without_a_sentence_is_refused(sentence):
    """Nobody can make a picture that only some people can read."""
    with pytest.raises(NotPossible, match="needs a sentence"):
        made(points(), sentence, FIGURES)


def test_hostile_words_stay_words():
    """Whatever a label or a sentence holds, it is text in the picture and nothing else."""
    figures = pd.DataFrame({"line": [*HOSTILE], "mean": range(len(HOSTILE))})
    for hostile in HOSTILE:
        drawn = made(points(figures), hostile, figures)
        root = ElementTree.fromstring(drawn.svg)  # noqa: S314 - made a moment ago
        assert root.get("aria-label") == hostile
        parts = {part.tag.rpartition("}")[2] for part in root.iter()}
        assert parts <= {"svg", "title", "g", "rect", "path", "line", "text"}


def test_nothing_is_fetched():
    """A chart that asks for an address, for its figures or an image, is refused unasked."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/x.csv"
        listener.settimeout(0.2)
        image = altair.Chart(FIGURES).mark_image().encode(x="mean:Q", url=altair.value(address))
        link = points().encode(href=altair.value(address))
        for foreign in (altair.Chart(address).mark_point().encode(x="a:Q"), image, link):
            with pytest.raises(NotPossible) as refused:
                made(foreign, "A sentence.", FIGURES)
            assert address not in str(refused.value)
        with pytest.raises(TimeoutError):
            listener.accept()


def words_in(chart: Chart) -> str:
    root = ElementTree.fromstring(chart.svg)  # noqa: S314 - made a moment ago
    return " ".join(part.text or "" for part in root.iter() if part.tag.endswith("text"))


def test_who_did_the_thinking_is_for_ones_own_eyes():
    """Session by session, one's own answers in words and no numbers; nobody else's stand beside."""
    own = {"way": "own", "snapshot": None, "until": None, "person": "Me"}
    rows = [
        item("D10", 1, session=1, entry="e1", words="We talked", **own),
        item("D2", 0, session=1, entry="e1", words="They did", **own),
        item("D2", 4, session=3, entry="e3", words="Nearly all me", **own),
        item("D1", 3, entry="e9", words="Of somebody else"),
        item("CB1", 2, entry="e1", words="Of another set", **own),
    ]
    drawn = charts.thinking(collect.answers(PaperDesk(rows)))
    assert drawn.table["question"].tolist() == ["About D2?", "About D10?"]
    assert drawn.table["Session 3"].fillna("-").tolist() == ["Nearly all me", "-"]
    said = words_in(drawn)
    assert "They did" in said and "Nearly all me" in said and "Session 3" in said
    assert not re.search("somebody else|another set", said + drawn.sentence)
    assert "your own eyes" in drawn.sentence


def test_outcomes_over_time_stand_by_themselves():
    """Each line has its answers by time; where lower is better it says so; nothing is added up."""
    rows = [outcome("o7", 4, "start"), outcome("o7", 2, "end"), outcome("o1", SKIPPED, "end")]
    drawn = charts.outcomes(collect.outcomes(PaperDesk(rows)))
    assert drawn.table.to_dict("records") == [
        {"line": "About o7 (here lower is better)", "At the start": 4, "At the end": 2}
    ]
    assert "at the start and at the end" in drawn.sentence
    assert "not because of it" in drawn.sentence
    assert "here lower is better" in words_in(drawn)


def test_actions_are_counted_by_how_they_stand():
    """A count for each way an action can stand, zero too, and the sentence says the same."""
    value = [
        {"id": "a", "what": "Ring", "status": "done"},
        {"id": "b", "what": "Ask", "status": "done"},
        {"id": "c", "what": "Rest", "status": "let-go"},
    ]
    drawn = charts.actions(collect.actions(PaperDesk([answer(kind="action", value=value)])))
    assert drawn.sentence == "3 actions: 2 done, 1 let go."
    assert drawn.table["status"].tolist() == ["Planned", "Under way", "Done", "Changed", "Let go"]
    assert drawn.table["actions"].tolist() == [0, 0, 2, 0, 1]


def test_nothing_to_draw_says_so():
    """Without rows there is no empty picture, but a sentence that says what to do."""
    desk = PaperDesk([answer()])
    for draw, table in (
        (charts.thinking, collect.answers(desk)),
        (charts.outcomes, collect.outcomes(desk)),
        (charts.actions, collect.actions(desk)),
    ):
        with pytest.raises(NotPossible, match="nothing to draw"):
            draw(table)


def test_what_is_heavy_is_loaded_when_it_is_used():
    """``import cascade_tools.collect``, charts too, loads none of the heavy libraries."""
    heavy = {"altair", "vl_convert", "scipy", "statsmodels", "typst", "docx", "xlsxwriter"}
    code = (
        "import sys, cascade_tools.collect, cascade_tools.collect.charts\n"
        f"print(sorted({heavy!r} & set(sys.modules)))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
