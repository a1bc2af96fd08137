"""What a programme's own counts are worked out from: dates, meetings, how many; nobody's words.

Sources of what is counted: the programme's sheet of what it looks at monthly.  What no record
holds is said to be not kept, and never guessed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from cascade_tools.model.journey import TIMES, half, months_after
from cascade_tools.model.people import Held, Role
from cascade_tools.model.running import Line, Running, Section

SOON, LONG = 4, 8
CANCELLED_BY = {
    Role.COACH: "a coach",
    Role.SUPERVISOR: "a supervisor",
    "programme": "the programme",
}
USEFUL = {"yes": "Yes", "partly": "Partly", "no": "No"}


@dataclass(frozen=True, slots=True)
class Plan:
    """What ``programme.toml`` says of a programme: sessions for each pair, how many months a pair
    takes, months until the last look back; places and bursaries, 0 where nobody said."""

    sessions: int = 5
    months_min: int = 5
    months_max: int = 8
    followup_months: int = 6
    places: int = 0
    bursaries_used: int = 0


@dataclass(frozen=True, slots=True)
class PairFacts:
    """One pair by its dates.  ``held`` has a day for each session that was held, as far as known;
    ``leader`` is None where the leader has no account, ``asked_on`` where nobody said when the
    leader asked for a coach; ``reason_kept`` says that the reason for the match is written down."""

    coach: str
    leader: str | None
    started: date
    held: tuple[date | None, ...] = ()
    ended: date | None = None
    ended_early: bool = False
    asked_on: date | None = None
    reason_kept: bool = False

    @property
    def first(self) -> date | None:
        return min((day for day in self.held if day is not None), default=None)

    def times(self, plan: Plan, today: date) -> tuple[str, ...]:
        """Up to which times this pair has come by today, of those at which outcomes are asked."""
        days = [day for day in self.held if day is not None]
        over = self.ended or (max(days) if days and len(self.held) >= plan.sessions else None)
        later = months_after(over, plan.followup_months) if over else None
        come = (True, len(self.held) >= half(plan.sessions), over, later and later <= today)
        return tuple(time for time, there in zip(TIMES, come, strict=True) if there)


@dataclass(frozen=True, slots=True)
class ActionFacts:
    """Of the lists that pairs keep: how many actions there are, how many have all four parts, for
    how many the first look back was due, and how many of those say how they stand."""

    all: int = 0
    agreed: int = 0
    due: int = 0
    looked_at: int = 0


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that is counted, as the records hold it today.  Nobody's words.

    ``room`` has, by coach, how many more leaders they could take, where somebody said so.
    ``finished`` has, by time, who finished *Where I am now*.  ``meetings`` counts supervisions by
    what became of them; ``cancelled_by`` the cancelled ones by who did it.
    """

    today: date
    pairs: tuple[PairFacts, ...] = ()
    coaches: frozenset[str] = frozenset()
    supervised: frozenset[str] = frozenset()
    room: Mapping[str, int] = field(default_factory=dict)
    interest: int = 0
    asked_for_bursary: int = 0
    meetings: Mapping[str, int] = field(default_factory=dict)
    cancelled_by: Mapping[str, int] = field(default_factory=dict)
    actions: ActionFacts = ActionFacts()
    finished: Mapping[str, frozenset[str]] = field(default_factory=dict)
    useful: Mapping[str, int] = field(default_factory=dict)


def running(facts: Facts, plan: Plan) -> Running:
    """Every count that the programme looks at, worked out from the facts."""
    return Running(
        facts.today,
        (
            _taking_part(facts),
            _matching(facts),
            _waiting(facts),
            _coaches(facts),
            _sessions(facts, plan),
            _supervision(facts),
            _actions(facts.actions),
            _where_i_am_now(facts, plan),
            _bursaries(facts, plan),
            _feedback(facts),
        ),
    )


def _taking_part(facts: Facts) -> Section:
    ended = [p for p in facts.pairs if p.ended is not None]
    early = sum(p.ended_early for p in ended)
    return Section(
        "Taking part",
        (
            Line("interest", "Expressions of interest", facts.interest,
                 note="As long as they are kept: 12 months, unless the programme chose otherwise."),
            Line("matched", "Leaders matched with a coach", len(facts.pairs)),
            Line("started", "Have had a first session", sum(bool(p.held) for p in facts.pairs)),
            Line("open", "Still going", len(facts.pairs) - len(ended)),
            Line("ended", "Ended as planned", len(ended) - early),
            Line("ended-early", "Ended early", early),
        ),
    )  # fmt: skip


def _matching(facts: Facts) -> Section:
    said = [(p.asked_on, p.started) for p in facts.pairs if p.asked_on is not None]
    return Section(
        "Being matched",
        (
            *_waited("asked", [_weeks(*one) for one in said]),
            Line("asked-not-said", "Nobody said when they asked", len(facts.pairs) - len(said)),
            Line("reasons", "The reason for the match is written down",
                 sum(p.reason_kept for p in facts.pairs), len(facts.pairs)),
        ),
        "From the day a leader asked for a coach. The kit does not keep the reasons themselves.",
    )  # fmt: skip


def _weeks(start: date, end: date) -> int:
    return (end - start) // timedelta(weeks=1)


