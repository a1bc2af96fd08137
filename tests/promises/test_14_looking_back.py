"""14. Looking back at the start counts by a tick of its own, and gives nobody away either."""

import random
from collections.abc import Mapping
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cascade_tools.collect import count_safely
from cascade_tools.model.change import LookingBack
from cascade_tools.model.consent import GROUP_RESULTS, KEEP
from cascade_tools.model.counting import count_all
from cascade_tools.model.group_results import BACK, COACHES, LEADERS, Coded, Count, Counted
from cascade_tools.model.journey import LOOKING_BACK
from cascade_tools.model.people import Person
from cascade_tools.model.prompts import Choice, Kind, Prompt, Who
from cascade_tools.records import Records
from cascade_tools.records.coded import coded
from cascade_tools.records.tables import new_id
from tests.promises.cohort import TIME_TO_THINK, Cohort
from tests.promises.test_14_what_changed import ASKED, WHOLE, people
from tests.records.small import Small

THEN = BACK["end"]
TICK = Prompt(
    "looking-back-counts",
    Kind.CHOICES,
    "May these count?",
    (Choice("yes", "Yes"),),
    who=Who.GROUP_RESULTS,
)


def back_of(counted: list[Counted] | tuple[Counted, ...], time: str = "end") -> Counted | None:
    return next((c for c in counted if c.times == (BACK[time], time)), None)


def answers(count: int, *, back: bool = True) -> list[dict[str, int]]:
    """So many people who moved, and who see their start otherwise than they did."""
    found = [{"start": 1 + n % 9, "end": (3 + n * 5) % 10} for n in range(count)]
    return [{**one, THEN: (n * 7) % 10} for n, one in enumerate(found)] if back else found


# Small numbers


@pytest.mark.parametrize("looking", [9, 10])
def test_nine_who_looked_back_are_too_few(looking: int) -> None:
    """However many answered twice, nothing is said of nine who looked back; of ten there are both
    means, the mean difference and its interval, and nothing else."""
    cohort = people(*answers(looking), *answers(14, back=False))
    found = back_of(count_all(cohort, "end", [], count_safely)[0])
    assert (found is not None) == (looking == 10)
    if found is not None:
        assert (found.people, found.cells, found.change, found.mean) == (10, (), None, None)
        assert isinstance(found.back, LookingBack)
        assert found.back.step == 0.5


@pytest.mark.parametrize(("group", "enough"), [(LEADERS, 3), (COACHES, 5)])
def test_enough_stand_behind_it(group: str, enough: int) -> None:
    """Three coaches behind leaders, five leaders behind coaches."""
    for others in range(1, 8):
        cohort = people(*answers(20), coaches=others, group=group)
        found = back_of(count_all(cohort, "end", [], count_safely)[0])
        assert (found is not None) == (others >= enough)


def test_only_who_answered_at_all_three() -> None:
    """Looking back without an answer at the start, or at that end, is in no number; nor is looking
    back half a year later, at the end."""
    three = answers(12)
    cut = [{key: one[key] for key in one if key != gone} for one in three for gone in WHOLE]
    found = back_of(count_all(people(*three, *cut), "end", [], count_safely)[0])
    assert found is None or found.people == 12
    later = [{**one, BACK["six-months"]: one[THEN]} for one in answers(20)]
    for one in later:
        del one[THEN]
    assert back_of(count_all(people(*later), "end", [], count_safely)[0]) is None


def test_who_are_nearly_alike_are_not_told() -> None:
    """Nothing where all but four said the same, or lie in one range, at any of the three times, or
    changed alike between any two of them."""
    for time in (*WHOLE, THEN):
        near = [{**one, time: 9 + n % 2} if n > 3 else one for n, one in enumerate(answers(20))]
        assert back_of(count_all(people(*near), "end", [], count_safely)[0]) is None
    for one, other in (WHOLE, (THEN, "start"), (THEN, "end")):
        near = [
            {**them, one: them[other] - 1} if n > 3 else them for n, them in enumerate(answers(20))
        ]
        assert back_of(count_all(people(*near), "end", [], count_safely)[0]) is None


