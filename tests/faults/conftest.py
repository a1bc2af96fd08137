"""Houses whose servers start quickly, because these tests kill so many of them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.nursery import Nursery, QuickHouse
from tests.faults.proxy import Proxy


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    nursery = Nursery()
    QuickHouse.nursery = nursery
    yield nursery
    nursery.close()


@pytest.fixture(scope="package")
def house(tmp_path_factory: pytest.TempPathFactory, nursery: Nursery) -> Iterator[QuickHouse]:
    """One running server for all tests here that leave it as they found it."""
    house = QuickHouse(tmp_path_factory.mktemp("programme") / "house", kernels_per_person=30)
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
def proxy(house: QuickHouse) -> Iterator[Proxy]:
    """A network that can fail, before the shared house."""
    with Proxy(house.port) as proxy:
        yield proxy
