"""What a pair does together: sealed until both have committed, or one copy for both."""

from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from cascade_tools.errors import NotFound, NotPossible
from cascade_tools.model.consent import KEEP
from cascade_tools.model.entry import Entry, Together
from cascade_tools.model.people import Role
from cascade_tools.model.sharing import State
from cascade_tools.records import BREAK_GLASS, Reader, Records, open_records
from cascade_tools.records.tables import EntryRow, SnapshotRow, TogetherRow
from tests.records.small import (
    ACTIONS,
    EVERYTHING,
    HALF_WAY,
    NEXT,
    SECRET,
    TOGETHER,
    WHAT,
    Small,
)
from tests.records.watching import at_once, knocks, view, words

# Everybody but Leo, whose words these are.
OTHERS = ("amina", "beth", "sue", "tom", "pat")


@pytest.fixture
def halves(small: Small) -> tuple[Entry, Entry]:
    """Amina's and Leo's own copies of the half-way review, each with a word of theirs."""
    mine, theirs = small.sealed("amina"), small.sealed("leo")
    small.write(mine, "Amina’s words")
    small.write(theirs, "Leo’s words")
    return mine, theirs


def states(records: Records) -> list[str]:
    """Of every copy, oldest first."""
    with records.store.database.reading() as s:
        return list(s.scalars(select(SnapshotRow.state).order_by(SnapshotRow.made_at)))


def snapshot_of(records: Records, entry: Entry) -> str:
    """The newest copy of this entry, by an address only the database knows."""
    with records.store.database.reading() as s:
        return s.scalars(
            select(SnapshotRow.id)
            .where(SnapshotRow.entry_id == entry.id)
            .order_by(SnapshotRow.made_at.desc())
        ).all()[0]


