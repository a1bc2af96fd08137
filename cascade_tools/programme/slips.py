"""Invitations on paper: one slip for each person.  The kit sends no mail.

A slip says where to go and holds a one-time code.  The code stands in the part of the address
that no browser sends, so it reaches no log.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from markupsafe import Markup

from cascade_tools.draw.qr import qr
from cascade_tools.draw.templates import environment
from cascade_tools.errors import SettingsFault
from cascade_tools.model.people import Person
from cascade_tools.programme.folders import find_folder, open_folder
from cascade_tools.programme.listening import LOOPBACK, PORT
from cascade_tools.programme.printing import write_page
from cascade_tools.records import OPERATOR, Records
from cascade_tools.records.signing_in import INVITATION_DAYS
from cascade_tools.settings import PLACEHOLDER, Settings


@dataclass(frozen=True, slots=True)
class Slip:
    """One person's way in.  ``renews``: they had a passphrase, and have forgotten it.

    ``until`` is the last day the code works, in the programme's zone.
    """

    person: Person
    address: str
    code: str
    until: datetime
    renews: bool

    @property
    def whole(self) -> str:
        """The address with the code behind it."""
        return f"{self.address}#{self.code}"

    def qr(self) -> Markup:
        """The whole address as a drawing that needs nothing from anywhere."""
        return qr(self.whole)


def waiting(folder: Path | str) -> list[Person]:
    """Who has not chosen a passphrase yet, by name."""
    _, records = open_folder(folder)
    try:
        return _waiting(records)
    finally:
        records.close()


def _waiting(records: Records) -> list[Person]:
    return [p for p in records.people.all() if not p.has_passphrase]


def invite(folder: Path | str, address: str, by: str = "") -> list[Slip]:
    """A new slip for everybody who has not chosen a passphrase; slips made before stop working.

    ``address`` is where people will find the kit; ``by`` who made the slips.  Raises
    ``SettingsFault`` when a slip could not say where to go or who answers for the data.
    """
    settings, records = open_folder(folder)
    try:
        if not address:
            raise SettingsFault("Say where people will find the kit: --address https://NAME/")
        said = {"programme_name", "controller", "programme_phone"}
        if missing := [name for name in settings.placeholders() if name in said]:
            raise SettingsFault(
                "The slips would not say whom to trust with what people write. Fill these in, in "
                f"programme.toml: {', '.join(missing)}."
            )
        return [_slip(settings, records, p, address, by) for p in _waiting(records)]
    finally:
        records.close()


def link(folder: Path | str, name: str, address: str = "", by: str = "") -> Slip:
    """A new one-time link for one person, such as somebody who has forgotten their passphrase.

    It ends their sessions, and they are told who made it and when.
    """
    settings, records = open_folder(folder)
    try:
        person = records.people.get(name)
        slip = _slip(settings, records, person, address, by)
        records.signing_in.sign_out_everywhere(person.id)
        return slip
    finally:
        records.close()


def _slip(settings: Settings, records: Records, person: Person, address: str, by: str) -> Slip:
    where = _address(address)
    stated = "" if settings.computer == PLACEHOLDER else settings.computer
    code = records.signing_in.invite(person.id, " ".join(by.split()) or stated or OPERATOR)
    until = datetime.now(settings.zone) + timedelta(days=INVITATION_DAYS)
    return Slip(person, where, code, until, person.has_passphrase)


def _address(address: str) -> str:
    stated = address.strip() or f"http://{LOOPBACK}:{PORT}/"
    if not stated.startswith(("https://", "http://")) or any(c in stated for c in '#?"<> '):
        raise SettingsFault(
            f"{address!r} is no address to give to people. Write it as they will type it, "
            "such as https://kit.example.org/."
        )
    return f"{stated.rstrip('/')}/invitation"


def write_slips(folder: Path | str, slips: Iterable[Slip], file: Path | str | None = None) -> Path:
    """A page to print, half a sheet of A4 for each slip, which only its owner can open.

    Without ``file`` it is made in the programme folder.  Raises ``NotNow`` or ``SettingsFault``.
    """
    place, settings = find_folder(folder)
    made = datetime.now(settings.zone)
    path = Path(file) if file else place.path / f"slips-{made:%Y-%m-%dT%H%M%S}.html"
    page = environment().get_template("pages/slips.html")
    text = page.render(settings=settings, slips=list(slips), made=made)
    return write_page(path, text)
