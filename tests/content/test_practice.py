"""Every conversation, drill, statement and card of the kit can be read; every conversation can be
walked to each of its ends, and drawn."""

import re
from pathlib import Path

import pytest

from cascade_tools import content
from cascade_tools.content.practice import cards_from, drill_from, scene_from, statements_from
from cascade_tools.content.spots import ABOUT
from cascade_tools.draw.practice import DRILLS_IN_A_LINE, debrief_html
from cascade_tools.errors import ContentFault
from cascade_tools.kit import kit_folder
from cascade_tools.model.practice import Scene
from cascade_tools.programme import check, init

PRACTICE = kit_folder("data") / "practice"
READ = {
    "scenes": scene_from,
    "drills": drill_from,
    "statements": statements_from,
    "cards": cards_from,
}
FILES = {name: sorted((PRACTICE / name).glob("*.yaml")) for name in READ}
SCENES, DRILLS = FILES["scenes"], FILES["drills"]
TICKS_OVER = "v1-the-board-that-just-ticks-over"
MARKS = re.compile(r"\b(wrong|correct|incorrect|score|total|well done)\b", re.IGNORECASE)


def test_every_file_is_there_to_try() -> None:
    """Ten conversations in the order of their numbers, and one drill of each kind."""
    assert [s.id.partition("-")[0] for s in content.scenes()] == [f"v{n}" for n in range(1, 11)]
    assert {s.id for s in content.scenes()} == {path.stem for path in SCENES}
    assert {d.kind for d in content.drills()} == set(DRILLS_IN_A_LINE) - {"sort"}
    assert {d.id for d in content.drills()} == {path.stem for path in DRILLS}
    assert {s.id for s in content.statements()} == {path.stem for path in FILES["statements"]}
    assert {c.id for c in content.cards()} == {path.stem for path in FILES["cards"]}


@pytest.mark.parametrize("name", READ)
def test_every_file_says_where_it_comes_from_and_when_to_look_again(
    tmp_path: Path, name: str
) -> None:
    """Whichever of id, version, language, source, review-by and the rest goes missing, the file is
    refused, with the line and what to write there."""
    path = FILES[name][0]
    text = path.read_text(encoding="utf-8")
    for line in ABOUT:
        less = re.sub(rf"(?m)^{line}:.*\n(?:  .*\n)*", "", text)
        assert less != text
        (tmp_path / path.name).write_text(less, encoding="utf-8")
        with pytest.raises(ContentFault, match=f"line 1: '{line}' is missing; add a line"):
            READ[name](tmp_path / path.name)


def test_nothing_lies_about_unread() -> None:
    """Every file in the folder of practice is one of the four kinds, and can be read."""
    found = {path for path in PRACTICE.rglob("*") if path.is_file()}
    assert found == {path for paths in FILES.values() for path in paths}
    assert {"id", "version", "language", "source", "review_by"} <= set(ABOUT)
    for name, paths in FILES.items():
        assert [READ[name](path).id for path in paths] == [path.stem for path in paths]


def test_every_place_to_sort_into_is_used_and_no_statement_is_only_for_one_camp() -> None:
    """Each bin is an answer to some; of the twelve about leading, some have more than one."""
    for sorting in content.statements():
        codes = {code for code, _ in sorting.choices}
        assert sorting.kind == "sort"
        assert {a for item in sorting.items for a in item.answers} == codes
    (twelve,) = (s for s in content.statements() if s.id == "leading-or-helping")
    assert [code for code, _ in twelve.choices] == ["leading", "helping", "either"]
    assert len(twelve.items) == 12
    assert sum(len(item.answers) > 1 for item in twelve.items) >= 4


def test_the_cards_of_an_event_are_its_four_rounds() -> None:
    """What worked, what got in the way, where else, and what to tell the next people."""
    (event,) = (c for c in content.cards() if c.id == "knowledge-capture")
    assert [card.id for card in event.items] == [
        "worked",
        "in-the-way",
        "where-else",
        "next-cohort",
    ]
    assert all(card.words.endswith("?") for card in event.items)


def test_what_goes_together_is_not_said_to_cause() -> None:
    """The card about values says that the two go together, and that this shows no cause."""
    cards = {card.id: card.words for deck in content.cards() for card in deck.items}
    assert "does not show that one causes the other" in cards["shared-values"]
    assert "not a test of one against the other" in cards["who-should-lead"]


