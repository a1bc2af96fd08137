"""The documents are true: what they name exists, and what they show runs."""

import json
import re
import shlex
import struct
import tomllib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

import click
import pytest

from cascade_tools import __version__, shelf
from cascade_tools.cli import cli
from cascade_tools.content import item_set, measure_from, scene_from
from cascade_tools.errors import ContentFault
from cascade_tools.model.prompts import Kind
from cascade_tools.programme import make_demo
from cascade_tools.settings import NOT_RIGHT, Settings, describe, read_settings
from cascade_tools.shelf import DRAWINGS, LISTINGS, asks
from cascade_tools.shelf.cells import cell_part
from cascade_tools.shelf.files import _FIELDS as WORKBOOK_FIELDS
from cascade_tools.shelf.files import FOLDERS
from cascade_tools.shelf.reading import _PAGE as PAGE_FIELDS
from tests.docs.generated import PARTS, ROOT, every_command, with_part

DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
ELSEWHERE = {"creativecommons.org", "keepachangelog.com", "semver.org"}
MOST_BYTES, WIDTH = 150_000, 1000
# Everything an ask line may say besides its key, question and choices.
OPTIONS = {*asks._EVERY, *asks._LONG, *asks._TEN, *asks._CHOSEN, *asks._CLASSIFY, *asks._SCALE}

every_document = pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: str(p.relative_to(ROOT)))


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def blocks(path: Path, *languages: str) -> list[tuple[str, str]]:
    """The fenced blocks of a document: language and content, in order."""
    return [(kind, body) for kind, body in FENCE.findall(text(path)) if kind in languages]


def commands(path: Path) -> Iterator[list[str]]:
    """The words of every line a document tells people to type."""
    for _, body in blocks(path, "sh"):
        for line in body.replace("\\\n", " ").splitlines():
            if line.strip():
                yield shlex.split(line)


