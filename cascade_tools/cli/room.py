"""A room to practise in."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cascade_tools.cli.group import cli
from cascade_tools.cli.programmes import PORT

if TYPE_CHECKING:
    from cascade_tools.server.room import Room


@cli.command()
@click.argument("folder", type=click.Path(path_type=Path), required=False)
@click.option("--host", default="", help="Where to listen. Everywhere, unless given.")
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, show_default=True)
@click.option("--address", default="", help="The address as people type it, if not the usual one.")
@click.option(
    "--print",
    "paper",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write all of it on one page to print, and stop.",
)
def room(folder: Path | None, host: str, port: int, address: str, paper: Path | None) -> None:
    """Serve practice alone, for a room of people. No sign-in, and nothing is kept.

    People come with their phones, on the same Wi-Fi. With FOLDER, the programme's name, its
    contacts and its own practice are used. Nothing else of it is read, and nothing is written.
    """
    from cascade_tools.server.room import open_room, run_room, write_paper
    from cascade_tools.server.room_address import public_address

    made = open_room(folder)
    if paper is not None:
        click.echo(f"Made {write_paper(made, paper)}. Open it in a browser, and print it.")
        return

    def ready(bound: int) -> None:
        made.public = public_address(host, bound, address)
        _say(made, host)

    try:
        public_address(host, port, address)  # before listening: a slip of the pen stops nothing
        run_room(made, host=host, port=port, ready=ready)
    except OSError as fault:
        from cascade_tools.programme import port_fault

        raise port_fault(fault, host, port) from None
    click.echo("Stopped. Nothing was kept.")


def _say(made: "Room", host: str) -> None:
    """What whoever starts it wants to know."""
    from cascade_tools.server.room_address import is_only_here

    click.echo(f"\n{made.settings.programme_name}\n\n    {made.public}\n")
    click.echo(f"For the wall: {made.public}wall")
    click.echo(f"On paper:     {made.public}print\n")
    if is_only_here(made.public):
        click.echo("Only this computer can open it. For others, join a Wi-Fi and start again.")
    elif host:
        click.echo(f"It listens at {host}.")
    else:
        click.echo("Everybody on the same network can open it.")
    if not made.settings.safeguarding:
        click.echo("Nobody to ring is named. Say whom to tell before anybody begins.")
    click.echo("Stop it with Ctrl and C.")
    sys.stdout.flush()
