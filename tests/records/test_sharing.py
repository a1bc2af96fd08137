"""Sharing is a frozen copy for one reader, until it ends; every opening is told to its author."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from cascade_tools.errors import NotFound, NotPossible
from cascade_tools.model.entry import Opening, Outline
from cascade_tools.model.people import Role
from cascade_tools.model.prompts import Who
from cascade_tools.records import Reader, Records
from cascade_tools.records.store import encode
from cascade_tools.records.tables import OpeningRow, ShareRow, SnapshotRow
from tests.records.small import EVERYTHING, SECRET, TALK, TOGETHER, WHAT, Small


def refuse_openings(records: Records) -> None:
    """From now on the database itself refuses every line of the read log."""
    name = records.store.database.engine.dialect.name
    assert name == "sqlite", f"write the same trigger for {name}"
    with records.store.database.writing() as s:
        s.execute(
            text(
                "CREATE TRIGGER no_log BEFORE INSERT ON opening "
                "BEGIN SELECT RAISE(ABORT, 'the log is full'); END"
            )
        )


class TestWhatLeaves:
    def test_only_me_never_leaves(self, small: Small) -> None:
        """A shared copy has no trace of an "only me" answer, not even its key, whatever was asked
        for."""
        entry, snapshot = small.shared({WHAT: "We met", SECRET: "marker-7f3a"})
        received = small.records.sharing.read(small.id("sue"), snapshot)
        assert b"marker-7f3a" not in encode(received.document.body)
        assert b"not-said" not in encode(received.document.body)
        assert small.read(entry)["not-said"] == "marker-7f3a"

    def test_an_answer_once_only_me_stays_only_me(self, small: Small) -> None:
        """An answer given under "only me" does not leave because the workbook changed its mind."""
        entry = small.entry()
        small.write(entry, "in confidence", SECRET)
        reworded = replace(SECRET, who=Who.MINE)
        small.records.entries.remember(entry.workbook, [reworded])
        body = small.records.sharing.compose(entry.person_id, entry.id, EVERYTHING).body
        assert body["pages"] == []

    def test_only_what_was_chosen_leaves(self, small: Small) -> None:
        """An answer outside the chosen sections is not in the copy."""
        entry = small.entry()
        small.write(entry, "chosen", WHAT)
        small.write(entry, "kept", TOGETHER, counter=2)
        outline = Outline((("one", "One", ("what-happened", "no-such-key")),))
        snapshot = small.share(entry, outline=outline)
        body = small.records.sharing.read(small.id("sue"), snapshot).document.body
        assert [[a["key"] for a in p["answers"]] for p in body["pages"]] == [["what-happened"]]

    def test_an_emptied_answer_is_not_in_the_copy(self, small: Small) -> None:
        """What its author has rubbed out again does not appear, not as an empty line either."""
        entry = small.entry()
        small.write(entry, "a thought")
        small.write(entry, "", counter=2)
        small.write(entry, "stays", TOGETHER)
        body = small.records.sharing.compose(entry.person_id, entry.id, EVERYTHING).body
        assert [a["key"] for p in body["pages"] for a in p["answers"]] == ["worked-on"]

    def test_the_copy_is_exactly_the_preview(self, small: Small) -> None:
        """The reader gets what the author was shown before, to the byte."""
        entry = small.entry()
        small.write(entry, "We met")
        preview = small.records.sharing.compose(entry.person_id, entry.id, EVERYTHING)
        snapshot = small.share(entry)
        assert small.records.sharing.read(small.id("sue"), snapshot).document == preview

    def test_nothing_cannot_be_shared(self, small: Small) -> None:
        """An entry with nothing that may leave makes no empty share."""
        entry = small.entry()
        small.write(entry, "for me", SECRET)
        with pytest.raises(NotPossible):
            small.share(entry)
        assert small.records.sharing.of(entry.person_id) == []

    def test_an_end_in_the_past_is_refused(self, small: Small) -> None:
        """A share needs an end that lies ahead."""
        entry = small.entry()
        small.write(entry, "We met")
        with pytest.raises(NotPossible):
            small.share(entry, days=0)

    @pytest.mark.parametrize("who", ["sue", "beth", "leo", "pat"])
    def test_nobody_shares_somebody_elses_words(self, small: Small, who: str) -> None:
        """Only the author can make a copy for anybody, a reader cannot pass one on."""
        entry, _ = small.shared()
        sharing = small.records.sharing
        document = sharing.compose(entry.person_id, entry.id, EVERYTHING)
        with pytest.raises(NotFound):
            sharing.compose(small.id(who), entry.id, EVERYTHING)
        with pytest.raises(NotFound):
            sharing.share(
                small.id(who),
                entry.id,
                document,
                Reader(small.id("tom"), "Tom", "supervisor"),
                purpose="",
                ends_at=small.clock.at + timedelta(days=1),
            )


class TestTheCopyStaysStill:
    def test_ten_edits_later_the_copy_is_the_same(self, small: Small) -> None:
        """Editing the original ten times changes no byte of what the reader has, nor its hash."""
        entry, snapshot = small.shared()
        before = small.records.sharing.read(small.id("sue"), snapshot)
        for counter in range(2, 12):
            small.clock.later(minutes=11)
            small.write(entry, f"version {counter}", counter=counter)
        after = small.records.sharing.read(small.id("sue"), snapshot)
        assert encode(after.document.body) == encode(before.document.body)
        assert after.document.hash == before.document.hash
        assert (before.newer, after.newer) == (False, True)

    def test_the_hash_is_of_the_content_and_keyed(self, small: Small) -> None:
        """The hash names exactly this content, and says nothing without the programme's key."""
        _, snapshot = small.shared({TALK: "next"})
        document = small.records.sharing.read(small.id("sue"), snapshot).document
        assert document.hash == small.records.store.vault.keyed_hash(encode(document.body))
        import hashlib

        assert document.hash != hashlib.sha256(encode(document.body)).hexdigest()

    def test_forgetting_earlier_versions_leaves_the_copy(self, small: Small) -> None:
        """Shared versions stay when earlier ones are forgotten."""
        entry, snapshot = small.shared()
        small.write(entry, "quite another", counter=2)
        small.records.entries.forget_earlier(entry.person_id, entry.id)
        body = small.records.sharing.read(small.id("sue"), snapshot).document.body
        assert body["pages"][0]["answers"][0]["value"] == "We met"

    def test_sharing_again_replaces_the_copy(self, small: Small) -> None:
        """The reader has one version at a time: the newer one takes the older one's place."""
        entry, old = small.shared()
        small.clock.later(minutes=1)
        small.write(entry, "We met again", counter=2)
        new = small.share(entry)
        with pytest.raises(NotFound):
            small.records.sharing.read(small.id("sue"), old)
        assert small.records.sharing.read(small.id("sue"), new).newer is False
        assert [s.live for s in small.records.sharing.of(entry.person_id)] == [True, False]


