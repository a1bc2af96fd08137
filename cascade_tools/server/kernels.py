"""Kernels: whose they are, what they are told, what may reach them, when they end."""

import asyncio
import json
import math
import os
import shutil
import tempfile
import time
from dataclasses import dataclass
from typing import Any

from jupyter_core.utils import ensure_async
from jupyter_server.base.call_context import CallContext
from jupyter_server.services.kernels.connection.base import deserialize_msg_from_ws_v1
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from jupyter_server.services.kernels.kernelmanager import (
    AsyncMappingKernelManager,
    ServerKernelManager,
)
from tornado.ioloop import PeriodicCallback

from cascade_tools.server.crowd import Crowd, Queue, fits
from cascade_tools.server.forking import Warmth
from cascade_tools.server.warm import FOR_DESKS
from cascade_tools.settings import Settings
from cascade_tools.shelf import Shelf

# What a kernel learns of the server's environment: nothing that could be a secret.
TOLD = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "VIRTUAL_ENV", "PYTHONPATH", "SYSTEMROOT", "TEMP")
CULL_EVERY_MS = 5000
SOON_SECONDS = 15
END_SECONDS = 5


def told() -> dict[str, str]:
    """What of the server's environment a kernel may know."""
    return {name: os.environ[name] for name in TOLD if name in os.environ}


def needed(shelf: Shelf) -> tuple[str, ...]:
    """What the kernels of these workbooks load besides what all do."""
    return (FOR_DESKS,) if any(w.desk and w.thinks for w in shelf.all()) else ()


@dataclass(slots=True)
class Kept:
    """A kernel's owner and ticket, and how it stands with its page: since when it is without one,
    when it was last asked for anything, whether a page has ever come, and said goodbye."""

    owner: str
    ticket: str
    used: float
    alone: float | None
    met: bool = False
    leaving: bool = False


class SilentKernel(ServerKernelManager):  # type: ignore[misc]
    """Tells nobody what becomes of it: nobody listens, and Jupyter would read the form of what is
    told from the disk for each kernel."""

    def emit(self, schema_id: str, data: dict[str, Any]) -> None:
        pass


