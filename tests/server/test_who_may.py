"""Who gets what at which address: every person at every address of things that exist."""

import re
from dataclasses import dataclass

import pytest

from tests.living import House
from tests.server.visitor import Fields, Reply, Visitor

PEOPLE = ("amina", "beth", "leo", "sue", "tom", "pat", "eve")
NOWHERE = "0" * 32


@dataclass(frozen=True)
class Things:
    """Ids of what stands in the house: Amina's reflection, what Sue shared back, two meetings."""

    mine: str
    snapshot: str
    share: str
    review: str
    draft: str
    recorded: str


@pytest.fixture(scope="module")
def things(house: House, amina: Visitor, sue: Visitor) -> Things:
    mine = amina.start()
    assert amina.save(mine, "what-happened", "marker-reflection").status == 200
    parts = re.findall(
        r'name="part"[^>]* value="([a-z-]+)"', amina.get(f"entries/{mine}/check").text
    )
    snapshot = amina.share(mine, *parts)
    share = re.search(r"/shares/([0-9a-f]{32})/stop", amina.get(f"shared/{snapshot}").text)
    assert share is not None
    review = sue.post(f"shared/{snapshot}/review").location.rsplit("/", 1)[1]
    assert sue.save(review, "curious", "marker-review").status == 200
    meetings = []
    for _ in range(2):
        meeting = sue.start("supervisor/our-supervision", coach=house.people["amina"].id)
        assert sue.save(meeting, "worked-on", "marker-meeting").status == 200
        meetings.append(meeting)
    assert sue.post(f"entries/{meetings[1]}/record").status == 302
    return Things(mine, snapshot, share.group(1), review, *meetings)


@pytest.fixture(scope="module")
def everybody(house: House) -> dict[str, Visitor]:
    return {who: Visitor(house, who) for who in PEOPLE}


# Address: who gets it.  Everybody else is told that it is not there.
READING = {
    "entries/{mine}": "amina",
    "entries/{mine}/check": "amina",
    "shared/{snapshot}": "amina sue",
    "entries/{review}": "sue",
    "entries/{review}/check": "sue",
    "entries/{draft}": "sue",
    "entries/{draft}/check": "sue",
    "entries/{recorded}": "amina sue",
    "entries/{recorded}/check": "amina sue",
    "workbooks/coach/after-i-coach": "amina beth",
    "workbooks/leader/going-below-the-surface": " ".join(PEOPLE),
    "workbooks/supervisor/our-supervision": "sue tom",
    "workbooks/supervisor/my-overview": "sue tom",
    "workbooks/coach/no-such-workbook": "",
    f"entries/{NOWHERE}": "",
    f"entries/{NOWHERE}/check": "",
    f"shared/{NOWHERE}": "",
}
# Addresses that change something: who may at all.
WRITING = {
    "workbooks/coach/after-i-coach": "amina beth",
    "workbooks/leader/going-below-the-surface": " ".join(PEOPLE),
    "workbooks/supervisor/our-supervision": "sue tom",
    "workbooks/supervisor/my-overview": "",
    "workbooks/supervisor/my-overview/pictures": "sue tom",
    "workbooks/coach/after-i-coach/pictures": "",
    "entries/{mine}": "amina",
    "entries/{mine}/pictures": "amina",
    "entries/{mine}/share": "amina",
    "entries/{mine}/record": "amina",
    "entries/{mine}/forget-earlier": "amina",
    "entries/{draft}": "sue",
    "entries/{draft}/record": "sue",
    "entries/{recorded}": "amina sue",
    "entries/{recorded}/record": "sue",
    "entries/{recorded}/share": "sue",
    "entries/{recorded}/pictures": "sue",
    "entries/{recorded}/forget-earlier": "sue",
    "shared/{snapshot}/thanks": "sue",
    "shared/{snapshot}/review": "sue",
    "shares/{share}/stop": "amina",
    f"entries/{NOWHERE}/share": "",
    f"shared/{NOWHERE}/review": "",
    f"shares/{NOWHERE}/stop": "",
}


def at(address: str, things: Things) -> str:
    return address.format(**{name: getattr(things, name) for name in vars(things)})


def without_token(reply: Reply) -> str:
    """A page without the cross-site token in its forms, which is masked anew every time."""
    return re.sub(r'name="_xsrf" value="[^"]+"', "", reply.text)


