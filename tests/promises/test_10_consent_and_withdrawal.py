"""10. Nothing is kept before you say yes, and taking it back is as easy."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from cascade_tools.errors import NotAccepted
from cascade_tools.model.consent import GROUP_RESULTS, KEEP, version_of
from cascade_tools.model.people import Role
from cascade_tools.records.consents import newest
from cascade_tools.records.tables import Row
from tests.living import PASSPHRASE, House
from tests.records.small import WHAT, Small
from tests.server.visitor import Visitor

FACTS = {"person", "role", "sign_in", "invitation", "attempt", "consent", "pair", "session"}
BELOW = "leader/going-below-the-surface"


@pytest.fixture
def nia(house: House) -> Iterator[Visitor]:
    """A leader who was invited and has decided nothing yet."""
    with house.records() as records:
        if (person := records.people.find("Nia Newfield")) is None:
            person = records.people.add("Nia Newfield", [Role.LEADER])
            records.signing_in.accept(records.signing_in.invite(person.id, "a test"), PASSPHRASE)
    house.people["nia"] = person
    yield Visitor(house, "nia")


def stored(house: House, person_id: str) -> dict[str, int]:
    """How many rows of each table name this person, but for what signing in itself takes."""
    found = {}
    with house.records() as records, records.store.database.reading() as s:
        for table in Row.metadata.sorted_tables:
            rows = s.execute(table.select()).all()
            count = sum(person_id in {v for v in row if isinstance(v, str)} for row in rows)
            if count and table.name not in FACTS:
                found[table.name] = count
    return found


def choose(visitor: Visitor, *choices: str) -> int:
    return visitor.post("welcome", dict.fromkeys(choices, "yes")).status


def test_nothing_is_stored_before_a_yes(house: House, nia: Visitor) -> None:
    """Home leads to Welcome; every workbook can be read and printed; starting one, writing and
    asking for a session are refused with a sentence, and the records hold nothing of it."""
    assert nia.get("").location.endswith("/welcome")
    assert "Nothing you write is kept here" in nia.get(f"workbooks/{BELOW}").text
    assert nia.get(f"workbooks/{BELOW}/plain").status == 200
    refused = nia.post(f"workbooks/{BELOW}")
    assert refused.status == 422
    assert "Nothing is kept, because you have not said yes to it." in refused.text
    assert stored(house, nia.person) == {}


def test_no_is_an_answer_and_is_explained(house: House, nia: Visitor) -> None:
    """Somebody who ticks nothing comes to home all the same, is told what it means and where to
    change it; nothing is kept but the decision."""
    assert choose(nia) == 302
    home = nia.get("")
    assert home.status == 200
    assert "Nothing you write is kept here" in home.text
    assert nia.post(f"workbooks/{BELOW}").status == 422
    assert stored(house, nia.person) == {}


def test_yes_keeps_and_taking_it_back_stops(house: House, nia: Visitor) -> None:
    """After a yes answers are kept.  After it is taken back, in one step on the same page, nothing
    new is: a page that is still open says so beside the box, and what was there stays."""
    assert choose(nia, KEEP) == 302
    entry = nia.start(BELOW)
    assert nia.save(entry, "presenting", "before").status == 200
    assert choose(nia) == 302
    late = nia.save(entry, "presenting", "after", base=1, counter=2)
    assert late.status == 422
    assert late.json["problem"].startswith("Nothing is kept")
    page = nia.get(f"entries/{entry}")
    assert "Nothing you write is kept here" in page.text
    form = dict(re.findall(r'name="((?:asked|base):presenting)" value="([0-9a-f]+)"', page.text))
    posted = nia.post(
        f"entries/{entry}",
        {**form, "person": nia.person, "writer": "form", "presenting": "typed without scripts"},
    )
    assert posted.status == 422
    assert "typed without scripts" in posted.text
    with house.records() as records:
        assert records.entries.answers(nia.person, entry)["presenting"].value == "before"
    assert choose(nia, KEEP) == 302
    assert nia.save(entry, "presenting", "again", base=1, counter=3).status == 200


def test_the_gate_itself_refuses(small: Small) -> None:
    """Whatever page asks, the records keep no entry, answer or copy of somebody who said no."""
    leo, records = small.id("leo"), small.records
    entry = small.entry("leo", BELOW)
    small.write(entry, "before", WHAT, by="leo")
    records.consents.decide(leo, KEEP, False, "1")
    with pytest.raises(NotAccepted):
        small.write(entry, "after", WHAT, by="leo")
    with pytest.raises(NotAccepted):
        records.entries.start(leo, "leader/before-our-session")
    assert records.entries.answers(leo, entry.id)["what-happened"].value == "before"


def test_a_new_version_asks_again(house: House, nia: Visitor) -> None:
    """When the notice or whoever runs the computer changes, everybody is asked again, with what
    they had chosen before; until then their answers go on being kept."""
    choose(nia, KEEP, GROUP_RESULTS)
    assert nia.get("").status == 200
    before = version_of("1", "Testfield Trust", "Somebody Else, Testfield Trust")
    assert before != house.notice
    with house.records() as records:
        records.consents.decide(nia.person, KEEP, True, before)
    asked = nia.get("")
    assert asked.location.endswith("/welcome")
    page = nia.get("welcome").text
    assert "This has changed since you read it." in page
    assert len(re.findall(r'value="yes"[^>]* checked', page)) == 2
    entry = nia.start(BELOW)
    assert nia.get(f"entries/{entry}").status == 200
    choose(nia, KEEP)
    assert nia.get("").status == 200


def test_each_decision_is_kept_with_its_version_and_time(small: Small) -> None:
    """The record shows each choice, yes or no, when, and under which version; saying the same
    again adds nothing, and no decision is ever replaced."""
    leo, consents = small.id("leo"), small.records.consents
    for given, version in ((True, "1"), (False, "1"), (False, "1"), (True, "2")):
        small.clock.later(minutes=1)
        consents.decide(leo, GROUP_RESULTS, given, version)
    history = [c for c in consents.history(leo) if c.choice == GROUP_RESULTS]
    assert [(c.given, c.version) for c in history] == [(True, "1"), (False, "1"), (True, "2")]
    assert [c.at.minute for c in history] == [1, 2, 4]
    with small.records.store.database.reading() as s:
        row = newest(s, leo, GROUP_RESULTS)
        assert row is not None
        assert row.given


def test_welcome_takes_a_minute(house: House, visit) -> None:  # type: ignore[no-untyped-def]
    """In a browser: three lines and two unticked boxes, the rest folded away and complete; the
    questions that would be kept are all there, and who runs the computer is named."""
    with house.records() as records:
        person = records.people.add("Nell Newfield", [Role.LEADER])
        records.signing_in.accept(records.signing_in.invite(person.id, "a test"), PASSPHRASE)
    house.people["nell"] = person
    page = visit(house, None)
    page.goto(house.url + "sign-in")
    page.get_by_label("Your name").fill("Nell Newfield")
    page.get_by_label("Your passphrase").fill(PASSPHRASE)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Welcome")
    boxes = page.get_by_role("checkbox")
    expect(boxes).to_have_count(2)
    for box in boxes.all():
        expect(box).not_to_be_checked()
    for fold in page.locator("details").all():
        assert fold.get_attribute("open") is None
    page.get_by_text("What we keep, question by question").click()
    expect(page.locator("table")).to_contain_text("Only you, always")
    page.get_by_text("Who can see what", exact=True).click()
    expect(page.locator("main")).to_contain_text("Wren Testfield, Testfield Trust")
    page.get_by_text("Yes, keep my answers here").click()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hello Nell")
