"""Answers to what was shared, at the gate: released word by word, in rounds, gone together."""

from datetime import timedelta

import pytest

from cascade_tools.errors import NotFound
from cascade_tools.model.entry import Entry, Outline
from cascade_tools.model.prompts import Kind, Prompt
from cascade_tools.records import Reader
from cascade_tools.records.tables import new_id
from tests.records.small import WHAT, Small

REVIEW, REPLY = "supervisor/reviewing-a-reflection", "coach/answering-a-comment"
ONE = Prompt("on--what-happened", Kind.LONG, "On “What happened?”")
TWO = Prompt("on--what-next", Kind.LONG, "On “What next?”")
BOTH = Outline((("boxes", "Answer by answer", (ONE.key, TWO.key)),))


def about(small: Small, snapshot: str, who: str = "sue") -> Entry:
    workbook = REVIEW if who == "sue" else REPLY
    return small.records.entries.start(small.id(who), workbook, about_id=snapshot)


def release(small: Small, entry: Entry, *keys: str, without: tuple[str, ...] = ()) -> str:
    """As the press does: these keys as they are now, the others as they were released."""
    author = entry.person_id
    role = "author" if author == small.id("sue") else "supervisor"
    readers = small.records.sharing.readers(author, entry.id, (role,))
    document = small.records.answering.compose(author, entry.id, BOTH, keys, without)
    until = small.clock.later(minutes=1).replace(year=2027)
    return small.records.sharing.share(
        author, entry.id, document, readers[0], purpose="An answer", ends_at=until
    )


def words(small: Small, viewer: str, snapshot: str) -> dict[str, str]:
    """By key, what this person reads in the answers to a copy."""
    _, answers = small.records.answering.read(small.id(viewer), snapshot)
    return {
        a["key"]: a["words"]
        for one in answers
        for page in one.document.body["pages"]
        for a in page["answers"]
    }


class TestReleasing:
    def test_one_goes_and_the_other_stays(self, small: Small) -> None:
        """Of two comments the released one is read, the other is not in the copy at all."""
        _, snapshot = small.shared()
        review = about(small, snapshot)
        small.write(review, "one", ONE)
        small.write(review, "two", TWO)
        assert words(small, "amina", snapshot) == {}
        release(small, review, ONE.key)
        assert words(small, "amina", snapshot) == {ONE.key: "one"}

    def test_what_was_written_after_a_release_waits_for_its_own(self, small: Small) -> None:
        """Releasing another one leaves the first as it was released, though it was rewritten."""
        _, snapshot = small.shared()
        review = about(small, snapshot)
        small.write(review, "one", ONE)
        release(small, review, ONE.key)
        small.write(review, "one, rewritten", ONE, base=1, counter=2)
        small.write(review, "two", TWO)
        release(small, review, TWO.key)
        assert words(small, "amina", snapshot) == {ONE.key: "one", TWO.key: "two"}
        assert small.records.answering.released(review.person_id, review.id)[ONE.key]["value"] == (
            "one"
        )
        release(small, review, ONE.key, TWO.key)
        assert words(small, "amina", snapshot)[ONE.key] == "one, rewritten"

    def test_one_is_taken_back(self, small: Small) -> None:
        """The other keeps standing as it was released, and nothing else goes with it."""
        _, snapshot = small.shared()
        review = about(small, snapshot)
        small.write(review, "one", ONE)
        small.write(review, "two", TWO)
        release(small, review, ONE.key, TWO.key)
        small.write(review, "two, rewritten", TWO, base=1, counter=2)
        release(small, review, without=(ONE.key,))
        assert words(small, "amina", snapshot) == {TWO.key: "two"}

    @pytest.mark.parametrize("who", ["amina", "tom", "leo", "pat"])
    def test_nobody_else_releases_or_sees_what_was(self, small: Small, who: str) -> None:
        """Composing and looking are for the author of the answer alone."""
        _, snapshot = small.shared()
        review = about(small, snapshot)
        small.write(review, "one", ONE)
        release(small, review, ONE.key)
        answering = small.records.answering
        for ask in (
            lambda: answering.released(small.id(who), review.id),
            lambda: answering.compose(small.id(who), review.id, BOTH, (ONE.key,)),
        ):
            with pytest.raises(NotFound):
                ask()

    def test_a_copy_that_ended_is_not_taken_from(self, small: Small) -> None:
        """What was released until a day that is over does not come back with another release."""
        _, snapshot = small.shared()
        review = about(small, snapshot)
        small.write(review, "one", ONE)
        release(small, review, ONE.key)
        small.clock.later(days=700)
        assert small.records.answering.released(review.person_id, review.id) == {}


