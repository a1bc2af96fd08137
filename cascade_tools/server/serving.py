"""What one running server holds: the records, the shelf, the settings and its addresses."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import ParamSpec, TypeVar

from cascade_tools.model.consent import WELCOME, version_of
from cascade_tools.model.journey import LOOKING_BACK
from cascade_tools.model.people import Role
from cascade_tools.model.workbook import Workbook
from cascade_tools.records import Records
from cascade_tools.server.addresses import Addresses
from cascade_tools.server.load import Gauge
from cascade_tools.settings import Settings
from cascade_tools.shelf import Shelf

P = ParamSpec("P")
T = TypeVar("T")

THREADS = 8
# Savers wait for the disk most of the time, and those who wait together share a commit.
SAVERS = 32


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """One workbook that its author tries out, and who of the fictional people may be met in it."""

    workbook: str
    cast: tuple[str, ...]


@dataclass
class Serving:
    """One server.  ``public`` is the address people type; ``kernel_address`` where kernels ask.

    ``first`` is the page a browser is opened at, below the base; ``local`` the programme's own
    folder of workbooks and measures; ``daily`` is what is called once a day.  Whoever brings along
    the secret ``operator`` looks after this computer; without one nobody does.
    """

    settings: Settings
    records: Records
    shelf: Shelf
    addresses: Addresses
    public: str
    local: Path | None = None
    kernel_address: str = ""
    first: str = ""
    rehearsal: Rehearsal | None = None
    daily: Callable[[], object] | None = None
    operator: str = ""
    gauge: Gauge = field(default_factory=Gauge)
    _threads: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(THREADS, thread_name_prefix="records")
    )
    _savers: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(SAVERS, thread_name_prefix="saving")
    )

    @property
    def https(self) -> bool:
        return self.public.startswith("https://")

    @property
    def cookie(self) -> str:
        return "__Host-cascade" if self.https else "cascade"

    def work(
        self, call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs
    ) -> "asyncio.Future[T]":
        """Run a call of the records beside the event loop, so that one slow disk stops nobody."""
        loop = asyncio.get_running_loop()
        return loop.run_in_executor(self._threads, lambda: call(*args, **kwargs))

    def save(
        self, call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs
    ) -> "asyncio.Future[T]":
        """The same for what somebody wrote: it never waits behind pages that are being drawn."""
        loop = asyncio.get_running_loop()
        return loop.run_in_executor(self._savers, lambda: call(*args, **kwargs))

    @property
    def notice(self) -> str:
        """The version of the notice that people decide under now; empty where there is none."""
        workbook = self.shelf.find(WELCOME)
        if workbook is None:
            return ""
        return version_of(workbook.notice, self.settings.controller, self.settings.computer)

    def offers(self, workbook: Workbook) -> bool:
        """Whether this programme asks for it.  What was written before can always be read."""
        return workbook.id != LOOKING_BACK or self.settings.then_test

    def offered(self) -> list[Workbook]:
        """Every workbook that can be begun here, by id."""
        return [w for w in self.shelf.all() if self.offers(w)]

    def title_of(self, workbook_id: str) -> str:
        found = self.shelf.find(workbook_id)
        return found.title if found else "A workbook that is no longer used"

    def role_words(self, role: Role) -> str:
        return self.settings.roles.get(str(role), role.words)

    def clock(self, at: datetime | None) -> str:
        """``14:03`` today, ``yesterday at 14:03``, else ``3 May at 14:03``, in its own zone."""
        if at is None:
            return ""
        here = at.astimezone(self.settings.zone)
        today = self.records.store.now().astimezone(self.settings.zone).date()
        time = f"{here:%H:%M}"
        if here.date() == today:
            return time
        if (today - here.date()).days == 1:
            return f"yesterday at {time}"
        year = "" if here.year == today.year else f" {here.year}"
        return f"{here.day} {here:%B}{year} at {time}"

    def day(self, at: datetime) -> str:
        here = at.astimezone(self.settings.zone)
        return f"{here.day} {here:%B %Y}"
