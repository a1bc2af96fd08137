"""An entry as a page: the workbook's words and prompts with what was saved in them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from cascade_tools.draw.drawn import drawn
from cascade_tools.draw.pictures import picture_html
from cascade_tools.draw.prompts import Earlier, Rival, prompt_html
from cascade_tools.draw.shared import Quoted, beside_html
from cascade_tools.draw.words import markdown
from cascade_tools.model.entry import Entry, Saved
from cascade_tools.model.journey import months_after
from cascade_tools.model.people import Person, Role
from cascade_tools.model.picture import Sitting
from cascade_tools.model.prompts import (
    Answer,
    Choice,
    Problem,
    Prompt,
    Who,
    check_answer,
    given,
    in_words,
)
from cascade_tools.model.replay import REPLAY
from cascade_tools.model.sharing import State
from cascade_tools.model.workbook import (
    NOW,
    Drawing,
    Listing,
    Moment,
    Page,
    Prose,
    Thought,
    Workbook,
)
from cascade_tools.server.measures import MEASURED, measure_pages
from cascade_tools.server.serving import Serving


@dataclass(frozen=True, slots=True)
class PageView:
    """One page of an entry.  ``conditions`` is JSON for the script; ``closed`` hides it there."""

    id: str
    title: str
    number: int
    parts: tuple[Markup, ...]
    closed: bool
    conditions: str


@dataclass(frozen=True, slots=True)
class Gone:
    """An answer whose question the workbook no longer asks."""

    question: str
    words: str


@dataclass(frozen=True, slots=True)
class Composed:
    """``fields`` are key, wording and revision of every question on the page."""

    pages: tuple[PageView, ...]
    gone: tuple[Gone, ...]
    fields: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, slots=True)
class Notes:
    """What came of a save without the script: problems and conflicts by key, and what was typed."""

    problems: Mapping[str, str]
    rivals: Mapping[str, Rival]
    typed: Mapping[str, Any]


NO_NOTES = Notes({}, {}, {})


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around the answers: how far things have come, lists by name, panels by name,
    by key, until when words are sealed from their own author, and what a box answers."""

    moment: Moment = NOW
    listings: Mapping[str, Markup] = field(default_factory=dict)
    panels: Mapping[str, str] = field(default_factory=dict)
    sealed: Mapping[str, str] = field(default_factory=dict)
    quoted: Mapping[str, Quoted] = field(default_factory=dict)


ALONE = Around()
# Choices that are people, or somebody's own sheets; only the server knows them.
OF_PEOPLE = ("programme.coaches", "programme.supervisors", "my.sheets")
# More questions than there are in a kit and its programme's own workbooks.
MOST_KEPT = 2048


def fill(workbook: Workbook, serving: Serving, person: Person) -> Workbook:
    """The workbook with the measures this programme uses and the choices only the server knows."""
    if workbook.id == MEASURED:
        # Before the last page, which is for everybody, whatever they answered.
        asked = measure_pages(serving.settings, serving.local)
        workbook = replace(workbook, pages=(*workbook.pages[:-1], *asked, workbook.pages[-1]))
    if not any(p.choices_from and not p.choices for p in workbook.prompts):
        return workbook
    pages = tuple(
        replace(
            page,
            parts=tuple(
                _filled(part, serving, person) if isinstance(part, Prompt) else part
                for part in page.parts
            ),
        )
        for page in workbook.pages
    )
    return replace(workbook, pages=pages)


def _filled(prompt: Prompt, serving: Serving, person: Person) -> Prompt:
    if prompt.choices:
        return prompt
    match prompt.choices_from:
        case "programme.coaches" | "programme.supervisors":
            role = Role.COACH if prompt.choices_from == "programme.coaches" else Role.SUPERVISOR
            people = [p for p in serving.records.people.all() if role in p.roles]
            return replace(prompt, choices=tuple(Choice(p.id, p.name) for p in people))
        case "my.sheets":
            return replace(prompt, choices=_sheets(serving, person))
    return prompt


def _sheets(serving: Serving, person: Person) -> tuple[Choice, ...]:
    """One's own sheets about a session, newest first: titles and dates only.

    That there is a replayed moment is nobody else's to know either, until it has been brought.
    """
    records = serving.records
    return tuple(
        Choice(
            entry.id,
            f"{serving.title_of(entry.workbook)}, {about(entry)}, {serving.day(entry.made_at)}",
        )
        for entry in records.entries.of(person.id)
        if entry.session_id is not None
        and entry.saved_at is not None
        and (
            entry.workbook != REPLAY or any(s.live for s in records.sharing.of(person.id, entry.id))
        )
    )


def about(entry: Entry) -> str:
    """Which session an entry is about: ``The carers' charity, session 2``."""
    session = f", session {entry.session_number}" if entry.session_number else ""
    return f"{entry.label[:1].upper()}{entry.label[1:]}{session}" if entry.label else ""


def moment_of(serving: Serving, entry: Entry) -> Moment:
    """How far an entry has come."""
    age = serving.records.store.now() - entry.made_at
    return Moment(opened=entry.state is State.OPENED, days=age.days)


