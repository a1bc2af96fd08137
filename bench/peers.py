"""The peers, and our own commands: each a process of its own on a loopback port."""

import contextlib
import http.client
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import psutil

from tests.living import ROOT, free_port

HELLO = ROOT / "bench" / "hello.ipynb"
LOOPBACK = "127.0.0.1"
POLL_SECONDS = 0.01
START_SECONDS = 60
MEGABYTE = 1_000_000


class Served:
    """A command that serves on ``port``, with everything it starts; use it in a ``with``."""

    def __init__(
        self, command: Sequence[str], port: int, folder: Path, env: dict[str, str] | None = None
    ) -> None:
        self.port = port
        self.url = f"http://{LOOPBACK}:{port}/"
        self._command, self._folder, self._env = list(command), folder, env
        self.started = 0.0

    def __enter__(self) -> "Served":
        self._log = tempfile.TemporaryFile()
        self.started = time.perf_counter()
        self._process = subprocess.Popen(
            self._command,
            cwd=self._folder,
            env=self._env,
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,
        )
        return self

    @property
    def pid(self) -> int:
        return self._process.pid

    def wait(self) -> float:
        """Wait for the first page; the seconds from the command to its last byte."""
        while time.perf_counter() - self.started < START_SECONDS:
            if self._process.poll() is not None:
                break
            with contextlib.suppress(OSError, http.client.HTTPException):
                if b"</html>" in page(self.port):
                    return time.perf_counter() - self.started
            time.sleep(POLL_SECONDS)
        self._log.seek(0)
        said = self._log.read().decode(errors="replace")[-2000:]
        raise AssertionError(f"No first page from {self._command}:\n{said}")

    def __exit__(self, *_: object) -> None:
        end(self._process)
        self._log.close()


def page(port: int, path: str = "/") -> bytes:
    """A page of a loopback server, redirects followed.  Raises ``OSError`` when nobody listens."""
    for _ in range(4):
        line = http.client.HTTPConnection(LOOPBACK, port, timeout=30)
        try:
            line.request("GET", path)
            reply = line.getresponse()
            body = reply.read()
        finally:
            line.close()
        if reply.status not in (301, 302, 303, 307):
            return body if reply.status == 200 else b""
        path = (reply.getheader("Location") or "/").removeprefix(f"http://{LOOPBACK}:{port}")
    return b""


def end(process: "subprocess.Popen[bytes]") -> None:
    """End a process we started, and all that it started."""
    with contextlib.suppress(psutil.NoSuchProcess):
        children = psutil.Process(process.pid).children(recursive=True)
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
        for left in (*children, psutil.Process(process.pid)):
            with contextlib.suppress(psutil.NoSuchProcess):
                left.kill()
    process.wait(10)


def stock_voila(folder: Path, *notebook: str) -> Served:
    """Voila as it comes: default settings, and nobody's configuration, in a new ``folder``.

    Without a notebook it lists the folder.
    """
    folder.mkdir()
    env = {k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER_", "VOILA_"))}
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
        place = folder.parent / f"{folder.name}-{name.lower()}"
        place.mkdir(mode=0o700)
        env[name] = str(place)
    port = free_port()
    command = [sys.executable, "-m", "voila", *notebook, "--port", str(port), "--no-browser"]
    return Served(command, port, folder, env)


def hello(folder: Path) -> Served:
    """Stock Voila with the bare hello notebook."""
    return stock_voila(folder, str(HELLO))


def cascade_demo(programme: Path) -> Served:
    """``cascade demo`` on a programme that is there already."""
    port = free_port()
    command = [sys.executable, "-m", "cascade_tools", "demo", "--folder", str(programme)]
    return Served([*command, "--port", str(port), "--no-browser"], port, ROOT)


def bare(folder: Path) -> Served:
    """A bare tornado handler with one durable commit a request."""
    port = free_port()
    command = [sys.executable, "-m", "bench.bare", str(port), str(folder / "bare.db")]
    return Served(command, port, ROOT)


def unshared(pid: int) -> float:
    """USS in MB of a process and all its descendants: what would be free without them."""
    total = 0.0
    root = psutil.Process(pid)
    for process in (root, *root.children(recursive=True)):
        with contextlib.suppress(psutil.NoSuchProcess):
            total += process.memory_full_info().uss / MEGABYTE
    return total
