"""Scenes, drills, statements and cards: a new file in ``data/practice`` (or a programme's
``local/practice``) is a new one to practise."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from cascade_tools.content.spots import Spot, all_different, opened
from cascade_tools.errors import ContentFault
from cascade_tools.model.practice import (
    INDICATORS,
    KINDS_OF_HELP,
    QUESTIONS,
    Card,
    Cards,
    Drill,
    DrillItem,
    Reply,
    Scene,
    Turn,
)

REPLIES = 4
LEAST_ITEMS = {"spot": 12, "turn": 12, "order": 12, "silence": 3, "advice": 5}
LEAST_STATEMENTS = 6
_REPLY = ("words", "kinds", "thinking", "help", "then", "next", "why")
_REPLY_EXTRAS = ("question", "touches", "acceptable")
T = TypeVar("T", Scene, Drill, Cards)


def with_local(kit: list[T], folder: Path, read: Callable[[Path], T]) -> tuple[T, ...]:
    """The kit's own and those of a programme's folder, in the order of their numbers.

    One with the id of a kit's own stands in its place; one with a fault is left out.
    """
    found = {one.id: one for one in kit}
    for path in sorted(folder.glob("*.yaml")):
        with suppress(ContentFault):
            found[path.stem] = read(path)
    return tuple(sorted(found.values(), key=lambda one: _by_number(Path(f"{one.id}.yaml"))))


def scenes_in(folder: Path) -> list[Scene]:
    """Every scene in a folder, in the order of the numbers in their ids (``v2`` before ``v10``)."""
    return [scene_from(path) for path in sorted(folder.glob("*.yaml"), key=_by_number)]


def _by_number(path: Path) -> tuple[int, str]:
    digits = path.stem.partition("-")[0].lstrip("v")
    return (int(digits) if digits.isdigit() else 999, path.stem)


def scene_from(path: Path) -> Scene:
    """The scene in one file.  Raises ``ContentFault`` with file, line and fix."""
    top = opened(path, "who", "context", "turns", "learning", "debrief", extra=("right",))
    spots = {key.code(): value for key, value in top["turns"].pairs()}
    scene = Scene(
        id=path.stem,
        title=top["name"].text(),
        who=top["who"].text(),
        context=top["context"].text(),
        turns=tuple(_turn(id, spot) for id, spot in spots.items()),
        learning=top["learning"].text(),
        debrief=top["debrief"].text(),
        right="right" in top and top["right"].plain() is True,
    )
    for turn_id, what in scene.faults():
        said, _, fix = what.partition("; ")
        where = spots.get(turn_id, top["turns"])
        raise where.fault(said, fix or "write the id of a turn, or end")
    return scene


def _turn(id: str, spot: Spot) -> Turn:
    fields = spot.fields(("says", "replies"))
    replies = tuple(_reply(key.code(), value) for key, value in fields["replies"].pairs())
    if len(replies) != REPLIES:
        raise fields["replies"].fault(f"there are {len(replies)} replies", "give four, from a to d")
    all_different(
        [value.fields(_REPLY, _REPLY_EXTRAS)["words"] for _, value in fields["replies"].pairs()]
    )
    return Turn(id, fields["says"].text(), replies)


def _reply(id: str, spot: Spot) -> Reply:
    fields = spot.fields(_REPLY, _REPLY_EXTRAS)
    return Reply(
        id=id,
        words=fields["words"].text(),
        kinds=_known(fields["kinds"], KINDS_OF_HELP),
        question=_question(fields["question"]) if "question" in fields else "",
        thinking=_sign(fields["thinking"]),
        help=_sign(fields["help"]),
        touches=_known(fields["touches"], INDICATORS) if "touches" in fields else (),
        then=fields["then"].text(),
        next=fields["next"].code(),
        why=fields["why"].text(),
        acceptable=fields["acceptable"].plain() is True if "acceptable" in fields else True,
    )


def _known(spot: Spot, codes: tuple[str, ...]) -> tuple[str, ...]:
    for one in spot.each():
        if one.text() not in codes:
            raise one.fault(f"{one.text()!r} is not known here", f"use {', '.join(codes)}")
    return spot.texts()


def _question(spot: Spot) -> str:
    if spot.text() not in QUESTIONS:
        raise spot.fault(f"{spot.text()!r} is no kind of question", f"use {', '.join(QUESTIONS)}")
    return spot.text()


def _sign(spot: Spot) -> int:
    """-1, 0 or +1."""
    value = spot.plain()
    if value not in (-1, 0, 1) or isinstance(value, bool):
        raise spot.fault("this should say which way it goes", "write -1, 0 or 1")
    return int(value)


def drills_in(folder: Path) -> list[Drill]:
    """Every drill in a folder, in the order of their numbers."""
    return [drill_from(path) for path in sorted(folder.glob("*.yaml"), key=_by_number)]


def drill_from(path: Path) -> Drill:
    """The drill in one file.  Raises ``ContentFault`` with file, line and fix."""
    top = opened(path, "kind", "intro", "items", extra=("checks", "choices"))
    kind = top["kind"].text()
    if kind not in LEAST_ITEMS:
        raise top["kind"].fault(f"{kind!r} is no kind of drill", f"use {', '.join(LEAST_ITEMS)}")
    choices = _choices(top, kind)
    return Drill(
        id=path.stem,
        title=top["name"].text(),
        kind=kind,
        intro=top["intro"].text(),
        items=_items(top["items"], LEAST_ITEMS[kind], tuple(code for code, _ in choices)),
        checks=top["checks"].texts() if "checks" in top else (),
        choices=choices,
    )


def _items(spot: Spot, least: int, codes: tuple[str, ...] = ()) -> tuple[DrillItem, ...]:
    """The items of a drill; where there are ``codes``, every answer is one of them."""
    found = _listed(spot, least, "id", "words", "answers", "why")
    for fields in found if codes else ():
        _known(fields["answers"], codes)
    return tuple(
        DrillItem(f["id"].code(), f["words"].text(), f["answers"].texts(), f["why"].text())
        for f in found
    )


def _listed(spot: Spot, least: int, *names: str) -> list[dict[str, Spot]]:
    """A list of things with these fields and different ids, at least so many."""
    found = [one.fields(names) for one in spot.each()]
    all_different([fields["id"] for fields in found])
    if len(found) < least:
        raise spot.fault(f"there are {len(found)} items", f"give at least {least}")
    return found


def _choices(top: dict[str, Spot], kind: str) -> tuple[tuple[str, str], ...]:
    if kind == "spot" and "choices" not in top:
        return tuple((code, words) for code, words in QUESTIONS.items() if code != "silence")
    if "choices" not in top:
        return ()
    return tuple((code.code(), words.text()) for code, words in top["choices"].pairs())


def statements_in(folder: Path) -> list[Drill]:
    """Every set of statements to sort in a folder."""
    return [statements_from(path) for path in sorted(folder.glob("*.yaml"), key=_by_number)]


def statements_from(path: Path) -> Drill:
    """Statements to sort, and where we would put each.  Raises ``ContentFault`` with line and fix.

    An item's answers are codes of choices; more than one may do.
    """
    top = opened(path, "intro", "choices", "items")
    choices = tuple((code.code(), words.text()) for code, words in top["choices"].pairs())
    if len(choices) < 2:
        raise top["choices"].fault("there is one place to put them all", "give two choices or more")
    return Drill(
        id=path.stem,
        title=top["name"].text(),
        kind="sort",
        intro=top["intro"].text(),
        items=_items(top["items"], LEAST_STATEMENTS, tuple(code for code, _ in choices)),
        choices=choices,
    )


def cards_in(folder: Path) -> list[Cards]:
    """Every set of cards in a folder."""
    return [cards_from(path) for path in sorted(folder.glob("*.yaml"), key=_by_number)]


def cards_from(path: Path) -> Cards:
    """The cards in one file.  Raises ``ContentFault`` with file, line and fix."""
    top = opened(path, "intro", "items")
    return Cards(
        id=path.stem,
        title=top["name"].text(),
        intro=top["intro"].text(),
        items=tuple(
            Card(f["id"].code(), f["words"].text(), f["ask"].text())
            for f in _listed(top["items"], 1, "id", "words", "ask")
        ),
    )
