"""Signing in with an app, and the page where one looks after all of it."""

import re
from base64 import b32decode
from datetime import UTC, datetime

import pytest

from cascade_tools.model.consent import KEEP
from cascade_tools.model.people import Person, Role
from cascade_tools.records.second_step import STEP_SECONDS, code_at
from tests.living import PASSPHRASE, House
from tests.server.visitor import Visitor

MINE, APP = "me/signing-in", "me/signing-in/app"
JSON = {"Accept": "application/json"}


def invited(house: House, name: str, role: Role) -> tuple[Person, str]:
    """Somebody new, and the code on their slip."""
    with house.records() as records:
        person = records.people.add(name, [role], "01632 960150")
        records.consents.decide(person.id, KEEP, True, house.notice)
        return person, records.signing_in.invite(person.id, "the programme")


def accept(house: House, code: str, passphrase: str = PASSPHRASE, **more: str) -> Visitor:
    visitor = Visitor(house)
    fields = {"code": code, "passphrase": passphrase, "again": passphrase, **more}
    reply = visitor.post("invitation", fields)
    assert reply.status == 302, reply.text
    visitor.landed = reply.location  # type: ignore[attr-defined]
    return visitor


def shown(page: str) -> str:
    """The digits an app shows now that was told the key on this page."""
    found = re.search(r'<code class="ticket">([A-Z2-7 ]+)</code>', page)
    assert found is not None
    step = int(datetime.now(UTC).timestamp()) // STEP_SECONDS
    return code_at(b32decode(found.group(1).replace(" ", "")), step)


def on_paper(page: str) -> list[str]:
    return re.findall(r"<li><code>([a-z2-7-]{19})</code>", page)


def test_a_supervisor_may_say_later_once(house: House) -> None:
    """With the slip a supervisor is led to set up an app and may go on without; home reminds; the
    next sign-in by passphrase is good for nothing but setting it up, and then for everything."""
    person, code = invited(house, "Una Superfield", Role.SUPERVISOR)
    visitor = accept(house, code)
    assert visitor.landed == f"/{APP}"  # type: ignore[attr-defined]
    assert ">Later</a>" in visitor.get(APP).text
    assert "Set up an authenticator app now" in visitor.get("").text
    visitor.post("sign-out")
    assert visitor.sign_in(person.name).location == f"/{APP}"
    assert visitor.get("").location.startswith("/sign-in")
    page = visitor.get(APP).text
    assert ">Later</a>" not in page
    wrong = visitor.post(APP, {"do": "confirm", "code": "000000"})
    assert (wrong.status, "does not fit" in wrong.text) == (400, True)
    done = visitor.post(APP, {"do": "confirm", "code": shown(page)})
    codes = on_paper(done.text)
    assert len(set(codes)) == 10
    assert "authenticator app now" not in visitor.get("").text
    # The next time both are asked for, on a covered page, too, which says what is missing.
    fields = {"name": person.name, "passphrase": PASSPHRASE}
    again = Visitor(house)
    assert again.post("sign-in", fields, **JSON).json == {"waiting": "code"}
    assert again.get("sign-in", **JSON).json == {"person": ""}
    assert again.post("sign-in/code", {"code": "000000"}, **JSON).status == 401
    right = again.post("sign-in/code", {"code": codes[0]}, **JSON)
    assert right.json == again.get("sign-in", **JSON).json == {"person": person.id}
    late = Visitor(house).post("sign-in/code", {"code": codes[1]}, **JSON)
    assert (late.status, late.json["again"]) == (401, True)


def test_a_coach_may_have_one_and_turn_it_off(house: House) -> None:
    """Anybody may set one up; making new codes and turning it off each need a code."""
    _, code = invited(house, "Uri Coachfield", Role.COACH)
    visitor = accept(house, code)
    assert visitor.landed == "/"  # type: ignore[attr-defined]
    assert "authenticator" not in visitor.get("").text
    assert visitor.post(APP, {"do": "begin"}).location == f"/{APP}"
    codes = on_paper(
        visitor.post(APP, {"do": "confirm", "code": shown(visitor.get(APP).text)}).text
    )
    for do in ("codes", "off"):
        assert visitor.post(APP, {"do": do, "code": "000000"}).status == 400
    newer = on_paper(visitor.post(APP, {"do": "codes", "code": codes[0]}).text)
    assert len(set(newer) - set(codes)) == 10
    assert visitor.post(APP, {"do": "off", "code": codes[1]}).status == 400
    assert visitor.post(APP, {"do": "off", "code": newer[0]}).status == 302
    assert visitor.sign_in("Uri Coachfield").location == "/"


def test_nobody_who_finds_a_page_open_puts_an_app_on_it(house: House) -> None:
    """Some minutes after signing in, beginning asks for the passphrase again."""
    visitor = Visitor(house, "beth")
    with house.records() as records, records.store.database.writing() as s:
        s.connection().exec_driver_sql(
            "update sign_in set started_at = datetime(started_at, '-11 minutes')"
        )
    assert 'name="now"' in visitor.get(APP).text
    reply = visitor.post(APP, {"do": "begin", "now": "not hers at all"})
    assert (reply.status, "do not go together" in reply.text) == (400, True)
    assert visitor.post(APP, {"do": "begin", "now": PASSPHRASE}).status == 302
    assert '<code class="ticket">' in visitor.get(APP).text


