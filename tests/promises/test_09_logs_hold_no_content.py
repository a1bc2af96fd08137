"""Logs hold no content: what people write is in no log, error, address, title or file in clear."""

import json
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page

from cascade_tools.programme import backup
from tests.attacks.test_at_rest import environment, holders, marker
from tests.faults.nursery import QuickHouse
from tests.faults.pages import (
    COACH,
    KEY,
    every_text,
    fresh_entry,
    kept,
    kernel_id,
    kernel_of,
    open_entry,
    put,
    share,
    state,
)
from tests.faults.visitor import Visitor
from tests.shelf.test_shelf import Sheet

# A workbook whose author made every mistake there is with what somebody wrote.
CARELESS = "coach/careless"
MISTAKES = (
    'print("said:", answers["said"])',
    'import logging; logging.getLogger("cascade").error(answers["said"])',
    'import sys; print(answers["said"], file=sys.stderr)',
    'import warnings; warnings.warn(answers["said"])',
    'raise ValueError(answers["said"])',
)


def test_what_somebody_wrote_lies_nowhere_in_clear(
    own_house: QuickHouse, visit: Callable[..., Page]
) -> None:
    """One word goes the whole way: written, saved, corrected, in conflict, shared, read and drawn.
    It stands in clear in no file of the programme, no log, no address, no title, no kernel's
    environment and no backup; it is there for its author and reader."""
    word = marker()
    own_house.start()
    entry = fresh_entry(own_house, way="longer", talk="next")
    page = visit(own_house, "amina")
    addresses: list[str] = []
    titles: set[str] = set()
    page.on("request", lambda request: addresses.append(request.url))
    box = open_entry(page, own_house, entry)
    box.fill(f"{word} as first written")
    state(page, "saved")
    box.fill(f"{word} as corrected")
    state(page, "saved")
    kernel_id(page)
    titles.add(page.title())
    amina = Visitor(own_house, "amina")
    assert amina.save(entry, KEY, f"{word} beside").status == 409
    assert amina.save(entry, "way", word).status == 422
    assert amina.get(f"/{word}").status == 404
    share(amina, entry, "what-happened")
    with own_house.records() as records:
        snapshot = records.sharing.of(own_house.people["amina"].id)[0].snapshot_id
    sue = Visitor(own_house, "sue")
    assert word in sue.get(f"/shared/{snapshot}").body
    for path in (f"entries/{entry}/check", f"shared/{snapshot}", "me", ""):
        page.goto(own_house.url + path)
        titles.add(page.title())
    other = sqlite3.connect(own_house.folder.database, isolation_level=None)
    other.execute("begin exclusive")
    assert amina.save(entry, KEY, f"{word} while locked").status == 503
    other.execute("rollback")
    other.close()
    for pid in own_house.kernels():
        assert word not in repr(environment(pid))
    kernels = own_house.kernels()
    assert kernels
    packed = backup(own_house.folder.path).path
    clear = word.encode()
    assert holders(own_house.folder.path, clear) == []
    for temporary in Path("/tmp").glob("cascade_*"):
        assert holders(temporary, clear) == []
    assert clear not in own_house.log.read_bytes()
    assert not [a for a in addresses if word in a]
    assert not [t for t in titles if word in t]
    own_house.stop()
    assert holders(own_house.folder.path, clear) == []
    assert not zipfile.is_zipfile(packed)
    # And yet nothing is lost.
    assert kept(own_house, entry)[KEY] == f"{word} as corrected"
    assert {f"{word} as first written", f"{word} beside"} <= set(every_text(own_house, entry))


