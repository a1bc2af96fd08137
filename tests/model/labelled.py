"""The labelled set of personal details, and how well they are found in it."""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from cascade_tools.model.details import Detail, Found, find_details
from cascade_tools.model.names import known_names

SET = Path(__file__).with_name("details.yaml")
MARK = re.compile(r"\{([a-z]+)\|([^}]*)\}")


@dataclass(frozen=True)
class Passage:
    """``details`` are where the marks stood."""

    text: str
    details: tuple[Found, ...]


@dataclass(frozen=True)
class Count:
    """Of one kind: how many there are, how many were found, how often there was none."""

    there: int
    found: int
    false: int


def passages(part: str) -> tuple[list[Passage], list[str], date]:
    """The passages of one part, ``"passages"`` or ``"later"``, the list of names, and the day."""
    doc = yaml.safe_load(SET.read_text(encoding="utf-8"))
    return [_passage(line) for line in doc[part]], doc["names"], doc["today"]


def _passage(line: str) -> Passage:
    text, details, last = "", [], 0
    for m in MARK.finditer(line):
        text += line[last : m.start()]
        details.append(Found(Detail(m[1]), len(text), len(text) + len(m[2])))
        text, last = text + m[2], m.end()
    return Passage(text + line[last:], tuple(details))


def measured(part: str) -> dict[Detail, Count]:
    """What is found of each kind: a mark counts as found where a find of its kind touches it."""
    these, names, today = passages(part)
    there, found, false = Counter[Detail](), Counter[Detail](), Counter[Detail]()
    for passage in these:
        finds = find_details(passage.text, known_names(names), today)
        for one in passage.details:
            there[one.kind] += 1
            found[one.kind] += any(_touch(one, find) for find in finds)
        for find in finds:
            false[find.kind] += not any(_touch(one, find) for one in passage.details)
    return {kind: Count(there[kind], found[kind], false[kind]) for kind in Detail}


def _touch(one: Found, other: Found) -> bool:
    return one.kind is other.kind and one.start < other.end and other.start < one.end
