"""The policy table, written out: a changed rule shows up here, in review, and nowhere else."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascade_tools.model.prompts import Who
from cascade_tools.model.seen import (
    AnswerSeen,
    CoachSeen,
    PairSeen,
    SharedSeen,
    from_json,
    to_json,
)
from cascade_tools.model.sharing import POLICY, Action, Relation, State, Thing, may

# One row for each thing, relation and class; one column for each state of it.  The letters:
# r may read, w write, s share, x export, e erase.  No row is left out: an empty one says "nothing".
EXPECTED = """
                                      draft    committed  opened  withdrawn
answer     author    only-me          rwxe     rwxe       rwxe    rwxe
answer     author    mine             rwsxe    rwsxe      rwsxe   rwxe
answer     author    pair             rwsxe    rwsxe      rwsxe   rwxe
answer     author    programme        rwxe     rwxe       rwxe    rwxe
answer     author    group-results    rwxe     rwxe       rwxe    rwxe
answer     author    submitted        rwsxe    rwsxe      rwsxe   rwxe
answer     reader    only-me          -        -          -       -
answer     reader    mine             -        -          -       -
answer     reader    pair             -        -          -       -
answer     reader    programme        -        -          -       -
answer     reader    group-results    -        -          -       -
answer     reader    submitted        -        -          -       -
answer     partner   only-me          -        -          -       -
answer     partner   mine             -        -          -       -
answer     partner   pair             -        rwx        rwx     -
answer     partner   programme        -        -          -       -
answer     partner   group-results    -        -          -       -
answer     partner   submitted        -        -          -       -
answer     programme only-me          -        -          -       -
answer     programme mine             -        -          -       -
answer     programme pair             -        -          -       -
answer     programme programme        -        -          -       -
answer     programme group-results    -        -          -       -
answer     programme submitted        -        -          -       -
answer     evaluator only-me          -        -          -       -
answer     evaluator mine             -        -          -       -
answer     evaluator pair             -        -          -       -
answer     evaluator programme        -        -          -       -
answer     evaluator group-results    -        -          -       -
answer     evaluator submitted        -        -          -       -
answer     nobody    only-me          -        -          -       -
answer     nobody    mine             -        -          -       -
answer     nobody    pair             -        -          -       -
answer     nobody    programme        -        -          -       -
answer     nobody    group-results    -        -          -       -
answer     nobody    submitted        -        -          -       -
snapshot   author    only-me          r        r          r       r
snapshot   author    mine             r        r          r       r
snapshot   author    pair             r        r          r       r
snapshot   author    programme        r        r          r       r
snapshot   author    group-results    r        r          r       r
snapshot   author    submitted        r        r          r       r
snapshot   reader    only-me          -        -          -       -
snapshot   reader    mine             -        -          rx      -
snapshot   reader    pair             -        -          rx      -
snapshot   reader    programme        -        -          -       -
snapshot   reader    group-results    -        -          -       -
snapshot   reader    submitted        -        -          rx      -
snapshot   partner   only-me          -        -          -       -
snapshot   partner   mine             -        -          -       -
snapshot   partner   pair             -        -          -       -
snapshot   partner   programme        -        -          -       -
snapshot   partner   group-results    -        -          -       -
snapshot   partner   submitted        -        -          -       -
snapshot   programme only-me          -        -          -       -
snapshot   programme mine             -        -          -       -
snapshot   programme pair             -        -          -       -
snapshot   programme programme        -        -          -       -
snapshot   programme group-results    -        -          -       -
snapshot   programme submitted        -        -          -       -
snapshot   evaluator only-me          -        -          -       -
snapshot   evaluator mine             -        -          -       -
snapshot   evaluator pair             -        -          -       -
snapshot   evaluator programme        -        -          -       -
snapshot   evaluator group-results    -        -          -       -
snapshot   evaluator submitted        -        -          -       -
snapshot   nobody    only-me          -        -          -       -
snapshot   nobody    mine             -        -          -       -
snapshot   nobody    pair             -        -          -       -
snapshot   nobody    programme        -        -          -       -
snapshot   nobody    group-results    -        -          -       -
snapshot   nobody    submitted        -        -          -       -
submission author    only-me          -        -          -       -
submission author    mine             -        -          -       -
submission author    pair             -        -          -       -
submission author    programme        -        -          -       -
submission author    group-results    -        -          -       -
submission author    submitted        -        -          -       -
submission reader    only-me          -        -          -       -
submission reader    mine             -        -          -       -
submission reader    pair             -        -          -       -
submission reader    programme        -        -          -       -
submission reader    group-results    -        -          -       -
submission reader    submitted        -        -          -       -
submission partner   only-me          -        -          -       -
submission partner   mine             -        -          -       -
submission partner   pair             -        -          -       -
submission partner   programme        -        -          -       -
submission partner   group-results    -        -          -       -
submission partner   submitted        -        -          -       -
submission programme only-me          -        -          -       -
submission programme mine             -        -          -       -
submission programme pair             -        -          -       -
submission programme programme        -        -          -       -
submission programme group-results    -        -          -       -
submission programme submitted        -        -          rx      -
submission evaluator only-me          -        -          -       -
submission evaluator mine             -        -          -       -
submission evaluator pair             -        -          -       -
submission evaluator programme        -        -          -       -
submission evaluator group-results    -        -          -       -
submission evaluator submitted        -        -          -       -
submission nobody    only-me          -        -          -       -
submission nobody    mine             -        -          -       -
submission nobody    pair             -        -          -       -
submission nobody    programme        -        -          -       -
submission nobody    group-results    -        -          -       -
submission nobody    submitted        -        -          -       -
card       author    only-me          -        -          -       -
card       author    mine             -        -          -       -
card       author    pair             -        -          -       -
card       author    programme        -        -          -       -
card       author    group-results    -        -          -       -
card       author    submitted        -        -          -       -
card       reader    only-me          -        -          -       -
card       reader    mine             -        -          -       -
card       reader    pair             -        -          -       -
card       reader    programme        -        -          -       -
card       reader    group-results    -        -          -       -
card       reader    submitted        -        -          -       -
card       partner   only-me          -        -          -       -
card       partner   mine             -        -          -       -
card       partner   pair             -        -          -       -
card       partner   programme        -        -          -       -
card       partner   group-results    -        -          -       -
card       partner   submitted        -        -          -       -
card       programme only-me          -        -          -       -
card       programme mine             -        -          -       -
card       programme pair             -        -          -       -
card       programme programme        -        -          -       -
card       programme group-results    -        -          -       -
card       programme submitted        -        -          rwe     -
card       evaluator only-me          -        -          -       -
card       evaluator mine             -        -          -       -
card       evaluator pair             -        -          -       -
card       evaluator programme        -        -          -       -
card       evaluator group-results    -        -          -       -
card       evaluator submitted        -        -          -       -
card       nobody    only-me          -        -          -       -
card       nobody    mine             -        -          -       -
card       nobody    pair             -        -          -       -
card       nobody    programme        -        -          -       -
card       nobody    group-results    -        -          -       -
card       nobody    submitted        -        -          -       -
note       author    only-me          -        -          -       -
note       author    mine             -        -          -       -
note       author    pair             -        -          -       -
note       author    programme        -        -          -       -
note       author    group-results    -        -          -       -
note       author    submitted        -        -          -       -
note       reader    only-me          -        -          -       -
note       reader    mine             -        -          -       -
note       reader    pair             -        -          -       -
note       reader    programme        -        -          -       -
note       reader    group-results    -        -          -       -
note       reader    submitted        -        -          -       -
note       partner   only-me          -        -          -       -
note       partner   mine             -        -          -       -
note       partner   pair             -        -          -       -
note       partner   programme        -        -          -       -
note       partner   group-results    -        -          -       -
note       partner   submitted        -        -          -       -
note       programme only-me          -        -          -       -
note       programme mine             -        -          -       -
note       programme pair             -        -          -       -
note       programme programme        -        -          -       -
note       programme group-results    -        -          -       -
note       programme submitted        -        -          rwxe    -
note       evaluator only-me          -        -          -       -
note       evaluator mine             -        -          -       -
note       evaluator pair             -        -          -       -
note       evaluator programme        -        -          -       -
note       evaluator group-results    -        -          -       -
note       evaluator submitted        -        -          rx      -
note       nobody    only-me          -        -          -       -
note       nobody    mine             -        -          -       -
note       nobody    pair             -        -          -       -
note       nobody    programme        -        -          -       -
note       nobody    group-results    -        -          -       -
note       nobody    submitted        -        -          -       -
"""
LETTERS = {
    Action.READ: "r",
    Action.WRITE: "w",
    Action.SHARE: "s",
    Action.EXPORT: "x",
    Action.ERASE: "e",
}


def written_out() -> list[list[str]]:
    """The table as the code has it, one row for each thing, relation and class."""
    rows = [[str(state) for state in State]]
    for thing in Thing:
        for relation in Relation:
            for who in Who:
                cells = []
                for state in State:
                    allowed = [a for a in Action if may(relation, a, thing, who, state)]
                    cells.append("".join(LETTERS[a] for a in allowed) or "-")
                rows.append([str(thing), str(relation), str(who), *cells])
    return rows


def test_the_table_is_this_one() -> None:
    """Who may do what with which words is exactly the table above, every cell of it."""
    expected = [line.split() for line in EXPECTED.strip().splitlines()]
    # Rows may stand in any order that reads well; each must be there once.
    assert sorted(written_out()) == sorted(expected)


def test_only_me_is_the_authors_in_every_state() -> None:
    """No rule lets anybody but its author near an "only me" answer, or lets it be shared."""
    rules = [r for r in POLICY if r.who is Who.ONLY_ME]
    assert {r.relation for r in rules} == {Relation.AUTHOR}
    assert Action.SHARE not in {r.action for r in rules}


def test_nobody_but_the_author_reads_a_draft() -> None:
    """In a draft every rule is the author's."""
    assert {r.relation for r in POLICY if r.state is State.DRAFT} == {Relation.AUTHOR}


