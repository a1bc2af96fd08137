"""The kit's words and models: ``data/*.yaml`` becomes values of the model.

Files are read node by node, so that every fault names the file, the line and the fix.  The kit's
own files are read once; the ``*_from`` twins read any path, for tests and for local copies.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from cascade_tools.errors import ContentFault
from cascade_tools.kit import kit_folder
from cascade_tools.model.items import Item, ItemSet, Layer
from cascade_tools.model.prompts import Choice

# Where a file comes from and who looks at it again, and when.
_ABOUT = (
    *("id", "name", "version", "language", "year"),
    *("source", "status", "licence", "review_by", "owner"),
)
_ITEM_EXTRAS = (
    *("points", "axis", "leader", "other_answer"),
    *("supervisor_asks", "false_alarm", "source"),
)
_YAML = "tag:yaml.org,2002:"
# The same reader in C where there is one: the fictional programme is ten files.
_READER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def item_set(name: str) -> ItemSet:
    """The items behind a picture: the newest version of ``"thinking"``, or ``"thinking_v1"``.

    Raises ``ContentFault`` when there is no such set or its file is not sound.
    """
    versions = {}
    for path in _frameworks().glob("*.yaml"):
        match = re.fullmatch(r"([a-z][a-z0-9_]*)_v([0-9]+)", path.stem)
        if match and name in (path.stem, match[1]):
            versions[int(match[2])] = path
    if not versions:
        raise ContentFault(
            f"data/frameworks: there is no item set {name!r}; "
            f"name one of the files there up to its version, such as thinking"
        )
    return item_set_from(versions[max(versions)])


@cache
def layers() -> tuple[Layer, ...]:
    """The layers of the iceberg from the top down, then the water and the way back up."""
    return layers_from(_frameworks() / "iceberg_layers.yaml")


@cache
def choices(name: str) -> tuple[Choice, ...]:
    """A list people choose from, kept in ``data/``: ``choices("issues")``."""
    if not re.fullmatch(r"[a-z][a-z0-9_-]*", name):
        raise ContentFault(f"data: {name!r} cannot be a list of choices; use a name like issues")
    return choices_from(kit_folder("data") / f"{name}.yaml")


@cache
def kinds_of_help() -> tuple[Choice, ...]:
    """The six kinds of help, each by its code (``"PRE"``) and in plain words."""
    return kinds_of_help_from(_frameworks() / "heron6.yaml")


def demo() -> dict[str, Any]:
    """The fictional programme: each file in ``data/demo`` by its name, as plain values."""
    return demo_from(kit_folder("data") / "demo")


def item_set_from(path: Path) -> ItemSet:
    """The item set in one file.  An item without ``points`` of its own has the set's."""
    top = _opened(path, "items", extra=("other_answer", "points"))
    shared = top["points"].five() if "points" in top else None
    items = [spot.fields(("id", "question"), _ITEM_EXTRAS) for spot in top["items"].each()]
    _all_different([fields["id"] for fields in items])
    return ItemSet(
        id=top["id"].text(),
        name=top["name"].text(),
        items=tuple(_item(fields, shared) for fields in items),
        other_answer=_optional(top, "other_answer") or "Did not come up",
    )


def layers_from(path: Path) -> tuple[Layer, ...]:
    """The layers in one file.  Depths run 0, 1, 2 …; those without a depth come after."""
    top = _opened(path, "layers")
    needed = ("id", "depth", "name", "question", "leader", "coach")
    spots = [spot.fields(needed, ("signs", "care")) for spot in top["layers"].each()]
    _all_different([fields["id"] for fields in spots])
    found: list[Layer] = []
    for place, fields in enumerate(spots):
        depth = fields["depth"].number_or_null()
        above_water = not found or found[-1].depth is not None
        if depth is not None and (depth != place or not above_water):
            raise fields["depth"].fault(
                f"depth {depth} is out of order",
                "count 0, 1, 2 from the top, and put layers with depth null last",
            )
        found.append(
            Layer(
                id=fields["id"].text(),
                name=fields["name"].text(),
                depth=depth,
                question=fields["question"].text(),
                leader=fields["leader"].texts(),
                coach=fields["coach"].texts(),
                signs=_optional(fields, "signs"),
                care=_optional(fields, "care"),
            )
        )
    return tuple(found)


