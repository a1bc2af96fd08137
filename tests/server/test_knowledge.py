"""A knowledge capture event without scripts: who may do what, cards without a name, themes by
plain forms, what may be printed, and the note that is released."""

import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import delete, func, insert, select

from cascade_tools.model.knowledge import (
    MOST_CHARACTERS,
    MOST_IN_NAME,
    MOST_IN_SUMMARY,
    MOST_QUOTES,
    ROUNDS,
    Event,
)
from cascade_tools.records import attempts
from cascade_tools.records.knowledge_tables import KnowledgeCardRow
from cascade_tools.records.tables import AttemptRow, SignInRow
from cascade_tools.server.add_cards import PAGES_AN_HOUR
from tests.living import House
from tests.server.visitor import Reply, Visitor

HOSTILE = '<script>alert("Zebrafinch")</script>'
DETAIL = "Ring Wren on 01632 960177"
NOWHERE = "0" * 32


@pytest.fixture(scope="module")
def pat(house: House) -> Visitor:
    return Visitor(house, "pat")


@pytest.fixture(scope="module")
def room(house: House) -> Visitor:
    """Somebody with a phone, without an account."""
    return Visitor(house)


class Laid:
    """One event, as those who lead and those in the room find it."""

    def __init__(self, house: House, event_id: str) -> None:
        self.house, self.id = house, event_id
        self.here = f"knowledge/{event_id}"
        self.code = self.now().code

    def now(self) -> Event:
        with self.house.records() as records:
            return records.knowledge.get(self.house.people["pat"].id, self.id)

    def words(self, *, aside: bool = False) -> list[str]:
        return sorted(c.words for c in self.now().cards if aside or not c.aside)

    def card(self, words: str) -> str:
        return next(c.id for c in self.now().cards if c.words == words)

    def filled(
        self, words: Sequence[str], theme: str, *, round: str = ROUNDS[0], publish: bool = True
    ) -> str:
        """These cards under a new theme; its id."""
        lead = self.house.people["pat"].id
        with self.house.records() as records:
            for one in words:
                records.knowledge.add(self.code, round, one, publish)
            made = records.knowledge.make_theme(lead, self.id, round, theme)
            cards = records.knowledge.get(lead, self.id).cards
            of = [c.id for c in cards if c.words in words and c.round == round]
            records.knowledge.place(lead, self.id, of, made)
        return made

    def people(self, number: int) -> None:
        event = self.now()
        with self.house.records() as records:
            records.knowledge.describe(
                self.house.people["pat"].id,
                self.id,
                title=event.title,
                where=event.where,
                people=number,
            )


@pytest.fixture
def begun(house: House, pat: Visitor) -> Callable[..., Laid]:
    """``begun(2)``: an event whose second round is open."""

    def begin(rounds: int = 1, title: str = "The first cohort", where: str = "Hospices") -> Laid:
        made = pat.post("knowledge", {"title": title, "where": where})
        found = re.fullmatch(r"/knowledge/([0-9a-f]{32})", made.location)
        assert made.status == 302 and found is not None, made.text
        for number in range(1, rounds + 1):
            assert pat.post(made.location, {"do": "open", "round": str(number)}).status == 302
        return Laid(house, found[1])

    return begin


def seen(reply: Reply) -> str:
    """What stands on a page, as a person reads it."""
    main = re.search(r"<main.*</main>", reply.text, re.DOTALL)
    assert main is not None
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main[0])).split())


def hidden(reply: Reply, name: str) -> str:
    found = re.search(rf'type="hidden" name="{name}" value="([^"]*)"', reply.text)
    return unescape(found[1]) if found else ""


def box(reply: Reply, name: str = "words") -> str:
    found = re.search(rf'<textarea id="{name}"[^>]*>([^<]*)</textarea>', reply.text)
    assert found is not None, reply.text
    return unescape(found[1])


def add(visitor: Visitor, code: str, words: str, **more: str) -> Reply:
    return visitor.post(f"cards/{code}", {"round": ROUNDS[0], "words": words, **more})


