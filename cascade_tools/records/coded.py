"""What may be counted: numbers of people who said yes to it, each under a code for one release.

Only the counting of a release is given this, in the same moment and in memory.  Nobody reads it:
Welcome promises that nobody is shown on their own.  No name, no id of a person or a sheet, no day,
no text and no order of anything goes with a number.
"""

import secrets
from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from cascade_tools.model.consent import GROUP_RESULTS, KEEP
from cascade_tools.model.group_results import COACHES, LEADERS, Coded, Question
from cascade_tools.model.journey import LOOKING_BACK, TIMES
from cascade_tools.model.prompts import Kind, Who
from cascade_tools.model.sharing import State
from cascade_tools.records.coded_back import looking_back
from cascade_tools.records.coded_goals import goal_levels
from cascade_tools.records.consents import newest
from cascade_tools.records.store import Store
from cascade_tools.records.tables import AnswerRow, AskedRow, EntryRow, PairRow, PersonRow

_NUMBERS = (Kind.TEN, Kind.SCALE)
_Answers = dict[tuple[Question, str], int]


def coded(store: Store, s: Session, *, then_test: bool = False) -> list[tuple[str, Coded]]:
    """Everybody in a pair whose numbers may be counted now, in no order, with their person's id.

    The id is for the records alone; the one who counts gets the second half.  ``then_test`` says
    whether it has what people said of their start when they looked back at it, too.
    """
    codes: dict[str, str] = defaultdict(lambda: secrets.token_hex(8))
    behind = _behind(s, codes)
    willing = set(_willing(s))
    numbers, goals = _numbers(store, s, willing), goal_levels(store, s, willing)
    back = looking_back(store, s, numbers) if then_test else {}
    found = [
        (
            person_id,
            Coded(
                code=codes[person_id],
                behind=groups,
                answers=answers | goals.get(person_id, {}) | back.get(person_id, {}),
            ),
        )
        for person_id, answers in numbers.items()
        if (groups := behind.get(person_id))
    ]
    secrets.SystemRandom().shuffle(found)
    return found


def taking_part(s: Session) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Who is or was half of a pair, by group, and who of them said yes and is still here."""
    eligible: dict[str, set[str]] = {LEADERS: set(), COACHES: set()}
    for pair in s.scalars(select(PairRow)):
        eligible[COACHES].add(pair.coach_id)
        if pair.leader_id:
            eligible[LEADERS].add(pair.leader_id)
    willing = set(_willing(s))
    return eligible, {group: people & willing for group, people in eligible.items()}


def _willing(s: Session) -> Iterator[str]:
    """Who is here, and said yes both to keeping answers and to counting them, and still does."""
    for person_id in s.scalars(select(PersonRow.id).where(PersonRow.left_at.is_(None))):
        decided = (newest(s, person_id, choice) for choice in (KEEP, GROUP_RESULTS))
        if all(one is not None and one.given for one in decided):
            yield person_id


def _behind(s: Session, codes: dict[str, str]) -> dict[str, dict[str, frozenset[str]]]:
    """By person and group: the codes of the other halves of their pairs."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for pair in s.scalars(select(PairRow)):
        # A leader without an account is somebody too.
        leader = pair.leader_id or pair.id
        found[pair.coach_id][COACHES].add(codes[leader])
        found[leader][LEADERS].add(codes[pair.coach_id])
    return {
        person_id: {group: frozenset(others) for group, others in groups.items()}
        for person_id, groups in found.items()
    }


def _numbers(store: Store, s: Session, willing: set[str]) -> dict[str, _Answers]:
    """By person: the newest number for each question and time, from sheets that are finished."""
    rows = s.execute(
        select(EntryRow, AnswerRow, AskedRow)
        .join(EntryRow, EntryRow.id == AnswerRow.entry_id)
        .join(AskedRow, AskedRow.id == AnswerRow.asked_id)
        .where(
            AnswerRow.who == Who.GROUP_RESULTS,
            AnswerRow.beside.is_(False),
            EntryRow.state.in_((State.COMMITTED, State.OPENED)),
            EntryRow.about_id.in_(TIMES),
            # It has a tick of its own (see ``coded_back``).
            EntryRow.workbook != LOOKING_BACK,
        )
        .order_by(EntryRow.made_at, EntryRow.id, AnswerRow.revision)
    )
    last: dict[tuple[str, str, str, str], AnswerRow] = {}
    asked_last: dict[tuple[str, str], AskedRow] = {}
    for entry, answer, asked in rows:
        if entry.person_id in willing and asked.prompt["kind"] in _NUMBERS:
            last[entry.person_id, entry.workbook, answer.key, str(entry.about_id)] = answer
            asked_last[entry.workbook, answer.key] = asked
    questions = {
        place: Question(*place, asked.prompt["question"], asked.prompt["kind"])
        for place, asked in asked_last.items()
    }
    found: dict[str, _Answers] = defaultdict(dict)
    for (person_id, workbook, key, time), answer in last.items():
        value = store.open_answer(answer)
        # Passed over or taken back is not a number.
        if isinstance(value, int) and not isinstance(value, bool):
            found[person_id][questions[workbook, key], time] = value
    return found