class TestTheEnd:
    def refused(self, small: Small, snapshot: str, who: str = "sue") -> None:
        with pytest.raises(NotFound):
            small.records.sharing.read(small.id(who), snapshot)
        with pytest.raises(NotFound):
            small.records.sharing.may_read(small.id(who), snapshot)
        desk = small.records.desk(small.people[who], "collect")
        assert snapshot not in [s.id for s in desk.shared()]
        assert snapshot not in [a.snapshot for a in desk.answers()]

    def readable(self, small: Small, snapshot: str, who: str = "sue") -> None:
        assert small.records.sharing.read(small.id(who), snapshot).snapshot_id == snapshot

    def test_stopping_takes_effect_at_the_next_read(self, small: Small) -> None:
        """After *Stop sharing* the reader gets the same answer as for something not there."""
        entry, snapshot = small.shared()
        self.readable(small, snapshot)
        share = small.records.sharing.of(entry.person_id)[0]
        small.records.sharing.stop(entry.person_id, share.id)
        self.refused(small, snapshot)
        assert small.records.sharing.of(entry.person_id)[0].live is False

    @pytest.mark.parametrize("who", ["sue", "beth", "leo", "pat"])
    def test_only_the_author_stops(self, small: Small, who: str) -> None:
        """Nobody else can end a share, its reader neither; and they learn nothing by trying."""
        entry, snapshot = small.shared()
        share = small.records.sharing.of(entry.person_id)[0]
        with pytest.raises(NotFound):
            small.records.sharing.stop(small.id(who), share.id)
        self.readable(small, snapshot)

    def test_a_share_ends_by_itself(self, small: Small) -> None:
        """A moment before its end it can be read; at its end it cannot."""
        _, snapshot = small.shared()
        small.clock.later(days=30, seconds=-1)
        self.readable(small, snapshot)
        small.clock.later(seconds=1)
        self.refused(small, snapshot)

    def test_naming_the_same_supervisor_again_changes_nothing(self, small: Small) -> None:
        """An operator who repeats a command takes nothing away from anybody."""
        _, snapshot = small.shared()
        small.clock.later(days=1)
        small.records.people.supervise(small.id("sue"), small.id("amina"))
        self.readable(small, snapshot)

    def test_a_reader_who_left_reads_nothing(self, small: Small) -> None:
        """A supervisor removed from the programme reads nothing, nor is shared with."""
        entry, snapshot = small.shared()
        small.records.people.remove(small.id("sue"))
        self.refused(small, snapshot)
        assert small.records.sharing.of(entry.person_id)[0].live is False
        assert small.records.sharing.readers(entry.person_id, entry.id, ("supervisor",)) == []

    def test_a_withdrawn_copy_is_gone(self, small: Small) -> None:
        """A snapshot that was withdrawn opens for no reader, though its share still runs."""
        _, snapshot = small.shared()
        with small.records.store.database.writing() as s:
            s.get_one(SnapshotRow, snapshot).state = "withdrawn"
        self.refused(small, snapshot)

    def test_a_share_that_has_not_begun_is_not_there(self, small: Small) -> None:
        """If the clock was wrong, a share dated ahead is not readable before its time."""
        _, snapshot = small.shared()
        small.clock.later(hours=-1)
        self.refused(small, snapshot)

    @pytest.mark.parametrize("who", ["beth", "tom", "leo", "pat"])
    def test_it_is_for_one_named_reader(self, small: Small, who: str) -> None:
        """Anybody the copy is not addressed to gets nothing, with its exact id in hand."""
        _, snapshot = small.shared()
        self.refused(small, snapshot, who)

    def test_a_share_with_the_other_half_does_not_need_a_supervisor(self, small: Small) -> None:
        """What a coach shares with their leader ends when they said, not with supervision."""
        entry = small.entry()
        small.write(entry, "For you, Leo")
        snapshot = small.share(entry, "leo", "leader")
        small.records.people.supervise(small.id("tom"), small.id("amina"))
        self.readable(small, snapshot, "leo")


