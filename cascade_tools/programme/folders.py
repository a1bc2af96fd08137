"""A programme folder: make one, open it, look it over."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from cascade_tools.content import (
    cards_from,
    drill_from,
    measure_from,
    scene_from,
    statements_from,
)
from cascade_tools.errors import ContentFault, SettingsFault
from cascade_tools.programme.permissions import open_to_others, shutting
from cascade_tools.records import (
    Records,
    database_url,
    make_key_file,
    open_records,
)
from cascade_tools.settings import Folder, Settings, describe, read_settings, settings_text
from cascade_tools.shelf import Fault, Shelf, did_you_mean, open_shelf, rehearse

CONTACTS_GOOD_FOR = timedelta(days=90)


def init(folder: Path | str, **values: Any) -> Folder:
    """A new programme in ``folder``: settings, a fresh key and empty records.

    ``values`` are settings by name.  Raises ``SettingsFault`` when the folder is a programme
    already, holds anything else or cannot be written; nothing is left half made.
    """
    known = [name for name, _, _ in describe()]
    for name in values:
        if name not in known:
            raise SettingsFault(f"There is no setting {name!r}.{did_you_mean(name, known)}")
    made = Folder(Path(folder))
    if made.toml.exists():
        raise SettingsFault(
            f"{folder} is a programme already, and is left as it is. Run: cascade serve {folder}"
        )
    if made.path.exists() and (not made.path.is_dir() or any(made.path.iterdir())):
        raise SettingsFault(f"{folder} is not empty. Name a new folder for the programme.")
    was_there = made.path.exists()
    try:
        made.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        made.guard()
        make_key_file(made.key)
        open_records(database_url(made.database), made.key).close()
        made.database.chmod(0o600)
        made.local.mkdir(mode=0o700)
        # Last, because this file is what makes the folder a programme.
        made.toml.write_text(settings_text(**values), encoding="utf-8")
        made.toml.chmod(0o600)
        read_settings(made.toml)
    except BaseException as fault:
        for name in ("programme.toml", "cascade.db", "cascade.db-wal", "cascade.db-shm"):
            (made.path / name).unlink(missing_ok=True)
        if made.path.is_dir():
            made.key.unlink(missing_ok=True)
            shutil.rmtree(made.local, ignore_errors=True)
            if not was_there:
                made.path.rmdir()
        if isinstance(fault, OSError):
            raise SettingsFault(
                f"{folder} cannot be made ({fault.strerror or 'no reason given'}). "
                "Name another folder."
            ) from None
        raise
    return made


def find_folder(folder: Path | str) -> tuple[Folder, Settings]:
    """The programme in ``folder`` and its settings.  Raises ``SettingsFault``."""
    found = Folder(Path(folder))
    settings = read_settings(found.toml)
    if not found.database.is_file():
        raise SettingsFault(
            f"cascade.db is missing in {folder}. Put it back from the newest file in backups."
        )
    return found, settings


def open_folder(folder: Path | str) -> tuple[Settings, Records]:
    """The settings and the open records of a programme.  Whoever asks closes them."""
    found, settings = find_folder(folder)
    records = open_records(
        database_url(found.database),
        found.key,
        idle_minutes=settings.idle_minutes,
        sessions_planned=settings.sessions_planned,
        followup_months=settings.followup_months,
        retention=settings.retention,
    )
    return settings, records


@contextmanager
def records_of(folder: Path | str) -> Iterator[Records]:
    """The records of a programme, closed again at the end of the ``with``."""
    _, records = open_folder(folder)
    try:
        yield records
    finally:
        records.close()


def check(folder: Path | str | None = None, run: bool = False) -> list[Fault]:
    """What there is to put right: in the workbooks and, with a folder, in the programme.

    ``run`` also runs every workbook once, from top to bottom.  Nothing is written.
    """
    place = None if folder is None else Folder(Path(folder))
    shelf = open_shelf(place.local if place else None)
    faults = [*shelf.faults(), *_to_look_at_again(shelf)]
    if place is not None:
        faults = _check_folder(place, shelf) + faults
    if run:
        for workbook in shelf.all():
            faults += rehearse(shelf.path(workbook.id))
    return faults


def _check_folder(place: Folder, shelf: Shelf) -> list[Fault]:
    settings = read_settings(place.toml)
    found = [
        Fault("programme.toml", 0, f"{name} is not filled in. Write it before real people come.")
        for name in settings.placeholders()
    ]
    if not settings.demo and (sentence := _contacts_age(settings.checked_on)):
        found.append(Fault("programme.toml", 0, sentence))
    try:
        with records_of(place.path):
            pass
    except SettingsFault as fault:
        found.append(Fault(place.path.name, 0, str(fault)))
    found += [
        Fault(path.name, 0, f"Other accounts can open it. Run: {shutting(path)}")
        for path in open_to_others(place)
    ]
    found += [
        Fault("programme.toml", 0, f"policies names {id}, and there is no such workbook.")
        for id in settings.policies
        if shelf.find(id) is None
    ]
    return found + [fault for name, read in _OWN.items() for fault in _check_own(place, name, read)]


def _to_look_at_again(shelf: Shelf) -> Iterator[Fault]:
    """Modules that do not say by when somebody reads them again, and workbooks whose day has
    passed.  They are served all the same."""
    for workbook in shelf.all():
        file, by = f"{workbook.id}.ipynb", workbook.review_by
        if by is None and workbook.module:
            yield Fault(
                file,
                0,
                "A module says by when to look at it again. Add to metadata.cascade a line such as "
                '"review_by": "2027-11-30".',
            )
        elif by is not None and by < datetime.now().astimezone().date():
            yield Fault(
                file,
                0,
                f"It was to be looked at again by {by.day} {by:%B %Y}. When there is time: does it "
                "still hold? Mend what does not, then write the next date into review_by.",
            )


# What a programme may keep in its own folder besides workbooks, and what reads a file of it.
_OWN: Mapping[str, Callable[[Path], object]] = {
    "measures": measure_from,
    "practice/scenes": scene_from,
    "practice/drills": drill_from,
    "practice/statements": statements_from,
    "practice/cards": cards_from,
}


def _check_own(place: Folder, name: str, read: Callable[[Path], object]) -> Iterator[Fault]:
    """What keeps a file of the programme's own from being shown: of a measure, permission."""
    for path in sorted((place.local / name).glob("*.yaml")):
        try:
            read(path)
        except ContentFault as fault:
            sentence = str(fault).removeprefix(f"{path}, ")
            yield Fault(f"{name}/{path.name}", 0, f"It is not shown: {sentence}")


def _contacts_age(checked_on: str) -> str:
    """What to say about when somebody last rang the contacts; nothing if all is well."""
    try:
        checked = date.fromisoformat(checked_on)
    except ValueError:
        return "checked_on is no day. Ring every contact, then write the day, as 2026-11-22."
    if datetime.now().astimezone().date() - checked > CONTACTS_GOOD_FOR:
        return f"The contacts were last checked on {checked_on}. Ring each, then change checked_on."
    return ""
