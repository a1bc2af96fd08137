"""The kit under a path of its own, as behind a proxy or a hub."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.faults.nursery import Nursery, QuickHouse
from tests.living import House

Visit = Callable[..., Page]


@pytest.fixture
def under_x(tmp_path: Path, nursery: Nursery) -> Iterator[House]:
    house = QuickHouse(tmp_path / "house", base="/x/")
    house.start()
    yield house
    house.stop()


def test_a_whole_journey_stays_under_the_base_path(under_x: House, visit: Visit) -> None:
    """Signing in, writing, the kernel's picture, sharing, reading and signing out never leave
    the path the kit was given: no address outside it is asked for."""
    house = under_x
    entry = steps.reflection(house, way="longer", what_happened="x", ideas=3)
    page = visit(house, None)
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url))
    page.on("websocket", lambda w: asked.append(w.url))
    steps.sign_in(page, house, "amina")
    assert urlsplit(page.url).path == "/x/"
    steps.entry_page(page, house, entry, "your-picture-of-the-thinking")
    expect(steps.picture(page, "thinking")).to_be_visible(timeout=steps.KERNEL_MS)
    steps.entry_page(page, house, entry, "what-happened")
    steps.write(page, "what-happened", "Under a path")
    page.goto(f"{house.url}entries/{entry}/check")
    snapshot = steps.share(page, "Sue Superfield")
    page.goto(f"{house.url}me")
    page.get_by_role("button", name=re.compile("^Stop sharing")).click()
    expect(page.get_by_text("Nothing.")).to_be_visible()
    page.goto(f"{house.url}worried")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert urlsplit(page.url).path == "/x/sign-in"
    paths = [urlsplit(a).path for a in asked if not a.startswith(("blob:", "data:"))]
    assert any(p.endswith("/channels") for p in paths)
    assert [p for p in paths if not p.startswith("/x/")] == []
    sue = visit(house, "sue")
    sue.goto(f"{house.url}shared/{snapshot}")
    steps.nothing_here(sue)


def test_nothing_is_served_beside_the_base_path(under_x: House, visit: Visit) -> None:
    """Addresses without the base path answer "There is nothing here" and lead nowhere else."""
    page = visit(under_x, None)
    for path in ("", "sign-in", "y/sign-in"):
        reply = page.goto(f"{under_x.origin}/{path}")
        assert reply is not None
        assert reply.status == 404
