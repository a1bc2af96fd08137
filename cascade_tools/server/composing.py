"""An entry as a page: the workbook's words and prompts with what was saved in them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup

from cascade_tools.draw.drawn import drawn
from cascade_tools.draw.pictures import picture_html
from cascade_tools.draw.prompts import Earlier, Rival, prompt_html
from cascade_tools.draw.words import markdown
from cascade_tools.model.entry import Saved
from cascade_tools.model.people import Role
from cascade_tools.model.picture import Sitting
from cascade_tools.model.prompts import Answer, Choice, Problem, Prompt, check_answer, in_words
from cascade_tools.model.workbook import Drawing, Page, Prose, Thought, Workbook
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


def fill(workbook: Workbook, serving: Serving) -> Workbook:
    """The workbook with the choices only the server knows."""
    if not any(p.choices_from and not p.choices for p in workbook.prompts):
        return workbook
    pages = tuple(
        replace(
            page,
            parts=tuple(
                _filled(part, serving) if isinstance(part, Prompt) else part for part in page.parts
            ),
        )
        for page in workbook.pages
    )
    return replace(workbook, pages=pages)


def _filled(prompt: Prompt, serving: Serving) -> Prompt:
    if prompt.choices or prompt.choices_from not in ("programme.coaches", "programme.supervisors"):
        return prompt
    role = Role.COACH if prompt.choices_from == "programme.coaches" else Role.SUPERVISOR
    people = [p for p in serving.records.people.all() if role in p.roles]
    return replace(prompt, choices=tuple(Choice(p.id, p.name) for p in people))


def values(saved: Mapping[str, Saved]) -> dict[str, Answer]:
    return {key: one.value for key, one in saved.items()}


def compose(
    serving: Serving,
    workbook: Workbook,
    saved: Mapping[str, Saved],
    sittings: list[Sitting],
    panels: Mapping[str, str],
    notes: Notes = NO_NOTES,
) -> Composed:
    """Everything on the page, drawn from the notebook file and the records alone."""
    shown = {page.id for page in workbook.open_pages(values(saved))}
    prompts = {p.key: p for p in workbook.prompts}

    def part_html(part: object) -> Markup:
        match part:
            case Prose():
                return Markup('<div class="prose">{}</div>').format(markdown(part.markdown))
            case Prompt():
                return _prompt_html(serving, part, saved.get(part.key), panels, notes)
            case Drawing():
                picture = picture_html(drawn(part.name, prompts, sittings))
                place = Markup('<div class="place" data-cell="{}">{}</div>')
                return place.format(part.cell_id, picture)
            case Thought():
                return Markup('<div class="place place-empty" data-cell="{}"></div>').format(
                    part.cell_id
                )
        raise TypeError(type(part).__name__)

    pages = tuple(
        PageView(
            id=page.id,
            title=page.title,
            number=number,
            parts=tuple(part_html(part) for part in page.parts),
            closed=page.id not in shown,
            conditions=_conditions(page),
        )
        for number, page in enumerate(workbook.pages, start=1)
    )
    gone = tuple(
        Gone(one.prompt.question, in_words(one.prompt, one.value))
        for key, one in sorted(saved.items())
        if key not in prompts and in_words(one.prompt, one.value)
    )
    fields = tuple(
        (p.key, p.asked, saved[p.key].revision if p.key in saved else 0)
        for p in workbook.prompts
        if p.keep
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
    panels: Mapping[str, str],
    notes: Notes,
) -> Markup:
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
        panels=panels,
        earlier=earlier,
        rival=notes.rivals.get(prompt.key),
    )


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