def choices_from(path: Path) -> tuple[Choice, ...]:
    """The choices in one file: codes that never change, and their words."""
    top = _opened(path, "choices")
    return tuple(Choice(code.code(), words.text()) for code, words in top["choices"].pairs())


def kinds_of_help_from(path: Path) -> tuple[Choice, ...]:
    """The kinds of help in one file.  Their technical names are checked, and stay there."""
    top = _opened(path, "items")
    spots = [spot.fields(("code", "words", "name")) for spot in top["items"].each()]
    _all_different([fields["code"] for fields in spots])
    for fields in spots:
        fields["name"].text()
    return tuple(Choice(fields["code"].text(), fields["words"].text()) for fields in spots)


def demo_from(folder: Path) -> dict[str, Any]:
    """Every YAML file of a folder by its name without ending, as plain values."""
    return {path.stem: _top(path).plain() for path in sorted(folder.glob("*.yaml"))}


def _frameworks() -> Path:
    return kit_folder("data") / "frameworks"


@dataclass(frozen=True, slots=True)
class _Spot:
    """One value in a data file, which knows the file and the line it stands on."""

    file: str
    node: yaml.Node

    def fault(self, what: str, fix: str) -> ContentFault:
        return ContentFault(f"{self.file}, line {self.node.start_mark.line + 1}: {what}; {fix}.")

    def pairs(self) -> Iterator[tuple["_Spot", "_Spot"]]:
        """The names and values of a mapping, in order; no name may stand there twice."""
        if not isinstance(self.node, yaml.MappingNode):
            raise self.fault("this should have named values", "write lines such as name: words")
        if not self.node.value:
            raise self.fault("there is nothing here", "add at least one line, or remove this")
        seen = set()
        for key_node, value_node in self.node.value:
            key = _Spot(self.file, key_node)
            if key.text() in seen:
                raise key.fault(f"{key.text()!r} stands here twice", "remove one of the two")
            seen.add(key.text())
            yield key, _Spot(self.file, value_node)

    def fields(self, needed: tuple[str, ...], extra: tuple[str, ...] = ()) -> dict[str, "_Spot"]:
        """The values of a mapping by name: all of ``needed``, perhaps ``extra``, no others."""
        known = (*needed, *extra)
        found = {}
        for key, value in self.pairs():
            if key.text() not in known:
                raise key.fault(f"{key.text()!r} is not known here", f"use {', '.join(known)}")
            found[key.text()] = value
        for name in needed:
            if name not in found:
                raise self.fault(f"{name!r} is missing", f"add a line beginning {name}:")
        return found

    def each(self) -> list["_Spot"]:
        if not isinstance(self.node, yaml.SequenceNode) or not self.node.value:
            raise self.fault("this should be a list", "begin each line of it with a dash")
        return [_Spot(self.file, node) for node in self.node.value]

    def text(self) -> str:
        if not isinstance(self.node, yaml.ScalarNode):
            raise self.fault("this should be words", "write one line of words")
        # YAML reads a bare No, 2 or 2026-01-01 as something else than words.
        if self.node.tag != f"{_YAML}str":
            raise self.fault(f"{self.node.value!r} is not words", "put it in quotation marks")
        if not self.node.value.strip():
            raise self.fault("the words are missing", "write them, or remove the line")
        return str(self.node.value).strip()

    def texts(self) -> tuple[str, ...]:
        return tuple(spot.text() for spot in self.each())

    def five(self) -> tuple[str, str, str, str, str]:
        """The five points of a scale, in words, all different."""
        points = self.texts()
        if len(points) != 5:
            raise self.fault(f"there are {len(points)} points", "give five, from 0 to 4, in words")
        _all_different(self.each())
        return (points[0], points[1], points[2], points[3], points[4])

    def code(self) -> str:
        """A code that is stored with answers: small letters, digits and hyphens."""
        if not re.fullmatch(r"[a-z][a-z0-9-]*", self.text()):
            raise self.fault(f"{self.text()!r} cannot be a code", "use a-z, 0-9 and hyphens")
        return self.text()

    def number(self) -> int:
        if self.node.tag != f"{_YAML}int" or not re.fullmatch(r"[0-9]{1,9}", self.node.value):
            raise self.fault("this should be a whole number", "write digits, such as 1 or 2026")
        return int(self.node.value)

    def number_or_null(self) -> int | None:
        return None if self.node.tag == f"{_YAML}null" else self.number()

    def day(self) -> date:
        fault = self.fault("this is not a date", "write year, month and day, such as 2027-11-30")
        text = self.node.value if isinstance(self.node, yaml.ScalarNode) else ""
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            raise fault
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise fault from None

    def plain(self) -> Any:
        """The value and everything in it as Python has it: dates, numbers, lists, mappings."""
        if isinstance(self.node, yaml.MappingNode):
            return {key.text(): value.plain() for key, value in self.pairs()}
        if isinstance(self.node, yaml.SequenceNode):
            return [_Spot(self.file, node).plain() for node in self.node.value]
        if self.node.tag == f"{_YAML}bool" and self.node.value.lower() not in ("true", "false"):
            raise self.fault(
                f"YAML reads {self.node.value} as a yes or no", "put it in quotation marks"
            )
        try:
            return yaml.SafeLoader("").construct_document(self.node)
        except (yaml.YAMLError, ValueError):
            raise self.fault("this value cannot be read", "put it in quotation marks") from None


