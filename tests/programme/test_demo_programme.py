"""The fictional programme as it stands in the records once it has been lived through."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from cascade_tools import content
from cascade_tools.errors import NotFound, SettingsFault
from cascade_tools.model.composites import agreed
from cascade_tools.model.entry import Entry
from cascade_tools.model.journey import AGREEING, half, has_not_met, suggestions, used
from cascade_tools.model.people import Held, Pair, Person, Role
from cascade_tools.model.sharing import State
from cascade_tools.model.threads import threads
from cascade_tools.programme import find_folder, make_demo, open_folder
from cascade_tools.records import Records
from cascade_tools.records.tables import Row, Utc
from cascade_tools.settings import Settings

DOCS = content.demo()
REFLECTIONS = [r for n, d in DOCS.items() if n.startswith("reflections") for r in d["reflections"]]
NAMES = {p["id"]: p["name"] for p in DOCS["people"]["people"]}
HELD_BY = {c: h["supervisor"] for h in DOCS["people"]["holds"] for c in h["coaches"]}
LABELS = {p["id"]: p["label"] for p in DOCS["people"]["pairs"]}
PAIRS = {p["id"]: p for p in DOCS["people"]["pairs"]}
SHEETS = DOCS["sheets"]["sheets"]
TOGETHER = DOCS["together"]["together"]
AGREEMENTS = DOCS["together"]["agreements"]
PARTS = ("coach", "leader")
TEN = {"ideas", "rescue", "their-work", "other-peoples-jobs", "between-sessions"}
TEN |= {"who-chose", "not-knowing", "credit", "disagree", "ending"}


class Made:
    """A fictional programme, open."""

    def __init__(self, folder: Path, now: datetime) -> None:
        self.now = now
        self.folder = make_demo(folder, now).path
        self.settings, self.records = open_folder(self.folder)

    settings: Settings
    records: Records

    def person(self, demo_id: str) -> Person:
        return self.records.people.get(NAMES[demo_id])

    def sheet(self, reflection: dict) -> tuple[Person, str]:  # type: ignore[type-arg]
        """Whose sheet it is, and the entry's id."""
        coach = self.person(reflection["coach"])
        (entry,) = [
            e
            for e in self.records.entries.of(coach.id)
            if e.workbook == "coach/after-i-coach"
            and (e.label, e.session_number) == (LABELS[reflection["pair"]], reflection["session"])
        ]
        return coach, entry.id

    def pair(self, demo_id: str) -> Pair:
        """A pair as the records hold it."""
        pairs = self.records.people.all_pairs()
        (pair,) = [p for p in pairs if p.coach.name == NAMES[PAIRS[demo_id]["coach"]]]
        return pair

    def half(self, demo_id: str, part: str) -> Person:
        """The coach or the leader of a pair."""
        return self.person(PAIRS[demo_id][part])

    def entry(self, author: str, sheet: dict) -> Entry:  # type: ignore[type-arg]
        """The entry of a sheet that says which workbook, and about what."""
        pair = self.pair(sheet["pair"]).id if "pair" in sheet else None
        (entry,) = [
            e
            for e in self.records.entries.of(self.person(author).id)
            if (e.workbook, e.pair_id) == (sheet["workbook"], pair)
            and (e.session_number, e.about_id) == (sheet.get("session"), sheet.get("time"))
        ]
        return entry

    def times(self) -> Iterator[tuple[str, datetime]]:
        """Every moment in the records at which something happened."""
        with self.records.store.database.reading() as s:
            for table in Row.metadata.sorted_tables:
                for column in table.columns:
                    if isinstance(column.type, Utc) and column.name != "ends_at":
                        for at in s.scalars(select(column).where(column.is_not(None))):
                            yield f"{table.name}.{column.name}", at


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    made = Made(tmp_path_factory.mktemp("demo") / "demo", datetime.now(UTC))
    yield made
    made.records.close()


