"""A house for each promise, with a server that starts quickly, and people at it."""

from collections.abc import Iterator

import pytest

from tests.faults.conftest import build, nursery, own_house
from tests.faults.nursery import Nursery, QuickHouse
from tests.records.conftest import small, url
from tests.server.conftest import amina, beth, nobody, sue

__all__ = ["amina", "beth", "build", "nobody", "nursery", "own_house", "small", "sue", "url"]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, nursery: Nursery) -> Iterator[QuickHouse]:
    """A programme with a running server, shared by the tests of one module."""
    house = QuickHouse(tmp_path_factory.mktemp("programme") / "house")
    house.start()
    yield house
    house.stop()
