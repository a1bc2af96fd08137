"""A supervision brief: what belongs to the time since the last supervision, and what does not."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from cascade_tools.model.brief import GETTING_READY, Brief, brief, opened_for
from cascade_tools.model.people import Held, Person, Role, Supervision
from cascade_tools.model.seen import AnswerSeen, CoachSeen, PairSeen, SharedSeen

TODAY = date(2026, 11, 22)
MET = date(2026, 10, 12)
AFTER = "coach/after-i-coach"
SUE = Person("sue", "Sue Superfield", "", frozenset({Role.SUPERVISOR}))
MEETING = Supervision(
    "m1", SUE, (), MET, Held.HELD, None, None, None, None, "kept", datetime.now(UTC)
)
EARLIER = replace(MEETING, id="m0", on=date(2026, 8, 1), entry_id="kept-before")


def pair(label: str, **more: Any) -> PairSeen:
    return PairSeen(
        **{"label": label, "last_session": 2, "planned": 5, "next_session": None, "ended": None}
        | more
    )


def coach(*pairs: PairSeen) -> CoachSeen:
    return CoachSeen(
        *(
            "amina",
            "Amina Coachfield",
            "",
            date(2026, 1, 5),
            pairs or (pair("the carers’ charity"),),
        ),
        *(None, None, MET, None, 3, {}, (), 0),
    )


def shared(
    id: str, month: int, day: int, workbook: str = GETTING_READY, label: str = ""
) -> SharedSeen:
    at = datetime(2026, month, day, 9, tzinfo=UTC)
    title = "Getting ready" if workbook == GETTING_READY else "After I coach"
    session = 2 if label else None
    return SharedSeen(id, "Amina", workbook, title, label, session, "", at, at, None, None)


def answer(
    key: str,
    value: Any,
    words: str = "",
    *,
    snapshot: str | None = "new",
    workbook: str = GETTING_READY,
    kind: str = "long",
    entry: str = "e",
) -> AnswerSeen:
    return AnswerSeen(
        *("Amina", workbook, entry, snapshot, None, None, key, f"{key}?", kind, "mine", ""),
        *(value, words or str(value), datetime(2026, 11, 2, tzinfo=UTC), "shared", None),
    )


def made(
    *answers: AnswerSeen, shares: list[SharedSeen], of: CoachSeen | None = None, met: bool = True
) -> Brief:
    meetings = [MEETING, EARLIER] if met else []
    return brief(of or coach(), answers, shares, meetings, TODAY)


def test_only_what_came_since_is_brought() -> None:
    """What was shared before the last supervision was for that one; so was what was prepared on
    its very day.  A look back of that day is new."""
    shares = [
        shared("old", 9, 30),
        shared("same-day", 10, 12),
        shared("look-back", 10, 12, AFTER, "the carers’ charity"),
        shared("new", 11, 1),
    ]
    done = made(
        answer("want", "old words", snapshot="old"),
        answer("want", "words of the day", snapshot="same-day"),
        answer("want-from-supervision", "after it", snapshot="look-back", workbook=AFTER),
        answer("want", "new words"),
        shares=shares,
    )
    assert done.since == MET
    assert [one.words for one in done.brings] == ["new words", "after it"]
    assert done.quotes == {"new", "look-back"}
    assert [one.about for one in done.brings] == ["", "the carers’ charity, session 2"]


def test_without_a_supervision_everything_is_new() -> None:
    """A coach not yet met: all they share is to be brought."""
    done = made(answer("want", "words", snapshot="old"), shares=[shared("old", 2, 1)], met=False)
    assert done.since is None
    assert [one.words for one in done.brings] == ["words"]


def test_what_is_wanted_stands_first_and_once() -> None:
    """What they want leads, then what they need; the rest of the sheet follows; what was carried
    from one sheet to the next stands once."""
    shares = [shared("new", 11, 1), shared("back", 10, 20, AFTER, "the carers’ charity")]
    done = made(
        answer("way", "write"),
        answer("eye-leader", "a world"),
        answer("one-worry", "a worry"),
        answer("want", "to be asked"),
        answer("want-from-supervision", "to be asked", snapshot="back", workbook=AFTER),
        answer("need", ["challenge"], "A challenge"),
        answer("what-happened", "none of it", snapshot="back", workbook=AFTER),
        shares=shares,
    )
    assert [one.words for one in done.brings] == [
        "to be asked",
        "A challenge",
        "a worry",
        "a world",
    ]
    assert done.brings[0].sheet == "Getting ready"


def test_themes_that_came_no_more() -> None:
    """A theme of an earlier sheet that is not in the new one is named with its last day; while
    there is no new sheet, nothing is said to be missing."""
    before, early, new = shared("before", 6, 1), shared("early", 8, 3), shared("new", 11, 1)
    said = [
        answer("issues", ["board", "funding"], "Board or trustees; Funding", snapshot="before"),
        answer("issues", ["conflict", "board"], "Conflict; Board or trustees", snapshot="early"),
    ]
    with_new = made(
        *said, answer("issues", ["board"], "Board or trustees"), shares=[before, early, new]
    )
    assert with_new.themes == ("Board or trustees",)
    assert [(q.words, q.last) for q in with_new.not_lately] == [
        ("Funding", date(2026, 6, 1)),
        ("Conflict", date(2026, 8, 3)),
    ]
    without = made(*said, shares=[before, early])
    assert (without.themes, without.not_lately) == ((), ())


def test_leaders_nothing_was_shared_about() -> None:
    """Leaders stand by label with the day of the last share, never first, then the longest ago;
    one of whom something came since, or whose pair has ended, is not named."""
    of = coach(
        pair("the carers’ charity"),
        pair("the youth project"),
        pair("the day centre"),
        pair("the food bank"),
        pair("the choir", ended=date(2026, 5, 1)),
    )
    shares = [
        shared("a", 11, 2, AFTER, "the carers’ charity"),
        shared("b", 9, 2, AFTER, "the youth project"),
        shared("c", 7, 2, AFTER, "the day centre"),
        shared("d", 3, 2, AFTER, "the day centre"),
    ]
    assert [(q.words, q.last) for q in made(shares=shares, of=of).leaders] == [
        ("the food bank", None),
        ("the day centre", date(2026, 7, 2)),
        ("the youth project", date(2026, 9, 2)),
    ]


def action(what: str, status: str = "planned", due: str = "", **more: str) -> dict[str, Any]:
    return {"id": "1", "what": what, "owner": "coach", "due": due, "status": status} | more


def test_promised_and_done() -> None:
    """Actions of the last supervision stand with how they stand, the open ones first; of earlier
    ones only what is still open; of sheets what was shared since; and what the supervisor released
    as a next step."""
    done = made(
        answer("agreed", "To rest", snapshot=None, entry="kept"),
        answer("agreed", "Long ago", snapshot=None, entry="kept-before"),
        answer(
            "agreed-actions",
            [action("Ring the chair", "done"), action("Ask once", due="2026-12-01"), action("")],
            snapshot=None,
            kind="action",
            entry="kept",
        ),
        answer(
            "agreed-actions",
            [action("Write to E", "done"), action("Read it", owner="someone", owner_name="K.")],
            snapshot=None,
            kind="action",
            entry="kept-before",
        ),
        answer("next", [action("Say no")], kind="action", workbook="toolkit/actions"),
        answer(
            "steps", [action("Sit still")], snapshot="mine", kind="action", workbook="supervisor/x"
        ),
        answer(
            "next", [action("Too old")], snapshot="old", kind="action", workbook="toolkit/actions"
        ),
        shares=[shared("new", 11, 1, "toolkit/actions"), shared("old", 9, 1, "toolkit/actions")],
    )
    assert [one.words for one in done.agreed] == ["To rest"]
    found = {p.what: p for p in done.promises}
    assert list(found) == ["Ask once", "Read it", "Say no", "Sit still", "Ring the chair"]
    assert (found["Ask once"].due, found["Ask once"].stands) == (date(2026, 12, 1), "Planned")
    assert (found["Ring the chair"].over, found["Ring the chair"].on) == (True, MET)
    assert (found["Read it"].who, found["Read it"].on) == ("K.", EARLIER.on)
    assert found["Sit still"].sheet == "your answer"


def test_a_meeting_that_was_not_held_is_no_beginning() -> None:
    """Planned, moved and cancelled supervisions, and days to come, do not count as having met."""
    planned = [replace(MEETING, state=state) for state in Held if state is not Held.HELD]
    ahead = replace(MEETING, on=date(2026, 12, 24))
    assert brief(coach(), [], [], [*planned, ahead], TODAY).since is None


def test_only_what_is_needed_is_opened() -> None:
    """Old look-backs stay closed: for when a leader last came up, their day is enough."""
    shares = [
        shared("old-back", 9, 1, AFTER, "the carers’ charity"),
        shared("old-ready", 9, 1),
        shared("new-back", 11, 1, AFTER, "the carers’ charity"),
    ]
    assert [one.id for one in opened_for(shares, MET)] == ["old-ready", "new-back"]
