"""13. Nothing is kept longer than it is needed: each thing goes on its day, and not unannounced."""

import asyncio
import json
import logging
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from time import monotonic, sleep
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select
from sqlalchemy.orm import Session

from cascade_tools.cli import cli
from cascade_tools.errors import NotFound
from cascade_tools.model.due import ERASE, Due
from cascade_tools.model.people import Role
from cascade_tools.model.prompts import Kind, Prompt, Who
from cascade_tools.model.retention import GROUP_ANSWERS, RULES
from cascade_tools.records.knowledge_tables import KnowledgeCardRow, KnowledgeEventRow
from cascade_tools.records.retention import Retention
from cascade_tools.records.tables import (
    AgreementRow,
    AnswerRow,
    EntryRow,
    InvitationRow,
    OpeningRow,
    PersonRow,
    SessionRow,
    SignInRow,
    SnapshotRow,
    SubmissionRow,
    SupervisesRow,
    SupervisionRow,
    TalkRow,
    TicketRow,
    TogetherRow,
)
from cascade_tools.records.trust_tables import (
    ConsentRow,
    HoldRow,
    RequestRow,
    TombstoneRow,
    WarningRow,
)
from cascade_tools.server import daily
from tests.faults.nursery import Nursery, QuickHouse
from tests.records.small import NOTICE, TOGETHER, WHAT, Small
from tests.server.visitor import Visitor

REVIEW = "supervisor/answering"
COUNTED = Prompt("o1", Kind.CHOICE, "Had you time?", who=Who.GROUP_RESULTS)
STARTED, ENDED = date(2026, 5, 4), date(2026, 11, 4)
# Every kind of thing, and the day on which it has to be gone: written down by hand, from the
# table in docs/retention.md.  The pair begins on 4 May 2026 and ends on 4 November 2026.
DAYS = {
    "sign-in": date(2026, 8, 4),
    "ticket": date(2026, 8, 4),
    "invitation": date(2026, 8, 18),
    "learning event that was closed": date(2026, 11, 4),
    "copy shared without a pair": date(2026, 12, 3),
    "copy shared in a pair": date(2027, 5, 4),
    "talk": date(2027, 5, 4),
    "cards of an event that nobody closed": date(2027, 5, 4),
    "submission": date(2027, 5, 4),
    "answer to a copy without a pair": date(2027, 6, 3),
    "own writing": date(2027, 11, 4),
    "answer to a copy in a pair": date(2027, 11, 4),
    "kept by both": date(2027, 11, 4),
    "done together": date(2027, 11, 4),
    "sheet of a meeting": date(2027, 11, 4),
    "answers for group results": date(2027, 11, 4),
    "copy both agreed to": date(2027, 11, 4),
    "agreement": date(2027, 11, 5),
    "line of the read log": date(2028, 5, 4),
    "tombstone of that copy": date(2028, 5, 4),
    "who had supervised whom": date(2029, 5, 4),
    "meeting": date(2029, 5, 4),
    "sheet of a meeting without a pair": date(2029, 5, 4),
    "feedback": date(2029, 5, 4),
    "request": date(2029, 5, 4),
    "session": date(2029, 11, 4),
    "pair": date(2029, 11, 4),
    "name of somebody who left": date(2029, 11, 4),
    "hold": date(2032, 5, 4),
    "consent of somebody who left": date(2032, 11, 4),
}
WARNED_ONCE = (
    "copy shared without a pair",
    "copy shared in a pair",
    "answer to a copy without a pair",
    "answer to a copy in a pair",
    "kept by both",
    "sheet of a meeting",
    "sheet of a meeting without a pair",
    "copy both agreed to",
)

Present = Callable[[Session], bool]


def reviewed(small: Small, by: str, snapshot: str) -> str:
    entry = small.records.entries.start(small.id(by), REVIEW, about_id=snapshot)
    small.write(entry, "I heard you")
    return entry.id


def opened(small: Small, by: str, snapshot: str) -> None:
    small.records.sharing.read(small.id(by), snapshot)


def row(table: type, column: str = "id") -> Callable[[str], Present]:
    def of(value: str) -> Present:
        query: Any = select(table).where(getattr(table, column) == value).limit(1)
        return lambda s: s.scalar(query) is not None

    return of


