"""Saving an answer over HTTP: every status a page has to live with."""

import asyncio
import sqlite3
import threading
from datetime import datetime

import pytest

from cascade_tools.server.serving import THREADS, Serving
from tests.living import House
from tests.server.visitor import Visitor

KEY = "what-happened"


@pytest.fixture(scope="module")
def entry(amina: Visitor) -> str:
    return amina.start()


def address(entry: str, key: str = KEY) -> str:
    return f"api/entries/{entry}/answers/{key}"


def body(**more: object) -> dict[str, object]:
    return {"value": "x", "base": 0, "writer": "w", "counter": 1, "asked": "0" * 16, **more}


def read(house: House, who: str, entry: str) -> dict[str, object]:
    """What is in the records, beside the server."""
    with house.records() as records:
        answers = records.entries.answers(house.people[who].id, entry)
        return {key: one.value for key, one in answers.items()}


def test_a_save_says_when_and_which(house: House, amina: Visitor) -> None:
    """200 comes with the time and the revision, and by then the records hold the words."""
    entry = amina.start()
    reply = amina.save(entry, KEY, "We met – 🙂")
    assert reply.status == 200
    assert reply.json["revision"] == 1
    assert datetime.fromisoformat(reply.json["saved_at"]).tzinfo is not None
    assert read(house, "amina", entry) == {KEY: "We met – 🙂"}
    assert "We met – 🙂" in amina.get(f"entries/{entry}").text


def test_signed_out_is_json_never_a_redirect(nobody: Visitor, entry: str) -> None:
    """A page whose session has ended is told so in JSON, not sent to a sign-in page."""
    reply = nobody.put(address(entry), body())
    assert reply.status == 401
    assert reply.json == {"problem": "Sign in again. Your words are still on the page."}
    assert reply.location == ""


def test_a_page_made_for_somebody_else_saves_nothing(
    house: House, amina: Visitor, sue: Visitor, entry: str
) -> None:
    """When another person has signed in in the same browser, the old page's save is refused."""
    before = read(house, "amina", entry)
    for person in (sue.person, ""):
        reply = amina.put(address(entry), body(), **{"X-Cascade-Person": person})
        assert reply.status == 401
        assert set(reply.json) == {"problem"}
    assert read(house, "amina", entry) == before


@pytest.mark.parametrize("token", ["", "0" * 32, "2|00000000|" + "0" * 32 + "|1700000000"])
def test_without_the_cross_site_token_nothing_is_saved(
    house: House, amina: Visitor, entry: str, token: str
) -> None:
    """A save that another site could have caused is refused with 403, as JSON."""
    before = read(house, "amina", entry)
    asked = amina.asked(entry, KEY)
    reply = amina.put(address(entry), body(asked=asked), **{"X-XSRFToken": token})
    assert reply.status == 403
    assert set(reply.json) == {"problem"}
    assert read(house, "amina", entry) == before


@pytest.mark.parametrize("who", ["sue", "beth"])
def test_what_is_not_yours_is_not_there(house: House, amina: Visitor, entry: str, who: str) -> None:
    """Another person's entry, one that does not exist and an unknown question are one answer."""
    other = Visitor(house, who)
    asked = amina.asked(entry, KEY)
    mine = (
        other.start("supervisor/our-supervision", coach=house.people["amina"].id)
        if (who == "sue")
        else other.start()
    )
    replies = [
        other.put(address(entry), body(asked=asked)),
        other.put(address("0" * 32), body(asked=asked)),
        other.put(address(mine, "no-such-key"), body(asked=asked)),
        other.put(address(mine), body(asked="f" * 16)),
    ]
    assert [r.status for r in replies] == [404] * 4
    assert len({r.body for r in replies}) == 1
    assert KEY not in read(house, "amina", entry)


def test_a_conflict_brings_both_texts(house: House, amina: Visitor) -> None:
    """409 holds what the other page saved and what this one sent; both are kept."""
    entry = amina.start()
    amina.save(entry, KEY, "from the phone", writer="phone")
    reply = amina.save(entry, KEY, "from the laptop", writer="laptop")
    assert reply.status == 409
    told = reply.json
    assert (told["yours"], told["theirs"]) == ("from the laptop", "from the phone")
    assert read(house, "amina", entry) == {KEY: "from the phone"}
    chosen = amina.save(entry, KEY, "both", writer="laptop", base=told["revision"], counter=2)
    assert chosen.status == 200
    assert read(house, "amina", entry) == {KEY: "both"}


def test_a_lost_reply_is_no_conflict(amina: Visitor) -> None:
    """Sending the same save again is acknowledged with the same revision and time."""
    entry = amina.start()
    first = amina.save(entry, KEY, "once")
    assert amina.save(entry, KEY, "once").json == first.json


@pytest.mark.parametrize("kilobytes", [501, 1500])
def test_too_much_is_refused(house: House, amina: Visitor, entry: str, kilobytes: int) -> None:
    """A body that no question could hold is refused with 413, in JSON."""
    before = read(house, "amina", entry)
    asked = amina.asked(entry, KEY)
    reply = amina.put(address(entry), body(asked=asked, value="x" * kilobytes * 1000))
    assert reply.status == 413
    assert set(reply.json) == {"problem"}
    assert read(house, "amina", entry) == before


@pytest.mark.parametrize(
    ("key", "value"),
    [("way", "other"), ("way", {"ten": 1}), ("way", ["ten"]), (KEY, 7), (KEY, "x" * 100_001)],
)
def test_an_answer_that_cannot_be_is_a_problem(
    amina: Visitor, entry: str, key: str, value: object
) -> None:
    """422 says in one sentence what to do."""
    reply = amina.save(entry, key, value)
    assert reply.status == 422
    assert reply.json["problem"].endswith(".")


