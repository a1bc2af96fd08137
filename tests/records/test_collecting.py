"""Whatever anybody collects, however they ask: only what the policy lets them have."""

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cascade_tools import collect
from cascade_tools.model.prompts import Kind, Prompt, Who
from cascade_tools.model.sharing import Action, Thing
from cascade_tools.records import Records
from cascade_tools.records import collecting as batches
from tests.records.small import WHAT, Clock, Small
from tests.records.test_policy import (
    PEOPLE,
    Laid,
    World,
    any_may,
    lay,
    shared_records,
    worlds,
)

__all__ = ["shared_records"]  # the records many random programmes share
TEXT = re.compile(r"words of [0-9a-f]+ for [a-z-]+")


def may_have(world: World, laid: Laid, viewer: int) -> tuple[set[str], set[str]]:
    """What this viewer may have by the words of the policy alone: kept, and shared with them."""
    kept, shared = set(), set()
    for entry, sheet in laid.entries:
        relations = world.relations(viewer, sheet)
        for who in sheet.answered:
            if any_may(relations, Action.EXPORT, Thing.ANSWER, who, sheet.state):
                kept.add(f"words of {entry} for {who}")
    by_sheet = {id(sheet): entry for entry, sheet in laid.entries}
    for _, sheet, share in laid.snapshots:
        relations = world.relations(viewer, sheet, share)
        for who in sheet.answered:
            if any_may(relations, Action.EXPORT, Thing.SNAPSHOT, who, share.snapshot_state):
                shared.add(f"words of {by_sheet[id(sheet)]} for {who}")
    return kept, shared


# The machine may be busy; time is not what is tested.  Each example lays a programme.
@settings(
    deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(world=worlds, viewer=st.integers(0, PEOPLE - 1), mask=st.integers(0, 7))
def test_what_is_collected_is_what_the_policy_allows(
    shared_records: tuple[Records, Clock],
    tmp_path_factory: pytest.TempPathFactory,
    world: World,
    viewer: int,
    mask: int,
) -> None:
    """For random programmes and viewers: every table, filtered or not, and every file has only
    words the policy lists for them; and of what they wrote or keep with somebody, all of it."""
    records, clock = shared_records
    laid = lay(records, clock, world)
    desk = records.desk(laid.people[viewer], "collect", str)
    kept, shared = may_have(world, laid, viewer)
    answers = collect.answers(desk)
    assert set(answers[answers["way"] != "shared"]["words"]) == kept
    assert set(answers[answers["way"] == "shared"]["words"]) <= shared
    folder: Path = tmp_path_factory.mktemp("collected")
    collect.write(desk, folder, also=["json"])
    collect.save(answers.iloc[mask::2], folder / "some.csv")
    for workbook in sorted(set(answers["workbook"])):
        collect.save(collect.wide(desk, workbook), folder / f"{workbook[5:]}.xlsx")
    for table in (collect.actions, collect.outcomes, collect.thinking, collect.balance):
        collect.save(table(desk), folder / f"{table.__name__}.json")
    found = {
        words
        for path in folder.iterdir()
        if path.suffix in (".csv", ".json", ".txt")
        for words in TEXT.findall(path.read_text("utf-8-sig"))
    }
    assert found <= kept | shared
    assert kept <= found


def test_batches_change_nothing(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rows come in the same order, each once, however many sheets are opened at a time: the
    newest revision, oldest sheet first, and then what was shared."""
    later = Prompt("what-next", Kind.LONG, "What next?", who=Who.MINE)
    for number in range(5):
        entry = small.entry(workbook=f"coach/sheet-{number}")
        small.write(entry, f"first {number}", later, counter=1)
        small.write(entry, f"then {number}", later, counter=2, base=1)
        small.write(entry, f"said {number}", WHAT, counter=3)
        if number % 2:
            small.share(entry)
        small.clock.later(days=1)

    def seen(who: str) -> list[tuple[str, str, str]]:
        desk = small.records.desk(small.people[who], "collect", str)
        return [(row.words, row.way, row.key) for row in desk.answers()]

    whole = {who: seen(who) for who in ("amina", "sue")}
    assert whole["amina"] == [
        (f"{said} {number}", "own", key)
        for number in range(5)
        for said, key in (("said", "what-happened"), ("then", "what-next"))
    ]
    assert {way for _, way, _ in whole["sue"]} == {"shared"}
    monkeypatch.setattr(batches, "BATCH", 1)
    assert {who: seen(who) for who in ("amina", "sue")} == whole