@pytest.fixture
def things(small: Small) -> dict[str, Present]:
    """One of everything that has its time, and how to see whether it is still there."""
    records, clock = small.records, small.clock
    una = records.people.add("Una Field", [Role.LEADER])
    records.consents.decide(una.id, "keep-my-answers", True, NOTICE)

    _, copy = small.shared()
    opened(small, "sue", copy)
    answer = reviewed(small, "sue", copy)
    beths = small.entry("beth")
    small.write(beths, "Alone")
    alone = small.share(beths, "tom")
    toms = reviewed(small, "tom", alone)
    own = small.records.entries.start(small.id("beth"), "coach/my-own")
    small.write(own, "For me")
    both = small.both()
    small.write(both, "We said", TOGETHER)
    agreed = small.propose("amina", "the carers", ENDED)
    records.agreements.accept(small.id("leo"), agreed)
    with records.store.database.reading() as s:
        agreement_copy = s.get_one(AgreementRow, agreed).snapshot_id or ""
    records.together.mark(small.id("amina"), small.pair, "pair/any", "aloud", STARTED)
    sheet = met(small, "sue", "amina")
    beth_sheet = met(small, "tom", "beth")
    outcomes = records.entries.start(small.id("leo"), "leader/where", about_id="start")
    small.write(outcomes, "4", COUNTED)
    small.write(outcomes, "Words of mine", WHAT)
    records.sharing.ask_to_talk(small.id("amina"), "today")
    records.sharing.take_back_talk(small.id("amina"))
    records.submissions.send("leader/any", {"pages": []})
    records.feedback.give("leader/any", "yes", "Good")
    request = records.requests.ask(una.id, "copy")
    signed_in = records.signing_in.who(records.signing_in.sign_in(una.id))
    records.signing_in.ticket(una.id, signed_in.id, None)
    records.signing_in.sign_out(signed_in.id)
    records.signing_in.invite(small.id("leo"), "Pat")
    records.holds.add(small.id("tom"), "a claim is open", "Pat", date(2026, 6, 1))
    records.holds.end(small.id("tom"))
    records.people.supervise(small.id("sue"), small.id("beth"))
    closed = records.knowledge.begin(small.id("pat"), "Closed", "")
    records.knowledge.close(small.id("pat"), closed)
    going_on = records.knowledge.begin(small.id("pat"), "Going on", "")
    records.knowledge.open_round(small.id("pat"), going_on, 1)
    code = records.knowledge.get(small.id("pat"), going_on).code
    records.knowledge.add(code, "worked", "We rang each other", True)

    clock.at = datetime.combine(ENDED, time(9), UTC)
    records.pairs.end_as_planned(small.id("amina"), small.pair, ENDED)
    records.people.remove(una.id)

    def counted(s: Session) -> bool:
        query = select(AnswerRow.id).where(AnswerRow.who == Who.GROUP_RESULTS)
        return s.scalar(query.limit(1)) is not None

    def any_of(table: type) -> Present:
        return lambda s: s.scalar(select(table).limit(1)) is not None

    entry, snapshot = row(EntryRow), row(SnapshotRow)
    return {
        "sign-in": row(SignInRow, "person_id")(una.id),
        "ticket": row(TicketRow, "person_id")(una.id),
        "invitation": any_of(InvitationRow),
        "copy shared without a pair": snapshot(alone),
        "copy shared in a pair": snapshot(copy),
        "talk": any_of(TalkRow),
        "submission": any_of(SubmissionRow),
        "answer to a copy without a pair": entry(toms),
        "own writing": entry(own.id),
        "answer to a copy in a pair": entry(answer),
        "kept by both": entry(both.id),
        "done together": any_of(TogetherRow),
        "sheet of a meeting": entry(sheet),
        "answers for group results": counted,
        "copy both agreed to": snapshot(agreement_copy),
        "agreement": row(AgreementRow)(agreed),
        "line of the read log": lambda s: (
            s.scalar(select(OpeningRow).where(OpeningRow.reader_id == small.id("sue"))) is not None
        ),
        "tombstone of that copy": row(TombstoneRow, "thing_id")(copy),
        "who had supervised whom": lambda s: (
            s.scalar(select(SupervisesRow).where(SupervisesRow.until.is_not(None))) is not None
        ),
        "meeting": any_of(SupervisionRow),
        "sheet of a meeting without a pair": entry(beth_sheet),
        "feedback": lambda s: bool(records.feedback.all(small.id("pat"))),
        "request": row(RequestRow)(request),
        "session": row(SessionRow)(small.session),
        "pair": row(SessionRow, "pair_id")(small.pair),
        "name of somebody who left": row(PersonRow, "name")("Una Field"),
        "hold": any_of(HoldRow),
        "learning event that was closed": row(KnowledgeEventRow)(closed),
        "cards of an event that nobody closed": any_of(KnowledgeCardRow),
        "consent of somebody who left": row(ConsentRow, "person_id")(una.id),
    }


