"""``/practice/cards/<name>``: one card at a time, to talk about.  No card has an answer."""

from cascade_tools import content
from cascade_tools.model.practice import Cards, shuffled
from cascade_tools.server.practice import Practising


class CardsPage(Practising):
    """``seed`` is what the cards are shuffled by, and ``at`` how many came before."""

    def get(self, id: str) -> None:
        self._card(self.one_of(content.cards(self.local), id), 0)

    def post(self, id: str) -> None:
        self._card(self.one_of(content.cards(self.local), id), self.whole("at") + 1)

    def _card(self, cards: Cards, at: int) -> None:
        seed = self.seed
        self.show(
            "practice-card.html",
            cards=cards,
            card=shuffled(cards.items, seed)[at % len(cards.items)],
            seed=seed,
            at=at,
            here=self.to(f"practice/cards/{cards.id}"),
        )