def test_an_event_is_there_for_those_who_lead_only(
    house: House, pat: Visitor, room: Visitor, begun: Callable[..., Laid]
) -> None:
    """Desk, wall, check and note: to anybody else none of it is there, and nothing changes."""
    laid = begun()
    add(room, laid.code, "An hour in the diary")
    pages = ("", "/wall", "/wall/now", "/check", "/note", "/note/paper")
    for page in pages:
        assert pat.get(laid.here + page).status == 200, page
        assert "/sign-in?next=" in room.get(laid.here + page).location
    assert "The first cohort" in seen(pat.get("knowledge"))
    assert "is open: people can add cards" in seen(pat.get(""))
    for who in ("amina", "leo", "sue", "eve"):
        visitor = Visitor(house, who)
        for page in ("knowledge", *(laid.here + page for page in pages)):
            assert visitor.get(page).status == 404, (who, page)
        for page, fields in {
            "knowledge": {"title": "Mine"},
            laid.here: {"do": "erase", "sure": "yes"},
            laid.here + "/wall": {"do": "new", "name": "Mine"},
            laid.here + "/check": {"do": f"aside:{laid.now().cards[0].id}"},
            laid.here + "/note": {"do": "release", "sure": "yes"},
        }.items():
            assert visitor.post(page, fields).status == 404, (who, page)
        assert "knowledge/" + laid.id not in visitor.get("").text
    assert laid.words() == ["An hour in the diary"] and not laid.now().themes
    assert pat.get(f"knowledge/{NOWHERE}").status == pat.get(f"knowledge/{NOWHERE}/wall").status
    assert pat.get(f"knowledge/{NOWHERE}").status == 404


def test_without_the_code_there_is_nothing(
    pat: Visitor, room: Visitor, begun: Callable[..., Laid]
) -> None:
    """The code is typed in any spelling.  Another one, or an event that is closed, gets one kind
    sentence, and the words that came with it; what others wrote is on no page of the room."""
    laid = begun()
    assert "What is the code?" in seen(room.get("cards"))
    assert room.post("cards", {"code": " - "}).status == 422
    typed = room.post("cards", {"code": f" {laid.code.lower().replace('-', ' ')} "})
    assert (typed.status, typed.location) == (303, f"/cards/{laid.code.replace('-', '')}")
    assert "What worked, for whom, and why?" in seen(room.get(typed.location))
    add(room, laid.code, "A card of somebody")
    assert "A card of somebody" not in room.get(typed.location).text
    assert pat.post(laid.here, {"do": "close", "sure": "yes"}).status == 302
    for code in (laid.code, "AAA-AAA", "x"):
        assert room.get(f"cards/{code}").status == 404
        late = add(room, code, "Typed too late")
        assert late.status == 404 and "Typed too late" in seen(late)
        assert "No card can be added with this code" in seen(late)
    assert laid.words() == ["A card of somebody"]


def test_a_card_goes_up_and_can_be_taken_back(
    pat: Visitor, room: Visitor, begun: Callable[..., Laid]
) -> None:
    """Once for each time it is pressed; what it is taken back with stands in the page alone."""
    laid = begun(0)
    assert "It has not begun yet" in seen(room.get(f"cards/{laid.code}"))
    assert add(room, laid.code, "Too soon").status == 422
    pat.post(laid.here, {"do": "open", "round": "1"})
    form = room.get(f"cards/{laid.code}")
    assert 'name="publish" value="yes" aria' in form.text, "the box is not ticked"
    once = hidden(form, "once")
    up = [add(room, laid.code, "We kept  the\nhour", once=once, publish="yes") for _ in range(2)]
    assert all("Nobody can tell who wrote it." in seen(one) for one in up)
    (card,) = laid.now().cards
    assert (card.words, card.publish) == ("We kept the hour", True)
    token = hidden(up[0], "token")
    assert token and token == hidden(up[1], "token")
    assert token not in str(up[0].headers)
    assert "We kept the hour" in seen(pat.get(laid.here + "/wall"))
    back = room.post(f"cards/{laid.code}", {"do": "take-back", "token": token})
    again = room.post(f"cards/{laid.code}", {"do": "take-back", "token": token})
    assert "It is gone from the wall" in seen(back) and "It is gone" in seen(again)
    assert laid.now().cards == ()
    add(room, laid.code, "We kept the hour", once=once, publish="yes")
    assert laid.words() == ["We kept the hour"], "after it was taken back it can be put up again"


def test_what_cannot_go_up_stays_on_the_page(room: Visitor, begun: Callable[..., Laid]) -> None:
    """Nothing, or too much: one sentence, with what was typed and ticked."""
    laid = begun()
    assert "Write a thought first" in seen(add(room, laid.code, "  \n "))
    long = "m" * (MOST_CHARACTERS + 1)
    kept = add(room, laid.code, long, publish="yes")
    assert kept.status == 422 and box(kept) == long
    assert re.search(r'name="publish" value="yes" checked', kept.text)
    assert "<title>Error: Add a card" in kept.text
    assert add(room, laid.code, long[:-1]).status == 200
    assert add(room, laid.code, "Another round", round=ROUNDS[3]).status == 422
    assert laid.words() == [long[:-1]]