class TestReadLog:
    def test_each_opening_is_one_line(self, small: Small) -> None:
        """The author sees who opened what, to the moment, as often as it was opened."""
        entry, snapshot = small.shared()
        times = [small.clock.later(minutes=5) for _ in range(1)]
        small.records.sharing.read(small.id("sue"), snapshot)
        times.append(small.clock.later(minutes=5))
        small.records.sharing.read(small.id("sue"), snapshot)
        share = small.records.sharing.of(entry.person_id)[0]
        lines = [Opening("sue Field", at, "page", "", entry.id, share.made_at) for at in times]
        assert list(share.openings) == lines
        assert small.records.read_log.of(entry.person_id) == lines[::-1]

    def test_authors_are_not_logged_reading_themselves(self, small: Small) -> None:
        """Looking at one's own words, on a page or in a table, leaves no line."""
        entry, snapshot = small.shared()
        small.records.sharing.read(entry.person_id, snapshot)
        list(small.records.desk(small.people["amina"], "collect").answers())
        assert small.records.read_log.of(entry.person_id) == []

    def test_looking_at_lists_opens_nothing(self, small: Small) -> None:
        """A supervisor's caseload and list of shares are facts: no line is written for them."""
        entry, _ = small.shared()
        desk = small.records.desk(small.people["sue"], "desk")
        assert len(desk.shared()) == 1
        assert desk.caseload()[0].shared == 1
        assert small.records.read_log.of(entry.person_id) == []

    def test_a_refused_reading_is_no_opening(self, small: Small) -> None:
        """The log says who read, not who tried."""
        entry, snapshot = small.shared()
        with pytest.raises(NotFound):
            small.records.sharing.read(small.id("tom"), snapshot)
        assert small.records.read_log.of(entry.person_id) == []

    def test_without_a_line_in_the_log_nothing_is_returned(self, small: Small) -> None:
        """If the database refuses the line, the reader gets an error and no content; the author
        can still read."""
        entry, snapshot = small.shared()
        refuse_openings(small.records)
        with pytest.raises(DatabaseError):
            small.records.sharing.read(small.id("sue"), snapshot)
        assert small.records.sharing.read(entry.person_id, snapshot).snapshot_id == snapshot

    def test_without_lines_in_the_log_nothing_is_collected(self, small: Small) -> None:
        """If the log cannot be written, not one row of a collect leaves."""
        small.shared()
        small.write(small.entry("sue", "supervisor/notes"), "her own")
        refuse_openings(small.records)
        rows = small.records.desk(small.people["sue"], "collect").answers()
        with pytest.raises(DatabaseError):
            next(rows)

    def test_a_collect_logs_before_its_first_row(self, small: Small) -> None:
        """With the first row in hand, every author's line is in the database already."""
        entry, _ = small.shared()
        meeting = small.meeting(recorded=True)
        small.write(meeting, "we said", TOGETHER)
        desk = small.records.desk(small.people["sue"], "collect")
        next(desk.answers())
        assert [line.way for line in small.records.read_log.of(entry.person_id)] == ["collect"]
        next(small.records.desk(small.people["amina"], "collect").answers())
        (line,) = small.records.read_log.of(small.id("sue"))
        assert (line.reader, line.at, line.way, line.entry_id) == (
            "amina Field",
            small.clock.at,
            "collect",
            meeting.id,
        )

    def test_lines_of_a_collect_are_written_together(self, small: Small) -> None:
        """One transaction: if the second line cannot be written, the first one is not there."""
        entry, _ = small.shared()
        other = small.entry(workbook="coach/another")
        small.write(other, "more")
        small.share(other)
        with small.records.store.database.writing() as s:
            s.execute(
                text(
                    "CREATE TRIGGER one_line BEFORE INSERT ON opening "
                    "WHEN (SELECT count(*) FROM opening) > 0 "
                    "BEGIN SELECT RAISE(ABORT, 'the log is full'); END"
                )
            )
        with pytest.raises(DatabaseError):
            list(small.records.desk(small.people["sue"], "collect").answers())
        assert small.records.read_log.of(entry.person_id) == []

    def test_what_was_not_logged_is_not_collected(self, small: Small) -> None:
        """A share made while a collect runs waits for the next one: nothing leaves unlogged."""
        small.write(small.entry("sue", "supervisor/notes"), "her own")
        rows = small.records.desk(small.people["sue"], "collect").answers()
        assert next(rows).way == "own"
        small.clock.later(seconds=1)
        small.shared()
        assert list(rows) == []

    def test_breaking_the_glass_stands_in_the_log(self, small: Small) -> None:
        """A reading without the person is logged as that of the two leads, with its reason, for the
        person read as and for everybody whose words were in it."""
        entry, _ = small.shared()
        own = small.entry("sue", "supervisor/notes")
        small.write(own, "her own")
        glass = small.glass("A court order of 3 May")
        desk = small.records.desk(small.people["sue"], "collect", glass=glass)
        assert len(list(desk.answers())) == 2
        told = small.records.read_log.of(entry.person_id)
        assert list(small.records.sharing.of(entry.person_id)[0].openings) == told
        told += small.records.read_log.of(small.id("sue"))
        both = "pat Field and quinn Field"
        line = (both, small.clock.at, "break-glass", "A court order of 3 May")
        assert [(o.reader, o.at, o.way, o.reason, o.entry_id) for o in told] == [
            (*line, entry.id),
            (*line, own.id),
        ]

    def test_breaking_the_glass_needs_a_reason(self, small: Small) -> None:
        """Without words for the author's log there is no such reading."""
        with pytest.raises(NotPossible, match="reason"):
            small.glass(" ")

    def test_each_author_sees_only_their_own_log(self, small: Small) -> None:
        """Who read one person is nobody else's business."""
        _, snapshot = small.shared()
        small.records.sharing.read(small.id("sue"), snapshot)
        for who in ("beth", "leo", "sue", "tom", "pat"):
            assert small.records.read_log.of(small.id(who)) == []
            assert small.records.sharing.of(small.id(who)) == []


