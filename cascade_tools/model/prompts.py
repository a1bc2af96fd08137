"""A prompt is one question with one control; an answer is what a person gave it.

An answer is a plain JSON value.  ``None`` means *not reached*; ``0`` and ``"no"`` are answers;
*did not come up* and *skipped* are answers of their own.  A goal is a mapping of its parts, and
actions are a list of such mappings (see ``composites``); an order and a classification are
mappings by code (see ``sorting``).
"""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any

from cascade_tools.model import composite_words, composites, sorting
from cascade_tools.model.typed import MOST_OF_A_DATE, day_in_words, day_of, parts_of, tidy

Answer = str | int | list[Any] | dict[str, Any] | None

NOT_UP = "did-not-come-up"
SKIPPED = "skipped"
MOST_CHARACTERS = 100_000
SHORT_CHARACTERS = 200
PERSON_CHARACTERS = 40
FIVE = tuple(str(n) for n in range(5))
ELEVEN = tuple(str(n) for n in range(11))


class Kind(StrEnum):
    TEXT = "text"
    LONG = "long"
    CHOICE = "choice"
    CHOICES = "choices"
    SCALE = "scale"
    DATE = "date"
    PERSON = "person"
    YES_NO_SKIP = "yes_no_skip"
    TEN = "ten"
    ACTION = "action"
    GOAL = "goal"
    ORDER = "order"
    CLASSIFY = "classify"


class Who(StrEnum):
    """Who can see an answer: the visibility class, by the name authors write."""

    ONLY_ME = "only-me"
    MINE = "mine"
    PAIR = "pair"
    PROGRAMME = "programme"
    GROUP_RESULTS = "group-results"
    SUBMITTED = "submitted"

    @property
    def words(self) -> str:
        return WHO_WORDS[self]


