"""Which row of the policy table each address stands for, or what else decides who gets it.

An address that stands in no table here fails the tests: nobody has said who may have it.
"""

from dataclasses import dataclass

from cascade_tools.model.prompts import Who
from cascade_tools.model.sharing import Action, Relation, State, Thing, may

ALL = frozenset(Relation)
AUTHOR = frozenset({Relation.AUTHOR})
READER = frozenset({Relation.READER})
ENTRIES = ("own", "meeting", "copy", "sealed")


@dataclass(frozen=True)
class Words:
    """The policy table decides, by what somebody is to the thing in the address.

    ``only`` are the relations of which an address asks more than the table does; ``tried`` is
    False where somebody who may would start something that takes long.  ``supervises``: a reader
    gets it as the author's supervisor only.
    """

    thing: Thing
    action: Action
    kinds: tuple[str, ...] = ENTRIES
    only: frozenset[Relation] = ALL
    tried: bool = True
    supervises: bool = False

    def allows(self, relation: Relation, state: State, who: Who | None = None) -> bool:
        """Whether the table lets somebody do this to an answer of a class, or of any class."""
        classes = [who] if who is not None else list(Who)
        listed = any(may(relation, self.action, self.thing, c, state) for c in classes)
        return listed and relation in self.only


@dataclass(frozen=True)
class Halves:
    """The two people of a pair: days and numbers, and what they agreed."""

    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class OfRole:
    """Whoever has a role the workbook is for; anybody at all where it needs no account."""

    public: bool = False
    desks: bool = True


@dataclass(frozen=True)
class Leads:
    """Those who lead the programme: what was addressed to it, and what it must answer."""


@dataclass(frozen=True)
class Own:
    """Everybody who is signed in, about themselves."""


@dataclass(frozen=True)
class Anybody:
    """No sign-in is asked for, because nothing there is about anybody."""


@dataclass(frozen=True)
class Elsewhere:
    """Another test of a promise tries it: its file and name."""

    test: str


Rule = Words | Halves | OfRole | Leads | Own | Anybody | Elsewhere

ANSWERS, COPIES = Thing.ANSWER, Thing.SNAPSHOT
READ, WRITE, SHARE, ERASE = Action.READ, Action.WRITE, Action.SHARE, Action.ERASE
KERNEL = Elsewhere("test_03_guessing.py::test_another_persons_kernel_answers_like_none")
LINE = Elsewhere(
    "test_03_guessing.py::test_another_persons_connection_to_a_kernel_answers_like_none"
)

CODE = Elsewhere(
    "test_20_not_signed_in_or_forged.py::test_half_a_sign_in_opens_nothing_but_the_other_half"
)

ASKED = Elsewhere("../server/test_requests.py::test_only_a_writer_sees_what_they_are_asked_for")

BRIEFS = Elsewhere("../server/test_briefs.py::test_a_brief_is_for_the_coachs_supervisor_alone")

SEEN_AS = Elsewhere(
    "test_04_private_prompts_never_leave.py::"
    "test_nobody_looks_as_somebody_it_could_not_be_shared_with"
)
STILL = Elsewhere(
    "test_06_stopping_is_immediate.py::test_asking_opens_nothing_and_keeps_no_session_open"
)

REPLAYED = Elsewhere("../server/test_replay.py::test_the_scene_is_its_authors_alone")

RELEASED = Elsewhere("../server/test_answering.py::test_only_its_author_releases_an_answer")

CARDS = Elsewhere("../server/test_knowledge.py::test_without_the_code_there_is_nothing")
NOTES = Elsewhere("../server/test_knowledge.py::test_who_reads_a_released_note")

PRACTICE = Elsewhere("../server/test_practice.py::test_practice_is_for_whoever_is_signed_in")

STANDING = Elsewhere("../server/test_overview.py::test_only_a_supervisor_asks_what_still_stands")
SIDE_BY_SIDE = Elsewhere("../server/test_sessions.py::test_only_the_supervisor_of_now_looks_across")

