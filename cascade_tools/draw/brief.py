"""A supervision brief as a sheet of paper: what stands on it, in which order, and what may go.

One description serves the page, the PDF and the Word file.  ``Item.rank`` says what stays when a
sheet is full: the lowest first, and always whole.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from cascade_tools.draw.typeset import pdf
from cascade_tools.model.brief import Brief, Promise, Quiet, Said
from cascade_tools.model.caseload import asked, meetings, weeks
from cascade_tools.model.seen import CoachSeen, PairSeen
from cascade_tools.model.typed import day_in_words

TITLE = "Supervision brief"
FOOT = "Supervision brief. In confidence: for the supervisor alone."
FREE = "That may be fine: sharing is theirs to choose."
# No answer longer than this fits on a page, whatever else stands there.
MOST_ON_A_PAGE = 4000
FIRST = 4


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that stands on the sheet or does not.  ``cells`` are a row of a table instead."""

    words: str
    rank: int
    lead: str = ""
    aside: str = ""
    cells: tuple[str, ...] = ()
    snapshot: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """``empty`` is said where there is nothing; ``head`` names the columns of a table."""

    heading: str
    items: tuple[Item, ...]
    empty: str
    head: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One coach: the name, a few facts, and sections."""

    name: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]


def sheet(brief: Brief) -> Sheet:
    """What stands in one coach's brief, all of it."""
    since = f"since {day_in_words(brief.since)}" if brief.since else "yet"
    sections = (
        Section(
            "What they want to bring",
            tuple(_said(one, 1 if at < FIRST else 4) for at, one in enumerate(brief.brings)),
            f"Nothing shared {since}. {FREE}",
        ),
        Section(
            "What it is about, as they see it",
            tuple(Item(theme, 0) for theme in brief.themes),
            f"They have chosen no theme {since}.",
        ),
        Section(
            "What was agreed, and what was done",
            (
                *(Item(one.words, 2, lead=one.question) for one in brief.agreed),
                *(_promise(one, brief.since) for one in brief.promises),
            ),
            "No action stands in what you both keep, or in what they share.",
            head=("What", "Who", "By when", "How it stands"),
        ),
        Section(
            "Not brought for a while",
            (
                *(_leader(quiet) for quiet in brief.leaders),
                *(_theme(quiet) for quiet in brief.not_lately),
            ),
            _all_brought(brief),
        ),
    )
    return Sheet(brief.coach.name, tuple(_facts(brief)), sections)


def _all_brought(brief: Brief) -> str:
    if not any(pair.ended is None for pair in brief.coach.pairs):
        return "They are coaching nobody at the moment."
    return "Something was shared about each leader" + (
        " since you last talked." if brief.since else "."
    )


def _said(said: Said, rank: int) -> Item:
    where = ", ".join(part for part in (said.sheet, said.about) if part)
    aside = f"{where}, shared on {day_in_words(said.on)}"
    return Item(said.words, rank, lead=said.question, aside=aside, snapshot=said.snapshot)


def _promise(promise: Promise, since: date | None) -> Item:
    due = day_in_words(promise.due) if promise.due else "No date"
    stands = promise.stands or "Planned"
    if promise.sheet:
        stands += f" (in {promise.sheet}, {day_in_words(promise.on)})"
    elif promise.on != since:
        stands += f" (agreed on {day_in_words(promise.on)})"
    cells = (promise.what, promise.who, due, stands)
    return Item("", 5 if promise.over else 2, cells=cells)


def _leader(quiet: Quiet) -> Item:
    last = f"last shared on {day_in_words(quiet.last)}" if quiet.last else "nothing shared yet"
    label = quiet.words[:1].upper() + quiet.words[1:]
    return Item(f"{label}: {last}.", 3)


def _theme(quiet: Quiet) -> Item:
    last = f"last chosen on {day_in_words(quiet.last)}" if quiet.last else "not chosen yet"
    return Item(f"{quiet.words}: {last}.", 3)


def _facts(brief: Brief) -> Iterable[tuple[str, str]]:
    coach = brief.coach
    if code := asked(coach):
        on = f", asked on {day_in_words(coach.asked_at.date())}" if coach.asked_at else ""
        yield "Asked to talk", ("Today" if code == "today" else "Before your next date") + on
    yield "You last talked", _talked(coach, brief.today)
    yield "Next date", day_in_words(coach.next_talk) if coach.next_talk else "No date yet"
    yield "Supervisions", meetings(coach)
    for pair in coach.pairs:
        if pair.ended is None:
            yield pair.label[:1].upper() + pair.label[1:], _stands(pair)


def _talked(coach: CoachSeen, today: date) -> str:
    ago = weeks(coach, today)
    if coach.last_talked is None or ago is None:
        return f"Not yet. You have supervised them since {day_in_words(coach.since)}."
    how_long = {0: "this week", 1: "a week ago"}.get(ago, f"{ago} weeks ago")
    return f"{day_in_words(coach.last_talked)}, {how_long}"


def _stands(pair: PairSeen) -> str:
    said = (
        f"{pair.last_session} of {pair.planned} sessions" if pair.last_session else "No session yet"
    )
    return f"{said}, next on {day_in_words(pair.next_session)}" if pair.next_session else said


def brief_pdf(briefs: Iterable[Brief], *, lang: str = "en-GB") -> bytes:
    """One PDF, a page and a bookmark for each coach.  Raises ``NotPossible`` (see ``typeset``)."""
    sheets = [_as_data(sheet(one)) for one in briefs]
    return pdf("brief.typ", {"foot": FOOT, "sheets": sheets}, title=TITLE, lang=lang)


def _as_data(one: Sheet) -> dict[str, Any]:
    """The sheet for the template: every item with its place, and what is too long for any page
    counted alone."""
    return {
        "name": one.name,
        "facts": one.facts,
        "sections": [
            {
                "heading": section.heading,
                "empty": section.empty,
                "head": section.head,
                "all": len(section.items),
                "items": [
                    {
                        "rank": item.rank,
                        "lead": item.lead,
                        "words": item.words,
                        "aside": item.aside,
                        "cells": item.cells,
                    }
                    for item in section.items
                    if len(item.words) + sum(map(len, item.cells)) <= MOST_ON_A_PAGE
                ],
            }
            for section in one.sections
        ],
    }
