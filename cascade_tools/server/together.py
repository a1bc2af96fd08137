"""What both halves of a pair write alone, seal, and see side by side once both have sealed.

Before that no page says anything about the other half: not a word, not whether they are ready.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from cascade_tools.draw.shared import shared_html
from cascade_tools.errors import NotFound, NotPossible
from cascade_tools.model.entry import Document, Entry, Outline
from cascade_tools.model.journey import AGREEING, HALF_WAY, MY_PART
from cascade_tools.model.prompts import Prompt, Who
from cascade_tools.model.sharing import State
from cascade_tools.model.workbook import Workbook
from cascade_tools.server.checking import Checking, own_ticks
from cascade_tools.server.composing import values
from cascade_tools.server.entries import EntryHandler
from cascade_tools.server.looking import look_at, readers_of
from cascade_tools.server.pairs import today_of
from cascade_tools.server.small_forms import (
    NO_DAY,
    NOTHING_WRONG,
    STILL_TO_COME,
    Wrong,
    typed,
    typed_day,
)


@dataclass(frozen=True, slots=True)
class Said:
    """What one of the two put in, under the question as it was put to them."""

    question: str
    words: str


@dataclass(frozen=True, slots=True)
class Row:
    """One question with what each of the two put in; None where somebody left it out, or, with
    ``for_one``, was not asked."""

    mine: Said | None
    theirs: Said | None
    for_one: bool = False

    @property
    def question(self) -> str:
        """The question, where both were asked it in the same words; else each has their own."""
        asked = {said.question for said in (self.mine, self.theirs) if said is not None}
        return asked.pop() if len(asked) == 1 else ""


def side_by_side(
    mine: Mapping[str, Any],
    theirs: Mapping[str, Any],
    order: Sequence[str],
    for_one: Collection[str] = (),
) -> list[tuple[str, list[Row]]]:
    """Two documents of one workbook, question by question, by page, in the workbook's order.

    A question that is worded for the leader, ``leader-thinking``, stands beside ``thinking``.
    ``for_one`` are the keys that only one of the two was asked.
    """
    said: dict[str, dict[str, tuple[str, Said]]] = {}
    for whose, body in (("mine", mine), ("theirs", theirs)):
        for page in body["pages"]:
            for a in page["answers"]:
                put_in = page["title"], Said(a["question"], a["words"])
                said.setdefault(_twin(a["key"]), {})[whose] = put_in
    place = {_twin(key): number for number, key in reversed(list(enumerate(order)))}
    titles = {key: list(dict.fromkeys(t for t, _ in row.values())) for key, row in said.items()}
    for_each = {_head(each) for each in titles.values() if len(each) > 1}
    found: dict[str, list[Row]] = {}
    for key in sorted(said, key=lambda key: place.get(key, len(order))):
        mine_said, theirs_said = (said[key].get(whose) for whose in ("mine", "theirs"))
        row = Row(mine_said and mine_said[1], theirs_said and theirs_said[1], key in for_one)
        head = _head(titles[key])
        found.setdefault(head if head in for_each else titles[key][0], []).append(row)
    return list(found.items())


def _twin(key: str) -> str:
    return key.removeprefix("leader-").removeprefix("coach-")


def asked_of_one(workbook: Workbook) -> set[str]:
    """What is asked of the coach alone, or of the leader alone, and has no twin."""
    count = Counter(_twin(p.key) for p in workbook.prompts)
    by_part = [p for p in workbook.pages if any(c.key == MY_PART for c in p.conditions)]
    return {_twin(p.key) for page in by_part for p in page.prompts if count[_twin(p.key)] == 1}


def _head(titles: list[str]) -> str:
    """One title for pages that are worded for each: what stands before the comma in both."""
    heads = list(dict.fromkeys(title.split(",")[0] for title in titles))
    return heads[0] if len(heads) == 1 else " / ".join(titles)


def sealed_sheet(page: EntryHandler, entry_id: str) -> tuple[Entry, Workbook]:
    """A sealed sheet, for its author alone; to anybody else it is not there."""
    entry, workbook = page.entry_and_workbook(entry_id)
    if entry.together != "sealed" or entry.person_id != page.person.id:
        raise NotFound("There is nothing here for you.")
    return entry, workbook


class Seal(EntryHandler):
    """``POST /together/<id>/seal``: first shows exactly what the other will see, then seals it.

    The second press carries the preview's hash; if an answer changed in between, the new preview
    is shown instead, so that nobody seals what they have not seen.
    """

    async def post(self, entry_id: str) -> None:
        place, shown = await self.work(self._seal, entry_id)
        if place:
            self.redirect(place)
        else:
            self.show("together-seal.html", **shown)

    def _seal(self, entry_id: str) -> tuple[str, dict[str, Any]]:
        entry, workbook = sealed_sheet(self, entry_id)
        status = self.records.together.status(self.person.id, entry_id)
        if status.partner is None:
            raise NotPossible("The other half has no account here. Talk it over aloud instead.")
        if entry.state is not State.DRAFT:
            raise NotPossible("You have sealed yours already. Take it back first.")
        document = self._document(entry, workbook)
        if not document.body["pages"]:
            raise NotPossible("There is nothing to seal yet. Answer something first.")
        days = self.serving.settings.share_default_days
        ends_at = self.records.store.now() + timedelta(days=days)
        seen = self.get_body_argument("seen", "")
        if seen and seen == document.hash:
            opened = self.records.together.commit(self.person.id, entry_id, document, ends_at)
            return self.to(f"together/{entry_id}" if opened else f"entries/{entry_id}/check"), {}
        ticked = [(name, v) for name in ("part", "tick") for v in self.get_body_arguments(name)]
        return "", {
            "entry": entry,
            "partner": status.partner,
            "preview": shared_html(
                document.body,
                workbook.title,
                look_at(self, entry, workbook, readers_of(self, entry, workbook)),
            ),
            "hash": document.hash,
            "changed": bool(seen),
            "fields": ticked,
            "ends_at": ends_at,
        }

    def _document(self, entry: Entry, workbook: Workbook) -> Document:
        """What is for both goes in; of the rest, what the author left ticked.

        A page that opens only afterwards never goes in: it is about what the other wrote.
        """
        saved = self.records.entries.answers(self.person.id, entry.id)
        parts = set(self.get_body_arguments("part"))
        own = dict(own_ticks(workbook, saved))
        ticked = {own[c] for c in self.get_body_arguments("tick") if c in own}

        def goes_in(page_id: str, prompt: Prompt) -> bool:
            if prompt.own_tick:
                return prompt.own_tick in ticked
            return prompt.who is Who.PAIR or (prompt.who is Who.MINE and page_id in parts)

        pages = [p for p in workbook.open_pages(values(saved)) if not p.once_opened]
        outline = Outline(
            tuple(
                (page.id, page.title, tuple(p.key for p in page.prompts if goes_in(page.id, p)))
                for page in pages
            )
        )
        return self.records.sharing.compose(self.person.id, entry.id, outline)


class TakeBack(EntryHandler):
    """``POST /together/<id>/take-back``: what was sealed is one's own draft again."""

    before_yes = True

    async def post(self, entry_id: str) -> None:
        await self.work(self._take_back, entry_id)
        self.redirect(self.to(f"entries/{entry_id}/check"))

    def _take_back(self, entry_id: str) -> None:
        sealed_sheet(self, entry_id)
        self.records.together.take_back(self.person.id, entry_id)


