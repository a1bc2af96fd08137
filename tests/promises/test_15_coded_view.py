"""15. From a group's numbers no way leads back to anybody."""

import csv
import json
import re
import stat
from collections.abc import Sequence
from dataclasses import asdict, fields
from pathlib import Path

import pytest

from cascade_tools import programme
from cascade_tools.cli import answer
from cascade_tools.collect import count_safely, group_results
from cascade_tools.errors import NotFound, WrongPassphrase
from cascade_tools.model.group_results import Coded, Count, Counted, Question
from cascade_tools.model.people import Person
from cascade_tools.model.prompts import Kind, Prompt, Who
from cascade_tools.records import Records
from cascade_tools.records.trust_tables import ReleaseRow
from tests.promises.cohort import ALONE, TIME_TO_THINK, Cohort, spread
from tests.records.small import Clock, Small

MARKER = "marker-4f1c7b"
WORDS = Prompt("said", Kind.TEXT, "What else?", who=Who.GROUP_RESULTS)
OWN = Prompt("different", Kind.LONG, "What is different?")


class Watching:
    """Counts as the kit does, and remembers what it was given."""

    def __init__(self) -> None:
        self.given: list[list[Coded]] = []

    def __call__(self, count: Count, people: Sequence[Coded]) -> Counted | None:
        self.given.append(list(people))
        return count_safely(count, people)

    @property
    def codes(self) -> list[str]:
        return [one.code for people in self.given for one in people]


def telling(cohort: Cohort) -> list[str]:
    """Everything that could say who: names, labels, ids of people, pairs and sheets, words."""
    records, found = cohort.records, [MARKER, "pair 1"]
    for person in (*cohort.leaders, *cohort.coaches, cohort.eve):
        found += [person.id, person.name]
        found += [pair.id for pair in records.people.pairs_of(person.id)]
        found += [entry.id for entry in records.entries.of(person.id)]
    return found


@pytest.fixture
def cohort(small: Small) -> Cohort:
    """Sixteen leaders who answered twice, on days of their own, with words beside the numbers."""
    cohort = Cohort(small, 16)
    for time in ("start", "half-way"):
        for leader, value in zip(cohort.leaders, spread(16), strict=True):
            small.clock.later(days=1, minutes=7)
            values = {TIME_TO_THINK: value, ALONE: value, WORDS: MARKER, OWN: MARKER}
            cohort.answer(leader, time, values)
    return cohort


def test_whoever_counts_is_given_numbers_and_nothing_else(cohort: Cohort) -> None:
    """A code, the codes behind it, and numbers: no name, no id, no day, no word, no order in which
    people joined or answered."""
    assert [f.name for f in fields(Coded)] == ["code", "behind", "answers"]
    assert [f.name for f in fields(Question)] == ["workbook", "key", "words", "points"]
    watching = Watching()
    cohort.records.releases.make(cohort.small.id("pat"), "mid", watching)
    everything = repr(watching.given)
    assert [word for word in telling(cohort) if word in everything] == []
    assert re.findall(r"\d{4}-\d\d|datetime", everything) == []
    assert {question.key for one in watching.given[0] for question, _ in one.answers} == {
        *("o1", "o7")
    }
    values = [one.answers[question, "start"] for one in watching.given[0] for question, time in
              one.answers if (question.key, time) == ("o1", "start")]  # fmt: skip
    assert sorted(values) == sorted(spread(16))
    assert values != spread(16)


def test_two_releases_share_no_code_and_no_order(cohort: Cohort) -> None:
    """The same people stand under other codes, in another order, the next time."""
    first, second = Watching(), Watching()
    lead = cohort.small.id("pat")
    cohort.records.releases.make(lead, "mid", first)
    cohort.all_answer(cohort.leaders, "end", spread(16))
    cohort.records.releases.make(lead, "end", second)
    assert len(set(first.codes)) == len(set(second.codes)) == 16
    assert not set(first.codes) & set(second.codes)

    def order(watching: Watching) -> list[list[tuple[str, str, int]]]:
        return [
            [(q.key, t, n) for (q, t), n in sorted(one.answers.items(), key=repr) if t == "start"]
            for one in watching.given[0]
        ]

    assert sorted(order(first)) == sorted(order(second))
    assert order(first) != order(second)


