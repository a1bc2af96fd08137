"""Whom people are told to ring: whether somebody has looked lately that the numbers are right."""

import hashlib
from datetime import date

from cascade_tools.model.people import Person, Role
from cascade_tools.model.typed import day_in_words, day_of
from cascade_tools.server.lines import Line
from cascade_tools.server.pairs import today_of
from cascade_tools.server.serving import Serving

CHECK_AGAIN_DAYS = 90
HOW = "Ring each of them, then write the day in programme.toml, as checked_on."


def contacts_due(serving: Serving, person: Person) -> list[Line]:
    """Leads are reminded when nobody has checked the numbers for 90 days."""
    if Role.LEAD not in person.roles or serving.settings.demo:
        return []
    checked = checked_on(serving)
    if checked is not None and (today_of(serving) - checked).days < CHECK_AGAIN_DAYS:
        return []
    since = f"since {day_in_words(checked)}" if checked else "yet"
    return [
        Line(
            f"Nobody has checked the numbers people are told to ring {since}. {HOW}",
            serving.addresses.to("worried"),
            "See the numbers",
        )
    ]


def edition(serving: Serving) -> str:
    """Another word for each state of the numbers, so that browsers do not keep old ones."""
    settings = serving.settings
    said = (settings.safeguarding, settings.support, settings.not_right, settings.checked_on)
    return hashlib.sha256(repr(said).encode()).hexdigest()[:8]


def checked_on(serving: Serving) -> date | None:
    """The day the numbers were last checked; None where none is given."""
    return day_of(serving.settings.checked_on)