class Mark(Checking):
    """``POST /together/<id>/mark``: talked over aloud, or gone on without.

    What was sealed and is not open is one's own draft again.
    """

    async def post(self, entry_id: str) -> None:
        wrong = await self.work(self._mark, entry_id)
        if wrong.problems:
            shown = await self.work(self.check_values, entry_id, wrong)
            self.show("check.html", HTTPStatus.UNPROCESSABLE_ENTITY, **shown)
        else:
            self.redirect(self.to(f"entries/{entry_id}/check"))

    def _mark(self, entry_id: str) -> Wrong:
        entry, workbook = sealed_sheet(self, entry_id)
        today = today_of(self.serving)
        match self.get_body_argument("way", ""):
            case "without":
                way, day = "without", today
            case "aloud":
                written = typed_day(self)
                if written is None:
                    return Wrong("aloud", {"on": NO_DAY}, typed(self))
                if written > today:
                    return Wrong("aloud", {"on": STILL_TO_COME}, typed(self))
                way, day = "aloud", written
            case _:
                raise NotFound("There is nothing here for you.")
        status = self.records.together.status(self.person.id, entry_id)
        if status.mine_snapshot is not None and not status.opened:
            # Else it would open by itself if the other half seals later.
            self.records.together.take_back(self.person.id, entry_id)
        self.records.together.mark(self.person.id, str(entry.pair_id), workbook.id, way, day)
        return NOTHING_WRONG


class TogetherPage(EntryHandler):
    """``/together/<id>``: one's own sheet and the other's, side by side."""

    async def get(self, entry_id: str) -> None:
        shown = await self.work(self._values, entry_id)
        if shown is None:
            self.redirect(self.to(f"entries/{entry_id}/check"))
        else:
            self.show("together.html", **shown)

    def _values(self, entry_id: str) -> dict[str, Any] | None:
        entry, workbook = sealed_sheet(self, entry_id)
        status = self.records.together.status(self.person.id, entry_id)
        if not status.opened or status.mine_snapshot is None or status.partner is None:
            return None
        read = self.records.sharing.read
        mine = read(self.person.id, status.mine_snapshot).document.body
        theirs: dict[str, Any] | None = None
        if status.theirs_snapshot is not None:
            received = self.records.sharing.find(self.person.id, status.theirs_snapshot)
            # None: they took it back, or it has come to its end.
            theirs = None if received is None else received.document.body
        order = [p.key for p in workbook.prompts]
        return {
            "entry": entry,
            "workbook": workbook,
            "partner": status.partner,
            "theirs": status.theirs_snapshot if theirs is not None else "",
            "pages": side_by_side(mine, theirs or {"pages": []}, order, asked_of_one(workbook)),
            "leads_to_agreement": workbook.id in (AGREEING, HALF_WAY),
            "after": next((p for p in workbook.pages if p.once_opened), None),
        }
