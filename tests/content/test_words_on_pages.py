"""What people read is kind, plain and short: workbooks, data, the server's pages and its messages.

Two lists of words: some never stand on a page, others never name or label a person in the kit's
own voice.  An exception stands here beside the very line it is for, with its reason.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from cascade_tools import shelf
from cascade_tools.content import item_set
from cascade_tools.kit import kit_folder
from cascade_tools.model.prompts import Kind
from tests.content.reading import (
    grade,
    instructions,
    page_words,
    questions,
    sentences,
    strings,
    words_of,
)

DATA, TEMPLATES = kit_folder("data"), kit_folder("templates")
CODE = Path(shelf.__file__).parent.parent
NOTEBOOKS = sorted(kit_folder("workbooks").rglob("*.ipynb"))
# Measures of others keep their owners' words, and are left out; so are fictional people's.
KIT_FILES = sorted(
    path
    for pattern in ("*.yaml", "frameworks/*.yaml", "practice/*/*.yaml")
    for path in DATA.glob(pattern)
)
PAGES = sorted(p for room in ("pages", "parts", "paper") for p in TEMPLATES.glob(f"{room}/*.html"))
MESSAGES = sorted(
    path
    for path in CODE.rglob("*.py")
    if path.parent.name not in ("versions", "migrations") and next(iter(words_of(path)), "")
)
NEW = TEMPLATES / "new" / "workbook.ipynb"

# Names, and what stands for a name in a command.
NAMES_IN_CAPITALS = {"LGBTQ", "SWOT", "GDPR", "BACKUP", "FOLDER"}

NEVER_ON_A_PAGE = r"""
client|coachee|mentee|beneficiary|beneficiaries|service user|deficit|non-engaged
vulnerable leader|risk score|dependency score|dependency|dependent leader|compliance|cascaded to
"""
NEVER_ABOUT_A_PERSON = r"""
sent|referred|weak|weakness|fail|failed|failing|failure|fix|fixed|fixing|case
diagnose|diagnosed|diagnosis|diagnostic|consultant|intervention|empower|empowered|empowering
score|percentile|clinical|valid|reliable|norm|risk
"""
NEVER_PLAIN = r"""
e\.g\.?|eg|i\.e\.?|ie|etc|via|viz|n\.b\.?|please note|utilise|utilize|leverage|going forward
click here|click on|click below|simply click|tap here
"""
# American spelling, by word and by ending.
AMERICAN = r"""
program|center|gray|defense|offense|pretense|fulfill|enroll|skillful|gotten|catalog|practicing
(?:behavior|labor|color|favor|honor|neighbor|humor|flavor|endeavor)\w*
(?:travel|cancel|counsel|model|label|signal|fuel)(?:ed|ing|or)(?<!elled)(?<!elling)
(?!size|prize|seize|capsize)[a-z]{2,}iz(?:e|ed|es|ing|er|ation)|analyz(?:e|ed|es|ing)
to practice
"""


def listed(*lists: str) -> re.Pattern[str]:
    words = "|".join(line for one in lists for line in one.strip().splitlines())
    return re.compile(rf"(?<![\w-])(?:{words})s?(?![\w-])", re.IGNORECASE)


@dataclass(frozen=True)
class Allowance:
    """A word that may stand in this one line of this file, and why."""

    file: str
    line: str
    word: str
    why: str


ALLOWED = (
    Allowance(
        "my-overview.ipynb", "It shows no writing and no scores", "scores",
        "the page promises that it shows none",
    ),
    Allowance(
        "check.html", "in case you want them back", "case", "another sense: should you want them"
    ),
    Allowance("index.html", "Nothing on them is sent to anybody", "sent", "of a paper"),
    Allowance("meanings.py", "the programme they sent it to", "sent", "of a sheet"),
    Allowance(
        "v3-what-they-want-to-hear.yaml", "That I'm failing", "failing",
        "a made-up leader says it of herself",
    ),
    Allowance(
        "v3-what-they-want-to-hear.yaml", "You're not failing", "failing", "her own word, taken up"
    ),
    Allowance("group.py", "Answer as JSON, for programs.", "programs", "what a computer runs"),
)  # fmt: skip

every_file = pytest.mark.parametrize(
    "path",
    [*NOTEBOOKS, *KIT_FILES, *PAGES, *MESSAGES],
    ids=lambda p: f"{p.parent.name}/{p.name}",
)


def hits(path: Path, words: re.Pattern[str]) -> list[tuple[str, str]]:
    """Each word found in a file, with the line it stands in."""
    lines = [" ".join(line.split()) for text in words_of(path) for line in text.split("\n\n")]
    return [(match[0], line) for line in lines for match in words.finditer(line)]


def allowed(path: Path, word: str, line: str) -> bool:
    return any((a.file, a.word) == (path.name, word) and a.line in line for a in ALLOWED)


@pytest.mark.parametrize(
    "words",
    [
        listed(NEVER_ON_A_PAGE),
        listed(NEVER_ABOUT_A_PERSON),
        listed(NEVER_PLAIN),
        listed(AMERICAN),
    ],
    ids=["never on a page", "never about a person", "not plain", "American"],
)
@every_file
def test_words_to_avoid_are_avoided(path: Path, words: re.Pattern[str]) -> None:
    """No word that labels people, none that is not plain English, none spelt the American way."""
    assert [(word, line) for word, line in hits(path, words) if not allowed(path, word, line)] == []


def test_every_allowance_is_still_needed() -> None:
    """An exception goes with the line it was made for."""
    every = listed(NEVER_ON_A_PAGE, NEVER_ABOUT_A_PERSON, NEVER_PLAIN, AMERICAN)
    files = {path.name: path for path in [*NOTEBOOKS, *KIT_FILES, *PAGES, *MESSAGES]}
    unused = [
        a
        for a in ALLOWED
        if not any(w == a.word and a.line in line for w, line in hits(files[a.file], every))
    ]
    assert unused == []


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("The color of the program was organized.", ["color", "program", "organized"]),
        ("A prize of any size; the programme labelled it.", []),
        ("Clients fail. Click here, e.g. now.", ["Clients", "fail", "Click here", "e.g."]),
        ("A well-being check for the failsafe.", []),
    ],
)
def test_the_lists_find_what_they_should(words: str, found: list[str]) -> None:
    """Whole words, plurals and endings, and nothing else."""
    every = listed(NEVER_ON_A_PAGE, NEVER_ABOUT_A_PERSON, NEVER_PLAIN, AMERICAN)
    assert [match[0] for match in every.finditer(words)] == found


@pytest.mark.parametrize("path", PAGES, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_a_link_says_where_it_leads(path: Path) -> None:
    """Not "here", not "more": a list of links must make sense by itself."""
    source = path.read_text(encoding="utf-8")
    links = re.findall(r"<a [^>]*>\s*([^<{]*?)\s*</a>", source)
    assert {link.lower() for link in links}.isdisjoint(
        {"here", "this", "link", "more", "read more"}
    )


@pytest.mark.parametrize("path", [*NOTEBOOKS, *KIT_FILES, *PAGES], ids=lambda p: p.name)
def test_nothing_shouts(path: Path) -> None:
    """No word on a page is in capitals only, but for names that are written so."""
    shouted = re.findall(r"\b[A-Z]{4,}\b", "\n".join(words_of(path)))
    assert set(shouted) <= NAMES_IN_CAPITALS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_pages_can_be_read_by_an_eleven_year_old(path: Path) -> None:
    """Instructions stay at grade 6 or under, questions at 9 or under."""
    assert grade(instructions(path)) <= 6
    asked = questions(path)
    assert not asked or grade(asked) <= 9


@pytest.mark.parametrize(
    "path",
    [NEW, *(p for p in PAGES if sum(map(len, sentences(page_words(p)))) > 60)],
    ids=lambda p: f"{p.parent.name}/{p.name}",
)
def test_the_servers_own_pages_can_be_read_as_easily(path: Path) -> None:
    """What stands around the workbooks is no harder than what stands in them."""
    assert grade(instructions(path) if path is NEW else page_words(path)) <= 6


@every_file
def test_sentences_are_short(path: Path) -> None:
    """No sentence has more than 25 words, and on average they have at most 15."""
    lengths = [len(sentence) for sentence in sentences(words_of(path))]
    most = LONGER.get(path.name, 25)
    assert max(lengths, default=0) <= most
    assert sum(lengths) / max(1, len(lengths)) <= 15


# Words that begin with a capital wherever they stand.
CAPITALS = {"I", "I'm", "Tuesday", "Friday"}

# Files whose readers are analysts, and their longest sentence.
LONGER = {"files.py": 30}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_headings_are_in_sentence_case_and_words_are_plain_markdown(path: Path) -> None:
    """Only the first word of a heading begins with a capital, and no HTML is used."""
    text = "\n".join(instructions(path))
    for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE):
        rest = [word for word in heading.split()[1:] if word.strip("?") not in CAPITALS]
        assert not [word for word in rest if word[0].isupper()], heading
    assert "<" not in text


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_every_point_of_a_scale_has_words(path: Path) -> None:
    """Five points, all different and none a bare number; from 0 to 10, words at both ends."""
    for prompt in shelf.read(path).prompts:
        words = {c.code: c.words for c in prompt.choices}
        if prompt.kind is Kind.SCALE:
            points = [words[str(n)] for n in range(5)]
            assert len(set(points)) == 5, prompt.key
            assert all(re.search(r"[A-Za-z]{2}", point) for point in points), prompt.key
        elif prompt.kind is Kind.TEN:
            assert all(re.search(r"[A-Za-z]{2}", words[end]) for end in ("0", "10")), prompt.key


@pytest.mark.parametrize("name", ["thinking", "axes", "alliance", "view", "ccl12"])
def test_every_point_of_an_item_has_words(name: str) -> None:
    """Wherever an item is used, its five points can be read."""
    for item in item_set(name).items:
        assert len({point.lower() for point in item.points}) == 5
        assert all(re.search(r"[A-Za-z]{2}", point) for point in item.points), item.id


def test_the_lists_of_data_are_read_to_the_last_word() -> None:
    """What these tests read of a data file is everything in it."""
    assert list(strings({"a": ["b", {"c": "d"}], "e": 1})) == ["b", "d"]
