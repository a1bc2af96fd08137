"""Keeping what people wrote: backups, restoring, verifying, the key, handing over."""

import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cascade_tools.cli.group import as_json, cli, folder_argument, say

if TYPE_CHECKING:
    from cascade_tools.records import Damage, Keys

QUIET_SECONDS = 2.0
key_option = click.option(
    "--key", type=click.Path(path_type=Path), help="The key file, where it is not beside it."
)
typed_option = click.option("--typed", is_flag=True, help="Type the key from its sheet of paper.")


def _progress(doing: str) -> Callable[[int, int], None]:
    """Says how far it is once it has taken two seconds, and every two seconds then."""
    told = time.monotonic()

    def tell(done: int, whole: int) -> None:
        nonlocal told
        if time.monotonic() - told > QUIET_SECONDS:
            told = time.monotonic()
            click.echo(f"{doing} {done:,} of {whole:,} …", err=True)

    return tell


@cli.command()
@folder_argument
@as_json
def backup(folder: Path, as_json: bool) -> None:
    """Copy the programme in FOLDER into its backups, encrypted, even while it is being served."""
    from cascade_tools.programme import backup as copy

    made = copy(folder)
    say(
        as_json,
        {"backup": str(made.path), "key": str(made.key)},
        f"Made {made.path}. Only the programme's key opens it, and the key is not in it.",
        "Copy it to another place, apart from the key.",
    )


@cli.command()
@click.argument("backup", type=click.Path(path_type=Path))
@folder_argument
@key_option
@typed_option
@click.option(
    "--instead-of",
    type=click.Path(path_type=Path),
    metavar="OLD",
    help="The folder it replaces: what was erased there since is erased again.",
)
@as_json
def restore(
    backup: Path,
    folder: Path,
    key: Path | None,
    typed: bool,
    instead_of: Path | None,
    as_json: bool,
) -> None:
    """Make a programme in FOLDER, new or empty, from BACKUP. Everything in it is verified.

    The key is taken from where the backup was made, from --key FILE, or from paper with --typed.
    """
    from cascade_tools.programme import restore as bring_back

    keys = _typed() if typed else None
    made = bring_back(
        backup,
        folder,
        key=key,
        keys=keys,
        instead_of=instead_of,
        progress=_progress("Verified"),
    )
    again = (
        f"Erased again since then: {made.erased}."
        if instead_of
        else "What people erased or stopped sharing since then is back. Tell them."
    )
    say(
        as_json,
        {
            "folder": str(made.path),
            "made": made.made.isoformat(),
            "erased_again": made.erased,
            "damage": [asdict(one) for one in made.damage],
        },
        f"Restored {made.path} as it was on {made.made.day} {made.made:%B %Y at %H:%M}.",
        again,
        "Everybody signs in again. For those who had not used their link, make a new one.",
        *_damage(made.damage, "was damaged before the backup was made"),
        f"To serve it: cascade serve {made.path}",
    )
    if made.damage:
        raise click.exceptions.Exit(1)


@cli.command()
@click.argument("place", type=click.Path(path_type=Path), metavar="FOLDER_OR_BACKUP")
@key_option
@typed_option
@as_json
def verify(place: Path, key: Path | None, typed: bool, as_json: bool) -> None:
    """Open every record of a programme or a backup, and name each that is not as it was."""
    from cascade_tools.programme import verify as look

    damage = look(place, key, _progress("Verified"), keys=_typed() if typed else None)
    lines = _damage(damage, "is damaged") or ["Every record opens and is as it was."]
    say(as_json, [asdict(one) for one in damage], *lines)
    if damage:
        raise click.exceptions.Exit(1)


def _damage(damage: "list[Damage]", what: str) -> list[str]:
    if not damage:
        return []
    return [*map(str, damage), f"In all, {len(damage)} {what}. An older backup may have it whole."]


# The key


@cli.group("key")
def key_group() -> None:
    """The key of a programme: on paper, from paper, and a new one."""


@key_group.command("print")
@folder_argument
@click.option("--out", type=click.Path(path_type=Path), help="The file to make.")
@as_json
def key_print(folder: Path, out: Path | None, as_json: bool) -> None:
    """Make a page to print: the key on two sheets, for two sealed envelopes."""
    from cascade_tools.programme import print_key

    path = print_key(folder, out)
    say(
        as_json,
        {"file": str(path)},
        f"Made {path}. Whoever has it can read everything.",
        "Print it, seal each sheet in an envelope, then delete the file.",
    )


