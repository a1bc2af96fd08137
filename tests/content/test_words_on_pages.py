"""What people read is kind, plain and short: every workbook and every data file of the kit."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from cascade_tools import shelf
from cascade_tools.kit import kit_folder

DATA = kit_folder("data")
NOTEBOOKS = sorted(kit_folder("workbooks").rglob("*.ipynb"))
KIT_FILES = sorted([*DATA.glob("*.yaml"), *DATA.glob("frameworks/*.yaml")])

NEVER_A_PERSON = """
client|coachee|mentee|beneficiary|beneficiaries|service user|deficit|non-engaged
vulnerable leader|risk score|dependency|dependent leader|compliance|cascaded to
sent|referred|weak|weakness|fail|failed|failing|failure|fix|fixed|fixing|case
diagnose|diagnosed|diagnosis|diagnostic|consultant|intervention|empower|empowered|empowering
"""
NEVER_A_PICTURE = "score|percentile|clinical|valid|reliable|norm|risk"
NEVER_PLAIN = r"""
e\.g\.?|eg|i\.e\.?|ie|etc|via|viz|n\.b\.?|click here|please note|utilise|utilize|leverage
program|organization|behavior|labor|center|color|recognize|realize|favorite
"""
AVOID = "|".join(
    [*NEVER_A_PERSON.split("\n")[1:-1], *NEVER_PLAIN.split("\n")[1:-1], NEVER_A_PICTURE]
)
ALLOWED = {
    ("my-overview", "scores"): "the page promises that it shows none",
}
LANGUAGE = re.compile(rf"(?<![\w-])(?:{AVOID})s?(?![\w-])", re.IGNORECASE)


def instructions(path: Path) -> list[str]:
    """The author's words in a notebook: its Markdown, its summary and what happens next."""
    doc = json.loads(path.read_text(encoding="utf-8"))
    about = doc["metadata"].get("cascade", {})
    cells = ["".join(c["source"]) for c in doc["cells"] if c["cell_type"] == "markdown"]
    return [*cells, about.get("summary", ""), about.get("next", "")]


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (s for v in value.values() for s in strings(v))
    elif isinstance(value, list):
        yield from (s for v in value for s in strings(v))


def questions(path: Path) -> list[str]:
    """Questions, hints, choices and other ways in: what stands beside a control."""
    return [
        text
        for p in shelf.read(path).prompts
        for text in (p.question, p.hint, p.own_tick, *p.other_ways, *(c.words for c in p.choices))
        if text
    ]


def file_words(path: Path) -> list[str]:
    if path.suffix == ".ipynb":
        return [*instructions(path), *questions(path)]
    return list(strings(yaml.safe_load(path.read_text(encoding="utf-8"))))


@pytest.mark.parametrize("path", [*NOTEBOOKS, *KIT_FILES], ids=lambda p: p.stem)
def test_words_to_avoid_are_avoided(path: Path) -> None:
    """No page or data file uses a word that labels people, or one that is not plain English.

    The demonstration is left out: there fictional people speak for themselves.
    """
    found = [match[0] for text in file_words(path) for match in LANGUAGE.finditer(text)]
    assert [word for word in found if (path.stem, word) not in ALLOWED] == []


def sentences(texts: list[str]) -> list[list[str]]:
    """Each sentence as its words; a heading, a list line or a label is a sentence of its own."""
    lines = [line for text in texts for line in text.splitlines()]
    parts = [part for line in lines for part in re.split(r"(?<=[.?!])[\"”*]*\s+", line)]
    return [words for part in parts if (words := re.findall(r"[A-Za-z][A-Za-z'’-]*", part))]


def syllables(word: str) -> int:
    """An estimate good enough for a school grade: groups of vowels, less a silent e."""
    word = re.sub(r"(?:'s|’s)$", "", word.lower())
    word = re.sub(r"(?<=[^aeiouyl])e$|(?<=[aeiouy][^aeiouy])es$|(?<=[^td])ed$", "", word)
    return max(1, len(re.findall(r"[aeiouy]+", word)))


def grade(texts: list[str]) -> float:
    """Flesch-Kincaid: the American school grade in which most can read this."""
    found = sentences(texts)
    words = [word for sentence in found for word in sentence]
    per_word = sum(map(syllables, words)) / len(words)
    return 0.39 * len(words) / len(found) + 11.8 * per_word - 15.59


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_pages_can_be_read_by_an_eleven_year_old(path: Path) -> None:
    """Instructions stay at grade 6 or under, questions at 9 or under."""
    assert grade(instructions(path)) <= 6
    asked = questions(path)
    assert not asked or grade(asked) <= 9


@pytest.mark.parametrize("path", [*NOTEBOOKS, *KIT_FILES], ids=lambda p: p.stem)
def test_sentences_are_short(path: Path) -> None:
    """No sentence has more than 25 words, and on average they have at most 15."""
    lengths = [len(sentence) for sentence in sentences(file_words(path))]
    assert max(lengths) <= 25
    assert sum(lengths) / len(lengths) <= 15


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_headings_are_in_sentence_case_and_words_are_plain_markdown(path: Path) -> None:
    """Only the first word of a heading begins with a capital, and no HTML is used."""
    text = "\n".join(instructions(path))
    for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE):
        rest = [word for word in heading.split()[1:] if word not in ("I", "I'm")]
        assert not [word for word in rest if word[0].isupper()], heading
    assert "<" not in text
