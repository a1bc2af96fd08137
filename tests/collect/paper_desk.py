"""A desk made of paper: fictional rows, given out as the gate would give them."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from cascade_tools.model.prompts import NOT_UP, SKIPPED
from cascade_tools.model.seen import AnswerSeen, CoachSeen, PairSeen, SharedSeen

BOOK = "coach/made-up"  # no workbook of the kit, so that a test says what it asks
TODAY = date(2027, 5, 28)
NOON = datetime(2027, 5, 3, 12, 30, 15, 250_000, tzinfo=UTC)
END = datetime(2027, 11, 3, tzinfo=UTC)

# What people might write, on purpose or not, that a page or a spreadsheet could take for its own.
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</td></table><iframe src=//evil.example>",
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    "{{ 7 * 7 }}{% raw %}",
    "&lt;b&gt; & Co",
    "‮gnirts ⁦right-to-left⁩",
    "=HYPERLINK(1)",
)


class PaperDesk:
    """Implements the Desk protocol; ``asked`` counts how often the answers were asked for."""

    def __init__(
        self,
        answers: Iterable[AnswerSeen] = (),
        coaches: Iterable[CoachSeen] = (),
        name: str = "Sue Supervisor",
    ) -> None:
        self.name = name
        self.roles = frozenset({"supervisor"})
        self.rows = list(answers)
        self.coaches = list(coaches)
        self.asked = 0

    def answers(self) -> Iterator[AnswerSeen]:
        self.asked += 1
        return iter(self.rows)

    def shared(self) -> list[SharedSeen]:
        return [share for coach in self.coaches for share in coach.unread]

    def caseload(self) -> list[CoachSeen]:
        return list(self.coaches)


def answer(**changes: Any) -> AnswerSeen:
    """One shared answer by Ann; any field may be changed."""
    row: dict[str, Any] = {
        "person": "Ann Coach",
        "workbook": BOOK,
        "entry": "e1",
        "snapshot": "s1",
        "pair": "the carers’ charity",
        "session": 3,
        "key": "what-happened",
        "question": "What happened, in five lines?",
        "kind": "long",
        "who": "mine",
        "words_from": "",
        "value": "We talked about the board.",
        "saved_at": NOON,
        "way": "shared",
        "until": END,
    }
    row.update(changes)
    row.setdefault("words", "" if row["value"] is None else str(row["value"]))
    return AnswerSeen(**row)


def item(item_id: str, value: int | str | None, **changes: Any) -> AnswerSeen:
    """One answer to an item of a set: ``item("D1", 3)``."""
    item_set = "thinking" if item_id.startswith("D") else "axes"
    return answer(
        **{
            "key": item_id.lower(),
            "question": f"About {item_id}?",
            "kind": "scale",
            "words_from": f"{item_set}/{item_id}",
            "value": value,
            "words": "" if value is None else f"words of {value}",
        }
        | changes
    )


def share(share_id: str, **changes: Any) -> SharedSeen:
    row: dict[str, Any] = {
        "id": share_id,
        "author": "Ann Coach",
        "workbook": "coach/after-i-coach",
        "title": "After I coach",
        "label": "the carers’ charity",
        "session": 3,
        "purpose": "supervision",
        "shared_at": NOON,
        "ends_at": END,
        "opened_at": None,
        "answered_at": None,
    }
    return SharedSeen(**(row | changes))


def coach(coach_id: str, **changes: Any) -> CoachSeen:
    row: dict[str, Any] = {
        "id": coach_id,
        "name": f"Coach {coach_id}",
        "phone": "029 2018 0000",
        "since": date(2027, 1, 11),
        "pairs": (PairSeen("the carers’ charity", 3, 5, date(2027, 6, 2), None),),
        "asked": None,
        "asked_at": None,
        "last_talked": TODAY - timedelta(weeks=3),
        "next_talk": date(2027, 6, 8),
        "held": 4,
        "cancelled": {"coach": 1, "programme": 2},
        "unread": (),
        "shared": 2,
    }
    return CoachSeen(**(row | changes))


def caseloads() -> st.SearchStrategy[list[CoachSeen]]:
    """Any caseload: who asked, when you last talked and what is unread, in any order."""
    weeks_ago = st.none() | st.integers(0, 60).map(lambda days: TODAY - timedelta(days=days))
    drawn = st.tuples(
        st.sampled_from((None, "next", "before", "today")),
        weeks_ago,
        st.integers(0, 5),
        st.text(max_size=5),
    )
    return st.lists(drawn, max_size=12).map(
        lambda all_drawn: [
            coach(
                f"c{at}",
                name=name,
                asked=asked,
                last_talked=talked,
                unread=tuple(share(f"c{at}-{n}") for n in range(unread)),
                shared=unread,
            )
            for at, (asked, talked, unread, name) in enumerate(all_drawn)
        ]
    )


def values() -> st.SearchStrategy[Any]:
    """Any answer that can be stored."""
    return st.one_of(
        st.none(),
        st.text(max_size=40),
        st.integers(0, 4),
        st.sampled_from((NOT_UP, SKIPPED)),
        st.lists(st.text("abc-", min_size=1, max_size=3), max_size=3),
        st.dictionaries(st.sampled_from(("goal", "now")), st.text(max_size=5), max_size=2),
        st.lists(st.fixed_dictionaries({"what": st.text(max_size=5)}), max_size=2),
    )
