"""Reading as one person, from the operator's machine, with a line in every author's log."""

import builtins
import getpass
import sys
from collections.abc import Callable
from pathlib import Path

from cascade_tools.errors import SettingsFault, WrongPassphrase
from cascade_tools.model.people import Person
from cascade_tools.model.seen import Desk
from cascade_tools.programme.folders import open_folder
from cascade_tools.records import BREAK_GLASS, Records
from cascade_tools.settings import Folder, Settings
from cascade_tools.shelf import open_shelf

HERE = "command line"


def open_programme(
    folder: Path | str,
    as_: str,
    *,
    passphrase: str | None = None,
    ticket: str | None = None,
    reason: str | None = None,
) -> Desk:
    """The desk of one person: everything they may read, and nothing else.

    It takes that person's ``passphrase`` (asked for when somebody is there to answer) or a one-time
    ``ticket`` they made.  Only a stated ``reason`` breaks the glass: it stands in the log of
    everybody whose words are read.  In a fictional programme anyone may be anyone.
    Raises ``SettingsFault``, ``WrongPassphrase``, ``NotFound`` or ``NotPossible``.
    """
    return _open(folder, as_, passphrase, ticket, reason)[0]


def collect_to(
    folder: Path | str,
    as_: str,
    out: Path | str,
    *,
    passphrase: str | None = None,
    ticket: str | None = None,
    reason: str | None = None,
) -> list[Path]:
    """Write what one person may read into ``out``; returns the files.  See ``open_programme``."""
    from cascade_tools import collect  # pandas, which nothing else here needs

    desk, close = _open(folder, as_, passphrase, ticket, reason)
    try:
        return collect.write(desk, out)
    finally:
        close()


def _open(
    folder: Path | str,
    as_: str,
    passphrase: str | None,
    ticket: str | None,
    reason: str | None,
) -> tuple[Desk, Callable[[], None]]:
    if sum(way is not None for way in (passphrase, ticket, reason)) > 1:
        raise SettingsFault("Give one of these: a passphrase, a ticket or a reason.")
    settings, records = open_folder(folder)
    try:
        person = records.people.get(as_)
        if reason is None:
            _identify(settings, records, person, passphrase, ticket)
        way = "collect" if reason is None else BREAK_GLASS
        shelf = open_shelf(Folder(Path(folder)).local)

        def title_of(workbook_id: str) -> str:
            found = shelf.find(workbook_id)
            return found.title if found else workbook_id

        return records.desk(person, way, (reason or "").strip(), title_of), records.close
    except BaseException:
        records.close()
        raise


def _identify(
    settings: Settings,
    records: Records,
    person: Person,
    passphrase: str | None,
    ticket: str | None,
) -> None:
    """Make sure that this person agrees.  Raises ``WrongPassphrase`` or ``SettingsFault``."""
    if ticket is not None:
        if records.signing_in.use_ticket(ticket.strip()).id != person.id:
            raise WrongPassphrase(
                f"This ticket was not made by {person.name}. It is used up; ask for another."
            )
        return
    if settings.demo:
        return
    if not person.has_passphrase:
        raise WrongPassphrase(
            f"{person.name} has not chosen a passphrase yet. Give them a link first. "
            "Run: cascade people link FOLDER NAME"
        )
    if passphrase is None:
        passphrase = _ask(person.name)
    records.signing_in.verify(person.name, passphrase, HERE)


def _ask(name: str) -> str:
    # A notebook's own getpass asks in the page; it has no terminal.
    if sys.stdin is not None and (sys.stdin.isatty() or hasattr(builtins, "__IPYTHON__")):
        try:
            return getpass.getpass(f"Passphrase of {name}: ")
        except (EOFError, NotImplementedError):
            pass
    raise SettingsFault(
        f"Nobody is here to type the passphrase of {name}. Give a one-time ticket they made "
        "(--ticket), or run this where they can type it."
    )
