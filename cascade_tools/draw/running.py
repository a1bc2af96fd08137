"""How a programme is running, and what can be told a funder, as HTML for a page and for paper."""

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from cascade_tools.draw.knowledge import width
from cascade_tools.draw.templates import render
from cascade_tools.draw.typeset import pdf
from cascade_tools.model.funder import Funder
from cascade_tools.model.knowledge import ReleasedNote
from cascade_tools.model.running import Ready, Shown, up_to
from cascade_tools.model.typed import day_in_words

# With more words than this, in letters of ordinary width, a funder's sheet has smaller letters.
ROOMY = 900
FUNDER = "What we can tell a funder"
QUOTED = "From cards that nobody signed. Their writers said that they may be published."
NOT_QUOTED = "We quote only what its writer said may be published. There is nothing yet."
NOTHING_SAID = "Not yet. We quote only what its writer said may be published."
BANDS = (
    "Numbers stand in bands of five, so that nobody can be picked out of them. “Fewer than 5” may "
    "be none at all. They say what took place. They do not say what came of it."
)


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
    return render("parts/funder.html", **_funders_words(page, programme))


def funder_pdf(page: Funder, programme: str) -> bytes:
    """The same as a PDF/UA-1 file of one sheet.  Raises ``NotPossible`` as ``typeset.pdf``."""
    return pdf("funder.typ", _funders_words(page, programme), title=FUNDER, lang="en-GB")


def _funders_words(page: Funder, programme: str) -> dict[str, Any]:
    """What the page says, for whichever kind of paper."""
    taken, sessions, supervision = page.counts
    words = (programme, *page.quotes, *page.themes, page.note.title if page.note else "")
    return {
        "full": sum(map(width, words)) > ROOMY,
        "programme": programme,
        "on": day_in_words(page.on),
        "counts": [
            (
                "Places taken",
                up_to(taken, page.places) if page.places else taken.shown,
                f"Of {page.places} that were offered."
                if page.places
                else "How many were offered is not said here.",
            ),
            ("Coaching sessions held", sessions.shown, sessions.note),
            (
                "Meetings of coaches with a supervisor",
                supervision.shown,
                "Coaches bring their own work there.",
            ),
        ],
        "useful": _useful(page),
        "quotes": list(page.quotes),
        "quoted": QUOTED if page.quotes else NOT_QUOTED if page.useful else NOTHING_SAID,
        "learned": _learned(page),
        "nobody": "We do not report on any person.",
        "ours": "What coach and leader say to each other is not ours to tell.",
        "bands": BANDS,
    }


def _useful(page: Funder) -> str:
    if not page.useful:
        return ""
    said = "; ".join(f"{one.words}: {one.shown}" for one in page.useful)
    return f"We asked at the end of each workbook: “Was this useful?” {said} answers."


def _learned(page: Funder) -> str:
    if page.note is None:
        return "There is no learning note yet."
    about = f", is about: {'; '.join(page.themes)}" if page.themes else ""
    return (
        f"“{page.note.title}”, a learning note of {day_in_words(page.note.on)}{about}. Ask us for "
        "it."
    )
