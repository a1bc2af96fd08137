"""Keeping no longer than needed: what is due, and what the law wants kept."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cascade_tools.cli.group import as_json, cli, day, folder_argument, say

if TYPE_CHECKING:
    from cascade_tools.model.due import Hold
    from cascade_tools.programme.retention import Ran


@cli.command()
@folder_argument
@click.option("--dry-run", is_flag=True, help="Only say what a run would do now.")
@as_json
def retention(folder: Path, dry_run: bool, as_json: bool) -> None:
    """Warn people and erase what has had its time, as the server does once a day.

    Backups more than 35 days old go, too. How long each thing is kept: docs/retention.md.
    """
    from cascade_tools.programme import retention as run

    ran = run(folder, dry_run)
    answer = {
        "dry_run": dry_run,
        "steps": [{**asdict(step), "on": step.on.isoformat()} for step in ran.steps],
        "backups": [path.name for path in ran.backups],
    }
    say(as_json, answer, *_lines(ran, dry_run))


def _lines(ran: "Ran", dry_run: bool) -> Iterator[str]:
    from cascade_tools.model.due import ERASE

    counts = Counter((step.rule, step.step == ERASE) for step in ran.steps)
    would = "would be " if dry_run else ""
    for (rule, erased), count in sorted(counts.items()):
        yield f"{rule}: {count} {would}{'erased' if erased else 'warned of'}"
    if ran.backups:
        yield f"backups: {len(ran.backups)} {would}deleted"
    if not counts and not ran.backups:
        yield "Nothing is due."


@cli.group()
def hold() -> None:
    """What the law wants kept: nothing of that person is erased until the hold ends."""


@hold.command("add")
@folder_argument
@click.argument("name")
@click.option("--reason", required=True, help='The person reads it after "kept because".')
@click.option("--by", required=True, help="Who decided it. The person is told.")
@click.option("--review", type=day, required=True, help="The day it is looked at again.")
@as_json
def hold_add(
    folder: Path, name: str, reason: str, by: str, review: datetime, as_json: bool
) -> None:
    """Keep everything of one person from now on. They are told."""
    from cascade_tools.programme import hold as keep

    keep(folder, name, reason, by, review.date())
    say(
        as_json,
        {"name": name, "review_on": review.date().isoformat()},
        f"Nothing of {name} is erased now. Look at it again on {review.date().isoformat()}.",
    )


@hold.command("end")
@folder_argument
@click.argument("name")
@as_json
def hold_end(folder: Path, name: str, as_json: bool) -> None:
    """End the hold on one person. What is due goes after its warnings."""
    from cascade_tools.programme import end_hold

    end_hold(folder, name)
    say(as_json, {"name": name}, f"What {name} wrote is kept no longer than anybody’s.")


@hold.command("list")
@folder_argument
@as_json
def hold_list(folder: Path, as_json: bool) -> None:
    """List every hold, ended ones too."""
    from cascade_tools.programme import holds

    found = holds(folder)
    lines = [_hold_line(one) for one in found] or ["Nothing is held."]
    say(as_json, [_facts(one) for one in found], *lines)


def _hold_line(one: "Hold") -> str:
    until = (
        f"ended on {one.ended_at.date().isoformat()}"
        if one.ended_at
        else f"look at it again on {one.review_on.isoformat()}"
    )
    return f"{one.person}: {one.reason}. Decided by {one.made_by}; {until}."


def _facts(one: "Hold") -> dict[str, Any]:
    return {
        "name": one.person,
        "reason": one.reason,
        "by": one.made_by,
        "since": one.made_at.date().isoformat(),
        "review_on": one.review_on.isoformat(),
        "ended_on": one.ended_at.date().isoformat() if one.ended_at else None,
    }