def met(small: Small, supervisor: str, coach: str) -> str:
    """A recorded meeting; the sheet's id."""
    records = small.records
    about = records.people.start_supervision(small.id(supervisor), [small.id(coach)], STARTED)
    entry = records.entries.start(small.id(supervisor), "supervisor/ours", about_id=about)
    small.write(entry, "We met", TOGETHER)
    records.entries.commit(small.id(supervisor), entry.id)
    records.people.record_supervision(about, on=STARTED, state="held", minutes=60)
    return entry.id


def run_on(small: Small, day: date) -> list[Due]:
    """The daily run of this day; what it did is what its dry run had said."""
    small.clock.at = datetime.combine(day, time(9), UTC)
    said = small.records.retention.due(small.clock())
    done = small.records.retention.run(small.clock())
    assert done == said
    return done


def days_that_matter() -> list[date]:
    """The days before and on which something goes, and those on which somebody is told."""
    found = {day + timedelta(days=n) for day in DAYS.values() for n in (-30, -1, 0)}
    # Own writing is first asked about a year after it was touched.
    return sorted(found | {date(2027, 5, 4)})


def test_each_thing_goes_on_its_day_after_its_author_was_told(
    small: Small, things: dict[str, Present]
) -> None:
    """Every kind of record is there the day before its time is up, and gone on the day; every run
    does what its dry run said; what is somebody's was announced."""
    assert things.keys() == DAYS.keys()
    told: dict[str, list[date]] = {}
    for day in days_that_matter():
        before = kept(small, things)
        for step in run_on(small, day):
            if step.step != ERASE:
                told.setdefault(step.id, []).append(day)
            elif RULES[step.rule].warnings and step.thing == "entry":
                assert len(told.get(step.id, [])) >= RULES[step.rule].warnings
        after = kept(small, things)
        gone = before - after
        late = {name for name in after if DAYS[name] <= day}
        early = {name for name in gone if DAYS[name] > day}
        assert not late, day
        assert not early, day
    assert not kept(small, things)
    warned = [days for days in told.values() if len(days) == 2]
    assert [date(2027, 5, 4), date(2027, 10, 5)] in warned
    assert len(told) >= len(WARNED_ONCE)


def kept(small: Small, things: dict[str, Present]) -> set[str]:
    with small.records.store.database.reading() as s:
        there = {name for name, present in things.items() if present(s)}
        # It is only made when the copy goes.
        if "copy shared in a pair" in there:
            there.add("tombstone of that copy")
        return there


def test_nothing_goes_unannounced_however_long_nothing_ran(small: Small) -> None:
    """A server that was off for five years first tells people, twice where it is their own
    writing, and erases only four weeks after the last time."""
    entry, copy = small.shared()
    there = [row(EntryRow)(entry.id), row(SnapshotRow)(copy)]
    start = date(2031, 6, 1)
    done = {}
    for days in range(0, 71, 7):
        for step in run_on(small, start + timedelta(days=days)):
            if step.thing in ("entry", "snapshot"):
                done[step.thing, step.step] = days
    assert done == {
        ("snapshot", "warn"): 0,
        ("entry", "warn"): 0,
        ("snapshot", "erase"): 28,
        ("entry", "warn-again"): 28,
        ("entry", "erase"): 56,
    }
    with small.records.store.database.reading() as s:
        assert not any(present(s) for present in there)


