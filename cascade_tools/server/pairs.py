"""``/pairs/<id>``: one coaching pair as its halves see it: stages, sessions, an early ending."""

from dataclasses import dataclass
from datetime import date, timedelta
from http import HTTPStatus
from typing import Any

from markupsafe import Markup

from cascade_tools.draw.timeline import timeline_html
from cascade_tools.errors import NotFound
from cascade_tools.model.journey import (
    AGREEING,
    ENDING,
    HALF_WAY,
    KEEPING_GOING,
    has_not_met,
    stages,
    used,
)
from cascade_tools.model.people import Agreement, Held, Pair, Person, Role, in_force
from cascade_tools.model.typed import day_in_words
from cascade_tools.model.workbook import Workbook
from cascade_tools.records import Records
from cascade_tools.server.base import Page
from cascade_tools.server.serving import Serving
from cascade_tools.server.small_forms import (
    NO_DAY,
    NOTHING_WRONG,
    STILL_TO_COME,
    Wrong,
    typed,
    typed_day,
)

ACTIONS = "pair/what-i-said-i-would-do"
LONGEST_MINUTES = 600
HOW = {"video": "By video", "phone": "By phone", "in-person": "In person"}
DAYS_TO_ANSWER = 14
OPENED = "Open to both of you"
# As a pair meets them; any others come after.
IN_ORDER = {AGREEING: 0, ACTIONS: 1, HALF_WAY: 2, ENDING: 3}
DONE = {
    "plan": "The session is planned.",
    "held": "Noted: the session was held.",
    "move": "The session has a new day.",
    "cancel": "Noted: the session is cancelled. Plan another when you are ready.",
}


def other_half(pair: Pair, person: Person) -> str:
    """How this person's pages name the other half: by name, or by label without an account."""
    if pair.coach.id != person.id:
        return pair.coach.name
    return pair.leader.name if pair.leader else pair.label[:1].upper() + pair.label[1:]


@dataclass(frozen=True, slots=True)
class Together:
    """What two people have agreed (newest first, proposals too; ``agreed`` is in force) and the
    workbooks they have finished together; an agreement says that they agreed."""

    agreements: list[Agreement]
    agreed: Agreement | None
    done: set[str]


def together_of(records: Records, person: Person, pair: Pair) -> Together:
    """What this half of the pair may know of it."""
    agreements = records.agreements.of(person.id, pair.id)
    agreed = in_force(agreements)
    done = records.together.done(person.id, pair.id)
    return Together(agreements, agreed, done | {AGREEING} if agreed else done)


def timeline_of(serving: Serving, pair: Pair, together: Together) -> Markup:
    """Every stage of this pair, as this half of it may know."""
    settings = serving.settings
    ends = pair.ends if pair.ended is None else None
    found = stages(
        pair,
        settings.sessions_planned,
        settings.followup_months,
        ends,
        today_of(serving),
        together.done,
    )
    return timeline_html(found, used(pair), settings.sessions_planned, ends)


def today_of(serving: Serving) -> date:
    return serving.records.store.now().astimezone(serving.settings.zone).date()


class PairHandler(Page):
    """What the pages of a pair need: the pair, its names, and forms that lose nothing."""

    def pair(self, pair_id: str) -> Pair:
        return self.records.pairs.get(self.person.id, pair_id)

    @property
    def today(self) -> date:
        return today_of(self.serving)

    def around(self, pair: Pair) -> dict[str, Any]:
        """What every page of a pair shows."""
        leader = pair.leader.name if pair.leader else "Your leader"
        mine = pair.coach.id == self.person.id
        return {
            "pair": pair,
            "other": other_half(pair, self.person),
            "coach": mine,
            "by": [
                ("leader", leader if mine else "You"),
                ("coach", "You" if mine else pair.coach.name),
                ("programme", "The programme"),
                ("", "Not recorded"),
            ],
            "date": day_in_words,
            "today": self.today,
        }

    def typed_by(self) -> str | None:
        """Who it was; None where nobody says, which is an answer, too."""
        by = self.get_body_argument("by", "")
        return by if by in ("leader", "coach", "programme") else None


