"""Whatever stands in a file, is typed or is sent: it is taken, or refused in words.

Every parser of the kit has a property test.  These are here; the others stand beside what they
read: answers in ``model/test_prompts``, personal details in ``model/test_details``, sealed values
in ``records/test_vault``, typed keys in ``programme/test_keys``, backups in
``promises/test_18_paths_and_files``, widget messages in ``promises/test_19_hidden_controls``.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cascade_tools.content import framework_from, item_set_from, measure_from
from cascade_tools.content.spots import top_of
from cascade_tools.errors import (
    CascadeError,
    ContentFault,
    NotFound,
    SettingsFault,
    SignedOut,
    WrongPassphrase,
)
from cascade_tools.kit import kit_folder
from cascade_tools.model.prompts import Kind
from cascade_tools.records import Records, read_keys
from cascade_tools.server.addresses import Addresses
from cascade_tools.settings import Settings, read_settings, settings_text
from cascade_tools.shelf.reading import examine
from tests.faults.nursery import QuickHouse
from tests.faults.pages import fresh_entry
from tests.faults.visitor import Visitor, asked
from tests.living import House
from tests.shelf.test_shelf import Sheet

words = st.text(max_size=60)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4),
    max_leaves=12,
)
some = settings(max_examples=60, deadline=None)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("parsers")


# Files


def _settings(place: Path, text: str) -> Settings | None:
    path = place / "programme.toml"
    path.write_text(text, encoding="utf-8")
    try:
        return read_settings(path)
    except SettingsFault as fault:
        assert "programme.toml" in str(fault)
        return None


@given(st.text(max_size=200))
@some
def test_any_text_as_settings(place: Path, text: str) -> None:
    """A settings file is read, or refused in words that name it."""
    _settings(place, text)


TOML = settings_text().splitlines()


@given(st.integers(0, len(TOML) - 1), words)
@some
def test_settings_with_any_line_changed(place: Path, at: int, line: str) -> None:
    """A sound file with one line overwritten is read, or refused in words that name it."""
    _settings(place, "\n".join([*TOML[:at], line, *TOML[at + 1 :]]))


@given(st.sampled_from(sorted(Settings.__dataclass_fields__)), anything)
@some
def test_settings_with_any_value(place: Path, name: str, value: Any) -> None:
    """Each setting takes what it should be and refuses everything else."""
    try:
        text = settings_text(**{name: value})
    except (ValueError, TypeError):
        return  # TOML has no such value at all.
    _settings(place, text)


def _faults(place: Path, text: str) -> None:
    path = place / "coach" / "a-sheet.ipynb"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    workbook, faults = examine(path)
    assert (workbook is None) == bool(faults)
    assert all(str(fault).strip() for fault in faults)


@given(st.text(max_size=200) | anything.map(json.dumps))
@some
def test_any_text_as_a_notebook(place: Path, text: str) -> None:
    """A notebook file is a workbook or a list of faults, never both and never neither."""
    _faults(place, text)


SHEET = json.loads(json.dumps(Sheet().notebook()))


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    if isinstance(value, dict | list):
        for key, one in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _places(one, (*path, key))


PLACES = [p for p in _places(SHEET) if p]


@given(st.sampled_from(PLACES), anything)
@some
def test_a_notebook_with_any_part_changed(place: Path, where: tuple[Any, ...], value: Any) -> None:
    """The same for a sound notebook with anything at all in the place of one of its parts."""
    doc = json.loads(json.dumps(SHEET))
    inside = doc
    for key in where[:-1]:
        inside = inside[key]
    inside[where[-1]] = value
    _faults(place, json.dumps(doc))


PIECES = [
    *("ask.", "show.", "long", "scale", "choice", "text", "(", ")", '"key"', '"Words?"', ",", "="),
    *("{", "}", "who", '"pair"', "keep", "False", "**", "[", "]", "1", "None", "lambda", "%", "\n"),
]
pieces = st.lists(st.sampled_from(PIECES), max_size=20).map("".join)


@given(pieces | words)
@some
def test_a_cell_with_any_source(place: Path, source: str) -> None:
    """The same for a cell that holds any code, or what is none."""
    sheet = Sheet(cells=["## One", ("x", {})])
    doc = json.loads(json.dumps(sheet.notebook()))
    doc["cells"][-1]["source"] = source
    _faults(place, json.dumps(doc))


YAML = [
    (item_set_from, kit_folder("data") / "frameworks" / "thinking_v1.yaml"),
    (framework_from, kit_folder("data") / "frameworks" / "ccl12.yaml"),
    (measure_from, next((kit_folder("data") / "measures").glob("*.yaml"))),
]


@given(
    st.sampled_from(YAML),
    st.data(),
    words | st.sampled_from(["- &a [*a]", "x: *x", "? ", "!!python/none"]),
)
@some
def test_data_with_any_line_changed(place: Path, file: Any, data: Any, line: str) -> None:
    """A file of the model with one line overwritten is read, or refused with its name."""
    read, path = file
    lines = path.read_text(encoding="utf-8").splitlines()
    at = data.draw(st.integers(0, len(lines) - 1))
    changed = place / path.name
    changed.write_text("\n".join([*lines[:at], line, *lines[at + 1 :]]), encoding="utf-8")
    try:
        read(changed)
    except ContentFault as fault:
        assert path.name in str(fault)


@given(st.text(max_size=200))
@some
def test_any_text_as_data(place: Path, text: str) -> None:
    """Any text is data or a fault, and so is data that holds itself."""
    path = place / "any.yaml"
    path.write_text(text, encoding="utf-8")
    try:
        top_of(path).plain()
    except ContentFault as fault:
        assert "any.yaml" in str(fault)


@pytest.mark.parametrize(
    "text",
    [
        "&a [*a]",
        "a: &a\n  b: *a",
        "\n".join(["a: &a0 [x]", *(f"b{n}: &a{n} [{f'*a{n - 1}, ' * 9}]" for n in range(1, 12))]),
        "[" * 5000,
    ],
    ids=["holds itself", "holds itself by name", "grows and grows", "deep"],
)
def test_data_that_never_ends_is_refused(place: Path, text: str) -> None:
    """Data that holds itself, grows without end or is too deep is a fault like any other."""
    path = place / "endless.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ContentFault):
        top_of(path).plain()


@given(st.binary(max_size=120) | anything.map(lambda v: json.dumps(v).encode()))
@some
def test_any_bytes_as_a_key(place: Path, held: bytes) -> None:
    """A key file is one, or is refused in words that do not repeat what it holds."""
    path = place / "secret.key"
    path.write_bytes(held)
    path.chmod(0o600)
    try:
        read_keys(path)
    except SettingsFault as fault:
        assert "secret.key" in str(fault)


# What is typed and sent


@given(st.text(max_size=80) | st.from_regex(r"[/\\]{1,3}[a-z.]{1,9}(:\d+)?/?.{0,9}"))
@some
def test_the_way_back_stays_here(address: str) -> None:
    """Wherever somebody says they want to go after signing in, they stay on this server."""
    for base in ("/", "/x/"):
        back = Addresses(base).within(address)
        assert back.startswith(base)
        parts = urlsplit(back)
        assert (parts.scheme, parts.netloc) == ("", "")


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Records]:
    with House(tmp_path_factory.mktemp("programme") / "house").records() as records:
        yield records


@given(st.text(max_size=90))
@some
def test_any_text_as_a_secret(records: Records, text: str) -> None:
    """As a cookie, a ticket or the code of a link, any text is refused in the same few words."""
    for ask, refused in (
        (records.signing_in.who, SignedOut),
        (records.signing_in.holder, NotFound),
        (records.signing_in.invitation, WrongPassphrase),
        (records.signing_in.use_ticket, CascadeError),
    ):
        sentences = set()
        for secret in (text, "another"):
            with pytest.raises(refused) as said:
                ask(secret)
            sentences.add(str(said.value))
        assert len(sentences) == 1


@pytest.fixture(scope="module")
def amina(house: QuickHouse) -> Visitor:
    return Visitor(house, "amina")


@pytest.fixture(scope="module")
def entry(house: QuickHouse) -> str:
    return fresh_entry(house)


@given(st.sampled_from(["value", "base", "writer", "counter", "asked", ""]), anything)
@some
def test_any_json_as_an_answer(
    house: QuickHouse, amina: Visitor, entry: str, part: str, value: Any
) -> None:
    """Whatever is sent to the address that saves an answer: kept, or refused in a sentence."""
    sent: Any = {"value": "x", "base": 0, "writer": "w", "counter": 1}
    sent["asked"] = asked(house, "coach/after-i-coach", "what-happened")
    sent = {**sent, part: value} if part else value
    told = {**amina.token, "X-Cascade-Person": amina.person, "Content-Type": "application/json"}
    path = f"/api/entries/{entry}/answers/what-happened"
    reply = amina.ask("PUT", path, json.dumps(sent), told)
    assert reply.status in (200, 404, 409, 422)
    assert isinstance(reply.json(), dict)


NAMES = [
    *(f"{before}{key}" for before in ("asked:", "base:", "") for key in ("what-happened", "way")),
    *("ideas", "writer", "go", "actions.0.what", "actions.9999.what", "actions.x.what", "part"),
    *("tick", "reader", "until-day", "until-month", "until-year", "purpose", "seen", "do", "by"),
    *("session", "on-day", "on-month", "on-year", "minutes", "mode", "useful", "words", "page"),
]
fields = st.dictionaries(
    st.sampled_from(NAMES),
    words | st.integers().map(str),
    max_size=8,
)


@given(fields)
@some
def test_any_form_is_taken_or_answered(
    house: QuickHouse, amina: Visitor, entry: str, sent: dict[str, str]
) -> None:
    """Whatever a form holds: a page, the next page, or a sentence; never an error of ours."""
    known = asked(house, "coach/after-i-coach", "what-happened")
    sent = {"person": amina.person, "asked:what-happened": known, **sent}
    for path in (
        f"/entries/{entry}",
        f"/entries/{entry}/share",
        f"/pairs/{house.pair}",
        f"/pairs/{house.pair}/agreement",
        "/workbooks/coach/after-i-coach",
        "/workbooks/coach/after-i-coach/feedback",
        "/interest",
    ):
        reply = amina.post(path, sent)
        assert reply.status in (200, 302, 400, 404, 413, 422, 429), (path, sent, reply.status)


def test_every_kind_of_question_is_in_these_tests() -> None:
    """A new kind of question is read by the property test of answers."""
    text = (Path(__file__).parent / "model" / "test_prompts.py").read_text(encoding="utf-8")
    assert all(f"Kind.{kind.name}" in text for kind in Kind)
