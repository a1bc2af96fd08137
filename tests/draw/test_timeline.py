"""Where a pair stands, in words: every stage in order, its state and its day."""

import re
from datetime import date, timedelta

import pytest
from markupsafe import Markup

from cascade_tools.draw.timeline import timeline_html
from cascade_tools.model.journey import Stage, stages, used
from cascade_tools.model.people import Held, Pair, Person, Role, Session

TODAY = date(2026, 5, 20)
COACH = Person("c", "Amina Coachfield", "", frozenset({Role.COACH}))


def pair(*sessions: Session, ended: date | None = None) -> Pair:
    return Pair(
        "p",
        COACH,
        None,
        "the carers’ charity",
        sessions,
        date(2026, 1, 5),
        None,
        ended,
        bool(ended),
    )


def held(number: int, day: date) -> Session:
    return Session(f"s{number}", number, day, Held.HELD)


def planned(number: int, day: date) -> Session:
    return Session(f"s{number}", number, day, Held.PLANNED)


def drawn(one: Pair, ends: date | None = None, sessions: int = 5) -> Markup:
    return timeline_html(stages(one, sessions, 6, ends, TODAY), used(one), sessions, ends)


def items(html: str) -> list[str]:
    """Each item of the list as somebody hears it."""
    found = re.findall(r"<li[^>]*>(.*?)</li>", html, re.DOTALL)
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", item)).strip() for item in found]


def test_every_stage_is_in_the_list_in_its_order() -> None:
    """Before, each planned session, half-way, ending and six months later: one ordered list."""
    html = drawn(pair())
    assert html.count("<ol") == 1
    names = re.findall(r"<strong>(.*?)</strong>", html)
    assert names == [
        *("Before", "Session 1", "Session 2", "Session 3", "Half-way"),
        *("Session 4", "Session 5", "Ending", "Six months later"),
    ]


def test_state_is_said_in_words() -> None:
    """Done, next or still to come stands beside every stage; colour and shape are not needed."""
    html = drawn(pair(held(1, date(2026, 3, 3)), planned(2, date(2026, 6, 1))))
    said = items(html)
    assert said[1] == "Session 1 Done 3 March 2026"
    assert said[2] == "Session 2 Next 1 June 2026 Planned."
    assert said[3] == "Session 3 Still to come No date yet."
    assert all(any(w in item for w in ("Done", "Next", "Still to come")) for item in said)


def test_only_what_is_next_is_marked_as_the_current_step() -> None:
    """People who hear the page are told which stage is next, once."""
    html = drawn(pair(held(1, date(2026, 3, 3))))
    assert html.count('aria-current="step"') == 1
    assert re.search(r'aria-current="step"><strong>Session 2<', html)
    assert 'aria-current="step"' not in drawn(pair(ended=date(2026, 4, 1)))


@pytest.mark.parametrize(
    ("count", "sentence"),
    [
        (0, "No session held yet, of 5 planned."),
        (2, "2 of 5 sessions held."),
        (5, "5 of 5 sessions held."),
        (6, "6 sessions held. 5 were planned."),
    ],
)
def test_sessions_used_of_those_planned(count: int, sentence: str) -> None:
    """Held sessions are counted against the programme's number, also when there were more."""
    sessions = [held(n, date(2026, 1, 1) + timedelta(days=7 * n)) for n in range(1, count + 1)]
    assert f"<p>{sentence}</p>" in drawn(pair(*sessions))


def test_the_ending_day_both_agreed_is_said() -> None:
    """The agreed day stands in the sentence and beside the ending; without one, nowhere."""
    html = drawn(pair(), ends=date(2026, 9, 30))
    assert "You agreed to end by 30 September 2026." in html
    assert "Ending Still to come by 30 September 2026 End well." in items(html)
    assert "agreed to end" not in drawn(pair())


def test_an_early_ending_is_said_without_blame() -> None:
    """A pair that ended early shows its day and what is left: a last look back."""
    said = items(drawn(pair(held(1, date(2026, 3, 3)), ended=date(2026, 4, 1))))
    assert said[-2] == "Ending Done 1 April 2026 Ended early."
    assert said[-1].startswith("Six months later Still to come 1 October 2026")
    assert len(said) == 4


def test_words_of_a_stage_are_text() -> None:
    """Nothing in a stage is obeyed as markup."""
    stage = Stage("<b>x", "session-1", "next", None, "<script>")
    html = timeline_html([stage], 0, 5, None)
    assert "<b>" not in html
    assert "<script>" not in html


def test_a_pair_that_ended_is_not_told_that_sessions_are_still_to_come() -> None:
    """Once it is over, a pair that held no session reads that none was held, not "yet"."""
    assert "<p>No session held, of 5 planned.</p>" in drawn(pair(ended=date(2026, 4, 1)))