def _top(path: Path) -> _Spot:
    """The outermost value of a file."""
    kit = kit_folder("data")
    file = f"data/{path.relative_to(kit).as_posix()}" if path.is_relative_to(kit) else str(path)
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=_READER)
    except OSError:
        raise ContentFault(f"{file}: there is no such file to read; check its name.") from None
    except UnicodeDecodeError:
        raise ContentFault(f"{file}: this is not UTF-8 text; save it again as UTF-8.") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        what = getattr(error, "problem", None) or "this is not YAML"
        raise ContentFault(
            f"{file}, line {line}: {what}; check quotation marks, colons and spaces at the start."
        ) from None
    if node is None:
        raise ContentFault(f"{file}, line 1: the file is empty; copy the one it began from.")
    return _Spot(file, node)


def _opened(path: Path, *parts: str, extra: tuple[str, ...] = ()) -> dict[str, _Spot]:
    """The fields of a file of the model, with the lines that say where it comes from checked."""
    top = _top(path).fields((*_ABOUT, *parts), extra)
    for name in ("name", "language", "source", "licence", "owner"):
        top[name].text()
    for name in ("version", "year"):
        top[name].number()
    top["review_by"].day()
    if top["id"].text() != path.stem:
        raise top["id"].fault(
            f"the id is {top['id'].text()!r}", f"use the file's name, {path.stem}"
        )
    if top["status"].text() not in ("current", "historic"):
        raise top["status"].fault("the status is not known", "use current or historic")
    return top


def _item(fields: dict[str, _Spot], shared: tuple[str, str, str, str, str] | None) -> Item:
    points = fields["points"].five() if "points" in fields else shared
    if points is None:
        raise fields["id"].fault(
            f"item {fields['id'].text()} has no points", "add points: and five lines of words"
        )
    asks = fields["supervisor_asks"].texts() if "supervisor_asks" in fields else ()
    return Item(
        id=fields["id"].text(),
        question=fields["question"].text(),
        points=points,
        axis=_optional(fields, "axis"),
        supervisor_asks=asks,
        false_alarm=_optional(fields, "false_alarm"),
        source=_optional(fields, "source"),
        leader=_optional(fields, "leader"),
        other_answer=_optional(fields, "other_answer"),
    )


def _optional(fields: dict[str, _Spot], name: str) -> str:
    return fields[name].text() if name in fields else ""


def _all_different(spots: list[_Spot]) -> None:
    seen = set()
    for spot in spots:
        if spot.text() in seen:
            raise spot.fault(f"{spot.text()!r} stands here twice", "give each one its own")
        seen.add(spot.text())
