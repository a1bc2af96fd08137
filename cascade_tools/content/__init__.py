"""The kit's words and models: ``data/*.yaml`` becomes values of the model.

Files are read node by node, so that every fault names the file, the line and the fix.  The kit's
own files are read once; the ``*_from`` twins read any path, for tests and for local copies.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any

from cascade_tools.content.frameworks import framework_from
from cascade_tools.content.measures import measure_from, measures_in
from cascade_tools.content.practice import (
    cards_from,
    cards_in,
    drill_from,
    drills_in,
    scene_from,
    scenes_in,
    statements_from,
    statements_in,
    with_local,
)
from cascade_tools.content.sets import (
    choices_from,
    item_set_from,
    kinds_of_help_from,
    layers_from,
)
from cascade_tools.content.spots import top_of
from cascade_tools.errors import ContentFault
from cascade_tools.kit import kit_folder
from cascade_tools.model.items import Framework, ItemSet, Layer, Measure
from cascade_tools.model.practice import Cards, Drill, Scene
from cascade_tools.model.prompts import Choice

__all__ = [
    "cards",
    "cards_from",
    "choices",
    "choices_from",
    "demo",
    "demo_from",
    "drill_from",
    "drills",
    "framework",
    "framework_from",
    "item_set",
    "item_set_from",
    "kinds_of_help",
    "kinds_of_help_from",
    "layers",
    "layers_from",
    "measure_from",
    "measures",
    "measures_in",
    "scene_from",
    "scenes",
    "statements",
    "statements_from",
]


@cache
def item_set(name: str) -> ItemSet:
    """The items behind a picture: the newest version of ``"thinking"``, or ``"thinking_v1"``.

    A set that has no versions (``"ccl12"``) is named as it is.  Raises ``ContentFault`` when there
    is no such set or its file is not sound.
    """
    versions = {}
    for path in _frameworks().glob("*.yaml"):
        match = re.fullmatch(r"([a-z][a-z0-9_]*?)(?:_v([0-9]+))?", path.stem)
        if match and name in (path.stem, match[1]):
            versions[int(match[2] or 0)] = path
    if not versions:
        raise ContentFault(
            f"data/frameworks: there is no item set {name!r}; "
            f"name one of the files there up to its version, such as thinking"
        )
    return item_set_from(versions[max(versions)])


@cache
def framework(id: str) -> Framework:
    """One of the frameworks in ``data/frameworks``, by its file's name: ``framework("ccl12")``.

    Raises ``ContentFault`` when there is no such framework or its file is not sound.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_-]*", id):
        raise ContentFault(
            f"data/frameworks: {id!r} cannot be a framework; use a name like iceberg_layers"
        )
    return framework_from(_frameworks() / f"{id}.yaml")


@cache
def layers() -> tuple[Layer, ...]:
    """The layers of the iceberg from the top down, then the water and the way back up."""
    return layers_from(_frameworks() / "iceberg_layers.yaml")


@cache
def choices(name: str) -> tuple[Choice, ...]:
    """A list people choose from: ``choices("issues")``, or ``choices("frameworks/ccl12")``."""
    if not re.fullmatch(r"(frameworks/)?[a-z][a-z0-9_-]*", name):
        raise ContentFault(f"data: {name!r} cannot be a list of choices; use a name like issues")
    if name.startswith("frameworks/"):
        return framework(name.removeprefix("frameworks/")).choices
    return choices_from(kit_folder("data") / f"{name}.yaml")


@cache
def kinds_of_help() -> tuple[Choice, ...]:
    """The six kinds of help, each by its code (``"PRE"``) and in plain words."""
    return kinds_of_help_from(_frameworks() / "heron6.yaml")


def measures(folder: Path | None = None) -> list[Measure]:
    """The kit's measures, or those in a folder such as a programme's ``local/measures``.

    Raises ``ContentFault`` for one that may not be used: its permission is not held, or nobody
    says where it comes from and under what licence.
    """
    return measures_in(kit_folder("data") / "measures" if folder is None else folder)


@cache
def scenes(local: Path | None = None) -> tuple[Scene, ...]:
    """Conversations to practise: the kit's, and those of a programme's ``local`` folder.

    One of the programme's takes the place of the kit's with the same id.  One with a fault is left
    out, and ``cascade check`` names it.  Read once: whoever changes a file starts it again.
    """
    ours = scenes_in(kit_folder("data") / "practice" / "scenes")
    return with_local(ours, _own(local, "scenes"), scene_from)


@cache
def drills(local: Path | None = None) -> tuple[Drill, ...]:
    """Short practices of question craft, as ``scenes``."""
    ours = drills_in(kit_folder("data") / "practice" / "drills")
    return with_local(ours, _own(local, "drills"), drill_from)


@cache
def statements(local: Path | None = None) -> tuple[Drill, ...]:
    """Statements to sort (drills of the kind ``"sort"``), as ``scenes``."""
    ours = statements_in(kit_folder("data") / "practice" / "statements")
    return with_local(ours, _own(local, "statements"), statements_from)


@cache
def cards(local: Path | None = None) -> tuple[Cards, ...]:
    """Sets of cards to talk about, as ``scenes``."""
    ours = cards_in(kit_folder("data") / "practice" / "cards")
    return with_local(ours, _own(local, "cards"), cards_from)


def _own(local: Path | None, name: str) -> Path:
    """A programme's folder of these; where there is no programme, one that is not there."""
    return (local or kit_folder("data") / "none") / "practice" / name


def demo() -> dict[str, Any]:
    """The fictional programme: each file in ``data/demo`` by its name, as plain values."""
    return demo_from(kit_folder("data") / "demo")


def demo_from(folder: Path) -> dict[str, Any]:
    """Every YAML file of a folder by its name without ending, as plain values."""
    return {path.stem: top_of(path).plain() for path in sorted(folder.glob("*.yaml"))}


def _frameworks() -> Path:
    return kit_folder("data") / "frameworks"