class TestAnsweringBack:
    def test_a_reply_goes_to_whoever_reads_the_copy(self, small: Small) -> None:
        """Amina's reply is read by Sue beside the copy; nobody else has it."""
        _, snapshot = small.shared()
        reply = about(small, snapshot, "amina")
        small.write(reply, "because", ONE)
        release(small, reply, ONE.key)
        assert words(small, "sue", snapshot) == {ONE.key: "because"}
        for who in ("tom", "leo", "pat"):
            with pytest.raises(NotFound):
                small.records.answering.read(small.id(who), snapshot)

    def test_a_new_supervisor_is_no_reader_of_a_reply(self, small: Small) -> None:
        """Tom, who never had the copy, cannot be given the reply to what Sue said about it."""
        _, snapshot = small.shared()
        reply = about(small, snapshot, "amina")
        small.records.people.supervise(small.id("tom"), small.id("amina"))
        sharing = small.records.sharing
        assert sharing.readers(small.id("amina"), reply.id, ("supervisor",)) == []

    def test_a_reply_ends_with_supervision(self, small: Small) -> None:
        """When Tom takes over, Sue reads neither the copy nor what was said back to her."""
        _, snapshot = small.shared()
        reply = about(small, snapshot, "amina")
        small.write(reply, "because", ONE)
        given = release(small, reply, ONE.key)
        small.records.people.supervise(small.id("tom"), small.id("amina"))
        for one in (snapshot, given):
            with pytest.raises(NotFound):
                small.records.sharing.read(small.id("sue"), one)

    @pytest.mark.parametrize("how", ["stopped", "shared again"])
    def test_a_reply_goes_with_the_copy_it_is_about(self, small: Small, how: str) -> None:
        """Taking the copy back, or giving another in its place, takes the reply, too: it may
        repeat what was in it."""
        entry, snapshot = small.shared()
        reply = about(small, snapshot, "amina")
        small.write(reply, "because", ONE)
        given = release(small, reply, ONE.key)
        if how == "stopped":
            share = next(
                s for s in small.records.sharing.of(small.id("amina")) if s.snapshot_id == snapshot
            )
            small.records.sharing.stop(small.id("amina"), share.id)
        else:
            small.clock.later(hours=1)
            small.share(entry)
        with pytest.raises(NotFound):
            small.records.sharing.read(small.id("sue"), given)


class TestQuestions:
    def test_the_questions_hold_no_word_and_leave_no_line(self, small: Small) -> None:
        """Keys and questions alone, of the copy and of its answers; nothing is opened."""
        _, snapshot = small.shared({WHAT: "Heron on the weir"})
        review = about(small, snapshot)
        small.write(review, "A kingfisher", ONE)
        release(small, review, ONE.key)
        for who in ("sue", "amina"):
            found = small.records.answering.questions(small.id(who), snapshot)
            assert found is not None
            assert "Heron" not in repr(found)
            assert "kingfisher" not in repr(found)
            assert ONE.key in repr(found)
            assert "Opening" not in repr(small.records.read_log.of(small.id(who)))
        assert small.records.answering.questions(small.id("tom"), snapshot) is None

    def test_what_it_answers_is_found_only_by_who_may_read_both(self, small: Small) -> None:
        """The way from an answer to the copy is open to its two people alone."""
        _, snapshot = small.shared()
        review = about(small, snapshot)
        small.write(review, "one", ONE)
        given = release(small, review, ONE.key)
        found = {w: small.records.answering.about(small.id(w), given) for w in small.people}
        assert {w for w, about in found.items() if about is not None} == {"amina", "sue"}
        assert found["amina"] == snapshot


