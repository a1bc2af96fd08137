"""8. You can see who opened what you wrote, when, and which version of it."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from cascade_tools import programme
from cascade_tools.errors import NotFound, NotPossible
from cascade_tools.model.entry import Entry
from cascade_tools.model.seen import Glass
from cascade_tools.records import Records
from cascade_tools.records.read_log import REFUSED
from cascade_tools.settings import describe
from tests.faults.nursery import QuickHouse
from tests.faults.pages import fresh_entry
from tests.records.small import TOGETHER, WHAT, Small
from tests.server.visitor import Visitor

MARKER = "Kestrel over the yard"


def refuse_lines(records: Records) -> None:
    """From now on the database itself refuses every line of the read log."""
    with records.store.database.writing() as s:
        s.execute(
            text(
                "CREATE TRIGGER no_log BEFORE INSERT ON opening "
                "BEGIN SELECT RAISE(ABORT, 'the log is full'); END"
            )
        )


def lines(small: Small, who: str) -> list[tuple[str, str, str | None]]:
    """Who, in which way and of which entry, newest first."""
    return [(o.reader, o.way, o.entry_id) for o in small.records.read_log.of(small.id(who))]


# What stands in it


def test_the_author_sees_every_event(
    house: QuickHouse, amina: Visitor, sue: Visitor, tmp_path: Path
) -> None:
    """The supervisor opens twice and makes a table with a ticket, two leads break the glass on the
    command line, the author stops sharing, the supervisor tries again: all of it is on the
    author's own page, and what two leads did is on home."""
    entry = fresh_entry(house, what_happened=MARKER)
    snapshot = amina.share(entry, "what-happened")
    for _ in range(2):
        assert MARKER in sue.get(f"shared/{snapshot}").text
    with house.records() as records:
        people = house.people
        ticket = records.signing_in.ticket(people["sue"].id, None, None)
        leads = [records.signing_in.ticket(people[w].id, None, None) for w in ("pat", "quinn")]
    path = house.folder.path
    programme.collect_to(path, "Sue Superfield", tmp_path / "hers", ticket=ticket)
    assert MARKER in (tmp_path / "hers" / "answers.csv").read_text("utf-8-sig")
    programme.collect_to(
        path,
        "Amina Coachfield",
        tmp_path / "theirs",
        reason="A court order",
        by=("Pat Leadfield", "Quinn Leadfield"),
        by_tickets=leads,
    )
    assert MARKER in (tmp_path / "theirs" / "answers.csv").read_text("utf-8-sig")
    stop = re.search(r'action="/(shares/[0-9a-f]{32}/stop)"', amina.get("me").text)
    assert stop is not None
    amina.post(stop[1])
    assert sue.get(f"shared/{snapshot}").status == 404
    page = amina.get("me").text
    told = re.findall(r'data-label="Who">([^<]+).*?log-how">([^<]+)', page)
    assert [(who, how.split(":")[0]) for who, how in told] == [
        ("Sue Superfield", "Tried when it was over, and saw nothing."),
        ("Pat Leadfield and Quinn Leadfield", "Read it without asking you"),
        ("Sue Superfield", "Made a table of it"),
        *[("Sue Superfield", "Read it")] * 2,
    ]
    assert all(re.search(r"the version of (\d\d:\d\d|yesterday)", how) for _, how in told[1:])
    assert "Their reason: A court order" in told[1][1]
    home = amina.get("").text
    assert "Pat Leadfield and Quinn Leadfield read what you wrote" in home
    assert "“A court order”" in home


def test_each_line_says_which_version(small: Small) -> None:
    """After a change and a second sharing the log tells the two versions apart."""
    entry, first = small.shared()
    made = [small.clock.at]
    small.records.sharing.read(small.id("sue"), first)
    made.append(small.clock.later(days=1))
    small.write(entry, "We met again", WHAT, base=1, counter=2)
    small.records.sharing.read(small.id("sue"), small.share(entry))
    versions = [o.version_at for o in small.records.read_log.of(small.id("amina"))]
    assert versions == made[::-1]


def test_what_is_kept_together_is_told_once_a_day(small: Small) -> None:
    """A coach opens the sheet of a meeting, a leader the one copy of their pair: the other finds
    one line for each day, whatever way it was read in; one's own reading is none."""
    meeting = small.meeting(recorded=True)
    small.write(meeting, "We said", TOGETHER)
    ours = small.both()
    small.write(ours, "We do", TOGETHER)
    entries = small.records.entries
    for _ in range(2):
        small.read(meeting)
        small.read(meeting, by="amina")
        small.read(ours, by="leo")
        entries.everything(small.id("leo"))
        entries.sittings(small.id("leo"), ours.id, 5)
        entries.opened(small.id("leo"), ours.id, 5)
        entries.latest(small.id("leo"), ours.workbook, TOGETHER.key)
    assert lines(small, "sue") == [("amina Field", "page", meeting.id)]
    assert lines(small, "amina") == [("leo Field", "page", ours.id)]
    small.clock.later(days=1)
    entries.answers(small.id("leo"), ours.id)
    assert lines(small, "amina") == [("leo Field", "page", ours.id)] * 2
    assert lines(small, "leo") == []


