"""A programme of many pairs that say where they are, for what is said of them as a group."""

from collections.abc import Mapping, Sequence

from cascade_tools.collect import count_safely, group_results
from cascade_tools.model.consent import GROUP_RESULTS, KEEP
from cascade_tools.model.entry import Entry
from cascade_tools.model.group_results import Release
from cascade_tools.model.journey import OUTCOMES
from cascade_tools.model.people import Person, Role
from cascade_tools.model.prompts import Kind, Prompt, Who, from_0_to_10
from cascade_tools.records.tables import new_id
from tests.records.small import NOTICE, Small

TEN = from_0_to_10("Not at all", "Completely")
TIME_TO_THINK = Prompt("o1", Kind.TEN, "I had time to think", TEN, who=Who.GROUP_RESULTS)
ALONE = Prompt("o7", Kind.TEN, "I felt alone in my role", TEN, who=Who.GROUP_RESULTS)


class Cohort:
    """Leaders in the order in which they joined, coached by so many coaches in turn."""

    def __init__(self, small: Small, leaders: int = 0, coaches: int = 4) -> None:
        self.small, self.records = small, small.records
        self.eve = self._add("Eve Evaluator", Role.EVALUATOR)
        self.coaches = [self._add(f"Coach {n}", Role.COACH) for n in range(coaches)]
        self.leaders: list[Person] = []
        self.join(leaders)

    def join(self, leaders: int) -> list[Person]:
        """So many leaders more, who say yes to everything."""
        new = []
        for _ in range(leaders):
            number = len(self.leaders)
            leader = self._add(f"Leader {number}", Role.LEADER)
            self.say(leader, KEEP, True)
            self.say(leader, GROUP_RESULTS, True)
            coach = self.coaches[number % len(self.coaches)]
            day = self.small.clock.at.date()
            self.records.people.pair(coach.id, leader.id, f"pair {number}", day)
            self.leaders.append(leader)
            new.append(leader)
        return new

    def say(self, person: Person, choice: str, given: bool) -> None:
        self.records.consents.decide(person.id, choice, given, NOTICE)

    def answer(
        self,
        person: Person,
        time: str,
        values: Mapping[Prompt, int | str],
        *,
        finished: bool = True,
    ) -> Entry:
        """One sheet of where somebody is, at one time of the programme."""
        entry = self.records.entries.start(person.id, OUTCOMES, about_id=time)
        self.records.entries.save_sheet(person.id, entry.id, values.items(), new_id())
        return self.records.entries.commit(person.id, entry.id) if finished else entry

    def all_answer(self, people: Sequence[Person], time: str, values: Sequence[int]) -> None:
        """The first question, answered by each of these people."""
        for person, value in zip(people, values, strict=True):
            self.answer(person, time, {TIME_TO_THINK: value})

    def release(self, moment: str) -> Release:
        return self.records.releases.make(self.small.id("pat"), moment, count_safely)

    def shown(self) -> dict[tuple[str, str, str, str], dict[str, str]]:
        """What the evaluator reads: by release, group, question and times, each answer's words."""
        table = group_results(self.records.releases.all(self.eve.id)).astype(object)
        found: dict[tuple[str, str, str, str], dict[str, str]] = {}
        for row in table.to_dict("records"):
            times = f"{row['from']} to {row['to']}" if isinstance(row["from"], str) else row["to"]
            place = row["release"], row["group"], row["key"], times
            found.setdefault(place, {})[row["answer"]] = row["shown"]
        return found

    def _add(self, name: str, role: Role) -> Person:
        return self.records.people.add(name, [role])


def spread(people: int) -> list[int]:
    """Answers of so many people, as many in each of the four ranges as can be."""
    return [(2, 5, 7, 9)[n % 4] for n in range(people)]
