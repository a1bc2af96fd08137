"""The policy table: who may do what with which words, in which state.

Everything that is not in ``POLICY`` is refused.  The records gate compiles these rows to an SQL
condition and to the predicate below; a test shows that the two agree.  Source of the classes:
the visibility classes of the programme (only me, mine, pair, programme, group results, submitted).
"""

from dataclasses import dataclass
from enum import StrEnum

from cascade_tools.model.prompts import Who


class State(StrEnum):
    """Where an entry or a snapshot stands."""

    DRAFT = "draft"
    COMMITTED = "committed"
    OPENED = "opened"
    WITHDRAWN = "withdrawn"


class Thing(StrEnum):
    """What is being asked for."""

    ANSWER = "answer"
    SNAPSHOT = "snapshot"
    SUBMISSION = "submission"
    CARD = "card"
    NOTE = "note"


class Relation(StrEnum):
    """What the viewer is to the thing, worked out again from the database at every request.

    ``AUTHOR`` wrote it.  ``READER`` holds a share of it that has begun, not ended, not stopped.
    ``PARTNER`` is the other person in a record kept together: a coach in a supervision, or the
    other half of a pair in a workbook that has one copy for both.
    ``PROGRAMME`` is somebody who leads the programme, ``EVALUATOR`` somebody who evaluates it.
    """

    AUTHOR = "author"
    READER = "reader"
    PARTNER = "partner"
    PROGRAMME = "programme"
    EVALUATOR = "evaluator"
    NOBODY = "nobody"


class Action(StrEnum):
    READ = "read"
    WRITE = "write"
    SHARE = "share"
    EXPORT = "export"
    ERASE = "erase"


@dataclass(frozen=True, slots=True)
class Rule:
    thing: Thing
    who: Who
    state: State
    relation: Relation
    action: Action


def _rules() -> frozenset[Rule]:
    rows: set[Rule] = set()
    own = (Action.READ, Action.WRITE, Action.EXPORT, Action.ERASE)
    for who in Who:
        for state in State:
            rows |= {Rule(Thing.ANSWER, who, state, Relation.AUTHOR, a) for a in own}
            rows.add(Rule(Thing.SNAPSHOT, who, state, Relation.AUTHOR, Action.READ))
    # An answer leaves its entry only as a copy, and "only me, always" never leaves.
    for who in (Who.MINE, Who.PAIR, Who.SUBMITTED):
        for state in (State.DRAFT, State.COMMITTED, State.OPENED):
            rows.add(Rule(Thing.ANSWER, who, state, Relation.AUTHOR, Action.SHARE))
        for action in (Action.READ, Action.EXPORT):
            rows.add(Rule(Thing.SNAPSHOT, who, State.OPENED, Relation.READER, action))
    # A record kept together is the other person's too, once it is recorded; a draft never is.
    for state in (State.COMMITTED, State.OPENED):
        for action in (Action.READ, Action.WRITE, Action.EXPORT):
            rows.add(Rule(Thing.ANSWER, Who.PAIR, state, Relation.PARTNER, action))
    # What somebody addressed to the programme, from a page where nothing else is kept.
    for action in (Action.READ, Action.EXPORT):
        rows.add(Rule(Thing.SUBMISSION, Who.SUBMITTED, State.OPENED, Relation.PROGRAMME, action))
    # Cards that nobody signed, and what is made of them; a note that is released holds nobody.
    for action in (Action.READ, Action.WRITE, Action.ERASE):
        rows.add(Rule(Thing.CARD, Who.SUBMITTED, State.OPENED, Relation.PROGRAMME, action))
    for action in (Action.READ, Action.WRITE, Action.EXPORT, Action.ERASE):
        rows.add(Rule(Thing.NOTE, Who.SUBMITTED, State.OPENED, Relation.PROGRAMME, action))
    for action in (Action.READ, Action.EXPORT):
        rows.add(Rule(Thing.NOTE, Who.SUBMITTED, State.OPENED, Relation.EVALUATOR, action))
    return frozenset(rows)


POLICY = _rules()


def may(relation: Relation, action: Action, thing: Thing, who: Who, state: State) -> bool:
    """Whether the policy table allows it.  Unlisted is refused."""
    return Rule(thing, who, state, relation, action) in POLICY
