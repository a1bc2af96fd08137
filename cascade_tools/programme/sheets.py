"""What each of the fictional people writes, shares and answers, by the person who does it."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from cascade_tools.model.people import Held
from cascade_tools.model.threads import key_of, threads, with_boxes
from cascade_tools.model.workbook import Workbook
from cascade_tools.programme import together
from cascade_tools.programme.story import OPENED_AFTER, Doc, Giving, Story

REFLECTION = "coach/after-i-coach"
BELOW = "leader/going-below-the-surface"
MEETING = "supervisor/our-supervision"
REVIEW = "supervisor/reviewing-a-reflection"
REPLY = "coach/answering-a-comment"

# What one person does with one sheet in a day happens in this order, within SITTING.
SHARED_AFTER = timedelta(minutes=20)
REVIEWED_AFTER = timedelta(minutes=70)
RELEASED_AFTER = timedelta(minutes=85)


def tell(story: Story, docs: Mapping[str, Doc], began: datetime) -> None:
    """Put every act of ``data/demo`` into the story."""
    for name, doc in docs.items():
        if name.startswith("reflections"):
            for sheet in doc["reflections"]:
                _reflection(story, sheet)
    for sheet in docs["below-the-surface"]["below"]:
        _sheet(story, sheet, sheet["leader"], BELOW, dict, "coach")
    for sheet in docs["sheets"]["sheets"]:
        _any_sheet(story, sheet)
    together.tell(story, docs["together"])
    for meeting in docs["supervisions"]["supervisions"]:
        _supervision(story, meeting)
    for review in docs["reviews"]["reviews"]:
        _review(story, review)


def _any_sheet(story: Story, sheet: Doc) -> None:
    """A sheet of any workbook: ``about`` what it says (a pair, a session, a time, or nothing)."""

    def place() -> dict[str, Any]:
        found: dict[str, Any] = {}
        if "pair" in sheet:
            found["pair_id"] = story.pairs[sheet["pair"]]
            found["together"] = story.shelf.get(sheet["workbook"]).together
        if "session" in sheet:
            found["session_id"] = story.sessions[sheet["pair"], sheet["session"]]
        if "time" in sheet:
            found["about_id"] = sheet["time"]
        return found

    _sheet(story, sheet, sheet["author"], sheet["workbook"], place, sheet.get("reader", "coach"))


def _reflection(story: Story, sheet: Doc) -> None:
    key = (sheet["pair"], sheet["session"])

    def place() -> dict[str, Any]:
        return {"pair_id": story.pairs[sheet["pair"]], "session_id": story.sessions[key]}

    _sheet(story, sheet, sheet["coach"], REFLECTION, place, "supervisor")


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
    supervisor, about = review["supervisor"], review["reflection"]
    answers = dict(review["answers"]) | _on(review.get("said", {}))
    if "talk_day" in review:
        answers["talk-on"] = story.calendar.day(review["talk_day"]).isoformat()
    released = review["state"] == "released"
    start = story.calendar.moment(review["saved_days_ago"], about)
    _answer(story, supervisor, REVIEW, about, answers, start, "author" if released else "")
    if "back" in review:
        back = review["back"]
        start = story.calendar.moment(back["saved_days_ago"], f"{about} back")
        _answer(story, back["coach"], REPLY, about, _on(back["said"]), start, "supervisor")

        def opened() -> None:
            story.records.answering.read(story.people[supervisor], story.snapshots[about])

        story.at(start + OPENED_AFTER, opened)


def _on(said: Mapping[str, str]) -> dict[str, Any]:
    """What is said to single answers, by the keys of their boxes."""
    return {key_of("on", anchor, 1): words for anchor, words in said.items()}


def _answer(
    story: Story,
    who: str,
    workbook_id: str,
    about: str,
    answers: Mapping[str, Any],
    start: datetime,
    role: str,
) -> None:
    """A sheet about something that was shared, written and, with a ``role``, released to it."""
    made: list[str] = []

    def workbook() -> Workbook:
        me, book = story.people[who], story.shelf.get(workbook_id)
        found = story.records.answering.questions(me, story.snapshots[about])
        return with_boxes(book, threads(*found) if found else [], me, {})

    def write() -> None:
        entry = story.records.entries.start(
            story.people[who], workbook_id, about_id=story.snapshots[about]
        )
        made.append(entry.id)
        story.write(who, entry.id, workbook(), answers)

    def release() -> None:
        giving = Giving(role, "An answer to what you shared", story.ends[about])
        story.share(who, made[0], workbook(), giving, dict(answers))

    story.at(start + REVIEWED_AFTER, write)
    if role:
        story.at(start + RELEASED_AFTER, release)
