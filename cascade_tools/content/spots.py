"""A data file, value by value: each knows its file and line, so that every fault can name them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from cascade_tools.errors import ContentFault
from cascade_tools.kit import kit_folder

# Where a file comes from and who looks at it again, and when.
ABOUT = (
    *("id", "name", "version", "language", "year"),
    *("source", "status", "licence", "review_by", "owner"),
)
_YAML = "tag:yaml.org,2002:"
# The same reader in C where there is one: the fictional programme is ten files.
_READER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Spot:
    """One value in a data file, which knows the file and the line it stands on."""

    file: str
    node: yaml.Node

    def fault(self, what: str, fix: str) -> ContentFault:
        return ContentFault(f"{self.file}, line {self.node.start_mark.line + 1}: {what}; {fix}.")

    def pairs(self) -> Iterator[tuple["Spot", "Spot"]]:
        """The names and values of a mapping, in order; no name may stand there twice."""
        if not isinstance(self.node, yaml.MappingNode):
            raise self.fault("this should have named values", "write lines such as name: words")
        if not self.node.value:
            raise self.fault("there is nothing here", "add at least one line, or remove this")
        seen = set()
        for key_node, value_node in self.node.value:
            key = Spot(self.file, key_node)
            if key.text() in seen:
                raise key.fault(f"{key.text()!r} stands here twice", "remove one of the two")
            seen.add(key.text())
            yield key, Spot(self.file, value_node)

    def fields(self, needed: tuple[str, ...], extra: tuple[str, ...] = ()) -> dict[str, "Spot"]:
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

    def each(self) -> list["Spot"]:
        if not isinstance(self.node, yaml.SequenceNode) or not self.node.value:
            raise self.fault("this should be a list", "begin each line of it with a dash")
        return [Spot(self.file, node) for node in self.node.value]

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
        all_different(self.each())
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
            return [Spot(self.file, node).plain() for node in self.node.value]
        if self.node.tag == f"{_YAML}bool" and self.node.value.lower() not in ("true", "false"):
            raise self.fault(
                f"YAML reads {self.node.value} as a yes or no", "put it in quotation marks"
            )
        try:
            return yaml.SafeLoader("").construct_document(self.node)
        except (yaml.YAMLError, ValueError):
            raise self.fault("this value cannot be read", "put it in quotation marks") from None


def top_of(path: Path) -> Spot:
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
    except RecursionError:
        raise ContentFault(f"{file}: too much inside one another; write it flatter.") from None
    if node is None:
        raise ContentFault(f"{file}, line 1: the file is empty; copy the one it began from.")
    _each_once(file, node)
    return Spot(file, node)


def _each_once(file: str, top: yaml.Node) -> None:
    """Raises ``ContentFault`` where a value stands for another: a few lines of such values can
    hold themselves, or grow until nothing else has room."""
    waiting, seen = [top], set()
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            raise Spot(file, node).fault("this value is used twice, by & and *", "write it out")
        seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            waiting += [one for pair in node.value for one in pair]
        elif isinstance(node, yaml.SequenceNode):
            waiting += node.value


def opened(path: Path, *parts: str, extra: tuple[str, ...] = ()) -> dict[str, Spot]:
    """The fields of a file of the model, with the lines that say where it comes from checked."""
    top = top_of(path).fields((*ABOUT, *parts), extra)
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


def optional(fields: dict[str, Spot], name: str) -> str:
    """The words of a field that may be left out; empty where it is."""
    return fields[name].text() if name in fields else ""


def all_different(spots: list[Spot]) -> None:
    """Raises ``ContentFault`` at the first of these that says the same as an earlier one."""
    seen = set()
    for spot in spots:
        if spot.text() in seen:
            raise spot.fault(f"{spot.text()!r} stands here twice", "give each one its own")
        seen.add(spot.text())
