"""A kernel that dies or never comes costs a redraw, never a word."""

import contextlib
import http.client
import json
import os
import re
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

import psutil
import pytest
from playwright.sync_api import Page, Route, expect

from tests.faults.nursery import QuickHouse
from tests.faults.pages import (
    COACH,
    KEY,
    PAGE,
    THOUGHT,
    eventually,
    fresh_entry,
    kept,
    open_entry,
    put,
    state,
    through,
    with_a_thought,
)
from tests.faults.proxy import Proxy
from tests.faults.visitor import Visitor

AXES: dict[str, Any] = {
    f"ax_{name}": 3 for name in ("cb1", "cb2", "cb3", "ld1", "ld2", "ld3", "ld4")
}
PICTURE = "your-picture-of-the-balance"
COMING = "The pictures are coming. You can write meanwhile."
BALANCE = ".place[data-cell=show-balance]"
KERNELS = f"{BALANCE} [data-cell]:not(.arriving) .picture"


def _turn(page: Page, to: str) -> None:
    """Another page of the same entry, without loading it again."""
    page.evaluate("(to) => { history.pushState({}, '', `?page=${to}`); }", to)
    page.evaluate("dispatchEvent(new PopStateEvent('popstate'))")


@pytest.mark.parametrize("workbook", [COACH, THOUGHT], ids=["pictures", "widgets"])
def test_a_killed_kernel_costs_no_word_and_its_picture_can_be_redrawn(
    own_house: QuickHouse, visit: Callable[..., Page], workbook: str
) -> None:
    """The kernel is killed while somebody types: typing and saving go on, the last picture stays
    with its time and offers to be redrawn, and redrawing shows what was saved since."""
    with_a_thought(own_house)
    own_house.start()
    entry = fresh_entry(own_house, workbook=workbook, way="longer", **AXES)
    page = visit(own_house, "amina")
    assert own_house.process is not None
    # Where nobody has opened a page with pictures there is nothing to draw them.
    assert psutil.Process(own_house.process.pid).children() == []
    box = open_entry(page, own_house, entry)
    expect(page.locator(KERNELS)).to_have_count(1, timeout=60_000)
    picture = page.locator(KERNELS).inner_html()
    box.click()
    page.keyboard.type("Before it died, ")
    for pid in own_house.kernels():
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    page.keyboard.type("and after.", delay=20)
    expect(box).to_have_value("Before it died, and after.")
    state(page, "saved")
    eventually(lambda: kept(own_house, entry)[KEY] == "Before it died, and after.")
    # A later answer would change the picture, if there were anybody to draw it.
    put(own_house, entry, "amina", workbook, ax_ld1=0)
    _turn(page, PICTURE)
    place = page.locator(BALANCE)
    redraw = place.get_by_role("button", name="Redraw")
    redraw.wait_for(timeout=30_000)
    note = page.locator(f"{BALANCE} .picture-stale")
    assert re.search(r"saved at \d\d:\d\d", note.inner_text())
    assert place.locator(".picture").first.inner_html() == picture
    eventually(lambda: not own_house.kernels(), what="The dead kernel was not taken away.")
    with page.expect_navigation():
        redraw.click()
    expect(page.locator(KERNELS)).to_have_count(1, timeout=60_000)
    assert page.locator(KERNELS).inner_html() != picture
    assert page.locator(f"{BALANCE} .picture-stale").is_hidden()
    assert page.locator(f"#q-{KEY}").input_value() == "Before it died, and after."


def test_only_widgets_of_a_programmes_own_need_voilas_script_and_what_it_is_allowed(
    house: QuickHouse, visit: Callable[..., Page]
) -> None:
    """Where pictures are all there is, nothing of Voila's is loaded, and nothing more is allowed
    than on any other page."""
    found = {}
    for workbook in (COACH, THOUGHT):
        entry = fresh_entry(house, workbook=workbook, way="longer", **AXES)
        page = visit(house, "amina")
        asked: list[str] = []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        reply = page.goto(f"{house.url}entries/{entry}")
        assert reply is not None
        expect(page.locator(KERNELS)).to_have_count(1, timeout=60_000)
        policy = reply.headers["content-security-policy"]
        found[workbook] = (
            any("/voila/" in address for address in asked),
            "blob:" in policy,
            "'unsafe-inline'" in policy,
        )
    assert found == {COACH: (False, False, False), THOUGHT: (True, True, True)}


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("print('1 < 2')", "<pre>1 &lt; 2\n</pre>"),
        ("'1 < 2'", '"text/plain": "\\u00271 \\u003c 2\\u0027"'),
        ("1 / 0", "There was an error when executing cell"),
    ],
)
def test_what_a_cell_of_the_programmes_own_says_comes_with_the_pictures(
    build: Callable[..., QuickHouse], code: str, said: str
) -> None:
    """Whatever it prints or ends with, or that it failed; as words, never as HTML."""
    house = build()
    with_a_thought(house, code)
    house.start()
    entry = fresh_entry(house, workbook=THOUGHT, way="longer", **AXES)
    reply = Visitor(house, "amina").post(f"/entries/{entry}/pictures")
    cell = reply.body.partition('data-cell="a-thought"')[2].partition("data-cell")[0]
    assert said in cell