def test_writing_and_asking_begin_the_time_anew(small: Small) -> None:
    """Whoever is told and keeps it, or writes in it, keeps it for another year and a half; nobody
    else can keep it for them."""
    kept_one, written = small.entry("beth"), small.entry("leo", "leader/any")
    for one in (kept_one, written):
        small.write(one, "Old words")
    run_on(small, date(2027, 5, 4))
    assert [w.on for w in small.records.retention.warned(small.id("beth"))] == [date(2027, 11, 4)]
    with pytest.raises(NotFound):
        small.records.retention.keep(small.id("leo"), kept_one.id)
    small.records.retention.keep(small.id("beth"), kept_one.id)
    small.write(written, "New words", base=1, counter=2)
    for who in ("beth", "leo"):
        assert small.records.retention.warned(small.id(who)) == []
    for day in (date(2027, 10, 5), date(2027, 11, 4), date(2028, 5, 3)):
        assert [s for s in run_on(small, day) if s.thing == "entry"] == []
    again = [s.step for s in run_on(small, date(2028, 5, 4)) if s.thing == "entry"]
    assert again == ["warn", "warn"]


def test_what_the_law_wants_stays_until_the_hold_ends(small: Small) -> None:
    """Nothing of somebody whose records are held goes or is announced, whoever else it is about;
    when the hold ends they are told first, as anybody is."""
    entry, copy = small.shared()
    both = small.both()
    small.write(both, "We said", TOGETHER)
    mine = small.entry("beth")
    small.write(mine, "Not held")
    small.records.holds.add(small.id("amina"), "a claim is open", "Pat", date(2031, 1, 1))
    days = [date(2027, 5, 4), date(2027, 10, 5), date(2027, 11, 4), date(2030, 1, 1)]
    steps = [step for day in days for step in run_on(small, day)]
    assert {s.owner_id for s in steps if s.thing in ("entry", "snapshot")} == {small.id("beth")}
    assert not [s for s in steps if s.thing == "pair"]
    assert small.records.retention.warned(small.id("amina")) == []
    assert {on for _, on in small.records.retention.until(small.id("amina")).values()} == {None}
    small.records.holds.end(small.id("amina"))
    first = run_on(small, date(2030, 1, 2))
    assert {(s.step, s.id) for s in first if s.thing in ("entry", "snapshot")} == {
        ("warn", entry.id),
        ("warn", copy),
        ("warn", both.id),
    }


def test_a_pair_that_ends_later_keeps_its_things_longer(small: Small) -> None:
    """The days move with the ending, and a warning about another day counts for nothing."""
    _, copy = small.shared()
    # Nobody has said when it ends: a year after it was last heard of.
    assert small.records.retention.until(small.id("amina"))[copy][1] == date(2027, 11, 4)
    run_on(small, date(2027, 10, 5))
    assert [w.thing for w in small.records.retention.warned(small.id("amina"))][:1] == ["snapshot"]
    small.records.pairs.end_as_planned(small.id("amina"), small.pair, date(2027, 10, 6))
    assert "snapshot" not in [w.thing for w in small.records.retention.warned(small.id("amina"))]
    run_on(small, date(2028, 4, 5))
    assert small.records.retention.until(small.id("amina"))[copy][1] == date(2028, 5, 3)


def test_a_programme_counts_by_its_own_months(small: Small) -> None:
    """Months settled by the controller replace the proposal, for the rule they are given for."""
    mine = small.entry("beth")
    small.write(mine, "Words")
    shorter = Retention(small.records.store, {"own-writing": 9}, 6)
    assert shorter.until(small.id("beth"))[mine.id] == ("own-writing", date(2027, 2, 4))


def test_group_answers_go_with_the_last_look_back(small: Small) -> None:
    """A sheet of nothing but answers for group results goes half a year after the last look back
    of its author is due, without being announced; only its totals stay."""
    sheet = small.records.entries.start(small.id("leo"), "leader/where", about_id="start")
    small.write(sheet, "4", COUNTED)
    small.records.pairs.end_as_planned(small.id("leo"), small.pair, ENDED)
    assert run_on(small, date(2027, 11, 3)) == []
    done = [s for s in run_on(small, date(2027, 11, 4)) if s.thing == "entry"]
    assert [(s.step, s.rule) for s in done] == [("erase", GROUP_ANSWERS)]


# The server, the command and the page


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, nursery: Nursery) -> Iterator[QuickHouse]:
    """A programme with old words and an old backup, and then its server."""
    house = QuickHouse(tmp_path_factory.mktemp("programme") / "house")
    with house.records() as records:
        assert records.retention.due(records.store.now()) == []
    write_old_words(house)
    house.start()
    yield house
    house.stop()


