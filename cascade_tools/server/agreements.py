"""``/pairs/<id>/agreement``: what a pair agreed, each version of it, and what one half proposes."""

from datetime import UTC, date, datetime, time, timedelta
from http import HTTPStatus
from typing import Any

from markupsafe import Markup

from cascade_tools.draw.shared import shared_html
from cascade_tools.errors import NotFound, NotPossible
from cascade_tools.model.entry import Document, Entry
from cascade_tools.model.journey import months_after
from cascade_tools.model.people import Agreement
from cascade_tools.model.prompts import Answer, Problem, Prompt, check_answer, given
from cascade_tools.model.typed import day_in_words
from cascade_tools.model.workbook import Workbook
from cascade_tools.server.carrying import carry
from cascade_tools.server.checking import Checking
from cascade_tools.server.looking import OUR_AGREEMENT, everything, look_at, readers_of
from cascade_tools.server.pairs import PairHandler, other_half, today_of
from cascade_tools.server.small_forms import (
    NO_DAY,
    NOTHING_WRONG,
    STILL_TO_COME,
    Wrong,
    typed,
    typed_day,
)

# What is signed belongs to one version and is never carried to the next.
SIGNED = ("signed", "signed-on")


class AgreementPage(PairHandler):
    """``/pairs/<id>/agreement``: the one in force (or an earlier one), and what is proposed."""

    async def get(self, pair_id: str) -> None:
        self.show("agreement.html", **await self.work(self._values, pair_id))

    def _values(self, pair_id: str) -> dict[str, Any]:
        pair = self.pair(pair_id)
        every = self.records.agreements.of(self.person.id, pair_id)
        agreed = [a for a in every if a.accepted_at is not None]
        in_force = self.records.agreements.in_force(self.person.id, pair_id)
        wanted = self.get_argument("version", "")
        shown = next((a for a in agreed if str(a.version) == wanted), in_force)
        proposals = [a for a in every if a.accepted_at is None]
        bodies = {a.id: self._body(a) for a in (shown, *proposals) if a is not None}
        now = bodies.get(in_force.id) if in_force else None
        return {
            **self.around(pair),
            "agreed": agreed,
            "in_force": in_force,
            "shown": shown,
            "words": self._words(bodies[shown.id]) if shown else None,
            "proposals": [(a, self._words(bodies[a.id])) for a in proposals],
            "changed": {a.id: changed(now, bodies[a.id]) for a in proposals},
            "next_version": (in_force.version if in_force else 0) + 1,
            "can_write": self.serving.shelf.find(OUR_AGREEMENT) is not None,
        }

    def _words(self, body: dict[str, Any] | None) -> Markup | None:
        return None if body is None else shared_html(body, self.serving.title_of(OUR_AGREEMENT))

    def _body(self, agreement: Agreement | None) -> dict[str, Any] | None:
        """What it says; None where this person can no longer read it here."""
        if agreement is None or agreement.snapshot_id is None:
            return None
        received = self.records.sharing.find(self.person.id, agreement.snapshot_id)
        # When its time to be read is over, that it was agreed stays.
        return None if received is None else received.document.body

    async def post(self, pair_id: str) -> None:
        place = await self.work(self._change, pair_id)
        self.redirect(place)

    def _change(self, pair_id: str) -> str:
        self.pair(pair_id)
        agreements = self.records.agreements
        chosen = self.get_body_argument("agreement", "")
        every = agreements.of(self.person.id, pair_id)
        known = next((a for a in every if a.id == chosen), None)
        match self.get_body_argument("do", ""):
            case "again":
                start_from = known or agreements.in_force(self.person.id, pair_id)
                return self.to(f"entries/{self._again(pair_id, start_from).id}")
            case "accept" if known is not None:
                agreements.accept(self.person.id, known.id)
            case "withdraw" if known is not None:
                agreements.withdraw(self.person.id, known.id)
            case _:
                raise NotFound("There is nothing here for you.")
        return self.to(f"pairs/{pair_id}/agreement")

    def _again(self, pair_id: str, start_from: Agreement | None) -> Entry:
        """A new sheet of one's own with the words of the version in force, or of a proposal."""
        workbook = self.serving.shelf.get(OUR_AGREEMENT)
        entry = self.records.entries.start(
            self.person.id, workbook.id, pair_id=pair_id, together=workbook.together, again=True
        )
        body = self._body(start_from)
        if body is None:
            carry(self.records, self.person, workbook, entry)
        elif sheet := carried(workbook, body):
            self.records.entries.save_sheet(self.person.id, entry.id, sheet, writer="carried")
        return entry