def headings(path: Path) -> set[str]:
    """The names a link can point at, made as the usual readers of Markdown make them."""
    words = re.findall(r"^#+ (.+)$", FENCE.sub("", text(path)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", w.lower()).replace(" ", "-") for w in words}


# Made from the code


@pytest.mark.parametrize("name", PARTS)
def test_what_is_made_from_the_code_is_up_to_date(name: str) -> None:
    """Settings, commands and the data dictionary in the documents are those of the code."""
    file, make = PARTS[name]
    written = text(ROOT / file)
    assert written == with_part(written, name, make()), "Run: python -m tests.docs.generated"


def test_every_setting_is_documented() -> None:
    """No setting is missing from its page."""
    page = text(ROOT / "docs/settings.md")
    assert [name for name, _, _ in describe() if f"| `{name}` |" not in page] == []


def test_every_command_and_option_is_documented() -> None:
    """No command and no option is missing from their page."""
    page = text(ROOT / "docs/commands.md")
    sections = dict(re.findall(r"^## cascade (.+?)\n(.*?)(?=^## |\Z)", page, re.M | re.S))
    missing = [
        f"{where} {option}"
        for where, command in every_command()
        for param in command.params
        for option in ([*param.opts, *param.secondary_opts] if param.name else [])
        if isinstance(param, click.Option)
        and not re.search(rf"{option}(?![\w-])", sections.get(where, ""))
    ]
    assert missing == []
    assert set(sections) == {where for where, _ in every_command()}


def test_the_example_of_the_settings_is_one(tmp_path: Path) -> None:
    """The example tables on the page of settings can be read, with all four branches."""
    ((_, body),) = blocks(ROOT / "docs/settings.md", "toml")
    path = tmp_path / "programme.toml"
    path.write_text(body, encoding="utf-8")
    settings = read_settings(path)
    assert isinstance(settings, Settings)
    assert set(settings.not_right) == set(NOT_RIGHT)
    assert settings.safeguarding and settings.support and settings.roles


# What people are told to type


@every_document
def test_commands_in_documents_exist(path: Path) -> None:
    """Every ``make`` and ``cascade`` line in a document names what is there, options included."""
    targets = re.findall(r"^([a-z]+):", text(ROOT / "Makefile"), re.MULTILINE)
    for words in commands(path):
        match words:
            case ["make", target, *_]:
                assert target in targets
            case ["cascade", *rest]:
                assert _unknown(rest) == [], " ".join(words)
            case _:
                assert words[0] in ("python", "jupyter"), " ".join(words)


def _unknown(words: list[str]) -> list[str]:
    """What a ``cascade`` line says that the command line would not understand."""
    command: click.Command = cli
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        name, *words = words
        found = command.commands.get(name)
        if found is None:
            return [name]
        command = found
    known = {o for p in command.params for o in (*p.opts, *p.secondary_opts)}
    return [w for w in words if w.startswith("-") and w not in {*known, "-h", "--help"}]


# Examples


def test_the_analysts_examples_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The Python on the analyst's page runs from top to bottom beside the fictional programme,
    and shows what the page says it shows."""
    make_demo(tmp_path / "cascade-demo")
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for _, body in blocks(ROOT / "docs/collecting.md", "python"):
        exec(compile(body, "docs/collecting.md", "exec"), names)  # noqa: S102
    for table in ("answers", "shared", "by_person", "sheets", "thinking", "by_session", "waiting"):
        assert len(names[table]) > 0, table  # type: ignore[arg-type]
    listed = re.findall(r"^- `([^`<]+\.\w+)`", text(ROOT / "docs/collecting.md"), re.MULTILINE)
    made = {path.name for path in names["files"]}  # type: ignore[attr-defined]
    assert {*listed, "answers.parquet"} <= made


def test_the_authors_example_is_a_workbook(tmp_path: Path) -> None:
    """The cells on the author's page, put into what ``cascade new`` makes, are a workbook without
    faults that runs; its second page opens only for those who said yes."""
    path = shelf.new(tmp_path, "coach/after-a-visit", "After a visit")
    doc = json.loads(text(path))
    made = [json.loads(text(path))["cells"][0]]
    for number, (kind, body) in enumerate(
        blocks(ROOT / "docs/writing-a-workbook.md", "markdown", "python", "json")
    ):
        if kind == "json":
            said = json.loads(body)
            if "title" in said:
                doc["metadata"] |= said
            else:
                made[-1]["metadata"] = said
            continue
        cell = {"id": f"cell-{number}", "metadata": {}, "source": body.strip()}
        code = {"cell_type": "code", "execution_count": None, "outputs": []}
        made.append(cell | (code if kind == "python" else {"cell_type": "markdown"}))
    doc["cells"] = made
    path.write_text(json.dumps(doc), encoding="utf-8")
    assert shelf.check(path) == []
    workbook = shelf.read(path)
    assert workbook.thinks and workbook.about == "session"
    assert len(workbook.open_pages({"more": "no"})) == 1
    assert len(workbook.open_pages({"more": "yes"})) == 2
    assert shelf.rehearse(path) == []


AUTHORS = ROOT / "docs/writing-a-workbook.md"


def in_backticks(path: Path, start: str) -> list[str]:
    """What a document shows in its lines and tables, beginning with ``start``."""
    return [c for c in re.findall(r"`([^`\n]+)`", FENCE.sub("", text(path))) if c.startswith(start)]


def test_every_kind_of_question_is_shown_and_sound() -> None:
    """Each kind stands in the author's table with a line that can be copied into a cell."""
    lines = in_backticks(AUTHORS, "ask.")
    found = {kind: cell_part(line, 1, "cell", False) for line in lines if (kind := _kind(line))}
    assert {kind: sentences for kind, (_, sentences) in found.items() if sentences} == {}
    assert set(found) == set(map(str, Kind))


def _kind(line: str) -> str:
    """``"long"`` for a whole ``ask.long(…)`` line; nothing for one that is only named."""
    name = re.match(r"ask\.(\w+)\(", line)
    return name[1] if name else ""


def test_every_option_is_shown_and_sound() -> None:
    """Each option of a line stands there with a value that works for some kind of question."""
    shown = [c for c in in_backticks(AUTHORS, "") if re.match(r"[a-z_]+=[\[{\"A-Z0-9]", c)]
    line = 'ask.{}("key", "Who came up with the ideas?", {}{})'
    rest = {"choice": '{"yes": "Yes"}, ', "choices": '{"yes": "Yes"}, '}
    rest["classify"] = '{"mine": "Mine", "theirs": "Theirs"}, '
    for option in shown:
        tried = [
            cell_part(line.format(kind, choices, option), 1, "cell", False)[1]
            for kind in map(str, Kind)
            for choices in {rest.get(kind, ""), ""}
        ]
        assert [] in tried, option
    assert {o.partition("=")[0] for o in shown} >= OPTIONS


def test_every_field_of_a_workbook_and_a_page_is_explained() -> None:
    """What metadata may say stands in the two tables, and what a heading may say can be read."""
    page = text(AUTHORS)
    assert [name for name in WORKBOOK_FIELDS if f'"{name}"' not in page] == []
    shown = [json.loads(c)["cascade"] for c in in_backticks(AUTHORS, '{"cascade"')]
    assert {name for about in shown for name in about} == set(PAGE_FIELDS)
    for name in (*DRAWINGS, *LISTINGS):
        assert f"`show.{name}()`" in page
    assert [folder for folder in FOLDERS if f"`{folder}`" not in page] == []


def test_the_example_of_a_measure_is_one(tmp_path: Path) -> None:
    """It can be read as it stands, and without permission it is refused."""
    (body,) = (body for _, body in blocks(AUTHORS, "yaml") if "permission_held" in body)
    path = tmp_path / "our-measure.yaml"
    path.write_text(body, encoding="utf-8")
    assert len(measure_from(path).prompts) == 2
    path.write_text(body.replace("permission_held: yes", "permission_held: no"), encoding="utf-8")
    with pytest.raises(ContentFault, match="permission"):
        measure_from(path)


def test_the_example_of_a_conversation_is_one(tmp_path: Path) -> None:
    """It can be read as it stands; a reply that leads nowhere is named with its line."""
    (body,) = (body for _, body in blocks(AUTHORS, "yaml") if "turns:" in body)
    path = tmp_path / "x1-the-long-e-mail.yaml"
    path.write_text(body, encoding="utf-8")
    assert len(list(scene_from(path).paths())) == 10
    path.write_text(body.replace("next: short", "next: shorter", 1), encoding="utf-8")
    with pytest.raises(ContentFault, match=r"line \d+: b leads to 'shorter'"):
        scene_from(path)


def test_where_it_comes_from_names_all_there_is() -> None:
    """Each of the ten questions has its source, in its own words, and the kit says what is ours
    and that none of it has been tested."""
    page = text(ROOT / "docs/where-this-comes-from.md")
    for item in item_set("thinking").items:
        assert f"| {item.id} | {item.question} |" in page
    told = " ".join(page.split())
    assert "none has been scientifically tested" in told
    assert told.count("**Not from the programme's papers.**") == 2


def test_the_steps_take_half_an_hour() -> None:
    """The minutes in the table of steps add up, and each step has its section."""
    steps = re.findall(r"^\| (\d) \| \[(.+?)\]\(#(.+?)\) \| (\d+) \|$", text(AUTHORS), re.MULTILINE)
    assert [n for n, *_ in steps] == [str(n) for n in range(1, len(steps) + 1)]
    assert sum(int(minutes) for *_, minutes in steps) <= 30
    assert {place for _, _, place, _ in steps} <= headings(AUTHORS)


# Links, pictures, names


@every_document
def test_links_lead_somewhere(path: Path) -> None:
    """Every relative link and picture is there, with the heading it points at."""
    for target in LINK.findall(text(path)):
        if "://" in target:
            continue
        file, _, heading = target.partition("#")
        found = (path.parent / file).resolve() if file else path
        assert found.is_file(), target
        assert found.is_relative_to(ROOT), target
        assert not heading or heading in headings(found), target


@every_document
def test_documents_name_no_machine_and_no_registry(path: Path) -> None:
    """A document holds for every reader: no folder of one computer, no index of packages, and no
    address but examples, licences and the two conventions we follow."""
    words = text(path)
    assert re.findall(r"(?<![\w.])/(?:work|tmp|home|root|Users)/\S*|[A-Z]:\\\S*", words) == []
    assert re.findall(r"pypi|npmjs|index-url|registry\.\w", words, re.IGNORECASE) == []
    for address in re.findall(r"https?://[^\s)`\"<>;]+", words):
        host = urlsplit(address).hostname or ""
        known = host in ELSEWHERE or host == "127.0.0.1" or host.endswith("example.org")
        assert known, address


@pytest.mark.parametrize("path", sorted(ROOT.glob("docs/images/*")), ids=lambda p: p.name)
def test_pictures_in_documents_are_light(path: Path) -> None:
    """Every picture is used and weighs little.  A page is shown as a PNG a thousand pixels wide, a
    plot as an SVG no wider, with words for those who do not see it, which asks for nothing."""
    if path.suffix == ".svg":
        plot = ElementTree.fromstring(text(path))  # noqa: S314 - our own file
        assert float(plot.attrib["width"]) <= WIDTH
        assert plot.get("role") == "img" and plot.get("aria-label")
        assert set(re.findall(r"\w+://[^\s\"<]+", text(path))) <= {"http://www.w3.org/2000/svg"}
    else:
        head = path.read_bytes()[:24]
        assert head.startswith(b"\x89PNG")
        assert struct.unpack(">I", head[16:20])[0] == WIDTH
    assert path.stat().st_size < MOST_BYTES
    assert any(f"images/{path.name})" in text(document) for document in DOCUMENTS)


def test_every_room_and_decision_is_in_the_picture_of_the_house() -> None:
    """The page about the house names every room that import-linter knows, and every decision."""
    page = text(ROOT / "docs/architecture.md")
    project = tomllib.loads(text(ROOT / "pyproject.toml"))
    (contract,) = project["tool"]["importlinter"]["contracts"]
    rooms = [room.strip() for layer in contract["layers"] for room in layer.split("|")]
    assert [room for room in rooms if f"| `{room}` |" not in page] == []
    decisions = sorted(path.name for path in (ROOT / "docs/adr").glob("*.md"))
    assert [name for name in decisions if f"(adr/{name})" not in page] == []
    assert [int(name[:4]) for name in decisions] == list(range(1, len(decisions) + 1))


def test_this_version_is_in_the_changes() -> None:
    """The list of changes has a section for the version of the code."""
    assert f"## [{__version__}]" in text(ROOT / "CHANGELOG.md")


def test_licences_are_there() -> None:
    """The files that the package names as its licences are there and name them."""
    named = tomllib.loads(text(ROOT / "pyproject.toml"))["project"]["license-files"]
    assert [name for name in named if not (ROOT / name).is_file()] == []
    assert text(ROOT / "LICENSE").startswith("MIT License")
    assert "Creative Commons Attribution 4.0 International" in text(ROOT / "LICENSE-WORDS")
