"""``/entries/<id>/check``: every answer, with a way back, and what may happen next."""

from typing import Any

from cascade_tools.errors import NotFound
from cascade_tools.model.entry import Entry, Saved
from cascade_tools.model.prompts import Prompt, Who, given, in_words
from cascade_tools.model.replay import MOMENT, REPLAY
from cascade_tools.model.typed import day_in_words
from cascade_tools.model.workbook import Page, Workbook
from cascade_tools.server import meetings
from cascade_tools.server.bringing import bringing_of
from cascade_tools.server.composing import moment_of, same_question, sealed_until, values
from cascade_tools.server.entries import EntryHandler
from cascade_tools.server.listings import may_replay
from cascade_tools.server.looking import kind_of, look_at, pair_of, readers_of, usual_end
from cascade_tools.server.pairs import other_half, today_of
from cascade_tools.server.small_forms import NOTHING_WRONG, Wrong

Words = tuple[str, str]


class Checking(EntryHandler):
    """What stands on the page, whichever address shows it."""

    def check_values(self, entry_id: str, wrong: Wrong = NOTHING_WRONG) -> dict[str, Any]:
        entry, workbook = self.entry_and_workbook(entry_id)
        saved = self.records.entries.answers(self.person.id, entry_id)
        sealed = sealed_until(self.serving, workbook, entry)
        open_pages = workbook.open_pages(values(saved), moment_of(self.serving, entry))
        pages = [
            (page, [(p, self._words(p, saved.get(p.key), sealed)) for p in page.prompts if p.keep])
            for page in open_pages
        ]
        mine = entry.person_id == self.person.id
        today = today_of(self.serving)
        return {
            "entry": entry,
            "workbook": workbook,
            "pages": [(page, rows) for page, rows in pages if rows],
            "ticks": own_ticks(workbook, saved),
            "mine": mine,
            "kind": kind_of(entry, workbook),
            "letter": _letter(workbook, saved, sealed) if mine else "",
            "today": today,
            "wrong": wrong,
            "date": day_in_words,
            **self._ways(entry, workbook, mine, open_pages, saved),
        }

    def _words(self, prompt: Prompt, one: Saved | None, sealed: dict[str, str]) -> Words:
        """The answer in words, and the question it was given to where that differs."""
        if one is None:
            return "", ""
        words = in_words(one.prompt, one.value)
        if words and prompt.key in sealed:
            words = f"Sealed until {sealed[prompt.key]}. It is kept."
        return words, "" if same_question(prompt, one) else one.prompt.question

    def _ways(
        self,
        entry: Entry,
        workbook: Workbook,
        mine: bool,
        open_pages: tuple[Page, ...],
        saved: dict[str, Saved],
    ) -> dict[str, Any]:
        """What may happen with the sheet next, by what kind of workbook it is."""
        sharing = self.records.sharing
        pair = pair_of(self, entry)
        might_read = readers_of(self, entry, workbook)
        found: dict[str, Any] = {
            "until": usual_end(self, pair),
            "see_as": might_read,
            "look": look_at(self, entry, workbook, might_read),
            "other": other_half(pair, self.person) if pair else "",
            "alone": pair is not None and pair.other(self.person.id) is None,
            "shared": sharing.of(self.person.id, entry.id) if mine else [],
            "readers": [],
            "replays": False,
            "replay": REPLAY,
        }
        match kind_of(entry, workbook):
            case "sealed":
                # What was sealed stands in its own part of the page, not among the shares.
                found["shared"] = []
                found["sealing"] = self.records.together.status(self.person.id, entry.id)
                found["goes_in"] = what_goes_in(open_pages, saved)
            case "agreement":
                given = {s.snapshot_id for s in found["shared"]}
                agreements = self.records.agreements.of(self.person.id, str(entry.pair_id))
                found["proposed"] = next((a for a in agreements if a.snapshot_id in given), None)
                found["shared"] = []
            case "share":
                found["readers"] = might_read
                found["replays"] = self._replays(entry, saved)
            case "replay":
                # What was brought stands in its own part of the page.
                found["bringing"] = bringing_of(self, entry, workbook)
                brought = found["bringing"].brought
                found["see_as"] = []
                found["shared"] = [s for s in found["shared"] if s != brought]
        return found

    def _replays(self, entry: Entry, saved: dict[str, Saved]) -> bool:
        """Whether there is a moment here to be tried again."""
        moment = saved.get(MOMENT)
        written = moment is not None and given(moment.value)
        return written and may_replay(self.serving, self.person, entry)


class CheckPage(Checking):
    """``GET /entries/<id>/check``."""

    async def get(self, entry_id: str) -> None:
        self.show("check.html", **await self.work(self.check_values, entry_id))


def _letter(workbook: Workbook, saved: dict[str, Saved], sealed: dict[str, str]) -> str:
    """Where a letter to oneself stands: ``"open"`` to seal, the day it opens, or no letter."""
    written = [p for p in workbook.prompts if p.sealed_months and p.key in saved]
    if not written:
        return ""
    return next((day for key, day in sealed.items()), "open")


def what_goes_in(
    open_pages: tuple[Page, ...], saved: dict[str, Saved]
) -> list[tuple[Page, bool, bool]]:
    """Each page with answers for the other half: whether some always go in, some by choice."""
    found = []
    for page in open_pages:
        written = [
            p.who
            for p in page.prompts
            if p.key in saved
            and not p.own_tick
            and in_words(saved[p.key].prompt, saved[p.key].value)
        ]
        if not page.once_opened and (Who.PAIR in written or Who.MINE in written):
            found.append((page, Who.PAIR in written, Who.MINE in written))
    return found


def own_ticks(workbook: Workbook, saved: dict[str, Saved]) -> list[tuple[str, str]]:
    """The boxes of their own: a code and the sentence, where something behind it is answered."""
    found: dict[str, str] = {}
    for prompt in workbook.prompts:
        if prompt.own_tick and prompt.key in saved and prompt.own_tick not in found.values():
            found[f"tick-{len(found) + 1}"] = prompt.own_tick
    return list(found.items())


class Record(EntryHandler):
    """``POST /entries/<id>/record``: this is finished.

    Of a meeting the other person can now see it, a letter to oneself is sealed, and home no longer
    offers to go on with any of them.
    """

    async def post(self, entry_id: str) -> None:
        await self.work(self._record, entry_id)
        self.redirect(self.to(f"entries/{entry_id}/check"))

    def _record(self, entry_id: str) -> None:
        entry, workbook = self.entry_and_workbook(entry_id)
        if kind_of(entry, workbook) not in ("meeting", "share"):
            raise NotFound("There is nothing here for you.")
        meetings.refresh(self.records, self.records.entries.commit(self.person.id, entry.id))


class ForgetEarlier(EntryHandler):
    """``POST /entries/<id>/forget-earlier``: erase every earlier version of every answer."""

    before_yes = True

    async def post(self, entry_id: str) -> None:
        await self.work(self.records.entries.forget_earlier, self.person.id, entry_id)
        self.redirect(self.to(f"entries/{entry_id}/check"))