class TestSealed:
    def test_each_has_a_copy_of_their_own(self, small: Small) -> None:
        """The two halves write in two entries, and coming back finds one's own."""
        mine, theirs = small.sealed("amina"), small.sealed("leo")
        assert mine.id != theirs.id
        assert (small.sealed("amina").id, small.sealed("leo").id) == (mine.id, theirs.id)
        assert (mine.together, mine.state) == ("sealed", State.DRAFT)

    @pytest.mark.parametrize("who", OTHERS)
    def test_one_alone_changes_nothing_for_anybody_else(
        self, small: Small, halves: tuple[Entry, Entry], who: str
    ) -> None:
        """Committing, replacing and taking back are nowhere to be seen: for nobody but the author
        does one line of any list change, not a date, not an order, not a count."""
        before = view(small.records, small.id(who))
        _, theirs = halves
        steps = []
        small.clock.later(minutes=5)
        now = view(small.records, small.id(who))
        assert small.commit(theirs) is False
        steps.append(view(small.records, small.id(who)))
        small.commit(theirs, "Leo’s better words")
        steps.append(view(small.records, small.id(who)))
        small.records.together.take_back(small.id("leo"), theirs.id)
        steps.append(view(small.records, small.id(who)))
        assert steps == [before] * 3 == [now] * 3

    def test_its_author_sees_that_it_waits(self, small: Small, halves: tuple[Entry, Entry]) -> None:
        """The one who committed is told so, with a share that waits and no word of the other."""
        _, theirs = halves
        small.commit(theirs)
        stands = small.stands(theirs)
        assert stands == Together(
            State.COMMITTED, False, stands.mine_snapshot, None, small.people["amina"], None
        )
        assert stands.mine_snapshot is not None
        (share,) = small.records.sharing.of(small.id("leo"))
        assert (share.waiting, share.live, share.openings) == (True, False, ())

    @pytest.mark.parametrize("who", OTHERS)
    def test_a_waiting_copy_answers_like_none(
        self, small: Small, halves: tuple[Entry, Entry], who: str
    ) -> None:
        """Whoever else knows the address of a waiting or taken-back copy gets what they would get
        for one that is not there; not one word of it can be read."""
        _, theirs = halves
        small.commit(theirs)
        copy = snapshot_of(small.records, theirs)
        assert knocks(small.records, small.id(who), theirs.id, copy) == []
        small.records.together.take_back(theirs.person_id, theirs.id)
        assert knocks(small.records, small.id(who), theirs.id, copy) == []
        assert "Leo’s words" not in words(small.records, small.id(who))
        assert small.records.sharing.read(small.id("leo"), copy).document.body["pages"]

    def test_both_open_when_both_have_committed(
        self, small: Small, halves: tuple[Entry, Entry]
    ) -> None:
        """The second commit opens both: each reads what the other had frozen, no more."""
        mine, theirs = halves
        small.write(theirs, "for me alone", SECRET, counter=2)
        assert small.commit(theirs) is False
        small.write(theirs, "changed afterwards", counter=3)
        assert small.commit(mine) is True
        for entry, other, heard in ((mine, theirs, "Leo’s words"), (theirs, mine, "Amina’s words")):
            stands = small.stands(entry)
            assert (stands.mine, stands.opened) == (State.OPENED, True)
            assert stands.theirs_snapshot == small.stands(other).mine_snapshot
            assert stands.theirs_snapshot is not None
            received = small.records.sharing.read(entry.person_id, stands.theirs_snapshot)
            assert [a["value"] for p in received.document.body["pages"] for a in p["answers"]] == [
                heard
            ]
            assert words(small.records, entry.person_id) >= {heard}
            assert stands.done == ("both", small.clock.at.date(), "amina Field")
        assert {"changed afterwards", "for me alone"} & words(small.records, small.id("amina")) == (
            set()
        )
        assert states(small.records) == ["opened", "opened"]

    @pytest.mark.parametrize("who", ["beth", "sue", "tom", "pat"])
    def test_what_is_open_is_nobody_elses(
        self, small: Small, halves: tuple[Entry, Entry], who: str
    ) -> None:
        """Opening is between two: not the supervisor, not the lead, not another coach."""
        mine, theirs = halves
        small.commit(theirs)
        small.commit(mine)
        for entry in halves:
            copy = snapshot_of(small.records, entry)
            assert knocks(small.records, small.id(who), entry.id, copy) == []
        assert words(small.records, small.id(who)) == set()

    def test_reading_the_others_stands_in_their_log(
        self, small: Small, halves: tuple[Entry, Entry]
    ) -> None:
        """What is open is read like any share: its author is told who opened it and when."""
        mine, theirs = halves
        small.commit(mine)
        small.commit(theirs)
        small.records.sharing.read(small.id("leo"), str(small.stands(theirs).theirs_snapshot))
        assert [x.reader for x in small.records.read_log.of(small.id("amina"))] == ["leo Field"]

    def test_both_open_or_neither(self, small: Small, halves: tuple[Entry, Entry]) -> None:
        """If the database refuses the last line of the opening, nothing of it has happened."""
        mine, theirs = halves
        small.commit(theirs)
        with small.records.store.database.writing() as s:
            s.execute(
                text(
                    "CREATE TRIGGER no_mark BEFORE INSERT ON together "
                    "BEGIN SELECT RAISE(ABORT, 'no'); END"
                )
            )
        with pytest.raises(DatabaseError):
            small.commit(mine)
        assert states(small.records) == ["committed"]
        assert (small.stands(mine).mine, small.stands(theirs).mine) == (
            State.DRAFT,
            State.COMMITTED,
        )
        assert words(small.records, small.id("amina")) == {"Amina’s words"}

    def test_nothing_cannot_be_committed(self, small: Small) -> None:
        """Nobody opens the other's words with an empty sheet, nor until yesterday."""
        mine, theirs = small.sealed("amina"), small.sealed("leo")
        small.commit(theirs, "Leo’s words")
        with pytest.raises(NotPossible):
            small.commit(mine)
        small.write(mine, "only for me", SECRET)
        with pytest.raises(NotPossible):
            small.commit(mine)
        small.write(mine, "a word", WHAT)
        with pytest.raises(NotPossible):
            small.commit(mine, days=0)
        assert (small.stands(mine).mine, small.stands(mine).opened) == (State.DRAFT, False)

    def test_only_the_author_commits_and_takes_back(
        self, small: Small, halves: tuple[Entry, Entry]
    ) -> None:
        """To everybody else, the other half too, the sheet is not there."""
        mine, _ = halves
        small.commit(mine)
        document = small.document(mine)
        for who in ("leo", "sue", "pat", "beth"):
            with pytest.raises(NotFound):
                small.records.together.commit(
                    small.id(who), mine.id, document, small.clock.at + timedelta(days=9)
                )
            with pytest.raises(NotFound):
                small.records.together.take_back(small.id(who), mine.id)
            with pytest.raises(NotFound):
                small.records.together.status(small.id(who), mine.id)
        assert small.stands(mine).mine is State.COMMITTED

    def test_an_ordinary_sheet_is_not_sealed(self, small: Small) -> None:
        """A workbook that is not done together has nothing to open."""
        entry = small.entry()
        small.write(entry, "We met")
        with pytest.raises(NotFound):
            small.commit(entry)
        with pytest.raises(NotFound):
            small.stands(entry)

    def test_a_workbook_of_a_pair_needs_one(self, small: Small) -> None:
        """Together is with somebody, and in one of two ways."""
        start = small.records.entries.start
        for way in ("sealed", "shared"):
            with pytest.raises(NotPossible):
                start(small.id("amina"), HALF_WAY, together=way)
            with pytest.raises(NotFound):
                start(small.id("beth"), HALF_WAY, pair_id=small.pair, together=way)
        with pytest.raises(NotPossible):
            start(small.id("amina"), HALF_WAY, pair_id=small.pair, together="open")


