"""Measures: questions of others, which may be asked only with their leave.

The kit ships those with an open licence.  A programme that holds permission for another keeps it
in ``local/measures``; without a permission that says *yes* it is never shown.
"""

from pathlib import Path

import yaml

from cascade_tools.content.spots import Spot, all_different, opened, optional
from cascade_tools.model.items import Measure
from cascade_tools.model.prompts import SKIPPED, Choice, Kind, Prompt, Who, from_0_to_10

_MEASURE = ("attribution", "permission_held", "items")
_KINDS = ("ten", "choice")


def measures_in(folder: Path) -> list[Measure]:
    """Every measure in a folder, in the order in which they are asked: that of their file names."""
    return [measure_from(path) for path in sorted(folder.glob("*.yaml"))]


def measure_from(path: Path) -> Measure:
    """The measure in one file.

    Raises ``ContentFault`` when permission is not held, or licence or source is missing.
    """
    top = opened(path, *_MEASURE, extra=("intro",))
    _permitted(top["permission_held"])
    measure = top["id"].code()
    spots = [
        spot.fields(("id", "kind", "question"), ("ends", "choices", "better", "hint"))
        for spot in top["items"].each()
    ]
    all_different([fields["id"] for fields in spots])
    prompts = tuple(_prompt(measure, fields) for fields in spots)
    lower = {p.key for p, fields in zip(prompts, spots, strict=True) if _lower(fields)}
    return Measure(
        id=measure,
        name=top["name"].text(),
        source=top["source"].text(),
        licence=top["licence"].text(),
        attribution=top["attribution"].text(),
        intro=optional(top, "intro"),
        prompts=prompts,
        lower_is_better=frozenset(lower),
    )


def _permitted(spot: Spot) -> None:
    """YAML reads a bare yes as True, so both are the same here; anything else is no."""
    held = spot.node.value if isinstance(spot.node, yaml.ScalarNode) else ""
    if held.lower() not in ("yes", "true"):
        raise spot.fault(
            "permission to use this measure is not held",
            "ask whoever owns it, keep their answer, and then write permission_held: yes",
        )


def _prompt(measure: str, fields: dict[str, Spot]) -> Prompt:
    kind = fields["kind"].text()
    if kind not in _KINDS:
        raise fields["kind"].fault(f"{kind!r} is not a kind of measure", "write ten or choice")
    return Prompt(
        key=f"{measure}-{fields['id'].code()}",
        kind=Kind(kind),
        question=fields["question"].text(),
        choices=_ten(fields) if kind == "ten" else _choice(fields),
        hint=optional(fields, "hint"),
        who=Who.GROUP_RESULTS,
    )


def _ten(fields: dict[str, Spot]) -> tuple[Choice, ...]:
    if "ends" not in fields:
        raise fields["kind"].fault("the ends have no words", "add ends: [Not at all, Completely]")
    ends = fields["ends"].texts()
    if len(ends) != 2:
        raise fields["ends"].fault(f"there are {len(ends)} ends", "give two: for 0 and for 10")
    return from_0_to_10(*ends)


def _choice(fields: dict[str, Spot]) -> tuple[Choice, ...]:
    if "choices" not in fields:
        raise fields["kind"].fault("there are no choices", "add choices: and a line for each")
    pairs = fields["choices"].pairs()
    listed = tuple(Choice(code.code(), words.text()) for code, words in pairs)
    return (*listed, Choice(SKIPPED, "Skip this one"))


def _lower(fields: dict[str, Spot]) -> bool:
    better = optional(fields, "better") or "higher"
    if better not in ("higher", "lower"):
        raise fields["better"].fault(f"{better!r} is not known", "write higher or lower")
    return better == "lower"
