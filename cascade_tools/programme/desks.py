"""Reading as one person, from the operator's machine, with a line in every author's log."""

import builtins
import getpass
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from cascade_tools.errors import NotPossible, SettingsFault, WrongPassphrase
from cascade_tools.model.people import Person
from cascade_tools.model.seen import Desk, Glass
from cascade_tools.programme.folders import open_folder
from cascade_tools.records import Records
from cascade_tools.settings import Folder, Settings
from cascade_tools.shelf import open_shelf

if TYPE_CHECKING:
    from cascade_tools.collect.files import Collected, Told

HERE = "command line"
BOTH = 2


def open_programme(
    folder: Path | str,
    as_: str,
    *,
    passphrase: str | None = None,
    code: str | None = None,
    ticket: str | None = None,
    reason: str | None = None,
    by: Sequence[str] = (),
    by_tickets: Sequence[str] = (),
    not_told_until: date | None = None,
    legal_reason: str = "",
) -> Desk:
    """The desk of one person: everything they may read, and nothing else.

    It takes that person's ``passphrase``, with a ``code`` where they have an authenticator app
    (both are asked for when somebody is there to answer), or a one-time ``ticket`` they made.
    Only a ``reason`` and two programme leads, named in ``by``, break the glass: each shows who
    they are in the same way, or gives a ticket of their own (``by_tickets``).  Both names and the
    reason stand in the log of everybody whose words are read, at once unless a ``legal_reason``
    forbids it until the day ``not_told_until``.  In a fictional programme nobody is asked.
    Raises ``SettingsFault``, ``WrongPassphrase``, ``NotFound`` or ``NotPossible``.
    """
    broken = _Breaking(reason, by, by_tickets, not_told_until, legal_reason)
    return _open(folder, as_, Shown(passphrase, code, ticket), broken)[0]


def collect_to(
    folder: Path | str,
    as_: str,
    out: Path | str,
    *,
    passphrase: str | None = None,
    code: str | None = None,
    ticket: str | None = None,
    reason: str | None = None,
    by: Sequence[str] = (),
    by_tickets: Sequence[str] = (),
    not_told_until: date | None = None,
    legal_reason: str = "",
    also: Sequence[str] = (),
    told: "Told | None" = None,
) -> "Collected":
    """Write what one person may read into ``out``; see ``open_programme`` and ``collect.write``."""
    from cascade_tools import collect  # pandas, which nothing else here needs

    broken = _Breaking(reason, by, by_tickets, not_told_until, legal_reason)
    desk, close = _open(folder, as_, Shown(passphrase, code, ticket), broken)
    try:
        return collect.write(desk, out, also=also, told=told)
    finally:
        close()


@dataclass(frozen=True, slots=True)
class Shown:
    """What a person gives to show that they agree; what is missing they are asked for."""

    passphrase: str | None = None
    code: str | None = None
    ticket: str | None = None


@dataclass(frozen=True, slots=True)
class _Breaking:
    """What was said of breaking the glass; nothing, as a rule."""

    reason: str | None
    by: Sequence[str]
    tickets: Sequence[str]
    not_told_until: date | None
    legal_reason: str

    @property
    def meant(self) -> bool:
        said = (self.reason is not None, self.by, self.tickets, self.not_told_until)
        return any(said) or bool(self.legal_reason)

    def glass(self, settings: Settings, records: Records) -> Glass:
        """The two leads, once both have shown who they are.

        What cannot be done is refused before anybody types a passphrase.
        """
        if len(self.by) != BOTH:
            raise NotPossible(
                "Breaking the glass takes two programme leads. Name both: --by NAME --by NAME."
            )
        first, second = (records.people.get(name) for name in self.by)
        glass = Glass(first, second, self.reason or "", self.not_told_until, self.legal_reason)
        today = records.store.now().astimezone(settings.zone).date()
        if self.not_told_until is not None and self.not_told_until <= today:
            raise NotPossible("--not-told-until must be a day to come.")
        shown = {records.signing_in.use_ticket(t.strip()).id for t in self.tickets}
        if shown - {first.id, second.id}:
            raise WrongPassphrase(
                "A ticket was made by neither of the two named in --by. It is used up; ask for "
                "another."
            )
        for lead in (first, second):
            if lead.id not in shown:
                identify(settings, records, lead, Shown())
        return glass


def _open(
    folder: Path | str,
    as_: str,
    shown: Shown,
    broken: _Breaking,
) -> tuple[Desk, Callable[[], None]]:
    if sum((shown.passphrase is not None, shown.ticket is not None, broken.meant)) > 1:
        raise SettingsFault("Give one of these: a passphrase, a ticket or a reason.")
    settings, records = open_folder(folder)
    try:
        person = records.people.get(as_)
        glass = broken.glass(settings, records) if broken.meant else None
        if glass is None:
            identify(settings, records, person, shown)
        shelf = open_shelf(Folder(Path(folder)).local)

        def title_of(workbook_id: str) -> str:
            found = shelf.find(workbook_id)
            return found.title if found else workbook_id

        return records.desk(person, "collect", title_of, glass), records.close
    except BaseException:
        records.close()
        raise


def identify(settings: Settings, records: Records, person: Person, shown: Shown) -> None:
    """Make sure that this person agrees.  Raises ``WrongPassphrase`` or ``SettingsFault``."""
    if shown.ticket is not None:
        if records.signing_in.use_ticket(shown.ticket.strip()).id != person.id:
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
    passphrase = shown.passphrase
    if passphrase is None:
        passphrase = _ask("passphrase", person.name)
    records.signing_in.verify(person.name, passphrase, HERE)
    if records.second_step.on(person.id) is not None:
        # As on the pages: a passphrase that somebody saw is not enough.
        code = _ask("code", person.name) if shown.code is None else shown.code
        records.second_step.check(person.id, HERE, code)


def _ask(what: str, name: str) -> str:
    # A notebook's own getpass asks in the page; it has no terminal.
    if sys.stdin is not None and (sys.stdin.isatty() or hasattr(builtins, "__IPYTHON__")):
        try:
            return getpass.getpass(f"{what.capitalize()} of {name}: ")
        except (EOFError, NotImplementedError):
            pass
    raise SettingsFault(
        f"Nobody is here to type the {what} of {name}. Give a one-time ticket they made "
        "(--ticket), or run this where they can type it."
    )
