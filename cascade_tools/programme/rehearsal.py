"""An author's dress rehearsal: one workbook served in a fictional programme, then thrown away."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from cascade_tools.errors import CascadeError, WorkbookFault
from cascade_tools.kit import kit_folder
from cascade_tools.model.consent import KEEP, WELCOME, version_of
from cascade_tools.model.people import Held, Pair, Person, Role
from cascade_tools.programme.demo import make_demo
from cascade_tools.programme.folders import open_folder
from cascade_tools.records import Records
from cascade_tools.settings import Settings
from cascade_tools.shelf import (
    WORKBOOK_ID,
    Fault,
    RehearsalShelf,
    check,
    did_you_mean,
    open_shelf,
    workbook_id,
)

NAME = "A rehearsal"


@dataclass(frozen=True, slots=True)
class Rehearsing:
    """What is needed to serve it.  ``faults`` is what the author has to mend; ``cast`` the ids of a
    pair, their supervisor, and one person for every other role."""

    id: str
    path: Path
    faults: list[Fault]
    settings: Settings
    records: Records
    shelf: RehearsalShelf
    cast: tuple[str, ...]


@contextmanager
def rehearsing(file_or_id: str, folder: Path | str = "workbooks") -> Iterator[Rehearsing]:
    """The workbook in this file, or with this id in ``folder`` or in the kit, ready to be served.

    At the end of the ``with`` the programme, and all that was written in it, is gone.
    Raises ``WorkbookFault`` when there is no such workbook.
    """
    path = _find(file_or_id, Path(folder))
    id, faults = workbook_id(path), check(path)
    if not WORKBOOK_ID.match(id):
        raise WorkbookFault("\n".join(map(str, faults)))
    with tempfile.TemporaryDirectory(prefix="cascade-rehearsal-") as aside:
        try:
            place = make_demo(Path(aside) / "programme")
        except CascadeError:
            # Somebody mends a workbook of the kit that the fictional people have written in.
            if not faults:
                raise
            raise WorkbookFault("\n".join(map(str, faults))) from None
        settings, records = open_folder(place.path)
        try:
            yield Rehearsing(
                id=id,
                path=path,
                faults=faults,
                settings=replace(settings, programme_name=NAME),
                records=records,
                shelf=RehearsalShelf(path),
                cast=_cast(records, _notice(settings)),
            )
        finally:
            records.close()


def _find(file_or_id: str, folder: Path) -> Path:
    path = Path(file_or_id)
    if path.suffix == ".ipynb":
        if not path.is_file():
            raise WorkbookFault(f"There is no file {file_or_id}. Check its name and place.")
        return path.absolute()
    if WORKBOOK_ID.match(file_or_id):
        for shelf in (folder, kit_folder("workbooks")):
            if (found := shelf / f"{file_or_id}.ipynb").is_file():
                return found.absolute()
    known = [w.id for w in open_shelf().all()]
    raise WorkbookFault(
        f"There is no workbook {file_or_id} in {folder} or in the kit."
        f"{did_you_mean(file_or_id, known)} To start a new one: cascade new {file_or_id}"
    )


def _notice(settings: Settings) -> str:
    notice = open_shelf().get(WELCOME).notice
    return version_of(notice, settings.controller, settings.computer)


def _cast(records: Records, notice: str) -> tuple[str, ...]:
    """One person for each role, who belong together where roles do."""
    people = records.people
    pair = max(people.all_pairs(), key=_liveliness)
    cast: dict[Role, Person | None] = {Role.COACH: pair.coach, Role.LEADER: pair.leader}
    cast[Role.SUPERVISOR] = people.supervisor_of(pair.coach.id)
    for person in people.all():
        for role in person.roles:
            cast.setdefault(role, person)
    ids = [person.id for person in cast.values() if person is not None]
    if Role.AUTHOR not in cast:
        robin = people.add("Robin Quillfield", [Role.AUTHOR]).id
        records.consents.decide(robin, KEEP, True, notice)
        ids.append(robin)
    return tuple(dict.fromkeys(ids))


def _liveliness(pair: Pair) -> tuple[bool, bool, int]:
    """A pair with both halves that is still going, with as much behind it as any."""
    held = sum(s.state is Held.HELD for s in pair.sessions)
    return pair.leader is not None, pair.ended is None, held
