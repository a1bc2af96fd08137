"""``/practice/drills/<name>``: one thing at a time, and a word on each afterwards."""

from collections.abc import Sequence
from typing import Any

from cascade_tools import content
from cascade_tools.draw.practice import DRILLS_IN_A_LINE
from cascade_tools.model.practice import Drill, DrillItem, shuffled
from cascade_tools.server.practice import Practising

NUMBERS = {"10": "ten", "20": "twenty", "30": "thirty"}
EACH_ITS_OWN = "Give each of the five a number of its own, from 1 to 5."
CHOOSING = ("spot", "advice", "sort")


class DrillPage(Practising):
    """``seed`` is what the items are shuffled by, and ``at`` how many came before."""

    place = "practice/drills"
    reflects_in = "coach/question-craft"

    def all(self) -> tuple[Drill, ...]:
        return content.drills(self.local)

    def get(self, id: str) -> None:
        self._step(self.one_of(self.all(), id), self.seed, 0, "ask")

    def post(self, id: str) -> None:
        drill, at = self.one_of(self.all(), id), self.whole("at")
        do = self.get_body_argument("do", "answer")
        if do == "another":
            self._step(drill, self.seed, at + 1, "ask")
        else:
            self._step(drill, self.seed, at, do if do == "write" else "answered")

    def _step(self, drill: Drill, seed: str, at: int, stage: str) -> None:
        item = shuffled(drill.items, seed)[at % len(drill.items)]
        values = self._chosen(drill, item)
        if drill.kind == "order":
            values |= self._order(item, shuffled(item.answers, f"{seed} {item.id}"))
        tried = stage == "answered"
        if tried and values["seconds"]:
            stage = "wait"
        elif tried and drill.kind in (*CHOOSING, "order") and not values["chosen"]:
            stage = "ask"
        self.show(
            "drill.html",
            drill=drill,
            item=item,
            seed=seed,
            at=at,
            stage=stage,
            tried=tried,
            mine=self.mine,
            in_a_line=DRILLS_IN_A_LINE[drill.kind],
            choosing=CHOOSING,
            numbers=NUMBERS,
            here=self.to(f"{self.place}/{drill.id}"),
            reflection=self.reflection(self.reflects_in),
            **values,
        )

    def _chosen(self, drill: Drill, item: DrillItem) -> dict[str, Any]:
        """What was chosen in words, and what else it can be heard as."""
        words = dict(drill.choices)
        came = self.get_body_argument("answer", "")
        fits = came in item.answers
        return {
            "chosen": words.get(came, ""),
            "fits": fits,
            "others": [words[a] for a in item.answers if a != came and a in words],
            "seconds": came if drill.kind == "silence" and came in item.answers else "",
        }

    def _order(self, item: DrillItem, lines: Sequence[str]) -> dict[str, Any]:
        typed = [self.get_body_argument(f"place-{n}", "") for n in range(len(lines))]
        if sorted(typed) != [str(n + 1) for n in range(len(lines))]:
            return {"lines": lines, "typed": typed, "problem": EACH_ITS_OWN, "chosen": ""}
        own = [line for _, line in sorted(zip(typed, lines, strict=True))]
        return {"chosen": own, "compared": compared(own, item.answers)}


class StatementsPage(DrillPage):
    """``/practice/statements/<name>``: statements to sort, one after another."""

    place = "practice/statements"
    reflects_in = "coach/from-leading-to-helping-others-lead"

    def all(self) -> tuple[Drill, ...]:
        return content.statements(self.local)


def compared(own: Sequence[str], sound: Sequence[str]) -> str:
    """One kind sentence on two orders, of which neither is the only one."""
    if list(own) == list(sound):
        return "You put them just as we did."
    if own[0] == sound[0] and own[-1] == sound[-1]:
        return "You begin and end as we do, with another way between."
    if own[0] == sound[0]:
        return "You begin as we do, and then go another way."
    if own[-1] == sound[-1]:
        return "You begin another way, and end as we do."
    return "Yours goes another way. Others may work as well as ours."
