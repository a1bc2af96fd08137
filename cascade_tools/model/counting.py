"""Counting a release: what is counted at a moment, and what is not because of earlier counts.

Nothing here opens anything: people come as marks (which say only whether it is the same person
again) with their answers under codes.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from itertools import product

from cascade_tools.model.group_results import (
    BACK,
    COACHES,
    LEADERS,
    LEVELS,
    MOMENTS,
    T_SCORE,
    Coded,
    Count,
    Counted,
    Flow,
    Question,
)

# As many as must join or leave before the same thing is counted again: the difference between
# two counts would be about these few.
LEAST_CHANGED = 5
LEAST_ANSWERED = 10
# Means of so many different groups of people, of the same answers, are looked at together.
MOST_TOGETHER = 6
# The one stretch of time of which the means at both ends are shown: of several, the difference
# would be about the few who answered in one of them only.
WHOLE = ("start", "end")
_MEANS = " means"

People = Sequence[tuple[str, Coded]]
Who = Mapping[str, Sequence[str]]


def counts_at(moment: str, people: Sequence[Coded]) -> list[Count]:
    """Everything that is counted at a moment: each question at each time, what changed since the
    start, those who answered at the start and not at the end, and those who looked back at it.

    The order is that of groups, questions and times.
    """
    times = MOMENTS[moment]
    spans = [(t,) for t in times] + [(times[0], t) for t in times[1:]]
    questions = sorted(
        {question for one in people for question, _ in one.answers},
        key=lambda q: (q.workbook, q.key.rstrip("0123456789"), len(q.key), q.key),
    )
    return [
        count
        for group in (LEADERS, COACHES)
        for question in questions
        for count in (
            *(Count(group, question, s) for s in spans if len(s) == 1 or not _goal(question)),
            *(
                [Count(group, question, ("start",), without="end")]
                if "end" in times and not _goal(question)
                else []
            ),
            *_looked_back(group, question, times, people),
        )
    ]


def _looked_back(
    group: str, question: Question, times: tuple[str, ...], people: Sequence[Coded]
) -> Iterator[Count]:
    """The start as it was seen at the last of these times, where anybody was asked."""
    back = BACK.get(times[-1])
    if back and any((question, back) in one.answers for one in people):
        yield Count(group, question, (back, times[-1]), beside=times[0])


def _goal(question: Question) -> bool:
    """Whether it is about goals: where people are says all, and each began with its own."""
    return question.points in (LEVELS, T_SCORE)


def count_all(
    people: People,
    moment: str,
    earlier: Sequence[Who],
    count: Callable[[Count, list[Coded]], Counted | None],
) -> tuple[list[Counted], dict[str, list[str]]]:
    """What is counted now, made safe by ``count``, and by count the marks of those in it.

    ``earlier`` has the same marks of each earlier release.
    """
    marks = {one.code: mark for mark, one in people}
    everybody = [one for _, one in people]
    found: list[Counted] = []
    who: dict[str, list[str]] = {}
    for thing in counts_at(moment, everybody):
        counting = thing.of(everybody)
        now = frozenset(marks[one.code] for one in counting)
        before = [frozenset(names[thing.name]) for names in earlier if thing.name in names]
        if not may_count_again(now, before):
            continue
        releases = (*earlier, who)
        looked_back = set(_known_by_looking_back(thing, releases))
        if looked_back and tells_of_few([*looked_back.union(before)], now):
            continue
        if thing.beside:
            changed = Count(thing.group, thing.question, (thing.beside, thing.times[-1])).name
            known = {*_averaged(thing.asked, releases), *_of(changed, releases)}
            # It would stand beside nothing, or tell of the few who did not look back.
            if not any(changed in names for names in releases) or tells_of_few([*known], now):
                continue
        if thing.times == WHOLE or thing.without:
            shown = list(_averaged(thing.asked, releases))
            thing = replace(thing, means=not tells_of_few(shown, now))
            # Alone it would compare nobody with anybody.
            beside = Count(thing.group, thing.question, WHOLE).name + _MEANS
            if thing.without and (not thing.means or beside not in who):
                continue
        safe = count(thing, counting)
        if safe is not None:
            found.append(safe)
            who[thing.name] = sorted(now)
            if safe.without or safe.back or (safe.change and safe.change.before is not None):
                who[thing.name + _MEANS] = sorted(now)
    return found, who


def _known_by_looking_back(thing: Count, releases: Sequence[Who]) -> Iterator[frozenset[str]]:
    """Of whom the sum of these changes is known, from what was shown of looking back."""
    last = thing.times[-1]
    if len(thing.times) > 1 and not thing.beside and last in BACK:
        first = thing.times[0]
        name = Count(thing.group, thing.question, (BACK[last], last), beside=first).name
        yield from _of(name, releases)


def _of(name: str, releases: Sequence[Who]) -> Iterator[frozenset[str]]:
    """Of whom one thing was counted, each time it was."""
    return (frozenset(names[name]) for names in releases if name in names)


def _averaged(asked: str, releases: Sequence[Who]) -> Iterator[frozenset[str]]:
    """Of whom the mean answer to one question has been shown."""
    for names in releases:
        for name, marks in names.items():
            if name.startswith(asked + " ") and name.endswith(_MEANS):
                yield frozenset(marks)


def may_count_again(now: frozenset[str], earlier: Sequence[frozenset[str]]) -> bool:
    """Whether who counts now differs from who did at any earlier time by nobody's few answers.

    Joined and left are each nobody or at least five, and not both nobody: what was counted of
    the same people stands as it is.
    """
    return all(now != before and _many(now - before) and _many(before - now) for before in earlier)


def tells_of_few(shown: Sequence[AbstractSet[str]], now: AbstractSet[str]) -> bool:
    """Whether somebody who adds and takes away sums over these groups of people is left with the
    sum of one to four of them.  ``shown`` are the groups whose sums are known already."""
    if len(shown) > MOST_TOGETHER:
        return True
    for signs in product((-1, 0, 1), repeat=len(shown)):
        sums = dict.fromkeys(now, 1)
        for sign, group in zip(signs, shown, strict=True):
            for mark in group if sign else ():
                sums[mark] = sums.get(mark, 0) + sign
        if not _many({mark for mark, times in sums.items() if times}):
            return True
    return False


def flows(
    moment: str,
    people: People,
    eligible: Mapping[str, AbstractSet[str]],
    willing: Mapping[str, AbstractSet[str]],
) -> tuple[Flow, ...]:
    """How many of each group could have answered, said yes and answered, where ten could have.

    ``eligible`` and ``willing`` have the people of each group.
    """
    times = MOMENTS[moment][0], MOMENTS[moment][-1]
    found = []
    for group in (LEADERS, COACHES):
        if len(eligible[group]) < LEAST_ANSWERED:
            continue
        here = [one for _, one in people if group in one.behind]
        at = [{one.code for one in here for _, t in one.answers if t == time} for time in times]
        numbers = len(at[0]), len(at[1]), len(at[0] & at[1])
        first, last, both = (n if n >= LEAST_ANSWERED else None for n in numbers)
        found.append(
            Flow(
                group=group,
                times=times,
                eligible=_to_five(len(eligible[group])),
                willing=_to_five(len(willing[group])),
                answered=(first, last, both),
                enough=numbers[2] * 3 >= len(eligible[group]) * 2,
            )
        )
    return tuple(found)


def _many(changed: AbstractSet[str]) -> bool:
    """Whether nobody can be picked out of these: there is none, or there are enough."""
    return not changed or len(changed) >= LEAST_CHANGED


def _to_five(number: int) -> int:
    return (number + 2) // 5 * 5
