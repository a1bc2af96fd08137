"""Reading what somebody may see, and writing a workbook."""

from datetime import datetime
from pathlib import Path

import click

from cascade_tools.cli.group import as_json, cli, folder_argument, say


@cli.command()
@folder_argument
@click.option("--as", "as_", required=True, metavar="NAME", help="Whose reading this is.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The folder to fill.")
@click.option("--ticket", help="A one-time ticket that person made.")
@click.option(
    "--also",
    multiple=True,
    type=click.Choice(["xlsx", "json"]),
    help="Everything once more as one Excel file, or one JSON file.",
)
@click.option("--reason", help="Break the glass, by two. The reason stands in every author's log.")
@click.option("--by", multiple=True, metavar="NAME", help="A programme lead who breaks it; two.")
@click.option("--by-ticket", multiple=True, help="A ticket of such a lead, who is not here.")
@click.option(
    "--not-told-until",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="The authors are told on this day, because the law forbids it before.",
)
@click.option("--legal-reason", default="", help="Which law. It stands in the log, too.")
@as_json
def collect(
    folder: Path,
    as_: str,
    out: Path,
    ticket: str | None,
    also: tuple[str, ...],
    reason: str | None,
    by: tuple[str, ...],
    by_ticket: tuple[str, ...],
    not_told_until: datetime | None,
    legal_reason: str,
    as_json: bool,
) -> None:
    """Write what one person may read as CSV and Parquet, with a dictionary.

    Asks for that person's passphrase, or takes a ticket they made. Everybody whose words are read
    finds it in their log. To read without asking takes a reason and two programme leads, each of
    whom types a passphrase. Collect again into the same folder, and what may no longer be read is
    taken away and named.
    """
    from cascade_tools.cli.progress import progress
    from cascade_tools.collect.earlier import in_words
    from cascade_tools.programme import collect_to

    with progress() as told:
        made = collect_to(
            folder,
            as_,
            out,
            ticket=ticket,
            reason=reason,
            by=by,
            by_tickets=by_ticket,
            not_told_until=not_told_until.date() if not_told_until else None,
            legal_reason=legal_reason,
            also=also,
            told=told,
        )
    gone = [f"No longer here: {one}." for one in in_words(made.gone)]
    say(
        as_json,
        {"files": [str(f) for f in made.files], "gone": [one.words for one in made.gone]},
        *(f"Made {f}." for f in made.files),
        *(["", *gone, "Delete every copy you made of these."] if gone else []),
    )


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
