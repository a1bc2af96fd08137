"""4: a whole crowd opens the same workbook at the same moment."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from statistics import median

from bench import peers
from bench.people import Writer, writers
from bench.rows import Measured, Point, compared
from bench.runs import STOCK, Size, living, place
from bench.wire import Wire

GIVEN_UP_SECONDS = 150.0
MOST_TRIES = 60
PANEL = "Seconds until the last one has it"
PAGE, PICTURE, THEIRS = "Ours: the page", "Ours: its picture", "Stock Voila’s hello"

Opening = Callable[[], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Rush:
    """Many at once: how many arrived whole, and the seconds until the last of those had."""

    whole: int
    last: float


@dataclass(frozen=True, slots=True)
class Crowd:
    """One round of so many people.  ``beside`` is the last page when pictures follow at once."""

    people: int
    page: Rush
    beside: float
    picture: Rush
    stock: Rush


def same_second(size: Size) -> Measured:
    """4: everybody opens the same workbook at the same moment."""
    crowds = {n: [_crowd(n) for _ in range(size.rounds_of(n))] for n in size.crowds}
    rows = []
    for people in (n for n in size.crowds if n == size.people):
        rounds = crowds[people]
        for one in rounds:
            assert one.page.whole == people, f"only {one.page.whole} of {people} pages are whole"
            assert one.picture.whole == people, f"only {one.picture.whole} pictures are whole"
        stock = [one.stock.last for one in rounds]
        against = f"{STOCK}: hello, {people} times, the last one’s HTML alone"
        note = "; ".join(filter(None, (_missing(one.stock, people) for one in rounds)))
        beside = f"the last page then came after {median(one.beside for one in rounds):.2g} s"
        rows += [
            compared(
                4,
                f"{people} people open the same workbook in the same second: "
                "HTML, style and scripts of the last",
                against,
                [one.page.last for one in rounds],
                stock,
                "s",
                0.05,
                note=note,
            ),
            compared(
                4,
                "… and each asks for its pictures at once: HTML of the last one’s",
                against,
                [one.picture.last for one in rounds],
                stock,
                "s",
                0.25,
                note=f"{beside}; {note}" if note else beside,
            ),
        ]
    return Measured(rows, [point for n, rounds in crowds.items() for point in _points(n, rounds)])


def _missing(rush: Rush, people: int) -> str:
    return "" if rush.whole == people else f"{rush.whole} of the peer’s pages arrived whole"


def _points(people: int, rounds: Sequence[Crowd]) -> list[Point]:
    found = []
    for line, rushes in (
        (PAGE, [one.page for one in rounds]),
        (PICTURE, [one.picture for one in rounds]),
        (THEIRS, [one.stock for one in rounds]),
    ):
        fewest = min(rush.whole for rush in rushes)
        note = "" if fewest == people else f"{fewest} of {people} arrived"
        found.append(Point(PANEL, line, people, median(rush.last for rush in rushes), note))
    return found


def _crowd(people: int) -> Crowd:
    """Everybody at once, in servers of their own: nobody's earlier kernels are in the way."""
    with place() as top:
        with living(top / "house") as house:
            first, *rest = writers(house, people + 1)
            pages: list[float] = []
            # One page first, so that each server has done once what it does once.
            _rush([partial(open_picture, house.port, first, pages)])
            page = _rush([partial(open_ours, house.port, writer) for writer in rest])
            pages.clear()
            began = time.perf_counter()
            picture = _rush([partial(open_picture, house.port, writer, pages) for writer in rest])
            beside = max(pages, default=began) - began
        with peers.hello(top / "stock") as hello:
            hello.wait()
            _rush([partial(open_stock, hello.port)])
            stock = _rush([partial(open_stock, hello.port)] * people)
    return Crowd(people, page, beside, picture, stock)


def _rush(openings: Sequence[Opening]) -> Rush:
    return asyncio.run(rush(openings, GIVEN_UP_SECONDS))


async def rush(openings: Sequence[Opening], most: float) -> Rush:
    """All at the same moment; those not there after ``most`` seconds are given up."""
    began = time.perf_counter()

    async def one(opening: Opening) -> float | None:
        try:
            whole = await asyncio.wait_for(opening(), most)
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            return None
        return time.perf_counter() - began if whole else None

    times = [t for t in await asyncio.gather(*(one(o) for o in openings)) if t is not None]
    return Rush(len(times), max(times, default=0.0))


async def open_ours(port: int, writer: Writer) -> bool:
    """One entry page with its style and scripts, nothing cached; whether all of it is whole."""
    wires = [Wire(port), Wire(port)]
    try:
        return bool(await _page(wires, writer))
    finally:
        for wire in wires:
            wire.close()


async def open_picture(port: int, writer: Writer, pages: list[float]) -> bool:
    """As ``open_ours``, and then the pictures, as the page asks for them.

    ``pages`` gets the moment at which the page itself was whole.
    """
    wires = [Wire(port), Wire(port)]
    try:
        token = await _page(wires, writer)
        if not token:
            return False
        pages.append(time.perf_counter())
        said = {
            "Cookie": f"cascade={writer.token}; _xsrf={token}",
            "X-XSRFToken": token,
            "X-Cascade-Person": writer.person,
        }
        for _ in range(MOST_TRIES):
            reply = await wires[0].ask("POST", f"{writer.path}/pictures", said)
            if reply.status != HTTPStatus.SERVICE_UNAVAILABLE:
                break
            await asyncio.sleep(reply.wait)
        html = reply.text
        return (
            reply.status == HTTPStatus.OK
            and '"kernelId"' in html
            and "widget-view" in html
            and "</html>" in html
        )
    finally:
        for wire in wires:
            wire.close()


async def _page(wires: Sequence[Wire], writer: Writer) -> str:
    """The page's cross-site token once all of it is whole; empty where something is missing."""
    said = {"Cookie": f"cascade={writer.token}"}
    page = await wires[0].ask("GET", writer.path, said)
    html = page.text
    style = re.search(r'href="([^"]+/cascade\.css)"', html)
    script = re.search(r'src="([^"]+/page\.js)"', html)
    if page.status != HTTPStatus.OK or style is None or script is None or "</html>" not in html:
        return ""
    first, second = await asyncio.gather(
        wires[0].ask("GET", style.group(1), said), wires[1].ask("GET", script.group(1), said)
    )
    # What page.js imports is asked for once page.js is there.
    folder = script.group(1).rpartition("/")[0]
    imported = re.findall(r'from "\./([\w.-]+\.js)"', second.text)
    rest = [await wires[1].ask("GET", f"{folder}/{name}", said) for name in imported]
    whole = all(r.status == HTTPStatus.OK and r.body for r in (first, second, *rest))
    return page.cookie("_xsrf") if whole else ""


async def open_stock(port: int) -> bool:
    """One page of stock Voila, its HTML alone; whether it is whole."""
    wire = Wire(port)
    try:
        page = await wire.ask("GET", "/")
        return (
            page.status == HTTPStatus.OK and "widget-view" in page.text and "</html>" in page.text
        )
    finally:
        wire.close()
