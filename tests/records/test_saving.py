"""Writing: no word is lost, none is kept longer than needed, none stands under another question."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select

from cascade_tools.errors import NotFound, NotNow, NotPossible
from cascade_tools.model.entry import Conflict, Kept
from cascade_tools.model.prompts import NOT_UP, Answer, Prompt, Who
from cascade_tools.records import Records
from cascade_tools.records.tables import AnswerRow
from tests.records.small import ACTIONS, HALF_WAY, PASSING, SECRET, TOGETHER, WHAT, Small


def versions(records: Records) -> list[Answer]:
    """Every version in the database, oldest first, conflict sides too."""
    with records.store.database.reading() as s:
        rows = s.scalars(select(AnswerRow).order_by(AnswerRow.revision))
        return [records.store.open_answer(row) for row in rows]


class TestOneWriter:
    def test_a_save_comes_back_as_it_was_written(self, small: Small) -> None:
        """What was saved is read back to the letter, with its revision and its time."""
        entry = small.entry()
        text = "Zoë said “no” – 0,5 %\n\n  twice 🙂 \u200f"
        kept = small.write(entry, text)
        assert kept == Kept(1, small.clock.at)
        saved = small.records.entries.answers(entry.person_id, entry.id)["what-happened"]
        assert (saved.value, saved.revision, saved.saved_at) == (text, 1, small.clock.at)
        assert saved.by_id == small.id("amina")

    @pytest.mark.parametrize("value", [0, "no", NOT_UP, [], "", None, ["a", "b"]])
    def test_every_kind_of_answer_is_kept(self, small: Small, value: Answer) -> None:
        """Zero, "no", *did not come up*, an emptied box and several choices stay themselves."""
        entry = small.entry()
        small.write(entry, value)
        assert small.read(entry) == {"what-happened": value}

    def test_repeating_a_save_is_harmless(self, small: Small) -> None:
        """A retry of a save whose reply was lost is acknowledged and makes no second version."""
        entry = small.entry()
        first = small.write(entry, "one")
        small.clock.later(seconds=5)
        assert small.write(entry, "one") == first
        assert versions(small.records) == ["one"]

    def test_a_late_packet_does_not_undo_a_newer_text(self, small: Small) -> None:
        """An earlier save that arrives after a later one of the same page changes nothing."""
        entry = small.entry()
        newer = small.write(entry, "one two", counter=2)
        assert small.write(entry, "one", counter=1) == newer
        assert small.read(entry) == {"what-happened": "one two"}

    def test_a_page_never_conflicts_with_itself(self, small: Small) -> None:
        """A page whose replies were all lost goes on saving over its own text."""
        entry = small.entry()
        for counter, text in enumerate(("a", "ab", "abc"), start=1):
            assert isinstance(small.write(entry, text, base=0, counter=counter), Kept)
        assert small.read(entry) == {"what-happened": "abc"}

    def test_answers_to_different_questions_do_not_meet(self, small: Small) -> None:
        """Two questions on one page have revisions of their own."""
        entry = small.entry()
        small.write(entry, "public")
        assert small.write(entry, "private", SECRET, counter=2) == Kept(1, small.clock.at)
        assert small.read(entry) == {"what-happened": "public", "not-said": "private"}


class TestTwoWriters:
    def test_a_conflict_keeps_both_texts(self, small: Small) -> None:
        """The second of two pages sees both texts; the first one stays what is read."""
        entry = small.entry()
        small.write(entry, "from the phone", writer="phone")
        told = small.write(entry, "from the laptop", writer="laptop")
        assert told == Conflict("from the laptop", "from the phone", 1, small.clock.at)
        assert small.read(entry) == {"what-happened": "from the phone"}
        assert versions(small.records) == ["from the phone", "from the laptop"]

    def test_repeating_a_conflict_gives_the_same_choice(self, small: Small) -> None:
        """A retry of a save that met a conflict is told the same again, and nothing is doubled."""
        entry = small.entry()
        small.write(entry, "theirs", writer="phone")
        told = small.write(entry, "mine", writer="laptop")
        assert small.write(entry, "mine", writer="laptop") == told
        assert versions(small.records) == ["theirs", "mine"]

    def test_choosing_resolves_a_conflict(self, small: Small) -> None:
        """Saving on top of what the other wrote settles it; the versions not chosen are kept."""
        entry = small.entry()
        small.write(entry, "theirs", writer="phone")
        told = small.write(entry, "mine", writer="laptop")
        assert isinstance(told, Conflict)
        kept = small.write(entry, "both", writer="laptop", base=told.revision, counter=2)
        assert isinstance(kept, Kept)
        assert small.read(entry) == {"what-happened": "both"}
        assert versions(small.records) == ["theirs", "mine", "both"]

    def test_writing_the_same_words_twice_is_no_conflict(self, small: Small) -> None:
        """Two pages that say the same have nothing to choose between."""
        entry = small.entry()
        kept = small.write(entry, "the same", writer="phone")
        assert small.write(entry, "the same", writer="laptop") == kept

    def test_having_seen_the_newest_is_no_conflict(self, small: Small) -> None:
        """A page opened after another page's save writes on from there."""
        entry = small.entry()
        small.write(entry, "first", writer="phone")
        assert small.write(entry, "second", writer="laptop", base=1) == Kept(2, small.clock.at)