@pytest.mark.parametrize("scene", content.scenes(), ids=lambda s: s.id)
def test_every_way_comes_to_its_end_and_can_be_looked_back_on(scene: Scene) -> None:
    """Each is two turns long or more somewhere, ends, and shows every step with its why."""
    paths = list(scene.paths())
    assert max(map(len, paths)) >= 2 and len(scene.turns) >= 3
    met = set()
    for path in paths:
        steps, turn = scene.walk(path)
        assert turn is None and len(steps) == len(path)
        met |= {step.turn.id for step in steps}
        page = str(debrief_html(scene, steps, "in my words"))
        assert page.count("Which way it went") == len(steps)
        assert page.count('<li><p class="other-words">') == 3 * len(steps)
        assert "in my words" in page
    assert met == {t.id for t in scene.turns}


@pytest.mark.parametrize("scene", content.scenes(), ids=lambda s: s.id)
def test_the_longest_is_not_always_the_best(scene: Scene) -> None:
    """Nobody learns to pick by length."""
    assert [what for _, what in scene.faults() if "longest" in what] == []


def test_only_one_has_a_right_answer() -> None:
    """The safeguarding one, and there each turn has a reply that will do."""
    (one,) = (s for s in content.scenes() if s.right)
    assert one.id.startswith("v8-")
    assert all(any(r.acceptable for r in t.replies) for t in one.turns)


@pytest.mark.parametrize(
    "path", [*SCENES, *DRILLS, *FILES["statements"]], ids=lambda path: path.stem
)
def test_what_is_said_afterwards_gives_no_marks(path: Path) -> None:
    """No why speaks of wrong, of points or of a score."""
    if path in SCENES:
        whys = [r.why for t in scene_from(path).turns for r in t.replies]
    else:
        whys = [item.why for item in READ[path.parent.name](path).items]
    assert [(why, found[0]) for why in whys if (found := MARKS.search(why))] == []


def changed(tmp_path: Path, kit: Path, was: str, now: str) -> Path:
    text = kit.read_text(encoding="utf-8")
    assert was in text
    path = tmp_path / kit.name
    path.write_text(text.replace(was, now, 1), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ("next: template", "next: tomplate", r"line \d+: a leads to 'tomplate'.*write|lead"),
        ("thinking: -1", "thinking: 2", r"line 27: .*write -1, 0 or 1"),
        ("kinds: [INF, PRE]", "kinds: [ADV]", r"line 26: 'ADV' is not known here; use PRE"),
        ("question: future", "question: odd", r"line \d+: 'odd' is no kind of question; use open"),
        ("      d:\n", "      c:\n", r"line \d+: 'c' stands here twice; remove"),
        ("learning: >-", "lesson: >-", r"line \d+: 'lesson' is not known here; use"),
    ],
)
def test_a_fault_in_a_conversation_names_line_and_fix(
    tmp_path: Path, was: str, now: str, said: str
) -> None:
    """Whoever wrote it can put it right from the sentence alone."""
    path = changed(tmp_path, PRACTICE / "scenes" / f"{TICKS_OVER}.yaml", was, now)
    with pytest.raises(ContentFault, match=said):
        scene_from(path)


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ("kind: spot", "kind: guess", r"line \d+: 'guess' is no kind of drill; use spot"),
        ("answers: [closed]", "answers: [shut]", r"line \d+: 'shut' is not known here; use open"),
        ("  - id: board-or-money", "  - id: chair", r"line \d+: 'chair'"),
    ],
)
def test_a_fault_in_a_drill_names_line_and_fix(
    tmp_path: Path, was: str, now: str, said: str
) -> None:
    """Likewise."""
    path = changed(tmp_path, PRACTICE / "drills" / "1-spot-it.yaml", was, now)
    with pytest.raises(ContentFault, match=said):
        drill_from(path)


@pytest.mark.parametrize(
    ("file", "was", "now", "said"),
    [
        ("statements/leading-or-helping", "answers: [either]", "answers: [both]", "'both' is not"),
        ("statements/leading-or-helping", "  - id: roof", "  - id: boat", "'boat' stands here tw"),
        ("statements/leading-or-helping", "  helping: ", "  leading: ", "'leading' stands here"),
        ("cards/knowledge-capture", "    ask: >-", "    asks: >-", "'asks' is not known here"),
        ("cards/knowledge-capture", "review_by: 2027-11-30", "review_by: soon", "is not a date"),
    ],
)
def test_a_fault_in_statements_and_cards_names_line_and_fix(
    tmp_path: Path, file: str, was: str, now: str, said: str
) -> None:
    """Likewise."""
    path = changed(tmp_path, PRACTICE / f"{file}.yaml", was, now)
    with pytest.raises(ContentFault, match=rf"line \d+: .*{said}.*; \w+"):
        READ[file.partition("/")[0]](path)


