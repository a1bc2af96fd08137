"""``/workbooks/<path>``: what a workbook is, and starting one."""

from typing import Any

from cascade_tools.errors import NotFound, NotPossible
from cascade_tools.model.entry import Entry
from cascade_tools.model.journey import ENDING, KEEPING_GOING, TIMES, outcome_time
from cascade_tools.model.people import Held, Pair
from cascade_tools.model.people import Session as CoachingSession
from cascade_tools.model.workbook import Workbook
from cascade_tools.server.base import Page
from cascade_tools.server.carrying import carry
from cascade_tools.server.composing import compose
from cascade_tools.server.welcome import nothing_kept

AT_THE_END = (ENDING, KEEPING_GOING)


class WorkbookPage(Page):
    """``/workbooks/<path>``: the start page, or straight to the one open entry."""

    async def get(self, workbook_id: str) -> None:
        workbook = self._workbook(workbook_id)
        if workbook.desk:
            self._desk(workbook)
            return
        if workbook.public or workbook.notice:
            self.redirect(self.to("interest" if workbook.public else "welcome"))
            return
        again = self.get_argument("again", "") == "yes"
        values = await self.work(self._values, workbook)
        if values["only"] is not None and not again:
            self.redirect(self.to(f"entries/{values['only'].id}"))
            return
        self.show("start.html", workbook=workbook, again=again, **values)

    def _values(self, workbook: Workbook) -> dict[str, Any]:
        mine = [e for e in self.records.entries.of(self.person.id) if e.workbook == workbook.id]
        pairs = self._pairs(workbook, mine)
        only = mine[0] if mine and not workbook.about else None
        if workbook.about == "pair" and len(pairs) == 1:
            only = self._of_pair(workbook, pairs[0][0], mine)
        return {
            "pairs": pairs,
            "likely": _likely(pairs, Held.PLANNED if workbook.looks_ahead else Held.HELD),
            "times": self._times(mine) if workbook.about == "time" else [],
            "classes": list(workbook.classes()),
            "not_kept": [p for p in workbook.prompts if not p.keep],
            "coaches": self.records.people.coaches_of(self.person.id)
            if workbook.about == "meeting"
            else [],
            "mine": mine,
            "only": only,
            "lines": nothing_kept(self.serving, self.person),
        }

    def _of_pair(self, workbook: Workbook, pair: Pair, mine: list[Entry]) -> Entry | None:
        """This person's open copy for a pair, or the one copy that both halves keep."""
        if workbook.together == "shared":
            every = self.records.entries.mine_and_ours(self.person.id)
            mine = [e for e in every if e.workbook == workbook.id]
        return next((e for e in mine if e.pair_id == pair.id), None)

    def _times(self, mine: list[Entry]) -> list[tuple[str, str, bool, Entry | None]]:
        """Each moment of the programme: code, words, whether it is the likely one, what is there.

        The likely one is where a pair of this person stands, else the first without a sheet.
        """
        settings = self.serving.settings
        today = self.records.store.now().astimezone(settings.zone).date()
        by_time = {e.about_id: e for e in mine}
        now = [
            outcome_time(pair, settings.sessions_planned, settings.followup_months, today)
            for pair in self.records.people.pairs_of(self.person.id)
        ]
        likely = next((t for t in (*now, *TIMES) if t and t not in by_time), "")
        return [(code, words, code == likely, by_time.get(code)) for code, words in TIMES.items()]

    def _workbook(self, workbook_id: str) -> Workbook:
        workbook = self.serving.shelf.get(workbook_id)
        if not workbook.roles & self.person.roles:
            raise NotFound("There is nothing here for you.")
        return workbook

    def _desk(self, workbook: Workbook) -> None:
        composed = compose(self.serving, workbook, {}, [])
        self.allow_widgets()
        unread = self.records.desk(self.person, "page").shared()
        self.show("desk.html", workbook=workbook, composed=composed, shared=unread)

    def _pairs(
        self, workbook: Workbook, mine: list[Entry]
    ) -> list[tuple[Pair, list[tuple[CoachingSession | None, Entry | None]]]]:
        """Each open pair with its sessions to write about, the latest first; None stands for a
        session that is not recorded yet."""
        if workbook.about not in ("session", "pair"):
            return []
        by_session = {e.session_id: e for e in mine if e.session_id}
        found: list[tuple[Pair, list[tuple[CoachingSession | None, Entry | None]]]] = []
        for pair in self.records.people.pairs_of(self.person.id):
            started = any(e.pair_id == pair.id for e in mine)
            # A pair that has ended can still end well, and nobody need have begun before.
            if pair.ended is not None and not started and workbook.id not in AT_THE_END:
                continue
            if workbook.about == "pair":
                found.append((pair, []))
                continue
            rows: list[tuple[CoachingSession | None, Entry | None]] = [
                (s, by_session.get(s.id))
                for s in reversed(pair.sessions)
                if s.state in (Held.HELD, Held.PLANNED) or s.id in by_session
            ]
            if pair.ended is None and not workbook.looks_ahead:
                rows.append((None, None))
            found.append((pair, rows))
        return found

    async def post(self, workbook_id: str) -> None:
        workbook = self._workbook(workbook_id)
        if workbook.desk or workbook.notice:
            raise NotFound("There is nothing here for you.")
        entry = await self.work(self._start, workbook)
        self.redirect(self.to(f"entries/{entry.id}"))

    def _start(self, workbook: Workbook) -> Entry:
        entry = self._started(workbook)
        if entry.person_id == self.person.id and entry.saved_at is None:
            carry(self.records, self.person, workbook, entry)
        return entry

    def _started(self, workbook: Workbook) -> Entry:
        start = self.records.entries.start
        match workbook.about:
            case "meeting":
                chosen = self.get_body_arguments("coach")
                today = self.records.store.now().astimezone(self.serving.settings.zone).date()
                meeting = self.records.people.start_supervision(self.person.id, chosen, today)
                return start(self.person.id, workbook.id, about_id=meeting)
            case "session":
                pair_id, _, session_id = self.get_body_argument("session", "").partition("/")
                if not pair_id:
                    raise NotPossible("Choose a session first. Go back and try again.")
                return start(
                    self.person.id,
                    workbook.id,
                    pair_id=pair_id,
                    session_id=self._session(pair_id, session_id),
                )
            case "pair":
                pair_id = self.get_body_argument("pair", "")
                if not pair_id:
                    raise NotPossible("Choose whom this is about. Go back and try again.")
                return start(
                    self.person.id, workbook.id, pair_id=pair_id, together=workbook.together
                )
            case "time":
                time = self.get_body_argument("time", "")
                if time not in TIMES:
                    raise NotPossible("Choose when this is for. Go back and try again.")
                return start(self.person.id, workbook.id, about_id=time)
            case "snapshot":
                raise NotPossible("Open this from the reflection you want to answer.")
        again = self.get_body_argument("again", "") == "yes"
        return start(self.person.id, workbook.id, again=again)

    def _session(self, pair_id: str, session_id: str) -> str:
        """A session that exists, or a new one held today."""
        pair = next(
            (p for p in self.records.people.pairs_of(self.person.id) if p.id == pair_id), None
        )
        if pair is None:
            raise NotFound("There is nothing here for you.")
        if session_id != "new":
            return session_id
        today = self.records.store.now().astimezone(self.serving.settings.zone).date()
        return self.records.people.add_session(pair.id, CoachingSession("", 0, today, Held.HELD))


def _likely(
    pairs: list[tuple[Pair, list[tuple[CoachingSession | None, Entry | None]]]], state: Held
) -> str:
    """The session somebody most likely came for, of those not written about: the last one held,
    or the next one planned."""
    open_ones = [
        (session.on, f"{pair.id}/{session.id}")
        for pair, rows in pairs
        for session, entry in rows
        if session is not None and session.state is state and session.on and entry is None
    ]
    nearest = max if state is Held.HELD else min
    return nearest(open_ones, default=(None, ""))[1]
