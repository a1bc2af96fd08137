"""Who takes part, who holds whom, and what a supervisor sees of it: facts, never words."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from cascade_tools.errors import NotFound, NotPossible
from cascade_tools.model.people import Held, Role, Session
from cascade_tools.records.tables import Row
from tests.records.small import TOGETHER, WHAT, Small


class TestPeople:
    def test_a_name_belongs_to_one_person(self, small: Small) -> None:
        """People sign in with their names, so a second one of the same name is refused."""
        with pytest.raises(NotPossible):
            small.records.people.add("  AMINA   field ", [Role.LEADER])

    def test_a_name_is_free_again_when_its_person_left(self, small: Small) -> None:
        """Somebody new may have the name of somebody who left, and is not taken for them."""
        small.shared()
        small.records.people.remove(small.id("amina"))
        new = small.records.people.add("amina Field", [Role.COACH])
        small.records.people.supervise(small.id("sue"), new.id)
        assert small.records.people.get("Amina Field").id == new.id
        assert small.records.entries.of(new.id) == []
        coach = small.records.desk(small.people["sue"], "desk").caseload()[0]
        assert (coach.id, coach.shared, coach.unread) == (new.id, 0, ())

    @pytest.mark.parametrize(
        ("name", "roles", "phone"),
        [("", [Role.COACH], ""), ("New Person", [], ""), ("New Person", [Role.SUPERVISOR], " ")],
    )
    def test_what_nobody_could_be_is_refused(
        self, small: Small, name: str, roles: list[Role], phone: str
    ) -> None:
        """A person needs a name and a role, and a supervisor a number to ring."""
        with pytest.raises(NotPossible):
            small.records.people.add(name, roles, phone)

    def test_somebody_who_left_is_not_there(self, small: Small) -> None:
        """A removed person is in no list, by no name and no id, and cannot be removed twice."""
        people = small.records.people
        people.remove(small.id("tom"))
        assert people.find("tom Field") is None
        assert "tom Field" not in [p.name for p in people.all()]
        with pytest.raises(NotFound):
            people.by_id(small.id("tom"))
        with pytest.raises(NotFound):
            people.remove(small.id("tom"))
        assert people.supervisor_of(small.id("beth")) is None

    def test_what_was_written_stays_its_authors(self, small: Small) -> None:
        """Removing a person takes away no word, and gives none to anybody."""
        entry = small.entry()
        small.write(entry, "We met")
        small.records.people.remove(small.id("amina"))
        assert small.read(entry) == {"what-happened": "We met"}
        with pytest.raises(NotFound):
            small.read(entry, by="pat")

    @pytest.mark.parametrize(
        ("supervisor", "coach"), [("amina", "beth"), ("sue", "leo"), ("sue", "sue")]
    )
    def test_only_a_supervisor_holds_a_coach(
        self, small: Small, supervisor: str, coach: str
    ) -> None:
        """Nobody is supervised by somebody who is no supervisor, nor by themselves."""
        with pytest.raises(NotPossible):
            small.records.people.supervise(small.id(supervisor), small.id(coach))

    def test_a_meeting_is_with_coaches_one_supervises(self, small: Small) -> None:
        """A supervisor cannot open a sheet about a coach they do not hold, or about nobody."""
        for coaches in ([small.id("beth")], [small.id("amina"), small.id("beth")], []):
            with pytest.raises(NotPossible):
                small.records.people.start_supervision(
                    small.id("sue"), coaches, small.clock.at.date()
                )

    def test_a_pair_needs_a_label_and_two_people(self, small: Small) -> None:
        """A pair is a coach, a leader (or none with an account) and a name that gives nobody
        away."""
        pair, day = small.records.people.pair, small.clock.at.date()
        for arguments in (
            (small.id("amina"), None, " ", day),
            (small.id("amina"), small.id("amina"), "label", day),
            (small.id("leo"), None, "label", day),
            (small.id("amina"), small.id("beth"), "label", day),
        ):
            with pytest.raises(NotPossible):
                pair(*arguments)

    def test_what_is_known_of_a_match_can_be_said_at_once_or_later(self, small: Small) -> None:
        """When the leader asked and that a reason is written down; saying one leaves the other, and
        nobody asks after they were matched."""
        people, day = small.records.people, small.clock.at.date()
        before, late = day - timedelta(days=9), day + timedelta(days=1)

        def told() -> list[tuple[str, bool]]:
            pairs = small.records.my_data.gather(small.id("amina"))["pairs"]
            return [(p["asked_on"], p["reason_kept"]) for p in pairs if p["label"] == "b"]

        pair = people.pair(small.id("amina"), None, "b", day, asked_on=before)
        assert told() == [(before.isoformat(), False)]
        people.matched(pair, reason_kept=True)
        assert told() == [(before.isoformat(), True)]
        people.matched(pair, asked_on=day)
        assert told() == [(day.isoformat(), True)]
        people.matched(pair, reason_kept=False)
        assert told() == [(day.isoformat(), False)]
        with pytest.raises(NotPossible, match="--asked-on"):
            people.matched(pair, asked_on=late)
        with pytest.raises(NotPossible, match="--asked-on"):
            people.pair(small.id("amina"), None, "c", day, asked_on=late)
        assert told() == [(day.isoformat(), False)]

    def test_a_coach_has_room_for_so_many_and_each_pair_takes_one(self, small: Small) -> None:
        """Nothing is known until somebody says so; it never falls below none.  Only coaches have
        room, for a number that can be."""
        people, amina = small.records.people, small.id("amina")
        rooms = [people.by_id(amina).room, people.room(amina, 1).room]
        for label in ("one", "two"):
            people.pair(amina, None, label, small.clock.at.date())
            rooms.append(people.by_id(amina).room)
        assert rooms == [None, 1, 0, 0]
        for who, number in (("leo", 1), ("amina", -1), ("amina", 10**30)):
            with pytest.raises(NotPossible):
                people.room(small.id(who), number)

    def test_every_id_has_128_random_bits(self, small: Small) -> None:
        """No address can be counted up or guessed: each id is 32 random hexadecimal digits."""
        small.shared()
        small.records.sharing.ask_to_talk(small.id("amina"), "today")
        small.write(small.meeting(recorded=True), "we said", TOGETHER)
        seen: list[str] = []
        with small.records.store.database.reading() as s:
            for table in Row.metadata.sorted_tables:
                if "id" in table.c and table.name != "asked":
                    seen += s.scalars(select(table.c.id)).all()
        assert len(seen) > 15
        assert len(set(seen)) == len(seen)
        assert all(re.fullmatch("[0-9a-f]{32}", one) for one in seen)
        # Every digit of 32 takes several values: nothing counts up, nothing is fixed.
        assert all(len({one[place] for one in seen}) > 3 for place in range(32))


class TestAskingToTalk:
    def test_the_supervisor_sees_that_and_when(self, small: Small) -> None:
        """*Please ring me* stands in the supervisor's overview, without a reason."""
        small.records.sharing.ask_to_talk(small.id("amina"), "today")
        coach = small.records.desk(small.people["sue"], "desk").caseload()[0]
        assert (coach.asked, coach.asked_at) == ("today", small.clock.at)
        assert small.records.desk(small.people["tom"], "desk").caseload()[0].asked is None

    def test_the_newest_asking_counts(self, small: Small) -> None:
        """Asking again replaces what was asked before."""
        for when in ("before", "today", "before"):
            small.clock.later(minutes=1)
            small.records.sharing.ask_to_talk(small.id("amina"), when)
        assert small.records.sharing.asked_to_talk(small.id("amina")) == "before"

    def test_it_can_be_taken_back(self, small: Small) -> None:
        """Somebody who no longer needs a call leaves no note."""
        small.records.sharing.ask_to_talk(small.id("amina"), "today")
        small.records.sharing.take_back_talk(small.id("amina"))
        assert small.records.sharing.asked_to_talk(small.id("amina")) is None
        assert small.records.desk(small.people["sue"], "desk").caseload()[0].asked is None

    def test_no_reason_can_be_left(self, small: Small) -> None:
        """The note holds one of two codes and nothing anybody wrote."""
        with pytest.raises(NotPossible):
            small.records.sharing.ask_to_talk(small.id("amina"), "because of Leo")

    def test_a_meeting_that_was_held_answers_it(self, small: Small) -> None:
        """Nobody stays at the top of a list after they have talked; an older meeting settles
        nothing."""
        people, sharing = small.records.people, small.records.sharing
        amina, sue = small.id("amina"), small.id("sue")
        sharing.ask_to_talk(amina, "before")
        today = small.clock.at.date()
        for on, left in ((today - timedelta(days=1), "before"), (today, None)):
            meeting = people.start_supervision(sue, [amina], on)
            people.record_supervision(meeting, on=on, state=Held.HELD)
            assert sharing.asked_to_talk(amina) == left


