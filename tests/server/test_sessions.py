"""One pair, session by session: its author's own page, and the supervisor's of what is shared."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from cascade_tools.model.entry import Outline
from cascade_tools.records import Reader
from tests.browser import steps
from tests.living import House
from tests.server.visitor import Visitor


@pytest.fixture
def looked(house: House) -> str:
    """Amina's page of her pair with Leo, as Sue would ask for it."""
    return f"coaches/{house.people['amina'].id}/pairs/{house.pair}"


def test_an_author_sees_all_of_their_own(house: House, amina: Visitor) -> None:
    """A coach's own sheets stand side by side, whether shared or not, each with who can read a
    copy; nothing is logged, because nobody else reads."""
    steps.reflection(house, what_happened="Only for me")
    shared = steps.reflection(house, what_happened="For Sue as well")
    steps.handed(house, "amina", shared)
    reply = amina.get(f"pairs/{house.pair}/sessions")
    assert reply.status == 200
    assert "Only for me" in reply.text
    assert "For Sue as well" in reply.text
    assert "Only you see it." in reply.text
    assert "Shared with Sue Superfield." in reply.text
    assert "data-standing" not in reply.text
    assert f'href="/pairs/{house.pair}/sessions"' in amina.get(f"pairs/{house.pair}").text


def test_the_other_half_sees_their_own_alone(house: House) -> None:
    """A leader's page of the same pair holds nothing of the coach's, and the other way round."""
    steps.reflection(house, what_happened="What a coach keeps")
    leo = Visitor(house, "leo")
    reply = leo.get(f"pairs/{house.pair}/sessions")
    assert reply.status == 200
    assert "What a coach keeps" not in reply.text
    assert "Nothing is written about your sessions yet" in reply.text


def test_a_supervisor_sees_what_is_shared(
    house: House, amina: Visitor, sue: Visitor, looked: str
) -> None:
    """Only the words of copies shared now are there, with what changed; each copy is in its
    author's log, in a way of its own; the ten answers are there only by their own tick."""
    first = steps.reflection(
        house, what_happened="It began", ideas=3, deepest_layer="presenting", came_back_up="yes"
    )
    second = steps.reflection(
        house, what_happened="It went on", ideas=1, deepest_layer="pattern", came_back_up="yes"
    )
    steps.reflection(house, what_happened="Kept back")
    snapshots = [steps.handed(house, "amina", entry) for entry in (first, second)]
    reply = sue.get(looked)
    assert reply.status == 200
    words = " ".join(re.sub("<[^>]+>", " ", reply.text).split())
    assert "It began" in words
    assert "It went on" in words
    assert "It was “What they brought” in session" in words
    assert "As in session" in words
    assert "Kept back" not in words
    assert "Who is doing the thinking?" not in words
    assert all(f'href="/shared/{snapshot}"' in reply.text for snapshot in snapshots)
    needs = re.findall('data-needs="([^"]*)"', reply.text)
    assert set(snapshots) <= set(needs[0].split())
    log = amina.get("me").text
    assert "Looked at it beside your other sheets" in log
    overview = sue.get("workbooks/supervisor/my-overview").text
    assert f'href="/{looked}"' in overview
    assert snapshots[0] in overview  # looked at beside others, it still waits to be read
    for visitor, address in ((sue, looked), (amina, f"pairs/{house.pair}/sessions")):
        assert f'href="/{address}"' in visitor.get(f"shared/{snapshots[0]}").text


def test_only_the_supervisor_of_now_looks_across(
    house: House, amina: Visitor, beth: Visitor, nobody: Visitor, looked: str
) -> None:
    """For everybody else, the author and the pair's other half included, the address answers as
    one that does not exist; nobody signed in is asked to."""
    steps.handed(house, "amina", steps.reflection(house, what_happened="For Sue alone"))
    none = f"coaches/{'0' * 32}/pairs/{'0' * 32}"
    for who in ("amina", "beth", "leo", "tom", "pat", "eve"):
        visitor = Visitor(house, who)
        for path in (looked, none):
            reply = visitor.get(path)
            assert (reply.status, "There is nothing here" in reply.text) == (404, True)
    assert nobody.get(looked).status == 302


def test_nothing_shared_is_like_no_such_pair(house: House, sue: Visitor) -> None:
    """A pair of hers with nothing shared, another coach's pair, and none at all answer alike."""
    short = steps.new_coach(house, "Una Sharefield")
    una = house.people[short].id
    with house.records() as records:
        (pair,) = records.people.pairs_of(una)
    replies = [
        sue.get(path)
        for path in (
            f"coaches/{una}/pairs/{pair.id}",
            f"coaches/{house.people['beth'].id}/pairs/{house.beths_pair}",
            f"coaches/{una}/pairs/{house.pair}",
            f"coaches/{'0' * 32}/pairs/{'0' * 32}",
        )
    ]
    assert {r.status for r in replies} == {404}
    plain = [re.sub(r'[0-9a-f]{6,}|value="[^"]*"', "", r.text) for r in replies]
    assert len(set(plain)) == 1


def test_the_pages_of_a_stranger_are_not_there(house: House, beth: Visitor) -> None:
    """Whoever is no half of a pair finds no page of its sessions."""
    assert beth.get(f"pairs/{house.pair}/sessions").status == 404


def test_each_pair_has_a_page_of_its_own(house: House) -> None:
    """What a coach wrote about one pair does not stand on the page of another."""
    short = steps.new_coach(house, "Ned Twofield")
    ned = house.people[short].id
    steps.written(house, short, steps.COACHING, {"what-happened": "About the first"})
    today = datetime.now(UTC).date()
    with house.records() as records:
        (first,) = records.people.pairs_of(ned)
        second = records.people.pair(ned, None, "the choir", today)
        visitor = Visitor(house)
        visitor.cookies["cascade"] = records.signing_in.sign_in(ned)
    assert "About the first" in visitor.get(f"pairs/{first.id}/sessions").text
    assert "About the first" not in visitor.get(f"pairs/{second}/sessions").text


def test_another_reader_does_not_look_across(house: House) -> None:
    """Somebody else who was given one copy reads that copy, and has no page of the sessions."""
    entry = steps.reflection(house, what_happened="For Leo to read")
    amina, leo = (house.people[who] for who in ("amina", "leo"))
    outline = Outline((("what", "What happened", ("what-happened",)),))
    with house.records() as records:
        snapshot = records.sharing.share(
            amina.id,
            entry,
            records.sharing.compose(amina.id, entry, outline),
            Reader(leo.id, leo.name, "leader"),
            purpose="",
            ends_at=datetime.now(UTC) + timedelta(days=9),
        )
    visitor = Visitor(house, "leo")
    assert "For Leo to read" in visitor.get(f"shared/{snapshot}").text
    assert visitor.get(f"coaches/{amina.id}/pairs/{house.pair}").status == 404
