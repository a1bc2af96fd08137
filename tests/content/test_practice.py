"""Every conversation and drill of the kit can be read, walked to each of its ends, and drawn."""

import re
from pathlib import Path

import pytest

from cascade_tools import content
from cascade_tools.content.practice import drill_from, scene_from
from cascade_tools.draw.practice import DRILLS_IN_A_LINE, debrief_html
from cascade_tools.errors import ContentFault
from cascade_tools.kit import kit_folder
from cascade_tools.model.practice import Scene
from cascade_tools.programme import check, init

PRACTICE = kit_folder("data") / "practice"
SCENES, DRILLS = (sorted((PRACTICE / name).glob("*.yaml")) for name in ("scenes", "drills"))
TICKS_OVER = "v1-the-board-that-just-ticks-over"
MARKS = re.compile(r"\b(wrong|correct|incorrect|score|total|well done)\b", re.IGNORECASE)


def test_every_file_is_there_to_try() -> None:
    """Ten conversations in the order of their numbers, and one drill of each kind."""
    assert [s.id.partition("-")[0] for s in content.scenes()] == [f"v{n}" for n in range(1, 11)]
    assert {s.id for s in content.scenes()} == {path.stem for path in SCENES}
    assert {d.kind for d in content.drills()} == set(DRILLS_IN_A_LINE)
    assert {d.id for d in content.drills()} == {path.stem for path in DRILLS}


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


@pytest.mark.parametrize("path", [*SCENES, *DRILLS], ids=lambda p: p.stem)
def test_what_is_said_afterwards_gives_no_marks(path: Path) -> None:
    """No why speaks of wrong, of points or of a score."""
    if path in SCENES:
        whys = [r.why for t in scene_from(path).turns for r in t.replies]
    else:
        whys = [item.why for item in drill_from(path).items]
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