@pytest.mark.parametrize(("without", "shown"), [(0, True), (1, False), (4, False), (5, True)])
def test_the_few_who_did_not_look_back_are_not_left_over(without: int, shown: bool) -> None:
    """The means of all, and of all but one to four, would be the answers of these; so what they
    said looking back is shown of all, or where five or more did not."""
    cohort = people(*answers(20), *answers(without, back=False))
    counted, _ = count_all(cohort, "end", [], count_safely)
    assert (back_of(counted) is not None) == shown
    # Nor where the change is shown without the means at both ends.
    bare = [
        {**one, "end": 9} if n < 21 else one
        for n, one in enumerate(answers(20) + answers(4, back=False))
    ]
    found, who = count_all(people(*bare), "end", [], count_safely)
    change = next((c.change for c in found if c.times == WHOLE), None)
    assert change is None or change.before is None
    assert back_of(found) is None
    assert not any("beside" in name for name in who)


# From one release to the next


def random_cohort(draw: random.Random, size: int) -> list[dict[str, int]]:
    """People of whom each answered at some of the times."""
    wanted = {"start": 0.95, "end": draw.choice((0.6, 0.9, 1)), THEN: draw.choice((0.5, 0.8, 1))}
    return [
        {time: draw.randint(0, 10) for time, share in wanted.items() if draw.random() < share}
        for _ in range(size)
    ]


def groups(who: Mapping[str, list[str]], *names: str) -> set[frozenset[str]]:
    return {frozenset(marks) for name, marks in who.items() if name.endswith(names)}


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_no_sums_with_looking_back_are_about_a_few(seed: int) -> None:
    """Of two releases with people who joined and left between them, nobody who adds and takes away
    what is known of all means, or of all changes, is left with one to four people."""
    draw = random.Random(seed)  # noqa: S311
    first = people(*random_cohort(draw, draw.randint(12, 40)))
    gone = draw.choice((0, 1, 5, 6))
    more = random_cohort(draw, draw.choice((0, 1, 4, 5, 9)))
    joined = people(*[{} for _ in range(len(first))], *more)[len(first) :]
    _, who = count_all(first, "end", [], count_safely)
    _, again = count_all([*first[gone:], *joined], "end", [who], count_safely)
    change, then = " start end", Count(LEADERS, ASKED, (THEN, "end"), beside="start").name
    looked = groups(who, then) | groups(again, then)
    for names in ((then + " means", change + " means", "without end means"), (change, then)):
        shown = [*(groups(who, *names) | groups(again, *names))]
        for signs in product((-1, 0, 1), repeat=len(shown)):
            used = [(sign, marks) for sign, marks in zip(signs, shown, strict=True) if sign]
            if not any(marks in looked for _, marks in used):
                continue
            sums: dict[str, int] = {}
            for sign, marks in used:
                for mark in marks:
                    sums[mark] = sums.get(mark, 0) + sign
            assert not 1 <= sum(value != 0 for value in sums.values()) <= 4


@pytest.mark.parametrize(("leave", "shown"), [(6, False), (10, True)])
def test_a_later_change_leaves_nobody_over(leave: int, shown: bool) -> None:
    """Where all but one who looked back are counted again, their change would be told apart from
    the one; where five of them went, it is not."""
    everybody = people(*answers(5, back=False), *answers(16))
    first, who = count_all(everybody, "end", [], count_safely)
    assert back_of(first) is not None
    second, _ = count_all(everybody[leave:], "end", [who], count_safely)
    assert any(c.times == WHOLE for c in second) == shown


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 10)] * 3), min_size=11, max_size=24), st.booleans())
def test_one_person_more_reveals_nothing(triples: list[tuple[int, ...]], late: bool) -> None:
    """Whoever looks back alone between two releases, or joins alone, is in nothing of the second
    that stands beside the first."""
    everybody = [dict(zip((*WHOLE, THEN), triple, strict=True)) for triple in triples]
    last = {time: everybody[-1][time] for time in WHOLE} if late else {}
    before = people(*everybody[:-1], last)
    first, who = count_all(before, "end", [], count_safely)
    second, again = count_all(people(*everybody), "end", [who], count_safely)
    if back_of(first) is not None:
        assert back_of(second) is None
    mark = f"p{len(triples) - 1}"
    for name, marks in again.items():
        assert name not in who or mark not in set(marks) - set(who[name])


