"""Every address of practice, once: for whoever is signed in, and for a room without accounts."""

from cascade_tools.server.answer import Answer
from cascade_tools.server.conversations import Conversation
from cascade_tools.server.drills import DrillPage, StatementsPage
from cascade_tools.server.practice import PracticePage
from cascade_tools.server.practice_cards import CardsPage

NAME = r"([a-z0-9-]+)"
PAGES: tuple[tuple[str, type[Answer]], ...] = (
    ("practice", PracticePage),
    (rf"practice/conversations/{NAME}", Conversation),
    (rf"practice/drills/{NAME}", DrillPage),
    (rf"practice/statements/{NAME}", StatementsPage),
    (rf"practice/cards/{NAME}", CardsPage),
)


def practice_pages(kind: type[Answer]) -> list[tuple[str, type[Answer]]]:
    """Addresses and handlers, each made a page of this kind; what the kind says goes first."""
    return [(address, type(page.__name__, (kind, page), {})) for address, page in PAGES]
