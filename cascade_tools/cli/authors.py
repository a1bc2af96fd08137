"""What authors and trainers do with whole workbooks: rehearse one, print them all."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cascade_tools.cli.group import as_json, cli, say
from cascade_tools.cli.programmes import PORT, load_server, serve_until_stopped

if TYPE_CHECKING:
    from cascade_tools.server.serving import Serving


@cli.command()
@click.argument("folder", type=click.Path(path_type=Path), required=False)
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The folder to fill.")
@as_json
def paper(folder: Path | None, out: Path, as_json: bool) -> None:
    """Write every workbook as one page to print and fill in by hand.

    With FOLDER, the programme's own workbooks, words and telephone numbers are used. Begin with
    index.html, which says what each is for.
    """
    from cascade_tools.programme import write_paper

    files = write_paper(out, folder)
    say(
        as_json,
        {"files": [str(f) for f in files]},
        f"Made {len(files) - 1} workbooks in {out}.",
        f"Begin with {files[0]}",
    )


@cli.command()
@click.argument("workbook", metavar="FILE_OR_ID")
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    default=Path("workbooks"),
    show_default=True,
    help="The folder of workbooks in which an id is looked for, before the kit.",
)
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, show_default=True)
@click.option("--browser/--no-browser", default=True, help="Open the workbook in a browser.")
def rehearse(workbook: str, folder: Path, port: int, browser: bool) -> None:
    """Try a workbook out, as the people it is for would meet it.

    It is served on this computer with made-up people, and says what there is to mend. Change the
    file and open the page again. Nothing is kept when you stop.
    """
    from cascade_tools.programme import listening, rehearsing
    from cascade_tools.settings import Settings

    where = listening(Settings(demo=True), port=port)
    with rehearsing(workbook, folder) as made:
        for fault in made.faults:
            click.echo(f"To mend: {fault}", err=True)
        if not made.faults:
            click.echo("Nothing to mend.", err=True)
        load_server()
        from cascade_tools.server.serving import Rehearsal

        def about(_: "Serving") -> list[str]:
            return [
                "Choose who to be, and the workbook opens. Everybody in it is made up.",
                f"Change {made.path} and open the page again to see it anew.",
            ]

        serve_until_stopped(
            made.settings,
            made.records,
            made.shelf,
            where,
            browser,
            about,
            first=f"workbooks/{made.id}",
            rehearsal=Rehearsal(made.id, made.cast),
        )
    click.echo("Stopped. Nothing was kept.")
