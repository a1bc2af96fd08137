"""Which row of the policy table each verb of the gate stands for, and how it is tried.

A verb that stands in no table here fails the tests: nobody has said what it gives to whom.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from cascade_tools.errors import NotFound
from cascade_tools.model.entry import Outline
from cascade_tools.model.prompts import Who
from cascade_tools.records import Records
from tests.promises.rules import ANSWERS, AUTHOR, COPIES, ERASE, READ, SHARE, WRITE, Words
from tests.promises.world import Thing

EVERYTHING = Outline((("one", "One", tuple(f"for-{who}" for who in Who)),))


@dataclass(frozen=True)
class Tried:
    """``call`` is the verb as one person asks it about one thing; ``classes`` reads from its
    result the classes of the answers that are in it."""

    rule: Words
    call: Callable[[Records, str, Thing], Any]
    classes: Callable[[Any], set[Who]] | None = None


def _keys(result: Mapping[str, Any]) -> set[Who]:
    return {Who(key.removeprefix("for-")) for key in result}


def _body(document: Any) -> set[Who]:
    pages = document.body["pages"]
    return {Who(a["who"]) for page in pages for a in page["answers"]}


def _share(r: Records, viewer: str, thing: Thing) -> str:
    document = r.sharing.compose(viewer, thing.entry, EVERYTHING)
    reader = r.sharing.readers(viewer, thing.entry, ("supervisor", "coach"))[0]
    until = r.store.now() + timedelta(days=9)
    return r.sharing.share(viewer, thing.entry, document, reader, purpose="", ends_at=until)


def _find(r: Records, viewer: str, thing: Thing) -> Any:
    return _there(r.sharing.find(viewer, thing.snapshot))


def _there(found: Any) -> Any:
    if found is None:
        raise NotFound("None of it.")
    return found


def _seal(r: Records, viewer: str, thing: Thing) -> bool:
    document = r.sharing.compose(viewer, thing.entry, EVERYTHING)
    until = r.store.now() + timedelta(days=9)
    return r.together.commit(viewer, thing.entry, document, until)


def _propose(r: Records, viewer: str, thing: Thing) -> str:
    document = r.sharing.compose(viewer, thing.entry, EVERYTHING)
    until = r.store.now() + timedelta(days=9)
    return r.agreements.propose(viewer, thing.entry, document, ends=None, label="", until=until)


SHARED = ("own", "leaders")
ALONE = ("own", "leaders", "sealed")
TRIED: dict[str, Tried] = {
    "entries.get": Tried(Words(ANSWERS, READ), lambda r, v, t: r.entries.get(v, t.entry)),
    "entries.answers": Tried(
        Words(ANSWERS, READ), lambda r, v, t: r.entries.answers(v, t.entry), _keys
    ),
    "entries.sittings": Tried(
        Words(ANSWERS, READ, kinds=(*ALONE, "copy")),
        lambda r, v, t: r.entries.sittings(v, t.entry, 5),
        lambda sittings: _keys(next(s for s in sittings if s.current).answers),
    ),
    "entries.opened": Tried(
        Words(ANSWERS, READ, kinds=(*ALONE, "copy")),
        lambda r, v, t: r.entries.opened(v, t.entry, 5),
        lambda opened: _keys(opened[0]),
    ),
    "entries.forget_earlier": Tried(
        Words(ANSWERS, ERASE), lambda r, v, t: r.entries.forget_earlier(v, t.entry)
    ),
    "entries.commit": Tried(
        Words(ANSWERS, WRITE, kinds=("own", "meeting", "copy"), only=AUTHOR),
        lambda r, v, t: r.entries.commit(v, t.entry),
    ),
    "sharing.readers": Tried(
        Words(ANSWERS, READ, only=AUTHOR),
        lambda r, v, t: r.sharing.readers(v, t.entry, ("supervisor",)),
    ),
    "sharing.compose": Tried(
        Words(ANSWERS, SHARE), lambda r, v, t: r.sharing.compose(v, t.entry, EVERYTHING), _body
    ),
    "sharing.share": Tried(Words(ANSWERS, SHARE, kinds=SHARED), _share),
    "sharing.stop": Tried(
        Words(COPIES, READ, kinds=SHARED, only=AUTHOR), lambda r, v, t: r.sharing.stop(v, t.share)
    ),
    "sharing.read": Tried(
        Words(COPIES, READ, kinds=SHARED),
        lambda r, v, t: r.sharing.read(v, t.snapshot),
        lambda received: _body(received.document),
    ),
    "sharing.find": Tried(
        Words(COPIES, READ, kinds=SHARED), _find, lambda received: _body(received.document)
    ),
    "sharing.may_read": Tried(
        Words(COPIES, READ, kinds=SHARED), lambda r, v, t: r.sharing.may_read(v, t.snapshot)
    ),
    "sharing.questions": Tried(
        Words(COPIES, READ, kinds=SHARED), lambda r, v, t: r.sharing.questions(v, t.snapshot)
    ),
    "answering.read": Tried(
        Words(COPIES, READ, kinds=SHARED),
        lambda r, v, t: r.answering.read(v, t.snapshot),
        lambda found: _body(found[0].document),
    ),
    "answering.find": Tried(
        Words(COPIES, READ, kinds=SHARED),
        lambda r, v, t: _there(r.answering.find(v, t.snapshot)),
        lambda found: _body(found[0].document),
    ),
    "answering.questions": Tried(
        Words(COPIES, READ, kinds=SHARED),
        lambda r, v, t: _there(r.answering.questions(v, t.snapshot)),
    ),
    "answering.rounds": Tried(
        Words(COPIES, READ, kinds=SHARED), lambda r, v, t: r.answering.rounds(v, t.snapshot)
    ),
    "answering.released": Tried(
        Words(ANSWERS, READ, only=AUTHOR), lambda r, v, t: r.answering.released(v, t.entry)
    ),
    "answering.compose": Tried(
        Words(ANSWERS, SHARE),
        lambda r, v, t: r.answering.compose(v, t.entry, EVERYTHING, {f"for-{w}" for w in Who}),
        _body,
    ),
    "together.status": Tried(
        Words(ANSWERS, READ, kinds=("sealed",), only=AUTHOR),
        lambda r, v, t: r.together.status(v, t.entry),
    ),
    "together.commit": Tried(Words(ANSWERS, SHARE, kinds=("sealed",)), _seal),
    "together.take_back": Tried(
        Words(ANSWERS, WRITE, kinds=("sealed",), only=AUTHOR),
        lambda r, v, t: r.together.take_back(v, t.entry),
    ),
    "erasing.goes": Tried(Words(ANSWERS, ERASE), lambda r, v, t: r.erasing.goes(v, t.entry)),
    "erasing.entry": Tried(Words(ANSWERS, ERASE), lambda r, v, t: r.erasing.entry(v, t.entry)),
    "retention.keep": Tried(
        Words(ANSWERS, WRITE, kinds=("own", "sealed"), only=AUTHOR),
        lambda r, v, t: r.retention.keep(v, t.entry),
    ),
    "agreements.propose": Tried(Words(ANSWERS, SHARE, kinds=("agreement",)), _propose),
}

# What lists things for one person: nothing in it that this person may not read.
LISTED: dict[str, Callable[[Records, str], Any]] = {
    "entries.of": lambda r, person: r.entries.of(person),
    "entries.everything": lambda r, person: r.entries.everything(person),
    "entries.latest": lambda r, person: [
        r.entries.latest(person, workbook, f"for-{who}")
        for workbook in ("coach/every-class", "pair/every-class", "supervisor/every-class")
        for who in Who
    ],
    "sharing.of": lambda r, person: r.sharing.of(person),
    "sharing.answers_to": lambda r, person: r.sharing.answers_to(person, "0" * 32),
    "answering.given": lambda r, person: r.answering.given(person),
    "answering.about": lambda r, person: r.answering.about(person, "0" * 32),
    "entries.mine_and_ours": lambda r, person: r.entries.mine_and_ours(person),
    "my_data.gather": lambda r, person: r.my_data.gather(person),
    "own_names.of": lambda r, person: r.own_names.of(person),
    "erasing.leaving": lambda r, person: r.erasing.leaving(person),
    "erasing.may_go": lambda r, person: r.erasing.may_go(person),
    "erasing.tombstones": lambda r, person: r.erasing.tombstones(person),
    "retention.until": lambda r, person: r.retention.until(person),
    "retention.warned": lambda r, person: r.retention.warned(person),
    "read_log.of": lambda r, person: r.read_log.of(person),
    "read_log.broken": lambda r, person: r.read_log.broken(person),
    "requests.of": lambda r, person: r.requests.of(person),
    "others_words.asked_of": lambda r, person: r.others_words.asked_of(person),
    "others_words.given_to": lambda r, person: r.others_words.given_to(person),
    "desk.answers": lambda r, person: list(r.desk(r.people.by_id(person), "collect").answers()),
    "briefs.of": lambda r, person: [
        r.briefs.of(r.people.by_id(person), coach.id) for coach in r.people.coaches_of(person)
    ],
    "desk.shared": lambda r, person: r.desk(r.people.by_id(person), "page").shared(),
    "desk.standing": lambda r, person: r.desk(r.people.by_id(person), "page").standing(),
    "desk.caseload": lambda r, person: r.desk(r.people.by_id(person), "page").caseload(),
}


@dataclass(frozen=True)
class NoWords:
    """Verbs through which no answer passes, and why that is enough."""

    why: str
    verbs: tuple[str, ...] = field(default=())


FACTS = NoWords("names, roles, pairs and days: facts that the programme keeps about itself")
HALVES = NoWords("days and numbers of one pair, to its two halves alone: tests/records/test_pairs")
SIGN_IN = NoWords("who is there: the words come after")
QUESTIONS = NoWords("the questions as they were asked, never an answer")
DECIDED = NoWords("what somebody said yes or no to, by their own id")
TO_THE_PROGRAMME = NoWords("what was addressed to it: the addresses /sent are tried")
REQUESTS = NoWords("what was asked and when, for those who lead the programme")
ASKED = NoWords("kind, day and writer; a copy is its writer's to give: test_08_read_log")
TAKEN_AWAY = NoWords("what goes and when, never a word of it: test_12_erasure, test_13_retention")
TOTALS = NoWords("numbers about at least ten people: test_14_small_numbers, test_15_coded_view")
CHOSEN_FIRST = NoWords("names of questions and a day: tests/records/test_outcomes")
RUNNING = NoWords("counts, and for leads who meets first: tests/records/test_running")
OPERATORS = NoWords("the operator's, without a face in the server: test_24_upgrade_backup_restore")
COUNTED = NoWords("how many are there, for the operator alone: tests/server/test_load")
CARDS = NoWords("cards that nobody signed, for those who lead: tests/records/test_knowledge")
ACROSS = NoWords("copies that may be read anyway, each logged: tests/records/test_side_by_side")
SAVED = NoWords("tried class by class at the address that saves one answer")

REASONS: dict[str, NoWords] = {
    r"people\..*": FACTS,
    r"standing\..*": COUNTED,
    r"second_step\..*": SIGN_IN,
    r"own_names\.(save|erase)|erasing\.everything": TAKEN_AWAY,
    r"holds\..*|retention\.(due|run)": TAKEN_AWAY,
    r"releases\..*": TOTALS,
    r"running\..*": RUNNING,
    r"outcomes\..*": CHOSEN_FIRST,
    r"handing_over\..*|resealing\..*|restoring\..*": OPERATORS,
    r"requests\.(ask|add|acknowledge|answer|all)": REQUESTS,
    r"others_words\.(sheets|ask|asked|give|keep_back)": ASKED,
    r"pairs\..*": HALVES,
    r"desk\.side_by_side": ACROSS,
    r"signing_in\..*": SIGN_IN,
    r"consents\..*": DECIDED,
    r"submissions\..*|feedback\..*": TO_THE_PROGRAMME,
    r"knowledge\..*": CARDS,
    r"entries\.(asked|remember)": QUESTIONS,
    r"entries\.(save|save_sheet|start)": SAVED,
    r"sharing\.(ask_to_talk|take_back_talk|asked_to_talk)": FACTS,
    r"together\.(mark|done)|agreements\.(accept|withdraw|of|in_force)": HALVES,
}


def reason(verb: str) -> NoWords | None:
    """Why no words pass through a verb that is not tried; None when nobody has said."""
    return next((why for pattern, why in REASONS.items() if re.fullmatch(pattern, verb)), None)
