"""How much is measured, and the places and servers it happens in."""

import contextlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.living import House

STOCK, BARE = "stock Voila", "bare tornado + SQLite"


@dataclass(frozen=True, slots=True)
class Size:
    """How much to do: runs of each side with a browser, rounds of a crowd, people in the crowd of
    the table, crowds of the plot, seconds of typing and of saving without pause, open pages, and
    answers to collect."""

    runs: int
    rounds: int
    people: int
    crowds: tuple[int, ...]
    seconds: int
    rush_seconds: float
    thinking_pages: int
    writing_pages: int
    answers: int

    def rounds_of(self, people: int) -> int:
        """The crowd of the table more than once, for a median; the others of the plot once."""
        return self.rounds if people == self.people else 1


WHOLE = Size(
    runs=7,
    rounds=3,
    people=60,
    crowds=(1, 20, 60, 120),
    seconds=10,
    rush_seconds=5.0,
    thinking_pages=5,
    writing_pages=10,
    answers=1_000_000,
)
QUICK = Size(
    runs=2,
    rounds=1,
    people=20,
    crowds=(1, 5, 20),
    seconds=4,
    rush_seconds=2.0,
    thinking_pages=3,
    writing_pages=5,
    answers=50_000,
)


@contextlib.contextmanager
def place() -> Iterator[Path]:
    """An empty folder that goes away."""
    with tempfile.TemporaryDirectory(prefix="cascade-bench-", ignore_cleanup_errors=True) as made:
        yield Path(made)


@contextlib.contextmanager
def living(folder: Path) -> Iterator[House]:
    """A programme in ``folder``, and its server while it is needed."""
    house = House(folder)
    try:
        yield house.start()
    finally:
        house.stop()


def pid_of(house: House) -> int:
    """The process of a server that runs."""
    assert house.process is not None
    return house.process.pid
