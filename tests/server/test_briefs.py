"""Supervision briefs on the pages: whose they are, how a file is made, and when it goes."""

import io
import re
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from pypdf import PdfReader

from cascade_tools.model.brief import GETTING_READY
from cascade_tools.server.briefs import KEPT_FOR, Making, Makings
from tests.browser import steps
from tests.living import House
from tests.server.visitor import Reply, Visitor

NOWHERE = "0" * 32
TOKEN = re.compile(r'name="_xsrf" value="[^"]+"')


@pytest.fixture(scope="module")
def sue(house: House) -> Visitor:
    return Visitor(house, "sue")


@pytest.fixture(scope="module")
def amina(house: House) -> str:
    return house.people["amina"].id


def prepared(house: House, words: str) -> str:
    """Amina's new *Getting ready*, shared with Sue; the snapshot's id."""
    with house.records() as records:
        author = house.people["amina"].id
        entry = records.entries.start(author, GETTING_READY, again=True)
        asked = steps.open_shelf().get(GETTING_READY).prompt("want")
        assert asked is not None
        records.entries.save(author, entry.id, asked, words, base=0, writer="t", counter=1)
    return steps.handed(house, "amina", entry.id)


def stop(house: House, snapshot: str) -> None:
    author = house.people["amina"].id
    with house.records() as records:
        (share,) = [s for s in records.sharing.of(author) if s.snapshot_id == snapshot]
        records.sharing.stop(author, share.id)


def make(sue: Visitor, *coaches: str, kind: str = "pdf") -> Reply:
    """Ask for a file, and look again until it is there: what a page without scripts does."""
    reply = sue.post("briefs", {"coach": list(coaches), "kind": kind})
    assert (reply.status, reply.location.rpartition("/")[2]) == (303, "making"), reply.text
    page = sue.get("briefs/making")
    while "<progress" in page.text:
        page = sue.get("briefs/making")
    return page


def test_a_brief_is_for_the_coachs_supervisor_alone(house: House, sue: Visitor, amina: str) -> None:
    """The pages are not there for anybody but supervisors; a coach's brief is not there for any
    other supervisor, and neither is a file somebody else made."""
    assert sue.get(f"briefs/{amina}").status == 200
    assert "Save the PDF" in make(sue, amina).text
    for who in ("amina", "beth", "leo", "pat", "eve"):
        visitor = Visitor(house, who)
        for path in ("briefs", "briefs/making", "briefs/file", f"briefs/{amina}"):
            assert visitor.get(path).status == 404, (who, path)
        assert visitor.post("briefs", {"coach": amina, "kind": "pdf"}).status == 404
    tom = Visitor(house, "tom")
    hers, none = tom.get(f"briefs/{amina}"), tom.get(f"briefs/{NOWHERE}")
    assert hers.status == none.status == 404
    assert TOKEN.sub("", hers.text) == TOKEN.sub("", none.text)
    assert tom.post("briefs", {"coach": amina, "kind": "pdf"}).status == 404
    assert tom.get("briefs/file").status == 404
    assert "Nothing is being made" in tom.get("briefs/making").text
    assert Visitor(house).get("briefs").status == 302


def test_a_file_is_made_and_saved_without_scripts(house: House, sue: Visitor, amina: str) -> None:
    """Choose, wait, save: the file has no name of anybody in its own name, no browser keeps it, and
    it is what was asked for."""
    prepared(house, "Kingfisher under the bridge")
    assert "1 coach, a page each" in make(sue, amina).text
    pdf = sue.get("briefs/file")
    assert pdf.headers["Content-Type"] == "application/pdf"
    assert pdf.headers["Cache-Control"] == "no-store"
    assert pdf.headers["Content-Disposition"] == 'attachment; filename="supervision-brief.pdf"'
    assert "Kingfisher under the bridge" in PdfReader(io.BytesIO(pdf.body)).pages[0].extract_text()
    assert "Save the Word file" in make(sue, amina, kind="word").text
    word = sue.get("briefs/file")
    assert word.headers["Content-Disposition"].endswith('filename="supervision-brief.docx"')
    with zipfile.ZipFile(io.BytesIO(word.body)) as whole:
        assert "Kingfisher under the bridge" in whole.read("word/document.xml").decode()