def _waited(code: str, weeks: Sequence[int]) -> tuple[Line, Line, Line]:
    """How many waited a short time, longer, and long."""
    return (
        Line(f"{code}-soon", f"Waited up to {SOON} weeks", sum(w <= SOON for w in weeks)),
        Line(f"{code}-some", f"Waited {SOON + 1} to {LONG} weeks",
             sum(SOON < w <= LONG for w in weeks)),
        Line(f"{code}-long", f"Waited more than {LONG} weeks", sum(w > LONG for w in weeks)),
    )  # fmt: skip


def _waiting(facts: Facts) -> Section:
    waited = [_weeks(p.started, p.first) for p in facts.pairs if p.first]
    still = [p for p in facts.pairs if p.ended is None and not p.held]
    long = sum(_weeks(p.started, facts.today) > SOON for p in still)
    return Section(
        "Waiting for the first session",
        (
            *_waited("waited", waited),
            Line("waiting", "Are waiting now", len(still)),
            Line("waiting-long", f"Of these, for more than {SOON} weeks", long),
        ),
        "From the day a leader was matched.",
    )


def _coaches(facts: Facts) -> Section:
    busy = {p.coach for p in facts.pairs if p.ended is None} & facts.coaches
    room = [more for coach, more in facts.room.items() if coach in facts.coaches]
    return Section(
        "Coaches",
        (
            Line("coaches", "Coaches", len(facts.coaches)),
            Line("coaches-busy", "With a leader now", len(busy)),
            Line("coaches-free", "With no leader now", len(facts.coaches - busy)),
            Line("coaches-supervised", "With a supervisor", len(facts.coaches & facts.supervised)),
            Line("coaches-room", "With room for a leader, of those who said",
                 sum(more > 0 for more in room), len(room)),
            Line("room", "Leaders they have room for", sum(room)),
        ),
    )  # fmt: skip


def _sessions(facts: Facts, plan: Plan) -> Section:
    going = [p for p in facts.pairs if p.ended is None]
    held = sum(len(p.held) for p in facts.pairs)
    least, most = plan.months_min, plan.months_max
    short = sum(facts.today < months_after(p.started, least) for p in going)
    long = sum(facts.today > months_after(p.started, most) for p in going)
    return Section(
        "Sessions",
        (
            Line("sessions", "Sessions held, of those planned", held,
                 plan.sessions * len(facts.pairs), of_inside=True,
                 note=f"{plan.sessions} are planned for each pair."),
            Line("months-short", f"Pairs going for less than {least} months", short),
            Line("months-usual", f"For {least} to {most} months", len(going) - short - long),
            Line("months-long", f"For more than {most} months", long),
        ),
    )  # fmt: skip


def _supervision(facts: Facts) -> Section:
    cancelled = facts.meetings.get(Held.CANCELLED, 0)
    said = {code: facts.cancelled_by.get(code, 0) for code in CANCELLED_BY}
    known = tuple(
        Line(f"cancelled-{code}", f"Cancelled by {CANCELLED_BY[code]}", count, inside=True)
        for code, count in said.items()
    )
    if unknown := cancelled - sum(said.values()):
        known += (Line("cancelled-not-said", "Nobody said by whom", unknown, inside=True),)
    return Section(
        "Supervision",
        (
            Line("supervision-held", "Meetings held", facts.meetings.get(Held.HELD, 0)),
            Line(
                "supervision-cancelled", "Meetings cancelled", facts.meetings.get(Held.CANCELLED, 0)
            ),
            *known,
        ),
    )


def _actions(actions: ActionFacts) -> Section:
    return Section(
        "Actions",
        (
            Line("actions", "Say what, who, by when and a first look back", actions.agreed,
                 actions.all),
            Line("actions-looked-at", "Looked back at, of those where the day has come",
                 actions.looked_at, actions.due),
        ),
        "From the lists that pairs keep together, of which the programme sees how many there are. "
        "An action is looked back at once it says how it stands. The kit does not keep on which "
        "day somebody looked, so it cannot say whether that was on time.",
    )  # fmt: skip


def _where_i_am_now(facts: Facts, plan: Plan) -> Section:
    halves: dict[str, set[str]] = {time: set() for time in TIMES}
    for pair in facts.pairs:
        for time in pair.times(plan, facts.today):
            halves[time] |= {half for half in (pair.coach, pair.leader) if half is not None}
    in_pairs = {half for p in facts.pairs for half in (p.coach, p.leader) if half is not None}
    lines = []
    for time, words in TIMES.items():
        finished = facts.finished.get(time, frozenset()) & in_pairs
        lines.append(Line(f"now-{time}", words, len(finished), len(halves[time] | finished)))
    return Section(
        "Where I am now",
        tuple(lines),
        "How many people finished it, of those who have come so far. Nobody has to fill it in.",
    )


def _bursaries(facts: Facts, plan: Plan) -> Section:
    return Section(
        "Bursaries",
        (
            Line("bursaries-asked", "Would like a bursary", facts.asked_for_bursary,
                 note="As people said in an expression of interest."),
            Line("bursaries-used", "Bursaries used", plan.bursaries_used or None,
                 note="" if plan.bursaries_used else
                 "The kit does not keep this unless somebody writes it in its settings."),
        ),
    )  # fmt: skip


def _feedback(facts: Facts) -> Section:
    return Section(
        "Was it useful?",
        tuple(
            Line(f"useful-{code}", words, facts.useful.get(code, 0))
            for code, words in USEFUL.items()
        ),
        "What people said at the end of a workbook, without their names.",
    )