class PairPage(PairHandler):
    """``/pairs/<id>``: where this pair is, and its sessions: plan, note as held, move, cancel."""

    async def get(self, pair_id: str) -> None:
        self.show("pair.html", **await self.work(self._values, pair_id, NOTHING_WRONG))

    def _values(self, pair_id: str, wrong: Wrong) -> dict[str, Any]:
        pair = self.pair(pair_id)
        settings = self.serving.settings
        coach = pair.coach.id == self.person.id
        together = together_of(self.records, self.person, pair)
        return {
            **self.around(pair),
            "timeline": timeline_of(self.serving, pair, together),
            "ahead": [s for s in pair.sessions if s.state in (Held.PLANNED, Held.MOVED)],
            "past": [s for s in pair.sessions if s.state is Held.HELD],
            "cancelled": [s for s in pair.sessions if s.state is Held.CANCELLED],
            "workbooks": self._workbooks(pair),
            "agreement": together.agreed,
            "not_met": coach and has_not_met(pair, self.today),
            "answer_by": self.today + timedelta(days=DAYS_TO_ANSWER),
            "unused": max(settings.sessions_planned - used(pair), 0),
            "keeping_going": self.serving.shelf.find(KEEPING_GOING) if not coach else None,
            "done": DONE.get(self.get_argument("done", ""), "") if not wrong.form else "",
            "how": HOW,
            "wrong": wrong,
        }

    def _workbooks(self, pair: Pair) -> list[tuple[Workbook, str, str]]:
        """What both do together: the workbook, where it is, and how far this person has come."""
        mine = {
            entry.workbook: entry
            for entry in reversed(self.records.entries.mine_and_ours(self.person.id))
            if entry.pair_id == pair.id
        }
        role = Role.COACH if pair.coach.id == self.person.id else Role.LEADER
        found = []
        books = sorted(self.serving.shelf.all(), key=lambda w: IN_ORDER.get(w.id, len(IN_ORDER)))
        for workbook in books:
            if not workbook.together or role not in workbook.roles:
                continue
            entry = mine.get(workbook.id)
            if entry is None and pair.ended is not None and workbook.id != ENDING:
                continue
            if entry is None:
                found.append((workbook, self.to(f"workbooks/{workbook.id}"), "Not started yet"))
                continue
            state = "You both write in it"
            if workbook.together == "sealed":
                state = self._sealed_state(entry.id)
            place = "together" if state == OPENED else "entries"
            found.append((workbook, self.to(f"{place}/{entry.id}"), state))
        return found

    def _sealed_state(self, entry_id: str) -> str:
        status = self.records.together.status(self.person.id, entry_id)
        if status.opened:
            return OPENED
        if status.done is not None:
            return "Talked over aloud" if status.done[0] == "aloud" else "You went on without it"
        return "You have sealed yours" if status.mine_snapshot else "Started"

    async def post(self, pair_id: str) -> None:
        do = self.get_body_argument("do", "")
        wrong = await self.work(self._change, pair_id, do)
        if wrong.problems:
            values = await self.work(self._values, pair_id, wrong)
            self.show("pair.html", HTTPStatus.UNPROCESSABLE_ENTITY, **values)
        else:
            self.redirect(self.to(f"pairs/{pair_id}", done=do))

    def _change(self, pair_id: str, do: str) -> Wrong:
        """Make one change, or say what is wrong with the form it came from."""
        pair = self.pair(pair_id)
        session_id = self.get_body_argument("session", "")
        if session_id and session_id not in {s.id for s in pair.sessions}:
            raise NotFound("There is nothing here for you.")
        day = typed_day(self)
        match do:
            case "plan":
                problems = self._plan(pair, day)
            case "held":
                problems = self._held(pair, session_id, day)
            case "move" if session_id:
                problems = self._move(session_id, day)
            case "cancel" if session_id:
                self.records.pairs.cancel(self.person.id, session_id, self.typed_by())
                problems = {}
            case _:
                raise NotFound("There is nothing here for you.")
        form = f"{do}-{session_id}" if session_id and do != "plan" else "plan"
        return Wrong(form, problems, typed(self)) if problems else NOTHING_WRONG

    def _plan(self, pair: Pair, day: date | None) -> dict[str, str]:
        if day is None:
            return {"on": NO_DAY}
        if day < self.today:
            return {"on": "This day has passed. Press “It was held on this day”, or write another."}
        self.records.pairs.plan(self.person.id, pair.id, day)
        return {}

    def _held(self, pair: Pair, session_id: str, day: date | None) -> dict[str, str]:
        problems = {}
        minutes = self._minutes()
        if day is None:
            problems["on"] = NO_DAY
        elif day > self.today:
            problems["on"] = STILL_TO_COME
        if minutes is None:
            problems["minutes"] = "Write how many minutes as a number, such as 60."
        if problems or day is None:
            return problems
        # A session nobody had planned is noted afterwards: planned for its day, and held.
        session_id = session_id or self.records.pairs.plan(self.person.id, pair.id, day)
        how = self.get_body_argument("how", "")
        mode = how if how in HOW else None
        self.records.pairs.held(self.person.id, session_id, day, minutes or None, mode)
        return {}

    def _minutes(self) -> int | None:
        """How long it was; 0 where nobody said, None where it cannot be understood."""
        words = self.get_body_argument("minutes", "").split()
        if not words:
            return 0
        plain = words[0].isascii() and words[0].isdigit() and len(words[0]) <= 3
        return int(words[0]) if plain and 0 < int(words[0]) <= LONGEST_MINUTES else None

    def _move(self, session_id: str, day: date | None) -> dict[str, str]:
        if day is None:
            return {"on": NO_DAY}
        if day < self.today:
            return {"on": "This day has passed. Write the new day."}
        self.records.pairs.move(self.person.id, session_id, day, self.typed_by())
        return {}


