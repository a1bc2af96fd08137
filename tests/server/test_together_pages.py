"""Where two people meet: a pair and its sessions, sealed sheets, one shared sheet, agreements."""

import re
import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from cascade_tools.model.people import Held, Pair, Session
from cascade_tools.server.agreements import changed
from cascade_tools.server.together import asked_of_one, side_by_side
from cascade_tools.shelf import open_shelf
from tests.faults.nursery import Nursery, QuickHouse
from tests.living import House
from tests.server.visitor import Fields, Reply, Visitor
from tests.shelf.test_shelf import Sheet

EVERYBODY = ("amina", "beth", "leo", "sue", "tom", "pat", "eve")
OTHERS = ("beth", "sue", "tom", "pat", "eve")
NOWHERE = "0" * 32
LOOKS = "pair/two-looks"
LIST = "pair/one-list"
AGREEMENT = "pair/our-agreement"
TODAY = datetime.now(UTC).date()


def sheet(id: str, together: str, *cells: str | tuple[str, dict[str, object]]) -> Sheet:
    made = Sheet(
        cells=list(cells),
        opening="from cascade_tools.workbook import open_workbook\n\n"
        f'ask, show, answers = open_workbook("{id}")',
    )
    made.metadata["cascade"] |= {"for": ["coach", "leader"], "about": "pair", "together": together}
    return made


SEALED = sheet(
    LOOKS,
    "sealed",
    "## Looking",
    'ask.long("working", "What is working?", who="pair")',
    'ask.long("change", "What would I change?")',
    'ask.long("kept", "What do I keep to myself?", who="only-me")',
    "## Aside",
    'ask.text("aside", "Anything else?")',
    'ask.text("boxed", "And this?", own_tick="Put this in, too?")',
    ("## Afterwards", {"once": "opened"}),
    'ask.long("difference", "What do you notice?")',
)
SHARED = sheet(LIST, "shared", "## List", 'ask.long("list", "What did we say?", who="pair")')


def a_house(folder: Path) -> House:
    house = QuickHouse(folder)
    SEALED.write(house.folder.local / "workbooks", LOOKS)
    SHARED.write(house.folder.local / "workbooks", LIST)
    return house.start()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, nursery: Nursery) -> Iterator[House]:
    """A programme with two small workbooks of its own that are done together."""
    made = a_house(tmp_path_factory.mktemp("programme") / "house")
    yield made
    made.stop()


@pytest.fixture(scope="module")
def people(house: House) -> dict[str, Visitor]:
    return {who: Visitor(house, who) for who in EVERYBODY}


@pytest.fixture
def pair(house: House) -> str:
    """A new pair of Amina's and Leo's, so that no test meets another's; its id."""
    with house.records() as records:
        who = house.people
        started = TODAY - timedelta(days=20)
        return records.people.pair(who["amina"].id, who["leo"].id, "the test pair", started)


def pair_now(house: House, pair: str, who: str = "amina") -> Pair:
    with house.records() as records:
        return records.pairs.get(house.people[who].id, pair)


def day_fields(day: date) -> dict[str, str]:
    return {"on-day": str(day.day), "on-month": str(day.month), "on-year": str(day.year)}


def plain(reply: Reply) -> str:
    """A page without what is made anew for every reply: tokens and the open page's own name."""
    return re.sub(r'name="(_xsrf|writer)" value="[^"]+"', "", reply.text)


def error_links(reply: Reply) -> None:
    """Each line of an error summary leads to something on the page, and the title says Error."""
    links = re.findall(r'<div class="summary".*?</div>', reply.text, re.DOTALL)
    assert links
    for target in re.findall(r'href="#([^"]+)"', links[0]):
        assert f'id="{target}"' in reply.text, target
    assert "<title>Error: " in reply.text


# Who gets what


ADDRESSES = ("pairs/{pair}", "pairs/{pair}/end-early", "pairs/{pair}/agreement")


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_pair_is_its_two_halves_own(
    house: House, people: dict[str, Visitor], pair: str, address: str
) -> None:
    """Both halves get the page; a third person, either supervisor, the lead and the evaluator get
    the 404 of something that is not there, reading and writing; signed out one is asked to sign in.
    """
    path = address.format(pair=pair)
    for who in ("amina", "leo"):
        assert people[who].get(path).status == 200, who
    for who in OTHERS:
        visitor = people[who]
        nowhere = plain(visitor.get(f"pairs/{NOWHERE}"))
        fields = {"do": "plan", "on-day": "1", "on-month": "1", "on-year": "2099"}
        for reply in (visitor.get(path), visitor.post(path, fields)):
            assert (reply.status, plain(reply)) == (404, nowhere), who
    nobody = Visitor(house)
    for reply in (nobody.get(path), nobody.post(path)):
        assert (reply.status, reply.location[:14]) == (302, "/sign-in?next=")
    assert pair_now(house, pair).sessions == ()


def test_one_person_cannot_change_another_pairs_session(
    house: House, people: dict[str, Visitor], pair: str
) -> None:
    """A session is changed only at its own pair's address, by a half of that pair."""
    session = pair_now(house, house.pair).sessions[2]
    fields = {"do": "cancel", "session": session.id}
    for who, at in (("amina", pair), ("beth", house.beths_pair), ("sue", house.pair)):
        assert people[who].post(f"pairs/{at}", fields).status == 404, who
    assert pair_now(house, house.pair).sessions[2].state is Held.PLANNED