def test_everybody_is_there_and_joined(made: Made) -> None:
    """Fifteen pairs, three supervisors with five coaches each, two leads and an evaluator."""
    people = made.records.people.all()
    assert {p.name for p in people} == set(NAMES.values())
    assert len(made.records.people.all_pairs()) == 15
    for role, count in ((Role.SUPERVISOR, 3), (Role.LEAD, 2), (Role.EVALUATOR, 1)):
        assert sum(role in p.roles for p in people) == count
    for coach, supervisor in HELD_BY.items():
        held = made.records.people.supervisor_of(made.person(coach).id)
        assert held is not None
        assert held.name == NAMES[supervisor]


def test_its_settings_are_whole_and_say_that_it_is_fictional(made: Made) -> None:
    """Every contact behind the two help pages is filled in."""
    _, settings = find_folder(made.folder)
    assert settings.demo
    assert "fictional" in settings.programme_name
    assert settings.placeholders() == []
    assert {c.phone for c in settings.support} == {"116 123", "111"}


def test_nothing_lies_ahead_and_nothing_before_the_beginning(made: Made) -> None:
    """Every act has its own past moment."""
    began = made.now + timedelta(days=DOCS["programme"]["programme"]["started"] - 1)
    times = list(made.times())
    assert len(times) > 1000
    assert [name for name, at in times if not began <= at <= made.now] == []


def test_a_sheet_holds_what_the_files_say_from_the_day_they_say(made: Made) -> None:
    """Each answer of each reflection, saved that many days ago."""
    for reflection in REFLECTIONS:
        coach, entry_id = made.sheet(reflection)
        saved = made.records.entries.answers(coach.id, entry_id)
        assert {k: s.value for k, s in saved.items()} == {
            k: v.strip() + v[len(v.rstrip()) :] if isinstance(v, str) else v
            for k, v in reflection["answers"].items()
        }
        today = made.now.astimezone(made.settings.zone).date()
        days = {
            (today - s.saved_at.astimezone(made.settings.zone).date()).days for s in saved.values()
        }
        # Just after midnight, what was saved today was saved late last night.
        assert days <= {reflection["saved_days_ago"], max(1, reflection["saved_days_ago"])}
        state = made.records.entries.get(coach.id, entry_id).state
        assert (state is State.DRAFT) is (reflection["state"] == "draft")


def test_what_was_shared_was_shared_with_the_supervisor_and_opened_or_not(made: Made) -> None:
    """Saved, then shared, then opened; the author sees each opening; nothing else is shared."""
    for reflection in REFLECTIONS:
        coach, entry_id = made.sheet(reflection)
        shares = made.records.sharing.of(coach.id, entry_id)
        assert bool(shares) is ("shared" in reflection)
        for share in shares:
            assert share.reader == NAMES[HELD_BY[reflection["coach"]]]
            assert share.purpose == reflection["shared"]["purpose"].strip()
            assert not share.newer
            assert bool(share.openings) is ("opened_days_ago" in reflection["shared"])
            assert all(share.made_at < o.at and o.way == "page" for o in share.openings)


def test_the_ten_answers_leave_only_where_their_box_was_ticked(made: Made) -> None:
    """The snapshot has them or not, as the author chose."""
    seen = set()
    for reflection in (r for r in REFLECTIONS if "shared" in r):
        coach, entry_id = made.sheet(reflection)
        (share,) = made.records.sharing.of(coach.id, entry_id)
        body = made.records.sharing.read(coach.id, share.snapshot_id).document.body
        keys = {a["key"] for page in body["pages"] for a in page["answers"]}
        ticked = reflection["shared"]["ten_items"]
        assert bool(keys & TEN) is ticked
        assert "what-happened" in keys
        seen.add(ticked)
    assert seen == {True, False}


