"""Everything by or about one person as one file of HTML: to read, to print, to keep."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from markupsafe import Markup

from cascade_tools.draw.templates import render
from cascade_tools.kit import kit_folder

Clock = Callable[[datetime], str]
Facts = Mapping[str, Any]

# What each section of facts is called, and what is said where it is empty.
HEADINGS = {
    "names_list": "Names you want to be reminded of",
    "opened_by_others": "Who opened what you wrote",
    "written_by_others": "What others wrote about you",
    "pairs": "Your pairs and sessions",
    "agreements": "Agreements",
    "done_together": "Done together",
    "supervision": "Who supervises whom",
    "meetings": "Supervision you were part of",
    "talks": "When you asked to talk",
    "shared_with_you": "What others shared with you",
    "opened_by_you": "What you opened of others",
    "consents": "What you said yes or no to",
    "sign_ins": "Where you signed in",
    "links": "Links made for you",
    "tickets": "Tickets to read with",
    "authenticator": "Your authenticator app",
    "requests": "What you asked for",
    "asked_of_you": "What others asked of you",
    "warnings": "What you were told will be erased",
    "holds": "What has to be kept",
    "erased": "What was erased",
    "releases": "Group results you released",
    "learning_events": "Learning events you began",
}

LABELS = {
    "accepted_at": "Agreed",
    "accepted_by": "Agreed by",
    "acknowledged_on": "Acknowledged",
    "answered_at": "Answered",
    "answered_on": "Answered",
    "asked_at": "Asked",
    "begun_at": "Begun",
    "changed_by": "Changed by the",
    "closed_on": "Closed",
    "confirmed_at": "Set up",
    "decided_by": "Decided by",
    "ended_at": "Ended",
    "ended_early": "Ended early",
    "ends_at": "Ends",
    "erased_at": "Erased",
    "erased_since": "Erased since",
    "first_at": "First told",
    "followed_by": "Then",
    "last_used_at": "Last used",
    "looked_at_again_on": "Looked at again",
    "made_at": "Made",
    "next_on": "Next",
    "noted_at": "Noted",
    "proposed_at": "Proposed",
    "received_on": "Received",
    "recorded_at": "Recorded",
    "released_on": "Note released",
    "said_at": "Noted",
    "second_at": "Told again",
    "shared_at": "Shared",
    "started_at": "Signed in",
    "stopped_at": "Stopped",
    "title": "What",
    "used_at": "Used",
    "version_at": "The version of",
    "way": "How",
    "withdrawn_at": "Taken back",
    "written_at": "Written",
}

# Codes as people read them.
WORDS = {
    "draft": "not finished",
    "committed": "finished",
    "opened": "open",
    "withdrawn": "taken back",
    "page": "read",
    "collect": "in a table",
    "break-glass": "read without asking you",
    "refused": "tried, and got nothing",
    "author": "you erased it",
    "retention": "its time was up",
    "about": "what it was about was erased",
    "keep-my-answers": "my answers are kept",
    "group-results": "my answers count in group results",
}
NOT_SHOWN = {"id", "entry", "workbook", "told_from", "kept_by"}
# Said by the heading already.
SAID = {
    ("opened_by_others", "writer"),
    ("opened_by_you", "reader"),
    ("learning_events", "begun_by"),
}
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+\+00:00")
DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class Section:
    """Facts ready to be shown: each item is a list of labels and words."""

    id: str
    heading: str
    items: tuple[tuple[tuple[str, str], ...], ...]


@cache
def _style() -> str:
    return (kit_folder("templates") / "paper" / "my-data.css").read_text(encoding="utf-8")


def my_data_html(data: Facts, *, programme: str, controller: str, clock: Clock) -> str:
    """One whole page without scripts or outside links.

    ``data`` is what ``MyData.gather`` gives; ``clock`` writes a moment in the reader's own zone.
    """
    return render(
        "paper/my-data.html",
        style=Markup(_style()),  # noqa: S704 - our own file
        data=data,
        sections=[_section(name, data[name], clock) for name in HEADINGS],
        programme=programme,
        controller=controller,
        at=lambda moment: clock(datetime.fromisoformat(moment)),
        day=lambda text: _day(date.fromisoformat(text)),
        words=lambda code: WORDS.get(code, code),
    )


def _section(name: str, facts: Facts | list[Facts], clock: Clock) -> Section:
    items = [facts] if isinstance(facts, Mapping) else facts
    shown = tuple(
        tuple(_lines({k: v for k, v in item.items() if (name, k) not in SAID}, clock))
        for item in items
    )
    return Section(name, HEADINGS[name], tuple(item for item in shown if item))


def _lines(item: Facts, clock: Clock) -> list[tuple[str, str]]:
    found = []
    for key, value in item.items():
        words = "" if key in NOT_SHOWN else _words(value, clock)
        if words:
            found.append((LABELS.get(key, key.replace("_", " ").capitalize()), words))
    return found


def _words(value: Any, clock: Clock) -> str:
    """One fact as people read it; nothing where there is nothing to say."""
    match value:
        case None | False | "":
            return ""
        case True:
            return "yes"
        case str() if MOMENT.fullmatch(value):
            return clock(datetime.fromisoformat(value))
        case str() if DAY.fullmatch(value):
            return _day(date.fromisoformat(value))
        case str():
            return WORDS.get(value, value)
        case list():
            apart = "\n" if any(isinstance(x, Mapping) for x in value) else "; "
            return apart.join(_one(x, clock) for x in value)
    return str(value)


def _one(value: Any, clock: Clock) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{label.lower()} {words}" for label, words in _lines(value, clock))
    return _words(value, clock)


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
