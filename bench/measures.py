"""The measurements.  Each starts its own servers, ours and the peer's, and ends them."""

import asyncio
import contextlib
import json
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import nbformat

from bench import browsing, peers, wire
from bench import collecting as answers
from bench.people import BOX, Writer, kept, meeting, writers
from bench.rows import Row, compared, percentile
from cascade_tools.model.consent import KEEP
from cascade_tools.model.people import Role
from tests.living import ROOT, House
from tests.records.full import COACHES, SHEETS, full_caseload

STOCK, BARE = "stock Voila", "bare tornado + SQLite"
GIVEN_UP_SECONDS = 150.0
SETTLE_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Size:
    """How much to do: runs of each side, people at once, seconds of typing, open pages."""

    runs: int
    rounds: int
    people: int
    seconds: int
    thinking_pages: int
    writing_pages: int


WHOLE = Size(runs=7, rounds=3, people=60, seconds=10, thinking_pages=5, writing_pages=10)
QUICK = Size(runs=2, rounds=1, people=20, seconds=4, thinking_pages=3, writing_pages=5)


@contextlib.contextmanager
def place() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="cascade-bench-", ignore_cleanup_errors=True) as made:
        yield Path(made)


@contextlib.contextmanager
def living(folder: Path) -> Iterator[House]:
    house = House(folder)
    try:
        yield house.start()
    finally:
        house.stop()


def visits(size: Size) -> list[Row]:
    """1, 2, 3: one person opens the longest workbook and types."""
    ours, stock = [], []
    with place() as top, living(top / "house") as house, peers.hello(top / "stock") as hello:
        hello.wait()
        people = writers(house, size.runs + 1)
        with browsing.browser() as browser:
            # The first visit of each warms that server and is not counted.
            for number, writer in enumerate(people):
                mine = browsing.visit_ours(browser, house.url, writer.path, writer.token)
                theirs = browsing.visit_stock(browser, hello.url)
                assert kept(house, writer) == "h", "what was typed first is not in the records"
                if number:
                    ours.append(mine)
                    stock.append(theirs)
    character = [v.character for v in stock]
    against = f"{STOCK}: hello, a character typed and echoed"
    name = "First character typed into the longest workbook is accepted, and later found saved"
    return [
        compared(1, name, against, [v.character for v in ours], character, "s", 0.20),
        compared(
            2,
            "… and its first picture drawn by a kernel",
            against,
            [v.picture for v in ours],
            character,
            "s",
            1.0,
        ),
        compared(
            3,
            "Requests before the first character",
            against,
            [v.requests for v in ours],
            [v.requests for v in stock],
            "",
            6,
            absolute=True,
        ),
        compared(
            3,
            "Bytes over the wire before the first character",
            against,
            [v.kilobytes for v in ours],
            [v.kilobytes for v in stock],
            "kB",
            80,
            absolute=True,
        ),
    ]


def same_second(size: Size) -> list[Row]:
    """4: everybody opens the same workbook at the same moment."""
    with place() as top:
        with living(top / "house") as house:
            people = writers(house, size.people + 1)
            first, *rest = people
            # One page first, so that each server has done once what it does once.
            _rush([_ours(house, first)])
            ours = _rush([_ours(house, w) for w in rest])
        with peers.hello(top / "stock") as hello:
            hello.wait()
            opening: wire.Opening = partial(wire.open_stock, hello.port)
            _rush([opening])
            stock = _rush([opening] * size.people)
    assert ours.whole == size.people, f"only {ours.whole} of {size.people} pages are whole"
    note = "" if stock.whole == size.people else f"{stock.whole} of the peer's pages arrived whole"
    return [
        Row(
            4,
            f"{size.people} people open the same workbook in the same second: "
            "HTML, style and scripts of the last",
            f"{STOCK}: hello, {size.people} times, the last one's HTML alone",
            ours.last,
            stock.last,
            "s",
            0.05,
            note=note,
        )
    ]


def _ours(house: House, writer: Writer) -> wire.Opening:
    return lambda: wire.open_ours(house.port, writer.path, f"cascade={writer.token}")


