"""People at the server of a module's house."""

import pytest

from tests.living import House
from tests.server.visitor import Visitor


@pytest.fixture(scope="module")
def amina(house: House) -> Visitor:
    return Visitor(house, "amina")


@pytest.fixture(scope="module")
def beth(house: House) -> Visitor:
    return Visitor(house, "beth")


@pytest.fixture(scope="module")
def sue(house: House) -> Visitor:
    return Visitor(house, "sue")


@pytest.fixture
def nobody(house: House) -> Visitor:
    return Visitor(house)