def test_pictures_follow_again_once_the_network_is_back(
    house: QuickHouse, proxy: Proxy, visit: Callable[..., Page]
) -> None:
    """What was saved while the line to the kernel was cut is drawn when it is there again."""
    entry = fresh_entry(house, way="longer", **AXES)
    there = through(house, proxy.port)
    page = visit(there, "amina")
    box = open_entry(page, there, entry)
    expect(page.locator(KERNELS)).to_have_count(1, timeout=60_000)
    before = page.locator(KERNELS).inner_html()
    with proxy.broken("cut"):
        box.fill("After the cut")
        state(page, "waiting")
        put(house, entry, "amina", ax_ld1=0)
    state(page, "saved")
    eventually(lambda: page.locator(KERNELS).inner_html() != before, 60, "a new picture")


def test_without_any_kernel_one_can_write_and_ask_for_the_picture_again(
    house: QuickHouse, visit: Callable[..., Page]
) -> None:
    """No kernel ever comes: writing and saving work, the page's own picture stays, says what it
    shows and offers to be redrawn; once kernels come again, that is enough."""
    entry = fresh_entry(house, way="longer", **AXES)
    page = visit(house, "amina")
    page.route("**/pictures", lambda route: route.abort())
    box = open_entry(page, house, entry)
    box.fill("Nobody draws today")
    state(page, "saved")
    assert kept(house, entry)[KEY] == "Nobody draws today"
    _turn(page, PICTURE)
    place = page.locator(BALANCE)
    note = place.locator(".picture-late")
    expect(note).to_contain_text("what was saved when you opened the page")
    assert place.locator(".picture").count() == 1
    page.unroute("**/pictures")
    place.get_by_role("button", name="Redraw").click()
    expect(page.locator(KERNELS)).to_have_count(1, timeout=60_000)
    assert place.get_by_role("button", name="Redraw").count() == 0


def test_a_server_without_a_kernel_to_give_says_so_and_saves_on(
    build: Callable[..., QuickHouse], visit: Callable[..., Page]
) -> None:
    """The server cannot start a kernel at all: the same, and the page is told in plain words."""
    house = build()
    # A kernel is started as `python`; there is none to be found.
    house.env = {"JUPYTER_PATH": str(house.folder.path), "PYTHONPATH": "/nowhere"}
    spec = house.folder.path / "kernels" / "python3"
    spec.mkdir(parents=True)
    broken = {"argv": ["/nowhere/python"], "display_name": "", "language": "python"}
    (spec / "kernel.json").write_text(json.dumps(broken))
    house.start()
    entry = fresh_entry(house, way="longer", **AXES)
    page = visit(house, "amina")
    with page.expect_response("**/pictures"):
        box = open_entry(page, house, entry)
    box.fill("Nobody can draw")
    state(page, "saved")
    assert kept(house, entry)[KEY] == "Nobody can draw"
    _turn(page, PICTURE)
    page.locator(BALANCE).get_by_role("button", name="Redraw").wait_for()


def test_whoever_waits_for_pictures_reads_so_and_writes_on(
    house: QuickHouse, visit: Callable[..., Page]
) -> None:
    """Nothing moves when the line comes or goes; it is said once, and is gone with the picture."""
    entry = fresh_entry(house, way="longer", **AXES)
    page = visit(house, "amina")
    held: list[Route] = []
    page.route("**/pictures", lambda route: held.append(route))
    page.goto(f"{house.url}entries/{entry}?page={PICTURE}")
    line, heading = page.locator(".coming-line"), page.locator(f"#page-{PICTURE} h2")
    before = heading.bounding_box(), page.evaluate("document.documentElement.scrollHeight")
    expect(line).to_be_visible()
    expect(line).to_have_text(COMING)
    expect(page.locator("#status")).to_have_text(COMING)
    assert before == (
        heading.bounding_box(),
        page.evaluate("document.documentElement.scrollHeight"),
    )
    _turn(page, PAGE)
    expect(line).to_be_hidden()
    page.locator(f"#q-{KEY}").fill("Meanwhile")
    state(page, "saved")
    _turn(page, PICTURE)
    expect(line).to_be_visible()
    held[0].continue_()
    expect(page.locator(KERNELS)).to_have_count(1, timeout=60_000)
    expect(line).to_be_hidden()


