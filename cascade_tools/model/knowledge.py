"""Knowledge capture: cards that nobody signs, themes made of them, and a note that is printed.

In four rounds people write cards without an account.  Programme leads put them into themes, and
``check`` says before print what may stand in the note.  Its rules, after those for small numbers
in group results (which count people; here cards are counted, because nobody knows whose they are):

- fewer than ten people in the room, or nobody said how many: no card is quoted;
- a card is quoted only if its writer allowed it, nobody set it aside, no detail of a person was
  found in it (or a lead looked and kept it in), and its theme has at least five cards;
- no count is exact: "fewer than 5 cards", or rounded down to fives;
- there are no totals, of cards or of people: with one card from each person, "at least 10 people"
  beside six themes could already say that each small theme is one card;
- fewer cards are quoted than a step of counting has: those left over are not counted either;
- themes stand by what is printed of them, never by their true size;
- nothing a lead writes may repeat a card that may not be quoted.

An event is printed in one way only: once its note is released, cards and themes stay where they
are, and a later note can only leave quotes out.  So there is nothing to compare two prints by.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

ROUNDS = ("worked", "in-the-way", "where-else", "next-cohort")
MIN_PEOPLE = 10
MIN_CARDS = 5
# Of each round.  It must stay below ``MIN_CARDS``; the note has two pages for four rounds of this.
MOST_QUOTES = 2
MOST_THEMES = 12
MOST_CARDS = 2000
MOST_PEOPLE = 1000
# In characters, of one paragraph each.
MOST_CHARACTERS = 300
MOST_IN_TITLE = 80
MOST_IN_WHERE = 200
MOST_IN_NAME = 40
MOST_IN_SUMMARY = 500
# As many words in a row are a quotation.
RUN, SHORTEST = 5, 4


@dataclass(frozen=True, slots=True)
class KnowledgeCard:
    """One card.  ``publish`` is its writer's word; ``kept_in`` a lead's: no detail of a person."""

    id: str
    round: str
    words: str
    publish: bool = False
    theme_id: str | None = None
    aside: bool = False
    kept_in: bool = False


@dataclass(frozen=True, slots=True)
class Theme:
    id: str
    round: str
    name: str


@dataclass(frozen=True, slots=True)
class Note:
    """What leads write themselves, by round, and the ids of the cards they want to quote."""

    summaries: Mapping[str, str]
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """One event as those who lead see it.

    ``round`` is the newest that is open, 0 before the first.  ``people`` were in the room, as far
    as somebody said.  ``code`` is empty once the event is closed.  ``goes`` is the first day on
    which all of it but a released note may be erased.
    """

    id: str
    title: str
    where: str
    on: date
    code: str
    round: int
    people: int | None
    closed: bool
    released: bool
    note: Note
    cards: tuple[KnowledgeCard, ...] = ()
    themes: tuple[Theme, ...] = ()
    goes: date | None = None


@dataclass(frozen=True, slots=True)
class OpenEvent:
    """What somebody who has the code may know."""

    id: str
    title: str
    round: int


@dataclass(frozen=True, slots=True)
class PrintedTheme:
    """A theme as it is printed: no number that is exact, and only words that may be there."""

    round: str
    name: str
    count: str
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReleasedNote:
    """The learning note as it was released: it holds nobody, and stays when the cards go."""

    event_id: str
    title: str
    where: str
    on: date
    summaries: Mapping[str, str]
    themes: tuple[PrintedTheme, ...]
    released_on: date


class Why(StrEnum):
    """Why something is not printed."""

    NOT_ALLOWED = "not-allowed"
    ASIDE = "aside"
    DETAIL = "detail"
    FEW_PEOPLE = "few-people"
    ALONE = "alone"
    FEW_CARDS = "few-cards"
    ENOUGH = "enough"
    GONE = "gone"
    EMPTY = "empty"

    @property
    def words(self) -> str:
        return SENTENCES[self]


SENTENCES = {
    Why.NOT_ALLOWED: "Its writer did not say that it may be published.",
    Why.ASIDE: "You set it aside.",
    Why.DETAIL: "It may point to a person. Read it again. If it does not, keep it in.",
    Why.FEW_PEOPLE: f"We quote no card unless at least {MIN_PEOPLE} people were in the room.",
    Why.ALONE: "It stands in no theme. A card on its own may show who wrote it.",
    Why.FEW_CARDS: f"Its theme has fewer than {MIN_CARDS} cards. We print the name of the theme.",
    Why.ENOUGH: f"You have chosen {MOST_QUOTES} cards of this round. That is as many as we print.",
    Why.GONE: "Its writer took it back.",
    Why.EMPTY: "There is no card in this theme, so we do not print it.",
}
REPEATS = "This repeats a card that may not be printed. Please say it in your own words."


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A card that was to be quoted, or a theme, that is not printed."""

    id: str
    why: Why


