"""A module of the tool-kit and the workbook of an event, page by page, without a script."""

import re

from tests.content.test_training_workbooks import ACTIONS, CAPTURE, LETTING_GO
from tests.living import House
from tests.server.visitor import Reply, Visitor


def open_pages(reply: Reply) -> list[str]:
    """The titles of the pages that somebody sees, in order."""
    assert reply.status == 200, reply.text
    shown = re.findall(
        r'<section class="(page[^"]*)" .*?<h2 [^>]*>(.*?)</h2>', reply.text, re.DOTALL
    )
    return [title for names, title in shown if "closed" not in names]


def test_a_module_is_played_to_its_end_and_ends_where_people_work(amina: Visitor) -> None:
    """Each decision opens the page of what came of it and no other; the last page says whom to ask
    about one's own policy, and when to look again.  No other workbook ends like that."""
    assert "About 15 minutes" in amina.get(f"workbooks/{ACTIONS}").text
    entry = amina.start(ACTIONS)
    before = open_pages(amina.get(f"entries/{entry}"))
    for key, code, title in (
        ("coats", "who", "It goes very quiet"),
        ("soon", "two", "Agnes would love to"),
        ("copy", "everyone", "Thirty-one people have it"),
    ):
        assert amina.save(entry, key, code).status == 200
        now = open_pages(amina.get(f"entries/{entry}"))
        assert [page for page in now if page not in before] == [title]
        before = now
    page = amina.get(f"entries/{entry}").text
    last = page[page.index('id="page-one-action"') :]
    assert "no policy is linked here yet" in last
    assert page.count("Look at this again by 30 November 2027.") == 1
    other = amina.get(f"entries/{amina.start(LETTING_GO)}").text
    assert "module-end" not in other and "only you, always" in other.lower()


def test_whoever_leads_finds_their_events_beside_what_to_prepare(house: House) -> None:
    """Each event with how it stands, and the way to begin one; a coach has no such workbook."""
    pat = Visitor(house, "pat")
    entry = pat.start(CAPTURE)
    assert f'<a href="{house.base}knowledge">Begin an event</a>' in pat.get(f"entries/{entry}").text
    with house.records() as records:
        lead = house.people["pat"].id
        id = records.knowledge.begin(lead, "Ends of the <first> cohort", "Care homes")
        page = pat.get(f"entries/{entry}").text
        assert f'<a href="{house.base}knowledge/{id}">Ends of the &lt;first&gt; cohort</a>' in page
        assert "Not open yet." in page and "Begin another event" in page
        records.knowledge.open_round(lead, id, 1)
        assert "Open, round 1." in pat.get(f"entries/{entry}").text
        records.knowledge.close(lead, id)
        assert "Closed, and the note is still to come." in pat.get(f"entries/{entry}").text
    assert Visitor(house, "amina").get(f"workbooks/{CAPTURE}").status == 404