class TestRounds:
    def again(self, small: Small, entry: Entry, words: str, *, days: int = 90) -> str:
        """Amina rewrites, and lets Sue see what she changed."""
        small.clock.later(days=1)
        small.write(entry, words, base=9, writer=words)
        sharing = small.records.sharing
        return sharing.share(
            entry.person_id,
            entry.id,
            small.document(entry),
            Reader(small.id("sue"), "sue", "supervisor"),
            purpose="Again",
            ends_at=small.clock.at + timedelta(days=days),
            rounds=True,
        )

    def numbers(self, small: Small, who: str, snapshot: str) -> list[tuple[int, bool]]:
        found = small.records.answering.rounds(small.id(who), snapshot)
        return [(one.number, one.live) for one in found]

    def test_both_copies_can_be_read_and_a_list_has_one_line(self, small: Small) -> None:
        """With the author's leave the earlier copy stays; lists, tables and the overview have the
        newest alone."""
        entry, first = small.shared({WHAT: "the first words"})
        second = self.again(small, entry, "the second words")
        assert self.numbers(small, "sue", first) == [(1, True), (2, True)]
        desk = small.records.desk(small.people["sue"], "collect")
        assert [s.id for s in desk.shared()] == [second]
        assert [s.id for coach in desk.caseload() for s in coach.unread] == [second]
        assert {a.snapshot for a in desk.answers() if a.way == "shared"} == {second}
        assert small.records.sharing.read(small.id("sue"), first).author == "amina Field"

    def test_the_earlier_copy_ends_no_later_than_the_new_one(self, small: Small) -> None:
        """Whatever its own end was, nothing of a sheet is left when the newest copy is over."""
        entry, first = small.shared()
        self.again(small, entry, "again", days=2)
        ends = {s.snapshot_id: s.ends_at for s in small.records.sharing.of(small.id("amina"))}
        assert len(set(ends.values())) == 1
        small.clock.at = ends[first]
        with pytest.raises(NotFound):
            small.records.answering.rounds(small.id("sue"), first)

    @pytest.mark.parametrize("number", [0, 1])
    def test_stopping_one_ends_all(self, small: Small, number: int) -> None:
        """Whichever copy the author stops, from then on the reader has none of them."""
        entry, first = small.shared()
        copies = [first, self.again(small, entry, "again")]
        sharing = small.records.sharing
        share = next(s for s in sharing.of(small.id("amina")) if s.snapshot_id == copies[number])
        sharing.stop(small.id("amina"), share.id)
        for one in copies:
            with pytest.raises(NotFound):
                sharing.read(small.id("sue"), one)
        assert self.numbers(small, "amina", first) == [(1, False), (2, False)]

    def test_without_leave_the_reader_has_one_round(self, small: Small) -> None:
        """Sharing again as usual takes the earlier copy's place; its author still has both."""
        entry, _ = small.shared()
        small.clock.later(days=1)
        second = small.share(entry)
        assert self.numbers(small, "sue", second) == [(1, True)]
        assert self.numbers(small, "amina", second) == [(1, False), (2, True)]

    def test_rounds_are_for_the_two_of_them(self, small: Small) -> None:
        """Nobody else is told how often something was shared."""
        _, first = small.shared()
        for who in ("tom", "leo", "pat", "beth"):
            with pytest.raises(NotFound):
                small.records.answering.rounds(small.id(who), first)


class TestGiven:
    def test_what_was_released_to_me_since_a_day(self, small: Small) -> None:
        """Its author finds what was said about their copies, after a day or at all; the reader is
        logged once a day, before it leaves; nobody else finds it."""
        _, snapshot = small.shared()
        review = about(small, snapshot)
        small.write(review, "one", ONE)
        before = small.clock.at
        given = release(small, review, ONE.key)
        answering = small.records.answering
        for _ in range(2):
            assert [g.snapshot_id for g in answering.given(small.id("amina"))] == [given]
        assert [o.reader for o in small.records.read_log.of(small.id("sue"))] == ["amina Field"]
        assert answering.given(small.id("amina"), small.clock.at) == []
        assert len(answering.given(small.id("amina"), before)) == 1
        for who in ("sue", "tom", "beth", "leo"):
            assert answering.given(small.id(who)) == []

    def test_what_is_said_of_one_pair_stays_with_it(self, small: Small) -> None:
        """Asked for another pair, nothing that was said about this pair's sheet is found, and
        nothing is logged."""
        entry, snapshot = small.shared()
        review = about(small, snapshot)
        small.write(review, "one", ONE)
        given = release(small, review, ONE.key)
        answering, amina = small.records.answering, small.id("amina")
        assert entry.pair_id is not None
        assert answering.given(amina, pair_id=new_id()) == []
        assert small.records.read_log.of(small.id("sue")) == []
        assert [g.snapshot_id for g in answering.given(amina, pair_id=entry.pair_id)] == [given]

    def test_a_release_after_the_day_brings_nothing_from_before_it(self, small: Small) -> None:
        """When another comment is released later, the copy is new, and what was released before
        the day is still not of this time; what was written before it and released after is."""
        _, snapshot = small.shared()
        review = about(small, snapshot)
        small.write(review, "one", ONE)
        release(small, review, ONE.key)
        day = small.clock.later(days=1)
        small.clock.later(days=1)
        small.write(review, "two", TWO)
        release(small, review, TWO.key)
        found = small.records.answering.given(small.id("amina"), day)
        words = [a["words"] for g in found for p in g.document.body["pages"] for a in p["answers"]]
        assert words == ["two"]
        (whole,) = small.records.answering.given(small.id("amina"))
        assert len(whole.document.body["pages"][0]["answers"]) == 2

    def test_a_first_release_after_the_day_is_all_of_this_time(self, small: Small) -> None:
        """What was drafted before and first released after the day is there."""
        _, snapshot = small.shared()
        review = about(small, snapshot)
        small.write(review, "one", ONE)
        day = small.clock.later(days=1)
        release(small, review, ONE.key)
        (found,) = small.records.answering.given(small.id("amina"), day)
        assert found.document.body["pages"][0]["answers"][0]["words"] == "one"
