"""Knowledge capture: cards say nothing of who wrote them, and leads alone see and print them."""

import re
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from cascade_tools.errors import NotFound, NotPossible, SettingsFault
from cascade_tools.model import knowledge as model
from cascade_tools.model.knowledge import ROUNDS, Event, KnowledgeCard, Note, Why
from cascade_tools.model.people import Role
from cascade_tools.records import database_url, open_records
from cascade_tools.records.knowledge import Knowledge
from cascade_tools.records.knowledge_tables import (
    KnowledgeCardRow,
    KnowledgeEventRow,
    KnowledgeNoteRow,
    KnowledgeThemeRow,
)
from cascade_tools.records.tables import RoleRow
from cascade_tools.records.verifying import Verifying
from cascade_tools.server.serving import THREADS
from tests.records.small import Small, open_small

WORKED, BLOCKED, ELSEWHERE, NEXT = ROUNDS
NOWHERE = "0" * 32


@dataclass
class Day:
    """One event that Pat began, with the first rounds open."""

    small: Small
    id: str = ""
    code: str = ""
    tokens: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.id = self.all.begin(self.pat, "Learning day", "Small charities in one town")
        self.code = self.event.code
        self.all.open_round(self.pat, self.id, 2)

    @property
    def all(self) -> Knowledge:
        return self.small.records.knowledge

    @property
    def pat(self) -> str:
        return self.small.id("pat")

    @property
    def event(self) -> Event:
        return self.all.get(self.pat, self.id)

    def add(self, *words: str, round: str = WORKED, publish: bool = True) -> list[str]:
        """Cards with these words; their ids in the same order."""
        self.tokens += [self.all.add(self.code, round, one, publish) for one in words]
        by_words = {card.words: card.id for card in self.event.cards}
        return [by_words[one] for one in words]

    def theme(self, *cards: str, name: str = "Ringing each other", round: str = WORKED) -> str:
        theme = self.all.make_theme(self.pat, self.id, round, name)
        self.all.place(self.pat, self.id, cards, theme)
        return theme

    def ready(self, people: int = 40) -> list[str]:
        """A theme of six cards, two of them chosen to be quoted; the event is closed."""
        cards = self.add(*(f"We rang on day {n}" for n in range(6)))
        self.theme(*cards)
        self.describe(people)
        self.all.write_note(self.pat, self.id, Note({WORKED: "Ringing works."}, tuple(cards[:2])))
        self.all.close(self.pat, self.id)
        return cards

    def describe(self, people: int | None) -> None:
        self.all.describe(self.pat, self.id, title="Learning day", where="A town", people=people)

    def card(self, card_id: str) -> KnowledgeCard:
        return next(card for card in self.event.cards if card.id == card_id)


@pytest.fixture
def day(small: Small) -> Day:
    return Day(small)


def rows(small: Small, table: type) -> list[dict[str, object]]:
    """A table as whoever has the database finds it."""
    with small.records.store.database.reading() as s:
        found = s.execute(select(table.__table__))  # type: ignore[attr-defined]
        return [dict(row._mapping) for row in found]


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("cascade.db*")}


# Every verb for those who lead, as somebody asks it.
VERBS: dict[str, Callable[[Knowledge, str, str, str, str], object]] = {
    "begin": lambda k, who, event, theme, card: k.begin(who, "Mine", ""),
    "all": lambda k, who, event, theme, card: k.all(who),
    "get": lambda k, who, event, theme, card: k.get(who, event),
    "check": lambda k, who, event, theme, card: k.check(who, event),
    "found": lambda k, who, event, theme, card: k.found(who, event),
    "describe": lambda k, who, event, theme, card: k.describe(
        who, event, title="Mine", where="", people=1
    ),
    "open_round": lambda k, who, event, theme, card: k.open_round(who, event, 3),
    "make_theme": lambda k, who, event, theme, card: k.make_theme(who, event, WORKED, "Mine"),
    "rename_theme": lambda k, who, event, theme, card: k.rename_theme(who, event, theme, "Mine"),
    "place": lambda k, who, event, theme, card: k.place(who, event, [card], None),
    "set_aside": lambda k, who, event, theme, card: k.set_aside(who, event, card, True),
    "keep_in": lambda k, who, event, theme, card: k.keep_in(who, event, card, True),
    "write_note": lambda k, who, event, theme, card: k.write_note(who, event, Note({}, (card,))),
    "drop_theme": lambda k, who, event, theme, card: k.drop_theme(who, event, theme),
    "close": lambda k, who, event, theme, card: k.close(who, event),
    "release": lambda k, who, event, theme, card: k.release(who, event),
    "notes": lambda k, who, event, theme, card: k.notes(who),
    "note": lambda k, who, event, theme, card: k.note(who, event),
    "erase": lambda k, who, event, theme, card: k.erase(who, event),
}
READ_BY_EVALUATORS = {"notes", "note"}
WITH_A_CODE = {"by_code", "add", "take_back"}