times = st.datetimes(timezones=st.just(UTC))
days = st.dates()
codes = st.text(max_size=5)
answers = (
    st.none() | st.integers(0, 4) | st.text(max_size=9) | st.lists(st.text(max_size=4), max_size=3)
)
shared = st.builds(
    SharedSeen, codes, codes, codes, codes, codes, st.none() | st.integers(1, 9), codes, times,
    times, st.none() | times, st.none() | times,
)  # fmt: skip
coaches = st.builds(
    CoachSeen,
    id=codes,
    name=codes,
    phone=codes,
    since=days,
    pairs=st.lists(
        st.builds(PairSeen, codes, st.integers(0, 9), st.integers(0, 9), st.none() | days,
                  st.none() | days), max_size=2).map(tuple),
    asked=st.none() | codes,
    asked_at=st.none() | times,
    last_talked=st.none() | days,
    next_talk=st.none() | days,
    held=st.integers(0, 9),
    cancelled=st.dictionaries(codes, st.integers(1, 9), max_size=2),
    unread=st.lists(shared, max_size=2).map(tuple),
    shared=st.integers(0, 9),
)  # fmt: skip
seen_answers = st.builds(
    AnswerSeen, codes, codes, codes, st.none() | codes, st.none() | codes,
    st.none() | st.integers(1, 9), codes, codes, codes, codes, codes, answers, codes, times,
    codes, st.none() | times,
)  # fmt: skip


@given(seen=st.one_of(shared, coaches, seen_answers))
def test_what_a_kernel_is_told_is_what_the_gate_gave(
    seen: SharedSeen | CoachSeen | AnswerSeen,
) -> None:
    """Any row goes through JSON to a kernel and comes out equal, its times and dates aware."""
    import json

    again = from_json(type(seen), json.loads(json.dumps(to_json(seen))))
    assert again == seen


@pytest.mark.parametrize("value", [datetime(2026, 5, 4, 9, tzinfo=UTC), date(2026, 5, 4), None])
def test_a_missing_date_stays_missing(value: datetime | date | None) -> None:
    """No date is no date on the other side, neither today nor an error."""
    day = value.date() if isinstance(value, datetime) else value
    pair = PairSeen("label", 0, 5, day, None)
    assert from_json(PairSeen, to_json(pair)) == pair
