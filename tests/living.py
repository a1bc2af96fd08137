"""A real programme with a real server, for tests that live in it."""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from cascade_tools.errors import SettingsFault
from cascade_tools.model.consent import KEEP, version_of
from cascade_tools.model.people import Held, Person, Role, Session
from cascade_tools.records import Records, database_url, make_key_file, open_records
from cascade_tools.settings import Folder, read_settings, settings_text
from cascade_tools.shelf import open_shelf

PASSPHRASE = "plain words for a test"
ROOT = Path(__file__).resolve().parent.parent
# Each new page would load two pages for the popup of an address bar that nobody sees, which takes
# as long as a page of ours.  Chromium heeds the last list only, so Playwright's is in it.
UNSEEN = (
    *("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup"),
    *("AimEnabled", "AvoidCorsURLLoaderRestartOnRedirect", "AvoidUnnecessaryBeforeUnloadCheckSync"),
    *("DestroyProfileOnBrowserClose", "HttpsFirstBalancedModeAutoEnable", "HttpsUpgrades"),
    *("LensOverlay", "MediaRouter", "NetworkTimeServiceQuerying", "OptimizationHints"),
    *("PaintHolding", "PreconnectToSearch", "ThirdPartyStoragePartitioning"),
)
CHROMIUM_ARGS = [
    f"--disable-features={','.join(UNSEEN)}",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


# The first has no window to draw, and takes about a third less work for the same pages.
BROWSERS = (
    *("chromium-headless-shell", "chromium", "chromium-browser"),
    *("google-chrome", "google-chrome-stable", "chrome"),
)


def chromium() -> str:
    """The browser to test with.  ``make test`` installs one or says what to install."""
    wanted = os.environ.get("CASCADE_BROWSER")
    found = wanted or next((p for name in BROWSERS if (p := shutil.which(name))), None)
    if found is None:
        raise SettingsFault("No browser found. Install Chromium, or set CASCADE_BROWSER.")
    return found


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def contacts() -> dict[str, object]:
    one = {"name": "Wren Testfield", "phone": "01632 960111"}
    return {
        "safeguarding": [one],
        "support": [{"name": "Samaritans", "phone": "116 123"}],
        "not_right": dict.fromkeys(("safety", "people", "complaint", "data"), one),
    }


@dataclass(frozen=True)
class Filled:
    """The key and the records of a programme, and who and what is in them."""

    key: bytes
    database: bytes
    people: dict[str, Person]
    pair: str
    beths_pair: str


@cache
def _first(notice: str) -> Filled:
    """The records every house begins with: filled once, because eight passphrases take their time.

    All houses have one key and the same ids.  A test of two programmes that have nothing in common
    makes one of them by itself.
    """
    wanted = {
        "Amina Coachfield": ([Role.COACH], "01632 960101"),
        "Beth Coachfield": ([Role.COACH], "01632 960102"),
        "Leo Leaderfield": ([Role.LEADER], "01632 960103"),
        "Sue Superfield": ([Role.SUPERVISOR], "01632 960104"),
        "Tom Superfield": ([Role.SUPERVISOR], "01632 960105"),
        "Pat Leadfield": ([Role.LEAD], ""),
        "Quinn Leadfield": ([Role.LEAD], ""),
        "Eve Evalfield": ([Role.EVALUATOR], ""),
    }
    who: dict[str, Person] = {}
    with TemporaryDirectory() as aside:
        folder = Folder(Path(aside))
        make_key_file(folder.key)
        records = open_records(database_url(folder.database), folder.key, durable=False)
        for name, (roles, phone) in wanted.items():
            person = records.people.add(name, roles, phone)
            records.signing_in.accept(
                records.signing_in.invite(person.id, "the programme"), PASSPHRASE
            )
            records.consents.decide(person.id, KEEP, True, notice)
            who[name.split()[0].lower()] = person
        records.people.supervise(who["sue"].id, who["amina"].id)
        records.people.supervise(who["tom"].id, who["beth"].id)
        today = datetime.now(UTC).date()
        pair = records.people.pair(
            who["amina"].id, who["leo"].id, "the carers’ charity", today - timedelta(days=60)
        )
        for number, days, state in ((1, -40, Held.HELD), (2, -2, Held.HELD), (3, 30, Held.PLANNED)):
            day = today + timedelta(days=days)
            records.people.add_session(pair, Session("", number, day, state))
        beths_pair = records.people.pair(
            who["beth"].id, None, "the youth project", today - timedelta(days=50)
        )
        records.close()
        return Filled(folder.key.read_bytes(), folder.database.read_bytes(), who, pair, beths_pair)


class House:
    """A programme folder and, once started, its server in a process of its own.

    People: Amina (coach), Beth (coach), Leo (Amina's leader), Sue (supervises Amina),
    Tom (supervises Beth), Pat and Quinn (programme leads), Eve (evaluator).  Amina and Leo have
    held two sessions and planned a third.
    """

    def __init__(self, path: Path, base: str = "/", **settings: object) -> None:
        self.folder = Folder(path)
        self.base = base
        self.port = free_port()
        self.process: subprocess.Popen[str] | None = None
        self.log = path.parent / f"{path.name}.log"
        path.mkdir(mode=0o700)
        (path / "local" / "workbooks").mkdir(parents=True)
        values = {
            "programme_name": "Testfield",
            "controller": "Testfield Trust",
            "computer": "Wren Testfield, Testfield Trust",
            "programme_phone": "01632 960100",
            **contacts(),
            **settings,
        }
        self.folder.toml.write_text(settings_text(**values), encoding="utf-8")
        self.settings = read_settings(self.folder.toml)
        notice = open_shelf().get("everyone/welcome").notice
        self.notice = version_of(notice, self.settings.controller, self.settings.computer)
        first = _first(self.notice)
        self.folder.key.touch(0o600)
        self.folder.key.write_bytes(first.key)
        self.folder.database.write_bytes(first.database)
        self.people = dict(first.people)
        self.pair, self.beths_pair = first.pair, first.beths_pair

    @contextlib.contextmanager
    def records(self, **more: object) -> Iterator[Records]:
        """The gate, opened beside a running server."""
        records = open_records(database_url(self.folder.database), self.folder.key, **more)  # type: ignore[arg-type]
        try:
            yield records
        finally:
            records.close()

    def enter(self, who: str) -> dict[str, str]:
        """The cookie of a browser that this person is signed in on, made without the form.

        For those of whom the form asks more than a passphrase, where signing in is not the matter.
        """
        with self.records() as records:
            return {"cascade": records.signing_in.sign_in(self.people[who].id)}

    def by_form(self, who: str) -> bool:
        """Whether name and passphrase are enough for this person."""
        return not self.people[who].roles & {Role.SUPERVISOR, Role.LEAD}

    # The server

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """The address of home, with the slash."""
        return self.origin + self.base

    def start(self) -> "House":
        command = [sys.executable, "-m", "cascade_tools", "serve", str(self.folder.path)]
        command += ["--port", str(self.port), "--no-browser", "--base", self.base]
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                command, stdout=log, stderr=log, text=True, cwd=ROOT, start_new_session=True
            )
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise AssertionError(f"The server stopped:\n{self.log.read_text()[-2000:]}")
            try:
                with urllib.request.urlopen(self.url + "health", timeout=5) as reply:  # noqa: S310
                    if reply.status == 200:
                        return self
            except OSError:
                time.sleep(0.05)
        raise AssertionError(f"The server did not answer:\n{self.log.read_text()[-2000:]}")

    def stop(self) -> None:
        """Ask the server to stop, as an operator does."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """SIGKILL the server: no goodbye."""
        self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(how)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(20)
        self.process = None

    def kernels(self) -> list[int]:
        """The process ids of this server's kernels."""
        assert self.process is not None
        return kernels_of(self.process.pid)


def kernels_of(server: int) -> list[int]:
    """The kernels that run, started or forked.  Those that have just ended are not among them."""
    import psutil

    found = []
    for child in psutil.Process(server).children(recursive=True):
        with contextlib.suppress(psutil.Error):
            started = any("ipykernel" in word for word in child.cmdline())
            parent = child.parent()
            forked = parent is not None and "cascade_tools.server.warm" in parent.cmdline()
            if (started or forked) and child.status() != psutil.STATUS_ZOMBIE:
                found.append(child.pid)
    return found


def entry_id(address: str) -> str:
    """The entry's id in an address."""
    found = re.search(r"/entries/([0-9a-f]{32})", address)
    assert found is not None
    return found.group(1)