class TestEarlierVersions:
    def test_a_sitting_is_thinned_to_its_last_version(self, small: Small) -> None:
        """Once a newer version is ten minutes old, what somebody deleted on the way is gone."""
        entry = small.entry()
        for counter, text in enumerate(("a", "ab", "abc"), start=1):
            small.write(entry, text, counter=counter)
        small.clock.later(minutes=10)
        small.write(entry, "abcd", counter=4)
        assert versions(small.records) == ["abc", "abcd"]

    def test_nothing_is_thinned_within_ten_minutes(self, small: Small) -> None:
        """What was written a moment ago can still be had back."""
        entry = small.entry()
        for counter, text in enumerate(("a", "ab"), start=1):
            small.write(entry, text, counter=counter)
        small.clock.later(minutes=9, seconds=59)
        small.write(entry, "abc", counter=3)
        assert versions(small.records) == ["a", "ab", "abc"]

    def test_conflict_sides_are_never_thinned(self, small: Small) -> None:
        """The side of a conflict that was not chosen stays until its author forgets it."""
        entry = small.entry()
        small.write(entry, "theirs", writer="phone")
        small.write(entry, "mine", writer="laptop")
        small.clock.later(minutes=11)
        small.write(entry, "ours", writer="laptop", base=1, counter=2)
        small.clock.later(minutes=11)
        small.write(entry, "ours now", writer="laptop", counter=3)
        assert versions(small.records) == ["theirs", "mine", "ours", "ours now"]

    def test_what_was_recorded_is_never_thinned(self, small: Small) -> None:
        """The words that stood there when a meeting was recorded stay, however much is added."""
        entry = small.meeting()
        small.write(entry, "draft", TOGETHER)
        small.write(entry, "as recorded", TOGETHER, counter=2)
        small.records.entries.commit(entry.person_id, entry.id)
        for counter, text in enumerate(("then this", "and then this"), start=3):
            small.clock.later(minutes=11)
            small.write(entry, text, TOGETHER, counter=counter)
        small.clock.later(minutes=11)
        small.write(entry, "last", TOGETHER, counter=5)
        assert versions(small.records) == ["as recorded", "and then this", "last"]

    def test_forget_earlier_leaves_the_newest(self, small: Small) -> None:
        """One button erases every earlier version and every side not chosen, and nothing else."""
        entry = small.entry()
        small.write(entry, "theirs", writer="phone")
        small.write(entry, "mine", writer="laptop")
        small.write(entry, "ours", writer="laptop", base=1, counter=2)
        small.write(entry, "a secret", SECRET)
        assert small.records.entries.forget_earlier(entry.person_id, entry.id) == 2
        assert sorted(map(str, versions(small.records))) == ["a secret", "ours"]
        assert small.read(entry) == {"what-happened": "ours", "not-said": "a secret"}

    def test_forget_earlier_touches_no_other_entry(self, small: Small) -> None:
        """Forgetting in one sheet leaves every other sheet as it was."""
        mine, beths = small.entry(), small.entry("beth")
        for counter, text in enumerate(("a", "ab"), start=1):
            small.write(mine, text, counter=counter)
            small.write(beths, text, counter=counter)
        small.records.entries.forget_earlier(mine.person_id, mine.id)
        assert sorted(map(str, versions(small.records))) == ["a", "ab", "ab"]

    def test_only_the_author_can_forget(self, small: Small) -> None:
        """Nobody else can erase earlier versions, the other half of a meeting neither."""
        entry = small.meeting(recorded=True)
        small.write(entry, "a", TOGETHER)
        for who in ("amina", "tom", "pat"):
            with pytest.raises(NotFound):
                small.records.entries.forget_earlier(small.id(who), entry.id)


