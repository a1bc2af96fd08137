"""People with something to write: coaches of a house, each signed in, each with an entry."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cascade_tools.model.consent import KEEP
from cascade_tools.model.people import Held, Role, Session
from cascade_tools.model.prompts import Answer
from cascade_tools.shelf import open_shelf
from tests.living import PASSPHRASE, House

LONGEST = "coach/after-i-coach"
BOX = "what-happened"
# Enough answers for every page to be open and the pictures to have something to show.
BEFORE: dict[str, Answer] = {
    "way": "longer",
    "ideas": 3,
    "rescue": 1,
    "their-work": 2,
    "ax-cb1": 2,
    "ax-ld1": 3,
}


@dataclass(frozen=True, slots=True)
class Writer:
    """A coach at an entry: the cookie's secret, and the wording of the question in ``BOX``."""

    name: str
    person: str
    token: str
    entry: str
    asked: str

    @property
    def path(self) -> str:
        return f"/entries/{self.entry}"


def writers(house: House, count: int, *, by_form: bool = False) -> list[Writer]:
    """``count`` coaches, each on the longest workbook with an entry and a sign-in of their own.

    With ``by_form`` each has a passphrase, too, and can sign in as people do.
    """
    workbook = open_shelf(house.folder.local).get(LONGEST)
    prompts = {p.key: p for p in workbook.prompts}
    today = datetime.now(UTC).date()
    found = []
    with house.records() as records:
        before = len(records.people.all())
        for number in range(before, before + count):
            coach = records.people.add(f"Coach{number} Benchfield", [Role.COACH], "01632 960120")
            records.consents.decide(coach.id, KEEP, True, house.notice)
            records.people.supervise(house.people["sue"].id, coach.id)
            pair = records.people.pair(coach.id, None, "the library", today - timedelta(days=9))
            held = records.people.add_session(pair, Session("", 1, today, Held.HELD))
            entry = records.entries.start(coach.id, LONGEST, pair_id=pair, session_id=held)
            sheet = [(prompts[key], value) for key, value in BEFORE.items()]
            records.entries.save_sheet(coach.id, entry.id, sheet, "bench")
            if by_form:
                code = records.signing_in.invite(coach.id, "the programme")
                records.signing_in.accept(code, PASSPHRASE)
            token = records.signing_in.sign_in(coach.id)
            found.append(Writer(coach.name, coach.id, token, entry.id, prompts[BOX].asked))
    return found


def meeting(house: House) -> Writer:
    """Sue at the sheet of a supervision: a workbook that only takes writing."""
    sue = house.people["sue"].id
    today = datetime.now(UTC).date()
    with house.records() as records:
        about = records.people.start_supervision(sue, [house.people["amina"].id], today)
        entry = records.entries.start(sue, "supervisor/our-supervision", about_id=about)
        return Writer("Sue Superfield", sue, records.signing_in.sign_in(sue), entry.id, "")


def kept(house: House, writer: Writer) -> object:
    """What the records hold for ``BOX``."""
    with house.records() as records:
        answers = records.entries.answers(writer.person, writer.entry)
        return answers[BOX].value if BOX in answers else None
