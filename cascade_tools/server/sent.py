"""``/sent``: what people sent to the programme, for those who lead it.

To everybody else it is not there: the records see to that.
"""

from collections import Counter, defaultdict
from typing import Any

from cascade_tools.model import eligibility
from cascade_tools.model.eligibility import Rule, Standing
from cascade_tools.server.base import Page
from cascade_tools.server.expression import terms_of
from cascade_tools.server.feedback import USEFUL


class Sent(Page):
    """``/sent``: expressions of interest by reference and day, and what was said of workbooks."""

    async def get(self) -> None:
        self.show("sent.html", **await self.work(self._values))

    def _values(self) -> dict[str, Any]:
        said = defaultdict(list)
        for one in self.records.feedback.all(self.person.id):
            said[self.serving.title_of(one.workbook)].append(one)
        return {
            "submissions": self.records.submissions.all(self.person.id),
            "feedback": [
                (
                    title,
                    _counted([one.useful for one in these]),
                    [(f"{one.on.day} {one.on:%B %Y}", one.words) for one in these if one.words],
                )
                for title, these in sorted(said.items())
            ],
        }


class SentOne(Page):
    """``/sent/<id>``: one of them, read."""

    async def get(self, submission_id: str) -> None:
        submission = await self.work(self.records.submissions.read, self.person.id, submission_id)
        body = submission.body
        terms = terms_of(self.serving.settings)
        self.show(
            "sent-one.html",
            submission=submission,
            body=body,
            joining=[_rule(r) for r in body["joining"]],
            bursary=[_rule(r) for r in body["bursary"]],
            needed=eligibility.how_many_are_needed(terms),
            fee=eligibility.pounds(terms.fee),
        )


def _counted(useful: list[str]) -> list[tuple[str, int]]:
    counts = Counter(useful)
    return [(words, counts[code]) for code, words in USEFUL.items()]


def _rule(doc: dict[str, str]) -> Rule:
    return Rule(doc["name"], Standing(doc["standing"]), doc["sentence"])