class TestNoWayRound:
    def test_the_other_half_is_no_reader(self, small: Small, halves: tuple[Entry, Entry]) -> None:
        """A sealed sheet is offered to the other half nowhere, and cannot be shared with them."""
        mine, _ = halves
        readers = small.records.sharing.readers(mine.person_id, mine.id, ("leader", "supervisor"))
        assert [r.name for r in readers] == ["sue Field"]
        with pytest.raises(NotPossible):
            small.share(mine, "leo", "leader")
        assert words(small.records, small.id("leo")) == {"Leo’s words"}

    def test_the_supervisor_hears_what_is_shared_and_opens_nothing(
        self, small: Small, halves: tuple[Entry, Entry]
    ) -> None:
        """A coach may take their own draft to supervision; for the pair it stays a draft."""
        mine, theirs = halves
        small.share(mine)
        assert words(small.records, small.id("sue")) == {"Amina’s words"}
        assert small.stands(mine).mine is State.DRAFT
        assert small.commit(theirs) is False
        assert words(small.records, small.id("leo")) == {"Leo’s words"}
        assert small.commit(mine) is True
        assert words(small.records, small.id("sue")) == {"Amina’s words"}

    def test_recording_is_not_committing(self, small: Small, halves: tuple[Entry, Entry]) -> None:
        """The way a meeting is recorded does not open a sealed sheet."""
        mine, _ = halves
        with pytest.raises(NotPossible):
            small.records.entries.commit(mine.person_id, mine.id)
        assert small.stands(mine).mine is State.DRAFT

    def test_a_sealed_sheet_is_not_proposed(
        self, small: Small, halves: tuple[Entry, Entry]
    ) -> None:
        """An agreement is no way round the seal, until both opened it or did it otherwise."""
        mine, theirs = halves
        propose = small.records.agreements.propose
        until = small.clock.at + timedelta(days=9)

        def try_it() -> str:
            return propose(
                mine.person_id, mine.id, small.document(mine), ends=None, label="", until=until
            )

        small.commit(theirs)
        with pytest.raises(NotPossible):
            try_it()
        assert words(small.records, small.id("leo")) == {"Leo’s words"}
        small.commit(mine)
        assert try_it()

    def test_another_workbook_opens_nothing(self, small: Small) -> None:
        """What waits in one workbook, session, pair or round does not open another."""
        small.commit(small.sealed("leo"), "Leo’s words")
        assert small.commit(small.sealed("amina", "pair/ending-well"), "Amina ends") is False
        other = small.records.people.pair(
            small.id("amina"), small.id("leo"), "again", small.clock.at.date()
        )
        entry = small.records.entries.start(
            small.id("amina"), HALF_WAY, pair_id=other, together="sealed"
        )
        assert small.commit(entry, "Amina elsewhere") is False
        entry = small.records.entries.start(
            small.id("amina"),
            HALF_WAY,
            pair_id=small.pair,
            session_id=small.session,
            together="sealed",
        )
        assert small.commit(entry, "Amina about one session") is False
        assert words(small.records, small.id("leo")) == {"Leo’s words"}

    def test_a_new_round_is_sealed_again(self, small: Small, halves: tuple[Entry, Entry]) -> None:
        """Once opened, a second round waits for both anew, and the first stays open."""
        mine, theirs = halves
        small.commit(mine)
        small.commit(theirs)
        small.clock.later(days=1)
        again = small.sealed("amina", again=True)
        assert small.commit(again, "Amina, once more") is False
        assert "Amina, once more" not in words(small.records, small.id("leo"))
        assert small.stands(mine).opened
        assert small.commit(small.sealed("leo", again=True), "Leo, once more") is True
        assert words(small.records, small.id("leo")) >= {"Amina’s words", "Amina, once more"}
        assert small.stands(again).opened

    def test_it_is_no_answer_before_it_is_open(self, small: Small) -> None:
        """A sealed sheet about something both can read is not listed under it while it waits."""
        _, about = small.shared()
        start = small.records.entries.start
        sheets = [
            start(small.id(w), HALF_WAY, pair_id=small.pair, about_id=about, together="sealed")
            for w in ("amina", "leo")
        ]
        small.commit(sheets[1], "Leo’s words")
        for who in ("amina", "leo", "sue"):
            assert small.records.sharing.answers_to(small.id(who), about) == []
        small.commit(sheets[0], "Amina’s words")
        assert len(small.records.sharing.answers_to(small.id("amina"), about)) == 2
        assert small.records.sharing.answers_to(small.id("sue"), about) == []

    def test_a_shared_end_opens_nothing(self, small: Small, halves: tuple[Entry, Entry]) -> None:
        """A copy that waited beyond its end date neither opens nor opens the other's."""
        mine, theirs = halves
        small.commit(theirs, days=10)
        small.clock.later(days=11)
        assert small.commit(mine) is False
        assert states(small.records) == ["committed", "committed"]
        assert small.commit(theirs) is True
        assert small.stands(mine).opened