# Sessions


def test_stages_and_sessions_used_are_on_the_page(house: House, people: dict[str, Visitor]) -> None:
    """Either half sees every stage in words, and how many of the planned sessions were held."""
    for who in ("amina", "leo"):
        page = people[who].get(f"pairs/{house.pair}").text
        assert "2 of 5 sessions held." in page
        assert '<ol class="timeline">' in page
        for stage in ("Before", "Session 5", "Half-way", "Ending", "Six months later"):
            assert f"<strong>{stage}</strong>" in page


def test_a_session_is_planned_moved_and_held(
    house: House, people: dict[str, Visitor], pair: str
) -> None:
    """Plan, move and hold leave their facts: day, the day it had, who moved it, length and mode."""
    amina, leo = people["amina"], people["leo"]
    first, second = TODAY + timedelta(days=3), TODAY + timedelta(days=10)
    reply = amina.post(f"pairs/{pair}", {"do": "plan", **day_fields(first)})
    assert (reply.status, reply.location) == (302, f"/pairs/{pair}?done=plan")
    (session,) = pair_now(house, pair).sessions
    assert (session.on, session.state) == (first, Held.PLANNED)
    moved = {"do": "move", "session": session.id, "by": "leader", **day_fields(second)}
    assert leo.post(f"pairs/{pair}", moved).status == 302
    (session,) = pair_now(house, pair).sessions
    assert (session.on, session.moved_from, session.moved_by) == (second, first, "leader")
    held = {"do": "held", "session": session.id, "minutes": "50 minutes", "how": "phone"}
    assert leo.post(f"pairs/{pair}", held | day_fields(TODAY)).status == 302
    (session,) = pair_now(house, pair).sessions
    assert (session.state, session.on, session.minutes, session.mode) == (
        *(Held.HELD, TODAY, 50, "phone"),
    )
    page = amina.get(f"pairs/{pair}").text
    assert "1 of 5 sessions held." in page
    assert "Held, 50 minutes, by phone." in page


def test_a_session_nobody_had_planned_can_be_noted(
    house: House, people: dict[str, Visitor], pair: str
) -> None:
    """One form adds a session that is to come or that was held already."""
    yesterday = TODAY - timedelta(days=1)
    reply = people["amina"].post(f"pairs/{pair}", {"do": "held", **day_fields(yesterday)})
    assert reply.status == 302
    (session,) = pair_now(house, pair).sessions
    assert (session.state, session.on, session.minutes) == (Held.HELD, yesterday, None)


@pytest.mark.parametrize("by", ["leader", "coach", "programme", ""])
def test_a_session_is_cancelled_by_somebody_or_nobody_says(
    house: House, people: dict[str, Visitor], pair: str, by: str
) -> None:
    """Whoever cancelled is kept, or that it is not recorded; it does not count as used."""
    leo = people["leo"]
    leo.post(f"pairs/{pair}", {"do": "plan", **day_fields(TODAY)})
    (session,) = pair_now(house, pair).sessions
    reply = leo.post(f"pairs/{pair}", {"do": "cancel", "session": session.id, "by": by})
    assert reply.status == 302
    (session,) = pair_now(house, pair).sessions
    assert (session.state, session.cancelled_by) == (Held.CANCELLED, by or None)
    assert "No session held yet, of 5 planned." in leo.get(f"pairs/{pair}").text


PAST, LATER = day_fields(TODAY - timedelta(days=1)), day_fields(TODAY + timedelta(days=2))
WRONG = {
    "no day": ({"do": "plan", "on-day": "31", "on-month": "2", "on-year": "2026"}, "a real day"),
    "nothing": ({"do": "plan"}, "a real day"),
    "planned in the past": ({"do": "plan", **PAST}, "has passed"),
    "added as held in time to come": ({"do": "held", **LATER}, "still to come"),
    "held in time to come": ({"do": "held", "session": "", **LATER}, "still to come"),
    "minutes": ({"do": "held", "session": "", **PAST, "minutes": "an hour"}, "as a number"),
    "too many minutes": ({"do": "held", "session": "", **PAST, "minutes": "900"}, "as a number"),
    "moved to the past": ({"do": "move", "session": "", "by": "coach", **PAST}, "has passed"),
    "moved nowhere": ({"do": "move", "session": "", "by": "coach", "on-day": "x"}, "a real day"),
}


@pytest.mark.parametrize(("given", "words"), WRONG.values(), ids=list(WRONG))
def test_what_is_wrong_is_one_sentence_and_nothing_is_lost(
    house: House, people: dict[str, Visitor], pair: str, given: dict[str, str], words: str
) -> None:
    """A form that cannot be accepted comes back with what was typed, one sentence, and a link."""
    leo = people["leo"]
    leo.post(f"pairs/{pair}", {"do": "plan", **day_fields(TODAY + timedelta(days=5))})
    before = pair_now(house, pair)
    fields = given | ({"session": before.sessions[0].id} if "session" in given else {})
    reply = leo.post(f"pairs/{pair}", fields)
    assert reply.status == 422
    error_links(reply)
    assert reply.text.count(words) == 2  # in the summary, and beside the field
    for name, value in fields.items():
        if name.startswith("on-") or name == "minutes":
            assert re.search(rf'name="{name}" value="{value}"', reply.text), name
    if "by" in fields:
        assert re.search(r'name="by"[^>]*value="coach" checked', reply.text)
    assert pair_now(house, pair) == before


