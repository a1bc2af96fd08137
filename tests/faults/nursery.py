"""Starts the real server again and again without paying for its imports each time.

A process of its own imports what ``cascade serve`` imports, then forks; each child runs the same
command line and is a server like any other, to be killed like any other.
"""

import contextlib
import ctypes
import importlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

from tests.living import ROOT, House, kernels_of

LOADED = (
    "cascade_tools.cli",
    "cascade_tools.programme",
    "cascade_tools.server.app",
    "cascade_tools.shelf",
    "alembic.command",
    "sqlalchemy.dialects.sqlite.pysqlite",
)


class Forked:
    """A server's process, as far as ``House`` needs to know it."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        # Once it has ended its number may be another's, or a thread's; a handle stays its own.
        try:
            self._handle = os.pidfd_open(pid) if hasattr(os, "pidfd_open") else None
            self._over = False
        except ProcessLookupError:
            self._handle, self._over = None, True

    def poll(self) -> int | None:
        if not self._over:
            try:
                self._signal(0)
            except ProcessLookupError:
                self._over = True
                if self._handle is not None:
                    os.close(self._handle)
        return 0 if self._over else None

    def _signal(self, number: int) -> None:
        if self._handle is not None:
            signal.pidfd_send_signal(self._handle, number)
        else:
            os.kill(self.pid, number)

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                self._signal(number)

    def wait(self, seconds: float) -> int:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.poll() is not None:
                return 0
            time.sleep(0.005)
        raise subprocess.TimeoutExpired("server", seconds)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class Nursery:
    """The process that forks servers."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.nursery"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )

    def server(self, arguments: list[str], log: str, env: dict[str, str]) -> Forked:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps([arguments, log, env]), file=self._process.stdin, flush=True)
        return Forked(int(self._process.stdout.readline()))

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(20)


class QuickHouse(House):
    """A house whose server comes from the nursery; it starts in a fraction of the time."""

    nursery: Nursery

    def __init__(self, path: Path, base: str = "/", **settings: object) -> None:
        self.env: dict[str, str] = {}
        self.options: list[str] = []
        self.host = ""
        super().__init__(path, base, **settings)

    def launch(self) -> Forked:
        """Run the command line, with ``options`` and, in its environment, ``env``."""
        command = ["serve", str(self.folder.path), "--port", str(self.port), "--no-browser"]
        command += ["--base", self.base, *self.options]
        return self.nursery.server(command, str(self.log), self.env)

    def start(self) -> "QuickHouse":
        process: Any = self.launch()
        self.process = process
        health = urllib.request.Request(self.url + "health")  # noqa: S310
        if self.host:
            health.add_header("Host", self.host)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            assert process.poll() is None, self.log.read_text()[-2000:]
            with (
                contextlib.suppress(OSError),
                urllib.request.urlopen(health, timeout=5) as reply,  # noqa: S310
            ):
                if reply.status == 200:
                    return self
            time.sleep(0.02)
        raise AssertionError(f"The server did not answer:\n{self.log.read_text()[-2000:]}")

    def kernels(self) -> list[int]:
        """The kernels that run.  Those just killed, and not yet taken away, do not."""
        assert self.process is not None
        return kernels_of(self.process.pid)


def _child(arguments: list[str], log: str, env: dict[str, str]) -> None:
    os.setsid()
    _end_with_the_nursery()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    nothing = os.open(os.devnull, os.O_RDONLY)
    said = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for number, stream in enumerate((nothing, said, said)):
        os.dup2(stream, number)
    os.environ.update(env)
    from cascade_tools.cli import answer

    os._exit(answer(arguments))


def _end_with_the_nursery() -> None:
    """No server outlives a test run that was broken off.  (Linux only; elsewhere it may.)"""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


def main() -> None:
    for name in LOADED:
        importlib.import_module(name)
    # Nobody waits for a killed server: the system takes it away.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        arguments, log, env = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _child(arguments, log, env)
        print(pid, flush=True)


if __name__ == "__main__":
    main()
