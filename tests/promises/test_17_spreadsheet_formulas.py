"""No text of a person is ever a formula in a spreadsheet, and every text comes back as it was."""

import csv
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cascade_tools import collect
from cascade_tools.collect.formats import defused
from cascade_tools.model.consent import KEEP
from cascade_tools.model.entry import Outline
from cascade_tools.model.people import Held, Role, Session
from cascade_tools.records import Reader
from tests.collect.paper_desk import PaperDesk, answer
from tests.faults.nursery import QuickHouse
from tests.faults.pages import COACH, put

STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", " =", "'=", "\u3000@", "\uff1d")
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")
WRITTEN = [f"{start}1+1" for start in STARTS] + [
    '=HYPERLINK("http://evil.example","Press")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "=1;=2,=3\t=4\n=5",
    'plain, "quoted" and\nbroken',
    "",
]
text = st.text(max_size=30) | st.tuples(st.sampled_from(STARTS), st.text(max_size=10)).map("".join)


def cells(path: Path) -> list[list[str]]:
    """The cells as a spreadsheet takes them in."""
    return list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))


def plain(cell: str) -> str:
    """What was written, from its cell: our apostrophe taken away again."""
    return cell[1:] if cell.startswith("'") and defused(cell[1:]) != cell[1:] else cell


@settings(deadline=None)  # the machine may be busy; time is not what is tested
@given(text)
def test_no_formula_survives(written: str) -> None:
    """No CSV cell can be taken for a formula, spaces and apostrophes aside; undoing is exact."""
    cell = defused(written)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "\0"))
    assert not cell.lstrip().startswith(
        ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
    )
    assert plain(cell) == written


# The machine may be busy; time is not what is tested.  Each example writes and reads two files.
@settings(deadline=None, max_examples=30)
@given(st.lists(text, min_size=1, max_size=6))
def test_text_survives_both_kinds_of_file(
    tmp_path_factory: pytest.TempPathFactory, written: list[str]
) -> None:
    """Parquet gives every text back as it was written; CSV gives it back but for the apostrophe."""
    folder = tmp_path_factory.mktemp("out")
    rows = [answer(value=t, words=t, person=t, entry=str(at)) for at, t in enumerate(written)]
    paths = collect.write(PaperDesk(rows), folder).files
    parquet = pd.read_parquet(folder / "answers.parquet")
    assert parquet["value"].tolist() == parquet["words"].tolist() == written
    assert parquet["person"].tolist() == written
    for path in paths:
        if path.suffix == ".csv":
            for cell in (cell for row in cells(path) for cell in row):
                assert cell == defused(cell) or cell == "" or cell.startswith("'")
                assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "\0"))
    header, *lines = cells(folder / "answers.csv")
    assert [line[header.index("words")] for line in lines] == [defused(t) for t in written]


def test_what_real_people_wrote_is_text_in_every_cell(
    own_house: QuickHouse, tmp_path: Path
) -> None:
    """Names, places, purposes and answers that look like formulas, saved, shared and collected:
    no cell of any file is a formula, and every answer comes back as it was saved."""
    house, keys = own_house, ("what-happened", "not-said", "question-landed")
    with house.records() as records:
        sue = house.people["sue"]
        coach = records.people.add("=1+1 Coachfield", [Role.COACH], "01632 960199")
        house.people["formula"] = coach
        records.consents.decide(coach.id, KEEP, True, house.notice)
        records.people.supervise(sue.id, coach.id)
        today = datetime.now(UTC).date()
        pair = records.people.pair(coach.id, None, "@place", today)
        saved = []
        for number in range(0, len(WRITTEN), len(keys)):
            session = records.people.add_session(pair, Session("", number + 1, today, Held.HELD))
            entry = records.entries.start(coach.id, COACH, pair_id=pair, session_id=session).id
            words = dict(zip(keys, WRITTEN[number : number + len(keys)], strict=True))
            put(house, entry, "formula", **{k.replace("-", "_"): w for k, w in words.items() if w})
            document = records.sharing.compose(coach.id, entry, Outline((("all", "=All", keys),)))
            saved += [a["words"] for page in document.body["pages"] for a in page["answers"]]
            records.sharing.share(
                coach.id,
                entry,
                document,
                Reader(sue.id, sue.name, "supervisor"),
                purpose="=purpose",
                ends_at=datetime.now(UTC) + timedelta(days=9),
            )
        desk = records.desk(sue, "test")
        paths = collect.write(desk, tmp_path).files
        collect.write_table(collect.overview(desk), tmp_path / "overview.csv")
    assert len(saved) >= len(WRITTEN) - 3
    for path in (*paths, tmp_path / "overview.csv"):
        if path.suffix == ".csv":
            every = [cell for row in cells(path) for cell in row]
            assert not [cell for cell in every if cell.startswith(FORMULA)], path.name
    header, *rows = cells(tmp_path / "answers.csv")
    assert sorted(plain(row[header.index("words")]) for row in rows) == sorted(saved)
    assert {plain(row[header.index("person")]) for row in rows} == {"=1+1 Coachfield"}
