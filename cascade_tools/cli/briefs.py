"""Supervision briefs: one page for each coach, before a supervision."""

from pathlib import Path
from typing import Any

import click

from cascade_tools.cli.group import as_json, cli, folder_argument, say


@cli.command()
@folder_argument
@click.option("--as", "as_", required=True, metavar="NAME", help="The supervisor it is for.")
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    help="The file to make, or a folder to put supervision-brief.pdf into.",
)
@click.option("--coach", multiple=True, metavar="NAME", help="One coach; may be given again.")
@click.option("--word", is_flag=True, help="A Word file instead of a PDF.")
@click.option("--ticket", help="A one-time ticket that person made.")
@as_json
def brief(
    folder: Path,
    as_: str,
    out: Path,
    coach: tuple[str, ...],
    word: bool,
    ticket: str | None,
    as_json: bool,
) -> None:
    """Write one page for each coach, for their supervisor to read before they meet.

    Only what a coach shares with that supervisor now is in it. Asks for the supervisor's
    passphrase, or takes a ticket they made. Every coach whose words are read finds it in their
    log.
    """
    import sys

    from cascade_tools.programme import brief as make

    bars: list[Any] = []

    def progress(done: int, total: int) -> None:
        if not sys.stderr.isatty():
            return
        if not bars:
            bars.append(click.progressbar(length=total, label="Reading", file=sys.stderr))
        bars[0].update(done - bars[0].pos)
        if done == total:
            bars[0].render_finish()

    path = make(folder, as_, out, coaches=coach, word=word, ticket=ticket, progress=progress)
    say(as_json, {"file": str(path)}, f"Made {path}.", "Delete it when you have met.")
