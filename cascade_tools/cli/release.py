"""Group results: counted and frozen at a moment, and written for those who may read them."""

from pathlib import Path

import click

from cascade_tools.cli.group import as_json, cli, folder_argument, say
from cascade_tools.model.group_results import MOMENTS


@cli.command()
@folder_argument
@click.option("--moment", required=True, type=click.Choice(list(MOMENTS)), help="Which moment.")
@click.option("--by", required=True, metavar="NAME", help="The programme lead who releases them.")
@click.option("--ticket", help="A one-time ticket that lead made.")
@as_json
def release(folder: Path, moment: str, by: str, ticket: str | None, as_json: bool) -> None:
    """Count group results at a moment of the programme, and freeze them.

    Only finished sheets count, of people who said yes to it. Small numbers are never shown. What
    was counted is not counted again while fewer than five people joined or left.
    """
    from cascade_tools.programme import release as make

    made = make(folder, moment, by, ticket=ticket)
    say(
        as_json,
        {"moment": made.moment, "month": made.month, "counted": len(made.counted)},
        f"Released {len(made.counted)} counts. They stand as they are now.",
        "To read them, run: cascade results FOLDER --as NAME --out FILE",
    )


@cli.command()
@folder_argument
@click.option("--as", "as_", required=True, metavar="NAME", help="A programme lead or evaluator.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The CSV file to make.")
@click.option("--ticket", help="A one-time ticket that person made.")
@as_json
def results(folder: Path, as_: str, out: Path, ticket: str | None, as_json: bool) -> None:
    """Write all group results that were released as one CSV file."""
    from cascade_tools.programme import group_results

    table = group_results(folder, as_, out=out, ticket=ticket)
    say(as_json, {"file": str(out), "rows": len(table)}, f"Made {out}.")