def test_browsers_are_listed_and_ended(house: House) -> None:
    """Every browser somebody is signed in on stands there, this one marked; one can be ended, or
    all; nobody ends another person's."""
    here, there = Visitor(house, "eve"), Visitor(house)
    fields = {"name": house.people["eve"].name, "passphrase": PASSPHRASE, "shared": "yes"}
    there.post("sign-in", fields)
    page = here.get(MINE).text
    assert page.count("<strong>Here</strong>") == 1
    assert "a shared computer" in page
    browsers = re.findall(r'name="browser" value="([0-9a-f]{32})"', page)
    mine = re.search(r"Here</strong>.*?value=\"([0-9a-f]{32})\"", page, re.DOTALL)
    assert mine is not None
    other = next(b for b in browsers if b != mine.group(1))
    assert Visitor(house, "beth").post(MINE, {"do": "end", "browser": other}).status == 404
    assert there.get("me").status == 200
    here.post(MINE, {"do": "end", "browser": other})
    assert there.get("me").status == 302
    there.post("sign-in", fields)
    here.post(MINE, {"do": "everywhere"})
    assert (here.get("me").status, there.get("me").status) == (302, 302)


def test_the_passphrase_is_changed_with_the_one_there_is(house: House) -> None:
    """A wrong or a poor one changes nothing; a good one ends every browser."""
    _, code = invited(house, "Ula Leaderfield", Role.LEADER)
    visitor = accept(house, code)
    new = "kettle window sandal brisk"
    for now, words in ((PASSPHRASE, "testfield12"), ("wrong words here", new),
                       (PASSPHRASE, "ulaleaderfield1")):  # fmt: skip
        reply = visitor.post(MINE, {"do": "passphrase", "now": now, "new": words})
        assert reply.status == 400
        assert words not in reply.text
    visitor.post(MINE, {"do": "passphrase", "now": PASSPHRASE, "new": new})
    assert visitor.get("me").status == 302
    assert visitor.sign_in("Ula Leaderfield").status == 401
    assert visitor.sign_in("Ula Leaderfield", new).status == 302


def test_a_ticket_is_shown_once(house: House) -> None:
    """A ticket to collect stands on the page that made it, and nowhere after."""
    visitor = Visitor(house, "eve")
    made = re.search(r"<code class=\"ticket\">([\w-]{43})</code>",
                     visitor.post(MINE, {"do": "ticket"}).text)  # fmt: skip
    assert made is not None
    assert made.group(1) not in visitor.get(MINE).text


def test_leaving_quickly_is_one_press(house: House) -> None:
    """It ends the session, tells the browser to forget, and leads to a page that says nothing of
    where one was; signed out already it leads there, too."""
    visitor = Visitor(house, "beth")
    held = dict(visitor.cookies)
    assert 'action="/leave"' in visitor.get("").text
    for _ in range(2):
        reply = visitor.post("leave")
        assert (reply.status, reply.location) == (303, "/away")
        assert '"cache", "storage"' in reply.headers["Clear-Site-Data"]
        assert "cascade" not in visitor.cookies
    away = visitor.get("away").text
    assert "<title>Calendar</title>" in away
    plain = re.sub(r'href="[^"]*"', "", away).casefold()
    for word in ("cascade", "testfield", "coach", "workbook", "sign"):
        assert word not in plain
    visitor.cookies = held
    assert visitor.get("").status == 302


@pytest.mark.parametrize("who", ["amina", "leo"])
def test_on_a_shared_computer_no_title_says_what_about(house: House, who: str) -> None:
    """Titles stand in the browser's history: there they name page and step and nothing else.
    Elsewhere they name the workbook."""
    shared, own = Visitor(house), Visitor(house, who)
    fields = {"name": house.people[who].name, "passphrase": PASSPHRASE, "shared": "yes"}
    assert shared.post("sign-in", fields).status == 302
    workbook = "coach/after-i-coach" if who == "amina" else "leader/going-below-the-surface"
    entry = own.start(workbook)
    said = "After I coach" if who == "amina" else "Going below the surface"
    titles = {}
    for path in (f"entries/{entry}", f"entries/{entry}/check", f"workbooks/{workbook}", "", "me"):
        for visitor in (own, shared):
            reply = visitor.get(path)
            if reply.status == 302:
                continue
            assert reply.headers["Cache-Control"] == "no-store"
            found = re.search(r"<title>(.*?)</title>", reply.text, re.DOTALL)
            assert found is not None
            titles[path, visitor is shared] = found.group(1)
    assert titles[f"entries/{entry}", True] == "Workbook, page 1 · Cascade"
    assert said in titles[f"entries/{entry}", False]
    known = (said, house.people["amina"].name, "Leo")
    assert not [t for (_, s), t in titles.items() if s and any(k in t for k in known)]
    assert 'data-idle="10.0"' in shared.get(f"entries/{entry}").text
