"""The programme's own item sets: what the questions behind a picture are."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Item:
    """One question of an item set, with its five points in words, from 0 to 4.

    ``supervisor_asks`` are questions a supervisor might ask; ``false_alarm`` says when a high
    answer means nothing; ``source`` says where the question comes from, in our words.
    ``leader`` is the same matter as the leader is asked it; ``other_answer`` is what this item
    says in place of the set's "Did not come up".
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
