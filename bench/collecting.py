"""Collecting many answers: a made-up programme, ours and the peer, each in a process of its own.

``python -m bench.collecting ours FOLDER`` reads through the gate; ``peer`` asks SQLAlchemy and
pandas for the same joined rows as they lie in the file, sealed.  Both print one line of JSON.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import psutil

from bench.rows import Measured, Row
from bench.runs import Size

if TYPE_CHECKING:
    import pandas as pd

READER = "Ada Benchfield"
SHEET = 25  # answers of one sheet, as in the longest reflection
WORDS = "We were late, and then we talked about the roof, the board and who would ring whom. "
BATCH = 50_000
FEW = 10_000
KIB = 1024


def make(folder: Path, count: int) -> None:
    """A programme in which one coach wrote ``count`` answers, sealed as the kit seals them."""
    from sqlalchemy import insert, update

    from cascade_tools import programme
    from cascade_tools.model.people import Role
    from cascade_tools.model.prompts import Choice, Kind, Prompt
    from cascade_tools.records.store import Store, remember_asked
    from cascade_tools.records.tables import AnswerRow, EntryRow, new_id

    programme.init(folder, programme_name="Bench", demo=True)
    _, records = programme.open_folder(folder)
    store: Store = records.store
    points = tuple(Choice(str(n), f"Point {n}") for n in range(5))
    prompts = [
        Prompt(f"item-{n}", Kind.SCALE, f"About item {n}?", points)
        if n % 5 < 2
        else Prompt(f"said-{n}", Kind.LONG, f"What happened then, number {n}?")
        for n in range(SHEET)
    ]
    try:
        coach = records.people.add(READER, [Role.COACH], "01632 960100")
        now = datetime.now(UTC)
        with store.database.writing() as s:
            asked = [remember_asked(s, "coach/after-i-coach", p) for p in prompts]
        entries, answers = [], []
        for number in range(count // SHEET):
            entry, saved = new_id(), now - timedelta(minutes=number)
            entries.append(
                {
                    "id": entry,
                    "person_id": coach.id,
                    "workbook": "coach/after-i-coach",
                    "state": "draft",
                    "made_at": saved,
                    "saved_at": saved,
                    "together": "",
                }
            )
            for place, prompt in enumerate(prompts):
                value = place % 5 if prompt.kind == Kind.SCALE else WORDS[number % 40 :] * 2
                sealed = store.seal_answer(value, entry, prompt.key, 1)
                answers.append(
                    {
                        "id": new_id(),
                        "entry_id": entry,
                        "key": prompt.key,
                        "revision": 1,
                        "beside": False,
                        "by_id": coach.id,
                        "writer": "bench",
                        "counter": place,
                        "who": str(prompt.who),
                        "asked_id": asked[place],
                        "saved_at": saved,
                        "key_id": sealed.key_id,
                        "sealed": sealed.body,
                    }
                )
            if len(answers) >= BATCH or number + 1 == count // SHEET:
                with store.database.writing() as s:
                    s.execute(insert(EntryRow), entries)
                    s.execute(insert(AnswerRow), answers)
                entries, answers = [], []
        with store.database.writing() as s:
            s.execute(update(EntryRow).values(saved_at=now))
    finally:
        records.close()


@contextmanager
def made(count: int) -> Iterator[Path]:
    """The folder of such a programme, for as long as it is needed."""
    with tempfile.TemporaryDirectory(prefix="cascade-bench-") as top:
        folder = Path(top) / "made"
        make(folder, count)
        yield folder


def ours(folder: Path) -> int:
    """The table of every answer, through the gate; its size in memory."""
    from cascade_tools import collect, open_programme

    desk = open_programme(folder, as_=READER)
    return measured(lambda: collect.answers(desk))


def peer(folder: Path) -> int:
    """The same joined rows as pandas reads them."""
    import pandas as pd
    from sqlalchemy import create_engine, select

    from cascade_tools.records.tables import (
        AnswerRow,
        AskedRow,
        EntryRow,
        PairRow,
        PersonRow,
        SessionRow,
    )

    engine = create_engine(f"sqlite:///{folder / 'cascade.db'}")
    query = (
        select(
            *(PersonRow.name, EntryRow.workbook, EntryRow.id, PairRow.label, SessionRow.number),
            *(AnswerRow.key, AskedRow.prompt, AnswerRow.who, AnswerRow.sealed, AnswerRow.saved_at),
        )
        .join(AskedRow, AskedRow.id == AnswerRow.asked_id)
        .join(EntryRow, EntryRow.id == AnswerRow.entry_id)
        .join(PersonRow, PersonRow.id == EntryRow.person_id)
        .outerjoin(SessionRow, SessionRow.id == EntryRow.session_id)
        .outerjoin(PairRow, PairRow.id == EntryRow.pair_id)
        .order_by(EntryRow.made_at, AnswerRow.entry_id, AnswerRow.key)
    )
    return measured(lambda: pd.read_sql(query, engine))


def measured(read: "Callable[[], pd.DataFrame]") -> int:
    """Seconds, rows, how far memory rose meanwhile, and how much the table keeps of it."""
    before = psutil.Process().memory_info().rss
    began = time.perf_counter()
    table = read()
    taken = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KIB - before
    size = int(table.memory_usage(deep=True).sum())
    print(json.dumps({"seconds": taken, "rows": len(table), "peak": peak, "table": size}))
    return 0


def collecting(size: Size) -> Measured:
    """9, 10, 11: an analyst collects everything they may read."""
    many = size.answers
    with made(FEW) as folder:
        run("ours", folder)
        few = median(run("ours", folder)["seconds"] for _ in range(size.runs))
    with made(many) as folder:
        # The first reading brings the file into the system's memory for both.
        peer, ours = run("peer", folder), run("ours", folder)
    against = "SQLAlchemy and pandas.read_sql of the same joined rows, left sealed"
    name = f"collect of {many:,} answers through the gate, opened, tidy"
    rows = [
        Row(9, name, against, ours["seconds"], peer["seconds"], "s", 1.5),
        Row(
            10,
            "… its peak of memory",
            "the finished table",
            ours["peak"] / 1e6,
            ours["table"] / 1e6,
            "MB",
            1.5,
        ),
        Row(
            11,
            f"… microseconds an answer, {FEW:,} answers to {many:,}",
            f"collect of {FEW:,} answers, the median of {size.runs}",
            ours["seconds"] / many * 1e6,
            few / FEW * 1e6,
            "µs",
            1.0,
        ),
    ]
    return Measured(rows)


def run(side: str, folder: Path) -> dict[str, float]:
    """One side in a process of its own, so that its memory is its own."""
    command = [sys.executable, "-m", "bench.collecting", side, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


if __name__ == "__main__":
    sys.exit({"ours": ours, "peer": peer}[sys.argv[1]](Path(sys.argv[2])))