class TestWhoSeesCards:
    def test_only_a_lead_sees_cards_and_an_evaluator_what_was_released(self, day: Day) -> None:
        """For everybody else, whoever they are, every verb answers as if there were no event; and
        nothing of it changes.  Whoever leads is answered by every verb."""
        assert set(VERBS) | WITH_A_CODE == {n for n in dir(Knowledge) if not n.startswith("_")}
        small = day.small
        eve = small.records.people.add("Eve Field", [Role.EVALUATOR])
        gone = small.records.people.add("Una Field", [Role.LEAD, Role.EVALUATOR])
        small.records.people.remove(gone.id)
        card, *_ = day.ready()
        day.all.release(day.pat, day.id)
        before = day.event
        others = {small.id(who) for who in ("amina", "leo", "sue")} | {gone.id, "", "nobody"}
        for name, verb in VERBS.items():
            for who in sorted(others | {eve.id}):
                if who == eve.id and name in READ_BY_EVALUATORS:
                    assert verb(day.all, who, day.id, before.themes[0].id, card)
                    continue
                with pytest.raises(NotFound, match=r"^There is nothing here for you\.$"):
                    verb(day.all, who, day.id, before.themes[0].id, card)
        assert day.event == before

    def test_what_is_not_there_answers_like_what_is_not_theirs(self, day: Day) -> None:
        """An event, a theme or a card that nobody has is not found by a lead either."""
        for name in sorted(set(VERBS) - {"begin", "all", "notes"}):
            with pytest.raises(NotFound, match=r"^There is nothing here for you\.$"):
                VERBS[name](day.all, day.pat, NOWHERE, NOWHERE, NOWHERE)

    def test_a_lead_who_leads_no_longer_sees_nothing_at_once(self, day: Day) -> None:
        """The role is asked of the database each time."""
        day.add("One")
        with day.small.records.store.database.writing() as s:
            s.execute(update(RoleRow).where(RoleRow.person_id == day.pat).values(role="coach"))
        with pytest.raises(NotFound):
            day.all.get(day.pat, day.id)

    def test_whoever_has_the_code_learns_its_name_and_round(self, day: Day) -> None:
        """However it is typed.  A code that nobody has, and one that was, open nothing."""
        letters = day.code.replace("-", "")
        for typed in (day.code, letters, day.code.lower(), f" {letters[:2]} {letters[2:]} "):
            assert day.all.by_code(typed) == model.OpenEvent(day.id, "Learning day", 2)
        assert re.fullmatch(r"[2-9A-HJKMNP-Z]{3}-[2-9A-HJKMNP-Z]{3}", day.code)
        day.all.close(day.pat, day.id)
        for typed in (day.code, "", "ABCDEF", letters[:5], "é" * 6):
            with pytest.raises(NotFound):
                day.all.by_code(typed)
            with pytest.raises(NotFound):
                day.all.add(typed, WORKED, "words", True)


