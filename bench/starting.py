"""7: from the command to the first page."""

import subprocess
import sys
from pathlib import Path

from bench import peers
from bench.rows import Measured, compared
from bench.runs import STOCK, Size, place
from tests.living import ROOT


def starting(size: Size) -> Measured:
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
    against = f"{STOCK} on an empty folder"
    return Measured([compared(7, name, against, ours, stock, "s", 2.0)])


def _made_demo(top: Path) -> Path:
    programme = top / "demo"
    command = [sys.executable, "-m", "cascade_tools", "demo", "--make-only", "--folder"]
    subprocess.run([*command, str(programme)], cwd=ROOT, check=True, stderr=subprocess.DEVNULL)
    return programme
