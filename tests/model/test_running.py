"""How a programme is running: what is counted, and what of it may leave."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any

import numpy as np
import pytest
from scipy.optimize import LinearConstraint, milp
from scipy.sparse import csr_array, eye, kron

from cascade_tools.model.funder import funder
from cascade_tools.model.journey import TIMES
from cascade_tools.model.knowledge import PrintedTheme, ReleasedNote
from cascade_tools.model.people import Held
from cascade_tools.model.programme_facts import ActionFacts, Facts, PairFacts, Plan, running
from cascade_tools.model.running import Ready, Running, Said, exact, ready, suppressed, up_to

TODAY = date(2026, 11, 22)
PLAN = Plan(places=12)
WORLDS = 1000


def days_ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def pair(
    number: int, began: int, *held: int, ended: int | None = None, early: bool = False
) -> PairFacts:
    """A pair that began so many days ago, met on these days, and ended on that."""
    return PairFacts(
        coach=f"c{number}",
        leader=f"l{number}",
        started=days_ago(began),
        held=tuple(map(days_ago, held)),
        ended=None if ended is None else days_ago(ended),
        ended_early=early,
    )


FACTS = Facts(
    today=TODAY,
    pairs=(
        replace(pair(1, 300, 290, 250, 200, 150, 100, ended=90), asked_on=days_ago(334)),
        replace(pair(2, 200, 140, ended=100, early=True), asked_on=days_ago(235), reason_kept=True),
        replace(pair(3, 200, 160, 120, 80), asked_on=days_ago(263)),
        replace(pair(4, 40), asked_on=days_ago(40), reason_kept=True),
        replace(pair(4, 10), leader=None),
    ),
    coaches=frozenset({"c1", "c2", "c3", "c4", "c5"}),
    supervised=frozenset({"c1", "c4", "gone"}),
    room={"c1": 2, "c2": 0, "c5": 1, "gone": 4},
    interest=7,
    asked_for_bursary=2,
    meetings={Held.HELD: 6, Held.CANCELLED: 3},
    cancelled_by={"coach": 2},
    actions=ActionFacts(all=8, agreed=6, due=4, looked_at=3),
    finished={"start": frozenset({"c1", "l1", "c5"}), "end": frozenset({"l1"})},
    useful={"yes": 9, "no": 1},
)


def counts(of: Running) -> dict[str, int | None]:
    return {line.code: line.count for section in of.sections for line in section.lines}


def test_what_is_counted() -> None:
    """Each count is what the records say: pairs by how they stand, weeks from asking to being
    matched and from there to the first session, coaches with and without a leader, room for more
    (of coaches who are here), meetings, actions, sheets, feedback."""
    assert counts(running(FACTS, PLAN)) == {
        "interest": 7,
        "matched": 5,
        "started": 3,
        "open": 3,
        "ended": 1,
        "ended-early": 1,
        "asked-soon": 2,
        "asked-some": 1,
        "asked-long": 1,
        "asked-not-said": 1,
        "reasons": 2,
        "waited-soon": 1,
        "waited-some": 2,
        "waited-long": 0,
        "waiting": 2,
        "waiting-long": 1,
        "coaches": 5,
        "coaches-busy": 2,
        "coaches-free": 3,
        "coaches-supervised": 2,
        "coaches-room": 2,
        "room": 3,
        "sessions": 9,
        "months-short": 2,
        "months-usual": 1,
        "months-long": 0,
        "supervision-held": 6,
        "supervision-cancelled": 3,
        "cancelled-coach": 2,
        "cancelled-supervisor": 0,
        "cancelled-programme": 0,
        "cancelled-not-said": 1,
        "actions": 6,
        "actions-looked-at": 3,
        "now-start": 2,
        "now-half-way": 0,
        "now-end": 1,
        "now-six-months": 0,
        "bursaries-asked": 2,
        "bursaries-used": None,
        "useful-yes": 9,
        "useful-partly": 0,
        "useful-no": 1,
    }


def test_a_part_stands_beside_its_whole() -> None:
    """Sessions of those planned, actions of all there are, sheets of those who have come so far:
    somebody whose pair ended early is asked at the end, too, and a coach is one person."""
    said = exact(running(FACTS, PLAN))
    shown = [said.line(code).shown for code in ("sessions", "actions", "actions-looked-at")]
    assert shown == ["9 of 25 (36%)", "6 of 8 (75%)", "3 of 4 (75%)"]
    shown = [said.line(code).shown for code in ("reasons", "coaches-room")]
    assert shown == ["2 of 5 (40%)", "2 of 3 (67%)"]
    assert [said.line(f"now-{time}").shown for time in TIMES] == [
        "2 of 8 (25%)",
        "0 of 4 (0%)",
        "1 of 4 (25%)",
        "0",
    ]


def test_what_nobody_keeps_is_not_made_up() -> None:
    """Where no record holds it, the page says so; a number from the settings is used once there."""
    for said in (exact, suppressed):
        line = said(running(FACTS, PLAN)).line("bursaries-used")
        assert (line.shown, line.at_least) == ("Not kept", None)
        assert line.note.startswith("The kit does not keep this unless")
    used = running(FACTS, replace(PLAN, bursaries_used=3))
    assert exact(used).line("bursaries-used").shown == "3"
    assert suppressed(used).line("bursaries-used").shown == "fewer than 5"


def test_what_leaves_stands_in_bands() -> None:
    """No exact number is in it, no percentage, no part that tells another count; nothing under
    five is told from none."""
    safe = suppressed(running(FACTS, PLAN))
    lines = [line for _, lines, _ in safe.sections for line in lines]
    assert all(line.shown.startswith("fewer") or "%" not in line.shown for line in lines)
    assert [
        safe.line(c).shown
        for c in ("interest", "matched", "sessions", "actions", "ended", "reasons", "coaches-room")
    ] == [
        "5 to 9",
        "5 to 9",
        "5 to 9",
        "5 to 9, of 5 to 9",
        "fewer than 5",
        "fewer than 5, of 5 to 9",
        "fewer than 5",
    ]
    assert not [line.code for line in lines if line.code.startswith("cancelled-")]
    assert suppressed(running(Facts(TODAY), PLAN)).line("ended") == safe.line("ended")


# What somebody could work out.  Sums that hold in every programme: those of the first name that
# make up, or are at most as many as, those of the second.
EQUAL = (
    (("open", "ended", "ended-early"), "matched"),
    (("asked-soon", "asked-some", "asked-long", "asked-not-said"), "matched"),
    (("reasons of",), "matched"),
    (("waited-soon", "waited-some", "waited-long"), "started"),
    (("months-short", "months-usual", "months-long"), "open"),
    (("coaches-busy", "coaches-free"), "coaches"),
)
AT_MOST = (
    (("started", "waiting"), ("matched",)),
    (("matched",), ("started", "waiting", "ended", "ended-early")),
    (("waiting-long",), ("waiting",)),
    (("waiting",), ("open",)),
    (("coaches-busy",), ("open",)),
    (("coaches-supervised",), ("coaches",)),
    (("coaches-room",), ("coaches-room of",)),
    (("coaches-room of",), ("coaches",)),
    (("coaches-room",), ("room",)),
    (("reasons",), ("reasons of",)),
    (("started",), ("sessions",)),
    (("bursaries-asked",), ("interest",)),
    (("actions",), ("actions of",)),
    (("actions-looked-at",), ("actions-looked-at of",)),
    (("actions-looked-at of",), ("actions of",)),
    *(((f"now-{time}",), (f"now-{time} of",)) for time in TIMES),
    (("now-half-way of",), ("now-start of",)),
)  # fmt: skip


def worlds() -> Iterator[Facts]:
    """Programmes of every size, made by chance; most of their counts are small."""
    draw = random.Random(2026)  # noqa: S311
    for _ in range(WORLDS):
        pairs = []
        for number in range(draw.choice((0, 3, 6, 12, 25, 60))):
            began = draw.randrange(0, 400)
            held = [max(0, began - draw.randrange(80))] if draw.random() < 0.8 else []
            ended = draw.randrange(0, 60) if draw.random() < 0.3 else None
            one = pair(draw.randrange(max(1, number)), began, *held, ended=ended,
                       early=draw.random() < 0.3)  # fmt: skip
            asked = days_ago(began + draw.randrange(80)) if draw.random() < 0.7 else None
            reason = draw.random() < 0.6
            pairs.append(replace(one, leader=f"l{number}", asked_on=asked, reason_kept=reason))
        coaches = {p.coach for p in pairs} | {f"free{n}" for n in range(draw.randrange(4))}
        actions = sorted(draw.randrange(draw.choice((3, 9, 40))) for _ in range(3))
        people = sorted({half for p in pairs for half in (p.coach, p.leader or "")})
        yield Facts(
            TODAY,
            tuple(pairs),
            frozenset(coaches),
            frozenset(c for c in coaches if draw.random() < 0.8),
            {c: draw.choice((0, 0, 1, 1, 3)) for c in coaches if draw.random() < 0.7},
            interest=len(pairs),
            asked_for_bursary=draw.randint(0, len(pairs) // 3),
            actions=ActionFacts(actions[2], draw.randint(0, actions[2]), actions[1], actions[0]),
            finished={time: frozenset(p for p in people if draw.random() < 0.5) for time in TIMES},
        )


def numbers(of: Running) -> dict[str, int]:
    """Every count that leaves, and what it is a part of, by name."""
    found = {}
    for section in of.sections:
        for line in section.lines:
            if line.count is not None and not line.inside:
                found[line.code] = line.count
                if line.of is not None and not line.of_inside:
                    found[f"{line.code} of"] = line.of
    return found


@cache
def sums(names: tuple[str, ...]) -> tuple[csr_array, np.ndarray, np.ndarray]:
    """The sums as a matrix over these names, with the least and the most of each."""
    rows, low = [], []
    for parts, whole in EQUAL:
        rows.append([(n in parts) - (n == whole) for n in names])
        low.append(0.0)
    for few, many in AT_MOST:
        rows.append([(n in few) - (n in many) for n in names])
        low.append(-np.inf)
    return csr_array(np.array(rows, dtype=float)), np.array(low), np.zeros(len(rows))


def moved(tries: list[tuple[dict[str, int], dict[str, int]]]) -> Iterator[dict[str, int]]:
    """For each programme and aim another programme that would look the same, and goes as far as it
    can towards the aim: what is to be small has 1 there, what is to be large -1."""
    names = tuple(tries[0][0]) if tries else ()
    matrix, low, high = sums(names)
    for these in batched(tries, 100):
        times = len(these)
        goal = np.array([aim.get(name, 0) for _, aim in these for name in names], dtype=float)
        least = np.array([true[n] - true[n] % 5 for true, _ in these for n in names], dtype=float)
        found = milp(
            goal,
            integrality=np.ones_like(goal),
            bounds=(least, least + 4),
            constraints=LinearConstraint(
                kron(eye(times), matrix).tocsr(), np.tile(low, times), np.tile(high, times)
            ),
        )
        assert found.success
        for row in found.x.reshape(times, -1):
            yield dict(zip(names, map(round, row), strict=True))


def batched(tries: list[Any], size: int) -> Iterator[list[Any]]:
    yield from (tries[at : at + size] for at in range(0, len(tries), size))


def test_a_thousand_programmes_give_no_hidden_count_away() -> None:
    """Somebody who knows the rules and every sum that must hold works out no count under five from
    what leaves: each could be another one, in a programme that would look just the same."""
    all_true = [numbers(running(facts, PLAN)) for facts in worlds()]
    matrix, low, high = sums(tuple(all_true[0]))
    held = np.array([list(true.values()) for true in all_true], dtype=float) @ matrix.T
    assert ((held >= low) & (held <= high)).all(), "these sums hold in every programme"
    hidden = [{name for name, count in true.items() if count < 5} for true in all_true]
    assert sum(map(len, hidden)) > 10_000
    # All together first, then by themselves those that stayed where they are.
    for sign in (1, -1):
        aims = [
            {name: sign if true[name] else -1 for name in left}
            for true, left in zip(all_true, hidden, strict=True)
        ]
        others = moved(list(zip(all_true, aims, strict=True)))
        for true, left, other in zip(all_true, hidden, others, strict=True):
            left -= {name for name in left if other[name] != true[name]}
    alone = [
        (at, name, sign) for at, left in enumerate(hidden) for name in left for sign in (1, -1)
    ]
    others = moved([(all_true[at], {name: sign}) for at, name, sign in alone])
    for (at, name, _), other in zip(alone, others, strict=True):
        if other[name] != all_true[at][name]:
            hidden[at].discard(name)
    assert not any(hidden)


# Before the first session, and for a funder


def test_who_is_not_ready_stands_first() -> None:
    """A pair needs an agreement with a date, a supervisor and a first date; what is missing is
    named, and those who miss most stand first."""
    whole = Ready("the larder", "Amina", "Leo", TODAY, "Sue", TODAY)
    bare = Ready("the café", "Beth", "", None, "", None)
    assert [one.missing for one in ready([whole, bare])] == [
        ("an agreement with a date", "a supervisor", "a date for the first session"),
        (),
    ]


@pytest.mark.parametrize(("taken", "said"), [(3, "fewer than 5"), (12, "10 to 12"), (10, "10")])
def test_no_more_places_are_taken_than_there_were(taken: int, said: str) -> None:
    """Everybody knows how many places were offered, so a band ends there."""
    low = taken - taken % 5
    line = Said(
        "matched", "", "fewer than 5" if not low else f"{low} to {low + 4}", "", low, low + 4
    )
    assert up_to(line, taken) == said


def note(quotes: int) -> ReleasedNote:
    themes = tuple(
        PrintedTheme("worked", f"Theme {n}", "at least 5 cards", (f"quote {n}",))
        for n in range(quotes)
    )
    return ReleasedNote("e", "What we learned", "", TODAY, {"worked": "Ours."}, themes, TODAY)


def test_a_funder_is_told_nothing_exact() -> None:
    """Three counts in bands, no more quotes than fit, and what was said of the workbooks only when
    at least ten answered."""
    page = funder(suppressed(running(FACTS, PLAN)), PLAN.places, [note(6), note(0)])
    assert [one.shown for one in page.counts] == ["5 to 9", "5 to 9", "5 to 9"]
    assert page.quotes == ("quote 0", "quote 1", "quote 2", "quote 3")
    assert page.useful == ()
    many = replace(FACTS, useful={"yes": 12, "partly": 3, "no": 1})
    useful = funder(suppressed(running(many, PLAN)), 0, []).useful
    assert [one.shown for one in useful] == ["10 to 14", "fewer than 5", "fewer than 5"]
