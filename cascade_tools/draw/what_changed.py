"""Draws what changed in a group: each line's mean change as a dot with its interval, and the page.

Nothing is hidden or counted here: what comes is safe already.  Where a lower answer is the better
one, words say so, and nothing is turned round.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from cascade_tools.draw.changes import changes_svg, picture_sentence
from cascade_tools.draw.templates import render
from cascade_tools.kit import kit_folder
from cascade_tools.model import change as said
from cascade_tools.model.change import how_sure
from cascade_tools.model.group_results import MainOutcomes
from cascade_tools.model.journey import TIMES
from cascade_tools.model.typed import day_in_words
from cascade_tools.model.what_changed import Group, Line, Stretch, between, plain, signed

# Gives the SVG of one group.
Drawing = Callable[[Stretch, Group], str]

# A caption, a head and rows.
Table = tuple[str, tuple[str, ...], tuple[tuple[str, ...], ...]]

NOT_HERE = (
    "What is not here is about fewer than ten people, or too few of the other half stand behind "
    "it, or nearly everybody changed alike. A count under 5 is never shown."
)

CANNOT_TELL = (
    *(said.NO_COMPARISON, said.OTHER_REASONS, said.EACH_BY_ITSELF),
    *(said.GOALS_ARE_OWN, NOT_HERE),
)


def month_in_words(month: str) -> str:
    """``"2026-11"`` as people say it."""
    return f"{date.fromisoformat(month + '-01'):%B %Y}"


@dataclass(frozen=True, slots=True)
class GroupShown:
    """One group: its main outcomes in words, its drawing with its sentence, its tables, and how
    people saw their start when they looked back."""

    title: str
    main: tuple[tuple[str, str], ...]
    sentence: str
    drawing: str
    tables: tuple[Table, ...]
    back: Table | None


@dataclass(frozen=True, slots=True)
class Shown:
    """A stretch in words and tables, the same for a page, a report and a PDF, in their order."""

    title: str
    released: str
    flow: Table | None
    who_stayed: tuple[tuple[str, str], ...]
    compared: tuple[Table, ...]
    first: str
    groups: tuple[GroupShown, ...]
    sure: tuple[tuple[str, str], ...]
    cannot_tell: tuple[str, ...]
    looking_back: str
    annex: tuple[Table, ...]
    method: tuple[str, ...]


def what_changed_html(stretches: Sequence[Stretch], main: MainOutcomes | None) -> Markup:
    """What stands on the desk: what was released, or how to come to a first release.

    ``main`` are the main outcomes as they are chosen now, for a page without any release.
    """
    return render(
        "parts/what-changed.html",
        stretches=[shown(one, changes_svg) for one in stretches],
        chosen=_day(main.on) if main else "",
    )


def report_html(stretches: Sequence[Shown], *, title: str, practice: str, files: str) -> str:
    """A whole page that needs nothing else, to keep, print or send."""
    style = (kit_folder("templates") / "paper" / "report.css").read_text(encoding="utf-8")
    return render(
        "paper/report.html",
        stretches=stretches,
        title=title,
        practice=practice,
        files=files,
        style=Markup(style),  # noqa: S704 - our own file
    )


def shown(stretch: Stretch, drawn: Drawing) -> Shown:
    """Everything that is said of a stretch, with the drawing of each group."""
    flows = [(group, group.flow) for group in stretch.groups if group.flow]
    sure = [
        (
            group.title,
            " ".join((how_sure(group.people), *([said.WIDENED] if group.by_coach else []))),
        )
        for group in stretch.groups
    ]
    return Shown(
        title=stretch.title,
        released=f"Released in {month_in_words(stretch.month)}.",
        flow=(
            "How many people, from all who could have answered",
            ("Step", *(group.title for group, _ in flows)),
            tuple(flow_rows(stretch)),
        )
        if flows
        else None,
        who_stayed=tuple((g.title, said.WHO_STAYED) for g, flow in flows if not flow.enough),
        compared=tuple(_compared(group) for group in stretch.groups if group.compared),
        first=_first(stretch),
        groups=tuple(_group(stretch, group, drawn) for group in stretch.groups),
        sure=(*sure, ("", f"{said.INTERVALS} {said.COMPLETE_PAIRS} {said.ROUNDED}")),
        cannot_tell=CANNOT_TELL,
        looking_back=said.LOOKING_BACK,
        annex=tuple(
            (
                f"{group.title}: the size of each change",
                ANNEX,
                tuple(annex_row(one) for one in group.lines if one.change),
            )
            for group in stretch.groups
            if any(one.change for one in group.lines)
        ),
        method=_method(stretch),
    )


def _group(stretch: Stretch, group: Group, drawn: Drawing) -> GroupShown:
    others = "for interest, the other lines" if group.main else "each line"
    tables = ((group.main, "main outcomes"), (group.others, others))
    return GroupShown(
        title=group.title,
        main=tuple((one.question, one.sentence) for one in group.main),
        sentence=picture_sentence(group),
        drawing=Markup(drawn(stretch, group)),  # noqa: S704 - escaped as it was drawn
        tables=tuple(
            (f"{group.title}: {what}", CHANGED, tuple(map(changed_row, lines)))
            for lines, what in tables
            if lines
        )
        + _goals(group),
        back=_looked_back(stretch, group),
    )


def _looked_back(stretch: Stretch, group: Group) -> Table | None:
    """The start as it was said then and as it was seen later, side by side."""
    if not group.looked_back:
        return None
    later = TIMES[stretch.times[1]]
    return (
        f"{group.title}: looking back at the start ({later[:1].lower()}{later[1:]})",
        BACK,
        tuple(
            (
                *(line.question, str(people), plain(back.start), plain(back.looking)),
                *(signed(back.difference), between(back.interval)),
            )
            for line, people, back in group.looked_back
        ),
    )


def _goals(group: Group) -> tuple[Table, ...]:
    """How many are at each level of each goal; nothing where nobody may be counted."""
    if not group.goal_levels:
        return ()
    levels = tuple(words for words, _ in group.goal_levels[0].cells)
    rows = tuple(
        (one.question, str(one.people), *(str(shown) for _, shown in one.cells))
        for one in group.goal_levels
    )
    return ((f"{group.title}: goals of their own, by level", ("Goal", "People", *levels), rows),)


def _method(stretch: Stretch) -> tuple[str, ...]:
    found = [said.SPREADS_METHOD, said.SPREADS_OF_CHANGE, said.RULE_OF_THUMB]
    for group in stretch.groups:
        if group.goal_mean is not None:
            found.append(f"{group.title}: {said.T_MEAN.format(mean=f'{group.goal_mean:.0f}')}")
    return tuple(found)


def _compared(group: Group) -> Table:
    return (
        f"{group.title}: the mean at the start, of those who answered at both times and of those "
        "who answered only then",
        ("Line", "Both times", "Only at the start"),
        tuple((one.question, plain(both), plain(once)) for one, both, once in group.compared),
    )


def _first(stretch: Stretch) -> str:
    if stretch.main is None:
        return (
            "No main outcomes were chosen before the first release. So no line counts more than "
            "another."
        )
    return (
        f"We said on {_day(stretch.main.on)} which lines we would look at first. They come first, "
        "whatever they show."
    )


def _day(text: str) -> str:
    return day_in_words(date.fromisoformat(text))


def flow_rows(stretch: Stretch) -> list[tuple[str, ...]]:
    """Each step from all who could have answered to those who did at both times, by group."""
    flows = [group.flow for group in stretch.groups if group.flow]
    first, last = (TIMES[time].lower() for time in stretch.times)

    def number(value: int | None) -> str:
        return "fewer than 10" if value is None else str(value)

    return [
        ("Could have answered", *(f"about {flow.eligible}" for flow in flows)),
        ("Said yes to group results", *(f"about {flow.willing}" for flow in flows)),
        (f"Answered {first}", *(number(flow.answered[0]) for flow in flows)),
        (f"Answered {last}", *(number(flow.answered[1]) for flow in flows)),
        ("Answered both times", *(number(flow.answered[2]) for flow in flows)),
    ]


CHANGED = (
    *("Line", "People", "Before, after", "Mean change", "95% interval", "Median change"),
    "Up, same, down",
)


def changed_row(one: Line) -> tuple[str, ...]:
    """One line of the table that says the same as the drawing, and the counts."""
    change = one.change
    if change is None:
        return (one.question, str(one.counted.people), *[_NONE] * 4, one.ways)
    means = _NONE
    if change.before is not None and change.after is not None:
        means = f"{plain(change.before)}, {plain(change.after)}"
    return (
        one.question,
        str(one.counted.people),
        means,
        signed(change.difference),
        between(change.interval),
        signed(change.median),
        one.ways,
    )


BACK = (
    *("Line", "People", "The start, as said then", "The start, looking back"),
    *("Mean change since looking back", "95% interval"),
)
ANNEX = (
    *("Line", "In typical spreads (d_av)", "95% interval", "In spreads of the change (d_z)"),
    *("Up by 2 or more", "Down by 2 or more"),
)
_NONE = "not shown"


def annex_row(one: Line) -> tuple[str, ...]:
    """What is for those who know statistics."""
    change = one.change
    assert change is not None
    around = change.spreads_interval
    far = change.far or (_NONE, _NONE)
    return (
        one.question,
        _NONE if change.spreads is None else f"{change.spreads:+g}".replace("-", "−"),
        f"{around.low:g} to {around.high:g}".replace("-", "−") if around else _NONE,
        _NONE
        if change.spreads_of_change is None
        else f"{change.spreads_of_change:+g}".replace("-", "−"),
        *map(str, far),
    )
