"""The fictional programme, lived through the real gate with a clock that is set back.

``data/demo`` says what happened and how many days ago.  Each act is done in order of time, by the
person who did it, with the clock standing at that moment, so that every time in the records is
where it would be, and none lies ahead.
"""

import secrets
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cascade_tools import content
from cascade_tools.errors import SettingsFault
from cascade_tools.model.consent import WELCOME, version_of
from cascade_tools.model.people import Held, Role, Session
from cascade_tools.programme import learned, sheets
from cascade_tools.programme.story import SITTING, Calendar, Clock, Doc, Story
from cascade_tools.records import database_url, make_key_file, open_records
from cascade_tools.settings import Folder, read_settings, settings_text
from cascade_tools.shelf import open_shelf


def make_demo(folder: Path | str, now: datetime | None = None) -> Folder:
    """A whole fictional programme in ``folder``, which must not exist yet.

    It is made aside and put in place at the end, so that an interrupted start leaves nothing.
    """
    folder = Path(folder)
    if folder.exists():
        raise SettingsFault(f"{folder} is there already. Name another with --folder.")
    aside = folder.with_name(f".{folder.name}-{secrets.token_hex(4)}")
    try:
        aside.mkdir(mode=0o700, parents=True)
        _fill(Folder(aside), (now or datetime.now(UTC)).replace(microsecond=0))
        aside.rename(folder)
    except OSError as fault:
        raise SettingsFault(
            f"{folder} cannot be made ({fault.strerror or 'no reason given'}). "
            "Name another with --folder."
        ) from None
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return Folder(folder)


def _fill(folder: Folder, now: datetime) -> None:
    docs = content.demo()
    _write_settings(folder, docs["programme"], now)
    folder.local.mkdir(mode=0o700)
    make_key_file(folder.key)
    settings = read_settings(folder.toml)
    calendar = Calendar(now, settings.zone)
    clock = Clock(now)
    records = open_records(
        database_url(folder.database),
        folder.key,
        sessions_planned=settings.sessions_planned,
        now=clock,
        durable=False,
    )
    try:
        story = Story(records, open_shelf(), clock, calendar)
        began = calendar.moment(-docs["programme"]["programme"]["started"], "start")
        notice = version_of(story.shelf.get(WELCOME).notice, settings.controller, settings.computer)
        _people(story, docs["people"], began)
        _choices(story, docs["together"]["welcome"], began, notice)
        sheets.tell(story, docs, began)
        learned.tell(story, docs["knowledge"]["event"])
        story.live()
    finally:
        records.close()
    folder.database.chmod(0o600)


def _write_settings(folder: Folder, top: Doc, now: datetime) -> None:
    programme, route, branches = top["programme"], top["safeguarding"], top["not_right"]
    checked = now.date() + timedelta(days=route["checked"])
    text = settings_text(
        programme_name=programme["name"],
        demo=True,
        sessions_planned=programme["sessions_planned"],
        months_min=programme["months_min"],
        months_max=programme["months_max"],
        controller=top["controller"]["name"],
        computer=f"{top['operator']['name']}, {top['operator']['organisation']}",
        programme_phone=route["programme_contact"]["phone"],
        checked_on=checked.isoformat(),
        safeguarding=list(_route(route)),
        support=route["support"],
        not_right={
            "safety": _contact(branches["safety"]),
            "people": _contact(branches["working_together"]),
            "complaint": _contact(branches["complaint"]),
            "data": _contact(branches["my_data"]),
        },
    )
    folder.toml.write_text(text, encoding="utf-8")
    folder.toml.chmod(0o600)


def _route(route: Doc) -> Iterator[dict[str, str]]:
    for part in ("lead", "adults", "children"):
        contact = route[part]
        role = contact.get("role", "")
        yield {"name": contact["name"], "phone": contact["phone"], "about": role}
        yield {"name": contact["name"], "phone": contact["out_of_hours"], "about": "Out of hours"}


def _contact(branch: Doc) -> dict[str, str]:
    return {"name": branch["name"], "phone": branch["phone"], "about": branch["words"].strip()}


def _choices(story: Story, answers: Doc, began: datetime, notice: str) -> None:
    """Everybody reads what is kept, and chooses, as soon as they are there."""

    def choose() -> None:
        for person_id in story.people.values():
            for choice, given in answers.items():
                story.records.consents.decide(person_id, choice, bool(given), notice)

    story.at(began, choose)


def _people(story: Story, doc: Doc, began: datetime) -> None:
    """Everybody joins; supervisors take on their coaches; pairs begin, meet and end."""
    people = story.records.people

    def join() -> None:
        for person in doc["people"]:
            roles = [Role(r) for r in person["roles"]]
            story.people[person["id"]] = people.add(person["name"], roles, person["phone"]).id

    story.at(began, join)
    for hold in doc["holds"]:
        for coach in hold["coaches"]:

            def take_on(supervisor: str = hold["supervisor"], coach: str = coach) -> None:
                people.supervise(story.people[supervisor], story.people[coach])

            story.at(story.calendar.moment(-hold["since"], hold["supervisor"]), take_on)
    for pair in doc["pairs"]:
        _pair(story, pair)


def _pair(story: Story, pair: Doc) -> None:
    people, day = story.records.people, story.calendar.day
    story.halves[pair["id"]] = (pair["coach"], pair["leader"])

    def begin() -> None:
        pair_id = people.pair(
            story.people[pair["coach"]],
            story.people[pair["leader"]],
            pair["label"],
            day(pair["started"]),
            day(pair["ends"]),
        )
        story.pairs[pair["id"]] = pair_id
        for s in pair["sessions"]:
            moved = s["state"] == "moved"
            story.sessions[pair["id"], s["number"]] = people.add_session(
                pair_id,
                Session(
                    "",
                    s["number"],
                    day(s["moved_from"] if moved else s["day"]),
                    Held.PLANNED if moved else Held(s["state"]),
                    s.get("cancelled_by"),
                    s.get("minutes"),
                    s.get("mode"),
                ),
            )

    story.at(story.calendar.moment(-pair["started"], "begin"), begin)
    for s in pair["sessions"]:
        if s["state"] == "moved":
            _move(story, pair, s)
    if "ended" in pair:

        def end() -> None:
            pair_id, on = story.pairs[pair["id"]], day(pair["ended"])
            if pair.get("ended_early", False):
                coach = story.people[pair["coach"]]
                story.records.pairs.end_early(coach, pair_id, pair["ended_by"], on)
            else:
                people.end_pair(pair_id, on, False)

        story.at(story.calendar.moment(-pair["ended"], "end") + SITTING, end)


def _move(story: Story, pair: Doc, session: Doc) -> None:
    """One half plans a session for another day, and the kit keeps the day it had."""

    def move() -> None:
        story.records.pairs.move(
            story.people[pair["coach"]],
            story.sessions[pair["id"], session["number"]],
            story.calendar.day(session["day"]),
            session["moved_by"],
        )

    story.at(story.calendar.moment(session["moved_days_ago"], "move"), move)