class TestReaders:
    def test_readers_are_those_the_workbook_names(self, small: Small) -> None:
        """A coach may share with their own supervisor and the leader of this pair, no one else."""
        entry = small.entry()
        readers = small.records.sharing.readers
        found = readers(entry.person_id, entry.id, ("supervisor", "coach", "leader", "author"))
        assert [(r.name, r.as_role) for r in found] == [
            ("sue Field", "supervisor"),
            ("leo Field", "leader"),
        ]
        assert readers(entry.person_id, entry.id, ()) == []

    def test_somebody_who_left_is_no_reader(self, small: Small) -> None:
        """Nobody is offered a reader who can no longer read."""
        entry = small.entry()
        small.records.people.remove(small.id("leo"))
        assert small.records.sharing.readers(entry.person_id, entry.id, ("leader",)) == []

    def test_an_ended_pair_offers_nobody(self, small: Small) -> None:
        """After a pair has ended, its other half is not offered as a reader."""
        entry = small.entry()
        small.records.people.end_pair(small.pair, small.clock.at.date(), early=True)
        assert small.records.sharing.readers(entry.person_id, entry.id, ("leader",)) == []

    def test_nobody_elses_entry_has_readers(self, small: Small) -> None:
        """Whom an entry could go to is told to its author alone."""
        entry = small.entry()
        with pytest.raises(NotFound):
            small.records.sharing.readers(small.id("sue"), entry.id, ("supervisor",))