def test_a_file_is_handed_out_only_while_all_of_it_is_shared(
    house: House, sue: Visitor, amina: str
) -> None:
    """A share that is stopped after a file was made, and before it is saved, takes the file with
    it; the next one is made without those words."""
    snapshot = prepared(house, "Dipper in the beck")
    make(sue, amina)
    assert b"%PDF" in sue.get("briefs/file").body
    stop(house, snapshot)
    over = sue.get("briefs/file")
    assert over.status == 400
    assert "no longer shared" in over.text
    assert sue.get("briefs/file").status == 404
    make(sue, amina)
    text = PdfReader(io.BytesIO(sue.get("briefs/file").body)).pages[0].extract_text()
    assert "Dipper" not in text


def test_a_shared_computer_is_asked_about_first(house: House, amina: str) -> None:
    """Where other people use the computer, a page says that the file stays there; it is saved only
    at a second press."""
    shared = Visitor(house)
    with house.records() as records:
        token = records.signing_in.sign_in(house.people["sue"].id, shared=True)
    shared.cookies["cascade"] = token
    make(shared, amina)
    asked = shared.get("briefs/file")
    assert "Content-Disposition" not in asked.headers
    assert "The file stays on it when you have signed out" in asked.text
    assert shared.get("briefs/file?sure=yes").body.startswith(b"%PDF")


def test_what_cannot_be_typeset_is_said(house: House, sue: Visitor, amina: str) -> None:
    """A letter that no shipped font has stops the PDF with a sentence that names Word, and quotes
    nothing; the Word file has it."""
    snapshot = prepared(house, "Heron and 你好")
    page = make(sue, amina)
    assert "Choose Word" in page.text
    assert "Heron" not in page.text
    assert sue.get("briefs/file").status == 404
    assert "Save the Word file" in make(sue, amina, kind="word").text
    with zipfile.ZipFile(io.BytesIO(sue.get("briefs/file").body)) as whole:
        assert "Heron and 你好" in whole.read("word/document.xml").decode()
    stop(house, snapshot)


def test_nobody_and_nothing_chosen(house: House, sue: Visitor, amina: str) -> None:
    """Without a coach, or with a kind of file there is not, the page comes back and says so; a
    coach of somebody else's is not there."""
    for fields in ({"kind": "pdf"}, {"coach": amina, "kind": "exe"}):
        reply = sue.post("briefs", fields)
        assert reply.status == 422
        assert "Choose at least one coach" in reply.text
    assert sue.post("briefs", {"coach": house.people["beth"].id, "kind": "pdf"}).status == 404


def test_on_screen_is_all_of_it_and_it_is_told(house: House, sue: Visitor, amina: str) -> None:
    """The page shows every answer with the way to its sheet, as text alone; the author's log says
    how it was read, and the page asks whether it may still stand there."""
    words = '<script>alert("Wren")</script> ' + "long " * 2000
    snapshot = prepared(house, words)
    page = sue.get(f"briefs/{amina}").text
    assert "&lt;script&gt;alert(&#34;Wren&#34;)" in page
    assert page.count("long ") == 2000
    assert f"/shared/{snapshot}" in page
    assert f"{snapshot}" in page.split('data-needs="')[1].split('"')[0]
    assert "Wren" not in page.split("</title>")[0]
    with house.records() as records:
        line = records.read_log.of(amina)[0]
    assert (line.reader, line.way) == (house.people["sue"].name, "brief")
    assert "before you meet" in Visitor(house, "amina").get("me").text
    stop(house, snapshot)


def test_a_file_goes_after_a_few_minutes() -> None:
    """What was made is let go when its time is up, whether or not anybody saved it; so is what
    was made before it."""
    makings, now = Makings(), datetime.now(UTC)
    makings._by_person["sue"] = first = Making("pdf", 1, now)
    assert makings.find("sue", now + KEPT_FOR) is first
    assert makings.find("tom", now) is None
    assert makings.find("sue", now + KEPT_FOR + timedelta(seconds=1)) is None
    assert makings.find("sue", now) is None
    makings._by_person["sue"] = second = Making("pdf", 1, now)
    makings.drop("sue", first)
    assert makings.find("sue", now) is second
