"""How a programme is running, and what can be told a funder, as HTML for a page and for paper."""

from collections.abc import Sequence

from markupsafe import Markup

from cascade_tools.draw.knowledge import width
from cascade_tools.draw.templates import render
from cascade_tools.model.funder import Funder
from cascade_tools.model.knowledge import ReleasedNote
from cascade_tools.model.running import Ready, Shown, up_to
from cascade_tools.model.typed import day_in_words

# With more words than this, in letters of ordinary width, a funder's sheet has smaller letters.
ROOMY = 900


def running_html(
    safe: Shown,
    exact: Shown | None,
    ready: Sequence[Ready] | None,
    notes: Sequence[ReleasedNote],
    programme: str,
    given: str = "",
) -> Markup:
    """The counts.  With ``exact`` and ``ready``, for those who lead, these stand on the screen and
    ``safe`` on paper; without, ``safe`` stands on both.  ``given`` is where leads read what was
    given to the programme."""
    return render(
        "parts/running.html",
        safe=safe,
        exact=exact,
        ready=ready,
        given=given,
        themes=[theme.name for note in notes[:1] for theme in note.themes],
        on=day_in_words(safe.on),
        date=day_in_words,
        programme=programme,
    )


def funder_html(page: Funder, programme: str) -> Markup:
    """One page that can be given away, the same on the screen and on paper."""
    taken, sessions, supervision = page.counts
    words = (programme, *page.quotes, *page.themes, page.note.title if page.note else "")
    return render(
        "parts/funder.html",
        page=page,
        full=sum(map(width, words)) > ROOMY,
        taken=up_to(taken, page.places) if page.places else taken.shown,
        sessions=sessions,
        supervision=supervision,
        on=day_in_words(page.on),
        note_on=day_in_words(page.note.on) if page.note else "",
        programme=programme,
    )
