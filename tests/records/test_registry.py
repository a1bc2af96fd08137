"""The registry says of every stored field what it is, and what it says is true."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Column, select
from sqlalchemy.orm import Session

from cascade_tools.model.retention import BACKUPS, RULES
from cascade_tools.records import knowledge_tables as kt
from cascade_tools.records import tables as t
from cascade_tools.records import trust_tables as tt
from cascade_tools.records.my_data import SECTIONS
from cascade_tools.records.registered import Erased, Field, Kind
from cascade_tools.records.registry import TABLES, described
from cascade_tools.records.tables import Row, new_id
from tests.records.small import WHAT, Small

STORED = [(table.name, column) for table in Row.metadata.sorted_tables for column in table.columns]


def test_every_stored_field_has_class_purpose_retention_export_and_delete() -> None:
    """A field that somebody adds is not stored before it is said what it is, what for, how long,
    where its person finds it or why not, and what erasing does with it or why it stays."""
    for table, column in STORED:
        where = f"{table}.{column.name}"
        assert table in TABLES and column.name in TABLES[table].fields, f"{where} has no line"
        one = described(table, column.name)
        assert one.kind in Kind and one.purpose, where
        assert TABLES[table].rules and set(TABLES[table].rules) <= set(RULES), where
        assert one.told in SECTIONS if one.told else one.not_told, where
        assert one.erased is not None, where
        assert one.stays or one.erased is not Erased.STAYS, where
    known = {(table, name) for table in TABLES for name in TABLES[table].fields}
    assert known == {(table, column.name) for table, column in STORED}
    used = {rule for table in TABLES.values() for rule in table.rules}
    # Files have a rule, too; only they stand in no table.
    assert used == set(RULES) - {BACKUPS}


@dataclass
class Filled:
    """One row about Amina in every table, no two fields alike: what was put where."""

    small: Small
    values: dict[tuple[str, str], Any] = field(default_factory=dict)
    # What a person reads where that is not the value itself.
    read: dict[tuple[str, str], str] = field(default_factory=dict)
    count: int = 0

    def row(self, s: Session, kind: type[Row], /, **given: Any) -> Any:
        """A row of this kind; whatever is not given is unlike anything else."""
        table = Row.metadata.tables[kind.__tablename__]
        values = {
            c.name: given[c.name] if c.name in given else self._mark(table.name, c)
            for c in table.columns
        }
        self.values |= {(table.name, name): value for name, value in values.items()}
        row = s.merge(kind(**values))
        s.flush()
        return row

    def _mark(self, table: str, column: "Column[Any]") -> Any:
        self.count += 1
        utc = isinstance(column.type, t.Utc)
        kind = "datetime" if utc else str(column.type.python_type.__name__)
        match kind:
            case "str":
                return new_id() if column.primary_key else f"mark-{table}-{column.name}"
            case "datetime":
                return datetime(2019, 1, 1, tzinfo=UTC) + timedelta(minutes=self.count)
            case "date":
                return date(2020, 1, 1) + timedelta(days=self.count)
            case "int":
                return 700_000 + self.count
            case "bool":
                return True
        raise AssertionError(f"{table}.{column.name} needs a value")

    def expected(self, table: str, name: str, one: Field) -> str:
        """What must stand in the section that tells this field, as JSON writes it."""
        value = self.values[table, name]
        if (table, name) in self.read:
            return self.read[table, name]
        names = {person.id: person.name for person in self.small.people.values()}
        names[self.small.id("amina")] = self.values["person", "name"]
        if isinstance(value, datetime | date):
            return value.isoformat()
        return json.dumps(names.get(value, value))


def fill(small: Small) -> Filled:
    """One row in every table that can be about a person, and in those that are about nobody."""
    filled, store = Filled(small), small.records.store
    me, sue, leo = small.id("amina"), small.id("sue"), small.id("leo")

    def sealed(words: str, *place: str) -> dict[str, Any]:
        one = store.vault.seal(words.encode(), *place)
        return {"key_id": one.key_id, "sealed": one.body}

    with store.database.writing() as s:
        row = filled.row
        row(s, t.PersonRow, id=me, left_at=None)
        row(s, t.RoleRow, person_id=me, role="evaluator")
        pair = row(s, t.PairRow, coach_id=me, leader_id=leo)
        session = row(s, t.SessionRow, pair_id=pair.id)
        row(s, t.SupervisesRow, supervisor_id=sue, coach_id=me)
        meeting = row(s, t.SupervisionRow, supervisor_id=sue)
        row(s, t.SupervisionCoachRow, supervision_id=meeting.id, coach_id=me)
        row(s, t.TalkRow, coach_id=me)
        sign_in = row(s, t.SignInRow, person_id=me)
        row(s, t.InvitationRow, person_id=me)
        row(s, t.AttemptRow)
        entry = row(
            s,
            t.EntryRow,
            person_id=me,
            pair_id=pair.id,
            session_id=session.id,
            state="committed",
            together="",
        )
        row(s, t.TicketRow, person_id=me, sign_in_id=sign_in.id, entry_id=entry.id)
        asked = row(s, t.AskedRow, id=WHAT.asked, workbook="w", prompt=WHAT.as_asked())
        place = ("answer", entry.id, "what-happened", "7")
        row(
            s,
            t.AnswerRow,
            entry_id=entry.id,
            key="what-happened",
            revision=7,
            by_id=me,
            who="mine",
            asked_id=asked.id,
            **sealed('"mark-answer"', *place),
        )
        copy_id = new_id()
        body = {"workbook": "w", "pages": [{"title": "p", "answers": []}]}
        body["pages"][0]["answers"] = [{"question": "q", "words": "mark-copy", "value": 1}]  # type: ignore[index]
        copy = row(
            s,
            t.SnapshotRow,
            id=copy_id,
            entry_id=entry.id,
            author_id=me,
            state="opened",
            kind="shared",
            opened_with=None,
            **sealed(json.dumps(body), "snapshot", copy_id),
        )
        share_id = new_id()
        row(
            s,
            t.ShareRow,
            id=share_id,
            snapshot_id=copy.id,
            reader_id=sue,
            **sealed("mark-purpose", "share", share_id),
        )
        row(
            s,
            t.OpeningRow,
            author_id=me,
            snapshot_id=copy.id,
            entry_id=entry.id,
            reader_id=sue,
            tombstone_id=None,
            first_id=small.id("pat"),
            second_id=small.id("tom"),
        )
        row(s, t.TogetherRow, pair_id=pair.id, by_id=me)
        row(
            s,
            t.AgreementRow,
            pair_id=pair.id,
            snapshot_id=copy.id,
            proposed_by=me,
            accepted_by=None,
            accepted_at=None,
            withdrawn_at=None,
        )
        row(s, t.SubmissionRow, **sealed("mark-sent", "submission", "x"))
        row(s, t.FeedbackRow, **sealed("mark-useful", "feedback", "x"))
        row(s, tt.ConsentRow, person_id=me)
        row(s, tt.SecondStepRow, person_id=me, **sealed("mark-secret", "second_step", me))
        row(s, tt.RecoveryCodeRow, person_id=me)
        row(s, tt.OwnNamesRow, person_id=me, **sealed('["mark-name"]', "own_names", me))
        row(s, tt.TombstoneRow, person_id=me, readers={sue: "supervisor"})
        row(s, tt.HoldRow, person_id=me)
        row(s, tt.WarningRow, person_id=me)
        request = row(s, tt.RequestRow, person_id=me, made_by=me)
        row(s, tt.RequestedRow, request_id=request.id, writer_id=me)
        row(s, tt.ReleaseRow, made_by=me, **sealed("{}", "release", "x"))
        event_id = new_id()
        doc = json.dumps({"title": "mark-event", "code": ""})
        place = ("knowledge_event", event_id)
        row(s, kt.KnowledgeEventRow, id=event_id, made_by=me, **sealed(doc, *place))
        theme = row(s, kt.KnowledgeThemeRow, event_id=event_id, **sealed("{}", "theme", "x"))
        row(
            s,
            kt.KnowledgeCardRow,
            event_id=event_id,
            theme_id=theme.id,
            **sealed("{}", "card", "x"),
        )
        row(s, kt.KnowledgeNoteRow, **sealed("{}", "note", "x"))
    filled.read = {
        ("answer", "sealed"): "mark-answer",
        ("snapshot", "sealed"): "mark-copy",
        ("share", "sealed"): "mark-purpose",
        ("own_names", "sealed"): "mark-name",
        ("knowledge_event", "sealed"): "mark-event",
        ("asked", "prompt"): WHAT.question,
        ("entry", "pair_id"): pair.label,
        ("together", "pair_id"): pair.label,
        ("agreement", "pair_id"): pair.label,
        ("entry", "session_id"): str(session.number),
        ("ticket", "sign_in_id"): '"a page"',
        ("opening", "snapshot_id"): entry.workbook,
        ("opening", "entry_id"): entry.workbook,
        ("opening", "tombstone_id"): "erased_since",
        ("tombstone", "readers"): small.people["sue"].name,
        ("entry", "together"): "together",
    }
    return filled


def _untold() -> Iterator[tuple[str, str]]:
    """Fields that stand empty here: who left cannot ask, and what is agreed is kept."""
    yield from (("person", "left_at"), ("agreement", "withdrawn_at"))
    yield from (("agreement", "accepted_by"), ("agreement", "accepted_at"))


def test_whatever_can_be_told_stands_in_the_data_of_its_person(small: Small) -> None:
    """Each field that says where it is told is found there, as it was stored."""
    filled = fill(small)
    data = small.records.my_data.gather(small.id("amina"))
    for table, column in STORED:
        one = described(table, column.name)
        if one.told and (table, column.name) not in set(_untold()):
            section = json.dumps(data[one.told], ensure_ascii=False)
            assert filled.expected(table, column.name, one) in section, f"{table}.{column.name}"
    whole = json.dumps(data)
    for table, column in STORED:
        if described(table, column.name).kind is Kind.SECRET:
            value = filled.values[table, column.name]
            assert str(value) not in whole, f"{table}.{column.name}"


def test_erasing_everything_does_with_each_field_what_the_registry_says(small: Small) -> None:
    """What goes is in no row any more, and what stays, with a reason, is."""
    filled = fill(small)
    small.records.erasing.everything(small.id("amina"))
    with small.records.store.database.reading() as s:
        for table, column in STORED:
            value = filled.values[table, column.name]
            if value is None or isinstance(value, bool):
                continue
            left = set(map(repr, s.scalars(select(column))))
            stays = described(table, column.name).erased is Erased.STAYS
            assert (repr(value) in left) is stays, f"{table}.{column.name}"