WHO_WORDS = {
    Who.ONLY_ME: "Only you, always",
    Who.MINE: "Only you, unless you share it",
    Who.PAIR: "You and the other person in this",
    Who.PROGRAMME: "The programme can see that this happened, not what you wrote",
    Who.GROUP_RESULTS: "Used in group results only",
    Who.SUBMITTED: "You send this to the programme",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """``code`` is stored and never changes; ``words`` are what people read."""

    code: str
    words: str


@dataclass(frozen=True, slots=True)
class Statement:
    """Something to classify.  ``heard`` are the choices the kit would give it, and ``why``: said
    beside one's own answer, and no part of the question."""

    code: str
    words: str
    heard: tuple[str, ...] = ()
    why: str = ""


def from_0_to_10(none: str, all: str) -> tuple[Choice, ...]:
    """The eleven points of ``ask.ten``, of which only the ends have words, and leaving it out."""
    points = [str(n) for n in range(11)]
    points[0], points[10] = f"0: {none}", f"10: {all}"
    return (
        *(Choice(str(n), words) for n, words in enumerate(points)),
        Choice(SKIPPED, "Skip this one"),
    )


@dataclass(frozen=True)
class Prompt:
    """One question.

    ``choices`` are also the lines of an order, and what statements are classified as.
    ``words_from`` names where a scale's five points come from (``"thinking/D1"``).
    ``says`` pairs a choice's code with the panel that opens under it.
    ``own_tick`` is the sentence of a box of its own, unticked, without which the answer is never
    shared.  ``other_ways`` are questions folded away under "Other ways in".
    ``from_before`` names the workbook and key whose newest answer opens this one
    (``"coach/after-i-coach/question-landed"``).  ``sealed_months`` is how long the words are not
    shown once the entry is committed.  ``beside`` is the question of a line that stands for one
    box beside each answer of what was shared; every box made of it carries it, too (``threads``).
    """

    key: str
    kind: Kind
    question: str
    choices: tuple[Choice, ...] = ()
    hint: str = ""
    who: Who = Who.MINE
    keep: bool = True
    words_from: str = ""
    choices_from: str = ""
    says: tuple[tuple[str, str], ...] = ()
    own_tick: str = ""
    other_ways: tuple[str, ...] = ()
    from_before: str = ""
    sealed_months: int = 0
    statements: tuple[Statement, ...] = ()
    beside: str = ""
    cell: int = field(default=0, compare=False)

    @cached_property
    def asked(self) -> str:
        """A short name for exactly this wording, kept with every answer given to it.

        An answer is shown under the words it was given to, however the workbook changes.
        """
        return hashlib.sha256(json.dumps(self.as_asked(), sort_keys=True).encode()).hexdigest()[:16]

    @property
    def statement_words(self) -> dict[str, str]:
        return {s.code: s.words for s in self.statements}

    def as_asked(self) -> dict[str, Any]:
        """What must be remembered of this prompt to read an old answer."""
        asked: dict[str, Any] = {
            "key": self.key,
            "kind": str(self.kind),
            "question": self.question,
            "choices": [[c.code, c.words] for c in self.choices],
            "who": str(self.who),
            "words_from": self.words_from,
            "choices_from": self.choices_from,
            "own_tick": self.own_tick,
        }
        # What came later is remembered only where it is used, so that older names stay the same.
        if self.sealed_months:
            asked["sealed_months"] = self.sealed_months
        if self.statements:
            asked["statements"] = [[s.code, s.words] for s in self.statements]
        return asked

    @classmethod
    def from_asked(cls, doc: dict[str, Any]) -> "Prompt":
        return cls(
            key=doc["key"],
            kind=Kind(doc["kind"]),
            question=doc["question"],
            choices=tuple(Choice(code, words) for code, words in doc["choices"]),
            who=Who(doc["who"]),
            words_from=doc["words_from"],
            choices_from=doc["choices_from"],
            own_tick=doc["own_tick"],
            sealed_months=doc.get("sealed_months", 0),
            statements=tuple(Statement(code, words) for code, words in doc.get("statements", ())),
        )


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an answer cannot be accepted, in one sentence that says what to do."""

    key: str
    sentence: str


def given(value: Answer) -> bool:
    """Whether a person has answered: 0 counts, an emptied box does not."""
    return value is not None and value not in ("", [], {})


def check_answer(prompt: Prompt, raw: Any) -> Answer | Problem:
    """The answer as it is stored, or the problem to show beside the question."""
    if raw is None or raw in ("", [], {}):
        return _emptied(prompt.kind)
    match prompt.kind:
        case Kind.TEXT | Kind.LONG | Kind.PERSON:
            return _check_words(prompt, raw)
        case Kind.CHOICE | Kind.YES_NO_SKIP:
            if isinstance(raw, str) and raw in {c.code for c in prompt.choices}:
                return raw
        case Kind.CHOICES:
            if isinstance(raw, str):
                raw = [raw]
            codes = [c.code for c in prompt.choices]
            if isinstance(raw, list) and all(one in codes for one in raw):
                return [c for c in codes if c in raw]
        case Kind.SCALE | Kind.TEN:
            if raw in (NOT_UP, SKIPPED) and raw in {c.code for c in prompt.choices}:
                return str(raw)
            points = FIVE if prompt.kind is Kind.SCALE else ELEVEN
            if not isinstance(raw, bool) and str(raw) in points:
                return int(raw)
        case Kind.DATE:
            return _check_date(prompt, raw)
        case Kind.ACTION | Kind.GOAL:
            value, sentence = composites.check(composites.table(prompt.kind), raw)
            return Problem(prompt.key, sentence) if sentence else value
        case Kind.ORDER:
            numbers, sentence = sorting.check_order([c.code for c in prompt.choices], raw)
            return Problem(prompt.key, sentence) if sentence else numbers
        case Kind.CLASSIFY:
            bins = [c.code for c in prompt.choices]
            found, sentence = sorting.check_classes([s.code for s in prompt.statements], bins, raw)
            return Problem(prompt.key, sentence) if sentence else found
    return Problem(prompt.key, sorting.UNREADABLE)


def _emptied(kind: Kind) -> Answer:
    """What is kept when an answer is taken back."""
    match kind:
        case Kind.SCALE | Kind.TEN | Kind.GOAL | Kind.ORDER | Kind.CLASSIFY:
            return None
        case Kind.CHOICES | Kind.ACTION:
            return []
    return ""


def _check_words(prompt: Prompt, raw: Any) -> Answer | Problem:
    if not isinstance(raw, str):
        return Problem(prompt.key, "Write your answer as words.")
    most = {Kind.TEXT: SHORT_CHARACTERS, Kind.PERSON: PERSON_CHARACTERS}.get(
        prompt.kind, MOST_CHARACTERS
    )
    if len(raw) > most:
        return Problem(prompt.key, f"Make this shorter. It can hold {most:,} characters.")
    return tidy(raw)


def _check_date(prompt: Prompt, raw: Any) -> Answer | Problem:
    """Day, month, year in that order (or year first), with "-", "/", "." or spaces between."""
    if isinstance(raw, str) and len(raw) <= MOST_OF_A_DATE and len(parts_of(raw)) != 3:
        sentence = "Write the day, the month and the year, such as 27 3 2026."
        return Problem(prompt.key, sentence)
    day = day_of(raw) if isinstance(raw, str) else None
    if day is None:
        return Problem(prompt.key, "Write a real date, such as 27 3 2026.")
    return day.isoformat()


def in_words(prompt: Prompt, value: Answer) -> str:
    """An answer as people read it: a choice in its words, a date written out."""
    if not given(value):
        return ""
    composite = composites.composite_of(prompt.kind)
    if composite is not None:
        return composite_words.in_words(composite, value)
    words = {c.code: c.words for c in prompt.choices}
    if isinstance(value, dict):
        if prompt.kind is Kind.ORDER:
            return sorting.order_in_words(words, value)
        return sorting.classes_in_words(words, prompt.statement_words, value)
    if isinstance(value, list):
        return "; ".join(words.get(str(v), str(v)) for v in value)
    if prompt.kind is Kind.DATE and isinstance(value, str):
        return day_in_words(date.fromisoformat(value))
    return words.get(str(value), str(value))
