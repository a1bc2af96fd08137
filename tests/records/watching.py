"""Everything one person can get out of the records, by every way there is."""

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from cascade_tools.errors import NotFound, NotPossible
from cascade_tools.model.people import Role
from cascade_tools.records import Records

T = TypeVar("T")
ROLES = ("supervisor", "coach", "leader", "author")


def view(records: Records, person_id: str) -> dict[str, Any]:
    """What this person sees in every list and at every address of their own; opens nothing."""
    person = records.people.by_id(person_id)
    desk = records.desk(person, "page")
    seen: dict[str, Any] = {
        "entries": records.entries.of(person_id),
        "everything": records.entries.everything(person_id),
        "shared with me": desk.shared(),
        "caseload": desk.caseload(),
        "shared by me": records.sharing.of(person_id),
        "log": records.read_log.of(person_id),
        "meetings": records.people.supervisions_of(person_id),
        "pairs": [],
        "stands": [],
        "readers": [],
        "sittings": [],
    }
    for entry, _ in seen["everything"]:
        seen["sittings"].append(records.entries.sittings(person_id, entry.id, 5))
        if entry.person_id == person_id:
            seen["readers"].append(records.sharing.readers(person_id, entry.id, ROLES))
        with suppress(NotFound):
            seen["stands"].append(records.together.status(person_id, entry.id))
    for pair in records.people.pairs_of(person_id):
        agreements = records.agreements.of(person_id, pair.id)
        in_force = records.agreements.in_force(person_id, pair.id)
        done = records.together.done(person_id, pair.id)
        seen["pairs"].append((records.pairs.get(person_id, pair.id), agreements, in_force, done))
    for share in seen["shared by me"]:
        seen.setdefault("answers to mine", []).append(
            records.sharing.answers_to(person_id, share.snapshot_id)
        )
    if Role.LEAD in person.roles:
        seen["sent"] = records.submissions.all(person_id), records.feedback.all(person_id)
    return seen


def words(records: Records, person_id: str) -> set[str]:
    """Every text this person can read: in lists, opened one by one, and collected at once."""
    person = records.people.by_id(person_id)
    found = {str(a.value) for a in records.desk(person, "collect").answers()}
    opened = {
        str(answer["value"])
        for shared in records.desk(person, "page").shared()
        for page in records.sharing.read(person_id, shared.id).document.body["pages"]
        for answer in page["answers"]
    }
    listed = {
        str(saved.value)
        for _, answers in records.entries.everything(person_id)
        for saved in answers.values()
    }
    # Three ways, one policy: what is listed or opened is collected, too.
    assert listed | opened <= found
    return found


def knocks(records: Records, person_id: str, entry_id: str, snapshot_id: str) -> list[str]:
    """At which address of somebody else's entry and copy this person gets in."""
    sharing, entries, together = records.sharing, records.entries, records.together
    ways = {
        "entry": lambda: entries.get(person_id, entry_id),
        "answers": lambda: entries.answers(person_id, entry_id),
        "sittings": lambda: entries.sittings(person_id, entry_id, 5),
        "forget": lambda: entries.forget_earlier(person_id, entry_id),
        "record": lambda: entries.commit(person_id, entry_id),
        "readers": lambda: sharing.readers(person_id, entry_id, ROLES),
        "status": lambda: together.status(person_id, entry_id),
        "take back": lambda: together.take_back(person_id, entry_id),
        "read": lambda: sharing.read(person_id, snapshot_id),
        "may read": lambda: sharing.may_read(person_id, snapshot_id),
    }
    found = []
    for name, knock in ways.items():
        with suppress(NotFound, NotPossible):
            knock()
            found.append(name)
    if sharing.answers_to(person_id, snapshot_id):
        found.append("answers to")
    return found


def at_once(*calls: Callable[[], T]) -> list[T]:
    """What each call returns, all of them begun at the same instant."""
    start, found = threading.Barrier(len(calls)), dict[int, T]()

    def run(number: int) -> None:
        start.wait()
        found[number] = calls[number]()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [found[n] for n in range(len(calls))]
