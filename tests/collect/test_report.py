"""The report of what changed: one set of numbers as a page, a PDF and a table."""

import json
import re
import stat
from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pandas as pd
import pytest
from pypdf import PdfReader

from cascade_tools import collect
from cascade_tools.collect.practice import NAME, SIZES, practice_releases
from cascade_tools.collect.report import write_report
from cascade_tools.draw.what_changed import what_changed_html
from cascade_tools.errors import NotPossible
from cascade_tools.model import change as said
from cascade_tools.model.group_results import Release
from cascade_tools.model.what_changed import Line, Stretch, signed, what_changed


@pytest.fixture(scope="module")
def sixty() -> list[Release]:
    return practice_releases(60)


@pytest.fixture(scope="module")
def folder(sixty: list[Release], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of an invented programme of sixty pairs, up to its end."""
    folder = tmp_path_factory.mktemp("report") / "new"
    write_report([sixty[1]], folder, programme=NAME, practice=True)
    return folder


def line_of(stretches: Sequence[Stretch], group: str, key: str) -> Line:
    return next(
        line
        for one in stretches[0].groups
        if one.name == group
        for line in one.lines
        if line.counted.key == key
    )


# The page


def test_what_is_made(folder: Path) -> None:
    """A page, a PDF and a table with its dictionary and note, for their owner only."""
    names = ["READ-ME.txt", "csv", "datapackage.json", "html", "pdf"]
    assert sorted(p.name for p in folder.iterdir()) == [f"what-changed.{name}" for name in names]
    assert {stat.S_IMODE(p.stat().st_mode) for p in folder.iterdir()} == {0o600}


def test_the_page_goes_in_its_order_and_needs_nothing_else(folder: Path) -> None:
    """How many could have answered, how many did, what changed, how sure we are, what it cannot
    tell; every sentence that belongs to such numbers is there, and nothing comes from elsewhere."""
    html = (folder / "what-changed.html").read_text(encoding="utf-8")
    headings = re.findall(r"<h3>(.*?)</h3>", html)
    assert headings == [
        "Who answered",
        "What changed",
        "How sure we are",
        "What this cannot tell you",
    ]
    for sentence in (said.NO_COMPARISON, said.OTHER_REASONS, said.COMPLETE_PAIRS, said.WHO_STAYED):
        assert sentence in html
    assert "We said on 3 September 2025 which lines we would look at first" in html
    assert html.index("I made decisions with the longer") < html.index("I had time and space")
    assert "Nobody stands behind these numbers" in html
    assert not re.search(r"<script|<link|<iframe|@import|(src|href)=", html)
    assert set(re.findall(r"https?://[^\"' <)]+", html)) <= {"http://www.w3.org/2000/svg"}
    # Looking back stands in a table of its own, with what has to stand beside it.
    assert html.count(said.LOOKING_BACK) == 1
    assert html.index(said.LOOKING_BACK) < html.index("Leaders: looking back at the start (at the")
    assert "The start, as said then</th>" in html
    assert "small" not in re.sub("<style>.*?</style>", "", html, flags=re.S).lower()


def test_the_pdf_says_the_same_and_can_be_listened_to(folder: Path) -> None:
    """The same sentences stand in the PDF, which is tagged and has a title and a language."""
    reader = PdfReader(BytesIO((folder / "what-changed.pdf").read_bytes()))
    words = " ".join(" ".join(page.extract_text().split()) for page in reader.pages)
    html = (folder / "what-changed.html").read_text(encoding="utf-8")
    (first,) = re.findall(r'changed-question">I made decisions.*?</p><p>(.*?)</p>', html)[:1]
    told = (first, said.NO_COMPARISON, said.SPREADS_METHOD, said.LOOKING_BACK, "Practice data")
    for sentence in told:
        assert sentence in words
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert reader.metadata is not None
    assert reader.metadata.title == "What changed"


def test_the_table_has_the_numbers_of_the_page(folder: Path, sixty: list[Release]) -> None:
    """Each row is one line of one group, explained column by column; what the page says of it is
    what stands in the row, and what is not shown there is missing here."""
    table = pd.read_csv(folder / "what-changed.csv")
    html = (folder / "what-changed.html").read_text(encoding="utf-8")
    assert list(table) == list(collect.dictionary("what_changed")["column"])
    about = json.loads((folder / "what-changed.datapackage.json").read_text(encoding="utf-8"))
    fields = about["resources"][0]["schema"]["fields"]
    assert all(one["description"] and one["who_may_see"] for one in fields)
    assert len(table) == sum(c.times == ("start", "end") for c in sixty[1].counted)
    for row in table.dropna(subset="change").to_dict("records"):
        assert f">{signed(row['low'])} to {signed(row['high'])}</td>" in html
    assert list(table["key"][table["main"]].unique()) == ["o9", "o7"]
    assert table["went_up"].isna().any()
    assert (table["people"] >= 10).all()


def test_nothing_released_is_no_report(tmp_path: Path) -> None:
    """It says what to do, and makes no folder."""
    with pytest.raises(NotPossible, match="cascade release"):
        write_report([], tmp_path / "none", programme="Ours")
    assert not (tmp_path / "none").exists()


def test_looking_back_stands_beside_the_start(folder: Path, sixty: list[Release]) -> None:
    """Columns of their own have what people said then and what they see now; the columns of the
    change are the same without them, and so is the page where nobody looked back."""
    table = pd.read_csv(folder / "what-changed.csv")
    html = (folder / "what-changed.html").read_text(encoding="utf-8")
    rows = table.dropna(subset="looked_back")
    assert (rows["looked_back"] >= 10).all()
    assert (rows["people"] - rows["looked_back"] >= 5).all()
    assert (rows["looked_back_mean"] < rows["looked_back_start"]).all()
    for row in rows.to_dict("records"):
        span = f"{signed(row['looked_back_low'])} to {signed(row['looked_back_high'])}"
        start, now = f"{row['looked_back_start']:.1f}", f"{row['looked_back_mean']:.1f}"
        assert f">{start}</td>" in html
        assert f">{now}</td>" in html
        assert f">{span}</td>" in html
    bare = replace(sixty[1], counted=tuple(c for c in sixty[1].counted if c.back is None))
    less = collect.what_changed([bare])
    ours = [name for name in table if not name.startswith("looked_back")]
    assert less[ours].equals(collect.what_changed([sixty[1]])[ours])
    assert said.LOOKING_BACK not in what_changed_html(what_changed([bare]), None)


# What is told of a line


def test_lower_is_better_is_said_and_no_sign_is_turned(sixty: list[Release]) -> None:
    """Feeling less alone is a change below nothing, with the words that belong to it."""
    alone = line_of(what_changed(sixty), "leaders", "o7")
    assert alone.change is not None
    assert alone.change.difference < 0
    assert alone.question.endswith("(here lower is better)")
    assert "went down (here lower is better)" in alone.sentence


def test_the_invented_programmes_have_what_has_to_be_practised(sixty: list[Release]) -> None:
    """A line that gets worse, one near its top, a group under ten, people who drop out, lines that
    were skipped, and a box where many did not come back."""
    made = {60: sixty} | {pairs: practice_releases(pairs) for pairs in SIZES if pairs != 60}
    everything = {pairs: what_changed(releases) for pairs, releases in made.items()}
    assert [g.name for g in everything[15][0].groups] == ["leaders"]
    worse = line_of(everything[200], "leaders", "o11").change
    assert worse is not None
    assert worse.interval.high < 0
    top = line_of(everything[60], "leaders", "o10").change
    assert top is None or top.before is None
    assert all(g.compared for g in everything[200][0].groups)
    assert not any(line.counted.key == "co4" for g in everything[200][0].groups for line in g.lines)
    leaders = everything[60][0].groups[0]
    assert leaders.flow is not None
    assert not leaders.flow.enough
    assert len({line.counted.people for line in leaders.lines}) > 3
    assert practice_releases(15) == made[15]
    with pytest.raises(NotPossible, match="15, 60, 200"):
        practice_releases(17)


def test_eight_of_twelve_are_never_called_almost_all(sixty: list[Release]) -> None:
    """Where fewer than five went another way, this is what is said."""
    line = line_of(what_changed(sixty), "leaders", "o9")
    cells = tuple(
        zip(("went up", "same", "went down"), ("almost all", *["almost none"] * 2), strict=True)
    )
    few = replace(line, counted=replace(line.counted, people=12, cells=cells))
    assert few.counts == "Of 12 people all but a few (fewer than 5) went up."
    assert few.ways == "all but a few up"


def test_a_newer_count_stands_for_an_older_one(sixty: list[Release]) -> None:
    """Of a line that was counted at two moments, the newest is told; the whole programme is first,
    and means at both ends stand for that stretch alone."""
    stretches = what_changed(sixty)
    assert [one.times[1] for one in stretches] == ["end", "six-months", "half-way"]
    assert stretches[0].month == "2026-05"
    later = [line.change for one in stretches[1:] for g in one.groups for line in g.lines]
    assert [c for c in later if c and c.before is not None] == []
    assert what_changed(sixty[:1])[0].times[1] == "half-way"


def test_without_a_choice_no_line_comes_first(sixty: list[Release]) -> None:
    """Where nothing was said in advance the page says so, and nothing is lifted out."""
    bare = replace(sixty[1], main=None)
    html = what_changed_html(what_changed([bare]), None)
    assert "No main outcomes were chosen before the first release" in html
    assert 'class="changed-main"' not in html
