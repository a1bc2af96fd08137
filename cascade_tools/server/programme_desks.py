"""The desks of those who lead or evaluate a programme: how it is running, what a funder is told.

To everybody else they are not there: the records see to that.
"""

from markupsafe import Markup

from cascade_tools.draw.running import funder_html, running_html
from cascade_tools.model.funder import funder as funders_page
from cascade_tools.model.people import Role
from cascade_tools.model.running import Shown, exact, suppressed
from cascade_tools.server.base import Page
from cascade_tools.server.pairs import today_of


def running(page: Page) -> Markup:
    """How the programme is running: exact for a lead's own screen, in bands for all else."""
    gate, person, settings = page.records.running, page.person.id, page.serving.settings
    notes, name = page.records.knowledge.notes(person), settings.programme_name
    if not page.has(Role.LEAD):
        return running_html(_safe(page), None, None, notes, name)
    counted = gate.exact(person, settings.plan, today_of(page.serving))
    ready = gate.ready(person)
    return running_html(suppressed(counted), exact(counted), ready, notes, name, page.to("sent"))


def funder(page: Page) -> Markup:
    """What can be told a funder: the same on the screen and on paper."""
    settings = page.serving.settings
    notes = page.records.knowledge.notes(page.person.id)
    made = funders_page(_safe(page), settings.plan.places, notes)
    return funder_html(made, settings.programme_name)


def _safe(page: Page) -> Shown:
    plan, today = page.serving.settings.plan, today_of(page.serving)
    return page.records.running.shown(page.person.id, plan, today)
