"""A supervision brief: one coach since the last supervision, for the supervisor's own preparation.

It repeats what the coach shares with this supervisor now, and facts of the caseload.  It judges
nothing: no score, no order of people, and what has not come up is said as a date, not as a fault.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from cascade_tools.model.composite_words import part_words
from cascade_tools.model.composites import ACTION
from cascade_tools.model.people import Held, Supervision
from cascade_tools.model.prompts import Kind, given
from cascade_tools.model.seen import AnswerSeen, CoachSeen, SharedSeen
from cascade_tools.model.typed import day_of

GETTING_READY = "coach/getting-ready-for-supervision"
THEMES = "issues"
# What they want to bring, most telling first; the rest of the sheet follows in its own order.
BRINGS = ("want", "need", "one-worry", "one-leader", "one-glad", "bring", "not-brought")
WAYS = frozenset({"way", THEMES})
WANTED_AFTER = ("coach/after-i-coach", "want-from-supervision")
OVER = frozenset({"done", "let-go"})


@dataclass(frozen=True, slots=True)
class Said:
    """One answer as it was shared: the question, the words, and the sheet they are from.

    ``about`` names pair and session ("the carers' charity, session 2"); empty where there is none.
    ``snapshot`` is the copy to open for the whole.
    """

    question: str
    words: str
    sheet: str
    about: str
    on: date
    snapshot: str


@dataclass(frozen=True, slots=True)
class Promise:
    """One action.  ``on`` is the day it was agreed or shared, ``due`` when it is to be done.

    ``stands`` is how it stands in words; ``over`` when it is done or was let go.  ``sheet`` names
    where it is written; empty for the record of the supervision itself.
    """

    what: str
    who: str
    due: date | None
    stands: str
    over: bool
    on: date
    sheet: str


@dataclass(frozen=True, slots=True)
class Quiet:
    """A leader (by label) or a theme that has not come up; ``last`` is the day it last did."""

    words: str
    last: date | None


@dataclass(frozen=True, slots=True)
class Brief:
    """One coach since the last supervision that was held.

    ``since`` is its day; None when there was none yet.  ``agreed`` is what the record of it says in
    free words.  ``leaders`` and ``not_lately`` stand with what was silent longest first.
    ``quotes`` are the copies whose words stand in it.
    """

    coach: CoachSeen
    today: date
    since: date | None
    themes: tuple[str, ...]
    agreed: tuple[Said, ...]
    promises: tuple[Promise, ...]
    brings: tuple[Said, ...]
    leaders: tuple[Quiet, ...]
    not_lately: tuple[Quiet, ...]
    quotes: frozenset[str] = frozenset()


def last_held(meetings: Iterable[Supervision], today: date) -> date | None:
    """The day of the last supervision that was held; None when there was none."""
    return max((m.on for m in meetings if m.state is Held.HELD and m.on <= today), default=None)


def opened_for(shared: Iterable[SharedSeen], since: date | None) -> list[SharedSeen]:
    """The shares a brief opens: what came since, and every *Getting ready* for its themes."""
    return [s for s in shared if s.workbook == GETTING_READY or _new(s, since)]


def _new(shared: SharedSeen, since: date | None) -> bool:
    """Whether it came after the last supervision; *Getting ready* of that day was for that one."""
    on = shared.shared_at.date()
    return since is None or on > since or (on == since and shared.workbook != GETTING_READY)


def brief(
    coach: CoachSeen,
    answers: Iterable[AnswerSeen],
    shared: Sequence[SharedSeen],
    meetings: Iterable[Supervision],
    today: date,
) -> Brief:
    """What one coach has shared with this supervisor, since they last met.

    ``answers`` are of the coach's live shares, of the records of ``meetings`` (this supervisor's
    with this coach), and of released answers of the supervisor.  ``shared`` are all live shares.
    """
    by_id = {s.id: s for s in shared}
    meetings = list(meetings)
    held = {m.entry_id: m for m in meetings if m.state is Held.HELD and m.on <= today}
    last = last_held(meetings, today)
    themes: dict[str, list[date]] = {}
    now: list[str] = []
    agreed: list[Said] = []
    promises: list[Promise] = []
    brings: list[tuple[int, Said]] = []
    quotes: set[str] = set()
    for answer in answers:
        if not given(answer.value):
            continue
        meeting = held.get(answer.entry) if answer.snapshot is None else None
        share = by_id.get(answer.snapshot or "")
        if meeting is not None:
            if answer.kind == Kind.ACTION:
                promises += _promises(answer, meeting.on, "", still_open=meeting.on != last)
            elif answer.key == "agreed" and meeting.on == last:
                agreed.append(Said(answer.question, answer.words, "", "", meeting.on, ""))
        elif share is None:
            # The supervisor's own next step, as it was released to this coach.
            if answer.snapshot is not None and answer.kind == Kind.ACTION:
                on = answer.saved_at.date()
                promises += _promises(answer, on, "your answer", still_open=_before(on, last))
        elif answer.workbook == GETTING_READY and answer.key == THEMES:
            on = share.shared_at.date()
            quotes.add(share.id)
            for theme in answer.words.split("; "):
                themes.setdefault(theme, []).append(on)
                if _new(share, last) and theme not in now:
                    now.append(theme)
        elif _new(share, last):
            quotes.add(share.id)
            if answer.kind == Kind.ACTION:
                promises += _promises(answer, share.shared_at.date(), share.title)
            elif (place := _place(answer)) is not None:
                brings.append((place, _said(answer, share)))
    return Brief(
        coach,
        today,
        last,
        tuple(now),
        tuple(agreed),
        tuple(sorted(promises, key=lambda p: (p.over, p.due or date.max, p.on))),
        tuple(
            _once(said for _, said in sorted(brings, key=lambda b: (b[0], -b[1].on.toordinal())))
        ),
        _leaders(coach, shared, last),
        _not_lately(themes, now),
        frozenset(quotes),
    )


def _place(answer: AnswerSeen) -> int | None:
    """Where an answer stands among what they want to bring; None for what is none of it."""
    if (answer.workbook, answer.key) == WANTED_AFTER:
        return 0
    if answer.workbook != GETTING_READY or answer.key in WAYS:
        return None
    return BRINGS.index(answer.key) if answer.key in BRINGS else len(BRINGS)


def _said(answer: AnswerSeen, share: SharedSeen) -> Said:
    session = f", session {share.session}" if share.session else ""
    about = f"{share.label}{session}" if share.label else ""
    return Said(answer.question, answer.words, share.title, about, share.shared_at.date(), share.id)


def _once(said: Iterable[Said]) -> list[Said]:
    """Without what was carried from one sheet into another, word for word."""
    return list({one.words: one for one in reversed(list(said))}.values())[::-1]


def _promises(
    answer: AnswerSeen, on: date, sheet: str, *, still_open: bool = False
) -> list[Promise]:
    """The actions in an answer; ``still_open`` leaves out those that are over."""
    owner, status = ACTION.part("owner"), ACTION.part("status")
    found = [
        Promise(
            what=str(item.get("what") or "").strip(),
            who=part_words(ACTION, owner, item),
            due=day_of(str(item.get("due") or "")),
            stands=part_words(ACTION, status, item),
            over=item.get("status") in OVER,
            on=on,
            sheet=sheet,
        )
        for item in (answer.value if isinstance(answer.value, list) else ())
    ]
    return [p for p in found if p.what and not (still_open and p.over)]


def _before(on: date, last: date | None) -> bool:
    return last is not None and on < last


def _leaders(
    coach: CoachSeen, shared: Iterable[SharedSeen], since: date | None
) -> tuple[Quiet, ...]:
    """Leaders of open pairs about whom nothing was shared since; never first, then longest."""
    last: dict[str, date] = {}
    for one in shared:
        on = one.shared_at.date()
        last[one.label] = max(on, last.get(one.label, on))
    labels = dict.fromkeys(p.label for p in coach.pairs if p.ended is None)
    quiet = [Quiet(label, last.get(label)) for label in labels]
    return tuple(
        sorted(
            (q for q in quiet if q.last is None or _before(q.last, since)),
            key=lambda q: (q.last or date.min, q.words),
        )
    )


def _not_lately(themes: dict[str, list[date]], now: Sequence[str]) -> tuple[Quiet, ...]:
    """Themes of earlier sheets that are not in the new one; nothing while there is no new one."""
    if not now:
        return ()
    old = [Quiet(theme, max(days)) for theme, days in themes.items() if theme not in now]
    return tuple(sorted(old, key=lambda q: (q.last or date.min, q.words)))
