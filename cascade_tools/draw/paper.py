"""A workbook as one plain page to print and write on, from the same notebook as the screen.

Nothing on it moves and nothing is asked of any computer: no script, no picture, no address.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import takewhile
from typing import Protocol

from markupsafe import Markup

from cascade_tools.draw.blanks import Blank, drawing_blank, listing_blank, thought_blank
from cascade_tools.draw.credits import credits_of
from cascade_tools.draw.glance import for_whom, shared_with, when
from cascade_tools.draw.prompts import heard
from cascade_tools.draw.templates import render
from cascade_tools.draw.words import markdown
from cascade_tools.kit import kit_folder
from cascade_tools.model.composites import composite_of
from cascade_tools.model.prompts import Kind, Prompt, Who
from cascade_tools.model.workbook import (
    Condition,
    Drawing,
    Listing,
    Page,
    Part,
    Prose,
    Workbook,
)

WHO_ON_PAPER = {
    Who.ONLY_ME: "For you alone. Keep these back when you show the rest to anybody",
    Who.MINE: "Yours. Nobody sees it unless you show it to them",
    Who.PAIR: "For the people in this. Bring it with you, or give each of them a copy",
    Who.PROGRAMME: "The programme is told that this happened, and when. It never gets the paper",
    Who.GROUP_RESULTS: "For group results, if you agreed. Ask how to hand it in without your name",
    Who.SUBMITTED: "You send this to the programme, if you choose to",
}
WRITE_NOTHING = "Answer in your head. Write nothing here."
# What is on the paper where the screen opens a panel under a choice.
PANELS_ON_PAPER = {
    "ring-today": "This paper tells nobody. If it cannot wait, ring your supervisor now. "
    "If you cannot reach them, ring the programme.",
    "worried": "Ring a person now. The numbers are at the end of this paper.",
}
# Lists that only the programme, or the kit, can fill in.
ELSEWHERE = {
    "programme.coaches": "Ask the programme for the list of coaches. Write down whom you choose.",
    "programme.supervisors": "Ask the programme for the list of supervisors.",
    "my.sheets": "Look through the sheets you have filled in. Write their titles and dates.",
}
LINES = {Kind.TEXT: 1, Kind.PERSON: 1, Kind.LONG: 6}
LINES_OF_A_LETTER = 20
WRITTEN = (Kind.TEXT, Kind.LONG, Kind.PERSON, Kind.ACTION, Kind.GOAL)
MOST_NAMED = 12


class Contact(Protocol):
    """Somebody to ring."""

    @property
    def name(self) -> str: ...
    @property
    def phone(self) -> str: ...
    @property
    def about(self) -> str: ...


class Programme(Protocol):
    """What a programme's own paper says of it; its settings are one."""

    @property
    def programme_name(self) -> str: ...
    @property
    def programme_phone(self) -> str: ...
    @property
    def safeguarding(self) -> Sequence[Contact]: ...
    @property
    def support(self) -> Sequence[Contact]: ...
    @property
    def roles(self) -> Mapping[str, str]: ...


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question with the room to answer it.  ``instead`` stands where nothing is to be written."""

    prompt: Prompt
    lines: int
    who: str
    instead: str
    says: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Sheet:
    """One page of a workbook.  ``only`` says for whom, and when, it is; ``opening`` are the words
    that stay with its heading; ``who`` says who sees it, where that is one for all of it.
    ``apart``: it is for its author alone, and gets paper of its own.
    """

    number: int
    id: str
    title: str
    only: tuple[str, ...]
    opening: tuple[Markup, ...]
    who: str
    apart: bool
    parts: tuple[tuple[str, Markup | _Asked | Blank], ...]


@cache
def paper_style() -> str:
    """The style of every paper page."""
    return (kit_folder("templates") / "paper" / "paper.css").read_text(encoding="utf-8")


def paper_html(workbook: Workbook, *, style: str, programme: Programme | None = None) -> str:
    """The workbook as one whole page of HTML: print it, read it on a phone, or keep the file.

    ``style`` is the CSS that goes into it; ``programme`` adds its name, words and numbers.
    """
    return render(
        "paper/workbook.html",
        style=Markup(style),  # noqa: S704 - our own file
        workbook=workbook,
        sheets=[_sheet(workbook, page, n) for n, page in enumerate(workbook.pages, start=1)],
        facts=facts(workbook, programme),
        classes=_classes(workbook),
        not_kept=[p for p in workbook.prompts if not p.keep],
        ticks=list(dict.fromkeys(p.own_tick for p in workbook.prompts if p.own_tick)),
        readers=shared_with(workbook),
        ring=_to_ring(programme),
        support=_reachable(programme.support) if programme else [],
        programme=programme,
        heard=[(p.question, ours) for p in workbook.prompts if (ours := heard(p))],
        credits=credits_of(workbook),
        composite_of=composite_of,
    )


def facts(workbook: Workbook, programme: Programme | None) -> list[tuple[str, str]]:
    """For whom it is, when, and how long it takes."""
    words = programme.roles if programme else {}
    return [
        ("For", for_whom(workbook, words)),
        ("When", when(workbook)),
        ("Takes", f"about {workbook.minutes} minute{'' if workbook.minutes == 1 else 's'}"),
    ]


def _classes(workbook: Workbook) -> list[tuple[str, tuple[Prompt, ...], str]]:
    """Who can see what, with the questions; the longest list is the rest of the paper."""
    classes = list(workbook.classes())
    longest = max((len(prompts) for _, prompts in classes), default=0)
    found = []
    for who, prompts in classes:
        rest = ""
        if len(prompts) == len(workbook.prompts):
            rest = "Everything on this paper."
        elif len(prompts) == longest > MOST_NAMED:
            rest = "Everything that is not named here."
        found.append((WHO_ON_PAPER[who], prompts, rest))
    return found


def _sheet(workbook: Workbook, page: Page, number: int) -> _Sheet:
    words = tuple(takewhile(lambda part: isinstance(part, Prose), page.parts))
    seen = {p.who for p in page.prompts if p.keep}
    same = seen.pop() if len(seen) == 1 else Who.MINE
    return _Sheet(
        number=number,
        id=page.id,
        title=page.title,
        only=tuple(_only(workbook, page)),
        opening=tuple(markdown(part.markdown) for part in words if isinstance(part, Prose)),
        who=_who(same),
        apart=same is Who.ONLY_ME,
        parts=tuple(_part(workbook, part, same) for part in page.parts[len(words) :]),
    )


def _only(workbook: Workbook, page: Page) -> list[str]:
    """When a page is for you, in sentences: what the screen does by opening it or not."""
    found = [_condition(workbook, c) for c in page.conditions]
    if page.once_opened:
        found.append("Do this part together, once you have both laid your sheets side by side.")
    if page.after_days:
        found.append(f"Leave this part until {later(page.after_days)}.")
    return found


def _condition(workbook: Workbook, condition: Condition) -> str:
    """The page asked is named too: the same question may stand on several."""
    number, title, prompt = next(
        (number, page.title, prompt)
        for number, page in enumerate(workbook.pages, start=1)
        for prompt in page.prompts
        if prompt.key == condition.key
    )
    words = {c.code: c.words for c in prompt.choices}
    ticked = " or ".join(f"“{words.get(code, code)}”" for code in condition.codes)
    start = "Leave this part out if" if condition.unless else "Only if"
    end = "" if title.endswith(("?", "!", ".")) else "."
    return f"{start} you ticked {ticked} in part {number}, {title}{end}"


def later(days: int) -> str:
    """``"two weeks from now"``: a number of days as people say it."""
    names = ("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    many, unit = (days, "day")
    if days >= 60:
        many, unit = round(days / 30.4), "month"
    elif days % 7 == 0:
        many, unit = days // 7, "week"
    word = names[many] if many < len(names) else str(many)
    return f"{word} {unit}{'' if many == 1 else 's'} from now"


def _who(who: Who) -> str:
    return "" if who is Who.MINE else f"{WHO_ON_PAPER[who]}."


def _part(workbook: Workbook, part: Part, said: Who) -> tuple[str, Markup | _Asked | Blank]:
    match part:
        case Prose():
            return "prose", markdown(part.markdown)
        case Prompt():
            return "asked", _asked(part, said)
        case Drawing():
            return "blank", drawing_blank(part.name, workbook)
        case Listing():
            return "blank", listing_blank(part.name)
    return "blank", thought_blank(workbook)


def _asked(prompt: Prompt, said: Who) -> _Asked:
    """``said`` is who sees the whole page: it need not be said again."""
    sealed = prompt.sealed_months
    notes = []
    if prompt.from_before and prompt.kind in WRITTEN:
        notes.append("You may have written this on an earlier sheet. Then copy it here.")
    if sealed:
        months = later(round(sealed * 30.4)).removesuffix(" from now")
        notes.append(f"Fold this over when it is written. Open it again after {months}.")
    if prompt.kind is Kind.CHOICES:
        notes.append("Tick as many as fit.")
    if prompt.kind is Kind.ORDER:
        notes.append(f"Number them from 1 to {len(prompt.choices)}. You can leave some out.")
    if prompt.kind is Kind.CLASSIFY:
        notes.append("Tick one for each. You can leave some out.")
    if heard(prompt):
        notes.append("How we hear them stands at the end. Look when you have ticked yours.")
    if prompt.choices_from in ELSEWHERE and not prompt.choices:
        notes.append(ELSEWHERE[prompt.choices_from])
    lines = LINES_OF_A_LETTER if sealed else LINES.get(prompt.kind, 0)
    if prompt.kind in (Kind.CHOICE, Kind.CHOICES) and not prompt.choices:
        lines = 3
    return _Asked(
        prompt=prompt,
        lines=lines,
        who="" if prompt.who is said or not prompt.keep else _who(prompt.who),
        instead="" if prompt.keep else WRITE_NOTHING,
        says=tuple(_says(prompt)),
        notes=tuple(notes),
    )


def _says(prompt: Prompt) -> Iterator[tuple[str, str]]:
    """What stands under which choices, said once for all choices that open the same panel."""
    for panel in dict.fromkeys(panel for _, panel in prompt.says):
        codes = [code for code, opened in prompt.says if opened == panel]
        if panel in PANELS_ON_PAPER:
            words = [c.words for c in prompt.choices if c.code in codes]
            yield " or ".join(words), PANELS_ON_PAPER[panel]


def _to_ring(programme: Programme | None) -> list[tuple[str, str, str]]:
    """Whom to ring when worried: name, number, about; an empty number is a line to fill in."""
    if programme is None:
        return [("The programme’s safety contact", "", ""), ("The programme", "", "")]
    found = _reachable(programme.safeguarding)
    phone = programme.programme_phone if _is_number(programme.programme_phone) else ""
    return [*(found or [("The programme’s safety contact", "", "")]), ("The programme", phone, "")]


def _reachable(contacts: Sequence[Contact]) -> list[tuple[str, str, str]]:
    return [(c.name, c.phone, c.about) for c in contacts if _is_number(c.phone)]


def _is_number(phone: str) -> bool:
    """Whether it is filled in: a placeholder has no digit."""
    return any(c.isdigit() for c in phone)
