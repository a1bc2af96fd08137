"""Charts for analysts and reports."""

import re
import socket
import subprocess
import sys
from xml.etree import ElementTree

import altair
import pandas as pd
import pytest

from cascade_tools.collect.charts import Chart, made
from cascade_tools.errors import NotPossible
from tests.collect.paper_desk import HOSTILE

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


def test_what_is_heavy_is_loaded_when_it_is_used():
    """``import cascade_tools.collect``, charts too, loads none of the heavy libraries."""
    heavy = {"altair", "vl_convert", "scipy", "statsmodels", "typst", "docx", "xlsxwriter"}
    code = (
        "import sys, cascade_tools.collect, cascade_tools.collect.charts\n"
        f"print(sorted({heavy!r} & set(sys.modules)))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
