"""Handing a programme over: to a new lead, and with everything that is needed to go on."""

import tempfile
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from cascade_tools.errors import NotPossible, SettingsFault
from cascade_tools.model.people import Person, Role
from cascade_tools.programme.copies import BACKUP_DAYS, backup
from cascade_tools.programme.folders import find_folder, records_of
from cascade_tools.programme.keys import print_key
from cascade_tools.programme.restoring import restore
from cascade_tools.programme.slips import link, write_slips
from cascade_tools.settings import Settings, change_settings

LEADS_WANTED = 2


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What was done, and in ``todo`` what a person must still do.

    ``slip`` is None for somebody who has a passphrase already.
    """

    to: Person
    left: Person | None
    slip: Path | None
    key: Path
    backup: Path
    todo: list[str] = field(default_factory=list)


def contacts(folder: Path | str) -> list[str]:
    """Everybody the pages tell people to ring, each once, in the order of the settings."""
    _, settings = find_folder(folder)
    everybody = (*settings.safeguarding, *settings.support, *settings.not_right.values())
    lines = [f"{contact.name}: {contact.phone}" for contact in everybody]
    return list(dict.fromkeys([f"The programme: {settings.programme_phone}", *lines]))


def hand_over(
    folder: Path | str,
    to: str,
    from_: str = "",
    *,
    computer: str = "",
    address: str = "",
    by: str = "",
    contacts_checked: bool = False,
) -> HandedOver:
    """Make ``to`` the lead, in place of ``from_`` if one is named.

    First a backup is made, restored aside and verified: if that fails nothing is changed.
    ``computer`` says who runs it from now on; people are told and asked again.
    ``contacts_checked`` means that somebody has rung each of them today.  Raises ``NotFound``,
    ``NotPossible`` or ``SettingsFault``.
    """
    place, settings = find_folder(folder)
    with records_of(folder) as records:
        left = records.people.get(from_) if from_ else None
        known = records.people.find(to)
    if left is not None and Role.LEAD not in left.roles:
        raise NotPossible(f"{left.name} does not lead this programme. Name its lead in --from.")
    if left is not None and left == known:
        raise NotPossible("Name two people: the one who leaves in --from, the other in --to.")
    copy = _try_a_restore(place.path)
    with records_of(folder) as records:
        person = known or records.people.add(to, [Role.LEAD])
        records.handing_over.lead(person.id, left.id if left else None)
        person = records.people.get(person.name)
        everybody = records.people.all()
    changed = {"computer": computer} if computer else {}
    if contacts_checked:
        changed["checked_on"] = datetime.now(settings.zone).date().isoformat()
    if changed:
        change_settings(place.toml, **changed)
    slip = None
    if not person.has_passphrase:
        slip = write_slips(folder, [link(folder, person.name, address, by)])
    todo = _todo(settings, slip, bool(computer), contacts_checked, everybody, left)
    return HandedOver(person, left, slip, print_key(folder), copy, todo)


def _try_a_restore(folder: Path) -> Path:
    """A fresh backup that is known to open; its place."""
    made = backup(folder)
    with tempfile.TemporaryDirectory(prefix=".trying-", dir=folder) as aside:
        tried = restore(made.path, Path(aside) / "restored")
        if tried.damage:
            raise SettingsFault(
                f"A backup was tried, and not all of it opens: {tried.damage[0]}. Nobody was made "
                f"lead. Run: cascade verify {folder}"
            )
    return made.path


def _todo(
    settings: Settings,
    slip: Path | None,
    computer: bool,
    checked: bool,
    everybody: list[Person],
    left: Person | None,
) -> list[str]:
    """What only people can do, in this order."""
    found = ["Print the key, seal each sheet in an envelope, delete the file."]
    if slip is not None:
        found.append("Print the slip, hand it to the new lead yourself, delete the file.")
    found += [
        "Copy the backup to a place that is neither here nor where the envelopes are.",
        "Did the one who leaves have the key, or an envelope? Then stop the server, make a new key "
        f"with `cascade key rotate`, and print again. Keep the old envelopes for {BACKUP_DAYS} "
        "days: earlier backups need them.",
        "Take the one who leaves off the computer: their account, their keys to the room.",
    ]
    if not checked:
        found.append("Ring every contact. Then write today's date at checked_on in programme.toml.")
    if computer:
        found.append("Start the server again: everybody is told who runs the computer now.")
    elif not settings.demo:
        found.append(
            "Does somebody else run the computer now? Then run this again with --computer."
        )
    if left is not None and left.roles == {Role.LEAD}:
        found.append(
            f"{left.name} has no other part here. Once they have taken their own data with them, "
            "run: cascade people remove"
        )
    if sum(Role.LEAD in person.roles for person in everybody) < LEADS_WANTED:
        found.append("Name a second lead: two are needed before anybody's words can be opened.")
    return found
