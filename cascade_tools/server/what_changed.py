"""The desk that shows what changed, to those who lead or evaluate the programme."""

from markupsafe import Markup

from cascade_tools.draw.what_changed import what_changed_html
from cascade_tools.model.what_changed import what_changed as in_order
from cascade_tools.server.base import Page


def what_changed(page: Page) -> Markup:
    """What was released of change, or how to come to a first release."""
    releases = page.records.releases.all(page.person.id)
    return what_changed_html(in_order(releases), page.records.outcomes.main())
