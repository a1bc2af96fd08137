"""Two questions at the end of every workbook: they go to the programme without a name."""

import re

import pytest
from sqlalchemy import func, select

from cascade_tools.records.tables import FeedbackRow
from tests.living import House
from tests.server.test_pages import is_a_page
from tests.server.visitor import Visitor

COACHING = "workbooks/coach/after-i-coach/feedback"
PUBLIC = "workbooks/leader/is-this-for-me/feedback"


@pytest.fixture(scope="module")
def pat(house: House) -> Visitor:
    return Visitor(house, "pat")


def given(house: House) -> int:
    with house.records() as records, records.store.database.reading() as s:
        return s.scalar(select(func.count()).select_from(FeedbackRow)) or 0


def test_it_is_given_and_read_without_a_name(house: House, amina: Visitor, pat: Visitor) -> None:
    """The lead reads the words and the counts; nothing anywhere says whose they are."""
    reply = amina.post(COACHING, {"useful": "partly", "change": "marker-change"})
    assert reply.status == 302
    is_a_page(amina.get(reply.location), 200)
    assert "Thank you" in amina.get(reply.location).text
    seen = pat.get("sent").text
    assert "marker-change" in seen and "Partly: 1" in seen
    assert house.people["amina"].name not in seen
    columns = {c.name for c in FeedbackRow.__table__.columns}
    assert columns == {"id", "workbook", "useful", "on", "key_id", "sealed"}
    with house.records() as records, records.store.database.reading() as s:
        assert all(b"marker" not in row.sealed for row in s.scalars(select(FeedbackRow)))
    assert "marker-change" not in house.log.read_text()


def test_only_those_who_lead_the_programme_read_it(amina: Visitor, sue: Visitor) -> None:
    """Who gave it, and who is spoken of, do not find it either."""
    for visitor in (amina, sue):
        is_a_page(visitor.get("sent"), 404)


def test_one_question_is_enough_and_none_sends_nothing(house: House, amina: Visitor) -> None:
    """Both are optional; an empty form is no answer."""
    before = given(house)
    assert amina.post(COACHING, {"useful": "yes"}).status == 302
    assert amina.post(COACHING, {"change": "shorter"}).status == 302
    assert given(house) == before + 2
    is_a_page(amina.post(COACHING, {"useful": "", "change": "  "}), 400)
    assert given(house) == before + 2


def test_what_is_not_an_answer_is_refused(house: House, amina: Visitor) -> None:
    """Nothing but the three answers, and no book."""
    before = given(house)
    is_a_page(amina.post(COACHING, {"useful": "brilliant"}), 400)
    reply = amina.post(COACHING, {"useful": "yes", "change": "x" * 5001})
    is_a_page(reply, 400)
    assert "5,000" in reply.text
    assert given(house) == before


def test_it_is_for_those_who_have_the_workbook(house: House, sue: Visitor, nobody: Visitor) -> None:
    """A workbook that is not yours is not there; signed out, the door comes first."""
    before = given(house)
    is_a_page(sue.post(COACHING, {"useful": "no"}), 404)
    assert nobody.post(COACHING, {"useful": "no"}).location.startswith("/sign-in")
    assert given(house) == before


def test_the_public_workbook_takes_it_from_anybody_though_not_without_end(house: House) -> None:
    """Twenty an hour from one place, and then a plain sentence."""
    visitor, before = Visitor(house), given(house)
    for _ in range(20):
        assert visitor.post(PUBLIC, {"useful": "yes"}).status == 302
    reply = visitor.post(PUBLIC, {"useful": "yes"})
    is_a_page(reply, 400)
    assert "Try again later" in reply.text
    assert given(house) == before + 20


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example", "/\\x"])
def test_the_way_back_never_leaves(amina: Visitor, back: str) -> None:
    """A link made by somebody else does not lead elsewhere."""
    reply = amina.post(COACHING, {"useful": "yes", "back": back})
    page = amina.get(reply.location).text
    assert re.search(r'<p class="alone"><a href="/">Back</a>', page)


def test_the_way_back_is_the_page_one_came_from(amina: Visitor) -> None:
    """Whoever gives it from their own sheet comes back there."""
    entry = amina.start()
    reply = amina.post(COACHING, {"useful": "yes", "back": f"/entries/{entry}/check"})
    assert f'<a href="/entries/{entry}/check">Back</a>' in amina.get(reply.location).text
