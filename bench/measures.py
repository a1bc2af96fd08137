"""Everything that is measured, by the numbers of the rows it finds.

Each measurement starts its own servers, ours and the peer's, and ends them.
"""

from collections.abc import Callable

from bench import collecting
from bench.arriving import same_second
from bench.memory import memory
from bench.overview import overview
from bench.rows import Measured
from bench.runs import Size
from bench.saving import saves
from bench.starting import starting
from bench.visiting import visits

MEASURES: dict[tuple[int, ...], Callable[[Size], Measured]] = {
    (1, 2, 3): visits,
    (4,): same_second,
    (5,): saves,
    (6,): overview,
    (7,): starting,
    (8,): memory,
    (9, 10, 11): collecting.collecting,
}