class TestTakingBack:
    def test_before_opening_it_is_a_draft_again(
        self, small: Small, halves: tuple[Entry, Entry]
    ) -> None:
        """Taken back, it waits no longer: the other's commit opens nothing."""
        mine, theirs = halves
        small.commit(theirs)
        small.records.together.take_back(theirs.person_id, theirs.id)
        assert small.stands(theirs).mine is State.DRAFT
        assert small.stands(theirs).mine_snapshot is None
        assert small.commit(mine) is False
        assert states(small.records) == ["withdrawn", "committed"]
        assert words(small.records, small.id("amina")) == {"Amina’s words"}

    def test_after_opening_both_close(self, small: Small, halves: tuple[Entry, Entry]) -> None:
        """Whoever takes theirs back no longer reads the other's either; the other's waits, and
        opens with what is committed next."""
        mine, theirs = halves
        small.commit(mine)
        small.commit(theirs)
        copies = [snapshot_of(small.records, e) for e in halves]
        small.records.together.take_back(mine.person_id, mine.id)
        assert words(small.records, small.id("amina")) == {"Amina’s words"}
        assert words(small.records, small.id("leo")) == {"Leo’s words"}
        assert knocks(small.records, small.id("leo"), mine.id, copies[0]) == []
        assert knocks(small.records, small.id("amina"), theirs.id, copies[1]) == []
        stands = small.stands(theirs)
        assert (stands.mine, stands.opened, stands.theirs_snapshot, stands.done) == (
            State.COMMITTED,
            False,
            None,
            None,
        )
        assert small.stands(mine).mine is State.DRAFT
        small.clock.later(days=1)
        assert small.commit(mine, "Amina again") is True
        assert words(small.records, small.id("leo")) == {"Leo’s words", "Amina again"}
        assert words(small.records, small.id("amina")) == {"Amina again", "Leo’s words"}

    @pytest.mark.parametrize("opened", [False, True])
    def test_stopping_the_share_is_taking_it_back(
        self, small: Small, halves: tuple[Entry, Entry], opened: bool
    ) -> None:
        """The button beside everything one shares does the same, before opening and after."""
        mine, theirs = halves
        small.commit(mine)
        if opened:
            small.commit(theirs)
        (share,) = small.records.sharing.of(mine.person_id)
        small.records.sharing.stop(mine.person_id, share.id)
        small.records.sharing.stop(mine.person_id, share.id)
        assert small.stands(mine).mine is State.DRAFT
        assert not small.stands(theirs).opened
        assert words(small.records, small.id("leo")) == {"Leo’s words"}
        assert words(small.records, small.id("amina")) == {"Amina’s words"}

    def test_an_old_share_closes_nothing(self, small: Small, halves: tuple[Entry, Entry]) -> None:
        """Stopping what was replaced long ago leaves what is open now open."""
        mine, theirs = halves
        small.commit(mine)
        small.clock.later(minutes=1)
        small.commit(mine, "better")
        small.commit(theirs)
        first = small.records.sharing.of(mine.person_id)[-1]
        small.records.sharing.stop(mine.person_id, first.id)
        assert small.stands(theirs).opened

    def test_committing_again_replaces_what_is_open(
        self, small: Small, halves: tuple[Entry, Entry]
    ) -> None:
        """A newer version takes the place of the older at once; the other's stays open."""
        mine, theirs = halves
        small.commit(mine)
        small.commit(theirs)
        small.clock.later(days=1)
        assert small.commit(mine, "Amina, better") is True
        assert words(small.records, small.id("leo")) == {"Leo’s words", "Amina, better"}
        assert "Leo’s words" in words(small.records, small.id("amina"))
        stands = small.stands(mine)
        assert stands.done is not None
        assert stands.done[1] == small.clock.at.date() - timedelta(days=1)

    def test_taking_back_twice_or_never_committed_changes_nothing(
        self, small: Small, halves: tuple[Entry, Entry]
    ) -> None:
        """There is nothing to take back in a draft; the other's is untouched."""
        mine, theirs = halves
        small.commit(theirs)
        for _ in range(2):
            small.records.together.take_back(mine.person_id, mine.id)
        assert small.stands(mine).mine is State.DRAFT
        assert small.stands(theirs).mine is State.COMMITTED

    def test_a_share_that_ended_is_no_longer_read(
        self, small: Small, halves: tuple[Entry, Entry]
    ) -> None:
        """What is open ends on the day its author said; the other's stays until theirs."""
        mine, theirs = halves
        small.commit(mine, days=5)
        small.commit(theirs, days=50)
        small.clock.later(days=6)
        assert small.stands(theirs).opened
        assert small.stands(theirs).theirs_snapshot is None
        assert words(small.records, small.id("leo")) == {"Leo’s words"}
        assert words(small.records, small.id("amina")) == {"Amina’s words", "Leo’s words"}