def carried(workbook: Workbook, body: dict[str, Any]) -> list[tuple[Prompt, Answer]]:
    """The answers of an agreement that fit the workbook as it is now; never who signed it when."""
    said = {a["key"]: a["value"] for page in body["pages"] for a in page["answers"]}
    found: list[tuple[Prompt, Answer]] = []
    for prompt in workbook.prompts:
        value = check_answer(prompt, said.get(prompt.key))
        fits = not isinstance(value, Problem) and given(value)
        if prompt.keep and prompt.key not in SIGNED and fits and not isinstance(value, Problem):
            found.append((prompt, value))
    return found


def changed(now: dict[str, Any] | None, proposed: dict[str, Any] | None) -> list[str]:
    """The questions that a proposal answers in other words than the version in force."""
    if now is None or proposed is None:
        return []
    before, after = (
        {a["key"]: a for page in body["pages"] for a in page["answers"] if a["key"] not in SIGNED}
        for body in (now, proposed)
    )
    every = {**after, **before}
    return [
        one["question"]
        for key, one in every.items()
        if before.get(key, {}).get("words") != after.get(key, {}).get("words")
    ]


class Propose(Checking):
    """``POST /entries/<id>/propose``: first shows exactly what the other will see, then proposes.

    With a leader without an account it says on which day both agreed, and is in force at once.
    """

    async def post(self, entry_id: str) -> None:
        place, shown, wrong = await self.work(self._propose, entry_id)
        if wrong.problems:
            shown = await self.work(self.check_values, entry_id, wrong)
            self.show("check.html", HTTPStatus.UNPROCESSABLE_ENTITY, **shown)
        elif place:
            self.redirect(place)
        else:
            self.show("agreement-propose.html", **shown)

    def _propose(self, entry_id: str) -> tuple[str, dict[str, Any], Wrong]:
        entry, workbook = self.entry_and_workbook(entry_id)
        own = entry.person_id == self.person.id
        if workbook.id != OUR_AGREEMENT or entry.pair_id is None or not own:
            raise NotFound("There is nothing here for you.")
        pair = self.records.pairs.get(self.person.id, entry.pair_id)
        today = today_of(self.serving)
        alone = pair.other(self.person.id) is None
        day = typed_day(self)
        if alone and (day is None or day > today):
            sentence = NO_DAY if day is None else STILL_TO_COME
            return "", {}, Wrong("aloud", {"on": sentence}, typed(self))
        # The whole sheet, less what its author keeps to themselves always.
        outline = everything(self, entry, workbook)
        document = self.records.sharing.compose(self.person.id, entry.id, outline)
        if not document.body["pages"]:
            raise NotPossible("There is nothing to propose yet. Answer something first.")
        seen = self.get_body_argument("seen", "")
        if seen and seen == document.hash:
            ends, label = facts(document)
            self.records.agreements.propose(
                self.person.id,
                entry.id,
                document,
                ends=ends,
                label=label,
                until=self._until(ends or pair.ends),
                agreed_on=day if alone else None,
            )
            return self.to(f"pairs/{pair.id}/agreement"), {}, NOTHING_WRONG
        return (
            "",
            {
                "entry": entry,
                "other": other_half(pair, self.person),
                "alone": alone,
                "preview": shared_html(
                    document.body,
                    workbook.title,
                    look_at(self, entry, workbook, readers_of(self, entry, workbook)),
                ),
                "hash": document.hash,
                "changed": bool(seen),
                "agreed": day_in_words(day) if day else "",
                "fields": [(k, v) for k, v in typed(self).items() if v],
            },
            NOTHING_WRONG,
        )

    def _until(self, ends: date | None) -> datetime:
        """An agreement can be read until the last look back, and never less than any share."""
        settings = self.serving.settings
        last = today_of(self.serving) + timedelta(days=settings.share_default_days)
        if ends is not None:
            last = max(last, months_after(ends, settings.followup_months))
        return datetime.combine(last, time(23, 59), settings.zone).astimezone(UTC)


def facts(document: Document) -> tuple[date | None, str]:
    """The ending day and the label that stand in an agreement."""
    said = {a["key"]: a["value"] for page in document.body["pages"] for a in page["answers"]}
    ends, label = said.get("ends"), said.get("label")
    day = date.fromisoformat(ends) if isinstance(ends, str) and ends else None
    return day, label if isinstance(label, str) else ""
