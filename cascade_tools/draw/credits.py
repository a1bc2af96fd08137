"""Where a workbook's questions come from: what is the kit's own, and what others said."""

from functools import cache

from cascade_tools import content
from cascade_tools.kit import kit_folder
from cascade_tools.model.items import Framework
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
# Pictures that rest on a framework which no question of the same workbook need name.
_DRAWN = {"thinking": "thinking_v1", "balance": "axes_v1", "iceberg": "iceberg_layers"}
_DRAWN |= {"map": "ccl12", "outcomes": "outcomes_v1"}
# So many questions in the words of a framework are no accident.
_SHARED_WORDS = 2


def credits_of(workbook: Workbook) -> list[tuple[str, str]]:
    """A name and a sentence or two for each framework this workbook rests on."""
    asked = {p.question for p in workbook.prompts}
    named = _named(workbook)
    found = []
    for told in frameworks():
        words = {words for item in told.items for words in (item.words, item.question) if words}
        if told.id in named or len(asked & words) >= _SHARED_WORDS:
            historic = " It is no longer in use there." if told.status == "historic" else ""
            found.append((told.name, f"{told.source}{historic}"))
    kinds = {p.kind for p in workbook.prompts}
    if Kind.ACTION in kinds:
        found.append(ACTION)
    if Kind.GOAL in kinds:
        found.append(GOAL)
    return found


@cache
def frameworks() -> tuple[Framework, ...]:
    """Everything in ``data/frameworks``, in the order of the files' names."""
    files = sorted((kit_folder("data") / "frameworks").glob("*.yaml"))
    return tuple(content.framework(path.stem) for path in files)


def _named(workbook: Workbook) -> set[str]:
    """The frameworks that its scales, lists and pictures name."""
    sets = {p.words_from.partition("/")[0] for p in workbook.prompts if p.words_from}
    lists = {p.choices_from for p in workbook.prompts if p.choices_from.startswith("frameworks/")}
    return {
        *(content.item_set(name).id for name in sets),
        *(name.removeprefix("frameworks/") for name in lists),
        *(_DRAWN[d.name] for d in workbook.drawings if d.name in _DRAWN),
    }
