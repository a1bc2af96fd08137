"""Item sets, frameworks and measures: what is asked and named, and where it comes from."""

from dataclasses import dataclass

from cascade_tools.model.prompts import Choice, Prompt


@dataclass(frozen=True, slots=True)
class Item:
    """One question of an item set, with its five points in words, from 0 to 4.

    ``supervisor_asks`` are questions a supervisor might ask; ``false_alarm`` says when a high
    answer means nothing; ``source`` says where the question comes from, in our words.
    ``leader`` is the same matter as the leader is asked it; ``other_answer`` is what this item
    says in place of the set's "Did not come up".  ``words`` is the item's short name, and
    ``group`` the code of the group it stands in.  ``serves`` names an item of another set that
    one answer counts for as well (``"axes/LD1"``): nobody is asked the same thing twice.
    """

    id: str
    question: str
    points: tuple[str, str, str, str, str]
    axis: str = ""
    supervisor_asks: tuple[str, ...] = ()
    false_alarm: str = ""
    source: str = ""
    leader: str = ""
    other_answer: str = ""
    words: str = ""
    group: str = ""
    serves: str = ""


@dataclass(frozen=True, slots=True)
class ItemSet:
    """``id`` is the file's name (``"thinking_v1"``); ``name`` is what pages call it."""

    id: str
    name: str
    items: tuple[Item, ...]
    other_answer: str = ""

    def item(self, item_id: str) -> Item | None:
        return next((i for i in self.items if i.id == item_id), None)


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of the iceberg.  ``depth`` runs 0 to 5; None for the water and the way back up.

    ``leader`` and ``coach`` are other ways in; ``signs`` tell a coach that the talk is here;
    ``care`` is what to be careful about.
    """

    id: str
    name: str
    depth: int | None
    question: str
    leader: tuple[str, ...]
    coach: tuple[str, ...]
    signs: str = ""
    care: str = ""


@dataclass(frozen=True, slots=True)
class FrameworkItem:
    """One part of a framework.  ``words`` is what people read, ``question`` asks about it.

    ``more`` is a sentence about it, and ``group`` the words of the group it stands in.
    """

    id: str
    words: str
    question: str = ""
    more: str = ""
    group: str = ""
    lower_is_better: bool = False


@dataclass(frozen=True, slots=True)
class Framework:
    """A list that others, or the programme, have made, with where it comes from.

    ``status`` is ``"current"`` or ``"historic"``: a historic list is no longer in use where it was
    made, and pages say so.
    """

    id: str
    name: str
    source: str
    year: int
    status: str
    licence: str
    items: tuple[FrameworkItem, ...]

    @property
    def groups(self) -> tuple[str, ...]:
        """The words of its groups, in order; empty where it has none."""
        return tuple(dict.fromkeys(item.group for item in self.items if item.group))

    @property
    def choices(self) -> tuple[Choice, ...]:
        """Its items as a list to choose from."""
        return tuple(Choice(item.id.lower(), item.words) for item in self.items)

    def item(self, item_id: str) -> FrameworkItem | None:
        return next((i for i in self.items if i.id == item_id), None)


@dataclass(frozen=True, slots=True)
class Measure:
    """Questions that others have written and tested, which somebody here may use.

    ``attribution`` is what the licence asks to be shown beside them; ``intro`` stands before the
    first.  Wording and order are theirs, and never changed.  ``lower_is_better`` holds the keys of
    those where a lower answer is the better one.
    """

    id: str
    name: str
    source: str
    licence: str
    attribution: str
    intro: str
    prompts: tuple[Prompt, ...]
    lower_is_better: frozenset[str] = frozenset()
