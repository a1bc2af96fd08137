"""Draws how the issue of one pair looks, session by session: tables of words, side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from cascade_tools.draw.templates import render
from cascade_tools.model.issue import BALANCE, BELOW, THINKING, Issue, session_words

NOTES: Mapping[str, str] = {
    BELOW: "Deeper is not better. Useful depth is the depth that helped.",
    THINKING: "A thinking aid, not a test.",
    BALANCE: "These are two separate things. Both are good.",
}


@dataclass(frozen=True, slots=True)
class Source:
    """A sheet that the words come from: its title, where it can be read whole, a quiet line."""

    title: str
    href: str
    about: str


def issue_html(
    issue: Issue, sources: Mapping[int | None, Sequence[Source]], nothing: str
) -> Markup:
    """Every part as a table with a column for each session; on a phone the sessions stack.

    ``sources`` are the sheets of each session, ``nothing`` stands where one has no answer.
    """
    return render(
        "parts/issue.html",
        issue=issue,
        sessions=[_heading(session) for session in issue.sessions],
        sources=[(_heading(s), list(sources.get(s, ()))) for s in issue.sessions],
        notes=NOTES,
        nothing=nothing,
    )


def _heading(session: int | None) -> str:
    words = session_words(session)
    return words[0].upper() + words[1:]
