"""A supervisor's overview over HTTP: whole without a kernel, and asked of the gate each time."""

import re

import pytest

from tests.browser import steps
from tests.living import House
from tests.server.visitor import Visitor

PAGE = "workbooks/supervisor/my-overview"


def test_it_is_whole_before_any_kernel(house: House, sue: Visitor) -> None:
    """The table stands in the page that is sent, with facts and no word of what was shared; the
    page thinks of nothing, so it asks for no kernel and allows no inline style."""
    snapshot = steps.handed(house, "amina", steps.reflection(house, what_happened="A heron"))
    reply = sue.get(PAGE)
    assert reply.status == 200
    assert "Amina Coachfield" in reply.text
    assert f"/shared/{snapshot}" in reply.text
    assert "heron" not in reply.text.lower()
    assert "Leo" not in reply.text
    assert 'data-pictures=""' in reply.text
    assert "'unsafe-inline'" not in reply.headers["Content-Security-Policy"]
    assert len(house.kernels()) == 0
    # The facts alone are read: nobody's log says that words were.
    with house.records() as records:
        log = records.read_log.of(house.people["amina"].id)
    assert [line for line in log if line.entry_id is not None and line.way != "page"] == []


@pytest.mark.parametrize("show", ["asked", "unread", "long-ago"])
def test_the_way_to_look_stands_in_the_address(sue: Visitor, show: str) -> None:
    """The chosen way is marked, and each way is a link with a code in it and no name."""
    reply = sue.get(f"{PAGE}?show={show}")
    assert re.search(rf'href="/{PAGE}\?show={show}" aria-current="true"', reply.text)
    assert reply.text.count("aria-current") == 1
    links = re.findall(rf'href="(/{PAGE}[^"]*)"', reply.text)
    assert sorted(links) == sorted(
        [f"/{PAGE}", *(f"/{PAGE}?show={code}" for code in ("asked", "unread", "long-ago"))]
    )


def test_a_way_that_there_is_not_is_everyone(sue: Visitor) -> None:
    """Whatever else stands in the address shows everyone, and is never said back."""
    for asked in ("?show=Amina", "?show=%3Cscript%3E", "?show=", "?show=a&show=b"):
        reply = sue.get(PAGE + asked)
        assert reply.status == 200
        assert re.search(rf'href="/{PAGE}" aria-current="true"', reply.text)
        assert "show=Amina" not in reply.text


def test_each_view_asks_again(house: House, amina: Visitor, sue: Visitor) -> None:
    """What is no longer shared has no link in the next view, whatever the way to look."""
    entry = steps.reflection(house, what_happened="For a while")
    snapshot = steps.handed(house, "amina", entry)
    assert snapshot in sue.get(f"{PAGE}?show=unread").text
    with house.records() as records:
        (share,) = records.sharing.of(amina.person, entry)
    assert amina.post(f"shares/{share.id}/stop").status == 302
    for way in ("", "?show=unread"):
        assert snapshot not in sue.get(PAGE + way).text


def test_only_a_supervisor_asks_what_still_stands(
    house: House, amina: Visitor, beth: Visitor, sue: Visitor, nobody: Visitor
) -> None:
    """An open page learns the ids of the coaches held and of what they share, in one question
    that opens nothing; for anybody else there is nothing, and nobody is told to sign in first."""
    entry = steps.reflection(house, what_happened="Still there")
    snapshot = steps.handed(house, "amina", entry)
    before = sue.get("coaches/still")
    assert before.status == 200
    assert {amina.person, snapshot} <= set(before.json["standing"])
    assert beth.person not in before.json["standing"]
    with house.records() as records:
        lines = records.read_log.of(amina.person)
        (share,) = records.sharing.of(amina.person, entry)
        assert [line for line in lines if line.entry_id == entry] == []
        records.sharing.stop(amina.person, share.id)
    assert snapshot not in sue.get("coaches/still").json["standing"]
    for visitor in (amina, beth, Visitor(house, "pat")):
        assert visitor.get("coaches/still").status == 404
    assert nobody.get("coaches/still").status == 401
