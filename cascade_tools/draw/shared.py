"""What a reader sees of a shared reflection: one function for the preview and for the reading."""

from datetime import datetime
from typing import Any

from markupsafe import Markup

from cascade_tools.draw.details import Look
from cascade_tools.draw.templates import render


def shared_html(body: dict[str, Any], title: str, look: Look | None = None) -> Markup:
    """The words of a snapshot as HTML.  ``body`` as in ``model.entry.Document``.

    Preview and reading call this with the same body and get the same bytes.  With a ``look``, for
    the author before sharing, what looks like personal detail is marked.
    """
    written = _written(body)
    return render("parts/shared.html", body=body, title=title, written=written, look=look)


def _written(body: dict[str, Any]) -> str:
    """The day the last of it was written."""
    times = [a["saved_at"] for page in body["pages"] for a in page["answers"]]
    if not times:
        return ""
    last = datetime.fromisoformat(max(times))
    return f"{last.day} {last:%B %Y}"
