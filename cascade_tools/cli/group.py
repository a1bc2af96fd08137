"""What every command shares: the group they hang on, common options, the one way to answer."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from cascade_tools import __version__

F = TypeVar("F", bound=Callable[..., Any])

folder_argument = click.argument("folder", type=click.Path(path_type=Path))
as_json = click.option("--json", "as_json", is_flag=True, help="Answer as JSON, for programs.")
day = click.DateTime(formats=["%Y-%m-%d"])


def say(as_json: bool, value: Any, *lines: str) -> None:
    """The answer, for a program or for a person."""
    click.echo(json.dumps(value, ensure_ascii=False) if as_json else "\n".join(lines))


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="cascade", message="%(prog)s %(version)s")
def cli() -> None:
    """A workbook kit for peer coaching: coaches and leaders reflect, supervisors read what was
    shared.

    Begin with: cascade demo
    """
