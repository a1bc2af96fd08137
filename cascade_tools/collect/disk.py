"""Files that appear whole or not at all, and that only their owner may open."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

from cascade_tools.errors import NotNow


def put(path: Path, fill: Callable[[IO[bytes]], Any]) -> None:
    """Make one new file, for its owner only, and wait until the disk has it."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        fill(file)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def aside(folder: Path) -> Iterator[Path]:
    """A place inside ``folder`` for files that are not whole yet; it goes, whatever happens."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".making-", dir=folder) as made:
        yield Path(made)


@contextmanager
def told_in_words(place: Path, what_then: str) -> Iterator[None]:
    """Turn a fault of the disk into ``NotNow``: where, why, and what to do."""
    try:
        yield
    except OSError as fault:
        reason = fault.strerror or "no reason given"
        raise NotNow(f"{place} cannot be written ({reason}). {what_then}") from fault
