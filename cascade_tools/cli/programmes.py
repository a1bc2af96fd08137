"""A programme: make one, serve one, look after one."""

import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cascade_tools.cli.group import as_json, cli, folder_argument, say
from cascade_tools.errors import CascadeError
from cascade_tools.model.people import Person, Role

if TYPE_CHECKING:
    from cascade_tools.programme import Listening
    from cascade_tools.records import Records
    from cascade_tools.server.serving import Serving
    from cascade_tools.settings import Settings
    from cascade_tools.shelf import Shelf

LOOPBACK, PORT, SHOWN = "127.0.0.1", 8870, 3
ORDER = (Role.SUPERVISOR, Role.COACH, Role.LEADER, Role.LEAD, Role.EVALUATOR, Role.AUTHOR)


@cli.command()
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    default=Path("cascade-demo"),
    show_default=True,
    help="Where the fictional programme is kept.",
)
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, show_default=True)
@click.option("--browser/--no-browser", default=True, help="Open the first page in a browser.")
@click.option("--make-only", is_flag=True, help="Make the programme and stop.")
def demo(folder: Path, port: int, browser: bool, make_only: bool) -> None:
    """Make a fictional programme and serve it on this computer.

    Everybody in it is made up, and anyone may be anyone. It is kept, so that you can come back to
    it; delete the folder to begin again.
    """
    if make_only:
        from cascade_tools.programme import make_demo

        make_demo(folder)
        return
    maker = None
    if not _is_demo(folder):
        click.echo(f"Making a fictional programme in {folder} …", err=True)
        # Made by a process of its own while the server's libraries load in this one.
        command = [sys.executable, "-m", "cascade_tools", "demo", "--make-only", "--folder"]
        maker = subprocess.Popen([*command, str(folder)])
    try:
        load_server()  # the slow half of starting
    finally:
        made = maker.wait() if maker else 0
    if made:
        raise click.exceptions.Exit(made)

    _serve(folder, browser, port=port)


def load_server() -> None:
    # Jupyter's schemas would have a whole grammar of web addresses read, which takes longer than
    # everything else together, to check a format that none of them uses.  It is optional there.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    import cascade_tools.server.app  # noqa: F401


def _is_demo(folder: Path) -> bool:
    """Whether a fictional programme is there to come back to.  A real one is never touched."""
    from cascade_tools.errors import SettingsFault
    from cascade_tools.settings import Folder, read_settings

    place = Folder(folder)
    if not place.toml.exists():
        return False
    if not read_settings(place.toml).demo:
        raise SettingsFault(
            f"{folder} is a real programme. To serve it, run: cascade serve {folder}. "
            "For the fictional one, name another folder with --folder."
        )
    days = (datetime.now().date() - datetime.fromtimestamp(place.key.stat().st_mtime).date()).days  # noqa: DTZ005, DTZ006
    click.echo(
        f"The fictional programme in {folder} is there already"
        + (f", made {days} days ago" if days > 1 else ", made yesterday" if days else "")
        + ". To begin again, delete that folder.",
        err=True,
    )
    return True


# A programme


@cli.command()
@folder_argument
@click.option("--name", default="", help="What people call the programme.")
@click.option("--controller", default="", help="Who answers for the data: an organisation.")
@click.option("--computer", default="", help="Who runs the computer: a name and an organisation.")
@as_json
def init(folder: Path, name: str, controller: str, computer: str, as_json: bool) -> None:
    """Make a new programme in FOLDER."""
    from cascade_tools.programme import init as make

    stated = {"programme_name": name, "controller": controller, "computer": computer}
    made = make(folder, **{k: v for k, v in stated.items() if v})
    say(
        as_json,
        {"folder": str(made.path), "settings": str(made.toml), "key": str(made.key)},
        f"Made {made.path}.",
        f"Keep a copy of {made.key} somewhere else: without it nothing written can be read.",
        f"Fill in {made.toml}, then see what is missing: cascade check {made.path}",
    )