def write_old_words(house: QuickHouse) -> None:
    """A sheet of Beth's that she has not touched for thirteen months; a backup of last winter."""
    long_ago = datetime.now(UTC) - timedelta(days=396)
    beth = house.people["beth"].id
    with house.records(now=lambda: long_ago) as records:
        entry = records.entries.start(beth, "coach/after-i-coach")
        records.entries.save(beth, entry.id, WHAT, "Zebra", base=0, writer="t", counter=1)
    old = house.folder.backups / "cascade-2026-01-01T120000.cascade"
    house.folder.backups.mkdir(mode=0o700, exist_ok=True)
    old.write_bytes(b"")


@pytest.fixture
def old_words(house: QuickHouse) -> str:
    with house.records() as records:
        return records.entries.of(house.people["beth"].id)[0].id


def test_the_server_runs_it_by_itself(house: QuickHouse, old_words: str, beth: Visitor) -> None:
    """At its start the server warns whoever is to be warned and deletes what is too old; the
    person reads it on their home page and keeps what is theirs."""
    wait_for(lambda: not list(house.folder.backups.glob("cascade-2026-01-01*")))
    home = beth.get("").text
    assert "You have not changed “After I coach” for a long time." in home
    page = beth.get("me/keeping").text
    assert old_words in page
    assert "Zebra" not in page
    kept = beth.post("me/keeping", {"entry": old_words})
    assert kept.status == 302
    assert old_words not in beth.get("me/keeping").text
    assert "for a long time" not in beth.get("").text
    assert beth.post("me/keeping", {"entry": "0" * 32}).status == 404


def test_the_command_says_what_it_would_do(house: QuickHouse, old_words: str) -> None:
    """A dry run names each step without doing it; a run does the same; neither shows words."""
    with house.records() as records, records.store.database.writing() as s:
        for warning in s.scalars(select(WarningRow).where(WarningRow.thing_id == old_words)):
            s.delete(warning)
    folder = str(house.folder.path)
    runs = [
        CliRunner().invoke(cli, ["retention", folder, *options, "--json"]).stdout
        for options in (["--dry-run"], ["--dry-run"], [], ["--dry-run"])
    ]
    said, again, done, rest = (json.loads(run) for run in runs)
    assert said == again
    assert [(s["step"], s["id"]) for s in said["steps"]] == [("warn", old_words)]
    assert done["steps"] == said["steps"]
    assert rest["steps"] == []
    assert "Zebra" not in "".join(runs)


def test_a_daily_run_that_fails_says_only_that() -> None:
    """The pages go on; the log has one line, and nothing of what went wrong in it."""

    class Broken:
        calls = 0

        async def work(self, call: Callable[[], object]) -> object:
            return call()

        def daily(self) -> None:
            Broken.calls += 1
            raise ValueError("Zebra")

    heard: list[logging.LogRecord] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            heard.append(record)

    ear = Ear()
    daily.LOG.addHandler(ear)

    async def once() -> None:
        job = asyncio.ensure_future(daily.every_day(Broken()))  # type: ignore[arg-type]
        async with asyncio.timeout(20):
            while not heard:
                await asyncio.sleep(0.01)
        job.cancel()

    try:
        asyncio.run(once())
    finally:
        daily.LOG.removeHandler(ear)
    assert Broken.calls == 1
    assert [r.getMessage() for r in heard] == ["The daily run did not finish (ValueError)."]
    assert heard[0].exc_info is None


def test_somebody_held_reads_why(house: QuickHouse, beth: Visitor) -> None:
    """A hold is made and ended by the command, stands on the person's home, and is listed."""
    folder = str(house.folder.path)
    run = CliRunner().invoke
    add = ["hold", "add", folder, house.people["beth"].name, "--reason", "a claim is open"]
    assert run(cli, [*add, "--by", "Pat Leadfield", "--review", "2031-01-01"]).exit_code == 0
    why = "What you wrote is kept because a claim is open. Pat Leadfield decided this."
    assert why in beth.get("").text
    assert "look at it again on 2031-01-01" in run(cli, ["hold", "list", folder]).stdout
    assert run(cli, ["hold", "end", folder, house.people["beth"].name]).exit_code == 0
    assert why not in beth.get("").text


def wait_for(true: Callable[[], bool]) -> None:
    deadline = monotonic() + 20
    while not true():
        assert monotonic() < deadline
        sleep(0.02)
