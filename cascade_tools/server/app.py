"""The Voila app with our sign-in, our pages and an explicit list of addresses."""

import asyncio
import logging
import os
import secrets
import tempfile
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jupyter_server.services.kernels.handlers import KernelHandler
from tornado import httpserver, ioloop, netutil, web
from voila.app import Voila, _kernel_id_regex

from cascade_tools.kit import kit_folder
from cascade_tools.server import checking, entries, home, pictures, sharing, signing_in, workbooks
from cascade_tools.server.add_cards import AddCard, TypeCode
from cascade_tools.server.agreements import AgreementPage, Propose
from cascade_tools.server.answer import Packed
from cascade_tools.server.answering import Release
from cascade_tools.server.asked import AskedPage
from cascade_tools.server.base import Nothing
from cascade_tools.server.briefs import BriefFile, BriefMaking, BriefPage, Briefs, Makings
from cascade_tools.server.daily import every_day
from cascade_tools.server.feedback import Feedback
from cascade_tools.server.forking import NAME as WARM
from cascade_tools.server.forking import Warmth, can_fork
from cascade_tools.server.identity import CookieIdentity, OwnKernels
from cascade_tools.server.interest import Interest
from cascade_tools.server.keeping import Keeping
from cascade_tools.server.kernel_face import FACE
from cascade_tools.server.kernels import Channels, OwnedKernels, needed, told
from cascade_tools.server.knowledge import Desk, Knowledge
from cascade_tools.server.knowledge_note import (
    CheckPrint,
    NotePaper,
    Notes,
    ReleasedPage,
    WriteNote,
)
from cascade_tools.server.my_data import (
    AskForCopies,
    Download,
    EraseEntry,
    EraseEverything,
    MyDataPage,
)
from cascade_tools.server.my_signing_in import MySigningIn
from cascade_tools.server.once import Once
from cascade_tools.server.overview import Standing
from cascade_tools.server.own_names import OwnNames
from cascade_tools.server.pairs import EndEarly, PairPage
from cascade_tools.server.paper import PlainPage
from cascade_tools.server.practice_pages import practice_pages
from cascade_tools.server.rendering import make_once
from cascade_tools.server.replay import Bring, ReplayPage
from cascade_tools.server.requests import Requests
from cascade_tools.server.rewritten import RoundsPage
from cascade_tools.server.running import (
    keep_little,
    log_request,
    quiet_libraries,
    settle,
    stop_on_signals,
)
from cascade_tools.server.second_step import Authenticator, Code
from cascade_tools.server.seen_as import SeenAs
from cascade_tools.server.sent import Sent, SentOne
from cascade_tools.server.serving import Serving
from cascade_tools.server.shared import SharedPage, StartAnswer, Still, Thanks
from cascade_tools.server.side_by_side import OwnSessions, SharedSessions
from cascade_tools.server.signed_in_practice import SignedInPractice
from cascade_tools.server.signing_in import AUTHENTICATOR
from cascade_tools.server.together import Mark, Seal, TakeBack, TogetherPage
from cascade_tools.server.voila_files import VoilaFile, roots, version
from cascade_tools.server.wall import Wall, WallNow
from cascade_tools.server.welcome import Welcome

ID = r"([0-9a-f]{32})"
WORKBOOK = r"([a-z0-9-]+/[a-z0-9-]+)"
KEY = r"([a-z][a-z0-9-]*)"
CARDS = r"([0-9A-Za-z-]{1,32})"
MOST_BYTES = 2_000_000