def _rush(openings: list[wire.Opening]) -> wire.Rush:
    return asyncio.run(wire.rush(openings, GIVEN_UP_SECONDS))


def saves(size: Size) -> list[Row]:
    """5: everybody is typing."""
    ours, bare, refused = [], [], 0
    with place() as top, living(top / "house") as house, peers.bare(top) as peer:
        peer.wait()
        people = writers(house, size.people)
        for number in range(size.rounds):
            typists = asyncio.run(_typists(house, people, number))
            mine = asyncio.run(wire.typing(house.port, typists, size.seconds))
            ours.append(percentile(mine.taken, 0.95) * 1000)
            refused += mine.refused
            # The same requests, the same headers; the peer reads what it needs of them.
            theirs = asyncio.run(wire.typing(peer.port, typists, size.seconds))
            bare.append(percentile(theirs.taken, 0.95) * 1000)
        assert kept(house, people[-1]) == _words(size.seconds)
    name = f"A save while {size.people} people type, p95"
    against = f"{BARE}, one durable commit a request"
    note = f"{refused} of ours were refused at first" if refused else ""
    return [compared(5, name, against, ours, bare, "ms", 2.0, note=note)]


def _words(number: int) -> str:
    return "We were late, and then we talked about the roof. " * number


async def _typists(house: House, people: list[Writer], round_number: int) -> list[wire.Typist]:
    """Each opens the page first, as a browser does, and so has the token its saves must show."""
    found = []
    for writer in people:
        line = wire.Wire(house.port)
        page = await line.ask("GET", writer.path, {"Cookie": f"cascade={writer.token}"})
        line.close()
        token = page.cookie("_xsrf")
        headers = {
            "Cookie": f"cascade={writer.token}; _xsrf={token}",
            "X-XSRFToken": token,
            "X-Cascade-Person": writer.person,
            "Content-Type": "application/json",
        }

        def body(number: int, writer: Writer = writer) -> bytes:
            # The last save of a round leaves the same words, whichever round it is.
            sent = {
                "value": _words(number),
                "base": 10**6,
                "asked": writer.asked,
                "writer": f"bench{round_number}",
                "counter": number,
            }
            return json.dumps(sent).encode()

        found.append(wire.Typist(f"/api{writer.path}/answers/{BOX}", headers, body))
    return found


def overview(size: Size) -> list[Row]:
    """6: a supervisor looks at the table of coaches."""
    ours, stock = [], []
    with place() as top, living(top / "house") as house, browsing.browser() as browser:
        with house.records() as records:
            una = records.people.add("Una Benchfield", [Role.SUPERVISOR], "01632 960111")
            records.consents.decide(una.id, KEEP, True, house.notice)
            full_caseload(records, una)
            token = records.signing_in.sign_in(una.id)
        path, coaches = "workbooks/supervisor/my-overview", ".overview table"
        rows = browsing.cells_of(browser, house.url, path, coaches, token)
        assert len(rows) == COACHES, f"{len(rows)} coaches are in the table"
        notebook = _table_notebook(top, rows)
        with peers.stock_voila(top / "stock", str(notebook)) as table:
            table.wait()
            for _ in range(size.runs):
                ours.append(browsing.until_table(browser, house.url, path, coaches, token))
                stock.append(browsing.until_table(browser, table.url, "", "table.dataframe"))
    shared = COACHES * SHEETS
    name = f"The supervisor’s overview, {COACHES} coaches, {shared} shared sheets, until its table"
    against = f"{STOCK}: pandas.read_sql of the same {len(rows)} rows"
    return [compared(6, name, against, ours, stock, "s", 1.0)]


def _made_demo(top: Path) -> Path:
    programme = top / "demo"
    command = [sys.executable, "-m", "cascade_tools", "demo", "--make-only", "--folder"]
    subprocess.run([*command, str(programme)], cwd=ROOT, check=True, stderr=subprocess.DEVNULL)
    return programme


