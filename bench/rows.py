"""What a measurement says: ours, the peer's, and whether the goal is met."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from math import ceil
from statistics import median
from typing import Any


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table.

    ``ours`` and ``peer`` are medians in ``unit``.  ``goal`` is the most that ``ratio`` (ours over
    peer) may be, where ``absolute`` the most that ``ours`` may be, and where ``at_least`` the least
    that ``ratio`` may be.  ``runs`` counts measured runs of each side; ``note`` says what a reader
    would otherwise have to ask.
    """

    number: int
    name: str
    against: str
    ours: float
    peer: float
    unit: str
    goal: float
    absolute: bool = False
    at_least: bool = False
    runs: int = 1
    note: str = ""

    @property
    def ratio(self) -> float | None:
        return self.ours / self.peer if self.peer else None

    @property
    def met(self) -> bool:
        if self.absolute:
            return self.ours <= self.goal
        if self.ratio is None:
            return False
        return self.ratio >= self.goal if self.at_least else self.ratio <= self.goal

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"ratio": self.ratio, "met": self.met}


@dataclass(frozen=True, slots=True)
class Point:
    """What a crowd of that many costs: one point of a ``line`` of the plot.

    ``note`` says how many of a crowd were served, where that was not everybody.
    """

    panel: str
    line: str
    people: int
    value: float
    note: str = ""


@dataclass(frozen=True, slots=True)
class Measured:
    """What a measurement found: rows of the table, and points of the plot."""

    rows: list[Row]
    points: list[Point] = field(default_factory=list)


def compared(
    number: int,
    name: str,
    against: str,
    ours: Sequence[float],
    peer: Sequence[float],
    unit: str,
    goal: float,
    **more: Any,
) -> Row:
    """A row from the single runs of both sides."""
    return Row(
        number, name, against, median(ours), median(peer), unit, goal, runs=len(ours), **more
    )


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least ``share`` of all values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, ceil(len(ordered) * share) - 1)]