class TestCards:
    def test_a_card_does_not_say_who_wrote_it(self, day: Day) -> None:
        """There is no place in it for a person, a time, a table or a number; the word of its
        writer is sealed with it; the database does not number its rows; and ids are in no order."""
        assert {c.name for c in KnowledgeCardRow.__table__.columns} == {
            "id",
            "event_id",
            "round",
            "theme_id",
            "aside",
            "kept_in",
            "token_hash",
            "key_id",
            "sealed",
        }
        written = [f"card {n}" for n in range(30)]
        day.add(*written)
        found = [card.words for card in day.event.cards]
        assert sorted(found) == sorted(written)
        assert found != written

    def test_a_card_is_kept_as_it_was_written(self, day: Day) -> None:
        """In one paragraph, with its round and what its writer allowed."""
        day.all.add(day.code, BLOCKED, "  Ŵyn – “no”\r\n 🙂 ", False)
        (card,) = day.event.cards
        assert (card.round, card.words, card.publish) == (BLOCKED, "Ŵyn – “no” 🙂", False)
        assert (card.theme_id, card.aside, card.kept_in) == (None, False, False)

    def test_what_is_no_card_is_refused(self, day: Day) -> None:
        """Empty, too long, for a round that is not open, or of none; up to the length is kept."""
        long = "x" * model.MOST_CHARACTERS
        day.all.add(day.code, WORKED, long, True)
        for round, words in (
            (WORKED, " \n "),
            (WORKED, f"{long}y"),
            (ELSEWHERE, "not yet"),
            ("elsewhere", "never"),
        ):
            with pytest.raises(NotPossible):
                day.all.add(day.code, round, words, True)
        day.all.open_round(day.pat, day.id, 1)
        with pytest.raises(NotPossible):
            day.all.add(day.code, BLOCKED, "no longer", True)
        assert [card.words for card in day.event.cards] == [long]

    def test_its_writer_takes_a_card_back_while_the_event_is_open(self, day: Day) -> None:
        """With what they were given, once, and nobody else's; afterwards it stays."""
        day.add("one", "two", "three")
        with pytest.raises(NotFound):
            day.all.take_back(day.code, "guessed")
        day.all.take_back(day.code, day.tokens[1])
        assert {card.words for card in day.event.cards} == {"one", "three"}
        with pytest.raises(NotFound):
            day.all.take_back(day.code, day.tokens[1])
        other = Day(day.small)
        with pytest.raises(NotFound):
            day.all.take_back(other.code, day.tokens[0])
        day.all.close(day.pat, day.id)
        with pytest.raises(NotFound):
            day.all.take_back(day.code, day.tokens[0])
        assert {card.words for card in day.event.cards} == {"one", "three"}

    def test_what_finds_a_card_is_kept_as_a_hash_and_only_while_it_is_open(self, day: Day) -> None:
        """Nothing kept leads back to the browser that wrote it; at the end not even a hash."""
        day.add("one", "two")
        kept = str(rows(day.small, KnowledgeCardRow))
        assert not any(token in kept for token in day.tokens)
        assert day.code not in str(rows(day.small, KnowledgeEventRow))
        day.all.close(day.pat, day.id)
        assert {row["token_hash"] for row in rows(day.small, KnowledgeCardRow)} == {None}

    def test_a_wall_is_not_filled_without_end(
        self, day: Day, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Somebody who has the code cannot fill the disk."""
        monkeypatch.setattr(model, "MOST_CARDS", 2)
        day.add("one", "two")
        with pytest.raises(NotPossible):
            day.add("three")


class TestOnDisk:
    """What only a database in a file can show: what whoever takes it could learn."""

    @pytest.fixture
    def open_day(self, tmp_path: Path) -> Day:
        return Day(open_small(database_url(tmp_path / "cascade.db"), tmp_path))

    def ids_in(self, database: Path) -> list[list[str]]:
        """The ids of cards, page by page of the database, in the order in which they lie there."""
        with closing(sqlite3.connect(database)) as db:
            (size,) = db.execute("PRAGMA page_size").fetchone()
            known = [i for (i,) in db.execute("SELECT id FROM knowledge_card")]
        content = database.read_bytes()
        pages = [content[at : at + size] for at in range(0, len(content), size)]
        found = [sorted((p.index(i.encode()), i) for i in known if i.encode() in p) for p in pages]
        return sorted([i for _, i in page] for page in found if page)

    def came_by_ids(self, database: Path, fresh: Path) -> list[list[str]]:
        """How the same cards lie in a new database to which they come by their ids."""
        with closing(sqlite3.connect(database)) as db:
            of_cards = "SELECT sql FROM sqlite_master WHERE name = 'knowledge_card'"
            (made,) = db.execute(of_cards).fetchone()
            cards = db.execute("SELECT * FROM knowledge_card ORDER BY id").fetchall()
        with closing(sqlite3.connect(fresh)) as db, db:
            db.execute(made)
            db.executemany(f"INSERT INTO knowledge_card VALUES ({', '.join('?' * 9)})", cards)  # noqa: S608
        return self.ids_in(fresh)

    def test_the_database_does_not_number_cards(self, open_day: Day, tmp_path: Path) -> None:
        """SQLite counts rows up unless it is told not to."""
        open_day.add("one")
        with closing(sqlite3.connect(tmp_path / "cascade.db")) as db:
            for table in ("knowledge_card", "knowledge_theme"):
                with pytest.raises(sqlite3.OperationalError, match="rowid"):
                    db.execute(f"SELECT rowid FROM {table}")  # noqa: S608

    @pytest.mark.parametrize("how", ["the next round", "the end"])
    def test_afterwards_nothing_tells_the_order_of_cards(
        self, open_day: Day, tmp_path: Path, how: str
    ) -> None:
        """With the next round, and at the end, the log beside the database is empty and cards lie
        in the file as if they had come by their random ids."""
        open_day.add(*(f"card {n}" for n in range(40)))
        if how == "the end":
            open_day.all.close(open_day.pat, open_day.id)
        else:
            open_day.all.open_round(open_day.pat, open_day.id, 3)
        assert files(tmp_path)["cascade.db-wal"] == b""
        database = tmp_path / "cascade.db"
        found = self.ids_in(database)
        assert sum(map(len, found)) >= 40
        assert found == self.came_by_ids(database, tmp_path / "fresh.db")
        assert len(open_day.event.cards) == 40
        open_day.small.records.close()

    def test_a_card_taken_back_is_in_no_file(self, open_day: Day, tmp_path: Path) -> None:
        """Nor is an event that was erased, sealed or not, while the programme is running."""
        open_day.add("one", "two")
        pieces = [bytes(row["sealed"]) for row in rows(open_day.small, KnowledgeCardRow)]  # type: ignore[call-overload]
        assert any(piece in content for piece in pieces for content in files(tmp_path).values())
        for token in open_day.tokens:
            open_day.all.take_back(open_day.code, token)
        pieces += [bytes(row["sealed"]) for row in rows(open_day.small, KnowledgeEventRow)]  # type: ignore[call-overload]
        open_day.all.erase(open_day.pat, open_day.id)
        for content in files(tmp_path).values():
            assert not any(piece in content for piece in pieces)
        open_day.small.records.close()

    def test_a_card_without_its_event_is_damage_not_a_crash(
        self, open_day: Day, tmp_path: Path
    ) -> None:
        """Rows that have no number are looked at like all others, and their table is named."""
        open_day.add("one")
        with closing(sqlite3.connect(tmp_path / "cascade.db")) as db, db:
            db.execute("UPDATE knowledge_card SET theme_id = ?", (NOWHERE,))
        found = Verifying(open_day.small.records.store).all()
        assert [(d.table, d.id) for d in found] == [("knowledge_card", "")]

    def test_no_word_of_it_stands_in_clear(self, open_day: Day, tmp_path: Path) -> None:
        """Title, group, code, card, theme and note are in no byte of the files."""
        marker = "zebrafinch"
        (card,) = open_day.add(marker)
        open_day.theme(card, name=f"{marker} theme")
        open_day.all.describe(open_day.pat, open_day.id, title=marker, where=marker, people=20)
        open_day.all.write_note(open_day.pat, open_day.id, Note({WORKED: f"a {marker}"}))
        code = open_day.code
        open_day.all.close(open_day.pat, open_day.id)
        assert open_day.all.release(open_day.pat, open_day.id).title == marker
        for content in files(tmp_path).values():
            assert marker.encode() not in content
            assert code.encode() not in content
        open_day.small.records.close()

    def test_a_restored_backup_brings_nothing_back(self, open_day: Day, tmp_path: Path) -> None:
        """What was taken back, erased or closed since is so again."""
        day = open_day
        one, _ = day.add("one", "two")
        erased, released = Day(day.small), Day(day.small)
        released.ready()
        released.all.release(released.pat, released.id)
        folder = tmp_path / "restored"
        folder.mkdir()
        with closing(sqlite3.connect(tmp_path / "cascade.db")) as live:
            live.execute("VACUUM INTO ?", (str(folder / "cascade.db"),))
        day.all.take_back(day.code, day.tokens[0])
        day.all.close(day.pat, day.id)
        for gone in (erased, released):
            gone.all.erase(gone.pat, gone.id)
        url, key = database_url(folder / "cascade.db"), tmp_path / "secret.key"
        records = open_records(url, key, now=day.small.clock)
        assert len(records.knowledge.all(day.pat)) == 3
        assert records.restoring.carry_over(day.small.records.store) == 4
        (left,) = records.knowledge.all(day.pat)
        cards = records.knowledge.get(day.pat, day.id).cards
        assert (left.id, left.closed) == (day.id, True)
        assert [card.words for card in cards] == ["two"]
        assert one not in {card.id for card in cards}
        assert records.knowledge.notes(day.pat) == []
        for way in (day.code, released.code):
            with pytest.raises(NotFound):
                records.knowledge.by_code(way)
        records.close()
        day.small.records.close()


class TestTheWall:
    def test_cards_are_placed_moved_and_stand_alone_again(self, day: Day) -> None:
        """A lead makes themes, names them anew, moves cards, and takes a theme away."""
        one, two = day.add("one", "two")
        theme = day.theme(one, two, name="  First \n name ")
        assert [(t.id, t.round, t.name) for t in day.event.themes] == [
            (theme, WORKED, "First name")
        ]
        day.all.rename_theme(day.pat, day.id, theme, "Second name")
        day.all.place(day.pat, day.id, [one], None)
        assert [t.name for t in day.event.themes] == ["Second name"]
        assert (day.card(one).theme_id, day.card(two).theme_id) == (None, theme)
        day.all.drop_theme(day.pat, day.id, theme)
        assert day.event.themes == ()
        assert day.card(two).theme_id is None

    def test_aside_and_kept_in_are_two_things(self, day: Day) -> None:
        """Each can be taken back, and neither touches the words."""
        (one,) = day.add("one")
        for aside, kept in ((True, False), (True, True), (False, True), (False, False)):
            day.all.set_aside(day.pat, day.id, one, aside)
            day.all.keep_in(day.pat, day.id, one, kept)
            card = day.card(one)
            assert (card.aside, card.kept_in, card.words) == (aside, kept, "one")

    def test_a_card_taken_back_meanwhile_stops_nobody(self, day: Day) -> None:
        """The others are placed; alone it is not found."""
        one, two = day.add("one", "two")
        day.all.take_back(day.code, day.tokens[0])
        theme = day.theme(one, two)
        assert [(c.id, c.theme_id) for c in day.event.cards] == [(two, theme)]
        with pytest.raises(NotFound):
            day.all.set_aside(day.pat, day.id, one, True)

    def test_themes_keep_to_their_round_and_event(self, day: Day) -> None:
        """A card of another round is refused with a sentence; what is another event's is not
        there."""
        (one,) = day.add("one")
        (two,) = day.add("two", round=BLOCKED)
        theme = day.theme(one)
        with pytest.raises(NotPossible):
            day.all.place(day.pat, day.id, [one, two], theme)
        assert day.card(two).theme_id is None
        other = Day(day.small)
        with pytest.raises(NotFound):
            other.all.place(other.pat, other.id, [one], theme)
        other.all.place(other.pat, other.id, [one], None)
        assert day.card(one).theme_id == theme
        for verb in ("rename_theme", "drop_theme", "set_aside", "keep_in"):
            with pytest.raises(NotFound):
                VERBS[verb](day.all, day.pat, other.id, theme, one)

    def test_names_have_bounds(self, day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
        """Empty and endless names, names twice in a round, rounds that are none and too many
        themes are refused."""
        for name in (" ", "x" * (model.MOST_IN_NAME + 1)):
            with pytest.raises(NotPossible):
                day.theme(name=name)
        with pytest.raises(NotFound):
            day.theme(round="elsewhere")
        theme = day.theme()
        with pytest.raises(NotPossible):
            day.theme(name="RINGING each other ")
        day.all.rename_theme(day.pat, day.id, theme, "Ringing EACH other")
        monkeypatch.setattr(model, "MOST_THEMES", 1)
        with pytest.raises(NotPossible):
            day.theme(name="Another")
        day.theme(round=BLOCKED)
        for people in (-1, model.MOST_PEOPLE + 1):
            with pytest.raises(NotPossible):
                day.describe(people)
        for number in (-1, 5):
            with pytest.raises(NotPossible):
                day.all.open_round(day.pat, day.id, number)

    def test_a_closed_event_opens_no_round(self, day: Day) -> None:
        """What is closed stays so, on the day it first was."""
        day.all.close(day.pat, day.id)
        day.small.clock.later(days=3)
        day.all.close(day.pat, day.id)
        with pytest.raises(NotPossible):
            day.all.open_round(day.pat, day.id, 4)
        (one,) = day.all.all(day.pat)
        assert (one.closed, one.code, one.cards) == (True, "", ())
        assert one.goes == date(2026, 11, 4)

    def test_events_are_listed_by_day_with_when_they_go(self, day: Day) -> None:
        """The newest first; one that nobody closes goes a year after it was begun."""
        first = day.small.clock().date()
        day.small.clock.later(days=1)
        second = day.all.begin(day.pat, "Another", "")
        found = day.all.all(day.pat)
        assert [(e.id, e.on) for e in found] == [
            (second, first + timedelta(days=1)),
            (day.id, first),
        ]
        assert found[1].goes == date(2027, 5, 4)


class TestTheNote:
    def test_only_what_its_writer_allowed_is_printed(self, day: Day) -> None:
        """A card that was not to be published, was set aside, or seems to name somebody is in no
        note, although it was chosen; a lead may keep in what names nobody."""
        small = day.small
        small.records.own_names.save(day.pat, ["Cobblestone"])
        (never,) = day.add("Not for print", publish=False)
        aside, person, listed, free = day.add(
            "Set aside", "Ask amina first", "Cobblestone said so", "We rang each other"
        )
        day.theme(never, aside, person, listed, free, *day.add("a", "b", "c", "d"))
        day.all.set_aside(day.pat, day.id, aside, True)
        day.describe(20)
        chosen = (never, aside, person, listed, free)
        day.all.write_note(day.pat, day.id, Note({}, chosen))
        found = day.all.found(day.pat, day.id)
        assert {card for card, detail in found.items() if detail} == {person, listed}
        assert {one.id: one.why for one in day.all.check(day.pat, day.id).left_out} == {
            never: Why.NOT_ALLOWED,
            aside: Why.ASIDE,
            person: Why.DETAIL,
            listed: Why.DETAIL,
        }
        day.all.keep_in(day.pat, day.id, listed, True)
        day.all.keep_in(day.pat, day.id, never, True)
        day.all.close(day.pat, day.id)
        (theme,) = day.all.release(day.pat, day.id).themes
        assert theme.quotes == ("Cobblestone said so", "We rang each other")
        assert theme.count == "at least 5 cards"
        assert day.all.notes(day.pat) == [day.all.note(day.pat, day.id)]
        assert day.all.note(day.pat, day.id).themes == (theme,)

    def test_whoever_has_the_database_cannot_allow_it(self, day: Day) -> None:
        """What a writer allowed is sealed with the card, and the card with its round and event:
        what is changed or moved does not open."""
        (yes,) = day.add("May be printed")
        (no,) = day.add("May not", publish=False)
        by_id = {row["id"]: row for row in rows(day.small, KnowledgeCardRow)}
        assert "publish" not in by_id[no]
        for change in ({"sealed": by_id[yes]["sealed"]}, {"round": BLOCKED}):
            with day.small.records.store.database.writing() as s:
                card = update(KnowledgeCardRow).where(KnowledgeCardRow.id == no)
                s.execute(card.values(**change))
            with pytest.raises(SettingsFault):
                day.all.get(day.pat, day.id)
            found = Verifying(day.small.records.store).all()
            assert [(d.table, d.id) for d in found] == [("knowledge_card", no)]
            with day.small.records.store.database.writing() as s:
                s.execute(card.values(sealed=by_id[no]["sealed"], round=WORKED))
        assert day.card(no).publish is False

    def test_a_note_is_released_once_no_card_can_come(self, day: Day) -> None:
        """While the event is open there is none; until it is released nobody can read one."""
        with pytest.raises(NotPossible):
            day.all.release(day.pat, day.id)
        day.ready()
        assert day.all.notes(day.pat) == []
        with pytest.raises(NotFound):
            day.all.note(day.pat, day.id)
        note = day.all.release(day.pat, day.id)
        assert (note.title, note.where, note.on) == ("Learning day", "A town", date(2026, 5, 4))
        assert note.summaries == {WORKED: "Ringing works."}
        assert note.themes[0].quotes == ("We rang on day 0", "We rang on day 1")
        assert day.event.released

    def test_words_that_repeat_a_card_keep_a_note_back(self, day: Day) -> None:
        """A lead cannot print in their own name what a writer did not allow."""
        day.add("My board never asked us anything", publish=False)
        day.all.write_note(day.pat, day.id, Note({BLOCKED: "One board never asked us."}))
        day.all.close(day.pat, day.id)
        day.all.release(day.pat, day.id)
        said = Note({BLOCKED: "They say: my board never asked us anything."})
        day.all.write_note(day.pat, day.id, said)
        assert set(day.all.check(day.pat, day.id).stops) == {BLOCKED}
        with pytest.raises(NotPossible):
            day.all.release(day.pat, day.id)
        assert "They say" not in day.all.note(day.pat, day.id).summaries[BLOCKED]

    def test_two_prints_of_one_event_cannot_be_compared(self, day: Day) -> None:
        """Once a note is out, cards, themes and the number of people stay as they are; another
        note may say other words and leave quotes out, and adds none."""
        one, two, three, *_ = day.ready()
        before = day.all.release(day.pat, day.id)
        theme = day.event.themes[0].id
        for name in (
            "make_theme",
            "rename_theme",
            "drop_theme",
            "place",
            "set_aside",
            "keep_in",
        ):
            with pytest.raises(NotPossible, match="released"):
                VERBS[name](day.all, day.pat, day.id, theme, one)
        with pytest.raises(NotPossible, match="released"):
            day.describe(41)
        with pytest.raises(NotPossible, match="released"):
            day.all.write_note(day.pat, day.id, Note({}, (one, three)))
        day.small.clock.later(days=1)
        day.all.write_note(day.pat, day.id, Note({WORKED: "Said better."}, (two,)))
        assert day.all.note(day.pat, day.id) == before
        after = day.all.release(day.pat, day.id)
        assert after.summaries == {WORKED: "Said better."}
        assert after.themes[0].quotes == ("We rang on day 1",)
        assert (after.themes[0].count, before.themes[0].count) == ("at least 5 cards",) * 2
        assert day.all.notes(day.pat) == [after]

    def test_a_note_keeps_to_its_bounds(self, day: Day) -> None:
        """Long summaries are refused; a round that is none and a card that is none are not kept."""
        (one,) = day.add("one")
        long = "x" * (model.MOST_IN_SUMMARY + 1)
        with pytest.raises(NotPossible):
            day.all.write_note(day.pat, day.id, Note({NEXT: long}))
        day.all.write_note(day.pat, day.id, Note({"elsewhere": "x"}, (NOWHERE, one, one)))
        assert day.event.note == Note(dict.fromkeys(ROUNDS, ""), (one,))

    def test_erasing_takes_all_of_it(self, day: Day) -> None:
        """Event, themes, cards and the released note; another event stays."""
        other = Day(day.small)
        other.add("stays")
        day.ready()
        day.all.release(day.pat, day.id)
        day.all.erase(day.pat, day.id)
        for verb in (day.all.get, day.all.note, day.all.erase):
            with pytest.raises(NotFound):
                verb(day.pat, day.id)
        assert [len(rows(day.small, t)) for t in TABLES] == [1, 0, 1, 0]
        assert [card.words for card in other.event.cards] == ["stays"]


TABLES = (KnowledgeEventRow, KnowledgeThemeRow, KnowledgeCardRow, KnowledgeNoteRow)


class TestItsTime:
    def test_a_released_note_outlives_its_cards(self, day: Day) -> None:
        """Six months after the end cards, themes and what was being written go, in one step that
        the dry run names; the note is read on, until a lead erases it."""
        day.ready()
        note = day.all.release(day.pat, day.id)
        clock, retention = day.small.clock, day.small.records.retention
        clock.later(days=183)
        assert "knowledge_event" not in {d.thing for d in retention.run(clock())}
        clock.later(days=1)
        said = retention.due(clock())
        assert [(d.id, d.step, d.rule) for d in said if d.thing == "knowledge_event"] == [
            (day.id, "erase", "knowledge")
        ]
        assert retention.run(clock()) == said
        assert [len(rows(day.small, table)) for table in TABLES] == [0, 0, 0, 1]
        with pytest.raises(NotFound):
            day.all.get(day.pat, day.id)
        assert day.all.note(day.pat, day.id) == note
        day.all.erase(day.pat, day.id)
        assert day.all.notes(day.pat) == []

    def test_a_programme_may_keep_cards_for_less(self, url: str, tmp_path: Path) -> None:
        """Its own months hold for what a lead is told and for what goes."""
        small = open_small(url, tmp_path)
        day = Day(small)
        day.all.close(day.pat, day.id)
        small.records.close()
        key = tmp_path / "secret.key"
        records = open_records(url, key, retention={"knowledge": 1}, now=small.clock)
        assert records.knowledge.get(day.pat, day.id).goes == date(2026, 6, 4)
        small.clock.later(days=31)
        assert [d.id for d in records.retention.run(small.clock())] == [day.id]
        records.close()

    def test_whoever_began_an_event_finds_it_and_it_outlives_them(self, day: Day) -> None:
        """In their data stand its name, its days and until when it is kept, no card of it; when
        they are erased it stays the programme's, and nothing says who began it."""
        small = day.small
        quinn = small.records.people.add("Quinn Field", [Role.LEAD])
        day.ready()
        data = small.records.my_data.gather(day.pat)["learning_events"]
        assert data == [
            {
                "title": "Learning day",
                "begun_by": "pat Field",
                "on": "2026-05-04",
                "closed_on": "2026-05-04",
                "released_on": None,
                "kept_by": "knowledge",
                "kept_until": "2026-11-04",
            }
        ]
        assert small.records.my_data.gather(quinn.id)["learning_events"] == []
        small.records.erasing.everything(day.pat)
        assert [row["made_by"] for row in rows(small, KnowledgeEventRow)] == [None]
        assert len(small.records.knowledge.get(quinn.id, day.id).cards) == 6
        small.clock.later(days=184)
        assert day.id in {d.id for d in small.records.retention.run(small.clock())}


def test_a_room_writes_while_its_wall_is_put_in_order(day: Day) -> None:
    """Sixty people add and take back cards in the same moment in which a lead makes themes, moves
    cards and writes the note: no card is lost, doubled or in two places, and no lead's word."""
    people, each = 60, 3

    def writer(person: int) -> None:
        tokens = [
            day.all.add(day.code, ROUNDS[n % 2], f"card {person} {n}", n == 0) for n in range(each)
        ]
        day.all.take_back(day.code, tokens[2])

    def lead(turns: int) -> int:
        placed = 0
        for turn in range(turns):
            theme = day.all.make_theme(day.pat, day.id, WORKED, f"theme {turn}")
            alone = [c.id for c in day.event.cards if c.round == WORKED and c.theme_id is None]
            day.all.place(day.pat, day.id, alone[:9], theme)
            placed += len(alone[:9])
            day.all.write_note(day.pat, day.id, Note({WORKED: f"turn {turn}"}))
            day.all.open_round(day.pat, day.id, 3)
        return placed

    # As many at once as the server lets in; the others wait their turn.
    with ThreadPoolExecutor(THREADS) as pool:
        arranging = pool.submit(lead, 6)
        for done in [pool.submit(writer, person) for person in range(people)]:
            done.result()
        arranging.result()
    event = day.event
    expected = sorted(f"card {person} {n}" for person in range(people) for n in range(2))
    assert sorted(card.words for card in event.cards) == expected
    assert {c.words.endswith(" 0") for c in event.cards if c.publish} == {True}
    assert len(event.themes) == 6
    assert {card.theme_id for card in event.cards} - {None} <= {theme.id for theme in event.themes}
    assert event.note.summaries[WORKED] == "turn 5"
    assert len(day.tokens) == 0