def not_there(visitor: Visitor, reply: Reply, nowhere: Reply) -> None:
    """The same answer, to the letter, as for something that does not exist."""
    assert (reply.status, without_token(reply)) == (404, without_token(nowhere))
    assert "marker" not in reply.text


@pytest.mark.parametrize(("address", "allowed"), READING.items(), ids=list(READING))
def test_reading(everybody: dict[str, Visitor], things: Things, address: str, allowed: str) -> None:
    """Those in the table get the page; everybody else the 404 of something that is not there."""
    for who, visitor in everybody.items():
        reply = visitor.get(at(address, things))
        if who in allowed.split():
            assert reply.status == 200, who
        else:
            not_there(visitor, reply, visitor.get(f"entries/{NOWHERE}"))


@pytest.mark.parametrize(("address", "allowed"), WRITING.items(), ids=list(WRITING))
def test_nobody_else_changes_anything(
    house: House, everybody: dict[str, Visitor], things: Things, address: str, allowed: str
) -> None:
    """Everybody not in the table gets the 404 of something that is not there, and no kernel
    starts for them."""
    for who in set(PEOPLE) - set(allowed.split()):
        visitor = everybody[who]
        fields: Fields = {"person": visitor.person, "reader": house.people["tom"].id}
        headers = {"X-Cascade-Person": visitor.person}
        nowhere = visitor.get(f"entries/{NOWHERE}")
        not_there(visitor, visitor.post(at(address, things), fields, **headers), nowhere)
    assert house.kernels() == []


@pytest.mark.parametrize("address", [*READING, *WRITING])
def test_signed_out(house: House, things: Things, address: str) -> None:
    """Without signing in every address leads to the door, whether the thing exists or not."""
    nobody = Visitor(house)
    path = at(address, things)
    replies = [nobody.post(path)] + ([nobody.get(path)] if address in READING else [])
    for reply in replies:
        assert (reply.status, reply.body) == (302, b"")
        assert reply.location.startswith("/sign-in?next=")


def test_the_rules_are_about_these_things(everybody: dict[str, Visitor], things: Things) -> None:
    """The pages above do hold the words they guard, for those who may read them."""
    assert "marker-reflection" in everybody["amina"].get(f"entries/{things.mine}").text
    assert "marker-reflection" in everybody["sue"].get(f"shared/{things.snapshot}").text
    assert "marker-review" in everybody["sue"].get(f"entries/{things.review}").text
    assert "marker-meeting" in everybody["amina"].get(f"entries/{things.recorded}").text


def test_nobody_elses_words_are_on_common_pages(
    everybody: dict[str, Visitor], things: Things
) -> None:
    """Home, my page and the desks show no words of anybody's answers."""
    for who, visitor in everybody.items():
        pages = ["", "me"] + (["workbooks/supervisor/my-overview"] if who in "sue tom" else [])
        for page in pages:
            assert "marker" not in visitor.get(page).text, (who, page)


def test_a_kernel_is_its_owners(
    house: House, everybody: dict[str, Visitor], things: Things
) -> None:
    """A kernel started for Amina answers to Amina; to everybody else it is like one that never
    was, and they cannot end it."""
    amina = everybody["amina"]
    page = amina.post(f"entries/{things.mine}/pictures", **{"X-Cascade-Person": amina.person})
    assert page.status == 200
    kernel = re.search(r'"kernelId": "([0-9a-f-]{36})"', page.text)
    assert kernel is not None, page.text[:2000]
    address = f"api/kernels/{kernel.group(1)}"
    never = "api/kernels/00000000-0000-4000-8000-000000000000"
    assert amina.get(address).status == 200
    for who in set(PEOPLE) - {"amina"}:
        other = everybody[who]
        token = {"X-XSRFToken": other.token}
        for method, more in (("GET", ""), ("DELETE", ""), ("POST", "/goodbye")):
            theirs = other.ask(method, address + more, headers=token)
            nones = other.ask(method, never + more, headers=token)
            assert theirs.status == nones.status
            assert theirs.status in (403, 404)
            assert theirs.body.replace(kernel.group(1).encode(), b"") == nones.body.replace(
                never.encode(), b""
            )
    nobody = Visitor(house)
    assert nobody.get(address).status in (302, 401, 403, 404)
    assert len(house.kernels()) == 1
    ended = amina.ask("DELETE", address, headers={"X-XSRFToken": amina.token})
    assert ended.status == 204
    assert house.kernels() == []
