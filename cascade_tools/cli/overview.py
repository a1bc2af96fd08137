"""A supervisor's overview as text."""

from pathlib import Path

import click

from cascade_tools.cli.group import as_json, cli, folder_argument, say


@cli.command()
@folder_argument
@click.option("--as", "as_", required=True, metavar="NAME", help="Whose coaches: a supervisor.")
@click.option(
    "--show",
    default="everyone",
    show_default=True,
    metavar="CODE",
    help="everyone, asked, unread or long-ago. Whoever asked to talk stays on top.",
)
@click.option("--ticket", help="A one-time ticket that person made.")
@as_json
def overview(folder: Path, as_: str, show: str, ticket: str | None, as_json: bool) -> None:
    """Say who asked to talk, whom a supervisor has not talked with for longest, and what is new.

    Facts alone: dates, counts, and the names of sheets that were shared. Nobody's words are
    opened.
    """
    from cascade_tools.model.seen import to_json
    from cascade_tools.programme import overview as look

    found = look(folder, as_, show=show, ticket=ticket)
    say(as_json, {"coaches": [to_json(c) for c in found.coaches]}, found.text)