# Through the records


def look_back(
    records: Records, person: Person, value: int, *, tick: bool = True, finished: bool = True
) -> None:
    entries = records.entries
    entry = entries.start(person.id, LOOKING_BACK, about_id="end")
    sheet = {TIME_TO_THINK: value, TICK: ["yes"] if tick else []}
    entries.save_sheet(person.id, entry.id, sheet.items(), new_id())
    if finished:
        entries.commit(person.id, entry.id)


@pytest.fixture
def cohort(small: Small) -> Cohort:
    """Thirty leaders who answered at the start and at the end."""
    cohort = Cohort(small, 30)
    cohort.all_answer(cohort.leaders, "start", [1 + n % 9 for n in range(30)])
    cohort.all_answer(cohort.leaders, "end", [(3 + n * 5) % 10 for n in range(30)])
    return cohort


def counted_people(cohort: Cohort, *, then_test: bool) -> list[Coded]:
    with cohort.records.store.database.reading() as s:
        return [one for _, one in coded(cohort.records.store, s, then_test=then_test)]


def test_only_what_was_ticked_on_its_own_sheet_counts(cohort: Cohort) -> None:
    """Not a sheet without its tick, nor one that is not finished, nor one of somebody who took
    back a yes; and the answers of the start stay what they were."""
    for n, leader in enumerate(cohort.leaders):
        look_back(cohort.records, leader, n % 10, tick=n < 24, finished=n not in (0, 1))
    cohort.say(cohort.leaders[2], GROUP_RESULTS, False)
    cohort.say(cohort.leaders[3], KEEP, False)
    given = counted_people(cohort, then_test=True)
    looked = [one for one in given if any(time == THEN for _, time in one.answers)]
    assert len(looked) == 20
    starts = sorted(v for one in given for (_, time), v in one.answers.items() if time == "start")
    assert starts == sorted(1 + n % 9 for n in range(30) if n not in (2, 3))
    assert {q.workbook for one in given for q, _ in one.answers} == {ASKED.workbook}


def test_a_programme_that_did_not_ask_counts_nothing_of_it(cohort: Cohort) -> None:
    """Whatever was written and ticked while it did, without the setting none of it is counted."""
    for n, leader in enumerate(cohort.leaders):
        look_back(cohort.records, leader, n % 10)
    given = counted_people(cohort, then_test=False)
    assert given
    assert {time for one in given for _, time in one.answers} == set(WHOLE)
    assert back_of(cohort.release("end").counted) is None


def test_it_is_released_beside_the_start_and_read_as_it_was_made(cohort: Cohort) -> None:
    """A part of its own: with it or without it, every other number is the same."""
    for n, leader in enumerate(cohort.leaders[:24]):
        look_back(cohort.records, leader, n % 10)
    given = [(one.code, one) for one in counted_people(cohort, then_test=True)]
    with_it, _ = count_all(given, "end", [], count_safely)
    less = [
        (mark, replace(one, answers={p: v for p, v in one.answers.items() if p[1] != THEN}))
        for mark, one in given
    ]
    assert [c for c in with_it if c.back is None] == count_all(less, "end", [], count_safely)[0]
    pat = cohort.small.id("pat")
    made = cohort.records.releases.make(pat, "end", count_safely, then_test=True)
    found = back_of(made.counted)
    assert found is not None
    assert found.people == 24
    assert cohort.records.releases.all(cohort.eve.id) == [made]
