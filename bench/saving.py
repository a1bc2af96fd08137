"""5: a whole crowd saves: once a second each, and as fast as they can."""

import asyncio
import json
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from statistics import median

from bench import peers
from bench.people import BOX, Writer, kept, writers
from bench.rows import Measured, Point, Row, compared, percentile
from bench.runs import BARE, Size, living, place
from bench.typists import Rate, Saves, Typist, typing, without_pause
from bench.wire import Wire
from tests.living import House

AGAINST = f"{BARE}, one durable commit a request"
PANEL_P95, PANEL_RATE = "Milliseconds of a save, p95", "Saves a second, without pause"
OURS, PEER = "Ours: a save", "Bare handler"
# A text as it grows, and begins anew.
SENTENCES = 10


@dataclass(slots=True)
class Side:
    """What the rounds of one side found."""

    p95: list[float] = field(default_factory=list)
    a_second: list[float] = field(default_factory=list)
    refused: int = 0

    def take(self, typed: Saves, rate: Rate) -> None:
        self.p95.append(percentile(typed.taken, 0.95) * 1000)
        self.a_second.append(rate.a_second)
        self.refused += typed.refused + rate.refused


def saves(size: Size) -> Measured:
    """5: everybody is typing, and then everybody saves at once."""
    rows: list[Row] = []
    points: list[Point] = []
    with ExitStack() as stack:
        top = stack.enter_context(place())
        house = stack.enter_context(living(top / "house"))
        peer = stack.enter_context(peers.bare(top))
        peer.wait()
        everybody = writers(house, max(size.crowds))
        for people in size.crowds:
            ours, bare = Side(), Side()
            for number in range(size.rounds_of(people)):
                _round(size, house, peer.port, everybody[:people], f"{people}-{number}", ours, bare)
            if people == size.people:
                rows = _rows(people, ours, bare)
            for panel, mine, theirs in (
                (PANEL_P95, ours.p95, bare.p95),
                (PANEL_RATE, ours.a_second, bare.a_second),
            ):
                points.append(Point(panel, OURS, people, median(mine), _note(ours)))
                points.append(Point(panel, PEER, people, median(theirs)))
    return Measured(rows, points)


def _note(ours: Side) -> str:
    return f"{ours.refused} of ours were refused at first" if ours.refused else ""


def _rows(people: int, ours: Side, bare: Side) -> list[Row]:
    typed = f"A save while {people} people type, p95"
    together = f"Saves a second when {people} people save without pause"
    note = _note(ours)
    return [
        compared(5, typed, AGAINST, ours.p95, bare.p95, "ms", 2.0, note=note),
        compared(
            5, together, AGAINST, ours.a_second, bare.a_second, "/s", 2.0, at_least=True, note=note
        ),
    ]


def _round(
    size: Size,
    house: House,
    peer: int,
    people: Sequence[Writer],
    name: str,
    ours: Side,
    bare: Side,
) -> None:
    """The same requests with the same headers for both; the peer reads what it needs of them."""
    for side, port in ((ours, house.port), (bare, peer)):
        typists = asyncio.run(typists_of(house, people, f"{name}-typed"))
        typed = asyncio.run(typing(port, typists, size.seconds))
        if side is ours:
            assert kept(house, people[-1]) == _words(size.seconds)
        typists = asyncio.run(typists_of(house, people, f"{name}-rush"))
        rate = asyncio.run(without_pause(port, typists, size.rush_seconds))
        if side is ours:
            for writer, last in zip(people, rate.last, strict=True):
                assert kept(house, writer) == _words(last), "an acknowledged save is not there"
        side.take(typed, rate)


def _words(number: int) -> str:
    return "We were late, and then we talked about the roof. " * (1 + number % SENTENCES)


async def typists_of(house: House, people: Sequence[Writer], page: str) -> list[Typist]:
    """Each opens the page first, as a browser does, and so has the token its saves must show."""
    found = []
    for writer in people:
        line = Wire(house.port)
        opened = await line.ask("GET", writer.path, {"Cookie": f"cascade={writer.token}"})
        line.close()
        token = opened.cookie("_xsrf")
        headers = {
            "Cookie": f"cascade={writer.token}; _xsrf={token}",
            "X-XSRFToken": token,
            "X-Cascade-Person": writer.person,
            "Content-Type": "application/json",
        }

        def body(number: int, writer: Writer = writer) -> bytes:
            sent = {
                "value": _words(number),
                "base": 10**6,
                "asked": writer.asked,
                "writer": f"bench-{page}",
                "counter": number,
            }
            return json.dumps(sent).encode()

        found.append(Typist(f"/api{writer.path}/answers/{BOX}", headers, body))
    return found
