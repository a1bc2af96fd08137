"""Known answers go with a person from one workbook to the next: nobody is asked twice."""

from cascade_tools.errors import NotFound
from cascade_tools.model.entry import Entry
from cascade_tools.model.journey import MY_PART
from cascade_tools.model.people import Person
from cascade_tools.model.prompts import Answer, Kind, Problem, Prompt, Who, check_answer, given
from cascade_tools.model.workbook import Workbook
from cascade_tools.records import Records


def carry(records: Records, person: Person, workbook: Workbook, entry: Entry) -> int:
    """Copy what this person said before into a new entry; returns how many answers.

    Only their own newest answers, of the same pair first, and only where they fit the question.
    A look back on a session takes nothing from any other session.  Where a copy stands in force for
    both halves (an agreement), its words go before one's own.
    """
    agreed = _in_force(records, person, workbook, entry)
    part = _part(records, person, entry)
    session = None if workbook.looks_ahead else entry.session_id
    sheet: list[tuple[Prompt, Answer]] = []
    for prompt in workbook.prompts:
        known = part if prompt.key == MY_PART else None
        # A signature, for one, is never carried: only what says where it comes from.
        if not prompt.keep or not (prompt.from_before or known):
            continue
        value = agreed.get(prompt.key, known)
        if value is None:
            before, _, key = prompt.from_before.rpartition("/")
            saved = records.entries.latest(person.id, before, key, entry.pair_id, session)
            # What is only for oneself is never copied to where others may see it.
            private = saved is not None and saved.prompt.who is Who.ONLY_ME
            if saved is not None and not (private and prompt.who is not Who.ONLY_ME):
                value = saved.value
        if prompt.kind is Kind.GOAL and isinstance(value, dict):
            value = {**value, "now": ""}
        fitting = check_answer(prompt, value)
        if given(value) and not isinstance(fitting, Problem) and given(fitting):
            sheet.append((prompt, fitting))
    if sheet:
        records.entries.save_sheet(person.id, entry.id, sheet, writer="carried")
    return len(sheet)


def begin(
    records: Records,
    person: Person,
    workbook: Workbook,
    *,
    pair_id: str | None,
    session_id: str | None,
) -> Entry:
    """This person's open sheet about this session, or a new one with what they said before.

    Raises ``NotAccepted`` where nothing may be kept.
    """
    entry = records.entries.start(person.id, workbook.id, pair_id=pair_id, session_id=session_id)
    if entry.saved_at is None:
        carry(records, person, workbook, entry)
    return entry


def _part(records: Records, person: Person, entry: Entry) -> str | None:
    """Which half of the pair this person is: the programme knows, so they are not asked."""
    if entry.pair_id is None:
        return None
    pair = records.pairs.get(person.id, entry.pair_id)
    return "coach" if pair.coach.id == person.id else "leader"


def _in_force(
    records: Records, person: Person, workbook: Workbook, entry: Entry
) -> dict[str, Answer]:
    """The answers of the agreement that is in force, for a new proposal of the same workbook."""
    if entry.pair_id is None or workbook.id != "pair/our-agreement":
        return {}
    agreement = records.agreements.in_force(person.id, entry.pair_id)
    if agreement is None or agreement.snapshot_id is None:
        return {}
    try:
        body = records.sharing.read(person.id, agreement.snapshot_id).document.body
    except NotFound:
        # Its writer has taken the words back; the agreement itself stands.
        return {}
    return {a["key"]: a["value"] for page in body["pages"] for a in page["answers"]}
