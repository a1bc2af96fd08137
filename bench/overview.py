"""6: a supervisor looks at the table of coaches; the peer reads the same words with pandas."""

import sqlite3
from pathlib import Path

import nbformat

from bench import browsing, peers
from bench.rows import Measured, compared
from bench.runs import STOCK, Size, living, place
from cascade_tools.model.consent import KEEP
from cascade_tools.model.people import Role
from tests.records.full import COACHES, SHEETS, full_caseload


def overview(size: Size) -> Measured:
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
    return Measured([compared(6, name, against, ours, stock, "s", 1.0)])


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
