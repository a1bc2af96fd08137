"""How far something is, on a terminal, once it has taken two seconds."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

SECONDS, STEP = 2.0, 0.1
WIDE = 24
Told = Callable[[str, int, int], None]


@contextmanager
def progress() -> Iterator[Told]:
    """A function that is told what is done, how much of it, and of how much (0: nobody knows).

    It writes one line to standard error, and takes it away at the end.  Where that is no terminal
    it writes nothing, so that files and other programs get only the answer.
    """
    if not sys.stderr.isatty():
        yield lambda what, done, of: None
        return
    began = shown = time.monotonic()

    def tell(what: str, done: int, of: int) -> None:
        nonlocal shown
        now = time.monotonic()
        if now - began >= SECONDS and now - shown >= STEP:
            shown = now
            sys.stderr.write(f"\r\033[K{line(what, done, of)}")
            sys.stderr.flush()

    try:
        yield tell
    finally:
        if shown != began:
            sys.stderr.write("\r\033[K")
            sys.stderr.flush()


def line(what: str, done: int, of: int) -> str:
    """``Writing  ████████────────  50%``, or the count alone where the whole is not known."""
    if not of:
        return f"{what}: {done:,}"
    share = min(1.0, done / of)
    full = round(share * WIDE)
    return f"{what}  {'█' * full}{'─' * (WIDE - full)}  {share:.0%}"
