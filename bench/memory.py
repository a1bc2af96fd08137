"""8: what each open page holds for itself."""

import contextlib
import time

from bench import browsing, peers
from bench.people import meeting, writers
from bench.rows import Measured, compared
from bench.runs import STOCK, Size, living, pid_of, place

SETTLE_SECONDS = 2.0


def memory(size: Size) -> Measured:
    """8: what each open page holds for itself."""
    thinking, writing, stock = [], [], []
    for _ in range(size.rounds):
        with place() as top:
            with living(top / "house") as house:
                people = writers(house, size.thinking_pages + 1)
                pages = [(house.url + w.path.lstrip("/"), w.token) for w in people]
                drew = browsing.KERNEL_DREW
                thinking.append(_growth(pid_of(house), house.url, pages, drew))
            with living(top / "paper") as house:
                sheet = meeting(house)
                page = (house.url + sheet.path.lstrip("/"), sheet.token)
                pages = [page] * (size.writing_pages + 1)
                writing.append(_growth(pid_of(house), house.url, pages, ".prompt[data-key]"))
            with peers.hello(top / "stock") as hello:
                hello.wait()
                pages = [(hello.url, "")] * (size.thinking_pages + 1)
                stock.append(_growth(hello.pid, hello.url, pages, "textarea"))
    against = f"{STOCK}: hello"
    unit = "MB"
    rows = [
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
    return Measured(rows)


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
