"""Lists of what is known already, written into a page by the server: nobody is asked twice."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any

from markupsafe import Markup

from cascade_tools import content
from cascade_tools.draw.practice import DRILLS_IN_A_LINE
from cascade_tools.draw.templates import render
from cascade_tools.model.composites import missing
from cascade_tools.model.entry import Entry, Saved
from cascade_tools.model.journey import stages, used
from cascade_tools.model.people import Pair, Person, Role
from cascade_tools.model.prompts import Kind, given, in_words
from cascade_tools.model.replay import MOMENT_IN, REPLAY
from cascade_tools.model.workbook import Listing, Workbook
from cascade_tools.server.events import events
from cascade_tools.server.pairs import Together, together_of
from cascade_tools.server.serving import Serving

# Where questions that landed are written: by a coach, by a leader.
LANDED = (
    ("coach/after-i-coach", "question-landed"),
    ("leader/after-our-session", "question-helped"),
)
SETTLED = ("done", "let-go")
# Where a supervisor writes what a coach might do next; an action is one wherever it stands.
NEXT_STEP = "next-step"
Kept = tuple[Entry, Mapping[str, Saved]]


def listings(
    serving: Serving, person: Person, workbook: Workbook, entry: Entry
) -> dict[str, Markup]:
    """The lists this workbook shows, by name, as this person may see them."""
    names = {p.name for page in workbook.pages for p in page.parts if isinstance(p, Listing)}
    return {name: LISTS[name](serving, person, entry) for name in names}


def actions(serving: Serving, person: Person, entry: Entry) -> Markup:
    """Every action this person wrote or keeps with the other half of a pair, and every step that
    was released to them, open ones first."""
    rows = []
    for sheet, saved in serving.records.entries.everything(person.id):
        if entry.pair_id is not None and sheet.pair_id not in (None, entry.pair_id):
            continue
        for key, one in saved.items():
            if one.prompt.kind is not Kind.ACTION or not isinstance(one.value, list):
                continue
            place = serving.addresses.to(f"entries/{sheet.id}") + f"#prompt-{key}"
            title = serving.title_of(sheet.workbook)
            rows += [_action(action, title, place) for action in one.value]
    rows += _given_steps(serving, person, entry.pair_id)
    rows.sort(key=lambda row: (row["settled"], row["due"] or "9999"))
    return render(
        "parts/listing-actions.html",
        open=[r for r in rows if not r["settled"]],
        settled=[r for r in rows if r["settled"]],
    )


def _given_steps(serving: Serving, person: Person, pair_id: str | None) -> list[dict[str, Any]]:
    """The steps in what was released to this person about a sheet of theirs, of this pair or of
    none."""
    rows = []
    answering = serving.records.answering
    for given_now in answering.given(person.id, pair_id=pair_id):
        about = answering.about(person.id, given_now.snapshot_id)
        steps = [
            step
            for page in given_now.document.body["pages"]
            for one in page["answers"]
            if one["kind"] == Kind.ACTION
            for step in one["value"]
        ]
        place = serving.addresses.to(f"shared/{about}")
        title = f"what {given_now.author} answered"
        still = serving.addresses.to(f"shared/{given_now.snapshot_id}/still")
        rows += [_action(step, title, place) | {"still": still} for step in steps]
    return rows


def _action(action: dict[str, Any], title: str, place: str) -> dict[str, Any]:
    owner = action.get("owner_name") or {"leader": "the leader", "coach": "the coach"}.get(
        action.get("owner", ""), ""
    )
    return {
        "what": action.get("what", ""),
        "owner": owner,
        "due": action.get("due", ""),
        "due_words": _day(action.get("due", "")),
        "review_words": _day(action.get("first_review", "")),
        "settled": action.get("status") in SETTLED,
        "draft": bool(missing(action)),
        "status": action.get("status", ""),
        "title": title,
        "place": place,
        "still": "",
    }


def _day(value: str) -> str:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return value
    return f"{day.day} {day:%B %Y}"


def landed(serving: Serving, person: Person, pair_id: str | None = None) -> list[dict[str, str]]:
    """Questions that landed, newest first: what was written, and after which session."""
    found = []
    where = [workbook for workbook, _ in LANDED]
    for entry, saved in serving.records.entries.everything(person.id, where):
        if pair_id is not None and entry.pair_id != pair_id:
            continue
        for workbook, key in LANDED:
            one = saved.get(key)
            if entry.workbook == workbook and one is not None and given(one.value):
                session = f", session {entry.session_number}" if entry.session_number else ""
                label = entry.label[:1].upper() + entry.label[1:]
                words = in_words(one.prompt, one.value)
                found.append({"words": words, "about": f"{label}{session}"})
    return found


def questions(serving: Serving, person: Person, entry: Entry) -> Markup:
    return render(
        "parts/listing-questions.html",
        questions=landed(serving, person, entry.pair_id),
        card=serving.addresses.to("questions"),
    )


def agreement(serving: Serving, person: Person, entry: Entry) -> Markup:
    """The agreement in force: its ending date, its version, and where to read it."""
    if entry.pair_id is None:
        return Markup("")
    return render(
        "parts/listing-agreement.html",
        agreement=serving.records.agreements.in_force(person.id, entry.pair_id),
        address=serving.addresses.to(f"pairs/{entry.pair_id}/agreement"),
        day=_date,
    )


def _date(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def last_supervision(serving: Serving, person: Person, entry: Entry) -> Markup:
    """What was agreed at the last supervision that was held, from the sheet both keep, and every
    next step released to this person since."""
    held = [
        m
        for m in serving.records.people.supervisions_of(person.id)
        if m.state == "held" and any(c.id == person.id for c in m.coaches)
    ]
    agreed: list[str] = []
    if held and held[0].entry_id is not None:
        saved = serving.records.entries.answers(person.id, held[0].entry_id)
        for key in ("agreed", "agreed-actions"):
            if key in saved and given(saved[key].value):
                agreed.append(in_words(saved[key].prompt, saved[key].value))
    return render(
        "parts/listing-last-supervision.html",
        meeting=held[0] if held else None,
        agreed=agreed,
        since=_steps_since(serving, person, held[0].on if held else None),
        day=_date,
        address=serving.addresses.to(f"entries/{held[0].entry_id}") if held else "",
    )


def _steps_since(serving: Serving, person: Person, day: date | None) -> list[dict[str, str]]:
    """Next steps in what was released after this day, newest first: whose, in words, and where."""
    answering = serving.records.answering
    begun = None if day is None else datetime.combine(day, time(), serving.settings.zone)
    return [
        {
            "by": received.author,
            "on": serving.day(received.shared_at),
            "words": one["words"],
            "still": serving.addresses.to(f"shared/{received.snapshot_id}/still"),
            "address": serving.addresses.to(
                f"shared/{answering.about(person.id, received.snapshot_id)}"
            ),
        }
        for received in answering.given(person.id, begun)
        for page in received.document.body["pages"]
        for one in page["answers"]
        if one["kind"] == Kind.ACTION or one["key"] == NEXT_STEP
    ]


def timeline(serving: Serving, person: Person, entry: Entry) -> Markup:
    """Where this pair stands."""
    pairs = [p for p in serving.records.people.pairs_of(person.id) if p.id == entry.pair_id]
    return render(
        "parts/listing-timeline.html",
        lines=[
            standing(serving, person, pair, together_of(serving.records, person, pair))
            for pair in pairs
        ],
        address=serving.addresses.to,
    )


def standing(serving: Serving, person: Person, pair: Pair, both: Together) -> dict[str, Any]:
    """One pair in a line: who, how many sessions of how many, what is next, when it ends."""
    settings = serving.settings
    today = serving.records.store.now().astimezone(settings.zone).date()
    ends = both.agreed.ends if both.agreed is not None and both.agreed.ends else pair.ends
    planned, months = settings.sessions_planned, settings.followup_months
    found = stages(pair, planned, months, ends, today, both.done)
    coach = pair.coach.id == person.id
    other = (pair.leader.name if pair.leader else pair.label) if coach else pair.coach.name
    return {
        "pair": pair,
        "other": other,
        "role": Role.LEADER if coach else Role.COACH,
        "used": used(pair),
        "planned": planned,
        "next": next((s for s in found if s.state == "next"), None),
        "stages": found,
        "ends": _date(ends) if ends else "",
        "day": _date,
    }


def scenes(serving: Serving, person: Person, entry: Entry) -> Markup:
    """Conversations to practise; nothing of what anybody says there is kept."""
    found = [
        (serving.addresses.to(f"practice/conversations/{s.id}"), s.title, f"With {s.who}.")
        for s in content.scenes(serving.local)
    ]
    return render("parts/listing-practice.html", name="Conversations to practise", found=found)


def drills(serving: Serving, person: Person, entry: Entry) -> Markup:
    """Short practices of question craft."""
    found = [
        (serving.addresses.to(f"practice/drills/{d.id}"), d.title, DRILLS_IN_A_LINE[d.kind])
        for d in content.drills(serving.local)
    ]
    return render("parts/listing-practice.html", name="Practices of question craft", found=found)


def replay(serving: Serving, person: Person, entry: Entry) -> Markup:
    """A way from a moment to its scene; none where there is no session for both to be about."""
    return render("parts/listing-replay.html") if may_replay(serving, person, entry) else Markup("")


def may_replay(serving: Serving, person: Person, entry: Entry) -> bool:
    """Whether this sheet asks this person for a moment that a scene can be made of."""
    return (
        serving.shelf.find(REPLAY) is not None
        and entry.workbook == MOMENT_IN
        and entry.person_id == person.id
        and entry.session_id is not None
    )


LISTS: Mapping[str, Callable[[Serving, Person, Entry], Markup]] = {
    "actions": actions,
    "questions": questions,
    "agreement": agreement,
    "last_supervision": last_supervision,
    "timeline": timeline,
    "scenes": scenes,
    "drills": drills,
    "replay": replay,
    "events": events,
}
