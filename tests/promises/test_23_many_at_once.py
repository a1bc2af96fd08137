"""Many people at once: nothing is lost, and nothing crosses."""

import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from cascade_tools.model.consent import KEEP
from cascade_tools.model.people import Held, Person, Role, Session
from cascade_tools.records.tables import AnswerRow, EntryRow, ShareRow, SnapshotRow
from tests.faults.nursery import QuickHouse
from tests.faults.pages import COACH, sound
from tests.faults.visitor import Visitor
from tests.living import PASSPHRASE

PEOPLE, SHEETS = 20, 3
SECONDS = [30, pytest.param(600, marks=pytest.mark.faults)]
KEYS = ("what-happened", "not-said", "question-landed")


@dataclass
class Coach:
    """A coach with three pages open at once, each in a browser of its own."""

    person: Person
    sheets: list[str]
    last: dict[tuple[str, str], str] = field(default_factory=dict)
    shared: dict[str, int] = field(default_factory=dict)
    odd: list[Any] = field(default_factory=list)
    saves: int = 0


def _coaches(house: QuickHouse) -> list[Coach]:
    made = []
    today = datetime.now(UTC).date()
    with house.records() as records:
        for number in range(PEOPLE):
            person = records.people.add(f"Coach Number {number}", [Role.COACH], "01632 960199")
            records.signing_in.accept(records.signing_in.invite(person.id, "test"), PASSPHRASE)
            records.consents.decide(person.id, KEEP, True, house.notice)
            records.people.supervise(house.people["sue"].id, person.id)
            pair = records.people.pair(person.id, None, f"place {number}", today)
            sheets = []
            for session in range(1, SHEETS + 1):
                day = today - timedelta(days=session)
                held = records.people.add_session(pair, Session("", session, day, Held.HELD))
                start = records.entries.start
                sheets.append(start(person.id, COACH, pair_id=pair, session_id=held).id)
            house.people[f"coach{number}"] = person
            made.append(Coach(person, sheets))
    return made


def _share(visitor: Visitor, entry: str) -> str:
    """Share everything in the sheet with the supervisor, as the two presses do; what was amiss."""
    then = datetime.now(UTC).date() + timedelta(days=30)
    fields = [("part", p) for p in ("what-happened", "what-was-not-said")]
    fields += [("purpose", "To talk about")]
    fields += [("until-day", then.day), ("until-month", then.month), ("until-year", then.year)]  # type: ignore[list-item]
    preview = visitor.post(f"/entries/{entry}/share", fields)
    seen = preview.body.partition('name="seen" value="')[2].partition('"')[0]
    if preview.status != 200 or not seen:
        return f"no preview: {preview.status} {preview.body}"
    # Another page of this person may write in between; then the new preview is shown instead.
    reply = visitor.post(f"/entries/{entry}/share", [*fields, ("seen", seen)])
    return "" if reply.status == 302 else f"not shared: {reply.status} {reply.body}"


def _live(coach: Coach, visitor: Visitor, entry: str, until: float) -> None:
    try:
        _write_and_share(coach, visitor, entry, until)
    except BaseException as error:
        coach.odd.append(repr(error))
        raise


def _write_and_share(coach: Coach, visitor: Visitor, entry: str, until: float) -> None:
    number = 0
    # Once at least: among so many threads on a busy machine, the last may begin when time is up.
    while not number or time.monotonic() < until:
        number += 1
        for key in KEYS:
            value = f"{coach.person.id}/{entry}/{key}#{number} " + "words " * (number % 50)
            reply = visitor.save(entry, key, value.strip())
            if reply.status == 200:
                coach.last[entry, key] = value.strip()
                coach.saves += 1
            else:
                coach.odd.append((reply.status, reply.body))
        if number % 5 == 1:
            if amiss := _share(visitor, entry):
                coach.odd.append(amiss)
            else:
                coach.shared[entry] = coach.shared.get(entry, 0) + 1


@pytest.mark.parametrize("seconds", SECONDS)
def test_sixty_pages_saving_and_sharing_at_once_lose_and_cross_nothing(
    own_house: QuickHouse, seconds: int
) -> None:
    """Twenty people with three pages each save and share all the time: every last answer is
    there, every record belongs to whom it names, every copy holds its author's words only."""
    own_house.start()
    coaches = _coaches(own_house)
    pages = [
        (coach, Visitor(own_house, f"coach{number}"), entry)
        for number, coach in enumerate(coaches)
        for entry in coach.sheets
    ]
    until = time.monotonic() + seconds
    jobs = [threading.Thread(target=_live, args=(*page, until)) for page in pages]
    for job in jobs:
        job.start()
    for job in jobs:
        job.join(seconds + 60)
    assert not any(job.is_alive() for job in jobs)
    assert [odd for c in coaches for odd in c.odd] == []
    with own_house.records() as records, records.store.database.reading() as s:
        newest: dict[tuple[str, str], str] = {}
        for row, owner in s.execute(
            select(AnswerRow, EntryRow.person_id)
            .join(EntryRow, EntryRow.id == AnswerRow.entry_id)
            .order_by(AnswerRow.revision)
        ):
            value = str(records.store.open_answer(row))
            assert value.startswith(f"{owner}/{row.entry_id}/{row.key}#")
            assert row.by_id == owner
            newest[row.entry_id, row.key] = value
        assert newest == {place: v for c in coaches for place, v in c.last.items()}
        copies: dict[str, int] = {}
        live: dict[str, int] = {}
        for snapshot, share in s.execute(
            select(SnapshotRow, ShareRow).join(ShareRow, ShareRow.snapshot_id == SnapshotRow.id)
        ):
            body = records.store.open_document(snapshot.key_id, snapshot.sealed, snapshot.id)
            words = [a["value"] for page in body["pages"] for a in page["answers"]]
            assert words
            assert all(w.startswith(f"{snapshot.author_id}/{snapshot.entry_id}/") for w in words)
            assert share.reader_id == own_house.people["sue"].id
            copies[snapshot.entry_id] = copies.get(snapshot.entry_id, 0) + 1
            live.setdefault(snapshot.entry_id, 0)
            live[snapshot.entry_id] += share.stopped_at is None
    assert copies == {entry: n for c in coaches for entry, n in c.shared.items()}
    assert set(copies) == {entry for c in coaches for entry in c.sheets}
    assert set(live.values()) == {1}
    assert sum(c.saves for c in coaches) >= PEOPLE * SHEETS * len(KEYS)
    assert sound(own_house)
