"""What a person at a browser waits for.  Each begins with a fresh profile, and so a cold cache."""

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from bench.people import BOX
from tests.living import CHROMIUM_ARGS, chromium

WAIT_MS = 90_000
# Names of other hosts fail at once instead of after a look-up: kind to the peer, whose page asks
# for two style sheets elsewhere.
NOBODY_ELSE = "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"
KERNEL_DREW = ".place [data-cell]:not(.arriving) .picture"


@contextlib.contextmanager
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(
            executable_path=chromium(), args=[*CHROMIUM_ARGS, NOBODY_ELSE]
        )
        try:
            yield found
        finally:
            found.close()


@contextlib.contextmanager
def fresh(browser: Browser, url: str = "", token: str = "") -> Iterator[Page]:
    """A page of a new profile, signed in with ``token`` at the server ``url`` if there is one."""
    context = browser.new_context(viewport={"width": 1100, "height": 800})
    context.set_default_timeout(WAIT_MS)
    if token:
        context.add_cookies([{"name": "cascade", "value": token, "url": url, "httpOnly": True}])
    try:
        yield context.new_page()
    finally:
        context.close()


@dataclass
class Traffic:
    """Requests of a page as the browser counts them, with bytes as they came over the wire."""

    sent: dict[str, float] = field(default_factory=dict)
    received: dict[str, float] = field(default_factory=dict)

    @contextlib.contextmanager
    def watched(self, page: Page) -> Iterator[None]:
        session = page.context.new_cdp_session(page)
        session.on("Network.requestWillBeSent", self._sent)
        session.on("Network.loadingFinished", self._finished)
        session.send("Network.enable")
        try:
            yield
        finally:
            session.detach()

    def _sent(self, event: dict[str, Any]) -> None:
        if event["request"]["url"].startswith("http"):
            self.sent[event["requestId"]] = event["wallTime"]

    def _finished(self, event: dict[str, Any]) -> None:
        self.received[event["requestId"]] = event["encodedDataLength"]

    def before(self, moment: float) -> tuple[int, float]:
        """How many requests had been sent by then, and all the kB that came of them, whenever."""
        early = [request for request, at in self.sent.items() if at <= moment]
        return len(early), sum(self.received.get(request, 0) for request in early) / 1000


@dataclass(frozen=True, slots=True)
class Visit:
    """Seconds from asking for the page until a character was taken and, ours, until a kernel had
    drawn; and what had been asked for before the character."""

    character: float
    picture: float
    requests: int
    kilobytes: float


def visits_to_ours(browser: Browser, url: str, path: str, token: str) -> tuple[Visit, Visit]:
    """One person opens an entry in a new browser, and later once more in the same browser."""
    with fresh(browser, url, token) as page:
        address = f"{url}{path.lstrip('/')}?page={BOX}"
        first = _visit_ours(page, address, "h")
        page.goto("about:blank")
        return first, _visit_ours(page, address, "hh")


def _visit_ours(page: Page, address: str, then: str) -> Visit:
    """Type as soon as that is possible, wait for a picture, then for "Saved".

    ``then`` is what stands in the box once the character has been taken.
    """
    traffic = Traffic()
    with traffic.watched(page):
        box = page.locator(f"#prompt-{BOX} textarea")
        began = time.perf_counter()
        page.goto(address, wait_until="commit")
        box.press("h")
        assert box.input_value() == then
        character, moment = time.perf_counter() - began, time.time()
        page.locator(KERNEL_DREW).first.wait_for(state="attached")
        picture = time.perf_counter() - began
        page.locator(f"#prompt-{BOX}[data-state=saved]").wait_for()
        return Visit(character, picture, *traffic.before(moment))


def visits_to_stock(browser: Browser, url: str) -> tuple[Visit, Visit]:
    """Stock Voila's hello in a new browser, and later once more in the same browser."""
    with fresh(browser) as page:
        first = _visit_stock(page, url)
        page.goto("about:blank")
        return first, _visit_stock(page, url)


def _visit_stock(page: Page, url: str) -> Visit:
    """Type into stock Voila's hello as soon as that is possible, until its kernel answers."""
    traffic = Traffic()
    with traffic.watched(page):
        began = time.perf_counter()
        page.goto(url, wait_until="commit")
        page.locator("textarea").press("h")
        page.get_by_text("Hello h", exact=True).wait_for()
        character, moment = time.perf_counter() - began, time.time()
        page.wait_for_load_state("load")
        return Visit(character, character, *traffic.before(moment))


def until_table(browser: Browser, url: str, path: str, table: str, token: str = "") -> float:
    """Seconds from asking for a page until its table can be seen."""
    with fresh(browser, url, token) as page:
        began = time.perf_counter()
        page.goto(url + path, wait_until="commit")
        page.locator(f"{table} tbody tr").first.wait_for()
        return time.perf_counter() - began


def cells_of(browser: Browser, url: str, path: str, table: str, token: str) -> list[list[str]]:
    """The words of a table, row by row."""
    with fresh(browser, url, token) as page:
        page.goto(url + path)
        page.locator(f"{table} tbody tr").first.wait_for()
        found: list[list[str]] = page.locator(f"{table} tbody tr").evaluate_all(
            "rows => rows.map(r => [...r.cells].map(c => c.innerText))"
        )
        return found