@key_group.command("type")
@folder_argument
@as_json
def key_type(folder: Path, as_json: bool) -> None:
    """Type the key from its sheet of paper, where secret.key is lost. Each group is checked."""
    from cascade_tools.programme import type_key

    damage = type_key(folder, _typed())
    say(
        as_json,
        {"folder": str(folder), "damage": [asdict(one) for one in damage]},
        f"The key is back in {folder}.",
        *_damage(damage, "does not open"),
    )
    if damage:
        raise click.exceptions.Exit(1)


@key_group.command("rotate")
@folder_argument
@as_json
def key_rotate(folder: Path, as_json: bool) -> None:
    """Make a new key and seal everything anew, while the server is stopped.

    Stopped half-way nothing is lost: run it again.
    """
    from cascade_tools.programme import rotate

    made = rotate(folder, _progress("Sealed anew"))
    say(
        as_json,
        {"key": made.key_id, "count": made.count, "backup": str(made.backup)},
        f"Key {made.key_id} took over: {made.count:,} records were sealed anew.",
        f"A fresh backup was made: {made.backup}.",
        f"Print the new key: cascade key print {folder}",
        "Backups made before open only with the old key. Keep its envelopes for 35 days.",
    )


# Handing over


@cli.command()
@folder_argument
@click.option("--to", required=True, metavar="NAME", help="Who leads the programme from now on.")
@click.option("--from", "from_", default="", metavar="NAME", help="Who no longer does.")
@click.option("--computer", default="", help="Who runs the computer from now on, if that changes.")
@click.option("--address", default="", help="Where people find the kit, as they type it.")
@click.option("--by", default="", help="Who makes the new lead's slip. They are told.")
@click.option("--contacts-checked", is_flag=True, help="Every contact was rung today.")
@as_json
def handover(
    folder: Path,
    to: str,
    from_: str,
    computer: str,
    address: str,
    by: str,
    contacts_checked: bool,
    as_json: bool,
) -> None:
    """Hand the programme in FOLDER over to another lead.

    Makes a backup and tries to restore it, changes who leads, ends the sessions of the one who did,
    and makes the pages to print: the new lead's slip, and the key for two envelopes.
    """
    import sys

    from cascade_tools.programme import contacts, hand_over

    if not contacts_checked and not as_json and sys.stdin.isatty():
        click.echo("\n".join(["Whom people are told to ring:", *contacts(folder)]), err=True)
        contacts_checked = click.confirm("Has somebody rung each of them today?", err=True)
    made = hand_over(
        folder,
        to,
        from_,
        computer=computer,
        address=address,
        by=by,
        contacts_checked=contacts_checked,
    )
    say(
        as_json,
        {
            "to": made.to.name,
            "from": made.left.name if made.left else "",
            "slip": str(made.slip or ""),
            "key": str(made.key),
            "backup": str(made.backup),
            "todo": made.todo,
        },
        "Done:",
        f"    {made.to.name} leads the programme.",
        *([f"    {made.left.name} no longer does, and is signed out."] if made.left else []),
        f"    A backup was made, restored aside and verified: {made.backup}",
        f"    The key, to print: {made.key}",
        *([f"    The new lead's slip, to print: {made.slip}"] if made.slip else []),
        "",
        "Still to do:",
        *(f"    {number}. {line}" for number, line in enumerate(made.todo, 1)),
    )


def _typed() -> "Keys":
    """The key, group by group, each asked for again until it is as it was printed.

    Somebody, or a scanner, may also type all of it into the first line.
    """
    from cascade_tools.errors import NotPossible
    from cascade_tools.programme import GROUPS, read_group, unspell

    groups: list[str] = []
    while len(groups) < GROUPS:
        said = click.prompt(f"Group {len(groups) + 1} of {GROUPS}", err=True)
        try:
            if not groups and len(said) > GROUPS:
                return unspell(said)
            groups.append(read_group(said, len(groups)))
        except NotPossible as fault:
            click.echo(str(fault), err=True)
    return unspell(groups)
