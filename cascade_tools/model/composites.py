"""Answers made of parts: an action, of which there may be several, and a goal.

A composite is a table of its parts.  The page, the posted form, the script and the rules below
are written for any such table, so that there is one way to ask, keep and read them.

Nothing is refused for being unfinished: an action without a date is a draft, and says what it
still needs.  A wrong date stays as it was typed.
"""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from cascade_tools.model.typed import day_in_words, day_of, tidy

if TYPE_CHECKING:
    from cascade_tools.model.prompts import Prompt

Item = dict[str, Any]

MOST_ITEMS = 20
MOST_IN_A_LINE = 200
MOST_IN_A_BOX = 20_000
ID = re.compile(r"[0-9a-f]{8}\Z")
UNREADABLE = "This could not be read. Open the page again."


@dataclass(frozen=True, slots=True)
class Part:
    """One box, date or choice of a composite.

    ``said`` is its short name where an answer is read.  ``starts`` is what it holds before anybody
    answers; ``none`` the words of choosing nothing.  ``says`` opens a quiet line under a choice.
    ``when`` names another part and its code: only then is this asked, and it stands in for that
    code's words.  ``fold`` is the heading it is folded under.  ``later`` waits until the item is
    kept, and what ``follows`` a choice until that is no longer as it started.  ``needed`` names
    what is missing while it is empty.  ``within`` names an earlier date and how many days after it
    this date may lie at most.
    """

    name: str
    label: str
    kind: str  # "text", "long", "date" or "choice"
    said: str
    choices: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    starts: str = ""
    none: str = ""
    says: tuple[tuple[str, str], ...] = ()
    when: tuple[str, str] | None = None
    fold: str = ""
    later: bool = False
    follows: bool = False
    needed: str = ""
    within: tuple[str, int] | None = None

    def asked_of(self, item: Mapping[str, Any]) -> bool:
        return self.when is None or item.get(self.when[0]) == self.when[1]


@dataclass(frozen=True, slots=True)
class Composite:
    """``many``: the answer is a list of such items, and ``add`` asks for one more.
    ``dated`` is the part whose earlier dates are kept.  ``over`` names a part and the codes with
    which nothing is missing any more.
    """

    name: str
    parts: tuple[Part, ...]
    many: bool = False
    add: str = ""
    dated: str = ""
    over: tuple[str, tuple[str, ...]] = ("", ())

    def part(self, name: str) -> Part:
        return next(p for p in self.parts if p.name == name)

    def blank(self) -> Item:
        """An item nobody has written in."""
        start: Item = {"id": ""} if self.many else {}
        start |= {p.name: p.starts for p in self.parts}
        return start | {"moved": []} if self.many else start


_WHO_AND_WHEN = "Who and by when"
_MORE = "More about it"

ACTION = Composite(
    "action",
    (
        Part("what", "What needs doing?", "long", "What", hint="Start with a verb.",
             needed="what needs doing"),
        Part("owner", "Who will do it?", "choice", "Who",
             (("leader", "The leader"), ("coach", "The coach"), ("someone", "Somebody else")),
             starts="leader", says=(("coach", "Is this yours to do?"),), fold=_WHO_AND_WHEN,
             needed="who will do it"),
        Part("owner_name", "Who is that? Initials or a role.", "text", "Who",
             when=("owner", "someone"), fold=_WHO_AND_WHEN, needed="who will do it"),
        Part("due", "By when?", "date", "By when", fold=_WHO_AND_WHEN, needed="by when"),
        Part("first_review", "When will you first look back at it?", "date", "First look back",
             hint="Two weeks after that date at the latest. Your next session is a good day.",
             fold=_WHO_AND_WHEN, needed="the first review", within=("due", 14)),
        Part("status", "How does it stand?", "choice", "How it stands",
             (("planned", "Planned"), ("under-way", "Under way"), ("done", "Done"),
              ("changed", "Changed"), ("let-go", "Let go")), starts="planned", later=True),
        Part("note", "What happened?", "long", "What happened",
             hint="To let go can be a good choice. You can say why.", later=True, follows=True),
        Part("why", "Why does it matter?", "long", "Why it matters", fold=_MORE),
        Part("done_when", "How will you know that it is done?", "long", "Done when", fold=_MORE),
        Part("copy", "Who gets a copy?", "text", "Copy to",
             hint="Initials or roles. Nobody gets one from this kit.", fold=_MORE),
    ),
    many=True,
    add="Add an action",
    dated="due",
    over=("status", ("done", "let-go")),
)  # fmt: skip

GOAL = Composite(
    "goal",
    (
        Part("goal", "Your goal, in a sentence", "long", "Goal"),
        Part("success", "What would you call success?", "long", "Success (0)"),
        Part("less", "What would be less than that?", "long", "Less than hoped (−1)",
             hint="Often this is where things stand at the start."),
        Part("better", "What would be better still?", "long", "Better than hoped (+1)"),
        Part("matters", "How much does it matter to you?", "choice", "How much it matters",
             (("1", "Some"), ("2", "A lot"), ("3", "Most of all")), none="Not said"),
        Part("now", "Where is it today?", "choice", "Today",
             (("-2", "Much less than I hoped"), ("-1", "Less than I hoped"),
              ("0", "What I would call success"), ("1", "Better than I hoped"),
              ("2", "Much better than I hoped")), none="Not yet"),
    ),
)  # fmt: skip

