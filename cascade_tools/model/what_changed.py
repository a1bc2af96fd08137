"""What changed, put in order for whoever reads it: from releases alone, which are safe already.

The order is that of the programme's evaluation: how many could have answered, how many did at
both times, what changed, how sure we are, and what this cannot tell.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from cascade_tools.model.change import Change, Interval, LookingBack, direction, in_spreads
from cascade_tools.model.group_results import (
    BACK,
    COACHES,
    LEADERS,
    LOWER_IS_BETTER,
    Counted,
    Flow,
    MainOutcomes,
    Release,
)
from cascade_tools.model.journey import TIMES

# From the start to each later time, the whole programme first.
STRETCHES = (("start", "end"), ("start", "six-months"), ("start", "half-way"))
# What counting says where nearly everybody is in one place.  In a small group that may be eight of
# twelve, so it is told by those who are left: fewer than five.
ALMOST_ALL = "almost all"
SHORT = ("up", "same", "down")
GROUPS = {LEADERS: "Leaders", COACHES: "Coaches"}
# By group, workbook and key.
_Places = dict[tuple[str, str, str], Counted]


@dataclass(frozen=True, slots=True)
class Line:
    """One question of one group, from one time to another.

    ``counted`` is the newest count of it, ``left`` that of people who answered at the start and
    not at the end, ``back`` of those who looked back at the start; ``main`` says whether the
    programme chose it in advance.
    """

    counted: Counted
    left: Counted | None = None
    back: Counted | None = None
    main: bool = False

    @property
    def question(self) -> str:
        """The question, with what has to stand beside it where a lower number is the better one."""
        asked = self.counted.question
        return f"{asked} (here lower is better)" if self.lower else asked

    @property
    def lower(self) -> bool:
        return self.counted.key in LOWER_IS_BETTER

    @property
    def change(self) -> Change | None:
        return self.counted.change

    @property
    def ways(self) -> str:
        """How many went which way, as short as a table needs it."""
        short = dict(zip((words for words, _ in self.counted.cells), SHORT, strict=True))
        cells = self.counted.cells
        most = [short[words] for words, shown in cells if shown == ALMOST_ALL]
        if most:
            return f"all but a few {most[0]}"
        known = [f"{shown} {short[words]}" for words, shown in cells if isinstance(shown, int)]
        if not known:
            return "not shown"
        return ", ".join(known) + ("" if len(known) == len(cells) else ", rest not shown")

    @property
    def counts(self) -> str:
        """The same as a sentence, without what is not shown."""
        cells = self.counted.cells
        most = [words for words, shown in cells if shown == ALMOST_ALL]
        if most:
            return f"Of {self.counted.people} people all but a few (fewer than 5) {most[0]}."
        known = [f"{shown} {words}" for words, shown in cells if isinstance(shown, int)]
        if not known:
            return f"It is about {self.counted.people} people."
        rest = "" if len(known) == len(cells) else " The other counts are not shown."
        return f"Of {self.counted.people} people {_listed(known)}.{rest}"

    @property
    def sentence(self) -> str:
        """All of it in words."""
        if self.change is None:
            return f"{self.counts} Too many changed alike to say more."
        mean = self.change.difference
        low, high = self.change.interval.low, self.change.interval.high
        way = direction(mean, lower_is_better=self.lower)
        by = f" by {plain(abs(mean))} points" if mean else ""
        between = ""
        if self.change.before is not None and self.change.after is not None:
            between = f", from {plain(self.change.before)} to {plain(self.change.after)}"
        spreads = self.change.spreads
        size = f" That is {in_spreads(spreads)}." if spreads is not None and mean else ""
        return (
            f"On average it {way}{by}{between}. The true mean change may well lie anywhere from "
            f"{signed(low)} to {signed(high)}.{size} {self.counts}"
        )


@dataclass(frozen=True, slots=True)
class Group:
    """Leaders, or coaches: the lines chosen in advance, and the others; where they were with their
    goals at the later time."""

    name: str
    flow: Flow | None
    main: tuple[Line, ...]
    others: tuple[Line, ...]
    goals: tuple[Counted, ...] = ()

    @property
    def title(self) -> str:
        return GROUPS[self.name]

    @property
    def lines(self) -> tuple[Line, ...]:
        return self.main + self.others

    @property
    def people(self) -> int:
        """The most people behind any line."""
        return max(line.counted.people for line in self.lines)

    @property
    def goal_levels(self) -> tuple[Counted, ...]:
        """Each goal by its levels, those that were changed apart."""
        return tuple(one for one in self.goals if one.cells)

    @property
    def goal_mean(self) -> float | None:
        """The mean of T, for the annex."""
        return next((one.mean for one in self.goals if one.mean is not None), None)

    @property
    def looked_back(self) -> tuple[tuple[Line, int, LookingBack], ...]:
        """Each line with how many looked back at the start, and what they said."""
        return tuple(
            (line, line.back.people, line.back.back)
            for line in self.lines
            if line.back and line.back.back
        )

    @property
    def by_coach(self) -> bool:
        """Whether coaches had more than two of these leaders on average."""
        return any(line.change is not None and line.change.by_coach for line in self.lines)

    @property
    def compared(self) -> tuple[tuple[Line, float, float], ...]:
        """The means at the start of those who answered twice, and of those who did not."""
        return tuple(
            (line, line.change.before, line.left.mean)
            for line in self.lines
            if line.left and line.left.mean is not None
            and line.change and line.change.before is not None
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stretch:
    """Everything known from one time to another.  ``month`` is when the newest of it was released,
    as ``"2026-11"``."""

    times: tuple[str, str]
    month: str
    groups: tuple[Group, ...]
    main: MainOutcomes | None

    @property
    def title(self) -> str:
        first, last = (TIMES[time] for time in self.times)
        return f"{first} and {last[:1].lower()}{last[1:]}"


def what_changed(releases: Sequence[Release]) -> tuple[Stretch, ...]:
    """What was released of change, the whole programme first; ``releases`` are oldest first.

    Of a thing that was counted several times the newest count is shown.
    """
    return tuple(_stretches(releases))


def _stretches(releases: Sequence[Release]) -> Iterator[Stretch]:
    main = releases[-1].main if releases else None
    for times in STRETCHES:
        newest: _Places = {}
        left: _Places = {}
        back: _Places = {}
        goals: _Places = {}
        flow: dict[str, Flow] = {}
        month = ""
        for release in releases:
            for one in release.counted:
                place = one.group, one.workbook, one.key
                if one.times == times:
                    newest[place], month = one, release.month
                elif one.without == times[1]:
                    left[place] = one
                elif one.back and one.times == (BACK.get(times[1]), times[1]):
                    back[place] = one
                elif one.times == times[1:] and one.key.startswith("goal"):
                    goals[place] = one
            flow |= {one.group: one for one in release.flow if one.times == times}
        groups = tuple(
            replace(
                _group(group, flow.get(group), these, (left, back), main),
                goals=tuple(one for one in goals.values() if one.group == group),
            )
            for group in GROUPS
            if (these := [one for one in newest.values() if one.group == group])
        )
        if groups:
            yield Stretch(times, month, groups, main)


def _group(
    name: str,
    flow: Flow | None,
    counted: Sequence[Counted],
    beside: tuple[_Places, _Places],
    main: MainOutcomes | None,
) -> Group:
    keys = main.keys if main else ()

    def chosen(one: Counted) -> bool:
        return main is not None and one.workbook == main.workbook and one.key in keys

    lines = []
    for one in counted:
        left, back = (found.get((one.group, one.workbook, one.key)) for found in beside)
        lines.append(Line(one, left, back, main=chosen(one)))
    first = sorted((one for one in lines if one.main), key=lambda one: keys.index(one.counted.key))
    return Group(name, flow, tuple(first), tuple(one for one in lines if not one.main))


def _listed(words: Sequence[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def plain(value: float) -> str:
    """A number with one place after the point, and a real minus sign."""
    return f"{value:.1f}".replace("-", "\N{MINUS SIGN}")


def signed(value: float) -> str:
    """The same with its sign, except for 0."""
    return plain(value) if value <= 0 else f"+{value:.1f}"


def between(interval: Interval | None) -> str:
    """An interval in words."""
    return f"{signed(interval.low)} to {signed(interval.high)}" if interval else "not known"
