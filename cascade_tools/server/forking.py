"""Kernels forked from a warm process, where the system can (Linux); started as ever elsewhere, and
whenever anything about forking goes wrong."""

import asyncio
import contextlib
import json
import logging
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from cascade_tools.kit import kit_folder
from cascade_tools.server.warm import MOST_BYTES, NICE

NAME = "cascade-warm"
READY_SECONDS, ANSWER_SECONDS = 60, 10
LAUNCHER = "ipykernel_launcher"
HELD = (".py", ".js", ".css", ".html", ".yaml")
LOG = logging.getLogger("cascade")


def can_fork() -> bool:
    """Whether kernels can be forked here: Linux, and the kit is installed with its entry point."""
    return (
        sys.platform == "linux"
        and hasattr(os, "pidfd_open")
        and bool(entry_points(group="jupyter_client.kernel_provisioners", name=NAME))
    )


class Forked:
    """A forked process, with what Jupyter asks of a ``subprocess.Popen``.

    It is the warm process's child, so its exit code is not known here; the handle says whether it
    has ended, also when its number has been given to another.
    """

    stdin = stdout = stderr = None

    def __init__(self, pid: int, handle: int) -> None:
        self.pid, self._handle = pid, handle
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """0 once it has ended, None before."""
        if self.returncode is None and _readable(self._handle, 0):
            os.close(self._handle)
            self.returncode = 0
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        if self.returncode is None and not _readable(self._handle, timeout):
            raise subprocess.TimeoutExpired(LAUNCHER, timeout or 0)
        self.poll()
        return 0

    def send_signal(self, number: int) -> None:
        """To the kernel and whatever it has started."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def _readable(handle: int, seconds: float | None) -> bool:
    poll = select.poll()
    poll.register(handle, select.POLLIN)
    return bool(poll.poll(None if seconds is None else seconds * 1000))


class NoRoom(OSError):
    """The system has no process to give.  The warm process and its kernels are well."""


class _Warm:
    """One warm process, started and not yet waited for."""

    def __init__(self, env: dict[str, str], more: tuple[str, ...]) -> None:
        self.code = code_stamp()
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, MOST_BYTES)
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "cascade_tools.server.warm", str(theirs.fileno()), *more],
                pass_fds=[theirs.fileno()],
                env=env,
                stdin=subprocess.DEVNULL,
            )
        self._ready = False

    def fork(self, request: dict[str, Any]) -> Forked:
        """A new kernel.  Raises ``OSError`` or ``ValueError`` when there will be none."""
        if not self._ready:
            self._socket.settimeout(READY_SECONDS)
            if not self._socket.recv(16):
                raise OSError("the warm process ended before it was ready")
            self._socket.settimeout(ANSWER_SECONDS)
            self._ready = True
        self._socket.send(json.dumps(request).encode())
        answer, handles, _, _ = socket.recv_fds(self._socket, 1024, 1)
        if not handles and answer == b"{}":
            raise NoRoom("no process can be forked now")
        return Forked(json.loads(answer)["pid"], handles[0])

    def retire(self) -> None:
        """Fork no more; it ends with the last of its kernels."""
        with contextlib.suppress(OSError):
            self._socket.send(b'{"done": true}')

    def end(self) -> None:
        """End it, and its kernels with it."""
        self._socket.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(ANSWER_SECONDS)
        self.process.kill()
        self.process.wait()


class Warmth:
    """What a server forks its kernels from.  ``env`` is all that the warm process is told; ``more``
    names what it loads besides, and is asked when there will be one."""

    def __init__(
        self, env: dict[str, str], more: Callable[[], tuple[str, ...]] = lambda: ()
    ) -> None:
        self._env, self._more = env, more
        self._lock = threading.Lock()
        self._now: _Warm | None = None
        self._waking = self._ended = False
        self._retired: list[_Warm] = []

    def wake(self) -> None:
        """Begin to load what a kernel needs, because one will be wanted in a moment.

        Nobody waits for it, the event loop neither.  A server whose pages only write never has a
        warm process.
        """
        if self._now is None and not self._waking:
            self._waking = True
            threading.Thread(target=self._wake, daemon=True).start()

    def _wake(self) -> None:
        with self._lock, contextlib.suppress(OSError):
            if self._now is None and not self._ended:
                self._now = _Warm(self._env, self._more())
        self._waking = False

    def fork(self, request: dict[str, Any]) -> Forked:
        """A new kernel, from a process that holds the code as it is now.

        Raises ``OSError`` or ``ValueError`` when there will be none.
        """
        with self._lock:
            if self._ended:
                raise OSError("the server is stopping")
            warm = self._now
            if warm is None or warm.process.poll() is not None or warm.code != code_stamp():
                if warm is not None:
                    warm.retire()
                    self._retired = [w for w in self._retired if w.process.poll() is None]
                    self._retired.append(warm)
                warm = self._now = _Warm(self._env, self._more())
            try:
                return warm.fork(request)
            except NoRoom:
                raise
            except (OSError, ValueError, IndexError):
                # What it would answer next might be the answer to this.
                self._now = None
                self._retired.append(warm)
                raise

    def end(self) -> None:
        with self._lock:
            self._ended = True
            for warm in (*self._retired, *([self._now] if self._now else [])):
                warm.end()
            self._retired, self._now = [], None


def code_stamp() -> tuple[int, int]:
    """Changes when anything of the kit does that a kernel holds: the newest time, and how many.

    A warm process has read the kit's words and compiled its templates, too.
    """
    package = Path(__file__).parent.parent
    newest = count = 0
    for top in {package, kit_folder("data"), kit_folder("templates") / "parts"}:
        for folder, folders, files in os.walk(top):
            folders[:] = [name for name in folders if not name.startswith("_")]
            for name in files:
                if name.endswith(HELD):
                    count += 1
                    newest = max(newest, (Path(folder) / name).stat().st_mtime_ns)
    return newest, count


class WarmProvisioner(LocalProvisioner):  # type: ignore[misc]
    """Forks the kernel where the manager holds a ``Warmth``; starts it as Jupyter does elsewhere,
    and when forking fails."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        manager: Any = getattr(self.parent, "parent", None)
        warmth: Warmth | None = getattr(manager, "warmth", None)
        if warmth is None or LAUNCHER not in cmd:
            return await self._started(cmd, **kwargs)
        request = {
            "arguments": cmd[cmd.index(LAUNCHER) + 1 :],
            "env": {name: str(value) for name, value in kwargs["env"].items()},
            "cwd": str(kwargs.get("cwd") or Path.cwd()),
            "megabytes": manager.megabytes,
        }
        began = time.monotonic()
        try:
            self.process = await asyncio.to_thread(warmth.fork, request)
        except (OSError, ValueError, IndexError) as error:
            LOG.warning("Kernels start the slow way (%s).", type(error).__name__)
            return await self._started(cmd, **kwargs)
        self.log.debug("forked in %.3f s", time.monotonic() - began)
        self.pid, self.pgid, self.cwd = self.process.pid, None, kwargs.get("cwd")
        return self.connection_info

    async def _started(self, cmd: list[str], **kwargs: Any) -> Any:
        """A kernel that is started, and stands back behind the server as a forked one does."""
        info = await super().launch_kernel(cmd, **kwargs)
        with contextlib.suppress(OSError, AttributeError):
            os.setpriority(os.PRIO_PROCESS, self.process.pid, NICE)
        return info
