"""Agreements: either half proposes, the other accepts, and every version stays readable."""

from datetime import date, timedelta

import pytest

from cascade_tools.errors import NotFound, NotPossible
from cascade_tools.model.people import Agreement
from cascade_tools.records import Records
from tests.records.small import AGREEING, TOGETHER, Small
from tests.records.watching import view, words

ENDS = date(2026, 11, 2)


def of(small: Small, who: str) -> list[Agreement]:
    return small.records.agreements.of(small.id(who), small.pair)


def in_force(small: Small) -> Agreement | None:
    return small.records.agreements.in_force(small.id("leo"), small.pair)


def shares(records: Records, person_id: str) -> list[bool]:
    """Of everything this person shares, newest first: whether it can be read now."""
    return [s.live for s in records.sharing.of(person_id)]


class TestProposing:
    def test_the_other_half_reads_it_and_nothing_changes_yet(self, small: Small) -> None:
        """A proposal is there for both, and the pair is as it was until it is accepted."""
        made = small.propose("amina", "the other label", ENDS)
        for who in ("amina", "leo"):
            (one,) = of(small, who)
            assert (one.id, one.version, one.mine) == (made, 0, who == "amina")
            assert (one.proposed_by, one.accepted_at) == ("amina Field", None)
            assert (one.ends, one.label) == (ENDS, "the other label")
        assert in_force(small) is None
        assert words(small.records, small.id("leo")) == {"amina proposes the other label"}
        pair = small.records.pairs.get(small.id("leo"), small.pair)
        assert (pair.label, pair.ends) == ("the carers’ charity", None)

    def test_a_new_one_takes_the_place_of_ones_own(self, small: Small) -> None:
        """Of one's own open proposals there is one; the earlier can no longer be read or
        accepted, and the other half's stays."""
        first = small.propose("amina", "first")
        small.propose("leo", "Leo’s")
        small.clock.later(days=1)
        small.propose("amina", "second")
        assert [a.label for a in of(small, "leo")] == ["second", "Leo’s"]
        assert words(small.records, small.id("leo")) >= {"amina proposes second"}
        assert "amina proposes first" not in words(small.records, small.id("leo"))
        assert shares(small.records, small.id("amina")) == [True, False]
        with pytest.raises(NotFound):
            small.records.agreements.accept(small.id("leo"), first)

    @pytest.mark.parametrize("who", ["beth", "sue", "tom", "pat"])
    def test_it_is_nobody_elses(self, small: Small, who: str) -> None:
        """Neither the supervisor nor the lead sees that there is one, before and after."""
        before = view(small.records, small.id(who))
        made = small.propose("amina", "")
        small.records.agreements.accept(small.id("leo"), made)
        assert view(small.records, small.id(who)) == before
        assert words(small.records, small.id(who)) == set()
        agreements = small.records.agreements
        for knock in (agreements.of, agreements.in_force):
            with pytest.raises(NotFound):
                knock(small.id(who), small.pair)
        for knock in (agreements.accept, agreements.withdraw):
            with pytest.raises(NotFound):
                knock(small.id(who), made)

    def test_it_is_of_ones_own_sheet_and_says_something(self, small: Small) -> None:
        """Nobody proposes another's words, an empty page, or what can be read until yesterday."""
        entry = small.records.entries.start(small.id("leo"), AGREEING, pair_id=small.pair)
        propose, until = small.records.agreements.propose, small.clock.at + timedelta(days=9)
        with pytest.raises(NotPossible):
            propose(
                small.id("leo"), entry.id, small.document(entry), ends=None, label="", until=until
            )
        small.write(entry, "Our way", TOGETHER)
        document = small.document(entry)
        for who in ("amina", "beth", "sue"):
            with pytest.raises(NotFound):
                propose(small.id(who), entry.id, document, ends=None, label="", until=until)
        with pytest.raises(NotPossible):
            propose(small.id("leo"), entry.id, document, ends=None, label="", until=small.clock.at)
        ordinary = small.records.entries.start(small.id("leo"), "leader/going-below-the-surface")
        small.write(ordinary, "Mine", TOGETHER)
        with pytest.raises(NotFound):
            propose(small.id("leo"), ordinary.id, document, ends=None, label="", until=until)
        assert of(small, "leo") == []

    def test_the_sheet_it_came_from_is_finished(self, small: Small) -> None:
        """Home never offers to go on with what was proposed: a change is a sheet of its own."""
        small.propose("amina", "")
        entries = small.records.entries.of(small.id("amina"))
        sheets = [e for e in entries if e.pair_id == small.pair and e.session_id is None]
        assert [str(e.state) for e in sheets] == ["committed"]