def test_not_managing_to_meet_prompts_the_coach_only(
    house: House, people: dict[str, Visitor]
) -> None:
    """After ten weeks without a session the coach gets words to copy; the leader sees nothing of
    it, nor does anybody earlier."""
    who = house.people
    with house.records() as records:
        late, early = (
            records.people.pair(who["beth"].id, who["leo"].id, "late", TODAY - timedelta(days=days))
            for days in (71, 60)
        )
    coach = people["beth"].get(f"pairs/{late}").text
    assert "We have not managed to meet" in coach
    assert re.search(r'<textarea id="last-message" rows="16" readonly>Hello Leo,\n', coach)
    assert "We have not managed to meet" not in people["leo"].get(f"pairs/{late}").text
    assert "We have not managed to meet" not in people["beth"].get(f"pairs/{early}").text


# Ending early


def test_ending_early_stops_for_a_moment_and_asks_for_no_reason(
    house: House, people: dict[str, Visitor], pair: str
) -> None:
    """The page says what happens then and holds no box for words; the post ends it; both see what
    follows: looking back, unused sessions, and no more forms."""
    leo = people["leo"]
    page = leo.get(f"pairs/{pair}/end-early").text
    form = page[page.index('<form method="post" action="/pairs') :]
    assert "keeps none" in page
    assert set(re.findall(r'name="([a-z-]+)"', form)) == {"on-day", "on-month", "on-year", "by"}
    wrong = leo.post(f"pairs/{pair}/end-early", {"on-day": "x", "by": "leader"})
    assert wrong.status == 422
    error_links(wrong)
    assert pair_now(house, pair).ended is None
    done = leo.post(f"pairs/{pair}/end-early", {"by": "leader", **day_fields(TODAY)})
    assert (done.status, done.location) == (302, f"/pairs/{pair}")
    ended = pair_now(house, pair)
    assert (ended.ended, ended.ended_early, ended.ended_by) == (TODAY, True, "leader")
    for who in ("amina", "leo"):
        after = people[who].get(f"pairs/{pair}").text
        assert "You ended early" in after
        assert "5 of 5 sessions were not used" in after
        assert 'value="plan"' not in after
        assert people[who].get(f"pairs/{pair}/end-early").status == 404
        assert people[who].post(f"pairs/{pair}/end-early", day_fields(TODAY)).status == 404


def test_nobody_need_say_who_ends_it(house: House, people: dict[str, Visitor], pair: str) -> None:
    """Not recorded is an answer."""
    people["amina"].post(f"pairs/{pair}/end-early", day_fields(TODAY))
    assert pair_now(house, pair).ended_by is None


def test_a_pair_that_held_all_its_sessions_marks_the_end(
    house: House, people: dict[str, Visitor], pair: str
) -> None:
    """It is no early ending, nobody is asked whose it was, and both see that it is over."""
    leo = people["leo"]
    with house.records() as records:
        for weeks in range(10, 5, -1):
            day = TODAY - timedelta(weeks=weeks)
            records.people.add_session(pair, Session("", 0, day, Held.HELD))
    assert "Mark that you have ended" in leo.get(f"pairs/{pair}").text
    page = leo.get(f"pairs/{pair}/end-early").text
    assert "Before you mark the end" in page
    assert 'name="by"' not in page
    assert leo.post(f"pairs/{pair}/end-early", day_fields(TODAY)).status == 302
    ended = pair_now(house, pair)
    assert (ended.ended, ended.ended_early, ended.ended_by) == (TODAY, False, None)
    after = people["amina"].get(f"pairs/{pair}").text
    assert "You ended on" in after
    assert "ended early" not in after.lower()
    assert people["amina"].get(f"pairs/{pair}/end-early").status == 404


# Sealed sheets


def begin(visitor: Visitor, pair: str, workbook: str = LOOKS, **answers: str) -> str:
    entry = visitor.start(workbook, pair=pair)
    for key, words in answers.items():
        assert visitor.save(entry, key, words).status == 200
    return entry


def seal(visitor: Visitor, entry: str, **fields: str | list[str]) -> Reply:
    """Preview, then seal: as the two presses of the page do."""
    chosen: Fields = {"part": ["looking", "aside"], **fields}
    preview = visitor.post(f"together/{entry}/seal", chosen)
    assert preview.status == 200, preview.text
    seen = re.search(r'name="seen" value="([0-9a-f]+)"', preview.text)
    assert seen is not None
    return visitor.post(f"together/{entry}/seal", {**chosen, "seen": seen.group(1)})


def ids(house: House, table: str, where: str = "1") -> list[str]:
    with sqlite3.connect(f"file:{house.folder.database}?mode=ro", uri=True) as database:
        return [row[0] for row in database.execute(f"select id from {table} where {where}")]  # noqa: S608


