"""One at a time: a server, a change of key and a restore keep out of each other's way."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cascade_tools.errors import NotNow
from cascade_tools.programme.folders import find_folder


@contextmanager
def alone(folder: Path | str) -> Iterator[None]:
    """Inside the ``with`` nobody else serves this programme, changes its key or replaces it.

    The operating system ends it with the process, however that ends.  Raises ``NotNow`` when
    somebody is inside already, and ``SettingsFault`` when there is no programme.
    """
    from filelock import FileLock, Timeout

    place, _ = find_folder(folder)
    lock = FileLock(place.lock, timeout=0, mode=0o600, fallback_to_soft=False)
    try:
        lock.acquire()
    except Timeout:
        raise NotNow(
            f"{folder} is in use: somebody serves it, restores it or changes its key. "
            "Stop the server first, or wait until that has ended."
        ) from None
    except OSError as fault:
        raise NotNow(
            f"{folder} cannot be written ({fault.strerror or 'no reason given'}). "
            "It must belong to the account that serves it."
        ) from None
    try:
        yield
    finally:
        lock.release()
