"""Pages of measures for *Where I am now*: questions of others, asked in their own words.

Those of the Office for National Statistics are intrusive, and small groups cannot be reported on:
they are asked only where enough pairs are expected.  A programme's own lie in ``local/measures``.
One without permission is not shown; ``cascade check FOLDER`` says why.
"""

from contextlib import suppress
from functools import cache
from pathlib import Path

from cascade_tools.content import measure_from, measures
from cascade_tools.errors import ContentFault
from cascade_tools.model.items import Measure
from cascade_tools.model.workbook import Page, Prose
from cascade_tools.settings import Settings

MEASURED = "leader/where-i-am-now"
ENOUGH_PAIRS = 20


def measure_pages(settings: Settings, local: Path | None) -> tuple[Page, ...]:
    """One page for each measure of this programme; ``local`` is its folder of that name.

    Read once: whoever changes a file starts the programme again.
    """
    return _pages(settings.pairs_expected >= ENOUGH_PAIRS, local)


@cache
def _pages(enough: bool, local: Path | None) -> tuple[Page, ...]:
    ours = measures()
    found = {m.id: m for m in ours} if enough else {}
    reserved = {m.id for m in ours}
    for path in sorted((local / "measures").glob("*.yaml")) if local is not None else ():
        with suppress(ContentFault):
            measure = measure_from(path)
            if measure.id not in reserved:
                found[measure.id] = measure
    return tuple(_page(m) for m in found.values())


def _page(measure: Measure) -> Page:
    """The introduction, the questions and whose they are: nothing changed and nothing added."""
    intro = (Prose(measure.intro),) if measure.intro else ()
    whose = Prose(f"*{measure.attribution}*")
    return Page(
        id=f"measure-{measure.id}",
        title=measure.name,
        parts=(*intro, *measure.prompts, whose),
        tags=("assessment",),
    )