def every_route() -> list[str]:
    """Every address of the server, as it stands in the list of the code."""
    source = (Path(__file__).parents[2] / "cascade_tools/server/app.py").read_text()
    ours = source[source.index("ours: list") : source.index("return [(self.serving")]
    found = re.findall(r'\(r?f?"([^"]*)",', ours)
    assert len(found) > 30
    return [a for a in found if "(.*)" not in a and "kernel}" not in a and "static/(" not in a]


def addresses(house: House) -> list[str]:
    """Every address of the server with every id there is, every workbook and every key."""
    tables = ("entry", "snapshot", "share", "pair", "session", "person", "agreement", "together")
    every_id = [i for table in tables for i in ids(house, table)]
    workbooks = [w.id for w in open_shelf(house.folder.local).all()]
    found = []
    for route in every_route():
        filled = [route.replace("{KEY}", "working")]
        for name, values in (("{ID}", every_id), ("{WORKBOOK}", workbooks)):
            filled = [
                f.replace(name, v, 1) for f in filled for v in (values if name in f else ["-"])
            ]
        found += filled
    return found


def test_sealed_words_are_nowhere_before_both_have_sealed(tmp_path: Path) -> None:
    """Whatever address the other half, or anybody, asks for with whatever id: not one reply holds
    a word of it, and none of the other half's pages changes by a letter when the first seals."""
    house = a_house(tmp_path / "house")
    try:
        people = {who: Visitor(house, who) for who in EVERYBODY}
        amina, leo = people["amina"], people["leo"]
        his = begin(leo, house.pair, working="his-word")
        hers = begin(
            amina,
            house.pair,
            working="marker-w",
            change="marker-c",
            kept="marker-k",
            aside="marker-a",
        )
        own = [a for a in addresses(house) if hers not in a]
        before = {a: plain(reply) for a in own if (reply := leo.get(a)).status == 200}
        before = {a: page for a, page in before.items() if plain(leo.get(a)) == page}
        assert {"", "me", f"entries/{his}/check", f"pairs/{house.pair}"} <= before.keys()
        assert seal(amina, hers).status == 302
        assert {a: plain(leo.get(a)) for a in before} == before
        snapshots = ids(house, "snapshot", f"entry_id = '{hers}'")
        assert len(snapshots) == 1
        for address in addresses(house):
            for who in ("leo", "sue", "beth", "pat"):
                known = {"X-Cascade-Person": people[who].person}
                reply = people[who].get(address, **known)
                assert "marker" not in reply.text, (who, address)
                if hers in address or snapshots[0] in address:
                    assert reply.status in (404, 405), (who, address, reply.status)
        hers_alone = [hers, *snapshots, *ids(house, "share")]
        fields = {
            "person": leo.person,
            "seen": "0",
            "way": "without",
            "do": "accept",
            "go": "check",
        }
        for address in [a for a in addresses(house) if any(i in a for i in hers_alone)]:
            reply = leo.post(address, fields, **{"X-Cascade-Person": leo.person})
            assert reply.status in (404, 405), (address, reply.status)
            assert "marker" not in reply.text
        asked = leo.asked(his, "working")
        assert leo.save(hers, "working", "x", asked=asked).status == 404
        assert "marker-w" in amina.get(f"entries/{hers}/check").text
    finally:
        house.stop()


def test_both_open_at_once_side_by_side(
    house: House, people: dict[str, Visitor], pair: str
) -> None:
    """The second press of the second half opens both: each under its own name, what is missing
    said kindly, and each opening of the other's stands in the log."""
    amina, leo = people["amina"], people["leo"]
    hers = begin(amina, pair, working="her-working", change="her-change")
    his = begin(leo, pair, working="his-working")
    assert seal(amina, hers).location == f"/entries/{hers}/check"
    waiting = amina.get(f"entries/{hers}/check").text
    assert "not even whether the other is ready" in waiting
    assert amina.get(f"together/{hers}").location == f"/entries/{hers}/check"
    assert "page=afterwards" not in amina.get(f"entries/{hers}").text
    assert seal(leo, his).location == f"/together/{his}"
    for visitor, entry, name in ((amina, hers, "Leo"), (leo, his, "Amina")):
        page = visitor.get(f"together/{entry}")
        assert page.status == 200
        assert "her-working" in page.text
        assert "his-working" in page.text
        assert "her-change" in page.text
        assert f">{name} " in page.text
        assert f'href="/entries/{entry}?page=afterwards"' in page.text
        assert "See them side by side" in visitor.get(f"entries/{entry}/check").text
        assert 'id="page-afterwards"' in visitor.get(f"entries/{entry}").text
    assert "Nothing here from Leo." in amina.get(f"together/{hers}").text
    assert "You left this one out." in leo.get(f"together/{his}").text
    with house.records() as records:
        log = records.read_log.of(house.people["leo"].id)
        assert [line.reader for line in log if line.entry_id == his].count("Amina Coachfield") >= 2


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_sees_either_sheet(
    house: House, people: dict[str, Visitor], pair: str, who: str
) -> None:
    """Open or not, a third person, either supervisor and the programme get what is not there."""
    hers = begin(people["amina"], pair, working="her-marker")
    his = begin(people["leo"], pair, working="his-marker")
    other = people[who]
    nowhere = plain(other.get(f"together/{NOWHERE}"))
    for opened in (False, True):
        for entry in (hers, his):
            for reply in (
                other.get(f"together/{entry}"),
                other.post(f"together/{entry}/seal"),
                other.post(f"together/{entry}/take-back"),
                other.post(f"together/{entry}/mark", {"way": "without"}),
            ):
                assert (reply.status, plain(reply)) == (404, nowhere)
        if not opened:
            seal(people["amina"], hers)
            seal(people["leo"], his)
    for snapshot in ids(house, "snapshot", f"entry_id in ('{hers}', '{his}')"):
        assert other.get(f"shared/{snapshot}").status == 404


