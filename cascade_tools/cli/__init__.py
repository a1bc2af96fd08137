"""``cascade``: verbs for operators and authors.  Each parses, makes one library call and prints.

What a command needs is imported when it runs, so that ``cascade --version`` answers at once.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import click

# Importing these hangs their commands on the group.
from cascade_tools.cli import (
    authors,
    briefs,
    keeping,
    overview,
    people,
    programmes,
    release,
    report,
    retention,
    room,
    running,
    status,
    words,
)
from cascade_tools.cli.group import cli
from cascade_tools.errors import CascadeError

__all__ = [
    "answer",
    "authors",
    "briefs",
    "cli",
    "keeping",
    "main",
    "overview",
    "people",
    "programmes",
    "release",
    "report",
    "retention",
    "room",
    "running",
    "status",
    "words",
]


def answer(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; returns the exit code.  One line for whatever goes wrong."""
    try:
        code = cli.main(args=arguments, prog_name="cascade", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except CascadeError as error:
        click.echo(f"cascade: {error}", err=True)
        return 1
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        return 130
    except Exception as error:
        # Its text may quote what somebody wrote; its kind and place may not.
        place = error.__traceback__
        while place is not None and place.tb_next is not None:
            place = place.tb_next
        where = (
            f"{Path(place.tb_frame.f_code.co_filename).name}:{place.tb_lineno}" if place else "?"
        )
        click.echo(
            f"cascade: something went wrong inside the kit ({type(error).__name__}, {where}). "
            "Nothing that was saved is lost. Please report it with this line.",
            err=True,
        )
        return 1


def main() -> None:
    sys.exit(answer())