@dataclass(frozen=True, slots=True)
class Check:
    """What is printed, and what is not.

    ``may_quote`` are the cards that may be quoted, ``why_not`` says it of each of the others.
    ``left_out`` is what would have been printed but for a rule.  ``stops`` must be put right
    before the note is released: a sentence by what it is about (``"title"``, ``"where"``, a round,
    or the id of a theme).
    """

    themes: tuple[PrintedTheme, ...]
    may_quote: frozenset[str]
    why_not: Mapping[str, Why]
    left_out: tuple[LeftOut, ...]
    stops: Mapping[str, str]


def enough_people(event: Event) -> bool:
    return event.people is not None and event.people >= MIN_PEOPLE


def counted(cards: int) -> str:
    """A number of cards as it may be printed."""
    if cards < MIN_CARDS:
        return f"fewer than {MIN_CARDS} cards"
    return f"at least {cards - cards % MIN_CARDS} cards"


def check(event: Event, found: Mapping[str, bool]) -> Check:
    """What of this event may be printed.

    ``found`` says of each card whether something in it looks like a detail of a person; a card
    it does not know counts as if there were.
    """
    sizes = {theme.id: 0 for theme in event.themes}
    for card in event.cards:
        if card.theme_id in sizes and not card.aside:
            sizes[card.theme_id] += 1
    why_not = {
        card.id: why
        for card in event.cards
        if (why := _why_not(event, card, sizes, found.get(card.id, True))) is not None
    }
    quoted, left = _quoted(event, why_not)
    left += [LeftOut(theme.id, Why.EMPTY) for theme in event.themes if not sizes[theme.id]]
    printed = [theme for theme in event.themes if sizes[theme.id]]
    printed.sort(key=lambda theme: _as_printed(theme, sizes[theme.id]))
    return Check(
        themes=tuple(
            PrintedTheme(theme.round, theme.name, counted(sizes[theme.id]), quoted[theme.id])
            for theme in printed
        ),
        may_quote=frozenset(card.id for card in event.cards if card.id not in why_not),
        why_not=why_not,
        left_out=tuple(left),
        stops=_stops(event, [card.words for card in event.cards if card.id in why_not]),
    )


def released(event: Event, checked: Check, on: date) -> ReleasedNote:
    """The note as it is released on this day."""
    summaries = {name: words for name, words in event.note.summaries.items() if words}
    return ReleasedNote(event.id, event.title, event.where, event.on, summaries, checked.themes, on)


def _as_printed(theme: Theme, cards: int) -> tuple[int, int, str]:
    """The order of themes: by what stands on paper alone."""
    return ROUNDS.index(theme.round), -(cards // MIN_CARDS), theme.name.casefold()


def _why_not(
    event: Event, card: KnowledgeCard, sizes: Mapping[str, int], found: bool
) -> Why | None:
    """Why this card may not be quoted; what its writer said comes first."""
    if not card.publish:
        return Why.NOT_ALLOWED
    if card.aside:
        return Why.ASIDE
    if found and not card.kept_in:
        return Why.DETAIL
    if not enough_people(event):
        return Why.FEW_PEOPLE
    if card.theme_id is None or card.theme_id not in sizes:
        return Why.ALONE
    return Why.FEW_CARDS if sizes[card.theme_id] < MIN_CARDS else None


def _quoted(
    event: Event, why_not: Mapping[str, Why]
) -> tuple[dict[str, tuple[str, ...]], list[LeftOut]]:
    """The words that are quoted under each theme, as they were chosen, and what was refused."""
    cards = {card.id: card for card in event.cards}
    quoted: dict[str, tuple[str, ...]] = {theme.id: () for theme in event.themes}
    left, in_round = [], Counter[str]()
    for card_id in dict.fromkeys(event.note.quotes):
        card = cards.get(card_id)
        if card is None:
            left.append(LeftOut(card_id, Why.GONE))
        elif card_id in why_not:
            left.append(LeftOut(card_id, why_not[card_id]))
        elif in_round[card.round] == MOST_QUOTES:
            left.append(LeftOut(card_id, Why.ENOUGH))
        else:
            in_round[card.round] += 1
            quoted[card.theme_id or ""] += (card.words,)
    return quoted, left


def _stops(event: Event, secret: Iterable[str]) -> dict[str, str]:
    """What leads wrote themselves that repeats a card which may not be quoted."""
    told = [_words(words) for words in secret]
    runs = {run for words in told for run in _runs(words, RUN)}
    runs |= {tuple(words) for words in told if SHORTEST <= len(words) < RUN}
    written = {
        "title": event.title,
        "where": event.where,
        **event.note.summaries,
        **{theme.id: theme.name for theme in event.themes},
    }
    return {
        about: REPEATS
        for about, text in written.items()
        if any(runs & _runs(_words(text), length) for length in range(SHORTEST, RUN + 1))
    }


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _runs(words: list[str], length: int) -> set[tuple[str, ...]]:
    return {tuple(words[at : at + length]) for at in range(len(words) - length + 1)}