def test_the_other_halfs_own_address_stays_theirs(people: dict[str, Visitor], pair: str) -> None:
    """Open to both, the sheet itself is still its author's: the other reads the copy."""
    hers = begin(people["amina"], pair, working="her-words")
    his = begin(people["leo"], pair, working="his-words")
    seal(people["amina"], hers)
    seal(people["leo"], his)
    for path in (f"together/{hers}", f"entries/{hers}", f"entries/{hers}/check"):
        assert people["leo"].get(path).status == 404
    assert people["leo"].post(f"together/{hers}/take-back").status == 404


def test_only_what_was_chosen_goes_in(people: dict[str, Visitor], pair: str) -> None:
    """What is for both goes in always; one's own only where ticked; a box of its own only when
    ticked; what is for one alone never, nor what is written once both are open."""
    amina = people["amina"]
    said = {"working": "m-pair", "change": "m-mine", "kept": "m-only"}
    said |= {"aside": "m-aside", "boxed": "m-box"}
    hers = begin(amina, pair, **said)
    asked = amina.get(f"entries/{hers}/check").text
    assert re.findall(r'name="part"[^>]*value="([a-z-]+)" (checked)', asked) == [
        ("looking", "checked"),
        ("aside", "checked"),
    ]
    assert re.search(r'name="tick"[^>]*value="tick-1">', asked)

    def preview(**fields: str | list[str]) -> set[str]:
        shown = amina.post(f"together/{hers}/seal", fields)
        return set(re.findall(r"m-[a-z]+", shown.text))

    assert preview() == {"m-pair"}
    assert preview(part="looking") == {"m-pair", "m-mine"}
    assert preview(part=["looking", "aside"]) == {"m-pair", "m-mine", "m-aside"}
    assert preview(part=["looking", "aside"], tick="tick-1") == set(said.values()) - {"m-only"}
    his = begin(people["leo"], pair, working="his")
    seal(amina, hers)
    seal(people["leo"], his)
    amina.save(hers, "difference", "m-difference")
    amina.post(f"together/{hers}/take-back")
    assert "m-difference" not in amina.post(f"together/{hers}/seal", {"part": "afterwards"}).text


def test_nobody_seals_what_they_have_not_seen(people: dict[str, Visitor], pair: str) -> None:
    """An answer that changes between the two presses brings a new preview, and seals nothing."""
    amina = people["amina"]
    hers = begin(amina, pair, working="first")
    shown = amina.post(f"together/{hers}/seal", {"part": "looking"}).text
    seen = re.search(r'name="seen" value="([0-9a-f]+)"', shown)
    assert seen is not None
    assert amina.save(hers, "working", "second", base=1, counter=2).status == 200
    again = amina.post(f"together/{hers}/seal", {"part": "looking", "seen": seen.group(1)})
    assert again.status == 200
    assert "Your answers changed" in again.text
    assert "second" in again.text
    assert "Seal yours" in amina.get(f"entries/{hers}/check").text


def test_either_may_take_theirs_back(people: dict[str, Visitor], pair: str) -> None:
    """Before both are open taking back leaves a draft; afterwards it closes both again."""
    amina, leo = people["amina"], people["leo"]
    hers = begin(amina, pair, working="her-words")
    his = begin(leo, pair, working="his-words")
    seal(amina, hers)
    assert amina.post(f"together/{hers}/take-back").location == f"/entries/{hers}/check"
    assert "Seal yours" in amina.get(f"entries/{hers}/check").text
    seal(leo, his)
    assert leo.get(f"together/{his}").status == 302
    seal(amina, hers)
    assert "her-words" in leo.get(f"together/{his}").text
    amina.post(f"together/{hers}/take-back")
    for visitor, entry in ((amina, hers), (leo, his)):
        assert visitor.get(f"together/{entry}").location == f"/entries/{entry}/check"
    assert "her-words" not in leo.get(f"entries/{his}/check").text
    assert leo.post(f"together/{his}/seal", {"part": "looking"}).status == 400


