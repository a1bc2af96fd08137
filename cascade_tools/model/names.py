"""Names from somebody's own list, found in what they wrote."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

MOST_NAMES = 300
MOST_WORDS = 6
# Not a name by itself, though it may stand in one.
_SMALL = "mr mrs ms miss dr rev sir of the and de da di la le van von der al el bin"
# Names that are everyday words, too: they count with a capital that no sentence gave them.
_EVERYDAY = (
    "will may mark grace hope joy faith rose bill rob grant dawn april june august summer amber "
    "ruby olive ivy iris heather daisy poppy pearl jack frank art drew sue pat nick dean chase "
    "miles rich guy max ray penny bob gene jade basil sandy robin skip carol charity christian "
    "eve angel king young long brown black white green gray grey day price field wood hill stone "
    "best bishop cook baker carter mason fisher hunter page parker porter potter read ward wells "
    "west east north south winter little small short strong sharp swift wise good love moon rice "
    "bell bond bush church cross field fox gold hall lake lamb lane major marsh mills moss park "
    "pool savage self snow sparks street waters woods begum ash jay lily violet star crystal "
    "patience constance prudence mercy blessing precious justice melody harmony dale cliff glen "
    "reed lee"
)
_MONTHS = "may april june august"
_OF_TIME = (
    "in by until till since last next early late mid of during from to every this after before "
    "end and"
)
# What follows a name at the start of a sentence, and does not follow the everyday word.
_DOES = (
    "has had was said says told asked wants wanted went came thinks thought felt looked rang wrote "
    "does did knows knew"
)
SMALL, EVERYDAY, MONTHS, OF_TIME, DOES = (
    frozenset(words.split()) for words in (_SMALL, _EVERYDAY, _MONTHS, _OF_TIME, _DOES)
)
JOINS = re.compile(r"(?:[ \u00a0]|[-‐'’.]|\. )")
SENTENCE_ENDS = '.!?:;\n\r“"(–—•'
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff"


@dataclass(frozen=True, slots=True)
class Word:
    start: int
    end: int
    folded: str


Known = Mapping[str, Sequence[tuple[str, ...]]]


def known_names(lines: Iterable[str]) -> Known:
    """Every name and every part of one, by its first word, the longest first."""
    found: set[tuple[str, ...]] = set()
    for line in list(lines)[:MOST_NAMES]:
        whole = tuple(w.folded for w in _words(line))[:MOST_WORDS]
        parts = [tuple(w.folded for w in _words(part)) for part in line.split()]
        found |= {name for name in (whole, *parts) if _is_whole(name)}
    known: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for name in sorted(found, key=lambda name: (-len(name), name)):
        known[name[0]].append(name)
    return dict(known)


def find_names(text: str, known: Known) -> Iterator[tuple[int, int]]:
    """Where one of these names stands, the longest first; a name also counts by its parts.

    Letters count without their accents and in either case; a name that is also an everyday word
    ("Will", "May") counts only where it cannot well be the word.
    """
    words = list(_words(text)) if known else []
    after = 0
    for at, word in enumerate(words):
        if at < after:
            continue
        for name in known.get(word.folded, ()):
            if _stands(text, words, at, name) and _is_name(text, words, at, name):
                yield word.start, words[at + len(name) - 1].end
                after = at + len(name)
                break


def _is_whole(name: tuple[str, ...]) -> bool:
    return len("".join(name)) > 1 and not (len(name) == 1 and name[0] in SMALL)


def _words(text: str) -> Iterator[Word]:
    """Runs of letters with the marks that belong to them."""
    start = -1
    for at, letter in enumerate(text):
        if letter.isalpha():
            start = at if start < 0 else start
        elif start >= 0 and not (letter in INVISIBLE or unicodedata.category(letter)[0] == "M"):
            yield Word(start, at, _folded(text[start:at]))
            start = -1
    if start >= 0:
        yield Word(start, len(text), _folded(text[start:]))


def _folded(word: str) -> str:
    bare = unicodedata.normalize("NFKD", word)
    return "".join(c for c in bare if c.isalpha()).casefold()


def _stands(text: str, words: list[Word], at: int, name: tuple[str, ...]) -> bool:
    """Whether the words from here on are the name, with nothing but a joint between them."""
    here = words[at : at + len(name)]
    return [w.folded for w in here] == list(name) and all(
        JOINS.fullmatch(text, one.end, two.start) for one, two in pairwise(here)
    )


def _is_name(text: str, words: list[Word], at: int, name: tuple[str, ...]) -> bool:
    """Whether it is meant as a name: doubtful only of one everyday or very short word."""
    word, only = words[at], name[0]
    if len(name) > 1 or not (only in EVERYDAY or len(only) < 3):
        return True
    written = text[word.start : word.end]
    if not written[0].isupper() or (len(written) > 1 and written.isupper()):
        return False
    following = words[at + 1] if at + 1 < len(words) else None
    after = following.folded if following else ""
    if only in MONTHS and _is_month(text, words, at):
        return False
    if re.match(r"['’]s\b", text[word.end : word.end + 3]) or after in DOES:
        return True
    before = text[max(0, word.start - 8) : word.start].rstrip(" \u00a0‘'*_")
    return bool(before) and before[-1] not in SENTENCE_ENDS


def _is_month(text: str, words: list[Word], at: int) -> bool:
    word = words[at]
    around = text[max(0, word.start - 6) : word.start] + text[word.end : word.end + 3]
    before = words[at - 1].folded if at else ""
    return any(c.isdigit() for c in around) or before in OF_TIME
