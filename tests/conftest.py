"""Fixtures for tests that need a programme, a server or a browser: all of them real."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser import steps
from tests.faults.nursery import Nursery, QuickHouse
from tests.living import CHROMIUM_ARGS, House, chromium


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, headless; closed with its module, because playwright keeps an event loop running
    in this thread and other tests start their own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_ARGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """Where servers come from; its imports are paid for once."""
    nursery = Nursery()
    QuickHouse.nursery = nursery
    yield nursery
    nursery.close()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, nursery: Nursery) -> Iterator[QuickHouse]:
    """A programme with a running server, shared by the tests of one module."""
    house = QuickHouse(tmp_path_factory.mktemp("programme") / "house")
    house.start()
    yield house
    house.stop()


@pytest.fixture
def own_house(tmp_path: Path, nursery: Nursery) -> Iterator[QuickHouse]:
    """A programme of this test's own; the test starts and stops its server."""
    house = QuickHouse(tmp_path / "house")
    yield house
    house.stop()


@pytest.fixture
def build(tmp_path: Path, nursery: Nursery) -> Iterator[Callable[..., QuickHouse]]:
    """``build(idle_minutes=1)``: a programme with settings of its own, stopped at the end."""
    built: list[QuickHouse] = []

    def make(path: Path | None = None, **settings: object) -> QuickHouse:
        built.append(QuickHouse(path or tmp_path / f"house{len(built)}", **settings))
        return built[-1]

    yield make
    for house in built:
        house.stop()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Page]]:
    """``visit(house, "amina")``: a fresh browser profile, signed in, at home.

    ``width`` sets the window's width; other keywords go to the browser context.
    """
    contexts: list[BrowserContext] = []

    def made(house: House, who: str | None, *, width: int = 1100, **more: object) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 800}, **more)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        if who is not None:
            steps.sign_in(page, house, who)
        return page

    yield made
    for context in contexts:
        context.close()