def test_talking_it_over_aloud_needs_a_day(
    house: House, people: dict[str, Visitor], pair: str
) -> None:
    """A day that is none, or is still to come, is said in one sentence and stays in its boxes;
    a real one is seen by both, and what was written stays each one's own."""
    amina, leo = people["amina"], people["leo"]
    hers = begin(amina, pair, working="her-marker")
    his = begin(leo, pair)
    soon = {"way": "aloud", **day_fields(TODAY + timedelta(days=3))}
    for fields in ({"way": "aloud", "on-day": "40", "on-month": "1"}, soon):
        reply = amina.post(f"together/{hers}/mark", fields)
        assert reply.status == 422
        error_links(reply)
        assert f'name="on-day" value="{fields["on-day"]}"' in reply.text
        assert "her-marker" in reply.text
    assert amina.post(f"together/{hers}/mark", {"way": "both"}).status == 404
    reply = amina.post(f"together/{hers}/mark", {"way": "aloud", **day_fields(TODAY)})
    assert reply.location == f"/entries/{hers}/check"
    words = f"talked it over aloud on {TODAY.day} {TODAY:%B %Y}"
    assert f"You noted this: you {words}" in amina.get(f"entries/{hers}/check").text
    theirs = leo.get(f"entries/{his}/check").text
    assert f"Amina Coachfield noted this: you {words}" in theirs
    assert "marker" not in theirs


@pytest.mark.parametrize("way", ["aloud", "without"])
def test_what_was_sealed_does_not_open_after_it_was_done_otherwise(
    people: dict[str, Visitor], pair: str, way: str
) -> None:
    """Whoever says that it was done otherwise has taken theirs back: the other half's sealing it
    later opens nothing."""
    hers = begin(people["amina"], pair, working="her-marker")
    his = begin(people["leo"], pair, working="his-words")
    seal(people["amina"], hers)
    people["amina"].post(f"together/{hers}/mark", {"way": way, **day_fields(TODAY)})
    assert seal(people["leo"], his).location == f"/entries/{his}/check"
    assert people["leo"].get(f"together/{his}").status == 302


def test_one_may_go_on_without(people: dict[str, Visitor], pair: str) -> None:
    """They would rather talk: nobody has to write, and both see that it was chosen."""
    hers = begin(people["amina"], pair, working="her-marker")
    people["amina"].post(f"together/{hers}/mark", {"way": "without"})
    assert "You go on without this" in people["amina"].get(f"entries/{hers}/check").text
    assert "You went on without it" in people["amina"].get(f"pairs/{pair}").text
    his = begin(people["leo"], pair)
    page = people["leo"].get(f"entries/{his}/check").text
    assert "Amina Coachfield noted this" in page
    assert "marker" not in page


def test_without_an_account_it_is_talked_over(house: House, people: dict[str, Visitor]) -> None:
    """With a leader without an account nothing is sealed; the coach can note that they talked."""
    beth = people["beth"]
    hers = begin(beth, house.beths_pair, working="words")
    page = beth.get(f"entries/{hers}/check").text
    assert "Your leader has no account here" in page
    assert f'action="/together/{hers}/seal"' not in page
    assert beth.post(f"together/{hers}/seal", {"part": "looking"}).status == 400
    fields = {"way": "aloud", **day_fields(TODAY)}
    assert beth.post(f"together/{hers}/mark", fields).status == 302
    assert "You talked it over" in beth.get(f"entries/{hers}/check").text


# One sheet for both


def test_a_shared_sheet_is_both_halves_own(people: dict[str, Visitor], pair: str) -> None:
    """Whoever begins it, both read and write the same one; its page says so and shares nothing;
    to anybody else it is not there."""
    amina, leo = people["amina"], people["leo"]
    entry = begin(amina, pair, LIST, list="our-words")
    assert begin(leo, pair, LIST) == entry
    for visitor, other in ((amina, "Leo Leaderfield"), (leo, "Amina Coachfield")):
        page = visitor.get(f"entries/{entry}/check").text
        assert "You both see this" in page
        assert f"{other} and you write in this one sheet" in page
        assert "our-words" in page
        assert "/share" not in page
        assert f"/entries/{entry}?page=list#prompt-list" in page
    assert leo.save(entry, "list", "his-words", base=1, writer="page-2").status == 200
    assert "his-words" in amina.get(f"entries/{entry}/check").text
    for who in OTHERS:
        assert people[who].get(f"entries/{entry}/check").status == 404
        assert people[who].get(f"together/{entry}").status == 404


# Agreements


def propose(visitor: Visitor, entry: str, **fields: str) -> Reply:
    preview = visitor.post(f"entries/{entry}/propose", fields)
    assert preview.status == 200, preview.text
    seen = re.search(r'name="seen" value="([0-9a-f]+)"', preview.text)
    assert seen is not None
    return visitor.post(f"entries/{entry}/propose", {**fields, "seen": seen.group(1)})


def proposal_on(visitor: Visitor, pair: str) -> str:
    found = re.search(
        r'name="agreement" value="([0-9a-f]{32})"', visitor.get(f"pairs/{pair}/agreement").text
    )
    assert found is not None
    return found.group(1)


