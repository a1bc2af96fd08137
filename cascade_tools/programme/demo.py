"""The fictional programme, lived through the real gate with a clock that is set back.

``data/demo`` says what happened and how many days ago.  Each act is done in order of time, by the
person who did it, with the clock standing at that moment, so that every time in the records is
where it would be, and none lies ahead.
"""

import secrets
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cascade_tools import content
from cascade_tools.errors import SettingsFault
from cascade_tools.model.people import Held, Role, Session
from cascade_tools.programme.story import SITTING, Calendar, Clock, Doc, Giving, Story
from cascade_tools.records import database_url, make_key_file, open_records
from cascade_tools.settings import Folder, read_settings, settings_text
from cascade_tools.shelf import open_shelf

REFLECTION = "coach/after-i-coach"
BELOW = "leader/going-below-the-surface"
MEETING = "supervisor/our-supervision"
REVIEW = "supervisor/reviewing-a-reflection"

# What one person does with one sheet in a day happens in this order, within SITTING.
SHARED_AFTER = timedelta(minutes=20)
OPENED_AFTER = timedelta(minutes=50)
REVIEWED_AFTER = timedelta(minutes=70)
RELEASED_AFTER = timedelta(minutes=85)


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
        _people(story, docs["people"], began)
        for name, doc in docs.items():
            if name.startswith("reflections"):
                for sheet in doc["reflections"]:
                    _reflection(story, sheet)
        for sheet in docs["below-the-surface"]["below"]:
            _below(story, sheet)
        for meeting in docs["supervisions"]["supervisions"]:
            _supervision(story, meeting)
        for review in docs["reviews"]["reviews"]:
            _review(story, review)
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
            story.sessions[pair["id"], s["number"]] = people.add_session(
                pair_id,
                Session(
                    "",
                    s["number"],
                    day(s["day"]),
                    Held(s["state"]),
                    s.get("cancelled_by"),
                    s.get("minutes"),
                    s.get("mode"),
                ),
            )

    story.at(story.calendar.moment(-pair["started"], "begin"), begin)
    if "ended" in pair:

        def end() -> None:
            early = pair.get("ended_early", False)
            people.end_pair(story.pairs[pair["id"]], day(pair["ended"]), early)

        story.at(story.calendar.moment(-pair["ended"], "end") + SITTING, end)


def _reflection(story: Story, sheet: Doc) -> None:
    key = (sheet["pair"], sheet["session"])

    def place() -> dict[str, Any]:
        return {"pair_id": story.pairs[sheet["pair"]], "session_id": story.sessions[key]}

    _sheet(story, sheet, sheet["coach"], REFLECTION, place, "supervisor")


def _below(story: Story, sheet: Doc) -> None:
    _sheet(story, sheet, sheet["leader"], BELOW, dict, "coach")


def _sheet(
    story: Story,
    sheet: Doc,
    author: str,
    workbook_id: str,
    place: Callable[[], dict[str, Any]],
    reader_role: str,
) -> None:
    """One person's sheet: written, and perhaps shared with one reader and opened by them."""
    workbook = story.shelf.get(workbook_id)
    sheet_id, shared = sheet["id"], sheet.get("shared")
    moment = story.calendar.moment
    made: list[str] = []

    def write() -> None:
        entry = story.records.entries.start(story.people[author], workbook_id, **place())
        made.append(entry.id)
        story.write(author, entry.id, workbook, sheet["answers"])
        if sheet["state"] == "committed":
            story.records.entries.commit(story.people[author], entry.id)

    story.at(moment(sheet["saved_days_ago"], sheet_id), write)
    if not shared:
        return

    def give() -> None:
        ends_at = story.clock.at + timedelta(days=shared["until_days"])
        giving = Giving(reader_role, shared["purpose"], ends_at, shared.get("ten_items", False))
        snapshot = story.share(author, made[0], workbook, giving, sheet["answers"])
        story.snapshots[sheet_id], story.ends[sheet_id] = snapshot, ends_at
        if sheet["answers"].get("talk") in ("today", "before"):
            story.records.sharing.ask_to_talk(story.people[author], sheet["answers"]["talk"])

    story.at(moment(shared["days_ago"], sheet_id) + SHARED_AFTER, give)
    if "opened_days_ago" not in shared:
        return

    def open_it() -> None:
        sharing = story.records.sharing
        (share,) = sharing.of(story.people[author], made[0])
        sharing.read(share.reader_id, share.snapshot_id)

    story.at(moment(shared["opened_days_ago"], sheet_id) + OPENED_AFTER, open_it)


def _supervision(story: Story, meeting: Doc) -> None:
    """The supervisor starts the sheet; whoever recorded the meeting writes what it says."""
    workbook = story.shelf.get(MEETING)
    people, entries = story.records.people, story.records.entries
    day = story.calendar.day
    on, next_on = day(meeting["day"]), meeting.get("next_day")

    def record() -> None:
        supervisor = story.people[meeting["supervisor"]]
        coaches = [story.people[c] for c in meeting["coaches"]]
        meeting_id = people.start_supervision(supervisor, coaches, on)
        entry = entries.start(supervisor, MEETING, about_id=meeting_id)
        facts = {
            "on": on.isoformat(),
            "state": meeting["state"],
            "changed-by": meeting.get("changed_by"),
            "minutes": str(meeting["minutes"]) if "minutes" in meeting else None,
            "how": meeting.get("how"),
            "next-on": None if next_on is None else day(next_on).isoformat(),
        }
        answers = {k: v for k, v in facts.items() if v is not None} | meeting.get("answers", {})
        # Until it is recorded a coach may not even see the sheet.
        entries.commit(supervisor, entry.id)
        story.write(meeting["recorded_by"], entry.id, workbook, answers)
        people.record_supervision(
            meeting_id,
            on=on,
            state=Held(meeting["state"]),
            changed_by=meeting.get("changed_by"),
            minutes=meeting.get("minutes"),
            how=meeting.get("how"),
            next_on=None if next_on is None else day(next_on),
        )

    story.at(story.calendar.moment(meeting["recorded_days_ago"], meeting["id"]), record)


def _review(story: Story, review: Doc) -> None:
    """The supervisor answers something shared with them: a draft, or released to its author."""
    workbook = story.shelf.get(REVIEW)
    supervisor, about = review["supervisor"], review["reflection"]
    answers = dict(review["answers"])
    if "talk_day" in review:
        answers["talk-on"] = story.calendar.day(review["talk_day"]).isoformat()
    start = story.calendar.moment(review["saved_days_ago"], about)
    made: list[str] = []

    def write() -> None:
        entry = story.records.entries.start(
            story.people[supervisor], REVIEW, about_id=story.snapshots[about]
        )
        made.append(entry.id)
        story.write(supervisor, entry.id, workbook, answers)

    story.at(start + REVIEWED_AFTER, write)
    if review["state"] != "released":
        return

    def release() -> None:
        giving = Giving("author", "An answer to what you shared", story.ends[about])
        story.share(supervisor, made[0], workbook, giving, answers)

    story.at(start + RELEASED_AFTER, release)