def test_where_there_is_no_room_the_page_says_so_and_asks_again(
    house: QuickHouse, visit: Callable[..., Page]
) -> None:
    """Many people are there: the page's own picture stays meanwhile, and the kernel's comes by
    itself once there is room."""
    entry = fresh_entry(house, way="longer", **AXES)
    page = visit(house, "amina")
    asked: list[Route] = []

    def full_at_first(route: Route) -> None:
        asked.append(route)
        if len(asked) == 1:
            route.fulfill(status=503, headers={"Retry-After": "2"})
        else:
            route.continue_()

    page.route("**/pictures", full_at_first)
    page.goto(f"{house.url}entries/{entry}?page={PICTURE}")
    line = page.locator(".coming-line")
    expect(line).to_contain_text("Many people are here just now.")
    assert page.locator(f"{BALANCE} .picture").count() == 1
    assert page.locator(f"{BALANCE} .picture-late").count() == 0
    expect(page.locator(KERNELS)).to_have_count(1, timeout=60_000)
    expect(line).to_be_hidden()
    assert len(asked) == 2


def test_a_server_gives_as_many_kernels_as_it_has_and_takes_back_what_nobody_uses(
    build: Callable[..., QuickHouse],
) -> None:
    """The next is told when to come again; a page on which nothing was changed for long gives up
    its kernel, and there is room."""
    house = build(kernels_at_most=1, kernel_hours=0.001, kernel_grace_seconds=1200)
    house.start()
    entries = [fresh_entry(house, who, way="longer", **AXES) for who in ("amina", "beth")]
    amina, beth = Visitor(house, "amina"), Visitor(house, "beth")
    assert amina.post(f"/entries/{entries[0]}/pictures").status == 200
    (kernel,) = house.kernels()
    # Files of the server's own instead of five ports; one is for words of its own processes.
    assert len(psutil.Process(kernel).net_connections("inet")) <= 1
    told = beth.post(f"/entries/{entries[1]}/pictures")
    assert told.status == 503 and int(told.headers["Retry-After"]) > 0
    path = f"/entries/{entries[1]}/pictures"
    eventually(lambda: beth.post(path).status == 200, what="There never was room again.")
    assert len(house.kernels()) == 1


def test_where_nothing_is_forked_kernels_are_started(build: Callable[..., QuickHouse]) -> None:
    """On other systems, or where the operator wishes it: the same pictures, by the ordinary way."""
    house = build(kernels_forked=False)
    house.start()
    entry = fresh_entry(house, way="longer", **AXES)
    reply = Visitor(house, "amina").post(f"/entries/{entry}/pictures")
    assert reply.status == 200 and "vnd.voila.cell-output" in reply.body
    kernels = [psutil.Process(pid) for pid in house.kernels()]
    assert [any("ipykernel" in word for word in k.cmdline()) for k in kernels] == [True]


def test_a_server_asked_to_stop_while_a_kernel_starts_stops_and_leaves_nothing_running(
    own_house: QuickHouse,
) -> None:
    """At whatever moment of a kernel's start the operator stops the server, it ends by itself, and
    no kernel stays behind."""
    for moment in (0.0, 0.3, 0.6, 0.9, 1.2):
        own_house.start()
        assert own_house.process is not None
        server = own_house.process
        amina, entry = Visitor(own_house, "amina"), fresh_entry(own_house, way="longer", **AXES)
        asking = threading.Thread(target=_ask_for_pictures, args=(amina, entry))
        asking.start()
        pids = eventually(own_house.kernels, what="a kernel")
        time.sleep(moment)
        os.kill(server.pid, signal.SIGTERM)
        try:
            eventually(lambda server=server: server.poll() is not None, 15, "It did not stop.")
        finally:
            own_house.kill()
            asking.join(30)
        eventually(lambda pids=pids: not any(psutil.pid_exists(pid) for pid in pids))


def _ask_for_pictures(visitor: Visitor, entry: str) -> None:
    with contextlib.suppress(OSError, http.client.HTTPException):
        visitor.post(f"/entries/{entry}/pictures")
