"""What may be printed of cards that nobody signed: each rule, and any event at all."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cascade_tools.model.knowledge import (
    MIN_CARDS,
    MIN_PEOPLE,
    MOST_QUOTES,
    ROUNDS,
    Check,
    Event,
    KnowledgeCard,
    Note,
    Theme,
    Why,
    check,
    counted,
    released,
)

DAY = date(2026, 11, 22)
WORKED, BLOCKED = ROUNDS[:2]
CLEAN = KnowledgeCard("0", WORKED, "We rang each other", publish=True, theme_id="ring")


def event(*cards: KnowledgeCard, people: int | None = 40, quotes: tuple[str, ...] = ()) -> Event:
    """One theme, and these cards beside five that may be printed."""
    more = tuple(replace(CLEAN, id=f"more-{n}") for n in range(MIN_CARDS))
    return Event(
        id="e",
        title="Learning day",
        where="",
        on=DAY,
        code="ABC-DEF",
        round=4,
        people=people,
        closed=False,
        released=False,
        note=Note({}, quotes),
        cards=(*cards, *more),
        themes=(Theme("ring", WORKED, "Ringing each other"),),
    )


def looked(made: Event, *found: str) -> Check:
    """Checked, with details of a person in these cards."""
    return check(made, {card.id: card.id in found for card in made.cards})


class TestEachRule:
    def test_a_card_that_breaks_no_rule_is_quoted(self) -> None:
        """Its words stand under its theme as they were written."""
        checked = looked(event(CLEAN, quotes=("0",)))
        assert checked.may_quote == {"0", *(f"more-{n}" for n in range(MIN_CARDS))}
        (theme,) = checked.themes
        assert (theme.name, theme.count) == ("Ringing each other", "at least 5 cards")
        assert theme.quotes == ("We rang each other",)
        assert (checked.left_out, checked.stops) == ((), {})

    @pytest.mark.parametrize(
        ("card", "why"),
        [
            (replace(CLEAN, publish=False), Why.NOT_ALLOWED),
            (replace(CLEAN, publish=False, kept_in=True), Why.NOT_ALLOWED),
            (replace(CLEAN, aside=True), Why.ASIDE),
            (replace(CLEAN, theme_id=None), Why.ALONE),
            (replace(CLEAN, theme_id="dropped"), Why.ALONE),
        ],
    )
    def test_a_card_that_breaks_one_is_not(self, card: KnowledgeCard, why: Why) -> None:
        """Whoever leads reads which rule, and nothing of it is printed."""
        checked = looked(event(card, quotes=("0",)))
        assert checked.why_not == {"0": why}
        assert [(one.id, one.why) for one in checked.left_out] == [("0", why)]
        assert checked.themes[0].quotes == ()

    def test_a_detail_is_kept_out_until_somebody_looked(self) -> None:
        """What looks like a person is not printed; a lead may say that it is none.  A card that
        nobody looked at counts as if it named one."""
        made = event(CLEAN, quotes=("0",))
        assert looked(made, "0").why_not == {"0": Why.DETAIL}
        assert check(made, {}).may_quote == frozenset()
        assert looked(event(replace(CLEAN, kept_in=True)), "0").why_not == {}

    @pytest.mark.parametrize("people", [None, 0, MIN_PEOPLE - 1])
    def test_in_a_small_room_only_themes_are_printed(self, people: int | None) -> None:
        """Under ten people, or when nobody said how many, no card is quoted."""
        checked = looked(event(CLEAN, people=people, quotes=("0", "more-1")))
        assert set(checked.why_not.values()) == {Why.FEW_PEOPLE}
        assert [theme.quotes for theme in checked.themes] == [()]

    def test_a_small_theme_has_its_name_only(self) -> None:
        """Four cards and one set aside are fewer than five."""
        made = event(quotes=("more-0",))
        aside = tuple(replace(c, aside=c.id == "more-4") for c in made.cards)
        checked = looked(replace(made, cards=aside))
        assert [(t.name, t.count, t.quotes) for t in checked.themes] == [
            ("Ringing each other", "fewer than 5 cards", ())
        ]
        assert checked.why_not["more-0"] is Why.FEW_CARDS

    def test_an_empty_theme_and_a_card_taken_back_are_left_out(self) -> None:
        """Neither is printed, and the page says so."""
        made = event(quotes=("gone",))
        made = replace(made, themes=(*made.themes, Theme("empty", BLOCKED, "Nothing")))
        checked = looked(made)
        assert [theme.name for theme in checked.themes] == ["Ringing each other"]
        assert {(one.id, one.why) for one in checked.left_out} == {
            ("gone", Why.GONE),
            ("empty", Why.EMPTY),
        }

    def test_no_round_has_more_quotes_than_fit(self) -> None:
        """The first that were chosen, each once."""
        chosen = ("more-3", "more-3", "more-1", "more-0")
        checked = looked(event(quotes=chosen))
        assert len(checked.themes[0].quotes) == MOST_QUOTES < MIN_CARDS
        assert [(one.id, one.why) for one in checked.left_out] == [("more-0", Why.ENOUGH)]

    @pytest.mark.parametrize(
        "words",
        ["They said: my Board, never asked us – at all.", "MY BOARD NEVER ASKED US once"],
    )
    def test_nothing_repeats_a_card_that_may_not_be_printed(self, words: str) -> None:
        """Wherever a lead writes: five words in a row of it are a quotation, however spelled."""
        made = event(replace(CLEAN, words="My board never asked us anything", publish=False))
        for about, written in {
            "title": replace(made, title=words),
            "where": replace(made, where=words),
            WORKED: replace(made, note=Note({WORKED: words})),
            "ring": replace(made, themes=(Theme("ring", WORKED, words),)),
        }.items():
            assert set(looked(written).stops) == {about}
        fair = Note({WORKED: "A board that never asked us"})
        assert looked(replace(made, note=fair)).stops == {}

    def test_a_short_card_is_repeated_as_a_whole_or_not_at_all(self) -> None:
        """Four words are a quotation; three are only words.  What may be printed may be said."""
        for words, publish, stops in (
            ("No time for supervision", False, {WORKED}),
            ("No time left", False, set()),
            ("No time for supervision", True, set()),
        ):
            made = event(replace(CLEAN, words=words, publish=publish))
            said = replace(made, note=Note({WORKED: f"Some say: {words}."}))
            assert set(looked(said).stops) == stops

    def test_a_note_is_what_was_checked(self) -> None:
        """It has the themes as they were checked, and what leads wrote, without empty parts."""
        made = replace(
            event(CLEAN, quotes=("0",)), note=Note({WORKED: "Much", BLOCKED: ""}, ("0",))
        )
        note = released(made, looked(made), DAY)
        assert note.themes == looked(made).themes
        assert (note.event_id, note.title, note.on) == ("e", "Learning day", DAY)
        assert note.summaries == {WORKED: "Much"}


@pytest.mark.parametrize(
    ("cards", "words"),
    [
        (0, "fewer than 5 cards"),
        (4, "fewer than 5 cards"),
        (5, "at least 5 cards"),
        (9, "at least 5 cards"),
        (60, "at least 60 cards"),
    ],
)
def test_numbers_are_rounded_down_to_fives(cards: int, words: str) -> None:
    """No number of cards is exact."""
    assert counted(cards) == words


# Any event


names = st.text("ab ", min_size=1, max_size=3)
THEMES = tuple(f"theme-{n}" for n in range(5))


@st.composite
def events(draw: st.DrawFn) -> tuple[Event, dict[str, bool]]:
    """Any event, and any cards in which something was found.  Some themes are large."""
    rounds = {theme: draw(st.sampled_from(ROUNDS[:2])) for theme in THEMES}
    cards = []
    for number in range(draw(st.integers(0, 40))):
        theme = draw(st.sampled_from([*THEMES[:3], *THEMES[:2], THEMES[0], *THEMES, None, "gone"]))
        cards.append(
            KnowledgeCard(
                id=f"card-{number}",
                round=rounds.get(theme or "", WORKED),
                words=f"words {number}",
                publish=draw(st.sampled_from([True, True, False])),
                theme_id=theme,
                aside=draw(st.sampled_from([False, False, False, True])),
                kept_in=draw(st.booleans()),
            )
        )
    ids = [card.id for card in cards]
    made = Event(
        id="e",
        title="t",
        where="w",
        on=DAY,
        code="",
        round=4,
        people=draw(st.sampled_from([None, 3, 9, 10, 11, 60])),
        closed=True,
        released=False,
        note=Note({}, tuple(draw(st.permutations(ids)))),
        cards=tuple(cards),
        themes=tuple(Theme(t, rounds[t], draw(names)) for t in THEMES),
    )
    return made, {card_id: draw(st.sampled_from([False, False, True])) for card_id in ids}


def sizes(made: Event) -> Counter[str]:
    return Counter(c.theme_id for c in made.cards if not c.aside and c.theme_id in THEMES)


@given(events())
@settings(max_examples=120, deadline=None)
def test_no_quoted_card_breaks_a_rule(case: tuple[Event, dict[str, bool]]) -> None:
    """Whatever was written, found, placed and chosen: each card that is printed was allowed, is
    clean, stands in a theme of five or more, and the room had ten people or more.  Every card is
    either free or has its reason."""
    made, found = case
    checked, by_words = check(made, found), {card.words: card for card in made.cards}
    for theme in checked.themes:
        for words in theme.quotes:
            card = by_words[words]
            assert card.publish
            assert not card.aside
            assert card.kept_in or not found[card.id]
            assert made.people is not None and made.people >= MIN_PEOPLE
            assert sizes(made)[card.theme_id or ""] >= MIN_CARDS
            assert (theme.round, card.id in checked.may_quote) == (card.round, True)
    quoted = Counter(theme.round for theme in checked.themes for _ in theme.quotes)
    assert not quoted or max(quoted.values()) <= MOST_QUOTES
    assert checked.may_quote.isdisjoint(checked.why_not)
    assert checked.may_quote | set(checked.why_not) == {card.id for card in made.cards}
    told = {one.id for one in checked.left_out} | {
        by_words[words].id for theme in checked.themes for words in theme.quotes
    }
    assert set(made.note.quotes) <= told


@given(events(), st.data())
@settings(max_examples=120, deadline=None)
def test_a_print_says_no_exact_number(
    case: tuple[Event, dict[str, bool]], data: st.DataObject
) -> None:
    """Other numbers of cards, theme by theme and alone, give the very same page: so nobody can
    work out from it how many cards a theme has, how many are not quoted, or how many there are.
    The order of themes and every quote stay, too."""
    made, found = case
    checked = check(made, found)
    printed = {w for theme in checked.themes for w in theme.quotes}
    kept = [card for card in made.cards if card.words in printed]
    rest = [card for card in made.cards if card.words not in printed]
    other: list[KnowledgeCard] = list(kept)
    for theme in THEMES:
        size = sizes(made)[theme]
        if not size:
            continue
        low = 1 if size < MIN_CARDS else size - size % MIN_CARDS
        high = MIN_CARDS - 1 if size < MIN_CARDS else low + MIN_CARDS - 1
        fixed = sum(card.theme_id == theme for card in kept)
        assert high - max(low, fixed) >= 3
        wanted = data.draw(st.integers(max(low, fixed), high))
        one = next(card for card in made.cards if card.theme_id == theme and not card.aside)
        other += [
            replace(one, id=f"new-{theme}-{n}", words="unseen", publish=False)
            for n in range(wanted - fixed)
        ]
    alone = data.draw(st.integers(0, 9))
    other += [replace(CLEAN, id=f"alone-{n}", theme_id=None) for n in range(alone)]
    other += [card for card in rest if card.aside]
    again = check(replace(made, cards=tuple(data.draw(st.permutations(other)))), found)
    assert again.themes == checked.themes
