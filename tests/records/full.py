"""A supervisor with as many coaches as anybody holds, and as much to read."""

from datetime import date, timedelta

from cascade_tools.model.consent import KEEP
from cascade_tools.model.entry import Outline
from cascade_tools.model.people import Held, Person, Role, Session
from cascade_tools.model.prompts import Kind, Prompt
from cascade_tools.records import Reader, Records

COACHES, SHEETS = 20, 10
SHEET, NOTICE = "coach/after-i-coach", "1"
WHAT = Prompt("what-happened", Kind.LONG, "What happened, in five lines?")
ALL_OF_IT = Outline((("what", "What happened", (WHAT.key,)),))


def full_caseload(
    records: Records, supervisor: Person, coaches: int = COACHES, sheets: int = SHEETS
) -> None:
    """Give this supervisor coaches who meet them, have two pairs each and share their sheets.

    ``sheets`` are shared by each coach and not yet read.  Some ask to talk.
    """
    today = records.store.now().date()
    for number in range(coaches):
        coach = records.people.add(
            f"Coach {number:02} with {supervisor.name}", [Role.COACH], "01632 960100"
        )
        records.consents.decide(coach.id, KEEP, True, NOTICE)
        records.people.supervise(supervisor.id, coach.id)
        pairs = [_pair(records, coach, label, today) for label in ("the hospice", "the choir")]
        for weeks in (number, number + 3):
            meeting = records.people.start_supervision(
                supervisor.id, [coach.id], on := today - timedelta(weeks=weeks)
            )
            records.people.record_supervision(meeting, on=on, state=Held.HELD)
        for sheet in range(sheets):
            _shared(records, coach, supervisor, *pairs[sheet % len(pairs)])
        if number % 7 == 0:
            records.sharing.ask_to_talk(coach.id, "before" if number else "today")


def _pair(records: Records, coach: Person, label: str, today: date) -> tuple[str, str]:
    pair = records.people.pair(coach.id, None, label, today)
    return pair, records.people.add_session(pair, Session("", 1, today, Held.HELD))


def _shared(records: Records, coach: Person, supervisor: Person, pair: str, session: str) -> None:
    entry = records.entries.start(coach.id, SHEET, pair_id=pair, session_id=session, again=True)
    records.entries.save_sheet(coach.id, entry.id, [(WHAT, "We sat by the weir.")], "full")
    records.sharing.share(
        coach.id,
        entry.id,
        records.sharing.compose(coach.id, entry.id, ALL_OF_IT),
        Reader(supervisor.id, supervisor.name, "supervisor"),
        purpose="To talk about in supervision",
        ends_at=records.store.now() + timedelta(days=90),
    )