class TestReviews:
    def review(self, small: Small, snapshot: str, text: str = "I wonder") -> str:
        """Sue's answer to a snapshot, shared back with its author."""
        entry = small.records.entries.start(
            small.id("sue"), "supervisor/reviewing-a-reflection", about_id=snapshot
        )
        small.write(entry, text)
        reader = small.records.sharing.readers(entry.person_id, entry.id, ("author",))[0]
        assert reader.name == "amina Field"
        return small.share(entry, "amina", reader.as_role)

    def test_an_answer_reaches_the_author(self, small: Small) -> None:
        """What a supervisor answers is read by the coach and by the supervisor."""
        _, snapshot = small.shared()
        answer = self.review(small, snapshot)
        for who in ("amina", "sue"):
            assert small.records.sharing.answers_to(small.id(who), snapshot) == [answer]
        received = small.records.sharing.read(small.id("amina"), answer)
        assert received.document.body["pages"][0]["answers"][0]["value"] == "I wonder"

    def test_an_answer_is_nobody_elses(self, small: Small) -> None:
        """Other people do not learn that there is an answer."""
        _, snapshot = small.shared()
        self.review(small, snapshot)
        for who in ("beth", "tom", "leo", "pat"):
            assert small.records.sharing.answers_to(small.id(who), snapshot) == []

    def test_an_answer_stands_in_the_supervisors_list(self, small: Small) -> None:
        """A supervisor sees which reflections are opened and which are answered."""
        _, snapshot = small.shared()
        desk = small.records.desk(small.people["sue"], "desk")
        assert [(s.opened_at, s.answered_at) for s in desk.shared()] == [(None, None)]
        opened = small.clock.later(minutes=1)
        small.records.sharing.read(small.id("sue"), snapshot)
        answered = small.clock.later(minutes=1)
        self.review(small, snapshot)
        assert [(s.opened_at, s.answered_at) for s in desk.shared()] == [(opened, answered)]


def test_what_a_share_is_for_is_sealed(small: Small) -> None:
    """The purpose is a person's words, too: they do not stand in clear in the database."""
    entry = small.entry()
    small.write(entry, "We met")
    sharing = small.records.sharing
    sharing.share(
        entry.person_id,
        entry.id,
        sharing.compose(entry.person_id, entry.id, EVERYTHING),
        Reader(small.id("sue"), "Sue", "supervisor"),
        purpose="marker-purpose",
        ends_at=datetime(2026, 12, 1, tzinfo=UTC),
    )
    assert sharing.of(entry.person_id)[0].purpose == "marker-purpose"
    with small.records.store.database.reading() as s:
        rows = s.execute(select(ShareRow.__table__)).all()
    assert "marker-purpose" not in repr(rows)


def test_the_log_outlives_the_share(small: Small) -> None:
    """After sharing has ended its author still sees who opened it and when."""
    entry, snapshot = small.shared()
    small.records.sharing.read(small.id("sue"), snapshot)
    small.clock.later(days=60)
    share = small.records.sharing.of(entry.person_id)[0]
    assert (share.live, len(share.openings)) == (False, 1)
    with small.records.store.database.reading() as s:
        assert len(s.scalars(select(OpeningRow)).all()) == 1


def test_a_share_goes_to_a_role_not_to_everyone_with_it(small: Small) -> None:
    """A second supervisor of the programme is not a reader because the first one is."""
    small.records.people.add("Ursula Field", [Role.SUPERVISOR], "01632 960107")
    small.shared()
    ursula = small.records.people.get("ursula field")
    assert small.records.desk(ursula, "collect").shared() == []
    assert list(small.records.desk(ursula, "collect").answers()) == []
