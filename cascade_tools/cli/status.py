"""How the server of a programme stands."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cascade_tools.cli.group import as_json, cli, say

if TYPE_CHECKING:
    from cascade_tools.model.load import Load


@cli.command()
@click.argument("folder", type=click.Path(path_type=Path), default=Path())
@as_json
def status(folder: Path, as_json: bool) -> None:
    """Say whether the programme in FOLDER is being served, and whether the server keeps up.

    FOLDER is the one you are in, unless given. Counts alone: nobody is named. It ends with 1 when
    no server runs, or something is at its limit; then it says what helps.
    """
    from cascade_tools.model.seen import to_json
    from cascade_tools.programme import status as look

    found = look(folder)
    load = found.load
    rows = _rows(load) if load else []
    rows.append(("disk", f"{found.disk_left:,} MB left"))
    width = max(len(name) for name, _ in rows) + 2
    say(
        as_json,
        {
            "running": load is not None,
            **(to_json(load) if load else {}),
            "disk_left": found.disk_left,
            "troubles": found.troubles,
        },
        *(f"{name:<{width}}{said}" for name, said in rows),
    )
    if found.troubles:
        for trouble in found.troubles if not as_json else ():
            click.echo(f"cascade: {trouble}", err=True)
        raise click.exceptions.Exit(1)


def _rows(load: "Load") -> list[tuple[str, str]]:
    """What an operator reads, name by name."""
    from cascade_tools.model.load import ACTIVE_MINUTES

    people = "not known: the records cannot be read"
    if load.signed_in is not None:
        people = f"{load.signed_in} signed in, {load.active} active in {ACTIVE_MINUTES} minutes"
    took = f", 95 of 100 within {load.p95_ms:,.0f} ms" if load.p95_ms is not None else ""
    since = load.since.astimezone()
    return [
        ("server", f"Cascade {load.version}, since {since.day} {since:%B %Y at %H:%M}"),
        ("records", "can be written" if load.writable else "cannot be written"),
        ("people", people),
        ("saves", f"{load.saves} in the last minute{took}"),
        (
            "queue",
            f"{load.saves_wait} saves waiting, {load.refused} turned away in the last minute",
        ),
        ("kernels", f"{load.kernels} of at most {load.kernels_most}"),
        ("pictures", f"{load.drawing} being drawn, {load.drawing_waits} waiting"),
        (
            "memory",
            f"server {load.server_megabytes:,} MB, kernels {load.kernels_megabytes:,} MB; "
            f"{load.memory_left:,} of {load.memory_megabytes:,} MB left",
        ),
    ]