@cli.command()
@folder_argument
@click.option("--host", default=LOOPBACK, show_default=True, help="Where to listen.")
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, show_default=True)
@click.option(
    "--https",
    nargs=2,
    type=click.Path(path_type=Path),
    metavar="CERT KEY",
    help="A certificate and its key, as PEM files.",
)
@click.option("--proxy", default="", metavar="ADDRESS", help="The https address of a proxy.")
@click.option("--address", default="", help="The https address as people type it.")
@click.option("--base", default="", metavar="/x/", help="The path the kit stands under.")
@click.option("--browser/--no-browser", default=False, help="Open the first page in a browser.")
def serve(folder: Path, browser: bool, **options: Any) -> None:
    """Serve the programme in FOLDER.

    On this computer only, unless --https or --proxy keeps words private on the way.
    """
    _serve(folder, browser, **options)


def _serve(folder: Path, browser: bool, **options: Any) -> None:
    from cascade_tools.programme import (
        alone,
        listening,
        open_folder,
        operators_door,
        run_retention,
        shut,
    )
    from cascade_tools.settings import Folder
    from cascade_tools.shelf import open_shelf

    with alone(folder):
        for path in shut(Folder(folder)):
            click.echo(f"Other accounts could open {path}. They no longer can.", err=True)
        settings, records = open_folder(folder)
        try:
            where = listening(settings, **options)
        except CascadeError:
            records.close()
            raise
        local = Folder(folder).local
        shelf = open_shelf(local)
        for fault in shelf.faults():
            click.echo(f"Left out: {fault}", err=True)

        def about(serving: "Serving") -> list[str]:
            if not settings.demo:
                return []
            who = _who_one_can_be(records.people.all(), serving.role_words)
            return ["Nobody in it exists. On the first page, choose who to be:", *who]

        def daily() -> object:
            return run_retention(records, folder, records.store.now())

        with operators_door(folder, where) as door:
            more: dict[str, Any] = {"local": local, "daily": daily, "operator": door.secret}
            serve_until_stopped(
                settings, records, shelf, where, browser, about, door.listens, **more
            )


def serve_until_stopped(
    settings: "Settings",
    records: "Records",
    shelf: "Shelf",
    where: "Listening",
    browser: bool,
    about: Callable[["Serving"], list[str]],
    listens: Callable[[int], None] | None = None,
    **more: Any,
) -> None:
    """The one place where records, shelf and server are put together.

    ``about`` is what to say under the address; ``listens`` is told the port as soon as pages
    answer; ``more`` goes to ``Serving``.
    """
    load_server()
    from cascade_tools.programme import port_fault
    from cascade_tools.server.addresses import Addresses
    from cascade_tools.server.app import run
    from cascade_tools.server.serving import Serving

    serving = Serving(settings, records, shelf, Addresses(where.base), public="", **more)
    serving.public = where.public(where.port)

    def ready(port: int) -> None:
        serving.public = where.public(port)
        try:
            if listens:
                listens(port)
        except CascadeError as fault:
            click.echo(f"cascade: {fault}", err=True)  # people can write all the same
        click.echo(f"\n{settings.programme_name}\n\n    {serving.public}{serving.first}\n")
        for line in about(serving):
            click.echo(line)
        click.echo("Stop it with Ctrl and C.")
        sys.stdout.flush()

    try:
        run(
            serving,
            host=where.host,
            port=where.port,
            hosts=list(where.hosts),
            ready=ready,
            browser=browser,
            proxied=where.proxied,
            tls=where.tls,  # type: ignore[arg-type]
        )
    except OSError as fault:
        raise port_fault(fault, where.host, where.port) from None


def _who_one_can_be(people: Sequence[Person], words: Callable[[Role], str]) -> list[str]:
    """A few names for each role, and how many more there are."""
    lines = []
    for role in ORDER:
        names = [p.name for p in people if role in p.roles]
        more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
        if names:
            lines.append(f"    {words(role):<16}{', '.join(names[:SHOWN])}{more}")
    return [*lines, ""]


@cli.command()
@click.argument("folder", type=click.Path(path_type=Path), required=False)
@click.option("--run", is_flag=True, help="Run every workbook once, too.")
@as_json
def check(folder: Path | None, run: bool, as_json: bool) -> None:
    """Say what to put right in the workbooks and, with FOLDER, in that programme."""
    from cascade_tools.programme import check as look

    faults = look(folder, run)
    lines = [str(f) for f in faults] or ["Nothing to put right."]
    say(as_json, [asdict(f) for f in faults], *lines)
    if faults:
        raise click.exceptions.Exit(1)
