"""What a reader sees of a shared reflection: one function for the preview and for the reading."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup

from cascade_tools.draw.details import Look
from cascade_tools.draw.templates import render


@dataclass(frozen=True, slots=True)
class Said:
    """One thing said to an answer: who, when (a time in words), and the words.

    Somebody else's words have an address that says whether they may still be read (``still``), and
    a sentence for when they may not (``gone``).
    """

    who: str
    when: str
    words: str
    mine: bool = False
    still: str = ""
    gone: str = ""


@dataclass(frozen=True, slots=True)
class Quoted:
    """What a box answers: the question it belongs to, and what was said.

    ``begins``: it is the answer itself, and no answer to an answer.  ``heading``: the question has
    not been on the page yet; ``before`` is what the person of this page had written under it.
    """

    question: str
    said: Said
    begins: bool
    heading: bool
    before: str = ""


def shared_html(
    body: dict[str, Any],
    title: str,
    look: Look | None = None,
    said: Mapping[str, Sequence[Said]] | None = None,
) -> Markup:
    """The words of a snapshot as HTML.  ``body`` as in ``model.entry.Document``.

    Preview and reading call this with the same body and get the same bytes.  With a ``look``, for
    the author before sharing, what looks like personal detail is marked.  ``said`` is what two
    people said to an answer, by its key.
    """
    return render(
        "parts/shared.html",
        body=body,
        title=title,
        written=_written(body),
        look=look,
        said=said or {},
    )


def beside_html(quoted: Quoted | None, line: str, box: Markup, written: bool) -> Markup:
    """A box with what it answers above it.  It is folded away until there is something in it;
    ``line`` is what the fold says.  None where what it answers may be read no more."""
    return render("parts/beside.html", quoted=quoted, line=line, box=box, written=written)


def _written(body: dict[str, Any]) -> str:
    """The day the last of it was written."""
    times = [a["saved_at"] for page in body["pages"] for a in page["answers"]]
    if not times:
        return ""
    last = datetime.fromisoformat(max(times))
    return f"{last.day} {last:%B %Y}"
