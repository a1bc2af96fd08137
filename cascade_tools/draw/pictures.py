"""The pictures a page can draw, and the one way a picture becomes HTML."""

from markupsafe import Markup

from cascade_tools.draw.balance import balance
from cascade_tools.draw.iceberg import iceberg
from cascade_tools.draw.map import leadership_map
from cascade_tools.draw.outcomes import outcomes
from cascade_tools.draw.templates import render
from cascade_tools.draw.thinking import thinking
from cascade_tools.model.picture import Picture

__all__ = ["balance", "iceberg", "leadership_map", "outcomes", "picture_html", "thinking"]


def picture_html(picture: Picture) -> Markup:
    """A picture as one section: heading, sentence, blocks, drawing, table, what is folded, notes.

    Everything but the drawing is escaped here; the drawing was escaped as it was drawn.
    """
    return render("parts/picture.html", picture=picture)
