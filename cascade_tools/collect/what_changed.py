"""What changed as a table: one row for each line of each group, from the start to a later time."""

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from cascade_tools.collect.columns import Column
from cascade_tools.collect.tables import TEXT
from cascade_tools.model.group_results import Release
from cascade_tools.model.journey import TIMES
from cascade_tools.model.what_changed import Group, Line, Stretch
from cascade_tools.model.what_changed import what_changed as in_order

_LEADS = "Programme leads and evaluators"
_POINTS = "points, rounded as group results are"


def _words(meaning: str, unit: str = "") -> Column:
    return Column(meaning, "string", unit, _LEADS)


def _number(meaning: str, unit: str = _POINTS) -> Column:
    return Column(f"{meaning}; missing where it is not shown", "Float64", unit, _LEADS)


def _count(meaning: str) -> Column:
    return Column(f"{meaning}; missing where it is not shown", "Int64", "people", _LEADS)


COLUMNS = {
    "month": _words("When the newest of it was released", "month, as 2026-11"),
    "group": _words("Who is counted: leaders or coaches"),
    "workbook": _words("Which workbook the line stands in"),
    "key": _words("The line's short name, which never changes"),
    "question": _words("The line as it was last asked"),
    "lower_is_better": Column("Whether a lower number is the better one", "bool", "", _LEADS),
    "main": Column("Whether it was chosen as a main outcome in advance", "bool", "", _LEADS),
    "chosen_on": _words("When the main outcomes were chosen; missing if none were", "day"),
    "from": _words("The time before"),
    "to": _words("The time after"),
    "eligible": _count("How many could have answered, to the nearest five"),
    "people": _count("How many answered this line at both times"),
    "before": _number("The mean before, of those who answered at both times"),
    "after": _number("The mean after, of the same people"),
    "change": _number("The mean change, after minus before"),
    "low": _number("Where the 95% interval of the mean change begins, rounded outwards"),
    "high": _number("Where it ends, rounded outwards"),
    "rounded_to": _number("To what these are rounded", "points"),
    "by_coach": Column("Whether coaches had over two of them on average", "boolean", "", _LEADS),
    "median": _number("The middle change", "points"),
    "went_up": _count("How many went up"),
    "stayed_the_same": _count("How many stayed the same"),
    "went_down": _count("How many went down"),
    "up_by_2": _count("How many went up by two points or more"),
    "down_by_2": _count("How many went down by two points or more"),
    "d_av": _number("The mean change in typical spreads, corrected for few", "typical spreads"),
    "d_av_low": _number("Where its 95% interval begins (bootstrap)", "typical spreads"),
    "d_av_high": _number("Where its 95% interval ends (bootstrap)", "typical spreads"),
    "d_z": _number("The mean change in spreads of the change", "spreads of the change"),
    "only_at_start": _count("How many answered at the start and not at the end"),
    "only_at_start_mean": _number("Their mean at the start"),
    "looked_back": _count("How many answered at both times and looked back at the start"),
    "looked_back_start": _number("Their mean at the start, as they said then"),
    "looked_back_mean": _number("Their mean at the start, as they saw it later"),
    "looked_back_change": _number("Their mean change, after minus looking back"),
    "looked_back_low": _number("Where its 95% interval begins, rounded outwards"),
    "looked_back_high": _number("Where it ends, rounded outwards"),
}


def what_changed(releases: Sequence[Release]) -> pd.DataFrame:
    """Everything that was released of change: one row for each line, group and later time.

    The order is that of the report: the whole programme first, main outcomes first.  A number
    that is missing is not shown, because it would be about too few people, or is in words only
    (almost all, almost none).  Columns: see ``dictionary("what_changed")``.
    """
    rows = [
        _row(stretch, group, line)
        for stretch in in_order(releases)
        for group in stretch.groups
        for line in group.lines
    ]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    types = {name: TEXT if c.type == "string" else c.type for name, c in COLUMNS.items()}
    frame = frame.astype(types)
    frame.attrs["table"] = "what_changed"
    return frame


def _row(stretch: Stretch, group: Group, line: Line) -> dict[str, Any]:
    counted, change, left = line.counted, line.change, line.left
    up, same, down = (shown if isinstance(shown, int) else None for _, shown in counted.cells)
    found: dict[str, Any] = {
        "month": stretch.month,
        "group": group.name,
        "workbook": counted.workbook,
        "key": counted.key,
        "question": counted.question,
        "lower_is_better": line.lower,
        "main": line.main,
        "chosen_on": stretch.main.on if stretch.main else None,
        "from": TIMES[stretch.times[0]],
        "to": TIMES[stretch.times[1]],
        "eligible": group.flow.eligible if group.flow else None,
        "people": counted.people,
        "went_up": up,
        "stayed_the_same": same,
        "went_down": down,
    }
    if change is not None:
        found |= {
            "before": change.before,
            "after": change.after,
            "change": change.difference,
            "low": change.interval.low,
            "high": change.interval.high,
            "rounded_to": change.step,
            "by_coach": change.by_coach,
            "median": change.median,
            "d_av": change.spreads,
            "d_z": change.spreads_of_change,
        }
        found |= _both(change.far, "up_by_2", "down_by_2")
        around = change.spreads_interval
        found |= _both((around.low, around.high) if around else None, "d_av_low", "d_av_high")
    if left is not None:
        found |= {"only_at_start": left.people, "only_at_start_mean": left.mean}
    if line.back is not None and (back := line.back.back) is not None:
        found |= {
            "looked_back": line.back.people,
            "looked_back_start": back.start,
            "looked_back_mean": back.looking,
            "looked_back_change": back.difference,
            "looked_back_low": back.interval.low,
            "looked_back_high": back.interval.high,
        }
    return found


def _both(values: Iterable[float] | None, *names: str) -> dict[str, float]:
    return dict(zip(names, values, strict=True)) if values else {}