class TestAtOnce:
    def test_two_at_the_same_instant_open_once(
        self, small: Small, url: str, tmp_path: Path
    ) -> None:
        """Two processes commit for the two halves at the same moment: both are open, once, each
        with the other, however often it is tried."""
        key = tmp_path / "secret.key"
        gates = [open_records(url, key, durable=False) for _ in range(2)]
        for _ in range(15):
            pair = small.records.people.pair(
                small.id("amina"), small.id("leo"), "a pair", small.clock.at.date()
            )
            sheets = []
            for who in ("amina", "leo"):
                sheets.append(
                    small.records.entries.start(
                        small.id(who), HALF_WAY, pair_id=pair, together="sealed"
                    )
                )
                small.write(sheets[-1], f"{who}’s words")
            until = gates[0].store.now() + timedelta(days=9)
            opened = at_once(
                *(
                    partial(gate.together.commit, e.person_id, e.id, small.document(e), until)
                    for gate, e in zip(gates, sheets, strict=True)
                )
            )
            assert sorted(opened) == [False, True]
            stands = [gates[0].together.status(e.person_id, e.id) for e in sheets]
            assert [s.opened for s in stands] == [True, True]
            assert stands[0].theirs_snapshot == stands[1].mine_snapshot
            assert stands[1].theirs_snapshot == stands[0].mine_snapshot
            with small.records.store.database.reading() as s:
                marks = s.scalars(select(TogetherRow).where(TogetherRow.pair_id == pair)).all()
            assert len(marks) == 1
        for gate in gates:
            gate.close()

    def test_a_clock_that_goes_back_leaves_nobody_waiting(
        self, small: Small, halves: tuple[Entry, Entry]
    ) -> None:
        """The second to commit opens both, even if the clock was put back in between."""
        mine, theirs = halves
        small.commit(theirs)
        small.clock.later(hours=-1)
        assert small.commit(mine) is True