def test_an_evaluator_reads_numbers_of_groups_only(cohort: Cohort) -> None:
    """What they get holds no code, no id and no day, and is the same for everybody who may read
    it; when a release was made is said to the month."""
    watching = Watching()
    records, lead = cohort.records, cohort.small.id("pat")
    records.releases.make(lead, "mid", watching)
    releases = records.releases.all(cohort.eve.id)
    assert releases == records.releases.all(lead)
    (made,) = releases
    assert re.fullmatch(r"\d{4}-\d\d", made.month)
    read = json.dumps([asdict(one.counted[n]) for one in releases for n in range(6)])
    assert [word for word in (*telling(cohort), *watching.codes) if word in read] == []
    assert re.findall(r"\d{4}-\d\d|T\d\d:", read) == []
    # Every table of the same release is the same: nothing is drawn anew on reading.
    assert group_results(releases).equals(group_results(records.releases.all(cohort.eve.id)))


def test_no_other_door_leads_an_evaluator_to_answers(cohort: Cohort) -> None:
    """Their desk is empty, nobody's sheet opens to them, and nobody else reads what is released."""
    cohort.release("mid")
    records = cohort.records
    desk = records.desk(records.people.by_id(cohort.eve.id), "collect")
    assert (list(desk.answers()), desk.shared(), desk.caseload()) == ([], [], [])
    for leader in cohort.leaders:
        for entry in records.entries.of(leader.id):
            with pytest.raises(NotFound):
                records.entries.answers(cohort.eve.id, entry.id)
    others: list[Person] = [cohort.leaders[0], cohort.coaches[0], cohort.small.people["sue"]]
    for person in others:
        with pytest.raises(NotFound):
            records.releases.all(person.id)
    records.people.remove(cohort.eve.id)
    with pytest.raises(NotFound):
        records.releases.all(cohort.eve.id)


def test_what_is_kept_is_sealed_and_already_safe(cohort: Cohort) -> None:
    """A release lies sealed in the records, and what is sealed has no answers and no id in it."""
    cohort.release("mid")
    with cohort.records.store.database.reading() as s:
        (row,) = s.query(ReleaseRow).all()
        plain = cohort.records.store.vault.open(row.key_id, row.sealed, "release", row.id)
        assert b"went up" not in row.sealed
    assert b"went up" in plain
    assert [word for word in telling(cohort) if word.encode() in plain] == []
    counts = [n for one in json.loads(plain)["counted"] for _, n in one["cells"]]
    assert all(n >= 5 for n in counts if isinstance(n, int))


# The operator's door


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A fictional programme of sixteen leaders who have answered at the start."""
    folder = tmp_path / "ours"
    place = programme.init(folder, programme_name="Ours", demo=True)
    records = _records(place.path)
    cohort = Cohort(Small(records, Clock()), 16)
    cohort.all_answer(cohort.leaders, "start", spread(16))
    records.close()
    return folder


def _records(folder: Path) -> Records:
    return programme.open_folder(folder)[1]


def test_a_lead_releases_and_an_evaluator_reads_a_file(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One command freezes, another writes the numbers for their owner only; nobody else may."""
    lead = ["--by", "pat Field", "--json"]
    assert answer(["release", str(folder), "--moment", "mid", *lead]) == 0
    assert json.loads(capsys.readouterr().out)["counted"] == 1
    out = folder.parent / "results.csv"
    for name, code in (("Leader 3", 1), ("Coach 1", 1), ("Eve Evaluator", 0), ("pat Field", 0)):
        assert answer(["results", str(folder), "--as", name, "--out", str(out)]) == code
        assert out.exists() == (code == 0)
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["answer"], row["shown"]) for row in rows] == [
        *(("0 to 4", "not shown"), ("5 to 6", "not shown")),
        *(("7 to 8", "not shown"), ("9 to 10", "not shown")),
    ]
    assert answer(["release", str(folder), "--moment", "mid", *lead]) == 1
    assert "fewer than 5" in capsys.readouterr().err


def test_a_real_programme_asks_who_it_is(folder: Path) -> None:
    """To release and to read takes that person's own passphrase or ticket."""
    toml = folder / "programme.toml"
    toml.write_text(toml.read_text().replace("demo = true", "demo = false"))
    with pytest.raises(WrongPassphrase):
        programme.release(folder, "mid", "pat Field")
    with pytest.raises(WrongPassphrase):
        programme.group_results(folder, "Eve Evaluator")