class OwnedKernels(AsyncMappingKernelManager):  # type: ignore[misc]
    """Each kernel belongs to one person and one page and reads with that page's ticket."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.kernel_manager_class = f"{__name__}.{SilentKernel.__name__}"
        self._kept: dict[str, Kept] = {}
        # Kernels share an empty folder: a notebook has no business with files.
        self._empty = tempfile.mkdtemp(prefix="cascade_kernels_")
        # Where kernels are forked from; without it each is started.
        self.warmth: Warmth | None = None
        self.megabytes = 0
        self.queue = Queue(lambda: len(self._kept), self._end_one_left)
        self._culling = PeriodicCallback(self.cull, CULL_EVERY_MS)
        self._culling.start()

    def suit(self, settings: Settings, warmth: Warmth | None) -> None:
        """Begin to serve by these settings, forking from ``warmth`` where there is one."""
        self.warmth, self.megabytes = warmth, settings.kernel_megabytes
        self.queue.most = settings.kernels_at_most or fits(forked=warmth is not None)

    def crowd(self) -> Crowd:
        """Kernels now, at most, and how many pages have their pictures drawn or wait for them."""
        return self.queue.crowd()

    def owner(self, kernel_id: str) -> str | None:
        """The id of the person whose kernel it is."""
        kept = self._kept.get(kernel_id)
        return kept.owner if kept is not None else None

    async def _async_start_kernel(
        self, *, kernel_id: str | None = None, path: str | None = None, **kwargs: Any
    ) -> str:
        handler = CallContext.get(CallContext.JUPYTER_HANDLER)
        cascade = self._cascade = handler.settings["cascade"]
        signed_in = handler.current_user.signed_in
        await self._end_oldest_of(signed_in.person.id, cascade.settings.kernels_per_person)
        kernel_id = kernel_id or self.new_kernel_id(**kwargs)
        ticket = await cascade.work(
            cascade.records.signing_in.ticket, signed_in.person.id, signed_in.id, handler.entry_id
        )
        kwargs["env"] = told() | {
            "CASCADE_TICKET": ticket,
            "CASCADE_RECORDS": cascade.kernel_address,
            "CASCADE_BASE_URL": cascade.addresses.base,
            "VOILA_PREHEAT": "False",
        }
        kwargs["cwd"] = self._empty
        now = time.monotonic()
        self._kept[kernel_id] = Kept(signed_in.person.id, ticket, used=now, alone=now)
        self.queue.has_kernel(handler)
        try:
            started: str = await super()._async_start_kernel(kernel_id=kernel_id, **kwargs)
        except BaseException:
            self._forget(kernel_id)
            raise
        self.add_restart_callback(started, lambda: self._died(started), "dead")
        return started

    # The base class binds its public name at class creation, so both must be ours.
    start_kernel = _async_start_kernel

    def start_watching_activity(self, kernel_id: str) -> None:
        """Reads along with no kernel: one ends when its page is away, whatever it does."""
        self.get_kernel(kernel_id).execution_state = "idle"

    async def _end_oldest_of(self, person_id: str, most: int) -> None:
        """End kernels until this person may have one more, those without a page first."""
        mine = [k for k, kept in self._kept.items() if kept.owner == person_id]
        while len(mine) >= most:
            oldest = min(mine, key=lambda k: _or_never(self._kept[k].alone))
            mine.remove(oldest)
            await self._end(oldest)

    async def _end_one_left(self) -> bool:
        """End the kernel whose page has been away for longest, if one is likely not to return."""
        soon = time.monotonic() - SOON_SECONDS
        left = [
            kernel_id
            for kernel_id, kept in self._kept.items()
            if kept.alone is not None and kept.met and (kept.leaving or kept.alone < soon)
        ]
        if not left:
            return False
        await self._end(min(left, key=lambda k: _or_never(self._kept[k].alone)))
        return True

    async def _end(self, kernel_id: str) -> None:
        # One that is starting is not there yet, and one that is being ended nobody's any more.
        if kernel_id in self and kernel_id in self._kept:
            self._forget(kernel_id)
            await ensure_async(self.shutdown_kernel(kernel_id, now=True))

    def _died(self, kernel_id: str) -> None:
        # A restart gives the same id an empty kernel; for a page that is death, not recovery.
        asyncio.ensure_future(self._end(kernel_id))  # noqa: RUF006 - the loop keeps it

    def _forget(self, kernel_id: str) -> None:
        kept = self._kept.pop(kernel_id, None)
        if kept is not None:
            self._cascade.work(self._cascade.records.signing_in.end_ticket, kept.ticket)

    def remove_kernel(self, kernel_id: str) -> Any:
        self._forget(kernel_id)
        return super().remove_kernel(kernel_id)

    def notify_connect(self, kernel_id: str) -> None:
        super().notify_connect(kernel_id)
        if kernel_id in self._kept:
            kept = self._kept[kernel_id]
            kept.alone, kept.met, kept.leaving = None, True, False

    def notify_disconnect(self, kernel_id: str) -> None:
        super().notify_disconnect(kernel_id)
        if self._kernel_connections.get(kernel_id) == 0 and kernel_id in self._kept:
            self._kept[kernel_id].alone = time.monotonic()

    def used(self, kernel_id: str) -> None:
        """Its page has asked it for something."""
        if kernel_id in self._kept:
            self._kept[kernel_id].used = time.monotonic()

    def leaving(self, kernel_id: str) -> None:
        """The page says goodbye; it may come back (a cancelled navigation), so wait a little."""
        if kernel_id in self._kept:
            self._kept[kernel_id].leaving = True

    async def cull(self) -> None:
        """End kernels whose page has been away, or has asked for nothing, for too long."""
        now = time.monotonic()
        for kernel_id, kept in list(self._kept.items()):
            settings = self._cascade.settings
            grace = settings.kernel_grace_seconds
            if kept.leaving:
                grace = min(grace, SOON_SECONDS)
            away = kept.alone is not None and now - kept.alone > grace
            if away or now - kept.used > settings.kernel_hours * 3600:
                await self._end(kernel_id)

    async def end_all(self) -> None:
        """End every kernel, those still starting too; none may keep the server from stopping."""
        self._culling.stop()
        processes = [
            manager.provisioner.process
            for manager in self._kernels.values()
            if getattr(manager.provisioner, "process", None) is not None
        ]
        try:
            await asyncio.wait_for(ensure_async(self.shutdown_all(now=True)), END_SECONDS)
        except (TimeoutError, RuntimeError):
            for process in processes:
                process.kill()
        if self.warmth is not None:
            self.warmth.end()
        shutil.rmtree(self._empty, ignore_errors=True)

    async def end_all_of(self, person_id: str) -> None:
        for kernel_id in [k for k, kept in self._kept.items() if kept.owner == person_id]:
            await self._end(kernel_id)


def _or_never(at: float | None) -> float:
    return math.inf if at is None else at


class Channels(ZMQChannelsWebsocketConnection):  # type: ignore[misc]
    """The second gate before a kernel: widget messages of bounded size, nothing that runs code."""

    MOST = 2_000_000
    ALLOWED = {
        "shell": {
            "comm_msg",
            "comm_close",
            "comm_info_request",
            "kernel_info_request",
            "comm_open",
        },
        "control": {"kernel_info_request"},
    }

    def handle_incoming_message(self, message: Any) -> None:
        if len(message) > self.MOST:
            self.websocket_handler.close(1009, "message too big")
            return
        try:
            channel, kind, content = self._parse(message)
        except (ValueError, LookupError, TypeError, RecursionError):
            return
        if not (isinstance(channel, str) and isinstance(kind, str) and isinstance(content, dict)):
            return
        if kind not in self.ALLOWED.get(channel, ()):
            return
        if kind == "comm_open" and content.get("target_name") != "jupyter.widget.control":
            return
        if kind == "comm_msg":
            self.multi_kernel_manager.used(self.kernel_id)
        super().handle_incoming_message(message)

    def _parse(self, message: Any) -> tuple[str, str, dict[str, Any]]:
        if self.subprotocol == "v1.kernel.websocket.jupyter.org":
            # A message says how many parts it has, and Jupyter would count that far: one part
            # takes eight bytes, so a short message cannot have many.
            if int.from_bytes(message[:8], "little") > len(message) // 8:
                raise ValueError("parts")
            channel, parts = deserialize_msg_from_ws_v1(message)
            header, content = json.loads(bytes(parts[0])), json.loads(bytes(parts[3]))
        else:
            doc = json.loads(message)
            channel, header, content = doc["channel"], doc["header"], doc.get("content", {})
        return channel, header["msg_type"], content
