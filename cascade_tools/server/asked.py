"""``/asked/<id>``: somebody asks for a copy of what I wrote about them.

I see my own sheet as they would get it, and give a copy of all of it or of parts, or keep it back.
What is for me alone, always, is in no copy.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from cascade_tools.draw.shared import shared_html
from cascade_tools.errors import NotFound
from cascade_tools.model.entry import Document, Outline, Saved
from cascade_tools.model.people import Person
from cascade_tools.model.prompts import Who, given
from cascade_tools.model.requests import KEPT_BACK, Asked
from cascade_tools.model.sharing import Action, Relation, State, Thing, may
from cascade_tools.model.workbook import Workbook
from cascade_tools.server.base import Page
from cascade_tools.server.lines import Line
from cascade_tools.server.serving import Serving


class AskedPage(Page):
    """The sheet, which parts go in, and two ways to answer.  ``POST`` first shows what changed.

    Giving carries the preview's hash: nobody gives what they have not seen.
    """

    # Keeping back stores no words; what is given passes the records' own check.
    before_yes = True

    async def get(self, asked_id: str) -> None:
        self.show("asked.html", **await self.work(self._values, asked_id, None))

    async def post(self, asked_id: str) -> None:
        done, shown = await self.work(self._answer, asked_id)
        if done:
            self.redirect(self.to(f"asked/{asked_id}"))
        else:
            self.show("asked.html", **shown)

    def _answer(self, asked_id: str) -> tuple[bool, dict[str, Any]]:
        others_words = self.records.others_words
        match self.get_body_argument("do", ""):
            case "keep":
                others_words.keep_back(self.person.id, asked_id, self.get_body_argument("why", ""))
                return True, {}
            case "give" | "show":
                shown = self._values(asked_id, set(self.get_body_arguments("part")))
            case _:
                raise NotFound("There is nothing here for you.")
        document: Document = shown["document"]
        seen = self.get_body_argument("seen", "")
        if self.get_body_argument("do") == "give" and seen == document.hash:
            days = self.serving.settings.share_default_days
            until = self.records.store.now() + timedelta(days=days)
            others_words.give(self.person.id, asked_id, document, until)
            return True, {}
        return False, {**shown, "changed": self.get_body_argument("do") == "give"}

    def _values(self, asked_id: str, chosen: set[str] | None) -> dict[str, Any]:
        """What the page shows; ``chosen`` are the parts that go in, None for all that go unless
        they are ticked one by one."""
        asked = self.records.others_words.asked(self.person.id, asked_id)
        workbook = self.serving.shelf.find(asked.workbook)
        saved = self.records.entries.answers(self.person.id, asked.entry_id)
        parts = _parts(workbook, saved)
        if chosen is None:
            chosen = {part.code for part in parts if not part.own_tick}
        document = self.records.sharing.compose(
            self.person.id, asked.entry_id, _outline(parts, chosen)
        )
        title = self.serving.title_of(asked.workbook)
        return {
            "asked": asked,
            "title": title,
            "parts": parts,
            "chosen": chosen,
            "all_chosen": all(part.code in chosen for part in parts),
            "document": document,
            "html": shared_html(document.body, title) if document.body["pages"] else "",
            "kept_out": any(
                one.prompt.who is Who.ONLY_ME and given(one.value) for one in saved.values()
            ),
            "why": KEPT_BACK,
            "days": self.serving.settings.share_default_days,
            "changed": False,
        }


@dataclass(frozen=True, slots=True)
class Part:
    """What goes in or stays out as one: a page, or an answer that is never shared unless ticked."""

    code: str
    words: str
    page: str
    keys: tuple[str, ...]
    own_tick: bool = False


def _parts(workbook: Workbook | None, saved: dict[str, Saved]) -> list[Part]:
    """Everything that may go, in the sheet's order, and last what no page asks any more."""
    rest = {key: one.prompt for key, one in saved.items() if _may_go(one)}
    pages = [
        (f"page-{page.id}", page.title, [rest.pop(p.key) for p in page.prompts if p.key in rest])
        for page in (workbook.pages if workbook is not None else ())
    ]
    pages.append(("earlier", "From an earlier version", list(rest.values())))
    found = []
    for code, title, prompts in pages:
        if keys := tuple(p.key for p in prompts if not p.own_tick):
            found.append(Part(code, title, title, keys))
        found += [
            Part(f"answer-{p.key}", p.question, title, (p.key,), own_tick=True)
            for p in prompts
            if p.own_tick
        ]
    return found


def _may_go(one: Saved) -> bool:
    """Whether the policy lets its author share it; the records decide it again."""
    who = one.prompt.who
    shared = may(Relation.AUTHOR, Action.SHARE, Thing.ANSWER, who, State.COMMITTED)
    return shared and given(one.value)


def _outline(parts: list[Part], chosen: set[str]) -> Outline:
    """The chosen parts, by page."""
    pages: dict[str, tuple[str, ...]] = {}
    for part in parts:
        if part.code in chosen:
            pages[part.page] = (*pages.get(part.page, ()), *part.keys)
    return Outline(tuple((page, page, keys) for page, keys in pages.items()))


def asked_of_me(serving: Serving, person: Person) -> list[Line]:
    """Somebody asks for a copy of what this person wrote about them."""
    waiting: dict[str, list[Asked]] = {}
    for one in serving.records.others_words.asked_of(person.id):
        waiting.setdefault(one.person, []).append(one)
    return [
        Line(
            f"{name} has asked for a copy of what is written about them. "
            + (
                "It is yours to look at first."
                if len(theirs) == 1
                else f"There are {len(theirs)} sheets of yours to look at first."
            ),
            serving.addresses.to(f"asked/{theirs[0].id}"),
            "Look at it" if len(theirs) == 1 else "Look at the first",
        )
        for name, theirs in waiting.items()
    ]


def given_to_me(serving: Serving, person: Person) -> list[Line]:
    """A copy this person asked for has been given, and they have not opened it."""
    return [
        Line(
            f"{name} has given you a copy of something they wrote about you.",
            serving.addresses.to(f"shared/{snapshot_id}"),
            "Read it",
        )
        for snapshot_id, name in serving.records.others_words.given_to(person.id)
    ]
