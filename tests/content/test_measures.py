"""Measures: other people's questions, word for word, and only with their leave."""

from pathlib import Path

import pytest

from cascade_tools import content
from cascade_tools.errors import ContentFault
from cascade_tools.model.prompts import Kind, Who, check_answer
from cascade_tools.shelf.asks import prompt_from

OGL = (
    "Contains public sector information licensed under the Open Government Licence v3.0. "
    "Source: Office for National Statistics."
)
MEASURE = """\
id: steady
name: How steady
version: 1
language: en-GB
year: 2020
source: Somebody, 2020
status: current
licence: By letter of 3 May 2026
attribution: Used with the leave of Somebody.
permission_held: yes
review_by: 2027-11-30
owner: The tests
intro: Think of today.
items:
  - {id: steady, kind: ten, question: "How steady?", ends: [Not at all, Completely]}
  - {id: shaky, kind: choice, question: "How shaky?", better: lower, choices: {a: A, b: B}}
"""


def test_the_kit_ships_what_is_openly_licensed_and_nothing_else() -> None:
    """Two measures of the Office for National Statistics, with the words the licence asks for."""
    shipped = content.measures()
    assert [measure.id for measure in shipped] == ["ons4", "uk-loneliness"]
    assert {measure.licence for measure in shipped} == {"OGL-UK-3.0"}
    assert {measure.attribution for measure in shipped} == {OGL}


def test_personal_wellbeing_is_asked_word_for_word_and_in_order() -> None:
    """The four questions and their introduction are the harmonised standard's own."""
    ons4 = content.measures()[0]
    assert ons4.intro == (
        "Next I would like to ask you four questions about your feelings on aspects of your life. "
        "There are no right or wrong answers. For each of these questions I’d like you to give an "
        "answer on a scale of 0 to 10, where 0 is “not at all” and 10 is “completely”."
    )
    assert [prompt.question for prompt in ons4.prompts] == [
        "Overall, how satisfied are you with your life nowadays?",
        "Overall, to what extent do you feel that the things you do in your life are worthwhile?",
        "Overall, how happy did you feel yesterday?",
        "On a scale where 0 is “not at all anxious” and 10 is “completely anxious”, overall, how "
        "anxious did you feel yesterday?",
    ]
    assert ons4.lower_is_better == {"ons4-anxious"}


def test_loneliness_is_asked_directly_with_its_own_five_answers() -> None:
    """The question and its answers are the national indicator's, and one may leave it out."""
    (prompt,) = content.measures()[1].prompts
    assert prompt.question == "How often do you feel lonely?"
    assert [choice.words for choice in prompt.choices] == [
        *("Often/always", "Some of the time", "Occasionally", "Hardly ever", "Never"),
        "Skip this one",
    ]


def test_a_measure_is_answered_like_any_question_and_counts_in_groups_only() -> None:
    """Its questions are prompts: 0 to 10 as a notebook asks it, and never shared with anybody."""
    prompts = [prompt for measure in content.measures() for prompt in measure.prompts]
    assert {prompt.who for prompt in prompts} == {Who.GROUP_RESULTS}
    written, faults = prompt_from("ten", ["x", "How?"], {"ends": ["Not at all", "Completely"]})
    assert written is not None and not faults
    satisfied = prompts[0]
    assert satisfied.kind is Kind.TEN and satisfied.choices == written.choices
    assert check_answer(satisfied, "10") == 10
    assert check_answer(prompts[-1], "skipped") == "skipped"
    assert len({prompt.key for prompt in prompts}) == len(prompts)


def fault(tmp_path: Path, text: str) -> str:
    path = tmp_path / "steady.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ContentFault) as caught:
        content.measures(tmp_path)
    return str(caught.value).removeprefix(f"{path}, ")


@pytest.mark.parametrize("held", ["no", "false", '"not yet"', "asked", '""', "[yes]", "1"])
def test_a_measure_nobody_has_leave_for_is_refused(held: str, tmp_path: Path) -> None:
    """Anything but a plain yes keeps the measure away, and says how to get it."""
    message = fault(tmp_path, MEASURE.replace("held: yes", f"held: {held}"))
    assert message.startswith("line 10: permission to use this measure is not held; ask whoever")
    assert "permission_held: yes" in message


@pytest.mark.parametrize("held", ["yes", '"yes"', "Yes", "true"])
def test_a_plain_yes_is_enough_however_yaml_reads_it(held: str, tmp_path: Path) -> None:
    """YAML takes a bare yes for a truth value; nobody has to know that."""
    path = tmp_path / "steady.yaml"
    path.write_text(MEASURE.replace("held: yes", f"held: {held}"), encoding="utf-8")
    (measure,) = content.measures(tmp_path)
    assert [prompt.key for prompt in measure.prompts] == ["steady-steady", "steady-shaky"]
    assert measure.lower_is_better == {"steady-shaky"}
    assert measure.intro == "Think of today."


FAULTS = {
    "no permission line": ("permission_held: yes\n", "", 1, "'permission_held' is missing; add"),
    "no licence": ("licence: By letter of 3 May 2026\n", "", 1, "'licence' is missing; add"),
    "an empty licence": ("licence: By letter of 3 May 2026", 'licence: ""', 8, "words are missing"),
    "no source": ("source: Somebody, 2020\n", "", 1, "'source' is missing; add"),
    "no attribution": ("attribution: Used with the leave of Somebody.\n", "", 1, "is missing; add"),
    "a kind nobody can answer": ("kind: ten", "kind: slider", 15, "write ten or choice"),
    "ends without words": (", ends: [Not at all, Completely]", "", 15, "no words; add ends"),
    "one end": ("[Not at all, Completely]", "[Not at all]", 15, "there are 1 ends; give two"),
    "no choices": (", choices: {a: A, b: B}", "", 16, "there are no choices; add choices"),
    "better is a slip": ("better: lower", "better: less", 16, "write higher or lower"),
    "the same id twice": ("id: shaky", "id: steady", 16, "stands here twice"),
    "an id that is no key": ("id: shaky", "id: Very shaky", 16, "cannot be a code"),
}


@pytest.mark.parametrize("case", FAULTS)
def test_a_fault_names_the_file_the_line_and_the_fix(case: str, tmp_path: Path) -> None:
    """Whoever adds a measure is told where the slip is and how to put it right."""
    old, new, line, says = FAULTS[case]
    message = fault(tmp_path, MEASURE.replace(old, new))
    assert message.startswith(f"line {line}: "), message
    assert says in message


def test_a_programme_without_measures_of_its_own_has_none(tmp_path: Path) -> None:
    """A folder that is not there is no fault."""
    assert content.measures(tmp_path / "measures") == []
