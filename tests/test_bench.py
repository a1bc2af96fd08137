"""What the bench says of its own figures.  It measures nothing here."""

from pathlib import Path

import pytest

from bench.caller import Day
from bench.pages import between
from bench.rows import Row
from bench.training_day import Seen, drifts_of, faults
from bench.watching import Sample


@pytest.mark.parametrize(("ours", "met"), [(1.9, False), (2.0, True), (5.0, True)])
def test_more_is_better_where_a_row_says_so(ours: float, met: bool) -> None:
    """A goal that is the least a ratio may be is met by more, and missed by less."""
    assert Row(5, "saves a second", "a peer", ours, 1.0, "/s", 2.0, at_least=True).met is met


@pytest.mark.parametrize(("ours", "met"), [(1.9, True), (2.0, True), (5.0, False)])
def test_less_is_better_everywhere_else(ours: float, met: bool) -> None:
    """Any other goal is the most a ratio may be."""
    assert Row(5, "a save", "a peer", ours, 1.0, "ms", 2.0).met is met


def test_figures_go_between_their_own_markers(tmp_path: Path) -> None:
    """New figures take the place of the old ones of that name; the words around them stay, and a
    page that has lost its markers is not written."""
    page = tmp_path / "page.md"
    page.write_text("a\n<!-- bench: one -->\nold\n<!-- bench: end -->\nb\n")
    assert between(page, "one", "new").split() == (
        ["a", "<!--", "bench:", "one", "-->", "new", "<!--", "bench:", "end", "-->", "b"]
    )
    with pytest.raises(ValueError, match="markers"):
        between(page, "two", "new")


def day_of(*server: float, kernels: int = 0, emptied: float | None = 1.0) -> list[str]:
    """What is said of a day in which the server held so many megabytes, at one look each."""
    samples = [Sample(at, held, 30, 0, 300, 0, 20) for at, held in enumerate(server)]
    after = Sample(99, server[-1], 30, 0, 300, kernels, 20)
    seen = Seen(samples[0], samples, after, emptied, 60, [], [])
    return faults(seen, Day(), drifts_of(samples))


def test_a_day_that_leaves_nothing_behind_is_sound() -> None:
    """Memory that goes up and down, and comes back, is no fault."""
    assert day_of(*[200, 206, 203, 199] * 10) == []


def test_memory_that_grows_all_day_is_a_fault() -> None:
    """A server that holds more and more is found out."""
    assert day_of(*range(200, 280, 2)) == ["memory of the server is not flat"]


def test_a_kernel_left_behind_is_a_fault() -> None:
    """Kernels that are there when everybody has long gone are counted."""
    said = day_of(*[200] * 40, kernels=2, emptied=None)
    assert said == ["2 kernels are left after 60 s"]
