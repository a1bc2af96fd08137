"""A programme with people for each test here, made once and copied."""

import shutil
from copy import copy
from pathlib import Path

import pytest

from cascade_tools.settings import Folder
from tests.living import House, free_port


@pytest.fixture(scope="session")
def first_house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """The one that is copied; nobody changes it."""
    return House(tmp_path_factory.mktemp("first") / "house")


@pytest.fixture
def house(first_house: House, tmp_path: Path) -> House:
    """A programme with people, not served."""
    house = copy(first_house)
    house.folder = Folder(tmp_path / "house")
    house.port, house.log = free_port(), tmp_path / "house.log"
    shutil.copytree(first_house.folder.path, house.folder.path)
    return house
