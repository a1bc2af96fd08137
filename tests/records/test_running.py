"""How the programme is running: who may know it, and that it is counted from what is there."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from cascade_tools.errors import NotFound
from cascade_tools.model.composites import ACTION
from cascade_tools.model.journey import OUTCOMES
from cascade_tools.model.people import Held, Role, Session
from cascade_tools.model.programme_facts import Plan
from cascade_tools.model.prompts import Kind, Prompt, Who
from cascade_tools.model.running import exact
from cascade_tools.records.tables import SupervisionRow
from tests.records.small import ACTIONS, OVER_EVERYTHING, Small

PLAN = Plan()
LIST = Prompt("actions", Kind.ACTION, "What did we say we would do?", who=Who.PAIR)
OWN_LIST = Prompt("actions", Kind.ACTION, "What will you do?", who=Who.MINE)


def today(small: Small) -> date:
    return small.clock.at.date()


def action(small: Small, **parts: str) -> dict[str, Any]:
    """An action with all four parts, unless others are given."""
    day = today(small).isoformat()
    whole = {"what": "Ring", "owner": "leader", "due": day, "first_review": day}
    return ACTION.blank() | {"id": ""} | whole | parts


def shown(small: Small, code: str) -> str:
    counted = small.records.running.exact(small.id("pat"), PLAN, today(small))
    return exact(counted).line(code).shown


@pytest.mark.parametrize("who", ["amina", "leo", "sue", "nobody", "eve", "left"])
def test_only_leads_see_exact_numbers(small: Small, who: str) -> None:
    """Exact counts, and who is ready, are for programme leads; to everybody else, evaluators and
    leads who have left among them, they are not there."""
    people, running = small.records.people, small.records.running
    eve = people.add("Eve", [Role.EVALUATOR])
    left = people.add("Left", [Role.LEAD])
    people.remove(left.id)
    id = {"nobody": "0" * 32, "eve": eve.id, "left": left.id}.get(who) or small.id(who)
    with pytest.raises(NotFound):
        running.exact(id, PLAN, today(small))
    with pytest.raises(NotFound):
        running.ready(id)
    if who == "eve":
        assert running.shown(id, PLAN, today(small)).line("matched").shown == "fewer than 5"
        return
    with pytest.raises(NotFound):
        running.shown(id, PLAN, today(small))


def test_a_lead_gets_bands_where_they_ask_for_what_may_leave(small: Small) -> None:
    """The very same numbers, no longer exact."""
    said = small.records.running.shown(small.id("pat"), PLAN, today(small))
    assert not said.exact
    assert said.line("started").shown == "fewer than 5"


def test_pairs_sessions_and_meetings_are_counted(small: Small) -> None:
    """As the records have them: a meeting that is only being written up does not count."""
    people, day = small.records.people, today(small)
    waiting = people.pair(small.id("beth"), None, "the larder", day - timedelta(weeks=6))
    people.add_session(waiting, Session("", 1, day + timedelta(days=3), Held.PLANNED))
    facts = {"on": day, "changed_by": None, "minutes": 60, "how": "phone", "next_on": None}
    for state in (Held.HELD, Held.PLANNED):
        about = people.start_supervision(small.id("sue"), [small.id("amina")], day)
        people.record_supervision(about, state=state, **facts)
    about = people.start_supervision(small.id("sue"), [small.id("amina")], day)
    with small.records.store.database.writing() as s:
        s.get_one(SupervisionRow, about).state = Held.HELD
    codes = ("matched", "started", "waiting-long", "coaches-busy", "coaches-supervised")
    assert [shown(small, code) for code in codes] == ["2", "1", "1", "2", "2"]
    assert shown(small, "supervision-held") == "1"
    assert shown(small, "sessions") == "1 of 10 (10%)"
    small.records.pairs.end_early(small.id("amina"), small.pair, "leader", day)
    assert (shown(small, "open"), shown(small, "ended-early")) == ("1", "1")


def test_what_a_lead_says_of_matching_is_counted(small: Small) -> None:
    """When leaders asked for a coach, whether the reason for a match is written down, and for how
    many more a coach has room: as long as the coach is here."""
    people, day = small.records.people, today(small)
    assert [shown(small, code) for code in ("asked-not-said", "reasons", "coaches-room")] == [
        "1",
        "0 of 1 (0%)",
        "0",
    ]
    people.room(small.id("beth"), 3)
    people.room(small.id("amina"), 0)
    asked = day - timedelta(weeks=6)
    people.pair(small.id("beth"), None, "the larder", day, asked_on=asked, reason_kept=True)
    codes = ("asked-soon", "asked-some", "asked-not-said", "reasons", "coaches-room", "room")
    assert [shown(small, code) for code in codes] == [
        *("0", "1", "1", "1 of 2 (50%)", "1 of 2 (50%)", "2")
    ]
    people.remove(small.id("beth"))
    assert [shown(small, code) for code in ("coaches-room", "room")] == ["0 of 1 (0%)", "0"]


def test_actions_are_counted_in_the_list_of_two_alone(small: Small) -> None:
    """Only the list of which both were told that the programme sees how many there are: what one
    of them keeps for themselves is not counted, nor is what stands beside it after a conflict."""
    sheet = small.both()
    late = (today(small) + timedelta(days=9)).isoformat()
    small.write(
        sheet,
        [
            action(small, status="under-way"),
            action(small),
            action(small, due="", first_review=late),
        ],
        LIST,
    )
    small.write(small.entry(), [action(small)], OWN_LIST)
    alone = small.entry("leo", ACTIONS)
    small.write(alone, [action(small)], LIST)
    small.records.entries.commit(small.id("leo"), alone.id)
    assert (shown(small, "actions"), shown(small, "actions-looked-at")) == (
        "2 of 3 (67%)",
        "1 of 2 (50%)",
    )
    small.write(sheet, [action(small)], LIST, base=OVER_EVERYTHING, counter=2)
    assert shown(small, "actions") == "1 of 1 (100%)"


def test_where_i_am_now_counts_once_it_is_finished(small: Small) -> None:
    """A sheet that somebody is still writing is nobody's to count."""
    entry = small.records.entries.start(small.id("leo"), OUTCOMES, about_id="start")
    assert shown(small, "now-start") == "0 of 2 (0%)"
    small.records.entries.commit(small.id("leo"), entry.id)
    assert shown(small, "now-start") == "1 of 2 (50%)"


