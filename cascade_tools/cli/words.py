"""Reading what somebody may see, and writing a workbook."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cascade_tools.cli.group import as_json, cli, folder_argument, say
from cascade_tools.model.people import Role

if TYPE_CHECKING:
    pass

LOOPBACK, PORT, SHOWN = "127.0.0.1", 8870, 3
ORDER = (Role.SUPERVISOR, Role.COACH, Role.LEADER, Role.LEAD, Role.EVALUATOR, Role.AUTHOR)


@cli.command()
@folder_argument
@click.option("--as", "as_", required=True, metavar="NAME", help="Whose reading this is.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The folder to fill.")
@click.option("--ticket", help="A one-time ticket that person made.")
@click.option("--reason", help="Break the glass. The reason stands in every author's log.")
@as_json
def collect(
    folder: Path, as_: str, out: Path, ticket: str | None, reason: str | None, as_json: bool
) -> None:
    """Write what one person may read as CSV and Parquet, with a dictionary.

    Asks for that person's passphrase, or takes a ticket they made. Everybody whose words are read
    finds it in their log.
    """
    from cascade_tools.programme import collect_to

    files = collect_to(folder, as_, out, ticket=ticket, reason=reason)
    say(as_json, {"files": [str(f) for f in files]}, *(f"Made {f}." for f in files))


@cli.command()
@click.argument("workbook", metavar="ROLE/NAME")
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    default=Path("workbooks"),
    show_default=True,
    help="The folder of workbooks; for a programme, FOLDER/local/workbooks.",
)
@click.option("--title", default="", help="The title people read.")
@as_json
def new(workbook: str, folder: Path, title: str, as_json: bool) -> None:
    """Start a new workbook from the empty one."""
    from cascade_tools.shelf import new as start

    path = start(folder, workbook, title)
    say(as_json, {"file": str(path)}, f"Made {path}.", "Open it in JupyterLab: jupyter lab")