class TestCaseload:
    def test_only_supervisors_have_one(self, small: Small) -> None:
        """Nobody else gets a list of coaches."""
        for who in ("amina", "leo", "pat"):
            assert small.records.desk(small.people[who], "desk").caseload() == []

    def test_it_holds_the_coaches_of_now(self, small: Small) -> None:
        """A coach is in the overview of whoever supervises them now, since then."""
        small.clock.later(days=10)
        small.records.people.supervise(small.id("tom"), small.id("amina"))
        assert small.records.desk(small.people["sue"], "desk").caseload() == []
        coaches = small.records.desk(small.people["tom"], "desk").caseload()
        assert [c.name for c in coaches] == ["amina Field", "beth Field"]
        assert coaches[0].since == small.clock.at.date()

    def test_a_pair_is_its_label_never_the_leader(self, small: Small) -> None:
        """The supervisor sees how far a pair is and when it meets next, not who the leader is."""
        day = small.clock.at.date()
        add = small.records.people.add_session
        add(small.pair, Session("", 2, day + timedelta(days=20), Held.PLANNED))
        add(small.pair, Session("", 3, day + timedelta(days=10), Held.PLANNED))
        add(small.pair, Session("", 4, day - timedelta(days=10), Held.PLANNED))
        coach = small.records.desk(small.people["sue"], "desk").caseload()[0]
        (pair,) = coach.pairs
        assert (pair.label, pair.last_session, pair.planned) == ("the carers’ charity", 1, 5)
        assert pair.next_session == day + timedelta(days=10)
        assert "leo" not in repr(coach).lower()

    def record(self, small: Small, on: date, **facts: object) -> None:
        about = small.records.people.start_supervision(small.id("sue"), [small.id("amina")], on)
        small.records.people.record_supervision(about, **facts)

    def test_meetings_are_counted_by_what_became_of_them(self, small: Small) -> None:
        """Held meetings are counted, cancelled ones by whom; a draft counts nowhere."""
        day = small.clock.at.date()
        self.record(small, day - timedelta(days=30), state=Held.HELD)
        self.record(small, day - timedelta(days=5), state=Held.HELD, next_on=day)
        self.record(small, day - timedelta(days=9), state=Held.CANCELLED, changed_by="programme")
        self.record(small, day - timedelta(days=8), state=Held.CANCELLED)
        self.record(small, day + timedelta(days=9), state=Held.PLANNED)
        small.meeting()
        coach = small.records.desk(small.people["sue"], "desk").caseload()[0]
        assert coach.held == 2
        assert coach.cancelled == {"programme": 1, "not recorded": 1}
        assert coach.last_talked == day - timedelta(days=5)
        assert coach.next_talk == day
        assert len(small.records.people.supervisions_of(small.id("amina"))) == 5

    def test_nothing_ahead_is_no_date(self, small: Small) -> None:
        """A date that has passed is not the next one."""
        day = small.clock.at.date()
        self.record(small, day - timedelta(days=9), state=Held.HELD, next_on=day)
        small.clock.later(days=1)
        coach = small.records.desk(small.people["sue"], "desk").caseload()[0]
        assert coach.next_talk is None

    def test_unread_is_what_was_not_opened_on_a_page(self, small: Small) -> None:
        """A shared reflection is unread until its reader has opened it."""
        _, snapshot = small.shared()
        desk = small.records.desk(small.people["sue"], "desk")
        assert [s.id for s in desk.caseload()[0].unread] == [snapshot]
        small.records.sharing.read(small.id("sue"), snapshot)
        coach = desk.caseload()[0]
        assert (coach.unread, coach.shared) == ((), 1)

    def test_it_holds_no_word_anybody_wrote(self, small: Small) -> None:
        """Facts only: a marker in an answer is nowhere in the caseload."""
        small.shared({WHAT: "marker-93c1"})
        assert "marker-93c1" not in repr(small.records.desk(small.people["sue"], "d").caseload())


class TestSittings:
    def test_a_sheet_looks_back_on_the_same_pair(self, small: Small) -> None:
        """A picture gets this person's sheets of this workbook with this pair, oldest first."""
        first = small.entry()
        small.write(first, "one")
        session = small.records.people.add_session(
            small.pair, Session("", 2, small.clock.at.date(), Held.HELD)
        )
        second = small.records.entries.start(
            small.id("amina"), first.workbook, pair_id=small.pair, session_id=session
        )
        small.write(second, "two")
        small.write(small.entry(workbook="coach/another"), "elsewhere")
        sittings = small.records.entries.sittings(small.id("amina"), first.id, 5)
        assert [(s.session, s.answers, s.current) for s in sittings] == [
            (1, {"what-happened": "one"}, True),
            (2, {"what-happened": "two"}, False),
        ]

    def test_they_are_the_authors_alone(self, small: Small) -> None:
        """The other person in a recorded meeting gets no sittings out of it."""
        entry = small.meeting(recorded=True)
        for who in ("amina", "tom"):
            with pytest.raises(NotFound):
                small.records.entries.sittings(small.id(who), entry.id, 5)
