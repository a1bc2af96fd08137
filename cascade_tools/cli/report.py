"""What changed: main outcomes chosen in advance, and a report to read, print and send."""

from pathlib import Path

import click

from cascade_tools.cli.group import as_json, cli, folder_argument, say


@cli.command()
@folder_argument
@click.option("--by", required=True, metavar="NAME", help="The programme lead who chooses.")
@click.option("--main", required=True, multiple=True, metavar="KEY", help="A line, such as o9.")
@click.option("--ticket", help="A one-time ticket that lead made.")
@as_json
def outcomes(
    folder: Path, by: str, main: tuple[str, ...], ticket: str | None, as_json: bool
) -> None:
    """Say in advance which lines of "Where I am now" will be looked at first.

    One to three of them, with today's date. After the first release this cannot be changed.
    """
    from cascade_tools.programme import choose_main_outcomes

    made = choose_main_outcomes(folder, by, main, ticket=ticket)
    say(
        as_json,
        {"main": list(made.keys), "on": made.on},
        f"Chosen on {made.on}: {', '.join(made.keys)}. They will come first in every report.",
    )


@cli.command()
@click.argument("folder", type=click.Path(path_type=Path), required=False)
@click.option("--as", "as_", metavar="NAME", help="A programme lead or evaluator.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The folder to fill.")
@click.option("--practice", type=click.INT, metavar="PAIRS", help="Try it: 15, 60 or 200 pairs.")
@click.option("--ticket", help="A one-time ticket that person made.")
@as_json
def report(
    folder: Path | None,
    as_: str | None,
    out: Path,
    practice: int | None,
    ticket: str | None,
    as_json: bool,
) -> None:
    """Write what changed as a page, a PDF and a table.

    It holds only what was released. With --practice it is about an invented programme, and needs
    no folder and no name.
    """
    from cascade_tools.programme import practice_report
    from cascade_tools.programme import report as make

    if practice is not None:
        if folder is not None or as_ is not None:
            raise click.UsageError("With --practice, leave FOLDER and --as out.")
        files = practice_report(practice, out)
    elif folder is None or as_ is None:
        raise click.UsageError("Name the programme's FOLDER and --as NAME, or use --practice 60.")
    else:
        files = make(folder, as_, out, ticket=ticket)
    say(as_json, {"files": [str(file) for file in files]}, *(f"Made {file}." for file in files))
