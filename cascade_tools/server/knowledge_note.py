"""From the wall to paper: what may be printed, the note that is written, and what was released."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from markupsafe import Markup, escape

from cascade_tools.draw.details import marked
from cascade_tools.draw.knowledge import learning_note
from cascade_tools.errors import NotFound, NotPossible
from cascade_tools.model.details import find_details
from cascade_tools.model.knowledge import (
    MOST_IN_SUMMARY,
    MOST_QUOTES,
    ROUNDS,
    Check,
    Event,
    KnowledgeCard,
    Note,
    ReleasedNote,
    Why,
    released,
)
from cascade_tools.model.names import Known, known_names
from cascade_tools.model.people import Role
from cascade_tools.model.typed import day_in_words
from cascade_tools.server.base import Page
from cascade_tools.server.knowledge import Knowing
from cascade_tools.server.pairs import today_of
from cascade_tools.server.rounds import Round, rounds

TOO_LONG = f"Make this shorter. It can hold {MOST_IN_SUMMARY} characters, so that it fits."
TOO_MANY = f"Choose at most {MOST_QUOTES} cards here, so that the note fits on two pages."
CLOSE_FIRST = "Close the event first, so that no card comes after the note."


class Printing(Knowing):
    """What the pages between the wall and the paper have in common."""

    def _event(self, event_id: str) -> tuple[Event, Check]:
        knowledge, lead = self.records.knowledge, self.person.id
        return knowledge.get(lead, event_id), knowledge.check(lead, event_id)

    def about(self, event: Event, what: str) -> tuple[str, str]:
        """Where something stands that must be put right first, and what it is called."""
        for r in rounds(self.serving.local):
            if what == r.id:
                return f"What you wrote for “{r.words}”", self.to(f"knowledge/{event.id}/note")
        theme = next((t for t in event.themes if t.id == what), None)
        if theme is not None:
            number = ROUNDS.index(theme.round) + 1
            wall = self.to(f"knowledge/{event.id}/wall", round=str(number))
            return f"The theme “{theme.name}”", wall
        named = {"title": "The title", "where": "Where else this could work"}
        return named.get(what, "The event"), self.to(f"knowledge/{event.id}")

    def stops(self, event: Event, checked: Check) -> list[tuple[str, str, str]]:
        return [(*self.about(event, what), why) for what, why in checked.stops.items()]


class CheckPrint(Printing):
    """``/knowledge/<id>/check``: card by card, what may be quoted, what may not, and why."""

    async def get(self, event_id: str) -> None:
        self.show("knowledge-check.html", **await self.work(self._values, event_id))

    def _values(self, event_id: str) -> dict[str, Any]:
        event, checked = self._event(event_id)
        me = self.person.id
        names = [*self.records.own_names.of(me), *(p.name for p in self.records.people.all())]
        known = known_names(names)
        look = [c for c in event.cards if checked.why_not.get(c.id) is Why.DETAIL]
        return {
            "look": [(c, self._marked(c, known)) for c in look],
            "kept": [(c, self._marked(c, known)) for c in event.cards if c.kept_in and not c.aside],
            "aside": [c for c in event.cards if c.aside],
            "printed": [(r, self._round(event, checked, r)) for r in self._open(event)],
            "stops": self.stops(event, checked),
            "few": event.people is None or Why.FEW_PEOPLE in checked.why_not.values(),
            **self.common(event),
        }

    def _open(self, event: Event) -> tuple[Round, ...]:
        return rounds(self.serving.local)[: event.round]

    def _round(
        self, event: Event, checked: Check, r: Round
    ) -> list[tuple[str, str, list[tuple[KnowledgeCard, str]]]]:
        """The themes of one round, with what is printed of each and its cards; then the rest."""
        bands = {(t.round, t.name): t.count for t in checked.themes}
        cards = [c for c in event.cards if c.round == r.id and not c.aside]
        themes = [t for t in event.themes if t.round == r.id]

        def said(of: list[KnowledgeCard]) -> list[tuple[KnowledgeCard, str]]:
            return [(c, checked.why_not[c.id].words if c.id in checked.why_not else "") for c in of]

        groups = [
            (
                t.name,
                bands.get((r.id, t.name), Why.EMPTY.words),
                said([c for c in cards if c.theme_id == t.id]),
            )
            for t in themes
        ]
        rest = [c for c in cards if c.theme_id not in {t.id for t in themes}]
        return groups + ([("Under no theme", "not printed", said(rest))] if rest else [])

    def _marked(self, card: KnowledgeCard, known: Known) -> Markup:
        finds = find_details(card.words, known, today_of(self.serving))
        return marked(card.words, finds) if finds else escape(card.words)

    async def post(self, event_id: str) -> None:
        await self.work(self._change, event_id)
        self.redirect(self.to(f"knowledge/{event_id}/check"))

    def _change(self, event_id: str) -> None:
        knowledge, lead = self.records.knowledge, self.person.id
        do, _, card = self.get_body_argument("do", "").partition(":")
        match do:
            case "keep":
                knowledge.keep_in(lead, event_id, card, True)
            case "unkeep":
                knowledge.keep_in(lead, event_id, card, False)
            case "aside":
                knowledge.set_aside(lead, event_id, card, True)
            case "bring":
                knowledge.set_aside(lead, event_id, card, False)
            case _:
                raise NotFound("There is nothing here for you.")


class WriteNote(Printing):
    """``/knowledge/<id>/note``: a few sentences for each round, and which cards are quoted."""

    async def get(self, event_id: str) -> None:
        event, checked = await self.work(self._event, event_id)
        self._form(event, checked, event.note, {})

    def _form(self, event: Event, checked: Check, note: Note, problems: Mapping[str, str]) -> None:
        cards = {c.id: c for c in event.cards}
        quotable = [c for id, c in cards.items() if id in checked.may_quote]
        self.show(
            "knowledge-note.html",
            HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK,
            note=note,
            problems=problems,
            quotable={
                id: [
                    (t.name, of)
                    for t in event.themes
                    if t.round == id and (of := [c for c in quotable if c.theme_id == t.id])
                ]
                for id in ROUNDS
            },
            most=MOST_IN_SUMMARY,
            most_quoted=MOST_QUOTES,
            stops=self.stops(event, checked),
            **self.common(event),
        )

    async def post(self, event_id: str) -> None:
        event, checked = await self.work(self._event, event_id)
        do = self.get_body_argument("do", "keep")
        if do == "release":
            await self._release(event, checked)
            return
        note, problems = self._written(event)
        if not problems:
            try:
                await self.work(self.records.knowledge.write_note, self.person.id, event_id, note)
            except NotPossible as problem:
                problems = {"note": str(problem)}
        if problems:
            self._form(event, checked, note, problems)
        else:
            where = "note/paper" if do == "paper" else "note"
            self.redirect(self.to(f"knowledge/{event_id}/{where}"))

    def _written(self, event: Event) -> tuple[Note, dict[str, str]]:
        """What was typed, and one sentence for each box that does not fit."""
        summaries = {id: self.typed(f"summary-{id}") for id in ROUNDS}
        quotes = tuple(self.get_body_arguments("quote"))
        of = {c.id: c.round for c in event.cards}
        problems = {
            f"summary-{id}": TOO_LONG for id in ROUNDS if len(summaries[id]) > MOST_IN_SUMMARY
        }
        for id in ROUNDS:
            if sum(of.get(quote) == id for quote in quotes) > MOST_QUOTES:
                problems[f"quotes-{id}"] = TOO_MANY
        return Note(summaries, quotes), problems

    async def _release(self, event: Event, checked: Check) -> None:
        stops = self.stops(event, checked)
        if not event.closed or stops:
            problem = stops[0][2] if stops else CLOSE_FIRST
            self._form(event, checked, event.note, {"note": problem})
        elif self.get_body_argument("sure", "") != "yes":
            self.show("knowledge-release.html", **self.common(event))
        else:
            await self.work(self.records.knowledge.release, self.person.id, event.id)
            self.redirect(self.to(f"knowledge/notes/{event.id}"))


class Paper(Printing):
    """A note as it is printed: two pages."""

    def paper(self, note: ReleasedNote, *, draft: bool) -> None:
        self.show(
            "knowledge-paper.html",
            note=note,
            paper=learning_note(
                note,
                [(r.id, r.words) for r in rounds(self.serving.local)],
                self.serving.settings.programme_name,
                draft=draft,
            ),
            draft=draft,
        )


class NotePaper(Paper):
    """``/knowledge/<id>/note/paper``: the note as it would be released now."""

    async def get(self, event_id: str) -> None:
        event, checked = await self.work(self._event, event_id)
        self.paper(released(event, checked, today_of(self.serving)), draft=True)


class Notes(Page):
    """``/knowledge/notes``: released notes, for those who lead and those who evaluate."""

    async def get(self) -> None:
        notes = await self.work(self.records.knowledge.notes, self.person.id)
        self.show("knowledge-notes.html", notes=notes, date=day_in_words, leads=self.has(Role.LEAD))


class ReleasedPage(Paper):
    """``/knowledge/notes/<id>``: one of them, to read and to print."""

    async def get(self, event_id: str) -> None:
        note = await self.work(self.records.knowledge.note, self.person.id, event_id)
        self.paper(note, draft=False)
