"""What people send to the programme: for programme leads alone, and sealed like everything."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from cascade_tools.errors import NotFound
from cascade_tools.records import sent
from cascade_tools.records.tables import FeedbackRow
from tests.records.small import Small

INTEREST = "leader/is-this-for-me"
OTHERS = ("amina", "beth", "leo", "sue", "tom")


class TestSubmissions:
    def test_a_lead_reads_what_was_sent(self, small: Small) -> None:
        """Anybody sends; a lead finds it in the list and reads it as it was sent."""
        body = {"name": "Robin", "pages": [{"words": "Ŵyn – “no”"}], "income": None}
        reference = small.records.submissions.send(INTEREST, body)
        (one,) = small.records.submissions.all(small.id("pat"))
        assert (one.reference, one.workbook, one.body) == (reference, INTEREST, {})
        assert one.made_at == small.clock.at
        read = small.records.submissions.read(small.id("pat"), one.id)
        assert (read.body, read.reference) == (body, reference)

    def test_the_newest_comes_first(self, small: Small) -> None:
        """In the list, what came last is on top."""
        sent_ = []
        for _ in range(3):
            sent_.append(small.records.submissions.send(INTEREST, {}))
            small.clock.later(minutes=1)
        found = [x.reference for x in small.records.submissions.all(small.id("pat"))]
        assert found == sent_[::-1]

    @pytest.mark.parametrize("who", OTHERS)
    def test_nobody_else_sees_that_there_is_any(self, small: Small, who: str) -> None:
        """For everybody else there is nothing, whether or not something was sent."""
        small.records.submissions.send(INTEREST, {"name": "Robin"})
        (one,) = small.records.submissions.all(small.id("pat"))
        with pytest.raises(NotFound):
            small.records.submissions.all(small.id(who))
        with pytest.raises(NotFound):
            small.records.submissions.read(small.id(who), one.id)
        with pytest.raises(NotFound):
            small.records.feedback.all(small.id(who))

    def test_a_lead_who_left_reads_nothing(self, small: Small) -> None:
        """The role is asked of the database every time."""
        small.records.people.remove(small.id("pat"))
        with pytest.raises(NotFound):
            small.records.submissions.all(small.id("pat"))

    def test_what_was_not_sent_is_not_there(self, small: Small) -> None:
        """An address nobody has is refused to a lead, too."""
        with pytest.raises(NotFound):
            small.records.submissions.read(small.id("pat"), "0" * 32)

    def test_a_reference_is_short_and_its_own(
        self, small: Small, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """It can be read out on the telephone, and no two are the same."""
        found = {small.records.submissions.send(INTEREST, {}) for _ in range(20)}
        assert len(found) == 20
        assert all(re.fullmatch(r"[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}", r) for r in found)
        codes = iter([*found, "FREE-CODE"])
        monkeypatch.setattr(sent, "_reference", lambda: next(codes))
        assert small.records.submissions.send(INTEREST, {}) == "FREE-CODE"


class TestFeedback:
    def test_a_lead_reads_it_by_the_day(self, small: Small) -> None:
        """What was useful and the words, on which day; the newest day first."""
        small.records.feedback.give(INTEREST, "yes", "  Clear. ")
        small.clock.later(days=1)
        small.records.feedback.give("coach/after-i-coach", "partly", "")
        found = small.records.feedback.all(small.id("pat"))
        assert [(f.workbook, f.useful, f.words) for f in found] == [
            ("coach/after-i-coach", "partly", ""),
            (INTEREST, "yes", "Clear."),
        ]
        assert found[0].on - found[1].on == timedelta(days=1)

    def test_nothing_says_who(self, small: Small) -> None:
        """There is no place for a person or a time in it, and no order within a day."""
        assert {c.name for c in FeedbackRow.__table__.columns} == {
            "id",
            "workbook",
            "useful",
            "on",
            "key_id",
            "sealed",
        }
        for number in range(30):
            small.records.feedback.give(INTEREST, "yes", str(number))
        found = [f.words for f in small.records.feedback.all(small.id("pat"))]
        assert sorted(found, key=int) == [str(n) for n in range(30)] != found


def test_no_words_of_it_stand_in_the_files(small: Small, tmp_path: Path) -> None:
    """A marker sent and one in feedback are in no byte of the database's files."""
    small.records.submissions.send(INTEREST, {"why": "marker-41c2"})
    small.records.feedback.give(INTEREST, "yes", "marker-41c2")
    for path in tmp_path.glob("cascade.db*"):
        assert b"marker-41c2" not in path.read_bytes(), path.name
