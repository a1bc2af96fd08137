"""One pair's issue, session by session: what stands beside what, and what changed, in words."""

from datetime import timedelta
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from cascade_tools import shelf
from cascade_tools.model.issue import MARKED, SHEETS, Issue, issue_of, part_of, session_words
from cascade_tools.model.prompts import Who
from cascade_tools.model.seen import AnswerSeen
from tests.collect.paper_desk import NOON, item
from tests.collect.paper_desk import answer as any_answer

DEPTH = {"key": "deepest-layer", "kind": "choice", "question": "How deep?"}


def answer(**changes: object) -> AnswerSeen:
    """An answer of the sheet that coaches write after a session."""
    return any_answer(**{"workbook": "coach/after-i-coach"} | changes)


def said(issue: Issue, question: str) -> list[tuple[str, str] | None]:
    """What stands in a row: the words and what changed, for each session."""
    row = next(r for part in issue.parts for r in part.rows if r.question == question)
    return [cell and (cell.words, cell.change) for cell in row.cells]


def test_every_marked_question_is_in_the_kit() -> None:
    """Each question marked here is one its workbook asks, and none that nobody else may see."""
    books = shelf.open_shelf(None)
    for workbook, keys in MARKED.items():
        prompts = {p.key: p for p in books.get(workbook).prompts}
        assert set(keys) <= set(prompts)
        assert all(prompts[key].who is Who.MINE for key in keys)


def test_sessions_stand_side_by_side() -> None:
    """A row for each question, a column for each session in order; what is not there is None."""
    issue = issue_of(
        [
            answer(session=3, value="The roof."),
            answer(session=1, value="The board."),
            answer(session=2, **DEPTH, value="pattern", words="What keeps happening"),
            answer(session=None, **DEPTH, value="up", words="Another day"),
        ]
    )
    assert issue.sessions == (1, 2, 3, None)
    assert [part.title for part in issue.parts] == ["What was brought", "Below the surface"]
    assert said(issue, "What happened, in five lines?") == [
        ("The board.", ""),
        None,
        ("The roof.", ""),
        None,
    ]


def test_what_changed_is_said_in_words() -> None:
    """A choice says what it was before; the same is said to be the same; what is first answered
    later is new; what was written anew speaks for itself."""
    words = ("What they brought", "What they brought", "", "What keeps happening")
    depths = [
        answer(session=n, **DEPTH, value=text, words=text)
        for n, text in enumerate(words, start=1)
        if text
    ]
    texts = [answer(session=n, value=text) for n, text in ((2, "A"), (3, "A"), (4, "B"))]
    issue = issue_of(depths + texts)
    assert said(issue, "How deep?") == [
        ("What they brought", ""),
        ("What they brought", "As in session 1."),
        None,
        ("What keeps happening", "It was “What they brought” in session 2."),
    ]
    assert said(issue, "What happened, in five lines?") == [
        None,
        ("A", "New here."),
        ("A", "The same words as in session 2."),
        ("B", ""),
    ]


def test_another_wording_is_not_compared() -> None:
    """An answer stays under its own question: one asked in other words is shown with it, and not
    compared."""
    issue = issue_of(
        [
            answer(session=1, **DEPTH | {"question": "How far?"}, value="a", words="Far"),
            answer(session=2, **DEPTH, value="b", words="Deep"),
        ]
    )
    (row,) = issue.parts[0].rows
    assert row.question == "How deep?"
    assert [c and c.otherwise for c in row.cells] == ["How far?", ""]
    assert [c and c.change for c in row.cells] == [
        "",
        "Asked in other words than in session 1, so the two are not compared.",
    ]


def test_items_come_in_their_order_and_only_where_they_are() -> None:
    """The ten and the balance items stand in the order of their sets, whatever order they come
    in; where nobody chose to show them there is no such part."""
    items = [
        item(i, 2, session=1, workbook="coach/after-i-coach")
        for i in ("D10", "D2", "CB1", "LD3", "LD1")
    ]
    for some in (items, items[::-1]):
        parts = {p.id: [r.question for r in p.rows] for p in issue_of(some).parts}
        assert parts == {
            "thinking": ["About D2?", "About D10?"],
            "balance": ["About CB1?", "About LD1?", "About LD3?"],
        }
    assert [p.id for p in issue_of([answer()]).parts] == ["brought"]


def test_of_two_answers_about_one_session_the_last_counts() -> None:
    """A sheet written twice about one session gives the words that were saved last."""
    first, last = answer(value="Old"), answer(value="New", saved_at=NOON + timedelta(days=1))
    for order in permutations((first, last)):
        assert said(issue_of(order), first.question) == [("New", "")]


@settings(deadline=None, max_examples=60)  # the machine may be busy; time is not what is tested
@given(
    st.lists(
        st.builds(
            lambda workbook, key, session, value, way: answer(
                workbook=workbook, key=key, session=session, value=value, way=way
            ),
            st.sampled_from([*sorted(SHEETS), "coach/what-i-am-learning", "pair/ending-well"]),
            st.sampled_from(["what-happened", "want", "talk", "want-from-supervision", "bringing"]),
            st.none() | st.integers(1, 9),
            st.none() | st.text(max_size=5),
            st.sampled_from(["own", "shared", "together"]),
        ),
        max_size=12,
    )
)
def test_nothing_else_gets_in_and_nothing_is_counted(answers: list[AnswerSeen]) -> None:
    """Every word on the page is one of the answers marked here; no number is made of them; a
    column holds something, and the sheet about no session comes last."""
    issue = issue_of(answers)
    marked = [a for a in answers if part_of(a)]
    assert {c.words for p in issue.parts for r in p.rows for c in r.cells if c} <= {
        a.words for a in marked
    }
    assert set(issue.sessions) == {a.session for a in marked}
    assert None not in issue.sessions[:-1]
    assert all(a.workbook in SHEETS and a.way != "together" and a.value for a in marked)
    allowed = {"", "New here."} | {
        f"The same words as in {session_words(s)}." for s in issue.sessions
    }
    assert {c.change for p in issue.parts for r in p.rows for c in r.cells if c} <= allowed