class TestNobodyThere:
    @pytest.fixture
    def alone(self, small: Small) -> Entry:
        """Amina's sheet with a leader who wants no account."""
        pair = small.records.people.pair(
            small.id("amina"), None, "the library", small.clock.at.date()
        )
        entry = small.records.entries.start(
            small.id("amina"), HALF_WAY, pair_id=pair, together="sealed"
        )
        small.write(entry, "Amina’s words")
        return entry

    def test_a_leader_without_an_account(self, small: Small, alone: Entry) -> None:
        """A coach keeps a copy of their own, and says that it was done aloud."""
        assert small.commit(alone) is False
        stands = small.stands(alone)
        assert (stands.mine, stands.opened, stands.partner) == (State.COMMITTED, False, None)
        assert small.records.sharing.of(alone.person_id) == []
        day = small.clock.at.date() - timedelta(days=1)
        assert alone.pair_id is not None
        small.records.together.mark(alone.person_id, alone.pair_id, HALF_WAY, "aloud", day)
        assert small.stands(alone).done == ("aloud", day, "amina Field")
        assert small.records.together.done(alone.person_id, alone.pair_id) == {HALF_WAY}
        small.records.together.take_back(alone.person_id, alone.id)
        assert small.stands(alone).mine is State.DRAFT

    def test_a_leader_who_left_before(self, small: Small, halves: tuple[Entry, Entry]) -> None:
        """Nobody's words open to, or for, somebody who is no longer there."""
        mine, theirs = halves
        small.commit(theirs)
        small.records.people.remove(small.id("leo"))
        assert small.commit(mine) is False
        stands = small.stands(mine)
        assert (stands.mine, stands.opened, stands.partner) == (State.COMMITTED, False, None)
        assert words(small.records, small.id("amina")) == {"Amina’s words"}

    def test_a_leader_who_left_after(self, small: Small, halves: tuple[Entry, Entry]) -> None:
        """What was open stays open for the one who is there; there is nobody to open with."""
        mine, theirs = halves
        small.commit(theirs)
        small.commit(mine)
        small.records.people.remove(small.id("leo"))
        stands = small.stands(mine)
        assert (stands.opened, stands.partner) == (True, None)
        assert stands.theirs_snapshot is not None
        assert words(small.records, small.id("amina")) == {"Amina’s words", "Leo’s words"}

    def test_a_pair_that_ended(self, small: Small, halves: tuple[Entry, Entry]) -> None:
        """Ending well comes after the end, too: both still commit, and it opens."""
        mine, theirs = halves
        small.records.pairs.end_early(small.id("leo"), small.pair, "leader", small.clock.at.date())
        small.commit(mine)
        assert small.commit(theirs) is True
        assert small.stands(mine).opened


