"""``cascade``: verbs for operators and authors.  Each parses, makes one library call and prints.

What a command needs is imported when it runs, so that ``cascade --version`` answers at once.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from cascade_tools import __version__
from cascade_tools.errors import CascadeError
from cascade_tools.model.people import Person, Role

if TYPE_CHECKING:
    from cascade_tools.programme import Listening, Slip
    from cascade_tools.records import Records
    from cascade_tools.settings import Settings

F = TypeVar("F", bound=Callable[..., Any])

LOOPBACK, PORT, SHOWN = "127.0.0.1", 8870, 3
ORDER = (Role.SUPERVISOR, Role.COACH, Role.LEADER, Role.LEAD, Role.EVALUATOR, Role.AUTHOR)

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


# A fictional programme


@cli.command()
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    default=Path("cascade-demo"),
    show_default=True,
    help="Where the fictional programme is kept.",
)
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, show_default=True)
@click.option("--browser/--no-browser", default=True, help="Open the first page in a browser.")
@click.option("--make-only", is_flag=True, help="Make the programme and stop.")
def demo(folder: Path, port: int, browser: bool, make_only: bool) -> None:
    """Make a fictional programme and serve it on this computer.

    Everybody in it is made up, and anyone may be anyone. It is kept, so that you can come back to
    it; delete the folder to begin again.
    """
    if make_only:
        from cascade_tools.programme import make_demo

        make_demo(folder)
        return
    maker = None
    if not _is_demo(folder):
        click.echo(f"Making a fictional programme in {folder} …", err=True)
        # Made by a process of its own while the server's libraries load in this one.
        command = [sys.executable, "-m", "cascade_tools", "demo", "--make-only", "--folder"]
        maker = subprocess.Popen([*command, str(folder)])
    try:
        _load_server()  # the slow half of starting
    finally:
        made = maker.wait() if maker else 0
    if made:
        raise click.exceptions.Exit(made)

    from cascade_tools.programme import listening, open_folder

    settings, records = open_folder(folder)
    try:
        where = listening(settings, port=port)
    except CascadeError:
        records.close()
        raise
    _serve(settings, records, folder, where, browser)


def _load_server() -> None:
    # Jupyter's schemas would have a whole grammar of web addresses read, which takes longer than
    # everything else together, to check a format that none of them uses.  It is optional there.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    import cascade_tools.server.app  # noqa: F401


def _is_demo(folder: Path) -> bool:
    """Whether a fictional programme is there to come back to.  A real one is never touched."""
    from cascade_tools.errors import SettingsFault
    from cascade_tools.settings import Folder, read_settings

    place = Folder(folder)
    if not place.toml.exists():
        return False
    if not read_settings(place.toml).demo:
        raise SettingsFault(
            f"{folder} is a real programme. To serve it, run: cascade serve {folder}. "
            "For the fictional one, name another folder with --folder."
        )
    days = (datetime.now().date() - datetime.fromtimestamp(place.key.stat().st_mtime).date()).days  # noqa: DTZ005, DTZ006
    click.echo(
        f"The fictional programme in {folder} is there already"
        + (f", made {days} days ago" if days > 1 else ", made yesterday" if days else "")
        + ". To begin again, delete that folder.",
        err=True,
    )
    return True


# A programme


@cli.command()
@folder_argument
@click.option("--name", default="", help="What people call the programme.")
@click.option("--controller", default="", help="Who answers for the data: an organisation.")
@click.option("--computer", default="", help="Who runs the computer: a name and an organisation.")
@as_json
def init(folder: Path, name: str, controller: str, computer: str, as_json: bool) -> None:
    """Make a new programme in FOLDER."""
    from cascade_tools.programme import init as make

    stated = {"programme_name": name, "controller": controller, "computer": computer}
    made = make(folder, **{k: v for k, v in stated.items() if v})
    say(
        as_json,
        {"folder": str(made.path), "settings": str(made.toml), "key": str(made.key)},
        f"Made {made.path}.",
        f"Keep a copy of {made.key} somewhere else: without it nothing written can be read.",
        f"Fill in {made.toml}, then see what is missing: cascade check {made.path}",
    )


@cli.command()
@folder_argument
@click.option("--host", default=LOOPBACK, show_default=True, help="Where to listen.")
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, show_default=True)
@click.option(
    "--https",
    nargs=2,
    type=click.Path(path_type=Path),
    metavar="CERT KEY",
    help="A certificate and its key, as PEM files.",
)
@click.option("--proxy", default="", metavar="ADDRESS", help="The https address of a proxy.")
@click.option("--address", default="", help="The https address as people type it.")
@click.option("--base", default="", metavar="/x/", help="The path the kit stands under.")
@click.option("--trial", is_flag=True, help="Everybody knows that the trust work is not finished.")
@click.option("--browser/--no-browser", default=False, help="Open the first page in a browser.")
def serve(folder: Path, browser: bool, **options: Any) -> None:
    """Serve the programme in FOLDER.

    On this computer only, unless --https or --proxy keeps words private on the way.
    """
    from cascade_tools.programme import listening, open_folder

    settings, records = open_folder(folder)
    try:
        where = listening(settings, **options)
    except CascadeError:
        records.close()
        raise
    _serve(settings, records, folder, where, browser)


def _serve(
    settings: "Settings", records: "Records", folder: Path, where: "Listening", browser: bool
) -> None:
    """The one place where records, shelf and server are put together."""
    _load_server()
    from cascade_tools.programme import port_fault
    from cascade_tools.server.addresses import Addresses
    from cascade_tools.server.app import run
    from cascade_tools.server.serving import Serving
    from cascade_tools.settings import Folder
    from cascade_tools.shelf import open_shelf

    shelf = open_shelf(Folder(folder).local)
    for fault in shelf.faults():
        click.echo(f"Left out: {fault}", err=True)
    serving = Serving(settings, records, shelf, Addresses(where.base), public="")
    serving.public = where.public(where.port)

    def ready(port: int) -> None:
        serving.public = where.public(port)
        click.echo(f"\n{settings.programme_name}\n\n    {serving.public}\n")
        if settings.demo:
            click.echo("Nobody in it exists. On the first page, choose who to be:")
            click.echo("\n".join(_who_one_can_be(records.people.all(), serving.role_words)))
        click.echo("Stop it with Ctrl and C.")
        sys.stdout.flush()

    try:
        run(
            serving,
            host=where.host,
            port=where.port,
            hosts=list(where.hosts),
            ready=ready,
            browser=browser,
            proxied=where.proxied,
            tls=where.tls,  # type: ignore[arg-type]
        )
    except OSError as fault:
        raise port_fault(fault, where.host, where.port) from None


def _who_one_can_be(people: Sequence[Person], words: Callable[[Role], str]) -> list[str]:
    """A few names for each role, and how many more there are."""
    lines = []
    for role in ORDER:
        names = [p.name for p in people if role in p.roles]
        more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
        if names:
            lines.append(f"    {words(role):<16}{', '.join(names[:SHOWN])}{more}")
    return [*lines, ""]


@cli.command()
@click.argument("folder", type=click.Path(path_type=Path), required=False)
@click.option("--run", is_flag=True, help="Run every workbook once, too.")
@as_json
def check(folder: Path | None, run: bool, as_json: bool) -> None:
    """Say what to put right in the workbooks and, with FOLDER, in that programme."""
    from cascade_tools.programme import check as look

    faults = look(folder, run)
    lines = [str(f) for f in faults] or ["Nothing to put right."]
    say(as_json, [asdict(f) for f in faults], *lines)
    if faults:
        raise click.exceptions.Exit(1)


@cli.command()
@folder_argument
@as_json
def backup(folder: Path, as_json: bool) -> None:
    """Copy the programme in FOLDER into its backups, even while it is being served."""
    from cascade_tools.programme import backup as copy

    made = copy(folder)
    say(
        as_json,
        {"backup": str(made.path), "key": str(made.key)},
        f"Made {made.path}.",
        f"The key is not in it. Keep a copy of {made.key} somewhere else, apart from the backups.",
    )


# Who takes part


@cli.group()
def people() -> None:
    """Who takes part in a programme."""


def _person(person: Person) -> dict[str, Any]:
    return {
        "name": person.name,
        "roles": sorted(person.roles),
        "phone": person.phone,
        "has_passphrase": person.has_passphrase,
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


@cli.command()
@folder_argument
@click.option("--coach", required=True, help="The coach's name.")
@click.option("--leader", default="", help="The leader's name. Leave out if they want no account.")
@click.option("--label", default="", help='What the supervisor sees, such as "the food larder".')
@click.option("--started", type=day, help="The first day. Today, unless given.")
@click.option("--ends", type=day, help="The day both agreed to end.")
@as_json
def pair(
    folder: Path,
    coach: str,
    leader: str,
    label: str,
    started: datetime | None,
    ends: datetime | None,
    as_json: bool,
) -> None:
    """Join a coach and a leader."""
    from cascade_tools.programme import pair as join

    pair_id = join(
        folder,
        coach,
        leader or None,
        label,
        started=started.date() if started else None,
        ends=ends.date() if ends else None,
    )
    say(as_json, {"pair": pair_id}, f"{coach} and {leader or 'a leader'} are a pair: {label}.")


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


# Reading and writing


@cli.command()
@folder_argument
@click.option("--as", "as_", required=True, metavar="NAME", help="Whose reading this is.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The folder to fill.")
@click.option("--ticket", help="A one-time ticket that person made.")
@click.option("--reason", help="Break the glass. The reason stands in every author's log.")
@as_json
def collect(
    folder: Path, as_: str, out: Path, ticket: str | None, reason: str | None, as_json: bool
) -> None:
    """Write what one person may read as CSV and Parquet, with a dictionary.

    Asks for that person's passphrase, or takes a ticket they made. Everybody whose words are read
    finds it in their log.
    """
    from cascade_tools.programme import collect_to

    files = collect_to(folder, as_, out, ticket=ticket, reason=reason)
    say(as_json, {"files": [str(f) for f in files]}, *(f"Made {f}." for f in files))


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
