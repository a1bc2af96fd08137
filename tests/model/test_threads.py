"""Threads and changes: who may say what to which answer, and what became of it."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from cascade_tools.model.changes import changes, in_pieces
from cascade_tools.model.entry import Document, Received
from cascade_tools.model.prompts import Kind, Prompt
from cascade_tools.model.threads import NOTHING, apart, key_of, said_to, threads, with_boxes
from cascade_tools.model.workbook import Page, Prose, Workbook

AT = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
LINE = Prompt("on", Kind.LONG, "Say something to this", beside="Say something to this")
SHEET = Workbook(
    "supervisor/a-review",
    "A review",
    "",
    frozenset(),
    5,
    (
        Page("first", "First", (Prompt("thanks", Kind.TEXT, "Thanks?"),)),
        Page("boxes", "Boxes", (Prose("Here."), LINE)),
    ),
    about="snapshot",
)


def body(answers: dict[str, str], kind: str = "long", page: str = "A page") -> dict[str, object]:
    return {
        "workbook": "coach/a-sheet",
        "label": "",
        "session": None,
        "pages": [
            {
                "title": page,
                "answers": [
                    {
                        "key": key,
                        "question": f"Question {key}?",
                        "kind": kind,
                        "who": "mine",
                        "words_from": "",
                        "value": words,
                        "words": words,
                        "saved_at": AT.isoformat(),
                    }
                    for key, words in answers.items()
                ],
            }
        ],
    }


def copy(by: str, answers: dict[str, str], kind: str = "long") -> Received:
    document = Document(body(answers, kind), "")
    return Received("c-" + by, "e", by, by.title(), "w", "", AT, AT, False, document)


WRITTEN = copy("amina", {"what": "It was loud", "next": "Wait"})


def keys(workbook: Workbook) -> list[str]:
    return [p.key for p in workbook.prompts]


def test_everybody_has_a_box_for_each_thing_the_other_has_said() -> None:
    """The reader begins at each answer; its author answers what was said; then it is the
    reader's turn again, at that answer alone."""
    nothing = threads(WRITTEN, [])
    assert keys(with_boxes(SHEET, nothing, "sue", {})) == ["thanks", "on--what", "on--next"]
    assert keys(with_boxes(SHEET, nothing, "amina", {})) == ["thanks"]
    one = threads(WRITTEN, [copy("sue", {"on--what": "How loud?"})])
    assert keys(with_boxes(SHEET, one, "amina", {})) == ["thanks", "on--what"]
    two = threads(
        WRITTEN, [copy("sue", {"on--what": "How loud?"}), copy("amina", {"on--what": "Very"})]
    )
    assert keys(with_boxes(SHEET, two, "sue", {})) == [
        *("thanks", "on--what", "on--what--2", "on--next")
    ]
    assert keys(with_boxes(SHEET, two, "amina", {})) == ["thanks", "on--what"]


def test_what_was_said_to_all_of_it_can_be_answered_too() -> None:
    """The reader's own words to the whole sheet begin a thread of their own, for its author; a
    choice does not, and nobody answers themselves."""
    found = threads(WRITTEN, [copy("sue", {"curious": "Whose voice?"})])
    assert keys(with_boxes(SHEET, found, "amina", {})) == ["thanks", "on--to--curious"]
    assert "on--to--curious" not in keys(with_boxes(SHEET, found, "sue", {}))
    chosen = threads(WRITTEN, [copy("sue", {"thanks": "read"}, "choice")])
    assert keys(with_boxes(SHEET, chosen, "amina", {})) == ["thanks"]


def test_messages_stand_in_turns() -> None:
    """Whoever did not begin speaks first, then the other, whatever the order they come in."""
    said = [
        copy("amina", {"on--what": "Very", "on--what--2": "Yes"}),
        copy("sue", {"on--what--2": "Still?", "on--what": "How loud?"}),
    ]
    (first, _) = threads(WRITTEN, said)
    assert [m.words for m in first.messages] == ["How loud?", "Very", "Still?", "Yes"]
    assert [m.by for m in first.messages] == ["Sue", "Amina", "Sue", "Amina"]


def test_a_box_that_is_written_in_stays() -> None:
    """What somebody wrote keeps its box and its question, also when what it answers is gone; with
    no box at all the page says why."""
    asked = Prompt("on--what", Kind.LONG, "On “Question what?”")
    kept = with_boxes(SHEET, [], "sue", {"on--what": asked, "thanks": asked, "other--x": asked})
    assert keys(kept) == ["thanks", "on--what"]
    assert with_boxes(SHEET, [], "sue", {}).pages[1].parts == (Prose("Here."), Prose(NOTHING))
    assert kept.prompt("on--what") == replace(asked, beside=LINE.beside)


def test_a_key_says_what_it_speaks_to() -> None:
    """The key of a box holds the answer and the turn; any other key speaks to nothing."""
    assert said_to(key_of("on", "what-happened", 1)) == ("what-happened", 1)
    assert said_to(key_of("on", "to--curious", 3)) == ("to--curious", 3)
    assert said_to("what-happened") is None


def test_what_is_said_to_one_answer_is_not_said_to_all() -> None:
    """What stands in a thread is taken out of the answer as a whole, and an empty page with it."""
    whole = apart(copy("sue", {"on--what": "How loud?", "curious": "Whose?"}))
    assert [a["key"] for p in whole["pages"] for a in p["answers"]] == ["curious"]
    assert apart(copy("sue", {"on--what": "How loud?"}))["pages"] == []


def test_what_changed_is_told_answer_by_answer() -> None:
    """Each answer is changed, new or gone, in the order of the sheet; the others are counted."""
    before = body({"a": "one two three", "b": "same", "c": "left"})
    after = body({"a": "one 2 three", "b": "same", "d": "come"})
    found, same = changes(before, after)
    assert [(c.key, c.how) for c in found] == [("a", "changed"), ("d", "new"), ("c", "gone")]
    assert same == 1
    assert found[0].pieces == (("same", "one "), ("out", "two"), ("in", "2"), ("same", " three"))


def test_another_choice_is_another_one_as_a_whole() -> None:
    """Only what somebody wrote is compared word by word."""
    found, _ = changes(body({"a": "Mostly me"}, "scale"), body({"a": "Mostly them"}, "scale"))
    assert found[0].pieces == (("out", "Mostly me"), ("in", "Mostly them"))


@given(st.text(alphabet="ab \n", max_size=40), st.text(alphabet="ab \n", max_size=40))
def test_both_texts_can_be_read_back_from_the_pieces(was: str, now: str) -> None:
    """Without what came in it is the first text; without what was taken out the second."""
    pieces = in_pieces(was, now)
    assert "".join(words for how, words in pieces if how != "in") == was
    assert "".join(words for how, words in pieces if how != "out") == now


def test_long_texts_are_compared_by_lines() -> None:
    """Twenty thousand words take no longer than a breath, and are still both there."""
    was = "".join(f"line {n} has words\n" for n in range(5000))
    now = was.replace("line 17 has", "line 17 had")
    pieces = in_pieces(was, now)
    assert ("out", "line 17 has words\n") in pieces
    assert ("in", "line 17 had words\n") in pieces
