"""Makes the test asset of the present schema: ``python -m tests.records.dump``.

Run it once when a version is released, and never again for that version: ``assets/0001.sql`` is
what the first version of the kit left in people's folders.  Beside it stand the key those records
were written with (of a programme that never existed) and what was read from them.
"""

import json
import shutil
import sqlite3
import tempfile
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cascade_tools.model.knowledge import Note
from cascade_tools.model.people import Held, Person, Role
from cascade_tools.model.seen import to_json
from cascade_tools.records import Records, database_url, open_records
from tests.records.small import NEXT, SECRET, TALK, TOGETHER, Clock, Small, open_small

ASSETS = Path(__file__).parent / "assets"
# When the records of an asset are read: while its share still runs.
LATER = datetime(2026, 5, 10, 9, 0, tzinfo=UTC)


def fill(small: Small) -> None:
    """A few rows in every table."""
    records = small.records
    entry, snapshot = small.shared({TALK: "today", SECRET: "Nur für mich – 🙂"})
    small.clock.later(minutes=20)
    small.write(entry, "next", TALK, writer="phone")
    records.sharing.read(small.id("sue"), snapshot)
    records.sharing.ask_to_talk(small.id("amina"), "today")
    meeting = small.meeting(recorded=True)
    small.write(meeting, "What we both said", TOGETHER)
    assert meeting.about_id is not None
    day = small.clock.at.date()
    records.people.record_supervision(
        meeting.about_id, state=Held.HELD, minutes=50, next_on=day + timedelta(days=30)
    )
    records.signing_in.accept(records.signing_in.invite(small.id("sue"), "Pat"), "plain words here")
    sign_in = records.signing_in.who(records.signing_in.sign_in(small.id("sue"))).id
    records.signing_in.ticket(small.id("sue"), sign_in, None)
    fill_together(small)
    fill_knowledge(small)


def fill_together(small: Small) -> None:
    """What a pair does together: opened, waiting, shared, agreed, proposed, moved; and what came
    to the programme."""
    records, day = small.records, small.clock.at.date()
    for who in ("amina", "leo"):
        small.commit(small.sealed(who), f"What {who} sees")
    small.commit(small.sealed("leo", "pair/ending-well"), "Leo, waiting")
    shared = small.both()
    small.write(shared, "We both do this", TOGETHER)
    small.write(shared, "And Leo this", NEXT, by="leo")
    records.together.mark(small.id("amina"), small.pair, "pair/ending-well", "aloud", day)
    records.agreements.accept(small.id("leo"), small.propose("amina", "Our label"))
    small.propose("leo", "Another label")
    planned = records.pairs.plan(small.id("leo"), small.pair, day + timedelta(days=9))
    records.pairs.move(small.id("leo"), planned, day + timedelta(days=12), "leader")
    dropped = records.pairs.plan(small.id("amina"), small.pair, day + timedelta(days=20))
    records.pairs.cancel(small.id("amina"), dropped, "programme")
    records.submissions.send("leader/is-this-for-me", {"name": "Robin", "why": "Ŵyn"})
    records.feedback.give("pair/half-way-review", "yes", "Clear enough")


def fill_knowledge(small: Small) -> None:
    """An event whose note is released, and one that is going on."""
    knowledge, pat = small.records.knowledge, small.id("pat")
    done = knowledge.begin(pat, "What this year taught us", "Charities in the Ŵyn valley")
    knowledge.open_round(pat, done, 4)
    code = knowledge.get(pat, done).code
    for number in range(6):
        knowledge.add(code, "worked", f"We rang each other {number} – 🙂", number % 2 == 0)
    knowledge.add(code, "in-the-way", "No time", False)
    cards = [card for card in knowledge.get(pat, done).cards if card.round == "worked"]
    theme = knowledge.make_theme(pat, done, "worked", "Ringing")
    knowledge.place(pat, done, [card.id for card in cards], theme)
    title = "What this year taught us"
    knowledge.describe(pat, done, title=title, where="In the valley", people=24)
    quotes = tuple(card.id for card in cards if card.publish)[:2]
    knowledge.write_note(pat, done, Note({"worked": "Ringing early."}, quotes))
    knowledge.close(pat, done)
    knowledge.release(pat, done)
    going_on = knowledge.begin(pat, "A second day", "")
    knowledge.open_round(pat, going_on, 1)
    open_code = knowledge.get(pat, going_on).code
    knowledge.add(open_code, "worked", "Only one so far", True)