ADDRESSES: dict[str, Rule] = {
    "GET /coaches/still": STANDING,
    "GET /coaches/<id>/pairs/<id>": SIDE_BY_SIDE,
    "GET /pairs/<id>/sessions": Halves(),
    "GET /entries/<id>": Words(ANSWERS, READ),
    "GET /entries/<id>/check": Words(ANSWERS, READ),
    "POST /entries/<id>": Words(ANSWERS, WRITE),
    "PUT /api/entries/<id>/answers/<key>": Words(ANSWERS, WRITE),
    "POST /entries/<id>/pictures": Words(ANSWERS, READ, only=AUTHOR, tried=False),
    "POST /entries/<id>/share": Words(ANSWERS, SHARE, kinds=(*ENTRIES, "leaders")),
    "POST /entries/<id>/release": RELEASED,
    "GET /entries/<id>/replay": REPLAYED,
    "POST /entries/<id>/replay": REPLAYED,
    "POST /entries/<id>/bring": REPLAYED,
    "POST /entries/<id>/propose": Words(ANSWERS, SHARE, kinds=("agreement",)),
    "POST /entries/<id>/record": Words(ANSWERS, WRITE, kinds=("own", "meeting"), only=AUTHOR),
    "POST /entries/<id>/forget-earlier": Words(ANSWERS, ERASE),
    "GET /entries/<id>/erase": Words(ANSWERS, ERASE),
    "POST /entries/<id>/erase": Words(ANSWERS, ERASE),
    "GET /entries/<id>/as/<id>": SEEN_AS,
    "GET /shared/<id>/still": STILL,
    "GET /shared/<id>": Words(COPIES, READ, kinds=("own", "leaders")),
    "POST /shared/<id>/thanks": Words(
        COPIES, READ, kinds=("own", "leaders"), only=READER, supervises=True
    ),
    "POST /shared/<id>/review": Words(
        COPIES, READ, kinds=("own", "leaders"), only=READER, supervises=True
    ),
    "GET /shared/<id>/rounds": Words(COPIES, READ, kinds=("own", "leaders")),
    "POST /shares/<id>/stop": Words(COPIES, READ, kinds=("own", "leaders"), only=AUTHOR),
    "GET /together/<id>": Words(ANSWERS, READ, kinds=("sealed",), only=AUTHOR),
    "POST /together/<id>/seal": Words(ANSWERS, SHARE, kinds=("sealed",)),
    "POST /together/<id>/take-back": Words(ANSWERS, WRITE, kinds=("sealed",), only=AUTHOR),
    "POST /together/<id>/mark": Words(ANSWERS, WRITE, kinds=("sealed",), only=AUTHOR),
    "GET /pairs/<id>": Halves(),
    "POST /pairs/<id>": Halves((("do", "plan"),)),
    "GET /pairs/<id>/agreement": Halves(),
    "POST /pairs/<id>/agreement": Halves((("do", "again"),)),
    "GET /pairs/<id>/end-early": Halves(),
    "POST /pairs/<id>/end-early": Halves(),
    "GET /workbooks/<role>/<name>": OfRole(),
    "POST /workbooks/<role>/<name>": OfRole(desks=False),
    "POST /workbooks/<role>/<name>/pictures": Elsewhere(
        "test_03_guessing.py::test_a_workbook_of_another_role_answers_like_none"
    ),
    "GET /workbooks/<role>/<name>/plain": OfRole(public=True),
    "GET /workbooks/<role>/<name>/feedback": OfRole(public=True),
    "POST /workbooks/<role>/<name>/feedback": OfRole(public=True),
    "GET /sent": Leads(),
    "GET /requests": Leads(),
    "POST /requests": Leads(),
    "GET /cards": Anybody(),
    "POST /cards": Anybody(),
    "GET /cards/<code>": CARDS,
    "POST /cards/<code>": CARDS,
    "GET /knowledge": Leads(),
    "POST /knowledge": Leads(),
    "GET /knowledge/<id>": Leads(),
    "POST /knowledge/<id>": Leads(),
    "GET /knowledge/<id>/wall": Leads(),
    "POST /knowledge/<id>/wall": Leads(),
    "GET /knowledge/<id>/wall/now": Leads(),
    "GET /knowledge/<id>/check": Leads(),
    "POST /knowledge/<id>/check": Leads(),
    "GET /knowledge/<id>/note": Leads(),
    "POST /knowledge/<id>/note": Leads(),
    "GET /knowledge/<id>/note/paper": Leads(),
    "GET /knowledge/notes": NOTES,
    "GET /knowledge/notes/<id>": NOTES,
    "GET /briefs": BRIEFS,
    "POST /briefs": BRIEFS,
    "GET /briefs/making": BRIEFS,
    "GET /briefs/file": BRIEFS,
    "GET /briefs/<id>": BRIEFS,
    "GET /asked/<id>": ASKED,
    "POST /asked/<id>": ASKED,
    "GET /sent/<id>": Leads(),
    "GET /": Own(),
    "GET /me": Own(),
    "GET /questions": Own(),
    "GET /practice": Own(),
    "GET /practice/conversations/<name>": PRACTICE,
    "POST /practice/conversations/<name>": PRACTICE,
    "GET /practice/drills/<name>": PRACTICE,
    "POST /practice/drills/<name>": PRACTICE,
    "GET /practice/statements/<name>": PRACTICE,
    "POST /practice/statements/<name>": PRACTICE,
    "GET /practice/cards/<name>": PRACTICE,
    "POST /practice/cards/<name>": PRACTICE,
    "GET /welcome": Own(),
    "POST /welcome": Own(),
    "GET /health": Anybody(),
    "GET /sign-in": Anybody(),
    "POST /sign-in": Anybody(),
    "POST /sign-out": Anybody(),
    "GET /sign-in/code": CODE,
    "POST /sign-in/code": CODE,
    "POST /leave": Anybody(),
    "GET /away": Anybody(),
    "GET /me/data": Own(),
    "GET /me/data/page": Own(),
    "GET /me/data/json": Own(),
    "POST /me/data/ask": Own(),
    "GET /me/data/erase": Own(),
    "POST /me/data/erase": Own(),
    "GET /me/names": Own(),
    "POST /me/names": Own(),
    "GET /me/keeping": Own(),
    "POST /me/keeping": Own(),
    "GET /me/signing-in": Own(),
    "POST /me/signing-in": Own(),
    "GET /me/signing-in/app": Own(),
    "POST /me/signing-in/app": Own(),
    "GET /invitation": Anybody(),
    "POST /invitation": Anybody(),
    "GET /worker.js": Anybody(),
    "GET /worried": Anybody(),
    "GET /something-is-not-right": Anybody(),
    "GET /offline": Anybody(),
    "GET /interest": Anybody(),
    "POST /interest": Anybody(),
    "GET /static/<version>/<file>": Anybody(),
    "GET /voila/static/<version>/<path>": Anybody(),
    "GET /voila/labextensions/<version>/<path>": Anybody(),
    "GET /api/kernels/<kernel>": KERNEL,
    "DELETE /api/kernels/<kernel>": KERNEL,
    "POST /api/kernels/<kernel>/goodbye": KERNEL,
    "GET /api/kernels/<kernel>/channels": LINE,
}


def of(kind: type) -> list[str]:
    """The addresses with this kind of rule."""
    return [address for address, rule in ADDRESSES.items() if isinstance(rule, kind)]
