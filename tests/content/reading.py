"""What a person reads, wherever it stands: notebooks, data files, page templates, messages."""

import ast
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import yaml

from cascade_tools import shelf

INLINE = {"em", "strong", "code", "a", "b", "i", "span", "q"}
SPOKEN = {"aria-label", "title", "placeholder", "alt"}


def words_of(path: Path) -> list[str]:
    """Every piece of text in a file of the kit that people read."""
    match path.suffix:
        case ".ipynb":
            return [*instructions(path), *questions(path)]
        case ".html":
            return page_words(path)
        case ".py":
            return list(messages(path))
    return list(strings(yaml.safe_load(path.read_text(encoding="utf-8"))))


def instructions(path: Path) -> list[str]:
    """The author's words in a notebook: its Markdown, its summary and what happens next."""
    doc = json.loads(path.read_text(encoding="utf-8"))
    about = doc["metadata"].get("cascade", {})
    cells = ["".join(c["source"]) for c in doc["cells"] if c["cell_type"] == "markdown"]
    return [*cells, about.get("summary", ""), about.get("next", "")]


def questions(path: Path) -> list[str]:
    """Questions, hints, choices and other ways in: what stands beside a control."""
    return [
        text
        for p in shelf.read(path).prompts
        for text in (
            p.question,
            p.hint,
            p.own_tick,
            *p.other_ways,
            *(c.words for c in (*p.choices, *p.statements)),
        )
        if text
    ]


def strings(value: Any) -> Iterator[str]:
    """Every text in what a data file holds."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (s for v in value.values() for s in strings(v))
    elif isinstance(value, list):
        yield from (s for v in value for s in strings(v))


def page_words(path: Path) -> list[str]:
    """The words of a page template: what stands on the page, what only a screen reader says, and
    sentences in quotes within its tags.  A value that is filled in counts as one word."""
    source = re.sub(r"{#.*?#}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    source = re.sub(r"{% block body %}.*?{% endblock %}", "", source, flags=re.DOTALL)
    tags = " ".join(re.findall(r"{[{%].*?[%}]}", source, flags=re.DOTALL))
    quoted = re.findall(r'"([^"<>{}]* [^"<>{}]* [^"<>{}]*)"', tags)
    source = re.sub(r"{%.*?%}", "\n", source, flags=re.DOTALL)
    source = re.sub(r"{{.*?}}", "it", source, flags=re.DOTALL)
    return [line for line in [*_Words(source).lines, *quoted] if line.strip()]


class _Words(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.silent = False
        self.feed(html)

    @property
    def lines(self) -> list[str]:
        return "".join(self.found).split("\n")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent = tag in ("script", "style")
        self.found.append("" if tag in INLINE else "\n")
        self.found += [f"\n{value}\n" for name, value in attrs if name in SPOKEN and value]

    def handle_endtag(self, tag: str) -> None:
        self.silent = False
        self.found.append("" if tag in INLINE else "\n")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.found.append(data)


def messages(path: Path) -> Iterator[str]:
    """The sentences in a Python file: text that begins like one.  Docstrings are left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    bodies = [getattr(n, "body", None) for n in ast.walk(tree)]
    first = [body[0] for body in bodies if isinstance(body, list) and body]
    unsaid = {id(one.value) for one in first if isinstance(one, ast.Expr)}
    whole = [n for n in ast.walk(tree) if isinstance(n, ast.JoinedStr)]
    unsaid |= {id(value) for n in whole for value in n.values}
    for node in ast.walk(tree):
        text = ""
        if isinstance(node, ast.JoinedStr):
            parts = [v.value if isinstance(v, ast.Constant) else "it" for v in node.values]
            text = "".join(map(str, parts))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = "" if id(node) in unsaid else node.value
        if re.match(r"[A-Z“].*\w \w+ \w", text) and not text.isupper():
            yield text


def sentences(texts: list[str]) -> list[list[str]]:
    """Each sentence as its words; a heading, a list line or a label is a sentence of its own."""
    lines = [line for text in texts for line in text.splitlines()]
    parts = [part for line in lines for part in re.split(r"(?<=[.?!])[\"”*]*\s+", line)]
    return [words for part in parts if (words := re.findall(r"[A-Za-z][A-Za-z'’-]*", part))]


def grade(texts: list[str]) -> float:
    """Flesch-Kincaid: the American school grade in which most can read this."""
    found = sentences(texts)
    words = [word for sentence in found for word in sentence]
    per_word = sum(map(_syllables, words)) / len(words)
    return 0.39 * len(words) / len(found) + 11.8 * per_word - 15.59


def _syllables(word: str) -> int:
    """An estimate good enough for a school grade: groups of vowels, less a silent e."""
    word = re.sub(r"(?:'s|’s)$", "", word.lower())
    word = re.sub(r"(?<=[^aeiouyl])e$|(?<=[aeiouy][^aeiouy])es$|(?<=[^td])ed$", "", word)
    return max(1, len(re.findall(r"[aeiouy]+", word)))
