"""What every process that serves does: it says little, and stops when it is asked to."""

import asyncio
import ctypes
import gc
import logging
import signal
import sys

import psutil
from tornado import ioloop, web

GARBAGE_EVERY_MS = 60_000
# As malloc.h numbers them: M_TRIM_THRESHOLD and M_MMAP_THRESHOLD in bytes, and M_ARENA_MAX.
MEMORY = {-1: 1 << 20, -3: 1 << 20, -8: 2}


def log_request(handler: web.RequestHandler) -> None:
    """One line a request: method, kind of page and status.  No address, no name, no words."""
    status = handler.get_status()
    if status >= 500:
        logging.getLogger("cascade").error(
            "%s %s %s", handler.request.method, type(handler).__name__, status
        )


class NoWords(logging.Filter):
    """Lets libraries say what kind of thing went wrong, never with what: cells, values and
    tracebacks may hold what a person wrote."""

    def filter(self, record: logging.LogRecord) -> bool:
        kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
        place = f"{record.module}:{record.lineno}"
        record.msg, record.args = f"{record.levelname} in {place} {kind}".rstrip(), ()
        record.exc_info = record.exc_text = record.stack_info = None
        return True


def quiet_libraries(*more: logging.Logger) -> None:
    """Put the loggers of tornado, of Jupyter, and ``more``, behind ``NoWords``."""
    names = ("tornado.application", "tornado.general", "asyncio", "traitlets", "nbclient")
    for logger in (*more, *(logging.getLogger(name) for name in names)):
        logger.addFilter(NoWords())


def keep_little() -> None:
    """Let the GNU C library, where it is that, give large pieces of memory back at once, and keep
    small ones for all threads in two places.  Before there are threads.

    By itself it keeps for each of many threads as much as that thread ever had, and that is 19 MiB
    once it has hashed a passphrase.
    """
    if sys.platform != "linux":
        return
    library = ctypes.CDLL(None)
    if hasattr(library, "mallopt"):
        for which, value in MEMORY.items():
            library.mallopt(which, value)


def settle() -> None:
    """All there is when serving begins stays: nobody looks through it for garbage again, which
    would hold up everybody for a quarter of a second.

    What a page makes goes by itself, nearly all of it.  A line to a kernel is left in circles, and
    holds sockets and memory that Python does not count; and what many threads have had in turn the
    C library keeps, each a part.  So once a minute both are looked for, and given back.
    """
    gc.freeze()
    gc.set_threshold(10_000)
    ioloop.PeriodicCallback(_look_for_garbage, GARBAGE_EVERY_MS).start()


def _look_for_garbage() -> None:
    gc.collect()
    if hasattr(psutil, "heap_trim"):  # not with every C library
        psutil.heap_trim()


def stop_on_signals(loop: ioloop.IOLoop, stop: asyncio.Event) -> None:
    """Set ``stop`` when an operator asks for it: Ctrl and C, or SIGTERM."""

    def ask(*_: object) -> None:
        loop.add_callback_from_signal(stop.set)

    signal.signal(signal.SIGTERM, ask)
    signal.signal(signal.SIGINT, ask)