class App(Voila):  # type: ignore[misc]
    """Voila, with every default that trusts a stranger replaced."""

    name = "voila"
    identity_provider_class = CookieIdentity
    authorizer_class = OwnKernels
    kernel_websocket_connection_class = Channels
    serving: Serving
    hosts: list[str]

    def setup_template_dirs(self) -> None:
        super().setup_template_dirs()
        # The kit's own folder, not a copy that an installation may have left behind.
        self.template_paths.insert(0, str(kit_folder("templates") / "voila" / "cascade"))

    def init_settings(self) -> dict[str, Any]:
        configuration = self.voila_configuration
        configuration.multi_kernel_manager_class = OwnedKernels
        configuration.allow_template_override = "NO"
        configuration.allow_theme_override = "NO"
        configuration.prelaunch_hook = pictures.what_thinks
        configuration.extension_allowlist = [
            "@jupyter-widgets/jupyterlab-manager",
            "anywidget",
            "@voila-dashboards/widgets-manager8",
        ]
        self.cookie_secret = secrets.token_bytes(32)
        settings: dict[str, Any] = super().init_settings()
        settings |= {
            "cascade": self.serving,
            "xsrf_cookies": True,
            "xsrf_cookie_kwargs": {"samesite": "Lax", "secure": self.serving.https},
            "login_url": self.serving.addresses.to("sign-in"),
            "allow_remote_access": False,
            "local_hostnames": ["localhost", *self.hosts],
            # Every address below asks for sign-in itself, and is listed one by one.
            "allow_unauthenticated_access": True,
            "websocket_compression_options": {},
            "websocket_max_message_size": Channels.MOST,
            "log_function": log_request,
            "default_handler_class": Nothing,
            "serve_traceback": False,
        }
        return settings

    def init_handlers(self) -> list[Any]:
        voila = {
            "voila_configuration": self.voila_configuration,
            "template_paths": self.template_paths,
            "config": self.config,
        }
        kernel = rf"api/kernels/{_kernel_id_regex}"
        briefs = {"makings": Makings()}
        ours: list[tuple[Any, ...]] = [
            ("", home.Home),
            ("health", home.Health),
            ("sign-in", signing_in.SignIn),
            ("sign-in/code", Code),
            ("sign-out", signing_in.SignOut),
            ("leave", signing_in.Leave),
            ("away", signing_in.Away),
            ("invitation", signing_in.Accept),
            ("worker.js", home.Worker),
            ("me", home.Me),
            ("me/data", MyDataPage),
            ("me/data/page", Download, {"kind": "page"}),
            ("me/data/json", Download, {"kind": "json"}),
            ("me/data/ask", AskForCopies),
            ("me/data/erase", EraseEverything),
            ("me/keeping", Keeping),
            ("me/signing-in", MySigningIn),
            (AUTHENTICATOR, Authenticator),
            ("me/names", OwnNames),
            ("questions", home.Questions),
            *practice_pages(SignedInPractice),
            ("welcome", Welcome),
            ("worried", home.Help, {"template": "worried.html"}),
            ("something-is-not-right", home.Help, {"template": "not-right.html"}),
            ("offline", home.Help, {"template": "offline.html"}),
            ("interest", Interest, {"sending": Once()}),
            ("sent", Sent),
            ("requests", Requests),
            ("cards", TypeCode),
            (rf"cards/{CARDS}", AddCard, {"sending": Once()}),
            ("knowledge", Knowledge),
            ("knowledge/notes", Notes),
            (rf"knowledge/notes/{ID}", ReleasedPage),
            (rf"knowledge/{ID}", Desk),
            (rf"knowledge/{ID}/wall", Wall),
            (rf"knowledge/{ID}/wall/now", WallNow),
            (rf"knowledge/{ID}/check", CheckPrint),
            (rf"knowledge/{ID}/note", WriteNote),
            (rf"knowledge/{ID}/note/paper", NotePaper),
            ("briefs", Briefs, briefs),
            ("briefs/making", BriefMaking, briefs),
            ("briefs/file", BriefFile, briefs),
            (rf"briefs/{ID}", BriefPage),
            (rf"asked/{ID}", AskedPage),
            (rf"sent/{ID}", SentOne),
            (rf"workbooks/{WORKBOOK}/feedback", Feedback),
            (rf"workbooks/{WORKBOOK}", workbooks.WorkbookPage),
            (rf"workbooks/{WORKBOOK}/plain", PlainPage),
            (rf"workbooks/{WORKBOOK}/pictures", pictures.DeskPictures, voila),
            (rf"entries/{ID}", entries.EntryPage),
            (rf"entries/{ID}/pictures", pictures.Pictures, voila),
            (rf"entries/{ID}/check", checking.CheckPage),
            (rf"entries/{ID}/as/{ID}", SeenAs),
            (rf"entries/{ID}/share", sharing.Share),
            (rf"entries/{ID}/replay", ReplayPage),
            (rf"entries/{ID}/bring", Bring),
            (rf"entries/{ID}/release", Release),
            (rf"entries/{ID}/record", checking.Record),
            (rf"entries/{ID}/forget-earlier", checking.ForgetEarlier),
            (rf"entries/{ID}/erase", EraseEntry),
            (rf"api/entries/{ID}/answers/{KEY}", entries.SaveAnswer),
            (rf"shared/{ID}", SharedPage),
            (rf"shared/{ID}/still", Still),
            (rf"shared/{ID}/thanks", Thanks),
            (rf"shared/{ID}/review", StartAnswer),
            (rf"shared/{ID}/rounds", RoundsPage),
            (rf"shares/{ID}/stop", sharing.StopSharing),
            (rf"pairs/{ID}", PairPage),
            ("coaches/still", Standing),
            (rf"pairs/{ID}/sessions", OwnSessions),
            ("coaches/still", Standing),
            (rf"coaches/{ID}/pairs/{ID}", SharedSessions),
            (rf"pairs/{ID}/end-early", EndEarly),
            (rf"pairs/{ID}/agreement", AgreementPage),
            (rf"entries/{ID}/propose", Propose),
            (rf"together/{ID}", TogetherPage),
            (rf"together/{ID}/seal", Seal),
            (rf"together/{ID}/take-back", TakeBack),
            (rf"together/{ID}/mark", Mark),
            (kernel, KernelHandler),
            (rf"{kernel}/channels", pictures.Line),
            (rf"{kernel}/goodbye", pictures.Goodbye),
            (r"static/([0-9a-f]+)/([a-z.-]+)", home.Static),
            *(
                (rf"{address}/([0-9a-f]+)/(.*)", VoilaFile, {"folders": f, "version": version(f)})
                for address, f in roots(self).items()
            ),
        ]
        return [(self.serving.addresses.base + path, *rest) for path, *rest in ours] + [
            (r".*", Nothing)
        ]

    def listen(self) -> None:
        """Ours is below: Voila's tries other ports in silence and blocks."""