def test_reviews_are_released_or_stay_the_supervisors_own(made: Made) -> None:
    """The coach reads what was released; a draft is to be had nowhere."""
    for review in DOCS["reviews"]["reviews"]:
        (reflection,) = [r for r in REFLECTIONS if r["id"] == review["reflection"]]
        coach, entry_id = made.sheet(reflection)
        (share,) = made.records.sharing.of(coach.id, entry_id)
        answers = made.records.sharing.answers_to(coach.id, share.snapshot_id)
        assert bool(answers) is (review["state"] == "released")
        (draft,) = [
            e
            for e in made.records.entries.of(made.person(review["supervisor"]).id)
            if e.about_id == share.snapshot_id
        ]
        with pytest.raises(NotFound):
            made.records.entries.get(coach.id, draft.id)


def test_two_people_talk_about_one_answer(made: Made) -> None:
    """A comment and the coach's answer to it stand under the answer they belong to."""
    (review,) = [r for r in DOCS["reviews"]["reviews"] if "back" in r]
    (reflection,) = [r for r in REFLECTIONS if r["id"] == review["reflection"]]
    coach, entry_id = made.sheet(reflection)
    (share,) = made.records.sharing.of(coach.id, entry_id)
    supervisor = made.person(review["supervisor"])
    for who in (coach, supervisor):
        found = {
            t.anchor: [m.by for m in t.messages]
            for t in threads(*made.records.answering.read(who.id, share.snapshot_id))
            if t.messages
        }
        assert found == {
            "what-happened": [supervisor.name, coach.name],
            "moment-might-have-said": [supervisor.name],
        }


def test_coaches_who_asked_to_talk_stand_in_their_supervisors_overview(made: Made) -> None:
    """Those who shared it, with when, and nothing more."""
    asked = {}
    for supervisor in (p for p in made.records.people.all() if Role.SUPERVISOR in p.roles):
        for coach in made.records.desk(supervisor, "page").caseload():
            if coach.asked:
                asked[coach.name] = coach.asked
    wanted = {
        NAMES[r["coach"]]: r["answers"]["talk"]
        for r in REFLECTIONS
        if "shared" in r and r["answers"].get("talk") in ("today", "before")
    }
    assert wanted
    assert asked == wanted


def test_a_meeting_is_kept_together(made: Made) -> None:
    """Its facts are counted, and each coach in it can read the sheet, whoever wrote it."""
    for coach_id in HELD_BY:
        coach = made.person(coach_id)
        meetings = made.records.people.supervisions_of(coach.id)
        wanted = [m for m in DOCS["supervisions"]["supervisions"] if coach_id in m["coaches"]]
        assert sorted(str(m.state) for m in meetings) == sorted(m["state"] for m in wanted)
        for meeting in meetings:
            assert meeting.entry_id is not None
            saved = made.records.entries.answers(coach.id, meeting.entry_id)
            assert saved["state"].value == meeting.state
            assert saved["on"].value == meeting.on.isoformat()


def test_leaders_share_below_the_surface_with_their_coach_alone(made: Made) -> None:
    """Two shared it, one of them in a pair that has ended since."""
    shared = [b for b in DOCS["below-the-surface"]["below"] if "shared" in b]
    assert shared
    for sheet in shared:
        leader = made.person(sheet["leader"])
        (entry,) = [
            e
            for e in made.records.entries.of(leader.id)
            if e.workbook == "leader/going-below-the-surface"
        ]
        (share,) = made.records.sharing.of(leader.id, entry.id)
        (pair,) = [p for p in DOCS["people"]["pairs"] if p["id"] == sheet["pair"]]
        assert (share.reader, share.as_role) == (NAMES[pair["coach"]], "coach")


def test_every_workbook_that_people_write_is_written_in(made: Made) -> None:
    """Each sheet is there from its day, finished or not, and its dates are real dates."""
    for sheet in SHEETS:
        author = made.person(sheet["author"])
        entry = made.entry(sheet["author"], sheet)
        saved = made.records.entries.answers(author.id, entry.id)
        assert saved.keys() == sheet["answers"].keys()
        assert not any(isinstance(s.value, dict) and "day" in s.value for s in saved.values())
        assert (entry.state is State.DRAFT) is (sheet["state"] == "draft")
        shares = made.records.sharing.of(author.id, entry.id)
        assert bool(shares) is ("shared" in sheet)
        for share in shares:
            assert share.live
            assert share.as_role == sheet.get("reader", "coach")
            assert bool(share.openings) is ("opened_days_ago" in sheet["shared"])