def test_what_was_given_to_the_programme_is_counted(small: Small) -> None:
    """Expressions of interest, how many of them ask for a bursary, and what was said of the
    workbooks; none of the words."""
    for paying in ("bursary", "can-pay"):
        answers = [{"key": "paying", "value": paying, "words": "marker", "question": "?"}]
        small.records.submissions.send(
            "leader/is-this-for-me", {"pages": [{"title": "Paying", "answers": answers}]}
        )
    small.records.feedback.give("coach/after-i-coach", "yes", "marker")
    counted = small.records.running.exact(small.id("pat"), PLAN, today(small))
    assert "marker" not in repr(counted)
    codes = ("interest", "bursaries-asked", "useful-yes", "useful-no")
    assert [exact(counted).line(code).shown for code in codes] == ["2", "1", "1", "0"]


def test_who_is_ready_for_a_first_session(small: Small) -> None:
    """A pair that has not met: the day both agreed how to work, or did so aloud, who supervises
    the coach, and the first day that is planned.  A pair that has met, or ended, is not there."""
    people, day = small.records.people, today(small)
    fern = people.add("fern Field", [Role.LEADER])
    pair = people.pair(small.id("beth"), fern.id, "the larder", day)
    bare = people.pair(people.add("carl Field", [Role.COACH]).id, None, "the café", day)
    people.add_session(pair, Session("", 1, day + timedelta(days=3), Held.PLANNED))
    small.records.together.mark(
        small.id("beth"), pair, "pair/agreeing-how-we-will-work", "aloud", day - timedelta(days=1)
    )
    first, second = small.records.running.ready(small.id("pat"))
    assert (first.coach, first.leader, first.label, len(first.missing)) == (
        "carl Field",
        "",
        "the café",
        3,
    )
    assert (second.leader, second.missing) == ("fern Field", ())
    assert (second.agreed, second.supervisor, second.first) == (
        day - timedelta(days=1),
        "tom Field",
        day + timedelta(days=3),
    )
    people.end_pair(bare, day, True)
    assert [one.label for one in small.records.running.ready(small.id("pat"))] == ["the larder"]


def test_it_takes_as_long_for_many_pairs(small: Small) -> None:
    """The same few statements, however many pairs, actions and sheets there are."""
    statements: list[str] = []
    engine = small.records.store.database.engine
    event.listen(engine, "before_cursor_execute", lambda *a: statements.append(a[2]))

    def asked() -> int:
        statements.clear()
        small.records.running.exact(small.id("pat"), PLAN, today(small))
        small.records.running.ready(small.id("pat"))
        return len(statements)

    before = asked()
    for number in range(6):
        small.records.people.pair(small.id("beth"), None, f"pair {number}", today(small))
    assert asked() == before
