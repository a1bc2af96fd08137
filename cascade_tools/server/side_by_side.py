"""How one pair's issue looks, session by session: for its author, and for their supervisor."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from cascade_tools.draw.issue import Source, issue_html
from cascade_tools.errors import NotFound
from cascade_tools.model.entry import Entry, Saved
from cascade_tools.model.issue import MARKED, SHEETS, issue_of, part_of
from cascade_tools.model.people import Pair
from cascade_tools.model.prompts import in_words
from cascade_tools.model.seen import AnswerSeen
from cascade_tools.server.base import Page
from cascade_tools.server.pairs import PairHandler


class OwnSessions(PairHandler):
    """``/pairs/<id>/sessions``: one's own sheets about this pair, side by side.

    Nobody else's words are here, and nobody else is shown the page.
    """

    async def get(self, pair_id: str) -> None:
        self.show("sessions.html", **await self.work(self._values, pair_id))

    def _values(self, pair_id: str) -> dict[str, Any]:
        pair = self.pair(pair_id)
        answers = list(self._answers(pair))
        issue = issue_of(answers)
        readers = self._readers()
        return {
            "mine": True,
            "copies": (),
            "supervised": pair.coach.id == self.person.id,
            "pair_id": pair_id,
            "label": pair.label,
            "other": self.around(pair)["other"],
            "author": self.person.name,
            "issue": issue,
            "html": issue_html(
                issue,
                _sources(
                    answers,
                    lambda a: Source(
                        self.serving.title_of(a.workbook),
                        self.to(f"entries/{a.entry}/check"),
                        readers.get(a.entry, "Only you see it."),
                    ),
                ),
                "Nothing written",
            ),
        }

    def _answers(self, pair: Pair) -> Iterable[AnswerSeen]:
        for entry, saved in self.records.entries.everything(self.person.id, SHEETS):
            if entry.pair_id == pair.id and entry.person_id == self.person.id:
                yield from self._seen(entry, saved)

    def _seen(self, entry: Entry, saved: Mapping[str, Saved]) -> Iterable[AnswerSeen]:
        for key, one in saved.items():
            yield AnswerSeen(
                person=self.person.name,
                workbook=entry.workbook,
                entry=entry.id,
                snapshot=None,
                pair=entry.label,
                session=entry.session_number,
                key=key,
                question=one.prompt.question,
                kind=str(one.prompt.kind),
                who=str(one.prompt.who),
                words_from=one.prompt.words_from,
                value=one.value,
                words=in_words(one.prompt, one.value),
                saved_at=one.saved_at,
                way="own",
                until=None,
            )

    def _readers(self) -> dict[str, str]:
        """Who can read a copy of each sheet of one's own now, whole or in part."""
        live = [s for s in self.records.sharing.of(self.person.id) if s.live]
        names: dict[str, set[str]] = defaultdict(set)
        for share in live:
            names[share.entry_id].add(share.reader)
        return {entry: f"Shared with {' and '.join(sorted(who))}." for entry, who in names.items()}


class SharedSessions(Page):
    """``/coaches/<id>/pairs/<id>``: what a coach shares about one pair, for their supervisor.

    Each copy is logged before it is shown.  Where nothing is shared there is nothing here.
    """

    async def get(self, coach_id: str, pair_id: str) -> None:
        self.show("sessions.html", **await self.work(self._values, coach_id, pair_id))

    def _values(self, coach_id: str, pair_id: str) -> dict[str, Any]:
        supervisor = self.records.people.supervisor_of(coach_id)
        if supervisor is None or supervisor.id != self.person.id:
            raise NotFound("There is nothing here for you.")
        answers = self.records.desk(self.person, "page").side_by_side(coach_id, pair_id)
        issue = issue_of(answers)
        return {
            "mine": False,
            "copies": sorted({a.snapshot for a in answers if a.snapshot}),
            "supervised": False,
            "pair_id": pair_id,
            "label": answers[0].pair or "One pair",
            "other": "",
            "author": answers[0].person,
            "issue": issue,
            "html": issue_html(issue, _sources(answers, self._source), "Nothing shared"),
        }

    def _source(self, answer: AnswerSeen) -> Source:
        return Source(
            self.serving.title_of(answer.workbook),
            self.to(f"shared/{answer.snapshot}"),
            f"Shared with you until {self.serving.day(answer.until)}." if answer.until else "",
        )


def _sources(
    answers: Iterable[AnswerSeen], source: Callable[[AnswerSeen], Source]
) -> dict[int | None, list[Source]]:
    """The sheets that something on the page comes from, by session, as they follow each other."""
    order = list(MARKED)
    found = {(a.session, order.index(a.workbook), a.entry): a for a in answers if part_of(a)}
    by_session: dict[int | None, list[Source]] = defaultdict(list)
    for session, place, entry in sorted(found, key=lambda at: at[1:]):
        by_session[session].append(source(found[session, place, entry]))
    return by_session
