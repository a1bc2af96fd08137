"""Any order of writing, committing, taking back and reading: the seal holds.

A machine of a few lines says who may read which words; whatever is done to the records, in
whatever order, what people can get out of them is exactly that.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from cascade_tools.model.entry import Entry
from cascade_tools.model.sharing import State
from cascade_tools.records import Reader, together
from cascade_tools.records.snapshots import SEALED
from cascade_tools.records.tables import SnapshotRow, new_id
from tests.records.conftest import DATABASES
from tests.records.small import OVER_EVERYTHING, SECRET, WHAT, Small, open_small
from tests.records.watching import knocks, view, words

halves = st.sampled_from(("amina", "leo"))
OTHER = {"amina": "leo", "leo": "amina"}
READERS = ("amina", "leo", "sue")


@pytest.fixture(params=DATABASES)
def open_fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Small]:
    """Opens a programme of its own for every run of the machine."""

    def fresh() -> Small:
        folder = tmp_path / new_id()
        folder.mkdir()
        return open_small(DATABASES[request.param](folder), folder)

    return fresh


@dataclass
class Half:
    """What one half has written, and what of it they have committed, until when."""

    entry: Entry
    draft: str = ""
    secret: str = ""
    committed: str | None = None
    until: datetime | None = None
    told: str = ""


class Sealed(RuleBasedStateMachine):
    """Amina coaches Leo; Sue supervises her."""

    def __init__(self, small: Small) -> None:
        super().__init__()
        self.small, self.people = small, small.people
        self.halves = {who: Half(small.sealed(who)) for who in OTHER}
        self.open = False
        self.done: tuple[str, str] | None = None
        self.texts = 0

    def teardown(self) -> None:
        self.small.records.close()

    def id(self, who: str) -> str:
        return self.people[who].id

    def text(self) -> str:
        self.texts += 1
        return f"text {self.texts} {new_id()[:6]}"

    @rule(who=halves, secret=st.booleans())
    def write(self, who: str, secret: bool) -> None:
        half, text = self.halves[who], self.text()
        self.small.records.entries.save(
            self.id(who),
            half.entry.id,
            SECRET if secret else WHAT,
            text,
            base=OVER_EVERYTHING,
            writer=new_id(),
            counter=1,
        )
        if secret:
            half.secret = text
        else:
            half.draft = text

    @rule(who=halves, days=st.integers(2, 9))
    def commit(self, who: str, days: int) -> None:
        half, other = self.halves[who], self.halves[OTHER[who]]
        if not half.draft:
            return
        until = self.small.clock.at + timedelta(days=days)
        opened = self.small.records.together.commit(
            self.id(who), half.entry.id, self.small.document(half.entry), until
        )
        again = self.open
        half.committed, half.until = half.draft, until
        waits = other.committed is not None and other.until is not None
        self.open = waits and other.until > self.small.clock.at  # type: ignore[operator]
        if self.open and not again:
            self.done = ("both", who)
        elif again and not self.open:
            self.done = None
        assert opened is self.open

    @rule(who=halves)
    def take_back(self, who: str) -> None:
        self.small.records.together.take_back(self.id(who), self.halves[who].entry.id)
        self.closed(who)

    @rule(who=halves)
    def stop_sharing(self, who: str) -> None:
        for share in self.small.records.sharing.of(self.id(who)):
            if share.reader_id == self.id(OTHER[who]):
                self.small.records.sharing.stop(self.id(who), share.id)
        # A copy that nobody was to read any more is taken back like any other.
        if self.halves[who].committed is not None:
            self.closed(who)

    def closed(self, who: str) -> None:
        if self.open:
            self.done = None
        self.halves[who].committed, self.open = None, False

    @rule(days=st.integers(1, 4))
    def time_passes(self, days: int) -> None:
        self.small.clock.later(days=days)

    @rule()
    def tell_the_supervisor(self) -> None:
        half = self.halves["amina"]
        if half.draft:
            self.small.records.sharing.share(
                self.id("amina"),
                half.entry.id,
                self.small.document(half.entry),
                Reader(self.id("sue"), "", "supervisor"),
                purpose="",
                ends_at=self.small.clock.at + timedelta(days=999),
            )
            half.told = half.draft

    @rule(who=st.sampled_from(READERS))
    def look(self, who: str) -> None:
        """Looking at every list changes nothing for anybody."""
        view(self.small.records, self.id(who))

    @invariant()
    def everybody_reads_exactly_what_they_may(self) -> None:
        for who in READERS:
            expected: set[str] = set()
            if who in OTHER:
                half, other = self.halves[who], self.halves[OTHER[who]]
                expected = {half.draft, half.secret} - {""}
                if self.open and other.until is not None and self.small.clock.at < other.until:
                    assert other.committed is not None
                    expected |= {other.committed}
            elif who == "sue":
                expected = {self.halves["amina"].told} - {""}
            assert words(self.small.records, self.id(who)) == expected, who

    @invariant()
    def nobody_is_told_more(self) -> None:
        """How things stand follows, for each half, from what they did themselves and from whether
        both are open: nothing else of the other comes into it."""
        for who, half in self.halves.items():
            stands = self.small.records.together.status(self.id(who), half.entry.id)
            other = self.halves[OTHER[who]]
            readable = self.open and other.until is not None and self.small.clock.at < other.until
            mine = State.OPENED if self.open else State.COMMITTED
            assert (stands.mine, stands.opened, stands.partner) == (
                mine if half.committed is not None else State.DRAFT,
                self.open,
                self.people[OTHER[who]],
            )
            assert (stands.mine_snapshot is not None) is (half.committed is not None)
            assert (stands.theirs_snapshot is not None) is readable
            by = None if self.done is None else (self.done[0], self.people[self.done[1]].name)
            assert (None if stands.done is None else (stands.done[0], stands.done[2])) == by

    @invariant()
    def what_is_not_open_answers_like_none(self) -> None:
        """The newest copies, waiting or taken back, asked for by their addresses."""
        with self.small.records.store.database.reading() as s:
            copies = [
                (c.entry_id, c.id, c.state)
                for c in s.query(SnapshotRow)
                .filter(
                    SnapshotRow.entry_id.in_([h.entry.id for h in self.halves.values()]),
                    SnapshotRow.kind == SEALED,
                )
                .order_by(SnapshotRow.made_at.desc())
                .limit(2)
            ]
        for entry_id, snapshot_id, state in copies:
            author = next(w for w, h in self.halves.items() if h.entry.id == entry_id)
            for who in READERS:
                if who == author or (who == OTHER[author] and state == State.OPENED):
                    continue
                assert knocks(self.small.records, self.id(who), entry_id, snapshot_id) == []


def test_the_seal_holds(open_fresh: Callable[[], Small]) -> None:
    """Whatever two halves and everybody around them do, in any order: no word of one is read by
    another before both have committed, nor after one has taken theirs back; and what is open is
    read."""
    run_state_machine_as_test(
        lambda: Sealed(open_fresh()),
        settings=settings(max_examples=12, stateful_step_count=12, deadline=None),
    )


def test_the_machine_notices_a_broken_seal(
    open_fresh: Callable[[], Small], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The check above is worth something: once a copy does not wait, it says so."""
    freeze = together.freeze

    def unsealed(*args: Any, state: State, **more: Any) -> SnapshotRow:
        return freeze(*args, state=State.OPENED, **more)

    monkeypatch.setattr(together, "freeze", unsealed)
    with pytest.raises(AssertionError):
        run_state_machine_as_test(
            lambda: Sealed(open_fresh()),
            settings=settings(
                max_examples=60,
                derandomize=True,
                stateful_step_count=15,
                deadline=None,
                phases=[Phase.generate],
                report_multiple_bugs=False,
            ),
        )