def sealed_until(serving: Serving, workbook: Workbook, entry: Entry) -> dict[str, str]:
    """By key: until when words that their author has sealed stay out of sight."""
    if entry.committed_at is None:
        return {}
    zone = serving.settings.zone
    today = serving.records.store.now().astimezone(zone).date()
    ends = {
        p.key: months_after(entry.committed_at.astimezone(zone).date(), p.sealed_months)
        for p in workbook.prompts
        if p.sealed_months
    }
    return {key: f"{day.day} {day:%B %Y}" for key, day in ends.items() if day > today}


def values(saved: Mapping[str, Saved]) -> dict[str, Answer]:
    return {key: one.value for key, one in saved.items()}


def compose(
    serving: Serving,
    workbook: Workbook,
    saved: Mapping[str, Saved],
    sittings: list[Sitting],
    around: Around = ALONE,
    notes: Notes = NO_NOTES,
) -> Composed:
    """Everything on the page, drawn from the notebook file and the records alone.

    A page whose time has not come is not in it at all.
    """
    shown = {page.id for page in workbook.open_pages(values(saved), around.moment)}
    prompts = {p.key: p for p in workbook.prompts}

    def part_html(part: object) -> Markup:
        match part:
            case Prose():
                return Markup('<div class="prose">{}</div>').format(markdown(part.markdown))
            case Prompt():
                one = saved.get(part.key)
                box = _prompt_html(serving, part, one, around, notes, workbook.usual)
                if not part.beside:
                    return box
                written = (one is not None and given(one.value)) or part.key in notes.typed
                return beside_html(around.quoted.get(part.key), part.beside, box, written)
            case Listing():
                return around.listings.get(part.name, Markup(""))
            case Drawing():
                picture = picture_html(drawn(part.name, prompts, sittings))
                place = Markup('<div class="place" data-cell="{}">{}</div>')
                return place.format(part.cell_id, picture)
            case Thought():
                return Markup('<div class="place place-empty" data-cell="{}"></div>').format(
                    part.cell_id
                )
        raise TypeError(type(part).__name__)

    due = [p for p in workbook.pages if p.id in shown or p.is_due(around.moment)]
    pages = tuple(
        PageView(
            id=page.id,
            title=page.title,
            number=number,
            parts=tuple(part_html(part) for part in page.parts),
            closed=page.id not in shown,
            conditions=_conditions(page),
        )
        for number, page in enumerate(due, start=1)
    )
    gone = tuple(
        Gone(one.prompt.question, in_words(one.prompt, one.value))
        for key, one in sorted(saved.items())
        if key not in prompts and in_words(one.prompt, one.value)
    )
    fields = tuple(
        (p.key, p.asked, saved[p.key].revision if p.key in saved else 0)
        for page in due
        for p in page.prompts
        if p.keep and p.key not in around.sealed
    )
    return Composed(pages, gone, fields)


def _conditions(page: Page) -> str:
    return json.dumps(
        [{"key": c.key, "codes": list(c.codes), "unless": c.unless} for c in page.conditions]
    )


def _prompt_html(
    serving: Serving,
    prompt: Prompt,
    saved: Saved | None,
    around: Around,
    notes: Notes,
    usual: Who,
) -> Markup:
    if prompt.key in around.sealed:
        return prompt_html(prompt, None, sealed_until=around.sealed[prompt.key], usual=usual)
    if saved is None and prompt.key not in notes.typed and _is_everybodys(prompt):
        return _unanswered(prompt, usual)
    value: Answer = None
    earlier = None
    revision = 0
    saved_at = ""
    if saved is not None:
        revision = saved.revision
        if same_question(prompt, saved):
            value, saved_at = saved.value, serving.clock(saved.saved_at)
        elif words := in_words(saved.prompt, saved.value):
            # An answer is never shown under another question: the old one stands beside the box.
            earlier = Earlier(saved.prompt.question, words)
    if prompt.key in notes.typed:
        value, saved_at = notes.typed[prompt.key], ""
    return prompt_html(
        prompt,
        value,
        revision=revision,
        saved_at=saved_at if value not in (None, "", []) else "",
        problem=notes.problems.get(prompt.key, ""),
        panels=around.panels,
        earlier=earlier,
        rival=notes.rivals.get(prompt.key),
        usual=usual,
    )


def _is_everybodys(prompt: Prompt) -> bool:
    """Whether the question is the same for everybody: no choice, box or panel is about people."""
    return not (prompt.says or prompt.beside or prompt.choices_from in OF_PEOPLE)


@lru_cache(MOST_KEPT)
def _unanswered(prompt: Prompt, usual: Who) -> Markup:
    """A question as it stands before anybody answers it: drawn once, from nothing but itself."""
    return prompt_html(prompt, None, usual=usual)


def same_question(prompt: Prompt, saved: Saved) -> bool:
    """Whether the saved answer was given to this very question and still fits it."""
    asked = saved.prompt
    if asked.asked == prompt.asked:
        return True
    if asked.question != prompt.question or asked.kind is not prompt.kind:
        return False
    if isinstance(check_answer(prompt, saved.value), Problem):
        return False
    return in_words(asked, saved.value) == in_words(prompt, saved.value)
