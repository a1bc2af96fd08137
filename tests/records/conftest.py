"""Every test of the records runs once for each database in ``DATABASES``."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from cascade_tools.records import Records, database_url
from cascade_tools.records.engine import make_engine
from cascade_tools.records.upgrade import upgrade
from tests.records.small import Small, open_small


@cache
def _tables() -> bytes:
    """A database with every table and nothing in them: making one takes longer than most tests."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "cascade.db"
        engine = make_engine(database_url(path), durable=False)
        upgrade(engine)
        engine.dispose()
        return path.read_bytes()


def empty_sqlite(folder: Path) -> str:
    path = folder / "cascade.db"
    path.write_bytes(_tables())
    return database_url(path)


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
