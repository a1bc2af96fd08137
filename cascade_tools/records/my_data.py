"""My data: everything by or about one person that the records hold."""

from collections.abc import Callable

from sqlalchemy import select

from cascade_tools.errors import NotFound
from cascade_tools.records import my_account, my_facts, my_openings, my_words
from cascade_tools.records.mine import Ends, Facts, Mine, iso
from cascade_tools.records.store import Store
from cascade_tools.records.tables import PersonRow

FORMAT = 1

# Every section of a person's data, in the order of the page.  The names stay for good.
SECTIONS: dict[str, Callable[[Mine], Facts | list[Facts]]] = {
    "you": my_facts.you,
    "entries": my_words.entries,
    "copies": my_words.copies,
    "names_list": my_words.names_list,
    "opened_by_others": my_openings.opened_by_others,
    "written_by_others": my_openings.written_by_others,
    "pairs": my_facts.pairs,
    "agreements": my_facts.agreements,
    "done_together": my_facts.done_together,
    "supervision": my_facts.supervision,
    "meetings": my_facts.meetings,
    "talks": my_facts.talks,
    "shared_with_you": my_openings.shared_with_you,
    "opened_by_you": my_openings.opened_by_you,
    "consents": my_account.consents,
    "sign_ins": my_account.sign_ins,
    "links": my_account.links,
    "tickets": my_account.tickets,
    "authenticator": my_account.authenticator,
    "requests": my_account.requests,
    "asked_of_you": my_account.asked_of_you,
    "warnings": my_account.warnings,
    "holds": my_account.holds,
    "erased": my_account.erased,
    "releases": my_account.releases,
    "learning_events": my_account.learning_events,
}


class MyData:
    """What a person may take with them."""

    def __init__(self, store: Store, ends_of: Callable[[str], Ends]) -> None:
        """``ends_of`` says of each record of a person until when it is kept."""
        self._store = store
        self._ends_of = ends_of

    def gather(self, person_id: str, title_of: Callable[[str], str] = str) -> Facts:
        """Everything by or about this person, ready to be written as JSON.

        ``title_of`` gives a workbook's title by its id.  The keys are those of ``SECTIONS``, with
        ``format`` (a number that changes when a key does) and ``gathered_at``.  Of what others
        wrote about this person there is kind, day and writer only: it is looked at first.
        """
        now = self._store.now()
        ends = self._ends_of(person_id)
        with self._store.database.reading() as s:
            me = s.get(PersonRow, person_id)
            if me is None:
                raise NotFound("There is nobody here by that name.")
            names = {row.id: row.name for row in s.execute(select(PersonRow.id, PersonRow.name))}
            mine = Mine(self._store, s, me, now, names, title_of, ends)
            sections = {name: of(mine) for name, of in SECTIONS.items()}
        return {"format": FORMAT, "gathered_at": iso(now), **sections}