def test_an_earlier_round_stays_open(room: Visitor, begun: Callable[..., Laid]) -> None:
    """The newest question comes first; what was typed goes along to another one."""
    laid = begun(3)
    first = room.get(f"cards/{laid.code}")
    assert hidden(first, "round") == ROUNDS[2]
    turned = room.post(
        f"cards/{laid.code}",
        {"do": f"round:{ROUNDS[0]}", "round": ROUNDS[2], "words": "Late", "publish": "yes"},
    )
    assert (hidden(turned, "round"), box(turned)) == (ROUNDS[0], "Late")
    add(room, laid.code, "Late")
    assert [c.round for c in laid.now().cards] == [ROUNDS[0]]


def test_what_may_point_to_a_person_is_asked_about_first(
    room: Visitor, begun: Callable[..., Laid]
) -> None:
    """Nothing is kept until its writer has chosen; both ways lead on with what was typed.  A name
    of somebody in the programme is not looked for: that would tell who is in it."""
    laid = begun()
    asked = add(room, laid.code, DETAIL, publish="yes")
    assert "This may point to a person" in seen(asked) and "<mark>01632 960177</mark>" in asked.text
    assert laid.now().cards == ()
    changed = add(room, laid.code, DETAIL, publish="yes", do="change")
    assert box(changed) == DETAIL and 'value="yes" checked' in changed.text
    assert laid.now().cards == ()
    add(room, laid.code, DETAIL, publish="yes", do="as-it-is")
    assert laid.words() == [DETAIL]
    assert "It is on the wall" in seen(add(room, laid.code, "Amina Coachfield sang"))


def test_a_room_has_room_and_a_machine_has_not(
    house: House, room: Visitor, begun: Callable[..., Laid]
) -> None:
    """Sixty people behind one address have a hundred pages each in an hour.  Beyond that the page
    says to wait, keeps what was typed, and another place is not touched."""
    assert PAGES_AN_HOUR >= 60 * 100
    laid = begun()
    with house.records() as records, records.store.database.writing() as s:
        now = records.store.now()
        who = attempts.counted(records.store.vault, "cards", "127.0.0.1")
        s.execute(insert(AttemptRow), [{"who": who, "at": now} for _ in range(PAGES_AN_HOUR)])
    try:
        assert room.get(f"cards/{laid.code}").status == 429
        late = add(room, laid.code, "One too many")
        assert late.status == 429 and "One too many" in seen(late)
        with house.records() as records:
            assert records.signing_in.allow("cards", "192.0.2.7", PAGES_AN_HOUR)
    finally:
        with house.records() as records, records.store.database.writing() as s:
            s.execute(delete(AttemptRow))
    assert laid.now().cards == ()


def test_the_wall_is_arranged_by_plain_forms(
    pat: Visitor, room: Visitor, begun: Callable[..., Laid]
) -> None:
    """Pick and name a theme, put another card there, rename it, set one aside, dissolve it."""
    laid, wall = begun(2), ""
    wall = laid.here + "/wall"
    for words in ("One", "Two", "Three"):
        add(room, laid.code, words)
    one, two, three = (laid.card(words) for words in ("One", "Two", "Three"))
    made = pat.post(wall, {"do": "new", "name": " Time  and tide", "card": [one], "round": "1"})
    assert made.location == f"/{wall}?round=1"
    (theme,) = laid.now().themes
    assert (theme.name, theme.round) == ("Time and tide", ROUNDS[0])
    pat.post(wall, {"do": f"put:{theme.id}", "card": [two], "round": "1"})
    under = {c.words for c in laid.now().cards if c.theme_id == theme.id}
    assert under == {"One", "Two"}
    pat.post(wall, {"do": f"rename:{theme.id}", "name": "Diaries", "round": "1"})
    pat.post(wall, {"do": "aside", "card": [three], "round": "1"})
    shown = seen(pat.get(made.location))
    assert "2 cards" in shown and "Diaries" in shown and "Three" not in shown
    assert "Three" in seen(pat.get(laid.here + "/check"))
    pat.post(laid.here + "/check", {"do": f"bring:{three}"})
    pat.post(wall, {"do": "put:none", "card": [one], "round": "1"})
    pat.post(wall, {"do": f"dissolve:{theme.id}", "round": "1"})
    assert not laid.now().themes and laid.words() == ["One", "Three", "Two"]
    assert "0 cards" in seen(pat.get(wall)), "the newest round has none"