def test_whatever_goes_wrong_no_log_repeats_what_was_sent(own_house: QuickHouse) -> None:
    """One word is sent wherever anything can be sent: as name, passphrase, code, address, query,
    header, answer of the wrong kind and length, form, purpose and feedback, to a sound programme
    and to one whose tables are gone.  The log tells that something failed, and not a word of it.
    """
    word, house = marker(), own_house
    house.start()
    stranger = Visitor(house)
    entry, amina = fresh_entry(house), Visitor(house, "amina")

    def everywhere() -> None:
        stranger.sign_in(word, word)
        stranger.sign_in(house.people["amina"].name, word)
        stranger.get(f"/invitation?code={word}")
        stranger.post("/invitation", {"code": word, "passphrase": word, "again": word})
        stranger.post("/interest", {"go": "send", "person-name": word, word: word})
        for visitor in (stranger, amina):
            for address in (f"/{word}", f"/entries/{word}", f"/?next={word}", f"/shared/{word}"):
                visitor.get(address, **{"User-Agent": word, "Referer": f"http://{word}/"})
        for value in (word, [word], {word: word}, word * 9000):
            for key in (KEY, "ideas", "way", word):
                path, told = f"/api/entries/{entry}/answers/{key}", {**amina.token}
                told |= {"X-Cascade-Person": amina.person, "Content-Type": "application/json"}
                sent = {"value": value, "base": 0, "asked": word, "writer": word, "counter": 1}
                for body in (json.dumps(sent), json.dumps(sent)[:-9], word):
                    amina.ask("PUT", path, body, told)
        amina.save(entry, KEY, word, base=7)
        amina.post(f"/entries/{entry}", {"person": amina.person, KEY: word, f"asked:{KEY}": word})
        amina.post(f"/entries/{entry}/share", {"purpose": word, "part": word, "until-day": word})
        amina.post(f"/workbooks/{COACH}", {"session": word})
        amina.post(f"/workbooks/{COACH}/feedback", {"useful": "yes", "words": word})
        amina.post(f"/pairs/{house.pair}", {"do": word, "on-day": word})
        change = {"do": "passphrase", "passphrase": word, "now": word, "again": word}
        amina.post("/me/signing-in", change)

    everywhere()
    # An error of Python's own that quotes what it stumbled over.
    quoted = marker()
    put(house, entry, "amina", what_happened="It rained.")
    with sqlite3.connect(house.folder.database) as db:
        db.execute("update asked set prompt = json_set(prompt, '$.kind', ?)", [quoted])
    db.close()
    assert amina.get(f"/entries/{entry}").status == 500
    with sqlite3.connect(house.folder.database) as db:
        for table in ("answer", "entry", "feedback", "share", "snapshot"):
            db.execute(f"alter table {table} rename to {table}_gone")
    db.close()
    everywhere()
    assert amina.save(entry, KEY, word).status == 503
    with sqlite3.connect(house.folder.database) as db:
        db.execute("alter table person rename to person_gone")
    db.close()
    everywhere()
    house.stop()
    log = house.log.read_text(encoding="utf-8")
    assert "PUT SaveAnswer 503" in log
    assert "ValueError in EntryPage" in log
    assert word not in log
    assert quoted not in log
    assert "Traceback" not in log
    assert "Amina" not in log
    assert holders(house.folder.path, word.encode()) == []


def test_a_careless_workbook_leaves_nothing_behind(own_house: QuickHouse) -> None:
    """A workbook prints, logs and raises what somebody wrote: it comes back to their own page at
    most, and stands in no log, no notebook file and no file of the kernel's."""
    word, house = marker(), own_house
    opening = "from cascade_tools.workbook import open_workbook\n"
    opening += f'ask, show, answers = open_workbook("{CARELESS}")'
    for number, mistake in enumerate(MISTAKES):
        sheet = Sheet(cells=["## One", 'ask.long("said", "Said?")', mistake], opening=opening)
        id = f"{CARELESS}-{number}"
        sheet.opening = opening.replace(CARELESS, id)
        sheet.write(house.folder.local / "workbooks", id)
    house.start()
    amina = Visitor(house, "amina")
    for number in range(len(MISTAKES)):
        with house.records() as records:
            person = house.people["amina"].id
            entry = records.entries.start(person, f"{CARELESS}-{number}").id
        put(house, entry, "amina", f"{CARELESS}-{number}", said=word)
        kernel = kernel_of(amina, entry)
        amina.ask("DELETE", f"/api/kernels/{kernel}", headers=amina.token)
    files = [house.folder.path, *Path("/tmp").glob("cascade_*")]
    assert [found for folder in files for found in holders(folder, word.encode())] == []
    house.stop()
    assert word not in house.log.read_text(encoding="utf-8")
