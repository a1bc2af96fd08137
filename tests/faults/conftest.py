"""One house for all these tests, and networks that can fail before it."""

from collections.abc import Iterator

import pytest

from tests.faults.nursery import Nursery, QuickHouse
from tests.faults.pages import with_a_thought
from tests.faults.proxy import Proxy


@pytest.fixture(scope="package")
def house(tmp_path_factory: pytest.TempPathFactory, nursery: Nursery) -> Iterator[QuickHouse]:
    """One running server for all tests here that leave it as they found it."""
    house = QuickHouse(tmp_path_factory.mktemp("programme") / "house", kernels_per_person=30)
    with_a_thought(house)
    house.start()
    yield house
    house.stop()


@pytest.fixture
def proxy(house: QuickHouse) -> Iterator[Proxy]:
    """A network that can fail, before the shared house."""
    with Proxy(house.port) as proxy:
        yield proxy