def test_one_proposes_and_the_other_accepts(
    house: House, people: dict[str, Visitor], pair: str
) -> None:
    """Nobody but the proposer sees a draft; the other half reads the proposal and accepts it; then
    it is in force for both, and the pair's ending day and label are those of the agreement."""
    amina, leo = people["amina"], people["leo"]
    page = f"pairs/{pair}/agreement"
    entry = begin(
        amina,
        pair,
        AGREEMENT,
        hopes="m-hopes",
        ends="2099-09-30",
        label="the m-label",
        signed="A C",
    )
    assert "m-hopes" not in leo.get(page).text
    assert "Propose this to Leo Leaderfield" in amina.get(f"entries/{entry}/check").text
    assert propose(amina, entry).location == f"/{page}"
    assert "m-hopes" in leo.get(page).text
    assert "Accept version 1" in leo.get(page).text
    mine = amina.get(page).text
    assert "Accept version" not in mine
    assert "Leo Leaderfield has not accepted this yet" in mine
    chosen = proposal_on(leo, pair)
    assert amina.post(page, {"do": "accept", "agreement": chosen}).status == 400
    assert pair_now(house, pair).ends is None
    assert leo.post(page, {"do": "accept", "agreement": chosen}).location == f"/{page}"
    now = pair_now(house, pair)
    assert (now.ends, now.label) == (date(2099, 9, 30), "the m-label")
    for visitor in (amina, leo):
        agreed = visitor.get(page).text
        assert "Version 1, in force" in agreed
        assert "m-hopes" in agreed
        assert "<dd>Leo Leaderfield, " in agreed
        assert "You agreed to end by 30 September 2099." in visitor.get(f"pairs/{pair}").text
    assert "version 1 of your agreement" in amina.get(f"entries/{entry}/check").text
    for who in OTHERS:
        assert people[who].get(page).status == 404
        assert people[who].post(page, {"do": "again"}).status == 404
        assert people[who].post(f"entries/{entry}/propose").status == 404
    assert leo.post(f"entries/{entry}/propose").status == 404


def test_a_proposal_can_be_withdrawn_and_is_gone(people: dict[str, Visitor], pair: str) -> None:
    """Who proposed it takes it back: the other half no longer sees a word of it."""
    amina, leo = people["amina"], people["leo"]
    page = f"pairs/{pair}/agreement"
    propose(amina, begin(amina, pair, AGREEMENT, hopes="m-hopes"))
    chosen = proposal_on(leo, pair)
    assert leo.post(page, {"do": "withdraw", "agreement": chosen}).status == 404
    assert amina.post(page, {"do": "withdraw", "agreement": chosen}).status == 302
    assert "m-hopes" not in leo.get(page).text
    assert leo.post(page, {"do": "accept", "agreement": chosen}).status == 404


def test_another_proposal_begins_with_the_words_there_are(
    people: dict[str, Visitor], pair: str
) -> None:
    """Writing another begins with the words proposed or in force, never with who signed them;
    each accepted version stays readable, and the newest is in force."""
    amina, leo = people["amina"], people["leo"]
    page = f"pairs/{pair}/agreement"
    entry = begin(amina, pair, AGREEMENT, hopes="m-first", signed="A typed name")
    propose(amina, entry)
    again = leo.post(page, {"do": "again", "agreement": proposal_on(leo, pair)})
    his = again.location.rsplit("/", 1)[1]
    assert "m-first" in leo.get(f"entries/{his}").text
    assert "A typed name" not in leo.get(f"entries/{his}").text
    leo.post(page, {"do": "accept", "agreement": proposal_on(leo, pair)})
    change = leo.post(page, {"do": "again"}).location.rsplit("/", 1)[1]
    assert change not in (his, entry)
    assert "m-first" in leo.get(f"entries/{change}").text
    assert leo.save(change, "hopes", "m-second", base=1).status == 200
    propose(leo, change)
    assert "Accept version 2" in amina.get(page).text
    assert "m-first" in amina.get(page).text
    amina.post(page, {"do": "accept", "agreement": proposal_on(amina, pair)})
    now = amina.get(page).text
    assert "Version 2, in force" in now
    assert "m-second" in now
    assert "m-first" not in now
    assert "m-first" in leo.get(f"{page}?version=1").text
    assert "Version 1, an earlier one" in leo.get(f"{page}?version=1").text


def test_agreed_aloud_with_a_leader_without_an_account(
    house: House, people: dict[str, Visitor]
) -> None:
    """The coach writes on which day they agreed; from then on it is in force, at once."""
    beth = people["beth"]
    entry = begin(beth, house.beths_pair, AGREEMENT, hopes="m-hopes", ends="2099-05-01")
    assert "Agreed aloud or on paper" in beth.get(f"entries/{entry}/check").text
    wrong = beth.post(f"entries/{entry}/propose", {"on-day": "31", "on-month": "13"})
    assert wrong.status == 422
    error_links(wrong)
    assert 'name="on-month" value="13"' in wrong.text
    day = TODAY - timedelta(days=3)
    assert propose(beth, entry, **day_fields(day)).status == 302
    page = beth.get(f"pairs/{house.beths_pair}/agreement").text
    assert "Version 1, in force" in page
    assert f"aloud or on paper, {day.day} {day:%B %Y}" in page
    assert pair_now(house, house.beths_pair, "beth").ends == date(2099, 5, 1)