_BY_KIND = {c.name: c for c in (ACTION, GOAL)}


def composite_of(kind: str) -> Composite | None:
    """The table of a kind of prompt; None for a kind that is answered in one piece."""
    return _BY_KIND.get(kind)


def table(kind: str) -> Composite:
    """The table of a kind that has one."""
    return _BY_KIND[kind]


# What is kept


def check(composite: Composite, raw: Any) -> tuple[Any, str]:
    """The answer as it is stored, or the sentence of the problem with it."""
    if not composite.many:
        item, problem = _item(composite, raw)
        return (None, problem) if problem or empty(composite, item) else (item, "")
    if not isinstance(raw, list):
        return None, UNREADABLE
    kept: list[Item] = []
    for one in raw:
        item, problem = _item(composite, one)
        if problem:
            return None, problem
        if not empty(composite, item):
            # A name of its own, by which its earlier dates are found again.
            while not item["id"] or item["id"] in {k["id"] for k in kept}:
                item["id"] = secrets.token_hex(4)
            kept.append(item)
    if len(kept) > MOST_ITEMS:
        return None, f"There is room for {MOST_ITEMS} here. Let the ones that are over go."
    return kept, ""


def _item(composite: Composite, raw: Any) -> tuple[Item, str]:
    item = composite.blank()
    if not isinstance(raw, dict):
        return item, UNREADABLE
    for part in composite.parts:
        value = raw.get(part.name)
        value = part.starts if value is None else value
        if not isinstance(value, str):
            return item, UNREADABLE
        if part.kind == "choice":
            if value and value not in dict(part.choices):
                return item, UNREADABLE
            item[part.name] = value or part.starts
            continue
        most = MOST_IN_A_BOX if part.kind == "long" else MOST_IN_A_LINE
        if len(value) > most:
            return item, f"Make “{part.label}” shorter. It can hold {most:,} characters."
        item[part.name] = tidy(value)
        if part.kind == "date" and (day := day_of(value)):
            item[part.name] = day.isoformat()
    if composite.many:
        name, moved = raw.get("id"), raw.get("moved")
        item["id"] = name if isinstance(name, str) and ID.match(name) else ""
        days = moved if isinstance(moved, list) else []
        item["moved"] = [d for d in days if isinstance(d, str) and _real(d) == d][:MOST_ITEMS]
    return item, ""


def empty(composite: Composite, item: Item) -> bool:
    """Nothing but what it starts with.  One of many is also empty when all its boxes are: so an
    action can be taken away."""
    return not any(
        item[p.name].strip() and item[p.name] != p.starts
        for p in composite.parts
        if not (composite.many and p.kind == "choice")
    )


def _real(text: str) -> str:
    day = day_of(text)
    return day.isoformat() if day else ""


def keep_history(prompt: "Prompt", value: Any, before: Any) -> Any:
    """The answer with its earlier dates: moving a date keeps the old one.

    ``before`` is what was saved until now.  A date that is moved back where it was has not moved.
    """
    composite = composite_of(prompt.kind)
    if composite is None or not composite.dated or not isinstance(value, list):
        return value
    known = {i.get("id"): i for i in before if isinstance(i, dict)} if before else {}
    return [_with_history(composite.dated, item, known.get(item["id"])) for item in value]


def _with_history(part: str, item: Item, before: Item | None) -> Item:
    if before is None:
        return item
    moved = list(before.get("moved") or [])
    old, new = _real(before.get(part) or ""), item[part]
    if old and old != new:
        moved.append(old)
    if new in moved:
        moved = moved[: moved.index(new)]
    # The first promise and the latest ones are what anybody asks about.
    return {**item, "moved": moved if len(moved) <= MOST_ITEMS else [moved[0], *moved[-19:]]}


# What is missing


def agreed(action: Mapping[str, Any]) -> bool:
    """Whether an action says what, who, by when, and when it is first looked at again."""
    return not missing(action)


def missing(action: Mapping[str, Any]) -> list[str]:
    """What would make a draft an agreed action: ``["add by when", "add the first review"]``."""
    return lacks(ACTION, action)


def lacks(composite: Composite, item: Mapping[str, Any]) -> list[str]:
    """What an item still needs, as things to do."""
    found: list[str] = []
    for part in composite.parts:
        if not part.needed or not part.asked_of(item):
            continue
        value = str(item.get(part.name) or "").strip()
        if not value:
            found.append(f"add {part.needed}")
        elif part.kind == "date":
            found += _date_lacks(part, item, value)
    return found


def _date_lacks(part: Part, item: Mapping[str, Any], value: str) -> list[str]:
    day = day_of(value)
    if day is None:
        return [f"write {part.needed} as a real date"]
    first = day_of(str(item.get(part.within[0]) or "")) if part.within else None
    if part.within is None or first is None:
        return []
    last = first + timedelta(part.within[1])
    return [] if day <= last else [f"move {part.needed} to {day_in_words(last)} or earlier"]
