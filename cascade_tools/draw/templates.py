"""The one Jinja environment: every page, prompt and picture is escaped by it."""

from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from cascade_tools.draw.words import markdown
from cascade_tools.kit import kit_folder


@cache
def environment() -> Environment:
    """Templates from the kit's ``templates`` folder; a name nobody passed in is an error.

    Raises ``SettingsFault`` when the kit's folder is missing.
    """
    made = Environment(
        loader=FileSystemLoader(kit_folder("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters["markdown"] = markdown
    return made


def render(template: str, /, **values: Any) -> Markup:
    """One template with these values; everything in them is escaped."""
    return Markup(environment().get_template(template).render(**values))  # noqa: S704 - autoescaped
