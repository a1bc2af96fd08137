"""Small forms with a date in three boxes: what was typed stays, what is wrong is one sentence."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from cascade_tools.model.typed import day_of
from cascade_tools.server.base import Page

FIELDS = ("on-day", "on-month", "on-year", "minutes", "how", "by")
NO_DAY = "Write a real day, such as 27 3 2026."
STILL_TO_COME = "This day is still to come. Write the day it was."


@dataclass(frozen=True, slots=True)
class Wrong:
    """A form that could not be accepted: which, one sentence for each field, and what was typed."""

    form: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)


NOTHING_WRONG = Wrong()


def typed(page: Page) -> dict[str, str]:
    """What stands in the form just posted."""
    return {name: page.get_body_argument(name, "") for name in FIELDS}


def typed_day(page: Page) -> date | None:
    """The day in the three boxes; None where it is no real day."""
    parts = [page.get_body_argument(f"on-{p}", "") for p in ("day", "month", "year")]
    return day_of("-".join(parts))
