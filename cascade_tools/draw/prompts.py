"""A prompt as native HTML: the one place where a control is made."""

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from cascade_tools.draw.composites import composite_view, date_boxes
from cascade_tools.draw.templates import render
from cascade_tools.model.composites import composite_of
from cascade_tools.model.prompts import Answer, Kind, Prompt, Who, given
from cascade_tools.model.sorting import to_mend


@dataclass(frozen=True, slots=True)
class Earlier:
    """An answer given to other words: the question as it was asked, and the answer in words."""

    question: str
    words: str


@dataclass(frozen=True, slots=True)
class Rival:
    """The other side of a conflict, as words, with the time it was saved."""

    words: str
    saved_at: str


def prompt_html(
    prompt: Prompt,
    value: Answer,
    *,
    revision: int = 0,
    saved_at: str = "",
    problem: str = "",
    panels: Mapping[str, str] | None = None,
    earlier: Earlier | None = None,
    rival: Rival | None = None,
    sealed_until: str = "",
    usual: Who = Who.MINE,
) -> Markup:
    """The control with its label or legend, hint, saved answer and state.

    ``saved_at`` is a time in words; ``problem`` one sentence; ``panels`` maps the names in
    ``prompt.says`` to finished HTML.  ``sealed_until`` is a day in words: until then there is
    no control, and the answer is not on the page at all.  ``usual`` is who can see most answers
    of the workbook, which the page says once; here it is said only where it differs.
    """
    if sealed_until:
        return render("parts/prompt-sealed.html", p=prompt, until=sealed_until, usual=usual)
    composite = composite_of(prompt.kind)
    # Beside a problem stands what was typed, which is not always what could be kept.
    typed = value if isinstance(value, dict) else {}
    return render(
        "parts/prompt.html",
        p=prompt,
        value=value,
        given=given(value),
        days=date_boxes(value) if prompt.kind is Kind.DATE else None,
        made=composite_view(composite, prompt.key, value) if composite else None,
        sorted=typed,
        to_mend=to_mend([c.code for c in prompt.choices], typed) if problem else (),
        heard=heard(prompt),
        revision=revision,
        saved_at=saved_at,
        problem=problem,
        panels=panels or {},
        says=dict(prompt.says),
        earlier=earlier,
        rival=rival,
        usual=usual,
    )


def heard(prompt: Prompt) -> list[tuple[str, str, str]]:
    """Each statement on which the kit has a word: what it would be, one thing or another, and
    why."""
    words = {c.code: c.words for c in prompt.choices}
    found = []
    for statement in prompt.statements:
        first, *others = (words[code] for code in statement.heard) if statement.heard else ("",)
        bins = ", or ".join((first, *(f"{w[:1].lower()}{w[1:]}" for w in others)))
        if bins:
            found.append((statement.words, bins, statement.why))
    return found
