"""A prompt is one question with one control; an answer is what a person gave it.

An answer is a plain JSON value.  ``None`` means *not reached*; ``0`` and ``"no"`` are answers;
*did not come up* and *skipped* are answers of their own.
"""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

Answer = str | int | list[str] | None

NOT_UP = "did-not-come-up"
SKIPPED = "skipped"
MOST_CHARACTERS = 100_000
SHORT_CHARACTERS = 200
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class Kind(StrEnum):
    TEXT = "text"
    LONG = "long"
    CHOICE = "choice"
    CHOICES = "choices"
    SCALE = "scale"
    DATE = "date"


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
    Who.PAIR: "You and the other person in this, once you record it",
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
class Prompt:
    """One question.

    ``words_from`` names where a scale's five points come from (``"thinking/D1"``).
    ``says`` pairs a choice's code with the panel that opens under it.
    ``own_tick`` is the sentence of a box of its own, unticked, without which the answer is never
    shared.  ``other_ways`` are questions folded away under "Other ways in".
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
    cell: int = field(default=0, compare=False)

    @property
    def asked(self) -> str:
        """A short name for exactly this wording, kept with every answer given to it.

        An answer is shown under the words it was given to, however the workbook changes.
        """
        return hashlib.sha256(json.dumps(self.as_asked(), sort_keys=True).encode()).hexdigest()[:16]

    def as_asked(self) -> dict[str, Any]:
        """What must be remembered of this prompt to read an old answer."""
        return {
            "key": self.key,
            "kind": str(self.kind),
            "question": self.question,
            "choices": [[c.code, c.words] for c in self.choices],
            "who": str(self.who),
            "words_from": self.words_from,
            "choices_from": self.choices_from,
            "own_tick": self.own_tick,
        }

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
        )


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an answer cannot be accepted, in one sentence that says what to do."""

    key: str
    sentence: str


def given(value: Answer) -> bool:
    """Whether a person has answered: 0 counts, an emptied box does not."""
    return value is not None and value != "" and value != []


def check_answer(prompt: Prompt, raw: Any) -> Answer | Problem:
    """The answer as it is stored, or the problem to show beside the question."""
    if raw is None or raw in ("", []):
        return None if prompt.kind is Kind.SCALE else ([] if prompt.kind is Kind.CHOICES else "")
    match prompt.kind:
        case Kind.TEXT | Kind.LONG:
            return _check_words(prompt, raw)
        case Kind.CHOICE:
            if isinstance(raw, str) and raw in {c.code for c in prompt.choices}:
                return raw
        case Kind.CHOICES:
            if isinstance(raw, str):
                raw = [raw]
            codes = [c.code for c in prompt.choices]
            if isinstance(raw, list) and all(one in codes for one in raw):
                return [c for c in codes if c in raw]
        case Kind.SCALE:
            if raw in (NOT_UP, SKIPPED) and raw in {c.code for c in prompt.choices}:
                return str(raw)
            if not isinstance(raw, bool) and str(raw) in {"0", "1", "2", "3", "4"}:
                return int(raw)
        case Kind.DATE:
            return _check_date(prompt, raw)
    return Problem(prompt.key, "Choose one of the answers on the page.")


def _check_words(prompt: Prompt, raw: Any) -> Answer | Problem:
    if not isinstance(raw, str):
        return Problem(prompt.key, "Write your answer as words.")
    most = SHORT_CHARACTERS if prompt.kind is Kind.TEXT else MOST_CHARACTERS
    if len(raw) > most:
        return Problem(prompt.key, f"Make this shorter. It can hold {most:,} characters.")
    # Half of a character that takes two (a picture cut in the middle) cannot be stored.
    whole = raw.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return whole.replace("\r\n", "\n").replace("\r", "\n")


def _check_date(prompt: Prompt, raw: Any) -> Answer | Problem:
    """Day, month, year in that order (or year first), with "-", "/", "." or spaces between."""
    example = Problem(prompt.key, "Write a real date, such as 27 3 2026.")
    if not isinstance(raw, str) or len(raw) > 40:
        return example
    parts = raw.replace("/", "-").replace(".", "-").replace(" ", "-").split("-")
    parts = [p for p in parts if p]
    if len(parts) != 3:
        return Problem(prompt.key, "Write the day, the month and the year, such as 27 3 2026.")
    if len(parts[0]) == 4:
        parts.reverse()
    day, month, year = parts
    if month[:3].lower() in MONTHS:
        month = str(MONTHS.index(month[:3].lower()) + 1)
    try:
        number = int(year) + (2000 if len(year) == 2 else 0)
        value = date(number, int(month), int(day))
    except (ValueError, OverflowError):
        return example
    if not 1900 <= value.year <= 2200:
        return example
    return value.isoformat()


def in_words(prompt: Prompt, value: Answer) -> str:
    """An answer as people read it: a choice in its words, a date written out."""
    if not given(value):
        return ""
    words = {c.code: c.words for c in prompt.choices}
    if isinstance(value, list):
        return "; ".join(words.get(v, v) for v in value)
    if prompt.kind is Kind.DATE and isinstance(value, str):
        day = date.fromisoformat(value)
        return f"{day.day} {day:%B %Y}"
    return words.get(str(value), str(value))