class TestMarking:
    def test_both_see_how_it_was_done(self, small: Small, halves: tuple[Entry, Entry]) -> None:
        """Gone on without, or aloud: with the day and who said so, the newest counts; no word
        opens by it."""
        mine, theirs = halves
        small.commit(mine)
        day = small.clock.at.date()
        mark = small.records.together.mark
        mark(small.id("leo"), small.pair, HALF_WAY, "without", day)
        assert small.stands(mine).done == ("without", day, "leo Field")
        small.clock.later(minutes=1)
        mark(small.id("amina"), small.pair, HALF_WAY, "aloud", day)
        assert small.stands(theirs).done == ("aloud", day, "amina Field")
        assert words(small.records, small.id("leo")) == {"Leo’s words"}
        assert small.commit(theirs) is True

    @pytest.mark.parametrize("who", ["beth", "sue", "pat"])
    def test_only_the_two_mark(self, small: Small, who: str) -> None:
        """To anybody else the pair is not there."""
        with pytest.raises(NotFound):
            small.records.together.mark(
                small.id(who), small.pair, HALF_WAY, "aloud", small.clock.at.date()
            )
        with pytest.raises(NotFound):
            small.records.together.done(small.id(who), small.pair)

    def test_nobody_says_that_both_opened(self, small: Small) -> None:
        """That both opened is not said, it happens."""
        with pytest.raises(NotPossible):
            small.records.together.mark(
                small.id("leo"), small.pair, HALF_WAY, "both", small.clock.at.date()
            )


class TestOneCopy:
    def test_it_is_the_same_whoever_begins(self, small: Small) -> None:
        """Both halves open one entry, recorded from its first word."""
        entry = small.both("leo")
        assert small.both("amina") == entry
        assert (entry.state, entry.together) == (State.COMMITTED, "shared")
        assert entry.committed_at is not None

    def test_both_write_and_read_what_is_for_both(self, small: Small) -> None:
        """Either writes over the other's words, with the same care for conflicts as ever."""
        entry = small.both("leo")
        small.write(entry, "Leo’s action", TOGETHER)
        small.write(entry, "Amina’s action", NEXT, by="amina")
        small.write(entry, "Amina’s turn", TOGETHER, by="amina", base=1, writer="hers")
        expected = {"worked-on": "Amina’s turn", "what-next": "Amina’s action"}
        assert small.read(entry) == small.read(entry, "amina") == expected
        assert words(small.records, small.id("amina")) == set(expected.values())
        assert words(small.records, small.id("leo")) == set(expected.values())

    @pytest.mark.parametrize("who", ["beth", "sue", "tom", "pat"])
    def test_it_is_nobody_elses(self, small: Small, who: str) -> None:
        """Neither the supervisor nor anybody else reads, writes, lists or collects it."""
        entry = small.both("amina")
        before = view(small.records, small.id(who))
        small.write(entry, "Ours", TOGETHER)
        assert view(small.records, small.id(who)) == before
        assert knocks(small.records, small.id(who), entry.id, "none") == []
        with pytest.raises(NotFound):
            small.write(entry, "Mine", TOGETHER, by=who, counter=2)
        assert words(small.records, small.id(who)) == set()

    def test_it_is_shared_with_nobody_else(self, small: Small) -> None:
        """One half does not take the other's words to supervision."""
        entry = small.both("amina")
        small.write(entry, "Leo’s words", TOGETHER, by="leo")
        roles = ("supervisor", "leader", "coach")
        assert small.records.sharing.readers(entry.person_id, entry.id, roles) == []
        with pytest.raises(NotPossible):
            small.share(entry)
        assert words(small.records, small.id("sue")) == set()

    def test_only_me_in_it_is_its_writers(self, small: Small) -> None:
        """What is only for the one who began it is never the other's, by any way; the other
        cannot write there."""
        entry = small.both("amina")
        small.write(entry, "for Amina alone", SECRET)
        small.write(entry, "for Amina, unless shared", WHAT)
        assert small.read(entry, "leo") == {}
        assert words(small.records, small.id("leo")) == set()
        for prompt in (SECRET, WHAT):
            with pytest.raises(NotFound):
                small.write(entry, "Leo’s", prompt, by="leo", writer="his", counter=9)
        assert small.read(entry) == {
            "not-said": "for Amina alone",
            "what-happened": "for Amina, unless shared",
        }

    def test_another_pair_has_another(self, small: Small) -> None:
        """The same coach with another leader has another copy, which this leader never sees."""
        records = small.records
        eve = records.people.add("Eve Field", [Role.LEADER])
        records.consents.decide(eve.id, KEEP, True, "1")
        pair = records.people.pair(small.id("amina"), eve.id, "another", small.clock.at.date())
        other = records.entries.start(small.id("amina"), ACTIONS, pair_id=pair, together="shared")
        assert other.id != small.both("amina").id
        small.write(other, "Eve’s", TOGETHER)
        assert words(records, small.id("leo")) == set()
        assert words(records, eve.id) == {"Eve’s"}
        with pytest.raises(NotFound):
            records.entries.get(small.id("leo"), other.id)

    def test_its_beginner_may_leave(self, small: Small) -> None:
        """When whoever began it is gone, the other goes on."""
        entry = small.both("leo")
        small.write(entry, "Leo’s action", TOGETHER)
        small.records.people.remove(small.id("leo"))
        assert small.both("amina").id == entry.id
        small.write(entry, "done", NEXT, by="amina")
        assert set(small.read(entry, "amina").values()) == {"Leo’s action", "done"}

    def test_pictures_of_it_are_drawn_for_both(self, small: Small) -> None:
        """Each gets it as one sitting, with what they may read."""
        entry = small.both("leo")
        small.write(entry, "Ours", TOGETHER)
        small.write(entry, "Leo’s alone", SECRET)
        (sitting,) = small.records.entries.sittings(small.id("amina"), entry.id, 5)
        assert (sitting.current, sitting.answers) == (True, {"worked-on": "Ours"})

    def test_collecting_it_is_told_to_the_other(self, small: Small) -> None:
        """In it are both people's words: a table one half makes stands in the other's log, whoever
        began it, and breaking the glass in both."""
        entry = small.both("leo")
        small.write(entry, "Ours", TOGETHER)
        for who, other, way in (("amina", "leo", "together"), ("leo", "amina", "own")):
            rows = list(small.records.desk(small.people[who], "collect").answers())
            assert [(a.value, a.way) for a in rows] == [("Ours", way)]
            told = small.records.read_log.of(small.id(other))
            assert [(x.reader, x.way, x.entry_id) for x in told] == [
                (f"{who} Field", "collect", entry.id)
            ]
        small.clock.later(minutes=1)
        glass = small.glass("A court asked")
        list(small.records.desk(small.people["leo"], "collect", glass=glass).answers())
        for who in ("amina", "leo"):
            line = small.records.read_log.of(small.id(who))[0]
            assert (line.way, line.reason) == (BREAK_GLASS, "A court asked")
            assert line.reader == "pat Field and quinn Field"