class TestAccepting:
    def test_both_agreed_and_the_pair_says_so(self, small: Small) -> None:
        """Accepting makes it version 1, and its ending date and label the pair's."""
        made = small.propose("amina", "  the   other label ", ENDS)
        small.clock.later(days=2)
        small.records.agreements.accept(small.id("leo"), made)
        agreed = in_force(small)
        assert agreed is not None
        assert (agreed.version, agreed.accepted_by, agreed.accepted_at) == (
            1,
            "leo Field",
            small.clock.at,
        )
        pair = small.records.pairs.get(small.id("amina"), small.pair)
        assert (pair.label, pair.ends) == ("the other label", ENDS)

    def test_whoever_proposed_does_not_accept(self, small: Small) -> None:
        """It takes two."""
        made = small.propose("amina", "")
        with pytest.raises(NotPossible, match="takes the other person"):
            small.records.agreements.accept(small.id("amina"), made)
        assert in_force(small) is None

    def test_accepting_twice_is_once(self, small: Small) -> None:
        """A second press changes neither the version nor the day."""
        made = small.propose("amina", "")
        small.records.agreements.accept(small.id("leo"), made)
        first = in_force(small)
        small.clock.later(days=1)
        small.records.agreements.accept(small.id("leo"), made)
        assert in_force(small) == first

    def test_versions_count_what_was_accepted(self, small: Small) -> None:
        """A change is version 2 when it is accepted, whoever proposed it, and the first version
        stays readable; what was not accepted has no number."""
        small.records.agreements.accept(small.id("leo"), small.propose("amina", "one", ENDS))
        small.clock.later(days=1)
        small.propose("amina", "never mind")
        small.clock.later(days=1)
        small.records.agreements.accept(small.id("amina"), small.propose("leo", "two"))
        assert [(a.label, a.version) for a in of(small, "leo")] == [
            ("two", 2),
            ("never mind", 0),
            ("one", 1),
        ]
        agreed = in_force(small)
        assert agreed is not None
        assert agreed.label == "two"
        pair = small.records.pairs.get(small.id("amina"), small.pair)
        assert (pair.label, pair.ends) == ("two", ENDS)
        assert words(small.records, small.id("leo")) >= {"amina proposes one"}

    def test_what_can_no_longer_be_read_is_not_accepted(self, small: Small) -> None:
        """Nobody agrees to what they cannot see."""
        made = small.propose("amina", "", days=5)
        small.clock.later(days=6)
        with pytest.raises(NotPossible):
            small.records.agreements.accept(small.id("leo"), made)
        assert in_force(small) is None


class TestTakingBack:
    def test_a_proposal_can_be_taken_back(self, small: Small) -> None:
        """It is gone for both, its words too; only whoever proposed it can do so."""
        made = small.propose("amina", "")
        with pytest.raises(NotFound):
            small.records.agreements.withdraw(small.id("leo"), made)
        small.records.agreements.withdraw(small.id("amina"), made)
        assert of(small, "leo") == of(small, "amina") == []
        assert words(small.records, small.id("leo")) == set()
        with pytest.raises(NotFound):
            small.records.agreements.accept(small.id("leo"), made)

    def test_stopping_the_share_takes_the_proposal_back(self, small: Small) -> None:
        """The button beside everything one shares does the same."""
        small.propose("amina", "")
        (share,) = small.records.sharing.of(small.id("amina"))
        small.records.sharing.stop(small.id("amina"), share.id)
        assert of(small, "leo") == []
        assert words(small.records, small.id("leo")) == set()

    def test_what_both_agreed_stays(self, small: Small) -> None:
        """An agreement is both people's: it is changed by another, not taken away."""
        made = small.propose("amina", "")
        small.records.agreements.accept(small.id("leo"), made)
        (share,) = small.records.sharing.of(small.id("amina"))
        with pytest.raises(NotPossible):
            small.records.agreements.withdraw(small.id("amina"), made)
        with pytest.raises(NotPossible):
            small.records.sharing.stop(small.id("amina"), share.id)
        assert in_force(small) is not None
        assert words(small.records, small.id("leo")) == {"amina proposes "}

    def test_sharing_the_sheet_leaves_the_agreement(self, small: Small) -> None:
        """Taking the same sheet to supervision, or to the other again, replaces no agreement."""
        made = small.propose("amina", "")
        small.records.agreements.accept(small.id("leo"), made)
        entry = small.records.entries.start(small.id("amina"), AGREEING, pair_id=small.pair)
        small.share(entry, "leo", "leader")
        small.share(entry)
        assert shares(small.records, small.id("amina")) == [True, True, True]


class TestNobodyThere:
    def test_with_a_leader_without_an_account_it_is_agreed_aloud(self, small: Small) -> None:
        """What a coach writes down is in force at once, and says that nobody pressed a button."""
        small.pair = small.records.people.pair(
            small.id("amina"), None, "the library", small.clock.at.date()
        )
        small.propose("amina", "the branch library", ENDS)
        (agreed,) = of(small, "amina")
        assert (agreed.version, agreed.accepted_by, agreed.accepted_at) == (
            1,
            None,
            small.clock.at,
        )
        assert small.records.sharing.of(small.id("amina")) == []
        pair = small.records.pairs.get(small.id("amina"), small.pair)
        assert (pair.label, pair.ends) == ("the branch library", ENDS)
        assert agreed.snapshot_id is not None
        received = small.records.sharing.read(small.id("amina"), agreed.snapshot_id)
        assert received.document.body["pages"]

    def test_agreed_aloud_on_the_day_it_was(self, small: Small) -> None:
        """A coach says on which day the two agreed; it is not the day of writing it down."""
        small.pair = small.records.people.pair(
            small.id("amina"), None, "the library", small.clock.at.date()
        )
        entry = small.records.entries.start(small.id("amina"), AGREEING, pair_id=small.pair)
        small.write(entry, "Our way", TOGETHER)
        day = small.clock.at.date() - timedelta(days=3)
        small.records.agreements.propose(
            small.id("amina"),
            entry.id,
            small.document(entry),
            ends=None,
            label="",
            until=small.clock.at + timedelta(days=9),
            agreed_on=day,
        )
        (agreed,) = of(small, "amina")
        assert agreed.accepted_at is not None
        assert (agreed.accepted_at.date(), agreed.proposed_at) == (day, small.clock.at)

    def test_names_stay_when_people_leave(self, small: Small) -> None:
        """Who agreed is still told when they have left."""
        small.records.agreements.accept(small.id("leo"), small.propose("amina", ""))
        small.records.people.remove(small.id("leo"))
        (agreed,) = of(small, "amina")
        assert agreed.accepted_by == "leo Field"
