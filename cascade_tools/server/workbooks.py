"""``/workbooks/<path>``: what a workbook is, and starting one."""

from cascade_tools.errors import NotFound, NotPossible
from cascade_tools.model.entry import Entry
from cascade_tools.model.people import Held, Pair
from cascade_tools.model.people import Session as CoachingSession
from cascade_tools.model.workbook import Workbook
from cascade_tools.server.base import Page
from cascade_tools.server.composing import compose


class WorkbookPage(Page):
    """``/workbooks/<path>``: the start page, or straight to the one open entry."""

    async def get(self, workbook_id: str) -> None:
        workbook = self._workbook(workbook_id)
        if workbook.desk:
            self._desk(workbook)
            return
        mine = [e for e in self.records.entries.of(self.person.id) if e.workbook == workbook.id]
        again = self.get_argument("again", "") == "yes"
        if not workbook.about and mine and not again:
            self.redirect(self.to(f"entries/{mine[0].id}"))
            return
        pairs = self._pairs(workbook, mine)
        self.show(
            "start.html",
            workbook=workbook,
            pairs=pairs,
            likely=_likely(pairs),
            classes=[(who, ps) for who, ps in workbook.classes()],
            not_kept=[p for p in workbook.prompts if not p.keep],
            coaches=self.records.people.coaches_of(self.person.id)
            if workbook.about == "meeting"
            else [],
            mine=mine,
            again=again,
        )

    def _workbook(self, workbook_id: str) -> Workbook:
        workbook = self.serving.shelf.get(workbook_id)
        if not workbook.roles & self.person.roles:
            raise NotFound("There is nothing here for you.")
        return workbook

    def _desk(self, workbook: Workbook) -> None:
        composed = compose(self.serving, workbook, {}, [], {})
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
        found = []
        for pair in self.records.people.pairs_of(self.person.id):
            if pair.ended is not None and not any(e.pair_id == pair.id for e in mine):
                continue
            rows: list[tuple[CoachingSession | None, Entry | None]] = [
                (s, by_session.get(s.id))
                for s in reversed(pair.sessions)
                if s.state in (Held.HELD, Held.PLANNED) or s.id in by_session
            ]
            if pair.ended is None:
                rows.append((None, None))
            found.append((pair, rows))
        return found

    async def post(self, workbook_id: str) -> None:
        workbook = self._workbook(workbook_id)
        if workbook.desk:
            raise NotFound("There is nothing here for you.")
        entry = await self.work(self._start, workbook)
        self.redirect(self.to(f"entries/{entry.id}"))

    def _start(self, workbook: Workbook) -> Entry:
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
    pairs: list[tuple[Pair, list[tuple[CoachingSession | None, Entry | None]]]],
) -> str:
    """The session somebody most likely came for: the last one held and not written about."""
    held = [
        (session.on, f"{pair.id}/{session.id}")
        for pair, rows in pairs
        for session, entry in rows
        if session is not None and session.state is Held.HELD and session.on and entry is None
    ]
    return max(held, default=(None, ""))[1]
