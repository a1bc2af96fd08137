"""The only room with SQL: tables, migrations, the vault and the gate.

``open_records`` gives the gate.  Every read and write goes through it, and it alone decides,
from one policy table, who may see what.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cascade_tools.model.people import Person
from cascade_tools.model.seen import Glass
from cascade_tools.records.agreements import Agreements
from cascade_tools.records.answering import Answering
from cascade_tools.records.briefs import Briefs
from cascade_tools.records.consents import Consents
from cascade_tools.records.engine import Database, copy_database, database_url, make_engine
from cascade_tools.records.entries import Entries
from cascade_tools.records.handing_over import HandingOver
from cascade_tools.records.holds import Holds
from cascade_tools.records.knowledge import Knowledge
from cascade_tools.records.my_data import MyData
from cascade_tools.records.others_words import OthersWords
from cascade_tools.records.outcomes import Outcomes
from cascade_tools.records.own_erasing import Erasing
from cascade_tools.records.own_names import OwnNames
from cascade_tools.records.pairs import Pairs
from cascade_tools.records.people import People
from cascade_tools.records.read_log import BREAK_GLASS, OPERATOR, ReadLog
from cascade_tools.records.readers import Reader
from cascade_tools.records.reading import Reading
from cascade_tools.records.releases import Releases
from cascade_tools.records.requests import Requests
from cascade_tools.records.resealing import Resealing
from cascade_tools.records.restoring import Restoring
from cascade_tools.records.retention import Retention
from cascade_tools.records.running import HowItRuns
from cascade_tools.records.sealed_file import read_header, sealing, unseal
from cascade_tools.records.second_step import SecondStep
from cascade_tools.records.sent import FeedbackBox, Submissions
from cascade_tools.records.sharing import Sharing
from cascade_tools.records.signing_in import Invitation, SignedIn, SigningIn
from cascade_tools.records.standing import Standing
from cascade_tools.records.store import Store, aware_now
from cascade_tools.records.together import DoneTogether
from cascade_tools.records.upgrade import upgrade
from cascade_tools.records.vault import (
    Keys,
    Vault,
    add_key_file,
    change_key_file,
    make_key_file,
    open_vault,
    read_keys,
)
from cascade_tools.records.verifying import Damage, Progress, verify

__all__ = [
    "BREAK_GLASS",
    "OPERATOR",
    "Damage",
    "Invitation",
    "Keys",
    "Progress",
    "Reader",
    "Reading",
    "Records",
    "SignedIn",
    "Vault",
    "add_key_file",
    "change_key_file",
    "copy_database",
    "database_url",
    "make_key_file",
    "open_records",
    "read_header",
    "read_keys",
    "sealing",
    "unseal",
    "verify",
]


@dataclass(frozen=True)
class Records:
    """The gate, by what it is asked about."""

    people: People
    pairs: Pairs
    entries: Entries
    sharing: Sharing
    answering: Answering
    briefs: Briefs
    read_log: ReadLog
    requests: Requests
    others_words: OthersWords
    together: DoneTogether
    agreements: Agreements
    consents: Consents
    own_names: OwnNames
    my_data: MyData
    erasing: Erasing
    releases: Releases
    outcomes: Outcomes
    running: HowItRuns
    holds: Holds
    retention: Retention
    submissions: Submissions
    feedback: FeedbackBox
    knowledge: Knowledge
    signing_in: SigningIn
    second_step: SecondStep
    handing_over: HandingOver
    resealing: Resealing
    restoring: Restoring
    standing: Standing
    planned: int
    store: Store

    def desk(
        self,
        person: Person,
        way: str,
        title_of: Callable[[str], str] = str,
        glass: Glass | None = None,
    ) -> Reading:
        """What one person may read now.  ``way`` stands in the authors' logs.

        ``title_of`` gives a workbook's title by its id, which the records do not know.  ``glass``
        says which two leads read as this person without asking them, and why.
        """
        return Reading(self.store, person, way, self.planned, title_of, glass)

    def close(self) -> None:
        self.store.database.engine.dispose()


def open_records(
    url: str,
    key_file: Path,
    *,
    idle_minutes: float = 30,
    sessions_planned: int = 5,
    followup_months: int = 6,
    retention: Mapping[str, int] | None = None,
    now: Callable[[], datetime] = aware_now,
    durable: bool = True,
) -> Records:
    """Open a programme's records, upgrading the tables when needed.

    ``retention`` holds the programme's own months by rule (see ``model.retention``).
    ``durable=False`` is for a fictional programme being made: see ``make_engine``.
    Raises ``SettingsFault`` when the key is missing or damaged or the database is too new.
    """
    vault = open_vault(key_file)
    engine = make_engine(url, durable)
    upgrade(engine)
    store = Store(Database(engine), vault, now)
    entries = Entries(store)
    sharing = Sharing(store, entries)
    kept = Retention(store, retention or {}, followup_months)
    signing_in = SigningIn(store, timedelta(minutes=idle_minutes))
    return Records(
        people=People(store),
        pairs=Pairs(store),
        entries=entries,
        sharing=sharing,
        answering=Answering(store, sharing),
        briefs=Briefs(store, sessions_planned),
        read_log=ReadLog(store),
        requests=Requests(store),
        others_words=OthersWords(store),
        together=DoneTogether(store),
        agreements=Agreements(store),
        consents=Consents(store),
        own_names=OwnNames(store),
        my_data=MyData(store, kept.until),
        erasing=Erasing(store, kept.until),
        releases=Releases(store),
        outcomes=Outcomes(store),
        running=HowItRuns(store),
        holds=Holds(store),
        retention=kept,
        submissions=Submissions(store),
        feedback=FeedbackBox(store),
        knowledge=Knowledge(store, retention or {}),
        signing_in=signing_in,
        second_step=SecondStep(store),
        handing_over=HandingOver(store),
        resealing=Resealing(store),
        restoring=Restoring(store),
        standing=Standing(store, signing_in.idle),
        planned=sessions_planned,
        store=store,
    )
