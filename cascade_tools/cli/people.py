"""Who takes part: people, links, pairs, supervisors."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cascade_tools.cli.group import as_json, cli, day, folder_argument, say
from cascade_tools.model.people import Person, Role

if TYPE_CHECKING:
    from cascade_tools.programme import Slip

LOOPBACK, PORT, SHOWN = "127.0.0.1", 8870, 3
ORDER = (Role.SUPERVISOR, Role.COACH, Role.LEADER, Role.LEAD, Role.EVALUATOR, Role.AUTHOR)


@cli.group()
def people() -> None:
    """Who takes part in a programme."""


def _person(person: Person) -> dict[str, Any]:
    return {
        "name": person.name,
        "roles": sorted(person.roles),
        "phone": person.phone,
        "has_passphrase": person.has_passphrase,
        "room": person.room,
    }


@people.command("add")
@folder_argument
@click.argument("name")
@click.option("--role", "roles", multiple=True, type=click.Choice([str(r) for r in Role]))
@click.option("--phone", default="", help="Needed for a supervisor.")
@as_json
def people_add(folder: Path, name: str, roles: tuple[str, ...], phone: str, as_json: bool) -> None:
    """Add a person. Several roles: --role coach --role leader."""
    from cascade_tools.programme import add_person

    person = add_person(folder, name, roles, phone)
    say(as_json, _person(person), f"Added {person.name}: {', '.join(sorted(person.roles))}.")


@people.command("list")
@folder_argument
@as_json
def people_list(folder: Path, as_json: bool) -> None:
    """List everybody, with their roles."""
    from cascade_tools.programme import list_people

    everybody = list_people(folder)
    lines = [
        f"{p.name}: {', '.join(sorted(p.roles))}"
        + ("" if p.room is None else f", room for {p.room} more")
        + ("" if p.has_passphrase else " (no passphrase yet)")
        for p in everybody
    ]
    say(as_json, [_person(p) for p in everybody], *lines or ["Nobody is here yet."])


@people.command("link")
@folder_argument
@click.argument("name")
@click.option("--address", default="", help="Where people find the kit, as they type it.")
@click.option("--by", default="", help="Who makes this link. The person is told.")
@as_json
def people_link(folder: Path, name: str, address: str, by: str, as_json: bool) -> None:
    """Make a new one-time link, for somebody who has forgotten their passphrase.

    It ends their sessions. They are told who made it and when.
    """
    from cascade_tools.programme import link

    slip = link(folder, name, address, by)
    say(
        as_json,
        _slip(slip),
        f"For {slip.person.name} alone, once, until {_day(slip.until)}:",
        f"    {slip.whole}",
        "Give it to them yourself. Earlier links no longer work, and their sessions have ended.",
    )


def _day(at: datetime) -> str:
    return f"{at.day} {at:%B %Y}"


def _slip(slip: "Slip") -> dict[str, Any]:
    return {
        "name": slip.person.name,
        "address": slip.address,
        "code": slip.code,
        "until": slip.until.date().isoformat(),
        "renews": slip.renews,
    }


@people.command("remove")
@folder_argument
@click.argument("name")
@as_json
def people_remove(folder: Path, name: str, as_json: bool) -> None:
    """Somebody leaves: they can no longer sign in or read. What they wrote stays theirs."""
    from cascade_tools.programme import remove_person

    person = remove_person(folder, name)
    say(as_json, _person(person), f"{person.name} has left, and can no longer sign in or read.")


@people.command("room")
@folder_argument
@click.argument("name")
@click.argument("number", type=int)
@as_json
def people_room(folder: Path, name: str, number: int, as_json: bool) -> None:
    """Say how many more leaders a coach could take now.

    Each new pair of this coach takes one of them.
    """
    from cascade_tools.programme import room

    person = room(folder, name, number)
    say(as_json, _person(person), f"{person.name} has room for {number} more.")


@cli.command()
@folder_argument
@click.option("--coach", required=True, help="The coach's name.")
@click.option("--leader", default="", help="The leader's name. Leave out if they want no account.")
@click.option("--label", default="", help='What the supervisor sees, such as "the food larder".')
@click.option("--started", type=day, help="The first day. Today, unless given.")
@click.option("--ends", type=day, help="The day both agreed to end.")
@click.option("--asked-on", type=day, help="The day the leader asked for a coach.")
@click.option(
    "--reason-kept/--no-reason-kept",
    default=None,
    help="Why they were matched is written down somewhere. The kit does not keep the reason.",
)
@as_json
def pair(
    folder: Path,
    coach: str,
    leader: str,
    label: str,
    started: datetime | None,
    ends: datetime | None,
    asked_on: datetime | None,
    reason_kept: bool | None,
    as_json: bool,
) -> None:
    """Join a coach and a leader.

    Of two who are a pair already, say --asked-on or --reason-kept in the same way: no second pair
    is made.
    """
    from cascade_tools.programme import pair as join

    pair_id = join(
        folder,
        coach,
        leader or None,
        label,
        started=started.date() if started else None,
        ends=ends.date() if ends else None,
        asked_on=asked_on.date() if asked_on else None,
        reason_kept=reason_kept,
    )
    of = f": {label}" if label else ""
    say(as_json, {"pair": pair_id}, f"{coach} and {leader or 'a leader'} are a pair{of}.")


@cli.command()
@folder_argument
@click.option("--supervisor", required=True, help="The supervisor's name.")
@click.option("--coach", required=True, help="The coach's name.")
@as_json
def supervise(folder: Path, supervisor: str, coach: str, as_json: bool) -> None:
    """From now on this supervisor holds this coach, and nobody else does."""
    from cascade_tools.programme import supervise as hold

    hold(folder, supervisor, coach)
    say(
        as_json,
        {"supervisor": supervisor, "coach": coach},
        f"{supervisor} now supervises {coach}. What was shared with anybody before stays behind.",
    )


@cli.command()
@folder_argument
@click.option("--address", default="", help="Where people find the kit, as they type it.")
@click.option("--by", default="", help="Who makes the slips. People are told.")
@click.option("--print", "to_print", is_flag=True, help="Make one slip for each person, to print.")
@click.option("--out", type=click.Path(path_type=Path), help="The file to make.")
@as_json
def invite(
    folder: Path, address: str, by: str, to_print: bool, out: Path | None, as_json: bool
) -> None:
    """Invite everybody who has not chosen a passphrase. The kit sends no mail.

    Without --print, only say who they are. With it, make a page to print: half a sheet of A4 for
    each person, with the address and a code that works once.
    """
    from cascade_tools.programme import invite as make
    from cascade_tools.programme import waiting, write_slips

    if not to_print:
        names = [p.name for p in waiting(folder)]
        lines = [*names, "To make their slips, add --print."] if names else ["Nobody is waiting."]
        say(as_json, {"waiting": names}, *lines)
        return
    slips = make(folder, address, by)
    path = write_slips(folder, slips, out)
    say(
        as_json,
        {"file": str(path), "slips": [s.person.name for s in slips]},
        f"Made {path}: {len(slips)} slips, each good for one use until "
        f"{_day(slips[0].until) if slips else 'never'}.",
        "Print it, hand each person theirs, then delete the file. Earlier slips no longer work.",
    )
