"""A supervisor's overview on the command line: facts, no words."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cascade_tools.draw.overview import overview_text
from cascade_tools.errors import NotFound, SettingsFault
from cascade_tools.model.caseload import EVERYONE, SHOWS, in_order, shown
from cascade_tools.model.people import Role
from cascade_tools.model.seen import CoachSeen
from cascade_tools.model.typed import day_in_words
from cascade_tools.programme.desks import Shown, identify
from cascade_tools.programme.folders import open_folder
from cascade_tools.settings import Folder
from cascade_tools.shelf import open_shelf


@dataclass(frozen=True, slots=True)
class Overview:
    """The coaches as the page has them, in its order, and the same as text."""

    coaches: tuple[CoachSeen, ...]
    text: str


def overview(
    folder: Path | str,
    as_: str,
    *,
    show: str = EVERYONE,
    passphrase: str | None = None,
    code: str | None = None,
    ticket: str | None = None,
) -> Overview:
    """What *My overview* says to this supervisor now; see ``open_programme`` for the rest.

    ``show`` is everyone, asked, unread or long-ago; whoever asked to talk stays on top.  No words
    are opened, so nothing is logged.  Raises ``NotFound`` for anybody who is no supervisor,
    ``SettingsFault`` for another ``show``, and what ``open_programme`` raises.
    """
    if show not in SHOWS:
        raise SettingsFault(f"--show takes one of these: {', '.join(SHOWS)}.")
    settings, records = open_folder(folder)
    try:
        person = records.people.get(as_)
        identify(settings, records, person, Shown(passphrase, code, ticket))
        if Role.SUPERVISOR not in person.roles:
            raise NotFound(f"{person.name} supervises nobody here.")
        shelf = open_shelf(Folder(Path(folder)).local)

        def title_of(workbook_id: str) -> str:
            found = shelf.find(workbook_id)
            return found.title if found else workbook_id

        def day(at: datetime) -> str:
            return day_in_words(at.astimezone(settings.zone).date())

        coaches = records.desk(person, "page", title_of).caseload()
        today = records.store.now().astimezone(settings.zone).date()
    finally:
        records.close()
    return Overview(
        tuple(c for c in in_order(coaches, today) if shown(c, show, today)),
        overview_text(coaches, show, today, day),
    )