@pytest.mark.parametrize(
    "sent",
    [b"", b"{", b"[]", b"null", b'"text"', b"\xff\xfe", b"{}", b'{"value": 1}',
     b'{"value":"x","base":"many","writer":"w","counter":1,"asked":"a"}',
     b'{"value":"x","base":1e400,"writer":"w","counter":1,"asked":"a"}',
     b'{"value":"x","base":0,"writer":"w","counter":Infinity,"asked":"a"}'],
)  # fmt: skip
def test_what_cannot_be_read_is_a_problem(amina: Visitor, entry: str, sent: bytes) -> None:
    """A body that is no save is refused with 422; it is the page's mistake, not the server's."""
    reply = amina.put(address(entry), sent)
    assert reply.status == 422
    assert set(reply.json) == {"problem"}


@pytest.mark.parametrize(
    "more",
    [{"counter": 10**30}, {"base": -(10**30)}, {"writer": "\ud800"}, {"writer": ""},
     {"asked": "\ud800"}],
)  # fmt: skip
def test_no_number_or_name_breaks_the_server(
    amina: Visitor, entry: str, more: dict[str, object]
) -> None:
    """Whatever a changed page sends for its counters and names, it gets an answer, not a 500."""
    asked = amina.asked(entry, KEY)
    reply = amina.put(address(entry), body(**{"asked": asked, "value": "x", **more}))
    assert reply.status in (404, 422)
    assert set(reply.json) == {"problem"}


def test_while_the_records_cannot_be_written(house: House, amina: Visitor) -> None:
    """503 says when to try again; nothing was kept, and the retry succeeds."""
    entry = amina.start()
    asked = amina.asked(entry, KEY)
    other = sqlite3.connect(house.folder.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        reply = amina.save(entry, KEY, "marker-503", asked=asked)
    finally:
        other.execute("ROLLBACK")
        other.close()
    assert reply.status == 503
    assert int(reply.headers["Retry-After"]) > 0
    assert set(reply.json) == {"problem"}
    assert read(house, "amina", entry) == {}
    assert amina.save(entry, KEY, "marker-503", asked=asked).status == 200
    assert "marker-503" not in house.log.read_text()


def test_a_question_that_is_not_kept_is_not_there(house: House, amina: Visitor) -> None:
    """An answer to a question that stores nothing cannot be saved by asking nicely."""
    entry = amina.start()
    with house.records() as records:
        before = records.entries.answers(house.people["amina"].id, entry)
    reply = amina.put(address(entry, "safety"), body(value="yes"))
    assert reply.status == 404
    assert read(house, "amina", entry) == before == {}


class TestWithoutScripts:
    def form(self, visitor: Visitor, entry: str, **answers: str) -> dict[str, str]:
        """The fields of the page as it was sent, with these answers typed into it."""
        import re

        page = visitor.get(f"entries/{entry}").text
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
        return {**hidden, **answers}

    def test_the_page_saves_as_a_form(self, house: House, amina: Visitor) -> None:
        """Without scripts the page is one form: posted, it saves and goes on to the check page."""
        entry = amina.start()
        fields = self.form(amina, entry, **{KEY: "typed", "way": "ten", "go": "check"})
        reply = amina.post(f"entries/{entry}", fields)
        assert reply.status == 302
        assert reply.location.endswith(f"/entries/{entry}/check")
        assert read(house, "amina", entry) == {KEY: "typed", "way": "ten"}

    def test_a_problem_stands_beside_its_question(self, house: House, amina: Visitor) -> None:
        """422 shows the page again, with the problem, and with what was typed still in it."""
        entry = amina.start()
        fields = self.form(amina, entry, **{"way": "other", KEY: "kept all the same"})
        reply = amina.post(f"entries/{entry}", fields)
        assert reply.status == 422
        assert "There is a problem" in reply.text
        assert read(house, "amina", entry) == {KEY: "kept all the same"}

    def test_a_conflict_shows_both(self, house: House, amina: Visitor) -> None:
        """A form posted over a newer text shows both, and overwrites neither."""
        entry = amina.start()
        fields = self.form(amina, entry, **{KEY: "from the old page"})
        amina.save(entry, KEY, "from the phone")
        reply = amina.post(f"entries/{entry}", fields)
        assert reply.status == 422
        assert "from the old page" in reply.text
        assert "from the phone" in reply.text
        assert read(house, "amina", entry) == {KEY: "from the phone"}

    def test_a_form_made_for_somebody_else_saves_nothing(
        self, house: House, amina: Visitor, sue: Visitor
    ) -> None:
        """A form that stood open while somebody else signed in is refused."""
        entry = amina.start()
        fields = self.form(amina, entry, **{KEY: "words", "person": sue.person})
        assert amina.post(f"entries/{entry}", fields).status == 401
        assert read(house, "amina", entry) == {}


def test_saving_never_waits_behind_pages_that_are_being_drawn() -> None:
    """Every thread that draws pages is busy; what somebody wrote has threads of its own."""
    busy = threading.Event()
    serving = Serving(None, None, None, None, "")  # type: ignore[arg-type]

    async def story() -> str:
        drawing = [serving.work(busy.wait, 30) for _ in range(2 * THREADS)]
        try:
            return await asyncio.wait_for(serving.save(lambda: "saved"), 20)
        finally:
            busy.set()
            await asyncio.gather(*drawing)

    assert asyncio.run(story()) == "saved"
