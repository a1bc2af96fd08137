"""Something a person is told on their home page: one sentence, and where to go with it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """``go`` is the text of a link to ``address``; both are empty where there is nothing to do."""

    words: str
    address: str = ""
    go: str = ""
