"""A moment, replayed, without scripts: the way to it, the scene, and one press to supervision."""

import re
from html import unescape

import pytest

from cascade_tools.model.consent import KEEP
from cascade_tools.model.people import Role
from cascade_tools.model.replay import REPLAY
from tests.living import PASSPHRASE, House
from tests.server.test_practice import hidden, rows, said, words
from tests.server.visitor import Reply, Visitor

MOMENT = {
    "moment-they-said": "They say nobody reads the accounts.",
    "moment-i-said": "I say I could draw them a chart.",
    "moment-might-have-said": "Who would you like to read them?",
}
REST = {
    "i-said-kind": "pre",
    "i-said-then": "They wrote down the name of the chart.",
    "might-1-kind": "cly",
    "might-1-then": "They would think of the treasurer.",
    "might-2": "How is it to sit there?",
    "might-2-kind": "cat",
    "might-2-then": "They would go quiet.",
    "might-3": "Nothing. I wait.",
    "take": "Wait a breath longer.",
}
NEVER = "capercaillie"


def session(house: House, number: int) -> str:
    with house.records() as records:
        pair = next(p for p in records.people.pairs_of(house.people["amina"].id))
        return next(s.id for s in pair.sessions if s.number == number)


def looked_back(visitor: Visitor, on: str, answers: dict[str, str]) -> str:
    """After I coach on a session, with these answers; returns the entry's id."""
    entry = visitor.start(session=f"{visitor.house.pair}/{on}")
    for key, value in answers.items():
        assert visitor.save(entry, key, value).status == 200, key
    return entry


def sheet(visitor: Visitor, answers: dict[str, str], on: str = "new") -> str:
    """A replayed moment with these answers and no others; returns the entry's id."""
    entry = visitor.start(REPLAY, session=f"{visitor.house.pair}/{on}")
    for key, value in answers.items():
        assert visitor.save(entry, key, value).status == 200, key
    return entry


@pytest.fixture(scope="module")
def whole(house: House, amina: Visitor) -> str:
    """Amina's moment in session 2, with three other things to say; the entry's id."""
    looked_back(amina, session(house, 2), MOMENT)
    return sheet(amina, REST, session(house, 2))


def choices(reply: Reply) -> dict[str, str]:
    """What may be said, by its words: the name the page has for it."""
    buttons = re.findall(r'class="say" name="said" value="([a-d])">([^<]+)<', reply.text)
    return {unescape(text): name for name, text in buttons}


def pressed(visitor: Visitor, entry: str) -> Reply:
    """One press on the page that shows what would go."""
    (seen,) = hidden(visitor.get(f"entries/{entry}/check"), "seen")
    return visitor.post(f"entries/{entry}/bring", {"seen": seen})


# The way there


def test_a_moment_leads_to_its_scene_with_the_words_there_are(house: House, amina: Visitor) -> None:
    """The button under the moment saves the page and opens a sheet about the same session, with
    what was said; pressed again, or from the end of the sheet, it is the same one."""
    entry = looked_back(amina, session(house, 1), {})
    page = amina.get(f"entries/{entry}").text
    assert 'name="go" value="replay"' in page
    assert "Replay this moment" not in amina.get(f"entries/{entry}/check").text
    fields = {"person": amina.person, "go": "replay"}
    for key, value in MOMENT.items():
        fields |= {f"asked:{key}": amina.asked(entry, key), key: value}
    reply = amina.post(f"entries/{entry}", fields)
    assert reply.status == 302
    there = amina.get(reply.location.removeprefix(house.base))
    for value in MOMENT.values():
        assert value in unescape(there.text)
    assert "session 1" in there.text
    check = amina.get(f"entries/{entry}/check")
    assert "Replay this moment" in check.text
    (about,) = hidden(check, "session")
    again = amina.post(f"workbooks/{REPLAY}", {"session": about})
    assert again.location == reply.location


def test_the_words_of_another_session_are_not_taken(
    house: House, amina: Visitor, whole: str
) -> None:
    """A scene about a session of which nothing was written is empty; nothing is mixed."""
    other = amina.start(REPLAY, session=f"{house.pair}/new")
    with house.records() as records:
        assert records.entries.answers(amina.person, other) == {}
        mine = records.entries.answers(amina.person, whole)
    assert mine["they-said"].value == MOMENT["moment-they-said"]
    assert mine["might-1"].value == MOMENT["moment-might-have-said"]


def test_only_a_moment_of_ones_own_leads_there(amina: Visitor, beth: Visitor, sue: Visitor) -> None:
    """Another kind of sheet has no such way, and nobody takes somebody else's."""
    before = amina.start("coach/before-i-coach", session=f"{amina.house.pair}/new")
    asked = {"person": amina.person, "go": "replay"}
    assert amina.post(f"entries/{before}", asked).status == 404
    after = amina.start()
    for visitor in (beth, sue):
        fields = {"person": visitor.person, "go": "replay"}
        assert visitor.post(f"entries/{after}", fields).status == 404
    assert "Replay this moment" not in amina.get(f"entries/{before}/check").text