class EndEarly(PairHandler):
    """``/pairs/<id>/end-early``: stops for a moment before something that cannot be undone.

    No reason is asked for, and none is kept.  Once all the sessions planned are held, it is no
    early ending: the two mark that they are done.
    """

    before_yes = True

    async def get(self, pair_id: str) -> None:
        self.show("pair-end.html", **await self.work(self._values, pair_id, NOTHING_WRONG))

    def _values(self, pair_id: str, wrong: Wrong) -> dict[str, Any]:
        pair = self.pair(pair_id)
        if pair.ended is not None:
            raise NotFound("There is nothing here for you.")
        planned = self.serving.settings.sessions_planned
        return {
            **self.around(pair),
            "used": used(pair),
            "unused": max(planned - used(pair), 0),
            "wrong": wrong,
        }

    async def post(self, pair_id: str) -> None:
        wrong = await self.work(self._end, pair_id)
        if wrong.problems:
            values = await self.work(self._values, pair_id, wrong)
            self.show("pair-end.html", HTTPStatus.UNPROCESSABLE_ENTITY, **values)
        else:
            self.redirect(self.to(f"pairs/{pair_id}"))

    def _end(self, pair_id: str) -> Wrong:
        pair = self.pair(pair_id)
        if pair.ended is not None:
            raise NotFound("There is nothing here for you.")
        day = typed_day(self)
        if day is None:
            return Wrong("end", {"on": NO_DAY}, typed(self))
        if day > self.today:
            return Wrong("end", {"on": STILL_TO_COME}, typed(self))
        if used(pair) < self.serving.settings.sessions_planned:
            self.records.pairs.end_early(self.person.id, pair_id, self.typed_by(), day)
        else:
            self.records.pairs.end_as_planned(self.person.id, pair_id, day)
        return NOTHING_WRONG