def test_a_second_copy_never_comes_about(small: Small, url: str, tmp_path: Path) -> None:
    """Two halves who begin at the same instant, in two processes, find one entry."""
    gates = [open_records(url, tmp_path / "secret.key", durable=False) for _ in range(2)]
    for number in range(10):
        found = at_once(
            *(
                partial(
                    gate.entries.start,
                    small.id(who),
                    f"pair/{number}",
                    pair_id=small.pair,
                    together="shared",
                )
                for gate, who in zip(gates, ("amina", "leo"), strict=True)
            )
        )
        assert found[0] == found[1]
    for gate in gates:
        gate.close()
    with small.records.store.database.reading() as s:
        assert len(s.scalars(select(EntryRow).where(EntryRow.together == "shared")).all()) == 10


def test_a_reader_is_never_somebody_it_may_not_be(small: Small) -> None:
    """Whatever name a caller makes up for the reader, a sealed sheet does not go to the other."""
    entry = small.sealed("leo")
    small.write(entry, "Leo’s words")
    with pytest.raises(NotPossible):
        small.records.sharing.share(
            small.id("leo"),
            entry.id,
            small.records.sharing.compose(small.id("leo"), entry.id, EVERYTHING),
            Reader(small.id("amina"), "Sue", "supervisor"),
            purpose="",
            ends_at=small.clock.at + timedelta(days=9),
        )
