"""Every test of the records runs once for each database in ``DATABASES``."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cascade_tools.records import Records, database_url
from tests.records.small import Small, open_small


def empty_sqlite(folder: Path) -> str:
    return database_url(folder / "cascade.db")


# Another database is added here: its name, and what makes an empty one and gives its address.
DATABASES: dict[str, Callable[[Path], str]] = {"sqlite": empty_sqlite}


@pytest.fixture(params=DATABASES)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database."""
    return DATABASES[request.param](tmp_path)


@pytest.fixture
def small(url: str, tmp_path: Path) -> Iterator[Small]:
    """A small programme with a clock of the test's own."""
    small = open_small(url, tmp_path)
    yield small
    small.records.close()


@pytest.fixture
def records(small: Small) -> Records:
    return small.records
