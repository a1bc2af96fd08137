"""How the programme is running, in bands of five, and what a funder is told."""

from pathlib import Path

import click

from cascade_tools.cli.group import as_json, cli, folder_argument, say


@cli.command()
@folder_argument
@click.option("--as", "as_", required=True, metavar="NAME", help="A programme lead or evaluator.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="The file to make: .csv, .parquet, .xlsx or .json.",
)
@click.option("--ticket", help="A one-time ticket that person made.")
@as_json
def running(folder: Path, as_: str, out: Path | None, ticket: str | None, as_json: bool) -> None:
    """Say how the programme is running: how many take part, wait, meet and finish.

    Numbers stand in bands of five, so that nobody can be picked out of them. Programme leads see
    exact ones on their own page, "How it is running".
    """
    from cascade_tools.programme import running as counted

    table = counted(folder, as_, out=out, ticket=ticket)
    rows = table[["about", "code", "what", "shown", "note"]].to_dict("records")
    if out is not None:
        say(as_json, {"file": str(out), "rows": len(rows)}, f"Made {out}.")
        return
    about = dict.fromkeys(row["about"] for row in rows)
    lines = [
        line
        for title in about
        for line in (
            str(title),
            *(f"  {row['what']}: {row['shown']}" for row in rows if row["about"] == title),
        )
    ]
    say(as_json, rows, *lines)


@cli.command()
@folder_argument
@click.option("--as", "as_", required=True, metavar="NAME", help="A programme lead or evaluator.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The PDF to make.")
@click.option("--ticket", help="A one-time ticket that person made.")
@as_json
def funder(folder: Path, as_: str, out: Path, ticket: str | None, as_json: bool) -> None:
    """Write what can be told a funder: one page, however small the programme is.

    It is about no person. Numbers stand in bands of five, and only words whose writers said that
    they may be published are quoted.
    """
    from cascade_tools.programme import funder as make

    made = make(folder, as_, out, ticket=ticket)
    say(as_json, {"file": str(made)}, f"Made {made}.")