def test_a_letter_and_answers_with_a_box_of_their_own_stay_behind(made: Made) -> None:
    """What a coach reads of a leader's sheet holds neither."""
    seen = set()
    for sheet in (s for s in SHEETS if "shared" in s):
        author = made.person(sheet["author"])
        (share,) = made.records.sharing.of(author.id, made.entry(sheet["author"], sheet).id)
        body = made.records.sharing.read(share.reader_id, share.snapshot_id).document.body
        seen |= {a["key"] for page in body["pages"] for a in page["answers"]}
    assert {"next-time-better", "goal-1", "corner-ask", "want"} <= seen
    assert not seen & {"letter", "ld-d1", "alliance-a1", "o1", "eye-hope-not-asked"}


def test_both_halves_keep_the_list_of_what_they_said_they_would_do(made: Made) -> None:
    """Whoever began it; some of it agreed, some a draft, some moved."""
    found = []
    for sheet in (s for s in SHEETS if s["workbook"] == "pair/what-i-said-i-would-do"):
        entry = made.entry(sheet["author"], sheet)
        for part in PARTS:
            half = made.half(sheet["pair"], part)
            saved = made.records.entries.answers(half.id, entry.id)["actions"].value
            assert isinstance(saved, list)
            assert len(saved) == len(sheet["answers"]["actions"])
        found += saved
    assert {True, False} == {agreed(action) for action in found}
    assert any(action["moved"] for action in found)


def test_what_both_sealed_is_open_and_what_one_sealed_is_not(made: Made) -> None:
    """Each reads the other's, and the first alone learns nothing."""
    unread, alone = [], []
    for sheet in TOGETHER:
        both = all(part in sheet for part in PARTS)
        for part in (p for p in PARTS if p in sheet):
            person = made.half(sheet["pair"], part)
            entry = made.entry(PAIRS[sheet["pair"]][part], sheet)
            status = made.records.together.status(person.id, entry.id)
            assert status.opened is both
            if status.theirs_snapshot is None:
                alone.append(sheet["pair"])
                continue
            (other,) = {*PARTS} - {part}
            shares = made.records.sharing.of(made.half(sheet["pair"], other).id)
            (mine,) = [s for s in shares if s.snapshot_id == status.theirs_snapshot]
            if not mine.openings:
                unread.append((sheet["pair"], part))
            saved = made.records.entries.answers(person.id, entry.id)
            later = sheet.get("afterwards", {}).get(part, {})
            assert all(saved[key].saved_at > mine.made_at for key in later)
    assert alone == ["p15"]
    assert unread == [("p05", "coach")]


def test_what_a_pair_did_aloud_is_done_for_both(made: Made) -> None:
    """Whoever of them said so; what only one half has sealed is not."""
    for talk in DOCS["together"]["talked"]:
        for part in PARTS:
            person = made.half(talk["pair"], part)
            done = made.records.together.done(person.id, made.pair(talk["pair"]).id)
            assert talk["workbook"] in done
    leader = made.half("p15", "leader")
    assert AGREEING not in made.records.together.done(leader.id, made.pair("p15").id)


def test_agreements_are_in_force_where_both_agreed(made: Made) -> None:
    """With the pair's own ending day and label; the latest stands; one proposal waits."""
    for demo_id in {a["pair"] for a in AGREEMENTS}:
        mine = [a for a in AGREEMENTS if a["pair"] == demo_id]
        accepted = [a for a in mine if "accepted_days_ago" in a]
        pair, doc = made.pair(demo_id), PAIRS[demo_id]
        for part in PARTS:
            person = made.half(demo_id, part)
            assert len(made.records.agreements.of(person.id, pair.id)) == len(mine)
            agreement = made.records.agreements.in_force(person.id, pair.id)
            assert (agreement is not None) is bool(accepted)
            if agreement is not None:
                assert agreement.version == len(accepted)
                assert agreement.ends == pair.ends
                assert agreement.label == pair.label == doc["label"]
                assert agreement.proposed_by == made.half(demo_id, accepted[-1]["by"]).name
    versions = [len([a for a in AGREEMENTS if a["pair"] == p]) for p in PAIRS]
    assert max(versions) == 2


