"""``cascade room``: practice for a room of people.  No sign-in, no cookie, nothing kept.

It is plain tornado: there is no programme behind it, no kernel and no database, and nothing here
writes a file.  What people write in their own words is never sent, because the way is usually
plain http on somebody else's Wi-Fi.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tornado import httpserver, ioloop, netutil, web

from cascade_tools import content
from cascade_tools.draw.practice_paper import practice_paper, practice_style
from cascade_tools.draw.qr import qr
from cascade_tools.errors import NotNow
from cascade_tools.model.practice import Scene
from cascade_tools.server.addresses import Addresses
from cascade_tools.server.answer import Answer, Packed
from cascade_tools.server.open_pages import HelpPage, KitFile
from cascade_tools.server.practice import PracticePage, Practising
from cascade_tools.server.practice_pages import NAME, practice_pages
from cascade_tools.server.running import log_request, quiet_libraries, stop_on_signals
from cascade_tools.settings import Folder, Settings, read_settings

PLAIN_NAME = "A room to practise in"
MOST_BYTES = 100_000
IDLE_SECONDS = 120


@dataclass
class Room:
    """A room: its name and contacts, a programme's own folder, and the address people type."""

    settings: Settings
    local: Path | None = None
    public: str = ""
    addresses: Addresses = field(default_factory=Addresses)
    https: bool = False


def open_room(folder: Path | None = None) -> Room:
    """A room with the kit's practice, or with a programme's as well.

    Only ``programme.toml`` and ``local/practice`` are read.  Raises ``SettingsFault``.
    """
    if folder is None:
        return Room(Settings(programme_name=PLAIN_NAME))
    place = Folder(folder)
    settings = read_settings(place.toml)
    return Room(
        replace(
            settings,
            safeguarding=tuple(c for c in settings.safeguarding if not c.is_open()),
            support=tuple(c for c in settings.support if not c.is_open()),
        ),
        place.local,
    )


def on_paper(room: Room, scene: Scene | None = None) -> str:
    """Everything there is to practise as one page to print, or one conversation alone."""
    local = room.local
    return practice_paper(
        scenes=content.scenes(local) if scene is None else (scene,),
        drills=(*content.drills(local), *content.statements(local)) if scene is None else (),
        cards=content.cards(local) if scene is None else (),
        programme=room.settings,
    )


def write_paper(room: Room, path: Path) -> Path:
    """The page to print as one file.  Raises ``NotNow``."""
    try:
        path.write_text(on_paper(room), encoding="utf-8")
    except OSError as fault:
        raise NotNow(
            f"{path} cannot be written ({fault.strerror or 'no reason given'}). Name another file."
        ) from None
    return path


class InRoom(Answer):
    """A page of a room.  Nobody is anybody here, so there is nobody to ask for."""

    in_room = True

    @property
    def serving(self) -> Room:
        room: Room = self.settings["cascade"]
        return room

    def check_xsrf_cookie(self) -> None:
        """There is nothing that another site could change in somebody's name."""


class Wall(InRoom):
    """``/wall``: for the projector."""

    def get(self) -> None:
        address = self.serving.public.rstrip("/")
        self.show("wall.html", code=qr(address, fills=True), address=address)


class Paper(InRoom, Practising):
    """``/print``: all of it on paper, or one conversation."""

    def get(self, id: str = "") -> None:
        scene = self.one_of(content.scenes(self.local), id) if id else None
        self.show_paper(on_paper(self.serving, scene), practice_style())


class Start(InRoom, PracticePage):
    """``/``: what there is to try."""


class Help(InRoom, HelpPage):
    """``/worried``: whom to ring."""


class Files(InRoom, KitFile):
    """The kit's own scripts and styles."""


class NotHere(InRoom):
    """Every other address."""

    def prepare(self) -> None:
        raise web.HTTPError(404)


def make_room(room: Room) -> web.Application:
    """The room's addresses, not yet listening."""
    ours: list[tuple[Any, ...]] = [
        ("", Start),
        *practice_pages(InRoom),
        ("worried", Help, {"template": "worried.html"}),
        ("wall", Wall),
        ("print", Paper),
        (rf"print/conversations/{NAME}", Paper),
        (r"static/([0-9a-f]+)/([a-z.-]+)", Files),
    ]
    return web.Application(
        [(room.addresses.base + path, *rest) for path, *rest in ours],
        cascade=room,
        transforms=[Packed],
        log_function=log_request,
        default_handler_class=NotHere,
        serve_traceback=False,
    )


def run_room(room: Room, *, host: str, port: int, ready: Callable[[int], None]) -> None:
    """Serve until stopped.  ``ready`` is called with the port once pages answer.

    Raises ``OSError`` where it cannot listen there.
    """

    async def main() -> None:
        quiet_libraries()
        sockets = netutil.bind_sockets(port, host or None)
        server = httpserver.HTTPServer(
            make_room(room), max_body_size=MOST_BYTES, idle_connection_timeout=IDLE_SECONDS
        )
        server.add_sockets(sockets)
        stop = asyncio.Event()
        stop_on_signals(ioloop.IOLoop.current(), stop)
        ready(sockets[0].getsockname()[1])
        await stop.wait()
        server.stop()
        await server.close_all_connections()

    asyncio.run(main())