def _table_notebook(top: Path, rows: list[list[str]]) -> Path:
    """The peer: the same words in a SQLite file, and a notebook that shows them."""
    file = top / "rows.db"
    database = sqlite3.connect(file)
    columns = ", ".join(f"c{n}" for n in range(len(rows[0])))
    marks = ", ".join("?" * len(rows[0]))
    database.execute(f"CREATE TABLE coaches ({columns})")
    database.executemany(f"INSERT INTO coaches VALUES ({marks})", rows)  # noqa: S608
    database.commit()
    database.close()
    lines = [
        "import sqlite3",
        "import pandas",
        f"database = sqlite3.connect({str(file)!r})",
        'pandas.read_sql("SELECT * FROM coaches", database)',
    ]
    code = "\n".join(lines)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    path = top / "table.ipynb"
    nbformat.write(notebook, path)
    return path


def starting(size: Size) -> list[Row]:
    """7: from the command to the first page."""
    ours, stock = [], []
    with place() as top:
        programme = _made_demo(top)
        for number in range(size.runs + 1):
            with peers.cascade_demo(programme) as demo:
                mine = demo.wait()
            with peers.stock_voila(top / f"empty{number}") as empty:
                theirs = empty.wait()
            # The first start of each reads the disk for the others.
            if number:
                ours.append(mine)
                stock.append(theirs)
    name = "cascade demo, from the command to the first page"
    return [compared(7, name, f"{STOCK} on an empty folder", ours, stock, "s", 2.0)]


def memory(size: Size) -> list[Row]:
    """8: what each open page holds for itself."""
    thinking, writing, stock = [], [], []
    for _ in range(size.rounds):
        with place() as top:
            with living(top / "house") as house:
                people = writers(house, size.thinking_pages + 1)
                pages = [(house.url + w.path.lstrip("/"), w.token) for w in people]
                drew = browsing.KERNEL_DREW
                thinking.append(_growth(_pid(house), house.url, pages, drew))
            with living(top / "paper") as house:
                sheet = meeting(house)
                page = (house.url + sheet.path.lstrip("/"), sheet.token)
                pages = [page] * (size.writing_pages + 1)
                writing.append(_growth(_pid(house), house.url, pages, ".prompt[data-key]"))
            with peers.hello(top / "stock") as hello:
                hello.wait()
                pages = [(hello.url, "")] * (size.thinking_pages + 1)
                stock.append(_growth(hello.pid, hello.url, pages, "textarea"))
    against = f"{STOCK}: hello"
    unit = "MB"
    return [
        compared(8, "USS of an open page that thinks", against, thinking, stock, unit, 0.5),
        compared(
            8,
            "USS of an open page that only takes writing",
            against,
            writing,
            stock,
            unit,
            1.0,
            absolute=True,
        ),
    ]


def _pid(house: House) -> int:
    assert house.process is not None
    return house.process.pid


def _growth(pid: int, url: str, pages: list[tuple[str, str]], there: str) -> float:
    """MB by which a server and its kernels grow for each open page, after a first one."""
    with browsing.browser() as browser, contextlib.ExitStack() as open_pages:

        def visit(address: str, token: str) -> None:
            page = open_pages.enter_context(browsing.fresh(browser, url, token))
            page.goto(address)
            page.locator(there).first.wait_for(state="attached")

        visit(*pages[0])
        time.sleep(SETTLE_SECONDS)
        before = peers.unshared(pid)
        for address, token in pages[1:]:
            visit(address, token)
        time.sleep(SETTLE_SECONDS)
        return max(0.0, peers.unshared(pid) - before) / (len(pages) - 1)


def collecting(size: Size) -> list[Row]:
    """9, 10, 11: an analyst collects everything they may read."""
    whole = size.rounds > 1
    return answers.rows(1_000_000 if whole else 50_000, 10_000)


MEASURES: dict[tuple[int, ...], Callable[[Size], list[Row]]] = {
    (1, 2, 3): visits,
    (4,): same_second,
    (5,): saves,
    (6,): overview,
    (7,): starting,
    (8,): memory,
    (9, 10, 11): collecting,
}