def seen(records: Records) -> dict[str, Any]:
    """Everything that can be read through the gate, by everybody, as JSON."""
    found: dict[str, Any] = {}
    for person in records.people.all():
        desk = records.desk(person, "collect")
        found[person.name] = {
            "caseload": [to_json(c) for c in desk.caseload()],
            "shared": [to_json(s) for s in desk.shared()],
            "log": [
                [str(part) for part in (o.reader, o.at, o.way, o.reason, o.entry_id)]
                for o in records.read_log.of(person.id)
            ],
            "meetings": [str(m.on) for m in records.people.supervisions_of(person.id)],
            "answers": [to_json(a) for a in desk.answers()],
        } | {name: value for name, value in seen_together(records, person).items() if value}
    return found


def seen_together(records: Records, person: Person) -> dict[str, Any]:
    """What came with the second schema; nothing of it is there in an older one."""
    found: dict[str, Any] = {"agreements": [], "done": [], "together": [], "sessions": []}
    for pair in records.people.pairs_of(person.id):
        found["agreements"] += [to_json(a) for a in records.agreements.of(person.id, pair.id)]
        found["done"] += sorted(records.together.done(person.id, pair.id))
        found["sessions"] += [
            [s.number, s.state, str(s.on), s.cancelled_by, str(s.moved_from), s.moved_by]
            for s in pair.sessions
            if s.moved_from or s.cancelled_by
        ]
    for entry in records.entries.of(person.id):
        if entry.together == "sealed":
            stands = records.together.status(person.id, entry.id)
            found["together"].append([entry.workbook, stands.mine, stands.opened, stands.done])
    if Role.LEAD in person.roles:
        sent = records.submissions.all(person.id)
        found["sent"] = [records.submissions.read(person.id, x.id).body for x in sent]
        found["feedback"] = [
            [f.workbook, f.useful, f.words] for f in records.feedback.all(person.id)
        ]
        found |= seen_knowledge(records, person)
    return json.loads(json.dumps(found, default=str))


def seen_knowledge(records: Records, person: Person) -> dict[str, Any]:
    """What came with the fourth."""
    events = [records.knowledge.get(person.id, e.id) for e in records.knowledge.all(person.id)]
    notes = records.knowledge.notes(person.id)
    return {
        "events": [asdict(event) for event in events],
        "notes": [asdict(note) for note in notes],
    }


def load(name: str, folder: Path) -> tuple[Path, Path]:
    """An asset as a database and its key in ``folder``, as they lay on somebody's computer."""
    database, key = folder / "cascade.db", folder / "secret.key"
    with sqlite3.connect(database) as connection:
        connection.executescript((ASSETS / f"{name}.sql").read_text(encoding="utf-8"))
    connection.close()
    shutil.copy(ASSETS / f"{name}.key", key)
    key.chmod(0o600)
    return database, key


def main() -> None:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        database = folder / "cascade.db"
        small = open_small(database_url(database), folder)
        fill(small)
        with small.records.store.database.reading() as s:
            name = s.connection().exec_driver_sql("SELECT version_num FROM alembic_version")
            version = name.scalar_one()
        small.records.close()
        connection = sqlite3.connect(database)
        dump = "\n".join(connection.iterdump()) + "\n"
        connection.close()
        if (ASSETS / f"{version}.sql").exists():
            raise SystemExit(f"assets/{version}.sql is there already. Remove it if you must.")
        (ASSETS / f"{version}.sql").write_text(dump, encoding="utf-8")
        shutil.copy(folder / "secret.key", ASSETS / f"{version}.key")
        (ASSETS / f"{version}.key").chmod(0o644)
        records = open_records(database_url(database), folder / "secret.key", now=Clock(LATER))
        text = json.dumps(seen(records), indent=1, ensure_ascii=False)
        (ASSETS / f"{version}.json").write_text(text + "\n", encoding="utf-8")
        records.close()


if __name__ == "__main__":
    main()