def test_trying_after_it_was_over_is_told(small: Small) -> None:
    """Once a day, to the author, with nothing opened; whoever never had it leaves no line."""
    entry, snapshot = small.shared()
    small.records.sharing.stop(small.id("amina"), small.records.sharing.of(small.id("amina"))[0].id)
    for who in ("sue", "sue", "tom"):
        with pytest.raises(NotFound):
            small.records.sharing.read(small.id(who), snapshot)
    assert lines(small, "amina") == [("sue Field", REFUSED, entry.id)]
    (share,) = small.records.sharing.of(small.id("amina"))
    assert share.openings == ()


def test_what_the_law_forbids_to_tell_is_told_on_its_day(small: Small) -> None:
    """Nothing before it; on the day the author is told for two weeks, and for good in the log,
    both reasons included."""
    entry, _ = small.shared()
    glass = small.glass("A court order")
    day = small.clock.at.date() + timedelta(days=30)
    later = Glass(glass.first, glass.second, glass.reason, day, "section 9")
    list(small.records.desk(small.people["amina"], "collect", glass=later).answers())
    log, amina = small.records.read_log, small.id("amina")
    small.clock.later(days=29)
    assert (log.of(amina), log.broken(amina)) == ([], [])
    small.clock.later(days=1)
    for one in (log.of(amina), log.broken(amina)):
        (line,) = one
        assert (line.reader, line.entry_id) == ("pat Field and quinn Field", entry.id)
        assert line.reason == "A court order (Not told before 3 June 2026: section 9)"
    small.clock.later(days=15)
    assert log.broken(amina) == []
    assert len(log.of(amina)) == 1


def test_two_leads_and_a_reason_or_no_glass(small: Small) -> None:
    """Nothing that breaks the glass can be made of one lead, of anybody else, without a reason, or
    with a day and no law."""
    good = small.glass("A court order")
    day = small.clock.at.date()
    for made in (
        lambda: Glass(good.first, good.first, "A court order"),
        lambda: Glass(good.first, small.people["sue"], "A court order"),
        lambda: Glass(good.first, good.second, " "),
        lambda: Glass(good.first, good.second, "A court order", day),
        lambda: Glass(good.first, good.second, "A court order", None, "section 9"),
    ):
        with pytest.raises(NotPossible):
            made()


# Nothing without it


def ways(
    small: Small, snapshot: str, meeting: Entry, ours: Entry
) -> dict[str, Callable[[], object]]:
    """Every way in which somebody else's words leave the records."""
    r, glass = small.records, small.glass("A court order")
    people, i = small.people, small.id
    return {
        "page": lambda: r.sharing.read(i("sue"), snapshot),
        "beside": lambda: r.sharing.find(i("sue"), snapshot),
        "meeting": lambda: r.entries.answers(i("amina"), meeting.id),
        "pair": lambda: r.entries.answers(i("leo"), ours.id),
        "sittings": lambda: r.entries.sittings(i("leo"), ours.id, 5),
        "opened": lambda: r.entries.opened(i("leo"), ours.id, 5),
        "everything": lambda: r.entries.everything(i("leo")),
        "latest": lambda: r.entries.latest(i("leo"), ours.workbook, TOGETHER.key),
        "collect": lambda: next(r.desk(people["sue"], "collect").answers()),
        "broken glass": lambda: next(r.desk(people["amina"], "collect", glass=glass).answers()),
    }


def test_without_a_line_nothing_is_returned(small: Small) -> None:
    """If the database refuses the line, every way of reading gives an error and no word; authors
    still read their own."""
    entry, snapshot = small.shared()
    meeting, ours = small.meeting(recorded=True), small.both()
    for one in (meeting, ours):
        small.write(one, MARKER, TOGETHER)
    every = ways(small, snapshot, meeting, ours)
    refuse_lines(small.records)
    for name, way in every.items():
        with pytest.raises(DatabaseError):
            pytest.fail(f"{name}: {way()}")
    assert small.read(entry)
    assert small.read(meeting) == {TOGETHER.key: MARKER}


def test_a_page_without_a_line_shows_no_word(
    house: QuickHouse, amina: Visitor, sue: Visitor
) -> None:
    """Served, the reader gets a plain page that something went wrong, and not a word."""
    snapshot = amina.share(fresh_entry(house, what_happened=MARKER), "what-happened")
    with house.records() as records:
        refuse_lines(records)
        reply = sue.get(f"shared/{snapshot}")
        with records.store.database.writing() as s:
            s.execute(text("DROP TRIGGER no_log"))
    assert reply.status >= 500
    assert MARKER not in reply.text
    assert MARKER in sue.get(f"shared/{snapshot}").text


def test_nothing_switches_it_off() -> None:
    """No setting speaks of it."""
    assert not [name for name, _, about in describe() if "read log" in f"{name} {about}".lower()]
