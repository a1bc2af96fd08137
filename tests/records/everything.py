"""Records with something in every table that holds a sealed value."""

from copy import copy
from pathlib import Path
from typing import Any

from cascade_tools.records import Records, database_url, open_records
from cascade_tools.records.store import encode
from cascade_tools.records.tables import new_id
from cascade_tools.records.trust_tables import ReleaseRow
from tests.records.dump import fill, seen
from tests.records.small import Small


def fill_everything(small: Small) -> None:
    """Answers, copies, shares, what was sent, an authenticator, a list of names, a release."""
    fill(small)
    records, store = small.records, small.records.store
    records.second_step.begin(small.id("sue"))
    records.own_names.save(small.id("amina"), ["Siân Cobblestone"])
    release_id = new_id()
    sealed = store.vault.seal(encode({"counted": [], "who": {}}), "release", release_id)
    with store.database.writing() as s:
        s.add(
            ReleaseRow(
                id=release_id,
                moment="mid",
                made_by=small.id("pat"),
                made_at=store.now(),
                key_id=sealed.key_id,
                sealed=sealed.body,
            )
        )


def opened(small: Small) -> list[object]:
    """What is opened by those whose it is, beyond what ``dump.seen`` sees."""
    records = small.records
    begun = records.second_step.begun(small.id("sue"))
    assert begun is not None
    return [
        begun.spelled,
        records.own_names.of(small.id("amina")),
        records.releases.all(small.id("pat")),
        [share.purpose for share in records.sharing.of(small.id("amina"))],
    ]


def read(records: Records) -> dict[str, Any]:
    """What everybody reads through the gate, without the lines that reading itself writes."""
    return {
        name: {part: value for part, value in found.items() if part != "log"}
        for name, found in seen(records).items()
    }


def same_in(folder: Path, small: Small) -> Small:
    """The people of ``small``, in the records of this folder and by its key as it is now."""
    same = copy(small)
    url, key = database_url(folder / "cascade.db"), folder / "secret.key"
    same.records = open_records(url, key, now=small.clock, durable=False)
    return same