def make_app(serving: Serving, hosts: list[str]) -> App:
    """Voila's app for one programme, configured but not listening."""
    App.clear_instance()
    app: App = App.instance()
    app.serving, app.hosts = serving, hosts
    app.log_level = logging.ERROR
    app.base_url = app.server_url = serving.addresses.base
    app.open_browser = False
    app.config.VoilaConfiguration.template = "lab"
    # A dead kernel stays dead: restarted it would be empty, and its page could not tell.
    app.config.KernelRestarter.restart_limit = 0
    if os.name == "posix":
        # Files in a folder of our own instead of five open ports for each kernel.
        app.config.KernelManager.transport = "ipc"
    forks = serving.settings.kernels_forked and can_fork()
    if forks:
        app.config.KernelProvisionerFactory.default_provisioner_name = WARM
    app.initialize([])
    make_once(roots(app))
    quiet_libraries(app.log)
    app.connection_dir = tempfile.mkdtemp(prefix="cascade_")
    settings = app.init_settings()
    warmth = Warmth(told(), lambda: needed(serving.shelf)) if forks else None
    app.kernel_manager.suit(serving.settings, warmth)
    app.app = web.Application([], transforms=[Packed], **settings)
    app.app.add_handlers(".*$", app.init_handlers())
    return app


def run(
    serving: Serving,
    *,
    host: str,
    port: int,
    hosts: list[str],
    ready: Callable[[int], None],
    browser: bool = False,
    proxied: bool = False,
    tls: dict[str, Any] | None = None,
) -> None:
    """Serve until stopped.  ``ready`` is called with the port once pages answer."""
    keep_little()

    async def main() -> None:
        app = make_app(serving, hosts)
        kernels = _listen_for_kernels(serving, app.connection_dir)
        sockets = netutil.bind_sockets(port, host)
        server = httpserver.HTTPServer(
            app.app, max_body_size=MOST_BYTES, xheaders=proxied, ssl_options=tls
        )
        server.add_sockets(sockets)
        stop = asyncio.Event()
        loop = ioloop.IOLoop.current()
        app.ioloop = loop
        stop_on_signals(loop, stop)
        settle()
        ready(sockets[0].getsockname()[1])
        if browser:
            webbrowser.open(serving.public + serving.first)
        daily = asyncio.create_task(every_day(serving))
        await stop.wait()
        daily.cancel()
        server.stop()
        kernels.stop()
        await app.kernel_manager.end_all()
        serving.records.close()

    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    # Not ``asyncio.run``: it waits for a notebook that Voila is running, and Voila goes on through
    # every cell although its kernel has ended.
    loop.run_until_complete(main())


def _listen_for_kernels(serving: Serving, folder: str) -> httpserver.HTTPServer:
    """A Unix socket in the server's own folder; a random loopback port where there are none."""
    face = httpserver.HTTPServer(web.Application(FACE, cascade=serving, log_function=log_request))
    if hasattr(netutil, "bind_unix_socket") and os.name == "posix":
        path = Path(folder) / "records"
        face.add_socket(netutil.bind_unix_socket(str(path), mode=0o600))
        serving.kernel_address = f"unix:{path}"
    else:
        sockets = netutil.bind_sockets(0, "127.0.0.1")
        face.add_sockets(sockets)
        serving.kernel_address = f"http://127.0.0.1:{sockets[0].getsockname()[1]}"
    return face