def test_six_statements_are_the_least(tmp_path: Path) -> None:
    """Fewer could be sorted by memory; two bins at least, or there is nothing to sort."""
    text = (PRACTICE / "statements" / "leading-or-helping.yaml").read_text(encoding="utf-8")
    path = tmp_path / "leading-or-helping.yaml"
    path.write_text(text.partition("  - id: odd-meeting")[0], encoding="utf-8")
    assert len(statements_from(path).items) == 6
    path.write_text(text.partition("  - id: coffee")[0], encoding="utf-8")
    with pytest.raises(ContentFault, match=r"line \d+: there are 5 items; give at least 6"):
        statements_from(path)
    path.write_text(
        text.replace('  helping: "Helping others lead"\n  either: "Either"\n', ""), encoding="utf-8"
    )
    with pytest.raises(ContentFault, match=r"line \d+: .*give two choices or more"):
        statements_from(path)


def test_a_programme_may_add_its_own(tmp_path: Path) -> None:
    """One of its own stands beside the kit's, or in its place; one with a fault is left out, and
    ``cascade check`` names it with its line."""
    folder = init(tmp_path / "programme")
    own = folder.local / "practice" / "scenes"
    own.mkdir(parents=True)
    kit = PRACTICE / "scenes" / f"{TICKS_OVER}.yaml"
    text = kit.read_text(encoding="utf-8")
    title = "name: The board that just ticks over"
    (own / kit.name).write_text(text.replace(title, "name: Ours"), encoding="utf-8")
    other = text.replace(title, "name: Another").replace(TICKS_OVER, "x1-another")
    (own / "x1-another.yaml").write_text(other, encoding="utf-8")
    fault = other.replace("x1-another", "x2-faulty").replace("next: end", "next: nowhere", 1)
    (own / "x2-faulty.yaml").write_text(fault, encoding="utf-8")
    found = {s.id: s.title for s in content.scenes(folder.local)}
    assert found[TICKS_OVER] == "Ours" and found["x1-another"] == "Another"
    assert len(found) == len(SCENES) + 1
    (named,) = [f for f in check(folder.path) if "practice" in f.file]
    assert named.file == "practice/scenes/x2-faulty.yaml"
    assert re.search(r"line \d+: a leads to 'nowhere'", named.sentence)


@pytest.mark.parametrize("name", ["drills", "statements", "cards"])
def test_each_kind_can_be_added_without_code(tmp_path: Path, name: str) -> None:
    """A file dropped into the programme's folder is there the next time the kit starts; one with a
    fault is left out, and named with its line."""
    folder = init(tmp_path / "programme")
    own = folder.local / "practice" / name
    own.mkdir(parents=True)
    kit = FILES[name][0]
    text = kit.read_text(encoding="utf-8").replace(f"id: {kit.stem}", "id: x1-ours", 1)
    (own / "x1-ours.yaml").write_text(text, encoding="utf-8")
    fault = text.replace("id: x1-ours", "id: x2-faulty", 1).replace("intro:", "introduction:", 1)
    (own / "x2-faulty.yaml").write_text(fault, encoding="utf-8")
    find = {"drills": content.drills, "statements": content.statements, "cards": content.cards}
    assert {one.id for one in find[name](folder.local)} == {
        *(path.stem for path in FILES[name]),
        "x1-ours",
    }
    (named,) = [f for f in check(folder.path) if "practice" in f.file]
    assert named.file == f"practice/{name}/x2-faulty.yaml"
    assert re.search(r"line \d+: 'introduction' is not known here; use", named.sentence)


def test_the_examples_in_the_document_are_read(tmp_path: Path) -> None:
    """The lines shown to authors, under the lines that every file has, are statements and cards."""
    document = (PRACTICE.parents[1] / "docs" / "writing-a-workbook.md").read_text(encoding="utf-8")
    shown = document.partition("## Adding statements and cards")[2].partition("\n## ")[0]
    sorting, talking = re.findall(r"```yaml\n(.*?)```", shown, re.DOTALL)
    top, _, item = sorting.partition("items:\n")
    more = "".join(item.replace("kettle,", f"kettle-{n},") for n in range(6))
    for name, body in (("statements", f"{top}items:\n{more}"), ("cards", talking)):
        path = tmp_path / "x1-ours.yaml"
        head = FILES[name][0].read_text(encoding="utf-8").partition("intro:")[0]
        text = re.sub("(?m)^id: .*", "id: x1-ours", head) + body
        path.write_text(text, encoding="utf-8")
        assert READ[name](path).id == "x1-ours"
