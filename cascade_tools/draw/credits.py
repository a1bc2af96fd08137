"""Where a workbook's questions come from: what is the kit's own, and what others said."""

from cascade_tools import content
from cascade_tools.model.prompts import Kind
from cascade_tools.model.workbook import Workbook

GOAL = (
    "A goal with levels",
    "Goal attainment scaling (Kiresuk and Sherman, 1968), in a lighter form of our own.",
)
ACTION = (
    "What makes an action agreed",
    "The Victoria Climbié Inquiry (2003) asked that meetings name each action, who does it, by "
    "when, and the day of the first review. The rest is our own.",
)
TAGS = (
    "Assessment, challenge and support",
    "The Center for Creative Leadership’s three parts of a good experience, as told in a Scottish "
    "study of 2005. How the pages carry them is our own.",
)
# Pictures that rest on a framework which no question of the same workbook names.
_DRAWN = {"thinking": "thinking", "balance": "axes", "iceberg": "iceberg_layers", "map": "ccl12"}


def credits_of(workbook: Workbook) -> list[tuple[str, str]]:
    """A name and a sentence or two for each framework this workbook rests on."""
    found = []
    for name in dict.fromkeys(_frameworks(workbook)):
        told = content.framework(name)
        historic = " It is no longer in use there." if told.status == "historic" else ""
        found.append((told.name, f"{told.source}{historic}"))
    kinds = {p.kind for p in workbook.prompts}
    if Kind.ACTION in kinds:
        found.append(ACTION)
    if Kind.GOAL in kinds:
        found.append(GOAL)
    if any(page.tags for page in workbook.pages):
        found.append(TAGS)
    return found


def _frameworks(workbook: Workbook) -> list[str]:
    sets = [p.words_from.partition("/")[0] for p in workbook.prompts if p.words_from]
    sets += [_DRAWN[d.name] for d in workbook.drawings if d.name in _DRAWN]
    lists = [
        p.choices_from.removeprefix("frameworks/")
        for p in workbook.prompts
        if p.choices_from.startswith("frameworks/")
    ]
    named = [name if name == "iceberg_layers" else content.item_set(name).id for name in sets]
    return [*named, *lists]