def test_what_the_wall_cannot_do_it_says_and_keeps_what_was_picked(
    pat: Visitor, room: Visitor, begun: Callable[..., Laid]
) -> None:
    """No name, a long one, nothing picked: a sentence, and the boxes stay ticked."""
    laid = begun()
    wall = laid.here + "/wall"
    add(room, laid.code, "One")
    one = laid.card("One")
    ticked = rf'value="{one}" form="pick" checked'
    for fields, sentence in (
        ({"do": "new", "name": " ", "card": [one]}, "Name the theme first."),
        ({"do": "new", "name": "n" * (MOST_IN_NAME + 1), "card": [one]}, "Make the name shorter."),
        ({"do": "aside"}, "Pick at least one card first."),
    ):
        reply = pat.post(wall, {"round": "1", **fields})
        assert reply.status == 422 and sentence in seen(reply)
        assert bool(re.search(ticked, reply.text)) == ("card" in fields)
    assert "n" * (MOST_IN_NAME + 1) in pat.post(
        wall, {"do": "new", "name": "n" * (MOST_IN_NAME + 1), "round": "1"}
    ).text.replace(" ", "")
    for do in (f"put:{NOWHERE}", f"rename:{NOWHERE}", "sing"):
        assert pat.post(wall, {"do": do, "card": [one], "name": "X"}).status == 404
    assert not laid.now().themes


def test_a_wall_that_asks_keeps_no_session_open(
    house: House, pat: Visitor, begun: Callable[..., Laid]
) -> None:
    """The fragment holds the board and nothing else, and the session is no younger for it."""
    laid = begun()

    with house.records() as records:
        with records.store.database.writing() as s:
            session = s.get_one(SignInRow, records.signing_in.who(pat.cookies["cascade"]).id)
            session.seen_at = seen_at = session.seen_at - timedelta(minutes=10)
        now = pat.get(laid.here + "/wall/now?round=1")
        assert now.status == 200 and now.text.startswith('<div class="board"')
        with records.store.database.reading() as s:
            assert s.get_one(SignInRow, session.id).seen_at == seen_at
        pat.get(laid.here + "/wall")
        with records.store.database.reading() as s:
            assert s.get_one(SignInRow, session.id).seen_at > seen_at


def test_the_desk_opens_describes_and_asks_before_what_cannot_be_undone(
    pat: Visitor, house: House, begun: Callable[..., Laid]
) -> None:
    """A title is needed; a number is a number; closing and erasing ask first."""
    empty = pat.post("knowledge", {"title": " ", "where": "Kept as typed"})
    assert empty.status == 422 and box(empty, "begin-where") == "Kept as typed"
    laid = begun(1)
    assert pat.post(laid.here, {"do": "people", "people": "many"}).status == 422
    assert pat.post(laid.here, {"do": "people", "people": "24"}).status == 302
    assert laid.now().people == 24
    pat.post(laid.here, {"do": "describe", "title": "Another name", "where": ""})
    assert (laid.now().title, laid.now().people) == ("Another name", 24)
    assert pat.post(laid.here, {"do": "open", "round": "9"}).status == 404
    asked = pat.post(laid.here, {"do": "close"})
    assert asked.status == 200 and "Closed stays closed" in seen(asked) and not laid.now().closed
    pat.post(laid.here, {"do": "close", "sure": "yes"})
    assert laid.now().closed
    refused = pat.post(laid.here, {"do": "open", "round": "2"})
    assert refused.status == 422 and "closed" in seen(refused)
    assert "Erased is erased" in seen(pat.post(laid.here, {"do": "erase"}))
    assert pat.post(laid.here, {"do": "erase", "sure": "yes"}).location == "/knowledge"
    assert pat.get(laid.here).status == 404
    with house.records() as records, records.store.database.reading() as s:
        cards = select(func.count()).where(KnowledgeCardRow.event_id == laid.id)
        assert s.scalar(cards) == 0


FIVE = ["Ash in the rain", "Birch by a road", "Cedar on the hill", "Elm in a field", "Fir at home"]


