"""What a person said before goes with them, and never further than they meant it to."""

from pathlib import Path

import pytest

from cascade_tools.model.consent import KEEP
from cascade_tools.model.people import Held, Role, Session
from cascade_tools.model.prompts import Answer, Kind, Prompt, Who
from cascade_tools.model.workbook import Page, Workbook
from cascade_tools.records import Records, database_url, make_key_file, open_records
from cascade_tools.server.carrying import begin, carry

BEFORE = "leader/before"


@pytest.fixture
def records(tmp_path: Path) -> Records:
    make_key_file(tmp_path / "secret.key")
    return open_records(database_url(tmp_path / "cascade.db"), tmp_path / "secret.key")


def carried(records: Records, source: Prompt, value: Answer, target: Prompt) -> object:
    """What stands in a new sheet asking ``target``, after ``source`` was answered before."""
    leo = records.people.add("Leo Leaderfield", [Role.LEADER])
    records.consents.decide(leo.id, KEEP, True, "1")
    old = records.entries.start(leo.id, BEFORE)
    records.entries.save(leo.id, old.id, source, value, base=0, writer="t", counter=1)
    workbook = Workbook(
        "leader/after", "After", "", frozenset({Role.LEADER}), 5, (Page("one", "One", (target,)),)
    )
    entry = records.entries.start(leo.id, workbook.id)
    carry(records, leo, workbook, entry)
    saved = records.entries.answers(leo.id, entry.id)
    return saved[target.key].value if target.key in saved else None


def asked(key: str, who: Who = Who.MINE, kind: Kind = Kind.LONG, before: str = "") -> Prompt:
    return Prompt(key, kind, f"{key}?", who=who, from_before=before)


def test_what_was_said_is_not_asked_again(records: Records) -> None:
    """An answer stands in the new sheet, where it can be changed."""
    assert carried(records, asked("a"), "Said", asked("b", before=f"{BEFORE}/a")) == "Said"


@pytest.mark.parametrize("who", [w for w in Who if w is not Who.ONLY_ME])
def test_what_is_only_mine_stays_only_mine(records: Records, who: Who) -> None:
    """Words that never leave are not copied to where anybody else may see them."""
    target = asked("b", who, before=f"{BEFORE}/a")
    assert carried(records, asked("a", Who.ONLY_ME), "Hush", target) is None


def test_what_is_only_mine_may_follow_me(records: Records) -> None:
    """From one private question to another."""
    target = asked("b", Who.ONLY_ME, before=f"{BEFORE}/a")
    assert carried(records, asked("a", Who.ONLY_ME), "Hush", target) == "Hush"


def test_a_goal_is_carried_without_where_it_stands(records: Records) -> None:
    """The levels that were described stay; how far it has come is asked anew."""
    goal = {"goal": "Sleep", "less": "", "success": "Seven hours", "better": "", "now": "1"}
    kept = carried(
        records,
        asked("a", kind=Kind.GOAL),
        goal,
        asked("b", kind=Kind.GOAL, before=f"{BEFORE}/a"),
    )
    assert isinstance(kept, dict)
    assert (kept["goal"], kept["success"], kept.get("now", "")) == ("Sleep", "Seven hours", "")


def test_an_answer_that_does_not_fit_is_left_behind(records: Records) -> None:
    """Words are no date."""
    target = asked("b", kind=Kind.DATE, before=f"{BEFORE}/a")
    assert carried(records, asked("a"), "Some day", target) is None


@pytest.mark.parametrize(("name", "value"), [("before-it", "Last time"), ("after-it", None)])
def test_a_look_back_takes_nothing_from_another_session(
    records: Records, name: str, value: str | None
) -> None:
    """What is filled in before a session has the words of the last one; what looks back at a
    session has only words about that one."""
    amina = records.people.add("Amina Coachfield", [Role.COACH], "01632 960101")
    records.consents.decide(amina.id, KEEP, True, "1")
    today = records.store.now().date()
    pair = records.people.pair(amina.id, None, "a pair", today)
    first, second = (
        records.people.add_session(pair, Session("", n, today, Held.HELD)) for n in (1, 2)
    )
    source = "coach/after-i-coach"
    old = records.entries.start(amina.id, source, pair_id=pair, session_id=first)
    prompt = asked("a")
    records.entries.save(amina.id, old.id, prompt, "Last time", base=0, writer="t", counter=1)
    pages = (Page("one", "One", (asked("b", before=f"{source}/a"),)),)
    workbook = Workbook(f"coach/{name}", "It", "", frozenset({Role.COACH}), 5, pages, "session")
    entry = begin(records, amina, workbook, pair_id=pair, session_id=second)
    saved = records.entries.answers(amina.id, entry.id)
    assert (saved["b"].value if saved else None) == value
    again = begin(records, amina, workbook, pair_id=pair, session_id=first)
    assert records.entries.answers(amina.id, again.id)["b"].value == "Last time"