class Printed(HTMLParser):
    """Gathers the words of a page that are not marked as not for paper."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.within: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("input", "br"):
            self.within.append((tag, "no-print" in (dict(attrs).get("class") or "").split()))

    def handle_endtag(self, tag: str) -> None:
        assert self.within.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        if not any(hidden for _, hidden in self.within):
            self.words.append(data)


def printed(html: str) -> str:
    parser = Printed()
    parser.feed(html)
    return " ".join(" ".join(parser.words).split())


def test_an_agreement_prints_as_one_page(people: dict[str, Visitor], pair: str) -> None:
    """What is in force stands on the page; what is only proposed, and every way to change it, are
    marked as not for paper."""
    amina, leo = people["amina"], people["leo"]
    page = f"pairs/{pair}/agreement"
    propose(amina, begin(amina, pair, AGREEMENT, hopes="m-hopes"))
    leo.post(page, {"do": "accept", "agreement": proposal_on(leo, pair)})
    change = leo.post(page, {"do": "again"}).location.rsplit("/", 1)[1]
    propose(leo, change)
    for shown in (leo.get(page).text, amina.get(page).text):
        paper = printed(shown[shown.index("<main") : shown.index("</main>")])
        assert "Version 1, in force" in paper
        assert paper.count("m-hopes") == 1
        assert "propose" not in paper
        assert "Write" not in paper


def test_what_was_sealed_says_so_to_its_author(people: dict[str, Visitor], pair: str) -> None:
    """The author's own view of a waiting copy says that it is sealed, not that it was shared."""
    amina = people["amina"]
    hers = begin(amina, pair, working="her-words")
    seal(amina, hers)
    copy = re.search(r'href="/(shared/[0-9a-f]{32})"', amina.get(f"entries/{hers}/check").text)
    assert copy is not None
    page = amina.get(copy[1]).text
    assert "What you sealed" in page
    assert "can no longer read" not in page
    assert "her-words" in page


def test_a_question_worded_for_each_stands_beside_its_twin() -> None:
    """A leader's question stands beside the coach's of the same key, each under its own words and
    both under the one heading; what only one was asked, or answered, keeps its own."""

    def body(*pages: tuple[str, tuple[str, str, str]]) -> dict[str, Any]:
        return {
            "pages": [
                {"title": title, "answers": [{"key": k, "question": q, "words": w}]}
                for title, (k, q, w) in pages
            ]
        }

    coach = body(
        ("The balance, as the coach sees it", ("thinking", "They thought", "A little")),
        ("The balance, as the coach sees it", ("chose", "They chose", "Very much")),
        ("Last", ("honest", "I could be honest", "Yes")),
    )
    leader = body(
        ("Last", ("honest", "I could be honest", "No")),
        ("The balance, as the leader sees it", ("leader-thinking", "I thought", "A lot")),
    )
    order = ["thinking", "chose", "leader-thinking", "leader-chose", "honest"]
    (balance, rows), (last, honest) = side_by_side(coach, leader, order)
    assert (balance, last) == ("The balance", "Last")
    assert [(r.mine and r.mine.words, r.theirs and r.theirs.words) for r in rows] == [
        ("A little", "A lot"),
        ("Very much", None),
    ]
    assert [r.question for r in rows] == ["", "They chose"]
    assert honest[0].question == "I could be honest"
    other_way = side_by_side(leader, coach, order)
    assert [title for title, _ in other_way] == ["The balance", "Last"]


def test_what_only_one_of_the_two_is_asked() -> None:
    """A page for the coach, or for the leader, asks one of them alone, unless it has a twin: the
    other half has not left it out."""
    shelf = open_shelf()
    agreeing = asked_of_one(shelf.get("pair/agreeing-how-we-will-work"))
    assert agreeing == {"supervised-by", "not-there", "funder-told"}
    assert asked_of_one(shelf.get("pair/half-way-review")) == set()
    assert asked_of_one(shelf.get("pair/ending-well")) == {"goal-1", "goal-2", "goal-3"}


def test_a_proposal_says_what_it_changes() -> None:
    """Changed, new and left out, but not who signed it; nothing where there is none in force."""

    def body(**words: str) -> dict[str, Any]:
        answers = [{"key": k, "question": f"{k}?", "words": w} for k, w in words.items()]
        return {"pages": [{"title": "The agreement", "answers": answers}]}

    now = body(hopes="To think", ends="1 June 2027", fee="None", signed="Ned")
    new = body(hopes="To think", ends="1 July 2027", moving="Two days", signed="Ada")
    assert sorted(changed(now, new)) == ["ends?", "fee?", "moving?"]
    assert changed(now, now) == changed(None, new) == changed(now, None) == []


def test_nobody_is_asked_which_half_they_are(people: dict[str, Visitor], pair: str) -> None:
    """The programme knows who coaches and who leads: a new sheet of a pair says so already."""
    for who, part in (("amina", "coach"), ("leo", "leader")):
        entry = people[who].start("pair/agreeing-how-we-will-work", pair=pair)
        page = people[who].get(f"entries/{entry}").text
        chosen = re.findall(r'name="my-part" value="(\w+)"[^>]* checked', page)
        assert chosen == [part]


def test_a_pair_that_has_ended_can_still_end_well(
    house: House, people: dict[str, Visitor], pair: str
) -> None:
    """Both halves are offered *Ending well* for a pair that has ended, and home still leads to
    that pair; what was never begun is offered no more."""
    with house.records() as records:
        records.pairs.end_early(house.people["leo"].id, pair, "leader", TODAY)
    for who in ("amina", "leo"):
        assert pair in people[who].get("workbooks/pair/ending-well").text
        assert pair not in people[who].get("workbooks/pair/half-way-review").text
        assert f'href="/pairs/{pair}"' in people[who].get("").text