# The scene


def test_the_scene_has_all_four_and_marks_none(amina: Visitor, whole: str) -> None:
    """What they said, and four things to say in an order that changes; which of them was said that
    day is not to be seen, nor what follows."""
    orders = set()
    for _ in range(8):
        page = amina.get(f"entries/{whole}/replay")
        assert MOMENT["moment-they-said"] in words(page)
        assert set(choices(page)) == {
            MOMENT["moment-i-said"],
            MOMENT["moment-might-have-said"],
            REST["might-2"],
            REST["might-3"],
        }
        orders.add(tuple(said(page)))
        assert "that day" not in words(page)
        assert REST["might-1-then"] not in words(page)
    assert len(orders) > 1


def test_each_says_what_one_thought_would_follow(amina: Visitor, whole: str) -> None:
    """One is chosen: what would happen then, and its kind in plain words; then another."""
    here = f"entries/{whole}/replay"
    first = amina.get(here)
    (seed,) = hidden(first, "seed")
    shown = {}
    for line, name in choices(first).items():
        page = amina.post(here, {"said": name, "seed": seed})
        assert line in words(page)
        shown[line] = words(page)
        again = amina.post(here, {"seed": hidden(page, "seed")[0]})
        assert said(again) == said(first)
    kind = "Asked or listened so that they found it"
    other = shown[MOMENT["moment-might-have-said"]]
    assert REST["might-1-then"] in other and kind in other and "that day" not in other
    mine = shown[MOMENT["moment-i-said"]]
    assert "This is what you said that day" in mine and REST["i-said-then"] in mine
    assert "You have not written what might happen then" in shown[REST["might-3"]]


def test_nothing_chosen_is_kept(house: House, amina: Visitor, whole: str) -> None:
    """One's own words come once more on the page that was asked for, and nowhere else: no row of
    the records changes, no address carries anything."""
    here = f"entries/{whole}/replay"
    before = rows(house)
    amina.post(here, {"said": "b"})
    back = amina.post(here, {"do": "look", "mine": f"A {NEVER} & co"})
    assert f"A {NEVER} & co" in words(back)
    assert all(text in words(back) for text in (*MOMENT.values(), *REST.values()) if len(text) > 3)
    assert rows(house) == before
    assert NEVER not in amina.get(here).text + house.log.read_text()


@pytest.mark.parametrize(
    ("answers", "count", "asks"),
    [
        ({}, 0, "they-said"),
        ({"might-1": "Perhaps"}, 0, "they-said"),
        ({"they-said": "No"}, 0, "i-said"),
        ({"they-said": "No", "i-said": "Yes"}, 0, "might-1"),
        ({"they-said": "No", "might-2": "Perhaps"}, 0, "i-said"),
        ({"they-said": "No", "i-said": "Yes", "might-3": "Perhaps"}, 2, ""),
        ({"they-said": "No", "i-said": "Yes", "might-1": "A", "might-2": "B"}, 3, ""),
    ],
)
def test_a_scene_that_is_not_whole(
    house: House, amina: Visitor, answers: dict[str, str], count: int, asks: str
) -> None:
    """One or two other things will do; before that the page says kindly what to write first, and
    leads to that very question."""
    here = f"entries/{sheet(amina, answers)}/replay"
    page = amina.get(here)
    assert len(choices(page)) == count
    assert ("There is a little to write first" in words(page)) == bool(asks)
    if asks:
        assert f"#prompt-{asks}" in page.text
        assert words(amina.post(here, {"do": "look", "said": "a"})) == words(page)


def test_the_scene_is_its_authors_alone(house: House, amina: Visitor, whole: str) -> None:
    """Everybody else is told that there is nothing, before and after it is brought; and of another
    sheet there is no scene, and nothing to bring, not even for its author."""
    nothing = [(f"entries/{whole}", ("sue", "tom", "beth", "leo", "pat", "quinn", "eve"))]
    nothing.append((f"entries/{amina.start()}", ("amina",)))
    nothing.append((f"entries/{'0' * 32}", ("amina",)))
    assert pressed(amina, whole).status == 302
    for entry, people in nothing:
        for who in people:
            visitor = Visitor(house, who)
            for reply in (
                visitor.get(f"{entry}/replay"),
                visitor.post(f"{entry}/replay", {"said": "a"}),
                visitor.post(f"{entry}/bring", {"seen": "x"}),
            ):
                assert reply.status == 404, (who, entry)
    assert "/sign-in" in Visitor(house).get(f"entries/{whole}/replay").location


# One press