def test_a_session_that_moved_keeps_the_day_it_had(made: Made) -> None:
    """It is planned for the new one; and who ended a pair early is known."""
    moved = 0
    for demo_id, doc in PAIRS.items():
        pair = made.pair(demo_id)
        assert pair.ended_early is doc.get("ended_early", False)
        assert pair.ended_by == doc.get("ended_by")
        for session in (s for s in doc["sessions"] if s["state"] == "moved"):
            (kept,) = [s for s in pair.sessions if s.number == session["number"]]
            assert (kept.state, kept.moved_by) == (Held.PLANNED, session["moved_by"])
            assert kept.on is not None
            assert kept.moved_from is not None
            assert (kept.on - kept.moved_from).days == session["day"] - session["moved_from"]
            moved += 1
    assert moved == 2


def test_each_stage_of_the_journey_has_somebody_to_be(made: Made) -> None:
    """Ready for a session, looking back on one, half-way, ended, not met for ten weeks."""
    today = made.now.astimezone(made.settings.zone).date()
    planned, months = made.settings.sessions_planned, made.settings.followup_months
    pairs = made.records.people.all_pairs()
    offered: dict[str, set[str]] = {}
    for pair in pairs:
        done = {f"{AGREEING} {pair.id}"}
        for s in suggestions(pair, Role.LEADER, planned, months, today, done):
            offered.setdefault(s.workbook, set()).add(pair.label)
    assert "the day centre" in offered["leader/before-our-session"]
    assert "the recovery café" in offered["leader/after-our-session"]
    assert "the recovery café" in offered["pair/half-way-review"]
    assert "the carers' charity" in offered["pair/ending-well"]
    assert {p.label for p in pairs if has_not_met(p, today)} == {"the co-op"}
    assert any(used(p) == half(planned) for p in pairs)


def test_it_can_be_made_just_after_midnight_when_the_clocks_change(tmp_path: Path) -> None:
    """Nothing lies ahead, and what happened today still happened in its order."""
    made = Made(tmp_path / "demo", datetime(2026, 3, 29, 0, 5, tzinfo=UTC))
    assert [name for name, at in made.times() if at > made.now] == []
    shares = [s for p in made.records.people.all() for s in made.records.sharing.of(p.id)]
    assert shares
    assert not any(s.made_at >= o.at for s in shares for o in s.openings)
    # Only what both have opened is written on, about what they noticed.
    everybody = made.records.people.all()
    entries = {e.id: e for p in everybody for e in made.records.entries.of(p.id)}
    assert not any(s.newer for s in shares if s.openings and not entries[s.entry_id].together)
    made.records.close()


def test_a_folder_that_is_there_is_left_alone(tmp_path: Path) -> None:
    """Whatever is in it."""
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(SettingsFault, match="there already"):
        make_demo(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["notes.txt"]


def test_where_no_folder_can_be_made_nothing_is_left_behind(tmp_path: Path) -> None:
    """One sentence, and no half-made folder beside it."""
    (tmp_path / "file").write_text("a file, not a folder")
    with pytest.raises(SettingsFault, match="--folder"):
        make_demo(tmp_path / "file" / "demo")
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def test_only_its_owner_can_look_in(made: Made) -> None:
    """The folder, the key, the settings and the database."""
    assert made.folder.stat().st_mode & 0o077 == 0
    for name in ("secret.key", "programme.toml", "cascade.db"):
        assert (made.folder / name).stat().st_mode & 0o077 == 0, name