class TestWording:
    def test_an_answer_keeps_the_words_it_was_given_to(self, small: Small) -> None:
        """When a workbook is reworded, an old answer still stands under the old question."""
        entry = small.entry()
        small.write(entry, "an answer")
        small.records.entries.remember(entry.workbook, [replace(WHAT, question="Reworded?")])
        saved = small.records.entries.answers(entry.person_id, entry.id)["what-happened"]
        assert saved.prompt.question == "What happened, in five lines?"

    def test_a_wording_is_found_again_by_its_name(self, small: Small) -> None:
        """A page that has been open for days can still save under the words it shows."""
        small.records.entries.remember("coach/after-i-coach", [WHAT])
        assert small.records.entries.asked(WHAT.asked) == WHAT
        assert small.records.entries.asked("0" * 16) is None

    def test_what_was_remembered_is_not_asked_for_again(self, small: Small) -> None:
        """Opening the same page again costs the database nothing; a new wording is remembered."""
        remember = small.records.entries.remember
        remember("a", [WHAT, SECRET])
        asked: list[str] = []
        engine = small.records.store.database.engine

        def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
            asked.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        remember("a", [SECRET, WHAT])
        remember("a", [])
        assert asked == []
        reworded = replace(WHAT, question="What happened, in four lines?")
        remember("a", [WHAT, reworded])
        event.remove(engine, "before_cursor_execute", note)
        assert small.records.entries.asked(reworded.asked) is not None

    def test_what_could_not_be_remembered_is_tried_again(
        self, small: Small, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A page opened while the records could not be written does not count."""

        def refuse() -> None:
            raise NotNow("The records cannot be written right now.")

        with monkeypatch.context() as patched:
            patched.setattr(small.records.store.database, "writing", refuse)
            with pytest.raises(NotNow):
                small.records.entries.remember("a", [WHAT])
        small.records.entries.remember("a", [WHAT])
        assert small.records.entries.asked(WHAT.asked) is not None

    def test_a_question_that_is_not_kept_stores_nothing(self, small: Small) -> None:
        """An answer to a question that says it is not kept reaches no table."""
        entry = small.entry()
        with pytest.raises(NotPossible):
            small.write(entry, "no", PASSING)
        assert versions(small.records) == []


class TestWhose:
    @pytest.mark.parametrize("who", ["beth", "leo", "sue", "tom", "pat"])
    def test_nobody_else_reads_or_writes_an_entry(self, small: Small, who: str) -> None:
        """For anybody but its author an entry is not there, the supervisor included."""
        entry = small.entry()
        small.write(entry, "mine")
        with pytest.raises(NotFound):
            small.read(entry, by=who)
        with pytest.raises(NotFound):
            small.write(entry, "theirs", by=who, base=1, writer="other")
        with pytest.raises(NotFound):
            small.records.entries.get(small.id(who), entry.id)
        assert small.read(entry) == {"what-happened": "mine"}

    def test_not_there_and_not_yours_are_one_answer(self, small: Small) -> None:
        """An address that was guessed tells nothing: the error is the same, to the letter."""
        entry = small.entry()
        said = set()
        for entry_id in (entry.id, "0" * 32):
            with pytest.raises(NotFound) as error:
                small.records.entries.get(small.id("tom"), entry_id)
            said.add(str(error.value))
        assert len(said) == 1

    def test_a_draft_kept_together_is_the_authors_alone(self, small: Small) -> None:
        """Nobody reads a draft, the other person in the meeting neither."""
        entry = small.meeting()
        small.write(entry, "not yet", TOGETHER)
        with pytest.raises(NotFound):
            small.read(entry, by="amina")
        with pytest.raises(NotFound):
            small.write(entry, "mine", TOGETHER, by="amina", writer="other")

    def test_once_recorded_it_is_the_other_persons_too(self, small: Small) -> None:
        """After the record the coach reads what they keep together, and can put it right."""
        entry = small.meeting()
        small.write(entry, "we said", TOGETHER)
        small.write(entry, "my own note", WHAT)
        small.records.entries.commit(entry.person_id, entry.id)
        assert small.read(entry, by="amina") == {"worked-on": "we said"}
        kept = small.write(entry, "we both said", TOGETHER, by="amina", writer="other", base=1)
        assert isinstance(kept, Kept)
        assert small.read(entry) == {"worked-on": "we both said", "what-happened": "my own note"}

    def test_the_other_person_writes_only_what_is_kept_together(self, small: Small) -> None:
        """In a recorded meeting the coach cannot answer the supervisor's own questions."""
        entry = small.meeting(recorded=True)
        with pytest.raises(NotFound):
            small.write(entry, "theirs", WHAT, by="amina")

    def test_a_conflict_shows_nobody_a_text_they_may_not_read(self, small: Small) -> None:
        """A question that was once kept together and is now the author's own gives nothing away."""
        entry = small.meeting(recorded=True)
        small.write(entry, "for my eyes", replace(TOGETHER, who=Who.MINE))
        with pytest.raises(NotFound):
            small.write(entry, "a guess", TOGETHER, by="amina", writer="other")
        with pytest.raises(NotFound):
            small.write(entry, "for my eyes", TOGETHER, by="amina", writer="other", counter=2)

    def test_a_meeting_with_others_is_nobody_elses(self, small: Small) -> None:
        """A recorded meeting opens to the people in it and to nobody else."""
        entry = small.meeting(recorded=True)
        small.write(entry, "we said", TOGETHER)
        for who in ("beth", "tom", "leo", "pat"):
            with pytest.raises(NotFound):
                small.read(entry, by=who)

    def test_only_the_author_records(self, small: Small) -> None:
        """The other person in a meeting cannot open the author's draft by recording it."""
        entry = small.meeting()
        with pytest.raises(NotFound):
            small.records.entries.commit(small.id("amina"), entry.id)

    def test_starting_twice_opens_the_same_entry(self, small: Small) -> None:
        """One workbook for one session is one entry, however often it is started."""
        assert small.entry() == small.entry()

    def test_nobody_starts_an_entry_about_another_pair(self, small: Small) -> None:
        """A coach cannot begin a sheet about somebody else's pair or session."""
        start = small.records.entries.start
        with pytest.raises(NotFound):
            start(small.id("beth"), "coach/after-i-coach", pair_id=small.pair)
        with pytest.raises(NotFound):
            start(small.id("amina"), "coach/after-i-coach", session_id=small.session)


class TestEverything:
    def test_it_is_ones_own_and_what_a_pair_shares(self, small: Small) -> None:
        """Every entry of a person with its answers, and the one copy of their pair, last saved
        first; nothing sealed of the other half, no meeting, nobody else's."""
        own, shared = small.entry(), small.both("leo")
        small.write(small.sealed("leo"), "Leo’s")
        small.write(small.meeting(recorded=True), "With Sue", TOGETHER)
        small.write(own, "first")
        small.clock.later(minutes=1)
        small.write(shared, "Ours", TOGETHER)
        small.write(shared, "Leo’s alone", SECRET)
        found = small.records.entries.everything(small.id("amina"))
        assert [(e.id, {k: v.value for k, v in a.items()}) for e, a in found] == [
            (shared.id, {"worked-on": "Ours"}),
            (own.id, {"what-happened": "first"}),
        ]
        small.clock.later(minutes=1)
        small.write(own, "again", counter=2)
        found = small.records.entries.everything(small.id("amina"))
        assert [e.id for e, _ in found] == [own.id, shared.id]
        assert small.records.entries.everything(small.id("beth")) == []


class TestLatest:
    def latest(self, small: Small, pair: str | None = None, who: str = "amina") -> Answer:
        saved = small.records.entries.latest(
            small.id(who), "coach/after-i-coach", "what-happened", pair
        )
        return None if saved is None else saved.value

    def test_the_newest_answer_of_ones_own(self, small: Small) -> None:
        """What somebody answered last under this key, in whichever entry of the workbook; an
        emptied answer is none."""
        assert self.latest(small) is None
        first, other = small.entry(), small.entry("beth")
        small.write(first, "first")
        small.clock.later(days=1)
        small.write(other, "Beth’s")
        second = small.records.entries.start(small.id("amina"), "coach/after-i-coach")
        small.write(second, "second")
        assert (self.latest(small), self.latest(small, who="beth")) == ("second", "Beth’s")
        small.write(second, "", counter=2)
        assert self.latest(small) == "first"
        assert self.latest(small, who="leo") is None

    def test_the_same_pair_comes_first(self, small: Small) -> None:
        """What was said about this pair, however long ago, is taken before any other."""
        small.write(small.entry(), "about Leo")
        small.clock.later(days=1)
        small.write(
            small.records.entries.start(small.id("amina"), "coach/after-i-coach"), "in general"
        )
        assert self.latest(small, small.pair) == "about Leo"
        other = small.records.people.pair(small.id("amina"), None, "b", small.clock.at.date())
        assert self.latest(small, other) == "in general"

    def test_nothing_that_may_not_be_read(self, small: Small) -> None:
        """The other half's sealed answer is not found, nor what is theirs alone in a copy both
        share; what both keep is."""
        small.write(small.sealed("leo"), "Leo’s")
        shared = small.both("leo")
        small.write(shared, "Leo’s alone", SECRET)
        small.write(shared, "Ours", TOGETHER)
        find = small.records.entries.latest
        assert find(small.id("amina"), HALF_WAY, "what-happened", small.pair) is None
        assert find(small.id("amina"), ACTIONS, "not-said", small.pair) is None
        ours = find(small.id("amina"), ACTIONS, "worked-on", small.pair)
        assert ours is not None
        assert ours.value == "Ours"


class TestSheet:
    def test_a_sheet_is_kept_whole(self, small: Small) -> None:
        """Answers given together are kept together and read back as any others."""
        entry = small.entry()
        sheet: Mapping[Prompt, Answer] = {WHAT: "We met", SECRET: "I was tired"}
        count = small.records.entries.save_sheet(entry.person_id, entry.id, sheet.items(), "paper")
        assert count == 2
        assert small.read(entry) == {"what-happened": "We met", "not-said": "I was tired"}

    def test_a_sheet_overwrites_nothing(self, small: Small) -> None:
        """Where something is written already, a whole sheet is refused and nothing changes."""
        entry = small.entry()
        small.write(entry, "already")
        with pytest.raises(NotPossible):
            small.records.entries.save_sheet(entry.person_id, entry.id, [(SECRET, "late")], "paper")
        assert small.read(entry) == {"what-happened": "already"}

    def test_a_sheet_is_all_or_nothing(self, small: Small) -> None:
        """One answer that cannot be kept keeps the whole sheet out."""
        entry = small.entry()
        sheet = [(WHAT, "We met"), (PASSING, "no")]
        with pytest.raises(NotPossible):
            small.records.entries.save_sheet(entry.person_id, entry.id, sheet, "paper")
        assert versions(small.records) == []

    def test_a_strangers_sheet_is_refused_alike(self, small: Small) -> None:
        """Whether somebody else has written anything cannot be learnt by handing in a sheet."""
        empty, written = small.entry(), small.entry(workbook="coach/another")
        small.write(written, "mine")
        for entry in (empty, written):
            with pytest.raises(NotFound):
                small.records.entries.save_sheet(
                    small.id("tom"), entry.id, [(WHAT, "theirs")], "paper"
                )


# Each step is one save: which of two pages, its text, and whether it has seen the newest.
STEPS = st.lists(st.tuples(st.sampled_from("ab"), st.text(max_size=6), st.booleans()), max_size=12)


@given(steps=STEPS)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_text_is_lost_between_two_pages(
    small: Small, steps: list[tuple[str, str, bool]]
) -> None:
    """However two pages interleave, the last text of each is in the records and none is mixed."""
    entry = small.entry(workbook=f"coach/w{small.clock.later(days=1):%y-%m-%d}")
    last: dict[str, str] = {}
    newest = 0
    for counter, (page, text, seen) in enumerate(steps, start=1):
        told = small.write(entry, text, writer=page, base=newest if seen else 0, counter=counter)
        newest = told.revision
        last[page] = text
        current = small.read(entry)["what-happened"]
        assert current == (told.theirs if isinstance(told, Conflict) else text)
    with small.records.store.database.reading() as s:
        rows = s.scalars(select(AnswerRow).where(AnswerRow.entry_id == entry.id)).all()
        kept = {small.records.store.open_answer(row) for row in rows}
    assert set(last.values()) <= kept