def test_one_press_brings_it_and_one_takes_it_back(
    house: House, amina: Visitor, sue: Visitor
) -> None:
    """Before: who, until when, and what looks like personal detail, in the way of nobody.  After:
    it says in place who can read it; it is on the supervisor's pages; later words are not."""
    answers = {"they-said": "Ring me on 07700 900123", "i-said": "Yes", "might-1": "When?"}
    entry = sheet(amina, answers)
    check = amina.get(f"entries/{entry}/check")
    assert "Sue Superfield , your supervisor, gets a copy" in words(check)
    assert "looks like personal detail" in words(check)
    assert 'name="purpose"' not in check.text
    for mark in ("<mark>07700 900123</mark>", "See exactly what Sue Superfield will see"):
        back = amina.post(f"entries/{entry}/replay", {"do": "look"})
        assert mark in back.text
    reply = pressed(amina, entry)
    assert (reply.status, reply.location.partition("#")[2]) == (302, "brought")
    brought = amina.get(f"entries/{entry}/check")
    assert "Sue Superfield can read this copy" in words(brought)
    assert "Stop sharing" in words(brought) and "Not opened yet" in words(brought)
    (snapshot,) = re.findall(r"/shared/([0-9a-f]{32})", brought.text)
    read = sue.get(f"shared/{snapshot}")
    assert "For supervision" in words(read) and "When?" in words(read)
    assert "Opened: Sue Superfield" in words(amina.get(f"entries/{entry}/check"))
    assert amina.save(entry, "take", "Later words").status == 200
    assert "Later words" not in sue.get(f"shared/{snapshot}").text
    assert "Bring the new version" in words(amina.get(f"entries/{entry}/check"))
    (share,) = re.findall(r"/shares/([0-9a-f]{32})/stop", brought.text)
    assert amina.post(f"shares/{share}/stop").status == 302
    assert sue.get(f"shared/{snapshot}").status == 404
    over = words(amina.get(f"entries/{entry}/check"))
    assert "That is over" in over and "Bring it to supervision" in over


def test_what_was_not_seen_does_not_go(house: House, amina: Visitor) -> None:
    """An answer that changed since the page was drawn stops the press; the author looks again.
    Nothing written, nothing to bring."""
    entry = sheet(amina, {})
    assert amina.post(f"entries/{entry}/bring", {"seen": "x"}).status == 400
    assert "Bring it" not in words(amina.get(f"entries/{entry}/check"))
    assert amina.save(entry, "they-said", "No").status == 200
    (seen,) = hidden(amina.get(f"entries/{entry}/check"), "seen")
    assert amina.save(entry, "i-said", "Yes").status == 200
    for old in (seen, ""):
        reply = amina.post(f"entries/{entry}/bring", {"seen": old})
        assert "Nothing has gone yet" in words(reply)
    with house.records() as records:
        assert records.sharing.of(amina.person, entry) == []


def test_no_other_control_shares_it(house: House, amina: Visitor, whole: str) -> None:
    """Only the one press leads out: the form that shares other sheets finds nobody for this one,
    and only a sheet like this one can be brought so."""
    for reader in ("sue", "leo", "pat"):
        fields = {"reader": house.people[reader].id, "part": "the-moment", "purpose": "x"}
        fields |= {"until-day": "27", "until-month": "3", "until-year": "2099"}
        assert amina.post(f"entries/{whole}/share", fields).status == 400
    for who in ("leo", "tom", "beth", "pat"):
        address = f"entries/{whole}/as/{house.people[who].id}"
        assert amina.get(address).status == 404


def test_it_is_in_no_list_to_bring_until_it_is_brought(house: House, amina: Visitor) -> None:
    """Getting ready for supervision lists one's own sheets by title and day; of a replayed moment
    not even that, unless its copy can be read now."""
    entry = sheet(amina, {"they-said": "No", "i-said": "Yes"})
    ready = amina.start("coach/getting-ready-for-supervision")
    assert f'value="{entry}"' not in amina.get(f"entries/{ready}").text
    assert pressed(amina, entry).status == 302
    assert f'value="{entry}"' in amina.get(f"entries/{ready}").text
    with house.records() as records:
        (share,) = records.sharing.of(amina.person, entry)
    amina.post(f"shares/{share.id}/stop")
    assert f'value="{entry}"' not in amina.get(f"entries/{ready}").text


def test_without_a_supervisor_it_says_whom_to_ask(house: House) -> None:
    """Nothing to press, and the programme's number."""
    with house.records() as records:
        person = records.people.add("Nia Newfield", [Role.COACH], "01632 960130")
        records.signing_in.accept(records.signing_in.invite(person.id, "a test"), PASSPHRASE)
        records.consents.decide(person.id, KEEP, True, house.notice)
        today = records.store.now().date()
        pair = records.people.pair(person.id, None, "a new pair", today)
    house.people["nia"] = person
    nia = Visitor(house, "nia")
    reply = nia.post(f"workbooks/{REPLAY}", {"session": f"{pair}/new"})
    entry = reply.location.rpartition("/")[2]
    assert nia.save(entry, "they-said", "No").status == 200
    check = nia.get(f"entries/{entry}/check")
    assert "You have no supervisor in the kit yet" in words(check)
    assert house.settings.programme_phone in words(check) and "/bring" not in check.text
    assert nia.post(f"entries/{entry}/bring", {"seen": "x"}).status == 400