def test_before_print_each_card_says_why_or_why_not(
    pat: Visitor, begun: Callable[..., Laid]
) -> None:
    """Small themes, few people, no leave to publish, a detail: said where the card stands.  A lead
    who has looked can leave a detail in, and take that back."""
    laid = begun()
    laid.filled([*FIVE, DETAIL], "Trees")
    laid.filled(["Oak at the gate"], "One alone")
    laid.filled(["Only for us here"], "Not for print", publish=False)
    check = laid.here + "/check"
    assert "We quote no card unless at least 10 people" in seen(pat.get(check))
    laid.people(30)
    told = pat.get(check)
    assert seen(told).count("May be quoted.") == len(FIVE)
    assert "at least 5 cards" in seen(told) and "fewer than 5 cards" in seen(told)
    assert "Its writer did not say that it may be published." in seen(told)
    assert "<mark>01632 960177</mark>" in told.text
    pat.post(check, {"do": f"keep:{laid.card(DETAIL)}"})
    assert seen(pat.get(check)).count("May be quoted.") == len(FIVE) + 1
    pat.post(check, {"do": f"unkeep:{laid.card(DETAIL)}"})
    assert seen(pat.get(check)).count("May be quoted.") == len(FIVE)
    assert pat.post(check, {"do": f"keep:{NOWHERE}"}).status == 404


def test_who_reads_a_released_note(house: House, pat: Visitor, begun: Callable[..., Laid]) -> None:
    """The note is kept as typed where it fits, is released once the event is closed and after a
    question, and then leads and evaluators read it: themes in bands, quotes without anybody."""
    laid = begun()
    laid.filled(FIVE, "Trees")
    laid.filled(["Oak at the gate"], "One alone")
    laid.people(30)
    note = laid.here + "/note"
    quotes = [laid.card(words) for words in FIVE[: MOST_QUOTES + 1]]
    said = {f"summary-{ROUNDS[0]}": "Trees grew where people waited."}
    for fields in (
        {**said, "quote": quotes},
        {f"summary-{ROUNDS[0]}": "s" * (MOST_IN_SUMMARY + 1), "quote": quotes[:1]},
    ):
        wrong = pat.post(note, fields)
        assert wrong.status == 422
        assert box(wrong, f"summary-{ROUNDS[0]}") == fields[f"summary-{ROUNDS[0]}"]
        assert wrong.text.count(" checked") == len(fields["quote"])
    assert pat.post(note, {**said, "quote": quotes[:1], "do": "paper"}).location.endswith("/paper")
    assert "It can be printed once it is released" in seen(pat.get(note + "/paper"))
    early = pat.post(note, {"do": "release", "sure": "yes"})
    assert early.status == 422 and "Close the event first" in seen(early)
    pat.post(laid.here, {"do": "close", "sure": "yes"})
    assert "Before you release it" in seen(pat.post(note, {"do": "release"}))
    eve, one = Visitor(house, "eve"), f"knowledge/notes/{laid.id}"
    assert eve.get(one).status == 404
    assert pat.post(note, {"do": "release", "sure": "yes"}).location == f"/{one}"
    for reader in (pat, eve):
        told = seen(reader.get(one))
        assert "Trees grew where people waited." in told and FIVE[0] in told
        assert "Trees at least 5 cards" in told and "One alone fewer than 5 cards" in told
        assert "Oak at the gate" not in told and "30" not in told and FIVE[4] not in told
        assert "The first cohort" in seen(reader.get("knowledge/notes"))
    assert "Learning notes" in eve.get("").text
    for who in ("amina", "leo", "sue"):
        visitor = Visitor(house, who)
        assert visitor.get(one).status == visitor.get("knowledge/notes").status == 404
    assert "/sign-in?next=" in Visitor(house).get(one).location
    assert pat.post(note, {**said, "quote": quotes[1:2]}).status == 422, "no other quote afterwards"
    moved = pat.post(laid.here + "/wall", {"do": "new", "name": "Late", "round": "1"})
    assert moved.status == 422 and "released" in seen(moved)


def test_hostile_words_are_words(
    house: House, pat: Visitor, room: Visitor, begun: Callable[..., Laid]
) -> None:
    """A title, a card, a theme and a summary that look like a script stand there as typed, on each
    page, and in no title, address or log."""
    laid = begun(1, title=HOSTILE, where=HOSTILE)
    up = add(room, laid.code, HOSTILE)
    asked = add(room, laid.code, f"{HOSTILE} {DETAIL}")
    laid.filled(FIVE, HOSTILE[:MOST_IN_NAME])
    pat.post(laid.here + "/note", {f"summary-{ROUNDS[0]}": HOSTILE})
    pages = [up, asked, room.get(f"cards/{laid.code}"), pat.get("knowledge"), pat.get("")]
    pages += [
        pat.get(laid.here + page)
        for page in ("", "/wall", "/wall/now", "/check", "/note", "/note/paper")
    ]
    for reply in pages:
        assert "<script>alert" not in reply.text and "&lt;script&gt;" in reply.text
        assert "Zebrafinch" not in "".join(re.findall(r"<title>.*?</title>", reply.text))
    assert "Zebrafinch" not in house.log.read_text() if house.log.exists() else True
